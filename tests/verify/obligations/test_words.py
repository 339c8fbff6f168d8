"""Words of ints do what bit-vectors do, so that a specification means the same to the solvers and to the replay."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations.evaluation import value_of
from constructions.foundations.refusals import LanguageError
from constructions.foundations.terms import REAL, TRUTH, TruthTerm, variable
from verify.obligations.words import (
    WORD_RULES,
    Word,
    WordTerm,
    below,
    bit_of,
    choice,
    constant,
    extended,
    shifted_right,
    signed_below,
    width_of,
    word,
)

pytestmark = pytest.mark.bounds

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
    "an int on the left": lambda a, b: 5 - (3 + (9 * (6 & (10 | (7 ^ b))))),
    "an int on the right": lambda a, b: ((((a + 3) * 5 - 9) & 11) | 4) ^ 1,
    "shifts by ints": lambda a, b: (a << 1) + (b >> 2) + (a << 9) + (b >> 9),
    "ints shifted": lambda a, b: (5 << a) ^ (6 >> b),
}
RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "below": below,
    "signed below": signed_below,
    "bit": lambda a, b: bit_of(a, 0),
    "== an int": lambda a, b: a == 5,
    "an int ==": lambda a, b: a == -1,
    "!= an int": lambda a, b: a != 3,
    "below an int": lambda a, b: below(a, 3),
    "an int below": lambda a, b: below(-1, b),
    "signed below an int": lambda a, b: signed_below(a, -1),
}
THEIRS: dict[str, Callable[[Any, Any], Any]] = (
    OPERATIONS
    | RELATIONS
    | {
        "shifted right": z3.LShR,
        "extended": lambda a, b: z3.ZeroExt(2, a),
        "sign extended": lambda a, b: z3.SignExt(2, a),
        "constant": lambda a, b: z3.BitVecVal(-3, a.size()),
        "shifts by ints": lambda a, b: (a << 1 if a.size() > 1 else a & 0) + (z3.LShR(b, 2) if a.size() > 2 else b & 0),
        "ints shifted": lambda a, b: (z3.BitVecVal(5, a.size()) << a) ^ z3.LShR(z3.BitVecVal(6, a.size()), b),
        "below": z3.ULT,
        "signed below": lambda a, b: a < b,
        "bit": lambda a, b: z3.Extract(0, 0, a) == 1,
        "below an int": lambda a, b: z3.ULT(a, z3.BitVecVal(3, a.size())),
        "an int below": lambda a, b: z3.ULT(z3.BitVecVal(-1, b.size()), b),
        "signed below an int": lambda a, b: a < z3.BitVecVal(-1, a.size()),
    }
)
"""What z3's own bit-vectors are asked in the place of ours."""
PAIRS = st.integers(1, 6).flatmap(
    cache(lambda width: st.tuples(st.just(width), *(st.integers(0, 2**width - 1) for _ in range(2))))
)


def variables(name: str, width: int) -> list[Any]:
    """The bits of a word as variables, least first."""
    return [variable(f"{name}{i}", TRUTH) for i in range(width)]


def bits(name: str, value: int, width: int) -> dict[str, bool]:
    """What they are worth."""
    return {f"{name}{i}": bool(value >> i & 1) for i in range(width)}


@pytest.mark.parametrize("name", OPERATIONS)
@given(pair=PAIRS)
def test_an_operation_agrees_with_the_solvers(name: str, pair: tuple[int, int, int], worth: Any) -> None:
    width, a, b = pair
    mine = OPERATIONS[name](Word(a, width), Word(b, width))
    theirs = z3.simplify(THEIRS[name](z3.BitVecVal(a, width), z3.BitVecVal(b, width)))
    assert (mine.value, mine.width) == (theirs.as_long(), theirs.size())
    symbolic = OPERATIONS[name](word(variables("a", width)), word(variables("b", width)))
    assert isinstance(symbolic, WordTerm) and symbolic.width == mine.width
    assert worth(symbolic, bits("a", a, width) | bits("b", b, width)) == mine


@pytest.mark.parametrize("name", RELATIONS)
@given(pair=PAIRS)
def test_a_relation_agrees_with_the_solvers(name: str, pair: tuple[int, int, int], worth: Any) -> None:
    width, a, b = pair
    mine = RELATIONS[name](Word(a, width), Word(b, width))
    theirs = z3.simplify(THEIRS[name](z3.BitVecVal(a, width), z3.BitVecVal(b, width)))
    assert mine is z3.is_true(theirs)
    symbolic = RELATIONS[name](word(variables("a", width)), word(variables("b", width)))
    assert isinstance(symbolic, TruthTerm)
    assert worth(symbolic, bits("a", a, width) | bits("b", b, width)) is mine


@given(pair=PAIRS)
def test_a_word_of_ints_beside_one_of_formulas_is_one_of_formulas(pair: tuple[int, int, int], worth: Any) -> None:
    width, a, b = pair
    at = bits("a", a, width)
    symbolic, plain = word(variables("a", width)), Word(b, width)
    for mixed, whole in (
        ((symbolic, plain), (Word(a, width), plain)),
        ((plain, symbolic), (plain, Word(a, width))),
    ):
        for name in ("+", "-", "*", "&", "|", "^", "<<", "shifted right"):
            assert worth(OPERATIONS[name](*mixed), at) == OPERATIONS[name](*whole)
        for relation in ("==", "below", "signed below"):
            assert worth(RELATIONS[relation](*mixed), at) is RELATIONS[relation](*whole)


def test_a_word_of_formulas_has_its_least_bit_first() -> None:
    low, high = variable("low", TRUTH), variable("high", TRUTH)
    for first, last in ((False, False), (True, False), (False, True), (True, True)):
        assert value_of(word([low, True, high]), {"low": first, "high": last}, WORD_RULES) == Word(
            first + 2 + 4 * last, 3
        )
    assert word([False, True, True]) == Word(6, 3)


@given(pair=PAIRS, taken=st.booleans())
def test_a_choice_takes_either_word(pair: tuple[int, int, int], taken: bool, worth: Any) -> None:
    width, a, b = pair
    condition = variable("c", TRUTH)
    for yes, no in (
        (Word(a, width), Word(b, width)),
        (Word(a, width), b),
        (word(variables("a", width)), Word(b, width)),
    ):
        found = worth(choice(condition, yes, no), {"c": taken} | bits("a", a, width))
        assert found == Word(a if taken else b, width)
    assert choice(taken, Word(a, width), Word(b, width)) == Word(a if taken else b, width)


def test_a_shift_by_more_places_than_there_are_leaves_nothing() -> None:
    for width in (1, 3):
        for places in (width, width + 1, 2**width, 1000):
            assert Word(1, width) << places == Word(1, width) >> places == Word(0, width)


def test_words_of_different_widths_do_not_mix() -> None:
    short, long = word(variables("a", 2)), word(variables("b", 3))
    for first, second in ((Word(1, 2), Word(1, 3)), (short, long), (short, Word(1, 3)), (Word(1, 2), long)):
        mixes: tuple[Callable[[Any, Any], Any], ...] = (
            lambda a, b: a + b,
            lambda a, b: a == b,
            below,
            signed_below,
            lambda a, b: choice(True, a, b),
            lambda a, b: choice(variable("c", TRUTH), a, b),
            lambda a, b: a << b,
        )
        for mix in mixes:
            with pytest.raises(ConstructionError, match=r"need words of one width, got (2 and 3|3 and 2)"):
                mix(first, second)
    with pytest.raises(ConstructionError, match="need a width of at least 3, got 2"):
        extended(Word(1, 3), 2)
    with pytest.raises(ConstructionError, match="need at least one bit"):
        word([])


@pytest.mark.parametrize(
    ("value", "width"), [(1.0, 3), (8, 3), (-1, 3), (np.int64(1), 3), (True, 3), (1, 3.0), (1, -1), (Fraction(1), 3)]
)
def test_a_word_is_an_int_within_its_width(value: Any, width: Any) -> None:
    with pytest.raises(LanguageError, match="need a word of a width and an int that it can hold"):
        Word(value, width)


def test_a_word_is_no_truth_value_and_no_number() -> None:
    for mine in (Word(1, 3), word(variables("a", 3))):
        for ask in (
            bool,
            int,
            float,
            complex,
            abs,
            range,
            round,
            lambda a: a < a,
            lambda a: a / a,
            lambda a: a**a,
            lambda a: a % 2,
        ):
            with pytest.raises(LanguageError, match=r"need below\(\) or signed_below\(\) for words"):
                ask(mine)
        with pytest.raises(LanguageError, match="need a shift by 0 or more places, got -1"):
            mine << -1
        for use in (
            width_of,
            lambda a: below(a, a),
            lambda a: extended(a, 9),
            lambda a: bit_of(a, 0),
            lambda a: choice(True, a, a),
            lambda a: constant(1, a),
            lambda a: shifted_right(a, 1),
        ):
            with pytest.raises(LanguageError, match="need a word, got the RealTerm x"):
                use(variable("x", REAL))


def test_a_bit_is_one_of_the_word() -> None:
    for mine in (Word(5, 3), word(variables("a", 3))):
        places: tuple[Any, ...] = (-1, 3, 1.0, True, np.int64(1), None)
        for i in places:
            with pytest.raises(LanguageError, match="need a bit from 0 to 2"):
                bit_of(mine, i)
        widths: tuple[Any, ...] = (3.5, True, np.int64(5), None)
        for width in widths:
            with pytest.raises(LanguageError, match="need a width of at least 3"):
                extended(mine, width)
