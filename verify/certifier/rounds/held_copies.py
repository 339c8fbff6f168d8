"""A round's copies against the value at which the output is held in its step (premises c, g and j)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from constructions.computation.query_machine import QueryMachine
from constructions.networks.signed_memory import HELD
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.memories import Memories
from verify.certifier.rounds.decoding import Decoding, RecordReading
from verify.certifier.rounds.network_rounds import NetworkRounds


@dataclass(frozen=True, kw_only=True, eq=False)
class HeldCopies:
    """Checks the copies of rounds, whose records a decoder (``decoding``) makes answers of a machine, and keeps how far
    answers can be off: ``readings`` maps what copies record to the tolerance of the answers that are read off it.

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
    >>> copies = HeldCopies(rounds=rounds, machine=machine, decoding=found.finding.decoding)
    >>> copies.check(1, Fraction(-73, 64))  # the output is held 9/8 rho beyond 0, where it is flat
    >>> str(copies.tolerance), len(copies.readings)
    ('19/24', 1)
    """

    rounds: NetworkRounds
    machine: QueryMachine
    decoding: Decoding
    readings: dict[RecordReading, Fraction] = field(default_factory=dict)

    @property
    def tolerance(self) -> Fraction:
        """All answers so far are within this of the batch means of their queries."""
        return tolerance_of(self.readings)

    def check(self, t: int, pre: Fraction) -> None:
        """The output is strictly inside its piece in step t, every copy of the round is a memory at this offset, and
        answers are within a tolerance, which is added to ``readings``.

        Parameters
        ----------
        pre : the output's pre-activation in step t, on every sample.

        Raises
        ------
        NetworkRefused (g) if the output may not be held there; (c) for a copy that is no memory then, or one of Q
        where Q' is due; (j) if the copies have different path gains.
        """
        offset = self._offset(t, pre)
        self._check_memories(t, offset)
        reading = self.rounds.reading(t, offset)
        if reading not in self.readings:
            asks = self.machine.parallel > 0
            self.readings[reading] = self.decoding.tolerance(reading, self.machine) if asks else Fraction(0)

    def _offset(self, t: int, pre: Fraction) -> Fraction:
        """o, where the output is held at -o rho in odd steps and at 1 + o rho in even ones."""
        net, odd = self.rounds.parts.net, t % 2 == 1
        if not (-3 < pre < -1 if odd else 0 < pre < 2):
            raise NetworkRefused("g", f"the output's pre-activation is {pre} in step {t}", vertex=net.output)
        offset = offset_of(t, pre, net.rho)
        if not 0 < offset * net.rho < 1:
            value = -offset * net.rho if odd else 1 + offset * net.rho
            raise NetworkRefused("g", f"the output is held at {value} in step {t}", vertex=net.output)
        return offset

    def _check_memories(self, t: int, offset: Fraction) -> None:
        parts, memories, odd = self.rounds.parts, self.rounds.memories, t % 2 == 1
        copies = self.rounds.layers.copies[t]
        assert isinstance(memories, Memories)
        for row in set(memories.row[copies].tolist()):
            vertex = int(parts.copies[copies[int(np.argmax(memories.row[copies] == row))], 0])
            if (memories.gain(row) > 0) is not odd:
                raise NetworkRefused("c", f"a copy of Q{chr(39) if odd else ''} in step {t}", vertex=vertex)
            memories.check(row, offset, parts, vertex)


def offset_of(t: int, pre: Fraction, rho: Fraction) -> Fraction:
    """o for a pre-activation of the output in step t: by how many rho it is held beyond the label.

    >>> str(offset_of(1, Fraction(-9, 8), Fraction(1, 8))), str(offset_of(2, Fraction(9, 8), Fraction(1, 8)))
    ('1', '1')
    """
    return (-pre - 1 if t % 2 else pre - 1) / rho


def tolerance_of(readings: Mapping[RecordReading, Fraction]) -> Fraction:
    """The largest tolerance of some readings; 0 if there is none.

    >>> tolerance_of({})
    Fraction(0, 1)
    """
    return max(readings.values(), default=Fraction(0))


class SidedCopies:
    """Holds copies with two sides, which answer without error, against the value at which the output is held.

    >>> copies = SidedCopies(output=7)
    >>> copies.check(1, Fraction(1, 2))
    >>> copies.tolerance, copies.readings
    (Fraction(0, 1), {})
    >>> copies.check(2, Fraction(1, 4))
    Traceback (most recent call last):
        ...
    verify.certifier.refusal.NetworkRefused: (g) the output's pre-activation is the round's on every sample, strictly \
inside its piece: the output is held at 1/4 in step 2, and not at 1/2, at vertex 7
    """

    def __init__(self, output: int) -> None:
        self.output, self.tolerance = output, Fraction(0)
        self.readings: dict[RecordReading, Fraction] = {}

    def check(self, t: int, pre: Fraction) -> None:
        """The output is held at 1/2 in step t. (That each copy is a memory was seen before.)

        Raises
        ------
        NetworkRefused
            (g) if it is not; ``pre`` is its pre-activation.
        """
        if pre != HELD:
            raise NetworkRefused("g", f"the output is held at {pre} in step {t}, and not at {HELD}", vertex=self.output)
