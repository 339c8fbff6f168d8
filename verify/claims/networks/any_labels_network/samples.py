"""One sample of a copy of either kind in its network: what it adds to the output, and its clipped gradients.

Proved here: ``signed.labels.adds`` and ``signed.labels.sample``, for every c between 0 and 1/2.
"""

from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.networks.memory import absolute
from constructions.networks.signed_memory import SIDES, moving
from verify.claims.networks.batch_network.samples import (
    RECORDS,
    CopyInNetwork,
    as_built,
    driven_copy,
    named,
    within_bounds,
)
from verify.claims.networks.signed_memory.still import PAPER
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

KINDS = ("steep", "plain")


def either_kind(case: Case) -> tuple[Number, Number, Formula]:
    """Any c between 0 and 1/2, and the path gain of a copy: 1/c, of a steep one, or 1, of a plain one."""
    held, gain = case.real("c"), case.real("gain")
    case.assume(held > 0, 2 * held < 1, some(gain * held == 1, gain == 1), label="a copy of either kind")
    steep = every(gain * held == 1)
    case.lemma("a steep gain is above 2", implies(steep, gain > 2))
    return held, gain, steep


def may_be_still(copy: CopyInNetwork, held: Number, total: Number, case: Case) -> None:
    """Use what is proved of weights of either kind that a step can leave, where all edges bring ``total``."""
    off = every(within_bounds(copy.u, case.real("rho")), negation(RAMP.on_kink(total)))
    for kind in KINDS:
        of_kind = copy.gain * held == 1 if kind == "steep" else copy.gain == 1
        given = {"rho": case.real("rho"), "c": held, "gain": copy.gain, "z": total, **named(copy.u)}
        after = case.use(f"signed.labels.after.{kind}", **given)
        case.lemma(f"still: it may be used, {kind}", implies(every(of_kind, off), after.premises))


@obligation("signed.labels.adds", paper=PAPER, of=lambda case: 1, twin=lambda case: -1)
def what_a_copy_adds(sign: int, case: Case) -> None:
    """Take a copy of either kind in its network at any precision below 4/3, for any c between 0 and 1/2. As built, with
    at most one side active, the plus side adds the path gain to the output and the minus side takes it off, if it is
    active, and else nothing. At weights that a step can leave, idle, it adds nothing."""
    held, gain, _ = either_kind(case)
    copy, plus, minus = driven_copy(case, gain)
    may_be_still(copy, held, Fraction(1, 2), case)
    still = every(negation(some(plus, minus)), within_bounds(copy.u, case.real("rho")))
    for s, active in zip(SIDES, (plus, minus), strict=True):
        mine = sign * gain if s == "p" else -sign * gain
        case.show(f"built: {s}", copy.added(s) == select(active, mine, Fraction(0)), given=as_built(copy.u))
        case.show(f"still: {s}", copy.added(s) == 0, given=still)


@obligation("signed.labels.sample", paper=PAPER, of=lambda case: 1, twin=lambda case: 2)
def a_sample_of_a_copy(times: int, case: Case) -> None:
    """Take a copy of either kind in its network at any precision below 4/3, for any c between 0 and 1/2, and a sample.
    As built, with at most one side active and the output at c if one is: the clipped gradient of v0 -> v1 of a steep
    copy is (-1)^y r, and of a plain one c r on label 0 and -(1 - c) r on label 1, where r is 1 if the plus side is
    active, -1 if the minus side is and 0 if none is; those of all edges are at most 1, those of the two edges into the
    last vertex of a side are alike, and all are 0 if it is idle. At weights that a step can leave, idle, with the
    output off its kinks, all gradients are 0."""
    held, gain, steep = either_kind(case)
    copy, plus, minus = driven_copy(case, gain)
    total, y = case.real("total"), case.real("label")
    case.assume(some(y == 0, y == 1), implies(some(plus, minus), total == times * held))
    case.assume(negation(RAMP.on_kink(total)), label="the output is off its kinks")
    entries, built = copy.entries(total, y), as_built(copy.u)
    one = select(steep, 1 - 2 * y, held - y)
    sign = select(plus, one, select(minus, -one, Fraction(0)))
    case.show("built: v0 -> v1", entries[RECORDS] == sign, given=built)
    bounded = every(*(absolute(entry) <= 1 for entry in entries.values()))
    case.show("built: at most 1", bounded, given=built)
    alike = every(*(entries[moving(s)[2]] == entries[moving(s)[3]] for s in SIDES))
    case.show("built: alike", alike, given=built)
    idle, nothing = negation(some(plus, minus)), every(*(entry == 0 for entry in entries.values()))
    case.show("built: nothing while idle", nothing, given=every(built, idle))
    may_be_still(copy, held, total, case)
    still = every(idle, within_bounds(copy.u, case.real("rho")))
    for of_kind, kind in ((steep, "steep"), (gain == 1, "plain")):
        case.lemma(f"still: nothing, {kind}", implies(every(of_kind, still), nothing))
    case.show("still: nothing", nothing, given=still)
