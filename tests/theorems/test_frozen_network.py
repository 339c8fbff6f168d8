"""Appendix B.1: a whole network beside the model, trained with the same roundings."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from constructions.computation.learner_machines import best_literal_machine, correlations_machine
from constructions.errors import ConstructionError
from constructions.foundations.rounding import Choice
from constructions.foundations.walks import forward
from constructions.learning.learners import best_literal
from constructions.models.answering import AnsweringModel
from constructions.models.one_step import OneStep, as_printed
from constructions.theorems.frozen_network import FrozenNetwork, without_dead_ends
from constructions.training.batches import as_arrays
from constructions.training.by_fractions import RATIONALS, EngineSettings, any_engine

F = Fraction
NUMBERS = as_printed(F(1, 2))


def made(numbers: OneStep = NUMBERS) -> FrozenNetwork:
    """The network of the best literal of one bit."""
    return FrozenNetwork(machine=best_literal_machine(1, fraction=3), numbers=numbers)


def highest(choice: Choice) -> Fraction:
    """The adversary that always rounds up."""
    return choice.valid[-1]


@pytest.mark.parametrize("seed", [1, 2])
def test_network_and_model_take_the_same_steps(seed: int) -> None:
    network, model = made(), AnsweringModel(method=best_literal(1, b=2, tau=F(1, 2)), numbers=NUMBERS)
    net, weights, draw = network.network, model.start(()), random.Random(seed)
    for step in (1, 2):
        batch = [((draw.randint(0, 1),), draw.randint(0, 1)) for _ in range(3)]
        for x in (0, 1):
            assert forward(net, {"x1": F(x)}).out["f"] == weights.output((x,))
        net = network.descent(highest).step(net, batch, number=step)
        weights = model.descent(highest).step(weights, batch, number=step)  # type: ignore[arg-type,assignment]
        assert [network.answers(net, t) for t in (1, 2)] == [weights.answers(t) for t in (1, 2)]
    for x in (0, 1):
        assert forward(net, {"x1": F(x)}).out["f"] == weights.output((x,))


def test_only_the_parameters_train() -> None:
    network = made()
    net = network.trainable
    assert len(net.network.sources) - len(net.frozen) == len(network.trained) == 6
    assert [net((x,)) for x in (0, 1)] == [forward(network.network, {"x1": F(x)}).out["f"] for x in (0, 1)]
    after = network.descent().step(network.network, [((1,), 1), ((0,), 1)])
    moved = {edge for edge, weight in after.edges.items() if weight != network.network.weight(*edge)}
    assert moved and moved <= set(network.trained)


def test_what_it_does_not_serve_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a machine whose queries are 0 and 1"):
        FrozenNetwork(machine=correlations_machine(1, fraction=3), numbers=NUMBERS)
    with pytest.raises(ConstructionError, match="need 1/rho a power of two, got rho = 1/6"):
        made(replace(NUMBERS, rho=F(1, 6)))
    with pytest.raises(ConstructionError, match="need 0 random bits, got 1"):
        FrozenNetwork(machine=best_literal_machine(1, fraction=3), numbers=NUMBERS, random=(1,))


def test_dead_ends_are_left_out_and_ways_to_the_output_are_kept() -> None:
    edges = {("x1", "a"): F(1), ("a", "f"): F(1), ("a", "b"): F(1), ("b", "c"): F(1)}
    assert set(without_dead_ends(edges)) == {("x1", "a"), ("a", "f")}
    assert all(network_edge[1] in made().network.order for network_edge in product(("one",), ("f",)))


@pytest.mark.slow
@pytest.mark.parametrize("adversary", ["toward-zero", "away-from-zero"])
def test_the_network_of_relus_takes_the_same_steps(adversary: str) -> None:
    network = made()
    version, ramp = network.relus, network.trainable
    engines = [any_engine(net, EngineSettings(system=RATIONALS), adversary=adversary) for net in (ramp, version.net)]
    for point, label in (((1,), 1), ((0,), 1)):
        outputs = [engine.step(*as_arrays([(point, label)])).outputs for engine in engines]
        assert outputs[0] == outputs[1]
    points = as_arrays([((0,), 0), ((1,), 0)])[0]
    assert engines[0].outputs(points) == engines[1].outputs(points)
