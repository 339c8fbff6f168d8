"""Writing AIGER 1.9, ASCII and binary: every gate as ANDs of two literals."""

from collections.abc import Iterator, Mapping
from itertools import chain

import numpy as np

from constructions.computation.builder import TRUE, Builder
from constructions.computation.flat import FlatCircuit, Integers
from constructions.computation.formats.aiger import BREAKS, AigerFile
from constructions.computation.machines import Machine
from constructions.errors import ConstructionError
from constructions.foundations.spelling import spelled


def write_aiger(file: AigerFile | Machine | FlatCircuit, *, binary: bool) -> bytes:
    """An AIGER file; wide and threshold gates are written as ANDs of two, and what was read keeps its own symbols.

    Raises
    ------
    ConstructionError
        For a symbol without a name.

    >>> from constructions.computation.flat import Gates
    >>> circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(1, (0, 2))]), outputs={"any": 4})
    >>> print(write_aiger(circuit, binary=False).decode(), end="")
    aag 3 2 0 1 1
    2
    4
    7
    6 5 3
    i0 a
    i1 b
    o0 any
    """
    if isinstance(file, FlatCircuit):
        file = Machine(circuit=file)
    if isinstance(file, Machine):
        file = AigerFile(machine=file)
    left, right, at = _pairs(file.machine.circuit)
    return b"".join(_written(file, left, right, at, binary))


def _pairs(circuit: FlatCircuit) -> tuple[Integers, Integers, list[int]]:
    """Every gate as ANDs of two AIGER literals, and the AIGER literal of every node."""
    n, gates = len(circuit.inputs), circuit.gates
    if (gates.fan_in == 2).all() and (gates.needs == 2).all():
        return *_ordered(gates.literals.reshape(-1, 2) + 2), list(range(2, 2 * circuit.size + 2, 2))
    writer = _Ands(n)
    at = list(range(2, 2 * n + 2, 2))
    for needs, row in gates:
        at.append(writer.gate(needs, [at[literal >> 1] ^ (literal & 1) for literal in row]))
    return *_ordered(np.array(writer.pairs, np.int64).reshape(-1, 2)), at


def _ordered(pairs: Integers) -> tuple[Integers, Integers]:
    return np.maximum(pairs[:, 0], pairs[:, 1]), np.minimum(pairs[:, 0], pairs[:, 1])


class _Ands(Builder):
    """A builder whose wide gates become balanced trees, over AIGER's literals."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.inputs = [""] * n

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The operands of every AND, as AIGER's literals."""
        return [(row[0] + 2, row[1] + 2) for _, row in self._gates]

    def gate(self, needs: int, literals: list[int]) -> int:
        """The AIGER literal of a gate over AIGER literals."""
        below = [literal - 2 for literal in literals]
        if needs == len(below):
            return self.tree(below) + 2
        if needs == 1:
            return (self.tree([literal ^ 1 for literal in below]) ^ 1) + 2
        return self.counted(needs, below) + 2

    def tree(self, literals: list[int]) -> int:
        """AND of any number of literals, halved again and again."""
        while len(literals) > 1:
            pairs = [self.both(a, b) for a, b in zip(literals[::2], literals[1::2], strict=False)]
            literals = pairs + literals[2 * len(pairs) :]
        return literals[0] if literals else TRUE


def _written(file: AigerFile, left: Integers, right: Integers, at: list[int], binary: bool) -> Iterator[bytes]:
    machine = file.machine
    inputs, state = machine.inputs, machine.state
    sources = len(inputs) + len(state)

    def outside(literal: int) -> int:
        return at[literal >> 1] ^ (literal & 1)

    extra = [len(file.bad), len(file.constraints), len(file.justice), len(file.fairness)]
    while extra and not extra[-1]:
        extra.pop()
    counts = [sources + len(left), len(inputs), len(state), len(machine.outputs), len(left), *extra]
    yield f"{'aig' if binary else 'aag'} {' '.join(map(str, counts))}\n".encode()
    if not binary:
        yield "".join(f"{2 * i + 2}\n" for i in range(len(inputs))).encode()
    for i, (after, start) in enumerate(zip(machine.next, machine.start, strict=True), len(inputs)):
        literal = 2 * i + 2
        reset = "" if start is False else f" {literal if start is None else 1}"
        yield f"{'' if binary else f'{literal} '}{outside(after)}{reset}\n".encode()
    plain = chain(machine.circuit.outputs.values(), file.bad.values(), file.constraints.values())
    yield "".join(f"{outside(literal)}\n" for literal in plain).encode()
    yield "".join(f"{len(literals)}\n" for literals in file.justice.values()).encode()
    rest = chain(*file.justice.values(), file.fairness.values())
    yield "".join(f"{outside(literal)}\n" for literal in rest).encode()
    heads = 2 * (sources + 1 + np.arange(len(left), dtype=np.int64))
    if binary:
        yield _varints(np.stack((heads - left, left - right), axis=1).ravel())
    else:
        yield "".join(
            f"{h} {a} {b}\n" for h, a, b in zip(heads.tolist(), left.tolist(), right.tolist(), strict=True)
        ).encode()
    labels = {**machine.circuit.labels, **file.labels}
    named = {"i": inputs, "l": state, "o": machine.outputs, "b": tuple(file.bad), "c": tuple(file.constraints)}
    for mark, names in (named | {"j": tuple(file.justice), "f": tuple(file.fairness)}).items():
        yield "".join(_symbol(f"{mark}{i}", name, labels) for i, name in enumerate(names)).encode()
    if file.comment:
        yield f"c\n{file.comment}".encode()


def _symbol(place: str, name: str, labels: Mapping[str, str]) -> str:
    """The line of a symbol: what a file called the thing, or its name; none where the name is but its position."""
    if not name:
        raise ConstructionError(f"need a name that is not empty, got {name!r}, at symbol {place}")
    symbol = labels.get(name, "" if name == place else name)
    return f"{place} {spelled(symbol, but=BREAKS)}\n" if symbol else ""


def _varints(values: Integers) -> bytes:
    sizes = np.ones(len(values), np.int64)
    for k in range(1, 5):
        sizes += values >= 1 << (7 * k)
    starts = np.cumsum(sizes) - sizes
    found = np.zeros(int(sizes.sum()), np.uint8)
    for k in range(int(sizes.max(initial=0))):
        here = sizes > k
        more = (sizes[here] > k + 1).astype(np.int64) << 7
        found[starts[here] + k] = (values[here] >> (7 * k) & 0x7F) | more
    return found.tobytes()
