"""What the pass says of a network before a step is true of every vertex, for every x; and float64, where it is
chosen, is exact."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from constructions.foundations.activation import HARD_TANH, RAMP
from constructions.foundations.network import Edge, Network
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from constructions.training.engine import engine_of
from constructions.training.exactness import FLOATS, Ranges
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict
from verify.replay.relu_form import relu_slopes, relu_value

WEIGHTS = (Fraction(-2), Fraction(1), Fraction(3, 4))
EDGES: tuple[Edge, ...] = (("one", "h"), ("x1", "h"), ("x2", "h"), ("x2", "f"), ("h", "f"))
SIGMAS = (RAMP, HARD_TANH)


@dataclass(frozen=True)
class Ranged:
    """A network's weights and activation, what the pass says of its vertices (the twin: of another network's), and
    its outputs on every x in float64."""

    weights: dict[Edge, Fraction]
    sigma: Any
    found: Ranges
    floats: dict[tuple[int, int], Fraction]


def choices_among(weights: Sequence[Fraction]) -> Iterator[dict[str, int]]:
    """Every choice of an activation and of one of some ``weights`` for each edge, by their positions: the points of a
    stated finite case."""
    return (
        {"sigma": s} | {f"w{i}": w for i, w in enumerate(ws)}
        for s in range(len(SIGMAS))
        for ws in product(range(len(weights)), repeat=len(EDGES))
    )


def _ranged(more: Fraction) -> Callable[[Case], Ranged]:
    """A network with what the pass says of it; with ``more``, of one with another weight (the twin's)."""

    def build(case: Case) -> Ranged:
        weights = {edge: WEIGHTS[int(case.integer(f"w{i}"))] for i, edge in enumerate(EDGES)}
        sigma = SIGMAS[int(case.integer("sigma"))]

        def engine(given: dict[Edge, Fraction]) -> Any:
            net = flat_network(Network(inputs=("x1", "x2"), outputs=("f",), edges=given, constant="one", sigma=sigma))
            return engine_of(Trainable(network=net, rho=Fraction(1, 16)))

        points = [(0, 0), (0, 1), (1, 0), (1, 1)]
        outputs = engine(weights).outputs(np.array(points))
        found = engine(weights | {("x1", "h"): weights["x1", "h"] + more}).ranges()
        return Ranged(weights, sigma, found, dict(zip(points, outputs, strict=True)))

    return build


@obligation(
    "exactness.progressions",
    paper="the engine",
    kind="enumeration",
    domain=lambda: choices_among(WEIGHTS),
    of=_ranged(Fraction(0)),
    twin=_ranged(Fraction(1, 2)),
    expect=Verdict.CHECKED,
    finite="all networks with two inputs, one hidden vertex and weights -2, 1, 3/4, of ramps and of hard tanh",
    needs=("exactness.sums", "exactness.lattice", "exactness.piece", "exactness.ends"),
)
def the_pass_is_right_about_every_vertex(subject: Ranged, case: Case) -> None:
    """For every network of the finite case and every x: the output of each vertex belongs to the arithmetic progression
    that the pass over the network gives for it, a vertex that the pass calls flat has slope 0 on both sides of its
    pre-activation, and the outputs that the engine computes in float64 are the exact ones."""
    w, found = subject.weights, subject.found
    members, flat, equal = True, True, True
    for (x1, x2), output in subject.floats.items():
        pre = {"h": w["one", "h"] + w["x1", "h"] * x1 + w["x2", "h"] * x2}
        out = {"h": relu_value(subject.sigma, pre["h"])}
        pre["f"] = w["x2", "f"] * x2 + w["h", "f"] * out["h"]
        out["f"] = relu_value(subject.sigma, pre["f"])
        for name, vertex in (("h", 3), ("f", 4)):
            low, high, grid = found.values(vertex)
            members = (
                members
                and low <= out[name] <= high
                and (out[name] == low if grid == 0 else (out[name] - low) % grid == 0)
            )
            flat = flat and (found.slope[vertex] > 0 or not any(relu_slopes(subject.sigma, pre[name])))
        equal = equal and output == out["f"]
    case.show("float64 was chosen", found.system == FLOATS)
    case.show("every output is in its progression", bool(members))
    case.show("flat is flat", bool(flat))
    case.show("the outputs are exact", equal)
