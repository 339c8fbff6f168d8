"""Weights over one scale: what they are stays, what they share goes, and no number beyond 2^60 gets into an engine."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations.network import Network
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from constructions.training.by_fractions import ENGINES, RATIONALS, EngineSettings, any_engine
from constructions.training.engine import Engine
from constructions.training.scaled_weights import as_weights, largest, rescaled, unit_of

LIMIT = 1 << 60
SMALL = st.integers(-(1 << 20), 1 << 20)
EVERY_ENGINE = pytest.mark.parametrize(("name", "system"), [*((name, None) for name in ENGINES), ("plain", RATIONALS)])
RIGHT, WRONG = (np.array([[0]]), np.array([1])), (np.array([[0]]), np.array([0]))


def engine(name: str, system: str | None, **given: Any) -> Engine:
    """An engine of f = x1 + 1, whose output at x1 = 0 is right if the label is 1."""
    graph = Network(inputs=("x1",), outputs=("f",), edges={("x1", "f"): 1, ("one", "f"): 1}, constant="one")
    net = Trainable(network=flat_network(graph), rho=Fraction(1, 4))
    return any_engine(net, EngineSettings(system=system, **given), engine=name)


@EVERY_ENGINE
@pytest.mark.parametrize("power", [62, 65, 70, 300])
def test_a_rate_over_which_no_move_fits_is_refused_at_the_start_by_every_engine(
    name: str, system: str | None, power: int
) -> None:
    got = f"need rate rho times scale within 2^60, got {1 << power - 2}, at the start"
    with pytest.raises(ConstructionError) as error:
        engine(name, system, rate=Fraction(1 << power))
    assert str(error.value) == got


@EVERY_ENGINE
def test_below_that_a_step_in_which_nothing_moves_is_taken_and_a_move_too_far_is_refused(
    name: str, system: str | None
) -> None:
    trains = engine(name, system, rate=Fraction(LIMIT - 1, 2))
    assert trains.step(*RIGHT).moved == {} and trains.number == 1
    with pytest.raises(
        ConstructionError, match=rf"^need weights times scale within 2\^60, got {4 * LIMIT + 4}, at step 2"
    ):
        trains.step(*WRONG)
    assert trains.number == 1 and trains.weights.tolist() == [8, 8]


@EVERY_ENGINE
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"number": LIMIT}, rf"need a step below 2\^60, got {LIMIT}, at the number of steps taken"),
        ({"number": 1 << 64}, rf"need a step below 2\^60, got {1 << 64}, at the number of steps taken"),
        ({"scale": LIMIT}, rf"need weights times scale within 2\^60, got {LIMIT}, at step 3"),
        ({"scale": 1 << 64}, rf"need weights times scale within 2\^60, got {1 << 64}, at step 3"),
        ({"scale": 2}, "need a scale over which rate rho = 1/4 is whole, got 2, at step 3"),
        ({"weights": np.array([LIMIT, 1])}, rf"need weights times scale within 2\^60, got {LIMIT}, at step 3"),
        ({"weights": np.array([1])}, "need 2 weights, got 1, after step 3"),
    ],
)
def test_no_engine_goes_on_from_numbers_that_are_too_long(
    name: str, system: str | None, changed: dict[str, Any], message: str
) -> None:
    trains = engine(name, system)
    with pytest.raises(ConstructionError, match=f"^{message}$"):
        given: dict[str, Any] = {"number": 3, "weights": np.array([4, 4]), "scale": 4}
        trains.go_on(**(given | changed))
    assert (trains.number, trains.scale, trains.weights.tolist()) == (0, 4, [4, 4])


@pytest.mark.parametrize("weight", [LIMIT, -LIMIT, (1 << 63) - 1, -(1 << 63), 1 << 63, -(1 << 64), 1 << 70])
def test_a_weight_beyond_the_limit_is_named_whatever_holds_it(weight: int) -> None:
    for row in [[weight, 1], np.array([weight, 1], object)]:
        with pytest.raises(ConstructionError, match=rf"^need weights times scale within 2\^60, got {abs(weight)}, at"):
            as_weights(row, where="the start")  # type: ignore[arg-type]
    assert as_weights(np.array([LIMIT - 1, 1 - LIMIT]), where="the start").tolist() == [LIMIT - 1, 1 - LIMIT]


def test_a_weight_that_is_no_integer_is_refused() -> None:
    with pytest.raises(
        ConstructionError, match=r"^need weights times scale that are integers, got 0\.5, at the start$"
    ):
        as_weights(np.array([0.5, 1]), where="the start")
    assert as_weights(np.array([3], np.int32), where="the start").dtype == np.int64


def test_what_is_given_is_not_the_array_that_moves() -> None:
    row = np.array([1, 2])
    as_weights(row, where="the start")[0] = 7
    assert row.tolist() == [1, 2]


def test_the_largest_of_no_weights_is_0() -> None:
    assert largest(np.array([], np.int64)) == 0 and largest(np.array([-5, 3])) == 5


@given(
    weights=st.lists(SMALL, max_size=5),
    old=st.integers(1, 60),
    factor=st.integers(1, 60),
    multiple=st.integers(1, 200),
    new=st.none() | SMALL,
)
def test_another_scale_changes_no_weight_and_no_move(
    weights: list[int], old: int, factor: int, multiple: int, new: int | None
) -> None:
    scale = old * factor
    changed = {} if new is None or not weights else {0: Fraction(new, scale)}
    move, row = Fraction(multiple, scale), np.array(weights, np.int64)
    found = rescaled(row, old, scale, move=move, changed=changed, where="the start")
    wanted = [changed.get(edge, Fraction(weight, old)) for edge, weight in enumerate(weights)]
    assert [Fraction(weight, found.scale) for weight in found.weights.tolist()] == wanted
    assert Fraction(found.unit, found.scale) == move and row.tolist() == weights
    assert np.gcd.reduce(np.array([found.scale, found.unit, *found.weights.tolist()])) == 1


def test_what_all_have_in_common_does_not_count_against_the_limit() -> None:
    found = rescaled(np.array([64]), 64, 64, move=Fraction(LIMIT, 64), changed={}, where="the start")
    assert (found.weights.tolist(), found.scale, found.unit) == ([1], 1, LIMIT // 64)
    with pytest.raises(ConstructionError, match=r"^need rate rho times scale within 2\^60, got"):
        rescaled(np.array([65]), 64, 64, move=Fraction(LIMIT, 64), changed={}, where="the start")


def test_a_unit_is_whole_and_within_the_limit() -> None:
    assert unit_of(Fraction(LIMIT - 1), 1, where="the start") == LIMIT - 1
