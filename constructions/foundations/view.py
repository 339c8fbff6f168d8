"""A networkx graph over arrays: what networkx reads is looked up in the arrays, and nothing is copied.

The arrays are those of a directed acyclic graph whose vertices are 0, ..., n-1: the edges into vertex v are the
positions ``offsets[v]:offsets[v+1]`` of ``sources``. Ten million edges cost nothing until they are asked for.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.foundations.loading import loaded_when_used

with loaded_when_used(__name__):
    import networkx as nx

Indices = npt.NDArray[np.int64]
Attributes = Callable[[int], Any]


class Lookup(Mapping[int, Any]):
    """A mapping from some vertices to what a function says of each."""

    def __init__(self, keys: Callable[[], Collection[int]], at: Callable[[int], Any]) -> None:
        self._keys, self._at = keys, at

    def __getitem__(self, key: int) -> Any:
        if key not in self._keys():
            raise KeyError(key)
        return self._at(key)

    def __contains__(self, key: object) -> bool:
        return key in self._keys()

    def __iter__(self) -> Iterator[int]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._keys())


class _Arrays:
    """The arrays of a graph, read a row at a time."""

    def __init__(self, offsets: Indices, sources: Indices, edge: Attributes) -> None:
        self.offsets, self.sources, self.edge = offsets, sources, edge

    @cached_property
    def leaving(self) -> tuple[Indices, Indices, Indices]:
        """The same edges by their tails: offsets, heads, positions."""
        n = len(self.offsets) - 1
        heads = np.repeat(np.arange(n), np.diff(self.offsets))
        order = np.argsort(self.sources, kind="stable")
        return np.concatenate(([0], np.cumsum(np.bincount(self.sources, minlength=n)))), heads[order], order

    def into(self, v: int) -> Lookup:
        """The edges into a vertex."""
        low, high = int(self.offsets[v]), int(self.offsets[v + 1])
        return self._row(self.sources[low:high].tolist(), range(low, high))

    def out_of(self, v: int) -> Lookup:
        """The edges out of a vertex."""
        offsets, heads, order = self.leaving
        low, high = int(offsets[v]), int(offsets[v + 1])
        return self._row(heads[low:high].tolist(), order[low:high].tolist())

    def _row(self, ends: list[int], positions: Sequence[int]) -> Lookup:
        at = dict(zip(ends, positions, strict=True))
        return Lookup(at.keys, lambda u: self.edge(at[u]))


def array_graph(
    offsets: Indices, sources: Indices, *, vertex: Attributes = lambda v: {}, edge: Attributes = lambda position: {}
) -> "nx.DiGraph[int]":
    """A frozen DiGraph whose vertices and edges are read from arrays; a copy of it is an ordinary graph.

    Parameters
    ----------
    offsets : (n + 1,) where each vertex's incoming edges begin. sources : (m,) their tails.
    vertex : the attributes of a vertex. edge : the attributes of the edge at a position of ``sources``.

    >>> offsets, sources = np.array([0, 0, 0, 2]), np.array([0, 1])
    >>> view = array_graph(offsets, sources, vertex=lambda v: {"name": f"v{v}"}, edge=lambda i: {"weight": i})
    >>> list(nx.topological_sort(view)), view.edges[1, 2], view.nodes[2]["name"], view.number_of_edges()
    ([0, 1, 2], {'weight': 1}, 'v2', 2)
    """
    arrays, everyone = _Arrays(offsets, sources, edge), range(len(offsets) - 1)
    view: nx.DiGraph[int] = nx.DiGraph()
    view._node = Lookup(lambda: everyone, vertex)
    view._adj = Lookup(lambda: everyone, arrays.out_of)
    view._pred = Lookup(lambda: everyone, arrays.into)
    return nx.freeze(view)
