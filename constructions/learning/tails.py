"""Tails that the proofs bound by a cited inequality (equation 10), exactly, and the bound itself between two rationals.

Equation (10): the mean of b independent values in [-1, 1] strays by more than eta from its expectation with probability
at most 2 exp(-eta^2 b / 2) (Hoeffding), and one of p such means does with probability at most p times that. Hoeffding's
inequality is assumed; here are the exact tails of values -1 and 1, the widest there are, to hold against it. Markov's
inequality is proved, not assumed: what it says of the rounds that a run takes is a sum over finitely many values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import ceil, floor, lcm

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.loading import loaded_when_used

with loaded_when_used(__name__):
    from constructions.learning import array_draws

HOEFFDING = "hoeffding"
FINE = Fraction(1, 10**30)
FINEST = FINE / 10**6
SUMMED, LARGEST, KEPT = 32, 2**17, 10**40
"""Exponents up to ``SUMMED`` are found by a series; those above ``LARGEST`` are taken for it, from above. So many units
of the first digit are kept of a square."""


def exponential(x: Number) -> tuple[Fraction, Fraction]:
    """Two rationals around exp(-x) for x >= 0, closer than 10^-30 of the greater one (of 1, for an x above 2^17): the
    inverses of partial sums of exp(x), without and with what a geometric series leaves out; for a large x the squares
    of those for its half, rounded outwards.

    Raises
    ------
    ConstructionError
        For a negative exponent.

    >>> low, high = exponential(1)
    >>> Fraction(367879441, 10**9) < low <= high < Fraction(367879442, 10**9), high - low < FINE
    (True, True)
    """
    value = rational(x, where="exponent")
    if value < 0:
        raise ConstructionError(f"need an exponent x >= 0 for exp(-x), got {value}")
    if value > LARGEST:
        return Fraction(0), exponential(LARGEST)[1]
    if value > SUMMED:
        return _squared(*exponential(value / 2))
    total, term = Fraction(0), Fraction(1)
    for i in count(1):
        total, term = total + term, term * value / i
        if i > 2 * value and 2 * term < FINEST * total:
            return 1 / (total + 2 * term), 1 / total
    raise AssertionError("a series does not end")


def _squared(low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Two rationals with few digits around the squares of two that are above 0."""
    unit = KEPT * ceil(1 / high**2)
    return Fraction(floor(low**2 * unit), unit), Fraction(ceil(high**2 * unit), unit)


def exponent(b: Number, eta: Number) -> Number:
    """The x in Hoeffding's bound 2 exp(-x) for the mean of b values and a width eta.

    >>> exponent(8, Fraction(1, 2))
    Fraction(1, 1)
    """
    return eta * eta * b / 2


def batch_width(b: Number, tau: Number) -> Number:
    """b tau^2, by which the number of times is divided that a query of tolerance tau is asked of batches of b.

    >>> batch_width(8, Fraction(1, 2))
    Fraction(2, 1)
    """
    return b * (tau * tau)


def for_all(p: Number, bound: Number) -> Number:
    """The bound on the chance that one of p events happens, each of which has at most the chance ``bound``.

    >>> for_all(3, Fraction(1, 8))
    Fraction(3, 8)
    """
    return p * bound


def hoeffding(b: int, eta: Number) -> tuple[Fraction, Fraction]:
    """Two rationals around 2 exp(-eta^2 b / 2).

    >>> low, high = hoeffding(8, Fraction(1, 2))
    >>> Fraction(73, 100) < low <= high < Fraction(74, 100)
    True
    """
    low, high = exponential(exponent(whole(b, where="b"), rational(eta, where="eta")))
    return 2 * low, 2 * high


def signs_tail(b: int, p: Number, eta: Number) -> Fraction:
    """The probability that the mean of b values, each 1 with probability p and else -1, is more than eta from 2p - 1.

    >>> str(signs_tail(2, Fraction(1, 2), Fraction(1, 2)))
    '1/2'
    """
    chance, width, many = rational(p, where="p"), rational(eta, where="eta"), whole(b, where="b", least=1)
    one, zero, total, ways = chance.numerator, chance.denominator - chance.numerator, 0, 1
    for ones in range(many + 1):
        if abs(ones * chance.denominator - chance.numerator * many) * 2 > width * many * chance.denominator:
            total += ways * one**ones * zero ** (many - ones)
        ways = ways * (many - ones) // (ones + 1)
    return Fraction(total, chance.denominator**many)


def exact_tail(law: Mapping[Fraction, Fraction], b: int, eta: Number) -> Fraction:
    """The probability that the mean of b independent values of one law is more than eta away from its expectation.

    Parameters
    ----------
    law : from each value to its probability; the sums of two values are binomial. b, eta : how many, and how far.

    >>> half = Fraction(1, 2)
    >>> str(exact_tail({Fraction(-1): half, Fraction(1): half}, 2, half)), str(signs_tail(2, half, half))
    ('1/2', '1/2')
    >>> str(exact_tail({Fraction(-1): half / 2, Fraction(0): half, Fraction(1): half / 2}, 2, half))
    '1/8'
    """
    width, many = rational(eta, where="eta"), whole(b, where="b", least=1)
    mean = sum((value * chance for value, chance in law.items()), Fraction(0))
    parts, scale = (lcm(*(each.denominator for each in group)) for group in (law, law.values()))
    sums = array_draws.law_of_sum({int(value * parts): int(chance * scale) for value, chance in law.items()}, many)
    far = (mass for total, mass in sums.items() if abs(Fraction(total, parts * many) - mean) > width)
    return Fraction(sum(far), scale**many)


@dataclass(frozen=True, slots=True)
class Moments:
    """Of a sum of independent values with mean 0: how many there are, and the means of its square and fourth power.

    >>> one = Moments.of_none().plus(Fraction(1), Fraction(1))
    >>> one.plus(Fraction(1), Fraction(1))  # two signs: 0 or 2 in absolute value, each half of the time
    Moments(count=2, second=Fraction(2, 1), fourth=Fraction(8, 1))
    """

    count: Number
    second: Number
    fourth: Number

    @classmethod
    def of_none(cls) -> "Moments":
        """The sum of no value."""
        return cls(0, Fraction(0), Fraction(0))

    def plus(self, second: Number, fourth: Number) -> "Moments":
        """With one more value X, of mean 0 and independent of the others, given the means ``second`` and ``fourth`` of
        its own powers: odd powers have mean 0, so of (S + X)^4 there remain S^4, six times S^2 X^2, and X^4."""
        return Moments(self.count + 1, self.second + second, self.fourth + 6 * self.second * second + fourth)


def moment_bounds(b: Number) -> tuple[Number, Number]:
    """The most that the mean of the square and of the fourth power of a sum of b independent values can be, each less
    its own mean, for values in [-1, 1].

    >>> moment_bounds(2)
    (2, 14)
    """
    return b, 3 * b * b + b


def by_moments(b: Number, eta: Number) -> tuple[Number, Number]:
    """Two bounds on the chance that the mean of b such values is eta or more away from its own mean, from the second
    and the fourth moment, by Markov's inequality and without Hoeffding's.

    >>> [str(bound) for bound in by_moments(100, Fraction(1, 2))]
    ['1/25', '301/62500']
    """
    second, fourth = moment_bounds(b)
    return second / (b * eta) ** 2, fourth / (b * eta) ** 4


def at_least(law: Mapping[int, Fraction], k: int) -> Fraction:
    """The probability of k or more under a law, which gives each number its probability.

    >>> str(at_least({1: Fraction(1, 2), 3: Fraction(1, 2)}, 2))
    '1/2'
    """
    return sum((mass for value, mass in law.items() if value >= k), Fraction(0))


def markov(mean: Number, k: Number) -> Number:
    """Markov's bound on the probability that something that is not negative, with this mean, is k or more.

    >>> str(markov(Fraction(3), 12))
    '1/4'
    """
    return mean / k
