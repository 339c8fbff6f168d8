"""Lemma 11 as a whole: one step of training writes a copy of Q or Q', no other does, and every pass after it reads it.

Composed of what training does to a copy (``lemma11.training``) and of what the digits read in each pass
(``lemma11.readout``). Proved here: ``lemma11.memory``, the top statement, where Definition 2's tau is the precision of
the gradients; without that it is false (``lemma11.precision.printed``).
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, within
from constructions.foundations.network import Fragment
from constructions.foundations.terms import INTEGER
from constructions.networks.budget import error_bounds
from constructions.networks.queries import MINIMAL, STRONG, Setting, query_graph
from verify.claims.networks.queries.copies import CopyOfSetting, names
from verify.claims.networks.queries.training import EDGES, CopyTraining, any_path, moved, rest_of, written
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.use import Used
from verify.obligations.verdict import Verdict

Bounds = tuple[Fraction, Fraction]
STEPS, MADE = "over the steps reached", "over all that is made reached"
"""What the moments of training and of reading are called."""


def moment_of_training(copy: CopyOfSetting, s: Number, case: Case) -> State:
    """Any moment of the training of a copy that may be active in step s only."""
    used = case.use(f"lemma11.training.{names(copy.setting, copy.prime)}", rho=copy.rho, a=copy.setting.resting, s=s)
    case.assume(used.premises, label=f"a moment of the training of {_name(copy)}")
    state = ("t", "fm", "ft", *map(moved, EDGES), *map(written, EDGES))
    return {name: used.values[f"{STEPS}: {name}"] for name in state}


def pass_at(copy: CopyOfSetting, m: Number, tau: Number, case: Case) -> Used:
    """Any moment of a pass in which v0 -> v1 has risen by m multiples of rho."""
    shared = {"tau": tau, "rho": copy.rho, "rate": copy.setting.rate, "a": copy.setting.resting}
    place = case.function("2^", 1, takes=(INTEGER,), gives=INTEGER)
    used = case.use("lemma11.readout", **shared, **{"n": case.integer("n"), "2^": place, f"{MADE}: m": m})
    case.assume(used.premises, label=f"a moment of a pass of {_name(copy)}")
    return used


def _name(copy: CopyOfSetting) -> str:
    return "Q'" if copy.prime else "Q"


def adds(graph: Fragment, copy: CopyOfSetting, wanted: Number, vc: int, case: Case, given: Formula, when: str) -> None:
    """State what a copy adds to the output while vc is 0 or 2."""
    outside = rest_of(copy) if vc == 0 else case.real(f"z of {_name(copy)}")
    run = case.run(graph, {"vc": Fraction(vc)}, label=f"{_name(copy)} {when}", outside={"v4": outside})
    added = graph.weight("v3", "v4") * run.out["v3"]
    case.show(f"{_name(copy)} {when}: what it adds to v4", added == wanted, given=given)


def one_copy(copy: CopyOfSetting, bounds: Bounds, tau: Number, case: Case) -> None:
    """What Lemma 11 says of a copy of Q, or of Q'."""
    name, rho, s = _name(copy), copy.rho, case.integer("s")
    at = moment_of_training(copy, s, case)
    training = CopyTraining(copy, s)
    before, m = at["t"] <= s, training.record(at)
    case.show(f"{name}: as built up to its step", every(*(at[moved(edge)] == 0 for edge in EDGES)), given=before)
    after = every(*(at[moved(edge)] == at[written(edge)] for edge in EDGES))
    case.show(f"{name}: as its step left it from then on", after, given=negation(before))
    share = -copy.setting.share if copy.prime else copy.setting.share
    adds(copy.graph, copy, share, 0, case, before, "active")
    adds(copy.graph, copy, Fraction(0), 2, case, before, "idle before")
    adds(training.graph(at), copy, Fraction(0), 2, case, negation(before), "idle after")
    reading = pass_at(copy, m, tau, case)
    read, digit = reading.values[f"{MADE}: upper"], reading.values[f"{MADE}: digit"]
    levels, target = reading.values["2^"](case.integer("n")), at["fm"] + copy.setting.offset * at["ft"] * rho
    flat = RAMP.strictly_flat(reading.values[f"{MADE}: pre"])
    case.show(f"{name}: each digit is strictly flat", flat, given=reading.values[f"{MADE}: made"] == 1)
    done = every(digit == 0, levels * rho >= 1)
    case.show(f"{name}: it reads 0 up to its step", read == 0, given=every(done, before))
    late = every(done, negation(before))
    error = read * rho / copy.setting.record_gain - at["fm"]
    case.show(f"{name}: not too low", error >= bounds[0] * rho, given=late)
    case.show(f"{name}: not too high", error <= bounds[1] * rho, given=late)
    ticked = every(late, at["ft"] == 1, levels >= 2)
    case.show(f"{name}: at least 1 if it was active on the whole batch", read >= 1, given=ticked)
    near = within(read * rho / copy.setting.record_gain - target, Fraction(3, 8) / copy.setting.gain * rho)
    case.show(f"{name}: as near as printed if the digits suffice", near, given=every(late, m < levels))


def _both(setting: Setting, bounds: Bounds) -> Callable[[Case], tuple[CopyOfSetting, CopyOfSetting, Bounds]]:
    """Q and Q' as mended, at every precision and resting weight, with the bounds on what is read."""

    def build(case: Case) -> tuple[CopyOfSetting, CopyOfSetting, Bounds]:
        return any_path(setting, False)(case), any_path(setting, True)(case), bounds

    return build


@obligation(
    "lemma11.memory",
    paper="Lemma 11",
    of=_both(MINIMAL, error_bounds(MINIMAL)),
    twin=_both(MINIMAL, (Fraction(-3, 2), Fraction(3, 2))),
)
@obligation(
    "lemma11.memory.strong",
    paper="Lemma 11",
    of=_both(STRONG, error_bounds(STRONG)),
    twin=_both(STRONG, (Fraction(-1), Fraction(1))),
)
def written_once_and_read(subject: tuple[CopyOfSetting, CopyOfSetting, Bounds], case: Case) -> None:
    """Let the precision rho be the number tau of Definition 2, below the setting's bound (1/8 for the minimal repair,
    1/4 for the strong setting). For every resting weight, every number n of digits with 2^n rho >= 1, and any number of
    steps of gradient descent (of step size 2, or 1) on batches of any size with labels 0 and 1, in one step of which,
    step s, Q (or Q') is active on some samples, with the output held: up to step s the copy is as built, adds its share
    to the output while it is active and nothing while it is idle, and its digits read 0. From then on its weights are
    those that step s left, it adds nothing, each digit is strictly flat in each pass, and what they read, over the
    gain and times rho, differs by -3/2 rho to 7/2 rho (-1 rho to 17/8 rho) from the fraction fm of the batch of step s
    on which the copy was active and the output wrong; it is within 3/2 rho (1 rho) of fm + offset rho ft, with ft the
    active fraction, if the record does not need more digits. With ft = 1 and n >= 1 they read at least 1."""
    *copies, bounds = subject
    tau = case.real("tau")
    case.assume(tau == case.real("rho"), label="Definition 2's tau is the precision of the gradients")
    for copy in copies:
        one_copy(copy, bounds, tau, case)


def _one_digit(case: Case) -> tuple[Fragment, Number, Number]:
    """Q with one digit, at any number tau of Definition 2 and any precision rho, both below 1/12."""
    tau, rho = case.real("tau"), case.real("rho")
    case.assume(tau > 0, tau < Fraction(1, 12), rho > 0, rho < Fraction(1, 12))
    return query_graph(MINIMAL, rho=tau, bits=1), rho, MINIMAL.resting


@obligation("lemma11.precision.printed", paper="Lemma 11", of=_one_digit, expect=Verdict.REFUTED, erratum="E49")
def any_precision_is_read(subject: tuple[Fragment, Number, Number], case: Case) -> None:
    """Whatever the precision rho of the gradients is and whatever the number tau of Definition 2, after v0 -> v1 has
    risen by any number of multiples of rho the digit of Q is strictly flat. (As printed, Lemma 11 relates the two
    nowhere.)"""
    graph, rho, resting = subject
    m = case.integer("m")
    case.assume(m >= 0, resting + m * rho <= 2)
    written_graph = graph.with_weight("v0", "v1", resting + m * rho)
    run = case.run(written_graph, {"vc": Fraction(2)}, label="read", outside={"v4": case.real("z")})
    case.show("strictly flat", run.flat("vr0"))
