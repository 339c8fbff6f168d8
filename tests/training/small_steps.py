"""A network on the edge of a kink, and a step or why there is none: what the tests of engines share."""

from fractions import Fraction
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.network import Network
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from constructions.training.engine import Engine


def kinked() -> Trainable:
    """f sits on a kink at x1 = 1."""
    graph = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 1}, constant="one")
    return Trainable(network=flat_network(graph), rho=Fraction(1, 4), rate=Fraction(2))


def outcome(engine: Engine, batch: tuple[Any, Any]) -> Any:
    """The step, or why there is none."""
    try:
        return engine.step(*batch)
    except ConstructionError as error:
        return str(error)
