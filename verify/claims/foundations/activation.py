"""Figure 1: the two-stage ramp, and what Appendix C uses of its output piece."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from constructions.foundations.activation import RAMP, Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

FIGURE_1 = ((None, -3, 0, -2), (-3, -1, 1, 1), (-1, 0, 0, 0), (0, 2, 1, 0), (2, None, 0, 2))
STEEP = replace(RAMP, slopes=(Fraction(0), Fraction(2), Fraction(0), Fraction(1), Fraction(0)))
SHIFTED = replace(RAMP, kinks=(Fraction(-3), Fraction(-1), Fraction(0), Fraction(7, 4)))


@obligation("sigma.figure", paper="Figure 1", of=lambda case: RAMP, twin=lambda case: SHIFTED)
def is_the_function_of_figure_1(sigma: Activation, case: Case) -> None:
    """On each of its five ranges the activation sigma (the two-stage ramp) has the value that Figure 1 gives, for every
    x."""
    x = case.real("x")
    for low, high, slope, intercept in FIGURE_1:
        inside = every(True if low is None else low <= x, True if high is None else x <= high)
        where = f"below {high}" if low is None else f"above {low}" if high is None else f"from {low} to {high}"
        case.show(where, sigma(x) == slope * x + intercept, given=inside)


@obligation("sigma.continuous", paper="Figure 1", of=lambda case: RAMP, twin=lambda case: STEEP)
def is_continuous(sigma: Activation, case: Case) -> None:
    """For all x and y, sigma(x) and sigma(y) differ by no more than x and y do; so sigma is continuous."""
    x, y = case.real("x"), case.real("y")
    case.assume(x <= y)
    case.show("sigma does not fall", sigma(x) <= sigma(y))
    case.show("sigma does not rise faster than x", sigma(y) - sigma(x) <= y - x)


@obligation("sigma.slope", paper="Figure 1", of=lambda case: RAMP, twin=lambda case: SHIFTED)
def has_slope_zero_exactly_on_the_flat_pieces(sigma: Activation, case: Case) -> None:
    """At every point that is not a kink, the slope of sigma is its rate of change between two points of the same piece;
    it is 0 exactly left of -3, between -1 and 0, and right of 2."""
    x, y = case.real("x"), case.real("y")
    case.assume(x != y, *(x != kink for kink in (-3, -1, 0, 2)))
    case.assume(*(every(implies(x < kink, y < kink), implies(x > kink, y > kink)) for kink in (-3, -1, 0, 2)))
    flat = some(x < -3, every(x > -1, x < 0), x > 2)
    case.show("the slope is the rate of change within the piece", sigma(y) - sigma(x) == sigma.slope(x) * (y - x))
    case.show("flat there", implies(flat, every(sigma.slope(x) == 0, sigma.strictly_flat(x))))
    case.show("nowhere else", implies(negation(flat), every(sigma.slope(x) != 0, negation(sigma.strictly_flat(x)))))


@obligation("sigma.kinks", paper="Figure 1", of=lambda case: RAMP, twin=lambda case: SHIFTED)
def has_exactly_four_kinks(sigma: Activation, case: Case) -> None:
    """The kinks of sigma, where its slope changes, are exactly -3, -1, 0 and 2."""
    x = case.real("x")
    case.show(
        "a kink is one of the four, and each is one",
        implies_both(sigma.on_kink(x), some(*(x == c for c in (-3, -1, 0, 2)))),
    )


def implies_both(left: Formula, right: Formula) -> Formula:
    """Equivalence."""
    return every(implies(left, right), implies(right, left))


@obligation("sigma.relu", paper="Section 3", of=lambda case: RAMP, twin=lambda case: WrongForm(RAMP))
def equals_its_relu_form(sigma: Activation, case: Case) -> None:
    """For every x, sigma(x) is a constant plus a linear term plus, for each kink, the change of slope there times
    relu(x - kink)."""
    x = case.real("x")
    constant, linear, jumps = sigma.relu_form
    relus = sum((jump * select(x > kink, x - kink, Fraction(0)) for jump, kink in jumps), Fraction(0))
    case.show("equal everywhere", sigma(x) == constant + linear * x + relus)
    case.show("two ReLU terms up, two down", sorted(jump for jump, _ in jumps) == [-1, -1, 1, 1])


class WrongForm:
    """An activation whose ReLU form has lost its last term (the twin)."""

    def __init__(self, sigma: Activation) -> None:
        self.sigma = sigma
        constant, linear, jumps = sigma.relu_form
        self.relu_form = (constant, linear, jumps[:-1])

    def __call__(self, x: Number) -> Number:
        """The activation itself."""
        return self.sigma(x)


def _to(limit: int, *, closed: bool) -> Callable[[Case], Activation]:
    def build(case: Case) -> Activation:
        a = case.real("a")
        case.assume(a > 0, a <= limit if closed else a < limit)
        return RAMP

    return build


@obligation("sigma.output", paper="Lemma 3b", of=_to(1, closed=False), twin=_to(1, closed=True))
def output_vertex_has_slope_one(sigma: Activation, case: Case) -> None:
    """For every a with 0 < a < 1, sigma maps the pre-activation -(1 + a) to -a and 1 + a to 1 + a, and both
    pre-activations are strictly inside a piece of slope 1. These are the values at which Lemma 3b holds the output
    vertex."""
    a = case.real("a")
    for name, pre, out, piece in (("-(1+a)", -1 - a, -a, sigma.pieces[1]), ("1+a", 1 + a, 1 + a, sigma.pieces[3])):
        case.show(f"{name}: the value", sigma(pre) == out)
        case.show(f"{name}: strictly inside {piece}", every(piece.inside(pre), sigma.slope(pre) == 1))
