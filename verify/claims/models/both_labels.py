"""S6: one step answers a scalar query on both labels, for every batch and every rounding, without a clock."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select, some, within
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.vectors import VectorSum
from constructions.models.answering import training
from constructions.models.blocks_in_turn import NONE_BEFORE, slope_by_answer, whole_output
from constructions.models.both_labels import BothLabels
from constructions.models.one_step import OneStep
from constructions.models.snapping import nearest
from verify.claims.models.one_step.steps import AnyBlock, mean_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction
NUMBERS = ("rho", "floor", "large")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lopsided(BothLabels):
    """The same with a centre that forgets the label 1 (the twins')."""

    def centre(self, zero: Number, one: Number) -> Number:
        """The centre as if the query were 0 on label 1."""
        return select(zero == one, self.large, F(1))


def any_numbers(made: Callable[..., BothLabels]) -> Callable[[Case], BothLabels]:
    """Any rho > 0, 0 < c < 1 and M >= 1."""

    def build(case: Case) -> BothLabels:
        rho, floor, large = (case.real(name) for name in NUMBERS)
        case.assume(rho > 0, floor > 0, floor < 1, large >= 1)
        return made(rho=rho, floor=floor, large=large)

    return build


def given(numbers: BothLabels) -> dict[str, Any]:
    """The numbers for a claim that is used."""
    return {name: getattr(numbers, name) for name in NUMBERS}


def gradient(numbers: BothLabels, zero: Number, one: Number, y: Number) -> Number:
    """The derivative of the loss on a sample by theta, at theta = 0, for the raised values on both labels."""
    lost = whole_output(NONE_BEFORE, F(0), numbers.centre(zero, one), F(0)) - y
    return lost * slope_by_answer(NONE_BEFORE, F(0), -numbers.slope(zero, one), F(0), F(0))


def two_values(case: Case, numbers: BothLabels) -> tuple[Number, Number, Number, Number]:
    """A sample: the query's values on label 0 and 1, the label, and the raised value at the sample."""
    zero, one, y = case.real("value on 0"), case.real("value on 1"), case.integer("y")
    case.assume(within(zero, F(1)), within(one, F(1)), some(y == 0, y == 1))
    at = numbers.raised(select(y == 0, zero, one))
    return zero, one, y, at


@obligation(
    "lemma3a.both.sample", paper="Lemma 3a", of=any_numbers(BothLabels), twin=any_numbers(Lopsided), erratum="S6"
)
def gradient_on_both_labels(numbers: BothLabels, case: Case) -> None:
    """For every c in (0, 1), M >= 1, every sample and all values of the query on both labels in [-1, 1]: less the
    derivative by theta is within 1/M of the raised value of the query at the sample, which is from c to 1."""
    zero, one, y, at = two_values(case, numbers)
    high, low = numbers.raised(zero), numbers.raised(one)
    half = (1 - numbers.floor) / 2
    for name, value, raised in (("0", zero, high), ("1", one, low)):
        case.lemma(f"between c and 1 on {name}", every(half * (1 - value) >= 0, half * (1 + value) >= 0))
        case.lemma(f"raised on {name}", every(raised >= numbers.floor, raised <= 1))
    apart = select(high == low, F(1), high - low)
    case.lemma("a divisor", every(apart != 0, high / apart * apart == high))
    share = high / numbers.large
    case.lemma("a share", every(share * numbers.large == high, share >= 0, share <= 1 / numbers.large))
    found = gradient(numbers, high, low, y)
    case.lemma("where they differ", implies(high != low, found == -at))
    case.lemma("where they are equal", implies(high == low, found == -(numbers.large - y) * share))
    case.lemma("that is", implies(high == low, found == -high + y * share))
    case.show("within 1/M", within(-found - at, 1 / numbers.large))
    case.show("from c to 1", every(at >= numbers.floor, at <= 1))


@obligation(
    "lemma3a.both.step",
    paper="Lemma 3a",
    kind="induction",
    of=any_numbers(BothLabels),
    twin=any_numbers(Lopsided),
    erratum="S6",
)
def one_step_answers_on_both_labels(numbers: BothLabels, case: Case) -> None:
    """For every rho > 0, c in (0, 1) and M with c - 1/M > 3 rho/4, every b >= 1, every batch and all valid roundings of
    its clipped gradient: after a step from theta = 0, theta is at least rho, so it is its own clock, and the answer
    that is read off it is within 2 (3 rho/4 + 1/M)/(1 - c) of the mean of the query over the batch."""
    zero, one, y, at = two_values(case, numbers)
    used = case.use("lemma3a.both.sample", **given(numbers), **{"value on 0": zero, "value on 1": one, "y": y})
    case.lemma("what one sample gives", used.premises)
    inverse = case.real("1/M")
    case.assume(inverse == 1 / numbers.large, inverse <= 1)
    descent = training(OneStep(rho=numbers.rho, epsilon=F(0)))
    of_sample: Any = lambda net, s: {"theta": used_gradient(numbers, s[0][0], s[0][1], s[1])}  # noqa: E731
    descent = replace(descent, derivative=of_sample)
    state = {"b": case.integer("b"), "sum": case.real("sum"), "values": case.real("values")}

    def advance(s: State) -> State:
        sample: Any = ((s["value on 0"], s["value on 1"]), s["y"])
        before = VectorSum(count=s["b"], totals={"theta": s["sum"]})
        added = before.added(descent.sample_gradient(AnyBlock({"theta": F(0)}), sample))  # type: ignore[arg-type]
        here = select(s["y"] == 0, s["value on 0"], s["value on 1"])
        return {"b": added.count, "sum": added.totals["theta"], "values": s["values"] + here}

    floor, half = numbers.floor, (1 - numbers.floor) / 2
    clipped_sample(case, numbers, (zero, one, y), at, inverse)
    run = case.induction(
        "over the batch",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"value on 0": zero, "value on 1": one, "y": y},
        advance=advance,
        holds=lambda s: every(
            s["b"] >= 0,
            within(-s["sum"] - ((1 + floor) / 2 * s["b"] + half * s["values"]), inverse * s["b"]),
            within(s["values"], s["b"]),
        ),
    )
    done = case.reached(run)
    case.assume(done["b"] >= 1, label="the batch is not empty")
    mean, wanted = mean_of(case, "mean", done["sum"], done["b"]), mean_of(case, "mean value", done["values"], done["b"])
    case.lemma("sums", within((-mean - ((1 + floor) / 2 + half * wanted)) * done["b"], inverse * done["b"]))
    case.lemma("means", within(-mean - ((1 + floor) / 2 + half * wanted), inverse))
    case.lemma("the mean of the query", within(wanted, F(1)))
    theta_after(case, numbers, mean, wanted, inverse)


def clipped_sample(case: Case, numbers: BothLabels, sample: Any, at: Number, inverse: Number) -> None:
    """That clipping does no harm on a sample: the derivative stays as near to the raised value, and is not positive."""
    zero, one, y = sample
    clipped = clip(used_gradient(numbers, zero, one, y))
    case.lemma("clipped", clipped <= 0)
    case.lemma("near", within(-clipped - at, inverse))
    raised = (1 + numbers.floor) / 2 + (1 - numbers.floor) / 2 * select(y == 0, zero, one)
    case.lemma("raised", at == raised)


def used_gradient(numbers: BothLabels, zero: Number, one: Number, y: Number) -> Number:
    """The derivative for the query's values on both labels."""
    return gradient(numbers, numbers.raised(zero), numbers.raised(one), y)


def theta_after(case: Case, numbers: BothLabels, mean: Number, wanted: Number, inverse: Number) -> None:
    """Theta after the step, and the answer that is read off it."""
    rho, floor, picked = numbers.rho, numbers.floor, case.integer("picked")
    half = (1 - floor) / 2
    case.assume(is_valid(picked, mean, rho), label="a valid rounding of the mean")
    case.assume(numbers.ticks(), label="c - 1/M > 3 rho/4")
    case.lemma("at least c", half * (1 + wanted) >= 0)
    theta = rho * -picked
    case.lemma("theta is positive", theta > 0)
    case.lemma("by a multiple", -picked >= 1)
    case.show("theta is at least rho", theta >= rho)
    near = case.use("lemma9.nearest", delta=rho, k=-picked, part=F(0))
    case.lemma("read on the grid", every(near.premises))
    raised = (1 + floor) / 2 + half * wanted
    case.lemma("theta", within(theta - raised, 3 * rho / 4 + inverse))
    answer = case.real("answer")
    case.assume(answer * (1 - floor) == 2 * theta - 1 - floor, label="theta lowered again")
    case.lemma("the answer in units", within((answer - wanted) * (1 - floor), 2 * (3 * rho / 4 + inverse)))
    bound = case.real("bound")
    case.assume(bound * (1 - floor) == 2 * (3 * rho / 4 + inverse), label="2 (3 rho/4 + 1/M)/(1 - c)")
    case.lemma("the answer is near", within(answer - wanted, bound))
    case.lemma("as the code bounds it", numbers.error() == bound)
    case.lemma("the nearest multiple", nearest(theta, rho) == theta)
    case.lemma("as the code reads it", numbers.read(theta) == clip(answer))
    case.show("the answer", within(numbers.read(theta) - wanted, numbers.error()))
