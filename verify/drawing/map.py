"""The map of the paper as a picture."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import networkx as nx

from constructions.errors import ConstructionError
from verify.drawing.by_layers import by_layers
from verify.drawing.figure import figure_of
from verify.drawing.files import write_views
from verify.drawing.lettering import LONGEST
from verify.drawing.view import Box, Placing, Vertex, View, Wire, size_of

NOT_RATED = "-"
"""The verdict of what stands beside the numbered items."""
ROOM = 0.3
"""The room between two items without an arrow, in inches."""


def draw_map(
    rows: Iterable[tuple[str, Sequence[str], str]], path: Path, *, errata: Mapping[str, Sequence[str]] | None = None
) -> Path:
    """The items of the paper, each right of what it needs, coloured by its verdict (open: grey; beside the numbered
    items and not rated: white); items without an arrow stand below.

    Parameters
    ----------
    rows : (item, what it needs, verdict) for each item.
    path : the picture's file.
    errata : the lines of the errata that belong to an item, by its name.

    Raises
    ------
    ConstructionError
        For an item twice, or one that rests on itself.

    >>> from tempfile import TemporaryDirectory
    >>> rows = [("Lemma 10", [], "PROVED"), ("Lemma 3b", ["Lemma 10"], "open")]
    >>> with TemporaryDirectory() as folder:
    ...     drawn = nx.read_graphml(draw_map(rows, Path(folder, "map.graphml")))
    >>> list(drawn.edges), drawn.nodes["Lemma 10"]
    ([('Lemma 10', 'Lemma 3b')], {'name': 'Lemma 10', 'verdict': 'PROVED'})
    >>> _item("circuits", "-", ()).ink, _item("Lemma 1", "open", ()).ink
    ('beside', 'open')
    """
    rows = list(rows)
    verdicts: dict[str, str] = {}
    for item, _, verdict in rows:
        if item in verdicts:
            raise ConstructionError(f"need each item once, got {item!r} twice, at the map")
        verdicts[item] = verdict
    graph: nx.DiGraph[str] = nx.DiGraph([(need, item) for item, needs, _ in rows for need in needs])
    graph.add_nodes_from(verdicts)
    if not nx.is_directed_acyclic_graph(graph):
        raise ConstructionError(
            f"need items that do not rest on themselves, got the cycle {nx.find_cycle(graph)}, at the map"
        )
    order = nx.lexicographical_topological_sort(graph)
    vertices = tuple(_item(v, verdicts.get(v, "open"), (errata or {}).get(v, ())) for v in order)
    wires = tuple(Wire(tail=need, head=item) for item, needs, _ in rows for need in dict.fromkeys(needs))
    view = View(title="", vertices=vertices, wires=wires)
    return write_views(path, [view], lambda: figure_of([view], [_places(view)]))


def _places(view: View) -> Placing:
    """In layers; the vertices without a wire stand in rows below all others."""
    joined = {end for wire in view.wires for end in (wire.tail, wire.head)}
    alone = [v for v in view.vertices if v.name not in joined]
    found = by_layers(replace(view, vertices=tuple(v for v in view.vertices if v.name in joined)))
    boxes = dict(found.boxes)
    left, bottom, right, _ = found.extent if boxes else (0.0, 0.0, 0.0, 0.0)
    width, height = (max((size_of(v)[axis] for v in alone), default=0.0) for axis in (0, 1))
    many = max(1, int((right - left) // (width + ROOM)))
    for place, v in enumerate(alone):
        row, column = divmod(place, many)
        x, y = left + column * (width + ROOM) + width / 2, bottom - 2 * ROOM - row * (height + ROOM) - height / 2
        boxes[v.name] = Box(x=x, y=y, width=size_of(v)[0], height=size_of(v)[1])
    return Placing(boxes=boxes, routes=found.routes)


def _lines(text: str) -> list[str]:
    """A text in lines that a box shows whole."""
    return textwrap.wrap(text, LONGEST, break_long_words=False, break_on_hyphens=False)


def _item(name: str, verdict: str, errata: Sequence[str]) -> Vertex:
    ink = next(
        (
            known
            for known in ("PROVED", "CHECKED", "UNKNOWN", "VACUOUS", "REFUTED")
            if verdict.upper().startswith(known)
        ),
        "open",
    )
    if verdict == NOT_RATED:
        return Vertex(name=name, lines=("beside the items",), ink="beside", facts={"verdict": verdict})
    wrong = _lines(f"not as printed: {', '.join(errata)}") if errata else []
    facts = {"verdict": verdict} | ({"errata": ", ".join(errata)} if errata else {})
    return Vertex(name=name, lines=(*_lines(verdict), *wrong), ink=ink, facts=facts)
