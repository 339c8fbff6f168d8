"""Exact numbers come in, floats and other things stay out."""
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sympy
import z3
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations.exact import exact, is_symbolic, rational, whole

SYMBOL = sympy.Symbol("t")


@given(value=st.fractions())
def test_a_rational_of_any_kind_becomes_the_same_fraction(value: Fraction) -> None:
    kinds = (value, sympy.Rational(value.numerator, value.denominator), str(value))
    assert [exact(kind, where="here") for kind in kinds] == [value] * 3
    assert all(type(exact(kind, where="here")) is Fraction for kind in kinds)


def test_an_int_becomes_a_fraction() -> None:
    assert type(exact(3, where="here")) is Fraction


def test_symbols_come_back_as_they_are() -> None:
    term = z3.Real("t") + 1
    assert exact(SYMBOL + 1, where="here") == SYMBOL + 1
    assert exact(term, where="here") is term


def test_an_irrational_sympy_number_stays_symbolic() -> None:
    assert exact(sympy.sqrt(2), where="here") == sympy.sqrt(2)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0.5, "float"), (float("nan"), "float"), (True, "bool"), (None, "NoneType"), (1j, "complex"), (Decimal(1), "Decimal"),
        (sympy.Float("0.5"), "Float"), (SYMBOL + 0.5, "Add"), (sympy.oo, "Infinity"), (sympy.nan, "NaN"), (z3.Bool("b"), "BoolRef"),
    ],
)  # fmt: skip
def test_what_is_no_exact_number_is_refused_by_kind_and_place(value: object, kind: str) -> None:
    with pytest.raises(ConstructionError, match=rf"^need an exact number .*, got the {kind} .*, at weight of x$"):
        exact(value, where="weight of x")


@pytest.mark.parametrize("text", ["0.5", "1e3", "2E1", "1/0", "one", "", "1/2/3", "nan", "inf"])
def test_text_that_is_no_quotient_of_integers_is_refused(text: str) -> None:
    with pytest.raises(ConstructionError, match=rf"^need a rational written p/q, got '{text}', at rho$"):
        exact(text, where="rho")


@pytest.mark.parametrize("value", [SYMBOL, z3.Real("t"), z3.RealVal(1), sympy.sqrt(2)])
def test_rational_refuses_symbols(value: object) -> None:
    with pytest.raises(ConstructionError, match=r"^need a rational number, got .*, at rho$"):
        rational(value, where="rho")


@pytest.mark.parametrize("value", [-1, Fraction(1), 1.0, True, "1", None])
def test_whole_refuses_what_is_no_integer_or_too_small(value: object) -> None:
    with pytest.raises(ConstructionError, match=r"^need an integer >= 0, got .*, at bits$"):
        whole(value, where="bits")


def test_whole_takes_its_least_value_and_sympy_integers_and_nothing_less() -> None:
    assert whole(sympy.Integer(2), where="bits", least=2) == 2
    with pytest.raises(ConstructionError, match="need an integer >= 2, got 1, at bits"):
        whole(1, where="bits", least=2)


@pytest.mark.parametrize(("value", "symbolic"), [(SYMBOL, True), (z3.Real("t"), True), (sympy.Rational(1, 2), False), (Fraction(1), False)])
def test_symbolic_is_what_cannot_be_compared(value: Any, symbolic: bool) -> None:
    assert is_symbolic(value) is symbolic
