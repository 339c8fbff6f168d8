"""A case collects premises and facts; a fact uses only what was stated before it."""
from fractions import Fraction

import pytest
import z3

from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP
from constructions.foundations.network import Fragment
from verify.provers.by_z3 import SolverCase
from verify.replay import ReplayCase

PATH = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 1})
FLAT, RISING = RAMP.pieces[2], RAMP.pieces[3]


def test_a_fact_is_given_the_premises_before_it_and_none_after() -> None:
    case = ReplayCase({})
    case.show("before", True)
    case.assume(False)
    case.show("after", True)
    assert [fact.given for fact in case.facts] == [True, False]


def test_a_lemma_is_a_fact_first_and_a_premise_later() -> None:
    case = ReplayCase({})
    case.lemma("lemma", False)
    case.show("after", True)
    assert [(fact.label, fact.given) for fact in case.facts] == [("lemma", True), ("after", False)]


def test_a_lemma_does_not_presuppose_itself() -> None:
    case = SolverCase()
    x = case.real("x")
    case.lemma("positive", x > 0)
    assert case.facts[0].given is True


def test_the_premise_of_one_fact_is_not_a_premise_of_the_next() -> None:
    case = ReplayCase({})
    case.show("first", True, given=False)
    case.show("second", True)
    assert case.facts[1].given is True


def test_an_expected_piece_is_a_fact_and_not_a_premise() -> None:
    case = ReplayCase({"x": Fraction(1)})
    case.run(PATH, {"x": case.real("x")}, label="run", expect={"y": FLAT})
    assert case.failing() == ["run: y stays strictly inside (-1, 0)"] and case.premises == []


def test_a_piece_taken_for_granted_is_a_premise() -> None:
    case = ReplayCase({"x": Fraction(1)})
    case.run(PATH, {"x": case.real("x")}, label="run", on={"y": FLAT})
    assert case.premises == [False] and case.facts == []


def test_a_gradient_states_that_no_kink_matters() -> None:
    case = ReplayCase({"x": Fraction(0)})
    run = case.run(PATH, {"x": case.real("x")}, label="run")
    case.gradient(run, {"y": Fraction(1)}, label="loss")
    assert case.failing() == ["loss: the loss is differentiable"]


def test_an_induction_forms_base_and_step_from_one_predicate() -> None:
    case = SolverCase()
    n = case.integer("n")
    case.induction("count", state={"n": n}, start={"n": Fraction(7)}, advance=lambda s: {"n": s["n"] + 1}, holds=lambda s: s["n"] >= 7)
    base, step = case.facts
    assert base.conclusion is True
    assert step.given.eq(n >= 7) and step.conclusion.eq(n + 1 >= 7)


def test_an_induction_needs_a_start_for_its_whole_state() -> None:
    case = SolverCase()
    with pytest.raises(ConstructionError, match=r"need a start for the state \['n'\], got \[\]"):
        case.induction("count", state={"n": case.integer("n")}, start={}, advance=lambda s: s, holds=lambda s: True)


def test_the_same_name_is_the_same_variable() -> None:
    case = SolverCase()
    assert case.real("x").eq(case.real("x"))


def test_an_integer_of_the_solver_is_a_real_term() -> None:
    assert SolverCase().integer("n").sort() == z3.RealSort()
