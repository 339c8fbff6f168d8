"""How many gates operations write: the formulas against builders that merge and that do not."""

import pytest

from constructions.computation import arithmetic
from constructions.computation.builder import Builder
from constructions.computation.operation_gates import added, chosen, gates_of, less, product, same
from constructions.computation.tally import gates_written


@pytest.mark.parametrize("width", [1, 3, 8])
def test_operations_write_as_many_gates_as_the_formulas_say(width: int) -> None:
    def both(sign: str) -> int:
        return gates_written(lambda design: getattr(design.input("a", width), sign)(design.input("b", width)))

    found = [both(sign) for sign in ("__add__", "__sub__", "__mul__", "__lt__", "__eq__")]
    assert found == [added(width), added(width), product(width), less(width), same(width)]
    assert chosen(width) == 3 * width


def test_a_builder_that_merges_writes_no_more() -> None:
    for cell in (arithmetic.full_adder, arithmetic.product_cell, arithmetic.less_cell, arithmetic.choice_cell):
        assert gates_of(cell, Builder) <= gates_of(cell)
