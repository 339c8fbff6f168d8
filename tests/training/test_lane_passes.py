"""Batches of eight or more samples in lanes of 32-bit integers: the steps of the plain passes, bit for bit."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, Activation
from constructions.foundations.network import Edge, Network
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from constructions.training import batch_passes as module
from constructions.training.adversaries import NAMED, EdgeChoice
from constructions.training.batch_passes import IN_LANES, batch_passes
from constructions.training.by_fractions import EngineSettings, FractionEngine, any_engine
from constructions.training.engine import ArrayStep, Engine, arguments_of, engine_of
from constructions.training.lane_passes import WIDTHS
from tests.training.small_steps import outcome

RHO = Fraction(1, 16)
ONES: dict[str, Any] = {"batch": None, "rho": None, "rate": None}


def with_batches(run: Any, *, seed: int, steps: int = 4) -> tuple[Trainable, list[tuple[Any, Any]]]:
    """The network of a random run with batches in which every point has both labels, some samples more than once."""
    n, source = len(run.graph.inputs), Random(f"lanes {seed}")
    points = [(*x, y) for x in product((0, 1), repeat=n) for y in (0, 1)]
    size = len(points) + source.randint(0, 3)
    batches = []
    for _ in range(steps):
        rows = [*points, *source.choices(points, k=size - len(points))]
        source.shuffle(rows)
        batches.append((np.array([row[:-1] for row in rows]).reshape(size, n), np.array([row[-1] for row in rows])))
    return replace(run.net, batch=size), batches


def as_without(net: Trainable, batches: list[tuple[Any, Any]], **choices: Any) -> list[ArrayStep | str]:
    """The steps in lanes, which are those without; ``ways`` of the first engine says whether lanes were taken."""
    engines = [Engine(**arguments_of(net, **ONES), lanes=lanes, **choices) for lanes in (True, False)]
    done = []
    for batch in batches:
        one, other = (outcome(engine, batch) for engine in engines)
        assert one == other
        assert np.array_equal(engines[0].weights, engines[1].weights) and engines[0].scale == engines[1].scale
        done.append(one)
    assert IN_LANES not in engines[1].ways
    TAKEN.update(engines[0].ways)
    return done


TAKEN: dict[str, int] = {}


@pytest.mark.parametrize("name", NAMED)
def test_random_networks_are_trained_as_without_lanes(pair: Any, name: str) -> None:
    TAKEN.clear()
    for seed in range(25):
        as_without(*with_batches(pair(seed), seed=seed), adversary=name, seed=seed)
    assert IN_LANES in TAKEN


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMED)
def test_many_random_networks_are_trained_as_without_lanes(pair: Any, name: str) -> None:
    for seed in range(100, 400):
        as_without(*with_batches(pair(seed), seed=seed, steps=8), adversary=name, seed=seed)


def test_the_steps_are_those_in_rationals(pair: Any) -> None:
    compared = 0
    for seed in range(40):
        net, batches = with_batches(pair(seed), seed=seed)
        engine, other = engine_of(net), FractionEngine(net)
        for batch in batches:
            one, two = outcome(engine, batch), outcome(other, batch)
            if isinstance(one, str):
                break
            assert isinstance(two, ArrayStep) and replace(two, system=one.system) == one
            compared += IN_LANES in engine.ways
    assert compared > 40


def freely(vertex: int, weights: Mapping[int, Fraction]) -> Mapping[int, Fraction]:
    """A gradient at a kink: a function of vertex and weights."""
    return {edge: Fraction((vertex + edge) % 7 - 3, 3) for edge in range(0, len(weights), 2)}


def test_kinks_are_met_at_the_same_vertices(pair: Any) -> None:
    met = set()
    for seed in range(60):
        done = as_without(*with_batches(pair(seed), seed=seed), at_kink=freely)
        met |= {step.kink for step in done if not isinstance(step, str)}
    assert len(met) > 4


def test_a_function_is_asked_the_same(pair: Any) -> None:
    asked: list[EdgeChoice] = []

    def pick(choice: EdgeChoice) -> Fraction:
        asked.append(choice)
        return choice.valid[choice.edge % len(choice.valid)]

    for seed in range(30):
        net, batches = with_batches(pair(seed), seed=seed)
        seen = []
        for lanes in (True, False):
            engine = Engine(**arguments_of(net, **ONES), adversary=pick, lanes=lanes)
            asked.clear()
            for batch in batches:
                outcome(engine, batch)
            seen.append(list(asked))
        assert seen[0] == seen[1]


def wide(seed: int, *, inputs: int = 7, last: Activation | None = None) -> Trainable:
    """Seven inputs and a dozen hidden vertices, of which some do not depend on x."""
    source = Random(f"wide {seed}")
    edges: dict[Edge, Any] = {("one", "c0"): source.choice((1, -3, 5)), ("c0", "c1"): -2}
    before = ["one", *(f"x{i + 1}" for i in range(inputs)), "c0", "c1"]
    for i in range(12):
        for tail in source.sample(before, source.randint(1, 6)):
            edges[tail, f"h{i}"] = Fraction(source.choice((-4, -3, -1, 1, 2, 5)), source.choice((1, 1, 2, 4)))
        before.append(f"h{i}")
    tails = {u for u, _ in edges}
    edges |= {(u, "f"): Fraction(source.randint(-3, 3) or 1, 4) for u in before if u not in tails or u[0] == "h"}
    names, sigma = tuple(f"x{i + 1}" for i in range(inputs)), source.choice((RAMP, HARD_TANH, RAMP))
    graph = Network(inputs=names, outputs=("f",), edges=edges, constant="one", sigma=sigma)
    return Trainable(network=flat_network(graph), rho=RHO, last=last)


@pytest.mark.parametrize("many", [7, 8, 9, 16, 17, 32, 33, 70, 100])
def test_blocks_of_every_length(many: int) -> None:
    TAKEN.clear()
    for seed in range(8):
        source = np.random.default_rng(seed)
        net = replace(wide(seed, last=IDENTITY if seed % 2 else None), batch=many)
        chosen = source.permutation(128)[:many]
        x, y = chosen[:, None] >> np.arange(7) & 1, source.integers(0, 2, many)
        as_without(net, [(x, y)] * 3)
    assert (IN_LANES in TAKEN) == (many >= WIDTHS[0])
    assert many > 7 or TAKEN == {"in float64 (fewer than 8 different samples)": 3}


def test_where_many_vertices_depend_on_x_more_samples_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    net, few = replace(wide(0), batch=31), replace(wide(0), batch=32)
    x, y = np.arange(32)[:, None] >> np.arange(7) & 1, np.zeros(32, np.int64)
    monkeypatch.setattr(module, "MANY", 3)
    engines = engine_of(net), engine_of(few)
    engines[0].step(x[:31], y[:31])
    engines[1].step(x, y)
    assert [len(engine.ways) for engine in engines] == [1, 1] and IN_LANES in engines[1].ways
    ((way, _),) = engines[0].ways.items()
    assert way == "in float64 (fewer than 32 different samples, and 11 vertices depend on x)"


def line(long: int, *, sigma: Activation = IDENTITY) -> Engine:
    """f = long x1 + (2^30 - 1) x2 + x3, whose sums have at most 31 bits if ``long`` is at most 2^30."""
    edges: dict[Edge, Any] = {("x1", "f"): long, ("x2", "f"): (1 << 30) - 1, ("x3", "f"): 0, ("one", "f"): 0}
    graph = Network(inputs=("x1", "x2", "x3"), outputs=("f",), edges=edges, constant="one", sigma=sigma)
    return engine_of(Trainable(network=flat_network(graph), rho=Fraction(1), batch=8))


EIGHT = np.array(list(product((0, 1), repeat=3)))


@pytest.mark.parametrize(("long", "way"), [(1 << 30, True), ((1 << 30) + 1, False)])
def test_the_largest_numbers_that_lanes_hold(long: int, way: bool) -> None:
    engine = line(long)
    step = engine.step(EIGHT, np.zeros(8, np.int64))
    assert [int(value) for value in step.outputs] == [long * a + ((1 << 30) - 1) * b for a, b, _ in EIGHT.tolist()]
    fault = "in float64 (32 bits in the pre-activation of vertex 4, more than 31)"
    assert dict(engine.ways) == {IN_LANES if way else fault: 1}


def test_an_output_that_is_longer_than_its_sum_is_seen() -> None:
    steep = Activation(kinks=(Fraction(0),), slopes=(Fraction(0), Fraction(8)), value=Fraction(0))
    engine = line(1 << 29, sigma=steep)
    step = engine.step(EIGHT, np.zeros(8, np.int64))
    assert max(step.outputs) == 8 * ((1 << 29) + (1 << 30) - 1)
    assert dict(engine.ways) == {"in float64 (34 bits in the output of vertex 4, more than 31)": 1}


def test_partial_sums_count_also_where_the_sum_is_short() -> None:
    edges: dict[Edge, Any] = {("x1", "h"): 1, ("x2", "g"): 1, ("x3", "f"): 0, ("one", "f"): 1}
    edges |= {(tail, "f"): sign << 30 for sign, tails in ((1, ("x1", "x2")), (-1, ("h", "g"))) for tail in tails}
    graph = Network(inputs=("x1", "x2", "x3"), outputs=("f",), edges=edges, constant="one", sigma=IDENTITY)
    engine = engine_of(Trainable(network=flat_network(graph), rho=Fraction(1), batch=8))
    found = engine.evaluated(EIGHT)
    assert found.outputs == (Fraction(1),) * 8
    assert found.way == "in float64 (33 bits in the pre-activation of vertex 6, more than 31)"


def test_a_flat_vertex_may_have_three_levels() -> None:
    """The ramp's flat pieces are at -2, 0 and 2; here h is on each of them, strictly."""
    edges: dict[Edge, Any] = {("one", "h"): -4, ("x1", "h"): Fraction(7, 2), ("x2", "h"): 7}
    edges |= {("h", "f"): Fraction(1, 4), ("x3", "f"): Fraction(1, 8)}
    graph = Network(inputs=("x1", "x2", "x3"), outputs=("f",), edges=edges, constant="one", sigma=RAMP)
    engine = engine_of(Trainable(network=flat_network(graph), rho=RHO, batch=8, last=IDENTITY))
    wanted = [(2 if b else 0 if a else -2) * Fraction(1, 4) + c * Fraction(1, 8) for a, b, c in EIGHT.tolist()]
    assert engine.outputs(np.tile(EIGHT, (8, 1))) == tuple(wanted) * 8
    assert engine.step(EIGHT, np.zeros(8, np.int64)).outputs == tuple(wanted) and dict(engine.ways) == {IN_LANES: 1}


def test_a_long_constant_that_no_sample_changes_is_no_matter() -> None:
    edges: dict[Edge, Any] = {("one", "c"): 1 << 40, ("c", "d"): 1, ("d", "f"): 1, ("x1", "f"): 1, ("x2", "f"): 1}
    edges |= {("x3", "f"): 1}
    graph = Network(inputs=("x1", "x2", "x3"), outputs=("f",), edges=edges, constant="one", sigma=RAMP)
    engine = engine_of(Trainable(network=flat_network(graph), rho=RHO, batch=8))
    assert engine.step(EIGHT, np.zeros(8, np.int64)).outputs == (Fraction(2),) * 8 and dict(engine.ways) == {
        IN_LANES: 1
    }


def test_whoever_asks_for_a_number_system_gets_it() -> None:
    net, x = replace(wide(0), batch=32), np.arange(32)[:, None] >> np.arange(7) & 1
    for system in ("float64", "scaled integers"):
        engine = any_engine(net, EngineSettings(system=system), engine="plain")
        engine.step(x, np.zeros(32, np.int64))
        assert dict(engine.ways) == {f"in {system} (no lanes asked for)": 1}


def test_the_batch_sums_are_the_same_numbers(pair: Any) -> None:
    compared = 0
    for seed in range(40):
        net, batches = with_batches(pair(seed), seed=seed)
        engine = engine_of(net)
        try:
            found = engine.ranges()
        except ConstructionError:
            continue
        one, other = (batch_passes(engine.arrays, found, *batches[0], lanes=lanes) for lanes in (True, False))
        full = found.known.under_adjoint[net.network.heads] * engine.inner[2] * found.under_out[net.network.sources]
        if one.way != IN_LANES or engine.inner[2] != engine.last[2]:
            continue
        scaled = other.batch_sum if other.scaled else (other.batch_sum * full).astype(np.int64)
        assert np.array_equal(one.batch_sum, scaled) and one.outputs == other.outputs and one.kink == other.kink
        compared += 1
    assert compared > 10
