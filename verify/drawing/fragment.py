"""The picture of a fragment, with what its vertices compute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from constructions.foundations.exact import Number, exact, is_symbolic
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.walks import ForwardRun, forward
from constructions.networks.formats.graphs import facts_of
from verify.drawing.by_layers import by_layers
from verify.drawing.figure import figure_of
from verify.drawing.files import write_views
from verify.drawing.folded_constant import with_folded_constant
from verify.drawing.view import Vertex, View, Wire, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFragment:
    """A fragment to show under a ``title``, and above a ``caption``, with the run to show it in, if any; ``live`` and
    ``moved`` edges stand out.

    ``outside`` is what the rest of a network adds to some vertices, as given to ``forward``.

    >>> twice = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 2})
    >>> view = ShownFragment(title="Twice", fragment=twice, outside={"y": 1}).view
    >>> [vertex.name for vertex in view.vertices], [(wire.tail, wire.head, wire.text) for wire in view.wires]
    (['x', 'y'], [('x', 'y', '2'), (None, 'y', 'rest adds 1')])
    """

    title: str
    fragment: Fragment
    run: ForwardRun | None = None
    outside: Mapping[str, Number] = field(default_factory=dict)
    live: frozenset[Edge] = frozenset()
    moved: frozenset[Edge] = frozenset()
    caption: str = ""

    @property
    def view(self) -> View:
        """The scene as vertices and wires."""
        wires = [
            Wire(tail=u, head=v, text=text_of(w), style=self._style((u, v)))
            for (u, v), w in self.fragment.edges.items()
        ]
        wires += [Wire(tail=None, head=v, text=f"rest adds {text_of(z)}") for v, z in self.outside.items()]
        vertices = tuple(_vertex(self, v) for v in self.fragment.order)
        facts = {} if self.outside else facts_of(self.fragment)
        return View(title=self.title, vertices=vertices, wires=tuple(wires), caption=self.caption, facts=facts)

    def _style(self, edge: Edge) -> str:
        return "moved" if edge in self.moved else "live" if edge in self.live else "plain"


def draw_fragment(
    fragment: Fragment, path: Path, *, inputs: Mapping[str, Number] | None = None, title: str = ""
) -> Path:
    """Any fragment from left to right, with the run on ``inputs`` if they are given and nothing is symbolic.

    ``path`` is the picture's file, ``title`` what stands above it. In a picture the edges of a constant that has many
    are written into their heads; a file of a graph has them all.

    Raises
    ------
    ConstructionError
        As :func:`verify.drawing.files.write_views`.

    >>> from fractions import Fraction
    >>> from tempfile import TemporaryDirectory
    >>> import networkx as nx
    >>> twice = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 2})
    >>> with TemporaryDirectory() as folder:
    ...     drawn = nx.read_graphml(draw_fragment(twice, Path(folder, "twice.graphml"), inputs={"x": Fraction(1, 8)}))
    >>> drawn.edges["x", "y"], drawn.nodes["y"]
    ({'weight': '2'}, {'name': 'y', 'role': 'output', 'pre': '1/4', 'out': '1/4', 'piece': '(0, 2)'})
    """
    numbers = None if inputs is None else {v: exact(value, where=f"input {v!r}") for v, value in inputs.items()}
    run = None
    if numbers is not None and not any(map(is_symbolic, (*fragment.edges.values(), *numbers.values()))):
        run = forward(fragment, numbers)
    view = ShownFragment(title=title, fragment=fragment, run=run).view
    folded = with_folded_constant(view, fragment.constant)
    return write_views(path, [view], lambda: figure_of([folded], [by_layers(folded)]))


def _vertex(scene: ShownFragment, v: str) -> Vertex:
    fragment, run = scene.fragment, scene.run
    role = (
        "source"
        if v == fragment.constant
        else "input"
        if v in fragment.inputs
        else "output"
        if v in fragment.outputs
        else "inner"
    )
    if v in fragment.sources:
        out = {} if run is None else {"out": text_of(run.out[v])}
        line = "constant 1" if role == "source" else " ".join(("input", *out.values()))
        return Vertex(name=v, lines=(line,), ink="given", facts={"role": role, **out})
    if run is None:
        return Vertex(name=v, lines=("output",) if role == "output" else (), facts={"role": role})
    piece = fragment.sigma.piece_of(run.pre[v])
    where, ink = (f"kink {run.pre[v]}", "kink") if piece is None else (str(piece), "flat" if piece.flat else "slope")
    facts = {"role": role, "pre": text_of(run.pre[v]), "out": text_of(run.out[v]), "piece": where}
    facts |= {"outside": text_of(scene.outside[v])} if v in scene.outside else {}
    lines = (f"pre {facts['pre']}", f"out {facts['out']}", "ON A KINK" if piece is None else f"on {where}")
    return Vertex(name=v, lines=lines, ink=ink, facts=facts)
