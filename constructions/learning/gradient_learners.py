"""Learners by gradient descent: linear regression on the bits of a point, in exact numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.descent import Descent
from constructions.foundations.exact import Number
from constructions.learning.descent_methods import BSGD, FBGD, DescentMethod
from constructions.learning.problems import Bits, Predictor

STEPS = 24
RATE = Fraction(1, 4)
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class LinearModel:
    """f(x) = w0 + w1 x1 + ... + wn xn; ``weights`` are w0, ..., wn.

    >>> model = LinearModel((Fraction(1, 2), Fraction(1, 4)))
    >>> str(model((1,))), [str(value) for value in model.gradient((1,), 0).values()]
    ('3/4', ['3/4', '3/4'])
    """

    weights: tuple[Number, ...]

    @property
    def edges(self) -> dict[int, Number]:
        """The weights by their places."""
        return dict(enumerate(self.weights))

    def with_weights(self, weights: Mapping[int, Number]) -> "LinearModel":
        """The model with some weights changed."""
        return LinearModel(tuple(weights.get(place, weight) for place, weight in enumerate(self.weights)))

    def __call__(self, x: Bits) -> Number:
        return self.weights[0] + sum((weight for weight, bit in zip(self.weights[1:], x, strict=True) if bit), 0)

    def gradient(self, x: Bits, y: Number) -> dict[int, Number]:
        """The derivative of the loss, half of (f(x) - y)^2, by each weight."""
        away = self(x) - y
        return {place: away * feature for place, feature in enumerate((1, *x))}


def linear_regression(n: int, *, b: int, rho: Fraction, same: bool = False) -> DescentMethod:
    """bSGD (with the ``same`` batch in all steps: fbGD) for the squared loss of a linear model on n bits, with batches
    of b samples and precision rho, from w0 = 1/2; 24 steps of size 1/4. It returns f(x), held within [0, 1].

    >>> linear_regression(3, b=8, rho=Fraction(1, 16)).budget
    BSGD(steps=24, rho=Fraction(1, 16), b=8, p=4, r=0)
    """
    budget: Any = FBGD(steps=STEPS, rho=rho, m=b, p=n + 1) if same else BSGD(steps=STEPS, rho=rho, b=b, p=n + 1)
    derivative: Any = lambda model, sample: model.gradient(*sample)  # noqa: E731
    return DescentMethod(
        n=n,
        budget=budget,
        start=lambda bits: LinearModel((HALF, *(Fraction(0),) * n)),
        descent=Descent(rho=rho, rate=RATE, derivative=derivative),
        predictor=held_within,
    )


def held_within(model: Callable[[Bits], Fraction]) -> Predictor:
    """What a model gives, held within [0, 1], where labels are: no loss becomes larger by that.

    >>> held_within(LinearModel((Fraction(-1, 2), Fraction(2))))((1,))
    Fraction(1, 1)
    """
    return lambda x: max(Fraction(0), min(Fraction(1), model(x)))


DESCENT_LEARNERS: dict[str, Callable[..., DescentMethod]] = {"regression": linear_regression}
"""The learners by gradient descent, by name: from n, b, rho and whether all steps look at the same batch."""
