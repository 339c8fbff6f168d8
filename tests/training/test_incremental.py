"""The incremental engine takes the plain engine's steps, bit for bit; what is known of vertices is the same, too."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from constructions.computation.learner_machines import conjunction_machine
from constructions.errors import ConstructionError
from constructions.learning.problems import uniform
from constructions.networks.emulation import Plan
from constructions.networks.flat import flat_network
from constructions.networks.queries import DYADIC, MINIMAL, Setting
from constructions.networks.skeleton import Skeleton
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import NAMED, EdgeChoice
from constructions.training.batches import fresh
from constructions.training.by_fractions import RATIONALS, EngineSettings, any_engine
from constructions.training.engine import Engine, arguments_of, engine_of
from constructions.training.exactness import FLOATS, INTEGERS
from constructions.training.incremental import IncrementalEngine
from constructions.training.run import Training
from tests.training.small_steps import outcome

MACHINE = conjunction_machine(4, fraction=8, tau=Fraction(1, 8))


def as_plain(net: Trainable, batches: list[Any], **rest: Any) -> list[Any]:
    """What both engines did in each step, a refusal's text included, after a comparison of all that they hold."""
    plain, other = (kind(**settings(net), **rest) for kind in (Engine, IncrementalEngine))
    done = []
    for batch in batches:
        wanted, got = outcome(plain, batch), outcome(other, batch)
        assert got == wanted
        assert (other.number, other.scale, other.unit) == (plain.number, plain.scale, plain.unit)
        assert np.array_equal(other.weights, plain.weights)
        if not isinstance(got, str):
            same_bounds(plain, other)
        done.append(got)
    return done


def settings(net: Trainable) -> dict[str, Any]:
    """What an engine takes of a network."""
    return arguments_of(net, batch=None, rho=None, rate=None)


def same_bounds(plain: Engine, other: Engine) -> None:
    """What is known of every vertex is the same."""
    one, two = plain.last_ranges, other.last_ranges
    assert one is not None and two is not None
    assert (one.system, one.reason) == (two.system, two.reason)
    for name, a, b in zip(one.known._fields, one.known, two.known, strict=True):
        assert np.array_equal(a, b), name


@pytest.mark.parametrize("name", NAMED)
def test_random_networks_are_trained_as_by_the_plain_engine(pair: Any, name: str) -> None:
    for seed in range(20):
        run = pair(seed, steps=8)
        as_plain(run.net, run.batches, adversary=name, seed=seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMED)
def test_many_random_networks_are_trained_as_by_the_plain_engine(pair: Any, name: str) -> None:
    for seed in range(100, 250):
        run = pair(seed, steps=12)
        as_plain(run.net, run.batches, adversary=name, seed=seed)


@pytest.mark.parametrize("name", NAMED)
def test_random_networks_with_gates_are_trained_as_by_the_plain_engine(gated: Any, name: str) -> None:
    for seed in range(20):
        run = gated(seed)
        as_plain(run.net, run.batches, adversary=name, seed=seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMED)
def test_many_random_networks_with_gates_are_trained_as_by_the_plain_engine(gated: Any, name: str) -> None:
    for seed in range(100, 250):
        run = gated(seed, steps=16)
        as_plain(run.net, run.batches, adversary=name, seed=seed)
        as_plain(run.net, run.batches, adversary=name, seed=seed, system=INTEGERS, at_kink=freely(seed))


def test_the_random_networks_meet_everything(pair: Any) -> None:
    done = [step for seed in range(60) for step in as_plain(pair(seed, steps=8).net, pair(seed, steps=8).batches)]
    steps = [step for step in done if not isinstance(step, str)]
    assert {step.system for step in steps} == {FLOATS, INTEGERS}
    assert any(step.kink is not None for step in steps) and any(len(step.moved) > 3 for step in steps)
    assert any(isinstance(step, str) and "bits" in step for step in done)


def test_integers_may_be_asked_for(pair: Any) -> None:
    for seed in range(40):
        run = pair(seed, steps=6)
        as_plain(run.net, run.batches, system=INTEGERS)
        as_plain(run.net, run.batches, system=FLOATS)


def freely(seed: int) -> Callable[[int, Mapping[int, Fraction]], Mapping[int, Fraction]]:
    """A gradient at a kink: any multiples of 1/3, at every other edge, a function of vertex and weights."""

    def choose(vertex: int, weights: Mapping[int, Fraction]) -> Mapping[int, Fraction]:
        source = Random(f"{seed} {vertex} {weights[0]}")
        return {edge: Fraction(source.randrange(-3, 4), 3) for edge in range(0, len(weights), 2)}

    return choose


def test_after_a_gradient_that_was_chosen_at_a_kink_the_steps_are_the_same(pair: Any) -> None:
    met = 0
    for seed in range(80):
        run = pair(seed, steps=8)
        done = as_plain(run.net, run.batches, at_kink=freely(seed))
        met += sum(not isinstance(step, str) and step.kink is not None and bool(step.moved) for step in done)
    assert met > 20


def test_a_function_is_asked_the_same_in_the_same_order(pair: Any) -> None:
    for seed in range(40):
        run, asked = pair(seed, steps=6), ([], [])  # type: tuple[Any, tuple[list[EdgeChoice], list[EdgeChoice]]]

        for kind, seen in zip((Engine, IncrementalEngine), asked, strict=True):

            def pick(choice: EdgeChoice, seen: list[EdgeChoice] = seen) -> Fraction:
                seen.append(choice)
                return choice.valid[choice.edge % len(choice.valid)]

            engine = kind(**settings(run.net), adversary=pick)
            for batch in run.batches:
                outcome(engine, batch)
        assert asked[0] == asked[1]


def test_what_an_adversary_gets_wrong_leaves_no_trace(pair: Any) -> None:
    wrong = {2, 4}

    def pick(choice: EdgeChoice) -> Fraction:
        return Fraction(7) if choice.step in wrong else choice.valid[0]

    for seed in range(20):
        wrong.update((2, 4))
        run = pair(seed, steps=3)
        plain, other = (kind(**settings(run.net), adversary=pick) for kind in (Engine, IncrementalEngine))
        for batch in run.batches * 3:
            assert outcome(plain, batch) == outcome(other, batch)
            if plain.number == 1:
                wrong.discard(2)
        assert np.array_equal(plain.weights, other.weights)


@pytest.mark.parametrize("setting", [MINIMAL, DYADIC], ids=lambda setting: setting.name.split()[0])
@pytest.mark.parametrize("name", ["nearest", "random", "away-from-zero"])
def test_the_skeleton_is_trained_as_by_the_plain_engine(setting: Setting, name: str) -> None:
    graph = Skeleton(setting=setting, rho=Fraction(1, 16), coin=1).network()
    net = Trainable(network=flat_network(graph), rho=Fraction(1, 16), rate=Fraction(setting.rate), batch=3)
    batches = fresh(uniform(2, lambda x: x[0]), batch=3, seed=4)
    as_plain(net, [batches(step) for step in range(1, 9)], adversary=name, seed=2)


@pytest.mark.parametrize("batch", [1, 3, 12])
def test_an_emulation_network_is_trained_as_by_the_plain_engine(batch: int) -> None:
    net = replace(Plan(machine=replace(MACHINE, rounds=8), rho=Fraction(1, 64)).trainable, batch=batch)
    batches = fresh(uniform(4, lambda x: x[0] & x[2]), batch=batch, seed=1)
    done = as_plain(net, [batches(step) for step in range(1, 11)], adversary="random", seed=3)
    assert sum(len(step.moved) for step in done) > 8


def test_frozen_edges_and_another_activation_at_the_output(pair: Any) -> None:
    for seed in range(30):
        run = pair(seed, steps=5)
        frozen = np.arange(seed % 2, len(run.net.network.sources), 2)
        as_plain(replace(run.net, frozen=frozen), run.batches)


def test_a_weight_out_of_reach_is_refused_in_the_same_step(pair: Any) -> None:
    refused = 0
    for seed in range(120):
        run = pair(seed, steps=4)
        unit = 1 << 55 + seed % 4  # the least move, over the network's scale
        net = replace(run.net, rate=Fraction(unit, run.net.network.scale) / run.net.rho)
        done = as_plain(net, run.batches)
        refused += any(isinstance(step, str) and "2^60" in step for step in done)
    assert refused > 2


def test_a_run_goes_on_with_another_engine(tmp_path: Path) -> None:
    net = Plan(machine=replace(MACHINE, rounds=4), rho=Fraction(1, 64)).trainable
    given: dict[str, Any] = {"net": net, "batches": fresh(uniform(4, lambda x: x[0]), batch=net.batch, seed=5)}
    files: dict[str, Any] = {"checkpoint": tmp_path / "kept", "trace": tmp_path / "trace", "resume": True}
    whole = Training(**given, steps=6, trace=tmp_path / "whole").go()
    Training(**given, **files, steps=2, engine="incremental").go()
    Training(**given, **files, steps=4, engine="plain").go()
    done = Training(**given, **files, steps=6, engine="both").go()
    assert np.array_equal(done.net.network.weights, whole.net.network.weights)
    assert (done.moves, done.systems, done.reason) == (whole.moves, whole.systems, whole.reason)
    assert (tmp_path / "trace").read_bytes() == (tmp_path / "whole").read_bytes()


def test_outputs_are_those_of_the_weights_now(pair: Any) -> None:
    run = pair(3, steps=2)
    plain, other = engine_of(run.net), any_engine(run.net, engine="incremental")
    for x, y in run.batches:
        outcome(plain, (x, y))
        outcome(other, (x, y))
        assert plain.outputs(x) == other.outputs(x)


def test_engines_that_are_none(pair: Any) -> None:
    with pytest.raises(ConstructionError, match="need an engine among plain, incremental, both, got 'fast'"):
        any_engine(pair(0).net, engine="fast")
    with pytest.raises(ConstructionError, match="need the plain engine for rationals, got the engine 'both'"):
        any_engine(pair(0).net, EngineSettings(system=RATIONALS), engine="both")
