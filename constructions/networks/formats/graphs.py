"""A fragment from a graph of another tool: GraphML, DOT, and the JSON that networkx writes (node-link data).

``querygrad draw`` writes such files, and what it says of a graph (:func:`facts_of`: inputs, outputs, constant,
activation, each as JSON) makes the fragment come back as it was. A graph of another tool need not say it: then its
sources are the inputs, its sinks the outputs, nothing is the constant, and the activation is the reader's.

The weight of an edge is its attribute ``weight``, or its label in DOT: a text such as ``-1/4`` or ``0.1``, or a number;
a decimal number is the rational that it spells, as far as it has at most 15 digits.
"""

import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP, Activation
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.network import Fragment
from constructions.foundations.spelling import XML, from_json_text, read_name
from constructions.networks.network_file import read_activation, spelled_activation

with loaded_when_used(__name__):
    import networkx as nx
    import pydot

SIGMA, LISTS, ONE = "sigma", ("inputs", "outputs"), "constant"
FACTS = (*LISTS, ONE, SIGMA)
MOST_BYTES = 1 << 26
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?|[+-]?\d+/\d+")
ESCAPE = re.compile(r"\\(\\|\"|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[tnr])")


def facts_of(fragment: Fragment) -> dict[str, str]:
    """What a file says of a fragment beside its vertices and edges: inputs, outputs, the constant and sigma, as JSON.

    >>> facts = facts_of(Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 2}))
    >>> facts["inputs"], facts["constant"]
    ('["x"]', 'null')
    """
    said = {**{name: list(getattr(fragment, name)) for name in LISTS}, ONE: fragment.constant}
    return {name: json.dumps(value) for name, value in (said | {SIGMA: spelled_activation(fragment.sigma)}).items()}


def read_graph(path: Path | str, *, sigma: Activation = RAMP) -> Fragment:
    """The fragment in a GraphML, DOT or JSON file, by the end of its name, ``path``.

    Parameters
    ----------
    sigma : the activation, if the file says nothing of one.

    Raises
    ------
    ConstructionError
        For another ending, a file that cannot be read or is of another form, a weight that is no rational, and as
        :class:`~constructions.foundations.network.Fragment`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "half.dot")
    ...     _ = file.write_text('digraph { x -> y [label="-1/2"]; }')
    ...     half = read_graph(file)
    >>> half.inputs, half.outputs, half.weight("x", "y")
    (('x',), ('y',), Fraction(-1, 2))
    """
    file = Path(path)
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise ConstructionError(f"need a file that ends in {', '.join(READERS)}, got {file.name!r}")
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ConstructionError(f"need a file of at most {MOST_BYTES} bytes, got more, at {file}")
        graph = reader(file)
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {file}") from error
    except ConstructionError:
        raise
    except Exception as error:  # three libraries, each with its own errors for a text that is none
        got = f"{type(error).__name__}: {' '.join(str(error).split())}"[:150]
        raise ConstructionError(f"need a graph as {file.suffix} files hold it, got {got}, at {file}") from error
    try:
        return fragment_of_graph(graph, sigma=sigma)
    except ConstructionError as error:
        raise ConstructionError(f"{error}, at {file}") from error


def fragment_of_graph(graph: "nx.DiGraph[str]", *, sigma: Activation = RAMP) -> Fragment:
    """A networkx graph as a fragment: its sources are inputs and its sinks outputs, unless its attributes
    ``inputs``, ``outputs`` and ``constant`` say otherwise.

    Parameters
    ----------
    graph : edges have ``weight``; attributes that are texts are read as JSON.
    sigma : the activation, if the graph has no attribute of that name.

    Raises
    ------
    ConstructionError
        For a graph that is undirected or a multigraph, and as :meth:`Fragment.from_graph`.

    >>> import networkx as nx
    >>> graph = nx.DiGraph(constant='"one"')
    >>> graph.add_weighted_edges_from([("one", "y", 1), ("x", "y", "0.5")])
    >>> found = fragment_of_graph(graph)
    >>> found.inputs, found.constant, found.weight("x", "y")
    (('x',), 'one', Fraction(1, 2))
    """
    if graph.is_multigraph() or not graph.is_directed():
        raise ConstructionError(f"need a networkx DiGraph (no parallel edges), got a {type(graph).__name__}")
    said = {key: _said(graph.graph[key], key) for key in FACTS if key in graph.graph}
    constant = said.get(ONE)
    made: nx.DiGraph[str] = nx.DiGraph()
    made.add_nodes_from(graph)
    made.add_edges_from((u, v, _weighted(data)) for u, v, data in graph.edges(data=True))
    sources = [v for v in graph if graph.in_degree(v) == 0 and v != constant]
    sinks = [v for v in graph if graph.out_degree(v) == 0 and graph.in_degree(v) > 0]
    given = {"inputs": sources, "outputs": sinks, ONE: None} | {key: said[key] for key in (*LISTS, ONE) if key in said}
    spelled = said.get(SIGMA)
    activation = read_activation(spelled) if isinstance(spelled, dict) else spelled
    return Fragment.from_graph(made, **given, sigma=activation or sigma)


def _said(value: Any, key: str) -> Any:
    """What an attribute of a graph says: itself, or what its text says as JSON; a bare name is one, too."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        if key == ONE:
            return value
        raise ConstructionError(f"need the attribute {key!r} as JSON, got {value[:50]!r}") from error


def _weighted(data: dict[str, Any]) -> dict[str, Any]:
    if "weight" not in data:
        return {}
    weight = data["weight"]
    return {"weight": _number(str(weight)) if isinstance(weight, str | float) else weight}


def _number(text: str) -> Fraction:
    if len(text) > 1000 or not NUMBER.fullmatch(text.strip()):
        raise ConstructionError(f"need a weight such as -1/4 or 0.1, got {text[:50]!r}")
    try:
        return Fraction(text.strip())
    except ZeroDivisionError as error:
        raise ConstructionError(f"need a weight such as -1/4 or 0.1, got {text[:50]!r}") from error


def _graphml(path: Path) -> "nx.DiGraph[str]":
    graph = nx.read_graphml(path)
    graph.graph = {key: read_name(str(value), but=XML) for key, value in graph.graph.items() if key in FACTS}
    return nx.relabel_nodes(graph, {v: read_name(v, but=XML) for v in graph})


def _json(path: Path) -> "nx.DiGraph[str]":
    data = from_json_text(path.read_bytes())
    return nx.node_link_graph(data, directed=True, multigraph=False, edges="links" if "links" in data else "edges")


def _dot(path: Path) -> "nx.DiGraph[str]":
    """A DOT file; pydot keeps quotes and escapes as they are written."""
    parsed: list[Any] = pydot.graph_from_dot_data(path.read_text(encoding="utf-8")) or []
    if len(parsed) != 1 or parsed[0].get_type() != "digraph":
        raise ConstructionError(f"need one directed graph (digraph), got {len(parsed)} graphs or another, at {path}")
    dot = parsed[0]
    graph: nx.DiGraph[str] = nx.DiGraph(**{key: _plain(str(value)) for key, value in dot.get_attributes().items()})
    names = [each.get_name() for each in dot.get_nodes()]
    graph.add_nodes_from(_plain(name) for name in names if name not in ("node", "edge", "graph", "\\n", '"\\n"'))
    for edge in dot.get_edges():
        ends = _plain(edge.get_source()), _plain(edge.get_destination())
        label = edge.get("label") or edge.get("weight")
        if graph.has_edge(*ends):
            raise ConstructionError(f"need no parallel edges, got one again from {ends[0]!r} to {ends[1]!r}, at {path}")
        graph.add_edge(*ends, **({"weight": _plain(label)} if label else {}))
    return graph


def _plain(text: str) -> str:
    """A name or a text of a DOT file without its quotes and escapes."""
    if not text.startswith('"'):
        return text
    return ESCAPE.sub(lambda found: _character(found[1]), text[1:-1])


def _character(escape: str) -> str:
    if escape in ("\\", '"'):
        return escape
    return f"\\{escape}".encode("ascii").decode("unicode_escape")


READERS: dict[str, Callable[[Path], Any]] = {".graphml": _graphml, ".dot": _dot, ".json": _json}
