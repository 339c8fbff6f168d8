"""Large batches as counts: how often each point of a source is in a batch, and a step of gradient descent on it.

The mean gradient of a batch depends only on how often each point is in it. So a batch of 100,000 samples from a source
of a few hundred points is drawn as 100,000 exact draws from the law of the source, counted in an array.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from constructions.foundations.descent import Descent
from constructions.foundations.vectors import by_place
from constructions.learning.array_draws import Law, RandomWords
from constructions.learning.descent_methods import DescentMethod, gradient_on_counts
from constructions.learning.problems import Bits, Point, Predictor

Counts = Mapping[Point, int]


@dataclass(frozen=True, slots=True)
class CountedBatches:
    """Where batches are drawn from: the ``points`` of a source, and the ``law`` of a point's place.

    >>> drawn = CountedBatches.of([(((0,), 0), 1), (((1,), 1), 3)]).draw(100_000, RandomWords("1"))
    >>> sum(drawn.values()), 74_000 < drawn[(1,), 1] < 76_000
    (100000, True)
    """

    points: tuple[Point, ...]
    law: Law

    @classmethod
    def of(cls, weighted: Iterable[tuple[Point, int]]) -> "CountedBatches":
        """From the points, each with its mass as an integer over one denominator."""
        points, masses = zip(*weighted, strict=True)
        return cls(points, Law.of(masses))

    def draw(self, b: int, words: RandomWords) -> Counts:
        """A batch of b independent samples, drawn by some random ``words``."""
        counts = np.bincount(self.law.draw(words, b), minlength=len(self.points)).tolist()
        return {point: count for point, count in zip(self.points, counts, strict=True) if count}


def step_on_counts(descent: Descent, model: Any, counts: Counts, *, number: int) -> Any:
    """The model after the step that a :class:`constructions.foundations.descent.Descent` takes on the batch in which
    each point is so often.

    Parameters
    ----------
    descent : how the step is taken. model : the one before it. counts : the batch. number : of the step.

    Raises
    ------
    KinkError
        If the loss of a sample is not differentiable.

    >>> from fractions import Fraction
    >>> from constructions.learning.gradient_learners import linear_regression
    >>> method = linear_regression(1, b=3, rho=Fraction(1, 8))
    >>> counts = {((1,), 1): 2, ((0,), 0): 1}
    >>> after = step_on_counts(method.descent, method.start(()), counts, number=1)
    >>> after == method.descent.step(method.start(()), [((1,), 1), ((0,), 0), ((1,), 1)])
    True
    """
    mean = gradient_on_counts(descent, model, counts)
    return descent.moved(model, by_place(lambda edge, value: descent.rounded(edge, number, value), mean))


def descended_on_counts(method: DescentMethod, chosen: Iterable[Counts], bits: Bits, descent: Descent) -> Predictor:
    """What a method with the random string ``bits`` returns after a step on each of the ``chosen`` batches.

    Parameters
    ----------
    method : a method of gradient descent. descent : how steps are taken, with an adversary.

    >>> from fractions import Fraction
    >>> from constructions.learning.gradient_learners import linear_regression
    >>> method = linear_regression(1, b=8, rho=Fraction(1, 16))
    >>> h = descended_on_counts(method, [{((1,), 1): 4, ((0,), 0): 4}] * 24, (), method.descent)
    >>> h((0,)) < Fraction(1, 4) and h((1,)) > Fraction(3, 4)
    True
    """
    model = method.start(bits)
    for number, counts in enumerate(chosen, 1):
        model = step_on_counts(descent, model, counts, number=number)
    return method.predictor(model)
