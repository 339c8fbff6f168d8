"""Arithmetic of GF(2^n) as gates: elements are lists of n literals, lowest coefficient first.

A sum is an exclusive or, place by place. A product is n^2 ANDs, whose diagonals are added up, and a reduction by the
modulus, which is linear. So are squares and the products with a fixed element: each place of the result is the parity
of some places of the operand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from constructions.computation.arithmetic import Literals
from constructions.computation.builder import FALSE, Builder
from constructions.strip.binary_field import BinaryField


@dataclass(frozen=True, slots=True)
class FieldGates:
    """Writes the operations of a field into a builder.

    Parameters
    ----------
    builder : what the gates are written into. field : GF(2^n).

    >>> from constructions.computation.builder import Builder
    >>> field, builder = BinaryField(3), Builder()
    >>> gates = FieldGates(builder, field)
    >>> a, b = ([builder.input(f"{name}{i}") for i in range(3)] for name in "ab")
    >>> for i, literal in enumerate(gates.times(a, b)):
    ...     builder.output(f"c{i}", literal)
    >>> given = {"a0": 1, "a1": 0, "a2": 1, "b0": 0, "b1": 1, "b2": 1}  # 5 and 6
    >>> found = builder.circuit().evaluate(given)
    >>> sum(bit << int(name[1:]) for name, bit in found.items()) == field.times(5, 6)
    True
    >>> from constructions.computation.builder import FALSE, TRUE
    >>> five = [TRUE, FALSE, TRUE]  # constants, so nothing is written
    >>> gates.times(five, gates.inverse(five)) == [TRUE, FALSE, FALSE], len(gates.odd_powers(five, 3))
    (True, 3)
    """

    builder: Builder
    field: BinaryField

    def plus(self, *parts: Literals) -> Literals:
        """The sum of some elements."""
        return [reduce(self.builder.xor, places) for places in zip(*parts, strict=True)]

    def times(self, a: Literals, b: Literals) -> Literals:
        """The product of two elements, ``a`` and ``b``."""
        n = self.field.n
        columns: list[Literals] = [[] for _ in range(2 * n - 1)]
        for i, x in enumerate(a):
            for j, y in enumerate(b):
                columns[i + j].append(self.builder.both(x, y))
        return self.linear(reduction(self.field), [reduce(self.builder.xor, column) for column in columns])

    def linear(self, rows: Sequence[int], a: Literals) -> Literals:
        """Of each row, a mask of places, the parity of these places of ``a``."""
        found = []
        for row in rows:
            chosen = [literal for j, literal in enumerate(a) if row >> j & 1]
            found.append(reduce(self.builder.xor, chosen) if chosen else FALSE)
        return found

    def squared(self, a: Literals) -> Literals:
        """The square of an element."""
        return self.linear(square_rows(self.field), a)

    def scaled(self, a: Literals, by: int) -> Literals:
        """The product of ``a`` with the fixed element ``by``."""
        return self.linear(scale_rows(self.field, by), a)

    def inverse(self, a: Literals) -> Literals:
        """The inverse of an element other than 0, a^2 a^4 ... a^(2^(n-1)); 0 for 0 if n > 1."""
        square, found = a, None
        for _ in range(self.field.n - 1):
            square = self.squared(square)
            found = square if found is None else self.times(found, square)
        return a if found is None else found

    def masked(self, bit: int, a: Literals) -> Literals:
        """The element if a bit is set, else 0."""
        return [self.builder.both(bit, literal) for literal in a]

    def chosen(self, bit: int, yes: Literals, no: Literals) -> Literals:
        """The element ``yes`` where a ``bit`` is set, else ``no``."""
        return [self.builder.mux(bit, x, y) for x, y in zip(yes, no, strict=True)]

    def nonzero(self, *parts: Literals) -> int:
        """Whether some of the elements is not 0."""
        return self.builder.some([literal for part in parts for literal in part])

    def odd_powers(self, a: Literals, many: int) -> list[Literals]:
        """a, a^3, a^5, ...: so many of them."""
        square, found = self.squared(a), [a]
        while len(found) < many:
            found.append(self.times(found[-1], square))
        return found


def rows_of(images: Sequence[int], n: int) -> list[int]:
    """The masks of a linear map to n places, given the images of the places of its operand.

    >>> rows_of([1, 3], 2)
    [3, 2]
    """
    return [sum(1 << j for j, image in enumerate(images) if image >> i & 1) for i in range(n)]


def reduction(field: BinaryField) -> list[int]:
    """The reduction of a product's 2n - 1 coefficients, as masks.

    >>> reduction(BinaryField(2))  # x^2 = x + 1
    [5, 6]
    """
    return rows_of([_power(field, place) for place in range(2 * field.n - 1)], field.n)


def _power(field: BinaryField, place: int) -> int:
    """x^place in the field."""
    return reduce(lambda found, _: field.times(found, 2), range(place), 1)


def square_rows(field: BinaryField) -> list[int]:
    """Squaring in a field, as masks.

    >>> square_rows(BinaryField(2))
    [3, 2]
    """
    return rows_of([field.squared(1 << i) for i in range(field.n)], field.n)


def scale_rows(field: BinaryField, by: int) -> list[int]:
    """The product with an element ``by`` of a field, as masks.

    >>> scale_rows(BinaryField(2), 2)
    [2, 3]
    """
    return rows_of([field.times(1 << i, by) for i in range(field.n)], field.n)


def trace(field: BinaryField, a: int) -> int:
    """The trace a + a^2 + ... + a^(2^(n-1)) of an element of a ``field``, 0 or 1.

    >>> [trace(BinaryField(2), a) for a in range(4)]
    [0, 0, 1, 1]
    """
    found = 0
    for _ in range(field.n):
        found, a = found ^ a, field.squared(a)
    return found


def dual_basis(field: BinaryField) -> list[int]:
    """The elements d_0, ..., d_(n-1) of a field with Tr(d_i a) = bit i of a.

    >>> field = BinaryField(3)
    >>> all(trace(field, field.times(d, a)) == a >> i & 1 for i, d in enumerate(dual_basis(field)) for a in range(8))
    True
    """
    n = field.n
    rows = [sum(trace(field, field.times(1 << j, 1 << i)) << j for j in range(n)) | 1 << (n + i) for i in range(n)]
    for j in range(n):  # Gauss and Jordan; row i says which bits of d make Tr(d x^i), and which i it has taken
        pivot = next(i for i in range(j, n) if rows[i] >> j & 1)
        rows[j], rows[pivot] = rows[pivot], rows[j]
        rows = [row ^ rows[j] if i != j and row >> j & 1 else row for i, row in enumerate(rows)]
    return [sum((rows[j] >> (n + i) & 1) << j for j in range(n)) for i in range(n)]
