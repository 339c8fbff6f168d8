"""Differentiable models given by an expression in sympy: f_w(x) in symbols for the weights and for the bits of x.

Derivatives are taken by sympy, and their values at rational weights are exact where they are rational (polynomials,
fractions). Where they are not (tanh, exp), a program finds them only up to a slack, as in footnote 8: the value is
computed to as many binary digits as the slack asks for. That these digits are right is sympy's word, which is not
proved here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, log2
from typing import Any

from constructions.errors import ConstructionError, KinkError
from constructions.foundations.descent import Descent
from constructions.foundations.exact import rational, whole
from constructions.foundations.loading import loaded_when_used
from constructions.learning.descent_methods import BSGD, FBGD, DescentMethod
from constructions.learning.problems import Bits, Predictor

with loaded_when_used(__name__):
    import sympy

SPARE = 20
"""How many binary digits more than asked for a value is computed to."""


@dataclass(frozen=True, slots=True)
class ExpressionModel:
    """A model whose output is an expression in its weights w0, w1, ... and in x1, x2, ...

    Parameters
    ----------
    output : the expression. weights : the weights by their names. slack : how far a value may be from the true one
        where that is not rational; 0 refuses such values.

    >>> import sympy
    >>> w0, w1, x1 = sympy.symbols("w0 w1 x1")
    >>> model = ExpressionModel(w0 + w1**2 * x1, (("w0", Fraction(1, 2)), ("w1", Fraction(1, 3))))
    >>> str(model((1,))), {name: str(value) for name, value in model.gradient((1,), 0).items()}
    ('11/18', {'w0': '11/18', 'w1': '11/27'})
    >>> str(model.with_weights({"w1": Fraction(0)})((1,)))
    '1/2'
    """

    output: Any
    weights: tuple[tuple[str, Fraction], ...]
    slack: Fraction = Fraction(0)

    @property
    def edges(self) -> dict[str, Fraction]:
        """The weights by their names."""
        return dict(self.weights)

    def with_weights(self, weights: Mapping[str, Fraction]) -> "ExpressionModel":
        """The model with some weights changed."""
        changed = tuple((name, weights.get(name, weight)) for name, weight in self.weights)
        return ExpressionModel(self.output, changed, self.slack)

    def __call__(self, x: Bits) -> Fraction:
        return self._value(self.output, x, 0)

    def gradient(self, x: Bits, y: int) -> dict[str, Fraction]:
        """The derivative of the loss, half of (f(x) - y)^2, by each weight.

        Raises
        ------
        KinkError
            Where there is none.
        ConstructionError
            For a value that is not rational, without a slack.
        """
        names = tuple(name for name, _ in self.weights)
        found = loss_derivatives(self.output, names)
        return {name: self._value(one, x, y) for name, one in zip(names, found, strict=True)}

    def _value(self, expression: Any, x: Bits, y: int) -> Fraction:
        at = {sympy.Symbol(name): sympy.Rational(w.numerator, w.denominator) for name, w in self.weights}
        at |= {sympy.Symbol(f"x{i}"): sympy.Integer(bit) for i, bit in enumerate(x, 1)} | {sympy.Symbol("y"): y}
        return value_of(expression.subs(at), self.slack)


@lru_cache(maxsize=64)
def loss_derivatives(output: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    """The derivatives of half of (output - y)^2 by the weights of these names, as expressions.

    >>> import sympy
    >>> loss_derivatives(sympy.Symbol("w0"), ("w0",))
    (w0 - y,)
    """
    away = output - sympy.Symbol("y")
    return tuple(away * sympy.diff(output, sympy.Symbol(name)) for name in names)


def value_of(number: Any, slack: Fraction) -> Fraction:
    """A number of sympy as a fraction: exactly if it is rational, else up to the slack.

    Raises
    ------
    KinkError
        If it has no value.
    ConstructionError
        If it is no real number; or not rational, and the slack is 0.

    >>> import sympy
    >>> value_of(sympy.Rational(2, 3), Fraction(0)), value_of(sympy.sqrt(2), Fraction(1, 1000)) ** 2 < 2
    (Fraction(2, 3), False)
    """
    if isinstance(number, sympy.Rational):
        return Fraction(int(number.p), int(number.q))
    if number in (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
        raise KinkError(str(number), "no value")
    if number.free_symbols or number.is_real is not True:
        raise ConstructionError(f"need a real number as a value, got {str(number)[:100]}")
    if slack <= 0:
        raise ConstructionError(f"need a slack > 0 for a value that is not rational, got 0, at {str(number)[:100]}")
    size = max(0, ceil(log2(1 + abs(float(number)))))
    digits = max(15, ceil((size + SPARE - log2(slack)) * 0.302))
    found = sympy.Rational(sympy.N(number, digits, strict=True))
    return Fraction(int(found.p), int(found.q))


def expression_method(
    output: Any,
    start: Mapping[str, Fraction | int | str],
    *,
    n: int,
    steps: int,
    b: int,
    rho: Fraction,
    rate: Fraction = Fraction(1),
    slack: Fraction = Fraction(0),
    same: bool = False,
) -> DescentMethod:
    """Gradient descent on a model that is given by an expression.

    Parameters
    ----------
    output : an expression of sympy in the weights and in x1, ..., xn. start : the first weights by their names.
    n : bits of x. steps, b, rho, rate : T, the batch size, the precision and the step size.
    slack : how far a gradient's entry may be from the true one where that is not rational.
    same : whether all steps look at the same batch (fbGD).

    Raises
    ------
    ConstructionError
        For a symbol that is neither a weight nor a bit of x.

    >>> import sympy
    >>> w0, w1, x1 = sympy.symbols("w0 w1 x1")
    >>> expression_method(w0 + w1 * x1, {"w0": 0, "w1": 0}, n=1, steps=3, b=2, rho=Fraction(1, 8)).budget
    BSGD(steps=3, rho=Fraction(1, 8), b=2, p=2, r=0)
    """
    odd = {str(symbol) for symbol in output.free_symbols} - {
        *start,
        *(f"x{i}" for i in range(1, whole(n, where="n") + 1)),
    }
    if odd:
        raise ConstructionError(f"need weights among {', '.join(start)} and bits x1, ..., x{n}, got {sorted(odd)[0]!r}")
    weights = tuple((name, rational(weight, where=f"weight {name}")) for name, weight in start.items())
    model = ExpressionModel(output, weights, slack)
    budget: Any = BSGD(steps=steps, rho=rho, b=b, p=len(weights))
    if same:
        budget = FBGD(steps=steps, rho=rho, m=b, p=len(weights))
    derivative: Any = lambda now, sample: now.gradient(*sample)  # noqa: E731
    predictor: Callable[[ExpressionModel], Predictor] = lambda now: now  # noqa: E731
    return DescentMethod(
        n=n,
        budget=budget,
        start=lambda bits: model,
        descent=Descent(rho=rho, rate=rate, derivative=derivative),
        predictor=predictor,
        slack=slack,
    )
