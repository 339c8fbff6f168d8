"""AIGER 1.9: and-inverter graphs with latches, in ASCII (``aag``) and binary (``aig``).

Variable v is written 2v, its negation 2v + 1; literals 0 and 1 are the constants. So the literal of a node here is
AIGER's less 2, and the constants fall on -2 and -1. Large parts (the ANDs) are read and written as arrays; a part that
is not well-formed is then gone through line by line for the place of the fault.

A symbol is a label: several things may have the same. What has none, or one that others of its kind have too, goes by
its position (``i0``, ``l0``, ``o0``, ...) here; the file's own label is kept beside it and is what is written.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from constructions.computation.builder import FALSE
from constructions.computation.flat import FlatCircuit, Gates, Integers
from constructions.computation.machines import Machine, Start
from constructions.errors import ConstructionError
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

    Errors
    ------
    ConstructionError naming the line (or byte) for anything malformed, truncated, cyclic or too large.

    >>> file = read_aiger(b"aag 3 2 0 1 1\\n2\\n4\\n6\\n6 2 4\\ni0 a\\ni1 b\\no0 both\\n")
    >>> file.machine.circuit(a=True, b=True)
    {'both': True}
    """
    return _Reader(data, where).file()


class _Reader:
    """One pass over the bytes of a file; ``at`` is the position, ``line`` the number of the line there."""

    def __init__(self, data: bytes, where: str) -> None:
        self.where, self.at, self.line = where, 0, 1
        self.data = data if data.startswith(b"aig ") else data.replace(b"\r\n", b"\n")
        self.stops_short = not data.startswith(b"aig ") and data[-1:] not in (b"", b"\n")
        self.data += b"\n" * self.stops_short
        self.taken: set[str] = set()
        self.labels: dict[str, str] = {}

    def wrong(self, need: str, got: object, *, line: int | None = None, place: str | None = None) -> ConstructionError:
        at = place or f"line {self.line - 1 if line is None else line}"
        return ConstructionError(f"need {need}, got {got}, at {at} of {self.where}")

    def next_line(self, what: str) -> str:
        end = self.data.find(b"\n", self.at)
        if end < 0:
            raise self.wrong(what, "the end of the file", line=self.line)
        text = self.data[self.at : end]
        self.at, self.line = end + 1, self.line + 1
        try:
            return text.decode("ascii")
        except UnicodeDecodeError as error:
            raise self.wrong(what, _quoted(text)) from error

    def numbers(self, what: str, counts: tuple[int, ...], *, most: int) -> list[int]:
        text = self.next_line(what)
        tokens = text.split(" ", 3)
        if len(tokens) not in counts or not all(token.isdigit() and len(token) <= 12 for token in tokens):
            raise self.wrong(what, _quoted(text))
        found = [int(token) for token in tokens]
        if max(found) > most:
            raise self.wrong(f"{what}, none above {most}", _quoted(text))
        return found

    def file(self) -> AigerFile:
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
        left, right = self.binary_gates() if self.binary else self.ascii_gates()
        line = 2 + size["I"]
        self.defined("a next state", [after for _, after, _ in latches], line)
        self.defined("an output", plain["O"], line + size["L"])
        self.defined("a property", plain["B"] + plain["C"], line + size["L"] + size["O"])
        self.defined("a property", [*chain(*justice), *plain["F"]], line + sum(size[kind] for kind in "LOBCJ"))
        at = self.at
        names, comment = self.symbols()
        self.tail = self.data[at:]
        self.taken.update(names.values())
        return self.assembled(latches, plain, justice, left, right, names, comment)

    def header(self) -> None:
        text = self.next_line("a header 'aag M I L O A' or 'aig M I L O A'")
        words = text.split(" ", 10)
        if (
            words[0] not in ("aag", "aig")
            or not 6 <= len(words) <= 10
            or not all(w.isdigit() and len(w) <= 18 for w in words[1:])
        ):
            raise self.wrong("a header 'aag M I L O A [B C J F]' or 'aig ...'", _quoted(text))
        self.binary = words[0] == "aig"
        self.size = dict.fromkeys(HEADER, 0) | {name: int(word) for name, word in zip(HEADER, words[1:], strict=False)}
        size, rest = self.size, len(self.data) - self.at
        if size["M"] > MOST:
            raise self.wrong(f"at most {MOST} variables", _quoted(text))
        total = size["I"] + size["L"] + size["A"]
        if (size["M"] != total) if self.binary else (size["M"] < total):
            raise self.wrong(f"M {'equal to' if self.binary else 'at least'} I + L + A = {total}", _quoted(text))
        if size["M"] > total + max(FREE, len(self.data)):
            raise self.wrong(
                f"at most {total + max(FREE, len(self.data))} variables in a file of this length", _quoted(text)
            )
        least = 2 * sum(size[kind] for kind in "LOABCJF") + (0 if self.binary else 2 * size["I"] + 4 * size["A"])
        if least > rest + 1:
            raise self.wrong(f"at least {least} bytes behind a header that promises so much", f"{rest} bytes")
        if self.binary and size["I"] > max(FREE, len(self.data)):
            raise self.wrong(f"at most {max(FREE, len(self.data))} inputs in a file of this length", _quoted(text))

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

    def binary_gates(self) -> tuple[Integers, Integers]:
        count, first = self.size["A"], self.size["I"] + self.size["L"] + 1
        deltas, self.at = self.varints(2 * count)
        heads = 2 * (first + np.arange(count, dtype=np.int64))
        left = heads - deltas[0::2]
        right = left - deltas[1::2]
        bad = (deltas[0::2] < 1) | (left < 0) | (right < 0)
        if bad.any():
            i = int(np.argmax(bad))
            got = f"{int(heads[i])} = {int(left[i])} AND {int(right[i])}"
            raise self.wrong("literals with left side > first >= second >= 0", got, place=f"AND {i}")
        return left, right

    def varints(self, count: int) -> tuple[Integers, int]:
        raw = np.frombuffer(self.data, np.uint8)[self.at : self.at + 5 * count]
        ends = np.flatnonzero(raw < 0x80)[:count]
        starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1)) if count else ends
        sizes = ends - starts[: len(ends)] + 1
        if (sizes > 5).any():
            i = int(np.argmax(sizes > 5))
            place = f"byte {self.at + int(starts[i])} (AND {i // 2})"
            raise self.wrong("a number of at most 5 bytes", f"{int(sizes[i])} bytes", place=place)
        if len(ends) < count:
            place = f"byte {self.at + (int(ends[-1]) + 1 if len(ends) else 0)} (AND {len(ends) // 2})"
            cut = self.at + 5 * count > len(self.data)
            raise self.wrong(
                "two numbers for each AND",
                "the end of the file" if cut else "a number of more than 5 bytes",
                place=place,
            )
        values = np.zeros(count, np.int64)
        for k in range(int(sizes.max(initial=0))):
            here = sizes > k
            values[here] |= (raw[starts[here] + k].astype(np.int64) & 0x7F) << (7 * k)
        return values, self.at + (int(ends[-1]) + 1 if count else 0)

    def ascii_gates(self) -> tuple[Integers, Integers]:
        count, first = self.size["A"], self.line
        start = self.at
        breaks = np.flatnonzero(np.frombuffer(self.data, np.uint8)[start:] == 10)[:count] + start
        if len(breaks) < count:
            for _ in range(count):
                self.gate_line()
        end = int(breaks[-1]) + 1 if count else start
        rows = self.rows(start, end, count)
        if rows is None:
            for _ in range(count):
                self.gate_line()
            raise AssertionError("the arrays and the lines of an AIGER file disagree")
        self.at, self.line = end, first + count
        return self.sorted(rows, first)

    def gate_line(self) -> list[int]:
        return self.numbers("an AND 'left first second'", (3,), most=2 * self.size["M"] + 1)

    def rows(self, start: int, end: int, count: int) -> Integers | None:
        text = self.data[start:end]
        if text.translate(None, b"0123456789 \n"):
            return None
        raw = np.frombuffer(text, np.uint8)
        marks = np.flatnonzero(raw < 48)
        widths = np.diff(marks, prepend=-1) - 1
        if len(marks) != 3 * count or (widths < 1).any() or (widths > 12).any():
            return None
        if (raw[marks].reshape(-1, 3) != np.array([32, 32, 10])).any():
            return None
        rows: Integers = np.fromstring(text, np.int64, sep=" ").reshape(-1, 3)
        return None if (rows > 2 * self.size["M"] + 1).any() else rows

    def sorted(self, rows: Integers, first: int) -> tuple[Integers, Integers]:
        """The operands with variables renumbered: inputs, latches, then ANDs in an order in which operands come
        first."""
        heads, n = rows[:, 0], len(self.inputs) + len(self.state)
        node = np.full(self.size["M"] + 1, -1, np.int64)
        node[0] = 0
        sources = np.fromiter(chain(self.inputs, self.state), np.int64, n)
        node[sources >> 1] = np.arange(1, n + 1)
        bad = (heads < 2) | (heads & 1 == 1)
        bad |= node[heads >> 1] > 0
        if bad.any():
            i = int(np.argmax(bad))
            raise self.wrong("a new even literal of at least 2 on the left", int(heads[i]), line=first + i)
        node[heads >> 1] = np.arange(n + 1, n + 1 + len(rows))
        again = node[heads >> 1] != np.arange(n + 1, n + 1 + len(rows))
        if again.any():
            i = int(np.argmax(again))
            raise self.wrong("a literal that is defined once", int(heads[i]), line=first + i)
        operands = node[rows[:, 1:] >> 1]
        if (operands < 0).any():
            i, j = divmod(int(np.argmax(operands < 0)), 2)
            raise self.wrong("a literal that is defined", int(rows[i, 1 + j]), line=first + i)
        if (operands >= node[heads >> 1][:, None]).any():
            order = self.order(operands - n - 1, first)
            place = np.empty(len(rows), np.int64)
            place[order] = np.arange(len(rows))
            node[heads >> 1] = n + 1 + place
            rows = rows[order]
        self.node = node
        left, right = (2 * node[rows[:, k] >> 1] + (rows[:, k] & 1) for k in (1, 2))
        return left, right

    def order(self, operands: Integers, first: int) -> Integers:
        """An order of the ANDs in which operands come first, or the line of one that is its own operand in the end."""
        waiting = (operands >= 0).sum(axis=1).tolist()
        users: list[list[int]] = [[] for _ in waiting]
        for i, pair in enumerate(operands.tolist()):
            for j in pair:
                if j >= 0:
                    users[j].append(i)
        ready = [i for i, count in enumerate(waiting) if count == 0]
        for i in ready:
            for user in users[i]:
                waiting[user] -= 1
                if waiting[user] == 0:
                    ready.append(user)
        if len(ready) < len(waiting):
            at = next(i for i, count in enumerate(waiting) if count)
            seen: set[int] = set()
            while at not in seen:
                seen.add(at)
                at = next(j for j in operands[at].tolist() if j >= 0 and waiting[j])
            raise self.wrong("an acyclic circuit", "an AND that depends on itself", line=first + at)
        return np.array(ready, np.int64)

    def defined(self, what: str, literals: list[int], first: int) -> None:
        if not self.binary:
            for line, literal in enumerate(literals, first):
                if self.node[literal >> 1] < 0:
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
                raise self.wrong("a symbol 'i0 name' or a comment 'c'", _quoted(raw), line=line) from error
            known = mark[:1] in KINDS and SYMBOL.fullmatch(mark) and int(mark[1:]) < self.size[KINDS[mark[:1]]]
            if not known or mark in names or not name:
                raise self.wrong("a new symbol for something that the header promises", _quoted(raw), line=line)
            names[mark] = read_name(name, but=BREAKS)
        return names, ""

    def assembled(
        self,
        latches: list[tuple[int, int, Start]],
        plain: dict[str, list[int]],
        justice: list[list[int]],
        left: Integers,
        right: Integers,
        names: dict[str, str],
        comment: str,
    ) -> AigerFile:
        def here(literal: int) -> int:
            return literal - 2 if self.binary else 2 * int(self.node[literal >> 1]) + (literal & 1) - 2

        inputs = self.named("il", (self.size["I"], self.size["L"]), names)
        tops = [here(literal) for literal in chain(*plain.values(), *justice, (after for _, after, _ in latches))]
        gates = and_rows(left - 2, right - 2)
        true = 2 * (len(inputs) + len(gates))
        if any(top < 0 for top in tops):
            gates = Gates(
                needs=np.append(gates.needs, 0),
                offsets=np.append(gates.offsets, gates.offsets[-1]),
                literals=gates.literals,
            )

        def top(literal: int) -> int:
            found = here(literal)
            return true + (found == FALSE) if found < 0 else found

        def table(kind: str) -> dict[str, int]:
            return dict(zip(self.named(kind.lower(), (len(plain[kind]),), names), map(top, plain[kind]), strict=True))

        outputs, ports = table("O"), self.labels
        circuit = FlatCircuit(inputs=inputs, gates=gates, outputs=outputs, labels=ports)
        machine = Machine(
            circuit=circuit,
            next=tuple(top(after) for _, after, _ in latches),
            start=tuple(start for _, _, start in latches),
        )
        self.labels = {}
        lists = zip(
            self.named("j", (len(justice),), names), (tuple(map(top, literals)) for literals in justice), strict=True
        )
        return AigerFile(
            machine=machine,
            bad=table("B"),
            constraints=table("C"),
            justice=dict(lists),
            fairness=table("F"),
            comment=comment,
            labels=self.labels,
            tail=self.tail,
        )

    def named(self, marks: str, counts: tuple[int, ...], names: dict[str, str]) -> tuple[str, ...]:
        """Different names for some things: the symbols that one of them has, and for the rest their positions, with a
        ``_`` where a symbol anywhere is called so. What the file calls these, if it is not the position itself, is
        kept."""
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


def and_rows(left: Integers, right: Integers) -> Gates:
    """AND gates of two literals each as rows, the smaller literal first.

    The literals -2 (false) and -1 (true) are folded, and a node has one place in a row.
    """
    left, right = np.minimum(left, right), np.maximum(left, right)
    false = (left == FALSE) | (right == FALSE) | ((left ^ right) == 1)
    keep_left = ~false & (left >= 0)
    keep_right = ~false & (right >= 0) & (left != right)
    sizes = keep_left.astype(np.int64) + keep_right
    return Gates(
        needs=np.where(false, 1, sizes),
        offsets=np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))),
        literals=np.stack((left, right), axis=1)[np.stack((keep_left, keep_right), axis=1)],
    )


def _quoted(text: str | bytes) -> str:
    shown = repr(text[:80])
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
