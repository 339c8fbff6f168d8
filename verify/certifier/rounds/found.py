"""What was found of each round, and what a reader of the certificate may want to know of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from verify.certifier.roles.parts import Integers
from verify.certifier.rounds.phases import NetworkRound, Proved


@dataclass(frozen=True, kw_only=True, eq=False)
class RoundFound:
    """What was found of the round of a ``number``: like which earlier one it is (0: none), its proof, the earlier
    vertices it reads."""

    number: int
    like: int
    proof: Proved
    reads: Integers


def clock_of(found: Sequence[RoundFound], distinct: Sequence[NetworkRound]) -> tuple[int, ...]:
    """Of a machine for whole batches the queries whose copies are the clock in every one of the ``distinct`` rounds,
    of which this was ``found``.

    >>> from dataclasses import replace
    >>> from fractions import Fraction
    >>> from verify.certifier.rounds.prediction import NO_ROUND
    >>> from verify.certifier.rounds.unrolling import Role
    >>> proof = Proved(held=Fraction(1, 2), roles=[Role(1, 0), Role(0, 0)], live={}, state=())
    >>> clock_of([RoundFound(number=1, like=0, proof=proof, reads=())], [replace(NO_ROUND, number=1, clock=[1])])
    (0,)
    """
    rows = [{found[row.number - 1].proof.roles[c] for c in row.clock} for row in distinct]
    common = set.intersection(*rows) if rows else set()
    return tuple(sorted(role.query for role in common if role))


def described(found: Sequence[RoundFound], distinct: Sequence[NetworkRound]) -> list[dict[str, Any]]:
    """For each round that is like no earlier one, ``distinct``: its sizes, how many of all that were ``found`` are like
    it, what its copies are for.

    >>> from dataclasses import replace
    >>> from fractions import Fraction
    >>> from verify.certifier.rounds.prediction import NO_ROUND
    >>> proof = Proved(held=Fraction(-9, 8), roles=[None], live={}, state=())
    >>> found = [RoundFound(number=t, like=like, proof=proof, reads=()) for t, like in ((1, 0), (2, 0), (3, 1))]
    >>> described(found, [replace(NO_ROUND, number=1, gates=[2], digits=[[3]]), replace(NO_ROUND, number=2)])[0]
    {'first': 1, 'rounds': 2, 'gates': 1, 'copies': 1, 'controls': 0, 'held': '-9/8', 'roles': ['clock']}
    """
    many = Counter(row.like or row.number for row in found)
    return [
        {
            "first": round_.number,
            "rounds": many[round_.number],
            "gates": len(round_.gates),
            "copies": len(round_.digits),
            "controls": len(round_.controls),
            "held": str(proof.held),
            "roles": roles_in_words(round_, proof),
        }
        for round_, proof in ((row, found[row.number - 1].proof) for row in distinct)
    ]


def roles_in_words(round_: NetworkRound, proof: Proved) -> list[str]:
    """What each copy of a round is for, as a ``proof`` found it."""
    if round_.clock:
        said = [f"query {role.query}" for role in proof.roles if role]
        return [f"{what} (clock)" if c in round_.clock else what for c, what in enumerate(said)]
    return ["clock", *(str(role) if role else "never acts" for role in proof.roles[1:])]
