"""Every built-in learner has one name, a method and a machine that agree in size, and a problem that exists."""

from fractions import Fraction
from inspect import signature

import pytest

from constructions.computation.built_in_learners import LEARNERS, QUERY_LEARNERS, SAMPLE_LEARNERS
from constructions.learning.gradient_learners import DESCENT_LEARNERS
from constructions.theorems.choices import PROBLEMS
from constructions.theorems.registry import THEOREMS

TAU = Fraction(1, 16)


@pytest.mark.parametrize("name", QUERY_LEARNERS)
def test_a_learner_by_queries_asks_as_many_as_its_machine(name: str) -> None:
    method = QUERY_LEARNERS[name].method(3, 4, TAU)
    more = {"tau": TAU} if "tau" in signature(QUERY_LEARNERS[name].machine).parameters else {}
    machine = QUERY_LEARNERS[name].machine(3, fraction=6, **more)
    assert (method.budget.k, method.budget.p, method.n) == (machine.rounds, machine.parallel, machine.inputs)


@pytest.mark.parametrize("name", SAMPLE_LEARNERS)
def test_a_learner_from_samples_has_the_bits_and_samples_that_are_asked_for(name: str) -> None:
    method = SAMPLE_LEARNERS[name].method(3, 2)
    machine = SAMPLE_LEARNERS[name].machine(3, 2, b=2, tau=TAU, delta="1/4")
    assert (method.n, method.budget.m, machine.inputs) == (3, 2, 3)


def test_a_name_stands_for_one_learner_in_every_command() -> None:
    assert len(LEARNERS) == len(QUERY_LEARNERS) + len(SAMPLE_LEARNERS)
    assert {name for theorem in THEOREMS.values() for name in theorem.learners} == {*LEARNERS, *DESCENT_LEARNERS}
    assert not set(LEARNERS) & set(DESCENT_LEARNERS)


def test_every_learner_is_made_for_a_problem_and_every_problem_has_learners() -> None:
    assert {learner.problem for learner in LEARNERS.values()} == set(PROBLEMS)
