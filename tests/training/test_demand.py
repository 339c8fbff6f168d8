"""Who is needed and who is followed is found as by going through the whole network, and nobody else is looked at."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from constructions.computation.learner_machines import conjunction_machine
from constructions.errors import ConstructionError
from constructions.learning.problems import uniform
from constructions.networks.emulation import Plan
from constructions.networks.trainable import Trainable
from constructions.training.batches import fresh
from constructions.training.by_fractions import EngineSettings, any_engine
from constructions.training.demand import Demand
from constructions.training.engine import arguments_of
from constructions.training.exactness import FLOATS, INTEGERS, ranges
from constructions.training.incremental import IncrementalEngine
from constructions.training.kernels import forward_floats

MACHINE = conjunction_machine(4, fraction=8, tau=Fraction(1, 8))


def follower(net: Trainable, *, system: str | None = None) -> IncrementalEngine:
    """The engine, with what it keeps within reach."""
    return IncrementalEngine(**arguments_of(net, batch=None, rho=None, rate=None), system=system)


def wanted(engine: IncrementalEngine, known: Any) -> tuple[set[int], dict[int, set[int]]]:
    """The followed vertices and, of each tail, the edges that are not blank into them: from the output down, one vertex
    after another."""
    needed, followed, edges = {engine.output}, set(), dict[int, set[int]]()
    for v in range(engine.output, engine.inputs, -1):
        if v not in needed or known.slope[v] == known.grid[v] == 0:
            continue
        followed.add(v)
        for e in range(engine.offsets[v], engine.offsets[v + 1]):
            u = int(engine.sources[e])
            if u > engine.inputs and known.slope[u] == known.grid[u] == known.low[u] == 0:
                continue
            needed.add(u)
            edges.setdefault(u, set()).add(e)
    return followed, edges


def kept_in(engine: IncrementalEngine) -> tuple[set[int], dict[int, set[int]]]:
    """The same, as the engine keeps it; each edge is where its place says, with its head."""
    assert engine._kept is not None
    demand: Demand = engine._kept.values.demand
    edges = {}
    for u in np.flatnonzero(demand.lengths).tolist():
        row = slice(demand.begins[u], demand.begins[u] + demand.lengths[u])
        listed = demand.edges[row].tolist()
        assert demand.place[listed].tolist() == list(range(row.start + 1, row.stop + 1))
        heads = np.searchsorted(engine.offsets, listed, side="right") - 1
        assert demand.heads[row].tolist() == heads.tolist() and set(engine.sources[listed].tolist()) == {u}
        edges[u] = set(listed)
    assert np.count_nonzero(demand.place) == sum(map(len, edges.values()))
    return set(np.flatnonzero(demand.followed).tolist()), edges


def known_before(engine: IncrementalEngine, weights: Any) -> Any:
    """What a whole pass knows with other weights."""
    net = engine.arrays._replace(weights=weights)
    return ranges(net, trains=engine.trains, batch=engine.batch, rho=engine.rho).known


@pytest.mark.parametrize("system", [None, INTEGERS])
def test_who_is_followed_is_found_as_from_the_output_down(gated: Any, system: str | None) -> None:
    changes = settled = 0
    for seed in range(60):
        run, before = gated(seed), None
        engine = follower(run.net, system=system)
        for x, y in run.batches:
            weights, scale = engine.weights.copy(), engine.scale
            try:
                step = engine.step(x, y)
            except ConstructionError:
                break
            if step.stopped or scale != engine.scale:
                break
            found = kept_in(engine)
            assert found == wanted(engine, known_before(engine, weights))
            changes, before = changes + (before is not None and before != found), found
            settled += len(engine.offsets) - 2 - engine.inputs > len(found[0])
    assert changes > 15 and settled > 100


def test_needed_vertices_have_the_outputs_of_the_plain_pass(gated: Any) -> None:
    seen = 0
    for seed in range(60):
        run = gated(seed)
        engine = follower(run.net)
        for x, y in run.batches:
            arrays = engine.arrays._replace(weights=engine.weights.copy())
            try:
                step = engine.step(x[:1].repeat(engine.batch, axis=0), y[:1].repeat(engine.batch))
            except ConstructionError:
                break
            if step.kink is not None or step.system != FLOATS:
                break
            size = len(engine.offsets) - 1
            out, piece = np.empty((size, 1)), np.empty((size, 1), np.int16)
            forward_floats(arrays, np.asarray(x[:1], np.int64), out, piece)
            kept = engine._kept
            assert kept is not None
            needed, followed = np.flatnonzero(kept.values.demand.lengths), kept.values.demand.followed
            assert np.array_equal(kept.values.out[needed], out[needed, 0])
            assert np.array_equal(kept.values.piece[followed], piece[followed, 0])
            seen += len(needed)
    assert seen > 1000


def test_of_a_network_with_a_clock_one_round_is_followed_whatever_the_number_of_rounds() -> None:
    followed = {}
    for rounds in (8, 24):
        net = Plan(machine=replace(MACHINE, rounds=rounds), rho=Fraction(1, 64)).trainable
        batches = fresh(uniform(4, lambda x: x[0] & x[2]), batch=1, seed=1)
        engine, count = any_engine(net, EngineSettings(batch=1), engine="incremental"), []
        assert isinstance(engine, IncrementalEngine)
        for step in range(1, 9):
            engine.step(*batches(step))
            count.append(len(kept_in(engine)[0]))
        followed[rounds] = max(count)
        assert max(count) < net.network.size / rounds
    assert followed[24] <= followed[8] + 4
