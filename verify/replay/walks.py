"""The replay's own walks over graphs, in rationals.

Values go through the ReLU form of sigma (not its pieces); derivatives come from pushing a unit change forward from each
vertex (not from the chain rule backward).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import Piece
from constructions.foundations.exact import rational
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.refusals import refusal
from verify.replay.relu_form import relu_slopes, relu_value


@dataclass(frozen=True)
class ReplayRun:
    """A forward walk over a fragment in rationals: what arrives at each vertex (``pre``) and what it returns
    (``out``).

    >>> gate = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 2})
    >>> [replay_forward(gate, {"x": x}, {}).flat("y") for x in (Fraction(2), Fraction(1, 2))]
    [True, False]
    >>> run = replay_forward(gate, {"x": Fraction(1, 2)}, {})
    >>> [run.on("y", piece) for piece in gate.sigma.pieces]
    [False, False, False, True, False]
    """

    fragment: Fragment
    pre: Mapping[str, Fraction]
    out: Mapping[str, Fraction]

    def flat(self, *vertices: str) -> bool:
        """Whether the vertices, at least one, have slope 0 on both sides and around. Raises ConstructionError for
        none."""
        if not vertices:
            raise refusal("need at least one vertex, got none, at flat()")
        return all(not any(relu_slopes(self.fragment.sigma, self.pre[v])) for v in vertices)

    def on(self, vertex: str, piece: Piece) -> bool:
        """Whether a vertex is strictly inside a piece."""
        x = self.pre[vertex]
        return (piece.low is None or piece.low < x) and (piece.high is None or x < piece.high)


@dataclass(frozen=True)
class ReplayGradient:
    """Derivatives in rationals, with respect to the weights of ``edges``, to what arrives at vertices (``pre``) and to
    what they return (``out``), with the vertices on kinks that matter."""

    edges: Mapping[Edge, Fraction]
    pre: Mapping[str, Fraction]
    out: Mapping[str, Fraction]
    kinks: Mapping[str, bool]

    @property
    def smooth(self) -> bool:
        """Whether no kink is reached with a non-zero adjoint."""
        return not any(self.kinks.values())


def replay_forward(fragment: Fragment, inputs: Mapping[str, Any], outside: Mapping[str, Any]) -> ReplayRun:
    """Evaluate a fragment at rational inputs and weights, with what comes from ``outside`` added to vertices.

    >>> path = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 2, ("y", "z"): "1/2"})
    >>> str(replay_forward(path, {"x": Fraction(3, 4)}, {}).out["z"])
    '3/4'
    """
    out: dict[str, Fraction] = {v: rational(x, where=f"input {v!r}") for v, x in inputs.items()}
    if fragment.constant is not None:
        out[fragment.constant] = Fraction(1)
    pre: dict[str, Fraction] = {}
    weights = _weights_into(fragment)
    for v in fragment.order:
        if v not in out:
            arriving = [Fraction(weight) * out[u] for u, weight in weights[v].items()]
            pre[v] = rational(outside.get(v, 0), where=f"what {v!r} gets from outside") + sum(arriving, Fraction(0))
            out[v] = relu_value(fragment.sigma, pre[v])
    return ReplayRun(fragment, pre, out)


def _weights_into(fragment: Fragment) -> dict[str, dict[str, Fraction]]:
    """The weights of the edges into each vertex, by their tails."""
    found: dict[str, dict[str, Fraction]] = {v: {} for v in fragment.order}
    for (u, v), weight in fragment.edges.items():
        found[v][u] = weight
    return found


def replay_gradient(run: ReplayRun, seeds: Mapping[str, Any]) -> ReplayGradient:
    """Derivatives of the sum of a run's outputs, each times its seed, each by pushing a change of one vertex's output
    forward.

    >>> path = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 2, ("y", "z"): "1/2"})
    >>> run = replay_forward(path, {"x": Fraction(3, 4)}, {})
    >>> {edge: str(by) for edge, by in replay_gradient(run, {"z": 1}).edges.items()}
    {('x', 'y'): '3/8', ('y', 'z'): '3/2'}
    """
    weights = _weights_into(run.fragment)
    out = {v: _push(run, v, seeds, weights) for v in run.fragment.order}
    pre: dict[str, Fraction] = {}
    kinks: dict[str, bool] = {}
    edges: dict[Edge, Fraction] = {}
    for v in run.pre:
        left, right = relu_slopes(run.fragment.sigma, run.pre[v])
        pre[v], kinks[v] = right * out[v], left != right and out[v] != 0
        edges |= {(u, v): run.out[u] * pre[v] for u in weights[v]}
    return ReplayGradient(edges, pre, out, kinks)


def _push(
    run: ReplayRun, source: str, seeds: Mapping[str, Any], weights: Mapping[str, Mapping[str, Fraction]]
) -> Fraction:
    change = {source: Fraction(1)}
    for v in run.fragment.order[run.fragment.order.index(source) + 1 :]:
        arriving = sum((weight * change[u] for u, weight in weights[v].items() if u in change), Fraction(0))
        if arriving:
            change[v] = relu_slopes(run.fragment.sigma, run.pre[v])[1] * arriving
    return sum((rational(seeds.get(v, 0), where=f"seed of {v!r}") * by for v, by in change.items()), Fraction(0))
