"""The query machine, from its AIGER text: a strict grammar, so that no two readers can read two machines.

The text is ASCII: bytes 32 to 126 and the line feed, which ends every line, the last one too. Numbers have no sign and
no leading zero.

    text     = header inputs latches outputs ands symbols comment
    header   = "aag" M I L O A      one space between; M at least I + L + A
    inputs   = I lines: an even literal
    latches  = L lines: an even literal, the literal of its next value, and 1 if it starts as 1
    outputs  = O lines: a literal
    ands     = A lines, ascending: an even literal and two literals of smaller variables
    symbols  = lines "i<k> <port>", "o<k> <port>" for every input and output, "l<k> <name>" for
               some latches; no place twice
    port     = "x" | "random" | "answer<j>" | "query<j>" | "predict", then "[<bit>]" if it is a vector
    comment  = "c", then one line: "querygrad query machine " and a JSON object with exactly the
               five numbers of the machine, or "querygrad batch machine " and one with exactly the
               three numbers of a machine for whole batches; nothing behind it

Each variable is defined once, and each literal is of a variable that is defined. A vector has its bits 0, 1, ... once
each. Queries and predictions depend on x and the state, next states on answers, random bits and the state: that is
seen from the cones.

A machine for whole batches of b points asks queries with values 1 and -1, a bit each, set for -1. An answer has b bits;
bit i says that more than i of the samples (x, y) of the batch have (-1)^y r(x) = 1.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from verify.recheck.reading import MalformedError, json_object, need, well_formed, whole

MARK, BATCH_MARK = "querygrad query machine ", "querygrad batch machine "
NUMBER = r"(0|[1-9][0-9]{0,11})"
SYMBOL = re.compile(rf"([ilo]){NUMBER} ([ -~]+)")
PORT = re.compile(rf"(x|random|predict|(?:answer|query){NUMBER})(?:\[{NUMBER}\])?")
SAID = {"rounds": 1 << 60, "query_fraction": 256, "answer_fraction": 256, "predict_fraction": 256}
BATCH_SAID = {"rounds": 1 << 60, "points": 1 << 16, "predict_fraction": 256}
Row = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A query machine.

    Parameters
    ----------
    ports : the literals of each port, least bit first. latches : (literal, literal of the next value, start). ands :
    rows (literal, left, right), operands first. first_free : a literal above all of the text. queries : p.
    rounds, signed : how many rounds it asks in, and whether queries may be negative.
    query_fraction, answer_fraction, predict_fraction : binary places of a query's value, an answer, a prediction.
    points : b for a machine that reads whole batches of b points, else 0.

    >>> from types import SimpleNamespace
    >>> ands = [(6, 2, 4), (8, 2, 5), (10, 6, 4)]
    >>> Machine.cone(SimpleNamespace(ands=ands), [11])  # what 10, or its negation, depends on
    [(6, 2, 4), (10, 6, 4)]
    """

    ports: dict[str, list[int]]
    latches: list[Row]
    ands: list[Row]
    first_free: int
    queries: int
    rounds: int
    signed: bool
    query_fraction: int
    answer_fraction: int
    predict_fraction: int
    points: int = 0

    def port(self, name: str) -> list[int]:
        """The literals of a port; none if the machine has no such port."""
        return self.ports.get(name, [])

    def cone(self, literals: Iterable[int]) -> list[Row]:
        """The ANDs that some literals depend on, operands first."""
        wanted = {literal & ~1 for literal in literals}
        found = []
        for row in reversed(self.ands):
            if row[0] in wanted:
                wanted |= {row[1] & ~1, row[2] & ~1}
                found.append(row)
        return found[::-1]


def read_machine(data: bytes) -> Machine:
    """The machine that a text describes.

    Raises
    ------
    MalformedError for a text that is not of the grammar; RefusedError for a machine whose circuits depend on what they
    must not.

    >>> rows = ["aag 4 3 1 2 0", "2", "4", "6", "8 4", "2", "8"]  # asks x, keeps the low bit of the answer, predicts it
    >>> names = ["i0 x", "i1 answer0[0]", "i2 answer0[1]", "o0 query0", "o1 predict", "c"]
    >>> said = '{"rounds": 1, "signed": false, "query_fraction": 0, "answer_fraction": 0, "predict_fraction": 0}'
    >>> machine = read_machine("\\n".join([*rows, *names, MARK + said, ""]).encode())
    >>> machine.ports
    {'x': [2], 'answer0': [4, 6], 'query0': [2], 'predict': [8]}
    >>> machine.latches, machine.queries, machine.rounds
    ([(8, 4, 0)], 1, 1)
    """
    well_formed(
        data and data[-1] == 10 and all(byte == 10 or 32 <= byte < 127 for byte in data),
        "a machine in ASCII lines without control characters",
    )
    lines = data.decode("ascii").split("\n")[:-1]
    head = re.fullmatch(rf"aag {NUMBER} {NUMBER} {NUMBER} {NUMBER} {NUMBER}", lines[0])
    if head is None:
        raise MalformedError("a machine that starts with 'aag M I L O A'")
    most, *counts = (int(part) for part in head.groups())
    well_formed(sum(counts) + 1 <= len(lines), "a machine with as many lines as its header says")
    begins = [1 + sum(counts[:i]) for i in range(5)]
    inputs, latches, outputs, ands = (
        [_numbers(line, lengths, 2 * most + 1) for line in lines[begin:end]]
        for begin, end, lengths in zip(begins, begins[1:], ((1,), (2, 3), (1,), (3,)), strict=False)
    )
    _check_literals(inputs, latches, outputs, ands)
    ports, said = _symbols(lines[begins[4] :], [row[0] for row in inputs], [row[0] for row in outputs], len(latches))
    return _machine(
        ports, [(row[0], row[1], len(row) - 2) for row in latches], [(a, b, c) for a, b, c in ands], 2 * most + 2, said
    )


def _numbers(line: str, lengths: Sequence[int], most: int) -> list[int]:
    words = line.split(" ")
    fits = len(words) in lengths and all(re.fullmatch(NUMBER, word) for word in words)
    well_formed(
        fits and max(map(int, words)) <= most,
        f"a line of {' or '.join(map(str, lengths))} literals, got {line[:40]!r}, in the machine",
    )
    return [int(word) for word in words]


def _check_literals(
    inputs: list[list[int]], latches: list[list[int]], outputs: list[list[int]], ands: list[list[int]]
) -> None:
    """Every variable is defined once, and an AND only over smaller ones."""
    own = [row[0] for row in (*inputs, *latches, *ands)]
    known = {0, *own}
    well_formed(
        len(known) == len(own) + 1 and not any(literal & 1 for literal in own),
        "variables of the machine that are defined once, by even literals",
    )
    used = [
        *(row[1] for row in latches),
        *(row[0] for row in outputs),
        *(literal for row in ands for literal in row[1:]),
    ]
    well_formed(all(literal & ~1 in known for literal in used), "literals of the machine that are defined")
    well_formed(all(max(row[1:]) < row[0] for row in ands), "ANDs of the machine over smaller variables")
    well_formed(all(len(row) == 2 or row[2] == 1 for row in latches), "latches of the machine that start as 0, or as 1")
    well_formed(all(a[0] < b[0] for a, b in pairwise(ands)), "ANDs of the machine in ascending order")


def _symbols(
    lines: list[str], inputs: list[int], outputs: list[int], latches: int
) -> tuple[dict[str, list[int]], dict[str, Any]]:
    """The ports by their symbols, and the numbers in the comment."""
    ends = len(lines) >= 2 and lines[-2] == "c" and lines[-1].startswith((MARK, BATCH_MARK))
    well_formed(ends, f"a machine that ends in a comment of one line, {MARK!r} (or {BATCH_MARK!r}) and JSON")
    counts, seen = {"i": len(inputs), "o": len(outputs), "l": latches}, dict[tuple[str, int], str]()
    for line in lines[:-2]:
        symbol = SYMBOL.fullmatch(line)
        if symbol is None:
            raise MalformedError(f"a symbol such as 'i0 x[0]', got {line[:40]!r}, in the machine")
        place = symbol[1], int(symbol[2])
        well_formed(place[1] < counts[place[0]] and place not in seen, f"a new symbol in place of {line[:40]!r}")
        seen[place] = symbol[3]
    named = [(side, place) for side in "io" for place in range(counts[side])]
    well_formed(all(place in seen for place in named), "a symbol for every input and output of the machine")
    ports = _ports([(side, seen[side, place], {"i": inputs, "o": outputs}[side][place]) for side, place in named])
    said = json_object(lines[-1][len(MARK) :].encode(), "the comment")
    if lines[-1].startswith(BATCH_MARK):
        return ports, _batch_numbers(said)
    well_formed(
        set(said) == {*SAID, "signed"} and isinstance(said["signed"], bool),
        f"a comment with {', '.join(SAID)} and signed",
    )
    return ports, {name: whole(said[name], 0, most, f"{name} of the machine") for name, most in SAID.items()} | {
        "signed": said["signed"]
    }


def _batch_numbers(said: dict[str, Any]) -> dict[str, Any]:
    """The numbers of a machine for whole batches."""
    well_formed(set(said) == set(BATCH_SAID), f"a comment with {', '.join(BATCH_SAID)}")
    numbers = {name: whole(said[name], int(name == "points"), most, name) for name, most in BATCH_SAID.items()}
    return numbers | {"signed": False, "query_fraction": 0, "answer_fraction": 0}


def _ports(named: list[tuple[str, str, int]]) -> dict[str, list[int]]:
    """The literals of each port, from (side, name of a bit, literal)."""
    bits = dict[str, dict[int, int]]()
    for side, name, literal in named:
        port = PORT.fullmatch(name)
        if port is None or (side == "o") != name.startswith(("query", "predict")):
            raise MalformedError(f"a port of the machine, got {name[:40]!r}")
        found, index = bits.setdefault(port[1], {}), int(port[3] or 0)
        well_formed(index not in found, f"a bit of a port once, got {name[:40]!r} again")
        found[index] = literal
    full = all(sorted(found) == list(range(len(found))) for found in bits.values())
    well_formed(full, "vectors of the machine with their bits 0, 1, ...")
    return {name: [found[i] for i in range(len(found))] for name, found in bits.items()}


def _machine(
    ports: dict[str, list[int]], latches: list[Row], ands: list[Row], first_free: int, numbers: dict[str, Any]
) -> Machine:
    p = sum(name.startswith("query") for name in ports)
    names = {"x", "predict", *(f"query{j}" for j in range(p)), *(f"answer{j}" for j in range(p))}
    need(
        names <= set(ports) <= names | {"random"},
        f"ports x, predict, query0 to query{p - 1} and answer0 to answer{p - 1} of a machine",
    )
    for kind in ("query", "answer"):
        need(len({len(ports[f"{kind}{j}"]) for j in range(p)}) <= 1, f"every {kind} of one width")
    machine = Machine(ports=ports, latches=latches, ands=ands, first_free=first_free, queries=p, **numbers)
    if machine.points:
        fits = all(len(ports[f"query{j}"]) == 1 and len(ports[f"answer{j}"]) == machine.points for j in range(p))
        need(p and fits, f"(j) queries of a bit and answers of {machine.points} bits, and at least one query")
    else:
        wide = machine.answer_fraction + 2
        fits = all(len(ports[f"answer{j}"]) >= wide for j in range(p))
        need(fits, f"(j) answers of at least {wide} bits, for -1 and 1")
    _check_cones(machine)
    return machine


def _check_cones(machine: Machine) -> None:
    """Queries and predictions do not see answers or random bits, next states do not see x."""
    fed = {literal for name, row in machine.ports.items() if name.startswith(("answer", "random")) for literal in row}
    asked = [literal for name, row in machine.ports.items() if name.startswith(("query", "predict")) for literal in row]
    for literals, forbidden in ((asked, fed), ([after for _, after, _ in machine.latches], set(machine.port("x")))):
        seen = {literal & ~1 for literal in literals} | {
            operand & ~1 for row in machine.cone(literals) for operand in row[1:]
        }
        need(
            not seen & forbidden,
            "queries and predictions of x and state, next states of answers, random bits and state",
        )
