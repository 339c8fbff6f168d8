"""Exact numbers come in; floats, numbers of other libraries and other things stay out."""

from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
import z3
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations.exact import exact, is_symbolic, rational, sum_of_products, whole
from constructions.foundations.terms import REAL, TRUTH, number, variable
from tests.rationals import any_rationals, rationals

pytestmark = pytest.mark.bounds

T = variable("t", REAL)


class Half(Fraction):
    """A fraction that says what it likes about itself."""


class Two(IntEnum):
    """An int with a name."""

    TWO = 2


@given(value=st.fractions())
def test_a_rational_of_any_kind_becomes_the_same_fraction(value: Fraction) -> None:
    kinds = (value, str(value), number(value))
    assert [exact(kind, where="here") for kind in kinds] == [value] * 3
    assert all(type(exact(kind, where="here")) is Fraction for kind in kinds)


def test_an_int_becomes_a_fraction() -> None:
    assert type(exact(3, where="here")) is Fraction


def test_terms_come_back_as_they_are() -> None:
    for term in (T, T + 1, 2 * T / 3):
        assert exact(term, where="here") is term


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0.5, "float"),
        (float("nan"), "float"),
        (True, "bool"),
        (None, "NoneType"),
        (1j, "complex"),
        (Decimal(1), "Decimal"),
        (sympy.Rational(1, 3), "Rational"),
        (sympy.Integer(3), "Integer"),
        (sympy.Float("0.5"), "Float"),
        (sympy.Symbol("t"), "Symbol"),
        (sympy.oo, "Infinity"),
        (sympy.nan, "NaN"),
        (sympy.sqrt(2), "Pow"),
        (z3.Real("t"), "ArithRef"),
        (z3.RealVal(1), "RatNumRef"),
        (z3.IntVal(1), "IntNumRef"),
        (z3.Bool("b"), "BoolRef"),
        (np.int64(3), "int64"),
        (np.float64(1), "float64"),
        (np.bool_(1), "bool_?"),
        (np.array([1]), "ndarray"),
        (Half(1, 2), "Half"),
        (Two.TWO, "Two"),
        (variable("p", TRUTH), "TruthTerm"),
        ([1], "list"),
    ],
)
def test_what_is_no_exact_number_is_refused_by_kind_and_place(value: object, kind: str) -> None:
    for refuse in (exact, rational):
        with pytest.raises(ConstructionError, match=rf"^need an exact number .*, got the {kind} .*, at weight of x$"):
            refuse(value, where="weight of x")


@pytest.mark.parametrize(
    "text", ["0.5", "1e3", "2E1", "1/0", "one", "", "1/2/3", "nan", "inf", "1_0/40", "１/4", "1/-4"]
)
def test_text_that_is_no_quotient_of_integers_is_refused(text: str) -> None:
    with pytest.raises(ConstructionError, match=rf"^need a rational written p/q, got '{text}', at rho$"):
        exact(text, where="rho")


@pytest.mark.parametrize("value", [T, T + 1, -T])
def test_rational_refuses_symbols(value: object) -> None:
    with pytest.raises(ConstructionError, match=r"^need a rational number, got .*, at rho$"):
        rational(value, where="rho")


@pytest.mark.parametrize("value", [-1, Fraction(1), 1.0, True, "1", None, T])
def test_whole_refuses_what_is_no_integer_or_too_small(value: object) -> None:
    with pytest.raises(ConstructionError, match=r"^need an integer >= 0, got .*, at bits$"):
        whole(value, where="bits")


def test_whole_takes_its_least_value_and_sympy_integers_and_nothing_less() -> None:
    assert whole(sympy.Integer(2), where="bits", least=2) == 2
    with pytest.raises(ConstructionError, match="need an integer >= 2, got 1, at bits"):
        whole(1, where="bits", least=2)


@pytest.mark.parametrize(
    ("value", "symbolic"), [(T, True), (2 * T, True), (number(3), True), (Fraction(1), False), (2, False)]
)
def test_symbolic_is_what_cannot_be_compared(value: Any, symbolic: bool) -> None:
    assert is_symbolic(value) is symbolic


RATIONALS = rationals(-9, 9, 12)


@given(st.lists(st.tuples(RATIONALS, RATIONALS), max_size=6), RATIONALS)
def test_a_sum_of_products_is_the_plain_sum_in_lowest_terms(
    pairs: list[tuple[Fraction, Fraction]], start: Fraction
) -> None:
    found, plain = sum_of_products(pairs, start), start + sum((a * b for a, b in pairs), Fraction(0))
    assert type(found) is Fraction
    assert (found.numerator, found.denominator) == (plain.numerator, plain.denominator)


def test_a_sum_with_a_term_is_built_from_the_left_without_products_with_nought() -> None:
    start = Fraction(1, 2)
    pairs = [(T, Fraction(2)), (Fraction(0), T), (T, Fraction(0)), (Fraction(3), Fraction(1, 3))]
    assert sum_of_products(pairs, start) is start + T * 2 + 1
    assert sum_of_products([(Fraction(1), Fraction(1))], T) is T + 1


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (rationals(-4, 4, 6), st.fractions(-4, 4, max_denominator=6)),
        (rationals(Fraction(1, 40), 2, 40), st.fractions(Fraction(1, 40), 2, max_denominator=40)),
        (
            rationals(Fraction(-1, 2), Fraction(1, 2), 50),
            st.fractions(Fraction(-1, 2), Fraction(1, 2), max_denominator=50),
        ),
        (any_rationals(9), st.fractions(max_denominator=9)),
    ],
)
def test_the_rationals_of_the_tests_are_those_of_the_library(
    ours: st.SearchStrategy[Fraction], theirs: st.SearchStrategy[Fraction]
) -> None:
    """Number by number, in a run with the same start."""

    def drawn(strategy: st.SearchStrategy[Fraction]) -> list[Fraction]:
        found: list[Fraction] = []

        @seed(1)
        @settings(max_examples=100, derandomize=False, database=None)
        @given(strategy)
        def collect(number: Fraction) -> None:
            found.append(number)

        collect()
        return found

    found = drawn(ours)
    assert found == drawn(theirs) and len(set(found)) > 30
