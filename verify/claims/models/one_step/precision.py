"""For which precisions Lemma 8's numbers will do: as printed, S3 and S8, their ends, and Theorem 1a's model."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, within
from constructions.foundations.rounding import clip, is_valid
from constructions.models.one_step import OneStep, as_printed, plain, steep, tolerance_between
from verify.claims.models.one_step.steps import AnyBlock, label_of, of_query, sample_of, shut_block, stepped, untouched
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
Range = Callable[[Number, Number], Formula]


def _numbers(made: Callable[[Number, Number], OneStep], inside: Range) -> Callable[[Case], Any]:
    return lambda case: (made, inside)


def numbers_of_lemma_3a(subject: tuple[Callable[[Number, Number], OneStep], Range], case: Case) -> None:
    """For every tau in (0, 1] and every rho > 0 in the range (as printed: rho = tau/4; S3: below 2 tau/3; S8: below 4
    tau/3): Lemma 8's numbers have epsilon > 0, an answer is within tau of its mean, and the clock leaves 0 in its step
    for every batch and every rounding."""
    made, inside = subject
    tau, rho = case.real("tau"), case.real("rho")
    case.assume(tau > 0, tau <= 1, rho > 0, inside(rho, tau))
    numbers = made(tau, rho)
    case.lemma("epsilon is positive", numbers.epsilon > 0)
    case.lemma("epsilon times the slope", numbers.slope * numbers.epsilon > 3 * rho / 4)
    case.show("within tau", numbers.error() <= tau)
    case.show("the clock ticks", numbers.ticks())
    case.show("the slope is positive", numbers.slope > 0)


def _printed(tau: Number, rho: Number) -> OneStep:
    return as_printed(4 * rho)


RANGES: dict[str, tuple[Callable[[Number, Number], OneStep], Range, Range, str | None]] = {
    "printed": (_printed, lambda rho, tau: rho == tau / 4, lambda rho, tau: rho == tau / 2, None),
    "plain": (plain, lambda rho, tau: rho < 2 * tau / 3, lambda rho, tau: rho <= 2 * tau / 3, "S3"),
    "steep": (steep, lambda rho, tau: rho < 4 * tau / 3, lambda rho, tau: rho > 4 * tau / 3, "S8"),
}
for _name, (_made, _inside, _wider, _erratum) in RANGES.items():
    obligation(
        f"lemma3a.numbers.{_name}",
        paper="Lemma 3a",
        of=_numbers(_made, _inside),
        twin=_numbers(_made, _wider),
        erratum=_erratum,
    )(numbers_of_lemma_3a)


@obligation(
    "lemma3a.slope-1.end",
    paper="Lemma 3a",
    of=lambda case: F(1),
    twin=lambda case: F(5, 4),
    erratum="S3",
)
def no_epsilon_from_two_thirds_on(slope: Number, case: Case) -> None:
    """For slope 1 and every rho >= 2 tau/3 there is no epsilon for which both epsilon + 3 rho/4 is at most tau
    and the clock leaves 0 in its step for every batch: if epsilon <= 3 rho/4, then on a batch of samples of the other
    label the clock may be rounded to 0."""
    tau, rho, epsilon = case.real("tau"), case.real("rho"), case.real("epsilon")
    case.assume(tau > 0, tau <= 1, rho >= 2 * tau / 3, epsilon >= 0)
    numbers = OneStep(rho=rho, epsilon=epsilon, slope=slope)
    label, value = label_of(case), case.real("value")
    case.show("not both", implies(numbers.error() <= tau, every(numbers.epsilon * numbers.slope <= 3 * rho / 4)))
    clock = clip(untouched(numbers, label, value, 1 - label)["clock"])
    case.show("the clock may stand still", is_valid(F(0), clock, rho), given=numbers.error() <= tau)


@obligation(
    "lemma3a.steep.end",
    paper="Lemma 3a",
    of=lambda case: F(4, 3),
    twin=lambda case: F(5, 4),
    erratum="S8",
)
def answers_stray_from_four_thirds_on(ratio: Number, case: Case) -> None:
    """For every tau in (0, 1/2], rho = 4 tau/3 and every epsilon from 0 to rho/4, above 0, there is a mix of samples
    for which an answer may be off by more than tau: a fraction a of samples of the query's label with value 1, the rest
    of the other label, where -gradient = a + epsilon (1 - a) = rho/4 may be rounded up to rho while the mean is a. (If
    rho and epsilon are rational so is a, and some batch has it.) So S8's bound is sharp for this model."""
    tau, epsilon, a = case.real("tau"), case.real("epsilon"), case.real("a")
    case.assume(tau > 0, tau <= F(1, 2), epsilon > 0)
    rho = ratio * tau
    numbers = OneStep(rho=rho, epsilon=epsilon)
    case.assume(epsilon < rho / 4, a >= 0, a <= 1)
    label = label_of(case)
    of_label, of_other = (clip(untouched(numbers, label, F(1), y)["answer"]) for y in (label, 1 - label))
    mean = a * of_label + (1 - a) * of_other
    case.assume(a * (1 - epsilon) == rho / 4 - epsilon, label="a + epsilon (1 - a) = rho/4")
    case.lemma("of the label", of_label == -1)
    case.lemma("of the other", of_other == -epsilon)
    case.lemma("the mean gradient", mean == -rho / 4)
    case.lemma("a is small", a < rho / 4)
    case.show("rho is a valid answer", is_valid(F(-1), mean, rho))
    case.show("off by more than tau", rho - a > tau)


@obligation(
    "lemma3a.steep.end.any",
    paper="Lemma 3a",
    of=lambda case: (OneStep, lambda rho, tau: rho == 4 * tau / 3),
    expect=Verdict.REFUTED,
    erratum="S8",
)
def answers_at_the_end_of_s8(subject: Any, case: Case) -> None:
    """For rho = 4 tau/3 and every epsilon > 0, both labels and every batch of one sample, every valid rounding of an
    answer is within tau of the mean of its query."""
    made, at = subject
    tau, rho, epsilon, label = case.real("tau"), case.real("rho"), case.real("epsilon"), label_of(case)
    case.assume(tau > 0, tau <= 1, at(rho, tau), epsilon > 0)
    numbers = made(rho=rho, epsilon=epsilon)
    value, y = sample_of(case)
    descent = shut_block(numbers, label)
    found: Any = descent.sample_gradient(AnyBlock({"answer": F(0), "clock": F(0)}), ((value,), y))  # type: ignore[arg-type]
    after = stepped(case, descent, rho, found)
    case.show("within tau", within(after["answer"] - of_query(label, value, y), tau))


Precision = tuple[Callable[..., OneStep], Number, Number]


def _precision(made: Callable[..., OneStep], bound: Number, least: Number) -> Callable[[Case], Precision]:
    return lambda case: (made, bound, least)


def precision_for_samples(subject: Precision, case: Case) -> None:
    """For every b >= 1 and rho > 0 with b rho below the bound (1/3 with slope 1, 2/3 with slope rho/epsilon), the
    tolerance tau half way between the least that Lemma 3a takes and 1/(2b) has b tau < 1/2, as Lemma 1 asks, and
    Lemma 8's numbers answer within it and tick."""
    made, bound, least = subject
    b, rho = case.integer("b"), case.real("rho")
    case.assume(b >= 1, rho > 0, b * rho < bound, b * rho > least)
    tau = tolerance_between(b, rho, bound)
    case.lemma("tau in units of 1/b", b * tau < F(1, 2))
    case.lemma("tau is large enough", tau * 2 * bound > rho)
    case.lemma("tau is at most 1", every(tau > 0, tau <= 1))
    numbers = made(tau, rho)
    case.lemma("epsilon is positive", numbers.epsilon > 0)
    case.lemma("epsilon times the slope", numbers.slope * numbers.epsilon > 3 * rho / 4)
    case.show("Lemma 1's premise", b * tau < F(1, 2))
    case.show("Lemma 3a's premise", every(numbers.error() <= tau, numbers.ticks()))


for _name, _made_by, _bound, _erratum in (("plain", plain, F(1, 3), "S3"), ("steep", steep, F(2, 3), "S8")):
    obligation(
        f"theorem1a.precision.{_name}",
        paper="Theorem 1a",
        of=_precision(_made_by, _bound, F(0)),
        twin=_precision(_made_by, 2 * _bound, 3 * _bound / 2),
        erratum=_erratum,
    )(precision_for_samples)
