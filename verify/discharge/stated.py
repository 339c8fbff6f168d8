"""What a claim states: one that states something else the second time is no claim, whatever the provers say of it.

The provers state a claim several times: with variables, with the numbers of each witness, about its twin. They take
each for the same claim. One with a counter or a random number in it would be proved as one thing and confirmed as
another.
"""

from typing import Any, TypeAlias

from constructions.errors import ConstructionError
from constructions.foundations.terms import Term
from verify.obligations.obligation import Obligation
from verify.provers import by_sympy, by_z3
from verify.replay.witness import replay_of

Statement: TypeAlias = tuple[tuple[str, Any], ...]
"""Labels with terms, numbers or truth values. A term is one object: two are compared without a look inside."""


def stated(obligation: Obligation) -> Statement:
    """All that a claim states about its subject, as its prover gets it; of an enumeration, at its first point.

    >>> from verify.obligations.catalogue import paper_obligations
    >>> [label for label, _ in stated(paper_obligations()["sigma.slope"])][:1]
    ['premise']
    """
    if obligation.kind == "identity":
        return tuple(
            (identity.label, (identity.left, identity.right))
            for identity in by_sympy.build(obligation, obligation.of).identities
        )
    point: dict[str, Any] = {}
    if obligation.kind == "enumeration":
        point = next(iter(obligation.domain()), {}) if obligation.domain else {}
    seen = (
        replay_of(obligation, obligation.of, point)
        if obligation.kind == "enumeration"
        else by_z3.build(obligation, obligation.of)
    )
    premises = [("premise", (premise.formula,)) for premise in seen.premises]
    return (*point.items(), *premises, *((fact.label, (fact.conclusion, fact.given)) for fact in seen.facts))


def check_same(obligation: Obligation, before: Statement, *, times: int = 1) -> None:
    """State the claim of an obligation so many times again, and refuse it if it states something else than before.

    Raises
    ------
    ConstructionError
        If it does.

    >>> numbers = iter(range(9))
    >>> def draw(case):
    ...     return next(numbers)
    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=draw, twin=draw)
    >>> check_same(square, stated(square))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a claim that states the same each time, got two statements that \
differ, at 'square'
    """
    for _ in range(times):
        now = stated(obligation)
        odd = [
            one[0] for one, other in zip(before, now, strict=False) if one[0] != other[0] or not same(one[1], other[1])
        ]
        if odd or len(now) != len(before):
            at = f"{odd[0]!r}" if odd else f"{len(before)} premises and facts, and then {len(now)}"
            raise ConstructionError(
                f"need a claim that states the same each time, got two statements that differ, at {at}"
            )


def same(one: Any, other: Any) -> bool:
    """Whether ``one`` and ``other``, parts of statements, are the same term, number or truth value, or tuples of
    such.

    >>> from constructions.foundations.terms import REAL, variable
    >>> x = variable("x", REAL)
    >>> same((x, 1), (x, 1)), same((x, 1), (x, 2)), same(x, x + 0)
    (True, False, True)
    """
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one is other or not (isinstance(one, Term) or isinstance(other, Term) or one != other)
