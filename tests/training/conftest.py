"""Small random networks, and training in fractions beside the array engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, RELU, Activation
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.network import Edge, Network
from constructions.foundations.rounding import Choice
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import EdgeChoice
from constructions.training.trainer import Trace, train

STAIRS = Activation(
    kinks=(Fraction(-1, 2), Fraction(1, 3), Fraction(1)),
    slopes=(Fraction(0), Fraction(3, 2), Fraction(-1, 4), Fraction(0)),
    value=Fraction(-1),
)
LEAKY = Activation(kinks=(Fraction(0),), slopes=(Fraction(1, 4), Fraction(1)), value=Fraction(0))
SIGMAS = (RAMP, RELU, HARD_TANH, IDENTITY, STAIRS, LEAKY)
WEIGHTS = {
    "whole": [Fraction(w) for w in (-3, -2, -1, 1, 2, 3)],
    "binary": [Fraction(w, 16) for w in range(-40, 41, 3)],
    "thirds": [Fraction(w, 12) for w in range(-20, 21) if w],
}


def random_network(seed: int) -> Network:
    """One to three inputs, up to five hidden vertices; whole weights often put a vertex on a kink."""
    source = Random(seed)
    inputs = [f"x{i + 1}" for i in range(source.randint(1, 3))]
    choices = WEIGHTS[source.choice(list(WEIGHTS))]
    edges: dict[Edge, Fraction] = {}
    before = ["one", *inputs]
    for i in range(source.randint(0, 5)):
        for tail in source.sample(before, source.randint(1, min(4, len(before)))):
            edges[tail, f"h{i}"] = source.choice(choices)
        before.append(f"h{i}")
    tails = {u for u, _ in edges}
    for tail in before:
        if tail not in tails or source.random() < 0.3:
            edges[tail, "f"] = source.choice(choices)
    return Network(inputs=tuple(inputs), outputs=("f",), edges=edges, constant="one", sigma=source.choice(SIGMAS))


def gated_network(seed: int) -> Network:
    """Some vertices that depend on the constant alone, then up to forty that mix these, inputs and one another: most
    are strictly flat, many have one output for every x, and a step changes which."""
    source = Random(f"gated {seed}")
    inputs, sigma = ["x1", "x2", "x3"], source.choice([RAMP, RAMP, HARD_TANH, STAIRS, RELU])
    edges: dict[Edge, Fraction] = {}
    before, clocks = list(inputs), [f"c{i}" for i in range(source.randint(1, 5))]
    for clock in clocks:
        edges["one", clock] = Fraction(source.randint(-12, 12), 4)
    for i in range(source.randint(5, 40)):
        edges["one", f"h{i}"] = Fraction(source.randint(-16, 16), 4)
        edges[source.choice(clocks), f"h{i}"] = Fraction(source.choice([-2, -1, 1, 2]))
        for tail in source.sample(before, source.randint(1, min(3, len(before)))):
            edges[tail, f"h{i}"] = Fraction(source.choice([-4, -2, -1, 1, 2]), source.choice([1, 1, 4]))
        before.append(f"h{i}")
    tails = {u for u, _ in edges}
    for tail in (*clocks, *before):
        if tail not in tails or source.random() < 0.3:
            edges[tail, "f"] = Fraction(source.choice([-2, -1, 1, 2]), 4)
    return Network(inputs=tuple(inputs), outputs=("f",), edges=edges, constant="one", sigma=sigma)


@dataclass(frozen=True)
class Both:
    """A network as a graph and as arrays, and its batches in both forms."""

    graph: Network
    net: Trainable
    samples: list[list[Sample]]

    @property
    def batches(self) -> list[Any]:
        """The batches as arrays."""
        return [
            (np.array([x for x, _ in batch]).reshape(len(batch), -1), np.array([y for _, y in batch]))
            for batch in self.samples
        ]

    @property
    def names(self) -> list[str]:
        """The name of every vertex of the arrays."""
        return ["one", *self.graph.inputs, *(v for v in self.graph.order if v not in self.graph.sources)]

    @property
    def edges(self) -> list[Edge]:
        """The edge at every position."""
        flat, names = self.net.network, self.names
        return [(names[u], names[v]) for u, v in zip(flat.sources, flat.heads, strict=True)]

    def in_fractions(
        self,
        pick: Callable[[EdgeChoice], Fraction],
        at_kink: Callable[[int, Mapping[Edge, Fraction]], Any] | None = None,
    ) -> Trace:
        """The run of the engine over graphs, with an adversary that sees positions."""
        at = {edge: i for i, edge in enumerate(self.edges)}
        place = {name: i for i, name in enumerate(self.names)}

        def adversary(choice: Choice) -> Fraction:
            edge = at[choice.edge]
            return pick(
                EdgeChoice(edge, place[choice.edge[0]], place[choice.edge[1]], choice.step, choice.value, choice.valid)
            )

        descent = Descent(rho=self.net.rho, rate=self.net.rate, adversary=adversary)
        if at_kink is not None:
            descent = replace(descent, at_kink=lambda vertex, edges: at_kink(place[vertex], edges))
        return train(self.graph, self.samples, descent)

    def weights(self, graph: Network) -> list[Fraction]:
        """The weights of a graph in the order of the arrays."""
        return [Fraction(graph.weight(*edge)) for edge in self.edges]


@pytest.fixture
def pair() -> Callable[..., Both]:
    """A random network with random batches, from a seed."""

    def build(seed: int, *, steps: int = 3, rho: Fraction | None = None) -> Both:
        source = Random(f"pair {seed}")
        graph, batch = random_network(seed), source.randint(1, 5)
        n = len(graph.inputs)
        samples = [
            [(tuple(source.randrange(2) for _ in range(n)), source.randrange(2)) for _ in range(batch)]
            for _ in range(steps)
        ]
        rho = rho or source.choice([Fraction(1, 16), Fraction(1, 8), Fraction(1, 4), Fraction(1, 10), Fraction(2, 7)])
        rate = source.choice([Fraction(1), Fraction(1), Fraction(2), Fraction(1, 3)])
        return Both(graph, Trainable(network=flat_network(graph), rho=rho, rate=rate, batch=batch), samples)

    return build


@pytest.fixture
def gated() -> Callable[..., Both]:
    """A random network with gates, and random batches, from a seed."""

    def build(seed: int, *, steps: int = 10) -> Both:
        source, graph = Random(f"batches {seed}"), gated_network(seed)
        batch = source.randint(1, 3)
        samples = [
            [(tuple(source.randrange(2) for _ in range(3)), source.randrange(2)) for _ in range(batch)]
            for _ in range(steps)
        ]
        rho, rate = source.choice([Fraction(1, 16), Fraction(1, 4), Fraction(2, 7)]), source.choice([1, 1, 2, 4])
        net = Trainable(network=flat_network(graph), rho=rho, rate=Fraction(rate), batch=batch, last=IDENTITY)
        return Both(graph, net, samples)

    return build


@pytest.fixture
def both() -> type[Both]:
    """A network in both forms."""
    return Both
