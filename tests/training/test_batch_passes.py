"""Both passes for a batch are those of its samples one by one, however many there are."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from constructions.foundations.activation import IDENTITY
from constructions.foundations.network import Edge, Network
from constructions.networks.flat import flat_network
from constructions.networks.queries import DYADIC
from constructions.networks.skeleton import Skeleton
from constructions.networks.trainable import Trainable
from constructions.training.batch_passes import COLUMNS, batch_passes
from constructions.training.engine import engine_of
from constructions.training.exactness import FLOATS, INTEGERS

RHO = Fraction(1, 16)


@pytest.mark.parametrize("system", [FLOATS, INTEGERS])
@pytest.mark.parametrize("many", [1, 2, COLUMNS, 3 * COLUMNS + 1])
def test_a_batch_gives_what_its_samples_give(system: str, many: int) -> None:
    graph = Skeleton(setting=DYADIC, rho=RHO, coin=0).network()
    engine = engine_of(Trainable(network=flat_network(graph), rho=RHO, batch=many), system=system)
    source = np.random.default_rng(many)
    x, y = source.integers(0, 2, (many, 2)), source.integers(0, 2, many)
    found = engine.ranges()
    whole = batch_passes(engine.arrays, found, x, y, lanes=False)
    single = [batch_passes(engine.arrays, found, x[i : i + 1], y[i : i + 1]) for i in range(many)]
    assert whole.outputs == tuple(one.outputs[0] for one in single)
    assert np.array_equal(whole.batch_sum, sum(one.batch_sum for one in single))
    assert whole.batch_sum.any() and whole.kink is None


def test_more_different_samples_than_columns_are_taken_in_blocks() -> None:
    """Five inputs: 32 points, so four blocks; the last of 33 rows is a block by itself."""
    edges: dict[Edge, Any] = {
        ("x1", "f"): Fraction(1, 8),
        ("x2", "f"): Fraction(1, 4),
        ("x3", "f"): 1,
        ("x4", "f"): 2,
        ("x5", "f"): 4,
    }
    edges["one", "f"] = Fraction(1, 8)
    graph = Network(
        inputs=tuple(f"x{i}" for i in range(1, 6)), outputs=("f",), edges=edges, constant="one", sigma=IDENTITY
    )
    net = Trainable(network=flat_network(graph), rho=RHO, batch=33)
    x = np.array([[i >> k & 1 for k in range(5)] for i in (*range(32), 31)])
    y = np.array([0] * 32 + [1])
    engine = engine_of(net)
    passes = batch_passes(engine.arrays, engine.ranges(), x, y)
    assert passes.outputs == tuple(net(row) for row in x.tolist()) and passes.kink is None


def test_without_the_backward_pass_there_are_only_outputs() -> None:
    graph = Skeleton(setting=DYADIC, rho=RHO, coin=0).network()
    engine = engine_of(Trainable(network=flat_network(graph), rho=RHO))
    passes = batch_passes(engine.arrays, engine.ranges(), np.array([[0, 1]]), np.array([0]), backward=False)
    assert passes.outputs == (DYADIC.output(RHO, prime=False),) and len(passes.batch_sum) == 0
