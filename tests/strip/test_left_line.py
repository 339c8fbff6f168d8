"""The numbers of the left line against exact errors, and the claims against other constants."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import PremiseError
from constructions.foundations.descent import Descent
from constructions.learning.descent_methods import BSGD, DescentMethod, descent_error
from constructions.learning.error import error
from constructions.strip.left_line import (
    best_loss,
    closed_bound,
    enough_samples,
    excess_of_the_mean,
    hidden_points,
    knows_rare_point,
    least_excess,
    least_rare_error,
    loss_of_the_seen,
    mean_label,
    most_bias,
    noisy_label,
    points_hidden,
    rare_point,
    seen_too_often,
    tail_bound,
)

F = Fraction
QUARTER = F(1, 4)


@dataclass(frozen=True)
class Guess:
    """A model with one parameter, which is what it predicts."""

    value: Fraction

    @property
    def edges(self) -> dict[str, Fraction]:
        return {"guess": self.value}

    def with_weights(self, weights: Mapping[str, Fraction]) -> "Guess":
        return Guess(weights.get("guess", self.value))


def guessing(b: int, rho: Fraction, steps: int, rate: Fraction = QUARTER) -> DescentMethod:
    derivative: Any = lambda model, sample: {"guess": model.value - sample[1]}  # noqa: E731
    return DescentMethod(
        n=1,
        budget=BSGD(steps=steps, rho=rho, b=b, p=1),
        start=lambda bits: Guess(F(1, 2)),
        descent=Descent(rho=rho, rate=rate, derivative=derivative),
        predictor=lambda model: lambda x: model.value,
    )


@pytest.mark.parametrize("m", [1, 2, 3, 5])
def test_the_mean_of_labels_loses_what_is_said(m: int) -> None:
    bias = F(1, 10)
    for source in noisy_label(1, bias):
        assert error(mean_label(1, m), source) == best_loss(bias) + excess_of_the_mean(bias, F(1, m))


@pytest.mark.parametrize(("b", "rho", "steps"), [(4, F(1), 1), (4, F(1), 2), (8, F(1, 2), 2), (8, F(1), 1)])
def test_every_descent_loses_on_a_noisy_label(b: int, rho: Fraction, steps: int) -> None:
    bias = most_bias(b, rho)
    errors = [descent_error(guessing(b, rho, steps), source) for source in noisy_label(1, bias)]
    assert max(errors) >= best_loss(bias) + least_excess(bias)


def test_with_a_finer_precision_it_learns() -> None:
    bias, b = F(1, 4), 4  # b rho = 1/16
    errors = [descent_error(guessing(b, F(1, 64), 1, F(1)), source) for source in noisy_label(1, bias)]
    assert max(errors) < best_loss(bias) + least_excess(bias)


def test_who_sees_a_rare_point_knows_it() -> None:
    mass = F(1, 4)
    for m in (0, 1, 2, 3):
        assert {error(knows_rare_point(1, m), source) for source in rare_point(1, mass)} == {loss_of_the_seen(mass, m)}


@pytest.mark.parametrize("steps", [1, 2])
def test_every_descent_loses_on_a_rare_point(steps: int) -> None:
    b, rho, mass = 4, F(1), F(1, 8)
    least = least_rare_error(b, rho, mass, steps)
    assert max(descent_error(guessing(b, rho, steps), source) for source in rare_point(1, mass)) >= least > 0


def test_bounds_on_tails_are_in_order() -> None:
    for b, rho in ((4, F(1)), (16, F(1, 4)), (40, F(1, 2)), (7, F(1))):
        for mass in (F(1, 2), F(1, 16), F(1, 1000)):
            k = hidden_points(b, rho)
            assert seen_too_often(b, k, mass) <= tail_bound(b, k, mass) <= closed_bound(rho, k, mass)


def test_so_many_samples_are_enough_and_one_less_is_not() -> None:
    bias, delta = F(1, 34), F(1, 10**4)
    m = enough_samples(bias, delta)
    lost = [excess_of_the_mean(bias, F(1, count)) + delta for count in (m, m - 1)]
    assert lost[0] < least_excess(bias) <= lost[1]
    with pytest.raises(PremiseError, match="need 0 <= delta < beta\\^2/2 = 1/2312"):
        enough_samples(bias, F(1, 2312))


def test_below_4_nothing_is_hidden() -> None:
    assert (points_hidden(4, F(1)), points_hidden(64, F(1, 4))) == (1, 4)
    with pytest.raises(PremiseError, match=r"need b rho >= 4, .* got b rho = 8 \* 1/4 = 2"):
        points_hidden(8, F(1, 4))
    with pytest.raises(PremiseError, match="need rho <= 1, got rho = 2"):
        points_hidden(8, F(2))
