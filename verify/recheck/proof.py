"""A proof that two literals of a circuit are equal, replayed step by step.

The steps are those of reverse unit propagation with hints (as in LRAT).

A literal is 2i (node i) or 2i + 1 (not node i). A clause is a list of literals of which one must be true. A proof is a
list of steps (clause, reason); the clauses of all steps hold in every assignment of the circuit in which its
assumptions hold and the two literals differ:

* reason i > 0: the clause follows from what node i is, "at least k of n literals". Two kinds are allowed, each right
  by counting. If it has "not node i" and n - k + 1 of the literals: were these false, fewer than k could be
  true. If it has "node i" and the negations of k of the literals: were these true, node i would be, too.
* reason 0: the clause is one of the two that say that the literals differ.
* reason -j: the clause is one of the two that say that the literals of the j-th assumption are equal.
* reason [h, ...]: take the clause to be false and look at the clauses of the steps h in this order; each has at most
  one literal left that is not false. If one has none left, that is a contradiction, so the clause follows; otherwise
  its literal is true, and one goes on.

The last step must have the empty clause: there is no such assignment, and the literals are equal wherever the
assumptions hold. Every step looks only at steps before it, so the work is linear in the length of the proof. Where it
comes from does not matter.
"""

from collections.abc import Sequence
from typing import Any

from verify.recheck.reading import need

FALSE, TRUE = 0, 1
Row = tuple[int, tuple[int, ...]]
Clause = list[int]


def clauses_of_difference(one: int, other: int) -> list[Clause]:
    """The clauses that say that the literals ``one`` and ``other`` differ; constants are left out.

    >>> clauses_of_difference(4, 7), clauses_of_difference(4, FALSE)
    ([[4, 7], [5, 6]], [[4]])
    """
    found = []
    for clause in ([one, other], [one ^ 1, other ^ 1]):
        if TRUE not in clause:
            found.append([literal for literal in clause if literal != FALSE])
    return found


def clauses_of_equality(one: int, other: int) -> list[Clause]:
    """The clauses that say that the literals ``one`` and ``other`` are equal.

    >>> clauses_of_equality(4, 6)
    [[4, 7], [5, 6]]
    """
    return clauses_of_difference(one, other ^ 1)


def follows_from_gate(clause: Sequence[int], node: int, row: Row) -> bool:
    """Whether a clause follows from what a node is.

    >>> [follows_from_gate(clause, 3, (2, (2, 4))) for clause in ([7, 2], [6, 3, 5], [6, 3])]
    [True, True, False]
    """
    needs, literals = row
    given = set(clause)
    if 2 * node + 1 in given:
        return len(given.intersection(literals)) >= len(literals) - needs + 1
    if 2 * node in given:
        return len(given.intersection(literal ^ 1 for literal in literals)) >= needs
    return False


def follows_by_hints(clause: Sequence[int], hints: Sequence[int], clauses: Sequence[Clause]) -> bool:
    """Whether a clause follows from those of some steps by unit propagation in this order."""
    false = set(clause)
    for hint in hints:
        left = [literal for literal in clauses[hint] if literal not in false]
        if not left:
            return True
        if len(left) > 1:
            return False
        false.add(left[0] ^ 1)
    return False


def replay(proof: Any, one: int, other: int, rows: Sequence[Row | None], assumed: Sequence[tuple[int, int]]) -> None:
    """Check a proof that two literals are equal.

    Parameters
    ----------
    rows : what each node of the circuit is, "at least k of some different literals"; None for a leaf. assumed :
    literals that are equal.
    one, other : the two literals.

    Raises
    ------
    RefusedError naming the first step that is not right.

    >>> rows = [None, None, None, (2, (2, 4)), (1, (6, 2))]  # two leaves a, b; node 3: a and b; node 4: that or a
    >>> steps = [[[8, 2], 0], [[9, 3], 0], [[9, 6, 2], 4], [[7, 2], 3], [[8, 3], 4]]
    >>> proof = [*steps, [[2], [0, 2, 3]], [[], [5, 1, 4]]]
    >>> replay(proof, 8, 2, rows, ())  # node 4 is a
    >>> replay([*steps, [[], [0]]], 8, 2, rows, ())
    Traceback (most recent call last):
        ...
    verify.recheck.reading.RefusedError: a proof that is right, got step 5: [[], [0]]
    """
    need(isinstance(proof, list) and proof, "a proof with a step")
    clauses = list[Clause]()
    for i, step in enumerate(proof):
        need(
            isinstance(step, list) and len(step) == 2 and isinstance(step[0], list),
            f"a step of a clause and a reason, at step {i} of a proof",
        )
        clause, reason = step
        need(
            all(type(literal) is int and 2 <= literal < 2 * len(rows) for literal in clause),
            f"literals of the circuit, at step {i} of a proof",
        )
        need(
            _is_right(clause, reason, clauses, clauses_of_difference(one, other), rows, assumed),
            f"a proof that is right, got step {i}: {str(step)[:60]}",
        )
        clauses.append(clause)
    need(clauses[-1] == [], "a proof that ends with the empty clause")


def _is_right(
    clause: Clause,
    reason: Any,
    clauses: Sequence[Clause],
    difference: Sequence[Clause],
    rows: Sequence[Row | None],
    assumed: Sequence[tuple[int, int]],
) -> bool:
    if isinstance(reason, list):
        fits = all(type(hint) is int and 0 <= hint < len(clauses) for hint in reason)
        return fits and follows_by_hints(clause, reason, clauses)
    if type(reason) is not int:
        return False
    if reason == 0:
        return any(set(given) <= set(clause) for given in difference)
    if reason < 0:
        return -reason <= len(assumed) and any(
            set(given) <= set(clause) for given in clauses_of_equality(*assumed[-reason - 1])
        )
    row = rows[reason] if reason < len(rows) else None
    return row is not None and follows_from_gate(clause, reason, row)
