"""A query about x in words: a bit of x, a parity, a conjunction, or how often it has which value."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product

MOST_BITS = 10
"""Queries about more bits of x are not gone through at all points."""
MOST_IN_ALL = 1 << 14
"""So many values are looked at, of all queries of a round together."""
Point = tuple[int, ...]
Test = Callable[[Point], int]


def points_for(n: int, queries: int) -> list[Point]:
    """All points x of n bits, if that is not too many for so many queries; none if it is.

    >>> points_for(1, 3), points_for(40, 1)
    ([(0,), (1,)], [])
    """
    return list(product((0, 1), repeat=n)) if n <= MOST_BITS and queries << n <= MOST_IN_ALL else []


def in_words(points: Sequence[Point], values: Sequence[Fraction]) -> str:
    """What a query is, from its values at all points.

    Parameters
    ----------
    points : all x, in any order. values : the query's value at each.

    >>> points = points_for(2, 1)
    >>> in_words(points, [Fraction(x[1]) for x in points]), in_words(points, [Fraction(1 - x[0]) for x in points])
    ('x2', 'not x1')
    >>> in_words(points, [Fraction(x[0] ^ x[1]) for x in points]), in_words(points, [Fraction(1, 2)] * 4)
    ('x1 + x2 mod 2', '1/2')
    >>> in_words(points, [Fraction(x[0] * (1 - x[1]), 2) for x in points])
    '1/2 times (x1 and not x2)'
    >>> in_words(points, [Fraction(i, 4) for i in range(4)])
    '0 at 1, 1/4 at 1, 1/2 at 1 and 3/4 at 1 of the 4 points x'
    """
    kinds = sorted(set(values))
    if len(kinds) == 1:
        return str(kinds[0])
    if len(kinds) == 2 and kinds[0] == 0:
        name = _name(points, [int(value != 0) for value in values])
        if name is not None:
            return name if kinds[1] == 1 else f"{kinds[1]} times ({name})"
    return _counted(values)


def _name(points: Sequence[Point], bits: Sequence[int]) -> str | None:
    """The name of a function of x with values 0 and 1, if it has one."""
    n = len(points[0])
    table = dict(zip(points, bits, strict=True))
    relevant = [i for i in range(n) if any(table[x] != table[(*x[:i], 1 - x[i], *x[i + 1 :])] for x in points)]
    if len(relevant) > 1:
        for test, name in _sums(relevant):
            if all(test(x) == bit for x, bit in table.items()):
                return name
    ones, zeros = ([x for x in points if table[x] == bit] for bit in (1, 0))
    return _product(ones, len(points), " and ") or _product(zeros, len(points), " or ", turned=True)


def _sums(relevant: Sequence[int]) -> list[tuple[Test, str]]:
    said = " + ".join(f"x{i + 1}" for i in relevant)
    return [
        (lambda x: sum(x[i] for i in relevant) % 2, f"{said} mod 2"),
        (lambda x: 1 - sum(x[i] for i in relevant) % 2, f"1 + {said} mod 2"),
    ]


def _product(part: Sequence[Point], size: int, word: str, *, turned: bool = False) -> str | None:
    """Literals joined by a word, if the points of a part are those at which all of them hold."""
    n = len(part[0])
    fixed = {i: part[0][i] for i in range(n) if len({x[i] for x in part}) == 1}
    if len(part) << len(fixed) != size:
        return None
    return word.join(f"{'' if bit != turned else 'not '}x{i + 1}" for i, bit in fixed.items())


def _counted(values: Sequence[Fraction]) -> str:
    counts = sorted(Counter(values).items())
    parts = [f"{value} at {times}" for value, times in counts[:4]]
    if len(counts) > 4:
        return f"{len(counts)} values from {counts[0][0]} to {counts[-1][0]} over the {len(values)} points x"
    return f"{', '.join(parts[:-1])} and {parts[-1]} of the {len(values)} points x"
