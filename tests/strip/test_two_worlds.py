"""Two worlds trained to the same weights: a linear model, a network with kinks, given batches; and refusals."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.descent import Descent
from constructions.foundations.network import Network
from constructions.learning.descent_methods import network_method
from constructions.learning.gradient_learners import linear_regression
from constructions.strip import two_worlds
from constructions.strip.left_line import best_loss, least_excess, most_bias
from constructions.strip.two_worlds import (
    noisy_worlds,
    points_apart,
    rare_worlds,
    shared_rounding,
    step_of_both,
    steps_of_both,
    trained_together,
)

F = Fraction
EDGES = {("x1", "v"): F(1), ("x2", "v"): F(-1, 2), ("one", "v"): F(1, 3), ("v", "f"): F(1), ("one", "f"): F(1, 4)}


@pytest.mark.parametrize(("b", "rho"), [(4, F(1)), (16, F(1, 4)), (9, F(1, 2)), (40, F(1, 5))])
def test_both_worlds_end_alike_and_one_loses(b: int, rho: Fraction) -> None:
    worlds = noisy_worlds(2, b=b, rho=rho)
    method = linear_regression(2, b=b, rho=rho)
    run = trained_together(method, worlds, seed=3)
    assert run.same and len(run.steps) == 24 and max(step.apart for step in run.steps) > 0
    assert max(step.told for step in run.steps) > 0  # exact gradients tell the worlds apart
    bias, predictor = most_bias(b, rho), method.predictor(run.model)
    assert max(source.loss(predictor) for source in worlds.sources) >= best_loss(bias) + least_excess(bias)


def test_a_network_cannot_tell_either() -> None:
    net = Network(inputs=("x1", "x2"), outputs=("f",), edges=EDGES, constant="one")
    method = network_method(net, steps=6, rho=F(1, 4), b=16, rate=F(1, 2))
    run = trained_together(method, noisy_worlds(2, b=16, rho=F(1, 4)), seed=1)
    assert run.same and any(step.moved for step in run.steps) and any(step.told for step in run.steps)


def test_a_kink_in_one_world_is_no_way_out() -> None:
    edges = {("x1", "v"): F(1), ("one", "v"): F(0), ("v", "f"): F(1), ("one", "f"): F(1, 4)}  # v = 0 is a kink
    net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one")
    low = [((1,), 0)] * 4
    for other in (((0,), 0), ((0,), 1)):
        for pair in ((low, [*low[1:], other]), ([*low[1:], other], low), ([other] * 4, [other] * 4)):
            step = step_of_both(Descent(rho=F(1)), net, (tuple(pair[0]), tuple(pair[1])), number=1)
            assert step.same


def test_rare_points_are_hidden_while_they_are_rare() -> None:
    method = linear_regression(2, b=16, rho=F(1, 2))
    worlds = rare_worlds(2, b=16, rho=F(1, 2), mass=F(1, 100))
    assert trained_together(method, worlds, seed=0).same
    often = rare_worlds(2, b=16, rho=F(1, 2), mass=F(1, 2))
    with pytest.raises(PremiseError, match=r"need batches that differ in at most .* = 2 points, got"):
        trained_together(method, often, seed=0)


def test_other_picks_would_be_noticed(monkeypatch: Any) -> None:
    def alone(value: Fraction, other: Fraction, rho: Fraction) -> Fraction:
        return rho * round(value / rho)

    worlds, method = noisy_worlds(2, b=4, rho=F(1)), linear_regression(2, b=4, rho=F(1))
    steep: Any = lambda model, sample: {place: 8 * v for place, v in model.gradient(*sample).items()}  # noqa: E731
    method = replace(method, descent=replace(method.descent, derivative=steep))
    assert trained_together(method, worlds, seed=0).same
    monkeypatch.setattr(two_worlds, "shared_rounding", alone)
    with pytest.raises(ConstructionError, match=r"valid roundings|the same weights"):
        for seed in range(20):
            trained_together(method, worlds, seed=seed)


def test_the_rounding_is_shared_on_all_of_the_grid() -> None:
    for rho in (F(1, 4), F(3, 5), F(5, 9), F(2, 7)):
        for i in range(-24, 25):
            v, w = F(i, 24), min(F(1), F(i, 24) + rho / 2)
            u = shared_rounding(v, w, rho)
            assert abs(u - v) <= 3 * rho / 4 >= abs(u - w) and (u / rho).denominator == 1


def test_batches_that_will_not_do_are_refused() -> None:
    method = linear_regression(1, b=4, rho=F(1))
    ones, zeros = (((0,), 1),) * 4, (((0,), 0),) * 4
    assert points_apart(ones, zeros) == 4
    with pytest.raises(PremiseError, match="need batches of 4 points, got \\[4, 3\\], at step 1"):
        list(steps_of_both(method, method.start(()), [(ones, zeros[1:])]))
    with pytest.raises(PremiseError, match="need fresh batches"):
        trained_together(linear_regression(1, b=4, rho=F(1), same=True), noisy_worlds(1, b=4, rho=F(1)), seed=0)
    with pytest.raises(PremiseError, match="need b rho >= 4"):
        noisy_worlds(1, b=4, rho=F(1, 2))
