"""The circuits of an enumeration as tables: every circuit that is evaluated while a claim is gone through, with its
inputs and outputs at all points at which the claim was found to hold.

An enumeration evaluates its circuits by code of ours. A circuit, and the table of the values with which the claim holds
at every point of its domain, are a question to a SAT solver: is there a row at which the circuit has another value?
That the claim wants these values is what the enumeration finds; that the circuit has them is then known without it.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.miters import SeparateGates
from constructions.computation.watching import watching
from constructions.foundations.exact import rational
from verify.obligations.obligation import Obligation
from verify.provers.to_gates import FAILS, NotFiniteError
from verify.replay.witness import replay_of

MOST_CELLS = 1 << 21
Bits = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class CircuitTable:
    """A circuit, and what its outputs are to be at some inputs: ``rows`` has both in the order of their names.

    >>> both = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"y": 4})
    >>> right = CircuitTable(both, {(True, True): (True,), (True, False): (False,)})
    >>> wrong = CircuitTable(both, {(True, True): (False,)})
    >>> [table.miter().evaluate({"a": 0b0011, "b": 0b0101}, width=4) for table in (right, wrong)]
    [{'fails': 0}, {'fails': 1}]
    """

    circuit: FlatCircuit
    rows: dict[Bits, Bits] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        """The size of the table."""
        return len(self.rows) * (len(self.circuit.inputs) + len(self.circuit.outputs))

    def note(self, inputs: Mapping[str, int], outputs: Mapping[str, int], width: int) -> None:
        """Note ``width`` rows that stand side by side: bit j of each of the inputs and outputs belongs to row j.

        >>> table = CircuitTable(FlatCircuit(inputs=("a",), gates=Gates.of([(1, (1,))]), outputs={"not": 2}))
        >>> table.note({"a": 0b01}, {"not": 0b10}, 2)
        >>> table.rows
        {(True,): (False,), (False,): (True,)}
        """
        for j in range(width):
            row = tuple(bool(inputs[name] >> j & 1) for name in self.circuit.inputs)
            self.rows[row] = tuple(bool(outputs[name] >> j & 1) for name in self.circuit.outputs)

    def miter(self) -> FlatCircuit:
        """The circuit that is true at the rows at which the circuit has another value than the table."""
        gates = SeparateGates(len(self.circuit.inputs))
        at = gates.taken(self.circuit.gates)
        outputs = [at[literal >> 1] ^ (literal & 1) for literal in self.circuit.outputs.values()]
        wrong = []
        for row, wanted in self.rows.items():
            here = gates.every([2 * i ^ (not bit) for i, bit in enumerate(row)])
            other = gates.some([literal ^ bit for literal, bit in zip(outputs, wanted, strict=True)])
            wrong.append(gates.both(here, other))
        fails = gates.some(wrong)
        return FlatCircuit(inputs=self.circuit.inputs, gates=Gates.of(gates.rows), outputs={FAILS: fails})


def tables_of(obligation: Obligation, of: Any = None) -> list[CircuitTable]:
    """The circuits that an enumeration evaluates, with their values.

    Parameters
    ----------
    obligation : of the kind ``enumeration``. of : builds the subject; the obligation's own, if it is not given.

    Raises
    ------
    NotFiniteError
        If the claim fails somewhere, if it evaluates no circuit with inputs, or too many.

    >>> both = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"y": 4})
    >>> def is_and(circuit, case):
    ...     "The circuit is the AND of two bits."
    ...     a, b = int(case.integer("a")), int(case.integer("b"))
    ...     case.show("and", circuit.evaluate({"a": a, "b": b}) == {"y": a * b})
    >>> made = Obligation(
    ...     id="and", paper="mine", claim=is_and, of=lambda case: both, twin=lambda case: both,
    ...     kind="enumeration", finite="two points",
    ...     domain=lambda: iter([{"a": 0, "b": 1}, {"a": 1, "b": 1}]))
    >>> tables_of(made)[0].rows
    {(False, True): (False,), (True, True): (True,)}
    """
    tables: dict[Any, CircuitTable] = {}

    def watch(circuit: FlatCircuit, inputs: Mapping[str, int], outputs: Mapping[str, int], width: int) -> None:
        if circuit.inputs:
            tables.setdefault(_key(circuit), CircuitTable(circuit)).note(inputs, outputs, width)

    _forget_what_was_evaluated(obligation)
    with watching(watch):
        for values in obligation.domain() if obligation.domain else iter(({},)):
            point = {name: rational(value, where=name) for name, value in values.items()}
            failing = replay_of(obligation, of or obligation.of, point).failing()
            if failing:
                raise NotFiniteError(f"need a claim that holds at every point, got one at which {failing[0]!r} fails")
            if sum(table.cells for table in tables.values()) > MOST_CELLS:
                raise NotFiniteError(f"need tables of at most {MOST_CELLS} bits, got more")
    if not tables:
        raise NotFiniteError("need a claim that evaluates circuits, got one that evaluates none")
    return list(tables.values())


def _forget_what_was_evaluated(obligation: Obligation) -> None:
    """Empty the caches of the claim's package: what was evaluated before is evaluated again, and can be watched."""
    package = obligation.claim.__module__.rpartition(".")[0] or obligation.claim.__module__
    for name, module in list(sys.modules.items()):
        if name == package or name.startswith(package + "."):
            for value in vars(module).values():
                if hasattr(value, "cache_clear") and value.__module__ == name:
                    value.cache_clear()


def _key(circuit: FlatCircuit) -> Any:
    """What two circuits that are built alike have in common."""
    gates = circuit.gates
    arrays = (gates.needs.tobytes(), gates.offsets.tobytes(), gates.literals.tobytes())
    return circuit.inputs, arrays, tuple(circuit.outputs.items())
