"""The decoder of whole batches as gates (Lemma 10's hypothesis): from the exact sums <G, r> to the batch.

The sums of a balance G with the queries of a family (:mod:`constructions.strip.family`) are numbers in two's
complement. G is read digit by digit, as :mod:`constructions.strip.decoding` does it, but in two's complement as well:
digit k of G(x) is 1 on a set U_k of at most b points, whose odd powers add up to the lowest digits of what is left of
the sums. The points of U_k other than 0 are located (:mod:`constructions.computation.root_gates`), 0 is told by their
number; they are taken off what is left, which is halved, and b slots collect the points with their digits. After
bit_length(b) + 1 digits nothing is left.

Whether the slots have the given sums and a norm of at most b is an output of its own: answers of no batch are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from constructions.computation import arithmetic
from constructions.computation.arithmetic import Literals
from constructions.computation.builder import FALSE, Builder
from constructions.computation.field_gates import FieldGates
from constructions.computation.flat import FlatCircuit
from constructions.computation.root_gates import FoundPoint, located_points
from constructions.strip.family import PowerFamily


def digits_of_entries(b: int) -> int:
    """How many digits, in two's complement, hold the integers from -b to b, for batches of ``b`` points.

    >>> [digits_of_entries(b) for b in (1, 2, 3, 4)]
    [2, 3, 3, 4]
    """
    return b.bit_length() + 1


@dataclass(slots=True)
class Slot:
    """A place for a point other than 0: its bits, whether it is taken, and the digits of its entry."""

    bits: Literals
    taken: int
    entry: Literals


@dataclass(frozen=True, slots=True)
class DecodedBatch:
    """What is found: for each of b + 1 places the bits of a point, in ``points``, and its entry of the balance (0 if
    there is none), in ``entries``; the last place is the point 0. ``agrees`` says that the sums are those of this
    balance and its norm is at most b."""

    points: list[Literals]
    entries: list[Literals]
    agrees: int


@dataclass(frozen=True, slots=True)
class BatchGates:
    """Writes the decoder of a family of queries into a builder.

    Parameters
    ----------
    builder : what the gates are written into. family : the queries.

    >>> family = PowerFamily(2, 2)
    >>> circuit = decoder_circuit(family)
    >>> sums = family.answers({(1, 0): 2})
    >>> found = circuit.evaluate(given_sums(family, sums))
    >>> read_balance(family, found), read_balance(family, circuit.evaluate(given_sums(family, [2, 2, 2, 2, 0])))
    ({(1, 0): 2}, None)
    >>> builder = Builder()
    >>> written = BatchGates(builder, family).decoded([[FALSE] * 3] * 5)  # constants, so nothing is written
    >>> written.entries[0] == [FALSE] * 3, len(builder)
    (True, 0)
    """

    builder: Builder
    family: PowerFamily

    @property
    def gates(self) -> FieldGates:
        """The operations of GF(2^n)."""
        return FieldGates(self.builder, self.family.field)

    @property
    def width(self) -> int:
        """The digits of an entry."""
        return digits_of_entries(self.family.b)

    def decoded(self, sums: Sequence[Literals]) -> DecodedBatch:
        """The batch whose ``sums`` with all queries, the constant first, are given in two's complement."""
        family, width = self.family, self.width
        left, slots, zero = [sums[0], *(self._ones(sums[0], total) for total in sums[1:])], [], []
        for level in range(width):
            odd = [[left[1 + e * family.n + i][0] for i in range(family.n)] for e in range(family.b)]
            found = located_points(self.gates, odd)
            at_zero = self.builder.xor(left[0][0], arithmetic.parity(self.builder, [point.there for point in found]))
            zero.append(at_zero)
            if level == 0:
                slots = [Slot(point.bits, point.there, [point.there]) for point in found]
            else:
                self._collect(slots, found)
            left = [self._halved(total, many) for total, many in zip(left, self._counts(found, at_zero), strict=True)]
        points = [*(slot.bits for slot in slots), [FALSE] * family.n]
        entries = [*(slot.entry for slot in slots), zero]
        return DecodedBatch(points, entries, self._agree(sums, points, entries))

    def _ones(self, constant: Literals, total: Literals) -> Literals:
        """Half of the difference of two sums."""
        a, b = ([*one, one[-1]] for one in (constant, total))
        return arithmetic.subtracted(self.builder, a, b)[0][1:]

    def _counts(self, found: Sequence[FoundPoint], at_zero: int) -> list[Literals]:
        """How many of the points there are, and for how many each query's bit is 1."""
        powers = [self.gates.odd_powers(point.bits, self.family.b) for point in found]
        counts = [arithmetic.counted(self.builder, [*(point.there for point in found), at_zero])]
        for e in range(self.family.b):
            for i in range(self.family.n):
                counts.append(arithmetic.counted(self.builder, [power[e][i] for power in powers]))
        return counts

    def _halved(self, total: Literals, many: Literals) -> Literals:
        """Half of what is left of a sum when so many are taken off."""
        width = len(total)
        other = [*many, *[FALSE] * (width + 1 - len(many))]
        return arithmetic.subtracted(self.builder, [*total, total[-1]], other)[0][1:]

    def _collect(self, slots: list[Slot], found: Sequence[FoundPoint]) -> None:
        """Set the next digit of the entries of the points that were found; a new point takes the next free slot."""
        builder, digits = self.builder, [FALSE] * len(slots)
        for point in found:
            same = [
                builder.every([point.there, slot.taken, arithmetic.same(builder, slot.bits, point.bits)])
                for slot in slots
            ]
            new = builder.both(point.there, builder.some(same) ^ 1)
            for s, slot in enumerate(slots):
                here = builder.every([new, slot.taken ^ 1])
                new = builder.both(new, slot.taken)
                slot.bits = self.gates.chosen(here, point.bits, slot.bits)
                slot.taken = builder.either(slot.taken, here)
                digits[s] = builder.some([digits[s], same[s], here])
        for slot, digit in zip(slots, digits, strict=True):
            slot.entry = [*slot.entry, digit]

    def _agree(self, sums: Sequence[Literals], points: list[Literals], entries: list[Literals]) -> int:
        """Whether the entries have these sums with all queries, and a norm of at most b."""
        builder, family = self.builder, self.family
        wide = self.width + len(points).bit_length()
        longer = [[*entry, *[entry[-1]] * (wide - len(entry))] for entry in entries]
        powers = [self.gates.odd_powers(point, family.b) for point in points]
        signs = [[FALSE] * len(points)]
        signs += [[power[e][i] for power in powers] for e in range(family.b) for i in range(family.n)]
        fits = [
            arithmetic.same(builder, self._total(longer, negative), [*given, *[given[-1]] * (wide - len(given))])
            for negative, given in zip(signs, sums, strict=True)
        ]
        norm = self._total(longer, [entry[-1] for entry in entries])
        most = [FALSE ^ (family.b >> i & 1) for i in range(wide)]
        return builder.every([*fits, arithmetic.less(builder, most, norm) ^ 1])

    def _total(self, numbers: Sequence[Literals], negative: Sequence[int]) -> Literals:
        """The sum of some numbers, each with a sign."""
        total = [FALSE] * len(numbers[0])
        for number, minus in zip(numbers, negative, strict=True):
            flipped = [self.builder.xor(minus, bit) for bit in number]
            total = arithmetic.added(self.builder, total, flipped, minus)[0]
        return total


def decoder_circuit(family: PowerFamily) -> FlatCircuit:
    """The decoder of a family as a circuit: inputs ``sum j i``, outputs ``point s i``, ``entry s i`` and ``agrees``."""
    builder = Builder()
    gates = BatchGates(builder, family)
    sums = [[builder.input(f"sum {j} {i}") for i in range(gates.width)] for j in range(family.size)]
    found = gates.decoded(sums)
    for s, (point, entry) in enumerate(zip(found.points, found.entries, strict=True)):
        for name, literals in (("point", point), ("entry", entry)):
            for i, literal in enumerate(literals):
                builder.output(f"{name} {s} {i}", literal)
    builder.output("agrees", found.agrees)
    return builder.circuit()


def given_sums(family: PowerFamily, sums: Sequence[int]) -> dict[str, int]:
    """The inputs of a family's decoder for these ``sums``."""
    width = digits_of_entries(family.b)
    return {f"sum {j} {i}": total >> i & 1 for j, total in enumerate(sums) for i in range(width)}


def read_balance(family: PowerFamily, found: dict[str, int], lane: int = 0) -> dict[tuple[int, ...], int] | None:
    """The balance that the outputs of a family's decoder, ``found``, say in one ``lane``; None if the sums are
    refused."""
    if not found["agrees"] >> lane & 1:
        return None
    n, width, balance = family.n, digits_of_entries(family.b), {}
    for s in range(family.b + 1):
        entry = sum((found[f"entry {s} {i}"] >> lane & 1) << i for i in range(width))
        many = entry - (1 << width) * (entry >> (width - 1))
        if many:
            balance[tuple(found[f"point {s} {i}"] >> lane & 1 for i in range(n))] = many
    return dict(sorted(balance.items()))
