"""The two walks: values by hand, finite differences, agreement over rationals, terms, sympy and z3, and kinks."""

from fractions import Fraction
from typing import Any

import pytest
import z3
from hypothesis import assume, given
from hypothesis import strategies as st

from constructions.errors import ConstructionError, KinkError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, RELU
from constructions.foundations.descent import squared_loss
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, negation, some
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.refusals import LanguageError
from constructions.foundations.terms import REAL, Term, TruthTerm, variable
from constructions.foundations.walks import ForwardRun, Gradient, backward, forward
from tests.rationals import rationals
from verify.provers.to_z3 import ToZ3

pytestmark = pytest.mark.bounds

SMALL = rationals(-3, 3, 8)
WHOLE = st.integers(-2, 2).map(Fraction)
TINY = Fraction(1, 2**60)  # below every distance to a kink that small whole weights can make
INPUTS = ("x1", "x2")
DIAMOND = Fragment(
    inputs=("x",),
    outputs=("z",),
    sigma=IDENTITY,
    edges={("x", "a"): 2, ("x", "b"): 3, ("a", "z"): 5, ("b", "z"): 7, ("x", "z"): 11},
)
PATH = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 1, ("y", "z"): 1})


@st.composite
def fragments(draw: st.DrawFn, *, most: int = 5, weights: st.SearchStrategy[Fraction] = SMALL) -> Fragment:
    """A connected fragment on two inputs and a constant, with any of four activations; its last vertex is the
    output."""
    before = ["one", *INPUTS]
    edges: dict[Edge, Fraction] = {}
    for i in range(draw(st.integers(1, most))):
        vertex = f"v{i}"
        tails = draw(st.sets(st.sampled_from(before), min_size=1, max_size=3)) | ({before[-1]} if i else set())
        edges |= {(u, vertex): draw(weights) for u in sorted(tails)}
        before.append(vertex)
    sigma = draw(st.sampled_from((RAMP, RELU, HARD_TANH, IDENTITY)))
    return Fragment(inputs=INPUTS, outputs=(before[-1],), edges=edges, constant="one", sigma=sigma)


VALUES = st.fixed_dictionaries({"x1": SMALL, "x2": SMALL})


def gradient_of_loss(run: ForwardRun, label: Fraction) -> Gradient:
    """The backward walk of the squared loss."""
    output = run.fragment.outputs[0]
    return backward(run, {output: run.out[output] - label}, report_kinks=True)


def pieces(run: ForwardRun) -> list[object]:
    """The linear piece of every vertex."""
    return [run.fragment.sigma.piece_of(pre) for pre in run.pre.values()]


def near(run: ForwardRun, changed: Any) -> tuple[ForwardRun, ForwardRun, Fraction]:
    """Two runs a small step apart on both sides, with every vertex on its piece; ``changed(h)`` gives the run for a
    change h."""
    step = Fraction(1)
    while any(pieces(changed(h)) != pieces(run) for h in (step, -step)):
        step /= 4
    return changed(step), changed(-step), step


def slope(run: ForwardRun, changed: Any, label: Fraction) -> Fraction:
    """The central difference of the loss: exact, for the loss is quadratic in one number where no vertex leaves its
    piece."""
    more, less, step = near(run, changed)
    losses: list[Fraction] = [squared_loss(side.out[run.fragment.outputs[0]], label) for side in (more, less)]
    return (losses[0] - losses[1]) / (2 * step)


def test_the_pre_activations_and_outputs_of_a_path_by_hand() -> None:
    edges = {("x", "y"): 2, ("one", "y"): Fraction(-1, 2), ("y", "z"): -3}
    run = forward(Fragment(inputs=("x",), outputs=("z",), edges=edges, constant="one"), {"x": Fraction(1, 2)})
    assert run.pre == {"y": Fraction(1, 2), "z": Fraction(-3, 2)}
    assert run.out == {"one": 1, "x": Fraction(1, 2), "y": Fraction(1, 2), "z": Fraction(-1, 2)}


def test_the_derivatives_of_a_diamond_by_hand() -> None:
    gradient = backward(forward(DIAMOND, {"x": 13}), {"z": 1})
    assert gradient.edges == {("x", "a"): 13 * 5, ("x", "b"): 13 * 7, ("a", "z"): 26, ("b", "z"): 39, ("x", "z"): 13}
    assert gradient.out == {"z": 1, "a": 5, "b": 7, "x": 2 * 5 + 3 * 7 + 11}
    assert gradient.smooth is True


def test_a_seed_inside_adds_to_what_comes_from_the_output() -> None:
    gradient = backward(forward(DIAMOND, {"x": 1}), {"z": 1, "a": 100})
    assert gradient.edges["x", "a"] == 105


def test_what_comes_from_outside_adds_to_a_pre_activation() -> None:
    run = forward(PATH, {"x": Fraction(1, 2)}, outside={"y": Fraction(1, 4)})
    assert run.pre == {"y": Fraction(3, 4), "z": Fraction(3, 4)}


def test_a_piece_can_replace_sigma_at_a_vertex() -> None:
    rising = {"y": RAMP.pieces[3]}
    run = forward(PATH, {"x": Fraction(-1, 2)}, pieces=rising)
    assert run.out == {"x": Fraction(-1, 2), "y": Fraction(-1, 2), "z": 0}
    assert backward(run, {"y": 1}, pieces=rising).edges["x", "y"] == Fraction(-1, 2)
    assert backward(run, {"y": 1}).edges["x", "y"] == 0


@given(net=fragments(), values=VALUES, label=SMALL)
def test_the_backward_walk_is_the_finite_difference_in_every_weight(
    net: Fragment, values: dict[str, Fraction], label: Fraction
) -> None:
    run = forward(net, values)
    assume(None not in pieces(run))
    gradient = gradient_of_loss(run, label)
    for edge, weight in net.edges.items():

        def moved(h: Fraction, edge: Edge = edge, weight: Number = weight) -> ForwardRun:
            return forward(net.with_weight(*edge, weight + h), values)

        found = slope(run, moved, label)
        assert gradient.edges[edge] == found


@given(net=fragments(), values=VALUES, label=SMALL)
def test_the_backward_walk_is_the_finite_difference_in_every_pre_activation_and_input(
    net: Fragment, values: dict[str, Fraction], label: Fraction
) -> None:
    run = forward(net, values)
    assume(None not in pieces(run))
    gradient = gradient_of_loss(run, label)
    for v in run.pre:
        assert gradient.pre[v] == slope(run, lambda h, v=v: forward(net, values, outside={v: h}), label)
    for x in INPUTS:
        assert gradient.out[x] == slope(run, lambda h, x=x: forward(net, values | {x: values[x] + h}), label)


def symbolic(net: Fragment, values: dict[str, Fraction]) -> tuple[Fragment, dict[str, Term], dict[str, Fraction]]:
    """The fragment with a variable for each weight, a variable for each input, and what they are worth."""
    weights = {(u, v): variable(f"{u}->{v}", REAL) for u, v in net.edges}
    at = dict(values) | {f"{u}->{v}": weight for (u, v), weight in net.edges.items()}
    return net.with_weights(weights), {x: variable(x, REAL) for x in INPUTS}, at


@given(net=fragments(most=4), values=VALUES, label=SMALL)
def test_terms_in_inputs_and_weights_are_worth_what_the_walk_in_rationals_gives(
    net: Fragment, values: dict[str, Fraction], label: Fraction, worth: Any
) -> None:
    graph, inputs, at = symbolic(net, values)
    over, run = forward(graph, inputs), forward(net, values)
    assert {v: worth(term, at) for v, term in over.out.items()} == run.out
    terms, numbers = gradient_of_loss(over, label), gradient_of_loss(run, label)
    assert {e: worth(term, at) for e, term in terms.edges.items()} == numbers.edges
    assert {v: worth(hit, at) for v, hit in terms.kinks.items()} == numbers.kinks
    assert worth(terms.smooth, at) is numbers.smooth


@given(net=fragments(most=3), values=VALUES, label=SMALL)
def test_on_the_pieces_the_terms_are_rational_functions_and_agree(
    net: Fragment, values: dict[str, Fraction], label: Fraction, worth: Any
) -> None:
    run = forward(net, values)
    assume(None not in pieces(run))
    forced = {v: piece for v, pre in run.pre.items() if (piece := net.sigma.piece_of(pre)) is not None}
    graph, inputs, at = symbolic(net, values)
    over = forward(graph, inputs, pieces=forced)
    gradient = backward(over, {net.outputs[0]: over.out[net.outputs[0]] - label}, pieces=forced)
    assert {v: worth(term, at) for v, term in over.out.items()} == run.out
    assert {edge: worth(term, at) for edge, term in gradient.edges.items()} == gradient_of_loss(run, label).edges
    assert gradient.smooth is True


def test_flat_asks_all_vertices_and_strictly() -> None:
    run = forward(PATH, {"x": Fraction(-1, 2)})
    assert run.flat("y") is True
    assert run.flat("y", "z") is False
    assert run.on("y", RAMP.pieces[2]) and not run.on("z", RAMP.pieces[2])


def test_a_kink_with_a_derivative_is_an_error_that_names_the_vertex() -> None:
    run = forward(PATH, {"x": 2})
    message = "^need a pre-activation off every kink where the adjoint is not zero, got 2 at vertex 'z'$"
    with pytest.raises(KinkError, match=message) as caught:
        backward(run, {"z": 1})
    assert caught.value.vertex == "z"


def test_a_kink_can_be_reported_instead() -> None:
    gradient = backward(forward(PATH, {"x": 2}), {"z": 1}, report_kinks=True)
    assert gradient.kinks == {"z": True, "y": False}
    assert gradient.first_kink == "z"
    assert gradient.smooth is False


def test_a_kink_that_no_derivative_reaches_is_no_obstacle() -> None:
    run = forward(PATH, {"x": 2})
    assert RAMP.on_kink(run.pre["z"])
    assert backward(run, {"z": 0}).smooth is True


def test_a_kink_behind_a_flat_vertex_is_no_obstacle() -> None:
    net = Fragment(inputs=("x",), outputs=("z",), edges={("x", "y"): 1, ("y", "z"): 2})
    run = forward(net, {"x": 2})
    assert RAMP.on_kink(run.pre["y"]) and run.flat("z")
    assert backward(run, {"z": 1}).edges == {("y", "z"): 0, ("x", "y"): 0}


@given(net=fragments(most=4, weights=WHOLE), x1=WHOLE, x2=WHOLE, label=st.integers(0, 1))
def test_where_kinks_have_adjoint_zero_the_slopes_from_both_sides_are_the_gradient(
    net: Fragment, x1: Fraction, x2: Fraction, label: int
) -> None:
    values = {"x1": x1, "x2": x2}
    run, output = forward(net, values), net.outputs[0]
    gradient = gradient_of_loss(run, Fraction(label))
    assume(None in pieces(run) and gradient.smooth)
    for edge, weight in net.edges.items():
        for step in (TINY, -TINY):
            here, half, whole = (
                squared_loss(forward(net.with_weight(*edge, weight + step * part), values).out[output], label)
                for part in (0, Fraction(1, 2), 1)
            )
            assert (4 * half - whole - 3 * here) / step == gradient.edges[edge]


def test_over_terms_a_kink_is_the_condition_under_which_there_is_no_derivative() -> None:
    x = variable("x", REAL)
    gradient = backward(forward(PATH, {"x": x}), {"z": 1})
    kinks = some(x == -3, x == -2, every(x >= -1, x <= 0), x >= 2)
    assert gradient.first_kink is None and isinstance(gradient.smooth, TruthTerm)
    solver = z3.Solver(ctx=z3.Context())
    solver.add(ToZ3(solver.ctx).formula(negation(negation(gradient.smooth) == kinks)))
    assert solver.check() == z3.unsat


def test_flat_of_no_vertices_is_refused() -> None:
    with pytest.raises(LanguageError, match=r"need at least one vertex, got none, at flat\(\)"):
        forward(PATH, {"x": Fraction(1)}).flat()


@pytest.mark.parametrize("inputs", [{}, {"x": 1, "y": 1}, {"u": 1}])
def test_the_inputs_must_be_those_of_the_fragment(inputs: dict[str, int]) -> None:
    with pytest.raises(ConstructionError, match=r"^need values for the inputs \['x'\], got \["):
        forward(PATH, inputs)


def test_a_float_input_or_seed_is_refused_by_name() -> None:
    with pytest.raises(ConstructionError, match=r"got the float 0\.5, at input 'x'"):
        forward(PATH, {"x": 0.5})
    with pytest.raises(ConstructionError, match=r"got the float 0\.5, at seed of 'z'"):
        backward(forward(PATH, {"x": 1}), {"z": 0.5})
    for pieces in ({}, {"y": RAMP.pieces[3]}):
        with pytest.raises(ConstructionError, match=r"got the float 0\.5, at what 'y' gets from outside"):
            forward(PATH, {"x": 1}, outside={"y": 0.5}, pieces=pieces)
