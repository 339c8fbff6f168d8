"""The pass before a step: what it says of every vertex is true for every x, and float64 is refused where it would
lose something."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, Activation
from constructions.foundations.network import Edge, Fragment, Network
from constructions.foundations.walks import backward, forward
from constructions.networks.flat import flat_network
from constructions.networks.gates import adaptor, threshold
from constructions.networks.queries import DYADIC, MINIMAL
from constructions.networks.skeleton import Skeleton
from constructions.networks.trainable import Trainable
from constructions.training.engine import Engine, engine_of
from constructions.training.exactness import FLOATS, INTEGERS, integer_pieces, ranges
from constructions.training.kernels import forward_floats
from constructions.training.output_bounds import at_least, at_most

RHO = Fraction(1, 16)
ONE: dict[str, Any] = {"rho": Fraction(1)}
TALL = 1 << 53


def engine(
    edges: Mapping[Edge, Any], *, sigma: Activation = IDENTITY, batch: int = 1, rho: Fraction = RHO, **rest: Any
) -> Engine:
    """The engine of a network with output f."""
    graph = Network(inputs=("x1", "x2"), outputs=("f",), edges=edges, constant="one", sigma=sigma)
    return engine_of(Trainable(network=flat_network(graph), rho=rho, batch=batch), **rest)


def in_floats(found: Engine, x: list[int]) -> float:
    """What float64 makes of the output, whether or not it may be asked."""
    out, piece = np.empty((len(found.offsets) - 1, 1)), np.empty((len(found.offsets) - 1, 1), np.int16)
    forward_floats(found.arrays, np.array([x]), out, piece)
    return float(out[found.output, 0])


def test_a_sum_that_float64_rounds_is_seen_before_it_is_taken() -> None:
    found = engine({("x1", "f"): TALL // 2, ("one", "f"): 1, ("x2", "f"): TALL // 2}, **ONE)
    assert in_floats(found, [1, 1]) != TALL + 1
    assert found.ranges().reason == "54 bits in the pre-activation of vertex 3, more than 53"
    assert found.ranges().system == INTEGERS
    assert found.outputs(np.array([[1, 0], [1, 1]])) == (Fraction(TALL // 2 + 1), Fraction(TALL + 1))


def test_partial_sums_count_also_where_the_sum_is_short() -> None:
    edges = {("x1", "h"): 1, ("x2", "g"): 1, ("one", "f"): 1}
    edges |= {(tail, "f"): sign * TALL // 2 for sign, tails in ((1, ("x1", "x2")), (-1, ("h", "g"))) for tail in tails}
    found = engine(edges, **ONE)
    assert found.outputs(np.array([[1, 1]])) == (Fraction(1),) and in_floats(found, [1, 1]) != 1
    assert found.ranges(downwards=False).system == INTEGERS


def test_a_product_that_float64_rounds_is_seen() -> None:
    long = Fraction((1 << 27) + 1, 1 << 27)
    found = engine({("x1", "h"): long, ("one", "h"): 1, ("h", "f"): long, ("x2", "f"): 1}, **ONE)
    exact = (1 + long) * long
    assert found.outputs(np.array([[1, 0]])) == (exact,) and Fraction(in_floats(found, [1, 0])) != exact
    assert "vertex 4" in found.ranges(downwards=False).reason and found.ranges(downwards=False).system == INTEGERS


@pytest.mark.parametrize(
    ("edges", "rest", "what"),
    [
        ({("x1", "f"): TALL + 1, ("one", "f"): 1, ("x2", "f"): 1}, ONE, "54 bits in an edge's weight into vertex 3"),
        (
            {("x1", "f"): TALL // 2, ("one", "f"): 1, ("x2", "f"): TALL // 2},
            ONE,
            "54 bits in the pre-activation of vertex 3",
        ),
        (
            {("x1", "f"): "1/1048576", ("one", "f"): 1, ("x2", "f"): 1},
            {"batch": 1 << 34},
            "55 bits in an edge's batch sum into vertex 3",
        ),
        (
            {("x1", "h"): 2, ("one", "h"): "1/1048576", ("h", "f"): "1/1048576", ("x2", "f"): "1/1048576"},
            {},
            "62 bits in an edge's gradient entry into vertex 4",
        ),
        (
            {("x1", "h"): 2, ("h", "g"): "1/1048576", ("one", "g"): 1 << 20, ("g", "f"): "1/4096", ("x2", "f"): 1},
            {},
            "79 bits in an edge's gradient entry into vertex 5",
        ),
        ({("x1", "f"): 1, ("one", "f"): 1, ("x2", "f"): "1/3"}, {}, "weights over 48, not a power of two"),
    ],
)
def test_float64_is_refused_with_bits_and_place(edges: dict[Edge, Any], rest: dict[str, Any], what: str) -> None:
    found = engine(edges, **rest)
    with pytest.raises(ConstructionError, match=f"^need numbers that float64 holds, got {what}(, more than 53)?$"):
        engine(edges, system=FLOATS, **rest).ranges()
    try:
        assert found.ranges().system == INTEGERS
    except ConstructionError as error:
        assert "need numbers of at most 61 bits" in str(error)


@pytest.mark.parametrize(
    ("edges", "rest", "what"),
    [
        (
            {("x1", "f"): (1 << 60) - 1, ("one", "f"): (1 << 60) - 1, ("x2", "f"): 1 << 59},
            ONE,
            "62 bits in the pre-activation of vertex 3",
        ),
        (
            {("x1", "f"): "1/1000003", ("one", "f"): 1, ("x2", "f"): 1},
            {"batch": 1 << 50},
            "7[0-9] bits in an edge's batch sum into vertex 3",
        ),
        (
            {("x1", "f"): 1, ("one", "f"): 1, ("x2", "f"): 1},
            {"batch": 1 << 59, "rho": Fraction(7, 8)},
            "6[0-9] bits in an edge's comparison with b rho into vertex 3",
        ),
        (
            {
                ("x1", "h"): "1/257",
                ("one", "h"): 2,
                ("h", "g"): "1/255",
                ("g", "i"): "1/253",
                ("i", "k"): "1/251",
                ("k", "f"): "1/127",
                ("x2", "f"): 1,
            },
            {},
            "71 bits in an edge's gradient entry into vertex 7",
        ),
    ],
)
def test_integers_are_refused_with_bits_and_place(edges: dict[Edge, Any], rest: dict[str, Any], what: str) -> None:
    with pytest.raises(ConstructionError, match=f"^need numbers of at most 61 bits, got {what}$"):
        engine(edges, **rest).ranges()


def test_a_slope_that_makes_a_long_output_is_seen() -> None:
    long = (1 << 30) + 1
    steep = Activation(kinks=(Fraction(0),), slopes=(Fraction(0), Fraction(long)), value=Fraction(0))
    found = engine({("x1", "f"): long, ("one", "f"): 0, ("x2", "f"): 0}, sigma=steep, **ONE)
    assert in_floats(found, [1, 0]) != long * long and found.outputs(np.array([[1, 0]])) == (Fraction(long * long),)
    assert found.ranges(downwards=False).reason == "61 bits in the output of vertex 3, more than 53"


def test_a_product_that_is_long_before_the_intercept_makes_it_short_is_seen() -> None:
    steep = Activation(kinks=(Fraction(1 << 50),), slopes=(Fraction(0), Fraction(3)), value=Fraction(0))
    third, short = (TALL + 1) // 3, TALL + 1 - (3 << 50)
    found = engine({("x1", "f"): third, ("one", "f"): 0, ("x2", "f"): 0}, sigma=steep, **ONE)
    assert (
        3 * third == TALL + 1
        and in_floats(found, [1, 0]) != short
        and found.outputs(np.array([[1, 0]])) == (Fraction(short),)
    )
    assert found.ranges(downwards=False).reason == "54 bits in the output of vertex 3, more than 53"


def test_an_adjoint_is_the_sum_over_all_paths() -> None:
    for weight, bits in ((3 << 23, None), (3 << 24, "54 bits in the adjoint of vertex 3, more than 53")):
        found = engine(
            {("x1", "h"): 1, ("h", "g"): 1, ("g", "f"): weight, ("h", "f"): weight, ("x2", "f"): 1}, **ONE
        ).ranges()
        assert found.system == (INTEGERS if bits else FLOATS) and (bits is None or found.reason == bits)


def test_kinks_and_slopes_that_are_not_binary_need_integers() -> None:
    thirds = Activation(kinks=(Fraction(1, 3),), slopes=(Fraction(0), Fraction(1)), value=Fraction(0))
    steep = Activation(kinks=(Fraction(0),), slopes=(Fraction(0), Fraction(1, 3)), value=Fraction(0))
    edges = {("x1", "f"): 1, ("one", "f"): 1, ("x2", "f"): 1}
    assert engine(edges, sigma=thirds).ranges().reason == "kinks over 9, not a power of two"
    assert engine(edges, sigma=steep).ranges().reason == "slopes over 9, not a power of two"


def every_x(n: int) -> list[tuple[int, ...]]:
    """All points."""
    return list(product((0, 1), repeat=n))


def holds_everywhere(run: Any) -> tuple[int, int]:
    """Whether each vertex is where the pass says, for every x and label; how many vertices are flat and how many
    constant."""
    found = engine_of(run.net).ranges()
    flat = constant = 0
    for x in every_x(len(run.graph.inputs)):
        walk = forward(run.graph, {name: Fraction(bit) for name, bit in zip(run.graph.inputs, x, strict=True)})
        for v, name in enumerate(run.names):
            low, high, grid = found.values(v)
            value = walk.out[name]
            assert low <= value <= high and (value == low if grid == 0 else (value - low) % grid == 0)
            if name in walk.pre:
                flat, constant = flat + (found.slope[v] == 0), constant + (grid == 0)
                if found.slope[v] == 0:
                    assert run.graph.sigma.strictly_flat(walk.pre[name]) is True
        for u in run.net.network.sources[found.known.blank].tolist():
            assert walk.out[run.names[u]] == 0 and found.slope[u] == 0
        for y in (0, 1):
            gradient = backward(walk, {"f": walk.out["f"] - y}, report_kinks=True)
            for v, name in enumerate(run.names):
                if name in walk.pre:
                    followed = found.slope[v] > 0 or name == "f"
                    assert not followed or (gradient.out[name] * int(found.known.under_adjoint[v])).denominator == 1
    return flat, constant


def test_an_edge_whose_tail_is_always_0_is_blank() -> None:
    """h is 0 for every x and strictly flat, g is 0 for every x but on a slope, i is 0 for some x."""
    edges: dict[Edge, Any] = {("one", "h"): "-1/2", ("one", "g"): 0, ("x1", "i"): 4, ("one", "i"): "-9/2"}
    edges |= {("x2", "i"): "1/4", ("h", "f"): 1, ("g", "f"): 1, ("i", "f"): 1, ("x1", "f"): 0}
    sigma = Activation(kinks=(Fraction(-1, 4),), slopes=(Fraction(0), Fraction(1)), value=Fraction(-1, 4))
    relu = Activation(kinks=(Fraction(0),), slopes=(Fraction(0), Fraction(1)), value=Fraction(0))
    for kind, wanted in ((relu, {"h", "i"}), (sigma, set())):
        graph = Network(inputs=("x1", "x2"), outputs=("f",), edges=edges, constant="one", sigma=kind)
        flat, names = flat_network(graph), ["one", "x1", "x2", *(v for v in graph.order if v not in graph.sources)]
        known = engine_of(Trainable(network=flat, rho=RHO)).ranges().known
        assert {names[u] for u in flat.sources[known.blank]} == wanted


def test_every_value_of_random_networks_is_in_its_progression(pair: Any) -> None:
    flat = constant = 0
    for seed in range(120):
        run = pair(seed)
        try:
            one, other = holds_everywhere(run)
        except ConstructionError:
            continue
        flat, constant = flat + one, constant + other
    assert flat > 50 and constant > 20


@pytest.mark.slow
def test_every_value_of_many_random_networks_is_in_its_progression(pair: Any) -> None:
    for seed in range(2000, 3000):
        try:
            holds_everywhere(pair(seed))
        except ConstructionError as error:
            assert "need numbers of at most 61 bits" in str(error)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 1), (2, 2), (3, 2), (5, 3), (8, 1)])
def test_a_gate_is_seen_to_be_flat_with_two_values(n: int, k: int) -> None:
    gate = threshold(n, k)
    tails = tuple(f"b{i}" for i in range(n))
    edges: dict[Edge, Any] = {}
    for i, name in enumerate(tails):
        edges |= adaptor(Fraction(1, 3), Fraction(2, 3)).renamed({"x": f"x{i + 1}", "gate": name}).edges
    names = dict(zip(gate.inputs, tails, strict=True))
    edges |= gate.renamed(names | {gate.outputs[0]: "g"}).edges
    net = flat_network(
        Fragment(inputs=tuple(f"x{i + 1}" for i in range(n)), outputs=("g",), edges=edges, constant="one", sigma=RAMP)
    )
    found = engine_of(Trainable(network=net, rho=RHO)).ranges()
    for v in range(n + 1, net.size):
        assert found.values(v) == (Fraction(-2), Fraction(2), Fraction(4)) and found.slope[v] == 0


def test_a_threshold_on_the_lattice_is_not_taken_for_flat() -> None:
    edges = {("x1", "b"): 12, ("one", "b"): -6, ("b", "f"): 2, ("one", "f"): 4, ("x2", "f"): 1}
    found = engine(edges, sigma=RAMP).ranges()
    assert found.slope[3] == 0 and found.slope[4] == 1


@pytest.mark.parametrize(("setting", "rho", "system"), [(DYADIC, RHO, FLOATS), (MINIMAL, Fraction(1, 10), INTEGERS)])
def test_of_the_skeleton_only_paths_and_output_may_be_sloped(setting: Any, rho: Fraction, system: str) -> None:
    graph = Skeleton(setting=setting, rho=rho, coin=1).network()
    net = flat_network(graph)
    found = engine_of(Trainable(network=net, rho=rho, rate=Fraction(setting.rate))).ranges()
    names = ["one", *graph.inputs, *(v for v in graph.order if v not in graph.sources)]
    sloped = {names[v].split(".")[-1] for v in range(net.size) if found.slope[v]}
    assert sloped == {"v1", "v2", "v2'", "v3", "f"} and found.system == system
    digits = [v for v, name in enumerate(names) if ".vr" in name]
    assert digits and all(found.values(v) == (Fraction(-2), Fraction(-2), Fraction(0)) for v in digits)


def long_network(source: Random) -> dict[Edge, Any]:
    """Three layers with weights of up to 19 bits: some stay within 53 bits, some do not."""
    bits = source.randint(2, 19)

    def weight() -> Fraction:
        return Fraction(source.randrange(1, 1 << bits) * source.choice((-1, 1)), 1 << source.randint(0, bits))

    edges: dict[Edge, Any] = {}
    before = ["one", "x1", "x2"]
    for layer in range(2):
        for tail in before:
            edges[tail, f"h{layer}"] = weight()
        before = [*before[:3], f"h{layer}"]
    return edges | {("h1", "f"): weight()}


def test_what_float64_is_trusted_with_it_gets_right_and_some_that_it_is_not_it_gets_wrong() -> None:
    trusted = wrong = 0
    for seed in range(300):
        edges = long_network(Random(seed))
        try:
            found = engine(edges, sigma=Random(seed).choice((IDENTITY, IDENTITY, HARD_TANH, RAMP)), **ONE)
            system = found.ranges(downwards=False).system
        except ConstructionError:
            continue
        for x in every_x(2):
            same = Fraction(in_floats(found, list(x))) == engine_exact(found, x)
            assert same or system == INTEGERS
            trusted, wrong = trusted + (system == FLOATS), wrong + (not same)
    assert trusted > 100 and wrong > 5


def engine_exact(found: Engine, x: tuple[int, ...]) -> Fraction:
    """The output in fractions."""
    out = [Fraction(1), *map(Fraction, x)]
    for v in range(1 + found.inputs, len(found.offsets) - 1):
        edges = range(int(found.offsets[v]), int(found.offsets[v + 1]))
        total = sum((found.weight(e) * out[int(found.sources[e])] for e in edges), Fraction(0))
        under, kinks, over, slopes, intercepts = found.inner
        i = sum(int(kink) <= total * under for kink in kinks)
        out.append((int(slopes[i]) * total + int(intercepts[i])) / over)
    return out[found.output]


def test_an_activation_too_long_for_integers_is_refused() -> None:
    with pytest.raises(
        ConstructionError, match=r"^need kinks, slopes and intercepts within 61 bits, got .*, at sigma$"
    ):
        integer_pieces(Activation(kinks=(Fraction(1, 1 << 62),), slopes=(Fraction(0), Fraction(1)), value=Fraction(0)))


def test_rho_and_batch_too_long_for_integers_are_refused() -> None:
    found = engine({("x1", "f"): 1, ("one", "f"): 1, ("x2", "f"): 1})
    with pytest.raises(ConstructionError, match=r"^need rho and b within 61 bits, got rho = 1/16, b = \d+$"):
        ranges(found.arrays, trains=found.trains, batch=1 << 62, rho=RHO)


@pytest.mark.parametrize("step", range(5))
def test_members_of_a_progression_at_a_bound(step: int) -> None:
    for a, times, bound in product(range(-6, 7), range(4), range(-15, 16)):
        members = [a + k * step for k in range(times + 1)]
        least, most = at_least(a, step, bound), at_most(a, members[-1], step, bound)
        above, below = [m for m in members if m >= bound], [m for m in members if m <= bound]
        assert least == min(above) if above else least > members[-1]
        assert most == max(below) if below else most < a
