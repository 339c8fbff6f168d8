"""ReLU versions in training: the memory edges, outputs and predictor of the given network; and how unfrozen gadgets
drift."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from itertools import product
from random import Random

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.errors import ConstructionError
from constructions.networks.emulation import Plan
from constructions.networks.queries import DYADIC, MINIMAL, STRONG, Setting
from constructions.networks.relu import ReluVersion, with_relus
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import EdgeChoice, Picks
from constructions.training.batches import Samples
from constructions.training.by_fractions import FractionEngine
from constructions.training.engine import engine_of

RHO = Fraction(1, 16)
Batches = list[tuple[Samples, Samples]]


@cache
def plan(setting: Setting = DYADIC) -> Plan:
    """The smallest learner: one literal."""
    return Plan(machine=best_literal_machine(1, fraction=5), rho=RHO, setting=setting)


@cache
def version(setting: Setting = DYADIC) -> ReluVersion:
    """Its ReLU version."""
    return with_relus(plan(setting).trainable)


def batches(seed: int, batch: int) -> Batches:
    """A batch for each of two steps."""
    source = np.random.default_rng(seed)
    return [(source.integers(0, 2, (batch, 1)), source.integers(0, 2, batch)) for _ in range(2)]


def by_place(seed: int, place: dict[int, int]) -> Picks:
    """Any valid rounding, decided by the step and the place of an edge among the memory edges (else by its own
    position)."""
    return lambda choice: Random(f"{seed} {choice.step} {place.get(choice.edge, -1 - choice.edge)}").choice(
        choice.valid
    )


def end(which: int) -> Callable[[dict[int, int]], Picks]:
    """Always the least (0) or the greatest (-1) rounding."""
    return lambda place: lambda choice: choice.valid[which]


ADVERSARIES: dict[str, Callable[[dict[int, int]], Picks]] = {
    "least": end(0),
    "greatest": end(-1),
    **{f"random {seed}": partial(by_place, seed) for seed in range(2)},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ADVERSARIES)
@pytest.mark.parametrize("setting", [DYADIC, STRONG, MINIMAL], ids=lambda setting: setting.name.split()[0])
def test_the_relu_network_follows_the_ramps(setting: Setting, name: str) -> None:
    given, made = plan(setting).trainable, version(setting)
    ours, theirs = ({int(edge): i for i, edge in enumerate(edges)} for edges in (made.trained, made.edges))
    for batch in (1, 4):
        ramp = engine_of(given, batch=batch, adversary=ADVERSARIES[name](ours))
        relu = FractionEngine(made.net, batch=batch, adversary=ADVERSARIES[name](theirs))
        moved = 0
        for x, y in batches(7 * batch, batch):
            one, other = ramp.step(x, y), relu.step(x, y)
            assert not one.stopped and not other.stopped
            assert one.outputs == other.outputs
            assert {ours[e]: pair for e, pair in one.moved.items() if e in ours} == {
                theirs[e]: pair for e, pair in other.moved.items()
            }
            moved += len(other.moved)
        assert moved >= 2
        points = np.array(list(product((0, 1), repeat=1)))
        assert ramp.outputs(points) == relu.outputs(points)


def test_with_the_same_edges_frozen_the_ramp_network_takes_the_same_steps() -> None:
    given, made = plan().trainable, version()
    frozen = np.delete(np.arange(len(given.network.sources)), made.trained)
    ramp, relu = engine_of(replace(given, frozen=frozen), adversary="down"), FractionEngine(made.net, adversary="down")
    for x, y in batches(3, 1):
        one, other = ramp.step(x, y), relu.step(x, y)
        assert one.outputs == other.outputs and len(one.moved) == len(other.moved) > 0
    assert [ramp.weight(int(e)) for e in made.trained] == [relu.weight(int(e)) for e in made.edges]


def drift(net: Trainable) -> tuple[list[int], Fraction, Fraction]:
    """How many edges the steps move, and the output in the second step beside the declared one."""
    engine = FractionEngine(net)
    steps = [engine.step(x, y) for x, y in batches(3, 1)]
    assert steps[0].outputs == (plan().held(1),)
    return [len(step.moved) for step in steps], steps[1].outputs[0], Fraction(plan().held(2))


def test_unfrozen_gadgets_drift_in_the_first_step_and_the_output_leaves_in_the_second() -> None:
    frozen, output, declared = drift(version().net)
    assert output == declared and max(frozen) <= len(plan().copies)
    moved, output, declared = drift(version().unfrozen)
    assert moved[0] > 100 and abs(output - declared) > 10


def test_the_compiled_engine_takes_the_same_step_on_a_small_one_and_refuses_a_larger_one() -> None:
    x, y = batches(3, 1)[0]
    one, other = FractionEngine(version().net).step(x, y), engine_of(version().net).step(x, y)
    assert (one.outputs, one.moved) == (other.outputs, other.moved) and one.moved
    larger = with_relus(Plan(machine=best_literal_machine(2, fraction=6), rho=RHO).trainable)
    with pytest.raises(ConstructionError, match=r"need numbers of at most 61 bits, got \d+ bits in"):
        engine_of(larger.net).step(np.array([[0, 1]]), np.array([1]))


def test_a_memory_edge_spread_over_a_gadget_records_more_than_its_gradient() -> None:
    given = plan().trainable
    made = with_relus(given, np.zeros(0, np.int64))
    heads = given.network.heads[version().trained]
    spread = np.concatenate([np.arange(made.starts[v], made.starts[v + 1]) for v in heads.tolist()])
    edges = made.net.network.offsets[spread]
    assert (made.net.network.sources[edges] == 0).all()
    net = replace(made.net, frozen=np.setdiff1d(made.net.frozen, edges))
    x, y = batches(3, 1)[0]
    whole, parts = FractionEngine(version().net), FractionEngine(net)
    one, other = whole.step(x, y), parts.step(x, y)
    assert one.outputs == other.outputs
    first = int(version().edges[0])
    rise = one.moved[first][1] - one.moved[first][0]
    split = [
        pair[1] - pair[0] for e, pair in other.moved.items() if made.net.network.heads[e] < made.starts[heads[0] + 1]
    ]
    assert sorted(split) == [-rise, rise, rise]


def test_choices_name_the_edges_of_the_relu_network() -> None:
    seen: list[EdgeChoice] = []

    def keep(choice: EdgeChoice) -> Fraction:
        seen.append(choice)
        return choice.valid[0]

    x, y = batches(3, 1)[0]
    FractionEngine(version().net, adversary=keep).step(x, y)
    assert {choice.edge for choice in seen} <= set(version().edges.tolist())
    assert all(choice.tail == 0 for choice in seen)
