"""Numbers that are no rationals: roots of polynomials of degree 2 with small integer coefficients, by enclosure."""

from collections.abc import Iterator
from fractions import Fraction
from math import gcd, isqrt
from typing import Any

Quadratic = tuple[int, int, int]
NARROW = Fraction(1, 2**16)
"""An enclosure must be this narrow before a root is looked for in it."""
LARGEST_FIRST, LARGEST_SECOND = 12, 60


def quadratics_in(low: Fraction, high: Fraction) -> Iterator[Quadratic]:
    """The polynomials a t^2 + b t + c with small coefficients that have exactly one root in an interval, no rational.

    Parameters
    ----------
    low, high : the interval, which is narrow.

    >>> next(quadratics_in(Fraction(141421, 100000), Fraction(141422, 100000)))
    (1, 0, -2)
    """
    middle = (low + high) / 2
    for first in range(1, LARGEST_FIRST + 1):
        for second in sorted(range(-LARGEST_SECOND, LARGEST_SECOND + 1), key=abs):
            found = (first, second, round(-(first * middle + second) * middle))
            if _is_right(found, low, high):
                yield found


def _is_right(found: Quadratic, low: Fraction, high: Fraction) -> bool:
    """Whether a polynomial has no rational root, no smaller multiple, and one root in the interval."""
    first, second, third = found
    under = second * second - 4 * first * third
    vertex = Fraction(-second, 2 * first)
    if under <= 0 or isqrt(under) ** 2 == under or gcd(first, gcd(second, third)) > 1 or low <= vertex <= high:
        return False
    return bool(value_at(found, low) * value_at(found, high) < 0)


def value_at(found: Quadratic, t: Any) -> Any:
    """The value of the polynomial ``found`` at t, a number or a term.

    >>> value_at((1, 0, -2), 3)
    7
    """
    first, second, third = found
    return (first * t + second) * t + third


def text_of(found: Quadratic) -> str:
    """A polynomial as people write it.

    >>> text_of((1, 0, -2)), text_of((3, -1, 5))
    ('t^2 - 2', '3 t^2 - t + 5')
    """
    text = ""
    for factor, power in zip(found, ("t^2", "t", ""), strict=True):
        if factor:
            size = "" if abs(factor) == 1 and power else str(abs(factor))
            sign = ("- " if factor < 0 else "+ ") if text else ("-" if factor < 0 else "")
            text += f"{' ' if text else ''}{sign}{size}{' ' if size and power else ''}{power}"
    return text
