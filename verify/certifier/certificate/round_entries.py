"""What was found, written down for the checker: which vertices a round has, in which order, what its copies ask, what
is carried on.
"""

from collections.abc import Sequence

import numpy as np

from constructions.computation.query_machine import QueryMachine
from verify.certifier.certificate.forms import RoundEntry
from verify.certifier.roles.layers import Layers
from verify.certifier.roles.parts import Integers, Parts
from verify.certifier.rounds.found import RoundFound
from verify.certifier.rounds.phases import Proved
from verify.certifier.rounds.state_functions import StateFunctions


def runs(vertices: Integers) -> list[int]:
    """A row of vertices as runs: first, count, first, count, ...

    >>> runs(np.array([4, 5, 6, 2, 9, 10]))
    [4, 3, 2, 1, 9, 2]
    """
    if not len(vertices):
        return []
    begins = np.concatenate((np.zeros(1, np.int64), np.flatnonzero(np.diff(vertices) != 1) + 1))
    counts = np.diff(np.append(begins, len(vertices)))
    found: list[int] = np.stack((vertices[begins], counts), 1).ravel().tolist()
    return found


class RoundWriter:
    """Writes the rounds of a certificate.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> functions = StateFunctions()
    >>> one, other, of_x = functions.state(0), functions.state(1), functions.shared(5)
    >>> both = functions.gate(2, [one, of_x ^ 1])
    >>> writer = RoundWriter(None, None, best_literal_machine(1, fraction=0), functions)
    >>> writer.start(first_free=100)
    >>> writer.literal(one), writer.literal(other ^ 1), writer.literal(of_x), writer.literal(both)
    (12, 15, -10, 100)
    >>> writer.functions  # the one gate: two of the literals of its operands
    [[2, [12, -9]]]
    """

    def __init__(self, parts: Parts, layers: Layers, machine: QueryMachine, functions: StateFunctions) -> None:
        self.parts, self.layers, self.table = parts, layers, functions.table
        n, gates = len(machine.machine.inputs), len(machine.machine.state)
        self.first_latch, self.gates = 1 + n, gates
        self.functions: list[list[int | list[int]]] = []
        self.first, self.place = 0, dict[int, int]()
        self.orders: dict[int, Integers] = {}

    def start(self, first_free: int) -> None:
        """``first_free``: a literal above all of the machine's text; the functions go on from there."""
        self.first = first_free
        for i, (kind, *rest) in enumerate(self.table):
            if kind == "gate":
                row = [self.literal(reference) for reference in rest[1]]
                self.place[i] = len(self.functions)
                self.functions.append([rest[0], row])

    def literal(self, reference: int) -> int:
        """A function of the state as a literal: of a latch, a constant, a function, or, if negative, of a vertex that
        depends on x only.
        """
        (kind, *rest), sign = self.table[reference >> 1], reference & 1
        if kind == "true":
            return 1 - sign
        base = -2 * rest[0] if kind == "shared" else 2 * (self.first_latch + rest[0]) if kind == "state" else 0
        return (base or self.first + 2 * self.place[reference >> 1]) + sign

    def rounds(self, found: Sequence[RoundFound]) -> list[RoundEntry]:
        """The entries of all rounds."""
        return [self._round(row) for row in found]

    def _round(self, found: RoundFound) -> RoundEntry:
        t, parts = found.number, self.parts
        copies, controls, gates = self.layers.copies[t], self.layers.controls[t], self.layers.gates[t]
        if not found.like:
            self.orders[t] = np.argsort(gates)
        row = np.concatenate((parts.copies[copies], parts.digits[copies]), 1).ravel()
        vertices = runs(np.concatenate((row, controls, gates[self.orders[found.like or t]])))
        reads = runs(found.reads)
        if found.like:
            return RoundEntry(like=found.like, vertices=vertices, reads=reads)
        proof = found.proof
        own = {*row.tolist(), *controls.tolist(), *gates.tolist(), *found.reads.tolist()}
        return RoundEntry(
            vertices=vertices,
            reads=reads,
            copies=len(copies),
            controls=len(controls),
            roles=roles_of(proof),
            held=str(proof.held),
            carries=[
                [u, self.literal(after), None if before is None else int(before)]
                for u, (before, after) in sorted(proof.live.items())
                if u in own
            ],
            state=[self.literal(function) for function in proof.state],
            equal=[[self.literal(one), self.literal(other)] for one, other in proof.equations],
            proofs={},
        )


def roles_of(proof: Proved) -> list[list[int]]:
    """The roles of a round's copies, from its ``proof``: query, place and part; the clock, if it has no other, is -1,
    and a copy that never acts -2."""
    rows = [[role.query, role.place, int(role.negative)] if role else [-2, 0, 0] for role in proof.roles]
    return rows if proof.roles[0] else [[-1, 0, 0], *rows[1:]]
