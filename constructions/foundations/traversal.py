"""What is inside terms: every node once, the variables, and the same terms with variables replaced."""

from collections.abc import Iterator
from typing import Any

from constructions.foundations.terms import APPLY, RealTerm, Term, formula, node, number


def nodes(*terms: Term) -> Iterator[Term]:
    """Every term inside some terms once, arguments before what they are arguments of.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> list(nodes((x + 1) * (x + 1)))
    [x, 1, x + 1, (x + 1)*(x + 1)]
    """
    seen: set[int] = set()
    waiting: list[tuple[Term, bool]] = [(term, False) for term in reversed(terms)]
    while waiting:
        term, ready = waiting.pop()
        if ready:
            yield term
        elif id(term) not in seen:
            seen.add(id(term))
            waiting.append((term, True))
            waiting.extend((part, False) for part in reversed(term.args) if id(part) not in seen)


def variables(*terms: Term) -> dict[str, Term]:
    """The variables of some terms by name.

    >>> from constructions.foundations.terms import REAL, variable
    >>> variables(variable("x", REAL) * 2, variable("y", REAL) + 1)
    {'x': x, 'y': y}
    """
    return {term.data[0]: term for term in nodes(*terms) if term.op == "variable"}


def applications(*terms: Term) -> list[Term]:
    """The applications of functions that are variables, inner ones first.

    >>> from constructions.foundations.functions import Function
    >>> from constructions.foundations.terms import REAL, variable
    >>> f, x = Function("f", (REAL,), REAL), variable("x", REAL)
    >>> applications(f(f(x) + 1) * x)
    [f(x), f(f(x) + 1)]
    """
    return [term for term in nodes(*terms) if term.op == APPLY]


def substituted(terms: list[Term], by: dict[Term, Any]) -> list[Any]:
    """The same terms with some variables replaced, all at once.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x, y = variable("x", REAL), variable("y", REAL)
    >>> substituted([x <= 2 * y], {x: y, y: x + 1})
    [y <= 2*(x + 1)]
    """
    done: dict[int, Term] = {}
    for term in nodes(*terms):
        if term in by:
            done[id(term)] = number(by[term]) if isinstance(term, RealTerm) else formula(by[term])
        elif all(done[id(part)] is part for part in term.args):
            done[id(term)] = term
        else:
            done[id(term)] = node(type(term), term.op, tuple(done[id(part)] for part in term.args), term.data)
    return [done[id(term)] for term in terms]
