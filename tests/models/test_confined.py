"""Training of one block at a time, beside training of all."""

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.rounding import down, nearest, up
from constructions.learning.learners import best_literal, parity
from constructions.learning.models import stopped
from constructions.learning.problems import uniform
from constructions.models.answering import AnsweringModel
from constructions.models.confined import OneBlock, confined
from constructions.models.one_step import as_printed
from constructions.models.simulations import compiled
from constructions.reductions.sample_extract import lemma_1

F = Fraction


def iterates(descent: Any, weights: Any, batches: Any) -> Any:
    """The models after each step."""
    return descent.bsgd(weights, batches)


SOURCE = uniform(2, lambda x: x[0], noise=F(1, 8))


@pytest.mark.parametrize("adversary", [up, down, nearest])
def test_the_same_weights_after_each_step(adversary) -> None:  # type: ignore[no-untyped-def]
    method = stopped(lemma_1(2, b=2, tau=F(1, 8), delta=F(1, 2))(parity(2, 1)), 6)
    model, random = AnsweringModel(method=method, numbers=as_printed(method.budget.tau)), Random(1)
    start = model.start(tuple(random.randrange(2) for _ in range(method.budget.r)))
    batches = [SOURCE.batch(2, random) for _ in range(method.budget.k)]
    whole = list(iterates(model.descent(adversary), start, batches))
    alone = list(iterates(model.descent(adversary), OneBlock.of(start), batches))
    assert [each.edges for each in whole] == [each.weights.edges for each in alone]
    assert whole[-1].predictor()((1, 0)) == alone[-1].predictor()((1, 0))


def test_a_confined_method_has_the_budget_of_the_whole_and_refuses_other_parameters() -> None:
    method = compiled(best_literal(2, b=3, tau=F(1, 4)))
    one = confined(method)
    assert one.budget == method.budget and len(one.start(()).edges) == 4
    with pytest.raises(ConstructionError, match="need a parameter of block 1"):
        one.start(()).with_weights({("clock", "2"): F(1)})
