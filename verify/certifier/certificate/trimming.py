"""From what a solver logged (DRUP) to a proof with hints that the checker replays: an untrusted trimmer.

Each clause that the solver learned is looked at once, in its order: its literals are taken to be false, unit
propagation finds a contradiction, and the clauses on the way to it are its hints. Then only what the empty clause
needs is kept.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Clause = list[int]
Reasoned = tuple[Clause, int]
"""A clause of literals 2i and 2i + 1, and the reason that the checker has for it."""


class Propagation:
    """Unit propagation with two watched literals; what follows from the clauses alone stays.

    >>> known = Propagation()
    >>> for clause in ([2, 4], [3, 4], [5]):
    ...     _ = known.add(clause)
    >>> known.contradiction([])
    [2, 0, 1]
    """

    def __init__(self) -> None:
        self.clauses: list[Clause] = []
        self.watched: dict[int, list[int]] = {}
        self.reason: dict[int, int] = {}
        self.trail: list[int] = []
        self.seen = 0
        self.conflict = -1

    def add(self, clause: Clause) -> int:
        """A clause more; returns its number."""
        number, row = len(self.clauses), sorted(set(clause), key=lambda x: (x ^ 1 in self.reason, x))
        self.clauses.append(row)
        if self.conflict >= 0:
            return number
        for literal in row[:2]:
            self.watched.setdefault(literal, []).append(number)
        left = [literal for literal in row if literal ^ 1 not in self.reason]
        if not left:
            self.conflict = number
        elif len(left) == 1 and left[0] not in self.reason:
            self._set(left[0], number)
            self.conflict = self._propagate()
        return number

    def _set(self, literal: int, reason: int) -> None:
        self.reason[literal] = reason
        self.trail.append(literal)

    def _propagate(self) -> int:
        """The number of a clause that is false, or -1."""
        while self.seen < len(self.trail):
            false = self.trail[self.seen] ^ 1
            self.seen += 1
            rows = self.watched.get(false, [])
            kept = []
            for place, number in enumerate(rows):
                found = self._moved(number, false)
                if found == -1:
                    continue
                kept.append(number)
                if found == -2:
                    self.watched[false] = kept + rows[place + 1 :]
                    return number
            self.watched[false] = kept
        return -1

    def _moved(self, number: int, false: int) -> int:
        """-1 if the clause watches another literal now, -2 if it is false, 0 if it is true or gave a unit."""
        row = self.clauses[number]
        if row[0] == false and len(row) > 1:
            row[0], row[1] = row[1], row[0]
        if row[0] in self.reason:
            return 0
        for i in range(2, len(row)):
            if row[i] ^ 1 not in self.reason:
                row[1], row[i] = row[i], row[1]
                self.watched.setdefault(row[1], []).append(number)
                return -1
        if row[0] ^ 1 in self.reason:
            return -2
        self._set(row[0], number)
        return 0

    def contradiction(self, clause: Sequence[int]) -> list[int] | None:
        """The numbers of clauses that lead from the negation of a clause to a contradiction, in order; None if there
        is none.
        """
        mark, seen = len(self.trail), self.seen
        conflict = self.conflict
        for literal in clause if conflict < 0 else ():
            if literal in self.reason:
                conflict = self.reason[literal]
                break
            if literal ^ 1 not in self.reason:
                self._set(literal ^ 1, -1)
        if conflict < 0:
            conflict = self._propagate()
        found = self._hints(conflict) if conflict >= 0 else None
        for literal in self.trail[mark:]:
            del self.reason[literal]
        del self.trail[mark:]
        self.seen = seen
        return found

    def _hints(self, conflict: int) -> list[int]:
        wanted, numbers = set(self.clauses[conflict]), list[int]()
        for literal in reversed(self.trail):
            number = self.reason[literal]
            if literal ^ 1 in wanted and number >= 0 and number != conflict:
                numbers.append(number)
                wanted.update(x for x in self.clauses[number] if x != literal)
        return [*numbers[::-1], conflict]


def hinted(given: Sequence[Reasoned], learned: Iterable[Clause]) -> list[list[Any]] | None:
    """A proof of the empty clause as the checker reads it, from the clauses that are ``given``, each with its reason,
    and those that were learned; None if what was learned does not lead to it.

    >>> given = [([2, 4], 0), ([3, 4], -1), ([5, 6], 3), ([5, 7], 3), ([8, 9], 4)]
    >>> for step in hinted(given, [[4]]) or ():  # the solver learned [4]; of the last clause nothing is needed
    ...     print(step)
    [[2, 4], 0]
    [[3, 4], -1]
    [[5, 6], 3]
    [[5, 7], 3]
    [[4], [0, 1]]
    [[], [4, 2, 3]]
    """
    known, hints = Propagation(), list[list[int]]()
    originals = [list(clause) for clause, _ in given]
    for clause in originals:
        known.add(list(clause))
    clauses = list(originals)
    for clause in [*learned, []]:
        found = known.contradiction(clause)
        if found is None:
            return None
        clauses.append(list(clause))
        hints.append(found)
        if not clause:
            break
        known.add(list(clause))
    return _trimmed(clauses, [reason for _, reason in given], hints)


def _trimmed(clauses: Sequence[Clause], reasons: Sequence[int], hints: Sequence[list[int]]) -> list[list[Any]]:
    first, last = len(reasons), len(clauses) - 1
    wanted = {last}
    for number in range(last, first - 1, -1):
        if number in wanted:
            wanted.update(hints[number - first])
    place = {number: i for i, number in enumerate(sorted(wanted))}
    return [
        [clauses[number], reasons[number] if number < first else [place[hint] for hint in hints[number - first]]]
        for number in sorted(wanted)
    ]
