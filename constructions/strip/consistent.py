"""A batch that is consistent with answers: beyond b rho = 4/3 the answers say no longer which batch it was.

Two ways to find one. ``exhaustive`` goes through all batches, for few points. ``milp`` asks the solver HiGHS of the
optional library scipy for integers; it counts in floating point and proves nothing, so what it returns is rounded and
each answer is compared exactly. None of the two takes the other's place.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import Any

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.optional import optional
from constructions.learning.problems import Bits
from constructions.strip.family import Balance, balances
from constructions.strip.sign_queries import SignQueries

MOST_BATCHES = 200_000
SECONDS = 60


def is_consistent(answers: Sequence[Fraction], products: Sequence[int], b: int, tau: Fraction) -> bool:
    """Whether ``answers`` are within tau of the means over a batch of ``b`` points with these ``products`` of its
    balance.

    >>> is_consistent([Fraction(1, 4)], [2], 4, Fraction(1, 4)), is_consistent([Fraction(1, 4)], [4], 4, Fraction(1, 4))
    (True, False)
    """
    pairs = zip(answers, products, strict=True)
    return all(abs(answer * b - product) <= tau * b for answer, product in pairs)


def distance(one: Balance, other: Balance) -> Fraction:
    """Half of |G - G'|_1: how many points of one batch are replaced in the other.

    >>> distance({(0,): 2}, {(0,): 1, (1,): -1})
    Fraction(1, 1)
    """
    return Fraction(sum(abs(one.get(x, 0) - other.get(x, 0)) for x in {**one, **other}), 2)


@lru_cache(maxsize=64)
def all_batches(queries: SignQueries) -> tuple[tuple[dict[Bits, int], tuple[int, ...]], ...]:
    """The balances of all batches whose labels are a function of the point, with their products with the ``queries``.

    Raises
    ------
    PremiseError
        For more than 200000 of them.

    >>> len(all_batches(SignQueries(1, 2, (0, 2))))
    8
    """
    found: list[tuple[dict[Bits, int], tuple[int, ...]]] = []
    for balance in balances(queries.n, queries.b):
        if len(found) >= MOST_BATCHES:
            raise PremiseError(f"need at most {MOST_BATCHES} batches to go through all, got more: n = {queries.n}")
        found.append((balance, queries.answers(balance)))
    return tuple(found)


def exhaustive(queries: SignQueries, answers: Sequence[Fraction], tau: Fraction) -> dict[Bits, int] | None:
    """The first balance of a batch that is consistent with the ``answers`` to the ``queries``, within tau, by going
    through all; None if there is none."""
    fits = (each for each, products in all_batches(queries) if is_consistent(answers, products, queries.b, tau))
    return next(fits, None)


def milp(queries: SignQueries, answers: Sequence[Fraction], tau: Fraction) -> dict[Bits, int] | None:
    """Such a balance by a mixed-integer linear program: for each point how often it is there with label 0 and with
    label 1, and which of the two. None if the solver finds none in a minute; what it finds is checked exactly.

    Parameters
    ----------
    queries, answers, tau : the family, what it was answered, and how far answers may be off.

    Raises
    ------
    ConstructionError
        Where scipy is not installed.
    """
    optimize, numpy = optional("scipy.optimize"), optional("numpy")
    count, points = len(queries.points), queries.points
    upper = numpy.concatenate([numpy.full(2 * count, queries.b), numpy.ones(count)])
    found = optimize.milp(
        numpy.zeros(3 * count),
        integrality=numpy.ones(3 * count),
        bounds=optimize.Bounds(0, upper),
        constraints=_limits(queries, answers, tau),
        options={"time_limit": SECONDS},
    )
    if found.x is None:
        return None
    numbers = [int(value) for value in numpy.rint(found.x)]
    balance = {x: numbers[at] - numbers[count + at] for at, x in enumerate(points)}
    balance = {x: many for x, many in balance.items() if many}
    right = is_consistent(answers, queries.answers(balance), queries.b, tau)
    right = right and sum(map(abs, balance.values())) == queries.b
    return balance if right else None


def _limits(queries: SignQueries, answers: Sequence[Fraction], tau: Fraction) -> list[Any]:
    """What the integers have to meet, in floating point: near the answers, one label for each point, b points."""
    optimize, numpy = optional("scipy.optimize"), optional("numpy")
    b, count = queries.b, len(queries.points)
    values = numpy.array([queries.values(x) for x in queries.points], dtype=float).T
    eye, none = numpy.eye(count), numpy.zeros((count, count))
    rows = numpy.hstack([values, -values, numpy.zeros((queries.size, count))])
    kept = numpy.hstack([eye, none, -b * eye]), numpy.hstack([none, eye, b * eye])
    total = numpy.concatenate([numpy.ones(2 * count), numpy.zeros(count)])
    middle, near = numpy.array([float(answer * b) for answer in answers]), float(tau * b)
    return [
        optimize.LinearConstraint(rows, middle - near, middle + near),
        optimize.LinearConstraint(kept[0], -numpy.inf, 0),
        optimize.LinearConstraint(kept[1], -numpy.inf, b),
        optimize.LinearConstraint(total, b, b),
    ]


SEARCHES: dict[str, Callable[..., dict[Bits, int] | None]] = {"exhaustive": exhaustive, "milp": milp}
"""The ways to find a consistent batch, by name."""


def read(queries: SignQueries, answers: Sequence[Fraction], tau: Fraction, *, by: str) -> dict[Bits, int]:
    """The balance of a batch that is consistent with the ``answers`` to the ``queries``, within tau, found by a way of
    this name (exhaustive or milp).

    Raises
    ------
    PremiseError
        If none is found; for answers to a batch this says something of the search alone.
    ConstructionError
        For another way, and for another number of answers than queries.

    >>> queries = SignQueries(1, 2, (0, 2))
    >>> read(queries, [Fraction(0), Fraction(1)], Fraction(1, 4), by="exhaustive")
    {(0,): 1, (1,): -1}
    """
    if by not in SEARCHES:
        raise ConstructionError(f"need a search ({', '.join(SEARCHES)}), got {by!r}")
    if len(answers) != queries.size:
        raise ConstructionError(f"need {queries.size} answers, got {len(answers)}")
    found = SEARCHES[by](queries, answers, tau)
    if found is None:
        raise PremiseError(
            f"need answers within {tau} of those of a batch of {queries.b} points, got none found by {by}"
        )
    return found


def untold(queries: SignQueries, error: Fraction, replaced: int) -> Iterator[tuple[Balance, Balance]]:
    """The pairs of batches at a distance of more than ``replaced`` that the ``queries`` do not tell apart: no two
    products differ by more than 2 b tau, and b tau is the ``error``. All pairs are looked at.

    >>> list(untold(SignQueries(1, 2, (0, 2)), Fraction(1, 2), 0))
    []
    >>> len(list(untold(SignQueries(1, 2, (0,)), Fraction(1, 2), 0)))
    7
    """
    every: list[Any] = list(all_batches(queries))
    for (one, products), (other, others) in combinations(every, 2):
        if distance(one, other) > replaced and _near(products, others, error):
            yield one, other


def silent(queries: SignQueries, error: Fraction) -> Iterator[Balance]:
    """The batches of which no product with the ``queries`` is more than b tau, the ``error``: all answers may be 0.

    >>> len(list(silent(SignQueries(1, 2, (0,)), Fraction(1, 2))))
    2
    """
    for balance, products in all_batches(queries):
        if all(abs(product) <= error for product in products):
            yield balance


def _near(products: Sequence[int], others: Sequence[int], error: Fraction) -> bool:
    return all(abs(one - other) <= 2 * error for one, other in zip(products, others, strict=True))
