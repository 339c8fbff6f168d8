"""How many targets fall at one query, whatever the query is.

Proved here: an answer is valid for the targets that are kept (``lowerbound.answer``); at how many of the shifts one
target falls (``lowerbound.one_target.uniform``, ``.shifted``); so how many targets fall at a query, for any number of
bits (``lowerbound.fallen.uniform``, ``.shifted``). The best answer of all has a file of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, within
from constructions.learning.lower_bound import ANSWERINGS, Answering, is_kept, offset_of
from constructions.learning.oracles import is_valid
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction
UNIFORM, SHIFTED = ANSWERINGS["uniform"], ANSWERINGS["shifted"]


def averaged_over(answering: Answering) -> tuple[Fraction, ...]:
    """The shifts over which the number of fallen targets is averaged."""
    return answering.shifts or (F(0),)


def cheaper(answering: Answering) -> Answering:
    """The same with a hundredth less of the cost (the twins')."""
    return replace(answering, cost=answering.cost * F(99, 100))


@obligation(
    "lowerbound.answer",
    paper="Corollary 2",
    of=lambda case: is_kept,
    twin=lambda case: lambda deviation, offset, tau: is_kept(deviation, offset, 2 * tau),
)
def answers_are_valid_for_kept_targets(kept: Callable[..., Formula], case: Case) -> None:
    """For every tau >= 0, every query, every shift and every target: the answer is in [-1, 1]; it is valid for the
    target exactly if the target is kept; and clipping makes no target fall that would be kept without it."""
    uniform, deviation, shift, tau = (case.real(name) for name in ("uniform", "deviation", "shift", "tau"))
    offset = offset_of(uniform, shift, tau)
    case.assume(tau >= 0, within(uniform, F(1)), within(uniform + deviation, F(1)))
    case.show("an answer", within(uniform + offset, F(1)))
    case.show("valid", is_valid(uniform + offset, uniform + deviation, tau) == kept(deviation, offset, tau))
    case.show("clipped", implies(is_kept(deviation, shift * tau, tau), kept(deviation, offset, tau)))


def falls(deviation: Number, shift: Fraction, tau: Number) -> Number:
    """1 if a target falls at a shift without clipping, else 0."""
    return select(is_kept(deviation, shift * tau, tau), F(0), F(1))


@obligation(
    "lowerbound.one_target.uniform",
    paper="Corollary 2",
    of=lambda case: UNIFORM,
    twin=lambda case: cheaper(UNIFORM),
)
@obligation(
    "lowerbound.one_target.shifted",
    paper="Corollary 2",
    of=lambda case: SHIFTED,
    twin=lambda case: cheaper(SHIFTED),
)
def a_target_falls_at_few_shifts(answering: Answering, case: Case) -> None:
    """For every tau > 0 and every deviation d of a target: among the shifts, the part of those at which the target
    falls is at most the cost times (d/tau)^2."""
    ratio, tau, deviation = case.real("ratio"), case.real("tau"), case.real("deviation")
    case.assume(tau > 0, deviation == ratio * tau)
    shifts = averaged_over(answering)
    same = (falls(deviation, shift, tau) == falls(ratio, shift, F(1)) for shift in shifts)
    case.lemma("in units of tau, at each shift", every(*same))
    units = sum((falls(ratio, shift, F(1)) for shift in shifts), F(0))
    case.lemma("in units of tau", units <= len(shifts) * answering.cost * ratio * ratio)
    number = case.real("number")
    case.assume(number == sum((falls(deviation, shift, tau) for shift in shifts), F(0)))
    case.lemma("the same number", number == units)
    case.show("few shifts", number * tau * tau <= len(shifts) * answering.cost * deviation * deviation)


ONE_TARGET = {0: "lowerbound.one_target.uniform", len(SHIFTED.shifts): "lowerbound.one_target.shifted"}


@obligation(
    "lowerbound.fallen.uniform",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: UNIFORM,
    twin=lambda case: cheaper(UNIFORM),
)
@obligation(
    "lowerbound.fallen.shifted",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: SHIFTED,
    twin=lambda case: cheaper(SHIFTED),
)
def few_targets_fall(answering: Answering, case: Case) -> None:
    """For any number of bits, every tau > 0 and every query with values in [-1, 1]: tau^2 times the number of targets
    that fall at the best shift, among any set of targets, is at most the cost. For, summed over the shifts, the numbers
    of fallen targets are at most the cost times the number of shifts, by induction over the targets and Parseval's
    equation; and the best shift is not above the average."""
    shifts = averaged_over(answering)
    tau, here, deviation = case.real("tau"), case.real("number of shifts"), case.real("deviation")
    ratio = case.real("ratio")
    one = case.use(ONE_TARGET[len(answering.shifts)], tau=tau, deviation=deviation, number=here, ratio=ratio)
    case.assume(tau > 0, one.premises, label="one target, and the number of shifts at which it falls")
    each = {f"here, fallen at {shift}": case.real(f"falls at {shift}") for shift in shifts}
    for shift in shifts:
        case.assume(each[f"here, fallen at {shift}"] == falls(deviation, shift, tau))
    counted = case.integer("is in the set")
    case.assume(counted >= 0, counted <= 1)
    names = [f"fallen at {shift}" for shift in shifts]
    state = {"squares": case.real("squares")} | {name: case.real(name) for name in names}

    def advance(s: State) -> State:
        grown = {name: s[name] + select(s["in"] == 1, s[f"here, {name}"], F(0)) for name in names}
        return {"squares": s["squares"] + s["deviation"] * s["deviation"]} | grown

    run = case.induction(
        "over the targets",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"deviation": deviation, "in": counted, "number": here, "ratio": ratio, **each},
        given=lambda s: s["number"] == sum((s[f"here, {name}"] for name in names), F(0)),
        advance=advance,
        holds=lambda s: every(
            s["squares"] >= 0,
            tau * tau * sum((s[name] for name in names), F(0)) <= len(shifts) * answering.cost * s["squares"],
        ),
    )
    at_the_best_shift(answering, case, case.reached(run))


def at_the_best_shift(answering: Answering, case: Case, at: State) -> None:
    """From the sums over all targets to the number at the shift at which the fewest fall."""
    tau, best, shifts = case.real("tau"), case.integer("best"), averaged_over(answering)
    found = [at[f"fallen at {shift}"] for shift in shifts]
    sums = case.use(
        "parities.deviations", "at most 1", **a_query(case), **{"over the targets reached: deviations": at["squares"]}
    )
    case.assume(sums.premises, label="the deviations of all targets")
    fewest = every(best >= 0, *(best <= number for number in found))
    case.assume(fewest, label="at the shift that is taken the fewest targets fall")
    total = case.real("total")
    case.assume(total == sum(found, F(0)))
    case.lemma("not above the average", len(shifts) * best <= total)
    case.lemma("in all", total * tau * tau <= len(shifts) * answering.cost)
    case.show("few fall", best * tau * tau <= answering.cost)


QUERY_REALS = (
    "zero",
    "one",
    "before a pass",
    "after a pass",
    "squares",
    "signed",
    "share",
    "over the points reached: energy",
    "over the targets reached: signed squares",
)
QUERY_INTEGERS = ("bits", "over the points reached: points")


def a_query(case: Case) -> dict[str, Number]:
    """What is known of one query, by the variables of the claim about the deviations of its means."""
    reals = {name: case.real(f"query: {name}") for name in QUERY_REALS}
    return reals | {name: case.integer(f"query: {name}") for name in QUERY_INTEGERS}
