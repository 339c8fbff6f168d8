"""Gradient descent as a method that asks queries: each entry of the gradient of a model is one statistical query.

The model is f(x) = 1/2 + the sum of w_j * (the sign of parity j), over all parities of at most two bits. In a step
every entry of the clipped gradient of the squared loss is asked, its answer is rounded to the nearest multiple of
rho = 8 tau, and the weights take a step of size 1. This is what gradient descent comes to where batches are so large
that it cannot go beyond SQ (Theorem 1c: tau = rho/8). It finds a parity of two bits, and the adversary names another.

Run:  querygrad lowerbound examples/gradient_queries.py --bits 9 --tau 1/64 -o game.json
      python examples/gradient_batches.py game.json --batch 100000
"""

from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import cast

from constructions.foundations.rounding import clip
from constructions.learning.models import SQ, Answers, Query, QueryMethod, State
from constructions.learning.problems import Bits, Predictor

STEPS = 3
Weights = tuple[int, ...]
"""The weights, in units of rho."""


def method(n: int, tau: Fraction) -> QueryMethod:
    """The method for n bits and answers within tau; a state is the weights."""
    rho = 8 * tau
    sets = [chosen for size in range(3) for chosen in combinations(range(n), size)]

    @cache
    def signs(x: Bits) -> tuple[int, ...]:
        return tuple(1 - 2 * (sum(x[i] for i in chosen) % 2) for chosen in sets)

    def output(weights: Weights, x: Bits) -> Fraction:
        return Fraction(1, 2) + rho * sum(w * sign for w, sign in zip(weights, signs(x), strict=True))

    def query(state: State) -> Query:
        def gradient(x: Bits, y: int) -> Answers:
            off = cast(Fraction, clip(output(cast(Weights, state), x) - y))
            return tuple(off * sign for sign in signs(x))

        return gradient

    def after(state: State, answers: Answers) -> State:
        rounded = (round(answer / rho) for answer in answers)
        return tuple(w - step for w, step in zip(cast(Weights, state), rounded, strict=True))

    def predictor(state: State) -> Predictor:
        return lambda x: output(cast(Weights, state), x)

    return QueryMethod(
        n=n,
        budget=SQ(k=STEPS, tau=tau, p=len(sets)),
        start=lambda bits: (0,) * len(sets),
        query=query,
        after=after,
        predictor=predictor,
    )
