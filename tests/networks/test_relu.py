"""ReLU versions of networks: the arrays by hand, other activations, and what is refused."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, RELU, Activation
from constructions.foundations.network import Fragment, Network
from constructions.networks.emulation import Plan
from constructions.networks.flat import flat_network
from constructions.networks.network_file import network_bytes, read_network_bytes
from constructions.networks.relu import Gadget, memory_edges, with_relus
from constructions.networks.trainable import Trainable

TILTED = Activation(
    kinks=(Fraction(-1, 2), Fraction(1)), slopes=(Fraction(-1, 3), Fraction(2), Fraction(1, 2)), value=Fraction(1)
)
RISING = Activation(kinks=(Fraction(0), Fraction(1)), slopes=(Fraction(1), Fraction(0), Fraction(2)), value=Fraction(0))


def trainable(sigma: Activation = RAMP, last: Activation | None = None) -> Trainable:
    """A memory weight, a random bit, two inputs, a hidden vertex, an output."""
    edges = {
        ("one", "memory"): Fraction(3, 16),
        ("one", "random"): 4,
        ("x1", "hidden"): 2,
        ("memory", "hidden"): -3,
        ("one", "hidden"): "1/2",
        ("hidden", "f"): "3/4",
        ("random", "f"): "1/8",
        ("x2", "f"): -1,
    }
    net = Network(inputs=("x1", "x2"), outputs=("f",), edges=edges, constant="one", sigma=sigma)
    flat = flat_network(net)
    random = [i for i in range(len(flat.sources)) if flat.weights[i] == 4 * flat.scale and flat.sources[i] == 0]
    return Trainable(network=flat, rho=Fraction(1, 16), sampled=np.array(random), last=last)


@pytest.mark.parametrize(
    "sigma", [RAMP, HARD_TANH, TILTED, RISING, RELU], ids=["ramp", "hard tanh", "tilted", "rising", "relu"]
)
@pytest.mark.parametrize("last", [None, IDENTITY, TILTED], ids=["same", "identity", "tilted"])
def test_the_relu_version_returns_the_same_for_every_x_and_random_bit(
    sigma: Activation, last: Activation | None
) -> None:
    net = trainable(sigma, last)
    made = with_relus(net)
    assert made.net.network.sigma == RELU and made.net.last == IDENTITY
    for x, bit in product(product((0, 1), repeat=2), (0, 1)):
        assert made.net.with_random_string([bit])(x) == net.with_random_string([bit])(x)


def test_one_vertex_by_hand() -> None:
    net = flat_network(Fragment(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 5}, sigma=RAMP))
    relu = with_relus(Trainable(network=net, rho=Fraction(1, 4))).net.network
    assert [relu.into(v) for v in range(2, 7)] == [
        [(0, Fraction(3)), (1, Fraction(5))],
        [(0, Fraction(1)), (1, Fraction(5))],
        [(1, Fraction(5))],
        [(0, Fraction(-2)), (1, Fraction(5))],
        [(0, Fraction(-2)), (2, Fraction(1)), (3, Fraction(-1)), (4, Fraction(1)), (5, Fraction(-1))],
    ]


def test_only_memory_edges_train_and_each_stays_one_edge() -> None:
    plan = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16))
    net = plan.trainable
    made = with_relus(net)
    memories = {int(plan.digits(t)[c].min()) - 1 for t in (1, 2) for c in range(len(plan.copies))}
    assert set(net.network.heads[memory_edges(net)].tolist()) == memories
    relu = made.net
    free = np.setdiff1d(np.arange(len(relu.network.sources)), relu.frozen)
    assert free.tolist() == sorted(made.edges.tolist()) and len(free) == len(memories)
    assert all(relu.network.into(int(relu.network.heads[e])) == [(0, Fraction(1, 16))] for e in free)
    assert len(made.unfrozen.frozen) == 0


def test_random_bits_stay_one_sampled_edge_each() -> None:
    made = with_relus(trainable()).net
    (edge,) = made.sampled.tolist()
    assert made.network.into(int(made.network.heads[edge])) == [(0, Fraction(4))]


def test_frozen_edges_of_the_given_network_stay_frozen() -> None:
    net = trainable()
    (memory,) = memory_edges(net).tolist()
    assert len(with_relus(replace(net, frozen=np.array([memory]))).edges) == 0


def test_it_can_be_written_and_read() -> None:
    made = with_relus(trainable()).net
    back = read_network_bytes(network_bytes(made))
    assert network_bytes(back) == network_bytes(made) and back((1, 0)) == trainable()((1, 0))


def test_what_cannot_be_one_relu_is_refused() -> None:
    net = trainable()
    inner = int(np.flatnonzero(net.network.sources == 1)[0])
    with pytest.raises(
        ConstructionError, match=f"need an edge from the constant that alone drives a vertex .*, got edge {inner}"
    ):
        with_relus(net, np.array([inner]))
    with pytest.raises(ConstructionError, match="need different edges below 8"):
        with_relus(net, np.array([99]))
    with pytest.raises(PremiseError, match="need a weight > 0 inside a piece that is not flat, got 3"):
        Gadget.line(RAMP, Fraction(3))
    with pytest.raises(PremiseError, match="need a weight > 0 inside a piece that is not flat, got -2"):
        Gadget.line(RAMP, Fraction(-2))
    with pytest.raises(PremiseError, match="need a size > 0, got 0"):
        Gadget.chord(RAMP, Fraction(0))


def test_weights_too_large_are_refused() -> None:
    net = flat_network(Fragment(inputs=("x1",), outputs=("f",), edges={("x1", "f"): (1 << 60) - 1}, sigma=RAMP))
    with pytest.raises(ConstructionError, match=r"need weights times scale within 2\^60, got up to"):
        with_relus(Trainable(network=net, rho=Fraction(1, 4)))


def test_the_edge_into_the_output_is_no_memory() -> None:
    net = Trainable(
        network=flat_network(
            Fragment(inputs=("x1",), outputs=("f",), edges={("one", "f"): Fraction(3, 4)}, constant="one", sigma=RAMP)
        ),
        rho=Fraction(1, 4),
    )
    assert len(memory_edges(net)) == 0 and with_relus(net).net((0,)) == Fraction(3, 4)


def test_an_edge_to_a_vertex_of_one_relu_has_its_tail_there() -> None:
    edges = {("x1", "u"): 1, ("u", "v"): 1, ("v", "f"): 1, ("one", "v"): 1}
    net = Trainable(
        network=flat_network(Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")), rho=Fraction(1, 4)
    )
    u, v = 2, 3
    trained = next(i for i, tail in enumerate(net.network.sources.tolist()) if tail == u)
    made = with_relus(net, np.array([trained]), lone=np.array([u, v]))
    (edge,) = made.edges.tolist()
    assert made.net.network.sources[edge] == made.starts[u] and made.net.network.heads[edge] == made.starts[v]
    with pytest.raises(ConstructionError, match="need an edge between vertices of one ReLU each to train it, got edge"):
        with_relus(net, np.array([trained]), lone=np.array([v]))
