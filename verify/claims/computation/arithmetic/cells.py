"""The cells of arithmetic over any literals, and what the inductions over the width have in common.

Proved here: a cell computes the same over any literals and constants as over its own inputs (``bits.cells``). So the
inductions of the other modules of this folder, which walk one more place through the cell's own circuit, speak of the
folds as they are written. Their state is a power 2^i and the numbers that the places so far spell.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

from constructions.computation import arithmetic
from constructions.computation.arithmetic import Cell, cell_circuit
from constructions.computation.builder import FALSE, TRUE, Builder
from constructions.computation.flat import FlatCircuit
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict


def alone(cell: Cell) -> Callable[[Case], FlatCircuit]:
    """The circuit of a cell over its own inputs."""
    return lambda case: cell_circuit(cell)


def with_outputs_swapped(cell: Cell) -> Callable[[Case], FlatCircuit]:
    """The circuit of a cell whose two outputs have changed places."""

    def build(case: Case) -> FlatCircuit:
        right = cell_circuit(cell)
        outputs = {"out0": right.outputs["out1"], "out1": right.outputs["out0"]}
        return FlatCircuit(inputs=right.inputs, gates=right.gates, outputs=outputs)

    return build


def with_input_negated(cell: Cell, name: str) -> Callable[[Case], FlatCircuit]:
    """The circuit of a cell that negates one of its inputs."""

    def build(case: Case) -> FlatCircuit:
        builder, right = Builder(), cell_circuit(cell)
        builder.outputs = builder.stamp(right, [builder.input(x) ^ (x == name) for x in right.inputs])
        return builder.circuit()

    return build


def value_where(formula: Formula, value: Any = 1) -> Number:
    """The value where the formula holds, else 0."""
    return select(formula, value, 0)


def equivalent(left: Formula, right: Formula) -> Formula:
    """Either formula holds exactly where the other does."""
    return every(implies(left, right), implies(right, left))


def is_bit(value: Number) -> Formula:
    """The number is 0 or 1."""
    return some(value == 0, value == 1)


def whole_numbers(case: Case, *names: str) -> State:
    """A variable for an integer under each name."""
    return {name: case.integer(name) for name in names}


def new_bits(case: Case, *names: str) -> State:
    """Bits that are new at each place."""
    return {name: case.bit(name) for name in names}


def below_the_power(s: State, *names: str) -> Formula:
    """The numbers of these names are not negative and below the power 2^i so far."""
    return every(s["power"] >= 1, *(every(s[name] >= 0, s[name] < s["power"]) for name in names))


def _unsigned_carry(builder: Builder, a: int, b: int, carry: int) -> tuple[int, int]:
    """A full adder that does not see that its carry is negated."""
    return arithmetic.full_adder(builder, a, b, carry if carry < 0 else carry & ~1)


CELLS: tuple[Cell, ...] = (arithmetic.less_cell, arithmetic.agree_cell, arithmetic.choice_cell, arithmetic.parity_cell)


@obligation(
    "bits.cells",
    paper="circuits",
    of=lambda case: (arithmetic.full_adder, *CELLS),
    twin=lambda case: (_unsigned_carry, *CELLS),
    finite="every choice of literals and constants for the inputs of each cell",
    expect=Verdict.CHECKED,
)
def cells_are_themselves_over_any_literals(cells: tuple[Cell, ...], case: Case) -> None:
    """Each cell (full adder, comparator, equality, choice, parity) computes over any literals what its own circuit
    computes over its inputs. The literals may be negated, equal or opposite to each other, or constants, in any order,
    although the builder then folds constants and writes other gates. So the inductions over the cells' circuits speak
    of the folds of cells as they are really written."""
    for cell in cells:
        alone = cell_circuit(cell)
        bits = [case.bit(name) for name in alone.inputs]
        formulas = {FALSE: False, TRUE: True} | {2 * i: bit for i, bit in enumerate(bits)}
        formulas |= {2 * i + 1: negation(bit) for i, bit in enumerate(bits)}
        agree = []
        for literals in product(sorted(formulas), repeat=len(bits)):
            builder = Builder()
            for name in alone.inputs:
                builder.input(name)
            builder.outputs = {f"out{i}": literal for i, literal in enumerate(cell(builder, *literals))}
            found = case.circuit(builder.circuit(), dict(zip(alone.inputs, bits, strict=True)))
            wanted = case.circuit(
                alone, dict(zip(alone.inputs, (formulas[literal] for literal in literals), strict=True))
            )
            agree += [equivalent(found[name], wanted[name]) for name in wanted]
        case.show(cell.__name__, every(*agree))
