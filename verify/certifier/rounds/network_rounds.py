"""The rounds of a network as the proofs see them: gates by their operands, controls by their tables, no arrays.

What each vertex is, and which round it belongs to, was found before (``verify/certifier/roles``); here it is only
looked up. Nothing in this module changes after it is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.gates import Table, tables
from verify.certifier.roles.layers import Layers, constants
from verify.certifier.roles.memories import Memories
from verify.certifier.roles.parts import DIGIT, GATE, KINDS, RANDOM, Halves, Integers, Parts, heads_of
from verify.certifier.roles.sides import SidedMemories
from verify.certifier.rounds.decoding import RecordReading
from verify.certifier.rounds.phases import Control, NetworkRound, Row


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkRounds:
    """A network by rounds.

    Parameters
    ----------
    parts : what each vertex is. needs : (N,) how many of its literals each gate needs. layers : the round of each
        vertex, and the last round that reads it. memories : the copies by their rows of weights. random_bits : how
        many random bits a round has.

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
    >>> rounds.check_readers()
    >>> first = rounds.round(1, carried=[])
    >>> len(first.gates), len(first.digits), len(first.controls), first.last
    (134, 3, 5, True)
    >>> gate, control = int(found.layers.gates[1][5]), first.controls[0]
    >>> int(rounds.local[gate]), rounds.control(control.vertex) == control
    (5, True)
    >>> needs, literals = rounds.row(gate)
    >>> [int(found.parts.flat.sources[e]) for e in rounds.edges(np.array([gate]))[1]] == [u for u, _ in literals]
    True
    >>> reading = rounds.reading(1, Fraction(9, 8))
    >>> str(reading.gain), reading.bits  # the path gain of its copies, and how many digits each has
    ('3/4', 3)
    """

    parts: Parts
    needs: Halves
    layers: Layers
    memories: Memories | SidedMemories
    random_bits: int

    def check_controls(self) -> None:
        """Every control is strictly flat for all bits that drive it; NetworkRefused (d) if one is not."""
        assert len(self.operands) == len(self.parts.controls)

    def check_readers(self) -> None:
        """A digit or random bit is read in its own round alone.

        Raises
        ------
        NetworkRefused (k) if a later round reads one.
        """
        kind, layers = self.parts.kind, self.layers
        wrong = np.flatnonzero(((kind == DIGIT) | (kind == RANDOM)) & (layers.reader > layers.layer))
        if len(wrong):
            v = int(wrong[0])
            what = f"{KINDS[kind[v]]} of round {int(layers.layer[v])} that round {int(layers.reader[v])} reads"
            raise NetworkRefused("k", what, vertex=v)

    @cached_property
    def _driven(self) -> tuple[Integers, Integers, list[Table]]:
        """Operands of each control, the number of its table, and the tables."""
        controls = self.parts.controls
        if not len(controls):
            return np.zeros((0, 1), np.int64), np.zeros(0, np.int64), []
        return tables(self.parts, controls, "d")

    @property
    def operands(self) -> Integers:
        """(K, MOST_BITS) the bits that drive each control, -1 where there is none."""
        return self._driven[0]

    @property
    def table(self) -> Integers:
        """(K,) the number of each control's table."""
        return self._driven[1]

    @cached_property
    def symmetric(self) -> npt.NDArray[np.bool_]:
        """For each table whether the order of the operands does not matter."""
        return np.array([is_symmetric(table) for table in self._driven[2]], np.bool_)

    @cached_property
    def local(self) -> npt.NDArray[np.int32]:
        """(N,) the place of a gate among those of its round."""
        found = np.zeros(self.parts.flat.size, np.int32)
        for row in self.layers.gates:
            found[row] = np.arange(len(row))
        return found

    @cached_property
    def shared(self) -> Integers:
        """The vertices that no round computes: the constant, the inputs, and gates that depend on x alone."""
        return np.flatnonzero((self.layers.layer == 0) & (self.parts.kind <= GATE))

    @cached_property
    def fixed(self) -> Integers:
        """The gates that only the constant drives."""
        return np.flatnonzero(constants(self.parts, self.needs))

    @cached_property
    def _random(self) -> Integers:
        return heads_of(self.parts.net, self.parts.net.sampled)

    def random(self, t: int) -> Integers:
        """The vertices of a round's random bits."""
        return self._random[(t - 1) * self.random_bits : t * self.random_bits]

    def places(self, controls: Integers) -> Integers:
        """The places of some controls among all of them, which are in ascending order."""
        return np.asarray(np.searchsorted(self.parts.controls, controls))

    def layer(self, v: int) -> int:
        """The round of a vertex; 0 if it depends on x alone."""
        return int(self.layers.layer[v])

    def row(self, v: int) -> Row:
        """How many of its literals a gate needs, and the literals: (vertex, 1 if it is negated).

        Raises
        ------
        NetworkRefused (k) for a vertex that is no gate.
        """
        parts = self.parts
        if parts.kind[v] != GATE:
            raise NetworkRefused("k", f"{KINDS[parts.kind[v]]} that is read where it cannot be", vertex=v)
        low, high = int(parts.flat.offsets[v]), int(parts.flat.offsets[v + 1])
        edges = zip(parts.flat.sources[low:high].tolist(), parts.flat.weights[low:high].tolist(), strict=True)
        return int(self.needs[v]), [(u, int(w < 0)) for u, w in edges if u and w]

    def edges(self, gates: Integers) -> tuple[Integers, Integers]:
        """The edges into some gates from operands, of weights other than 0: the place of the gate, and the edge."""
        flat = self.parts.flat
        starts, counts = flat.offsets[gates], flat.offsets[gates + 1] - flat.offsets[gates]
        owner = np.repeat(np.arange(len(gates)), counts)
        at = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts) + starts[owner]
        kept = (flat.weights[at] != 0) & (flat.sources[at] != 0)
        return owner[kept], at[kept]

    def control(self, v: int) -> Control:
        """A control by its vertex."""
        i = int(self.places(np.array([v]))[0])
        operands = tuple(u for u in self.operands[i].tolist() if u >= 0)
        weight = Fraction(int(self.parts.to_output[i]), self.parts.flat.scale)
        return Control(vertex=v, operands=operands, table=self._driven[2][int(self.table[i])], weight=weight)

    def controls(self, t: int) -> list[Control]:
        """The controls of a round."""
        return [self.control(v) for v in self.layers.controls[t].tolist()]

    def round(self, t: int, carried: Sequence[int]) -> NetworkRound:
        """Round t; ``carried`` are vertices of earlier rounds that later rounds read."""
        parts, memories, layers = self.parts, self.memories, self.layers
        copies, gates = layers.copies[t], layers.gates[t]
        return NetworkRound(
            number=t,
            gates=np.sort(gates).tolist(),
            live=[*gates[layers.reader[gates] > t].tolist(), *carried],
            read_after_next=frozenset(gates[layers.reader[gates] > t + 1].tolist()),
            drivers=list(
                zip(memories.driver[copies].ravel().tolist(), memories.acts_at[copies].ravel().tolist(), strict=True)
            ),
            adds=self._adds(copies),
            digits=parts.digits[copies].tolist(),
            vc=parts.copies[copies][:, parts.driven].ravel().tolist(),
            controls=self.controls(t),
            random=self.random(t).tolist(),
            last=t == parts.net.steps,
            clock=np.flatnonzero(layers.wound[copies]).tolist() if len(parts.driven) > 1 else (),
        )

    def _adds(self, copies: Integers) -> list[Fraction]:
        """What each side of each of some copies adds to the output while it acts."""
        memories = self.memories
        rows = memories.row[copies].tolist()
        if isinstance(memories, SidedMemories):
            return [add for row in rows for add in memories.adds(row)]
        return [memories.adds(row) for row in rows]

    def reading(self, t: int, offset: Fraction) -> RecordReading:
        """What the copies of round t record, while the output is held ``offset`` rho beyond 0 or 1.

        Raises
        ------
        NetworkRefused (j) if the copies have different path gains.
        """
        copies, net = self.layers.copies[t], self.parts.net
        gains = {abs(self.memories.gain(row)) for row in set(self.memories.row[copies].tolist())}
        if len(gains) != 1 or not min(gains):
            what = f"copies of round {t} with different path gains"
            raise NetworkRefused("j", what, vertex=int(self.parts.copies[copies[0], 0]))
        return RecordReading(rho=net.rho, rate=net.rate, gain=gains.pop(), offset=offset, bits=self.memories.bits)


def is_symmetric(table: Table) -> bool:
    """Whether the order of the operands does not matter.

    >>> is_symmetric({(0, 0): Fraction(0), (0, 1): Fraction(2), (1, 0): Fraction(2), (1, 1): Fraction(2)})
    True
    """
    return all(value == table[tuple(sorted(bits))] for bits, value in table.items())
