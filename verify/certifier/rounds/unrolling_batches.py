"""One round of a machine for whole batches as a circuit: where its queries are -1, and the next state from the digits
of the copies.

As for a query machine (:mod:`verify.certifier.rounds.unrolling`), but a copy with two sides is asked a whole query, and
an answer is told by comparisons: its bit i says whether the record is at least the number i of the *thresholds*. A copy
reads the middle of its range less its record.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil

from constructions.computation import arithmetic
from constructions.computation.batch_machine import BatchMachine
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.flat import FlatCircuit
from constructions.foundations.exact import Number, rational
from verify.certifier.rounds.decoding import Decoding
from verify.certifier.rounds.unrolling import Role, UnrolledMachine


def reached_at(gain: Number, least: Number, points: Number, rho: Number) -> Number:
    """The record from which on the sum over the ``points`` of a batch is at least ``least``, by the path ``gain`` of
    the plus side and the precision rho: half way between those of ``least`` - 2 and of ``least``.

    >>> str(reached_at(Fraction(2), Fraction(2), Fraction(2), Fraction(13, 20)))
    '10/13'
    """
    return gain * (least - 1) / (2 * points * rho)


def records_of(gain: Fraction, points: int, rho: Fraction) -> tuple[int, ...]:
    """The least records at which the sum over b points is at least 2 - b, 4 - b, ..., b, by the path ``gain`` of the
    plus side, the number b of ``points`` and the precision rho.

    >>> records_of(Fraction(2), 2, Fraction(13, 20))
    (0, 1)
    """
    sums = (Fraction(2 * i - points) for i in range(1, points + 1))
    return tuple(ceil(rational(reached_at(gain, least, points, rho), where="a record")) for least in sums)


class UnrolledBatchMachine(UnrolledMachine):
    """A machine for whole batches, its circuits taken out once; ``thresholds`` are those of :func:`records_of`.

    >>> from constructions.computation.batch_machine import batch_machine
    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> from constructions.strip.family import PowerFamily
    >>> machine = batch_machine(fed(parity_learner(1), 1), PowerFamily(1, 1), rounds=1)
    >>> unrolled, builder = UnrolledBatchMachine(machine, (0,)), Builder()
    >>> x, state = [builder.input("x")], [builder.input(name) for name in unrolled.states]
    >>> found = unrolled.digits(builder, x, state, 0)
    >>> found[Role(0, 0)] == FALSE, found[Role(1, 0)] == x[0]  # the constant 1, and (-1)^x
    (True, True)
    >>> [unrolled.answer(builder, [low, high]) for low, high in ((FALSE, TRUE), (TRUE, TRUE))] == [[TRUE], [FALSE]]
    True
    >>> str(Role(1, 0)), unrolled.within_one(builder)
    ('digit 1 of the positive part of query 1', True)
    """

    given: BatchMachine

    def __init__(self, machine: BatchMachine, thresholds: Sequence[int]) -> None:
        super().__init__(machine)
        self.thresholds = tuple(thresholds)

    def digit_circuit(self, d: int) -> tuple[FlatCircuit, dict[str, Role]]:
        """(x, state) to where each query is -1, with the role of each output; d is not looked at."""
        if 0 not in self._digits:
            builder = Builder()
            x, state = self._free(builder)
            named = self.port("x", x) | dict(zip(self.states, state, strict=True))
            found = self.stamp(builder, self.query, named)
            roles = {f"query{j}": Role(j, 0) for j in range(self.given.parallel)}
            self._digits[0] = builder.circuit(None, {name: found[name] for name in roles}), roles
        return self._digits[0]

    def within_one(self, circuit: Builder, invariant: Iterable[Sequence[tuple[int, int]]] = ()) -> bool:
        """Query values are 1 and -1."""
        return True

    def answer(self, builder: Builder, digits: Sequence[int]) -> list[int]:
        """The bits of an answer from the digits of a copy, written by a ``builder``."""
        found, top = [], 1 << len(digits)
        for least in self.thresholds:
            most = (top >> 1) - least
            bound = [TRUE if most >> i & 1 else FALSE for i in range(len(digits))]
            inside = 0 <= most < top
            at_least = arithmetic.less(builder, list(digits), bound, equal=True) if inside else None
            found.append((TRUE if most >= top else FALSE) if at_least is None else at_least)
        return found

    def next_circuit(self, decoding: Decoding, bits: int) -> tuple[FlatCircuit, list[Role]]:
        """(records, random bits, state) to the next state and the bits of the answers, with the roles of the
        records."""
        if (decoding, bits) not in self._next:
            builder = Builder()
            roles = [Role(j, 0) for j in range(self.given.parallel)]
            records: Mapping[Role, list[int]] = {
                role: [builder.input(f"record {role.query} {i}") for i in range(bits)] for role in roles
            }
            random = [builder.input(f"random {i}") for i in range(self.given.random_bits)]
            state = [builder.input(f"state {i}") for i in range(len(self.states))]
            known = dict(zip(self.states, state, strict=True)) | self.port("random", random)
            told = {role.query: self.answer(builder, record) for role, record in records.items()}
            for j, answer in told.items():
                known |= self.port(f"answer{j}", answer)
            found = self.stamp(builder, self.update, known)
            outputs = {f"next {i}": found[name] for i, name in enumerate(self.states)}
            outputs |= {f"sum {j} {i}": bit for j, answer in told.items() for i, bit in enumerate(answer)}
            self._next[decoding, bits] = builder.circuit(None, outputs), roles
        return self._next[decoding, bits]
