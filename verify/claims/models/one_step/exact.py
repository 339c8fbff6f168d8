"""Exact computation (rho = 0), which Section 1 claims too, and the variable step sizes of footnote 4.

If epsilon is 1/N for a whole N, the clipped derivatives of a sample are multiples of epsilon, so the gradient of a
batch of b is one of epsilon/b. It is then a valid estimate of precision epsilon/b, and the exact method is one of those
that are trained with that precision: all that holds for these holds for it.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, some
from constructions.foundations.rounding import clip, is_valid
from constructions.models.one_step import OneStep
from constructions.models.simulations import STEEP_BOUND
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction


@obligation("section1.exact", paper="Theorem 1a", kind="induction", of=lambda case: F(1), twin=lambda case: F(2))
def exact_gradients_are_valid(over: Number, case: Case) -> None:
    """For every b >= 1 and every whole N >= 2, let epsilon = 1/N in Lemma 8's model, with slope 1, and let queries be 0
    and 1. On every batch of b samples the exact mean of the clipped derivatives by an answer or by the clock, from 0,
    is a multiple of epsilon/b: a valid estimate of precision rho = epsilon/b, with b rho < 2/3 as Theorem 1a asks."""
    whole, epsilon, b = case.integer("N"), case.real("epsilon"), case.integer("b")
    case.assume(whole >= 2, epsilon * whole == 1, b >= 1)
    case.lemma("epsilon", every(epsilon > 0, epsilon <= F(1, 2)))
    numbers = OneStep(rho=epsilon / b, epsilon=epsilon)
    state = {"count": case.integer("count"), "sum": case.real("sum"), "multiple": case.integer("multiple")}
    given: State = {name: case.integer(name) for name in ("label", "y", "value")}

    for label in (0, 1):
        for y in (0, 1):
            for value in (0, 1):
                found = clip((numbers.held(label) - y) * numbers.coefficient(label, F(value)))
                wanted = -value * (F(1) if y == label else epsilon)
                case.show(f"label {label}, y = {y}, value {value}", found == wanted)

    def advance(s: State) -> State:
        mine, rest = s["value"] * s["y"], s["value"] * (1 - s["y"])
        return {
            "count": s["count"] + 1,
            "sum": s["sum"] - mine - rest * epsilon,
            "multiple": s["multiple"] + mine * whole + rest,
        }

    at = case.reached(
        case.induction(
            "over the batch",
            state=state,
            start=dict.fromkeys(state, F(0)),
            inputs={"y": given["y"], "value": given["value"]},
            given=lambda s: every(some(s["y"] == 0, s["y"] == 1), some(s["value"] == 0, s["value"] == 1)),
            advance=advance,
            holds=lambda s: every(s["sum"] + s["multiple"] * epsilon == 0, s["count"] >= 0),
        )
    )
    case.assume(at["count"] == b, label="the batch has b samples")
    mean, rho = case.real("mean"), case.real("rho")
    case.assume(mean * b == at["sum"], rho * b == epsilon * over, label="the mean, and the precision")
    case.lemma("a multiple", (mean + rho * at["multiple"]) * b == 0)
    case.show("the mean is a valid estimate of itself", is_valid(-at["multiple"], mean, rho))
    case.show("b rho", b * rho < STEEP_BOUND)


def slower(numbers: OneStep, rate: Number, theta: Number) -> Number:
    """What a block is taken to hold after a step of this rate."""
    return theta / rate


def as_it_is(numbers: OneStep, rate: Number, theta: Number) -> Number:
    """The weight itself, whatever the rate was (the twin's)."""
    return theta


Reading = Callable[[OneStep, Number, Number], Number]


@obligation("footnote4.steps", paper="Section 2", of=lambda case: slower, twin=lambda case: as_it_is)
def any_step_size_will_do(read: Reading, case: Case) -> None:
    """Footnote 4: step t may have any size gamma_t > 0, fixed before the training. A block of Lemma 8's model has its
    derivative taken at 0, where it does not depend on the step size, and after its step it holds gamma_t times what a
    step of size 1 gives. So over gamma_t it holds the same answer, within epsilon + 3 rho/4 of the mean of its query
    (``lemma8.step``), and its clock is 0 before and not after."""
    rate, rho, mean = case.real("rate"), case.real("rho"), case.real("mean")
    epsilon, unit = case.real("epsilon"), case.real("after a step of size 1")
    numbers: Any = OneStep(rho=rho, epsilon=epsilon)
    case.assume(rate > 0, rho > 0, epsilon > 0)
    case.assume(unit - mean <= numbers.error(), mean - unit <= numbers.error(), label="after a step of size 1")
    theta = rate * unit
    error = read(numbers, rate, theta) - mean
    case.show("the answer", every(error <= numbers.error(), -error <= numbers.error()))
    case.show("the clock", some(unit == 0, theta != 0))
