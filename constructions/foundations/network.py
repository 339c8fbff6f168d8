"""Fragments and networks (Section 2): weighted directed acyclic graphs whose vertices apply an activation.

A vertex v returns ``sigma(sum of w_uv o_u)`` over its predecessors u; an input returns what it is given and the
constant vertex returns 1. A *fragment* has any named inputs and outputs; a *network* has one sink, the output, and its
sources are exactly the constant and x1, ..., xn.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Self

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP, Activation
from constructions.foundations.exact import Number, exact, is_symbolic
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.shown import Shown

with loaded_when_used(__name__):
    import networkx as nx

Edge = tuple[str, str]


class Fragment(Shown):
    """A part of a network: exact weights on an acyclic graph without parallel edges; a value, never changed in place.

    Parameters
    ----------
    inputs : vertices that are given from outside; no edge may lead to them.
    outputs : vertices whose values are of interest.
    edges : weight of each edge (u, v).
    constant : the vertex that returns 1, if there is one; no edge may lead to it.
    sigma : the activation of every other vertex.

    Raises
    ------
    ConstructionError
        For a float weight, a cycle, an edge into an input, or a source that is neither input nor constant.

    >>> gate = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 2, ("one", "y"): "-1/2"}, constant="one")
    >>> gate.weight("one", "y"), gate.order
    (Fraction(-1, 2), ('one', 'x', 'y'))
    >>> Fragment(inputs=("x",), outputs=(), edges={("x", "y"): 0.5})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    constructions.foundations.refusals.LanguageError: need an exact number ..., at weight of edge ('x', 'y')
    >>> again = Fragment.from_graph(gate.graph, inputs=("x",), outputs=("y",), constant="one")
    >>> again == gate, gate.renamed({"y": "z"}).outputs, gate.with_weights({("x", "y"): 3}).weight("x", "y")
    (True, ('z',), Fraction(3, 1))
    >>> gate.with_edge("y", "z", 1).order
    ('one', 'x', 'y', 'z')
    """

    __slots__ = ("_heads", "_tails", "_weights", "constant", "inputs", "order", "outputs", "sigma")

    _weights: Mapping[Edge, Number]
    _tails: dict[str, tuple[str, ...]]
    _heads: dict[str, tuple[str, ...]]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    constant: str | None
    order: tuple[str, ...]
    sigma: Activation

    def __init__(
        self,
        *,
        inputs: Iterable[str],
        outputs: Iterable[str],
        edges: Mapping[Edge, Number],
        constant: str | None = None,
        sigma: Activation = RAMP,
    ) -> None:
        if not isinstance(sigma, Activation):
            raise ConstructionError(f"need an Activation, got {sigma!r}, at sigma")
        graph: nx.DiGraph[str] = nx.DiGraph()
        if isinstance(inputs, str) or isinstance(outputs, str):
            raise ConstructionError(
                f"need lists of names, got the text {inputs if isinstance(inputs, str) else outputs!r}"
            )
        given, wanted = tuple(inputs), tuple(outputs)
        odd = [edge for edge in edges if not (isinstance(edge, tuple) and len(edge) == 2)]
        if odd:
            raise ConstructionError(f"need edges (tail, head), got {odd[0]!r}")
        names = (*given, *wanted, *(v for edge in edges for v in edge), *(() if constant is None else (constant,)))
        strange = [v for v in names if not isinstance(v, str)]
        if strange:
            raise ConstructionError(f"need vertices named by text, got {strange[0]!r}")
        graph.add_nodes_from(given if constant is None else (constant, *given))
        weights = _exact_weights(edges)
        graph.add_edges_from(weights)
        _check(graph, given, wanted, constant)
        order = tuple(nx.lexicographical_topological_sort(graph, key=_natural))
        for name, value in (
            ("_weights", weights),
            ("_tails", {v: tuple(sorted(graph.predecessors(v), key=_natural)) for v in order}),
            ("_heads", {v: tuple(sorted(graph.successors(v), key=_natural)) for v in order}),
            ("order", order),
            ("inputs", given),
            ("outputs", wanted),
            ("constant", constant),
            ("sigma", sigma),
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise ConstructionError(f"need a new fragment (with_weight, with_edge), got an assignment to {name!r}")

    def __delattr__(self, name: str) -> None:
        raise ConstructionError(f"need a new fragment, got a deletion of {name!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (type(self), self._arguments())

    def _arguments(self) -> dict[str, Any]:
        return {
            "inputs": self.inputs,
            "outputs": self.outputs,
            "edges": self.edges,
            "constant": self.constant,
            "sigma": self.sigma,
        }

    @classmethod
    def from_graph(
        cls,
        graph: "nx.DiGraph[str]",
        *,
        inputs: Iterable[str],
        outputs: Iterable[str],
        constant: str | None = None,
        sigma: Activation = RAMP,
    ) -> Self:
        """Read a networkx DiGraph whose edges carry ``weight``; a multigraph is refused (no parallel edges).

        Parameters
        ----------
        graph : vertices named by text, every one on some edge unless it is an input or the constant.
        inputs, outputs, constant, sigma : as for the class.

        Raises
        ------
        ConstructionError
            For an undirected graph or a multigraph, an edge without weight, a vertex on no edge, and as for the class.
        """
        if graph.is_multigraph() or not graph.is_directed():
            raise ConstructionError(f"need a networkx DiGraph (no parallel edges), got a {type(graph).__name__}")
        bare = [(u, v) for u, v, data in graph.edges(data=True) if "weight" not in data]
        if bare:
            raise ConstructionError(f"need a weight on every edge, got none, at edge {bare[0]!r}")
        strange = [v for v in graph if not isinstance(v, str)]
        if strange:
            raise ConstructionError(f"need vertices named by text, got {strange[0]!r}")
        given = tuple(inputs)
        lost = [v for v in graph if graph.degree(v) == 0 and v not in given and v != constant]
        if lost:
            raise ConstructionError(f"need every vertex on some edge, got {lost[0]!r} on none")
        weights = {(u, v): data["weight"] for u, v, data in graph.edges(data=True)}
        return cls(inputs=given, outputs=outputs, edges=weights, constant=constant, sigma=sigma)

    @property
    def graph(self) -> "nx.DiGraph[str]":
        """A graph of its own, weights under ``weight``: changing it changes nothing here."""
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.sources)
        graph.add_edges_from((u, v, {"weight": weight}) for (u, v), weight in self._weights.items())
        return graph

    @property
    def edges(self) -> dict[Edge, Number]:
        """Weight of every edge, in the order of their heads, then tails."""
        return {(u, v): self._weights[u, v] for v in self.order for u in self._tails[v]}

    @property
    def sources(self) -> tuple[str, ...]:
        """The vertices that compute nothing: the constant and the inputs."""
        return self.inputs if self.constant is None else (self.constant, *self.inputs)

    def predecessors(self, v: str) -> tuple[str, ...]:
        """The tails of the edges into ``v``, in natural order."""
        return self._neighbours(self._tails, v)

    def successors(self, v: str) -> tuple[str, ...]:
        """The heads of the edges out of ``v``, in natural order."""
        return self._neighbours(self._heads, v)

    @staticmethod
    def _neighbours(of: Mapping[str, tuple[str, ...]], v: str) -> tuple[str, ...]:
        if v not in of:
            raise ConstructionError(f"need a vertex of the fragment, got {v!r}")
        return of[v]

    def weight(self, u: str, v: str) -> Number:
        """The weight of the edge from u to v; ConstructionError if there is none."""
        if (u, v) not in self._weights:
            raise ConstructionError(f"need an edge, got none from {u!r} to {v!r}")
        return self._weights[u, v]

    def with_weight(self, u: str, v: str, weight: Number) -> Self:
        """The same fragment with the weight of the edge from u to v changed.

        Raises
        ------
        ConstructionError
            If there is no such edge.
        """
        return self.with_weights({(u, v): weight})

    def with_weights(self, weights: Mapping[Edge, Number]) -> Self:
        """The same fragment with the weights of existing edges changed."""
        for u, v in weights:
            self.weight(u, v)
        changed = object.__new__(type(self))
        for name in Fragment.__slots__:
            object.__setattr__(changed, name, getattr(self, name))
        object.__setattr__(changed, "_weights", {**self._weights, **_exact_weights(weights)})
        return changed

    def with_edge(self, u: str, v: str, weight: Number) -> Self:
        """The same fragment with one edge more, from u to v, of a weight.

        Raises
        ------
        ConstructionError
            If there is one already (no parallel edges), or the new one closes a cycle.
        """
        if (u, v) in self._weights:
            raise ConstructionError(f"need a new edge, got a parallel one from {u!r} to {v!r}")
        return type(self)(**(self._arguments() | {"edges": {**self.edges, (u, v): weight}}))

    def renamed(self, names: Mapping[str, str]) -> Self:
        """The same fragment with some vertices renamed, from the old name to the new one.

        Raises
        ------
        ConstructionError
            If two vertices would have one name.
        """
        after = {v: names.get(v, v) for v in self.order}
        if len(set(after.values())) != len(after):
            raise ConstructionError(f"need different names, got {sorted(after.values())}")
        arguments = self._arguments() | {
            "inputs": tuple(after[v] for v in self.inputs),
            "outputs": tuple(after[v] for v in self.outputs),
            "edges": {(after[u], after[v]): weight for (u, v), weight in self.edges.items()},
            "constant": None if self.constant is None else after[self.constant],
        }
        return type(self)(**arguments)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fragment) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        rows = sorted(self.edges.items(), key=lambda item: item[0])
        weights = tuple(
            (edge, is_symbolic(weight), id(weight) if is_symbolic(weight) else weight) for edge, weight in rows
        )
        return type(self).__name__, self.inputs, self.outputs, weights, self.constant, self.sigma

    def __repr__(self) -> str:
        body = ", ".join(f"{name}={value!r}" for name, value in self._arguments().items())
        return f"{type(self).__name__}({body})"


class Network(Fragment):
    """A fragment with one sink, its only output, and sources exactly the constant and x1, ..., xn (Section 2).

    Raises
    ------
    ConstructionError
        For other sinks, sources or names of inputs, and as :class:`Fragment`.

    >>> net = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): "1/2"}, constant="one")
    >>> net.output, net.sources
    ('f', ('one', 'x1'))
    """

    __slots__ = ()

    def __init__(
        self,
        *,
        inputs: Iterable[str],
        outputs: Iterable[str],
        edges: Mapping[Edge, Number],
        constant: str | None = None,
        sigma: Activation = RAMP,
    ) -> None:
        super().__init__(inputs=inputs, outputs=outputs, edges=edges, constant=constant, sigma=sigma)
        sinks = [v for v in self.order if not self.successors(v) and v not in self.sources]
        if len(self.outputs) != 1 or sinks != list(self.outputs):
            raise ConstructionError(f"need one sink, the output, got sinks {sinks} and outputs {list(self.outputs)}")
        if self.constant is None:
            raise ConstructionError("need a constant vertex, got none")
        names = tuple(f"x{i}" for i in range(1, len(self.inputs) + 1))
        if self.inputs != names:
            raise ConstructionError(f"need the inputs {list(names)}, got {list(self.inputs)}")

    @property
    def output(self) -> str:
        """The output vertex."""
        return self.outputs[0]


def _remake(kind: type[Fragment], arguments: dict[str, Any]) -> Fragment:
    return kind(**arguments)


def _exact_weights(edges: Mapping[Edge, Number]) -> dict[Edge, Number]:
    return {(u, v): exact(weight, where=f"weight of edge ({u!r}, {v!r})") for (u, v), weight in edges.items()}


@lru_cache(maxsize=2**16)
def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part)
        for part in re.findall(r"[0-9]+|[^0-9]+", name)
    )


def _check(graph: "nx.DiGraph[str]", inputs: tuple[str, ...], outputs: tuple[str, ...], constant: str | None) -> None:
    sources = set(inputs) | ({constant} if constant is not None else set())
    if len(sources) != len(inputs) + (constant is not None):
        raise ConstructionError(f"need different sources, got inputs {list(inputs)} and constant {constant!r}")
    fed = [(u, v) for u, v in graph.edges if v in sources]
    if fed:
        raise ConstructionError(f"need no edge into an input or the constant, got {fed[0]!r}")
    loose = [v for v in graph if graph.in_degree(v) == 0 and v not in sources]
    if loose:
        raise ConstructionError(f"need every source declared as input or constant, got {loose[0]!r}")
    missing = [v for v in outputs if v not in graph]
    if missing:
        raise ConstructionError(f"need outputs that are vertices, got {missing[0]!r}")
    if not nx.is_directed_acyclic_graph(graph):
        cycle = " -> ".join([edge[0] for edge in nx.find_cycle(graph)] + [nx.find_cycle(graph)[0][0]])
        raise ConstructionError(f"need an acyclic graph, got the cycle {cycle}")
