"""How much of a batch is read from the answers to p queries with values 1 and -1, all within tau = 3 rho/4 (A0 to A3).

Two batches of b points whose labels are a function of the point are at the distance d if |G - G'|_1 = 2d: d points are
replaced. Both may have given the same answers only if |<G - G', r>| <= 2 b tau for each query r. So for queries that
tell apart all pairs at a distance of more than k, whatever batch of b points is *consistent* with the answers has at
most k points replaced.

    A0   b tau < 1: k = 0, for 2b(n + 1) queries at random (bn + 1 explicit ones: the family).
    A1   k = floor(4 (b tau)^2), for 17 b(n + 1) at random; floor(2 (b tau)^2) for all 2^n parities.
    A2   k = d0 - 1, for 17 4^L b(n + 1) at random, L = max(1, ceil(15 (b tau)^2/d0)) <= 2 d0, 1 <= d0 <= b.
    A3   k = floor(b tau), for all queries.

"At random" means that such queries exist, and that those that are drawn do it with a chance of at least 1/2. Less
cannot be hidden: whatever p queries are asked, some two batches at a distance k < (b rho)^2/(32 ln 2p) share a vector
of valid answers, for k <= 2^n. (There must be k different points: for n = 1 and a large b rho, two queries are all
there are, and A3 says k <= b tau.)
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.strip.separation import RATE

QUERIES_FACTOR = 17
"""More than 24 ln 2: so many times 4^L b(n + 1) queries tell all pairs apart."""
HIDING_FACTOR = 32
LEVEL_FACTOR = 4 / RATE
"""15: L is at least this many times (b tau)^2/d0, for half of c L N to be at least (2 b tau)^2 where N = 2 d0."""


def level_for(error: Number, d0: int) -> int:
    """The L of A2: max(1, ceil(15 (b tau)^2/d0)), from b tau, the ``error``.

    >>> level_for(Fraction(1), 5), level_for(Fraction(1), 20)
    (3, 1)
    """
    return max(1, ceil(LEVEL_FACTOR * rational(error, where="b tau") ** 2 / d0))


def word_length(n: Number, b: Number) -> Number:
    """b(n + 1): a batch of ``b`` points of ``n`` bits with labels is a word of so many bits.

    >>> word_length(4, 16)
    80
    """
    return b * (n + 1)


def queries_for(n: Number, b: Number, power: Number) -> Number:
    """17 4^L b(n + 1) queries, from the ``power`` 4^L.

    >>> queries_for(4, 16, 4)
    5440
    """
    return QUERIES_FACTOR * power * word_length(n, b)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """A read-out with at most ``missed`` points wrong, from so many ``queries``.

    Parameters
    ----------
    name : the statement. missed : k. queries : p. level : L, where there is one.
    """

    name: str
    missed: int
    queries: int
    level: int | None = None


def _error(b: int, rho: Fraction) -> Fraction:
    """b tau for tau = 3 rho/4."""
    return whole(b, where="b", least=1) * 3 * rational(rho, where="rho") / 4


def errors(n: int, b: int, rho: Fraction, d0: int) -> Readout:
    """A2: at most d0 - 1 points of a batch are read wrongly.

    Parameters
    ----------
    n : bits of a point. b, rho : batch size and precision. d0 : from 1 to b.

    Raises
    ------
    PremiseError
        For another d0, and where L is more than 2 d0.

    >>> errors(4, 16, Fraction(1, 8), 12)
    Readout(name='A2', missed=11, queries=87040, level=3)
    >>> errors(4, 16, Fraction(1, 8), 2)
    Traceback (most recent call last):
        ...
    constructions.errors.PremiseError: need L <= 2 d0, got L = 17 and d0 = 2
    """
    if not 1 <= d0 <= b:
        raise PremiseError(f"need 1 <= d0 <= b, got d0 = {d0} and b = {b}")
    level = level_for(_error(b, rho), d0)
    if level > 2 * d0:
        raise PremiseError(f"need L <= 2 d0, got L = {level} and d0 = {d0}")
    return Readout(name="A2", missed=d0 - 1, queries=int(queries_for(n, b, 4**level)), level=level)


def readouts(n: int, b: int, rho: Fraction) -> tuple[Readout, ...]:
    """A0 (where it holds), A1 in both versions, and A3, for points of ``n`` bits, batches of ``b`` and the precision
    rho.

    >>> [(each.name, each.missed, each.queries) for each in readouts(3, 8, Fraction(1, 4))]
    [('A1', 8, 544), ('A1, all parities', 4, 8), ('A3', 1, 256)]
    >>> readouts(3, 8, Fraction(1, 8))[0]
    Readout(name='A0', missed=0, queries=64, level=None)
    """
    error, found = _error(b, rho), []
    if error < 1:
        found.append(Readout(name="A0", missed=0, queries=2 * int(word_length(n, b))))
    found.append(
        Readout(name="A1", missed=min(b, floor(4 * error**2)), queries=QUERIES_FACTOR * int(word_length(n, b)))
    )
    found.append(Readout(name="A1, all parities", missed=min(b, floor(2 * error**2)), queries=2**n))
    found.append(Readout(name="A3", missed=min(b, floor(error)), queries=2**2**n))
    return tuple(found)


def hidden(n: int, b: int, rho: Fraction, p: int) -> int:
    """The largest k < (b rho)^2/(32 ln 2p), at most b and 2^n: for any ``p`` queries some two batches of b points of
    ``n`` bits at this distance share a vector of valid answers. (The logarithm is taken from above, so k may be one too
    small.)

    >>> hidden(10, 400, Fraction(1, 4), 1000), hidden(10, 4, Fraction(1, 4), 1), hidden(2, 400, Fraction(1, 4), 1000)
    (40, 0, 4)
    """
    error = b * rational(rho, where="rho")
    least = error**2 / (HIDING_FACTOR * logarithm_above(2 * whole(p, where="p", least=1)))
    return int(max(0, min(b, 2**n, ceil(least) - 1)))


def logarithm_above(value: int) -> Fraction:
    """A rational that is at least ln(``value``), for a whole number of at least 1: so many times ln 2 < 61/88, and
    ln(1 + z) <= z - z^2/2 + z^3/3 for what is left.

    >>> Fraction(69, 10) < logarithm_above(1000) < Fraction(703, 100)
    True
    """
    doublings = value.bit_length() - 1
    rest = Fraction(value, 2**doublings) - 1
    return Fraction(61, 88) * doublings + rest - rest**2 / 2 + rest**3 / 3
