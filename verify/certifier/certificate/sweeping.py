"""Looking for proofs where structure does not show a claim: nodes that are equal in many assignments are asked to a
SAT solver.

While a phase's circuit is written, each new node is compared by its values with the earlier ones. One that looks equal
is put to the solver, first with few gates around the two, then with more; an answer "equal" comes with a log, which
becomes a proof for the checker, and the earlier literal stands for the node from then on. So differences are met where
they begin, and each question is small.
"""

import heapq
import importlib
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb
from random import Random
from typing import Any

from constructions.errors import ConstructionError
from verify.certifier.certificate.trimming import Clause, Reasoned, hinted
from verify.recheck.circuit import Circuit
from verify.recheck.proof import FALSE, clauses_of_difference, clauses_of_equality
from verify.recheck.sampling import at_least

WINDOWS = (40, 400, 1 << 30)
MOST_COMBINATIONS = 600
LANES = 1024
CONFLICTS = 20_000
MOST_QUESTIONS, MOST_LEARNED = 20_000, 2000


def sat_solver() -> Any:
    """The solver that logs what it learns; ConstructionError if python-sat is not installed."""
    try:
        return importlib.import_module("pysat.solvers").Glucose4
    except ModuleNotFoundError as error:
        what = "what structure does not show needs a proof"
        raise ConstructionError(f"need python-sat (pip install python-sat), for {what}, got {error}") from error


class Sweep(Circuit):
    """A circuit whose nodes are merged with earlier ones that the solver shows equal; ``found`` has node, literal and
    proof.
    """

    def __init__(self) -> None:
        super().__init__({})
        self.draw = Random(3)
        self.width, self.full = LANES, (1 << LANES) - 1
        self.kept = self.full
        self.words: list[int] = [0]
        self.alike: dict[int, list[int]] = {0: [FALSE]}
        self.found: list[list[Any]] = []
        self.solver = sat_solver()
        self.questions = self.learned = 0

    def leaf(self, name: str) -> int:
        """A variable, with values drawn at random; the digits of a record are those of a small number in half of the
        assignments.
        """
        literal = super().leaf(name)
        if len(self.words) < len(self.rows):
            word = self.draw.getrandbits(self.width)
            if name.startswith("d") and "." in name:
                place = int(name.rpartition(".")[2])
                word &= ~sum(1 << lane for lane in range(1, LANES, 2) if lane // 2 % 12 <= place)
            self.words.append(word)
            self._enter(literal >> 1)
        return literal

    def assume(self, one: int, other: int) -> None:
        """An assumption: assignments in which it does not hold do not count."""
        super().assume(one, other)
        self._count_assumptions()

    def _count_assumptions(self) -> None:
        self.kept = self.full
        for one, other in self.assumed:
            self.kept &= self.full ^ self.word(one) ^ self.word(other)
        self.alike = {0: [FALSE]}
        for node in range(1, len(self.words)):
            self._enter(node)

    def word(self, literal: int) -> int:
        """The values of a literal."""
        return self.words[literal >> 1] ^ (self.full if literal & 1 else 0)

    def _looks(self, node: int) -> tuple[int, int]:
        """The values that count, with the sign taken out, and the sign."""
        word = self.words[node] & self.kept
        sign = int(bool(word & (self.kept & -self.kept)))
        return (word ^ self.kept if sign else word), sign

    def _enter(self, node: int) -> None:
        word, sign = self._looks(node)
        self.alike.setdefault(word, []).append(2 * node + sign)

    def settled(self, node: int) -> int:
        """The literal that stands for a new node."""
        row = self.rows[node]
        assert row is not None
        self.words.append(at_least(row[0], [self.word(x) for x in row[1]], self.full))
        while self.questions < MOST_QUESTIONS:
            word, sign = self._looks(node)
            others = self.alike.get(word, [])
            if not others:
                break
            literal = others[0] ^ sign
            proof = self._asked(node, literal)
            if proof is not None:
                self.found.append([node, literal, proof])
                return literal
            if self.alike.get(self._looks(node)[0], []) is others:
                break
        self._enter(node)
        return 2 * node

    def _asked(self, node: int, literal: int) -> list[list[Any]] | None:
        """A proof that a node equals a literal; None if there is none. A difference that is found counts from then
        on."""
        self.questions += 1
        before = -1
        for limit in WINDOWS:
            inside, complete = self._window([node, literal >> 1], limit)
            if len(inside) == before:
                continue
            before = len(inside)
            given = list(self._clauses(node, literal, inside))
            rows = [[_dimacs(x) for x in clause] for clause, _ in given]
            with self.solver(bootstrap_with=rows, with_proof=True) as solver:
                solver.conf_budget(CONFLICTS)
                equal = solver.solve_limited()
                if equal is False:
                    return hinted(given, _learned(solver.get_proof()))
                if equal is True and complete:
                    self._learn({abs(x) for x in solver.get_model() if x > 0})
                if equal is None or complete:
                    return None
        return None

    def _window(self, nodes: Sequence[int], limit: int) -> tuple[set[int], bool]:
        """Nodes from some nodes (and the assumptions) down, and whether all gates are among them."""
        many = [*nodes, *(x >> 1 for pair in self.assumed for x in pair)]
        waiting, seen, complete = [-node for node in many if node], set[int](), True
        heapq.heapify(waiting)
        while waiting and len(seen) < limit:
            node = -heapq.heappop(waiting)
            row = self.rows[node]
            if node in seen or row is None:
                continue
            if comb(len(row[1]), row[0]) > MOST_COMBINATIONS:
                complete = False
                continue
            seen.add(node)
            for x in row[1]:
                heapq.heappush(waiting, -(x >> 1))
        return seen, complete and not any(self.rows[-node] is not None and -node not in seen for node in waiting)

    def _clauses(self, node: int, literal: int, inside: set[int]) -> Iterator[Reasoned]:
        for clause in clauses_of_difference(2 * node, literal):
            yield clause, 0
        for j, (one, other) in enumerate(self.assumed, 1):
            for clause in clauses_of_equality(one, other):
                yield clause, -j
        for gate in sorted(inside):
            row = self.rows[gate]
            assert row is not None
            needs, literals = row
            for chosen in combinations(literals, len(literals) - needs + 1):
                yield [2 * gate + 1, *chosen], gate
            for chosen in combinations(literals, needs):
                yield [2 * gate, *(x ^ 1 for x in chosen)], gate

    def _learn(self, true: set[int]) -> None:
        """One assignment more, in which two nodes differ that looked equal."""
        if self.learned >= MOST_LEARNED:
            return
        self.learned += 1
        lane, values = 1 << self.width, [0]
        for node in range(1, len(self.words)):
            row = self.rows[node]
            if row is None:
                values.append(int(node in true))
            else:
                values.append(int(sum(values[x >> 1] ^ (x & 1) for x in row[1]) >= row[0]))
            if values[-1]:
                self.words[node] |= lane
        self.width += 1
        self.full = (1 << self.width) - 1
        last = len(self.words) - 1
        words, self.words = self.words, self.words[:last]
        self._count_assumptions()
        self.words = words


def _dimacs(literal: int) -> int:
    return -(literal >> 1) if literal & 1 else literal >> 1


def _learned(log: Sequence[str]) -> Iterator[Clause]:
    """The clauses that a solver learned, from its log."""
    for line in log:
        if not line.startswith("d"):
            yield [2 * abs(x) + (x < 0) for x in map(int, line.split()[:-1])]
