"""Networks of circuits: proved whole, and after every kind of change refuted with the vertex named or proved
harmless."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from constructions.computation.builder import Builder
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.iscas import c17
from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP, Activation
from constructions.networks.flat import FlatNetwork
from constructions.networks.stamped import Stamped, stamp
from verify.circuits.by_shape import Report, prove_emulation
from verify.obligations.verdict import Verdict
from verify.replay.relu_form import relu_slopes, relu_value

C17 = stamp(c17())
EDGES = range(len(C17.network.sources))


def with_weight(net: FlatNetwork, edge: int, weight: int) -> FlatNetwork:
    """One weight changed."""
    weights = net.weights.copy()
    weights[edge] = weight
    return replace(net, weights=weights)


def with_edge(net: FlatNetwork, tail: int, head: int, weight: int) -> FlatNetwork:
    """One edge more."""
    low, high = net.offsets[head : head + 2].tolist()
    at = low + int(np.searchsorted(net.sources[low:high], tail))
    offsets = net.offsets.copy()
    offsets[head + 1 :] += 1
    return replace(
        net, offsets=offsets, sources=np.insert(net.sources, at, tail), weights=np.insert(net.weights, at, weight)
    )


def without_edge(net: FlatNetwork, edge: int) -> FlatNetwork:
    """One edge less."""
    offsets = net.offsets.copy()
    offsets[int(net.heads[edge]) + 1 :] -= 1
    return replace(net, offsets=offsets, sources=np.delete(net.sources, edge), weights=np.delete(net.weights, edge))


def absent(net: FlatNetwork) -> Iterator[tuple[int, int]]:
    """The edges that could be added."""
    for head in range(net.first, net.size):
        there = {u for u, _ in net.into(head)}
        yield from ((tail, head) for tail in range(head) if tail not in there)


def prove(net: FlatNetwork, made: Stamped = C17) -> Report:
    return prove_emulation(made.circuit, net, made.places)


def check(net: FlatNetwork, made: Stamped = C17) -> Report:
    """The verdict, confirmed by a walk of our own: at every 0/1 input, and at the counterexample."""
    report = prove(net, made)
    inputs = made.circuit.inputs
    if report.verdict is Verdict.PROVED:
        for number in range(2 ** len(inputs)):
            assert fits(net, made, [Fraction(number >> i & 1) for i in range(len(inputs))])
    else:
        assert report.verdict is Verdict.REFUTED and report.failure is not None
        if report.failure.inputs:
            assert not fits(net, made, [report.failure.inputs[name] for name in inputs])
    return report


def fits(net: FlatNetwork, made: Stamped, x: list[Fraction]) -> bool:
    """Whether every vertex is strictly flat at an input and carries its node's bit."""
    out = [Fraction(1), *x]
    flat = True
    for v in range(net.first, net.size):
        pre = sum((w * out[u] for u, w in net.into(v)), Fraction(0))
        flat = flat and relu_slopes(net.sigma, pre) == (Fraction(0), Fraction(0))
        out.append(relu_value(net.sigma, pre))
    truth = made.circuit.values([int(value >= Fraction(2, 3)) for value in x])
    plateau = [relu_value(net.sigma, Fraction(end)) for end in (-100, 100)]
    return flat and all(out[v] == plateau[bit] for v, bit in zip(made.places.tolist(), truth, strict=True))


def test_c17_is_proved_with_two_shapes() -> None:
    report = check(C17.network)
    assert (report.verdict, len(report.shapes), report.calls, report.vertices) == (Verdict.PROVED, 2, 2, 11)


@pytest.mark.parametrize("edge", EDGES)
def test_a_weight_with_its_sign_flipped_is_refuted(edge: int) -> None:
    assert check(with_weight(C17.network, edge, -int(C17.network.weights[edge]))).verdict is Verdict.REFUTED


@pytest.mark.parametrize("edge", EDGES)
def test_a_removed_edge_is_refuted(edge: int) -> None:
    report = check(without_edge(C17.network, edge))
    assert report.failure is not None and report.failure.vertex == C17.network.name(int(C17.network.heads[edge]))


@pytest.mark.slow
@pytest.mark.parametrize("edge", EDGES)
def test_any_other_weight_is_refuted_or_harmless(edge: int) -> None:
    weight = int(C17.network.weights[edge])
    for other in (0, 2 * weight, weight + 1, weight - 1, weight + 1000):
        check(with_weight(C17.network, edge, other))


def test_an_adaptor_a_little_steeper_is_harmless() -> None:
    edge = int(C17.network.offsets[C17.network.first]) + 1
    assert check(with_weight(C17.network, edge, int(C17.network.weights[edge]) + 1)).verdict is Verdict.PROVED


@pytest.mark.parametrize(("tail", "head"), list(absent(C17.network))[::7])
def test_an_added_edge_is_harmless_with_weight_0_and_refuted_with_weight_1(tail: int, head: int) -> None:
    report = check(with_edge(C17.network, tail, head, 0))
    assert report.verdict is Verdict.PROVED and (
        tail == 0 or [vertex for vertex, _ in report.harmless] == [C17.network.name(head)]
    )
    assert check(with_edge(C17.network, tail, head, 1)).failure is not None


@pytest.mark.slow
def test_every_edge_that_can_be_added_is_judged_rightly() -> None:
    verdicts = {
        check(with_edge(C17.network, *edge, weight)).verdict for edge in absent(C17.network) for weight in (0, 1)
    }
    assert verdicts == {Verdict.PROVED, Verdict.REFUTED}


def test_a_redirected_edge_is_refuted_at_its_vertex() -> None:
    net = C17.network
    sources = net.sources.copy()
    edge = int(net.offsets[net.size - 1]) + 1
    sources[edge] = 6
    report = check(replace(net, sources=sources))
    assert report.failure is not None and report.failure.vertex == net.name(net.size - 1)


def test_two_places_exchanged_are_refuted() -> None:
    places = C17.places.copy()
    places[[5, 8]] = places[[8, 5]]
    assert prove_emulation(C17.circuit, C17.network, places).verdict is Verdict.REFUTED


def test_an_output_at_another_vertex_is_refuted() -> None:
    net = replace(C17.network, outputs={"22": C17.network.outputs["23"], "23": C17.network.outputs["22"]})
    failure = prove(net).failure
    assert failure is not None and "output '22' is at vertex v16, which carries another bit there" in failure.what
    found = c17().evaluate({name: int(value) for name, value in failure.inputs.items()})
    assert found["22"] != found["23"]


def twins() -> Stamped:
    """Two equal gates, and one that is equal for another reason."""
    gates = Gates.of([(2, (0, 2)), (2, (0, 2)), (1, (1, 3))])
    return stamp(FlatCircuit(inputs=("a", "b"), gates=gates, outputs={"y": 4, "no": 8}))


def test_an_output_at_a_vertex_of_the_same_value_is_harmless() -> None:
    made = twins()
    moved = replace(made.network, outputs={"y": int(made.places[3]), "no": made.network.outputs["no"]})
    report = prove_emulation(made.circuit, moved, made.places)
    assert report.verdict is Verdict.PROVED and report.harmless == [
        ("v6", "output 'y' is there, at a node of the same value")
    ]


def test_an_output_at_an_input_carries_no_bit() -> None:
    made = twins()
    failure = prove_emulation(made.circuit, replace(made.network, outputs={"y": 1, "no": 7}), made.places).failure
    assert failure is not None and "which carries no bit" in failure.what


def test_any_number_of_edges_of_weight_0_is_harmless() -> None:
    net = C17.network
    for tail, head in list(absent(net))[:60]:
        net = with_edge(net, tail, head, 0)
    report = prove(net)
    assert report.verdict is Verdict.PROVED and len(report.harmless) >= 5 and report.calls == 2


def test_nothing_to_prove_is_vacuous() -> None:
    made = stamp(FlatCircuit(inputs=(), gates=Gates.of([]), outputs={}))
    assert prove_emulation(made.circuit, made.network, made.places).verdict is Verdict.VACUOUS


def test_a_network_without_edges_is_judged() -> None:
    gates = Gates.of([(0, ())])
    made = stamp(FlatCircuit(inputs=(), gates=gates, outputs={"y": 0}))
    bare = replace(
        made.network, offsets=np.zeros(3, np.int64), sources=np.zeros(0, np.int64), weights=np.zeros(0, np.int64)
    )
    assert prove_emulation(made.circuit, bare, made.places).failure is not None
    assert prove(made.network, made).verdict is Verdict.PROVED


@pytest.mark.parametrize("bounds", [(0.1, 0.9), (Fraction(2, 3), Fraction(1, 3))])
def test_bounds_are_exact_and_in_order(bounds: tuple[Fraction, Fraction]) -> None:
    with pytest.raises(ConstructionError, match=r"need an exact number|need y0 < y1"):
        prove_emulation(C17.circuit, C17.network, C17.places, bounds=bounds)


def test_a_vertex_that_is_nobodys_place_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need each vertex that computes to be the place of one node"):
        prove_emulation(C17.circuit, C17.network, C17.places[:-1])


def never_both() -> Stamped:
    """y asks 1 of x and not x, by way of a NOT gate: its two operands are never both 1, nor both 0."""
    gates = Gates.of([(1, (1,)), (1, (0, 2))])
    return stamp(FlatCircuit(inputs=("x",), gates=gates, outputs={"y": 4}))


def test_a_fault_that_no_input_reaches_is_harmless() -> None:
    made = never_both()
    constant = int(made.network.offsets[made.places[2]])
    changed = with_weight(made.network, constant, 8)
    report = check(changed, made)
    assert report.verdict is Verdict.PROVED and report.harmless == [("v4", "no input of the circuit makes it fail")]
    assert [result.verdict for _, _, result in report.shapes].count(Verdict.REFUTED) == 1


def test_a_wide_gate_costs_one_question() -> None:
    builder = Builder()
    x = [builder.input(f"x{i}") for i in range(500)]
    builder.output("most", builder.at_least(251, x))
    made = stamp(builder.circuit())
    report = prove(made.network, made)
    assert (report.verdict, report.calls, report.vertices) == (Verdict.PROVED, 2, 501)


@pytest.mark.parametrize("sigma", [RAMP, HARD_TANH], ids=lambda sigma: sigma.name)
def test_the_questions_do_not_grow_with_the_circuit(sigma: Activation) -> None:
    calls = []
    for width in (4, 40):
        builder = Builder()
        a, b = ([builder.input(f"{name}{i}") for i in range(width)] for name in "ab")
        carry = builder.both(a[0], b[0])
        for x, y in zip(a, b, strict=True):
            builder.output(f"s{len(builder.outputs)}", builder.xor(builder.xor(x, y), carry))
            carry = builder.either(builder.both(x, y), builder.both(carry, builder.either(x, y)))
        made = stamp(builder.circuit(), sigma=sigma)
        calls.append(prove(made.network, made).calls)
    assert calls[0] == calls[1] <= 6


def test_constants_and_buffers_are_proved() -> None:
    gates = Gates.of([(0, ()), (1, ()), (1, (0,)), (2, (0,))])
    made = stamp(FlatCircuit(inputs=("a",), gates=gates, outputs={"p": 2, "q": 4, "r": 6, "s": 8}))
    assert check(made.network, made).verdict is Verdict.PROVED


def test_gates_of_many_fan_ins_cost_one_question() -> None:
    builder = Builder()
    x = [builder.input(f"x{i}") for i in range(60)]
    for n in range(2, 60):
        builder.output(f"all{n}", builder.every([literal ^ (i % 3 == 0) for i, literal in enumerate(x[:n])]))
        builder.output(f"most{n}", builder.at_least(n // 2 + 1, x[:n]))
    made = stamp(builder.circuit())
    report = prove(made.network, made)
    assert report.verdict is Verdict.PROVED and report.calls < 12
    assert sum(count for _, count, _ in report.shapes) == report.vertices


def test_a_wide_gate_with_an_odd_weight_is_not_covered_by_the_usual_ones() -> None:
    builder = Builder()
    builder.output("all", builder.every([builder.input(f"x{i}") for i in range(9)]))
    made = stamp(builder.circuit())
    report = prove(with_weight(made.network, int(made.network.offsets[-2]) + 3, 3), made)
    assert report.failure is not None and report.failure.vertex == "v19"
