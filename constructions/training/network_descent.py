"""A network in arrays as a model of gradient descent: bSGD from the weights that it has.

The exact clipped gradient of a sample is what the engine offers an adversary to round in a step on a batch of that
sample alone. So a :class:`constructions.learning.descent_methods.DescentMethod` has it, and whatever is said of all
models can be run on a network file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from constructions.errors import KinkError
from constructions.foundations.descent import Descent
from constructions.learning.descent_methods import BSGD, DescentMethod
from constructions.learning.problems import Bits, Point
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import EdgeChoice
from constructions.training.engine import engine_of


@dataclass(frozen=True, eq=False)
class NetworkWeights:
    """A network at its weights.

    Parameters
    ----------
    net : the network; its frozen edges are no parameters.

    >>> from constructions.foundations.network import Network
    >>> from constructions.networks.flat import flat_network
    >>> edges = {("x1", "f"): 1, ("one", "f"): Fraction(1, 2)}
    >>> graph = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    >>> model = NetworkWeights(Trainable(network=flat_network(graph), rho=Fraction(1, 4)))
    >>> [str(weight) for weight in model.edges.values()], model.gradient(((1,), 0))
    (['1/2', '1'], {0: Fraction(1, 1), 1: Fraction(1, 1)})
    >>> [str(weight) for weight in model.with_weights({0: Fraction(3)}).edges.values()]
    ['3', '1']
    """

    net: Trainable

    @cached_property
    def edges(self) -> dict[int, Fraction]:
        """The weights of the edges that are trained, by position."""
        flat = self.net.network
        frozen = set(self.net.frozen.tolist())
        weights = enumerate(flat.weights.tolist())
        return {edge: Fraction(weight, flat.scale) for edge, weight in weights if edge not in frozen}

    def with_weights(self, changes: Mapping[int, Fraction]) -> "NetworkWeights":
        """The network with some weights changed; ConstructionError for an edge that is not there."""
        return NetworkWeights(self.net.with_moved(dict(changes)))

    def gradient(self, sample: Point) -> dict[int, Fraction]:
        """The exact gradient of the loss on a ``sample``, each entry clipped; KinkError where there is none."""
        heard: dict[int, Fraction] = {}

        def hear(choice: EdgeChoice) -> Fraction:
            heard[choice.edge] = choice.value
            return choice.valid[0]

        x, y = sample
        step = engine_of(self.net, batch=1, adversary=hear).step(np.array([x], np.int64), np.array([y], np.int64))
        if step.stopped:
            raise KinkError(str(step.kink), "a kink")
        return {edge: heard.get(edge, Fraction(0)) for edge in self.edges}


def descent_on_network(net: Trainable, *, steps: int, rho: Fraction, b: int) -> DescentMethod:
    """bSGD on a network, with the step size of its file, from the weights that it has.

    Parameters
    ----------
    net : the network. steps, rho, b : T, precision and batch size.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> net = Plan(machine=best_literal_machine(1, fraction=6), rho=Fraction(1, 16)).trainable
    >>> method = descent_on_network(net, steps=1, rho=Fraction(1, 4), b=16)
    >>> method.n, method.budget.p == len(net.network.sources), method.budget.r
    (1, True, 0)
    """
    derivative: Any = NetworkWeights.gradient

    def start(bits: Bits) -> NetworkWeights:
        return NetworkWeights(net.with_random_string(bits) if net.random_bits else net)

    return DescentMethod(
        n=len(net.network.inputs),
        budget=BSGD(steps=steps, rho=rho, b=b, p=len(net.network.sources) - len(net.frozen), r=net.random_bits),
        start=start,
        descent=Descent(rho=rho, rate=net.rate, derivative=derivative),
        predictor=lambda model: model.net,
    )
