"""Emulated circuits (Lemma 10): truth tables, vertex counts (E07), names, real gradients."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.circuits import Circuit, Draft, Gate
from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RELU
from constructions.foundations.network import Fragment
from constructions.foundations.walks import backward, forward
from constructions.networks.computation import BINARY, adapted, computation_edges, emulate
from constructions.networks.gates import code


def exclusive() -> Circuit:
    draft = Draft("a", "b")
    return draft.circuit(draft.xor("a", "b"))


def values(net: Fragment, *inputs: Fraction | int) -> list[Fraction]:
    run = forward(net, dict(zip(net.inputs, map(Fraction, inputs), strict=True)))
    assert run.flat(*run.pre) is True
    return [Fraction(run.out[v]) for v in net.outputs]


def test_the_emulated_exclusive_or_has_its_truth_table() -> None:
    net = emulate(exclusive())
    assert [values(net, a, b) for a, b in product((0, 1), repeat=2)] == [[-2], [2], [2], [-2]]


def test_an_emulation_has_a_vertex_for_each_gate_and_each_adapted_input() -> None:
    circuit = exclusive()
    assert len(emulate(circuit).order) - 3 == len(circuit.gates) + 2
    assert len(emulate(circuit, bounds={"a": BINARY}).order) - 3 == len(circuit.gates) + 1


def test_inputs_that_carry_bits_are_read_as_they_are() -> None:
    net = emulate(Circuit(inputs=("a", "b"), gates={"c": Gate("and", ("a", "b"))}, outputs=("c",)), bounds={})
    assert [values(net, a, b) for a, b in product((-2, 2), repeat=2)] == [[-2], [-2], [-2], [2]]


def test_an_output_that_is_an_input_is_the_adapted_one() -> None:
    net = emulate(Circuit(inputs=("a",), gates={}, outputs=("a",)))
    assert net.outputs == (adapted("a"),) == ("a?",)
    assert [values(net, a) for a in (0, 1)] == [[-2], [2]]


def test_the_weights_of_an_adapted_bit_by_hand() -> None:
    edges = computation_edges(Circuit(inputs=("a",), gates={}, outputs=("a",)), bounds={"a": BINARY})
    assert edges == {("a", "a?"): 24, ("one", "a?"): -12}


@pytest.mark.parametrize(("kind", "weight", "value"), [("true", 4, 2), ("false", -4, -2)])
def test_a_constant_gate_is_one_edge_from_the_constant(kind: str, weight: int, value: int) -> None:
    net = emulate(Circuit(inputs=("a",), gates={"g": Gate(kind, ())}, outputs=("g",)))
    assert net.weight("one", "g") == weight
    assert [values(net, a) for a in (0, 1)] == [[value], [value]]


def test_the_constant_can_have_another_name() -> None:
    edges = computation_edges(exclusive(), bounds={"a": BINARY, "b": BINARY}, constant="v0")
    tails = {u for u, _ in edges}
    assert "v0" in tails and "one" not in tails


def test_an_activation_without_two_plateaus_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need an activation with two unbounded flat pieces"):
        emulate(exclusive(), sigma=RELU)


def test_with_hard_tanh_bits_are_minus_1_and_1() -> None:
    net = emulate(exclusive(), sigma=HARD_TANH)
    assert [values(net, a, b) for a, b in product((0, 1), repeat=2)] == [[-1], [1], [1], [-1]]


@st.composite
def circuits(draw: st.DrawFn) -> Circuit:
    known, gates = ["a", "b", "c"], {}
    for i in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["and", "or", "not", "threshold"]))
        fed = draw(st.lists(st.sampled_from(known), min_size=1, max_size=1 if kind == "not" else 4, unique=True))
        k = draw(st.integers(1, len(fed))) if kind == "threshold" else 1
        gates[f"g{i}"] = Gate(kind, tuple(fed), k)
        known.append(f"g{i}")
    return Circuit(inputs=("a", "b", "c"), gates=gates, outputs=(known[-1],))


@given(
    circuit=circuits(),
    bits=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    sigma=st.sampled_from([None, HARD_TANH]),
)
def test_a_random_circuit_is_emulated_and_no_edge_of_it_has_a_gradient(
    circuit: Circuit, bits: tuple[bool, ...], sigma: object
) -> None:
    net = emulate(circuit, sigma=sigma) if sigma else emulate(circuit)  # type: ignore[arg-type]
    run = forward(net, {v: Fraction(int(bit)) for v, bit in zip(circuit.inputs, bits, strict=True)})
    wanted = circuit(**dict(zip(circuit.inputs, bits, strict=True)))
    c = code(net.sigma)
    assert [run.out[v] for v in net.outputs] == [c.bit(bit) for bit in wanted.values()]
    assert run.flat(*run.pre) is True
    assert set(backward(run, dict.fromkeys(net.outputs, Fraction(1))).edges.values()) == {0}
