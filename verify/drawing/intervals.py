"""The picture of a fragment with a text on each edge in place of its weight."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from constructions.foundations.network import Edge, Fragment
from verify.drawing.figure import draw_view
from verify.drawing.fragment import ShownFragment


def draw_intervals(
    fragment: Fragment, texts: Mapping[Edge, str], path: Path, *, title: str = "", caption: str = ""
) -> Path:
    """A fragment from left to right, with texts on some edges; the others have their weights.

    Parameters
    ----------
    texts : of the edges that have one. path : a .svg, .png, .dot, .graphml or .json file. title : above the picture.
    caption : below it.

    >>> from tempfile import TemporaryDirectory
    >>> import networkx as nx
    >>> twice = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 2})
    >>> with TemporaryDirectory() as folder:
    ...     drawn = nx.read_graphml(draw_intervals(twice, {("x", "y"): "[1, 3)"}, Path(folder, "twice.graphml")))
    >>> drawn.edges["x", "y"]
    {'weight': '[1, 3)'}
    """
    shown = ShownFragment(title=title, fragment=fragment, caption=caption).view
    wires = tuple(replace(wire, text=texts.get((wire.tail or "", wire.head), wire.text)) for wire in shown.wires)
    return draw_view(replace(shown, wires=wires), path)
