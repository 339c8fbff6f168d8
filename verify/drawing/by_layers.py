"""Where the vertices and edges of an acyclic graph go on a sheet, in inches: in layers from left to right.

Nothing here knows numbers or colours: a placing is made from names, edges and the sizes of their texts. Floats are
screen coordinates and nothing else.

Two libraries were tried in its place. On the map of the paper (44 boxes, 55 edges) grandalf's Sugiyama layout lets two
boxes overlap and leads 9 edges through boxes, networkx's multipartite layout 32; here it is none of either. Neither
knows how wide the text on an edge is, so texts in the middle of edges land on boxes (lemma10.adaptor) and, with
networkx, on one another (c17); here an edge keeps room for its text in the channel before its head.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from constructions.errors import ConstructionError
from verify.drawing.view import (
    GAP,
    LANE,
    MOST_VERTICES,
    Arrow,
    Box,
    Edge,
    Placing,
    Point,
    Route,
    Slot,
    View,
    breadth,
    curve,
    size_of,
)


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

    An edge arrives at a place of its own on the left side of its head, with its text before the arrow: the texts stand
    one below the other, so they cannot overlap.
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


def _columns(
    vertices: Sequence[str], depth: Mapping[str, int], chains: Mapping[Edge, tuple[Slot, ...]]
) -> list[list[Slot]]:
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
            wish = {
                slot: sum(ys[n] for n in near[slot]) / len(near[slot]) if slot in near else ys[slot] for slot in column
            }
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
                path += curve(path[-1], (begin, ys[slot]), across=True) + curve(
                    (begin, ys[slot]), (end, ys[slot]), across=True
                )
            stop = (left - texts[edge] - 0.2, y)
            path += curve(path[-1], stop, across=True) + curve(stop, (left, y), across=True)
            routes[edge] = Route(points=tuple(path), label=(left - 0.16 - texts[edge] / 2, y))
    return routes


def by_layers(view: View) -> Placing:
    """The places of any view, by :func:`layered`.

    Raises
    ------
    ConstructionError
        For more than :data:`MOST_VERTICES` vertices.

    >>> from verify.drawing.view import Vertex, Wire
    >>> edges = [("x", "gate"), ("gate", "y"), ("x", "y")]
    >>> wires = tuple(Wire(tail=tail, head=head, text="1/2") for tail, head in edges)
    >>> vertices = tuple(Vertex(name=name) for name in ("x", "gate", "y"))
    >>> places = by_layers(View(title="", vertices=vertices, wires=wires))
    >>> {name: round(box.x, 2) for name, box in places.boxes.items()}
    {'x': 0.9, 'gate': 2.41, 'y': 3.94}
    """
    if len(view.vertices) > MOST_VERTICES:
        many = len(view.vertices)
        raise ConstructionError(
            f"need at most {MOST_VERTICES} vertices in a picture (.dot and .graphml have no limit), got {many}"
        )
    texts = {(wire.tail, wire.head): breadth([wire]) for wire in view.wires if wire.tail is not None}
    return layered([v.name for v in view.vertices], {v.name: size_of(v) for v in view.vertices}, texts)
