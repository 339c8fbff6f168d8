"""Connectives that serve truth values and formulas alike, so that one predicate can be evaluated or proved."""

from fractions import Fraction
from typing import Any, TypeAlias

from constructions.foundations.exact import Number
from constructions.foundations.refusals import described, refusal
from constructions.foundations.terms import RealTerm, TruthTerm, formula, node, number, opposite

Formula: TypeAlias = Any  # bool | TruthTerm


def every(*parts: Formula) -> Formula:
    """Conjunction; a bool if all parts are bools.

    >>> from constructions.foundations.terms import REAL, variable
    >>> every(True, 1 < 2), every(True, variable("x", REAL) > 0)
    (True, x > 0)
    """
    return _join(parts, unit=True, connective="and")


def some(*parts: Formula) -> Formula:
    """Disjunction; a bool if all parts are bools.

    >>> some(False, True), some()
    (True, False)
    """
    return _join(parts, unit=False, connective="or")


def negation(part: Formula) -> Formula:
    """The formula that holds where the given one does not.

    >>> negation(True)
    False
    """
    return opposite(part) if isinstance(part, TruthTerm) else not every(part)


def implies(premise: Formula, conclusion: Formula) -> Formula:
    """The conclusion, where the premise holds.

    >>> implies(False, False), implies(True, False)
    (True, False)
    """
    return some(negation(premise), conclusion)


def select(condition: Formula, yes: Number, no: Number) -> Number:
    """``yes`` where the condition holds, ``no`` elsewhere.

    >>> from constructions.foundations.terms import REAL, variable
    >>> select(True, 1, 2), select(variable("x", REAL) > 0, 1, 2)
    (1, if(x > 0, 1, 2))
    """
    _check(yes, no, where="a branch of select")
    if isinstance(condition, TruthTerm):
        return node(RealTerm, "if", (condition, number(yes), number(no)))
    return yes if every(condition) else no


def largest(first: Number, *others: Number) -> Number:
    """The largest of some numbers.

    Parameters
    ----------
    first, others : one at least.

    >>> largest(3), largest(2, 7, 5)
    (3, 7)
    """
    _check(first, *others, where="largest")
    most = first
    for other in others:
        most = select(other <= most, most, other)
    return most


def between(low: Number, value: Number, high: Number) -> Formula:
    """``low < value < high``.

    >>> between(0, Fraction(1, 2), 1), between(0, 1, 1)
    (True, False)
    """
    _check(low, value, high, where="between")
    return every(low < value, value < high)


def within(value: Number, bound: Number) -> Formula:
    """``-bound <= value <= bound``.

    >>> within(Fraction(-1, 2), 1), within(2, 1)
    (True, False)
    """
    _check(value, bound, where="within")
    return every(-bound <= value, value <= bound)


def _check(*values: Number, where: str) -> None:
    """Refuse what is no exact number; Python would compare floats without a word."""
    for value in values:
        if type(value) is not int and type(value) is not Fraction:
            number(value, where=where)


def _join(parts: tuple[Formula, ...], *, unit: bool, connective: str) -> Formula:
    rest: list[TruthTerm] = []
    settled = False
    for part in parts:
        if isinstance(part, TruthTerm):
            rest.append(part)
        elif part is not True and part is not False:
            raise refusal(f"need truth values or formulas, one by one, got {described(part)}")
        else:
            settled = settled or part is not unit
    if settled:
        return not unit
    if not rest:
        return unit
    return rest[0] if len(rest) == 1 else node(TruthTerm, connective, tuple(formula(part) for part in rest))
