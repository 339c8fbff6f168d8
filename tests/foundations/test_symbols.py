"""Terms go to sympy and come back the same function; what sympy knows beyond rational functions of plain symbols
stays out."""

from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from constructions.foundations.evaluation import value_of
from constructions.foundations.logic import select
from constructions.foundations.refusals import LanguageError
from constructions.foundations.symbols import from_sympy, symbol, to_sympy
from constructions.foundations.terms import INTEGER, REAL, TRUTH, RealTerm, floor, number, variable
from tests.rationals import rationals

pytestmark = pytest.mark.bounds

X, Y, N = variable("x", REAL), variable("y", REAL), variable("n", INTEGER)
P = variable("p", TRUTH)
S, T = sympy.Symbol("x"), sympy.Symbol("y")
F = Fraction


@pytest.mark.parametrize(
    ("term", "expression"),
    [
        (X, S),
        (number(3), sympy.Integer(3)),
        (number(F(-1, 2)), sympy.Rational(-1, 2)),
        (X + Y, S + T),
        (X - Y, S - T),
        (X - (Y - 1), S - T + 1),
        (X * Y, S * T),
        (X / Y, S / T),
        (-X, -S),
        (X**3, S**3),
        (X**-2, S**-2),
        (-(X - Y), T - S),
        (X + X, 2 * S),
        ((X + Y) - (X + Y), sympy.Integer(0)),
        (1 / (X + Y), 1 / (S + T)),
        (N * 2, 2 * sympy.Symbol("n")),
        ((X + Y) * (X + Y), (S + T) ** 2),
        (3, sympy.Integer(3)),
        (F(1, 3), sympy.Rational(1, 3)),
    ],
)
def test_a_term_becomes_its_expression(term: Any, expression: sympy.Expr) -> None:
    assert to_sympy(term) == expression
    assert isinstance(to_sympy(term), sympy.Expr)


@pytest.mark.parametrize("term", [floor(X), select(X > 0, X, 1), X + floor(X) * 2, abs(X), X % 2], ids=str)
def test_what_branches_or_rounds_has_no_expression(term: Any) -> None:
    with pytest.raises(LanguageError, match="need sums, products and quotients for sympy, got"):
        to_sympy(term)


@pytest.mark.parametrize("term", [P, X > 0, 0.5, True, S, None])
def test_what_is_no_number_has_no_expression(term: Any) -> None:
    with pytest.raises(LanguageError, match="need exact numbers"):
        to_sympy(term)


@pytest.mark.parametrize(
    ("expression", "term"),
    [
        (S, X),
        (sympy.Integer(2), F(2)),
        (sympy.Rational(-2, 3), F(-2, 3)),
        (sympy.S.Half, F(1, 2)),
        (sympy.S.Zero, F(0)),
        (-S, -1 * X),
        (S / 2, X / 2),
        (S * T, X * Y),
        (S**2, X * X),
        (1 / S, 1 / X),
        (S / T, X / Y),
        (S**-2, 1 / (X * X)),
    ],
)
def test_an_expression_becomes_a_term(expression: sympy.Expr, term: Any) -> None:
    found = from_sympy(expression)
    at = {"x": F(3, 7), "y": F(-5, 2)}
    assert value_of(found, at) == value_of(term, at)
    assert isinstance(found, RealTerm | Fraction)


@pytest.mark.parametrize(
    "expression",
    [
        sympy.Float("0.5"),
        S + 0.5,
        sympy.sqrt(S),
        sympy.sqrt(2),
        S ** sympy.Rational(1, 2),
        S**T,
        2**S,
        S**65,
        S**-65,
        sympy.pi,
        sympy.E,
        sympy.I,
        sympy.oo,
        sympy.nan,
        sympy.zoo,
        sympy.sin(S),
        sympy.Abs(S),
        sympy.floor(S),
        sympy.Piecewise((S, S > 0), (1, True)),
        sympy.Max(S, T),
        sympy.Function("f")(S),
        sympy.Derivative(sympy.Function("f")(S), S),
        sympy.Sum(S, (S, 1, 3)),
        sympy.Integral(S, S),
        sympy.Dummy("x"),
        sympy.Wild("x"),
        sympy.Symbol("x", positive=True),
        sympy.Symbol("x", real=True),
        sympy.Symbol("x", integer=True),
        sympy.Symbol("x", commutative=False),
        sympy.Symbol("x", nonzero=True) + S,
        sympy.MatrixSymbol("m", 2, 2)[0, 0],
    ],
    ids=str,
)
def test_what_is_no_rational_function_of_plain_symbols_is_refused(expression: sympy.Expr) -> None:
    with pytest.raises(LanguageError, match=r"need (a rational function of plain|symbols without)"):
        from_sympy(expression)


@pytest.mark.parametrize("thing", [0.5, 1, F(1), "x", None, S > 0, sympy.true, [S], sympy.Matrix([S]), X])
def test_what_is_no_expression_is_refused(thing: Any) -> None:
    with pytest.raises(LanguageError, match="need an expression of sympy"):
        from_sympy(thing)


def test_a_symbol_that_is_said_to_commute_is_plain() -> None:
    assert from_sympy(sympy.Symbol("x", commutative=True)) is X


def test_two_dummies_of_one_name_are_not_the_same_variable() -> None:
    first, second = sympy.Dummy("x"), sympy.Dummy("x")
    assert first - second != 0
    with pytest.raises(LanguageError):
        from_sympy(first - second)


def test_symbols_become_the_variables_that_are_known() -> None:
    assert from_sympy(sympy.Symbol("n") * 2, {"n": N}) is 2 * N
    assert from_sympy(S + 1, {"x": F(1, 2)}) == F(3, 2)
    with pytest.raises(LanguageError, match="need symbols among n, y, got x"):
        from_sympy(S, {"n": N, "y": Y})


def test_a_symbol_has_no_assumptions() -> None:
    assert symbol("x") == S and symbol("x").is_positive is None
    assert sympy.sqrt(symbol("x") ** 2) != symbol("x")


@given(
    st.lists(rationals(-3, 3, 5), min_size=3, max_size=6),
    rationals(-2, 2, 9),
)
def test_a_derivative_comes_back_as_a_term(factors: list[Fraction], x: Fraction) -> None:
    polynomial = number(0)
    for factor in factors:
        polynomial = polynomial * X + factor
    derivative = from_sympy(sympy.diff(to_sympy(polynomial), symbol("x")))
    top = len(factors) - 1
    assert value_of(derivative, {"x": x}) == sum(
        (top - i) * c * x ** max(top - i - 1, 0) for i, c in enumerate(factors) if i < top
    )


def test_a_long_sum_is_translated_in_no_time_and_right() -> None:
    names = [variable(f"a{i}", REAL) for i in range(3000)]
    total = number(0)
    for i, name in enumerate(names):
        total = total - name if i % 3 else total + 2 * name
    found = to_sympy(total)
    assert found.coeff(symbol("a3")) == 2 and found.coeff(symbol("a4")) == -1 and len(found.args) == 3000
    shared = (X + Y) - (X + Y) * 2 + (X + Y)
    assert sympy.expand(to_sympy(shared)) == 0
