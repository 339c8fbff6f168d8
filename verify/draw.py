"""Pictures of activations, fragments, the query graphs Q and Q' (Definition 2) and the map of the paper.

What is drawn is walked, not retyped: pre-activations come from ``forward``, the weights after a step from ``backward`` and
the roundings. A vertex is green strictly inside a flat piece, blue inside a sloped one, red on a kink. The ending of the
path chooses the format; the same input gives the same bytes, and nothing half-written is left behind.

``.svg``, ``.png``: a picture; texts longer than 26 characters are shortened in the middle. ``.dot``: Graphviz text; the
views of a query graph are clusters. ``.graphml``: vertices carry pre, out, piece and role (source, input, output, inner),
edges weight, all as text "p/q"; the views of a query graph are one graph, told apart by the attribute view. How files keep names
is said in :mod:`verify.drawing_files`.
"""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib.patches as patches
import networkx as nx
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path as Curve

from constructions.errors import ConstructionError
from constructions.foundations.activation import Activation, Piece
from constructions.foundations.exact import Number, exact, is_symbolic, rational, whole
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import Choice, Grid, choose, clip, nearest
from constructions.foundations.walks import Gradient, Run, backward, forward
from constructions.networks.gates import code
from constructions.networks.memory import Condition, conditions
from constructions.networks.queries import Setting, bits_for, query_graph
from verify.drawing_files import INKS, WIRES, write_views
from verify.layout import GROUP_ROOM, Box, Placing, Vertex, View, Wire, as_in_figure, by_layers, text_of
from verify.lettering import short, title_of

SAID = {
    "flat": "strictly inside a flat piece", "slope": "inside a sloped piece", "kink": "ON A KINK", "given": "constant or input",
    "live": "edge with a gradient", "moved": "weight moved by the step",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A fragment to show, with the run to show it in, if any; ``live`` and ``moved`` edges stand out.

    ``outside`` is what the rest of a network adds to some vertices, as given to ``forward``.
    """

    title: str
    fragment: Fragment
    run: Run | None = None
    outside: Mapping[str, Number] = field(default_factory=dict)
    live: frozenset[Edge] = frozenset()
    moved: frozenset[Edge] = frozenset()
    caption: str = ""

    @property
    def view(self) -> View:
        """The scene as vertices and wires."""
        wires = [Wire(tail=u, head=v, text=text_of(w), style=self._style((u, v))) for (u, v), w in self.fragment.edges.items()]
        wires += [Wire(tail=None, head=v, text=f"rest adds {text_of(z)}") for v, z in self.outside.items()]
        vertices = tuple(_vertex(self, v) for v in self.fragment.order)
        return View(title=self.title, vertices=vertices, wires=tuple(wires), caption=self.caption)

    def _style(self, edge: Edge) -> str:
        return "moved" if edge in self.moved else "live" if edge in self.live else "plain"


def draw_activation(sigma: Activation, path: Path) -> Path:
    """The graph of sigma: flat pieces green, kinks marked with their values. As a graph file: its pieces, joined by kinks.

    >>> import tempfile
    >>> from constructions.foundations.activation import RAMP
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = draw_activation(RAMP, Path(folder) / "ramp.dot").read_text(encoding="utf-8")
    >>> "kink -3" in text, "(-1, 0)" in text
    (True, True)
    """
    vertices = tuple(_piece_vertex(piece) for piece in sigma.pieces)
    joints = zip(pairwise(sigma.pieces), sigma.kinks, strict=True)
    wires = tuple(Wire(tail=str(a), head=str(b), text=f"kink {kink}") for (a, b), kink in joints)
    return write_views(path, [View(title=sigma.name, vertices=vertices, wires=wires)], lambda: _activation_figure(sigma))


def draw_fragment(fragment: Fragment, path: Path, *, inputs: Mapping[str, Number] | None = None, title: str = "") -> Path:
    """Any fragment from left to right, with the run on ``inputs`` if they are given and nothing is symbolic."""
    numbers = None if inputs is None else {v: exact(value, where=f"input {v!r}") for v, value in inputs.items()}
    run = None
    if numbers is not None and not any(map(is_symbolic, (*fragment.edges.values(), *numbers.values()))):
        run = forward(fragment, numbers)
    return draw_view(Scene(title=title, fragment=fragment, run=run).view, path)


def draw_view(view: View, path: Path) -> Path:
    """Any view, in layers."""
    return write_views(path, [view], lambda: figure_of([view], [by_layers(view)]))


def draw_query(setting: Setting, path: Path, *, rho: Fraction, bits: int | None = None, prime: bool = False) -> Path:
    """Q, or Q' with ``prime``: idle, active, and idle again after one step on a batch that is all active and wrong.

    The output is held at the setting's value throughout, by what the rest of the network adds to v4; the step rounds to
    nearest. Blue edges have a gradient, orange weights were moved. The title names the first condition that is broken, if one is.
    """
    rho = rational(rho, where="rho")
    rational(setting.resting, where="resting weight")
    bits = bits_for(rho) if bits is None else whole(bits, where="bits")
    views = [scene.view for scene in query_scenes(setting, rho=rho, bits=bits, prime=prime)]
    title = f"Q{chr(39) * prime}, {setting.name}: rho = {rho}, {bits} digits, learning rate {setting.rate}"
    failing = broken_conditions(setting, rho=rho, bits=bits, prime=prime)
    title += f"; breaks: {failing[0].name}" if failing else ""

    def figure() -> Figure:
        return figure_of(views, [as_in_figure(views, bits=bits)] * len(views), title=title)

    return write_views(path, views, figure)


def broken_conditions(setting: Setting, *, rho: Fraction, bits: int | None = None, prime: bool = False) -> list[Condition]:
    """The conditions of Lemma 11 that Q or Q' breaks in a setting; none for a memory.

    >>> from constructions.networks.queries import PRINTED
    >>> for condition in broken_conditions(PRINTED, rho=Fraction(1, 16), prime=True):
    ...     print(condition)
    recording: no gradient of v0 -> v1 is clipped: need (1 + offset rho) |path gain| <= 1, got 9/4
    written: v1 stays on its linear piece: need w(v0,v1) + its largest rise < 2, got 209/96
    reading: there are digits for every fraction: need (2^4 - 1) rho + 3/4 rate rho >= 4, got 33/32
    """
    bits, rate = bits_for(rho) if bits is None else bits, setting.rate
    if rate < 1 or rate.denominator != 1:
        name, wanted = "a step moves by multiples of rho", (("=", "a positive integer"),)
        return [Condition(group="numbers", name=name, term="rate", value=rate, bounds=wanted)]
    graph = query_graph(setting, rho=rho, bits=bits, prime=prime)
    found = conditions(graph, rho, bits, rate=int(rate), offset=setting.offset)
    return [condition for condition in found if not condition.holds]


def draw_map(rows: Iterable[tuple[str, Sequence[str], str]], path: Path) -> Path:
    """The items of the paper, each right of what it needs, coloured by its verdict (open: grey)."""
    rows = list(rows)
    verdicts: dict[str, str] = {}
    for item, _, verdict in rows:
        if item in verdicts:
            raise ConstructionError(f"need each item once, got {item!r} twice, at the map")
        verdicts[item] = verdict
    graph: nx.DiGraph[str] = nx.DiGraph([(need, item) for item, needs, _ in rows for need in needs])
    graph.add_nodes_from(verdicts)
    if not nx.is_directed_acyclic_graph(graph):
        raise ConstructionError(f"need items that do not rest on themselves, got the cycle {nx.find_cycle(graph)}, at the map")
    order = nx.lexicographical_topological_sort(graph)
    vertices = tuple(_item(v, verdicts.get(v, "open")) for v in order)
    wires = tuple(Wire(tail=need, head=item) for item, needs, _ in rows for need in dict.fromkeys(needs))
    return draw_view(View(title="", vertices=vertices, wires=wires), path)


def query_scenes(setting: Setting, *, rho: Fraction, bits: int, prime: bool = False) -> tuple[Scene, ...]:
    """Idle, active and after: a batch that is all active and wrong, rounded to nearest.

    Where the loss has no derivative while the copy is active there is no step, so no third scene.
    """
    graph = query_graph(setting, rho=rho, bits=bits, prime=prime)
    held, wrong = setting.pre_activation(rho, prime=prime), Fraction(0 if prime else 1)
    idle, _ = _held_scene("idle (vc = 2)", graph, vc=Fraction(2), held=held, wrong=wrong)
    active, gradient = _held_scene("active (vc = 0)", graph, vc=Fraction(0), held=held, wrong=wrong)
    if not gradient.smooth:
        return idle, active
    weights = _after_step(setting, graph, gradient, Grid(rho=rho))
    moved = frozenset(edge for edge, weight in weights.items() if weight != graph.weight(*edge))
    after, _ = _held_scene("after the step (vc = 2)", graph.with_weights(weights), vc=Fraction(2), held=held, wrong=wrong)
    return idle, active, replace(after, moved=moved)


def _held_scene(title: str, graph: Fragment, *, vc: Fraction, held: Fraction, wrong: Fraction) -> tuple[Scene, Gradient]:
    """The scene in which the rest of the network brings v4 to ``held``, and the gradient for the label ``wrong``."""
    adds = forward(graph, {"vc": vc}).pre["v4"]
    outside = {"v4": held - adds}
    run = forward(graph, {"vc": vc}, outside=outside)
    gradient = backward(run, {"v4": run.out["v4"] - wrong}, report_kinks=True)
    live = frozenset(edge for edge, value in gradient.edges.items() if value)
    count = f"{len(live)} of {len(graph.edges)} edges have a gradient" if live else "no edge has a gradient"
    said = f"adds {text_of(adds) if adds else 'nothing'} to the output; {count}"
    digits = "".join(_digit(graph, run.out[v]) for v in reversed(graph.outputs[1:]))
    said += f"; digits read {digits}" if digits else ""
    if not gradient.smooth:
        said = f"no step: the loss has no derivative, {gradient.first_kink} is on a kink"
    return Scene(title=title, fragment=graph, run=run, outside=outside, live=live, caption=said), gradient


def _after_step(setting: Setting, graph: Fragment, gradient: Gradient, grid: Grid) -> dict[Edge, Number]:
    """The weights one step later, when every sample of the batch has this gradient."""
    weights = {}
    for edge, entry in gradient.edges.items():
        value = clip(entry)
        weights[edge] = graph.weight(*edge) - setting.rate * choose(nearest, Choice(edge, 1, value, grid.valid(value)))
    return weights


def _digit(graph: Fragment, value: Number) -> str:
    bit = code(graph.sigma)
    return "1" if value == bit.high else "0" if value == bit.low else "?"


def _vertex(scene: Scene, v: str) -> Vertex:
    fragment, run = scene.fragment, scene.run
    role = "source" if v == fragment.constant else "input" if v in fragment.inputs else "output" if v in fragment.outputs else "inner"
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


def _piece_vertex(piece: Piece) -> Vertex:
    facts = {"piece": str(piece), "slope": str(piece.slope), "intercept": str(piece.intercept)}
    return Vertex(name=str(piece), lines=(_formula(piece),), ink="flat" if piece.flat else "slope", facts=facts)


def _item(name: str, verdict: str) -> Vertex:
    ink = next((known for known in ("PROVED", "CHECKED", "UNKNOWN", "VACUOUS", "REFUTED") if verdict.upper().startswith(known)), "open")
    return Vertex(name=name, lines=(verdict,), ink=ink, facts={"verdict": verdict})


def _formula(piece: Piece) -> str:
    if piece.flat:
        return f"flat at {piece.intercept}"
    slope = "" if piece.slope == 1 else "-" if piece.slope == -1 else f"{piece.slope} "
    rest = "" if piece.intercept == 0 else f" {'+' if piece.intercept > 0 else '-'} {abs(piece.intercept)}"
    return f"{slope}x{rest}"


def _used(views: Iterable[View]) -> list[str]:
    """The inks and styles that a legend must explain."""
    seen = {vertex.ink for view in views for vertex in view.vertices} | {wire.style for view in views for wire in view.wires}
    used = [key for key in (*INKS, *WIRES) if key in seen and key not in ("unknown", "part", "plain")]
    return [] if used == ["given"] else used


def figure_of(views: Sequence[View], placings: Sequence[Placing], *, title: str = "") -> Figure:
    """The views side by side at one inch for one inch, with titles, captions and a legend."""
    extents = [placing.extent for placing in placings]
    widths = [right - left + 0.5 for left, _, right, _ in extents]
    height = max(top - bottom for _, bottom, _, top in extents) + 0.3
    head, foot = (0.45 if title else 0.1) + (0.65 if any(v.title for v in views) else 0.0), 0.5
    total = max(sum(widths), 3.0)
    figure = Figure(figsize=(total, height + head + foot))
    x = (total - sum(widths)) / 2
    for view, placing, (left, _, _, top), width in zip(views, placings, extents, widths, strict=True):
        axes = figure.add_axes((x / total, foot / (height + head + foot), width / total, height / (height + head + foot)))
        axes.set(xlim=(left - 0.25, left - 0.25 + width), ylim=(top + 0.15 - height, top + 0.15))
        axes.axis("off")
        _draw_view(axes, view, placing)
        at: dict[str, Any] = {"ha": "center", "transform": figure.dpi_scale_trans, "parse_math": False}
        figure.text(x + width / 2, foot + height + 0.37, title_of(view.title), size=15, weight="bold", **at)
        figure.text(x + width / 2, foot + height + 0.1, title_of(view.caption), size=11, color="#495057", **at)
        x += width
    if title:
        figure.suptitle(title_of(title), size=17, y=1 - 0.12 / (height + head + foot), va="top", parse_math=False)
    _legend(figure, _used(views))
    return figure


def _legend(figure: Figure, said: Sequence[str]) -> None:
    marks: list[Any] = []
    for key in said:
        if key in INKS:
            marks.append(patches.Patch(facecolor=INKS[key][0], edgecolor=INKS[key][1], label=SAID.get(key, key)))
        else:
            marks.append(Line2D([], [], color=WIRES[key][0], linewidth=WIRES[key][2], label=SAID[key]))
    if marks:
        figure.legend(handles=marks, loc="lower center", ncols=len(marks), frameon=False, fontsize=10, columnspacing=1.5)


def _draw_view(axes: Axes, view: View, placing: Placing) -> None:
    for group in view.groups:
        _draw_group(axes, group.name, [placing.boxes[v] for v in group.vertices])
    for wire in view.wires:
        route, (line, ink, width) = placing.routes[wire.tail, wire.head], WIRES[wire.style]
        curve = Curve(route.points, [Curve.MOVETO] + [Curve.CURVE4] * (len(route.points) - 1))
        zorder, dash = 1 if wire.style == "plain" else 2, "--" if wire.tail is None else "-"
        axes.add_patch(patches.FancyArrowPatch(
            path=curve, arrowstyle="-|>", mutation_scale=10, color=line, linewidth=width, zorder=zorder, linestyle=dash
        ))  # fmt: skip
        axes.text(
            *route.label, short(wire.text), size=8.5, color=ink, weight="normal" if wire.style == "plain" else "bold", ha="center",
            va="center", zorder=3, parse_math=False, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.92},
        )  # fmt: skip
    for vertex in view.vertices:
        box, (fill, edge) = placing.boxes[vertex.name], INKS[vertex.ink]
        axes.add_patch(patches.FancyBboxPatch(
            box.at(-1, -1), box.width, box.height, boxstyle="round,pad=0,rounding_size=0.09", facecolor=fill, edgecolor=edge,
            linewidth=2.4 if vertex.ink == "kink" else 1.3, zorder=4,
        ))  # fmt: skip
        top = box.y + 0.145 * len(vertex.lines) / 2
        axes.text(box.x, top, short(vertex.name), size=10, weight="bold", ha="center", va="center", zorder=5, parse_math=False)
        for i, line in enumerate(vertex.lines):
            y = top - 0.16 - 0.145 * i
            axes.text(box.x, y, short(line), size=8, ha="center", va="center", zorder=5, parse_math=False, color="#212529")


def _draw_group(axes: Axes, name: str, boxes: Sequence[Box]) -> None:
    """A pale rectangle behind some boxes, with a name on top."""
    corners = [box.at(i, j) for box in boxes for i, j in ((-1, -1), (1, 1))]
    left, right = min(x for x, _ in corners) - GROUP_ROOM, max(x for x, _ in corners) + GROUP_ROOM
    low, high = min(y for _, y in corners) - GROUP_ROOM, max(y for _, y in corners) + 2 * GROUP_ROOM
    shape = patches.FancyBboxPatch((left, low), right - left, high - low, boxstyle="round,pad=0,rounding_size=0.12")
    shape.set(facecolor="#f6f2e9", edgecolor="#c9bfa5", linewidth=1.0, zorder=0)
    axes.add_patch(shape)
    at = (left + 0.1, high - GROUP_ROOM * 0.8)
    axes.text(*at, title_of(name), size=10, style="italic", color="#6b5d36", ha="left", va="center", zorder=1, parse_math=False)


def _activation_figure(sigma: Activation) -> Figure:
    figure = Figure(figsize=(9.5, 4.6), layout="constrained")
    axes = figure.add_subplot()
    first, last = (sigma.kinks[0], sigma.kinks[-1]) if sigma.kinks else (Fraction(0), Fraction(0))
    pad = max((last - first) * Fraction(3, 10), Fraction(3, 2) if first == last else Fraction(0))
    ends = [first - pad, *sigma.kinks, last + pad]
    for piece, (low, high) in zip(sigma.pieces, pairwise(ends), strict=True):
        name = f"{piece}: {_formula(piece)}".replace("oo", "∞")
        ink, width = INKS["flat" if piece.flat else "slope"][1], 4 if piece.flat else 2.4
        axes.plot([float(low), float(high)], [float(sigma(low)), float(sigma(high))], color=ink, linewidth=width, label=name)
    _mark_kinks(axes, sigma, float(ends[-1] - ends[0]))
    axes.set(xlabel="pre-activation", ylabel="output", xlim=(float(ends[0]), float(ends[-1])))
    axes.set_title(title_of(sigma.name), parse_math=False, weight="bold")
    axes.margins(y=0.16)
    axes.grid(color="#e9ecef")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside right upper", frameon=False, title="green: flat, blue: sloped")
    return figure


def _mark_kinks(axes: Axes, sigma: Activation, breadth: float) -> None:
    """Each kink with its value, on the outer side of the bend; near neighbours one step farther out."""
    previous: dict[int, tuple[float, int]] = {}
    for kink, (before, after) in zip(sigma.kinks, pairwise(sigma.slopes), strict=True):
        x, value = float(kink), sigma(kink)
        side = 1 if after < before else -1
        last, level = previous.get(side, (float("-inf"), 0))
        level = level + 1 if x - last < 0.13 * breadth else 0
        previous[side] = (x, level)
        axes.plot([x], [float(value)], "o", color="white", markeredgecolor=INKS["kink"][1], markeredgewidth=2, markersize=8, zorder=3)
        axes.annotate(
            f"({kink}, {value})", (x, float(value)), xytext=(0, side * (14 + 14 * level)), textcoords="offset points", ha="center",
            va="center", color=INKS["kink"][1], parse_math=False,
        )  # fmt: skip
