"""How far apart two batches are for a random query: sums X = <g, eps> with uniform signs (facts R0 to R3).

For an integer function g that is not 0 (the difference of two balances, |g|_1 = N), a query with independent uniform
signs has <g, r> = X. R0: X is not 0 with a chance of at least 1/2, as of the two signs of one entry at most one makes
the sum 0. R1: |X| > sigma/sqrt(2) with a chance of at least 1/12, where sigma^2 = E X^2 is the sum of g(x)^2, at least
N; for E X^4 <= 3 sigma^4, and Paley and Zygmund's inequality gives P(X^2 > sigma^2/2) >= (E X^2)^2/(4 E X^4).

R2, for 1 <= L <= N: X^(2L) > (c L N)^L/2, so X^2 > 2^(-1/L) c L N, with a chance of at least 4^(-L)/12, for c = 4/15
(slightly less than 2/e^2). The moments of X are at least those of a sum Y of N signs, as two signs that are made one do
not lower them. One sign more raises E Y^(2L) by at least L (2L - 1) E Y^(2L - 2), and so E Y^(2L) >= (c L N)^L, row by
row. E X^(4L) is at most 3 4^L (E X^(2L))^2 (Bonami's inequality, cited), and again Paley and Zygmund's.

R3, for 1 <= K <= N: X >= K with a chance of at least 2^(-K-1): at most K entries carry the mass K. They have the sign
that adds up with a chance of 2^(-K) or more, and the other entries are not negative together half of the time.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.learning.tails import Moments

ONE_TWELFTH = Fraction(1, 12)
RATE = Fraction(4, 15)
"""The c of R2."""
MOST_GROWTH = Fraction(11, 4)
"""More than e, so than (1 + 1/k)^k for every k."""


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


def next_pair(square: Number, even: Number, odd: Number) -> tuple[Number, Number]:
    """Half of (x + 1)^(2k) + (x - 1)^(2k), and x times half of their difference, for k + 1, from those for k.

    Parameters
    ----------
    square : x^2. even, odd : the two numbers for k.

    >>> next_pair(9, *next_pair(9, 1, 0)) == ((4**4 + 2**4) // 2, 3 * (4**4 - 2**4) // 2)
    True
    """
    return (square + 1) * even + 2 * odd, (square + 1) * odd + 2 * square * even


def least_after(moment: Number, below: Number, level: Number) -> Number:
    """What E (X + eps)^(2L) is at least, for one more sign: E X^(2L) + L (2L - 1) E X^(2L - 2).

    Parameters
    ----------
    moment, below : E X^(2L) and E X^(2L - 2). level : L.

    >>> least_after(3 * 9 - 2 * 3, 3, 2)  # 4 signs from 3, where E X^4 = 21 and E X^2 = 3
    39
    """
    return moment + level * (2 * level - 1) * below


def merged(a: Number, b: Number) -> tuple[Number, Number]:
    """What two entries of at least 0 add up to with equal signs and with different ones: a + b, a - b.

    >>> merged(3, 1)
    (4, 2)
    """
    return a + b, a - b


def growth_bound(share: Number) -> Number:
    """What (1 + 1/k)^i is at most, for i = t k and a ``share`` t from 0 to 1: 1 + t + t^2/2 + t^3/4.

    >>> growth_bound(Fraction(1)) == MOST_GROWTH
    True
    """
    return 1 + share + share * share / 2 + share * share * share / 4


def bound_from_above(above: Number, grown: Number, level: Number, norm: Number) -> Number:
    """(c L N)^L from (c (L - 1) N)^(L - 1), ``above``, and (L/(L - 1))^(L - 1), ``grown``; L is the ``level`` and N
    the ``norm``.

    >>> bound_from_above(RATE * 5, 2, 2, 5) == (RATE * 2 * 5) ** 2
    True
    """
    return RATE * level * norm * grown * above


def least_often(share: Number) -> Number:
    """What P(Z > t E Z) E Z^2 is at least, over (E Z)^2, for a value Z >= 0 and a ``share`` t from 0 to 1 (Paley and
    Zygmund's inequality): (1 - t)^2.

    >>> least_often(Fraction(1, 2))
    Fraction(1, 4)
    """
    return (1 - share) * (1 - share)


def chance_far(power: Number) -> Number:
    """The chance of R2, 4^(-L)/12, from the ``power`` 4^(-L).

    >>> str(chance_far(Fraction(1, 16)))
    '1/192'
    """
    return ONE_TWELFTH * power


def least_far(norm: int, level: int) -> int:
    """The least k >= 0 with 2 k^(2L) > (c L N)^L, for N the ``norm`` and L the ``level``: R2 says that |X| >= k with
    its chance.

    >>> least_far(8, 1), least_far(8, 8)
    (2, 4)
    """
    bound, found = (RATE * level * norm) ** level, 0
    while 2 * found ** (2 * level) <= bound:
        found += 1
    return found


def chance_aligned(power: Number) -> Number:
    """The chance of R3, 2^(-K-1), from the ``power`` 2^(-K).

    >>> str(chance_aligned(Fraction(1, 4)))
    '1/8'
    """
    return power * Fraction(1, 2)


def tails(entries: Sequence[int]) -> list[int]:
    """How many of the sign vectors give a sum of k or more, for k from 0 to the sum of all ``entries``, which are at
    least 0. Counted with one integer, in which the vectors for each sum have 64 bits.

    >>> tails((2, 1))
    [2, 2, 1, 1]
    """
    ways, norm = 1, sum(entries)
    for entry in entries:
        ways += ways << (64 * entry)
    places = [ways >> (64 * place) & (2**64 - 1) for place in range(norm + 1)]  # the sum is 2 place - norm
    found, after = [0] * (norm + 1), 0
    for value in range(norm, -1, -1):
        after += places[(value + norm) // 2] if (value + norm) % 2 == 0 else 0
        found[value] = after
    return found
