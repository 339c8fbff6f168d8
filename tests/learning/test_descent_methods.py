"""Gradient descent as a method: what it returns, its exact error, and what it refuses."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from constructions.errors import ConstructionError, KinkError
from constructions.foundations.activation import RAMP, Activation
from constructions.foundations.descent import Descent
from constructions.foundations.network import Network
from constructions.foundations.rounding import Grid, down, up
from constructions.learning.descent_methods import (
    BSGD,
    FBGD,
    DescentMethod,
    at_the_weights,
    descended,
    descent_error,
    estimates,
    in_a_row,
    network_method,
)
from constructions.learning.error import batches
from constructions.learning.problems import Source, uniform

F = Fraction
ZERO = F(0)
LINE = Activation(kinks=(), slopes=(F(1),), value=F(0))


def net(*, sigma: Activation = LINE, constant: Fraction = ZERO) -> Network:
    """w1 x1 + w0."""
    edges = {("x1", "f"): F(1, 8), ("one", "f"): constant}
    return Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=sigma)


def test_a_run_is_that_of_descent_with_its_adversary() -> None:
    method = network_method(net(), steps=2, rho=F(1, 4), b=1)
    chosen = [[((1,), 1)], [((0,), 1)]]
    for adversary in (up, down):
        descent = Descent(rho=F(1, 4), adversary=adversary)
        last = list(descent.bsgd(net(), chosen))[-1]
        found = descended(method, chosen, (), descent)
        assert [found(x) for x in ((0,), (1,))] == [method.predictor(last)(x) for x in ((0,), (1,))]
    assert descended(method, [], ())((1,)) == F(1, 8)


def brute(method: DescentMethod, source: Source, model: Any, steps: int) -> Fraction:
    """The nested error from its definition, with every rounding tried by hand."""
    if not steps:
        return source.loss(method.predictor(model))
    total = F(0)
    for batch, mass in batches(source, method.batch):
        gradient = method.descent.batch_gradient(model, batch)
        rho, worst = method.descent.rho, F(-1)
        around = [[rho * (v // rho + i) for i in (-1, 0, 1, 2)] for v in gradient.values()]
        for picked in product(*around):
            pairs = zip(picked, gradient.values(), strict=True)
            if all(abs(u - v) <= 3 * rho / 4 and abs(u) <= 1 for u, v in pairs):
                after = method.descent.moved(model, dict(zip(gradient, picked, strict=True)))
                worst = max(worst, brute(method, source, after, steps - 1))
        total += mass * worst
    return total


@pytest.mark.parametrize("rho", [F(1, 4), F(1, 3)])
def test_the_error_is_the_mean_of_the_worst_roundings(rho: Fraction) -> None:
    source = uniform(1, lambda x: x[0], noise=F(1, 5))
    method = network_method(net(), steps=2, rho=rho, b=1, rate=F(1, 2))
    assert descent_error(method, source) == brute(method, source, net(), 2)


def test_the_error_of_a_fixed_batch_chooses_once() -> None:
    source = uniform(1, lambda x: 1)
    fresh, same = (network_method(net(), steps=2, rho=F(1, 4), b=1, rate=F(1, 2), same=same) for same in (False, True))
    assert (type(fresh.budget), type(same.budget)) == (BSGD, FBGD)
    assert descent_error(fresh, source) != descent_error(same, source)


def test_random_bits_choose_the_start() -> None:
    source, given = uniform(1, lambda x: 1), network_method(net(), steps=0, rho=F(1, 4), b=1)
    budget = replace(given.budget, r=1)
    random = replace(given, budget=budget, start=lambda bits: net(constant=F(bits[0])))
    starts: list[Any] = [lambda bits: net(constant=F(0)), lambda bits: net(constant=F(1))]
    both = [descent_error(replace(given, start=start), source) for start in starts]
    assert descent_error(random, source) == sum(both, F(0)) / 2


def test_estimates_stay_in_range_where_one_has_a_rounding_there() -> None:
    points = [((1,), 0)]
    for rho, most in ((F(3, 5), F(3, 5)), (F(5, 9), F(10, 9))):  # frac(1/rho) = 2/3 and 4/5
        method = network_method(net(constant=F(2)), steps=1, rho=rho, b=1)
        assert max(u for found in estimates(method, method.start(()), points) for u in found.values()) == most
        assert bool(Grid(rho=rho).reaches_one) is (most <= 1)


def test_a_kink_has_no_exact_error_but_a_program_finds_zeros() -> None:
    method = network_method(net(sigma=RAMP), steps=1, rho=F(1, 4), b=1)
    with pytest.raises(KinkError):
        descent_error(method, uniform(1, lambda x: 1))
    assert set(method.found_gradient(method.start(()), (0,), 1).values()) == {F(0)}


def test_vectors_go_to_rows_and_back_in_the_order_of_the_weights() -> None:
    model = net()
    row = in_a_row(model, {("one", "f"): 3, ("x1", "f"): 5})
    assert at_the_weights(model, row) == {("one", "f"): 3, ("x1", "f"): 5}
    assert list(at_the_weights(model, row)) == list(model.edges)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"slack": F(-1, 8)}, "need a slack >= 0"),
        ({"budget": BSGD(steps=1, rho=F(1, 8), b=1, p=2)}, "need the precision 1/4"),
        ({"budget": BSGD(steps=-1, rho=F(1, 4), b=1, p=2)}, "steps"),
        ({"budget": FBGD(steps=1, rho=F(1, 4), m=0, p=2)}, "m of a method"),
    ],
)
def test_a_bad_method_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ConstructionError, match=message):
        replace(network_method(net(), steps=1, rho=F(1, 4), b=1), **changed)
