"""bn + 1 queries with values 1 and -1 that determine every batch of b points: the constant 1, and (-1)^(bit i of x^e).

A point of n bits is an element of GF(2^n); i goes over the n bits and e over the odd numbers 1, 3, ..., 2b - 1. A batch
is known by its *balance* G, the number of its points x with label 0 less those with label 1, for each x. The mean of
(-1)^y r(x) over the batch is <G, r>/b. The answers <G, r> determine G among all integer functions with |G|_1 <= b: the
odd entries of a difference (at most 2b of them) would be a set of points whose number is even and whose odd powers up
to 2b - 1 add up to 0, which is empty (Vandermonde); so all entries are even, can be halved, and the argument goes on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number, whole
from constructions.learning.problems import Bits, Point
from constructions.strip.binary_field import BinaryField

Balance = Mapping[Bits, int]


def queries_of(n: Number, b: Number) -> Number:
    """How many queries determine every batch of ``b`` points of ``n`` bits: bn + 1.

    >>> queries_of(32, 40)
    1281
    """
    return b * n + 1


def last_exponent(b: Number) -> Number:
    """The largest exponent of the queries for batches of ``b`` points: 2b - 1.

    >>> last_exponent(40)
    79
    """
    return 2 * b - 1


def halved(ones: Number, of_query: Number) -> Number:
    """How often the bit of a query is 1 in a balance, from the sum of the balance, ``ones``, and its product
    with the query, ``of_query`` (the query is 1 - 2 bit).

    >>> halved(3, 1)
    Fraction(1, 1)
    """
    return (ones - of_query) * Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class PowerFamily:
    """The queries for batches of ``b`` points of ``n`` bits.

    Raises
    ------
    ConstructionError
        For b or n below 1, or a point of another number of bits.

    >>> family = PowerFamily(2, 2)
    >>> family.size, family.values((1, 0)), family.values((0, 0))
    (5, (1, -1, 1, -1, 1), (1, 1, 1, 1, 1))
    >>> family.element((1, 0)), family.point(2)
    (1, (0, 1))
    >>> family.answers({(1, 0): 1, (0, 0): -1})
    (0, -2, 0, -2, 0)
    """

    n: int
    b: int

    def __post_init__(self) -> None:
        for name in ("n", "b"):
            whole(getattr(self, name), where=f"{name} of a family of queries", least=1)

    @property
    def field(self) -> BinaryField:
        """GF(2^n)."""
        return BinaryField(self.n)

    @property
    def size(self) -> int:
        """The number of queries, bn + 1."""
        return int(queries_of(self.n, self.b))

    def element(self, x: Bits) -> int:
        """The element that is the point x: its first bit is the lowest. Raises ConstructionError for another number of
        bits."""
        if len(x) != self.n or any(bit not in (0, 1) for bit in x):
            raise ConstructionError(f"need a point of {self.n} bits, got {x}")
        return sum(bit << i for i, bit in enumerate(x))

    def point(self, element: int) -> Bits:
        """The point that is an element."""
        return tuple(element >> i & 1 for i in range(self.n))

    def values(self, x: Bits) -> tuple[int, ...]:
        """The values of all queries at a point: the constant, then for each exponent those of the n bits."""
        return _values(self, self.element(x))

    def answers(self, balance: Balance) -> tuple[int, ...]:
        """The products <G, r> of a balance with all queries."""
        found = [0] * self.size
        for x, many in balance.items():
            if many:
                found = [total + many * value for total, value in zip(found, self.values(x), strict=True)]
        return tuple(found)


@lru_cache(maxsize=4096)
def _values(family: PowerFamily, element: int) -> tuple[int, ...]:
    powers = family.field.odd_powers(element, (int(last_exponent(family.b)) + 1) // 2)
    return (1, *(1 - 2 * (power >> i & 1) for power in powers for i in range(family.n)))


def balance_of(batch: Iterable[Point]) -> dict[Bits, int]:
    """The balance of a batch: points with label 0 less those with label 1, where that is not 0.

    >>> balance_of([((0,), 0), ((0,), 0), ((1,), 1), ((1,), 0)])
    {(0,): 2}
    """
    found: dict[Bits, int] = {}
    for x, y in batch:
        found[x] = found.get(x, 0) + 1 - 2 * y
    return {x: many for x, many in sorted(found.items()) if many}


def balances(n: int, b: int) -> Iterator[dict[Bits, int]]:
    """All balances of batches of ``b`` points of ``n`` bits whose labels are a function of the point: the integer
    functions with |G|_1 = b.

    >>> [list(each.values()) for each in balances(1, 1)]
    [[1], [-1], [1], [-1]]
    """
    points = [tuple(element >> i & 1 for i in range(n)) for element in range(1 << n)]

    def spread(left: int, at: int) -> Iterator[dict[Bits, int]]:
        if at == len(points) or not left:
            if not left:
                yield {}
            return
        yield from spread(left, at + 1)
        for many in range(1, left + 1):
            for rest in spread(left - many, at + 1):
                yield {points[at]: many, **rest}
                yield {points[at]: -many, **rest}

    return spread(b, 0)
