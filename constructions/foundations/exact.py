"""Exact numbers: int, Fraction and terms; everything else is refused at the door.

A float is refused even when it looks harmless: ``0.1`` is not one tenth, and a solver that reads it as ``1/10`` proves
something about another network. numpy's integers wrap around, and what sympy and z3 make of a number is theirs to say.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from math import gcd
from numbers import Integral
from typing import Any, TypeAlias

from constructions.errors import ConstructionError
from constructions.foundations.refusals import described, refusal
from constructions.foundations.terms import RealTerm, floor, number

Number: TypeAlias = (
    Any  # int | Fraction | RealTerm: one protocol that mypy checks would have to spell every operator of the three
)

LONGEST = 200
"""How much of a value an error shows."""
RATIONAL = re.compile(r"\s*[+-]?[0-9]+(/[0-9]+)?\s*")
"""p/q in ASCII digits; Python would take other digits and underscores too."""


def exact(value: object, *, where: str) -> Number:
    """Return ``value`` as an exact number, or refuse it.

    An int, a Fraction or a rational as text (``"3/4"``) comes back as a Fraction, a term as it is.

    Raises
    ------
    ConstructionError
        For a float, a bool, a number or an object of another library, or anything that is no number.

    >>> exact("3/4", where="weight")
    Fraction(3, 4)
    >>> exact(0.1, where="weight of ('x', 'y')")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    constructions.foundations.refusals.LanguageError: need an exact number ..., at weight of ('x', 'y')
    """
    if isinstance(value, str):
        return _from_text(value, where)
    if type(value) is Fraction:
        return value
    if type(value) is int:
        return Fraction(value)
    if isinstance(value, RealTerm):
        return value.data if value.op == "constant" else value
    raise refusal(f"need an exact number (int, Fraction, 'p/q' or a term), got {described(value)}, at {where}")


def rational(value: object, *, where: str) -> Fraction:
    """A value as a Fraction, like :func:`exact`, but a symbol is refused too.

    Raises
    ------
    ConstructionError
        For a symbol, a float or anything else; the message ends with ``where``.

    >>> rational(3, where="rho")
    Fraction(3, 1)
    """
    number = exact(value, where=where)
    if isinstance(number, Fraction):
        return number
    raise ConstructionError(f"need a rational number, got {_cut(value)}, at {where}")


def whole(value: object, *, where: str, least: int = 0) -> int:
    """Return ``value`` as an int of at least ``least``.

    Raises
    ------
    ConstructionError
        For anything else, a bool too; the message ends with ``where``.

    >>> whole(3, where="bits")
    3
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least:
        return int(value)
    raise ConstructionError(f"need an integer >= {least}, got {_cut(value)}, at {where}")


def _cut(value: object) -> str:
    """How a value prints, cut where it gets long."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _from_text(text: str, where: str) -> Fraction:
    try:
        if RATIONAL.fullmatch(text) is None:
            raise ValueError
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ConstructionError(f"need a rational written p/q, got {_cut(text)}, at {where}") from None


def floored(value: Number) -> Number:
    """The greatest integer that is not above a number: a Fraction for a rational, a term for a term.

    Raises
    ------
    ConstructionError
        For what is no exact number.

    >>> floored(Fraction(-1, 2))
    Fraction(-1, 1)
    """
    checked = number(value, where="floored")
    return floor(value) if is_symbolic(value) else Fraction(checked.data // 1)


def is_symbolic(value: object) -> bool:
    """Whether ``value`` is a term, so that comparisons with it are formulas, not truth values.

    >>> from constructions.foundations.terms import REAL, variable
    >>> is_symbolic(variable("x", REAL)), is_symbolic(Fraction(1, 2))
    (True, False)
    """
    return isinstance(value, RealTerm)


def sum_of_products(pairs: Iterable[tuple[Number, Number]], start: Number) -> Number:
    """``start`` plus the products of some pairs of exact numbers; a product with the number 0 is left out.

    Rationals are added over one common denominator, and the sum is brought to lowest terms once. With a term among
    them the sum is built from the left, one product after the other.

    >>> str(sum_of_products([(Fraction(1, 2), Fraction(1, 3)), (Fraction(2), Fraction(5))], Fraction(1, 6)))
    '31/3'
    """
    pairs = list(pairs)
    if type(start) is not Fraction or any(type(a) is not Fraction or type(b) is not Fraction for a, b in pairs):
        return sum((product(a, b) for a, b in pairs), start)
    top, below = start.numerator, start.denominator
    for a, b in pairs:
        more, over = a.numerator * b.numerator, a.denominator * b.denominator
        if over == below:
            top += more
        elif more:
            shared = gcd(below, over)
            top = top * (over // shared) + more * (below // shared)
            below *= over // shared
    return Fraction(top, below)


def product(a: Number, b: Number) -> Number:
    """The product of two exact numbers; with the number 0 it is 0, whatever the other is.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> product(Fraction(2), Fraction(1, 4)), product(x, Fraction(2))
    (Fraction(1, 2), x*2)
    >>> product(x, Fraction(0)), product(Fraction(0), x)
    (Fraction(0, 1), Fraction(0, 1))
    """
    if (type(a) is Fraction and not a) or (type(b) is Fraction and not b):
        return Fraction(0)
    return a * b
