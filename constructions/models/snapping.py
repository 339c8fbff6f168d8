"""Lemma 9: a smooth function that snaps its arguments to a grid first.

For a function Phi of q numbers and an accuracy delta, the smooth function is the sum over the points of the grid of
Phi there times a product of bumps. The bumps of two points never overlap, so at most one summand is not 0, that of the
nearest point; this is how it is computed. As printed Phi is asked at the nearest point of the grid, which may lie
outside [-1, 1] (E46); here that point is clipped to [-1, 1] first, which changes nothing if 1/delta is whole.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number, floored
from constructions.foundations.rounding import clip
from constructions.models.bumps import bump, flat_step


def nearest(value: Number, delta: Number) -> Number:
    """The multiple of delta nearest to a ``value``, the upper one on a tie.

    >>> nearest(Fraction(3, 8), Fraction(1, 4)), nearest(Fraction(-1, 3), Fraction(1, 4))
    (Fraction(1, 2), Fraction(-1, 4))
    """
    return delta * floored(value / delta + Fraction(1, 2))


def read(value: Number, delta: Number) -> Number:
    """The number for which a ``value`` stands: the nearest multiple of delta, clipped to [-1, 1].

    >>> read(Fraction(17, 16), Fraction(1, 4)), read(Fraction(5, 4), Fraction(1, 4))
    (Fraction(1, 1), Fraction(1, 1))
    """
    return clip(nearest(value, delta))


def product_of_bumps(
    values: Sequence[Number],
    centres: Sequence[Number],
    delta: Number,
    *,
    before: Number = Fraction(1),
    step: Callable[[Number], Number] = flat_step,
) -> Number:
    """The product of the bumps of ``values`` around ``centres``, on a grid of step delta.

    Parameters
    ----------
    before : the product over other coordinates. step : of which the bumps are made.

    Raises
    ------
    PremiseError
        For a value at which a bump is neither 0 nor 1.

    >>> product_of_bumps([Fraction(0), Fraction(1)], [Fraction(0), Fraction(1)], Fraction(1, 2))
    Fraction(1, 1)
    """
    found = before
    for value, centre in zip(values, centres, strict=True):
        found = found * bump(value, centre, delta, step=step)
    return found


def smoothed(
    function: Callable[..., Any], delta: Number, *, step: Callable[[Number], Number] = flat_step
) -> Callable[..., Any]:
    """The smooth function of Lemma 9 for a ``function`` of q numbers in [-1, 1], and an accuracy delta; ``step`` is
    what its bumps are made of.

    Raises
    ------
    PremiseError
        When it is asked where a bump is neither 0 nor 1.

    >>> squared = smoothed(lambda x, y: x * y, Fraction(1, 4))
    >>> squared(Fraction(33, 64), Fraction(1)), squared(Fraction(5, 8), Fraction(1))
    (Fraction(1, 2), Fraction(0, 1))
    """

    def found(*values: Number) -> Any:
        centres = [nearest(value, delta) for value in values]
        return product_of_bumps(values, centres, delta, step=step) * function(*map(clip, centres))

    return found
