"""A small network around one query graph, for real steps of gradient descent."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from constructions.foundations.network import Edge, Fragment, Network
from constructions.networks.controls import activator
from constructions.networks.gates import adaptor
from constructions.networks.memory import contribution, path_gain
from constructions.networks.queries import STRONG

Hold = Callable[[Fragment, Fraction], Network]


def hold(graph: Fragment, shift: Fraction) -> Network:
    """The graph without its digits; x1 = 0 makes it active, and then the output is -shift (or 1 + shift, if its path
    gain is negative)."""
    sign = 1 if path_gain(graph) < 0 else -1
    edges: dict[Edge, Fraction] = {(u, v): w for (u, v), w in graph.edges.items() if not v.startswith("vr")}
    edges |= adaptor(0, 1).renamed({"one": "v0", "gate": "bit"}).edges
    edges |= activator(STRONG).renamed({"one": "v0"}).edges
    edges["v0", "v4"] = sign * (1 + shift) - contribution(graph)
    return Network(inputs=("x1",), outputs=("v4",), edges=edges, constant="v0")


@pytest.fixture
def held() -> Hold:
    return hold
