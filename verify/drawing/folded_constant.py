"""The constant's edges written into the vertices to which they lead, where they would cross everything."""

from dataclasses import replace

from verify.drawing.view import View

MOST_EDGES = 3
"""So many edges of the constant are drawn."""


def with_folded_constant(view: View, constant: str | None) -> View:
    """The view without its constant, if that has many edges: each of their heads says what the constant adds.

    >>> from verify.drawing.view import Vertex, Wire
    >>> names = ("one", "a", "b", "c", "d")
    >>> wires = tuple(Wire(tail="one", head=name, text="-4") for name in names[1:])
    >>> made = with_folded_constant(View(title="", vertices=tuple(Vertex(name=v) for v in names), wires=wires), "one")
    >>> [(vertex.name, vertex.lines) for vertex in made.vertices][:2], made.wires
    ([('a', ('one adds -4',)), ('b', ('one adds -4',))], ())
    """
    adds = {wire.head: wire.text for wire in view.wires if wire.tail == constant is not None}
    if len(adds) <= MOST_EDGES:
        return view
    vertices = tuple(
        replace(v, lines=(*v.lines, f"{constant} adds {adds[v.name]}")) if v.name in adds else v
        for v in view.vertices
        if v.name != constant
    )
    return replace(view, vertices=vertices, wires=tuple(wire for wire in view.wires if wire.tail != constant))
