"""The machine of a learner that reads whole batches: what it is told, what it does with it, and its file."""

from fractions import Fraction
from itertools import product

import pytest

from constructions.computation.batch_machine import BatchMachine, batch_machine, check_learner, machine_in
from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.sample_learners import conjunction_learner, fed, parity_learner
from constructions.errors import ConstructionError
from constructions.learning.problems import Point
from constructions.strip.family import PowerFamily
from constructions.training.following_batches import taken_in
from tests.computation.tossing import tossing_learner


def realizable(n: int, b: int) -> list[list[Point]]:
    """All batches of b points of n bits whose labels are a function of the point."""
    points = list(product(product((0, 1), repeat=n), (0, 1)))
    return [list(batch) for batch in product(points, repeat=b) if len({x for x, _ in batch}) == len(set(batch))]


@pytest.mark.parametrize(("n", "b"), [(1, 1), (1, 2), (2, 1), (2, 2)])
def test_exact_counts_of_a_batch_move_it_as_its_samples_move_the_learner(n: int, b: int) -> None:
    for learner in (fed(parity_learner(n), b), fed(conjunction_learner(n), b)):
        made = batch_machine(learner, PowerFamily(n, b), rounds=1)
        for batch in realizable(n, b):
            after = made.after(made.start(), made.counts(made.start(), batch))
            state = taken_in(learner, batch)
            assert after == {f"state {name}": bit for name, bit in state.items()}


def test_it_comes_back_from_its_file() -> None:
    made = batch_machine(fed(parity_learner(2), 4), PowerFamily(2, 2), rounds=2)
    for binary in (False, True):
        again = machine_in(read_aiger(write_aiger(made.aiger(), binary=binary)))
        assert isinstance(again, BatchMachine)
        assert (again.points, again.rounds, again.parallel) == (2, 2, 5)
        assert write_aiger(again.aiger(), binary=False) == write_aiger(made.aiger(), binary=False)


def test_a_file_of_a_query_machine_is_none_for_whole_batches() -> None:
    assert not isinstance(machine_in(best_literal_machine(1, fraction=2).aiger()), BatchMachine)


def test_coins_of_samples_are_random_bits_of_a_round() -> None:
    made = batch_machine(tossing_learner(1), PowerFamily(1, 2), rounds=1)
    assert made.random_bits == 2
    counts = made.counts(made.start(), [((1,), 1), ((0,), 0)])
    states = {tuple(made.after(made.start(), counts, coins).values()) for coins in product((0, 1), repeat=2)}
    assert len(states) > 1


def test_what_is_no_machine_for_whole_batches_is_refused() -> None:
    made = batch_machine(fed(parity_learner(1), 1), PowerFamily(1, 1), rounds=1)
    with pytest.raises(ConstructionError, match="need 2 bits at answer0, got 1"):
        BatchMachine(machine=made.machine, rounds=1, points=2)
    with pytest.raises(ConstructionError, match="need a batch of 1 samples, got 2"):
        made.counts(made.start(), [((0,), 0)] * 2)
    with pytest.raises(ConstructionError, match="need an answer from 0 to 1, got 2"):
        made.after(made.start(), [Fraction(2), Fraction(0)])


def test_what_is_no_learner_of_samples_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a learner with 1 bits at its input taken, got 0"):
        check_learner(best_literal_machine(1, fraction=2).machine, 1)
