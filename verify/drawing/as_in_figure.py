"""Places of the vertices of Q and Q' as in the paper's figure."""

from collections.abc import Mapping, Sequence

from verify.drawing.view import Arrow, Box, Placing, Point, Route, View, breadth, point_on, size_of


def as_in_figure(views: Sequence[View], *, digits: Sequence[str]) -> Placing:
    """Q and Q' as the paper draws them: v0, v1, then v2 above and v2' below, then v3, v4; vc on top, the digits in a
    row.

    The views show one graph whose ``digits`` are given from the left to the right; all get the same places, wide
    enough for each of them.

    >>> from verify.drawing.view import Vertex
    >>> names = ("vc", "v0", "v1", "v2", "v2'", "v3", "v4", "vr0", "vr1")
    >>> view = View(title="Q", vertices=tuple(Vertex(name=name) for name in names), wires=())
    >>> boxes = as_in_figure([view], digits=["vr1", "vr0"]).boxes
    >>> sorted(names, key=lambda name: boxes[name].x), sorted(names, key=lambda name: -boxes[name].y)
    (['v0', 'v1', 'vr1', 'v2', "v2'", 'vc', 'vr0', 'v3', 'v4'], ['vc', 'v2', 'v0', 'v1', 'v3', 'v4', "v2'", 'vr0', \
'vr1'])
    """
    wires = [wire for view in views for wire in view.wires if wire.tail is not None and not wire.head.startswith("vr")]
    (width, height), digit = (_largest(views, digits=of_digits) for of_digits in (False, True))
    step = width + breadth(wires) + 0.38
    rise = max(0.58 * height + 0.2, 0.7)
    spots = {
        "v0": (0.0, 0.0),
        "v1": (1.0, 0.0),
        "v2": (2.0, rise),
        "v2'": (2.0, -rise),
        "v3": (3.0, 0.0),
        "v4": (4.0, 0.0),
    }
    spots["vc"] = (2.52, rise + height + 0.5)
    boxes = {v: Box(x=x * step, y=y, width=width, height=height) for v, (x, y) in spots.items()}
    bits = len(digits)
    apart = max(digit[0] + 0.25, min(4 * step / max(bits - 1, 1), 1.9 * digit[0]))
    first = max(2 * step - apart * (bits - 1) / 2, 0.0)
    row = -rise - height / 2 - 1.5 - digit[1] / 2
    for i, name in enumerate(digits):
        boxes[name] = Box(x=first + i * apart, y=row, width=digit[0], height=digit[1])
    edges = [(wire.tail, wire.head) for wire in views[0].wires]
    return Placing(boxes=boxes, routes={edge: _figure_route(edge, boxes, list(digits)) for edge in edges})


def _largest(views: Sequence[View], *, digits: bool) -> Point:
    sizes = [size_of(v) for view in views for v in view.vertices if v.name.startswith("vr") == digits]
    return max((width for width, _ in sizes), default=0.0), max((height for _, height in sizes), default=0.0)


def _figure_route(edge: Arrow, boxes: Mapping[str, Box], digits: list[str]) -> Route:
    u, v = edge
    if u is None:
        return _straight((boxes[v].x, boxes[v].at(0, 1)[1] + 0.5), boxes[v].at(0, 1), at=-0.2)
    if u.startswith("vr"):
        return _arc(boxes[u], boxes[v], digits.index(v) - digits.index(u), len(digits))
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
