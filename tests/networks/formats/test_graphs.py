"""Fragments from GraphML, DOT and JSON: what `draw` writes comes back as it was, and other tools' graphs are read."""

from fractions import Fraction
from pathlib import Path

import networkx as nx
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP
from constructions.foundations.network import Fragment
from constructions.networks.formats.graphs import READERS, fragment_of_graph, read_graph
from constructions.networks.queries import STRONG, query_graph
from verify.drawing.fragment import draw_fragment

ODD = Fragment(
    inputs=("x10", "x9"),
    outputs=('say "y"', "x9"),
    edges={
        ("x9", 'say "y"'): Fraction(-1, 3),
        ("x10", 'say "y"'): 2,
        ("one\\{1}", 'say "y"'): Fraction(1, 7),
        ("x9", "tab\there"): 1,
        ("x9", "א\\\\n"): 1,
    },
    constant="one\\{1}",
    sigma=HARD_TANH,
)
MEMORY = query_graph(STRONG, rho=Fraction(1, 8), bits=3)


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize("fragment", [ODD, MEMORY], ids=["odd names", "Q"])
def test_what_is_drawn_comes_back_as_it_was(tmp_path: Path, fragment: Fragment, ending: str) -> None:
    again = read_graph(draw_fragment(fragment, tmp_path / f"graph{ending}"))
    assert again == fragment and again.sigma.name == fragment.sigma.name


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (".dot", 'digraph { node [shape=box]; x -> "y" [label="1/2"]; x -> z [weight=2]; y -> z [label=0.1]; }'),
        (
            ".json",
            '{"directed": true, "nodes": [{"id": "x"}, {"id": "y"}, {"id": "z"}], "links": ['
            '{"source": "x", "target": "y", "weight": 0.5}, {"source": "x", "target": "z", "weight": 2},'
            ' {"source": "y", "target": "z", "weight": "0.1"}]}',
        ),
    ],
)
def test_a_graph_of_another_tool_has_its_sources_and_sinks(tmp_path: Path, ending: str, text: str) -> None:
    file = tmp_path / f"graph{ending}"
    file.write_text(text, encoding="utf-8")
    found = read_graph(file, sigma=HARD_TANH)
    assert (found.inputs, found.outputs, found.constant, found.sigma) == (("x",), ("z",), None, HARD_TANH)
    assert [found.weight("x", "y"), found.weight("x", "z"), found.weight("y", "z")] == [
        Fraction(1, 2),
        2,
        Fraction("0.1"),
    ]


def test_a_graphml_file_of_networkx_is_read(tmp_path: Path) -> None:
    graph = nx.DiGraph(constant="c")
    graph.add_weighted_edges_from([("x", "y", 0.25), ("c", "y", 3)])
    nx.write_graphml(graph, tmp_path / "graph.graphml")
    found = read_graph(tmp_path / "graph.graphml")
    assert (found.constant, found.weight("x", "y"), found.weight("c", "y"), found.sigma) == (
        "c",
        Fraction(1, 4),
        3,
        RAMP,
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("graph.txt", "", "need a file that ends in .graphml, .dot, .json, got 'graph.txt'"),
        ("graph.json", "{", "need a graph as .json files hold it, got JSONDecodeError"),
        ("graph.graphml", "<a", "need a graph as .graphml files hold it, got"),
        ("graph.dot", "graph { a -- b; }", "need one directed graph (digraph)"),
        ("graph.dot", "digraph { a -> b; }", "need a weight on every edge, got none"),
        ("graph.dot", "digraph { a -> b [label=rho]; }", "need a weight such as -1/4 or 0.1, got 'rho'"),
        ("graph.dot", 'digraph { a -> b [label="1/0"]; }', "need a weight such as -1/4 or 0.1, got '1/0'"),
        ("graph.dot", "digraph { a -> b [label=1]; a -> b [label=2]; }", "need no parallel edges"),
        (
            "graph.dot",
            "digraph { a -> b [label=1]; b -> a [label=1]; }",
            "need an acyclic graph, got the cycle a -> b -> a",
        ),
        ("graph.json", '{"directed": false, "nodes": [], "edges": []}', "need a networkx DiGraph"),
    ],
)
def test_what_is_no_graph_is_refused_in_one_line(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConstructionError) as refused:
        read_graph(tmp_path / name)
    assert said in str(refused.value) and name in str(refused.value) and "\n" not in str(refused.value)


def test_an_attribute_that_is_no_json_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need the attribute 'inputs' as JSON, got 'x, y'"):
        fragment_of_graph(nx.DiGraph(inputs="x, y"))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match="need a file that can be read, got No such file"):
        read_graph(tmp_path / "no.dot")
