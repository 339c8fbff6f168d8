"""The replay's own evaluator agrees with the walks of the constructions, which share no code with it."""

import random
from fractions import Fraction

import pytest
from hypothesis import given

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, RELU, Activation
from constructions.foundations.network import Fragment
from constructions.foundations.walks import backward, forward
from tests.rationals import rationals
from verify.replay.relu_form import relu_slopes, relu_value
from verify.replay.walks import replay_forward, replay_gradient
from verify.replay.witness import ReplayCase

SIGMAS = (RAMP, RELU, HARD_TANH, IDENTITY)
RATIONALS = rationals(-6, 6, 24)


@pytest.mark.parametrize("sigma", SIGMAS, ids=lambda sigma: sigma.name)
@given(x=RATIONALS)
def test_the_relu_form_has_the_values_of_the_pieces(sigma: Activation, x: Fraction) -> None:
    assert relu_value(sigma, x) == sigma(x)


@pytest.mark.parametrize("sigma", SIGMAS, ids=lambda sigma: sigma.name)
@given(x=RATIONALS)
def test_the_two_slopes_are_one_exactly_off_the_kinks(sigma: Activation, x: Fraction) -> None:
    left, right = relu_slopes(sigma, x)
    assert right == sigma.slope(x) and (left != right) is bool(sigma.on_kink(x))


def layered(seed: int, sigma: Activation) -> Fragment:
    chance = random.Random(seed)
    layers = [["a", "b"], ["c", "d", "e"], ["f", "g"], ["h"]]
    edges = {
        (u, v): Fraction(chance.randint(-9, 9), chance.randint(1, 5))
        for i, layer in enumerate(layers[1:], 1)
        for v in layer
        for u in [w for earlier in layers[:i] for w in earlier]
        if u in layers[i - 1] or chance.random() < 0.4
    } | {("one", v): Fraction(chance.randint(-9, 9), 4) for v in "cfh"}
    return Fragment(inputs=("a", "b"), outputs=("h",), edges=edges, constant="one", sigma=sigma)


@pytest.mark.parametrize("sigma", SIGMAS, ids=lambda sigma: sigma.name)
@pytest.mark.parametrize("seed", range(12))
def test_values_and_derivatives_agree_with_the_walks(seed: int, sigma: Activation) -> None:
    fragment = layered(seed, sigma)
    inputs = {"a": Fraction(seed, 7), "b": Fraction(-3, seed + 2)}
    mine, theirs = (
        replay_forward(fragment, inputs, {"d": Fraction(1, 3)}),
        forward(fragment, inputs, outside={"d": Fraction(1, 3)}),
    )
    assert (mine.pre, mine.out) == (theirs.pre, theirs.out)
    seeds = {"h": Fraction(2), "f": Fraction(-1, 5)}
    pushed, chained = replay_gradient(mine, seeds), backward(theirs, seeds, report_kinks=True)
    assert pushed.kinks == {v: bool(hit) for v, hit in chained.kinks.items()}
    assert pushed.edges == {edge: chained.edges[edge] for edge in pushed.edges} and set(pushed.edges) == set(
        chained.edges
    )
    assert pushed.out == dict(chained.out)


def test_a_flat_vertex_is_flat_on_both_sides() -> None:
    path = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 1})
    flat = {
        x: replay_forward(path, {"x": x}, {}).flat("y")
        for x in (Fraction(-1), Fraction(-1, 2), Fraction(0), Fraction(1))
    }
    assert flat == {Fraction(-1): False, Fraction(-1, 2): True, Fraction(0): False, Fraction(1): False}


def test_a_kink_without_an_adjoint_does_not_count() -> None:
    path = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 1, ("y", "z"): 0})
    run = replay_forward(path, {"x": Fraction(0)}, {})
    assert replay_gradient(run, {"y": Fraction(0)}).smooth
    assert not replay_gradient(run, {"y": Fraction(1)}).smooth


def test_a_formula_in_a_replay_is_a_programming_error() -> None:
    with pytest.raises(ConstructionError, match="need truth values or formulas, one by one, got the int 1"):
        ReplayCase({}).show("one", 1)


def test_an_integer_is_checked_to_be_one() -> None:
    with pytest.raises(ArithmeticError, match="need an integer for n, got 1/2"):
        ReplayCase({"n": Fraction(1, 2)}).integer("n")


def test_the_derivative_is_exact_for_half_a_square() -> None:
    path = Fragment(inputs=(), outputs=("y",), edges={("one", "y"): "3/2"}, constant="one", sigma=IDENTITY)

    def loss(fragment: Fragment) -> Fraction:
        value = replay_forward(fragment, {}, {}).out["y"]
        return value * value / 2

    assert ReplayCase({}).derivative(loss, path, ("one", "y")) == Fraction(3, 2)


def test_the_derivative_is_exact_for_a_cube_and_refused_at_a_kink() -> None:
    case = ReplayCase({})
    path = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 2}, sigma=RELU)
    assert case.derivative(lambda graph: graph.weight("x", "y") ** 3 - graph.weight("x", "y"), path, ("x", "y")) == 11
    with pytest.raises(
        ConstructionError, match=r"^need a polynomial of degree 3 at most to derive, got another function or a kink"
    ):
        case.derivative(
            lambda graph: replay_forward(graph, {"x": 1}, {}).out["y"], path.with_weight("x", "y", 0), ("x", "y")
        )
