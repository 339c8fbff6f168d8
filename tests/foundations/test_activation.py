"""Activations: values by hand, kinks, pieces, ReLU form, and agreement over rationals, terms, sympy and z3."""

import operator
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, IDENTITY, RAMP, RELU, Activation
from constructions.foundations.terms import REAL, variable
from tests.rationals import rationals

pytestmark = pytest.mark.bounds

KNOWN = (RAMP, RELU, HARD_TANH, IDENTITY)
SMALL = rationals(-6, 6, 12)


@st.composite
def activations(draw: st.DrawFn) -> Activation:
    """Any continuous piecewise-linear function with up to four kinks."""
    kinks = sorted(draw(st.sets(SMALL, max_size=4)))
    slopes = [draw(SMALL)]
    for _ in kinks:
        slopes.append(draw(SMALL.filter(partial(operator.ne, slopes[-1]))))
    return Activation(kinks=tuple(kinks), slopes=tuple(slopes), value=draw(SMALL))


def of(**changed: Any) -> Activation:
    """An activation with one kink; something may be changed."""
    given: dict[str, Any] = {"kinks": (0,), "slopes": (0, 1), "value": 0, "name": "mine"}
    return Activation(**given | changed)


@pytest.mark.parametrize(
    ("x", "value"),
    [
        ("-7", "-2"),
        ("-3", "-2"),
        ("-5/2", "-3/2"),
        ("-1", "0"),
        ("-1/2", "0"),
        ("0", "0"),
        ("1/3", "1/3"),
        ("2", "2"),
        ("9", "2"),
    ],
)
def test_the_two_stage_ramp_is_that_of_figure_1(x: str, value: str) -> None:
    assert RAMP(Fraction(x)) == Fraction(value)


@pytest.mark.parametrize(("x", "slope"), [("-7", 0), ("-2", 1), ("-1/2", 0), ("1", 1), ("3", 0)])
def test_the_slopes_of_the_ramp_by_hand(x: str, slope: int) -> None:
    assert RAMP.slope(Fraction(x)) == slope


def test_the_other_activations_by_hand() -> None:
    assert [RELU(Fraction(x)) for x in (-1, 0, 2)] == [0, 0, 2]
    assert [HARD_TANH(Fraction(x, 2)) for x in (-4, -1, 0, 1, 4)] == [-1, Fraction(-1, 2), 0, Fraction(1, 2), 1]
    assert IDENTITY(Fraction(-7, 3)) == Fraction(-7, 3)


def test_on_a_kink_the_slope_is_the_right_hand_one() -> None:
    assert [RAMP.slope(kink) for kink in RAMP.kinks] == list(RAMP.slopes[1:])


@given(sigma=activations(), x=SMALL)
def test_the_relu_form_is_the_function(sigma: Activation, x: Fraction) -> None:
    constant, linear, jumps = sigma.relu_form
    assert sigma(x) == constant + linear * x + sum(jump * max(x - kink, Fraction(0)) for jump, kink in jumps)


@given(sigma=activations())
def test_neighbouring_pieces_meet_on_their_kink(sigma: Activation) -> None:
    for (left, right), kink in zip(pairwise(sigma.pieces), sigma.kinks, strict=True):
        assert left.high == right.low == kink
        assert left.slope * kink + left.intercept == right.slope * kink + right.intercept


@given(sigma=activations())
def test_the_value_is_the_one_at_the_first_kink_or_at_zero(sigma: Activation) -> None:
    assert sigma(sigma.kinks[0] if sigma.kinks else Fraction(0)) == sigma.value


@given(sigma=activations(), x=SMALL)
def test_a_number_is_on_a_kink_or_strictly_on_one_piece_that_gives_value_and_slope(
    sigma: Activation, x: Fraction
) -> None:
    inside = [piece for piece in sigma.pieces if piece.inside(x)]
    assert len(inside) == (0 if sigma.on_kink(x) else 1)
    assert sigma.piece_of(x) == (inside[0] if inside else None)
    for piece in inside:
        assert (sigma(x), sigma.slope(x)) == (piece.slope * x + piece.intercept, piece.slope)


@given(sigma=activations(), x=SMALL)
def test_strictly_flat_is_slope_zero_off_the_kinks(sigma: Activation, x: Fraction) -> None:
    assert sigma.strictly_flat(x) is (not sigma.on_kink(x) and sigma.slope(x) == 0)


@pytest.mark.parametrize("kink", RAMP.kinks)
def test_no_kink_of_the_ramp_is_strictly_flat(kink: Fraction) -> None:
    assert RAMP.on_kink(kink) and not RAMP.strictly_flat(kink)


@given(sigma=activations(), x=SMALL)
def test_a_term_is_worth_what_the_function_gives_in_rationals_and_by_z3(
    sigma: Activation, x: Fraction, worth: Any
) -> None:
    t = variable("t", REAL)
    functions: list[Callable[[Any], Any]] = [sigma, sigma.slope, sigma.on_kink, sigma.strictly_flat]
    for function in (*functions, *(piece.inside for piece in sigma.pieces)):
        assert worth(function(t), {"t": x}) == function(x)


@given(sigma=activations())
def test_an_activation_is_rebuilt_from_its_repr(sigma: Activation) -> None:
    assert eval(repr(sigma)) == sigma


def test_whole_numbers_and_text_become_fractions() -> None:
    assert of(kinks=("1/2",), slopes=(0, 2)).pieces[1].intercept == -1
    assert all(type(number) is Fraction for number in (*of().kinks, *of().slopes, of().value))


def test_an_activation_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        RAMP.value = Fraction(0)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"slopes": (0, 1, 2)}, r"need one more slope than kinks, got 3 and 1, at mine"),
        ({"kinks": (1, 0), "slopes": (0, 1, 2)}, r"need strictly increasing kinks, got \['1', '0'\], at mine"),
        ({"kinks": (1, 1), "slopes": (0, 1, 2)}, r"need strictly increasing kinks, got \['1', '1'\], at mine"),
        ({"slopes": (1, 1)}, r"need neighbouring slopes to differ, got \['1', '1'\], at mine"),
        ({"kinks": (0.5,)}, r"need an exact number .*, got the float 0.5, at kink of mine"),
        ({"slopes": (0.5, 1)}, r"need an exact number .*, got the float 0.5, at slope of mine"),
        ({"value": variable("t", REAL)}, r"need a rational number, got t, at value of mine"),
    ],
)
def test_nonsense_is_refused_by_name(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        of(**changed)


def test_a_piece_prints_as_its_interval() -> None:
    assert [str(piece) for piece in HARD_TANH.pieces] == ["(-oo, -1)", "(-1, 1)", "(1, oo)"]
