"""Views as inline SVG: a few bytes for each vertex and edge, with links, in the colours of the page."""

from collections.abc import Callable, Mapping

from verify.drawing.lettering import short
from verify.drawing.view import Box, Placing, Route, Vertex, View
from verify.pages.markup import Markup, element, escaped, joined

SCALE = 72.0
"""Units of the picture for one inch of a sheet."""
MARGIN = 12.0
LINE = 11.0


def picture(
    view: View,
    placing: Placing,
    *,
    label: str,
    link: Callable[[str], str] | None = None,
    class_: str = "",
    named: bool = False,
) -> Markup:
    """A view as SVG.

    Parameters
    ----------
    view : what is drawn. placing : where its parts stand. label : what the picture shows, in words.
    link : the address behind a vertex, by its name; None for no links. class_ : of the picture.
    named : whether a script is to find a vertex by its name.

    >>> from verify.drawing.by_layers import by_layers
    >>> from verify.drawing.view import Wire
    >>> wire = Wire(tail="x", head="y", text="1/2")
    >>> view = View(title="half", vertices=(Vertex(name="x"), Vertex(name="y", ink="PROVED")), wires=(wire,))
    >>> made = picture(view, by_layers(view), label="a wire")
    >>> made.startswith('<svg role="img"'), made.count("<rect"), made.count("<path"), 'class="n PROVED"' in made
    (True, 2, 1, True)
    >>> 'class="e">1/2</text>' in made
    True
    """
    left, bottom, right, top = placing.extent
    move = _Sheet(left, top)
    wires = [_wire(route, move) for route in placing.routes.values()]
    texts = [
        _text_of(wire.text, placing.routes[wire.tail, wire.head], move)
        for wire in view.wires
        if wire.text and (wire.tail, wire.head) in placing.routes
    ]
    boxes = [_vertex(each, placing.boxes[each.name], move, link, named) for each in view.vertices]
    width, height = (right - left) * SCALE + 2 * MARGIN, (top - bottom) * SCALE + 2 * MARGIN
    attributes: Mapping[str, str] = {"role": "img" if link is None else "group", "aria_label": label, "class_": class_}
    return element(
        "svg", *wires, *texts, *boxes, **attributes, viewBox=f"0 0 {width:.0f} {height:.0f}", style=f"--w:{width:.0f}px"
    )


class _Sheet:
    """From inches, upwards, to units of the picture, downwards."""

    def __init__(self, left: float, top: float) -> None:
        self.left, self.top = left, top

    def at(self, x: float, y: float) -> str:
        return f"{(x - self.left) * SCALE + MARGIN:.1f} {(self.top - y) * SCALE + MARGIN:.1f}"


def _wire(route: Route, sheet: _Sheet) -> Markup:
    first, *rest = (sheet.at(*point) for point in route.points)
    curves = "".join(f"C{','.join(rest[i : i + 3])}" for i in range(0, len(rest), 3))
    return Markup(f'<path class="w" d="M{first}{curves}"/>')


def _text_of(text: str, route: Route, sheet: _Sheet) -> Markup:
    x, y = sheet.at(*route.label).split()
    return Markup(f'<text x="{x}" y="{float(y) + 3:.1f}" class="e">{escaped(short(text))}</text>')


def _vertex(vertex: Vertex, box: Box, sheet: _Sheet, link: Callable[[str], str] | None, named: bool) -> Markup:
    x, y = sheet.at(box.x - box.width / 2, box.y + box.height / 2).split()
    middle, _ = sheet.at(box.x, box.y).split()
    texts = [short(vertex.name), *map(short, vertex.lines)]
    start = float(y) + box.height * SCALE / 2 - LINE * (len(texts) - 1) / 2 + 3.5
    lines = [
        Markup(f'<text x="{middle}" y="{start + LINE * i:.1f}"{" class=b" if not i else ""}>{escaped(line)}</text>')
        for i, line in enumerate(texts)
    ]
    size = f'width="{box.width * SCALE:.1f}" height="{box.height * SCALE:.1f}"'
    inside = joined([Markup(f'<rect x="{x}" y="{y}" {size} rx="4"/>'), *lines])
    if link is None:
        return element("g", inside, class_=f"n {vertex.ink}", data_name=vertex.name if named else "")
    said = " ".join([vertex.name, *vertex.lines])
    return element(
        "a", inside, href=link(vertex.name), class_=f"n {vertex.ink}", aria_label=said, data_name=vertex.name
    )
