"""AIGER 1.9: and-inverter graphs with latches, in ASCII (``aag``) and binary (``aig``).

Variable v is written 2v, its negation 2v + 1; literals 0 and 1 are the constants. So the literal of a node here is
AIGER's less 2, and the constants fall on -2 and -1.

The parts: :mod:`.aiger_cursor` is a place in the file, :mod:`.aiger_gates` reads the ANDs, and this module the header,
the latches, the properties and the symbols, and puts them together.

A symbol is a label: several things may have the same. What has none, or one that others of its kind have too, goes by
its position (``i0``, ``l0``, ``o0``, ...) here; the file's own label is kept beside it and is what is written.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from constructions.computation.builder import FALSE
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.formats.aiger_cursor import Cursor, quoted
from constructions.computation.formats.aiger_gates import Ands, and_rows, ascii_ands, binary_ands
from constructions.computation.machines import Machine, Start
from constructions.foundations.spelling import SURROGATE, read_name

MOST = 1 << 29
"""More variables than this are refused: their literals leave 31 bits."""
FREE = 1 << 16
"""Inputs of a binary file, or unused variables, that a header may declare though no byte is spent on them."""
HEADER = ("M", "I", "L", "O", "A", "B", "C", "J", "F")
SYMBOL = re.compile("[ilobcjf](0|[1-9][0-9]{0,9})")
BREAKS = rf"[\n\r]|{SURROGATE}"
"""What a symbol cannot hold: line breaks, and what is not UTF-8. A name that has them is spelled there."""
KINDS = {"i": "I", "l": "L", "o": "O", "b": "B", "c": "C", "j": "J", "f": "F"}


@dataclass(frozen=True, kw_only=True, eq=False)
class AigerFile:
    """What an AIGER file says.

    ``machine`` is the circuit with its latches. ``bad``, ``constraints``, ``fairness`` are literals by name and
    ``justice`` lists of them (AIGER 1.9's properties). ``comment`` is the text behind the symbols. ``labels`` says what
    the file calls a property that goes by its position, as :class:`FlatCircuit` does for inputs and outputs.
    ``remarks`` are sentences on how the file was read where formats differ. ``tail`` is all from the symbols on as it
    stands in the file, if it was read from one.
    """

    machine: Machine
    bad: Mapping[str, int] = field(default_factory=dict)
    constraints: Mapping[str, int] = field(default_factory=dict)
    justice: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    fairness: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    tail: bytes = field(default=b"", repr=False)


def read_aiger(data: bytes, *, where: str = "AIGER data") -> AigerFile:
    """Read an AIGER file, ASCII or binary. ASCII lines may end in CRLF, and the last one need not end.

    Parameters
    ----------
    data : the bytes of the file. where : what errors call it.

    Raises
    ------
    ConstructionError
        For anything malformed, truncated, cyclic or too large, naming the line, the AND or the byte.

    >>> file = read_aiger(b"aag 3 2 0 1 1\\n2\\n4\\n6\\n6 2 4\\ni0 a\\ni1 b\\no0 both\\n")
    >>> file.machine.circuit(a=True, b=True)
    {'both': True}
    """
    return _Reader(data, where).file()


class _Reader(Cursor):
    """One pass over the parts of a file."""

    def gates(self) -> Ands:
        size = self.size
        if self.binary:
            return binary_ands(self, count=size["A"], first=size["I"] + size["L"] + 1)
        return ascii_ands(self, count=size["A"], variables=size["M"], sources=(*self.inputs, *self.state))

    def file(self) -> AigerFile:
        """Read the whole file, from its header to its comment."""
        self.header()
        size = self.size
        free = range(2, 2 * size["I"] + 2, 2)
        self.inputs = free if self.binary else tuple(self.literal("an input", fresh=True) for _ in free)
        latches = [self.latch(i) for i in range(size["L"])]
        self.state = tuple(literal for literal, _, _ in latches)
        if not self.binary:
            self.distinct()
        plain = {kind: [self.literal(kind) for _ in range(size[kind])] for kind in ("O", "B", "C")}
        lengths = [self.numbers("a number of literals", (1,), most=len(self.data))[0] for _ in range(size["J"])]
        justice = [[self.literal("a justice literal") for _ in range(length)] for length in lengths]
        plain["F"] = [self.literal("a fairness literal") for _ in range(size["F"])]
        self.ands = self.gates()
        line = 2 + size["I"]
        self.defined("a next state", [after for _, after, _ in latches], line)
        self.defined("an output", plain["O"], line + size["L"])
        self.defined("a property", plain["B"] + plain["C"], line + size["L"] + size["O"])
        self.defined("a property", [*chain(*justice), *plain["F"]], line + sum(size[kind] for kind in "LOBCJ"))
        return self.assembled(latches, plain, justice)

    def header(self) -> None:
        text = self.next_line("a header 'aag M I L O A' or 'aig M I L O A'")
        words = text.split(" ", 10)
        if (
            words[0] not in ("aag", "aig")
            or not 6 <= len(words) <= 10
            or not all(w.isdigit() and len(w) <= 18 for w in words[1:])
        ):
            raise self.wrong("a header 'aag M I L O A [B C J F]' or 'aig ...'", quoted(text))
        self.binary = words[0] == "aig"
        self.size = dict.fromkeys(HEADER, 0) | {name: int(word) for name, word in zip(HEADER, words[1:], strict=False)}
        size, rest = self.size, len(self.data) - self.at
        if size["M"] > MOST:
            raise self.wrong(f"at most {MOST} variables", quoted(text))
        total = size["I"] + size["L"] + size["A"]
        if (size["M"] != total) if self.binary else (size["M"] < total):
            raise self.wrong(f"M {'equal to' if self.binary else 'at least'} I + L + A = {total}", quoted(text))
        if size["M"] > total + max(FREE, len(self.data)):
            raise self.wrong(
                f"at most {total + max(FREE, len(self.data))} variables in a file of this length", quoted(text)
            )
        least = 2 * sum(size[kind] for kind in "LOABCJF") + (0 if self.binary else 2 * size["I"] + 4 * size["A"])
        if least > rest + 1:
            raise self.wrong(f"at least {least} bytes behind a header that promises so much", f"{rest} bytes")
        if self.binary and size["I"] > max(FREE, len(self.data)):
            raise self.wrong(f"at most {max(FREE, len(self.data))} inputs in a file of this length", quoted(text))

    def literal(self, what: str, *, fresh: bool = False) -> int:
        names = {"O": "an output literal", "B": "a bad-state literal", "C": "a constraint literal"}
        found = self.numbers(names.get(what, what), (1,), most=2 * self.size["M"] + 1)[0]
        if fresh and (found < 2 or found % 2):
            raise self.wrong(f"{what}: an even literal of at least 2", found)
        return found

    def latch(self, i: int) -> tuple[int, int, Start]:
        counts = (1, 2) if self.binary else (2, 3)
        found = self.numbers("a latch", counts, most=2 * self.size["M"] + 1)
        if self.binary:
            found.insert(0, 2 * (self.size["I"] + 1 + i))
        literal, after, reset = (*found, 0)[:3]
        if literal < 2 or literal % 2:
            raise self.wrong("a latch: an even literal of at least 2", literal)
        if reset not in (0, 1, literal):
            raise self.wrong(f"a reset value 0, 1 or {literal}", reset)
        return literal, after, None if reset == literal else bool(reset)

    def distinct(self) -> None:
        seen: set[int] = set()
        for line, literal in enumerate(chain(self.inputs, self.state), 2):
            if literal in seen:
                raise self.wrong("different literals for inputs and latches", f"{literal} twice", line=line)
            seen.add(literal)

    def defined(self, what: str, literals: list[int], first: int) -> None:
        if not self.binary:
            for line, literal in enumerate(literals, first):
                if self.ands.node[literal >> 1] < 0:
                    raise self.wrong(f"a defined literal as {what}", literal, line=line)

    def symbols(self) -> tuple[dict[str, str], str]:
        names: dict[str, str] = {}
        while self.at < len(self.data):
            line = self.line
            end = self.data.find(b"\n", self.at)
            raw = self.data[self.at : end if end >= 0 else len(self.data)]
            self.at, self.line = end + 1 if end >= 0 else len(self.data), line + 1
            raw = raw.removesuffix(b"\r")
            if raw == b"c":
                return names, self.data[self.at : len(self.data) - self.stops_short].decode("utf-8", "replace")
            try:
                mark, name = raw.decode("utf-8").split(" ", 1)
            except ValueError as error:
                raise self.wrong("a symbol 'i0 name' or a comment 'c'", quoted(raw), line=line) from error
            known = mark[:1] in KINDS and SYMBOL.fullmatch(mark) and int(mark[1:]) < self.size[KINDS[mark[:1]]]
            if not known or mark in names or not name:
                raise self.wrong("a new symbol for something that the header promises", quoted(raw), line=line)
            names[mark] = read_name(name, but=BREAKS)
        return names, ""

    def assembled(
        self, latches: list[tuple[int, int, Start]], plain: dict[str, list[int]], justice: list[list[int]]
    ) -> AigerFile:
        """The file: what was read so far, and the symbols and the comment, which end it."""
        at = self.at
        names, comment = self.symbols()
        known, here = _Names(names), _Literals(self.ands, self.binary)
        inputs = known.named("il", (self.size["I"], self.size["L"]))
        literals = here.literals(len(inputs), chain(*plain.values(), *justice, (after for _, after, _ in latches)))

        def table(kind: str) -> dict[str, int]:
            ports = known.named(kind.lower(), (len(plain[kind]),))
            return {port: literals[literal] for port, literal in zip(ports, plain[kind], strict=True)}

        outputs, ports = table("O"), known.labels
        circuit = FlatCircuit(inputs=inputs, gates=here.gates, outputs=outputs, labels=ports)
        machine = Machine(
            circuit=circuit,
            next=tuple(literals[after] for _, after, _ in latches),
            start=tuple(start for _, _, start in latches),
        )
        known.labels = {}
        lists = zip(known.named("j", (len(justice),)), justice, strict=True)
        return AigerFile(
            machine=machine,
            justice={name: tuple(literals[literal] for literal in listed) for name, listed in lists},
            bad=table("B"),
            constraints=table("C"),
            fairness=table("F"),
            comment=comment,
            labels=known.labels,
            tail=self.data[at:],
        )


class _Literals:
    """The literals of a file as those of a circuit with its ANDs; a constant that is used gets a gate of its own."""

    def __init__(self, ands: Ands, binary: bool) -> None:
        self.node, self.binary = ands.node, binary
        self.gates = and_rows(ands.left - 2, ands.right - 2)

    def literals(self, inputs: int, used: Iterable[int]) -> dict[int, int]:
        """What each literal of the file that is used is in the circuit, beside so many inputs and latches."""
        found = {literal: self.here(literal) for literal in used}
        true = 2 * (inputs + len(self.gates))
        if any(literal < 0 for literal in found.values()):
            gates = self.gates
            self.gates = Gates(
                needs=np.append(gates.needs, 0),
                offsets=np.append(gates.offsets, gates.offsets[-1]),
                literals=gates.literals,
            )
        return {old: true + (new == FALSE) if new < 0 else new for old, new in found.items()}

    def here(self, literal: int) -> int:
        return literal - 2 if self.binary else 2 * int(self.node[literal >> 1]) + (literal & 1) - 2


class _Names:
    """Names for what a file has, from its symbols; ``labels`` are what the file calls things that go by another name
    here."""

    def __init__(self, symbols: dict[str, str]) -> None:
        self.symbols = symbols
        self.taken = set(symbols.values())
        self.labels: dict[str, str] = {}

    def named(self, marks: str, counts: tuple[int, ...]) -> tuple[str, ...]:
        """Different names for some things: the symbols that one of them has, and for the rest their positions, with a
        ``_`` where a symbol anywhere is called so. What the file calls these, if it is not the position itself, is
        kept."""
        names = self.symbols
        places = [f"{mark}{i}" for mark, count in zip(marks, counts, strict=True) for i in range(count)]
        many = Counter(names[place] for place in places if place in names)
        found = []
        for place in places:
            symbol = names.get(place, "")
            alone = many[symbol] == 1
            name = symbol if alone else place
            while not alone and name in self.taken:
                name += "_"
            self.taken.add(name)
            found.append(name)
            if name == place if alone else symbol or name != place:
                self.labels[name] = symbol
        return tuple(found)
