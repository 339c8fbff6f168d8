"""BENCH, the netlists of ISCAS-85 and ISCAS-89: INPUT, OUTPUT, AND, OR, NAND, NOR, NOT, BUF, XOR, XNOR and DFF by name.

NAND and NOR are single rows (an OR or AND of negated literals). XOR takes three rows for each operand after the first.
A DFF starts at 0.

ABC's dialect is read too. ``MUX(c, a, b)`` is a where c is 1 and b where c is 0. ``LUT 0x8 (a, b)`` is a truth table:
bit m of the hexadecimal number is the value where a is bit 0 of m, b bit 1, and so on, so that 0x8 is AND. ``DFF0`` and
``DFF1`` say where a state bit starts, ``DFFRSE(d, gnd, gnd, gnd, gnd)`` is a DFF, and ``gnd`` and ``vdd`` are constants
if nothing else is called so.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.formats.aiger_cursor import quoted
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError
from constructions.foundations.spelling import SURROGATE, read_name, spelled

PORT = r"(INPUT|OUTPUT)\s*\(\s*([^\s(),=]+)\s*\)"
GATE = r"([^\s(),=]+)\s*=\s*([A-Za-z]\w*)(?:\s+(0x[0-9a-f]+))?\s*(?:\(([^()=]*)\))?"
LINE = re.compile(f"(?:{PORT}|{GATE})", re.IGNORECASE | re.ASCII)
FLOPS = {"DFF", "DFF0", "DFF1", "DFFRSE"}
ONE = {"NOT", "BUF", "BUFF", "DFF", "DFF0", "DFF1"}
MANY = {"AND", "OR", "NAND", "NOR", "XOR", "XNOR", "NXOR"}
NONE = {"VDD": 0, "GND": 1}
TABLE, MOST_OPERANDS = "LUT", 16
"""A truth table of more operands is refused."""
SHAPES = {"MUX": 3, "DFFRSE": 5}
KNOWN = sorted({*ONE, *MANY, *NONE, *SHAPES, TABLE})
MARKS = rf"[\s(),=#]|{SURROGATE}"
"""What a name in BENCH cannot hold. One that has them is spelled there."""


@dataclass(frozen=True, slots=True)
class Definition:
    """``name = kind(operands)`` in a line; ``table`` is the number of a truth table."""

    kind: str
    operands: tuple[str, ...]
    line: int
    table: int = 0


def read_bench(data: bytes, *, where: str = "BENCH data") -> Machine:
    """Read a BENCH file's bytes, ``data``, which errors call ``where``; every defined name becomes a signal. An output
    that stands there again is an output again, called by its position.

    Raises
    ------
    ConstructionError
        For anything malformed, undefined, defined twice or cyclic, naming the line.

    >>> read_bench(b"INPUT(a)\\nINPUT(b)\\nOUTPUT(c)\\nc = NAND(a, b)\\n").circuit(a=True, b=True)
    {'c': False}
    """
    inputs, outputs, definitions = _statements(data, where)
    _check_defined(inputs, outputs, definitions, where)
    flops = {name: definition.operands[0] for name, definition in definitions.items() if definition.kind in FLOPS}
    sources = (*inputs, *flops)
    at = {name: 2 * i for i, name in enumerate(sources)}
    rows: list[tuple[int, list[int]]] = []
    for name in _ordered(definitions, at, where):
        definition = definitions[name]
        at[name] = _rows(definition, [at[operand] for operand in definition.operands], rows, len(sources))
    signals = {literal >> 1: name for name, literal in at.items() if literal >= 2 * len(sources) and not literal & 1}
    ports = _output_ports([name for name, _ in outputs], taken={*at})
    circuit = FlatCircuit(
        inputs=sources,
        gates=Gates.of(rows),
        outputs={port: at[name] for port, name in ports.items()},
        signals=signals,
        labels={port: name for port, name in ports.items() if port != name},
    )
    start = tuple(definitions[name].kind == "DFF1" for name in flops)
    machine = Machine(circuit=circuit, next=tuple(at[name] for name in flops.values()), start=start)
    return _renamed(machine, lambda name: read_name(name, but=MARKS))


def _output_ports(names: list[str], *, taken: set[str]) -> dict[str, str]:
    """A name for every output, and what the file calls it: the first of a name has it, the others go by their
    positions."""
    ports: dict[str, str] = {}
    for i, name in enumerate(names):
        port = name
        if name in ports:
            port = f"o{i}"
            while port in taken:
                port += "_"
        ports[port] = name
    return ports


def _check_defined(
    inputs: dict[str, int], outputs: list[tuple[str, int]], definitions: dict[str, Definition], where: str
) -> None:
    """Refuse a name that nothing defines, but for the constants ``gnd`` and ``vdd``, which are defined then."""
    used = [*outputs, *((name, definition.line) for definition in definitions.values() for name in definition.operands)]
    for name, line in used:
        if name not in inputs and name not in definitions:
            if name not in ("gnd", "vdd"):
                raise ConstructionError(f"need a defined name, got {quoted(name)}, at line {line} of {where}")
            definitions[name] = Definition(name.upper(), (), line)
    for definition in definitions.values():
        rest = definition.operands[1:] if definition.kind == "DFFRSE" else ()
        odd = [name for name in rest if name in inputs or definitions[name].kind != "GND"]
        if odd:
            need = "gnd for all operands of a DFFRSE but the first"
            raise ConstructionError(f"need {need}, got {quoted(odd[0])}, at line {definition.line} of {where}")


def _statements(data: bytes, where: str) -> tuple[dict[str, int], list[tuple[str, int]], dict[str, Definition]]:
    inputs: dict[str, int] = {}
    outputs: list[tuple[str, int]] = []
    definitions: dict[str, Definition] = {}
    for number, text in _lines(data, where):
        found = LINE.fullmatch(text)
        if not found:
            raise ConstructionError(
                f"need INPUT(a), OUTPUT(a) or a = GATE(b, ...), got {quoted(text)}, at line {number} of {where}"
            )
        port, port_name, name, kind, table, operands = found.groups()
        if port and port.upper() == "OUTPUT":
            outputs.append((port_name, number))
            continue
        taken = (name or port_name) in inputs or (name or port_name) in definitions
        if port:
            inputs[port_name] = number
        else:
            definitions[name] = _definition(kind.upper(), table, operands, number, where)
        if taken:
            raise ConstructionError(
                f"need each name once, got {quoted(port_name or name)} again, at line {number} of {where}"
            )
    return inputs, outputs, definitions


def _lines(data: bytes, where: str) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(BytesIO(data.removeprefix(BOM_UTF8)), 1):
        try:
            text = raw.decode("utf-8").split("#", 1)[0].strip()
        except UnicodeDecodeError as error:
            raise ConstructionError(f"need text, got {quoted(raw)}, at line {number} of {where}") from error
        if text:
            yield number, text


def _definition(kind: str, table: str | None, operands: str | None, line: int, where: str) -> Definition:
    names = tuple(name.strip() for name in operands.split(",")) if operands and operands.strip() else ()
    wrong = [name for name in names if not name or " " in name or "\t" in name]
    most = MOST_OPERANDS if kind == TABLE else len(names)
    least = 1 if kind in ONE or kind in MANY else SHAPES.get(kind, 0)
    if kind in ONE or kind in NONE or kind in SHAPES:
        most = least
    got = quoted(f"{kind}{' ' + table if table else ''}({operands or ''})")
    if kind not in KNOWN:
        raise ConstructionError(f"need a gate among {', '.join(KNOWN)}, got {got}, at line {line} of {where}")
    if wrong or not least <= len(names) <= most:
        raise ConstructionError(
            f"need names between commas, as many as the gate takes, got {got}, at line {line} of {where}"
        )
    if (table is None) == (kind == TABLE) or (table and int(table, 16) >> (1 << len(names))):
        need = (
            f"a truth table of {1 << len(names)} bits, such as 0x8"
            if kind == TABLE
            else "no truth table but behind LUT"
        )
        raise ConstructionError(f"need {need}, got {got}, at line {line} of {where}")
    return Definition(kind, names, line, int(table, 16) if table else 0)


def _ordered(definitions: dict[str, Definition], known: dict[str, int], where: str) -> list[str]:
    """The gates in an order in which operands come first."""
    done, order = set(known), []
    for root in definitions:
        waiting, path = [root], set()
        while waiting:
            name = waiting[-1]
            before = [] if name in done else [operand for operand in definitions[name].operands if operand not in done]
            if not before:
                waiting.pop()
                path.discard(name)
                if name not in done:
                    done.add(name)
                    order.append(name)
                continue
            path.add(name)
            if any(operand in path for operand in before):
                place = f"line {definitions[name].line} of {where}"
                raise ConstructionError(
                    f"need an acyclic circuit, got {quoted(name)}, which depends on itself, at {place}"
                )
            waiting.extend(before)
    return order


def _rows(definition: Definition, operands: list[int], rows: list[tuple[int, list[int]]], n: int) -> int:
    """Add the rows of one gate; return its literal."""
    kind = definition.kind
    if kind in NONE:
        return _row(rows, n, NONE[kind], [])
    if kind == TABLE:
        return _looked_up(definition.table, operands, rows, n)
    if kind == "MUX":
        return _chosen(operands, rows, n)
    if kind in ("XOR", "XNOR", "NXOR"):
        found = operands[0]
        for operand in operands[1:]:
            either = _row(rows, n, 1, [found, operand])
            both = _row(rows, n, 1, [found ^ 1, operand ^ 1])
            found = _row(rows, n, 2, [either, both])
        return found if kind == "XOR" and len(operands) > 1 else _row(rows, n, 1, [found ^ (kind != "XOR")])
    flip = kind in ("NOT", "NAND", "NOR")
    conjunction = kind in ("AND", "NOR")
    chosen = [operand ^ flip for operand in operands]
    return _row(rows, n, len(chosen) if conjunction else 1, chosen)


def _chosen(operands: list[int], rows: list[tuple[int, list[int]]], n: int) -> int:
    """The rows of a choice: the second operand where the first is true, else the third."""
    choice, then, other = operands
    return _row(rows, n, 1, [_row(rows, n, 2, [choice, then]), _row(rows, n, 2, [choice ^ 1, other])])


def _looked_up(table: int, operands: list[int], rows: list[tuple[int, list[int]]], n: int) -> int:
    """The rows of a truth table: a choice by the last operand between two halves, equal parts written once."""
    first, known = 2 * (n + len(rows)), {}

    def value(part: int, k: int) -> int:
        if k == 0:
            return TRUE if part else FALSE
        low, high = part & ((1 << (1 << k - 1)) - 1), part >> (1 << k - 1)
        if low == high:
            return value(low, k - 1)
        if (part, k) not in known:
            known[part, k] = between(operands[k - 1], value(high, k - 1), value(low, k - 1))
        return known[part, k]

    def between(choice: int, high: int, low: int) -> int:
        if {high, low} == {TRUE, FALSE}:
            return choice ^ (low == TRUE)
        if FALSE in (high, low):
            return _row(rows, n, 2, [choice, high] if low == FALSE else [choice ^ 1, low])
        if TRUE in (high, low):
            return _row(rows, n, 1, [choice ^ 1, high] if low == TRUE else [choice, low])
        return _chosen([choice, high, low], rows, n)

    found = value(table, len(operands))
    if found < 0:
        return _row(rows, n, int(found == FALSE), [])
    return found if found >= first and not found & 1 else _row(rows, n, 1, [found])


def _row(rows: list[tuple[int, list[int]]], n: int, needs: int, literals: list[int]) -> int:
    """A row in which no node is twice: one literal stays once, a literal and its negation decide an AND or an OR."""
    chosen = dict.fromkeys(literals)
    if any(literal ^ 1 in chosen for literal in chosen):
        needs, chosen = (1 if needs == len(literals) and needs > 1 else 0), {}
    elif len(chosen) < len(literals):
        needs = len(chosen) if needs == len(literals) else 1
    rows.append((needs, list(chosen)))
    return 2 * (n + len(rows) - 1)


def write_bench(machine: Machine | FlatCircuit) -> bytes:
    """A BENCH file of ANDs, ORs and NOTs; threshold gates are written as ANDs and ORs.

    Raises
    ------
    ConstructionError
        For an empty name, or a state that may start as it likes. A name that BENCH cannot hold is spelled.

    >>> circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(1, (0, 3))]), outputs={"c": 4})
    >>> print(write_bench(circuit).decode(), end="")
    INPUT(a)
    INPUT(b)
    OUTPUT(c)
    b~ = NOT(b)
    c = OR(a, b~)
    """
    machine = machine if isinstance(machine, Machine) else Machine(circuit=machine)
    machine = _renamed(machine, lambda name: spelled(name, but=MARKS))
    if None in machine.start:
        name = machine.state[machine.start.index(None)]
        raise ConstructionError(
            f"need a machine whose state starts at 0 or 1 (BENCH knows no other start), got any start, at {name!r}"
        )
    return "".join(f"{line}\n" for line in _Writer(machine).lines()).encode()


class _Writer:
    """A machine as lines; every node gets a name of its own."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.circuit = machine, _without_thresholds(machine)
        self.written = _written_outputs(machine.circuit)
        ports = [*machine.inputs, *machine.state, *self.written.values()]
        if "" in ports:
            raise ConstructionError("need names that are not empty, got '', at writing BENCH")
        places = {name: 2 * i for i, name in enumerate(self.circuit.inputs)}
        outputs = ((name, self.circuit.outputs[f"o {port}"]) for port, name in self.written.items())
        own = {name for name, literal in outputs if places.get(name, literal) != literal}
        if own:
            raise ConstructionError(
                f"need different names for inputs and outputs (BENCH has one space of names), got {min(own)!r}"
            )
        self.taken = set(ports)
        self.names: dict[int, str] = dict(enumerate(self.circuit.inputs))

    def lines(self) -> Iterator[str]:
        machine, circuit = self.machine, self.circuit
        yield from (f"INPUT({name})" for name in machine.inputs)
        yield from (f"OUTPUT({name})" for name in self.written.values())
        tops = {name: circuit.outputs[f"o {port}"] for port, name in self.written.items()}
        for name, literal in tops.items():
            if not literal & 1 and literal >> 1 not in self.names:
                self.names[literal >> 1] = name
        flipped: dict[int, str] = {}
        for v, (needs, literals) in enumerate(circuit.gates, len(circuit.inputs)):
            if needs == 1 == len(literals):
                yield f"{self.name(v)} = {'NOT' if literals[0] & 1 else 'BUF'}({self.name(literals[0] >> 1)})"
                continue
            for literal in literals:
                if literal & 1 and literal not in flipped:
                    flipped[literal] = self.fresh(f"{self.name(literal >> 1)}~")
                    yield f"{flipped[literal]} = NOT({self.name(literal >> 1)})"
            operands = ", ".join(flipped[x] if x & 1 else self.name(x >> 1) for x in literals)
            constant = "vdd" if needs <= 0 else "gnd" if needs > len(literals) else ""
            gate = f"{'AND' if needs == len(literals) else 'OR'}({operands})"
            yield f"{self.name(v)} = {constant or gate}"
        for name, literal in tops.items():
            if self.names.get(literal >> 1) != name or literal & 1:
                yield f"{name} = {'NOT' if literal & 1 else 'BUF'}({self.name(literal >> 1)})"
        for name, start in zip(machine.state, machine.start, strict=True):
            after = circuit.outputs[f"s {name}"]
            fed = self.name(after >> 1)
            if after & 1:
                fed = self.fresh(f"{name}~next")
                yield f"{fed} = NOT({self.name(after >> 1)})"
            yield f"{name} = {'DFF1' if start else 'DFF'}({fed})"

    def name(self, node: int) -> str:
        """The name of a node, given once."""
        if node not in self.names:
            self.names[node] = self.fresh(self.circuit.name(node))
        return self.names[node]

    def fresh(self, name: str) -> str:
        """A name that nothing else has."""
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name


def _written_outputs(circuit: FlatCircuit) -> dict[str, str]:
    """How each output is called in the file: what it was called where it was read, unless others there have another
    value."""
    called = {port: circuit.labels.get(port) or port for port in circuit.outputs}
    values: dict[str, set[int]] = {}
    for port, name in called.items():
        values.setdefault(name, set()).add(circuit.outputs[port])
    return {port: name if len(values[name]) == 1 else port for port, name in called.items()}


def _renamed(machine: Machine, change: Callable[[str], str]) -> Machine:
    """The same machine with other names."""
    circuit = machine.circuit
    inputs = tuple(map(change, circuit.inputs))
    outputs = {change(name): literal for name, literal in circuit.outputs.items()}
    signals = {node: change(name) for node, name in circuit.signals.items()}
    labels = {change(name): change(label) for name, label in circuit.labels.items()}
    return replace(machine, circuit=replace(circuit, inputs=inputs, outputs=outputs, signals=signals, labels=labels))


def _without_thresholds(machine: Machine) -> FlatCircuit:
    exposed = machine.exposed()
    gates = exposed.gates
    if not ((gates.needs > 1) & (gates.needs < gates.fan_in)).any():
        return exposed
    builder = Builder()
    at = [builder.input(name) for name in exposed.inputs]
    for needs, row in gates:
        literals = [at[literal >> 1] ^ (literal & 1) for literal in row]
        at.append(builder.counted(needs, literals) if 1 < needs < len(row) else builder.gate(needs, literals))
    builder.outputs = {name: at[literal >> 1] ^ (literal & 1) for name, literal in exposed.outputs.items()}
    return builder.circuit()
