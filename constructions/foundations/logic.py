"""Connectives that serve truth values and z3 formulas alike, so that one predicate can be evaluated or proved."""
from typing import Any, TypeAlias

import z3
from sympy.logic.boolalg import BooleanAtom

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number

Formula: TypeAlias = Any  # bool | z3.BoolRef


def every(*parts: Formula) -> Formula:
    """Conjunction; a bool if all parts are bools.

    >>> every(True, 1 < 2), every(True, z3.Real("x") > 0)
    (True, x > 0)
    """
    return _join(parts, unit=True, connective=z3.And)


def some(*parts: Formula) -> Formula:
    """Disjunction; a bool if all parts are bools."""
    return _join(parts, unit=False, connective=z3.Or)


def negation(part: Formula) -> Formula:
    """Negation."""
    return z3.Not(part) if isinstance(part, z3.BoolRef) else not every(part)


def implies(premise: Formula, conclusion: Formula) -> Formula:
    """Implication."""
    return some(negation(premise), conclusion)


def select(condition: Formula, yes: Number, no: Number) -> Number:
    """``yes`` where the condition holds, ``no`` elsewhere.

    >>> select(True, 1, 2), select(z3.Real("x") > 0, 1, 2)
    (1, If(x > 0, 1, 2))
    """
    if isinstance(condition, z3.BoolRef):
        return z3.If(condition, as_real(yes), as_real(no))
    return yes if condition else no


def as_real(value: Number) -> Number:
    """The number as a z3 real term."""
    if isinstance(value, z3.ArithRef):
        return z3.ToReal(value) if value.is_int() else value
    return z3.RealVal(str(value))


def between(low: Number, value: Number, high: Number) -> Formula:
    """``low < value < high``."""
    return every(low < value, value < high)


def within(value: Number, bound: Number) -> Formula:
    """``-bound <= value <= bound``."""
    return every(-bound <= value, value <= bound)


def _join(parts: tuple[Formula, ...], *, unit: bool, connective: Any) -> Formula:
    strange = [part for part in parts if not isinstance(part, bool | z3.BoolRef | BooleanAtom)]
    if strange:
        raise ConstructionError(f"need truth values or formulas, one by one, got {strange[0]!r}")
    rest = [part for part in parts if isinstance(part, z3.BoolRef)]
    if any(bool(part) is not unit for part in parts if not isinstance(part, z3.BoolRef)):
        return not unit
    if not rest:
        return unit
    return rest[0] if len(rest) == 1 else connective(*rest)
