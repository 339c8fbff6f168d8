"""BENCH, the netlists of ISCAS-85 and ISCAS-89: INPUT, OUTPUT, AND, OR, NAND, NOR, NOT, BUF, XOR, XNOR and DFF by name.

NAND and NOR are single rows (an OR or AND of negated literals). XOR takes three rows for each operand after the first. A
DFF starts at 0.
"""
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from constructions.computation.builder import Builder
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError
from constructions.foundations.spelling import SURROGATE, spelled

PORT = r"(INPUT|OUTPUT)\s*\(\s*([^\s(),=]+)\s*\)"
GATE = r"([^\s(),=]+)\s*=\s*([A-Za-z]\w*)\s*(?:\(([^()=]*)\))?"
LINE = re.compile(f"(?:{PORT}|{GATE})", re.IGNORECASE | re.ASCII)
ONE = {"NOT", "BUF", "BUFF", "DFF"}
MANY = {"AND", "OR", "NAND", "NOR", "XOR", "XNOR"}
NONE = {"VDD": 0, "GND": 1}
MARKS = rf"[\s(),=#]|{SURROGATE}"
"""What a name in BENCH cannot hold. One that has them is spelled when it is written."""


@dataclass(frozen=True, slots=True)
class Definition:
    """``name = kind(operands)`` in a line."""

    kind: str
    operands: tuple[str, ...]
    line: int


def read_bench(data: bytes, *, where: str = "BENCH data") -> Machine:
    """Read a BENCH file; every defined name becomes a signal.

    Errors
    ------
    ConstructionError naming the line for anything malformed, undefined, defined twice or cyclic.

    >>> read_bench(b"INPUT(a)\\nINPUT(b)\\nOUTPUT(c)\\nc = NAND(a, b)\\n").circuit(a=True, b=True)
    {'c': False}
    """
    inputs, outputs, definitions = _statements(data, where)
    for name, line in outputs.items():
        if name not in inputs and name not in definitions:
            raise ConstructionError(f"need a defined name, got {_short(name)}, at line {line} of {where}")
    for definition in definitions.values():
        lost = [name for name in definition.operands if name not in inputs and name not in definitions]
        if lost:
            raise ConstructionError(f"need a defined name, got {_short(lost[0])}, at line {definition.line} of {where}")
    flops = {name: definition.operands[0] for name, definition in definitions.items() if definition.kind == "DFF"}
    sources = (*inputs, *flops)
    at = {name: 2 * i for i, name in enumerate(sources)}
    rows: list[tuple[int, list[int]]] = []
    for name in _ordered(definitions, at, where):
        definition = definitions[name]
        at[name] = _rows(definition, [at[operand] for operand in definition.operands], rows, len(sources))
    signals = {literal >> 1: name for name, literal in at.items() if literal >= 2 * len(sources) and not literal & 1}
    circuit = FlatCircuit(inputs=sources, gates=Gates.of(rows), outputs={name: at[name] for name in outputs}, signals=signals)
    return Machine(circuit=circuit, next=tuple(at[name] for name in flops.values()), start=(False,) * len(flops))


def _statements(data: bytes, where: str) -> tuple[dict[str, int], dict[str, int], dict[str, Definition]]:
    inputs: dict[str, int] = {}
    outputs: dict[str, int] = {}
    definitions: dict[str, Definition] = {}
    for number, text in _lines(data, where):
        found = LINE.fullmatch(text)
        if not found:
            raise ConstructionError(f"need INPUT(a), OUTPUT(a) or a = GATE(b, ...), got {_short(text)}, at line {number} of {where}")
        port, port_name, name, kind, operands = found.groups()
        if port:
            table = inputs if port.upper() == "INPUT" else outputs
            taken = port_name in table or (table is inputs and port_name in definitions)
            table[port_name] = number
        else:
            taken = name in inputs or name in definitions
            definitions[name] = _definition(kind.upper(), operands, number, where)
        if taken:
            raise ConstructionError(f"need each name once, got {_short(port_name or name)} again, at line {number} of {where}")
    return inputs, outputs, definitions


def _lines(data: bytes, where: str) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(BytesIO(data), 1):
        try:
            text = raw.decode("utf-8").split("#", 1)[0].strip()
        except UnicodeDecodeError as error:
            raise ConstructionError(f"need text, got {_short(raw)}, at line {number} of {where}") from error
        if text:
            yield number, text


def _definition(kind: str, operands: str | None, line: int, where: str) -> Definition:
    names = tuple(name.strip() for name in operands.split(",")) if operands and operands.strip() else ()
    wrong = [name for name in names if not name or " " in name or "\t" in name]
    fits = len(names) == 1 if kind in ONE else len(names) >= 1 if kind in MANY else not names if kind in NONE else False
    if wrong or not fits:
        known = kind in ONE or kind in MANY or kind in NONE
        need = "names between commas, as many as the gate takes" if known else f"a gate among {', '.join(sorted(ONE | MANY | set(NONE)))}"
        raise ConstructionError(f"need {need}, got {_short(f'{kind}({operands or str()})')}, at line {line} of {where}")
    return Definition(kind, names, line)


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
                raise ConstructionError(f"need an acyclic circuit, got {_short(name)}, which depends on itself, at {place}")
            waiting.extend(before)
    return order


def _rows(definition: Definition, operands: list[int], rows: list[tuple[int, list[int]]], n: int) -> int:
    """Add the rows of one gate; return its literal."""
    kind = definition.kind
    if kind in NONE:
        return _row(rows, n, NONE[kind], [])
    if kind in ("XOR", "XNOR"):
        found = operands[0]
        for operand in operands[1:]:
            either = _row(rows, n, 1, [found, operand])
            both = _row(rows, n, 1, [found ^ 1, operand ^ 1])
            found = _row(rows, n, 2, [either, both])
        return _row(rows, n, 1, [found ^ (kind == "XNOR")]) if kind == "XNOR" or len(operands) == 1 else found
    flip = kind in ("NOT", "NAND", "NOR")
    conjunction = kind in ("AND", "NOR")
    chosen = [operand ^ flip for operand in operands]
    return _row(rows, n, len(chosen) if conjunction else 1, chosen)


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

    Errors
    ------
    ConstructionError for an empty name, or a state that does not start at 0. A name that BENCH cannot hold is spelled.

    >>> circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(1, (0, 3))]), outputs={"c": 4})
    >>> print(write_bench(circuit).decode(), end="")
    INPUT(a)
    INPUT(b)
    OUTPUT(c)
    b~ = NOT(b)
    c = OR(a, b~)
    """
    machine = _spelled(machine if isinstance(machine, Machine) else Machine(circuit=machine))
    if any(start is not False for start in machine.start):
        raise ConstructionError("need a machine whose state starts at 0 (BENCH knows no other start), got another start")
    return "".join(f"{line}\n" for line in _Writer(machine).lines()).encode()


class _Writer:
    """A machine as lines; every node gets a name of its own."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.circuit = machine, _without_thresholds(machine)
        ports = [*machine.inputs, *machine.state, *machine.outputs]
        if "" in ports:
            raise ConstructionError("need names that are not empty, got '', at writing BENCH")
        both = set(machine.outputs) & {*machine.inputs, *machine.state}
        own = {name for name in both if self.circuit.outputs[f"o {name}"] != 2 * self.circuit.inputs.index(name)}
        if own:
            raise ConstructionError(f"need different names for inputs and outputs (BENCH has one space of names), got {min(own)!r}")
        self.taken = set(ports)
        self.names: dict[int, str] = dict(enumerate(self.circuit.inputs))

    def lines(self) -> Iterator[str]:
        machine, circuit = self.machine, self.circuit
        yield from (f"INPUT({name})" for name in machine.inputs)
        yield from (f"OUTPUT({name})" for name in machine.outputs)
        tops = {name: circuit.outputs[f"o {name}"] for name in machine.outputs}
        for name, literal in tops.items():
            if not literal & 1 and literal >> 1 not in self.names:
                self.names[literal >> 1] = name
        flipped: dict[int, str] = {}
        for v, (needs, literals) in enumerate(circuit.gates, len(circuit.inputs)):
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
        for name in machine.state:
            after = circuit.outputs[f"s {name}"]
            fed = self.name(after >> 1)
            if after & 1:
                fed = self.fresh(f"{name}~next")
                yield f"{fed} = NOT({self.name(after >> 1)})"
            yield f"{name} = DFF({fed})"

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


def _spelled(machine: Machine) -> Machine:
    """The same machine with its names spelled."""
    circuit = machine.circuit
    inputs = tuple(spelled(name, but=MARKS) for name in circuit.inputs)
    outputs = {spelled(name, but=MARKS): literal for name, literal in circuit.outputs.items()}
    signals = {node: spelled(name, but=MARKS) for node, name in circuit.signals.items()}
    return replace(machine, circuit=replace(circuit, inputs=inputs, outputs=outputs, signals=signals))


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


def _short(text: str | bytes) -> str:
    shown = repr(text[:80])
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
