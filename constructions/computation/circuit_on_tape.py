"""A circuit that is evaluated by a Turing machine (the way back: TIME' is polynomial in a circuit's size).

The machine is made for the circuit. The bits of the inputs stand in the cells 0, ..., n - 1; the value of gate i will
stand in cell n + i, as a circuit's node has its own number. The head goes from target to target: for each gate its
operands one after the other, then its own cell; at last the node of the output. At an operand the state counts whether
the literal is set, up to as many as the gate needs; in the gate's cell the head writes whether they were enough. Where
the head goes does not depend on the inputs, so every run takes the same number of steps (:func:`steps_of`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from constructions.computation.flat import FlatCircuit
from constructions.computation.turing import Transition, TuringMachine
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.logic import select

BITS = ("0", "1")


@dataclass(frozen=True, slots=True)
class Stop:
    """A cell to which the head goes, and what it does there: ``read`` a literal, which is negated or not, ``write``
    whether so many (``needs``) were set, or ``end`` with the output."""

    cell: int
    does: str
    needs: int = 0
    negated: bool = False


def targets(circuit: FlatCircuit) -> Iterator[Stop]:
    """All targets in their order; the circuit must have one output. Raises ConstructionError for another number.

    >>> from constructions.computation.flat import Gates
    >>> both = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3))]), outputs={"c": 4})
    >>> [(target.cell, target.does) for target in targets(both)]
    [(0, 'read'), (1, 'read'), (2, 'write'), (2, 'end')]
    """
    if len(circuit.outputs) != 1:
        raise ConstructionError(f"need a circuit with one output, got {len(circuit.outputs)}")
    for i, (needs, literals) in enumerate(circuit.gates):
        for literal in literals:
            yield Stop(literal >> 1, "read", needs, bool(literal & 1))
        yield Stop(len(circuit.inputs) + i, "write", needs)
    (output,) = circuit.outputs.values()
    yield Stop(output >> 1, "end", 0, bool(output & 1))


def step_count(distance: Number) -> Number:
    """How many steps it takes from what is done at a target to the next target: as many as cells, and one at least.

    >>> [step_count(distance) for distance in (-3, 0, 1)]
    [3, 1, 1]
    """
    return select(distance == 0, 1, select(distance < 0, -distance, distance))


def steps_of(circuit: FlatCircuit) -> int:
    """How many steps the machine of a circuit takes, whatever the inputs are.

    >>> from constructions.computation.flat import Gates
    >>> steps_of(FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3))]), outputs={"c": 4}))
    4
    """
    cells = [target.cell for target in targets(circuit)]
    total = cells[0] + 1  # to the first target, and what is done at the last
    for before, after in pairwise(cells):
        total += int(step_count(after - before))
    return total


def machine_of_circuit(circuit: FlatCircuit) -> TuringMachine:
    """The machine that evaluates a circuit of one output: it accepts the word of the inputs' bits if the output is set,
    and else rejects it.

    Raises
    ------
    ConstructionError
        For a circuit with another number of outputs, and one whose machine has too many states.

    >>> from constructions.computation.flat import Gates
    >>> both = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3))]), outputs={"c": 4})
    >>> machine = machine_of_circuit(both)
    >>> [machine.accepts(machine.run(word)) for word in ("00", "01", "10", "11")], machine.run("10").steps
    ([False, False, True, False], 4)
    """
    table: dict[tuple[str, str], Transition] = {}
    order = list(targets(circuit))
    symbols = ("_", *BITS)
    for cell in range(order[0].cell):
        table |= {(f"go{cell}", one): Transition(_next(cell + 1, order[0].cell), one, "R") for one in symbols}
    for i, target in enumerate(order):
        counts = range(target.needs + 1) if target.does != "end" else range(1)
        for count in counts:
            _add_turn(table, order, i, count)
    start = _next(0, order[0].cell)
    states = dict.fromkeys((start, *(state for state, _ in table), "yes", "no"))
    return TuringMachine(
        states=tuple(states),
        inputs=BITS,
        symbols=symbols,
        blank="_",
        start=start,
        accept=("yes",),
        reject=("no",),
        table=table,
    )


def _next(cell: int, first: int) -> str:
    """The state on the way to the first target."""
    return f"go{cell}" if cell < first else _at(0, 0)


def _at(i: int, count: int, left: int = 0) -> str:
    """The state on the way to target i, with so many literals set, and so many cells to go."""
    return f"t{i}.{count}" + (f".{left}" if left else "")


def _add_turn(table: dict[tuple[str, str], Transition], order: list[Stop], i: int, count: int) -> None:
    """Add what is done at target i, and the way to the next one, with so many literals set so far."""
    target = order[i]
    if target.does == "end":
        for one in BITS:
            table[_at(i, count), one] = Transition("yes" if (one == "1") != target.negated else "no", one, "N")
        return
    distance = order[i + 1].cell - target.cell
    move, left = ("R" if distance > 0 else "L" if distance < 0 else "N"), max(abs(distance) - 1, 0)
    if target.does == "write":
        put = BITS[count >= target.needs]
        table[_at(i, count), "_"] = Transition(_at(i + 1, 0, left), put, move)
        after = {0}
    else:
        after = set()
        for one in BITS:
            more = min(count + ((one == "1") != target.negated), target.needs)
            table[_at(i, count), one] = Transition(_at(i + 1, more, left), one, move)
            after.add(more)
    for more in after:
        for rest in range(left, 0, -1):
            for one in ("_", *BITS):
                table[_at(i + 1, more, rest), one] = Transition(_at(i + 1, more, rest - 1), one, move)
