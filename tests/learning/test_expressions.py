"""Models given by expressions: exact where they are rational, up to a slack where they are not."""

from fractions import Fraction
from itertools import product

import pytest
import sympy

from constructions.errors import ConstructionError, KinkError, PremiseError
from constructions.foundations.activation import IDENTITY
from constructions.foundations.descent import loss_gradient
from constructions.foundations.network import Network
from constructions.learning.expressions import ExpressionModel, expression_method, loss_derivatives, value_of
from constructions.learning.oracles import highest, lowest, randomly, run
from constructions.learning.problems import uniform
from constructions.reductions.descent_by_queries import lemma_4

F = Fraction
w0, w1, w2, x1, x2 = sympy.symbols("w0 w1 w2 x1 x2")


def test_a_linear_expression_has_the_gradient_of_its_network() -> None:
    weights = (("w0", F(1, 3)), ("w1", F(-5, 7)))
    edges = {("one", "f"): F(1, 3), ("x1", "f"): F(-5, 7)}
    net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=IDENTITY)
    for x, y in product((0, 1), repeat=2):
        found = ExpressionModel(w0 + w1 * x1, weights).gradient((x,), y)
        assert list(found.values()) == list(loss_gradient(net, ((x,), y)).values())


def test_a_derivative_agrees_with_the_difference_of_two_losses() -> None:
    model = ExpressionModel(w0 * w1 * x1 + w1**2, (("w0", F(1, 3)), ("w1", F(1, 2))))
    h = F(1, 10**6)
    for name, slope in model.gradient((1,), 1).items():
        ends = [model.with_weights({name: model.edges[name] + side * h})((1,)) for side in (1, -1)]
        losses = [(end - 1) ** 2 / 2 for end in ends]
        assert abs((losses[0] - losses[1]) / (2 * h) - slope) < F(1, 10**5)


@pytest.mark.parametrize("oracle", [highest, lowest, randomly(3)])
def test_a_model_with_tanh_is_trained_by_queries(oracle: object) -> None:
    slack = F(1, 128)
    given = expression_method(
        sympy.tanh(w0 + w1 * x1), {"w0": 0, "w1": 0}, n=1, steps=6, b=16, rho=F(1, 16), slack=slack
    )
    made = lemma_4(slack=slack)(given)
    assert made.budget.tau == F(1, 64) - slack
    h = run(made, uniform(1, lambda x: x[0]), oracle=oracle, seed=2)  # type: ignore[arg-type]
    assert h((0,)) < F(1, 3) < F(1, 2) < h((1,))


def test_values_are_exact_or_within_the_slack() -> None:
    assert value_of(sympy.Rational(-7, 3), F(0)) == F(-7, 3)
    for slack in (F(1, 2), F(1, 10**12), F(1, 2**200)):
        found = value_of(sympy.sqrt(2) * 1000, slack)
        assert (found - slack) ** 2 < 2 * 10**6 < (found + slack) ** 2


def test_what_has_no_value_is_refused() -> None:
    with pytest.raises(KinkError):
        value_of(sympy.zoo, F(1, 8))
    with pytest.raises(ConstructionError, match="need a slack > 0"):
        value_of(sympy.sqrt(2), F(0))
    with pytest.raises(ConstructionError, match="need a real number"):
        value_of(sympy.sqrt(-2), F(1, 8))
    with pytest.raises(ConstructionError, match=r"need weights among w0 and bits x1, \.\.\., x1, got 'w1'"):
        expression_method(w0 + w1 * x1, {"w0": 0}, n=1, steps=1, b=1, rho=F(1, 4))
    with pytest.raises(PremiseError, match="got a slack of 1/8"):
        slack = F(1, 8)
        lemma_4(slack=slack)(expression_method(w0, {"w0": 0}, n=1, steps=1, b=1, rho=F(1, 4), slack=slack))
    assert loss_derivatives(w0, ("w0",)) == (w0 - sympy.Symbol("y"),)
