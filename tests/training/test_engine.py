"""The array engine walks the same trajectory as the engine in fractions, whatever numbers it computes with."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import IDENTITY, RAMP
from constructions.foundations.network import Edge, Network
from constructions.networks.flat import flat_network
from constructions.networks.queries import DYADIC, SETTINGS
from constructions.networks.renumber import random_order, renumbered
from constructions.networks.skeleton import Skeleton
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import NAMED, EdgeChoice
from constructions.training.engine import ArrayStep, Engine, engine_of, trained
from constructions.training.exactness import FLOATS, INTEGERS
from constructions.training.record import TracedStep
from constructions.training.trainer import random_batches
from tests.training.small_steps import kinked
from verify.replay.trace import faults_of

M64 = (1 << 64) - 1


def mixture(seed: int, step: int, edge: int) -> int:
    """splitmix64's finalizer over three words, in Python integers."""
    z = 0
    for part in (seed, step, edge):
        z = ((z ^ part) + 0x9E3779B97F4A7C15) & M64
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
        z ^= z >> 31
    return z


SEED = 11
PICKS: dict[str, Callable[[EdgeChoice], Fraction]] = {
    "nearest": lambda c: min(c.valid, key=lambda u: (abs(u - c.value), abs(u))),
    "down": lambda c: c.valid[0],
    "up": lambda c: c.valid[-1],
    "toward-zero": lambda c: min(c.valid, key=abs),
    "away-from-zero": lambda c: max(c.valid, key=abs),
    "random": lambda c: c.valid[-(mixture(SEED, c.step, c.edge) & 1)],
    "alternating": lambda c: c.valid[-(c.step % 2)],
    "apart": lambda c: c.valid[-(c.edge % 2)],
    "apart-alternating": lambda c: c.valid[-((c.edge + c.step) % 2)],
    "hashed": lambda c: c.valid[-(mixture(SEED, 0, c.edge) & 1)],
}


def train_batches(net: Trainable, batches: list[Any], **rest: Any) -> tuple[Trainable, list[ArrayStep]]:
    """Train on given batches; stops at a kink for which nobody chooses a gradient."""
    engine, steps = engine_of(net, **rest), list[ArrayStep]()
    while len(steps) < len(batches) and not (steps and steps[-1].stopped):
        steps.append(engine.step(*batches[len(steps)]))
    return trained(net, engine), steps


def weights(net: Trainable) -> list[Fraction]:
    """The weights by position."""
    return [Fraction(w, net.network.scale) for w in net.network.weights.tolist()]


def same_run(run: Any, name: str, **rest: Any) -> list[ArrayStep]:
    """Train both ways, compare everything; the steps of the array engine, none where its numbers would be too long."""
    trace = run.in_fractions(PICKS[name])
    try:
        after, steps = train_batches(run.net, run.batches, adversary=name, seed=SEED, **rest)
    except ConstructionError as error:
        assert str(error).startswith("need numbers of at most 61 bits, got ")
        return []
    assert weights(after) == run.weights(trace.final)
    assert [step.outputs for step in steps] == [step.outputs for step in trace.steps]
    assert [None if step.kink is None else run.names[step.kink] for step in steps] == [
        step.kink for step in trace.steps
    ]
    moved = [{run.edges[edge]: new - old for edge, (old, new) in step.moved.items()} for step in steps]
    assert moved == [step.moved for step in trace.steps]
    return steps


def test_every_name_has_a_reference() -> None:
    assert set(PICKS) == set(NAMED)


@pytest.mark.parametrize("name", PICKS)
@pytest.mark.slow
def test_random_networks_are_trained_as_in_fractions(pair: Any, name: str) -> None:
    runs = [same_run(pair(seed), name) for seed in range(60)]
    systems = [step.system for steps in runs for step in steps]
    assert systems.count(FLOATS) > 10 and systems.count(INTEGERS) > 10 and runs.count([]) < 12


@pytest.mark.slow
@pytest.mark.parametrize("name", PICKS)
def test_many_random_networks_are_trained_as_in_fractions(pair: Any, name: str) -> None:
    for seed in range(1000, 1150):
        same_run(pair(seed, steps=4), name)


def test_scaled_integers_give_what_float64_gives(pair: Any) -> None:
    compared = 0
    for seed in range(60):
        run = pair(seed)
        steps = same_run(run, "random")
        if steps and all(step.system == FLOATS for step in steps):
            assert all(step.system == INTEGERS for step in same_run(run, "random", system=INTEGERS))
            compared += 1
    assert compared > 5


def test_the_networks_meet_kinks_and_some_do_not(pair: Any) -> None:
    met = [any(step.kink is not None for step in same_run(pair(seed), "up")) for seed in range(60)]
    assert 5 < sum(met) < 55


def trains(run: Any, **rest: Any) -> Any:
    """The run of the array engine; None where its numbers would be too long."""
    try:
        return train_batches(run.net, run.batches, **rest)
    except ConstructionError as error:
        assert str(error).startswith("need numbers of at most 61 bits, got ")
        return None


@pytest.mark.parametrize("name", PICKS)
@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("rho", [Fraction(1, 16), Fraction(1, 10)], ids=str)
def test_the_skeleton_is_trained_as_in_fractions(both: Any, setting: str, name: str, rho: Fraction) -> None:
    kind = SETTINGS[setting]
    for coin in (0, 1):
        graph = Skeleton(setting=kind, rho=rho, coin=coin).network()
        net = Trainable(network=flat_network(graph), rho=rho, rate=Fraction(kind.rate), batch=3)
        steps = same_run(both(graph, net, random_batches(steps=2, batch=3, inputs=2, seed=coin)), name)
        assert {step.system for step in steps} == {FLOATS if kind is DYADIC and rho == Fraction(1, 16) else INTEGERS}


def test_a_run_passes_the_check_that_shares_no_code(pair: Any) -> None:
    for seed in range(40):
        run = pair(seed)
        found = trains(run, adversary="hashed", seed=seed)
        if found is None:
            continue
        steps = found[1]
        traced = [TracedStep(step, *_points(batch)) for step, batch in zip(steps, run.batches, strict=False)]
        if steps[-1].stopped:
            traced.pop()
        assert not list(faults_of(run.net, traced, rho=run.net.rho, rate=run.net.rate, batch=run.net.batch))


def test_the_check_finds_a_rounding_that_is_not_valid(pair: Any) -> None:
    found = 0
    for seed in range(20):
        run = pair(seed)
        _, steps = trains(run, adversary="up") or (None, [])
        for i, step in enumerate(steps):
            for edge, (old, new) in list(step.moved.items())[:1]:
                changed = replace(step, moved={**step.moved, edge: (old, new - 2 * run.net.rate * run.net.rho)})
                given = [*steps[:i], changed]
                traced = [TracedStep(one, *_points(batch)) for one, batch in zip(given, run.batches, strict=False)]
                faults = list(faults_of(run.net, traced, rho=run.net.rho, rate=run.net.rate, batch=run.net.batch))
                assert any(f"step {i + 1}, edge {edge}" in fault for fault in faults)
                found += 1
    assert found > 15


def _points(batch: Any) -> Any:
    x, y = batch
    return tuple(map(tuple, x.tolist())), tuple(y.tolist())


def by_value(choice: EdgeChoice) -> Fraction:
    """An adversary that looks at nothing that renumbering changes."""
    return choice.valid[-((choice.value.numerator + choice.step) % 2)]


def test_other_numbers_for_the_vertices_and_no_names_change_nothing(pair: Any) -> None:
    changed = 0
    for seed in range(40):
        run = pair(seed)
        again, position = renumbered(run.net, random_order(run.net, seed=seed))
        changed += not np.array_equal(position, np.arange(len(position)))
        one = trains(run, adversary=by_value)
        if one is None:
            continue
        (after, steps), (other, others) = one, train_batches(again, run.batches, adversary=by_value)
        found = weights(other)
        assert [found[p] for p in position] == weights(after)
        for step, twin in zip(steps, others, strict=True):
            assert step.outputs == twin.outputs and (step.kink is None) == (twin.kink is None)
            assert {int(position[edge]): move for edge, move in step.moved.items()} == dict(twin.moved)
    assert changed > 10


@pytest.mark.parametrize("setting", ["dyadic", "minimal repair"])
def test_the_skeleton_under_other_numbers_is_the_same(setting: str) -> None:
    kind, rho = SETTINGS[setting], Fraction(1, 16)
    net = Trainable(
        network=flat_network(Skeleton(setting=kind, rho=rho, coin=1).network()),
        rho=rho,
        rate=Fraction(kind.rate),
        batch=2,
    )
    batches = [(np.array([[1, 1], [0, 1]]), np.array([1, 1])), (np.array([[0, 1], [1, 0]]), np.array([0, 1]))]
    first, _ = train_batches(net, batches, adversary=by_value)
    for seed in range(3):
        again, position = renumbered(net, random_order(net, seed=seed))
        other, _ = train_batches(again, batches, adversary=by_value)
        assert np.array_equal(other.network.weights[position], first.network.weights)


def test_frozen_edges_stay_and_the_others_move_as_before(pair: Any) -> None:
    for seed in range(40):
        run = pair(seed, steps=1)
        frozen = np.arange(0, len(run.edges), 2)
        one = trains(run, adversary="up")
        if one is None:
            continue
        free, (step,) = one
        held, (other,) = train_batches(replace(run.net, frozen=frozen), run.batches, adversary="up")
        wanted = weights(free)
        wanted[::2] = weights(run.net)[::2]
        assert weights(held) == wanted and step.outputs == other.outputs


def test_the_output_may_have_its_own_activation() -> None:
    edges: dict[Edge, Any] = {("x1", "h"): 1, ("one", "h"): "1/2", ("h", "f"): 3, ("one", "f"): "1/4"}
    graph = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    net = Trainable(network=flat_network(graph), rho=Fraction(1, 16), last=IDENTITY)
    engine = engine_of(net, batch=2)
    x, y = np.array([[0], [1]]), np.array([1, 0])
    assert engine.outputs(x) == (Fraction(7, 4), Fraction(19, 4)) == (net((0,)), net((1,)))
    step = engine.step(x, y)
    assert step.outputs == (Fraction(7, 4), Fraction(19, 4))
    # h: 1/2 and 3/2; entries of h -> f: 3/8 and 57/8, clipped to 3/8 and 1: the mean 11/16 is on the grid
    assert {
        net.network.name(int(net.network.sources[edge])): str(old - new)
        for edge, (old, new) in step.moved.items()
        if edge >= 2
    } == {"one": "7/8", "v2": "11/16"}
    assert not list(faults_of(net, [TracedStep(step, ((0,), (1,)), (1, 0))], rho=net.rho, rate=net.rate, batch=2))


def test_a_function_that_picks_no_valid_rounding_is_refused() -> None:
    engine = engine_of(kinked().with_moved({0: Fraction(3, 2)}), adversary=lambda choice: Fraction(1, 2))
    with pytest.raises(
        ConstructionError, match=r"^need one of the valid roundings 1 of 1, got Fraction\(1, 2\), at edge 0, step 1$"
    ):
        engine.step(np.array([[0]]), np.array([0]))
    assert (engine.number, engine.weight(0)) == (0, Fraction(3, 2))


def test_equal_samples_count_as_often_as_they_are_there() -> None:
    graph = Network(
        inputs=("x1",), outputs=("f",), edges={("x1", "f"): "1/8", ("one", "f"): "1/8"}, constant="one", sigma=IDENTITY
    )
    net = Trainable(network=flat_network(graph), rho=Fraction(1, 64), batch=40)
    x, y = np.array([[1]] * 30 + [[0]] * 10), np.array([0] * 40)
    seen: dict[int, Fraction] = {}

    def watching(choice: EdgeChoice) -> Fraction:
        seen[choice.edge] = choice.value
        return choice.valid[0]

    engine_of(net, adversary=watching).step(x, y)
    assert seen == {0: Fraction(30, 40) / 4 + Fraction(10, 40) / 8, 1: Fraction(30, 40) / 4}


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([[1, 0]], [1], r"need integers of shape \(1, 1\) and \(1,\), got int64 of shape \(1, 2\) .*, at the batch"),
        ([[1], [0]], [1, 0], r"need integers of shape \(1, 1\) .*"),
        ([[0.5]], [1], r"need integers of shape \(1, 1\) and \(1,\), got float64 .*"),
        ([[2]], [1], r"need bits and labels 0 or 1, got 2, at x\[0, 0\]"),
        ([[1]], [-1], r"need bits and labels 0 or 1, got -1, at y\[0\]"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused(x: Any, y: Any, message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        engine_of(kinked()).step(np.array(x), np.array(y))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"adversary": "kind"}, "need an adversary among nearest, .*, got 'kind'"),
        ({"seed": -1}, r"need a seed from 0 to 2\^63 - 1, got -1"),
        ({"batch": 0}, "need an integer >= 1, got 0, at batch"),
        ({"rho": Fraction(0)}, "need rho > 0 and rate > 0, got 0 and 2"),
        ({"rate": 0.5}, "need an exact number .*, got the float 0.5, at rate"),
        ({"rho": Fraction(1, (1 << 61) - 1)}, r"need weights times scale within 2\^60, got .*, at the start"),
    ],
)
def test_settings_that_are_none_are_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        engine_of(kinked(), **changed)


def test_what_is_given_is_left_as_it_was() -> None:
    net = kinked()
    engine = engine_of(net)
    engine.step(np.array([[0]]), np.array([0]))
    assert net.network.weights.tolist() == [1, 1]
    assert [engine.weight(0), engine.weight(1)] == [-1, 1]


@pytest.mark.parametrize("factor", [2, 3, 60])
def test_weights_over_a_larger_scale_than_they_need_are_the_same_network(pair: Any, factor: int) -> None:
    for seed in range(12):
        run = pair(seed)
        flat = run.net.network
        wide = replace(run.net, network=replace(flat, weights=flat.weights * factor, scale=flat.scale * factor))
        one, other = trains(run, adversary="hashed"), trains(replace(run, net=wide), adversary="hashed")
        assert (one is None) == (other is None)
        if one is not None:
            assert weights(one[0]) == weights(other[0]) and one[1] == other[1]


def test_an_edge_that_passes_nothing_down_may_have_a_long_denominator() -> None:
    """The first hidden vertex is flat, so no denominator of its adjoint is known; the one that the edge of weight
    1/2^40 would need, 2^89, is 0 in 64-bit integers."""
    scale = 1 << 40
    halves = [-(scale >> 1), scale >> 1, scale >> 1, 1]
    given: dict[str, Any] = {"offsets": np.array([0, 0, 0, 1, 4, 5]), "sources": np.array([0, 0, 1, 2, 3])}
    given |= {"weights": np.array([*halves, 1 << 16]), "scale": scale, "inputs": 1, "output": 4}
    steps = [
        Engine(**given, sigma=RAMP, last=IDENTITY, batch=1, rho=Fraction(1, 4), system=system).step(
            np.array([[1]]), np.array([1])
        )
        for system in (FLOATS, INTEGERS)
    ]
    assert steps[0].moved and [replace(step, system="") for step in steps] == [replace(steps[0], system="")] * 2
