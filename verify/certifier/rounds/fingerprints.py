"""Which rounds are alike: a digest of all that the proof of a round looks at.

Two rounds with one digest are proved by one proof, said of other vertices. So the digest has to cover everything that
:func:`verify.certifier.rounds.round_proof.prove_round` reads: gates with their operands, copies with their drivers and
weights, controls, the machine's state before the round, and what the vertices of earlier rounds carry that the round
reads. Vertices are named by *codes* that rounds alike have in common: a gate of the round by its place in the round, a
digit by copy and place, a vertex of an earlier round by how many rounds ago it was computed and its place there.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from constructions.foundations.files import sha256_of
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.parts import Integers
from verify.certifier.rounds.network_rounds import NetworkRounds

DIGIT_CODE, RANDOM_CODE, SHARED_CODE, EARLIER_CODE = (i << 48 for i in range(1, 5))
NEAR = 8
"""A vertex of a round at most so far back is known by its place in that round, an older one by its number."""


class Fingerprints:
    """The digests of a network's rounds, one round after another.

    ``code`` is the one thing that changes: for each vertex the code that the rounds so far gave it last, -1 if none
    did. :meth:`read` and :meth:`digest` are called once for each round, in this order.

    >>> from fractions import Fraction
    >>> from dataclasses import replace
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from verify.certifier.certify import certify_network
    >>> from verify.certifier.roles.gates import recognized
    >>> machine = replace(best_literal_machine(1, fraction=0), rounds=1)
    >>> net = Plan(machine=machine, rho=Fraction(1, 8), tolerance=Fraction(1)).trainable
    >>> found = certify_network(net, machine, tolerance=Fraction(1))
    >>> given = {"parts": found.parts, "memories": found.memories, "layers": found.layers}
    >>> rounds = NetworkRounds(**given, needs=recognized(found.parts), random_bits=0)
    >>> digests = []
    >>> for known in ("one state", "one state", "another"):
    ...     fingerprints = Fingerprints(rounds)
    ...     reads, carried = fingerprints.read(1, carried=[])
    ...     digests.append(fingerprints.digest(1, (known,), carried))
    >>> reads.tolist(), digests[0] == digests[1], digests[0] == digests[2]
    ([], True, False)
    """

    def __init__(self, rounds: NetworkRounds) -> None:
        self.rounds = rounds
        self.code = np.full(rounds.parts.flat.size, -1, np.int64)
        self.code[rounds.shared] = SHARED_CODE + 2 + rounds.shared
        self.code[rounds.fixed] = SHARED_CODE + (rounds.needs[rounds.fixed] <= 0)

    def read(self, t: int, carried: Sequence[int]) -> tuple[Integers, list[int]]:
        """Give codes to the vertices of earlier rounds that round t reads or carries on.

        Parameters
        ----------
        carried : vertices of earlier rounds that rounds after t read.

        Returns
        -------
        The vertices that the round reads or carries on, and those that it carries on, both in the order of their
        codes, which rounds alike have in common.
        """
        rounds, layers, code = self.rounds, self.rounds.layers, self.code
        edges = rounds.edges(layers.gates[t])[1]
        driven = rounds.operands[rounds.places(layers.controls[t])].ravel()
        drivers = rounds.memories.driver[layers.copies[t]].ravel()
        sources = rounds.parts.flat.sources[edges]
        found = np.concatenate((sources, driven[driven >= 0], drivers, np.array(carried, np.int64)))
        found = np.unique(found[(layers.layer[found] > 0) & (layers.layer[found] < t)])
        back = t - layers.layer[found].astype(np.int64)
        near = back <= NEAR
        code[found] = EARLIER_CODE + (np.where(near, back, 0) << 40) + np.where(near, rounds.local[found], found)
        in_order = np.asarray(found[np.argsort(code[found], kind="stable")])
        return in_order, sorted(carried, key=lambda u: int(code[u]))

    def digest(self, t: int, known: tuple[Any, ...], carried: Sequence[int]) -> str:
        """The digest of round t.

        Parameters
        ----------
        known : what holds before the round: the machine's state, equal functions, what the vertices carry that it
            reads. carried : vertices of earlier rounds that it carries on, in the order of :meth:`read`.

        Raises
        ------
        NetworkRefused (k) if the round reads a vertex of an earlier round of which nothing is known.
        """
        self._name_own(t)
        pieces = (*self._gates(t), *self._copies(t), *self._controls(t), self.code[np.array(carried, np.int64)])
        steps, parts = self.rounds.parts.net.steps, self.rounds.parts
        head = (t % 2 if len(parts.driven) == 1 else 0, t == 1, t == steps, known, [len(piece) for piece in pieces])
        return sha256_of(repr(head).encode(), *(np.ascontiguousarray(piece).data for piece in pieces))

    def _name_own(self, t: int) -> None:
        """Codes for the round's own gates, digits and random bits."""
        rounds, layers, code = self.rounds, self.rounds.layers, self.code
        copies, bits = layers.copies[t], rounds.memories.bits
        code[layers.gates[t]] = np.arange(len(layers.gates[t]))
        code[rounds.parts.digits[copies]] = DIGIT_CODE + 64 * np.arange(len(copies))[:, None] + np.arange(bits)
        code[rounds.random(t)] = RANDOM_CODE + np.arange(rounds.random_bits)

    def _gates(self, t: int) -> tuple[Any, ...]:
        rounds, flat, gates = self.rounds, self.rounds.parts.flat, self.rounds.layers.gates[t]
        owner, at = rounds.edges(gates)
        operands = 2 * self.code[flat.sources[at]] + (flat.weights[at] < 0)
        if (operands < 0).any():
            i = int(np.argmax(operands < 0))
            edge = (int(flat.sources[at[i]]), int(gates[owner[i]]))
            raise NetworkRefused("k", unknown_vertex(t), edge=edge)
        order, reader = np.lexsort((operands, owner)), rounds.layers.reader[gates]
        return rounds.needs[gates], owner, operands[order], reader > t, reader > t + 1

    def _copies(self, t: int) -> tuple[Any, ...]:
        memories, copies = self.rounds.memories, self.rounds.layers.copies[t]
        driven = self.code[memories.driver[copies]], memories.acts_at[copies]
        return *driven, memories.row[copies], self.rounds.layers.wound[copies]

    def _controls(self, t: int) -> tuple[Any, ...]:
        rounds = self.rounds
        which = rounds.places(rounds.layers.controls[t])
        driven = rounds.operands[which]
        codes = np.where(driven >= 0, self.code[driven], -1)
        alike = rounds.symmetric[rounds.table[which]]
        codes[alike] = np.sort(codes[alike], axis=1)
        if (self.code[driven[driven >= 0]] < 0).any():
            what = "reads a vertex of an earlier round that carries no function of the machine's state"
            raise NetworkRefused("k", f"a control of round {t} {what}")
        return codes, rounds.table[which], rounds.parts.to_output[which]


def unknown_vertex(t: int) -> str:
    """What is wrong with a round that reads a vertex of which nothing is known.

    >>> unknown_vertex(3)
    "round 3 reads a vertex of an earlier round that carries no function of the machine's state then"
    """
    return f"round {t} reads a vertex of an earlier round that carries no function of the machine's state then"
