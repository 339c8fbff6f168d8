"""Networks that read whole batches follow their learners; what is broken is named."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import pytest

from constructions.computation.sample_learners import conjunction_learner, fed, parity_learner
from constructions.errors import ConstructionError
from constructions.networks.batch_network import BatchPlan
from constructions.strip.family import PowerFamily
from constructions.training.adversaries import NAMED
from constructions.training.following_batches import bits_of, follow_batches, taken_in, tossed_in
from tests.computation.tossing import tossing_learner

SMALL = BatchPlan(machine=fed(parity_learner(1), 4), family=PowerFamily(1, 2), steps=2, rho=Fraction(13, 20))


def test_a_run_is_the_learners_and_reads_without_error() -> None:
    run = follow_batches(SMALL, [[((1,), 1), ((0,), 0)], [((1,), 1), ((1,), 1)]], adversary="apart")
    assert run.failure is None and run.errors == (Fraction(0), Fraction(0)) and run.points == 2


def test_a_batch_with_both_labels_of_a_point_freezes_it() -> None:
    run = follow_batches(SMALL, [[((1,), 1), ((1,), 0)], [((1,), 1), ((0,), 0)]])
    assert run.failed_at == 2


def test_a_broken_canceller_is_found_in_the_first_step() -> None:
    net = SMALL.trainable
    first = SMALL.starts[0] + int(SMALL.layout.row("canceller", 0))
    begin = int(net.network.offsets[net.output])
    edge = begin + int(np.flatnonzero(net.network.sources[begin:] == first)[0])
    broken = net.with_moved({edge: Fraction(1, 2)})
    run = follow_batches(SMALL, [[((1,), 1), ((0,), 0)]] * 2, net=broken)
    assert run.failed_at == 1


def test_a_network_at_a_larger_rate_is_found() -> None:
    net = replace(SMALL.trainable, rate=Fraction(1))
    assert follow_batches(SMALL, [[((1,), 1), ((0,), 0)]] * 2, net=net).failure is not None


@pytest.mark.parametrize("adversary", ["down", "up"])
def test_a_learner_that_tosses_coins_is_followed_for_every_random_string(adversary: str) -> None:
    plan = BatchPlan(machine=tossing_learner(1), family=PowerFamily(1, 2), steps=2, rho=Fraction(13, 20))
    batches = [[((1,), 1), ((0,), 0)], [((1,), 0), ((1,), 0)]]
    runs = [follow_batches(plan, batches, random=string, adversary=adversary) for string in product((0, 1), repeat=4)]
    assert all(run.failure is None and run.errors == (Fraction(0), Fraction(0)) for run in runs)
    assert {run.state["odd"] for run in runs} == {0, 1}


def test_another_string_than_the_learners_is_found() -> None:
    plan = BatchPlan(machine=tossing_learner(1), family=PowerFamily(1, 1), steps=1, rho=Fraction(13, 10))
    net = plan.trainable
    unsigned = replace(net, sampled=net.sampled[:0])
    with pytest.raises(ConstructionError, match="need a random string of 1 bits, got 0 values"):
        follow_batches(plan, [[((1,), 1)]])
    assert taken_in(plan.machine, [((1,), 0)])["odd"] == 1  # its coin would be 0
    assert tossed_in(plan, [[((1,), 0)]], (1,))["odd"] == 0
    assert follow_batches(plan, [[((1,), 0)]], net=unsigned).failure is None


def test_what_a_learner_took_in() -> None:
    machine = fed(conjunction_learner(1), 2)
    assert taken_in(machine, [((1,), 1)])["not0"] == 1
    assert bits_of("point", (1, 0)) == {"point[0]": 1, "point[1]": 0}


@pytest.mark.slow
@pytest.mark.parametrize("adversary", list(NAMED))
@pytest.mark.parametrize(("n", "b", "steps"), [(2, 2, 3), (2, 3, 2), (3, 2, 2)])
def test_larger_networks_follow_their_learners(n: int, b: int, steps: int, adversary: str) -> None:
    random = Random(n * 10 + b)
    plan = BatchPlan(
        machine=fed(parity_learner(n), b * steps), family=PowerFamily(n, b), steps=steps, rho=Fraction(13, 10 * b)
    )
    points = [tuple(random.randrange(2) for _ in range(n)) for _ in range(b * steps)]
    sample = [(x, sum(x) % 2) for x in points]
    run = follow_batches(plan, [sample[t * b : t * b + b] for t in range(steps)], adversary=adversary, seed=3)
    assert run.failure is None
