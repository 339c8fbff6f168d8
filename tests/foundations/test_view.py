"""A networkx graph over arrays: what networkx computes on it is what it computes on an ordinary graph."""

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.foundations.view import array_graph

Rows = list[list[int]]


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    """The tails of the edges into each vertex of an acyclic graph."""
    return [
        draw(st.lists(st.integers(0, v - 1), unique=True, max_size=4)) if v else []
        for v in range(draw(st.integers(1, 10)))
    ]


def view_of(tails: Rows) -> "nx.DiGraph[int]":
    """The view; a vertex knows its square and an edge its position."""
    offsets = np.cumsum([0, *map(len, tails)])
    sources = np.array([u for row in tails for u in row], np.int64)
    return array_graph(offsets, sources, vertex=lambda v: {"square": v * v}, edge=lambda i: {"position": i})


def ordinary(tails: Rows) -> "nx.DiGraph[int]":
    """The same graph, edge by edge."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from((v, {"square": v * v}) for v in range(len(tails)))
    edges = [(u, v) for v, row in enumerate(tails) for u in row]
    graph.add_edges_from((u, v, {"position": i}) for i, (u, v) in enumerate(edges))
    return graph


DIAMOND: Rows = [[], [0], [0], [1, 2]]


@given(tails=rows())
def test_vertices_edges_and_attributes_are_those_of_the_ordinary_graph(tails: Rows) -> None:
    view, graph = view_of(tails), ordinary(tails)
    assert dict(view.nodes(data=True)) == dict(graph.nodes(data=True))
    assert sorted(view.edges(data="position")) == sorted(graph.edges(data="position"))
    assert sorted(view.in_edges) == sorted(graph.in_edges)
    assert view.number_of_edges() == graph.number_of_edges() and len(view) == len(graph)
    assert dict(view.in_degree) == dict(graph.in_degree) and dict(view.out_degree) == dict(graph.out_degree)


@given(tails=rows())
def test_algorithms_find_the_same(tails: Rows) -> None:
    view, graph, last = view_of(tails), ordinary(tails), len(tails) - 1
    assert list(nx.lexicographical_topological_sort(view)) == list(nx.lexicographical_topological_sort(graph))
    assert nx.ancestors(view, last) == nx.ancestors(graph, last) and nx.descendants(view, 0) == nx.descendants(graph, 0)
    assert nx.dag_longest_path_length(view, weight="none") == nx.dag_longest_path_length(graph, weight="none")
    assert sorted(map(sorted, nx.weakly_connected_components(view))) == sorted(
        map(sorted, nx.weakly_connected_components(graph))
    )


@given(tails=rows())
def test_a_copy_is_an_ordinary_graph(tails: Rows) -> None:
    copy = view_of(tails).copy()
    assert nx.utils.graphs_equal(copy, ordinary(tails)) and not nx.is_frozen(copy)
    copy.add_edge(0, "new", position=7)
    assert copy.edges[0, "new"] == {"position": 7}


def test_a_subgraph_and_a_reversal_are_views_too() -> None:
    view = view_of(DIAMOND)
    assert sorted(view.subgraph([0, 1, 3]).edges) == [(0, 1), (1, 3)]
    assert sorted(view.reverse(copy=False).edges) == [(1, 0), (2, 0), (3, 1), (3, 2)]


@pytest.mark.parametrize(
    "change",
    [
        lambda g: g.add_node(9),
        lambda g: g.add_edge(0, 3),
        lambda g: g.remove_node(0),
        lambda g: g.remove_edge(0, 1),
        lambda g: g.clear(),
    ],
)
def test_the_view_is_frozen(change: object) -> None:
    with pytest.raises(nx.NetworkXError, match="Frozen graph can't be modified"):
        change(view_of(DIAMOND))  # type: ignore[operator]


def test_vertices_and_edges_that_are_not_there_are_missed() -> None:
    view = view_of(DIAMOND)
    assert 4 not in view and -1 not in view and "a" not in view and not view.has_edge(0, 3)
    with pytest.raises(KeyError):
        view.nodes[4]
    with pytest.raises(KeyError):
        view.edges[0, 3]
    with pytest.raises(KeyError):
        view.adj[-1]


def test_nothing_is_looked_up_before_it_is_asked_for() -> None:
    asked: list[int] = []

    def vertex(v: int) -> dict[str, Any]:
        asked.append(v)
        return {}

    view = array_graph(np.array([0, 0, 1, 2]), np.array([0, 1]), vertex=vertex, edge=lambda i: {"position": i})
    assert list(view.predecessors(2)) == [1] and list(view.successors(0)) == [1] and asked == []
    assert view.nodes[2] == {} and asked == [2]


def test_a_graph_without_vertices_is_empty() -> None:
    view = array_graph(np.array([0]), np.array([], np.int64))
    assert len(view) == 0 and list(view.edges) == [] and list(nx.topological_sort(view)) == []
