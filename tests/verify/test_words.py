"""Words of ints do what z3's bit-vectors do, so that a specification means the same to the solver and to the replay."""
from collections.abc import Callable
from typing import Any

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from verify.words import Word, below, bit_of, choice, constant, extended, shifted_right, signed_below, width_of, word

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "<<": lambda a, b: a << b,
    "shifted right": shifted_right,
    "~": lambda a, b: ~a,
    "negative": lambda a, b: -b,
    "extended": lambda a, b: extended(a, width_of(a) + 2),
    "sign extended": lambda a, b: extended(a, width_of(a) + 2, signed=True),
    "constant": lambda a, b: constant(-3, a),
}
RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b, "below": below, "signed below": signed_below, "bit": lambda a, b: bit_of(a, 0),
}  # fmt: skip
PAIRS = st.integers(1, 6).flatmap(lambda width: st.tuples(st.just(width), *(st.integers(0, 2**width - 1) for _ in range(2))))


@pytest.mark.parametrize("name", OPERATIONS)
@given(pair=PAIRS)
def test_an_operation_agrees_with_the_solvers(name: str, pair: tuple[int, int, int]) -> None:
    width, a, b = pair
    mine = OPERATIONS[name](Word(a, width), Word(b, width))
    theirs = z3.simplify(OPERATIONS[name](z3.BitVecVal(a, width), z3.BitVecVal(b, width)))
    assert (mine.value, mine.width) == (theirs.as_long(), theirs.size())


@pytest.mark.parametrize("name", RELATIONS)
@given(pair=PAIRS)
def test_a_relation_agrees_with_the_solvers(name: str, pair: tuple[int, int, int]) -> None:
    width, a, b = pair
    theirs = z3.simplify(RELATIONS[name](z3.BitVecVal(a, width), z3.BitVecVal(b, width)))
    assert RELATIONS[name](Word(a, width), Word(b, width)) is z3.is_true(theirs)


def test_a_word_of_formulas_has_its_least_bit_first() -> None:
    bits = [z3.Bool("low"), True, z3.Bool("high")]
    solver = z3.Solver()
    solver.add(word(bits) == 3, z3.Bool("high"))
    assert solver.check() == z3.unsat
    assert word([False, True, True]) == Word(6, 3)


def test_a_choice_takes_either_word() -> None:
    condition = z3.Bool("c")
    chosen = choice(condition, Word(5, 3), z3.BitVec("b", 3))
    solver = z3.Solver()
    solver.add(condition, chosen != 5)
    assert solver.check() == z3.unsat
    assert choice(False, Word(5, 3), Word(1, 3)) == Word(1, 3)


def test_words_of_different_widths_do_not_mix() -> None:
    with pytest.raises(ConstructionError, match="need words of one width, got 2 and 3"):
        Word(1, 2) + Word(1, 3)
    with pytest.raises(ConstructionError, match="need a width of at least 3, got 2"):
        extended(Word(1, 3), 2)
    with pytest.raises(ConstructionError, match="need at least one bit"):
        word([])
