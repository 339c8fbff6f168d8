"""A curved model of one's own, and whether gradient descent on it can tell two worlds apart.

f(x) = w0 + (w1 x1 + ... + wn xn)^2 + v (w1 x1 + ... + wn xn), trained by mini-batch gradient descent in exact numbers.
From b rho = 4 on one point of a batch can be hidden from it, as from every other model:

    querygrad hide examples/curved_model.py --batch 16 --rho 1/4 --bits 3
    querygrad hide examples/curved_model.py --batch 15 --rho 1/4 --bits 3     (refused: b rho = 15/4)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from constructions.foundations.descent import Descent
from constructions.learning.descent_methods import BSGD, DescentMethod

Bits = tuple[int, ...]


@dataclass(frozen=True)
class Curved:
    """The model at its weights: w0, w1, ..., wn, v."""

    weights: tuple[Fraction, ...]

    @property
    def edges(self) -> dict[int, Fraction]:
        """The weights by their places."""
        return dict(enumerate(self.weights))

    def with_weights(self, changes: Mapping[int, Fraction]) -> "Curved":
        """The model with some weights changed."""
        return Curved(tuple(changes.get(place, weight) for place, weight in enumerate(self.weights)))

    def inner(self, x: Bits) -> Fraction:
        """w1 x1 + ... + wn xn."""
        return sum((weight for weight, bit in zip(self.weights[1:-1], x, strict=True) if bit), Fraction(0))

    def __call__(self, x: Bits) -> Fraction:
        """f(x)."""
        inner = self.inner(x)
        return self.weights[0] + inner * inner + self.weights[-1] * inner


def gradient(model: Curved, sample: tuple[Bits, int]) -> dict[int, Fraction]:
    """The derivative of half of (f(x) - y)^2 by each weight."""
    x, y = sample
    away, inner = model(x) - y, model.inner(x)
    slope = 2 * inner + model.weights[-1]
    return dict(enumerate((away, *(away * slope * bit for bit in x), away * inner)))


def method(n: int, b: int, rho: Fraction, steps: int = 12) -> DescentMethod:
    """bSGD on the model, from small weights."""
    start = Curved((Fraction(1, 2), *(Fraction(1, 4 + i) for i in range(n)), Fraction(1, 3)))
    return DescentMethod(
        n=n,
        budget=BSGD(steps=steps, rho=rho, b=b, p=n + 2),
        start=lambda bits: start,
        descent=Descent(rho=rho, rate=Fraction(1, 2), derivative=gradient),  # type: ignore[arg-type]
        predictor=lambda model: model,
    )
