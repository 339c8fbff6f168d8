"""Folds of cells: each cell is its arithmetic, in as many gates as it says, and a fold is that of Python's ints."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation import arithmetic
from constructions.computation.arithmetic import Cell, Literals, cell_circuit
from constructions.computation.builder import FALSE, TRUE, Builder

NUMBERS: dict[Cell, Callable[..., int]] = {
    arithmetic.full_adder: lambda a, b, carry: a + b + carry,
    arithmetic.less_cell: lambda a, b, less: 2 * a + (1 - less) < 2 * b + 1,
    arithmetic.agree_cell: lambda a, b: a == b,
    arithmetic.choice_cell: lambda condition, yes, no: yes if condition else no,
    arithmetic.parity_cell: lambda bit, odd: (bit + odd) % 2,
    arithmetic.product_cell: lambda a, digit, total, carry: total + digit * a + carry,
}
GATES: dict[Cell, int] = {
    arithmetic.full_adder: 7,
    arithmetic.less_cell: 4,
    arithmetic.agree_cell: 3,
    arithmetic.choice_cell: 3,
    arithmetic.parity_cell: 3,
    arithmetic.product_cell: 8,
}
EVERY_CELL = pytest.mark.parametrize("cell", NUMBERS, ids=lambda cell: cell.__name__)


def folded(fold: Callable[[Builder, Literals, Literals], Literals], a: int, b: int, width: int) -> int:
    """The number that a fold over two vectors of inputs computes."""
    builder = Builder()
    left = [builder.input(f"a{i}") for i in range(width)]
    right = [builder.input(f"b{i}") for i in range(width)]
    for i, literal in enumerate(fold(builder, left, right)):
        builder.output(str(i), literal)
    values = {f"a{i}": a >> i & 1 for i in range(width)} | {f"b{i}": b >> i & 1 for i in range(width)}
    return sum(bit << int(i) for i, bit in builder.circuit().evaluate(values).items())


@EVERY_CELL
def test_a_cell_is_its_arithmetic(cell: Cell) -> None:
    circuit = cell_circuit(cell)
    for bits in product((0, 1), repeat=len(circuit.inputs)):
        found = circuit.evaluate(dict(zip(circuit.inputs, bits, strict=True)))
        assert sum(bit << i for i, bit in enumerate(found.values())) == NUMBERS[cell](*bits)


@EVERY_CELL
def test_a_cell_has_as_many_gates_as_it_says(cell: Cell) -> None:
    assert len(cell_circuit(cell).gates) == GATES[cell]


@given(width=st.integers(1, 70), data=st.data())
def test_a_sum_and_a_difference_have_their_last_carry(width: int, data: st.DataObject) -> None:
    a, b = (data.draw(st.integers(0, 2**width - 1)) for _ in "ab")

    def with_carry(found: tuple[Literals, int]) -> Literals:
        return [*found[0], found[1]]

    assert folded(lambda builder, x, y: with_carry(arithmetic.added(builder, x, y, TRUE)), a, b, width) == a + b + 1
    assert (
        folded(lambda builder, x, y: with_carry(arithmetic.subtracted(builder, x, y)), a, b, width) == a - b + 2**width
    )


@given(width=st.integers(1, 12), most=st.integers(1, 30), data=st.data())
def test_a_product_is_cut_at_any_width(width: int, most: int, data: st.DataObject) -> None:
    a, b = (data.draw(st.integers(0, 2**width - 1)) for _ in "ab")
    assert folded(lambda builder, x, y: arithmetic.product(builder, x, y, most), a, b, width) == a * b % 2**most


def test_adding_a_constant_costs_half_adders() -> None:
    builder = Builder()
    a = [builder.input(f"a{i}") for i in range(64)]
    arithmetic.added(builder, a, [TRUE] + [FALSE] * 63)
    assert len(builder) <= 63 * 3


def test_choices_between_constants_cost_nothing() -> None:
    builder = Builder()
    a = builder.input("a")
    assert arithmetic.selected(builder, [[FALSE, TRUE, TRUE], [TRUE, FALSE, TRUE]], [a]) == [a, a ^ 1, TRUE]
    assert len(builder) == 0


def test_a_shift_beyond_the_end_brings_in_the_fill_alone() -> None:
    builder = Builder()
    a = [builder.input(f"a{i}") for i in range(3)]
    assert arithmetic.shifted(builder, a, [FALSE] * 70 + [TRUE]) == [FALSE] * 3
    assert arithmetic.shifted(builder, a, [FALSE, FALSE, TRUE], fill=TRUE) == [TRUE] * 3
    assert arithmetic.shifted(builder, a, [TRUE]) == [FALSE, *a[:2]]


def test_inputs_made_after_gates_come_first_in_the_circuit_in_any_order_asked_for() -> None:
    builder = Builder()
    a, b = builder.input("a"), builder.input("b")
    differ = builder.xor(a, b)
    builder.output("out", builder.both(differ, builder.input("c") ^ 1))
    for names in (None, ["c", "a", "b"]):
        circuit = builder.circuit(names)
        assert circuit.inputs == (("a", "b", "c") if names is None else ("c", "a", "b"))
        for x, y, z in product((False, True), repeat=3):
            assert circuit(a=x, b=y, c=z)["out"] is ((x != y) and not z)
