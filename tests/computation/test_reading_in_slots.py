"""The reading of one sample as a machine (Lemma 6) is the method that reads it, whatever the valid answers are."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.computation.methods_in_bits import sample_method
from constructions.computation.query_machine import QueryMachine
from constructions.computation.reading_in_slots import slot_reading_machine
from constructions.computation.sample_learners import conjunction_learner, memoriser_learner, parity_learner
from constructions.errors import PremiseError
from constructions.learning.problems import Bits
from constructions.reductions.fbsq import lemma_6

F = Fraction
PLACES = 6
Sample = list[tuple[Bits, int]]


def read(machine: QueryMachine, sample: Sample, tau: F, random: Random) -> dict[str, int]:
    """The machine's last state, for random valid answers."""
    state, unit = machine.start(), 1 << PLACES
    for t in range(1, machine.rounds + 1):
        asked = machine.query_at(state, t)
        mean = sum((asked(x, y)[0] for x, y in sample), F(0)) / len(sample)
        low, high = -((-(mean - tau) * unit) // 1), (mean + tau) * unit // 1
        state = machine.after(state, [max(F(-1), min(F(1), F(random.randint(int(low), int(high)), unit)))])
    return state


@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 3), (2, 3), (3, 2)])
@pytest.mark.parametrize("build", [parity_learner, conjunction_learner])
def test_every_sample_is_read_by_any_valid_answers(n: int, m: int, build: object) -> None:
    learner, tau, random = build(n), F(1, 3 * m), Random(n + m)  # type: ignore[operator]
    machine, method = slot_reading_machine(learner, m, tau=tau, fraction=PLACES), sample_method(learner, m)
    assert machine.rounds == lemma_6(n, tau=tau, symmetric=True)(method).budget.k
    for _ in range(6):
        sample = [(tuple(random.randrange(2) for _ in range(n)), random.randrange(2)) for _ in range(m)]
        state, wanted = read(machine, sample, tau, random), method.learn(tuple(sample), ())
        assert all(machine.predict(state, x) == wanted(x) for x in product((0, 1), repeat=n))


def test_points_that_come_twice_count_twice() -> None:
    learner, random = memoriser_learner(1, 3), Random(0)
    machine = slot_reading_machine(learner, 3, tau=F(1, 8), fraction=PLACES)
    state = read(machine, [((1,), 1), ((1,), 0), ((1,), 1)], F(1, 8), random)
    assert machine.predict(state, (1,)) == F(171, 256)  # 2/3, in 8 places


def test_a_sample_that_is_not_read_in_time_gives_0() -> None:
    machine = slot_reading_machine(parity_learner(2), 3, tau=F(1, 8), fraction=PLACES, rounds=3)
    state = read(machine, [((1, 0), 1), ((0, 1), 1), ((1, 1), 0)], F(1, 8), Random(0))
    assert {machine.predict(state, x) for x in product((0, 1), repeat=2)} == {F(0)}


def test_premises_are_quoted() -> None:
    with pytest.raises(PremiseError, match=r"need m tau < 1/2, got 4 \* 1/8 = 1/2"):
        slot_reading_machine(parity_learner(2), 4, tau=F(1, 8), fraction=PLACES)
    with pytest.raises(PremiseError, match="need answers with enough places for tau = 1/16 and m = 3, got 1"):
        slot_reading_machine(parity_learner(2), 3, tau=F(1, 16), fraction=1)
