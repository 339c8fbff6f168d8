"""Clipping, valid roundings and the adversaries that choose among them."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ClippingError, ConstructionError, PremiseError
from constructions.foundations.rounding import (
    Adversary,
    Choice,
    Grid,
    choose,
    clip,
    clip_or_fail,
    down,
    is_valid,
    nearest,
    randomly,
    up,
)
from constructions.foundations.terms import REAL, variable
from tests.rationals import any_rationals, rationals

RHO = rationals(Fraction(1, 40), 2, 40)
VALUE = rationals(-2, 2, 160)
ADVERSARIES = [nearest, down, up, randomly(1)]
QUARTER = Grid(rho=Fraction(1, 4))


def choice(value: Fraction, grid: Grid = QUARTER) -> Choice:
    """What an adversary sees of a value at edge a -> b in step 3."""
    return Choice(("a", "b"), 3, value, grid.valid(value))


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("0", ["0"]),
        ("1/17", ["0"]),
        ("1/16", ["0", "1/4"]),
        ("1/8", ["0", "1/4"]),
        ("3/16", ["0", "1/4"]),
        ("1/5", ["1/4"]),
        ("1/4", ["1/4"]),
        ("-1/16", ["-1/4", "0"]),
        ("-1/17", ["0"]),
        ("1", ["1"]),
        ("-1", ["-1"]),
    ],
)
def test_the_valid_roundings_to_quarters_by_hand(value: str, valid: list[str]) -> None:
    assert [str(u) for u in QUARTER.valid(Fraction(value))] == valid


@given(rho=RHO, value=VALUE)
def test_the_grid_finds_all_valid_multiples_and_no_others(rho: Fraction, value: Fraction) -> None:
    around = range(int(value / rho) - 3, int(value / rho) + 4)
    assert Grid(rho=rho).valid(value) == tuple(rho * q for q in around if abs(rho * q - value) <= 3 * rho / 4)


@given(rho=RHO, value=VALUE)
def test_a_value_has_one_or_two_valid_roundings(rho: Fraction, value: Fraction) -> None:
    assert len(Grid(rho=rho).valid(value)) in (1, 2)


@given(rho=RHO)
def test_zero_rounds_only_to_zero(rho: Fraction) -> None:
    assert Grid(rho=rho).valid(Fraction(0)) == (Fraction(0),)


@given(rho=RHO, value=VALUE)
def test_negating_a_value_negates_its_roundings(rho: Fraction, value: Fraction) -> None:
    assert Grid(rho=rho).valid(-value) == tuple(-u for u in reversed(Grid(rho=rho).valid(value)))


@pytest.mark.parametrize("adversary", ADVERSARIES, ids=["nearest", "down", "up", "random"])
@given(rho=RHO, value=VALUE)
def test_an_adversary_picks_a_valid_multiple(adversary: Adversary, rho: Fraction, value: Fraction) -> None:
    picked = choose(adversary, choice(value, Grid(rho=rho)))
    assert (picked / rho).denominator == 1
    assert abs(picked - value) <= 3 * rho / 4


@pytest.mark.parametrize(
    ("adversary", "value", "picked"),
    [
        (nearest, "1/10", "0"),
        (nearest, "3/20", "1/4"),
        (nearest, "1/8", "0"),
        (nearest, "-1/8", "0"),
        (down, "1/8", "0"),
        (down, "-1/8", "-1/4"),
        (up, "1/8", "1/4"),
        (up, "-1/8", "0"),
    ],
)
def test_what_the_adversaries_pick_by_hand(adversary: Adversary, value: str, picked: str) -> None:
    assert adversary(choice(Fraction(value))) == Fraction(picked)


def test_a_random_adversary_repeats_itself_from_its_seed_and_uses_every_rounding() -> None:
    first, second = randomly(7), randomly(7)
    picks = [first(choice(Fraction(1, 8))) for _ in range(30)]
    assert picks == [second(choice(Fraction(1, 8))) for _ in range(30)]
    assert set(picks) == {0, Fraction(1, 4)}


@pytest.mark.parametrize("answer", [Fraction(1, 2), Fraction(1, 8), None])
def test_an_invalid_answer_is_refused_with_edge_and_step(answer: Any) -> None:
    message = r"^need one of the valid roundings 0, 1/4 of 1/8, got .*, at edge \('a', 'b'\), step 3$"
    with pytest.raises(ConstructionError, match=message):
        choose(lambda seen: answer, choice(Fraction(1, 8)))


@pytest.mark.parametrize("rho", [Fraction(5, 9), Fraction(5, 69)])
def test_one_may_have_no_rounding_within_one(rho: Fraction) -> None:
    assert Grid(rho=rho, bounded=True).valid(Fraction(1)) == ()
    assert Grid(rho=rho).valid(Fraction(1)) != ()


@given(n=st.integers(1, 40), value=rationals(-1, 1, 160))
def test_a_whole_inverse_of_rho_leaves_a_rounding_within_one(n: int, value: Fraction) -> None:
    assert Grid(rho=Fraction(1, n), bounded=True).valid(value) != ()


@given(rho=RHO, value=VALUE)
def test_the_bounded_roundings_are_those_within_one(rho: Fraction, value: Fraction) -> None:
    assert Grid(rho=rho, bounded=True).valid(value) == tuple(u for u in Grid(rho=rho).valid(value) if -1 <= u <= 1)


def test_no_valid_rounding_is_a_premise_that_fails() -> None:
    nothing = choice(Fraction(1), Grid(rho=Fraction(5, 9), bounded=True))
    with pytest.raises(
        PremiseError, match=r"^need a valid rounding, got none for 1 at edge \('a', 'b'\), step 3 \(E01\)$"
    ):
        choose(nearest, nothing)


@pytest.mark.parametrize(
    ("rho", "message"),
    [
        (0, "need rho > 0, got rho=0"),
        ("-1/4", "need rho > 0, got rho=-1/4"),
        (0.25, "need an exact number .*, got the float 0.25, at rho"),
    ],
)
def test_the_precision_is_a_positive_rational(rho: Any, message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        Grid(rho=rho)


@given(value=VALUE)
def test_clipping_is_the_nearest_number_in_the_interval(value: Fraction) -> None:
    assert clip(value) == max(Fraction(-1), min(Fraction(1), value))


@given(value=VALUE)
def test_the_other_convention_agrees_with_clipping_or_fails(value: Fraction) -> None:
    if abs(value) <= 1:
        assert clip_or_fail(value) == clip(value)
    else:
        with pytest.raises(ClippingError, match=rf"^need gradient entries within \[-1, 1\], got {value}$"):
            clip_or_fail(value)


@given(value=VALUE, rho=RHO, multiple=st.integers(-3, 3))
def test_clipping_and_validity_of_terms_mean_the_same(
    value: Fraction, rho: Fraction, multiple: int, worth: Any
) -> None:
    v, r = variable("v", REAL), variable("r", REAL)
    assert worth(clip(v), {"v": value}) == clip(value)
    assert worth(is_valid(multiple, v, r), {"v": value, "r": rho}) is is_valid(multiple, value, rho)


@pytest.mark.parametrize("edge", [Fraction(-1), Fraction(1), Fraction(3, 16), Fraction(-3, 16)])
def test_at_their_edges_too(edge: Fraction, worth: Any) -> None:
    v = variable("v", REAL)
    assert worth(clip(v), {"v": edge}) == clip(edge)
    for multiple in (-1, 0, 1):
        assert worth(is_valid(multiple, v, Fraction(1, 4)), {"v": edge}) is is_valid(multiple, edge, Fraction(1, 4))


@given(value=any_rationals(64), parts=st.integers(1, 9))
def test_what_is_valid_are_those_neighbours_that_are(value: Fraction, parts: int) -> None:
    grid = Grid(rho=Fraction(1, parts))
    around = [Fraction(k, parts) for k in range(int(value * parts) - 3, int(value * parts) + 4)]
    assert list(grid.valid(value)) == [u for u in around if abs(u - value) <= Fraction(3, 4 * parts)]
    assert [u for u, valid in grid.neighbours(value) if valid] == list(grid.valid(value))
