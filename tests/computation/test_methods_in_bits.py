"""Learners in bits are the methods that they say they are."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.methods_in_bits import learner_of_circuit, query_method, sample_method
from constructions.computation.sample_learners import (
    conjunction_learner,
    decision_list_learner,
    fed,
    mean_places,
    memoriser_learner,
    parity_learner,
)
from constructions.errors import ConstructionError
from constructions.learning.learners import best_literal, conjunction, decision_list, memoriser, parity
from constructions.learning.oracles import run
from constructions.learning.problems import uniform

PAIRS = [
    (parity_learner(2), parity(2, 3)),
    (conjunction_learner(2), conjunction(2, 3)),
    (decision_list_learner(2, 3), decision_list(2, 3)),
    (memoriser_learner(2, 3), memoriser(2, 3, places=mean_places(3))),
]


@pytest.mark.parametrize(("learner", "method"), PAIRS)
def test_a_learner_in_bits_is_its_method_and_so_is_its_circuit(learner: object, method: object) -> None:
    again = learner_of_circuit(fed(learner, 3))  # type: ignore[arg-type]
    random = Random(0)
    for _ in range(4):
        sample = tuple((tuple(random.randrange(2) for _ in range(2)), random.randrange(2)) for _ in range(3))
        wanted = method.learn(sample, ())  # type: ignore[attr-defined]
        for bits in (learner, again):
            found = sample_method(bits, 3).learn(sample, ())  # type: ignore[arg-type]
            assert all(found(x) == wanted(x) for x in product((0, 1), repeat=2))


def test_a_query_machine_is_its_method() -> None:
    tau = Fraction(1, 16)
    found, wanted = query_method(best_literal_machine(2, fraction=8), b=4, tau=tau), best_literal(2, b=4, tau=tau)
    assert found.budget == wanted.budget
    source = uniform(2, lambda x: x[1])
    for seed in range(3):
        one, other = (run(method, source, seed=seed) for method in (found, wanted))
        assert all(one(x) == other(x) for x in product((0, 1), repeat=2))


def test_a_circuit_with_other_ports_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need the inputs x, taken, label, point and the output predict, got"):
        learner_of_circuit(best_literal_machine(2, fraction=4).machine)
