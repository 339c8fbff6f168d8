"""Questions without functions: each application of a function becomes a variable, and equal arguments give equal
values.

A function of which nothing else is known is in the way of z3's methods for polynomials. Let a question have the
applications f(a) and f(b). With variables v and w in their places, and "if a = b then v = w" beside it, it can hold if
and only if the question can: a model of the one has the values of the other, and where two applications have equal
arguments their values are equal, so a function can be read off.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from constructions.foundations.logic import Formula, every, implies
from constructions.foundations.terms import Term, TruthTerm, node, variable
from constructions.foundations.traversal import applications, nodes, variables

MOST_PAIRS = 400
"""How many pairs of applications of one function there may be."""


@dataclass(frozen=True, slots=True)
class WithoutFunctions:
    """A question, and for each application in the one of which it was made the variable in its ``places``."""

    question: Formula
    places: Mapping[Term, Term]


def without_functions(question: TruthTerm) -> WithoutFunctions | None:
    """A question that can hold if and only if the given one can, in which no function is applied; None if none is
    applied there either, or there are too many pairs.

    >>> from constructions.foundations.functions import Function
    >>> from constructions.foundations.terms import REAL
    >>> f, x, y = Function("f", (REAL,), REAL), variable("x", REAL), variable("y", REAL)
    >>> without_functions(f(x) < f(y)).question
    value 1 of f < value 2 of f and (not (x == y) or value 1 of f == value 2 of f)
    >>> without_functions(x < y) is None
    True
    """
    applied = applications(question)
    alike = [pair for pair in combinations(applied, 2) if pair[0].data == pair[1].data]
    if not applied or len(alike) > MOST_PAIRS:
        return None
    first = _unused(question)
    places = {part: variable(f"{first}{i} of {part.data[0]}", part.data[2]) for i, part in enumerate(applied, 1)}
    made = _replaced(question, places)
    return WithoutFunctions(every(made[question], *_congruent(alike, made)), places)


def _unused(question: TruthTerm) -> str:
    """How no variable of a question begins."""
    first = "value "
    while any(name.startswith(first) for name in variables(question)):
        first += "'"
    return first


def _replaced(question: TruthTerm, places: dict[Term, Term]) -> dict[Term, Term]:
    """Every part of a question with variables in the places of applications."""
    made: dict[Term, Term] = {}
    for part in nodes(question):
        arguments = tuple(made[argument] for argument in part.args)
        made[part] = places[part] if part in places else node(type(part), part.op, arguments, part.data)
    return made


def _congruent(alike: list[tuple[Term, Term]], made: dict[Term, Term]) -> Iterator[TruthTerm]:
    """That applications of one function to equal arguments have equal values."""
    for one, other in alike:
        same = every(*(made[a] == made[b] for a, b in zip(one.args, other.args, strict=True)))
        yield implies(same, made[one] == made[other])
