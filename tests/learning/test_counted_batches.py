"""Batches as counts: the step is that of the batch written out, and the draws follow the law."""

from fractions import Fraction
from random import Random

from constructions.foundations.rounding import up
from constructions.learning.array_draws import RandomWords
from constructions.learning.counted_batches import CountedBatches, descended_on_counts, step_on_counts
from constructions.learning.descent_methods import descended
from constructions.learning.gradient_learners import linear_regression
from constructions.learning.problems import Point

F = Fraction
POINTS: list[Point] = [((0, 0), 0), ((0, 1), 1), ((1, 0), 0), ((1, 1), 1)]


def test_a_step_on_counts_is_the_step_on_the_batch() -> None:
    method, random = linear_regression(2, b=9, rho=F(1, 16)), Random(3)
    model, also = method.start(()), method.start(())
    for number in range(1, 5):
        batch = [random.choice(POINTS) for _ in range(9)]
        counts = {point: batch.count(point) for point in POINTS if point in batch}
        model = method.descent.step(model, batch, number=number)
        also = step_on_counts(method.descent, also, counts, number=number)
        assert model == also


def test_whole_runs_agree_whoever_rounds() -> None:
    method = linear_regression(2, b=4, rho=F(1, 16))
    descent = type(method.descent)(
        rho=F(1, 16), rate=method.descent.rate, derivative=method.descent.derivative, adversary=up
    )
    counts = dict.fromkeys(POINTS, 1)
    one, other = descended_on_counts(method, [counts] * 6, (), descent), descended(method, [POINTS] * 6, (), descent)
    assert all(one(x) == other(x) for x, _ in POINTS)


def test_draws_follow_the_masses() -> None:
    drawing = CountedBatches.of(zip(POINTS, (1, 0, 2, 5), strict=True))
    counts = drawing.draw(80_000, RandomWords("7"))
    assert sum(counts.values()) == 80_000 and POINTS[1] not in counts
    assert abs(counts[POINTS[0]] - 10_000) < 600 and abs(counts[POINTS[3]] - 50_000) < 900
    assert counts == drawing.draw(80_000, RandomWords("7")) != drawing.draw(80_000, RandomWords("8"))
