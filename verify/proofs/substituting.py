"""Instances of terms as they stand: variables and functions replaced, nothing simplified."""

from collections.abc import Mapping, Sequence
from typing import Any

from constructions.foundations.functions import Function
from constructions.foundations.terms import APPLY, RealTerm, Term, formula, node, number
from constructions.foundations.traversal import nodes
from verify.obligations.inductions import REACHED

MARK = " of ["


def lifted_as(value: Any, like: Term) -> Term:
    """A value as a term of the sort of another.

    >>> from constructions.foundations.terms import REAL, variable
    >>> lifted_as(2, variable("x", REAL)), lifted_as(True, formula(False))
    (2, true)
    """
    return number(value) if isinstance(like, RealTerm) else formula(value)


def instances(terms: Sequence[Term], given: Mapping[str, Any], besides: Mapping[Term, Any] | None = None) -> list[Any]:
    """Terms with what is given in the place of variables and functions, all at once.

    Parameters
    ----------
    terms : what is instantiated. given : terms, functions, or Python functions on terms, by name; names that the terms
        do not have are passed over. besides : what stands for some variables, whatever is given for their names.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x, y, f = variable("x", REAL), variable("y", REAL), Function("f", (REAL,), REAL)
    >>> instances([f(x) < x], {"x": y - 1, "f": lambda z: z + z})
    [y - 1 + y - 1 < y - 1]
    """
    done: dict[int, Term] = {}
    other = dict(besides or {})
    for term in nodes(*terms):
        args = tuple(done[id(part)] for part in term.args)
        if term in other:
            done[id(term)] = lifted_as(other[term], term)
        elif term.op == "variable" and term.data[0] in given:
            done[id(term)] = lifted_as(given[term.data[0]], term)
        elif term.op == APPLY:
            done[id(term)] = _applied(term, args, given)
        else:
            done[id(term)] = node(type(term), term.op, args, term.data)
    return [done[id(term)] for term in terms]


def _applied(term: Term, args: tuple[Term, ...], given: Mapping[str, Any]) -> Term:
    name, takes, gives = term.data
    made = given.get(name)
    if name.startswith(REACHED):
        return node(type(term), APPLY, args, (_renamed(name, given), takes, gives))  # type: ignore[no-any-return]
    if made is None or isinstance(made, Function):
        called = name if made is None else made.name
        return node(type(term), APPLY, args, (called, takes, gives))  # type: ignore[no-any-return]
    return lifted_as(made(*args), term)


def _renamed(name: str, given: Mapping[str, Any]) -> str:
    """A predicate of what is reached is named after the functions of its claim."""
    head, mark, rest = name.partition(MARK)
    if not mark:
        return name
    names = [each.strip("'\" ") for each in rest.rstrip("]").split(",")]
    new = [given[each].name if isinstance(given.get(each), Function) else each for each in names]
    return f"{head} of {new!r}"
