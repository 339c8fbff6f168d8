"""What is to be drawn: vertices, wires and groups, and where they stand on a sheet, in inches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from verify.drawing.lettering import short

Edge = tuple[str, str]


Arrow = tuple[str | None, str]  # an edge, or what comes from outside


Point = tuple[float, float]


Slot = tuple[
    str, str | None, int
]  # (vertex, None, 0), or (tail, head, column) where a long edge passes through a column


MOST_VERTICES = 300


GAP = 0.22


LANE = 0.19


GROUP_ROOM = 0.17


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """A vertex as drawn: its name, the lines below it, its ink, and the ``facts`` that a file says of it."""

    name: str
    lines: tuple[str, ...] = ()
    ink: str = "unknown"
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """An edge to its ``head`` as drawn: its text and its style; without a tail, it comes from outside."""

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
    """One graph to draw: vertices in a topological order, wires, a title, a caption, named parts (``groups``), and the
    ``facts`` that a file says of the whole."""

    title: str
    vertices: tuple[Vertex, ...]
    wires: tuple[Wire, ...]
    caption: str = ""
    groups: tuple[Group, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of a ``width`` and a ``height`` around its middle (``x``, ``y``), in inches."""

    x: float
    y: float
    width: float
    height: float

    def at(self, right: float, up: float) -> Point:
        """A point of the box: ``right`` and ``up`` go from -1 to 1, so (1, 0) is the middle of the right side."""
        return self.x + right * self.width / 2, self.y + up * self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A path: a first point and three more for each cubic curve; and the middle of its text.

    >>> straight = Route(points=((0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)), label=(1.5, 0.0))
    >>> len(straight.trace), straight.trace[0], straight.trace[-1]
    (9, (0.0, 0.0), (3.0, 0.0))
    """

    points: tuple[Point, ...]
    label: Point

    @property
    def trace(self) -> list[Point]:
        """Points on the path itself: the ends of its curves and what is between."""
        starts = range(0, len(self.points) - 1, 3)
        return [point_on(self.points[i : i + 4], t / 8) for i in starts for t in range(9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A box for every vertex and a route for every edge.

    >>> boxes = {"a": Box(x=0.0, y=0.0, width=2.0, height=1.0), "b": Box(x=4.0, y=0.0, width=2.0, height=3.0)}
    >>> Placing(boxes=boxes, routes={}).extent
    (-1.0, -1.5, 5.0, 1.5)
    """

    boxes: Mapping[str, Box]
    routes: Mapping[Arrow, Route]

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of all boxes and routes."""
        points = [box.at(i, j) for box in self.boxes.values() for i, j in ((-1, -1), (1, 1))]
        points += [point for route in self.routes.values() for point in (*route.trace, route.label)]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)


def curve(a: Point, b: Point, *, across: bool) -> list[Point]:
    """The three points of a cubic from ``a`` to ``b`` that leaves and arrives horizontally (``across``) or
    vertically.

    >>> curve((0.0, 0.0), (2.0, 1.0), across=True), curve((0.0, 0.0), (2.0, 1.0), across=False)
    ([(1.0, 0.0), (1.0, 1.0), (2.0, 1.0)], [(0.0, 0.5), (2.0, 0.5), (2.0, 1.0)])
    """
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return [(middle[0], a[1]), (middle[0], b[1]), b] if across else [(a[0], middle[1]), (b[0], middle[1]), b]


def point_on(points: Sequence[Point], t: float) -> Point:
    """The point at ``t`` in [0, 1] of one cubic curve given by four points.

    >>> point_on([(0, 0), (0, 1), (2, 1), (2, 0)], 0.5)
    (1.0, 0.75)
    """
    s = 1 - t
    weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
    return sum(w * p[0] for w, p in zip(weights, points, strict=True)), sum(
        w * p[1] for w, p in zip(weights, points, strict=True)
    )


def text_of(number: object) -> str:
    """A number in one line: p/q, or a symbolic expression.

    >>> text_of("a +\\n  b")
    'a + b'
    """
    return " ".join(str(number).split())


def size_of(vertex: Vertex) -> Point:
    """Width and height of a box around the texts of a vertex.

    >>> width, height = size_of(Vertex(name="v1", lines=("pre 1/8", "1")))
    >>> round(width, 3), round(height, 3)
    (0.671, 0.59)
    """
    widest = max([0.098 * len(short(vertex.name)), *(0.073 * len(short(line)) for line in vertex.lines)])
    return max(widest + 0.16, 0.5), 0.3 + 0.145 * len(vertex.lines)


def breadth(wires: Iterable[Wire]) -> float:
    """The width of the widest text on some wires, in bold letters if they stand out.

    >>> round(breadth([Wire(tail="v3", head="v4", text="-1/4"), Wire(tail="v0", head="v1", text="2")]), 2), breadth([])
    (0.38, 0.0)
    """
    widths = ((0.08 if wire.style == "plain" else 0.09) * len(short(wire.text)) + 0.06 for wire in wires if wire.text)
    return max(widths, default=0.0)
