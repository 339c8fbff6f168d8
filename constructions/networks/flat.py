"""Networks in arrays, for 10^4 to 10^7 vertices: the same thing as a Fragment, without a Python object for each edge.

Vertex 0 is the constant, 1, ..., n are the inputs, all others compute, in an order in which every edge leads upwards.
The weight of an edge is an integer over one common denominator, ``scale``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP, Activation
from constructions.foundations.exact import rational, whole
from constructions.foundations.network import Fragment
from constructions.foundations.shown import Shown
from constructions.foundations.view import array_graph
from constructions.networks.gates import CONSTANT

if TYPE_CHECKING:
    import networkx as nx

Integers = npt.NDArray[np.int64]
MOST = 1 << 60
"""A weight times its scale is smaller than this, so that sums and packings of two fit into 64 bits."""
PIECE = 1 << 19
"""Large arrays are gone through so many vertices at a time."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FlatNetwork(Shown):
    """A network in arrays; a value (nobody writes to its arrays).

    Parameters
    ----------
    inputs
        Names of the inputs, vertices 1, ..., n.
    offsets
        (N + 1,) where the incoming edges of vertex v begin in ``sources`` and ``weights``, for all N vertices.
    sources, weights
        (m,) tails and weights times ``scale``; the tails of a vertex increase.
    outputs
        Vertices by name.
    scale
        The common denominator of all weights.
    sigma
        The activation.

    Raises
    ------
    ConstructionError
        For an edge that does not lead upwards (a cycle), a parallel edge, or an edge into a source.

    >>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([-8, 16])}
    >>> net = FlatNetwork(inputs=("x",), **arrays, scale=2, outputs={"y": 2})
    >>> {name: str(value) for name, value in net({"x": Fraction(1)}).items()}
    {'y': '2'}
    >>> list(net.pieces()), net.name(0), net.name(2)
    ([(0, 3, slice(0, 2, None))], 'one', 'v2')
    >>> net.into(2), net.fragment() == net.part([2], outputs=[2])
    ([(0, Fraction(-4, 1)), (1, Fraction(8, 1))], True)
    >>> [[str(value) for value in row] for row in net.pre_activations({"x": Fraction(1)})]
    [['1', '1', '4'], ['1', '1', '2']]
    """

    inputs: tuple[str, ...]
    offsets: Integers
    sources: Integers
    weights: Integers
    outputs: Mapping[str, int]
    scale: int = 1
    sigma: Activation = RAMP

    def __post_init__(self) -> None:
        _check(self)
        for part in (self.offsets, self.sources, self.weights):
            part.setflags(write=False)
        object.__setattr__(self, "outputs", dict(self.outputs))

    @property
    def size(self) -> int:
        """How many vertices there are, constant and inputs included."""
        return len(self.offsets) - 1

    @property
    def first(self) -> int:
        """The first vertex that computes."""
        return 1 + len(self.inputs)

    @property
    def fan_in(self) -> Integers:
        """(N,) how many edges lead to each vertex."""
        return np.diff(self.offsets)

    @property
    def heads(self) -> Integers:
        """(m,) the head of every edge."""
        return np.repeat(np.arange(self.size), self.fan_in)

    def pieces(self) -> Iterator[tuple[int, int, slice]]:
        """Vertices in pieces, so that nothing is made for all edges at once: the first, the one behind the last, the
        edges into them."""
        for low in range(0, self.size, PIECE):
            high = min(low + PIECE, self.size)
            yield low, high, slice(int(self.offsets[low]), int(self.offsets[high]))

    def name(self, vertex: int) -> str:
        """The name of a vertex: an input's; ``one`` for the constant and ``v17`` for others, with ``_`` where an
        input is called so."""
        if 1 <= vertex < self.first:
            return self.inputs[vertex - 1]
        found = f"v{vertex}" if vertex else CONSTANT
        while found in self._named:
            found += "_"
        return found

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(self.inputs)

    @property
    def graph(self) -> "nx.DiGraph[int]":
        """The network as a networkx graph that reads these arrays: vertices have ``name``, edges ``weight``."""
        return array_graph(
            self.offsets,
            self.sources,
            vertex=lambda v: {"name": self.name(v)},
            edge=lambda i: {"weight": Fraction(int(self.weights[i]), self.scale)},
        )

    def into(self, vertex: int) -> list[tuple[int, Fraction]]:
        """The edges into a vertex: tails and weights."""
        low, high = int(self.offsets[vertex]), int(self.offsets[vertex + 1])
        pairs = zip(self.sources[low:high].tolist(), self.weights[low:high].tolist(), strict=True)
        return [(u, Fraction(w, self.scale)) for u, w in pairs]

    def pre_activations(self, inputs: Mapping[str, Fraction]) -> tuple[list[Fraction], list[Fraction]]:
        """Pre-activation and output of every vertex at rational inputs, exactly.

        Raises
        ------
        ConstructionError
            Unless exactly the inputs have values.
        """
        if set(inputs) != set(self.inputs):
            raise ConstructionError(
                f"need values for the {len(self.inputs)} inputs, got another set: {sorted(inputs)[:5]}"
            )
        out = [Fraction(1), *(rational(inputs[name], where=f"input {name!r}") for name in self.inputs)]
        pre = list(out)
        offsets, sources, weights = self.offsets.tolist(), self.sources.tolist(), self.weights.tolist()
        for v in range(self.first, self.size):
            total = sum((weights[i] * out[sources[i]] for i in range(offsets[v], offsets[v + 1])), Fraction(0))
            pre.append(total / self.scale)
            out.append(self.sigma(pre[v]))
        return pre, out

    def __call__(self, inputs: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """The outputs at rational inputs, exactly."""
        _, out = self.pre_activations(inputs)
        return {name: out[v] for name, v in self.outputs.items()}

    def part(self, vertices: Iterable[int], outputs: Iterable[int] = ()) -> Fragment:
        """Some vertices and the edges into them as a Fragment with the given outputs; tails outside become inputs."""
        chosen = {v for v in vertices if v >= self.first}
        edges = {(self.name(u), self.name(v)): w for v in sorted(chosen) for u, w in self.into(v)}
        tails = {u for v in chosen for u, _ in self.into(v)} - chosen - {0}
        return Fragment(
            inputs=tuple(self.name(u) for u in sorted(tails)),
            outputs=tuple(self.name(v) for v in outputs),
            edges=edges,
            constant=self.name(0),
            sigma=self.sigma,
        )

    def fragment(self) -> Fragment:
        """The whole network as a Fragment, for small ones."""
        edges = {(self.name(u), self.name(v)): w for v in range(self.first, self.size) for u, w in self.into(v)}
        names = tuple(self.name(v) for v in self.outputs.values())
        return Fragment(
            inputs=self.inputs,
            outputs=tuple(dict.fromkeys(names)),
            edges=edges,
            constant=self.name(0),
            sigma=self.sigma,
        )


def flat_network(fragment: Fragment) -> FlatNetwork:
    """A Fragment with rational weights in arrays; its outputs keep their names.

    Raises
    ------
    ConstructionError
        For a weight that is no rational, or weights whose integers over one scale reach 2^60.

    >>> from constructions.networks.gates import conjunction
    >>> net = flat_network(conjunction())
    >>> net.weights.tolist(), net.scale
    ([-4, 2, 2], 1)
    """
    order = [v for v in fragment.order if v not in fragment.sources]
    at = {v: i for i, v in enumerate((fragment.constant, *fragment.inputs, *order))}
    weights = {(u, v): rational(w, where=f"weight of {(u, v)!r}") for (u, v), w in fragment.edges.items()}
    rows = [sorted((at[u], weights[u, v]) for u in fragment.predecessors(v)) for v in order]
    scale = lcm(*(w.denominator for row in rows for _, w in row))
    most = max((abs(w * scale) for row in rows for _, w in row), default=0)
    if most >= MOST:
        raise ConstructionError(f"need weights times scale within 2^60, got {most}")
    sizes = [0] * (1 + len(fragment.inputs)) + [len(row) for row in rows]
    return FlatNetwork(
        inputs=fragment.inputs,
        offsets=np.concatenate((np.zeros(1, np.int64), np.cumsum(np.array(sizes, np.int64)))),
        sources=np.array([u for row in rows for u, _ in row], np.int64),
        weights=np.array([int(w * scale) for row in rows for _, w in row], np.int64),
        outputs={v: at[v] for v in fragment.outputs},
        scale=scale,
        sigma=fragment.sigma,
    )


def _check(net: FlatNetwork) -> None:
    offsets, sources, weights = net.offsets, net.sources, net.weights
    inexact = [str(part.dtype) for part in (offsets, sources, weights) if part.dtype != np.int64]
    if inexact:
        raise ConstructionError(f"need arrays of 64-bit integers, got {inexact[0]}")
    well_formed = len(offsets) > len(net.inputs) + 1 and offsets[0] == 0 and offsets[-1] == len(sources) == len(weights)
    # differences of offsets beyond these could wrap around
    within = well_formed and 0 <= offsets.min() <= offsets.max() <= len(sources)
    if not within or (np.diff(offsets) < 0).any():
        raise ConstructionError(
            "need offsets that increase from 0 to the number of edges, one more than there are vertices"
        )
    if len(set(net.inputs)) != len(net.inputs) or whole(net.scale, where="scale") < 1:
        raise ConstructionError("need different names for the inputs and a scale of at least 1")
    if offsets[net.first] != 0:
        raise ConstructionError(
            f"need no edge into an input or the constant, got one into vertex {int(np.argmax(offsets > 0)) - 1}"
        )
    _check_edges(net)
    if len(weights) and not -MOST < weights.min() <= weights.max() < MOST:
        raise ConstructionError(
            f"need weights times scale within 2^60, got {max(int(weights.max()), -int(weights.min()))}"
        )
    lost = [name for name, v in net.outputs.items() if not 0 <= v < net.size]
    if lost:
        raise ConstructionError(
            f"need outputs among the {net.size} vertices, got {net.outputs[lost[0]]}, at output {lost[0]!r}"
        )


def _check_edges(net: FlatNetwork) -> None:
    """No cycle anywhere; then no parallel edge anywhere."""
    for low, high, edges in net.pieces():
        tails, heads = net.sources[edges], np.repeat(np.arange(low, high), np.diff(net.offsets[low : high + 1]))
        wrong = (tails >= heads) | (tails < 0)
        if wrong.any():
            i = int(np.argmax(wrong))
            raise ConstructionError(
                f"need edges that lead upwards (no cycle), got one from vertex {int(tails[i])} to {int(heads[i])}"
            )
    for low, high, edges in net.pieces():
        tails, heads = net.sources[edges], np.repeat(np.arange(low, high), np.diff(net.offsets[low : high + 1]))
        again = (tails[1:] <= tails[:-1]) & (heads[1:] == heads[:-1])
        if again.any():
            i = int(np.argmax(again)) + 1
            got = f"{int(tails[i])} again at vertex {int(heads[i])}"
            raise ConstructionError(f"need increasing tails, none twice (no parallel edge), got {got}")
