"""How often an event is in a batch, exactly, from one rounded mean for each number of times (Result T4).

A query with the value alpha outside an event and alpha + b d on it has the mean alpha + d k over a batch of b that has
the event k times. Two means share no valid rounding if one is below (j + 1/4) rho and the other above (j + 3/4) rho. So
for each k the query is placed such that the middle between the means for k and k + 1 is (j + 1/2) rho, and d is a
little more than rho/2. Then the values are within |c| + b d/2 of 0 on both sides, c being the middle between them; c
can be chosen within rho/4 of 0 if b is even, and within rho/2 if b is odd. This fits into [-1, 1] exactly if (b + 1)
rho < 4, or (b + 2) rho < 4 for an odd b.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from constructions.errors import PremiseError
from constructions.foundations.exact import Number, floored, rational, whole
from constructions.foundations.logic import select
from constructions.learning.problems import Point


def spare_of(b: Number) -> Number:
    """Counts are exact while (b + ``spare``) rho < 4: 1 for an even b, 2 for an odd one.

    >>> spare_of(8), spare_of(9)
    (1, 2)
    """
    return select(b == 2 * floored(b / Fraction(2)), 1, 2)


def placed(b: Number, count: Number) -> tuple[Number, Number]:
    """Where the query that tells ``count`` from the next number of times is placed: c in units of rho/4, from -1 to 2,
    and j.

    >>> placed(4, 0), placed(5, 2)
    ((Fraction(1, 1), Fraction(-1, 1)), (Fraction(2, 1), Fraction(0, 1)))
    """
    units = b - 2 * count + 1
    j = -floored((units + 1) / Fraction(4))
    return units + 4 * j, j


def spacing(b: Number, rho: Number, units: Number) -> Number:
    """d, by which the mean over a batch of ``b`` grows with each time that the event is there: as much more than rho/2
    as fits, for a query that is placed at so many ``units``.

    >>> spacing(Fraction(4), Fraction(1, 2), 1)
    Fraction(11, 32)
    """
    size = select(units < 0, -units, units)
    return rho / 2 + (1 - size * rho / 4 - b * rho / 4) / b


def mean_of_count(b: Number, rho: Number, count: Number, times: Number) -> Number:
    """The mean over a batch of ``b`` that has the event so many ``times``, of the query that tells ``count`` from the
    next number.

    >>> [str(mean_of_count(Fraction(4), Fraction(1, 2), 0, times)) for times in (0, 1)]
    ['-27/64', '-5/64']
    """
    units, j = placed(b, count)
    wide = spacing(b, rho, units)
    return rho * j + rho / 2 + wide * (times - count - Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class CountQuery:
    """A query with two values, which tells ``count`` from the next number of times.

    Parameters
    ----------
    outside, inside : its values outside the event and on it. below : the greatest multiple of rho that is a valid
        rounding for ``count`` times or fewer.

    >>> query = count_query(4, Fraction(1, 2), 0)
    >>> str(query.outside), str(query.inside), query.below
    ('-27/64', '61/64', -1)
    """

    outside: Fraction
    inside: Fraction
    below: int

    def value(self, point: Point, event: Callable[[Point], bool]) -> Fraction:
        """At a ``point`` (x, y), for an ``event``."""
        return self.inside if event(point) else self.outside


def count_query(b: int, rho: Fraction, count: int) -> CountQuery:
    """The query that tells ``count`` times from ``count`` + 1 in batches of ``b``, at the precision ``rho``.

    Raises
    ------
    PremiseError
        Unless 0 <= count < b and (b + 1) rho < 4, for an odd b (b + 2) rho < 4.

    >>> count_query(5, Fraction(4, 7), 2)
    Traceback (most recent call last):
        ...
    constructions.errors.PremiseError: need (b + 2) rho < 4 for exact counts, got (5 + 2) * 4/7 = 4
    """
    precision, many = rational(rho, where="rho"), whole(b, where="batch", least=1)
    spare = spare_of(many)
    if not 0 < (many + spare) * precision < 4:
        got = f"({many} + {spare}) * {precision} = {(many + spare) * precision}"
        raise PremiseError(f"need (b + {spare}) rho < 4 for exact counts, got {got}")
    if not 0 <= whole(count, where="count") < many:
        raise PremiseError(f"need a count below b = {many}, got {count}")
    outside, inside = (
        Fraction(mean_of_count(Fraction(many), precision, Fraction(count), Fraction(k))) for k in (0, many)
    )
    return CountQuery(outside, inside, int(Fraction(placed(many, count)[1])))


def counted(answers: list[Fraction], b: int, rho: Fraction) -> int:
    """How often the event is in a batch of ``b``, from a valid rounding, a multiple of ``rho``, for each query.

    Raises
    ------
    PremiseError
        For another number of answers than b, or answers of no batch.

    >>> [str(count_query(2, Fraction(1), count).inside) for count in range(2)]
    ['7/16', '13/16']
    >>> counted([Fraction(1), Fraction(0)], 2, Fraction(1))
    1
    """
    if len(answers) != b:
        raise PremiseError(f"need {b} answers, one for each number of times, got {len(answers)}")
    above = [answer > rho * count_query(b, rho, count).below for count, answer in enumerate(answers)]
    if above != sorted(above, reverse=True):
        raise PremiseError("need the answers of a batch, got some that no batch has")
    return sum(above)
