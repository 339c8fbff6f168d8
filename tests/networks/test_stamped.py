"""Stamped networks: every output right and every vertex flat on all inputs, there and back the identity, refusals
that name the vertex."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructions.computation.builder import Builder
from constructions.computation.circuits import Circuit, Gate
from constructions.computation.flat import FlatCircuit, Gates
from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP, RELU, Activation
from constructions.foundations.exact import Number
from constructions.foundations.walks import forward
from constructions.networks.computation import emulate
from constructions.networks.flat import FlatNetwork
from constructions.networks.gates import code
from constructions.networks.stamped import Stamped, Weights, circuit_of, stamp, with_output_gates

SIGMAS = [RAMP, HARD_TANH]
UNEVEN = Activation(
    kinks=(Fraction(-1, 3), Fraction(1, 2)),
    slopes=(Fraction(0), Fraction(-3, 2), Fraction(0)),
    value=Fraction(5, 4),
    name="falling",
)
BOUNDS: list[tuple[Number, Number]] = [
    (Fraction(1, 3), Fraction(2, 3)),
    (Fraction(0), Fraction(1)),
    (Fraction(-7, 2), Fraction(1, 5)),
    (Fraction(-1), Fraction(1)),
]


@st.composite
def circuits(draw: st.DrawFn) -> FlatCircuit:
    """Gates of any threshold over plain and negated literals, a few inputs, some negated outputs."""
    inputs, gates = draw(st.integers(0, 3)), draw(st.integers(1, 6))
    rows = []
    for at in range(inputs, inputs + gates):
        nodes = draw(st.lists(st.integers(0, at - 1), max_size=4, unique=True)) if at else []
        rows.append((draw(st.integers(0, len(nodes) + 1)), [2 * v + draw(st.integers(0, 1)) for v in nodes]))
    tops = draw(st.lists(st.integers(0, 2 * (inputs + gates) - 1), min_size=1, max_size=3))
    names = tuple(f"x{i}" for i in range(inputs))
    return FlatCircuit(inputs=names, gates=Gates.of(rows), outputs={f"y{i}": top for i, top in enumerate(tops)})


def same_arrays(first: FlatNetwork, second: FlatNetwork) -> bool:
    """Whether two networks are one."""
    arrays = ("offsets", "sources", "weights")
    equal = all(np.array_equal(getattr(first, name), getattr(second, name)) for name in arrays)
    return equal and (first.inputs, first.outputs, first.scale, first.sigma) == (
        second.inputs,
        second.outputs,
        second.scale,
        second.sigma,
    )


def wide(k: int, signs: tuple[int, ...]) -> FlatCircuit:
    """One gate that needs k of some plain (0) and negated (1) literals."""
    n = len(signs)
    row = (k, [2 * i + sign for i, sign in enumerate(signs)])
    return FlatCircuit(inputs=tuple(f"x{i}" for i in range(n)), gates=Gates.of([row]), outputs={"y": 2 * n})


def example() -> FlatNetwork:
    """Inputs a, b (vertices 1, 2), adaptors v3, v4, and v5 = a and not b, v6 = v5 or b."""
    gates = Gates.of([(2, (0, 3)), (1, (2, 4))])
    return stamp(FlatCircuit(inputs=("a", "b"), gates=gates, outputs={"y": 6})).network


@pytest.mark.parametrize("sigma", [*SIGMAS, UNEVEN], ids=lambda sigma: sigma.name)
@settings(max_examples=30)
@given(
    circuit=circuits(),
    bounds=st.sampled_from(BOUNDS),
    beyond=st.sampled_from([Fraction(0), Fraction(1, 7), Fraction(10**6)]),
)
def test_outputs_are_right_and_vertices_flat_on_all_inputs(
    sigma: Activation, circuit: FlatCircuit, bounds: tuple[Fraction, Fraction], beyond: Fraction
) -> None:
    """At the bounds an adaptor sits at +-T, which is off the kinks; beyond them it is further out."""
    network, c = stamp(circuit, bounds=bounds, sigma=sigma).network, code(sigma)
    for bits in product((False, True), repeat=len(circuit.inputs)):
        values = {
            name: bounds[1] + beyond if bit else bounds[0] - beyond
            for name, bit in zip(circuit.inputs, bits, strict=True)
        }
        pre, out = network.pre_activations(values)
        assert all(sigma.strictly_flat(pre[v]) for v in range(network.first, network.size))
        expected = circuit(**dict(zip(circuit.inputs, bits, strict=True)))
        assert {name: out[v] for name, v in network.outputs.items()} == {
            name: c.bit(int(bit)) for name, bit in expected.items()
        }


@given(circuit=circuits())
def test_every_node_sits_at_its_place(circuit: FlatCircuit) -> None:
    made = stamp(circuit)
    for bits in product((0, 1), repeat=len(circuit.inputs)):
        values = made.circuit.values(bits)
        _, out = made.network.pre_activations(dict(zip(circuit.inputs, map(Fraction, bits), strict=True)))
        assert [out[v] for v in made.places.tolist()] == [4 * value - 2 for value in values]


@pytest.mark.parametrize("sigma", [*SIGMAS, UNEVEN], ids=lambda sigma: sigma.name)
@given(circuit=circuits(), bounds=st.sampled_from(BOUNDS))
def test_circuit_to_network_to_circuit_is_the_identity(
    sigma: Activation, circuit: FlatCircuit, bounds: tuple[Number, Number]
) -> None:
    made = stamp(circuit, bounds=bounds, sigma=sigma)
    assert circuit_of(made.network, bounds=bounds).same_structure(made.circuit.sorted)


@pytest.mark.parametrize("sigma", SIGMAS, ids=lambda sigma: sigma.name)
@given(circuit=circuits())
def test_network_to_circuit_to_network_is_the_identity(sigma: Activation, circuit: FlatCircuit) -> None:
    network = stamp(circuit, sigma=sigma).network
    assert same_arrays(stamp(circuit_of(network), sigma=sigma).network, network)


def test_a_finer_scale_spells_the_same_circuit() -> None:
    network = example()
    finer = replace(network, weights=3 * network.weights, scale=3 * network.scale)
    assert circuit_of(finer).same_structure(circuit_of(network))


@pytest.mark.parametrize("k", range(5))
@pytest.mark.parametrize("signs", list(product((0, 1), repeat=3)))
def test_the_weights_for_the_ramp_are_those_of_lemma_10_with_a_sign_for_each_negation(
    k: int, signs: tuple[int, ...]
) -> None:
    network = stamp(wide(k, signs)).network
    edges = network.into(network.size - 1)
    constant = 4 * (3 - 2 * k + 1)
    assert dict(edges) == ({0: constant} if constant else {}) | {
        4 + i: -2 if sign else 2 for i, sign in enumerate(signs)
    }


def test_the_adaptors_are_those_of_lemma_10() -> None:
    network = stamp(wide(1, (0,)), bounds=(Fraction(1, 4), Fraction(3, 4))).network
    assert network.into(2) == [(0, Fraction(-8)), (1, Fraction(16))]


def test_a_stamped_network_is_the_emulation_of_the_circuit_with_named_gates() -> None:
    named = Circuit(
        inputs=("a", "b"), gates={"n2": Gate("and", ("a", "b")), "n3": Gate("or", ("a", "n2"))}, outputs=("n3",)
    )
    circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2)), (1, (0, 4))]), outputs={"n3": 6})
    network, fragment = stamp(circuit).network, emulate(named)
    for a, b in product((Fraction(0), Fraction(1)), repeat=2):
        assert network({"a": a, "b": b})["n3"] == forward(fragment, {"a": a, "b": b}).out["n3"]
    assert network.size == len(fragment.order)


def test_there_is_one_vertex_for_each_input_and_gate_and_one_for_each_negated_output_literal() -> None:
    circuit = FlatCircuit(
        inputs=("a", "b"), gates=Gates.of([(2, (1, 3))]), outputs={"or": 5, "also": 5, "nor": 4, "not a": 1}
    )
    made = stamp(circuit)
    assert made.network.size == 1 + 2 + 2 + 1 + 2
    assert len(made.circuit.gates) == 3 and not any(literal & 1 for literal in made.circuit.outputs.values())
    assert made.circuit.evaluate({"a": 0b0011, "b": 0b0101}, width=4) == circuit.evaluate(
        {"a": 0b0011, "b": 0b0101}, width=4
    )


def test_a_circuit_without_negated_outputs_is_left_as_it_is() -> None:
    circuit = wide(2, (0, 1, 0))
    assert with_output_gates(circuit) is circuit


def test_a_constant_of_weight_0_has_no_edge() -> None:
    network = stamp(wide(2, (0, 1, 0))).network
    assert [u for u, _ in network.into(network.size - 1)] == [4, 5, 6]


@pytest.mark.parametrize(("needs", "value"), [(0, 2), (1, -2)])
def test_a_constant_gate_is_a_vertex_fed_by_the_constant_alone(needs: int, value: int) -> None:
    network = stamp(FlatCircuit(inputs=(), gates=Gates.of([(needs, ())]), outputs={"y": 0})).network
    assert network({}) == {"y": value} and network.into(1) == [(0, 2 * Fraction(value))]


def test_a_gate_of_two_thousand_literals_is_one_vertex() -> None:
    n = 2000
    network = stamp(wide(n // 2, (0, 1) * (n // 2))).network
    plain, negated = {f"x{i}": Fraction(0) for i in range(0, n, 2)}, {f"x{i}": Fraction(0) for i in range(1, n, 2)}
    assert network(plain | negated) == {"y": 2}
    assert network(plain | negated | {"x1": Fraction(1)}) == {"y": -2}


def test_a_large_circuit_is_stamped_and_read_back() -> None:
    builder = Builder()
    literals = [builder.input(f"x{i}") for i in range(64)]
    for _ in range(6000):
        literals.append(builder.xor(literals[-64], literals[-3]))
    builder.output("y", builder.every(literals[-64:]))
    made = stamp(builder.circuit())
    assert len(made.circuit.gates) > 10_000
    assert circuit_of(made.network).same_structure(made.circuit.sorted)


def with_weight(network: FlatNetwork, position: int, change: int) -> FlatNetwork:
    """A network with one weight moved."""
    weights = network.weights.copy()
    weights[position] += change
    return replace(network, weights=weights)


def edge_at(network: FlatNetwork, tail: int, head: int) -> int:
    """The position of an edge."""
    low, high = network.offsets[head], network.offsets[head + 1]
    return int(low + network.sources[low:high].tolist().index(tail))


@pytest.mark.parametrize(
    ("tail", "head", "change", "message"),
    [
        (
            1,
            3,
            1,
            "need an input to feed nothing but an adaptor with its weights, got edges one: -12, a: 25, at vertex v3",
        ),
        (
            0,
            4,
            -1,
            "need an input to feed nothing but an adaptor with its weights, got edges one: -13, b: 24, at vertex v4",
        ),
        (3, 5, 1, "need weights of 2 or minus that, got edges one: -4, v3: 3, v4: -2, at vertex v5"),
        (4, 5, 2, "need weights of 2 or minus that, got edges one: -4, v3: 2, v4: 0, at vertex v5"),
        (0, 6, 1, "need a constant that makes a gate, got edges one: 5, v4: 2, v5: 2, at vertex v6"),
        (0, 6, -24, "need a constant that makes a gate, got edges one: -20, v4: 2, v5: 2, at vertex v6"),
        (0, 6, 16, "need a constant that makes a gate, got edges one: 20, v4: 2, v5: 2, at vertex v6"),
    ],
)
def test_a_weight_that_spells_no_gate_is_refused_at_its_vertex(tail: int, head: int, change: int, message: str) -> None:
    network = example()
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        circuit_of(with_weight(network, edge_at(network, tail, head), change))


@settings(max_examples=200)
@given(circuit=circuits(), data=st.data())
def test_a_weight_moved_is_refused_or_another_circuit(circuit: FlatCircuit, data: st.DataObject) -> None:
    made = stamp(circuit)
    if len(made.network.weights):
        at = data.draw(st.integers(0, len(made.network.weights) - 1))
        changed = with_weight(made.network, at, data.draw(st.integers(-40, 40).filter(bool)))
        try:
            spelled = circuit_of(changed)
        except ConstructionError as error:
            assert ", at vertex " in str(error)
        else:
            assert not spelled.same_structure(made.circuit.sorted)


def network_of(rows: list[list[tuple[int, int]]], **changed: object) -> FlatNetwork:
    """A network on inputs a, b over scale 1 whose vertices 3, 4, ... have these edges (tail, weight)."""
    sizes = [0, 0, 0, *map(len, rows)]
    arguments = {
        "inputs": ("a", "b"),
        "offsets": np.cumsum([0, *sizes]),
        "sources": np.array([u for row in rows for u, _ in row], np.int64),
        "weights": np.array([w for row in rows for _, w in row], np.int64),
        "outputs": {"y": len(sizes) - 1},
    }
    return FlatNetwork(**(arguments | changed))  # type: ignore[arg-type]


A, B = [(0, -12), (1, 24)], [(0, -12), (2, 24)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([A, B, [(1, 2), (3, 2)]], "need an input to feed nothing but an adaptor .*, at vertex v5"),
        (
            [A, [(0, -12), (1, 24)], [(3, 2), (4, 2)]],
            "need exactly one adaptor for each input, got none or several for some",
        ),
        ([A, [(0, 4), (3, 2)]], "need exactly one adaptor for each input, got none or several for some"),
        ([A, B, [(0, -12), (1, 24), (2, 24)]], "need an input to feed nothing but an adaptor .*, at vertex v5"),
        ([A, [(2, 24)]], "need an input to feed nothing but an adaptor .*, got edges b: 24, at vertex v4"),
        ([A, B, [(0, 5)]], "need a constant that makes a gate, got edges one: 5, at vertex v5"),
        ([A, B, []], "need a constant that makes a gate, got edges , at vertex v5"),
        ([A, B, [(3, 0)]], "need weights of 2 or minus that, got edges v3: 0, at vertex v5"),
    ],
)
def test_a_vertex_that_is_no_adaptor_and_no_gate_is_refused(rows: list[list[tuple[int, int]]], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        circuit_of(network_of(rows))


@pytest.mark.parametrize(("vertex", "name"), [(0, "one"), (1, "a"), (2, "b")])
def test_an_output_that_is_an_input_or_the_constant_carries_no_bit_and_is_refused(vertex: int, name: str) -> None:
    with pytest.raises(ConstructionError, match=f"^need outputs that carry bits, got vertex {name}, at output 'y'$"):
        circuit_of(network_of([A, B], outputs={"y": vertex}))


def test_vertices_may_come_in_another_order_and_adaptors_between_gates() -> None:
    network = network_of([B, [(3, -2)], A, [(0, -4), (4, 2), (5, 2)]])
    circuit = circuit_of(network)
    assert circuit.inputs == ("a", "b")
    assert [circuit(a=a, b=b)["y"] for a, b in product((False, True), repeat=2)] == [False, False, True, False]


def test_other_bounds_another_scale_and_an_activation_without_bits_are_refused() -> None:
    network = example()
    with pytest.raises(ConstructionError, match=r"at vertex v3$"):
        circuit_of(network, bounds=(Fraction(0), Fraction(1)))
    with pytest.raises(ConstructionError, match=r"^need weights over a multiple of 5, got scale 1$"):
        circuit_of(network, bounds=(Fraction(0), Fraction(5, 3)))
    with pytest.raises(ConstructionError, match=r"^need an activation with two unbounded flat pieces .*, got ReLU"):
        stamp(wide(1, (0,)), sigma=RELU)
    with pytest.raises(ConstructionError, match=r"^need y0 < y1, got y0=1, y1=0$"):
        stamp(wide(1, (0,)), bounds=(Fraction(1), Fraction(0)))
    with pytest.raises(ConstructionError, match=r"got the float 0\.5, at y0$"):
        stamp(wide(1, (0,)), bounds=(0.5, Fraction(1)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: stamp(wide(1, (0,)), bounds=(Fraction(0), Fraction(1, 2**60))),
        lambda: stamp(wide(1, (0,)), bounds=(Fraction(1, 3**50), Fraction(2, 3**49))),
        lambda: stamp(wide(50, (0,) * 100), sigma=replace(HARD_TANH, kinks=(Fraction(-1), Fraction(10**16)))),
        lambda: circuit_of(replace(example(), scale=2**57)),
    ],
)
def test_weights_that_do_not_fit_are_refused_and_never_wrapped(make: Callable[[], Stamped | FlatCircuit]) -> None:
    with pytest.raises(ConstructionError, match=r"^need weights times scale within 2\^60, got "):
        make()


def test_the_weights_are_integers_over_the_least_common_denominator() -> None:
    weights = Weights.choose(HARD_TANH, (Fraction(1, 3), Fraction(3, 4)))
    assert weights.scale == 5 and Fraction(weights.plain, weights.scale) == code(HARD_TANH).weight
