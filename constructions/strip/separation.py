"""How far apart two batches are for a random query: sums X = <g, eps> with uniform signs (facts R0 and R1).

For an integer function g that is not 0 (the difference of two balances, |g|_1 = N), a query with independent uniform
signs has <g, r> = X. R0: X is not 0 with a chance of at least 1/2, as of the two signs of one entry at most one makes
the sum 0. R1: |X| > sigma/sqrt(2) with a chance of at least 1/12, where sigma^2 = E X^2 is the sum of g(x)^2, at least
N; for E X^4 <= 3 sigma^4, and Paley and Zygmund's inequality (cited) gives P(X^2 > sigma^2/2) >= (E X^2)^2/(4 E X^4).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.learning.tails import Moments

ONE_TWELFTH = Fraction(1, 12)


def with_entry(moments: Moments, entry: Number) -> Moments:
    """The ``moments`` of a sum with one more ``entry``, whose square and fourth power are the same for either sign:
    E (X + e g)^4 = E X^4 + 6 g^2 E X^2 + g^4.

    >>> with_entry(with_entry(Moments(0, 0, 0), 1), 2)
    Moments(count=2, second=5, fourth=41)
    """
    square = entry * entry
    return moments.plus(square, square * square)


def law_of_sums(entries: Sequence[int]) -> dict[int, Fraction]:
    """The exact law of a sum with uniform signs, by its ``entries``.

    >>> {value: str(chance) for value, chance in sorted(law_of_sums([1, 2]).items())}
    {-3: '1/4', -1: '1/4', 1: '1/4', 3: '1/4'}
    """
    ways = Counter({0: 1})
    for entry in entries:
        after: Counter[int] = Counter()
        for value, many in ways.items():
            after[value + entry] += many
            after[value - entry] += many
        ways = after
    return {value: Fraction(many, 2 ** len(entries)) for value, many in ways.items()}


def partitions(total: int, most: int) -> Iterator[tuple[int, ...]]:
    """The entries of all integer functions with |g|_1 = ``total``, up to signs and order: those of at most ``most``.

    >>> list(partitions(3, 3))
    [(3,), (2, 1), (1, 1, 1)]
    """
    if not total:
        yield ()
    for first in range(min(total, most), 0, -1):
        for rest in partitions(total - first, first):
            yield (first, *rest)
