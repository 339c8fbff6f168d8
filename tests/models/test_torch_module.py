"""The model as a PyTorch module takes the steps of the exact one (needs PyTorch, `-m torch`)."""

from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from constructions.foundations.rounding import down, nearest, up
from constructions.learning.learners import best_literal, query_conjunction
from constructions.learning.problems import uniform
from constructions.models.answering import AnsweringModel, answer_edge, clock_edge
from constructions.models.one_step import as_printed, plain, steep
from constructions.models.torch_module import TorchWeights, torch_model

F = Fraction


def iterates(descent: Any, weights: Any, batches: Any) -> Any:
    """The models after each step."""
    return descent.bsgd(weights, batches)


TAU = F(1, 4)
NUMBERS = {"printed": as_printed(TAU), "plain": plain(TAU, F(1, 8)), "steep": steep(TAU, F(1, 4))}


@pytest.mark.torch
@pytest.mark.parametrize("adversary", [up, down, nearest])
@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("make", [best_literal, query_conjunction])
def test_the_same_steps_under_the_same_roundings(make, numbers, adversary) -> None:  # type: ignore[no-untyped-def]
    model = AnsweringModel(method=make(2, b=4, tau=TAU), numbers=NUMBERS[numbers])
    source, random = uniform(2, lambda x: x[0]), Random(2)
    batches = [source.batch(4, random) for _ in range(model.rounds)]
    exact = iterates(model.descent(adversary), model.start(()), batches)
    real = iterates(model.descent(adversary), TorchWeights(model.start(())), batches)
    for one, other in zip(exact, real, strict=True):
        assert dict(one.edges) == dict(other.edges)
        for x in product((0, 1), repeat=2):
            assert torch_model(one)(x).item() == float(one.output(x))


@pytest.mark.torch
def test_between_the_flat_pieces_the_module_is_defined_and_has_a_gradient() -> None:
    model = AnsweringModel(method=best_literal(2, b=4, tau=TAU), numbers=as_printed(TAU))
    rho = model.numbers.rho
    inside = model.start(()).with_weights({clock_edge(1): rho / 2, answer_edge(1, 1): rho})
    module = torch_model(inside)
    found = module((1, 0))
    found.backward()
    assert module.get_parameter("clock_1").grad.item() != 0


def test_the_exact_model_beside_it_needs_no_torch() -> None:
    model = AnsweringModel(method=best_literal(2, b=4, tau=TAU), numbers=as_printed(TAU))
    assert TorchWeights(model.start(())).edges == model.start(()).edges
