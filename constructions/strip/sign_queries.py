"""Families of queries with values 1 and -1: drawn at random from a seed, all parities, or all there are.

A query is known by one integer, with a bit for each of the 2^n points, which is 1 where the query is -1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from random import Random

from constructions.errors import ConstructionError
from constructions.foundations.exact import whole
from constructions.learning.problems import Bits
from constructions.strip.family import Balance

MOST_BITS = 16
MOST_QUERIES = 2**16


@dataclass(frozen=True)
class SignQueries:
    """Queries on points of ``n`` bits for batches of ``b``.

    Parameters
    ----------
    n, b : bits of a point and points of a batch. tables : the queries.

    Raises
    ------
    ConstructionError
        For no query, too many bits, or a table of another number of points.

    >>> queries = SignQueries(1, 2, (0b00, 0b10))
    >>> queries.size, queries.values((1,)), queries.values((0,)), queries.answers({(1,): -2, (0,): 1})
    (2, (1, -1), (1, 1), (-1, 3))
    """

    n: int
    b: int
    tables: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 1 <= whole(self.n, where="n") <= MOST_BITS or whole(self.b, where="b") < 1:
            raise ConstructionError(f"need n from 1 to {MOST_BITS} and b >= 1, got n = {self.n} and b = {self.b}")
        if not self.tables or any(not 0 <= table < 2**2**self.n for table in self.tables):
            raise ConstructionError(f"need at least one query, each with a bit for {2**self.n} points")

    @property
    def size(self) -> int:
        """The number of queries."""
        return len(self.tables)

    @cached_property
    def _values(self) -> dict[Bits, tuple[int, ...]]:
        points = (tuple(place >> i & 1 for i in range(self.n)) for place in range(2**self.n))
        return {x: tuple(1 - 2 * (table >> at & 1) for table in self.tables) for at, x in enumerate(points)}

    @property
    def points(self) -> tuple[Bits, ...]:
        """All points, in the order of the bits of a table."""
        return tuple(self._values)

    def values(self, x: Bits) -> tuple[int, ...]:
        """The values of all queries at a point x. Raises ConstructionError for a point of another number of bits."""
        if x not in self._values:
            raise ConstructionError(f"need a point of {self.n} bits, got {x}")
        return self._values[x]

    def answers(self, balance: Balance) -> tuple[int, ...]:
        """The products of a balance with all queries."""
        found = [0] * self.size
        for x, many in balance.items():
            found = [total + many * value for total, value in zip(found, self.values(x), strict=True)]
        return tuple(found)


def drawn(n: int, b: int, p: int, seed: int) -> SignQueries:
    """``p`` queries on points of ``n`` bits for batches of ``b``, each value by a fair coin; the same for the same
    ``seed``.

    >>> drawn(3, 4, 5, 0) == drawn(3, 4, 5, 0), drawn(3, 4, 5, 0) == drawn(3, 4, 5, 1)
    (True, False)
    """
    source = Random(seed)
    return SignQueries(n, b, tuple(source.getrandbits(2**n) for _ in range(_many(p))))


def parities(n: int, b: int) -> SignQueries:
    """All 2^n parities of ``n`` bits, for batches of ``b``.

    >>> [format(table, "04b") for table in parities(2, 1).tables]
    ['0000', '1010', '1100', '0110']
    """
    _many(2**n)
    places = range(2**n)
    return SignQueries(n, b, tuple(_table((place & mask).bit_count() % 2 for place in places) for mask in places))


def all_queries(n: int, b: int) -> SignQueries:
    """All queries on ``n`` bits but for their sign, 2^(2^n - 1) of them, for batches of ``b``.

    >>> all_queries(1, 1).tables, all_queries(2, 1).size
    ((0, 1), 8)
    """
    return SignQueries(n, b, tuple(range(_many(2 ** (2**n - 1)))))


def _many(p: int) -> int:
    if not 1 <= p <= MOST_QUERIES:
        raise ConstructionError(f"need 1 to {MOST_QUERIES} queries, got {p}")
    return p


def _table(bits: Iterable[int]) -> int:
    return sum(bit << at for at, bit in enumerate(bits))
