"""The picture of one round of an emulation network: memory on the left, the computation, paths and controls, the
output on the right."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from constructions.networks.network_file import SUFFIX, read_network
from verify.drawing.figure import figure_of
from verify.drawing.files import write_views
from verify.drawing.round_view import COMPUTATION, round_view
from verify.drawing.view import (
    GROUP_ROOM,
    LANE,
    Arrow,
    Box,
    Placing,
    Point,
    Route,
    View,
    Wire,
    breadth,
    curve,
    point_on,
    size_of,
)

COLUMNS = ("v1", "digits", COMPUTATION, "vc", "paths", "v3", "output")
ROOM = {"v1": 0.0, "digits": 0.8, COMPUTATION: 1.2, "vc": 1.3, "paths": 1.2, "v3": 0.8, "output": 1.5}
ARC = 0.36
APART = 0.16
BELOW = 0.25
"""So much more room there is below each vertex of the paths."""
BAND = 3 * GROUP_ROOM + 0.35


def is_network_file(thing: str) -> bool:
    """Whether a name is that of a network file.

    >>> is_network_file("net.qgn"), is_network_file("c17.bench")
    (True, False)
    """
    return Path(thing).suffix == SUFFIX


def draw_network_file(
    path: Path, to: Path, *, number: int, copies: int, title: str, before: Path | None = None
) -> Path:
    """Draw the round of this number of a network file, so many of its copies in full.

    Parameters
    ----------
    path, to : the network's file, and the picture's. title : what stands above it.
    before : the file of the network before its training; what has moved since then stands out.

    Raises
    ------
    ConstructionError
        For a file that cannot be read, a network with other edges before its training, a round that the network does
        not have, or hints that do not say its parts.

    >>> from fractions import Fraction
    >>> from tempfile import TemporaryDirectory
    >>> import networkx as nx
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from constructions.networks.network_file import write_network
    >>> net = Plan(machine=best_literal_machine(1, fraction=4), rho=Fraction(1, 8)).trainable
    >>> with TemporaryDirectory() as folder:
    ...     path, to = Path(folder, "literal.qgn"), Path(folder, "round.graphml")
    ...     write_network(path, net)
    ...     drawn = nx.read_graphml(draw_network_file(path, to, number=1, copies=1, title=""))
    >>> net.network.size, len(drawn), drawn.edges["v1, copy 1", "vr2, copy 1"]
    (754, 21, {'weight': '96'})
    """
    then = None if before is None else read_network(before)
    view = round_view(read_network(path), number, most=copies, title=title, before=then)
    return write_views(to, [view], lambda: figure_of([view], [round_placing(view)]))


def column_of(name: str) -> str:
    """Where a vertex of a round's view stands."""
    role, _, where = name.partition(", ")
    if name == COMPUTATION or role in ("v1", "vc", "v3"):
        return role
    if role.startswith("vr") or name.startswith("memory of"):
        return "digits"
    if where and not where.startswith("copy "):
        return "paths"
    if role in ("v2", "v2'", "canceller", "primary control") or name.startswith("paths of"):
        return "paths"
    return "output" if name == "output f" else "sources"


def round_placing(view: View) -> Placing:
    """The places of a round's view."""
    sizes = {v.name: size_of(v) for v in view.vertices}
    sizes |= {v: (sizes[v][0], max(sizes[v][1], LANE * many)) for v, many in _arrivals(view).items()}
    feeding = {wire.tail for wire in view.wires if wire.head == COMPUTATION}
    around = [v.name for v in view.vertices if column_of(v.name) == "sources"]
    xs = _column_places(view, sizes)
    boxes, bottom = _bands(view, xs, sizes)
    sources, low = _stack([name for name in around if name in feeding], xs["v1"], bottom, sizes)
    boxes |= sources
    bottom = min(bottom, low) - GROUP_ROOM
    middle = bottom / 2
    boxes[COMPUTATION] = Box(x=xs[COMPUTATION], y=middle, width=sizes[COMPUTATION][0], height=-bottom)
    boxes["output f"] = Box(x=xs["output"], y=middle, width=sizes["output f"][0], height=sizes["output f"][1] + LANE)
    boxes |= _stack([name for name in around if name not in feeding], xs["output"], bottom + 0.6, sizes)[0]
    return Placing(boxes=boxes, routes=dict(_routes(view, boxes)))


def _is_arc(wire: Wire) -> bool:
    """Whether a wire leads from a digit to another."""
    return wire.tail is not None and column_of(wire.tail) == column_of(wire.head) == "digits"


def _arrivals(view: View) -> Counter[str]:
    """How many wires arrive on the left side of each vertex but the computation, which is high enough."""
    return Counter(
        wire.head for wire in view.wires if wire.tail is not None and wire.head != COMPUTATION and not _is_arc(wire)
    )


def _column_places(view: View, sizes: Mapping[str, Point]) -> dict[str, float]:
    digits = max((_place(v.name) + 1 for v in view.vertices if v.name.startswith("vr")), default=0)
    found, x = {}, 0.0
    for column in COLUMNS:
        width = max((sizes[v.name][0] for v in view.vertices if column_of(v.name) == column), default=0.5)
        x += ROOM[column] + (ARC * digits if column == COMPUTATION else 0.0) + width / 2
        found[column] = x
        x += width / 2
    return found


def _place(name: str) -> int:
    """The number of a digit."""
    return int(name.split(",")[0].removeprefix("vr"))


def _stack(names: Iterable[str], x: float, top: float, sizes: Mapping[str, Point]) -> tuple[dict[str, Box], float]:
    """Boxes from ``top`` down, and where they end."""
    found = {}
    for name in names:
        width, height = sizes[name]
        top -= height / 2 + APART
        found[name] = Box(x=x, y=top, width=width, height=height)
        top -= height / 2 + APART
    return found, top


def _bands(view: View, xs: Mapping[str, float], sizes: Mapping[str, Point]) -> tuple[dict[str, Box], float]:
    """A band for each copy from the top down, then what is collapsed and the round's own control."""
    copies: dict[str, list[str]] = {}
    for v in view.vertices:
        column = column_of(v.name)
        if column not in ("sources", "output", COMPUTATION):
            copies.setdefault(v.name.split(", copy ")[1] if ", copy " in v.name else "", []).append(v.name)
    rest = sorted(copies.pop("", []), key=lambda name: ", " in name)
    boxes: dict[str, Box] = {}
    top = 0.0
    for members in copies.values():
        found, top = _band(members, top - BAND, xs, sizes)
        boxes |= found
    for name in rest:
        width, height = sizes[name]
        if not name.startswith("paths of"):
            top -= 0.45 + height
        boxes[name] = Box(x=xs[column_of(name)], y=top + height / 2, width=width, height=height)
    return boxes, top - GROUP_ROOM


def _band(
    members: list[str], top: float, xs: Mapping[str, float], sizes: Mapping[str, Point]
) -> tuple[dict[str, Box], float]:
    """One copy: v1 and v2 on the first line, the digits below one another, v2' and the canceller beside them; vc and v3
    stand so that the edge from one to the other passes between v2' and the canceller."""
    boxes: dict[str, Box] = {}
    low = top

    def put(name: str, y: float) -> float:
        width, height = sizes[name]
        boxes[name] = Box(x=xs[column_of(name)], y=y - height / 2, width=width, height=height)
        return y - height - APART

    y = top - 0.3
    for name in members:
        if column_of(name) == "digits":
            y = put(name, y)
    low = min(low, y)
    paths = between = top
    for role in ("v2", "v2'", "canceller"):
        paths = next((put(name, paths) for name in members if name.startswith(f"{role},")), paths) - BELOW
        if role == "v2'":
            between = paths + (APART + BELOW) / 2
    low = min(low, paths)
    for name in members:
        if column_of(name) == "v1":
            put(name, top)
        if column_of(name) == "v3":
            put(name, between + sizes[name][1] / 2 + LANE)
        if column_of(name) == "vc":
            put(name, between + sizes[name][1] / 2)
    return boxes, low


def _routes(view: View, boxes: Mapping[str, Box]) -> Iterable[tuple[Arrow, Route]]:
    arriving: dict[str, list[str]] = {}
    arrows = [(wire.tail, wire.head) for wire in view.wires if wire.tail is not None and not _is_arc(wire)]
    for u, v in sorted(arrows, key=lambda arrow: boxes[arrow[0]].y):
        arriving.setdefault(v, []).append(u)
    for wire in view.wires:
        head = boxes[wire.head]
        if wire.tail is None:
            start = head.at(0, 1)
            yield (None, wire.head), _line((start[0], start[1] + 0.6), start, label=(start[0], start[1] + 0.45))
            continue
        tail = boxes[wire.tail]
        if _is_arc(wire):
            yield (wire.tail, wire.head), _arc(tail, head, _place(wire.tail) - _place(wire.head))
            continue
        yield (wire.tail, wire.head), _across(wire, boxes, arriving[wire.head])


def _across(wire: Wire, boxes: Mapping[str, Box], arriving: list[str]) -> Route:
    """From left to right, to its place among the tails whose wires arrive at the head; straight on as far as what
    stands in its way, the computation or a v3."""
    assert wire.tail is not None
    tail, head = boxes[wire.tail], boxes[wire.head]
    place = arriving.index(wire.tail) - (len(arriving) - 1) / 2
    y = tail.y if wire.head == COMPUTATION else head.y + place * min(LANE, 0.8 * head.height / len(arriving))
    begin, end = tail.at(1, 0), (head.at(-1, 0)[0], y)
    if wire.tail == COMPUTATION:
        begin = (begin[0], max(min(y, tail.at(0, 1)[1]), tail.at(0, -1)[1]))
    if wire.tail.startswith("memory of") and wire.head != COMPUTATION:
        begin = tail.at(1, 0.6)
    behind = _end_of_obstacle(wire, boxes)
    turn = begin if behind is None else (behind, begin[1])
    stop = (end[0] - breadth([wire]) - 0.2, y)
    ways = ((begin, turn), (turn, stop), (stop, end)) if turn != begin else ((begin, stop), (stop, end))
    points = (begin, *(point for one, other in ways for point in curve(one, other, across=True)))
    return Route(points=points, label=(end[0] - 0.16 - breadth([wire]) / 2, y))


def _end_of_obstacle(wire: Wire, boxes: Mapping[str, Box]) -> float | None:
    """The right end of what a wire would otherwise cross: the computation, or the v3 of another copy."""
    from_, to = column_of(wire.tail or ""), column_of(wire.head)
    if from_ in ("v1", "digits") and to == "paths":
        return boxes[COMPUTATION].at(1, 0)[0]
    if from_ == "paths" and to == "output":
        return max((box.at(1, 0)[0] for name, box in boxes.items() if column_of(name) == "v3"), default=None)
    return None


def _line(a: Point, b: Point, *, label: Point) -> Route:
    between = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for t in (1 / 3, 2 / 3)]
    return Route(points=(a, *between, b), label=label)


def _arc(tail: Box, head: Box, span: int) -> Route:
    """From a digit to one below it, on the right side: the farther, the wider."""
    a, b = tail.at(1, -0.5), head.at(1, 0.5)
    wide = ARC * span
    points = (a, (a[0] + wide / 0.75, a[1]), (b[0] + wide / 0.75, b[1]), b)
    return Route(points=points, label=point_on(points, 0.5))
