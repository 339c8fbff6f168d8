"""Results B and C: runs above b rho = 4/3 that read a few points wrongly, and the numbers of the theorems."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from constructions.errors import PremiseError
from constructions.foundations.rounding import Adversary, down, nearest, randomly, up
from constructions.learning.learners import parity
from constructions.learning.models import PAC
from constructions.learning.parities import parity_of
from constructions.learning.problems import Bits, Point, Predictor, uniform
from constructions.strip.given_away import farthest
from constructions.strip.noisy import NoisySimulation, best_parity, right_line, statistical_error, trained_on
from constructions.strip.readout import LEVEL_FACTOR, errors
from constructions.strip.sign_queries import drawn
from constructions.strip.simulations import tolerance_of, training
from tests.strip.test_readout import searches

F = Fraction


@pytest.mark.parametrize("by", searches())
@pytest.mark.parametrize("adversary", [up, down, nearest, farthest, randomly(2)])
def test_a_run_above_four_thirds_replaces_few_points_and_learns(adversary: Adversary, by: str) -> None:
    n, b, steps, rho = 2, 5, 2, F(9, 25)  # b rho = 9/5, b tau = 27/20
    queries, target = drawn(n, b, 20, 0), parity_of(2, n)
    read: list[tuple[Point, ...]] = []
    method = best_parity(n, b * steps)

    def learn(sample: tuple[Point, ...], bits: Bits) -> Predictor:
        read.append(sample)
        return method.learn(sample, bits)

    made, random = trained_on(queries, replace(method, learn=learn), rho, by=by), Random(5)
    batches = [uniform(n, target).batch(b, random) for _ in range(steps)]
    weights = made.start(())
    for batch in batches:
        weights = training(rho, adversary).step(weights, batch)
    predictor = made.predictor(weights)
    assert [predictor(x) for x in queries.points] == [target(x) for x in queries.points]
    for at, batch in enumerate(batches):
        replaced = Counter(batch) - Counter(read[0][b * at : b * (at + 1)])
        assert sum(replaced.values()) <= int(b * tolerance_of(rho))


def test_result_b_counts_and_refuses() -> None:
    queries = drawn(2, 4, 12, 0)
    result = NoisySimulation(n=2, b=4, rho=F(1, 8), d0=2, queries=queries, by="exhaustive")
    assert result(parity(2, 8)).budget == result.budget(PAC(m=8))
    assert result.size == 12
    sized = NoisySimulation(n=2, b=4, rho=F(1, 8), d0=2)
    assert sized.size == errors(2, 4, F(1, 8), 2).queries
    with pytest.raises(PremiseError, match="need the queries themselves"):
        sized(parity(2, 8))
    with pytest.raises(PremiseError, match="need 2 d0 <= b, got d0 = 3 and b = 4"):
        NoisySimulation(n=2, b=4, rho=F(1, 8), d0=3)
    with pytest.raises(PremiseError, match="need queries and a method for n = 2 and b = 4"):
        result(parity(3, 8))


@pytest.mark.parametrize("b", [1, 2, 7, 8, 9, 64, 1000])
def test_the_right_line_meets_a2_for_every_batch(b: int) -> None:
    for rho in (F(1, 24), F(1, 30), F(1, 500)):
        found = right_line(20, b=b, rho=rho, delta=F(1, 10))
        assert found.level * found.d0 >= LEVEL_FACTOR * (b * tolerance_of(rho)) ** 2
        assert found.level <= 2 * found.d0 and (b == 1 or 2 * found.d0 <= b)
        assert 8 * found.steps * (found.d0 - 1) < found.samples
    with pytest.raises(PremiseError, match="need 0 < rho <= 1/24"):
        right_line(20, b=b, rho=F(1, 23), delta=F(1, 10))
    with pytest.raises(PremiseError, match="need 0 < delta < 1"):
        right_line(20, b=b, rho=F(1, 24), delta=F(1))


def test_the_claim_beyond_statistical_queries_is_empty_for_few_bits_and_not_for_many() -> None:
    found = right_line(8, b=64, rho=F(1, 24), delta=F(1, 10))
    assert statistical_error(8, found.parameters, F(1, 24)) == 0
    larger = right_line(80, b=64, rho=F(1, 24), delta=F(1, 10))
    assert statistical_error(80, larger.parameters, F(1, 24)) > F(1, 9)
