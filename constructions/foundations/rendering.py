"""Terms as text: infix, with as few brackets as the operations need, cut where it gets long."""

from typing import Any, Protocol

from constructions.foundations.spelling import printable

SHOWN = 240
"""How much of a term a message shows."""


class Node(Protocol):
    """What a term is to this module: an operation ``op``, its arguments ``args``, and the ``data`` that name it beside
    these."""

    op: str
    args: tuple[Any, ...]
    data: Any


INFIX = {
    "iff": (" == ", 3),
    "<=": (" <= ", 4),
    "<": (" < ", 4),
    ">=": (" >= ", 4),
    ">": (" > ", 4),
    "==": (" == ", 4),
    "!=": (" != ", 4),
    "+": (" + ", 5),
    "-": (" - ", 5),
    "*": ("*", 6),
    "/": ("/", 6),
    "and": (" and ", 2),
    "or": (" or ", 1),
}


def render(term: Node, most: int = SHOWN) -> str:
    """A term as text, cut after ``most`` characters.

    >>> from constructions.foundations.terms import REAL, variable
    >>> render((variable("x", REAL) + 1) * 2, most=80), render(variable("x", REAL) * variable("y", REAL), most=3)
    ('(x + 1)*2', 'x*y')
    """
    pieces: list[str] = []
    length = 0
    waiting: list[Any] = [(term, 0)]
    while waiting and length <= most:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
            length += len(item)
        else:
            waiting.extend(reversed(_pieces(*item)))
    text = "".join(pieces)
    return text if length <= most and not waiting else text[:most].rstrip() + " ..."


def _pieces(term: Node, level: int) -> list[Any]:
    """The parts of a term's text: strings, and arguments with the level of what they stand beside."""
    if term.op in ("constant", "variable"):
        text = str(term.data) if term.op == "constant" else printable(term.data[0])
        return [f"({text})" if level >= 6 and ("/" in text or text.startswith("-")) and term.op == "constant" else text]
    if term.op in INFIX:
        mark, own = INFIX[term.op]
        inside: list[Any] = []
        for i, part in enumerate(term.args):
            tighter = 5 if own in (3, 4) else own + (i > 0 and term.op in ("-", "/"))
            inside += [mark, (part, tighter)] if i else [(part, tighter)]
        return ["(", *inside, ")"] if own < level else inside
    if term.op in ("neg", "not"):
        mark, own = ("-", 6) if term.op == "neg" else ("not ", 4)
        return ["(", mark, (term.args[0], own + 1), ")"] if own < level else [mark, (term.args[0], own + 1)]
    if term.op in ("true", "false"):
        return [term.op]
    inside = [
        part for i, argument in enumerate(term.args) for part in ((", ", (argument, 0)) if i else ((argument, 0),))
    ]
    head = (
        f"at least {term.data} of "
        if term.op == "at least"
        else term.op
        if term.data is None
        else printable(term.data[0])
        if term.op == "apply"
        else f"{term.op}[{term.data}]"
    )
    return [head, "(", *inside, ")"]
