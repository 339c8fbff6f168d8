"""The predicate is_memory: true of the templates, false once a condition is broken, and what meets it remembers."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from random import Random

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH
from constructions.foundations.descent import Descent, Sample
from constructions.foundations.network import Edge, Fragment, Network
from constructions.foundations.rounding import Adversary, Choice, down, nearest, randomly, up
from constructions.foundations.terms import REAL, variable
from constructions.foundations.walks import backward, forward
from constructions.networks.memory import (
    DRIVING,
    MOVING,
    active_conditions,
    at_most_one,
    broken,
    conditions,
    contribution,
    digit_deviation,
    idle_conditions,
    is_memory,
    largest_rise,
    path_gain,
    reading_edges,
    recording_conditions,
    standing_conditions,
    why_no_memory,
    written_conditions,
)
from constructions.networks.queries import (
    DYADIC,
    MINIMAL,
    PRINTED,
    REPAIRED,
    STRONG,
    Setting,
    bits_for,
    query_graph,
    read_out_edges,
)

RHO, OFFSET, BITS = Fraction(1, 16), Fraction(9, 8), 4
Q = query_graph(STRONG, rho=RHO, bits=BITS)


def failing(graph: Fragment) -> set[str]:
    """The groups of the conditions that fail."""
    return {found.group for found in conditions(graph, RHO, BITS, rate=1, offset=OFFSET) if not found.holds}


def remembers(graph: Fragment, *, bits: int = BITS, rho: Fraction = RHO) -> bool:
    return bool(is_memory(graph, rho, bits, rate=1, offset=OFFSET))


@pytest.mark.parametrize("prime", [False, True])
@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
def test_the_repaired_templates_are_memories_right_up_to_their_bound(setting: Setting, prime: bool) -> None:
    for rho in (Fraction(1, 1000), RHO, setting.rho_below * Fraction(999, 1000)):
        for bits in (0, bits_for(rho), bits_for(rho) + 1):
            graph = query_graph(setting, rho=rho, bits=bits, prime=prime)
            assert is_memory(graph, rho, bits, rate=int(setting.rate), offset=setting.offset) is True


@pytest.mark.parametrize("prime", [False, True])
@pytest.mark.parametrize("setting", REPAIRED, ids=lambda setting: setting.name)
def test_at_their_bound_the_templates_are_no_memories(setting: Setting, prime: bool) -> None:
    rho = setting.rho_below
    graph = query_graph(setting, rho=rho, bits=bits_for(rho), prime=prime)
    assert is_memory(graph, rho, bits_for(rho), rate=int(setting.rate), offset=setting.offset) is False


def test_the_printed_q_is_a_memory_and_the_printed_q_prime_is_not() -> None:
    graphs = [query_graph(PRINTED, rho=RHO, bits=4, prime=prime) for prime in (False, True)]
    assert [is_memory(graph, RHO, 4, rate=2, offset=Fraction(2)) for graph in graphs] == [True, False]


def test_path_gains_and_contributions_by_hand() -> None:
    graphs = [
        query_graph(setting, rho=RHO, bits=0, prime=prime) for setting in (MINIMAL, DYADIC) for prime in (False, True)
    ]
    assert [path_gain(graph) for graph in graphs] == [Fraction(1, 2), Fraction(-1, 2), Fraction(3, 4), Fraction(-3, 4)]
    assert [contribution(graph) for graph in graphs] == [
        Fraction(1, 24),
        Fraction(-1, 24),
        Fraction(3, 64),
        Fraction(-3, 64),
    ]


def test_the_largest_rise_by_hand() -> None:
    """(1 + 9/128) 3/4 + 3/64 = 3/4 * 145/128; and with a path gain of 2 the gradient is clipped to 1."""
    assert largest_rise(Q, RHO, rate=1, offset=OFFSET) == Fraction(3, 4) * Fraction(137 + 8, 128)
    assert largest_rise(Q.with_weight("v3", "v4", 1), RHO, rate=2, offset=OFFSET) == 2 * (1 + Fraction(3, 64))


def test_clipping_leaves_at_most_one() -> None:
    assert [at_most_one(Fraction(value)) for value in (Fraction(1, 2), 1, 3)] == [Fraction(1, 2), 1, 1]


def test_the_template_deviates_by_nothing_and_a_changed_digit_by_what_was_changed() -> None:
    most = largest_rise(Q, RHO, rate=1, offset=OFFSET)
    assert [digit_deviation(Q, RHO, BITS, i, most) for i in range(BITS)] == [0, 0, 0, 0]
    changed = Q.with_weights({("v0", "vr0"): Q.weight("v0", "vr0") + 1, ("vr2", "vr0"): -11})
    assert [digit_deviation(changed, RHO, BITS, i, most) for i in range(BITS)] == [3, 0, 0, 0]


def test_the_edges_of_four_digits() -> None:
    assert set(reading_edges(4)) == set(read_out_edges(rho=RHO, resting=STRONG.resting, bits=4))
    assert {*MOVING, *DRIVING, *reading_edges(4)} == set(Q.edges)


SHAPES: dict[str, Fragment] = {
    "an edge more": Q.with_edge("v1", "v3", 0),
    "an edge less": Fragment(
        inputs=Q.inputs,
        outputs=Q.outputs,
        edges={edge: weight for edge, weight in Q.edges.items() if edge != ("vr2", "vr0")},
        constant=Q.constant,
        sigma=Q.sigma,
    ),
    "a digit less": query_graph(STRONG, rho=RHO, bits=3),
    "another activation": Fragment(inputs=Q.inputs, outputs=Q.outputs, edges=Q.edges, constant="v0", sigma=HARD_TANH),
    "another constant": Q.renamed({"v0": "one"}),
    "another input": Q.renamed({"vc": "control"}),
}


@pytest.mark.parametrize("graph", SHAPES.values(), ids=SHAPES)
def test_another_shape_is_no_memory(graph: Fragment) -> None:
    assert failing(graph) == {"shape"} and remembers(graph) is False


ACTIVE: dict[str, dict[Edge, Fraction | int]] = {
    "v0 -> v1 is 0": {("v0", "v1"): 0},
    "v0 -> v1 is 2": {("v0", "v1"): 2},
    "v0 -> v1 is negative": {("v0", "v1"): Fraction(-1, 12)},
    "v2 leaves its piece": {("v1", "v2"): 24, ("v1", "v2'"): 24},
    "v2 and v2' fall": {("v1", "v2"): -1, ("v1", "v2'"): -1},
    "v2 and v2' differ": {("v1", "v2"): Fraction(101, 100)},
    "v3 falls": {("v2", "v3"): -1, ("v2'", "v3"): -1},
    "v3 leaves its piece": {("v2", "v3"): 12, ("v2'", "v3"): 12},
}
RECORDING: dict[str, dict[Edge, Fraction | int]] = {
    "v3 adds nothing": {("v3", "v4"): 0},
    "the gradient is clipped": {("v3", "v4"): Fraction(1, 2)},
    "rounding can hide a whole batch": {("v3", "v4"): Fraction(1, 3)},
}
IDLE: dict[str, dict[Edge, Fraction | int]] = {
    "v2 is not above 2": {("vc", "v2"): Fraction(23, 24)},
    "v2' is not below -3": {("vc", "v2'"): Fraction(-37, 24)},
    "v3 is at 0": {("vc", "v3"): 0},
    "v3 is at -1": {("vc", "v3"): Fraction(-1, 2)},
    "v3 is above, by v2 -> v3": {("v2", "v3"): Fraction(5, 4)},
}
WRITTEN: dict[str, dict[Edge, Fraction | int]] = {
    "v0 -> v1 can reach 2": {("v0", "v1"): Fraction(24, 25), ("v3", "v4"): 1},
    "v2 can come down to 2": {("vc", "v2"): 2},
    "v2' can come up to -3": {("vc", "v2'"): Fraction(-5, 2)},
    "v3 can reach 0": {("vc", "v3"): Fraction(-1, 16)},
    "v3 can reach -1": {("vc", "v3"): Fraction(-7, 16)},
}
READING: dict[str, dict[Edge, Fraction | int]] = {
    "the level is off by 3": {("v0", "vr1"): Q.weight("v0", "vr1") + 3},
    "the slope is off": {("v1", "vr2"): 12 * 16 - 4},
    "a carry is off by 3/2": {("vr2", "vr1"): Fraction(-27, 2)},
}


@pytest.mark.parametrize("weights", ACTIVE.values(), ids=ACTIVE)
def test_a_broken_active_condition_makes_it_no_memory(weights: dict[Edge, Fraction]) -> None:
    assert active_conditions(Q.with_weights(weights)) is False and remembers(Q.with_weights(weights)) is False


@pytest.mark.parametrize("weights", IDLE.values(), ids=IDLE)
def test_a_broken_idle_condition_makes_it_no_memory(weights: dict[Edge, Fraction]) -> None:
    graph = Q.with_weights(weights)
    assert active_conditions(graph) is True and idle_conditions(graph) is False and remembers(graph) is False


@pytest.mark.parametrize("weights", WRITTEN.values(), ids=WRITTEN)
def test_a_condition_broken_only_after_the_step_makes_it_no_memory(weights: dict[Edge, Fraction]) -> None:
    graph = Q.with_weights(weights)
    assert active_conditions(graph) is True and idle_conditions(graph) is True
    assert written_conditions(graph, RHO, rate=1, offset=OFFSET) is False and remembers(graph) is False


@pytest.mark.parametrize("weights", READING.values(), ids=READING)
def test_a_broken_reading_condition_makes_it_no_memory(weights: dict[Edge, Fraction]) -> None:
    graph = Q.with_weights(weights)
    assert written_conditions(graph, RHO, rate=1, offset=OFFSET) is True
    assert "reading" in failing(graph) and remembers(graph) is False


@pytest.mark.parametrize("weights", RECORDING.values(), ids=RECORDING)
def test_a_broken_recording_condition_makes_it_no_memory(weights: dict[Edge, Fraction]) -> None:
    graph = Q.with_weights(weights)
    assert active_conditions(graph) is True and written_conditions(graph, RHO, rate=1, offset=OFFSET) is True
    assert recording_conditions(graph, RHO, offset=OFFSET) is False and remembers(graph) is False


def test_a_digit_too_few_makes_it_no_memory() -> None:
    """Three digits and the rounding reach (7 + 3/4) / 16, and all of a batch can record 3/4."""
    assert remembers(query_graph(STRONG, rho=RHO, bits=3), bits=3) is False


def test_a_digit_less_than_3_off_is_still_read() -> None:
    assert remembers(Q.with_weight("v0", "vr1", Q.weight("v0", "vr1") + Fraction(299, 100))) is True


@pytest.mark.parametrize("rho", [Fraction(0), Fraction(-1, 16)])
def test_a_precision_that_is_not_positive_makes_it_no_memory(rho: Fraction) -> None:
    assert is_memory(query_graph(STRONG, rho=RHO, bits=0), rho, 0, rate=1, offset=OFFSET) is False


@pytest.mark.parametrize(("offset", "holds"), [("255/16", True), ("16", False), ("0", False), ("-9/8", False)])
def test_the_offset_is_positive_and_below_1_over_rho(offset: str, holds: bool) -> None:
    graph = query_graph(STRONG, rho=RHO, bits=0).with_weight("v3", "v4", Fraction(1, 4))
    assert is_memory(graph, RHO, 0, rate=1, offset=Fraction(offset)) is holds


@pytest.mark.parametrize("rate", [0, -1, Fraction(1, 2)])
def test_a_rate_that_is_no_positive_integer_is_refused(rate: int) -> None:
    with pytest.raises(ConstructionError, match="rate"):
        is_memory(Q, RHO, BITS, rate=rate, offset=OFFSET)


def named(graph: Fragment) -> list[tuple[str, str]]:
    """The conditions that a graph breaks, by group and name."""
    found = conditions(graph, RHO, BITS, rate=1, offset=OFFSET)
    return [(condition.group, condition.name) for condition in found if not condition.holds]


BREAKS: dict[str, tuple[dict[Edge, Fraction | int], str, str]] = {
    "v0 -> v1 is 2": (ACTIVE["v0 -> v1 is 2"], "active", "v1 is on its linear piece"),
    "v2 leaves its piece": (ACTIVE["v2 leaves its piece"], "active", "v2 is on its linear piece"),
    "v2 and v2' differ": (ACTIVE["v2 and v2' differ"], "active", "v1 feeds v2 and v2' alike"),
    "v3 leaves its piece": (ACTIVE["v3 leaves its piece"], "active", "v3 is on its linear piece"),
    "v2 is not above 2": (IDLE["v2 is not above 2"], "idle", "v2 is flat at 2"),
    "v2' is not below -3": (IDLE["v2' is not below -3"], "idle", "v2' is flat at -2"),
    "v3 is at -1": (IDLE["v3 is at -1"], "idle", "v3 is flat at 0"),
    "clipped": (RECORDING["the gradient is clipped"], "recording", "no gradient of v0 -> v1 is clipped"),
    "hidden": (
        RECORDING["rounding can hide a whole batch"],
        "recording",
        "a batch that is active throughout does not round to 0",
    ),
    "v0 -> v1 can reach 2": (WRITTEN["v0 -> v1 can reach 2"], "written", "v1 stays on its linear piece"),
    "v2 can come down to 2": (WRITTEN["v2 can come down to 2"], "written", "v2 stays above 2"),
    "v2' can come up to -3": (WRITTEN["v2' can come up to -3"], "written", "v2' stays below -3"),
    "v3 can reach 0": (WRITTEN["v3 can reach 0"], "written", "v3 stays below 0"),
    "v3 can reach -1": (WRITTEN["v3 can reach -1"], "written", "v3 stays above -1"),
    "the level is off by 3": (READING["the level is off by 3"], "reading", "vr1 is read right"),
}


@pytest.mark.parametrize(("weights", "group", "name"), BREAKS.values(), ids=BREAKS)
def test_the_condition_that_a_change_breaks_is_named(
    weights: dict[Edge, Fraction | int], group: str, name: str
) -> None:
    assert (group, name) in named(Q.with_weights(weights))
    assert not named(Q)


def test_the_numbers_of_a_broken_condition_are_said() -> None:
    """(1 + 9/128) 1 = 137/128 is cut to 1; 2 (1 - 1) - 2 * 0 = 0 for v3 when nothing drives it."""
    clipped = why_no_memory(Q.with_weight("v3", "v4", Fraction(1, 2)), RHO, BITS, rate=1, offset=OFFSET)
    assert clipped is not None and "(1 + offset rho) |path gain| <= 1, got 137/128" in clipped
    idle = why_no_memory(Q.with_weight("vc", "v3", 0), RHO, BITS, rate=1, offset=OFFSET)
    assert idle is not None and "> -1 and < 0, got 0" in idle and "(and 1 further condition fails)" in idle
    few = why_no_memory(query_graph(STRONG, rho=RHO, bits=3), RHO, 3, rate=1, offset=OFFSET)
    assert few == ("reading: there are digits for every fraction: need (2^3 - 1) rho + 3/4 rate rho >= 3/4, got 31/64")


SAID = {
    "an edge more": "shape: no edge is beside them: need further edges = none, got v1 -> v3",
    "an edge less": "shape: no edge of Definition 2 is missing: need missing edges = none, got vr2 -> vr0",
    "another activation": (
        "shape: the activation is the two-stage ramp: need the activation = two-stage ramp, got another (hard tanh)"
    ),
    "another constant": "shape: v0 is the constant: need the constant = v0, got one (and 2 further conditions fail)",
    "another input": "shape: vc is the input: need the inputs = vc, got control",
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_wrong_with_the_shape_is_said(name: str) -> None:
    for why in (
        why_no_memory(SHAPES[name], RHO, BITS, rate=1, offset=OFFSET),
        broken(standing_conditions(SHAPES[name], BITS)),
    ):
        assert why is not None and SAID[name] in why


def test_a_memory_breaks_nothing_and_the_list_is_what_the_predicate_asks() -> None:
    assert why_no_memory(Q, RHO, BITS, rate=1, offset=OFFSET) is None and broken(standing_conditions(Q, BITS)) is None
    groups = list(dict.fromkeys(condition.group for condition in conditions(Q, RHO, BITS, rate=1, offset=OFFSET)))
    assert groups == ["shape", "numbers", "active", "idle", "recording", "written", "reading"]
    for weights in (*ACTIVE.values(), *IDLE.values(), *WRITTEN.values(), *READING.values(), *RECORDING.values()):
        graph = Q.with_weights(weights)
        assert (why_no_memory(graph, RHO, BITS, rate=1, offset=OFFSET) is None) is remembers(graph) is False


def test_with_symbolic_weights_the_conditions_are_formulas_and_none_is_called_broken() -> None:
    graph = Q.with_weight("vc", "v3", variable("w", REAL))
    found = [
        condition for condition in conditions(graph, RHO, BITS, rate=1, offset=OFFSET) if condition.holds is not True
    ]
    assert [condition.name for condition in found] == ["v3 is flat at 0", "v3 stays below 0", "v3 stays above -1"]
    with pytest.raises(
        ConstructionError, match="need rational weights to know what fails, got a formula, at v3 is flat at 0"
    ):
        why_no_memory(graph, RHO, BITS, rate=1, offset=OFFSET)


@cache
def any_memory(seed: int) -> tuple[Fragment, Fraction, int, int, Fraction]:
    """A graph with random weights that meets the predicate, with its rho, digits, rate and offset."""
    source = Random(seed)

    def draw(low: Fraction | int, high: Fraction | int) -> Fraction:
        return Fraction(low) + Fraction(high - low) * Fraction(source.randrange(1, 1000), 1000)

    while True:
        rho, rate, offset = Fraction(1, source.randrange(9, 40)), source.choice((1, 2)), draw(1, 3)
        bits, inner, a, outer = bits_for(rho) + 1, draw(Fraction(1, 10), 3), draw(0, 1), (draw(-1, 2), draw(-1, 2))
        through = inner * sum(outer) or Fraction(1)
        edges: dict[Edge, Fraction] = {
            ("v0", "v1"): a,
            ("v1", "v2"): inner,
            ("v1", "v2'"): inner,
            ("v2", "v3"): outer[0],
            ("v2'", "v3"): outer[1],
            ("v3", "v4"): source.choice((1, -1)) * draw(Fraction(1, 5), 1) / through,
            ("vc", "v2"): draw(1, 12),
            ("vc", "v2'"): -draw(1, 12),
            ("vc", "v3"): draw(-2, 2),
        }
        for edge, weight in read_out_edges(rho=rho, resting=a, bits=bits).items():
            edges[edge] = weight + draw(Fraction(-1, 8), Fraction(1, 8))
        graph = Fragment(inputs=("vc",), outputs=("v4", *(f"vr{i}" for i in range(bits))), edges=edges, constant="v0")
        if is_memory(graph, rho, bits, rate=rate, offset=offset):
            return graph, rho, bits, rate, offset


def random_batch(source: Random) -> list[Sample]:
    return [((source.randrange(2),), source.randrange(2)) for _ in range(source.randrange(1, 6))]


@pytest.mark.parametrize("seed", range(16))
@pytest.mark.parametrize("pick", ["nearest", "down", "up", "randomly"])
def test_random_weights_that_meet_the_predicate_remember(
    seed: int, pick: str, held: Callable[[Fragment, Fraction], Network]
) -> None:
    graph, rho, bits, rate, offset = any_memory(seed)
    adversary: Adversary = {"nearest": nearest, "down": down, "up": up, "randomly": randomly(seed)}[pick]
    before = held(graph, offset * rho)
    batch = [((0,), 0), ((0,), 1), *random_batch(Random(seed))]
    after = Descent(rho=rho, rate=Fraction(rate), adversary=adversary).step(before, batch)
    written = graph.with_weights({edge: after.weight(*edge) for edge in (*MOVING, *DRIVING)})
    m = (written.weight("v0", "v1") - graph.weight("v0", "v1")) / rho
    wrong = 0 if path_gain(graph) < 0 else 1
    driven = [abs(path_gain(graph)) * (offset * rho + (y == wrong)) if x == (0,) else 0 for x, y in batch]
    assert abs(m * rho - rate * sum(driven) / Fraction(len(batch))) <= rate * rho * Fraction(3, 4)
    assert m.denominator == 1 and m >= 0 and written.weight("v0", "v1") < 2
    assert all(written.weight(*edge) == graph.weight(*edge) for edge in DRIVING)
    run = forward(written, {"vc": Fraction(2)}, outside={"v4": Fraction(-9, 8)})
    digits = [f"vr{i}" for i in range(bits)]
    assert run.flat("v2", "v2'", "v3", *digits) is True and run.out["v3"] == 0
    assert set(backward(run, {"v4": Fraction(1)}).edges.values()) == {0}
    assert sum(2**i for i, digit in enumerate(digits) if run.out[digit] == 2) == min(int(m), 2**bits - 1)


def test_a_graph_that_is_no_memory_can_be_left_unstill_by_its_step(
    held: Callable[[Fragment, Fraction], Network],
) -> None:
    """v2 -> v3 and v2' -> v3 have one gradient; rounded apart they lift v3 to 0 once rho is 1/4, the strong gadget's
    bound."""
    rho = Fraction(1, 4)
    setting = STRONG.with_resting(Fraction(1, 2))
    graph = query_graph(setting, rho=rho, bits=0)
    assert is_memory(graph, rho, 0, rate=1, offset=OFFSET) is False

    def apart(choice: Choice) -> Fraction:
        edge, valid = choice.edge, choice.valid
        return valid[0] if edge == ("v2", "v3") else valid[-1] if edge == ("v2'", "v3") else valid[0]

    batch: list[Sample] = [((0,), 1), ((0,), 1), ((0,), 0)]
    after = Descent(rho=rho, adversary=apart).step(held(graph, OFFSET * rho), batch)
    run = forward(after, {"x1": Fraction(1)})
    assert run.pre["v3"] == 0 and run.flat("v3") is False
