"""Many digits of Q as three boxes: the first one, those between as one, and the last one."""

from collections.abc import Sequence

from verify.drawing.view import Vertex, View, Wire

MOST_DIGITS = 6
"""So many digits are drawn one by one."""


def digits_of(view: View) -> list[str]:
    """The digits of a view of Q, from the highest down.

    >>> digits_of(View(title="", vertices=(Vertex(name="v0"), Vertex(name="vr0"), Vertex(name="vr1")), wires=()))
    ['vr1', 'vr0']
    """
    return sorted((v.name for v in view.vertices if v.name.startswith("vr")), key=lambda v: -int(v[2:]))


def shown_digits(view: View) -> list[str]:
    """The boxes of the digits in a view made by :func:`with_grouped_digits`, from the left to the right.

    >>> many = View(title="", vertices=tuple(Vertex(name=name) for name in ("vr7", "vr6 … vr1", "vr0")), wires=())
    >>> shown_digits(many)
    ['vr7', 'vr6 … vr1', 'vr0']
    """
    names = [v.name for v in view.vertices if v.name.startswith("vr")]
    return sorted(names, key=lambda name: -int(name.split()[0][2:]))


def group_name(digits: Sequence[str]) -> str:
    """What stands for the digits between the first and the last one.

    >>> group_name(["vr3", "vr2", "vr1", "vr0"])
    'vr2 … vr1'
    """
    return f"{digits[1]} … {digits[-2]}"


def with_grouped_digits(view: View) -> View:
    """The view with its digits between the first and the last one in one box, whose edges have the weights of theirs;
    the view itself if there are few digits.

    >>> digits = tuple(Vertex(name=f"vr{i}", ink="flat") for i in range(8))
    >>> wires = tuple(Wire(tail=f"vr{i}", head=f"vr{j}", text=str(-3 * 2**i)) for i in range(8) for j in range(i))
    >>> made = with_grouped_digits(View(title="", vertices=digits, wires=wires))
    >>> [vertex.name for vertex in made.vertices], made.vertices[2].lines
    (['vr0', 'vr7', 'vr6 … vr1'], ('6 digits more,', 'each to the lower ones', 'by -192, ..., -6'))
    >>> [(wire.tail, wire.head, wire.text) for wire in made.wires]
    [('vr7', 'vr0', '-384'), ('vr7', 'vr6 … vr1', '-384'), ('vr6 … vr1', 'vr0', '')]
    """
    digits = digits_of(view)
    if len(digits) <= MOST_DIGITS:
        return view
    inner, name = set(digits[1:-1]), group_name(digits)
    kept = tuple(v for v in view.vertices if v.name not in inner)
    inks = {v.ink for v in view.vertices if v.name in inner}
    carries = {w.tail: w.text for w in view.wires if w.tail in inner and w.head == digits[-1]}
    rule = f"by {carries[digits[1]]}, ..., {carries[digits[-2]]}"
    lines = (f"{len(inner)} digits more,", "each to the lower ones", rule)
    group = Vertex(name=name, lines=lines, ink=inks.pop() if len(inks) == 1 else "unknown")
    wires = [w for w in view.wires if w.tail not in inner and w.head not in inner]
    wires += _wires_to_group(view.wires, inner, name)
    wires.append(Wire(tail=name, head=digits[-1]))
    return View(title=view.title, caption=view.caption, vertices=(*kept, group), wires=tuple(wires))


def _wires_to_group(wires: Sequence[Wire], inner: set[str], name: str) -> list[Wire]:
    """One wire for all that a vertex outside sends into the group; with the weight, if it is the same for all."""
    texts: dict[str, set[str]] = {}
    for wire in wires:
        if wire.tail is not None and wire.tail not in inner and wire.head in inner:
            texts.setdefault(wire.tail, set()).add(wire.text)
    return [Wire(tail=u, head=name, text=found.pop() if len(found) == 1 else "...") for u, found in texts.items()]
