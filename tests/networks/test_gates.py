"""Gates (Lemma 10): pre-activations by hand, refusals, gradients, and random wide gates."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP, RELU, Activation
from constructions.foundations.network import Fragment
from constructions.foundations.walks import backward, forward
from constructions.networks.gates import adaptor, code, conjunction, disjunction, gate_edges, inverter, threshold

BITS = (-2, 2)


def pre(gate: Fragment, *values: Fraction | int) -> Fraction:
    return Fraction(forward(gate, dict(zip(gate.inputs, map(Fraction, values), strict=True))).pre["gate"])


def test_not_has_pre_activations_4_and_minus_4() -> None:
    assert [pre(inverter(), x) for x in BITS] == [4, -4]


def test_and_has_pre_activations_minus_12_minus_4_minus_4_and_4() -> None:
    assert [pre(conjunction(), *bits) for bits in product(BITS, repeat=2)] == [-12, -4, -4, 4]


def test_or_has_pre_activations_minus_4_4_4_and_12() -> None:
    assert [pre(disjunction(), *bits) for bits in product(BITS, repeat=2)] == [-4, 4, 4, 12]


def test_two_of_three_needs_no_constant() -> None:
    gate = threshold(3, 2)
    assert gate.constant is None
    assert [pre(gate, *bits) for bits in ((-2, -2, -2), (2, -2, -2), (2, 2, -2), (2, 2, 2))] == [-12, -4, 4, 12]


@pytest.mark.parametrize("n", range(2, 7))
def test_the_constants_of_wide_gates_are_those_of_the_paper(n: int) -> None:
    assert conjunction(n).weight("one", "gate") == 4 - 4 * n
    assert disjunction(n).weight("one", "gate") == 4 * n - 4


def test_a_gate_of_one_input_repeats_it() -> None:
    assert conjunction(1) == disjunction(1) and [pre(conjunction(1), x) for x in BITS] == [-4, 4]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 3), (Fraction(1, 3), Fraction(2, 3)), (-8, -7)])
def test_an_adaptor_has_pre_activations_minus_4_and_4_at_its_bounds(low: Fraction, high: Fraction) -> None:
    assert (pre(adaptor(low, high), low), pre(adaptor(low, high), high)) == (Fraction(-4), Fraction(4))


def test_an_adaptor_between_bounds_of_opposite_sign_needs_no_constant() -> None:
    assert adaptor(-1, 1).edges == {("x1", "gate"): 4}


def test_an_adaptor_is_not_flat_halfway_between_its_bounds() -> None:
    run = forward(adaptor(-1, 3), {"x1": Fraction(3, 2)})
    assert run.pre["gate"] == 1 and run.flat("gate") is False


def test_the_codes_of_two_activations() -> None:
    ramp, tanh = code(RAMP), code(HARD_TANH)
    assert (ramp.low, ramp.high, ramp.drive, ramp.weight) == (-2, 2, 4, 2)
    assert (tanh.low, tanh.high, tanh.drive, tanh.weight) == (-1, 1, 2, 2)


def test_for_hard_tanh_and_has_pre_activations_at_2_and_beyond() -> None:
    assert [pre(conjunction(sigma=HARD_TANH), *bits) for bits in product((-1, 1), repeat=2)] == [-6, -2, -2, 2]


def test_an_activation_with_lopsided_plateaus_needs_a_constant_at_not() -> None:
    step = Activation(
        kinks=(Fraction(0), Fraction(1)), slopes=(Fraction(0), Fraction(1), Fraction(0)), value=Fraction(0), name="step"
    )
    gate = inverter(sigma=step)
    assert gate.edges == {("one", "gate"): 2, ("x1", "gate"): -4}
    assert [forward(gate, {"x1": Fraction(x)}).out["gate"] for x in (0, 1)] == [1, 0]


def test_relu_carries_no_bits() -> None:
    with pytest.raises(ConstructionError, match=r"two unbounded flat pieces .* got ReLU: its right end has slope 1"):
        threshold(2, 1, sigma=RELU)


def test_an_activation_with_equal_ends_carries_no_bits() -> None:
    zero, one = Fraction(0), Fraction(1)
    hill = Activation(kinks=(-one, zero, one), slopes=(zero, one, -one, zero), value=zero, name="hill")
    with pytest.raises(ConstructionError, match="got hill: both ends have the value 0"):
        inverter(sigma=hill)


@pytest.mark.parametrize(("n", "k"), [(3, 0), (3, 4), (1, 2)])
def test_a_threshold_outside_1_to_n_is_refused(n: int, k: int) -> None:
    with pytest.raises(ConstructionError, match=f"need a threshold with 1 <= k <= n, got k={k}, n={n}"):
        threshold(n, k)


def test_a_gate_without_inputs_is_refused() -> None:
    with pytest.raises(ConstructionError, match="fan-in n"):
        threshold(0, 1)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (1, 0)])
def test_an_adaptor_with_bounds_out_of_order_is_refused(low: int, high: int) -> None:
    with pytest.raises(ConstructionError, match=f"need y0 < y1, got y0={low}, y1={high}"):
        adaptor(low, high)


def test_a_float_bound_is_refused() -> None:
    with pytest.raises(ConstructionError, match="float"):
        adaptor(0.5, 1)


def test_a_stamped_gate_has_the_names_it_is_given() -> None:
    assert gate_edges("threshold", ["a", "b", "c"], "m", k=1) == {
        ("a", "m"): 2,
        ("b", "m"): 2,
        ("c", "m"): 2,
        ("one", "m"): 8,
    }


def test_an_unknown_gate_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need a gate among .*, got 'xor'"):
        gate_edges("xor", ["a", "b"], "c")


def test_the_same_input_twice_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need different inputs, got .*, at gate 'c'"):
        gate_edges("and", ["a", "a"], "c")


@given(bits=st.lists(st.booleans(), min_size=1, max_size=9), data=st.data())
def test_a_gate_of_any_fan_in_counts_and_lets_no_gradient_through(bits: list[bool], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(bits)))
    sigma = data.draw(st.sampled_from([RAMP, HARD_TANH]))
    gate, c = threshold(len(bits), k, sigma=sigma), code(sigma)
    run = forward(gate, {x: c.bit(bit) for x, bit in zip(gate.inputs, bits, strict=True)})
    assert run.pre["gate"] == c.drive + 2 * c.drive * (sum(bits) - k)
    assert run.out["gate"] == c.bit(sum(bits) >= k)
    gradient = backward(run, {"gate": Fraction(1)})
    assert not any(gradient.edges.values()) and not any(gradient.out[x] for x in gate.inputs)
