"""What the name of a learner stands for in a theorem."""

from fractions import Fraction

import pytest

from constructions.computation.built_in_learners import LEARNERS, QUERY_LEARNERS, SAMPLE_LEARNERS
from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.sample_learners import parity_learner
from constructions.errors import ConstructionError
from constructions.theorems.learners import Learned, built_in

TAU = Fraction(1, 16)


@pytest.mark.parametrize("name", LEARNERS)
def test_both_forms_of_a_built_in_learner_have_the_same_numbers(name: str) -> None:
    found = built_in(name)
    if name in SAMPLE_LEARNERS:
        assert found.from_samples(2, 3).n == found.in_bits(2, 3).n == 2
    else:
        method, machine = found.by_queries(2, 4, TAU), found.asking(2, 6, TAU)
        assert (method.budget.k, method.budget.p) == (machine.rounds, machine.parallel)
        assert QUERY_LEARNERS[name].signed is machine.signed


def test_a_learner_in_bits_is_its_own_method() -> None:
    assert Learned(name="mine", bits=lambda n, m: parity_learner(n)).from_samples(2, 3).budget.m == 3
    asked = Learned(name="mine", machine=lambda n, fraction, tau: best_literal_machine(n, fraction=fraction))
    assert asked.by_queries(2, 4, TAU).budget.p == 3


def test_another_kind_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a learner from samples, got a learner by queries, at 'literal'"):
        built_in("literal").from_samples(2, 3)
    with pytest.raises(ConstructionError, match="need a learner by queries, got a learner from samples, at 'parity'"):
        built_in("parity").by_queries(2, 4, TAU)
    with pytest.raises(ConstructionError, match="need a built-in learner, got 'nobody'"):
        built_in("nobody")
