"""Points of the plane of b and rho: what is run, proved only or open, and when the adversary's game is a run."""

from dataclasses import replace
from fractions import Fraction as F

import pytest

from constructions.errors import ConstructionError
from constructions.foundations.rounding import Grid
from constructions.learning.gradient_learners import linear_regression
from constructions.theorems import both_sides, phase
from constructions.theorems.held import HeldDescent
from constructions.theorems.phase import LEARNERS, SweepPoint, SweepSetting, found_at
from verify.arguments.names import SWEPT

SETTING = SweepSetting(n=3, runs=2)


def row(learner: str, b: int, rho: F, setting: SweepSetting = SETTING) -> phase.SweepRow:
    return found_at(setting, SweepPoint(learner=learner, b=b, rho=rho))


@pytest.mark.parametrize(
    ("b", "rho", "state", "way"),
    [
        (2, F(65, 100), "run", "Result B0"),
        (2, F(2, 3), "open", "nothing here reads batches for b rho >= 4/3"),
        (64, F(1, 512), "run", "Result B0"),
        (1024, F(1, 1024), "proved only", "Result B0"),
    ],
)
def test_a_parity_is_read_below_four_thirds(b: int, rho: F, state: str, way: str) -> None:
    found = row("parity", b, rho)
    assert (found.state, found.way) == (state, way)
    assert (found.error == 0) == (state == "run") and (found.steps is None) == (state == "open")


def test_a_batch_too_large_for_one_step_is_read_by_extraction() -> None:
    setting = replace(SETTING, most=20_000, runs=1)
    assert row("parity", 8, F(1, 16), replace(setting, most=1)).state == "proved only"
    found = row("parity", 64, F(1, 4096), replace(setting, most=180_000, n=2))
    assert (found.state, found.way) == ("run", "Result B0")
    assert row("parity", 128, F(1, 4096), replace(setting, n=2)).way == "Result B0"


def test_a_literal_is_learned_by_queries_where_rho_is_below_a_sixth_of_tau() -> None:
    assert row("literal", 4096, F(1, 64), replace(SETTING, runs=1)).error == 0
    edge = row("literal", 4096, phase.TOLERANCE / 6)
    assert edge.state == "open" and "need rho < tau/3" in edge.way


def test_the_game_is_a_run_for_large_batches_only() -> None:
    large, small = row("regression", 4096, F(1, 4)), row("regression", 1, F(1, 4))
    assert (large.held, large.error, small.held, small.error) == (2, F(1, 8), 0, None)


def test_an_estimate_that_is_moved_by_one_multiple_is_no_run() -> None:
    held, b = HeldDescent.of(linear_regression(3, b=1, rho=F(1, 4))), 100_000
    assert held.is_run(b, seed=1)

    class Moved(HeldDescent):
        @property
        def estimates(self) -> tuple[tuple[F, ...], ...]:
            first, *rest = held.estimates
            return ((first[0] + Grid(rho=F(1, 4)).rho, *first[1:]), *rest)

    assert not Moved(held.method, held.game).is_run(b, seed=1)


def test_the_same_seed_gives_the_same_row_and_another_one_other_draws() -> None:
    first = row("parity", 1, F(1, 4), replace(SETTING, n=4, seed=3))
    assert first == row("parity", 1, F(1, 4), replace(SETTING, n=4, seed=3))
    drawn = {row("regression", 30, F(1, 4), replace(SETTING, runs=1, seed=seed)).held for seed in range(8)}
    assert drawn == {0, 1}


def test_what_is_hidden_is_lost_from_four_on() -> None:
    assert row("hidden", 8, F(49, 100)).state == "open"
    found = row("hidden", 8, F(1, 2))
    assert found.error is not None and (found.state, found.held) == ("run", 2)
    assert found.error >= both_sides.least_hidden_loss(8, F(1, 2)) and not phase.outside(found, SETTING)
    assert phase.outside(replace(found, error=both_sides.least_hidden_loss(8, F(1, 2)) / 2), SETTING)
    assert phase.outside(replace(found, held=1), SETTING)
    assert row("hidden", 4096, F(1, 2)).state == "proved only"


def test_a_batch_is_read_below_four_and_not_from_there_on() -> None:
    pytest.importorskip("scipy")
    setting = replace(SETTING, runs=1)
    assert row("consistent", 8, F(1, 8)).way == "Result B0 reads all"
    below, above = row("consistent", 8, F(49, 100), setting), row("consistent", 8, F(1, 2), setting)
    assert below.state == "run" and below.misread == 0 and below.error == 0
    assert above.state == "run" and (above.misread or 0) >= 1 and above.claims == ("strip.hidden.training",)
    assert not phase.outside(replace(above, low=0.1), setting)
    too_large = row("consistent", 64, F(1, 2))
    assert too_large.state == "open" and "n <= 6 and b <= 32" in too_large.way


def test_names_are_those_of_the_command() -> None:
    assert tuple(LEARNERS) == SWEPT


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: SweepSetting(n=1), "bits"),
        (lambda: SweepSetting(n=11), "at most 10 bits"),
        (lambda: SweepSetting(n=3, delta=F(1)), "0 < delta < 1"),
        (lambda: SweepPoint(learner="parity", b=0, rho=F(1, 2)), "batch"),
        (lambda: SweepPoint(learner="parity", b=1, rho=F(0)), "0 < rho <= 1"),
        (lambda: SweepPoint(learner="majority", b=1, rho=F(1)), "learner"),
    ],
)
def test_what_is_out_of_range_is_refused(wrong: object, said: str) -> None:
    with pytest.raises(ConstructionError, match=said):
        wrong()  # type: ignore[operator]
