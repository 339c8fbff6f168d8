"""Valid answers to queries (equation 8) and oracles that choose among them.

An answer v in [-1, 1]^p is valid if |v_j - mean_j| <= tau for every query j, where the mean is over the round's batch
(bSQ), the one batch of all rounds (fbSQ), or the source (SQ). An oracle may see the means and, if it looks ahead, the
batches still to come.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from random import Random
from typing import Any, TypeAlias

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, within
from constructions.foundations.vectors import Family, Vector, VectorSum
from constructions.learning.models import FBSQ, SQ, Answers, Query, QueryMethod, SampleMethod, State
from constructions.learning.problems import Bits, Point, Predictor, Source


@dataclass(frozen=True, slots=True)
class Question:
    """What an oracle sees: the round, the exact means, tau, and the batches of later rounds (for one that looks
    ahead)."""

    round: int
    means: Answers
    tau: Fraction
    later: tuple[tuple[Point, ...], ...] = ()


Oracle: TypeAlias = Callable[[Question], Sequence[Fraction]]
Average: TypeAlias = Callable[[Any, Query, int], Answers]
PARTS = 8


def exact(question: Question) -> Answers:
    """The means themselves.

    >>> [str(answer) for answer in exact(Question(1, (Fraction(1, 2), Fraction(1)), Fraction(1, 8)))]
    ['1/2', '1']
    """
    return question.means


def highest(question: Question) -> Answers:
    """The largest valid answers (not above 1).

    >>> [str(answer) for answer in highest(Question(1, (Fraction(1, 2), Fraction(1)), Fraction(1, 8)))]
    ['5/8', '1']
    """
    return tuple(min(mean + question.tau, Fraction(1)) for mean in question.means)


def lowest(question: Question) -> Answers:
    """The smallest valid answers (not below -1).

    >>> [str(answer) for answer in lowest(Question(1, (Fraction(1, 2), Fraction(-1)), Fraction(1, 8)))]
    ['3/8', '-1']
    """
    return tuple(max(mean - question.tau, Fraction(-1)) for mean in question.means)


def nearest_grid(step: Fraction) -> Oracle:
    """The multiple of ``step`` nearest to each mean, the lower one on a tie, but -1 or 1 if it lies beyond; valid if
    step <= 2 tau.

    >>> question = Question(1, (Fraction(3, 8), Fraction(1, 3)), Fraction(1, 8))
    >>> [str(answer) for answer in nearest_grid(Fraction(1, 4))(question)]
    ['1/4', '1/4']
    """

    return lambda question: tuple(to_grid(mean, step) for mean in question.means)


def to_grid(value: Number, step: Number) -> Number:
    """The multiple of ``step`` that is nearest to a number, the lower one on a tie, but -1 or 1 if it lies beyond.

    >>> [str(to_grid(Fraction(value, 8), Fraction(1, 4))) for value in (3, 4, 9)]
    ['1/4', '1/2', '1']
    """
    return within_range(nearest_multiple(value, step) * step)


def nearest_multiple(value: Number, step: Number) -> Number:
    """Which multiple of ``step`` is nearest to a number, the lower one on a tie.

    >>> [nearest_multiple(Fraction(value, 8), Fraction(1, 4)) for value in (3, 4, 9)]
    [1, 2, 4]
    """
    return -floor(Fraction(1, 2) - value / step)


def randomly(seed: int, *, parts: int = PARTS) -> Oracle:
    """Valid answers from an explicit seed, each of 2 parts + 1 equidistant ones around its mean, but -1 or 1 if it
    lies beyond.

    >>> oracle, question = randomly(0, parts=1), Question(1, (Fraction(1, 2),), Fraction(1, 8))
    >>> sorted({str(oracle(question)[0]) for _ in range(50)})
    ['1/2', '3/8', '5/8']
    """
    source = Random(seed)
    return lambda question: tuple(
        one_of(mean, question.tau, source.randint(-parts, parts), parts) for mean in question.means
    )


def one_of(mean: Fraction, tau: Fraction, j: int, parts: int) -> Fraction:
    """The answer at j parts of tau, from -parts to parts, beside a mean; the end of [-1, 1] if it lies beyond.

    >>> str(one_of(Fraction(1, 2), Fraction(1, 4), -8, 8))
    '1/4'
    """
    return within_range(mean + tau * Fraction(j, parts))


def equally_likely(mean: Fraction, tau: Fraction, parts: int = PARTS) -> tuple[Fraction, ...]:
    """The answers of which :func:`randomly` chooses one, each as likely as any other: 2 parts + 1 steps from mean - tau
    to mean + tau, held within [-1, 1], so that several can be the same.

    >>> [str(answer) for answer in equally_likely(Fraction(1), Fraction(1, 4), parts=1)]
    ['3/4', '1', '1']
    """
    return tuple(one_of(mean, tau, j, parts) for j in range(-parts, parts + 1))


def within_range(answer: Fraction) -> Fraction:
    """The nearest number in [-1, 1], where answers lie.

    >>> str(within_range(Fraction(9, 8))), str(within_range(Fraction(1, 8)))
    ('1', '1/8')
    """
    return max(Fraction(-1), min(Fraction(1), answer))


def means_over(points: Sequence[Point], query: Query, p: int, *, after: VectorSum | None = None) -> Answers:
    """The means of p queries over the points of a batch (equation 8).

    Parameters
    ----------
    points, query, p : the batch, and p queries that ``query`` answers together at a point (x, y).
    after : what was summed over an earlier part of the batch; the means are then over both parts.

    Raises
    ------
    ConstructionError
        For an empty batch.

    >>> means_over([((0,), 1), ((1,), 1)], lambda x, y: (x[0], y), 2)
    (Fraction(1, 2), Fraction(1, 1))
    """
    if not points:
        raise ConstructionError("need at least one point to take a mean over, got an empty batch")
    total = after
    for (x, y), times in Counter(points).items():
        values = _values(query(x, y), p)
        total = (VectorSum.of(values) if total is None else total).added(values, times)
    assert total is not None
    return total.mean  # type: ignore[no-any-return]


def _values(values: Sequence[Number], p: int) -> Vector:
    """The values of p queries at a point as a vector."""
    return values if isinstance(values, Family) else tuple([values[j] for j in range(p)])


def source_means(source: Source, query: Query, p: int) -> Answers:
    """The exact means of p queries, which ``query`` gives together at a point (x, y), over a source.

    >>> from constructions.learning.problems import uniform
    >>> [str(mean) for mean in source_means(uniform(1, lambda x: x[0]), lambda x, y: (y, x[0] * y), 2)]
    ['1/2', '1/2']
    """
    return tuple(source.expectation(lambda x, y, j=j: query(x, y)[j]) for j in range(p))  # type: ignore[misc]


def is_near(answer: Number, mean: Number, tau: Number) -> Formula:
    """Whether an answer is as near to a mean as equation (8) asks: within ``tau``.

    >>> is_near(Fraction(3, 8), Fraction(1, 2), Fraction(1, 8)), is_near(Fraction(1, 4), Fraction(1, 2), Fraction(1, 8))
    (True, False)
    """
    return within(answer - mean, tau)


def is_valid(answer: Number, mean: Number, tau: Number) -> Formula:
    """Whether a number may answer a query that has this mean: it is in [-1, 1] and within tau of the mean.

    >>> is_valid(Fraction(9, 8), Fraction(1), Fraction(1, 8))
    False
    """
    return every(is_near(answer, mean, tau), within(answer, Fraction(1)))


def valid(answers: Sequence[Fraction], question: Question) -> Answers:
    """The answers, or a refusal that names entry, value and bound.

    Raises
    ------
    ConstructionError
        For another number of answers, or one that is not valid (:func:`is_valid`).

    >>> valid((Fraction(1, 2),), Question(1, (Fraction(1, 4),), Fraction(1, 8)))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need an answer within 1/8 of 1/4, got 1/2, at entry 0, round 1
    """
    if len(answers) != len(question.means):
        raise ConstructionError(f"need {len(question.means)} answers, got {len(answers)}, at round {question.round}")
    for j, (answer, mean) in enumerate(zip(answers, question.means, strict=True)):
        number = isinstance(answer, Fraction | int)
        if answer is not mean and not (number and is_valid(answer, mean, question.tau)):
            near = number and is_near(answer, mean, question.tau)
            need = "in [-1, 1]" if near else f"within {question.tau} of {mean}"
            raise ConstructionError(f"need an answer {need}, got {answer}, at entry {j}, round {question.round}")
    return tuple(answer if type(answer) is Fraction else Fraction(answer) for answer in answers)


def answered(method: QueryMethod, batches: Sequence[tuple[Point, ...]], bits: Bits) -> Predictor:
    """What a method with the random string ``bits`` returns when every query is answered by the exact mean of its
    batch, one of ``batches`` for each round.

    >>> from constructions.learning.learners import best_literal
    >>> batches = [(((1, 0), 1), ((0, 1), 0))] * 2
    >>> answered(best_literal(2, b=2, tau="1/8"), batches, ())((1, 1))
    1
    """
    return method.predictor(after_rounds(method, method.start(bits), batches))


def after_rounds(
    method: QueryMethod, state: State, batches: Sequence[Any], *, first: Number = 1, average: Average = means_over
) -> State:
    """The state of a method after some rounds in which it is answered by exact means.

    Parameters
    ----------
    method, state : the method, and where it is before these rounds. batches : one for each round.
    first : the number of the first of these rounds. average : gives the means of p queries over a batch.

    >>> from constructions.learning.learners import query_conjunction
    >>> method, batches = query_conjunction(2, b=1, tau="1/8"), [(((1, 0), 1),), (((1, 1), 1),)]
    >>> after_rounds(method, method.start(()), batches)
    (True, False)
    """
    for t, batch in zip(itertools.count(first), batches, strict=False):
        state = method.after(state, average(batch, method.ask(state, t), method.budget.p))
    return state


def batches_for(method: QueryMethod, source: Source, random: Random) -> tuple[tuple[Point, ...], ...]:
    """The batches of all rounds: fresh ones, or the same one again (fbSQ); none for SQ."""
    budget = method.budget
    if isinstance(budget, SQ):
        return ((),) * budget.k
    if isinstance(budget, FBSQ):
        return (source.batch(budget.m, random),) * budget.k
    return tuple(source.batch(budget.b, random) for _ in range(budget.k))


def run_rounds(
    method: QueryMethod, source: Source, oracle: Oracle, string: Bits, batches: Sequence[tuple[Point, ...]]
) -> State:
    """All rounds of a method on given batches, one for each round; returns its last state.

    Parameters
    ----------
    source : over which the queries of an SQ method are averaged.
    oracle : from a question to answers. string : the method's random bits.

    Raises
    ------
    ConstructionError
        For answers that are not valid.

    >>> from constructions.learning.learners import query_conjunction
    >>> from constructions.learning.problems import uniform
    >>> method, batches = query_conjunction(1, b=1, tau="1/8"), [(((1,), 1),)] * 4
    >>> run_rounds(method, uniform(1, lambda x: x[0]), exact, (), batches)
    (True, False, False, False)
    """
    budget, state = method.budget, method.start(string)
    for t in range(1, budget.k + 1):
        query, batch = method.ask(state, t), batches[t - 1]
        means = source_means(source, query, budget.p) if isinstance(budget, SQ) else means_over(batch, query, budget.p)
        question = Question(t, means, budget.tau, tuple(batches[t:]))
        state = method.after(state, valid(oracle(question), question))
    return state


def run(method: QueryMethod | SampleMethod, source: Source, *, oracle: Oracle = exact, seed: int = 0) -> Predictor:
    """One run of a method from a seed; returns its predictor.

    Parameters
    ----------
    method, source : what learns, and from what.
    oracle : what answers its queries; the exact means if not given.
    seed : of the random string and of all batches.

    Raises
    ------
    ConstructionError
        For an oracle whose answer is not valid.

    >>> from constructions.learning.models import BSQ
    >>> from constructions.learning.problems import uniform
    >>> mean = QueryMethod(
    ...     n=1, budget=BSQ(k=1, tau=Fraction(1, 8), b=4, p=1),
    ...     start=lambda bits: None, query=lambda state: lambda x, y: (y,),
    ...     after=lambda state, answers: answers[0], predictor=lambda state: lambda x: state)
    >>> run(mean, uniform(1, lambda x: 1))((0,))
    Fraction(1, 1)
    """
    random = Random(seed)
    string = tuple(random.randrange(2) for _ in range(method.budget.r))
    if isinstance(method, SampleMethod):
        return method.learn(source.batch(method.budget.m, random), string)
    return method.predictor(run_rounds(method, source, oracle, string, batches_for(method, source, random)))
