"""Fact 1 made explicit: smooth steps and bumps from exp(-1/t), exact where gradient descent goes.

Let rise(t) = exp(-1/t) for t > 0 and 0 elsewhere. It is smooth, and all its derivatives at 0 are 0. So

    step(s) = rise(s) / (rise(s) + rise(1 - s))

is smooth, is 0 for s <= 0 and 1 for s >= 1, and all its derivatives vanish there. A *gate* is a step of one weight, a
*bump* a step of the squared distance of a weight from a point; a product of bumps is 1 on a cube and 0 off a larger
one, which is what Fact 1 is used for. Where a step is neither 0 nor 1 its value is no rational number, and the exact
functions here refuse to give it: :mod:`verify.claims.models` proves that nobody who follows gradient descent asks.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, exact, is_symbolic
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import select
from constructions.foundations.symbols import from_sympy

with loaded_when_used(__name__):
    import sympy

INNER, OUTER = Fraction(1, 4), Fraction(1, 3)
"""A bump is 1 up to this share of the grid's step, and 0 from that share on (Lemma 9)."""
SHUT, OPEN = Fraction(1, 4), Fraction(3, 4)
"""A gate is 0 up to this multiple of rho, and 1 from that multiple on."""


def step(s: Any, rise: Callable[[Any], Any]) -> Any:
    """The smooth step at ``s``, made of a ``rise``, a function that is 0 up to 0 and positive beyond.

    >>> step(Fraction(1, 3), lambda t: max(t, Fraction(0)) ** 2)
    Fraction(1, 5)
    """
    up, down = rise(s), rise(1 - s)
    return up / (up + down)


def flat_step(s: Number) -> Number:
    """The smooth step where it is constant: 0 for s <= 0, 1 for s >= 1.

    Raises
    ------
    PremiseError
        For a rational number between 0 and 1.

    >>> flat_step(Fraction(-1, 2)), flat_step(Fraction(1))
    (Fraction(0, 1), Fraction(1, 1))
    >>> flat_step(Fraction(1, 2))
    Traceback (most recent call last):
        ...
    constructions.errors.PremiseError: need a point where the smooth step is constant (s <= 0 or s >= 1), got s = 1/2
    """
    if not is_symbolic(s) and 0 < s < 1:
        raise PremiseError(f"need a point where the smooth step is constant (s <= 0 or s >= 1), got s = {s}")
    return side(s)


def side(s: Number) -> Number:
    """1 on the right of the smooth step's rise, for s >= 1, and 0 elsewhere: its value where it is constant.

    >>> side(Fraction(1)), side(Fraction(0))
    (Fraction(1, 1), Fraction(0, 1))
    """
    return select(s >= 1, Fraction(1), Fraction(0))


def flat_slope(s: Number) -> Number:
    """The derivative of the smooth step where it is constant: 0; PremiseError for a rational number between 0 and 1.

    >>> flat_slope(Fraction(1))
    Fraction(0, 1)
    """
    return flat_step(s) * 0


def relative_slope(power: Number, t: Number) -> Number:
    """The derivative of exp(-1/t) / t^power for t > 0, divided by this function, which sympy takes of the expression
    with a symbol for the power.

    >>> relative_slope(Fraction(3), Fraction(1, 2))
    Fraction(-2, 1)
    """
    k, at = sympy.Symbol("k"), sympy.Symbol("t", positive=True)
    over = at**-k * sympy.exp(-1 / at)
    found = sympy.simplify(sympy.diff(over, at) / over)
    return exact(from_sympy(found.subs(at, sympy.Symbol("t")), {"k": power, "t": t}), where="a relative slope")


def slope_of_step(rise: Number, rise_slope: Number, fall: Number, fall_slope: Number) -> Number:
    """The derivative of the smooth step at s, which sympy takes of its expression, from the values of the rise and of
    its derivative at s (``rise``, ``rise_slope``) and at 1 - s (``fall``, ``fall_slope``).

    >>> one = Fraction(1)
    >>> slope_of_step(one, one, one, one)
    Fraction(1, 2)
    """
    function, s = sympy.Function("rise"), sympy.Symbol("s")
    found = sympy.diff(step(s, function), s).replace(sympy.Subs, lambda *_: sympy.Symbol("fall'"))
    found = found.subs(sympy.Derivative(function(s), s), sympy.Symbol("rise'"))
    found = found.subs(function(s), sympy.Symbol("rise")).subs(function(1 - s), sympy.Symbol("fall"))
    values = {"rise": rise, "rise'": rise_slope, "fall": fall, "fall'": fall_slope}
    return exact(from_sympy(found, values), where="a slope")


def gate_place(kappa: Any, rho: Any) -> Any:
    """Where the step of a gate stands, for the weight ``kappa`` of a clock and the precision rho.

    >>> [str(gate_place(Fraction(k, 8), Fraction(1, 8))) for k in (0, 1)]
    ['-1/2', '3/2']
    """
    return (kappa - SHUT * rho) / ((OPEN - SHUT) * rho)


def gate(kappa: Number, rho: Number, *, step: Callable[[Number], Number] = flat_step) -> Number:
    """A gate: 0 for a clock's weight ``kappa`` of at most rho/4, 1 from 3 rho/4 on; PremiseError between, unless
    another ``step`` is given.

    >>> gate(Fraction(0), Fraction(1, 8)), gate(Fraction(1, 8), Fraction(1, 8))
    (Fraction(0, 1), Fraction(1, 1))
    """
    return step(gate_place(kappa, rho))


def bump_place(value: Any, centre: Any, delta: Any) -> Any:
    """Where the step of a bump stands, for a ``value``, the bump's ``centre`` and the grid's step ``delta``.

    >>> [str(bump_place(Fraction(x, 12), Fraction(0), Fraction(1))) for x in (3, 4)]
    ['1', '0']
    """
    away = (value - centre) * (value - centre)
    outer, inner = OUTER * OUTER, INNER * INNER
    return (outer * delta * delta - away) / ((outer - inner) * delta * delta)


def bump(value: Number, centre: Number, delta: Number, *, step: Callable[[Number], Number] = flat_step) -> Number:
    """A bump: 1 where a ``value`` is within delta/4 of the ``centre``, 0 from delta/3 on; PremiseError between, unless
    another ``step`` is given.

    >>> bump(Fraction(1, 4), Fraction(0), Fraction(1)), bump(Fraction(1, 2), Fraction(0), Fraction(1))
    (Fraction(1, 1), Fraction(0, 1))
    """
    return step(bump_place(value, centre, delta))
