"""The connectives give truth values for truth values and formulas for formulas, with the same meaning."""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from operator import eq
from typing import Any

import pytest
from hypothesis import given

from constructions.errors import ConstructionError
from constructions.foundations.logic import between, every, implies, negation, select, some, within
from constructions.foundations.refusals import LanguageError
from constructions.foundations.terms import REAL, TRUTH, TruthTerm, variable
from tests.rationals import rationals

pytestmark = pytest.mark.bounds

P, Q = variable("p", TRUTH), variable("q", TRUTH)
X, Y = variable("x", REAL), variable("y", REAL)
CONNECTIVES = (every, some, implies, eq)
MEANT: dict[Any, Callable[[bool, bool], bool]] = {
    every: lambda p, q: p and q,
    some: lambda p, q: p or q,
    implies: lambda p, q: not p or q,
    eq: lambda p, q: p == q,
}
SMALL = rationals(-3, 3, 6)


@pytest.mark.parametrize(("p", "q"), list(product((False, True), repeat=2)))
@pytest.mark.parametrize("connective", CONNECTIVES)
def test_a_formula_means_what_its_truth_values_say(connective: Any, p: bool, q: bool, worth: Any) -> None:
    assert connective(p, q) is MEANT[connective](p, q)
    for first, second in product((p, P), (q, Q)):
        assert worth(connective(first, second), {"p": p, "q": q}) is MEANT[connective](p, q)


@pytest.mark.parametrize("p", [False, True])
def test_the_negation_of_a_formula_is_that_of_its_truth_value(p: bool, worth: Any) -> None:
    assert worth(negation(P), {"p": p}) is negation(p) is (not p)
    assert negation(negation(P)) is P


def test_truth_values_decide_where_they_can() -> None:
    assert every(False, P) is False
    assert some(True, P) is True
    assert every(True, P) is P
    assert some(False, P) is P
    assert eq(P, True) is P
    assert eq(P, False) is negation(P)


def test_the_empty_conjunction_holds_and_the_empty_disjunction_does_not() -> None:
    assert every() is True
    assert some() is False


def test_an_implication_from_a_false_premise_is_true() -> None:
    assert implies(False, P) is True
    assert implies(P, True) is True


def test_what_decides_hides_no_foreign_object() -> None:
    for connective in (every, some):
        for settled in (False, True):
            with pytest.raises(LanguageError, match="need truth values or formulas, one by one, got the int 1"):
                connective(settled, P, 1)


def test_selecting_by_a_truth_value_gives_the_very_number() -> None:
    yes, no = Fraction(1, 3), Fraction(2)
    assert select(True, yes, no) is yes
    assert select(False, yes, no) is no


@given(x=SMALL, yes=SMALL, no=SMALL)
def test_selecting_by_a_formula_keeps_fractions_exact(x: Fraction, yes: Fraction, no: Fraction, worth: Any) -> None:
    assert worth(select(X > 0, yes, no), {"x": x}) == (yes if x > 0 else no)
    assert worth(3 * select(X > 0, Fraction(1, 3), 2), {"x": x}) == (1 if x > 0 else 6)


def test_the_branch_that_is_not_taken_is_refused_too() -> None:
    for condition in (True, False, P):
        for yes, no in ((0.5, 1), (1, 0.5)):
            with pytest.raises(LanguageError, match=r"got the float 0\.5, at a branch of select"):
                select(condition, yes, no)


def test_between_is_open_and_within_is_closed() -> None:
    assert [between(0, x, 1) for x in (0, Fraction(1, 2), 1)] == [False, True, False]
    assert [within(x, 1) for x in (-2, -1, 0, 1, 2)] == [False, True, True, True, False]


@given(x=SMALL, y=SMALL)
def test_between_and_within_of_a_term_are_formulas_that_mean_the_same(x: Fraction, y: Fraction, worth: Any) -> None:
    for symbolic, plain in (
        (between(0, X, Y), between(0, x, y)),
        (within(X, Y), within(x, y)),
        (within(X, 1), within(x, 1)),
    ):
        assert isinstance(symbolic, TruthTerm)
        assert worth(symbolic, {"x": x, "y": y}) is plain


@pytest.mark.parametrize("given_", [(0.5, 1, 2), (0, 0.5, 2), (0, 1, 2.5), (0.5, X, 1), (0, X, 0.5)])
def test_a_float_between_exact_numbers_is_refused(given_: tuple[Any, Any, Any]) -> None:
    with pytest.raises(ConstructionError, match="got the float"):
        between(*given_)
    (foreign,) = (value for value in given_ if isinstance(value, float))
    for value, bound in ((foreign, X), (X, foreign), (foreign, 1), (1, foreign)):
        with pytest.raises(ConstructionError, match="got the float"):
            within(value, bound)
