"""The outputs at many points, in words of 64 samples and in lanes, are those of the network in rationals."""

from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, Activation
from constructions.foundations.network import Edge, Network
from constructions.networks.flat import FlatNetwork, flat_network
from constructions.networks.trainable import Trainable
from constructions.training import evaluation
from constructions.training.batch_passes import IN_LANES
from constructions.training.engine import Engine, engine_of
from constructions.training.evaluation import IN_WORDS, block_width, evaluated
from constructions.training.lane_program import lane_program
from constructions.training.word_passes import as_bits, as_words
from constructions.training.word_program import ALL, ANY, COUNT, PACKED, SUM, WordProgram, word_program

INPUTS = 7
POINTS = np.array(list(product((0, 1), repeat=INPUTS)))
NAMES = tuple(f"x{i + 1}" for i in range(INPUTS))


def gates(seed: int, *, sloped: bool = False, count: int = 16) -> Network:
    """Gates with weights and thresholds at random, behind adaptors of the inputs: a sum of +-8 w and 8 k + 4 is off
    the kinks. With ``sloped`` a vertex on slopes is among them, and gates that read it."""
    source = Random(f"gates {seed}")
    edges: dict[Edge, Any] = {}
    for i, name in enumerate(NAMES):
        edges |= {("one", f"b{i}"): -6, (name, f"b{i}"): 12}
    bits = [f"b{i}" for i in range(INPUTS)]
    if sloped:
        edges |= {("x1", "s"): Fraction(1, 2), ("b1", "s"): Fraction(1, 2), ("b2", "s"): Fraction(-1, 4)}
        edges |= {("s", "p"): 64, ("b3", "p"): 3, ("one", "p"): 17, ("b4", "p"): 9}
        bits.append("p")
    for i in range(count):
        tails = source.sample(bits, source.randint(1, min(5, len(bits))))
        sizes = [source.choice((1, 1, 1, 2, 3)) * source.choice((1, 1, -1)) for _ in tails]
        most = sum(map(abs, sizes))
        edges |= {(u, f"g{i}"): 4 * w for u, w in zip(tails, sizes, strict=True)}
        edges["one", f"g{i}"] = 8 * source.randrange(-most, most, 2) // 1 + (8 if most % 2 == 0 else 0) - 4
        bits.append(f"g{i}")
    used = {u for u, _ in edges}
    edges |= {(u, "f"): Fraction(source.randint(1, 5), 8) for u in (*bits, *NAMES) if u not in used}
    return Network(inputs=NAMES, outputs=("f",), edges=edges, constant="one", sigma=RAMP)


def engine(graph: Network, **rest: Any) -> Engine:
    """The engine of a network."""
    return engine_of(Trainable(network=flat_network(graph), rho=Fraction(1, 16), **rest))


def exactly(net: FlatNetwork, last: Activation | None = None) -> tuple[Fraction, ...]:
    """The outputs at all points, in rationals."""
    found = []
    for row in POINTS.tolist():
        pre, out = net.pre_activations({name: Fraction(bit) for name, bit in zip(net.inputs, row, strict=True)})
        v = next(iter(net.outputs.values()))
        found.append(Fraction(last(pre[v])) if last else out[v])
    return tuple(found)


def program_of(one: Engine, *, folded: bool = True) -> WordProgram:
    """The program in words."""
    found = one.ranges(downwards=False)
    lanes, _ = lane_program(one.arrays, found.known, folded=folded, pieces=False)
    assert lanes is not None
    return word_program(lanes, found.slope, INPUTS)


@pytest.mark.parametrize("sloped", [False, True])
def test_gates_of_every_kind_are_those_in_rationals(sloped: bool) -> None:
    kinds: set[int] = set()
    for seed in range(30):
        graph = gates(seed, sloped=sloped)
        one = engine(graph)
        found = one.evaluated(POINTS)
        assert found.outputs == exactly(flat_network(graph))
        if found.way == IN_WORDS:
            kinds |= set(program_of(one).kind.tolist())
        assert sloped or found.way == IN_WORDS
    assert kinds == ({ALL, ANY, COUNT, PACKED, SUM} if sloped else {ALL, ANY, COUNT, SUM})


def test_a_flat_vertex_with_three_levels_is_no_gate() -> None:
    """Its sums -4, -1/2, 3 and 13/2 are on the three flat pieces of the ramp."""
    graph = gates(3)
    edges = {("one", "h"): Fraction(5, 4), ("b0", "h"): Fraction(7, 8), ("b1", "h"): Fraction(7, 4)}
    graph = Network(
        inputs=NAMES,
        outputs=("f",),
        edges={**graph.edges, **edges, ("h", "f"): Fraction(1, 16)},
        constant="one",
        sigma=RAMP,
    )
    one = engine(graph, last=IDENTITY)
    found, program = one.evaluated(POINTS), program_of(one)
    assert found == (exactly(flat_network(graph), IDENTITY), IN_WORDS)
    assert program.sums == 2 and sorted(np.diff(program.lanes.steps))[-1] == 3


def test_all_ways_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = gates(1, sloped=True)
    one = engine(graph)
    net, found, wanted = one.arrays, one.ranges(), exactly(flat_network(graph))
    for folded, words, lanes in product((True, False), repeat=3):
        assert evaluated(net, found, POINTS, words=words, lanes=lanes, folded=folded).outputs == wanted
    monkeypatch.setattr(evaluation, "MOST_WORDS", 1)
    assert evaluated(net, found, POINTS).outputs == wanted
    assert evaluated(net, found, POINTS[:100]).outputs == wanted[:100]


def test_the_output_may_be_a_gate_or_constant_or_have_another_activation() -> None:
    graph = gates(2)
    graph = Network(
        inputs=NAMES,
        outputs=("f",),
        edges={edge: weight for edge, weight in graph.edges.items() if edge[1] != "f"}
        | {(u, "f"): 8 for u in graph.order if u.startswith("g")}
        | {("one", "f"): 4, **{(u, "f"): 0 for u in graph.order if u.startswith("b") or u in NAMES}},
        constant="one",
        sigma=RAMP,
    )
    assert set(engine(graph).outputs(POINTS)) == {-2, 2} and program_of(engine(graph)).sums == 0
    for last in (None, IDENTITY, HARD_TANH):
        assert engine(graph, last=last).outputs(POINTS) == exactly(flat_network(graph), last)
    still = Network(
        inputs=NAMES,
        outputs=("f",),
        edges={("one", "f"): 5, **{(name, "f"): 0 for name in NAMES}},
        constant="one",
        sigma=RAMP,
    )
    assert engine(still).evaluated(POINTS) == ((Fraction(2),) * len(POINTS), IN_WORDS)


def test_why_words_are_not_used() -> None:
    one = engine(gates(0))
    assert one.evaluated(POINTS[:63]).way == f"{IN_LANES} (no words: fewer than 64 points)"
    assert one.evaluated(POINTS[:7]).way == "in float64 (fewer than 8 different samples)"
    line = Network(
        inputs=NAMES, outputs=("f",), edges={(name, "f"): 1 for name in NAMES}, constant="one", sigma=IDENTITY
    )
    found = engine(line).evaluated(POINTS)
    assert found.way == f"{IN_LANES} (no words: only 0 of 1 vertices that depend on x are gates)"
    assert found.outputs == tuple(Fraction(int(row.sum())) for row in POINTS)
    long = Network(
        inputs=NAMES, outputs=("f",), edges={(name, "f"): 1 << 40 for name in NAMES}, constant="one", sigma=RAMP
    )
    assert engine(long).evaluated(POINTS).way == "in float64 (43 bits in the pre-activation of vertex 8, more than 31)"


@pytest.mark.parametrize("count", [1, 63, 64, 65, 128])
def test_words_and_back(count: int) -> None:
    x = np.random.default_rng(count).integers(0, 2, (count, 3))
    words = as_words(x, 2)
    assert words.shape == (3, 2)
    assert all(int(words[i, s // 64]) >> s % 64 & 1 == x[s, i] for i in range(3) for s in range(count))
    assert np.array_equal(as_bits(words[1], count), x[:, 1])


def test_a_block_is_no_wider_than_memory_allows() -> None:
    program = program_of(engine(gates(0)))
    assert [block_width(program, points) for points in (1, 64, 65, 10_000)] == [1, 1, 2, 32]
    assert block_width(program._replace(words=1 << 22), 10_000) == 8
    assert block_width(program._replace(words=1 << 30), 10_000) == 1
