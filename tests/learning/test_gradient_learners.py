"""Linear regression: its gradient is the network's, and it learns a literal."""

from fractions import Fraction
from itertools import product
from random import Random

from constructions.foundations.activation import IDENTITY
from constructions.foundations.descent import loss_gradient
from constructions.foundations.network import Network
from constructions.learning.descent_methods import FBGD, descended
from constructions.learning.gradient_learners import DESCENT_LEARNERS, LinearModel, held_within, linear_regression
from constructions.learning.problems import uniform

F = Fraction


def test_the_gradient_is_that_of_a_network_with_the_same_weights() -> None:
    weights = (F(1, 3), F(-2, 5), F(7, 8))
    edges = {("one", "f"): weights[0], ("x1", "f"): weights[1], ("x2", "f"): weights[2]}
    net = Network(inputs=("x1", "x2"), outputs=("f",), edges=edges, constant="one", sigma=IDENTITY)
    for *x, y in product((0, 1), repeat=3):
        found = LinearModel(weights).gradient(tuple(x), y)
        wanted = loss_gradient(net, (tuple(x), y))
        assert list(found.values()) == [wanted[edge] for edge in edges]


def test_a_model_changes_only_the_weights_that_are_named() -> None:
    assert LinearModel((F(1), F(2))).with_weights({1: F(5)}).weights == (F(1), F(5))


def test_regression_learns_a_literal() -> None:
    source, method = uniform(3, lambda x: x[2]), linear_regression(3, b=16, rho=F(1, 16))
    random = Random(1)
    h = descended(method, [source.batch(16, random) for _ in range(method.budget.steps)], ())
    assert all(0 <= h(x) <= 1 and (2 * h(x) > 1) == bool(x[2]) for x in product((0, 1), repeat=3))


def test_a_learner_has_the_budget_that_is_asked_for() -> None:
    made = DESCENT_LEARNERS["regression"](4, b=20, rho=F(1, 8), same=True)
    assert made.budget == FBGD(steps=24, rho=F(1, 8), m=20, p=5) and made.n == 4
    assert held_within(lambda x: F(3))(()) == 1
