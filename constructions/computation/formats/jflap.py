"""Turing machines as JFLAP writes them (``.jff``): XML with states and transitions of one tape.

The file is not trusted: it is read as a stream of elements, without a document type, so that no entity is ever
expanded, and elements, depth and length of texts are bounded.

An empty symbol is the blank, which is called ``_`` here, or the first of ``_ □ ␣`` that the machine does not write as
a symbol of its own. The input symbols are all others that occur. A machine accepts in JFLAP's final states. What JFLAP
has and we do not is refused by name: several tapes, building blocks, ``!a`` (any symbol but a) and ``~`` (any symbol).
So is every element, attribute and text that has no place in such a file (:data:`PARTS`): nothing is passed over but
where things are drawn, notes, and rows that leave a final state, in which JFLAP's machines have halted.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from constructions.computation.formats.turing_table import MOST_BYTES
from constructions.computation.turing import Transition, TuringMachine
from constructions.errors import ConstructionError

MOST_ELEMENTS, DEEPEST, LONGEST = 200_000, 12, 1000
"""More elements, deeper ones, or longer texts in an element are refused."""
BLANKS = ("_", "□", "␣")
MOVES = {"L": "L", "R": "R", "S": "N"}
LIST, TEXT, MARK = "list", "text", "mark"
"""What an element holds: others, a text, or nothing."""
BODY = ("block", "state", "transition", "note")
PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "structure": (LIST, ("type", "tapes", "automaton", *BODY)),
    "automaton": (LIST, BODY),
    "block": (LIST, ("tag", "label", "x", "y", "initial", "final")),
    "state": (LIST, ("tag", "label", "x", "y", "initial", "final")),
    "transition": (LIST, ("from", "to", "read", "write", "move", "controlx", "controly")),
    "note": (LIST, ("text", "x", "y")),
    **dict.fromkeys(("type", "tapes", "tag", "label", "x", "y", "text", "controlx", "controly"), (TEXT, ())),
    **dict.fromkeys(("from", "to", "read", "write", "move"), (TEXT, ())),
    **dict.fromkeys(("initial", "final"), (MARK, ())),
}
"""What each element of a file may hold, and the names of its parts."""
ATTRIBUTES = {"block": ("id", "name"), "state": ("id", "name"), **dict.fromkeys(("read", "write", "move"), ("tape",))}
ONCE = ("type", "tapes", "automaton", "tag", "initial", "final")
"""Elements of which there may be one at a place."""


@dataclass
class _Element:
    """An element: its name, attributes, text and children."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list["_Element"] = field(default_factory=list)

    @property
    def has_nothing(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.attributes or self.text.strip() or self.children)

    def named(self, *names: str) -> list["_Element"]:
        """The children of these names."""
        return [child for child in self.children if child.name in names]

    def said(self, name: str) -> str:
        """The text of a child, empty if there is none."""
        found = self.named(name)
        return found[0].text if found else ""


class _Reader:
    """Takes what the parser reads and builds the elements, within the bounds."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.open: list[_Element] = []
        self.root: _Element | None = None
        self.count = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            got = f"more than {MOST_ELEMENTS}" if self.count > MOST_ELEMENTS else f"one inside {DEEPEST} others"
            raise ConstructionError(
                f"need at most {MOST_ELEMENTS} elements, {DEEPEST} deep, got {got}, at {self.where}"
            )
        element = _Element(name, attributes)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, name: str) -> None:
        """An element ends."""
        self.open.pop()

    def text(self, part: str) -> None:
        """Text in an element."""
        element = self.open[-1]
        element.text += part
        if len(element.text) > LONGEST:
            raise ConstructionError(
                f"need texts of at most {LONGEST} characters, got a longer one in <{element.name}>, at {self.where}"
            )

    def refuse(self, *what: object) -> int:
        """A document type or an entity."""
        raise ConstructionError(f"need a file without a document type or entities, got one, at {self.where}")


def read_jflap(data: bytes, *, where: str) -> TuringMachine:
    """The machine of a JFLAP file.

    Parameters
    ----------
    data : the bytes of the file. where : what errors call it.

    Raises
    ------
    ConstructionError
        For bytes that are no such file, for what is not a machine of one tape, and for a machine that is none.

    >>> text = '''<structure><type>turing</type><automaton>
    ... <block id="0" name="go"><initial/></block><block id="1" name="yes"><final/></block>
    ... <transition><from>0</from><to>0</to><read>a</read><write>b</write><move>R</move></transition>
    ... <transition><from>0</from><to>1</to><read/><write/><move>S</move></transition>
    ... </automaton></structure>'''
    >>> machine = read_jflap(text.encode(), where="small.jff")
    >>> machine.text(machine.run("aa")), machine.inputs
    ('bb', ('a', 'b'))
    """
    root = _elements(data, where)
    kind = root.said("type").strip() if root.name == "structure" else ""
    if kind != "turing":
        got = repr(kind) if root.name == "structure" else f"a file of <{root.name[:40]}>"
        raise ConstructionError(f"need a JFLAP file of type 'turing', got {got}, at {where}")
    tapes = root.said("tapes").strip()
    if tapes not in ("", "1"):
        raise ConstructionError(f"need a machine of one tape, got {tapes[:20]!r} tapes, at {where}")
    body = (root.named("automaton") or [root])[0]
    names = _states(body, where)
    odd = next(_strangers(root, {block.said("tag").strip() for block in body.named("block", "state")}), None)
    if odd is not None:
        raise ConstructionError(f"need what a file of a machine of one tape has, got {odd}, at {where}")
    try:
        return _machine(body, names, where)
    except ConstructionError as error:
        raise error if str(error).endswith(where) else ConstructionError(f"{error}, at {where}") from error


def _elements(data: bytes, where: str) -> _Element:
    if len(data) > MOST_BYTES:
        raise ConstructionError(f"need a file of at most {MOST_BYTES} bytes, got {len(data)}, at {where}")
    reader, parser = _Reader(where), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = reader.refuse
    parser.ExternalEntityRefHandler = parser.UnparsedEntityDeclHandler = reader.refuse
    try:
        parser.Parse(data, True)
    except ConstructionError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ConstructionError(f"need an XML file, got one that is not well-formed ({error}), at {where}") from error
    assert reader.root is not None, "expat refuses a file without an element"
    return reader.root


def _strangers(element: _Element, tags: set[str]) -> Iterator[str]:
    """What has no place in an element or in its parts. An empty element of the body may have the name of a tag."""
    holds, parts = PARTS[element.name]
    is_body = element.name == "automaton"
    if element.name == "structure":  # older files have the states beside the type, and no automaton
        is_body = not element.named("automaton")
        parts = parts if is_body else tuple(part for part in parts if part not in BODY)
    attribute = next((name for name in element.attributes if name not in ATTRIBUTES.get(element.name, ())), None)
    if attribute is not None:
        yield f"the attribute {attribute[:40]!r} of <{element.name}>"
    if holds != TEXT and element.text.strip():
        yield f"the text {element.text.strip()[:20]!r} in <{element.name}>"
    seen: set[str] = set()
    for child in element.children:
        if child.name in seen and child.name in ONCE:
            yield f"a second <{child.name}> in <{element.name}>"
        seen.add(child.name)
        if child.name in parts:
            yield from _strangers(child, tags)
        elif not (is_body and child.name in tags and child.has_nothing):
            yield f"<{child.name[:40]}> in <{element.name}>"


def _states(body: _Element, where: str) -> dict[str, str]:
    """The names of the states by their ids; a name that several have gets its id."""
    blocks = body.named("block", "state")
    machines = {child.name for child in body.children if child.named("block", "state", "transition")} - set(BODY)
    nested = next((block for block in blocks if block.said("tag").strip() in machines), None)
    if nested is not None:
        got = f"{nested.attributes.get('name', '?')!r}"
        raise ConstructionError(f"need states, got the building block {got}, at {where}")
    ids = [block.attributes.get("id", "") for block in blocks]
    count = Counter(ids)
    twice = next((id for id in ids if not id or count[id] > 1), None)
    if twice is not None:
        raise ConstructionError(f"need an id of its own for each state, got {twice[:20]!r}, at {where}")
    called = [
        "".join((block.attributes.get("name") or f"q{id}").split()) for block, id in zip(blocks, ids, strict=True)
    ]
    many = Counter(called)
    return {id: name if many[name] == 1 else f"{name}.{id}" for id, name in zip(ids, called, strict=True)}


def _machine(body: _Element, names: dict[str, str], where: str) -> TuringMachine:
    by_mark = {
        mark: [names[one.attributes["id"]] for one in body.named("block", "state") if one.named(mark)]
        for mark in ("initial", "final")
    }
    if len(by_mark["initial"]) != 1:
        raise ConstructionError(f"need one initial state, got {len(by_mark['initial'])}, at {where}")
    rows = [_row(one, names, where) for one in body.named("transition")]
    used = {symbol for _, read, to in rows for symbol in (read, to.symbol)} - {""}
    blank = next((mark for mark in BLANKS if mark not in used), None)
    if blank is None:
        raise ConstructionError(f"need a blank among {' '.join(BLANKS)} that is no symbol, got all of them, at {where}")
    table: dict[tuple[str, str], Transition] = {}
    for state, read, to in rows:
        key = state, read or blank
        if key in table:
            raise ConstructionError(
                f"need a deterministic machine, got two rows for {state!r} and {key[1]!r}, at {where}"
            )
        table[key] = Transition(to.state, to.symbol or blank, to.move)
    accept = by_mark["final"]
    halting = set(accept)
    kept = {key: to for key, to in table.items() if key[0] not in halting}
    inputs = tuple(sorted(used))
    return TuringMachine(
        states=tuple(names.values()),
        inputs=inputs,
        symbols=(blank, *inputs),
        blank=blank,
        start=by_mark["initial"][0],
        accept=tuple(accept),
        table=kept,
    )


def _row(one: _Element, names: dict[str, str], where: str) -> tuple[str, str, Transition]:
    for part in ("from", "to", "read", "write", "move"):
        found = one.named(part)
        if len(found) != 1 or found[0].attributes.get("tape", "1") != "1":
            got = f"{len(found)} of <{part}>"
            raise ConstructionError(f"need a transition of one tape with each part once, got {got}, at {where}")
    ends = [one.said(part).strip() for part in ("from", "to")]
    odd = next((end for end in ends if end not in names), None)
    if odd is not None:
        raise ConstructionError(f"need the id of a state, got {odd[:20]!r} in a transition, at {where}")
    read, write, move = one.said("read"), one.said("write"), one.said("move").strip()
    for symbol in (read, write):
        if len(symbol) > 1 or symbol in ("~", "!", "}") or symbol.isspace() or not symbol.isprintable():
            raise ConstructionError(f"need one plain symbol or none, got {symbol[:20]!r} in a transition, at {where}")
    if move not in MOVES:
        raise ConstructionError(f"need a move among {', '.join(MOVES)}, got {move[:20]!r} in a transition, at {where}")
    return names[ends[0]], read, Transition(names[ends[1]], write, MOVES[move])
