"""The connectives give truth values for truth values and formulas for formulas, with the same meaning."""
from fractions import Fraction
from itertools import product

import pytest
import z3

from constructions.foundations.logic import as_real, between, every, implies, negation, select, some, within

P, Q = z3.Bool("p"), z3.Bool("q")
X = z3.Real("x")


def holds(formula: object, **values: bool) -> bool:
    """The truth value of a formula over p and q."""
    if isinstance(formula, bool):
        return formula
    pairs = [(z3.Bool(name), z3.BoolVal(value)) for name, value in values.items()]
    return z3.is_true(z3.simplify(z3.substitute(formula, *pairs)))


@pytest.mark.parametrize(("p", "q"), list(product((False, True), repeat=2)))
def test_a_formula_means_what_its_truth_values_say(p: bool, q: bool) -> None:
    for connective in (every, some, implies):
        for first, second in product((p, P), (q, Q)):
            assert holds(connective(first, second), p=p, q=q) is connective(p, q)
    assert holds(negation(P), p=p) is negation(p) is (not p)


def test_truth_values_decide_where_they_can() -> None:
    assert every(False, P) is False
    assert some(True, P) is True
    assert every(True, P) is P
    assert some(False, P) is P


def test_the_empty_conjunction_holds_and_the_empty_disjunction_does_not() -> None:
    assert every() is True
    assert some() is False


def test_an_implication_from_a_false_premise_is_true() -> None:
    assert implies(False, P) is True
    assert implies(P, True) is True


def test_selecting_by_a_truth_value_gives_the_very_number() -> None:
    yes, no = Fraction(1, 3), Fraction(2)
    assert select(True, yes, no) is yes
    assert select(False, yes, no) is no


def test_selecting_by_a_formula_keeps_fractions_exact() -> None:
    chosen = select(X > 0, Fraction(1, 3), 2)
    solver = z3.Solver()
    solver.add(X > 0, 3 * chosen != 1)
    assert solver.check() == z3.unsat


def test_an_integer_term_becomes_a_real_one_and_a_real_one_stays() -> None:
    assert as_real(z3.Int("n")).is_real()
    assert as_real(X) is X
    assert as_real(Fraction(-1, 3)).as_fraction() == Fraction(-1, 3)


def test_between_is_open_and_within_is_closed() -> None:
    assert [between(0, x, 1) for x in (0, Fraction(1, 2), 1)] == [False, True, False]
    assert [within(x, 1) for x in (-2, -1, 0, 1, 2)] == [False, True, True, True, False]


def test_between_and_within_of_a_term_are_formulas() -> None:
    assert z3.eq(between(0, X, 1), z3.And(X > 0, X < 1))
    assert z3.eq(within(X, Fraction(1)), z3.And(X >= -1, X <= 1))
