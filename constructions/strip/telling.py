"""Whole realizable batches told apart just below b rho = 4 (Result T4), by queries r with values in [-1, 1].

A step of M answers <G, r>/b for any r: X -> [-1, 1], G being the balance of the batch. Let two batches of b points
differ in d points each, G = C + P and G' = C + P'. Of the points of P, p are those of P' with the other label; of P',
p' are those of P. On other points of P the query r is the sign of the label times a + s, on other points of P' times a
- s, on those with both labels the sign in P times s - (p' - p) a/3 (as d <= 2, p and p' differ only if they are 1 and
2), and on all further points of C the sign times t, where a = t (1 - s). Then the means are 2 d s/b apart, and the
middle between them is at ((C_P - C_P') s + t F)/b, with the *freedom* F = o (1 - s) + w: C_P, C_P' and w of the common
points are on points of P, of P' and elsewhere, and o is C_P + C_P' + d - (p + p')/2, and 1/6 more if p and p' differ.
If d s > b rho/4 and F is at least b rho/2, some t from -1 to 1 puts the middle half way between two multiples of rho,
and the means share no valid rounding. For d >= 3 the means are further apart than 3 rho/2 with s = 1, wherever they
are.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational
from constructions.foundations.logic import select
from constructions.learning.problems import Bits, Point

LEAST_BATCH = 4
"""For smaller batches the freedom may be too small."""
FAR = 3
"""Batches that differ in so many points have means far apart."""


def own_freedom(on: Number, apart: Number, changed: tuple[Number, Number]) -> Number:
    """o, from C_P + C_P' (``on``), d (``apart``), and p and p' (``changed``).

    >>> own_freedom(3, 1, (0, 0)), own_freedom(Fraction(3), 2, (1, 2))
    (Fraction(4, 1), Fraction(11, 3))
    """
    uneven = select(changed[0] == changed[1], Fraction(0), Fraction(1, 6))
    return on + apart - (changed[0] + changed[1]) / Fraction(2) + uneven


def freedom(own: Number, away: Number, spread: Number) -> Number:
    """F, from o, w and s: ``own``, ``away`` and the ``spread``.

    >>> freedom(4, 0, Fraction(1, 2))
    Fraction(2, 1)
    """
    return own * (1 - spread) + away


def values_of(spread: Number, middle: Number, changed: tuple[Number, Number]) -> tuple[Number, Number, Number]:
    """The values on points of P, of P' and of both, times signs, from s, a, and p and p': the ``spread``, the
    ``middle``, and those that are ``changed``.

    >>> [str(value) for value in values_of(Fraction(1, 2), Fraction(1, 4), (1, 2))]
    ['3/4', '-1/4', '5/12']
    """
    return middle + spread, middle - spread, spread - (changed[1] - changed[0]) * middle / 3


def least_spread(b: Number, rho: Number, apart: Number) -> Number:
    """The s for which two means are rho/2 apart, for batches of ``b`` and the precision ``rho``.

    >>> least_spread(Fraction(5), Fraction(1, 2), 1)
    Fraction(5, 8)
    """
    return b * rho / (4 * apart)


def greatest_spread(own: Number, away: Number, apart: Number) -> Number:
    """The s for which the freedom is 2 d s, which is at least b rho/2 for all s between the least one and this; from
    o, w and d: ``own``, ``away`` and ``apart``.

    >>> greatest_spread(4, 0, Fraction(1))
    Fraction(2, 3)
    """
    return (own + away) / (own + 2 * apart)


@dataclass(frozen=True, slots=True)
class Difference:
    """How two realizable batches of b points differ.

    Parameters
    ----------
    first, second : the points of each that are not in the other. common : those of both.

    >>> one, other = [((0,), 0), ((1,), 1)], [((0,), 0), ((0,), 0)]
    >>> found = difference(one, other)
    >>> found.apart, found.on, found.away, found.changed
    (1, (0, 1), 0, (0, 0))
    """

    first: Counter[Point]
    second: Counter[Point]
    common: Counter[Point]

    @property
    def apart(self) -> int:
        """d."""
        return self.first.total()

    @property
    def on(self) -> tuple[int, int]:
        """C_P and C_P'."""
        found = [sum(many for point, many in self.common.items() if point in own) for own in (self.first, self.second)]
        return found[0], found[1]

    @property
    def away(self) -> int:
        """w."""
        return self.common.total() - sum(self.on)

    @property
    def both(self) -> set[Bits]:
        """The points that are in both differences, with both labels."""
        return {x for x, _ in self.first} & {x for x, _ in self.second}

    @property
    def changed(self) -> tuple[int, int]:
        """p and p'."""
        found = [sum(many for (x, _), many in own.items() if x in self.both) for own in (self.first, self.second)]
        return found[0], found[1]


def difference(batch: Sequence[Point], other: Sequence[Point]) -> Difference:
    """How a ``batch`` and an ``other`` one differ.

    Raises
    ------
    PremiseError
        For batches of different sizes, equal ones, or one with a point of both labels.
    """
    one, two = Counter(batch), Counter(other)
    if one.total() != two.total() or one == two:
        raise PremiseError("need two different batches of the same size")
    for each in (one, two):
        if len({x for x, _ in each}) != len(each):
            raise PremiseError("need realizable batches, got one with a point of both labels")
    return Difference(one - two, two - one, one & two)


def telling_query(batch: Sequence[Point], other: Sequence[Point], rho: Fraction) -> dict[Bits, Fraction]:
    """A query r with values in [-1, 1] for whose means over a ``batch`` and an ``other`` one no number is a valid
    rounding of both, at the precision ``rho``; it is 0 at points of neither.

    Raises
    ------
    PremiseError
        Unless both are realizable, different, of at least 4 points, and (b + 2) rho < 4.

    >>> one, other = [((0,), 0)] * 4, [((0,), 0)] * 3 + [((1,), 1)]
    >>> {x: str(value) for x, value in telling_query(one, other, Fraction(1, 2)).items()}
    {(0,): '19/48', (1,): '37/48'}
    """
    found, b, precision = difference(batch, other), len(batch), rational(rho, where="rho")
    if b < LEAST_BATCH or not 0 < (b + 2) * precision < 4:
        raise PremiseError(
            f"need batches of at least {LEAST_BATCH} points and (b + 2) rho < 4, "
            f"got ({b} + 2) * {precision} = {(b + 2) * precision}"
        )
    if found.apart >= FAR:
        return _values(found, Fraction(1), Fraction(0))
    own = Fraction(own_freedom(Fraction(sum(found.on)), found.apart, found.changed))
    greatest = min(Fraction(1), Fraction(greatest_spread(own, Fraction(found.away), found.apart)))
    spread = (Fraction(least_spread(Fraction(b), precision, found.apart)) + greatest) / 2
    start, unit = (found.on[0] - found.on[1]) * spread, b * precision
    target = (floor(start / unit) + Fraction(1, 2)) * unit
    return _values(found, spread, (target - start) / Fraction(freedom(own, found.away, spread)))


def _values(found: Difference, spread: Fraction, share: Fraction) -> dict[Bits, Fraction]:
    """r, from s and t."""
    values = {x: share * (1 - 2 * y) for x, y in found.common}
    first, second, both = (Fraction(value) for value in values_of(spread, share * (1 - spread), found.changed))
    values |= {x: (1 - 2 * y) * second for x, y in found.second}
    values |= {x: (1 - 2 * y) * (both if x in found.both else first) for x, y in found.first}
    return values
