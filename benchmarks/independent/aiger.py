"""AIGER 1.9 files, ASCII and binary, and the query machine in one.

A circuit is evaluated on many assignments at once: the value of a literal is a whole number whose bit i is its value on
assignment i.

A query machine names its ports by symbols: x, random, answer<j>, query<j>, predict, each with [<bit>] if it is a
vector, least bit first. Its latches are the state. The comment is one line of JSON with five numbers; round t asks for
the mean of 1{y = t mod 2} query<j>(x) over the batch. A query's value is a number over 2^query_fraction, in two's
complement if the machine is signed; an answer is one over 2^answer_fraction in two's complement; a prediction is one
over 2^predict_fraction without a sign.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

MARK = "querygrad query machine "
NUMBERS = ("rounds", "signed", "query_fraction", "answer_fraction", "predict_fraction")
State = tuple[int, ...]


class FileError(ValueError):
    """A file that is not of the form that is read here."""


@dataclass(frozen=True)
class Circuit:
    """Latches are (variable, literal of the next value, start); ANDs are (variable, literal, literal), operands
    first."""

    inputs: list[int]
    latches: list[tuple[int, int, int]]
    outputs: list[int]
    ands: list[tuple[int, int, int]]
    symbols: dict[str, str]
    comment: list[str]

    def evaluate(self, given: Mapping[int, int], mask: int, wanted: Sequence[int]) -> list[int]:
        """The values of literals, given those of the inputs' and latches' variables; ``mask`` has a bit for each
        assignment."""
        at = {0: 0, **given}

        def value(literal: int) -> int:
            return at[literal >> 1] ^ mask if literal & 1 else at[literal >> 1]

        for variable, left, right in self.ands:
            at[variable] = value(left) & value(right)
        return [value(literal) for literal in wanted]


def read_circuit(data: bytes) -> Circuit:
    """The circuit of an AIGER file."""
    head, _, rest = data.partition(b"\n")
    words = head.split(b" ")
    if words[0] not in (b"aag", b"aig") or len(words) != 6:
        raise FileError(f"need a header 'aag M I L O A' or 'aig ...', got {head[:60]!r}")
    most, count_in, count_latch, count_out, count_and = map(int, words[1:])
    binary = words[0] == b"aig"
    lines = _Lines(rest)
    inputs = [2 * (i + 1) for i in range(count_in)] if binary else [lines.numbers(1)[0] for _ in range(count_in)]
    latches = []
    for i in range(count_latch):
        row = lines.numbers(*((1, 2) if binary else (2, 3)))
        row = [2 * (count_in + i + 1), *row] if binary else row
        latches.append((row[0] >> 1, row[1], row[2] if len(row) > 2 else 0))
    outputs = [lines.numbers(1)[0] for _ in range(count_out)]
    if binary:
        ands = lines.deltas(count_in + count_latch, count_and)
    else:
        rows = [lines.numbers(3) for _ in range(count_and)]
        ands = sorted((row[0] >> 1, row[1], row[2]) for row in rows)
    symbols, comment = lines.names()
    circuit = Circuit([literal >> 1 for literal in inputs], latches, outputs, ands, symbols, comment)
    _check(circuit, most)
    return circuit


def _check(circuit: Circuit, most: int) -> None:
    variables = circuit.inputs + [row[0] for row in circuit.latches] + [row[0] for row in circuit.ands]
    known = {0, *variables}
    if len(set(variables)) < len(variables) or 0 in variables or max(known) > most:
        raise FileError("need every variable defined once, within M")
    literals = circuit.outputs + [row[1] for row in circuit.latches] + [v for row in circuit.ands for v in row[1:]]
    if any(literal >> 1 not in known for literal in literals):
        raise FileError("need literals of variables that are defined")
    if any(max(left, right) >> 1 >= variable for variable, left, right in circuit.ands):
        raise FileError("need gates above their operands")
    if any(start not in (0, 1) for _, _, start in circuit.latches):
        raise FileError("need latches that start as 0 or 1")


class _Lines:
    """What is left of a file."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def line(self) -> bytes:
        end = self.data.find(b"\n", self.at)
        if end < 0:
            raise FileError("need more lines")
        found, self.at = self.data[self.at : end], end + 1
        return found

    def numbers(self, *counts: int) -> list[int]:
        words = self.line().split(b" ")
        if len(words) not in counts or not all(word.isdigit() for word in words):
            raise FileError(f"need {counts[-1]} numbers in a line, got {words[:4]}")
        return [int(word) for word in words]

    def deltas(self, first: int, count: int) -> list[tuple[int, int, int]]:
        found = []
        for i in range(count):
            variable = first + 1 + i
            left = 2 * variable - self._delta()
            found.append((variable, left, left - self._delta()))
        return found

    def _delta(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def names(self) -> tuple[dict[str, str], list[str]]:
        symbols: dict[str, str] = {}
        while self.at < len(self.data):
            line = self.line().decode("ascii")
            if line == "c":
                return symbols, self.data[self.at :].decode("ascii").split("\n")
            place, _, name = line.partition(" ")
            if not re.fullmatch(r"[ilo]\d+", place) or not name or place in symbols:
                raise FileError(f"need a symbol, each place once, got {line[:40]!r}")
            symbols[place] = name
        return symbols, []


class Machine:
    """A query machine; a state is the tuple of the latches' values."""

    def __init__(self, data: bytes) -> None:
        self.circuit = read_circuit(data)
        said = [line for line in self.circuit.comment if line]
        if len(said) != 1 or not said[0].startswith(MARK):
            raise FileError("need a comment that is one line of a query machine")
        numbers = json.loads(said[0].removeprefix(MARK))
        if sorted(numbers) != sorted(NUMBERS):
            raise FileError(f"need the numbers {NUMBERS}, got {sorted(numbers)}")
        self.rounds, self.signed = int(numbers["rounds"]), bool(numbers["signed"])
        self.query_fraction, self.answer_fraction = int(numbers["query_fraction"]), int(numbers["answer_fraction"])
        self.predict_fraction = int(numbers["predict_fraction"])
        self.x = self._port("i", "x")
        self.random = self._port("i", "random")
        self.queries = self._ports("o", "query")
        self.answers = self._ports("i", "answer")
        self.predict = self._port("o", "predict")
        if len(self.queries) != len(self.answers):
            raise FileError(f"need an answer for each query, got {len(self.answers)} of {len(self.queries)}")
        self.start: State = tuple(row[2] for row in self.circuit.latches)

    def _port(self, side: str, name: str) -> list[int]:
        """The variables of an input port or the literals of an output port, least bit first."""
        rows = self.circuit.inputs if side == "i" else self.circuit.outputs
        symbols = self.circuit.symbols
        bits = {symbols[f"{side}{i}"]: rows[i] for i in range(len(rows)) if f"{side}{i}" in symbols}
        if name in bits:
            return [bits[name]]
        wide = sum(1 for given in bits if re.fullmatch(re.escape(name) + r"\[\d+\]", given))
        return [bits[f"{name}[{i}]"] for i in range(wide)]

    def _ports(self, side: str, name: str) -> list[list[int]]:
        found: list[list[int]] = []
        while port := self._port(side, f"{name}{len(found)}"):
            found.append(port)
        return found

    @property
    def points(self) -> list[tuple[int, ...]]:
        """All x."""
        return list(product((0, 1), repeat=len(self.x)))

    def _given(self, state: State, mask: int) -> dict[int, int]:
        values = dict.fromkeys(self.circuit.inputs, 0)
        return values | {row[0]: mask * bit for row, bit in zip(self.circuit.latches, state, strict=True)}

    def _outputs(self, state: State, points: Sequence[Sequence[int]], literals: Sequence[int]) -> list[list[int]]:
        """The bits of some literals at each of the points."""
        mask = (1 << len(points)) - 1
        given = self._given(state, mask)
        for i, variable in enumerate(self.x):
            given[variable] = sum(x[i] << at for at, x in enumerate(points))
        words = self.circuit.evaluate(given, mask, literals)
        return [[word >> at & 1 for word in words] for at in range(len(points))]

    def asked(self, state: State, points: Sequence[Sequence[int]]) -> list[list[Fraction]]:
        """The value of each query at each of the points."""
        found: list[list[Fraction]] = [[] for _ in points]
        for port in self.queries:
            for row, bits in zip(found, self._outputs(state, points, port), strict=True):
                row.append(Fraction(number(bits, signed=self.signed), 1 << self.query_fraction))
        return found

    def predicted(self, state: State, points: Sequence[Sequence[int]]) -> list[Fraction]:
        """The prediction at each of the points."""
        rows = self._outputs(state, points, self.predict)
        return [Fraction(number(bits, signed=False), 1 << self.predict_fraction) for bits in rows]

    def updated(self, state: State, codes: Sequence[Sequence[int]], random: Sequence[int]) -> list[State]:
        """The next state for each of several lists of answers; an answer is given by its code, a number of
        2^-answer_fraction."""
        mask = (1 << len(codes)) - 1
        given = self._given(state, mask)
        for j, port in enumerate(self.answers):
            for i, variable in enumerate(port):
                given[variable] = int("".join(str(row[j] >> i & 1) for row in reversed(codes)) or "0", 2)
        for variable, bit in zip(self.random, random, strict=True):
            given[variable] = mask * bit
        words = self.circuit.evaluate(given, mask, [row[1] for row in self.circuit.latches])
        texts = [bin(word | 1 << len(codes))[:2:-1] for word in words]
        return [tuple(int(text[at]) for text in texts) for at in range(len(codes))]

    def codes(self, j: int) -> tuple[int, int]:
        """The least and the largest code that the port of answer j holds."""
        half = 1 << len(self.answers[j]) - 1
        return -half, half - 1


def number(bits: Sequence[int], *, signed: bool) -> int:
    """The number that some bits stand for, least bit first."""
    value = sum(bit << i for i, bit in enumerate(bits))
    return value - (1 << len(bits)) if signed and bits and bits[-1] else value
