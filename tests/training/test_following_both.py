"""Networks on both labels follow their machines; what is broken is named."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from constructions.computation.asking_machine import averaging_machine
from constructions.computation.both_labels import in_pairs
from constructions.computation.learner_machines import best_literal_machine, conjunction_machine
from constructions.computation.query_machine import QueryMachine
from constructions.networks.both_network import BothPlan, both_plan_within
from constructions.networks.queries import DYADIC, STRONG, Setting
from constructions.training.adversaries import NAMED
from constructions.training.batches import Batch, as_arrays
from constructions.training.engine import engine_of
from constructions.training.following_both import MethodOnBoth, follow_both

F = Fraction
BUILDS: dict[str, Callable[[int], QueryMachine]] = {
    "literal": lambda places: in_pairs(best_literal_machine(2, fraction=places)),
    "conjunction": lambda places: in_pairs(conjunction_machine(2, fraction=places, tau="1/8")),
    "averages": lambda places: averaging_machine(
        conjunction_machine(1, fraction=8, tau="1/8"), q=2, fraction=places, both=True
    ),
}
SMALL = BothPlan(machine=in_pairs(best_literal_machine(1, fraction=8)), rho=F(1, 16), batch=2)
BATCH = as_arrays([((0,), 1), ((1,), 0)])


def test_a_run_is_the_machines_in_one_step() -> None:
    run = follow_both(SMALL, [BATCH], adversary="apart")
    assert run.failure is None and run.steps == 1 and run.points == 2
    assert run.errors[1] <= SMALL.decoder.tolerance


def test_means_are_over_both_labels() -> None:
    means = MethodOnBoth(SMALL.machine).means(SMALL.machine.start(), 1, BATCH)
    assert means == [F(1, 2), F(0), F(1, 2), F(1, 2)]  # y, x y, 1 - y, x (1 - y)


def test_a_canceller_of_a_usual_copy_at_a_steep_one_is_found_in_the_first_step() -> None:
    net, first = SMALL.trainable, SMALL.blocks[0]
    steep = next(c for c, copy in enumerate(SMALL.copies) if copy.place)
    vertex = int(SMALL.starts[0]) + int(first.to_output[len(SMALL.copies) + steep])
    begin = int(net.network.offsets[net.output])
    edge = begin + int(np.flatnonzero(net.network.sources[begin:] == vertex)[0])
    broken = net.with_moved({edge: F(DYADIC.share) / 2})
    run = follow_both(SMALL, [BATCH], engine=engine_of(broken, adversary="nearest", seed=0))
    assert run.failed_at == 1 and run.failure is not None and run.failure.startswith("the output is")


def drawn(plan: BothPlan, seed: int) -> list[Batch]:
    """A batch for each round: mixed labels for the seed 0, else one label."""
    draw, found = np.random.default_rng(seed), []
    for _ in range(plan.machine.rounds):
        x = draw.integers(0, 2, (plan.batch, plan.inputs))
        found.append((x, draw.integers(0, 2, plan.batch) if seed == 0 else np.full(plan.batch, seed - 1)))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("setting", [DYADIC, STRONG])
@pytest.mark.parametrize("rho", [F(1, 7), F(1, 16), F(6, 25), F(1, 100)])
@pytest.mark.parametrize("name", BUILDS)
def test_no_run_departs_from_its_machine(setting: Setting, rho: Fraction, name: str) -> None:
    plan = both_plan_within(BUILDS[name], rho=rho, tolerance=4 * rho, b=3, setting=setting)
    for adversary in NAMED:
        for seed in range(3):
            run = follow_both(plan, drawn(plan, seed), adversary=adversary, seed=seed)
            assert run.failure is None
