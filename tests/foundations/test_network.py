"""Fragments and networks: what they are, what they refuse, and that nobody can change one."""

import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import networkx as nx
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP, Activation, Piece
from constructions.foundations.network import Fragment, Network
from constructions.foundations.terms import REAL, variable

EDGES = {("x", "y"): Fraction(2), ("one", "y"): Fraction(-1, 2), ("y", "z"): Fraction(3)}


def fragment(**changed: Any) -> Fragment:
    """one, x -> y -> z; something may be changed."""
    return Fragment(**{"inputs": ("x",), "outputs": ("z",), "edges": EDGES, "constant": "one"} | changed)


def network(**changed: Any) -> Network:
    """One input, a constant, one output; something may be changed."""
    edges = {("x1", "f"): 1, ("one", "f"): 2}
    return Network(**{"inputs": ("x1",), "outputs": ("f",), "edges": edges, "constant": "one"} | changed)


def digraph(*edges: tuple[Any, Any], weight: object = 1) -> "nx.DiGraph[Any]":
    """A graph with one weight on all edges."""
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_edges_from(edges, weight=weight)
    return graph


def test_a_fragment_knows_its_edges_order_and_neighbours() -> None:
    net = fragment()
    assert net.edges == EDGES
    assert net.order == ("one", "x", "y", "z")
    assert net.sources == ("one", "x")
    assert (net.predecessors("y"), net.successors("y")) == (("one", "x"), ("z",))


def test_numbers_in_names_are_ordered_as_numbers() -> None:
    net = Fragment(inputs=("v10", "v9"), outputs=("w",), edges={("v10", "w"): 1, ("v9", "w"): 1})
    assert net.order == ("v9", "v10", "w")


def test_the_order_does_not_depend_on_the_order_in_which_edges_are_given() -> None:
    assert fragment(edges=dict(reversed(EDGES.items()))).edges == EDGES
    assert list(fragment(edges=dict(reversed(EDGES.items()))).edges) == list(fragment().edges)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"edges": EDGES | {("x", "y"): 0.5}},
            r"need an exact number .*, got the float 0.5, at weight of edge \('x', 'y'\)",
        ),
        ({"edges": EDGES | {("z", "y"): 1}}, r"need an acyclic graph, got the cycle y -> z -> y"),
        ({"edges": EDGES | {("z", "z"): 1}}, r"need an acyclic graph, got the cycle z -> z"),
        ({"edges": EDGES | {("y", "x"): 1}}, r"need no edge into an input or the constant, got \('y', 'x'\)"),
        ({"edges": EDGES | {("y", "one"): 1}}, r"need no edge into an input or the constant, got \('y', 'one'\)"),
        ({"edges": EDGES | {("u", "z"): 1}}, r"need every source declared as input or constant, got 'u'"),
        ({"constant": None}, r"need every source declared as input or constant, got 'one'"),
        ({"outputs": ("w",)}, r"need outputs that are vertices, got 'w'"),
        ({"inputs": ("x", "x")}, r"need different sources, got inputs \['x', 'x'\] and constant 'one'"),
        ({"inputs": ("x", "one")}, r"need different sources, got inputs \['x', 'one'\] and constant 'one'"),
        ({"sigma": abs}, r"need an Activation, got <built-in function abs>, at sigma"),
    ],
)
def test_nonsense_is_refused_with_what_and_where(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        fragment(**changed)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda net: net.weight("x", "z"), "need an edge, got none from 'x' to 'z'"),
        (lambda net: net.with_weight("x", "z", 1), "need an edge, got none from 'x' to 'z'"),
        (lambda net: net.with_weights({("y", "z"): 1, ("x", "z"): 1}), "need an edge, got none from 'x' to 'z'"),
        (lambda net: net.with_edge("x", "y", 2), "need a new edge, got a parallel one from 'x' to 'y'"),
        (lambda net: net.renamed({"x": "y"}), r"need different names, got \['one', 'y', 'y', 'z'\]"),
    ],
)
def test_a_builder_refuses_what_does_not_fit(act: Callable[[Fragment], object], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        act(fragment())


def test_a_weight_of_an_edge_can_be_changed_in_a_new_fragment() -> None:
    assert fragment().with_weight("x", "y", 5).edges == EDGES | {("x", "y"): 5}
    assert fragment().with_weights({("x", "y"): 5, ("y", "z"): "1/7"}).edges == EDGES | {
        ("x", "y"): 5,
        ("y", "z"): Fraction(1, 7),
    }


def test_an_edge_can_come_in_a_new_fragment() -> None:
    assert fragment().with_edge("x", "z", 1).edges == EDGES | {("x", "z"): 1}


def test_renaming_keeps_weights_constant_inputs_and_outputs() -> None:
    net = fragment().renamed({"x": "a", "one": "c", "z": "b"})
    assert (net.inputs, net.outputs, net.constant) == (("a",), ("b",), "c")
    assert net.edges == {("a", "y"): 2, ("c", "y"): Fraction(-1, 2), ("y", "b"): 3}


def test_two_names_can_be_exchanged() -> None:
    assert fragment().renamed({"y": "z", "z": "y"}).edges[("z", "y")] == 3


@pytest.mark.parametrize(
    "act",
    [
        lambda net: net.with_weight("x", "y", 5),
        lambda net: net.with_weights({("x", "y"): 5}),
        lambda net: net.with_edge("x", "z", 5),
        lambda net: net.renamed({"x": "a"}),
        lambda net: net.edges.update({("x", "y"): 5}),
        lambda net: net.edges.clear(),
        lambda net: net.graph["x"]["y"].update(weight=5),
        lambda net: net.graph.remove_node("y"),
        lambda net: net.graph.add_edge("x", "z", weight=5),
    ],
)
def test_nothing_that_is_handed_out_changes_the_fragment(act: Callable[[Fragment], object]) -> None:
    net = fragment()
    act(net)
    assert net == fragment()
    assert net.edges == EDGES
    assert net.order == ("one", "x", "y", "z")


def test_changing_the_weights_that_were_given_changes_nothing() -> None:
    given = dict(EDGES)
    net = fragment(edges=given)
    given["x", "y"] = Fraction(9)
    assert net.weight("x", "y") == 2


@pytest.mark.parametrize("name", ["inputs", "outputs", "constant", "order", "sigma", "_graph", "edges", "new"])
def test_an_attribute_cannot_be_set(name: str) -> None:
    with pytest.raises(ConstructionError, match=rf"^need a new fragment \(.*\), got an assignment to '{name}'$"):
        setattr(fragment(), name, ())


@pytest.mark.parametrize(
    "net", [fragment(), fragment(sigma=HARD_TANH), network()], ids=["fragment", "hard tanh", "network"]
)
def test_a_fragment_is_rebuilt_from_its_repr_and_from_a_pickle(net: Fragment) -> None:
    names = {kind.__name__: kind for kind in (Fragment, Network, Activation, Piece, Fraction)}
    for copy in (eval(repr(net), names), pickle.loads(pickle.dumps(net))):
        assert copy == net
        assert type(copy) is type(net)
        assert hash(copy) == hash(net)


@pytest.mark.parametrize(
    "changed",
    [
        {"sigma": HARD_TANH},
        {"outputs": ("y", "z")},
        {"edges": EDGES | {("y", "z"): 4}},
        {"edges": EDGES | {("x", "z"): 0}},
    ],
)
def test_fragments_that_differ_anywhere_are_not_equal(changed: dict[str, Any]) -> None:
    assert fragment(**changed) != fragment()


def test_a_network_is_not_equal_to_the_same_fragment() -> None:
    net = network()
    assert Fragment(inputs=net.inputs, outputs=net.outputs, edges=net.edges, constant=net.constant) != net


@pytest.mark.parametrize("weight", [variable("w", REAL), variable("w", REAL) + 1])
def test_symbolic_weights_are_kept_and_compared(weight: Any) -> None:
    net = fragment().with_weight("x", "y", weight)
    assert net.weight("x", "y") is weight
    assert net == fragment().with_weight("x", "y", weight)
    assert net != fragment()
    assert len({net, fragment().with_weight("x", "y", weight)}) == 1


def test_a_graph_goes_in_and_comes_out() -> None:
    net = fragment()
    assert Fragment.from_graph(net.graph, inputs=("x",), outputs=("z",), constant="one") == net


def test_a_graph_without_an_activation_gets_the_ramp() -> None:
    assert Fragment.from_graph(digraph(("x", "y")), inputs=("x",), outputs=("y",)).sigma is RAMP


def loose_graph() -> "nx.DiGraph[Any]":
    """An edge and a vertex on no edge."""
    graph = digraph(("x", "y"))
    graph.add_node("u")
    return graph


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (nx.MultiDiGraph([("x", "y")]), r"need a networkx DiGraph \(no parallel edges\), got a MultiDiGraph"),
        (nx.Graph([("x", "y")]), r"need a networkx DiGraph \(no parallel edges\), got a Graph"),
        (nx.DiGraph([("x", "y")]), r"need a weight on every edge, got none, at edge \('x', 'y'\)"),
        (
            digraph(("x", "y"), weight=0.5),
            r"need an exact number .*, got the float 0.5, at weight of edge \('x', 'y'\)",
        ),
        (digraph(("x", 1)), r"need vertices named by text, got 1"),
        (loose_graph(), r"need every vertex on some edge, got 'u' on none"),
    ],
)
def test_a_graph_that_is_no_fragment_is_refused(graph: "nx.DiGraph[Any]", message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        Fragment.from_graph(graph, inputs=("x",), outputs=("y",))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"outputs": ()}, r"need one sink, the output, got sinks \['f'\] and outputs \[\]"),
        (
            {"edges": {("x1", "f"): 1, ("one", "g"): 1}},
            r"need one sink, the output, got sinks \['g', 'f'\] and outputs \['f'\]",
        ),
        ({"outputs": ("x1",)}, r"need one sink, the output, got sinks \['f'\] and outputs \['x1'\]"),
        ({"edges": {("x1", "f"): 1}, "constant": None}, r"need a constant vertex, got none"),
        ({"edges": {("x", "f"): 1}, "inputs": ("x",)}, r"need the inputs \['x1'\], got \['x'\]"),
        ({"edges": {("x2", "f"): 1}, "inputs": ("x2", "x1")}, r"need the inputs \['x1', 'x2'\], got \['x2', 'x1'\]"),
    ],
)
def test_a_fragment_that_is_no_network_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        network(**changed)


def test_the_builders_of_a_network_give_networks() -> None:
    assert type(network().with_weight("x1", "f", 3)) is Network
    with pytest.raises(ConstructionError, match="need the inputs"):
        network().renamed({"x1": "a"})
