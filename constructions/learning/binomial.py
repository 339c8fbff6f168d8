"""Exact tails for large batches (equation 10): between which rationals the chance is that a mean of two values strays.

A query with two values at the points of a source is 1 or 0 but for a shift and a scale, so the number of points of a
batch at which it has the larger value is binomial, and no inequality is needed: the chance that the batch mean strays
is a sum of binomial terms. For large batches these are fractions of millions of digits. So the first term of each tail,
and the sum of the others over it, are kept between two integers of so many binary places over one power of 2: what is
multiplied is rounded down on one side and up on the other, and what is left out of a sum is below a geometric series.

>>> low, high = binomial_tail(100_000, Fraction(1, 2), Fraction(1, 100))
>>> f"{float(low):.6g}", high - low < Fraction(1, 10**50) * low
('2.48482e-10', True)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, floor, prod

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number, rational, whole
from constructions.learning import tails

PLACES = 256
"""How many binary places a number keeps."""
AT_ONCE, MOST_AT_ONCE = 64, 1000
"""So many factors are multiplied exactly at a time; binomial coefficients up to this size are exact."""
Between = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A positive number between ``low`` and ``high``, integers, times 2 to the power of ``exponent``.

    >>> third = Enclosed.of(1).over(Enclosed.of(3))
    >>> low, high = third.ends()
    >>> low < Fraction(1, 3) < high, high - low < Fraction(1, 2**250)
    (True, True)
    >>> Enclosed.of(3).to_the(4).times(Enclosed.of(2)).ends()
    (Fraction(162, 1), Fraction(162, 1))
    """

    low: int
    high: int
    exponent: int

    @classmethod
    def of(cls, number: int) -> "Enclosed":
        """A positive integer."""
        return cls(number, number, 0).shortened()

    def shortened(self) -> "Enclosed":
        """The same with at most so many places, the lower end rounded down and the upper one up."""
        surplus = self.high.bit_length() - PLACES
        if surplus <= 0:
            return self
        return Enclosed(self.low >> surplus, -(-self.high >> surplus), self.exponent + surplus)

    def times(self, other: "Enclosed") -> "Enclosed":
        """The product with another number."""
        exponent = self.exponent + other.exponent
        return Enclosed(self.low * other.low, self.high * other.high, exponent).shortened()

    def over(self, other: "Enclosed") -> "Enclosed":
        """The quotient by another number."""
        low, high = (self.low << 2 * PLACES) // other.high, -((-self.high << 2 * PLACES) // other.low)
        return Enclosed(low, high, self.exponent - other.exponent - 2 * PLACES).shortened()

    def to_the(self, power: int) -> "Enclosed":
        """The number to a power, by squaring."""
        found, square = Enclosed.of(1), self
        while power:
            found = found.times(square) if power & 1 else found
            power >>= 1
            square = square.times(square) if power else square
        return found

    def ends(self) -> Between:
        """The two rationals."""
        scale = Fraction(2) ** self.exponent
        return self.low * scale, self.high * scale


def binomial_tail(b: int, p: Number, eta: Number) -> Between:
    """Two rationals around the chance that the share of successes in b independent trials is more than eta from p.

    Parameters
    ----------
    b : how many trials. p : the chance of each. eta : how far the share may be.

    Raises
    ------
    ConstructionError
        For a chance outside [0, 1], or a negative width.

    >>> [str(end) for end in binomial_tail(2, Fraction(1, 2), Fraction(1, 4))]
    ['1/2', '1/2']
    """
    chance, width, many = rational(p, where="p"), rational(eta, where="eta"), whole(b, where="b", least=1)
    if not 0 <= chance <= 1 or width < 0:
        raise ConstructionError(f"need a chance from 0 to 1 and a width of at least 0, got {chance} and {width}")
    above = _from(many, chance, floor(many * (chance + width)) + 1)
    below = _from(many, 1 - chance, many - ceil(many * (chance - width)) + 1)
    return above[0] + below[0], above[1] + below[1]


def _from(b: int, p: Fraction, first: int) -> Between:
    """Around the chance of at least so many successes, more than b p."""
    if first > b or not 0 < p < 1:
        return Fraction(0), Fraction(0)
    one, zero = p.numerator, p.denominator - p.numerator
    term = _ways(b, min(first, b - first)).times(Enclosed.of(one).to_the(first))
    term = term.times(Enclosed.of(zero).to_the(b - first))
    low, high = term.over(Enclosed.of(p.denominator).to_the(b)).ends()
    least, most = _further(b, one, zero, first)
    return low * least, high * most


def _ways(b: int, chosen: int) -> Enclosed:
    """How many ways there are to choose so many of b."""
    if b <= MOST_AT_ONCE:
        return Enclosed.of(comb(b, chosen))
    return _product(b - chosen + 1, b).over(_product(1, chosen))


def _product(low: int, high: int) -> Enclosed:
    """The product of all integers between two of them."""
    found = Enclosed.of(1)
    for start in range(low, high + 1, AT_ONCE):
        found = found.times(Enclosed.of(prod(range(start, min(start + AT_ONCE, high + 1)))))
    return found


def _further(b: int, one: int, zero: int, first: int) -> Between:
    """Around the sum of the terms from ``first`` on, divided by the first one. Each is the one before it times a
    quotient below 1 that falls, so those that are left out are below a geometric series."""
    unit = 1 << PLACES
    low = high = least = most = unit
    for j in range(first, b):
        above, below = (b - j) * one, (j + 1) * zero
        if high * above < below - above:
            most += 1
            break
        low, high = low * above // below, -(-high * above // below)
        least, most = least + low, most + high
    return Fraction(least, unit), Fraction(most, unit)


@dataclass(frozen=True, slots=True)
class Strays:
    """How likely it is that one of some batch means strays from its mean over the source, at most.

    Parameters
    ----------
    queries : how many there are. exactly : how many of them have two values or one, so that their tails are binomial.
    chance : around the sum of the chances: of these their exact tails, of the others Hoeffding's bound. bound : the
        same by Hoeffding's bound alone, rounded up.

    >>> half = Fraction(1, 2)
    >>> found = strays([{Fraction(0): half, Fraction(1): half}] * 3, 100, Fraction(1, 4))
    >>> found.queries, found.exactly, f"{float(found.chance[1]):.3g}", f"{float(found.bound):.3g}"
    (3, 3, '5.43e-07', '0.264')
    """

    queries: int
    exactly: int
    chance: Between
    bound: Fraction


def strays(laws: Iterable[dict[Fraction, Fraction]], b: int, eta: Fraction) -> Strays:
    """How likely it is that one of some queries has a batch mean that is more than eta from its mean.

    Parameters
    ----------
    laws : of each query, from each value to its chance. b : points in a batch. eta : the width.
    """
    queries, exactly, low, high, bound = 0, 0, Fraction(0), Fraction(0), tails.hoeffding(b, eta)
    known: dict[tuple[Fraction, Fraction], Between] = {}
    for law in laws:
        queries += 1
        found = bound
        if len(law) <= 2:
            exactly += 1
            key = _trials(law, eta)
            if key not in known:
                known[key] = binomial_tail(b, *key)
            found = known[key]
        low, high = low + found[0], high + found[1]
    return Strays(queries, exactly, (low, high), Fraction(tails.for_all(queries, bound[1])))


def _trials(law: dict[Fraction, Fraction], eta: Fraction) -> tuple[Fraction, Fraction]:
    """The chance of the larger value, and the width in units of the distance of the two."""
    if len(law) < 2:
        return Fraction(1), eta
    (low, _), (high, chance) = sorted(law.items())
    return chance, eta / (high - low)
