"""Parities on uniform bits, all at once: the means of a query, and the losses of a predictor, for every target.

A *target* is a set of bits, written as a word (bit i of the word says whether bit i of the point is in it); its parity
labels a point 1 if an odd number of the point's bits in the set are 1. The points x are uniform. So a target's labels
are a function of x, and a *query* has, for each target, one mean.

Let ``zero`` and ``one`` be the values of a query at x with label 0 and with label 1. If labels were uniform and
independent of x, the query's mean would be that of (zero + one)/2. Under a target it is this number plus the mean of
sign * (zero - one)/2, where the sign is 1 or -1 as the target's label is 0 or 1. The sums of sign * (zero - one) over
all points, for all targets, are the *Walsh-Hadamard transform* of zero - one: n passes over the array, in each of which
pairs of entries become their sum and their difference. All this is done in integers over one common denominator.

The loss of a predictor h is half the squared difference to the label, and with u = 2h - 1 it is the sum of
(1 + u^2 + 2 * sign * u)/8: again one transform, of u.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number, rational
from constructions.learning.problems import Bits, Predictor, Target

MOST_BITS = 16
MOST_VALUES = 2**22
MOST_DIGITS = 300
"""The most decimal digits of a denominator."""
SAFE = 2**62
"""No entry of an array of 64-bit integers gets to this size; where one might, Python's integers are used."""

Entries = npt.NDArray[Any]


def bits_of(word: int, n: int) -> Bits:
    """The n bits of a word, least first.

    >>> bits_of(0b110, 4)
    (0, 1, 1, 0)
    """
    return tuple([word >> i & 1 for i in range(n)])


@cache
def all_points(n: int) -> tuple[Bits, ...]:
    """All points of n bits, by their words.

    >>> all_points(2)
    ((0, 0), (1, 0), (0, 1), (1, 1))
    """
    return tuple(bits_of(word, n) for word in range(2**n))


def parity_of(target: int, n: int) -> Target:
    """The labels of a target, as a function of a point of n bits.

    >>> [parity_of(0b101, 3)(x) for x in ((1, 1, 0), (1, 0, 1), (0, 0, 1))]
    [1, 0, 1]
    """
    chosen = bits_of(target, n)
    return lambda x: sum(a & b for a, b in zip(chosen, x, strict=True)) % 2


def sign(label: Number) -> Number:
    """1 for the label 0, -1 for the label 1.

    >>> sign(0), sign(1)
    (1, -1)
    """
    return 1 - 2 * label


def sum_and_difference(low: Any, high: Any) -> tuple[Any, Any]:
    """What two numbers or arrays ``low`` and ``high`` become: their sum and their difference.

    >>> sum_and_difference(5, 3)
    (8, 2)
    """
    return low + high, low - high


def transform(entries: Entries) -> Entries:
    """The Walsh-Hadamard transform of 2^n entries, by n passes: at each target the sum of sign * entry over all
    points.

    Parameters
    ----------
    entries : by the words of the points; 64-bit integers (from :func:`integers`, so that nothing overflows), or
        objects that can be added.

    >>> transform(integers([5, 1, 0, 2])).tolist()
    [8, 2, 4, 6]
    """
    found = entries
    for i in range(len(entries).bit_length() - 1):
        by_bit = found.reshape(-1, 2, 2**i)
        found = np.stack(sum_and_difference(by_bit[:, 0], by_bit[:, 1]), axis=1)
    return found.reshape(-1)


def signed_sums_of(values: Sequence[Any]) -> list[Any]:
    """The transform of any 2^n values that can be added, such as variables.

    >>> signed_sums_of([Fraction(1, 2), 1])
    [Fraction(3, 2), Fraction(-1, 2)]
    """
    found: list[Any] = transform(np.array(values, dtype=object)).tolist()
    return found


def integers(values: Sequence[int]) -> Entries:
    """Integers as an array whose transform does not overflow.

    No entry of the transform is larger than the number of entries times the largest of them, as each pass at most
    doubles the largest. If this is below :data:`SAFE`, the integers have 64 bits, else they are Python's.

    >>> integers([1, 2]).dtype.kind, integers([2**62, 0]).dtype.kind
    ('i', 'O')
    """
    largest = max((abs(value) for value in values), default=0)
    return np.array(values, dtype=np.int64 if largest * len(values) < SAFE else object)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryTable:
    """The values of one query at all 2^n points, in integers over one denominator.

    Parameters
    ----------
    denominator : of all values. zero, one : the numerators with label 0, and with label 1, by the words of the points.

    Raises
    ------
    ConstructionError
        For numbers of values that differ or are no power of 2, and for a value outside [-1, 1].

    >>> table = QueryTable(denominator=2, zero=(0, 0), one=(1, 2))  # half of y, and all of it where x is 1
    >>> table.uniform, [str(table.deviation(target)) for target in (0, 1)]
    (Fraction(3, 8), ['-3/8', '1/8'])
    """

    denominator: int
    zero: tuple[int, ...]
    one: tuple[int, ...]

    def __post_init__(self) -> None:
        size = len(self.zero)
        if len(self.one) != size or size & (size - 1) or not size:
            raise ConstructionError(f"need 2^n values for each label, got {size} and {len(self.one)}")
        odd = next((value for value in (*self.zero, *self.one) if abs(value) > self.denominator), None)
        if odd is not None:
            raise ConstructionError(f"need values in [-1, 1], got {Fraction(odd, self.denominator)}")

    @property
    def uniform(self) -> Fraction:
        """The mean that the query would have if labels were uniform and independent of the points."""
        return rational(
            uniform_mean(Fraction(sum(self.zero) + sum(self.one), self.denominator), self.share), where="mean"
        )

    @property
    def share(self) -> Fraction:
        """One divided by the number of points."""
        return Fraction(1, len(self.zero))

    @property
    def unit(self) -> int:
        """The signed sums are deviations of the mean, times this number."""
        return 2 * len(self.zero) * self.denominator

    def signed_sums(self) -> Entries:
        """For each target the sum of sign * (zero - one) over all points, times the denominator."""
        pairs = zip(self.zero, self.one, strict=True)
        return transform(integers([sum_and_difference(zero, one)[1] for zero, one in pairs]))

    def deviation(self, target: int) -> Fraction:
        """How far the mean under a target is above that under uniform labels."""
        signed = Fraction(int(self.signed_sums()[target]), self.denominator)
        return rational(deviation_of(signed, self.share), where="deviation")


def uniform_mean(total: Number, share: Number) -> Number:
    """The mean of a query under uniform labels, from the sum of its values at all points with both labels, and the
    share of a point, which is one divided by their number.

    >>> uniform_mean(Fraction(6), Fraction(1, 4))
    Fraction(3, 4)
    """
    return total * share / 2


def deviation_of(signed: Number, share: Number) -> Number:
    """How far a target's mean is above that under uniform labels, from ``signed``, its sum of sign * (zero - one), and
    the share of a point.

    >>> deviation_of(Fraction(-2), Fraction(1, 4))
    Fraction(-1, 4)
    """
    return signed * share / 2


def tables_of(ask: Callable[[Bits, int], Sequence[Number]], n: int, p: int) -> list[QueryTable]:
    """The tables of p queries that are asked together at a point (x, y), x of n bits.

    Raises
    ------
    ConstructionError
        For a value that is no rational or is outside [-1, 1].
    PremiseError
        For more values than are gone through.

    >>> [table.one for table in tables_of(lambda x, y: (x[0] * y, y), 1, 2)]
    [(0, 1), (1, 1)]
    """
    if n > MOST_BITS or 2 * p * 2**n > MOST_VALUES:
        raise PremiseError(
            f"need at most {MOST_BITS} bits and {MOST_VALUES} values in a round to go through all of them, "
            f"got n={n} and {p} queries at {2 * 2**n} points"
        )
    rows = [[list(ask(x, label)) for x in all_points(n)] for label in (0, 1)]
    odd = next((len(row) for of_label in rows for row in of_label if len(row) != p), p)
    if odd != p:
        raise ConstructionError(f"need {p} values of the queries at a point, got {odd}")
    return [_table([[row[j] for row in rows[label]] for label in (0, 1)]) for j in range(p)]


def _table(values: list[list[Number]]) -> QueryTable:
    denominator, (zero, one) = numerators(values)
    return QueryTable(denominator=denominator, zero=tuple(zero), one=tuple(one))


def numerators(rows: Sequence[Sequence[Number]]) -> tuple[int, list[list[int]]]:
    """Rows of rationals as integers over their least common denominator, which comes first.

    Raises
    ------
    ConstructionError
        For a value that is no rational.
    PremiseError
        For a denominator of very many digits.

    >>> numerators([[Fraction(1, 2), 1], [Fraction(1, 3)]])
    (6, [[3, 6], [2]])
    """
    exact = [[v if type(v) in (int, Fraction) else rational(v, where="value") for v in row] for row in rows]
    scale = 1
    for denominator in {value.denominator for row in exact for value in row}:
        scale = lcm(scale, denominator)
        if scale >= 10**MOST_DIGITS:
            raise PremiseError(f"need values over one denominator of at most {MOST_DIGITS} digits, got a longer one")
    return scale, [[value.numerator * (scale // value.denominator) for value in row] for row in exact]


def bent(x: Bits) -> int:
    """x1 x2 + x3 x4 + ... modulo 2. As signs, it has the correlation 2^(-m/2), or its negative, with every parity of
    its m bits, m even.

    >>> [bent(x) for x in all_points(2)]
    [0, 0, 0, 1]
    """
    return sum(a & b for a, b in zip(x[::2], x[1::2], strict=True)) % 2


def bent_query(m: int, part: Bits) -> Callable[[Bits, int], tuple[int]]:
    """The query whose values are the signs of y + :func:`bent` of the first m bits + a parity of the others. Its mean
    deviates, by 2^(-m/2) or its negative, for the 2^m targets which have just that ``part`` on the other bits.

    >>> (table,) = tables_of(bent_query(2, (1,)), 3, 1)
    >>> [str(table.deviation(target)) for target in range(8)]
    ['0', '0', '0', '0', '1/2', '1/2', '1/2', '-1/2']
    """

    def values(x: Bits, y: int) -> tuple[int]:
        odd = (bent(x[:m]) + sum(a & b for a, b in zip(part, x[m:], strict=True)) + y) % 2
        return (1 - 2 * odd,)

    return values


def centred(prediction: Number) -> Number:
    """The u of a prediction h: 2h - 1.

    >>> centred(Fraction(1, 2)), centred(1)
    (Fraction(0, 1), 1)
    """
    return 2 * prediction - 1


def summed_loss(points: Number, square: Number, signed: Number) -> Number:
    """The loss of a predictor, summed over so many points, from the sums of u^2 (``square``) and of sign * u
    (``signed``).

    >>> summed_loss(Fraction(4), 4, -4), str(summed_loss(Fraction(4), 0, 0))
    (Fraction(0, 1), '1/2')
    """
    return (points + square + 2 * signed) / 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictorTable:
    """The predictions at all 2^n points, in integers over one denominator.

    Parameters
    ----------
    denominator : of all predictions. values : the numerators, by the words of the points.

    >>> table = predictions_of(lambda x: x[0], 2)
    >>> [str(table.loss(target)) for target in range(4)]
    ['1/4', '0', '1/4', '1/4']
    >>> [str(table.loss_from(sum)) for sum in (4, 0, -4)], table.signed_sums().tolist()
    (['1/2', '1/4', '0'], [0, -4, 0, 0])
    """

    denominator: int
    values: tuple[int, ...]

    def signed_sums(self) -> Entries:
        """For each target the sum of sign * u over all points, times the denominator."""
        return transform(integers([2 * value - self.denominator for value in self.values]))

    @property
    def square(self) -> Fraction:
        """The sum of u^2 over all points."""
        total = sum((2 * value - self.denominator) ** 2 for value in self.values)
        return Fraction(total, self.denominator**2)

    def loss_from(self, signed: Number) -> Fraction:
        """The loss under a target with this entry of :meth:`signed_sums`, or the mean of losses with this mean."""
        size = len(self.values)
        total = summed_loss(Fraction(size), self.square, rational(signed, where="sum") / self.denominator)
        return rational(total, where="loss") / size

    def loss(self, target: int) -> Fraction:
        """The loss under a target."""
        return self.loss_from(int(self.signed_sums()[target]))


def predictions_of(predictor: Predictor, n: int) -> PredictorTable:
    """The predictions of a predictor at all points of n bits.

    Raises
    ------
    ConstructionError
        For a prediction that is no rational.
    PremiseError
        For more bits than are gone through.

    >>> predictions_of(lambda x: Fraction(x[0], 3), 1).values
    (0, 1)
    """
    if n > MOST_BITS:
        raise PremiseError(f"need at most {MOST_BITS} bits to go through all points, got n={n}")
    denominator, (values,) = numerators([[predictor(x) for x in all_points(n)]])
    return PredictorTable(denominator=denominator, values=tuple(values))
