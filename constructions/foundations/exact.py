"""Exact numbers: int, Fraction, sympy expressions and z3 reals; a float is refused at the door.

A float is refused even when it looks harmless: ``0.1`` is not one tenth, and a solver that reads it as ``1/10`` proves
something about another network.
"""
from fractions import Fraction
from numbers import Integral, Rational
from typing import Any, TypeAlias

import sympy
import z3

from constructions.errors import ConstructionError

Number: TypeAlias = Any  # int | Fraction | sympy.Expr | z3.ArithRef: the libraries' own stubs do not meet in one protocol


def exact(value: object, *, where: str) -> Number:
    """Return ``value`` as an exact number, or refuse it.

    Rationals of any kind (int, Fraction, sympy.Rational, the text ``"3/4"``) come back as a Fraction;
    a sympy expression or a z3 arithmetic term comes back as it is.

    Errors
    ------
    ConstructionError for a float (also one inside a sympy expression), a bool, or anything that is no number.

    >>> exact("3/4", where="weight")
    Fraction(3, 4)
    >>> exact(0.1, where="weight of ('x', 'y')")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need an exact number (int, Fraction, 'p/q', sympy or z3), got the float 0.1, \
at weight of ('x', 'y')
    """
    if isinstance(value, str):
        return _from_text(value, where)
    if isinstance(value, Rational) and not isinstance(value, bool):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, z3.ArithRef):
        return z3.ToReal(value) if value.is_int() else value
    if isinstance(value, sympy.Expr) and not value.has(sympy.Float, sympy.nan, sympy.oo, -sympy.oo, sympy.zoo):
        return Fraction(int(value.p), int(value.q)) if isinstance(value, sympy.Rational) else value
    kind = "float" if isinstance(value, float) else type(value).__name__
    raise ConstructionError(f"need an exact number (int, Fraction, 'p/q', sympy or z3), got the {kind} {value!r}, at {where}")


def rational(value: object, *, where: str) -> Fraction:
    """Like :func:`exact`, but a symbol is refused too.

    >>> rational(3, where="rho")
    Fraction(3, 1)
    """
    number = exact(value, where=where)
    if isinstance(number, Fraction):
        return number
    raise ConstructionError(f"need a rational number, got {value!r}, at {where}")


def whole(value: object, *, where: str, least: int = 0) -> int:
    """Return ``value`` as an int of at least ``least``.

    >>> whole(3, where="bits")
    3
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least:
        return int(value)
    raise ConstructionError(f"need an integer >= {least}, got {value!r}, at {where}")


def _from_text(text: str, where: str) -> Fraction:
    try:
        if any(mark in text for mark in ".eE"):
            raise ValueError
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ConstructionError(f"need a rational written p/q, got {text!r}, at {where}") from None


def is_exact_value(value: object) -> bool:
    """Whether a Python value is an exact number as it stands: int, Fraction, sympy.Rational, or a rational as text."""
    return isinstance(value, Rational | sympy.Rational | str)


def is_symbolic(value: object) -> bool:
    """Whether ``value`` holds a symbol (sympy or z3), so that comparisons with it are formulas, not truth values."""
    return isinstance(value, z3.ArithRef) or (isinstance(value, sympy.Expr) and not isinstance(value, sympy.Rational))
