"""How many gates the decoder of whole batches has, before equal ones are merged and constants are folded.

M and S stand for the gates of a product and of a square in GF(2^n), which depend on the modulus a little. The largest
part, finding b points one after the other for each of bit_length(b) + 1 digits, takes about 2 b^3 n products, so that
the whole is of the order b^3 n^3 log b.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from constructions.computation.batch_gates import digits_of_entries
from constructions.computation.field_gates import dual_basis, reduction, scale_rows, square_rows
from constructions.computation.operation_gates import GATE, XOR, added, chosen, less, same
from constructions.strip.family import PowerFamily


def linear_gates(rows: Sequence[int]) -> int:
    """The gates of a linear map that is given by ``rows`` of masks.

    >>> linear_gates([0b111, 0b001])
    6
    """
    return XOR * sum(max(row.bit_count() - 1, 0) for row in rows)


def counted_gates(many: int) -> int:
    """The gates of the number of set bits among so ``many``.

    >>> counted_gates(1), counted_gates(3)
    (0, 36)
    """
    if many == 1:
        return 0
    return counted_gates(many // 2) + counted_gates(many - many // 2) + int(added(many.bit_length()))


@dataclass(frozen=True, slots=True)
class BatchGateSizes:
    """The gates of the parts of a decoder.

    Parameters
    ----------
    family : the queries, for batches of b points of n bits.

    >>> sizes = BatchGateSizes(PowerFamily(2, 2))
    >>> sizes.times, sizes.squared, sizes.located, sizes.decoder
    (13, 3, 1149, 5959)
    """

    family: PowerFamily

    @property
    def n(self) -> int:
        """The bits of a point."""
        return self.family.n

    @property
    def b(self) -> int:
        """The points of a batch."""
        return self.family.b

    @property
    def plus(self) -> int:
        """The gates of a sum of two elements."""
        return XOR * self.n

    @property
    def times(self) -> int:
        """M."""
        return self.n**2 + XOR * (self.n - 1) ** 2 + linear_gates(reduction(self.family.field))

    @property
    def squared(self) -> int:
        """S."""
        return linear_gates(square_rows(self.family.field))

    @property
    def odd_powers(self) -> int:
        """The gates of b odd powers."""
        return self.squared + (self.b - 1) * self.times

    def products(self, many: int) -> int:
        """The gates of a sum of so ``many`` products."""
        return many * self.times + (many - 1) * self.plus

    @property
    def _locator(self) -> int:
        """The gates of the shortest recurrence."""
        b, width = self.b, (2 * self.b).bit_length() + 2
        wrong = sum(self.products(min(2 * j, b) + 1) for j in range(b))
        polynomials = self.times + b * self.products(2) + (b + 2) * int(chosen(self.n))
        return wrong + b * (polynomials + 2 * GATE + 2 * int(added(width)) + int(chosen(width)))

    @property
    def _monic(self) -> int:
        """The gates of the division by the lowest coefficient."""
        inverse = (self.n - 1) * self.squared + max(self.n - 2, 0) * self.times
        return inverse + self.b * self.times

    @property
    def _traces(self) -> int:
        """The gates of the polynomials that return the bits of a root."""
        n, b, field = self.n, self.b, self.family.field
        powers = (n - 1) * (b * self.squared + b * (b - 1) * (self.times + self.plus))
        scaled = 0
        for by in dual_basis(field):
            for _ in range(n):
                scaled, by = scaled + linear_gates(scale_rows(field, by)), field.squared(by)
        return powers + b * (scaled + n * (n - 1) * self.plus)

    @property
    def _least(self) -> int:
        """The gates of the least point of a set."""
        b = self.b
        return GATE + self.n * ((2 * b - 1) * self.products(b) + b * (self.plus + int(chosen(self.n))) + GATE)

    @property
    def located(self) -> int:
        """The gates that find all points of a set."""
        b, sums = self.b, self.b * self.squared
        return (
            sums
            + self._locator
            + self._monic
            + self._traces
            + b * (self._least + self.odd_powers + sums + b * self.plus)
        )

    @property
    def _collected(self) -> int:
        """The gates that put the points of a digit into the slots."""
        b, n = self.b, self.n
        return b * (b * (int(same(n)) + GATE) + 2 * GATE + b * (int(chosen(n)) + 4 * GATE))

    @property
    def _compared(self) -> int:
        """The gates that compare what was found with the sums."""
        b, queries, wide = self.b, self.family.size, digits_of_entries(self.b) + (self.b + 1).bit_length()
        total = (b + 1) * (XOR * wide + int(added(wide)))
        return (b + 1) * self.odd_powers + (queries + 1) * total + queries * int(same(wide)) + GATE + int(less(wide))

    @property
    def decoder(self) -> int:
        """The gates of the whole."""
        b, width, queries = self.b, digits_of_entries(self.b), self.family.size
        halved = int(added(width + 1))
        counts = b * self.odd_powers + counted_gates(b + 1) + (queries - 1) * counted_gates(b)
        level = self.located + XOR * (b + 1) + counts + queries * halved
        return (queries - 1) * halved + width * level + (width - 1) * self._collected + self._compared
