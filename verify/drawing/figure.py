"""Pictures of activations, fragments, the query graphs Q and Q' (Definition 2) and the map of the paper.

What is drawn is walked, not retyped: pre-activations come from ``forward``, the weights after a step from ``backward``
and the roundings. A vertex is green strictly inside a flat piece, blue inside a sloped one, red on a kink. The ending
of the path chooses the format; the same input gives the same bytes, and nothing half-written is left behind.

``.svg``, ``.png``: a picture; texts longer than 28 characters are shortened in the middle. ``.dot``: Graphviz text; the
views of a query graph are clusters. ``.graphml``: vertices carry pre, out, piece and role (source, input, output,
inner), edges weight, all as text "p/q"; the views of a query graph are one graph, told apart by the attribute view. How
files keep names is said in :mod:`verify.drawing.files`.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.patches as patches
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path as Curve

from verify.drawing.by_layers import by_layers
from verify.drawing.files import INKS, WIRES, write_views
from verify.drawing.lettering import short, title_of
from verify.drawing.view import GROUP_ROOM, Box, Placing, Point, Route, Vertex, View, Wire

LINE = 0.145
"""The distance between two lines of text in a box, in inches."""
WIDEST = 14.0
"""Of views side by side, in inches: on a page or a screen, what is wider has letters that are too small to read."""
LETTER, WIDEST_TITLE = 0.125, 7.0
"""The width of a letter of a title, and of a title above a narrow picture, in inches."""
CENTRED: dict[str, Any] = {"ha": "center", "va": "center", "parse_math": False}
SAID = {
    "flat": "strictly inside a flat piece",
    "slope": "inside a sloped piece",
    "kink": "ON A KINK",
    "given": "constant or input",
    "part": "one vertex",
    "fails": "the first vertex that is off its piece",
    "named": "named by the fact that fails",
    "open": "open: no top statement yet",
    "beside": "beside the numbered items, not rated",
    "many": "many vertices as one box",
    "other": "another part of the network",
    "moved vertex": "weight from the constant moved",
    "live": "edge with a gradient",
    "moved": "weight moved",
}


def draw_view(view: View, path: Path) -> Path:
    """Any view, in layers, as a picture at a path.

    Raises
    ------
    ConstructionError
        For more vertices than a picture can show, and as :func:`verify.drawing.files.write_views`.

    >>> from tempfile import TemporaryDirectory
    >>> wire = Wire(tail="x", head="y", text="1/2")
    >>> view = View(title="half", vertices=(Vertex(name="x"), Vertex(name="y")), wires=(wire,))
    >>> with TemporaryDirectory() as folder:
    ...     drawn = draw_view(view, Path(folder, "half.svg"))
    ...     drawn.name, "<svg" in drawn.read_text()
    ('half.svg', True)
    """
    return write_views(path, [view], lambda: figure_of([view], [by_layers(view)]))


def _used(views: Iterable[View]) -> list[str]:
    """The inks and styles that a legend must explain."""
    seen = {vertex.ink for view in views for vertex in view.vertices} | {
        wire.style for view in views for wire in view.wires
    }
    used = [key for key in (*INKS, *WIRES) if key in seen and key not in ("unknown", "plain")]
    return [] if used == ["given"] else used


def figure_of(views: Sequence[View], placings: Sequence[Placing], *, title: str = "") -> Figure:
    """The views with titles, captions and a legend, one of the ``placings`` for each, at one inch for one inch: side by
    side as far as they fit on a sheet, and then below one another, under a ``title``.

    >>> wire = Wire(tail="x", head="y", text="1/2")
    >>> view = View(title="half", vertices=(Vertex(name="x"), Vertex(name="y")), wires=(wire,))
    >>> figure = figure_of([view], [by_layers(view)])
    >>> [text.get_text() for text in figure.axes[0].texts], [float(inches) for inches in figure.get_size_inches()]
    (['1/2', 'x', 'y'], [3.0, 1.85])
    >>> many = figure_of([view] * 9, [by_layers(view)] * 9)
    >>> [len(set(side)) for side in zip(*((round(a.x0, 3), round(a.y0, 3)) for a in map(Axes.get_position, many.axes)))]
    [9, 2]
    """
    rows = _rows([_Panel(*each) for each in zip(views, placings, strict=True)])
    used = _used(views)
    wide = max([3.0, *(sum(panel.width for panel in row) for row in rows), _legend_width(used)])
    wide = max(wide, min(LETTER * len(title_of(title)), WIDEST_TITLE))
    lines = textwrap.wrap(title_of(title), int(wide / LETTER))
    head, foot = 0.15 + 0.3 * len(lines) if title else 0.1, 0.5
    above = 0.65 if any(view.title for view in views) else 0.0
    high = head + foot + sum(above + max(panel.height for panel in row) for row in rows)
    figure, top = Figure(figsize=(wide, high)), high - head
    for row in rows:
        x, height = (wide - sum(panel.width for panel in row)) / 2, max(panel.height for panel in row)
        top -= above + height
        for panel in row:
            panel.draw(figure, x, top, height)
            x += panel.width
    if title:
        figure.suptitle("\n".join(lines), size=17, y=1 - 0.12 / high, va="top", parse_math=False)
    _legend(figure, used)
    return figure


@dataclass(frozen=True, slots=True)
class _Panel:
    """A view on its part of a sheet; lengths are in inches."""

    view: View
    placing: Placing

    @property
    def width(self) -> float:
        left, _, right, _ = self.placing.extent
        return max(right - left + 0.5, 0.088 * len(title_of(self.view.caption)), 0.15 * len(title_of(self.view.title)))

    @property
    def height(self) -> float:
        _, bottom, _, top = self.placing.extent
        return top - bottom + 0.3

    def draw(self, figure: Figure, x: float, y: float, height: float) -> None:
        """Draw the view with its lower left corner at a place, and what is above it."""
        wide, high = figure.get_size_inches()
        low, _, far, top = self.placing.extent
        left = (low + far - self.width) / 2
        axes = figure.add_axes((x / wide, y / high, self.width / wide, height / high))
        axes.set(xlim=(left, left + self.width), ylim=(top + 0.15 - height, top + 0.15))
        axes.axis("off")
        _draw_view(axes, self.view, self.placing)
        at: dict[str, Any] = {"ha": "center", "transform": figure.dpi_scale_trans, "parse_math": False}
        middle, y = x + self.width / 2, y + height
        figure.text(middle, y + 0.37, title_of(self.view.title), size=15, weight="bold", **at)
        figure.text(middle, y + 0.1, title_of(self.view.caption), size=11, color="#495057", **at)


def _rows(panels: Sequence[_Panel]) -> list[list[_Panel]]:
    """The panels in rows that are no wider than a sheet, unless one panel is."""
    rows: list[list[_Panel]] = []
    for panel in panels:
        if rows and sum(each.width for each in rows[-1]) + panel.width <= WIDEST:
            rows[-1].append(panel)
        else:
            rows.append([panel])
    return rows


def _legend_width(said: Sequence[str]) -> float:
    return sum(0.09 * len(SAID.get(key, key)) + 0.65 for key in said)


def _legend(figure: Figure, said: Sequence[str]) -> None:
    marks: list[Any] = []
    for key in said:
        if key in INKS:
            marks.append(patches.Patch(facecolor=INKS[key][0], edgecolor=INKS[key][1], label=SAID.get(key, key)))
        else:
            marks.append(Line2D([], [], color=WIRES[key][0], linewidth=WIRES[key][2], label=SAID[key]))
    if marks:
        figure.legend(
            handles=marks, loc="lower center", ncols=len(marks), frameon=False, fontsize=10, columnspacing=1.5
        )


def _draw_view(axes: Axes, view: View, placing: Placing) -> None:
    for group in view.groups:
        within = set(group.vertices)
        inside = [each.trace for (tail, head), each in placing.routes.items() if tail in within and head in within]
        _draw_group(axes, group.name, [placing.boxes[v] for v in group.vertices], [p for each in inside for p in each])
    for wire in view.wires:
        _draw_wire(axes, wire, placing.routes[wire.tail, wire.head])
    for vertex in view.vertices:
        _draw_vertex(axes, vertex, placing.boxes[vertex.name])


def _draw_wire(axes: Axes, wire: Wire, route: Route) -> None:
    """An arrow along its route, with its text on a white ground; dashed if it comes from outside."""
    line, ink, width = WIRES[wire.style]
    axes.add_patch(
        patches.FancyArrowPatch(
            path=Curve(route.points, [Curve.MOVETO] + [Curve.CURVE4] * (len(route.points) - 1)),
            arrowstyle="-|>",
            mutation_scale=10,
            color=line,
            linewidth=width,
            zorder=1 if wire.style == "plain" else 2,
            linestyle="--" if wire.tail is None else "-",
        )
    )
    axes.text(
        *route.label,
        short(wire.text),
        size=8.5,
        color=ink,
        weight="normal" if wire.style == "plain" else "bold",
        zorder=3,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.92},
        **CENTRED,
    )


def _draw_vertex(axes: Axes, vertex: Vertex, box: Box) -> None:
    """A rounded box with the name of the vertex and the lines below it."""
    fill, edge = INKS[vertex.ink]
    axes.add_patch(
        patches.FancyBboxPatch(
            box.at(-1, -1),
            box.width,
            box.height,
            boxstyle="round,pad=0,rounding_size=0.09",
            facecolor=fill,
            edgecolor=edge,
            linewidth=2.4 if vertex.ink in ("kink", "fails") else 1.3,
            zorder=4,
        )
    )
    top = box.y + LINE * len(vertex.lines) / 2
    axes.text(box.x, top, short(vertex.name), size=10, weight="bold", zorder=5, **CENTRED)
    for i, line in enumerate(vertex.lines):
        axes.text(box.x, top - 0.16 - LINE * i, short(line), size=8, color="#212529", zorder=5, **CENTRED)


def _draw_group(axes: Axes, name: str, boxes: Sequence[Box], ways: Sequence[Point]) -> None:
    """A pale rectangle behind some boxes and the ways between them, with a name on top."""
    corners = [*ways, *(box.at(i, j) for box in boxes for i, j in ((-1, -1), (1, 1)))]
    left, right = min(x for x, _ in corners) - GROUP_ROOM, max(x for x, _ in corners) + GROUP_ROOM
    low, high = min(y for _, y in corners) - GROUP_ROOM, max(y for _, y in corners) + 2 * GROUP_ROOM
    shape = patches.FancyBboxPatch((left, low), right - left, high - low, boxstyle="round,pad=0,rounding_size=0.12")
    shape.set(facecolor="#f6f2e9", edgecolor="#c9bfa5", linewidth=1.0, zorder=0)
    axes.add_patch(shape)
    at = (left + 0.1, high - GROUP_ROOM * 0.8)
    axes.text(
        *at,
        title_of(name),
        size=10,
        style="italic",
        color="#6b5d36",
        ha="left",
        va="center",
        zorder=1,
        parse_math=False,
    )
