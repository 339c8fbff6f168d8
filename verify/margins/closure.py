"""A formula with its strict comparisons weakened: what holds at the limits of the points at which the formula holds."""

from typing import Any

from constructions.foundations.logic import Formula, every, some
from constructions.foundations.terms import Term, TruthTerm, formula, opposite
from constructions.foundations.traversal import nodes

WEAKER = {"<": "<=", ">": ">=", "<=": "<=", ">=": ">=", "==": "=="}
OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}


def weakened(value: Formula) -> Formula:
    """A formula in which every strict comparison is weak, as far as it is made of comparisons by and, or and not.

    What is inside a case or an equivalence stays as it is.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> weakened(every(x > 0, some(opposite(x <= 1), x < -1)))
    x >= 0 and (x >= 1 or x <= -1)
    """
    term = formula(value)
    found: dict[tuple[Term, bool], Any] = {}
    for part in nodes(term):
        if isinstance(part, TruthTerm):
            for positive in (True, False):
                found[part, positive] = _weakened(part, positive, found)
    return found[term, True]


def _weakened(part: TruthTerm, positive: bool, found: dict[tuple[Term, bool], Any]) -> Formula:
    if part.op == "not":
        return found[part.args[0], not positive]
    if part.op in ("and", "or"):
        inside = [found[argument, positive] for argument in part.args]
        return every(*inside) if (part.op == "and") is positive else some(*inside)
    if part.op in OPPOSITE:
        return _compared(part.op if positive else OPPOSITE[part.op], *part.args)
    return part if positive else opposite(part)


def _compared(op: str, left: Any, right: Any) -> Formula:
    """A weak comparison; any two numbers are at the limit of two that differ."""
    if op == "!=":
        return True
    return {"<=": left <= right, ">=": left >= right, "==": left == right}[WEAKER[op]]
