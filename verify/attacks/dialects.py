"""Well-formed circuit files as other programs write them, each with what it means: BENCH as in ISCAS-85 and ISCAS-89,
as ABC writes it (gates, or truth tables), and with multiplexers and keys; AIGER as ABC, py-aiger and Yosys write it,
with and without symbols.

The circuits are random and small. What they mean is computed here, from lists of gates, and shares nothing with the
readers.

>>> meant, data = bench_file(Random(2), "ISCAS-85")
>>> print(data.decode().strip())
# c17
# 1 inputs
<BLANKLINE>
INPUT(0)
OUTPUT(21)
OUTPUT(20)
<BLANKLINE>
21 = NOR(0, 0, 20, 20)
20 = NAND(0, 0, 0)
>>> " ".join(ports(meant)), meant.step([True])
('INPUT(0) OUTPUT(21) OUTPUT(20)', ([False, False], []))
>>> valued("NAND", [True, True], 0), valued("LUT", [True, False], 0b0010)
(False, True)
>>> graph, data = aiger_file(Random(4), "py-aiger", binary=False)
>>> data.decode().split("\\n"), graph.step([True, False, True])
(['aag 4 2 1 1 1', '2', '4', '6 2', '0', '8 7 6', 'i1 a[1]', 'o0 c[0]', ''], ([False], [True]))
>>> symbols(Random(0), graph, "all")
{'i0': 'a[0]', 'i1': 'a[1]', 'l0': 'b[0]', 'o0': 'c[0]'}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

T = TypeVar("T")
Gate = tuple[str, tuple[str, ...], int]
"""A kind, its operands, and the number of its truth table (0 for others)."""
Step = tuple[list[bool], list[bool]]
"""Outputs and next state, in the order of the file."""


@dataclass(frozen=True, kw_only=True)
class Netlist:
    """A circuit by names of ``inputs`` and ``outputs``: gates in an order in which operands come first; ``states`` with
    what feeds each and where it starts."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    gates: Mapping[str, Gate]
    states: Mapping[str, tuple[str, bool]] = field(default_factory=dict)

    def step(self, bits: Sequence[bool]) -> Step:
        """Outputs and next state for the bits of inputs and state.

        >>> both = Netlist(inputs=("a", "b"), outputs=("c",), gates={"c": ("LUT", ("a", "b"), 0x8)})
        >>> both.step([True, True]), both.step([True, False])
        (([True], []), ([False], []))
        """
        values = dict(zip((*self.inputs, *self.states), bits, strict=True)) | {"gnd": False, "vdd": True}
        for name, (kind, operands, table) in self.gates.items():
            values[name] = valued(kind, [values[operand] for operand in operands], table)
        return [values[name] for name in self.outputs], [values[fed] for fed, _ in self.states.values()]


def valued(kind: str, bits: Sequence[bool], table: int) -> bool:
    """The value of a gate of a kind at the bits of its inputs; a LUT is given by its ``table``, whose bit i is the
    value at the number i."""
    if kind == "LUT":
        return bool(table >> sum(bit << i for i, bit in enumerate(bits)) & 1)
    if kind == "MUX":
        return bits[1] if bits[0] else bits[2]
    flat = kind in ("NAND", "NOR", "XNOR", "NXOR", "NOT", "GND")
    base = {"AND": all, "NAND": all, "OR": any, "NOR": any, "NOT": any, "BUF": any, "BUFF": any, "VDD": all, "GND": all}
    return base.get(kind, lambda found: sum(found) % 2 == 1)(bits) != flat


PLAIN = ("AND", "NAND", "OR", "NOR", "XOR", "XNOR", "NOT", "BUFF")
OPERANDS = {"NOT": (1, 1), "BUFF": (1, 1), "MUX": (3, 3), "LUT": (1, 5), "VDD": (0, 0), "GND": (0, 0)}


def netlist(
    source: Random,
    kinds: Sequence[str],
    *,
    names: str = "G",
    states: int = 0,
    starts: bool = False,
    repeats: bool = False,
) -> Netlist:
    """A random circuit of some kinds of gates, with up to so many states; ``starts``: some begin at 1; ``repeats``: an
    output may stand there again."""
    inputs = tuple(f"{names}{i}" for i in range(source.randint(1, 4)))
    flops = [f"{names}{10 + i}" for i in range(source.randint(1, states) if states else 0)]
    known, gates = [*inputs, *flops], dict[str, Gate]()
    for i in range(20, 20 + source.randint(1, 8)):
        kind = source.choice(kinds)
        count = source.randint(*OPERANDS.get(kind, (2, 4)))
        operands = tuple(source.choice(known) for _ in range(count))
        gates[f"{names}{i}"] = kind, operands, source.getrandbits(1 << count) if kind == "LUT" else 0
        known.append(f"{names}{i}")
    outputs = [source.choice(known) for _ in range(source.randint(1, 4))]
    return Netlist(
        inputs=inputs,
        outputs=tuple(outputs if repeats else dict.fromkeys(outputs)),
        gates=gates,
        states={name: (source.choice(known), starts and source.random() < 0.5) for name in flops},
    )


def shuffled(source: Random, lines: Sequence[T]) -> list[T]:
    """The lines in any order."""
    return source.sample(list(lines), len(lines))


def ports(made: Netlist) -> list[str]:
    """The lines of inputs and outputs."""
    return [*(f"INPUT({name})" for name in made.inputs), *(f"OUTPUT({name})" for name in made.outputs)]


def iscas85(source: Random) -> tuple[Netlist, list[str]]:
    """Numbers for names, a comment at the top, operands behind a comma and a blank."""
    made = netlist(source, PLAIN, names="")
    gates = [f"{name} = {kind}({', '.join(operands)})" for name, (kind, operands, _) in made.gates.items()]
    return made, ["# c17", f"# {len(made.inputs)} inputs", "", *ports(made), "", *shuffled(source, gates)]


def iscas89(source: Random) -> tuple[Netlist, list[str]]:
    """Flip-flops before the gates that feed them, blanks at the front, blank lines."""
    made = netlist(source, PLAIN, states=3)
    flops = [f"  {name} = DFF({fed})" for name, (fed, _) in made.states.items()]
    gates = [f"  {name} = {kind}({','.join(operands)})" for name, (kind, operands, _) in made.gates.items()]
    return made, ["# s27", "", *ports(made), "", *flops, "", *shuffled(source, gates), "", "# END"]


def abc_gates(source: Random) -> tuple[Netlist, list[str]]:
    """What ABC writes with its option for gates: ANDs, NOTs, BUFFs and vdd, in columns."""
    made = netlist(source, ("AND", "NOT", "BUFF", "VDD"), states=2, names="new_n")
    flops = [f"{name:<11} = DFF({fed})" for name, (fed, _) in made.states.items()]
    right = {
        name: "vdd" if kind == "VDD" else f"{kind}({', '.join(operands)})"
        for name, (kind, operands, _) in made.gates.items()
    }
    gates = [f"{name:<11} = {gate}" for name, gate in right.items()]
    return made, ['# Benchmark "s27" written by ABC on Mon Jun  1 12:00:00 2020', *ports(made), *flops, *gates]


def abc_tables(source: Random) -> tuple[Netlist, list[str]]:
    """What ABC writes by itself: truth tables in hexadecimal digits, as many as they have, and DFFRSE for a
    flip-flop."""
    made = netlist(source, ("LUT", "GND", "VDD"), states=2, names="n")
    flops = [f"{name:<11} = DFFRSE( {fed}, gnd, gnd, gnd, gnd )" for name, (fed, _) in made.states.items()]
    gates = []
    for name, (kind, operands, table) in made.gates.items():
        digits = f"{table:0{max(1, (1 << len(operands)) // 4)}x}"
        gates.append(
            f"{name:<11} = " + (f"LUT 0x{digits} ( {', '.join(operands)} )" if kind == "LUT" else kind.lower())
        )
    return made, ['# Benchmark "top" written by ABC on Mon Jun  1 12:00:00 2020', *ports(made), *flops, *gates]


def locked(source: Random) -> tuple[Netlist, list[str]]:
    """Multiplexers with key inputs, small letters, repeated outputs, the names gnd and vdd as operands, states that
    start at 1."""
    made = netlist(source, (*PLAIN, "MUX", "MUX", "NXOR"), states=2, names="keyinput", starts=True, repeats=True)
    gates = dict(made.gates)
    for name, (kind, operands, table) in made.gates.items():
        if source.random() < 0.2:
            gates[name] = kind, (source.choice(("gnd", "vdd")), *operands[1:]), table
    made = Netlist(inputs=made.inputs, outputs=made.outputs, gates=gates, states=made.states)
    flops = [f"{name} = {'DFF1' if start else 'DFF0'}({fed})" for name, (fed, start) in made.states.items()]
    lines = [f"{name}\t= {kind.lower()}({', '.join(operands)})" for name, (kind, operands, _) in gates.items()]
    return made, shuffled(source, [*ports(made), *flops, *lines])


BENCH = {"ISCAS-85": iscas85, "ISCAS-89": iscas89, "ABC, gates": abc_gates, "ABC, tables": abc_tables, "locked": locked}


def bench_file(source: Random, dialect: str) -> tuple[Netlist, bytes]:
    """A BENCH file of a dialect, drawn from a seeded source, and what it means; its lines end as they do anywhere, and
    a mark may stand before them."""
    made, lines = BENCH[dialect](source)
    end = source.choice(("\n", "\n", "\r\n"))
    if dialect == "locked":  # the order of inputs and outputs is that of the file
        made = Netlist(
            inputs=tuple(line[6:-1] for line in lines if line.startswith("INPUT")),
            gates=made.gates,
            outputs=tuple(line[7:-1] for line in lines if line.startswith("OUTPUT")),
            states={name: made.states[name] for name in (line.split()[0] for line in lines) if name in made.states},
        )
    return made, source.choice((b"", b"", b"\xef\xbb\xbf")) + (end.join(lines) + end * (source.random() < 0.8)).encode()


@dataclass(frozen=True, kw_only=True)
class Aig:
    """An and-inverter graph in AIGER's literals: ``ands`` (first, second) in order, the k-th for variable inputs +
    latches + k + 1.

    ``inputs`` are counted, ``outputs`` are literals, ``symbols`` give names to places, ``comment`` stands at the end.
    """

    inputs: int
    latches: tuple[tuple[int, int], ...]
    outputs: tuple[int, ...]
    ands: tuple[tuple[int, int], ...]
    symbols: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""

    def step(self, bits: Sequence[bool]) -> Step:
        """Outputs and next state for the bits of inputs and state."""
        values = [False, *bits]

        def value(literal: int) -> bool:
            return values[literal >> 1] != bool(literal & 1)

        for first, second in self.ands:
            values.append(value(first) and value(second))
        return [value(literal) for literal in self.outputs], [value(after) for after, _ in self.latches]


def aig(source: Random, *, latches: int) -> Aig:
    """A random graph without symbols; a latch starts at 0, 1 or anything (its own literal)."""
    n, m = source.randint(1, 4), source.randint(0, latches)
    ands = []
    for head in range(n + m + 1, n + m + 1 + source.randint(0, 8)):
        first, second = source.randrange(2 * head), source.randrange(2 * head)
        ands.append((max(first, second), min(first, second)))
    top = 2 * (n + m + len(ands)) + 2
    states = tuple((source.randrange(top), source.choice((0, 1, 2 * (n + i) + 2))) for i in range(m))
    return Aig(
        inputs=n,
        latches=states,
        outputs=tuple(source.randrange(top) for _ in range(source.randint(1, 4))),
        ands=tuple(ands),
    )


def symbols(source: Random, made: Aig, style: str) -> dict[str, str]:
    """Names by place for the file that is ``made``, drawn from a seeded source: by the ``style`` none, of all, of some,
    several alike, or places that are names of others."""
    places = [
        f"{mark}{i}"
        for mark, many in (("i", made.inputs), ("l", len(made.latches)), ("o", len(made.outputs)))
        for i in range(many)
    ]
    if style == "none":
        return {}
    names = {place: f"{'abc'['ilo'.index(place[0])]}[{place[1:]}]" for place in places}
    if style == "some":
        return {place: name for place, name in names.items() if source.random() < 0.5}
    if style == "alike":
        return {
            place: source.choice(("a", "b", "clk", "x y", "i0", "o1", "naïve"))
            for place in places
            if source.random() < 0.9
        }
    return names


AIGER = {
    "ABC": ("none", "all"),
    "EPFL": ("all",),
    "py-aiger": ("all", "some"),
    "Yosys": ("alike", "some"),
    "aigtoaig": ("none", "alike"),
}
COMMENTS = {
    "ABC": "top\nThis file was written by ABC on Mon Jun  1 12:00:00 2020\n",
    "Yosys": "Generated by Yosys 0.9\n",
}


def aiger_file(source: Random, dialect: str, *, binary: bool) -> tuple[Aig, bytes]:
    """An AIGER file of a dialect, in ASCII or ``binary``, drawn from a seeded source, and what it means; ASCII lines
    end as they do anywhere, the last may not end."""
    bare = aig(source, latches=0 if dialect == "EPFL" else 2)
    names = symbols(source, bare, source.choice(AIGER[dialect]))
    made = Aig(
        inputs=bare.inputs,
        latches=bare.latches,
        outputs=bare.outputs,
        ands=bare.ands,
        symbols=names,
        comment=COMMENTS.get(dialect, ""),
    )
    sources, total = made.inputs + len(made.latches), made.inputs + len(made.latches) + len(made.ands)
    head = (
        f"{'aig' if binary else 'aag'} {total} {made.inputs} {len(made.latches)} {len(made.outputs)} {len(made.ands)}"
    )
    lines = [head, *([] if binary else (str(2 * i + 2) for i in range(made.inputs)))]
    for i, (after, start) in enumerate(made.latches, made.inputs):
        lines.append(
            ("" if binary else f"{2 * i + 2} ") + str(after) + (f" {start}" if start or source.random() < 0.5 else "")
        )
    lines += map(str, made.outputs)
    rest = [f"{place} {name}" for place, name in names.items()] + (
        ["c", made.comment.rstrip("\n")] if made.comment else []
    )
    rows = [(2 * (sources + i) + 2, *pair) for i, pair in enumerate(made.ands)]
    if binary:
        packed = b"".join(seven(head - first) + seven(first - second) for head, first, second in rows)
        return made, "".join(f"{line}\n" for line in lines).encode() + packed + "".join(
            f"{line}\n" for line in rest
        ).encode()
    end = source.choice(("\n", "\n", "\r\n"))
    whole = [*lines, *(f"{head} {first} {second}" for head, first, second in shuffled(source, rows)), *rest]
    return made, (end.join(whole) + end * (source.random() < 0.8 or bool(made.comment))).encode()


def seven(number: int) -> bytes:
    """A number in groups of seven bits, least first, all but the last marked.

    >>> seven(5), seven(300)
    (b'\\x05', b'\\xac\\x02')
    """
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])
