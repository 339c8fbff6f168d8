"""Answers that look ahead and steer the next query (E16): the 800 points.

The error of Section 4 is E[sup]: the answers of a round may depend on the batches of later rounds. The method here asks
two queries. The answer to the first, whose mean is 0, is free within the tolerance; its digits name a set of points,
and the second query is 1 on that set and -1 off it. A set of more than half of the points counts as empty, so over the
source the second mean is never above 0, and SQ answers never reach above tau = 1/2. Let Theorem 2d ask each query q
times, b points a round, on 2qb points. Whoever knows the points of the last q rounds names just those: the mean over
their batches is 1. So the batch mean strays by 1 or more, surely, where the union bound over two queries says 4 exp(-qb
/ 32), 1.5e-5 at qb = 400; and the error grows from 0 to 1/2.

Held to the grid (Theorem 2d for answers that look ahead) the first answer has no digits to steer by.

>>> steered_run(q=3, seed=0), steered_run(q=3, seed=0, held=True)
(Fraction(1, 2), Fraction(0, 1))
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

from constructions.foundations.exact import Number
from constructions.learning import tails
from constructions.learning.models import SQ, QueryMethod
from constructions.learning.oracles import Oracle, Question, run_rounds
from constructions.learning.problems import Bits, Point, Table
from constructions.reductions.bsq import averaged
from constructions.reductions.cells import in_cells

TAU, QUERIES = Fraction(1, 2), 2


def steering_points(many: int) -> tuple[Bits, ...]:
    """So many different points x.

    >>> steering_points(3)
    ((0, 0), (0, 1), (1, 0))
    """
    width = max(1, (many - 1).bit_length())
    return tuple(tuple(i >> j & 1 for j in reversed(range(width))) for i in range(many))


def points_of_one_label(many: int) -> Table:
    """The uniform distribution on so many points, all of label 0.

    >>> points_of_one_label(3).loss(lambda x: 1)
    Fraction(1, 2)
    """
    points = steering_points(many)
    return Table(len(points[0]), {(x, 0): Fraction(1, many) for x in points})


def named_by_digits(answer: Fraction, many: int) -> frozenset[int]:
    """The set that an answer names among so many points, by its binary digits from the third on; a set of more than
    half of them counts as empty.

    >>> sorted(named_by_digits(digits_of({0, 3}, 4), 4)), sorted(named_by_digits(digits_of({0, 1, 3}, 4), 4))
    ([0, 3], [])
    """
    code = floor(abs(answer) * 2 ** (many + 2)) % 2**many
    found = frozenset(i for i in range(many) if code >> i & 1)
    return found if 2 * len(found) <= many else frozenset()


def digits_of(chosen: frozenset[int] | set[int], many: int) -> Fraction:
    """An answer in [0, 1/4) that names a set.

    >>> digits_of({0, 3}, 4)
    Fraction(9, 64)
    """
    return Fraction(sum(1 << i for i in chosen), 2 ** (many + 2))


def mean_of_a_set(size: Number, many: Number) -> Number:
    """The mean over so many points of a query that is 1 on a set of some ``size``, and -1 off it.

    >>> mean_of_a_set(Fraction(2), 8)
    Fraction(-1, 2)
    """
    return (2 * size - many) / many


def steered_method(many: int) -> QueryMethod:
    """The SQ method with two queries, of which the first answer names the second; its error on the source of so many
    points is 0.

    >>> steered_method(4).budget
    SQ(k=2, tau=Fraction(1, 2), r=0, alternating=False, p=1)
    """
    place = {x: i for i, x in enumerate(steering_points(many))}

    def query(state: Any) -> Callable[[Bits, int], tuple[int]]:
        if state is None or isinstance(state, bool):
            return lambda x, y: (0,)
        return lambda x, y: (1 if place[x] in state else -1,)

    def after(state: Any, answers: Any) -> Any:
        return named_by_digits(answers[0], many) if state is None else bool(answers[0] > TAU)

    return QueryMethod(
        n=len(steering_points(many)[0]),
        budget=SQ(k=QUERIES, tau=TAU),
        start=lambda bits: None,
        query=query,
        after=after,
        predictor=lambda state: lambda x: int(state is True),
    )


def steering_oracle(q: int, many: int) -> Oracle:
    """The answers that look ahead: in the first q rounds of two times q they name the points of the others, and those
    are answered by the exact means.

    >>> oracle, later = steering_oracle(1, 2), ((((1,), 0),),)
    >>> oracle(Question(1, (Fraction(0),), Fraction(1, 4), later)), oracle(Question(2, (Fraction(1),), Fraction(1, 4)))
    ((Fraction(1, 8),), (Fraction(1, 1),))
    """
    place = {x: i for i, x in enumerate(steering_points(many))}

    def answer(question: Question) -> Sequence[Fraction]:
        if question.round > q:
            return question.means
        ahead = question.later[q - question.round :]
        return (digits_of({place[x] for batch in ahead for x, _ in batch}, many),)

    return answer


def steered_run(*, q: int, seed: int, b: int = 1, held: bool = False) -> Fraction:
    """The loss of one run of Theorem 2d's method for the steered one, each query asked ``q`` times with batches of
    ``b``, on batches from a ``seed`` and against answers that look ahead; with ``held``, averages are held to the grid.

    The answers are checked for validity as those of any oracle.

    >>> [str(steered_run(q=400, seed=seed)) for seed in range(2)]
    ['1/2', '1/2']
    """
    many, random = 2 * q * b, Random(seed)
    source, given = points_of_one_label(many), steered_method(many)
    made = averaged(in_cells(given) if held else replace(given), b=b, q=q)
    batches: list[tuple[Point, ...]] = [source.batch(b, random) for _ in range(made.budget.k)]
    state = run_rounds(made, source, steering_oracle(q, many), (), batches)
    return source.loss(made.predictor(state))


def printed_union_bound(q: int, b: int = 1) -> Fraction:
    """What a union bound over two queries says of the chance that a mean strays by more than tau/2, for ``q`` batches
    of ``b`` points: at most 2 times 2 exp(-(tau/2)^2 qb / 2), here rounded up.

    >>> float(printed_union_bound(400)) < 1.5e-5
    True
    """
    return QUERIES * tails.hoeffding(q * b, TAU / 2)[1]
