"""The model of Result G is trained as the learner says, exactly and in PyTorch."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from constructions.foundations.rounding import Adversary, down, nearest, up
from constructions.learning.problems import uniform
from constructions.strip.given_away import farthest
from constructions.strip.mistake_models import mistake_model, stage_of
from constructions.strip.mistakes import MistakeLearner
from constructions.strip.sign_queries import all_queries
from constructions.strip.simulations import training
from constructions.strip.torch_module import TorchBatchWeights, torch_batch_model

F = Fraction
CLASS = [lambda x: 0, lambda x: x[0], lambda x: 1 - x[0], lambda x: 1]


def learner_for(b: int, rho: Fraction) -> MistakeLearner:
    return MistakeLearner(hypotheses=CLASS, queries=all_queries(1, b), rho=rho, window=2)


@pytest.mark.parametrize("adversary", [up, down, nearest, farthest])
@pytest.mark.parametrize("b, rho", [(3, F(1, 8)), (5, F(4, 25))])  # kappa = 0 and 1
def test_the_model_goes_as_the_learner(b: int, rho: Fraction, adversary: Adversary) -> None:
    learner, random = learner_for(b, rho), Random(1)
    weights: Any = mistake_model(learner, 6).start(())
    source, stage = uniform(1, CLASS[2]), learner.start
    for number in range(1, 7):
        batch = source.batch(b, random)
        before, weights = weights, training(rho, adversary).step(weights, batch, number=number)
        stage = learner.step(stage, batch, adversary)
        assert stage_of(weights) == stage
        changed = {edge for edge, value in weights.edges.items() if value != before.edges[edge]}
        assert changed and changed <= set(weights.model.block(number))
    assert [weights.predictor()((bit,)) for bit in (0, 1)] == [learner.learned(stage)((bit,)) for bit in (0, 1)]


def test_the_output_is_the_majority_held_off_until_the_end() -> None:
    learner = learner_for(3, F(1, 8))
    weights: Any = mistake_model(learner, 1).start(())
    assert [weights.output((bit,)) for bit in (0, 1)] == [1 - learner.held] * 2
    weights = training(learner.rho).step(weights, [((0,), 0), ((1,), 0), ((1,), 0)], number=1)
    assert [weights.output((bit,)) for bit in (0, 1)] == [learner.learned(stage_of(weights))((bit,)) for bit in (0, 1)]


@pytest.mark.torch
@pytest.mark.parametrize("adversary", [up, down, nearest])
def test_pytorch_takes_the_same_steps(adversary: Any) -> None:
    learner, random = learner_for(4, F(1, 8)), Random(2)  # all numbers are numbers of float64 but for the slopes 1/(3e)
    exact: Any = mistake_model(learner, 3).start(())
    real: Any = TorchBatchWeights(exact)
    source = uniform(1, CLASS[1])
    for number in (1, 2, 3):
        batch = source.batch(4, random)
        exact = training(learner.rho, adversary).step(exact, batch, number=number)
        real = training(learner.rho, adversary).step(real, batch, number=number)
        assert dict(exact.edges) == dict(real.edges)
        for bit in (0, 1):
            assert abs(torch_batch_model(exact)((bit,)).item() - float(exact.output((bit,)))) < 1e-9
