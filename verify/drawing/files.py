"""Pictures and graphs as files: ``.svg``, ``.png``, ``.dot``, ``.graphml``, and ``.json`` as networkx reads it, written
whole or not at all; and the colours.

A name in a GraphML file is the name itself, spelled where XML cannot hold it
(:mod:`constructions.foundations.spelling`). In a DOT file a name has its backslashes doubled and what cannot be printed
as an escape; Graphviz shows it with single backslashes. Pictures show names as their font can
(:mod:`verify.drawing.lettering`).
"""

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import networkx as nx
import pydot
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.style import context
from networkx.readwrite.graphml import GraphMLWriter

from constructions.errors import ConstructionError
from constructions.foundations.files import write_bytes
from constructions.foundations.spelling import XML, json_text, printable, spelled
from verify.drawing.lettering import FONT
from verify.drawing.view import View

INKS = {  # fill, line
    "flat": ("#d5f0d8", "#2b8a3e"),
    "slope": ("#dbe7f6", "#4a6fa5"),
    "kink": ("#ffc9c9", "#d00000"),
    "given": ("#ffffff", "#495057"),
    "unknown": ("#f1f3f5", "#868e96"),
    "part": ("#e3eefb", "#4a6fa5"),
    "many": ("#f1f3f5", "#868e96"),
    "other": ("#ffffff", "#495057"),
    "moved vertex": ("#ffe8d9", "#d9480f"),
    "fails": ("#ff9b9b", "#8a0000"),
    "named": ("#fff0f0", "#d00000"),
    "PROVED": ("#d5f0d8", "#2b8a3e"),
    "CHECKED": ("#d0e4fb", "#1864ab"),
    "UNKNOWN": ("#ffe8b3", "#d98c00"),
    "VACUOUS": ("#eadcf7", "#7b3fb0"),
    "REFUTED": ("#ffc9c9", "#d00000"),
    "open": ("#e9ecef", "#868e96"),
    "beside": ("#ffffff", "#ced4da"),
}
UNDATED: dict[str, dict[str, None]] = {
    "svg": {"Date": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
"""What a picture's file must not say, so that it is the same twice."""
WIRES = {  # line, text, width
    "plain": ("#adb5bd", "#343a40", 0.9),
    "live": ("#1864ab", "#1864ab", 2.2),
    "moved": ("#d9480f", "#d9480f", 2.2),
}


def picture_bytes(figure: Callable[[], Figure], kind: str) -> bytes:
    """The picture that a function makes, as a file of this ``kind`` (svg, png, pdf) holds it; the same twice.

    >>> picture_bytes(Figure, "svg")[:5]
    b'<?xml'
    """
    own: dict[str, Any] = {"svg.hashsalt": "querygrad", "svg.fonttype": "path", "font.family": FONT}
    with context(["default", own]):
        made, data = figure(), io.BytesIO()
        FigureCanvasAgg(made)
        dpi = min(150.0, 15000 / max(made.get_size_inches()))
        made.savefig(data, format=kind, dpi=dpi, metadata=UNDATED[kind])
    return data.getvalue()


def _dot(views: Sequence[View]) -> str:
    whole_graph = pydot.Dot("querygrad", graph_type="digraph", rankdir="LR")
    for key, fact in (views[0].facts if len(views) == 1 else {}).items():
        whole_graph.set(key, _quoted(fact))
    for i, view in enumerate(views):
        mark = f"{view.title}: " if len(views) > 1 else ""
        part: Any = pydot.Cluster(str(i), label=_label(view.title, view.caption)) if mark else whole_graph
        inside = _clusters(view, part, str(i))
        for vertex in view.vertices:
            fill, line = INKS[vertex.ink]
            rest = [f"rest adds {vertex.facts['outside']}"] if "outside" in vertex.facts else []
            label = _label(vertex.name, *vertex.lines, *rest)
            ink: dict[str, Any] = {
                "style": _quoted("rounded,filled"),
                "fillcolor": _quoted(fill),
                "color": _quoted(line),
            }
            inside.get(vertex.name, part).add_node(
                pydot.Node(_quoted(mark + vertex.name), label=label, shape="box", **ink)
            )
        for wire in view.wires:
            if wire.tail is None:
                continue
            ends = _quoted(mark + wire.tail), _quoted(mark + wire.head)
            part.add_edge(pydot.Edge(*ends, label=_label(wire.text), color=_quoted(WIRES[wire.style][0])))
        if mark:
            whole_graph.add_subgraph(part)
    return str(whole_graph.to_string())


def _clusters(view: View, whole: Any, mark: str) -> dict[str, Any]:
    """A cluster for each group of a view, by the names of its vertices."""
    found: dict[str, Any] = {}
    for i, group in enumerate(view.groups):
        cluster: Any = pydot.Cluster(f"{mark}_{i}", label=_label(group.name))
        whole.add_subgraph(cluster)
        found |= dict.fromkeys(group.vertices, cluster)
    return found


def _quoted(text: str) -> str:
    """A name: every backslash is one of two, or begins an escape."""
    return '"' + printable(text.replace("\\", "\\\\")).replace('"', '\\"') + '"'


def _label(*lines: str) -> str:
    """Printable lines that Graphviz is to show as they are: it reads two backslashes as one, and ``&lt;`` as a
    character."""
    plain = (re.sub(r"&(?=#?\w+;)", "&amp;", printable(line)) for line in lines)
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in plain) + '"'


def _graph(views: Sequence[View], spell: Callable[[str], str]) -> "nx.DiGraph[str]":
    """The views as one graph, whose texts are all spelled as the format needs."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    if len(views) == 1:
        graph.graph |= {key: spell(fact) for key, fact in views[0].facts.items()}
    for view in views:
        mark = f"{view.title}: " if len(views) > 1 else ""
        said = {"view": view.title} if mark else {}
        groups = {v: {"group": group.name} for group in view.groups for v in group.vertices}
        for vertex in view.vertices:
            facts = {"name": vertex.name, **said, **groups.get(vertex.name, {}), **vertex.facts}
            graph.add_node(spell(mark + vertex.name), **{key: spell(fact) for key, fact in facts.items()})
        for wire in view.wires:
            if wire.tail is not None:
                ends = (spell(mark + end) for end in (wire.tail, wire.head))
                graph.add_edge(*ends, **({"weight": spell(wire.text)} if wire.text else {}))
    return graph


def _graphml(views: Sequence[View]) -> str:
    writer = GraphMLWriter(_graph(views, lambda text: spelled(text, but=XML)))
    return f"{writer}\n"


def _json(views: Sequence[View]) -> str:
    return json_text(nx.node_link_data(_graph(views, str), edges="edges"), indent=1) + "\n"


def write_views(path: Path, views: Sequence[View], figure: Callable[[], Figure]) -> Path:
    """Make the whole file first, then put it in place at once; returns its path.

    Parameters
    ----------
    path : its ending chooses the format.
    views, figure : what text formats hold, and what makes the picture where one is wanted.

    Raises
    ------
    ConstructionError
        For another ending, a folder that is not there, or a file that cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from verify.drawing.view import Vertex, Wire
    >>> wire = Wire(tail="x", head="y", text="1/2")
    >>> view = View(title="half", vertices=(Vertex(name="x"), Vertex(name="y")), wires=(wire,))
    >>> with TemporaryDirectory() as folder:
    ...     written = write_views(Path(folder, "half.graphml"), [view], Figure)
    ...     list(nx.read_graphml(written).edges(data=True))
    [('x', 'y', {'weight': '1/2'})]
    >>> write_views(Path("a.g"), [view], Figure)
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a path that ends in .svg, .png, .pdf, .dot, .graphml, .json, got 'a.g'
    """
    makers: dict[str, Callable[[], bytes]] = {
        ".svg": lambda: picture_bytes(figure, "svg"),
        ".png": lambda: picture_bytes(figure, "png"),
        ".pdf": lambda: picture_bytes(figure, "pdf"),
        ".dot": lambda: _dot(views).encode(),
        ".graphml": lambda: _graphml(views).encode(),
        ".json": lambda: _json(views).encode(),
    }
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in makers:
        raise ConstructionError(f"need a path that ends in {', '.join(makers)}, got {str(path)!r}")
    if not path.parent.is_dir():
        raise ConstructionError(f"need an existing folder, got {str(path.parent)!r}")
    write_bytes(path, makers[ending]())
    return path
