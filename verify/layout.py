"""Where vertices and edges go on a sheet, in inches: by layers for any acyclic graph, and as in the figure of Q and Q'.

Nothing here knows numbers or colours: a placing is made from names, edges and the sizes of their texts. Floats are screen
coordinates and nothing else.
"""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from constructions.errors import ConstructionError
from verify.lettering import short

Edge = tuple[str, str]
Arrow = tuple[str | None, str]  # an edge, or what comes from outside
Point = tuple[float, float]
Slot = tuple[str, str | None, int]  # (vertex, None, 0), or (tail, head, column) where a long edge passes through a column

MOST_VERTICES = 300
GAP = 0.22
LANE = 0.19
GROUP_ROOM = 0.17


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """A vertex as drawn: its name, the lines below it, its ink, and what a file says of it."""

    name: str
    lines: tuple[str, ...] = ()
    ink: str = "unknown"
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """An edge as drawn: its text and its style; without a tail, it comes from outside."""

    tail: str | None
    head: str
    text: str = ""
    style: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Vertices that are drawn as one part with a name."""

    name: str
    vertices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One graph to draw: vertices in a topological order, wires, a title, a caption, named parts."""

    title: str
    vertices: tuple[Vertex, ...]
    wires: tuple[Wire, ...]
    caption: str = ""
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle around its middle."""

    x: float
    y: float
    width: float
    height: float

    def at(self, right: float, up: float) -> Point:
        """A point of the box: ``right`` and ``up`` go from -1 to 1, so (1, 0) is the middle of the right side."""
        return self.x + right * self.width / 2, self.y + up * self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A path: a first point and three more for each cubic curve; and the middle of its text."""

    points: tuple[Point, ...]
    label: Point

    @property
    def trace(self) -> list[Point]:
        """Points on the path itself: the ends of its curves and what is between."""
        starts = range(0, len(self.points) - 1, 3)
        return [point_on(self.points[i : i + 4], t / 8) for i in starts for t in range(9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A box for every vertex and a route for every edge."""

    boxes: Mapping[str, Box]
    routes: Mapping[Arrow, Route]

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of all boxes and routes."""
        points = [box.at(i, j) for box in self.boxes.values() for i, j in ((-1, -1), (1, 1))]
        points += [point for route in self.routes.values() for point in (*route.trace, route.label)]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)


def depths(vertices: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """The longest path to each vertex, for vertices in a topological order.

    >>> depths(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")])
    {'a': 0, 'b': 1, 'c': 2}
    """
    before: dict[str, list[str]] = {v: [] for v in vertices}
    for u, v in edges:
        before[v].append(u)
    depth: dict[str, int] = {}
    for v in vertices:
        depth[v] = max((depth[u] + 1 for u in before[v]), default=0)
    return depth


def layered(vertices: Sequence[str], sizes: Mapping[str, Point], texts: Mapping[Edge, float]) -> Placing:
    """Columns from left to right by :func:`depths`; long edges get a lane through every column between.

    Parameters
    ----------
    vertices : in a topological order. sizes : width and height of each box. texts : the width of the text on each edge.

    An edge arrives at a place of its own on the left side of its head, with its text before the arrow: the texts stand one
    below the other, so they cannot overlap.
    """
    depth = depths(vertices, texts)
    chains = {(u, v): _chain(u, v, depth) for u, v in texts}
    columns = _columns(vertices, depth, chains)
    incoming = {v: sum(head == v for _, head in texts) for v in vertices}
    heights: dict[Slot, float] = {(v, None, 0): max(sizes[v][1], incoming[v] * LANE + 0.1) for v in vertices}
    slots = [slot for column in columns for slot in column]
    heights |= {slot: LANE for slot in slots if slot not in heights}
    columns, ys = _rows(columns, chains, heights)
    boxes, spans = _boxes(columns, ys, heights, sizes, _channels(len(columns), depth, texts))
    return Placing(boxes=boxes, routes=_routes(chains, boxes, spans, ys, texts))


def _chain(u: str, v: str, depth: Mapping[str, int]) -> tuple[Slot, ...]:
    between = tuple((u, v, column) for column in range(depth[u] + 1, depth[v]))
    return ((u, None, 0), *between, (v, None, 0))


def _columns(vertices: Sequence[str], depth: Mapping[str, int], chains: Mapping[Edge, tuple[Slot, ...]]) -> list[list[Slot]]:
    columns: list[list[Slot]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for v in vertices:
        columns[depth[v]].append((v, None, 0))
    for chain in chains.values():
        for slot in chain[1:-1]:
            columns[slot[2]].append(slot)
    return columns


def _neighbours(chains: Mapping[Edge, tuple[Slot, ...]]) -> tuple[dict[Slot, list[Slot]], dict[Slot, list[Slot]]]:
    left: dict[Slot, list[Slot]] = {}
    right: dict[Slot, list[Slot]] = {}
    for chain in chains.values():
        for a, b in pairwise(chain):
            left.setdefault(b, []).append(a)
            right.setdefault(a, []).append(b)
    return left, right


def _rows(
    columns: list[list[Slot]], chains: Mapping[Edge, tuple[Slot, ...]], heights: Mapping[Slot, float]
) -> tuple[list[list[Slot]], dict[Slot, float]]:
    """Order each column by the mean height of its neighbours, back and forth, then move it near them."""
    left, right = _neighbours(chains)
    ys: dict[Slot, float] = {}
    for column in columns:
        ys |= _stack(column, heights, {})
    for sweep in range(8):
        near, order = (left, columns) if sweep % 2 == 0 else (right, columns[::-1])
        for column in order:
            wish = {slot: sum(ys[n] for n in near[slot]) / len(near[slot]) if slot in near else ys[slot] for slot in column}
            column.sort(key=lambda slot: -wish[slot])
            ys |= _stack(column, heights, wish)
    return columns, ys


def _stack(column: Sequence[Slot], heights: Mapping[Slot, float], wish: Mapping[Slot, float]) -> dict[Slot, float]:
    """Heights from the top down without overlap, shifted as one to be nearest to the wishes."""
    ys: dict[Slot, float] = {}
    edge = float("inf")
    for slot in column:
        half = heights[slot] / 2
        ys[slot] = min(wish.get(slot, 0.0 if not ys else float("inf")), edge - half)
        edge = ys[slot] - half - (GAP if slot[1] is None else GAP / 4)
    if not ys:
        return ys
    drift = sum(wish.get(slot, 0.0) - y for slot, y in ys.items()) / len(ys)
    return {slot: y + drift for slot, y in ys.items()}


def _channels(count: int, depth: Mapping[str, int], texts: Mapping[Edge, float]) -> list[float]:
    """The room left of each column: for the texts that end there and for the curves."""
    room = [0.0] * count
    fan = [0] * count
    for (_, v), width in texts.items():
        room[depth[v]] = max(room[depth[v]], width)
        fan[depth[v]] += 1
    return [room[i] + 0.65 + min(0.03 * fan[i], 1.2) for i in range(count)]


def _boxes(
    columns: Sequence[Sequence[Slot]],
    ys: Mapping[Slot, float],
    heights: Mapping[Slot, float],
    sizes: Mapping[str, Point],
    channels: Sequence[float],
) -> tuple[dict[str, Box], list[tuple[float, float]]]:
    boxes: dict[str, Box] = {}
    spans: list[tuple[float, float]] = []
    x = 0.0
    for column, channel in zip(columns, channels, strict=True):
        width = max((sizes[slot[0]][0] for slot in column if slot[1] is None), default=LANE)
        x += channel + width / 2
        for slot in column:
            if slot[1] is None:
                boxes[slot[0]] = Box(x=x, y=ys[slot], width=sizes[slot[0]][0], height=heights[slot])
        spans.append((x - width / 2, x + width / 2))
        x += width / 2
    return boxes, spans


def _routes(
    chains: Mapping[Edge, tuple[Slot, ...]],
    boxes: Mapping[str, Box],
    spans: Sequence[tuple[float, float]],
    ys: Mapping[Slot, float],
    texts: Mapping[Edge, float],
) -> dict[Arrow, Route]:
    arrivals: dict[str, list[Edge]] = {}
    for u, v in sorted(chains, key=lambda edge: ys[chains[edge][-2]]):
        arrivals.setdefault(v, []).append((u, v))
    routes: dict[Arrow, Route] = {}
    for v, edges in arrivals.items():
        for place, edge in enumerate(edges):
            left, y = boxes[v].at(-1, 0)
            y += (place - (len(edges) - 1) / 2) * LANE
            path = [boxes[edge[0]].at(1, 0)]
            for slot in chains[edge][1:-1]:
                begin, end = spans[slot[2]]
                path += curve(path[-1], (begin, ys[slot]), across=True) + curve((begin, ys[slot]), (end, ys[slot]), across=True)
            stop = (left - texts[edge] - 0.2, y)
            path += curve(path[-1], stop, across=True) + curve(stop, (left, y), across=True)
            routes[edge] = Route(points=tuple(path), label=(left - 0.16 - texts[edge] / 2, y))
    return routes


def curve(a: Point, b: Point, *, across: bool) -> list[Point]:
    """The three points of a cubic from ``a`` to ``b`` that leaves and arrives horizontally (``across``) or vertically."""
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return [(middle[0], a[1]), (middle[0], b[1]), b] if across else [(a[0], middle[1]), (b[0], middle[1]), b]


def point_on(points: Sequence[Point], t: float) -> Point:
    """The point at ``t`` in [0, 1] of one cubic curve given by four points.

    >>> point_on([(0, 0), (0, 1), (2, 1), (2, 0)], 0.5)
    (1.0, 0.75)
    """
    s = 1 - t
    weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
    return sum(w * p[0] for w, p in zip(weights, points, strict=True)), sum(w * p[1] for w, p in zip(weights, points, strict=True))


def as_in_figure(views: Sequence[View], *, bits: int) -> Placing:
    """Q and Q' as the paper draws them: v0, v1, then v2 above and v2' below, then v3, v4; vc on top, the digits in a row.

    The views show one graph with ``bits`` digits; all get the same places, wide enough for each of them.
    """
    wires = [wire for view in views for wire in view.wires if wire.tail is not None and not wire.head.startswith("vr")]
    (width, height), digit = (_largest(views, digits=digits) for digits in (False, True))
    step = width + breadth(wires) + 0.38
    rise = max(0.58 * height + 0.2, 0.7)
    spots = {"v0": (0.0, 0.0), "v1": (1.0, 0.0), "v2": (2.0, rise), "v2'": (2.0, -rise), "v3": (3.0, 0.0), "v4": (4.0, 0.0)}
    spots["vc"] = (2.52, rise + height + 0.5)
    boxes = {v: Box(x=x * step, y=y, width=width, height=height) for v, (x, y) in spots.items()}
    apart = max(digit[0] + 0.25, min(4 * step / max(bits - 1, 1), 1.9 * digit[0]))
    first = max(2 * step - apart * (bits - 1) / 2, 0.0)
    row = -rise - height / 2 - 1.5 - digit[1] / 2
    for i in range(bits):
        boxes[f"vr{i}"] = Box(x=first + (bits - 1 - i) * apart, y=row, width=digit[0], height=digit[1])
    edges = [(wire.tail, wire.head) for wire in views[0].wires]
    return Placing(boxes=boxes, routes={edge: _figure_route(edge, boxes, bits) for edge in edges})


def _largest(views: Sequence[View], *, digits: bool) -> Point:
    sizes = [size_of(v) for view in views for v in view.vertices if v.name.startswith("vr") == digits]
    return max((width for width, _ in sizes), default=0.0), max((height for _, height in sizes), default=0.0)


def _figure_route(edge: Arrow, boxes: Mapping[str, Box], bits: int) -> Route:
    u, v = edge
    if u is None:
        return _straight((boxes[v].x, boxes[v].at(0, 1)[1] + 0.5), boxes[v].at(0, 1), at=-0.2)
    if u.startswith("vr"):
        return _arc(boxes[u], boxes[v], int(u[2:]) - int(v[2:]), bits)
    if v.startswith("vr"):
        return _drop(boxes[u], boxes[v], from_v1=u == "v1")
    if u == "vc":
        return _control(boxes, v)
    up = {"v2": 1, "v2'": -1}
    start = boxes[u].at(1, 0.3 * up.get(v, 0))
    end = boxes[v].at(-1, 0.3 * up.get(u, 0))
    return _straight(start, end, at=0.58 if u in up else 0.47)


def _straight(a: Point, b: Point, *, at: float) -> Route:
    between = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for t in (1 / 3, 2 / 3)]
    points = (a, *between, b)
    return Route(points=points, label=point_on(points, at))


def _control(boxes: Mapping[str, Box], v: str) -> Route:
    """From vc: to v2 and v3 from above, and down between them to v2'."""
    vc, head = boxes["vc"], boxes[v]
    if v == "v2'":
        a, b = vc.at(-0.1, -1), head.at(0.8, 1)
        points: tuple[Point, ...] = (a, (a[0], b[1] + 0.15 * (a[1] - b[1])), (b[0], b[1] + 0.3 * (a[1] - b[1])), b)
        return Route(points=points, label=point_on(points, 0.13))
    side = -1 if v == "v2" else 1
    a, b = vc.at(side, 0), head.at(0, 1)
    points = (a, (b[0] - side * 0.1, a[1]), (b[0], a[1] - 0.1), b)
    return Route(points=points, label=point_on(points, 0.72))


def _drop(tail: Box, head: Box, *, from_v1: bool) -> Route:
    """From v0 or v1 down to a digit: side by side at the arrow, the texts at two heights."""
    side = 1 if from_v1 else -1
    a, b = tail.at(0, -1), head.at(0.42 * side, 1)
    bus = b[1] + 1.2
    points = (a, (a[0], bus), (b[0], bus), b)
    return Route(points=points, label=point_on(points, 0.83 if from_v1 else 0.9))


def _arc(tail: Box, head: Box, span: int, bits: int) -> Route:
    """From a digit to a lower one, below the row: the farther, the deeper."""
    inset = 0.15 + 0.65 * (1 - span / max(bits, 2))
    a, b = tail.at(inset, -1), head.at(-inset, -1)
    deep = a[1] - 0.2 - 0.36 * span
    points = (a, (a[0], deep), (b[0], deep), b)
    return Route(points=points, label=point_on(points, 0.5))


def text_of(number: object) -> str:
    """A number in one line: p/q, or a symbolic expression.

    >>> text_of("a +\\n  b")
    'a + b'
    """
    return " ".join(str(number).split())


def size_of(vertex: Vertex) -> Point:
    """Width and height of a box around the texts of a vertex."""
    widest = max([0.098 * len(short(vertex.name)), *(0.073 * len(short(line)) for line in vertex.lines)])
    return max(widest + 0.16, 0.5), 0.3 + 0.145 * len(vertex.lines)


def breadth(wires: Iterable[Wire]) -> float:
    """The width of the widest text on some wires."""
    return max((0.08 * len(short(wire.text)) + 0.06 for wire in wires if wire.text), default=0.0)


def by_layers(view: View) -> Placing:
    """The places of any view, by :func:`layered`."""
    if len(view.vertices) > MOST_VERTICES:
        many = len(view.vertices)
        raise ConstructionError(f"need at most {MOST_VERTICES} vertices in a picture (.dot and .graphml have no limit), got {many}")
    texts = {(wire.tail, wire.head): breadth([wire]) for wire in view.wires if wire.tail is not None}
    return layered([v.name for v in view.vertices], {v.name: size_of(v) for v in view.vertices}, texts)
