"""The map of the paper as a picture."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import networkx as nx

from constructions.errors import ConstructionError
from verify.drawing.figure import draw_view
from verify.drawing.view import Vertex, View, Wire


def draw_map(rows: Iterable[tuple[str, Sequence[str], str]], path: Path) -> Path:
    """The items of the paper, each right of what it needs, coloured by its verdict (open: grey).

    Parameters
    ----------
    rows : (item, what it needs, verdict) for each item.
    path : the picture's file.

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
    vertices = tuple(_item(v, verdicts.get(v, "open")) for v in order)
    wires = tuple(Wire(tail=need, head=item) for item, needs, _ in rows for need in dict.fromkeys(needs))
    return draw_view(View(title="", vertices=vertices, wires=wires), path)


def _item(name: str, verdict: str) -> Vertex:
    ink = next(
        (
            known
            for known in ("PROVED", "CHECKED", "UNKNOWN", "VACUOUS", "REFUTED")
            if verdict.upper().startswith(known)
        ),
        "open",
    )
    return Vertex(name=name, lines=(verdict,), ink=ink, facts={"verdict": verdict})
