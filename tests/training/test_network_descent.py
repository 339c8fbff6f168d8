"""Networks in arrays as models: their gradients and steps are those of graphs and of the engine."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from constructions.errors import KinkError
from constructions.foundations.descent import loss_gradient
from constructions.foundations.network import Network
from constructions.learning.descent_methods import at_other_steps
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from constructions.training.engine import engine_of
from constructions.training.network_descent import NetworkWeights, descent_on_network

F = Fraction
EDGES = {("x1", "v"): F(1), ("one", "v"): F(1, 4), ("v", "f"): F(3, 2), ("one", "f"): F(1, 4)}
NET = Network(inputs=("x1",), outputs=("f",), edges=EDGES, constant="one")


def trainable(frozen: tuple[int, ...] = ()) -> Trainable:
    return Trainable(network=flat_network(NET), rho=F(1, 4), frozen=np.array(frozen, np.int64))


@pytest.mark.parametrize("sample", [((0,), 0), ((0,), 1), ((1,), 0)])
def test_gradients_are_those_of_the_graph(sample: tuple[tuple[int, ...], int]) -> None:
    found = NetworkWeights(trainable()).gradient(sample)
    wanted = (max(F(-1), min(F(1), F(value))) for value in loss_gradient(NET, sample).values())
    assert sorted(found.values()) == sorted(wanted)


def test_a_step_is_one_of_the_engine() -> None:
    net, batch = trainable(), [((0,), 0), ((1,), 1), ((0,), 0), ((1,), 0)]
    method = descent_on_network(net, steps=1, rho=F(1, 4), b=4)
    after: Any = method.descent.step(method.start(()), batch)
    engine = engine_of(net, batch=4)
    engine.step(np.array([x for x, _ in batch]), np.array([y for _, y in batch]))
    assert [after.edges[edge] for edge in range(4)] == [engine.weight(edge) for edge in range(4)]
    assert method.predictor(after)((1,)) == after.net((1,)) != net((1,))


def test_frozen_edges_are_no_parameters_and_kinks_are_told() -> None:
    model = NetworkWeights(trainable(frozen=(1,)))
    assert 1 not in model.edges and set(model.gradient(((0,), 1))) == set(model.edges)
    kink = Network(inputs=("x1",), outputs=("f",), edges={**EDGES, ("one", "v"): F(0)}, constant="one")
    with pytest.raises(KinkError):
        NetworkWeights(Trainable(network=flat_network(kink), rho=F(1, 4))).gradient(((0,), 1))
    assert at_other_steps(descent_on_network(trainable(), steps=1, rho=F(1, 4), b=2), 5).budget.steps == 5
