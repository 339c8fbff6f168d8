"""A method of your own that asks statistical queries: which two bits, if any, does the label depend on?

For every bit and every pair of bits it asks how the label goes with their parity, keeps the strongest, and predicts by
it. That finds a parity of at most two bits, and the adversary of ``querygrad lowerbound`` names another.

Run:  querygrad lowerbound examples/own_sq_method.py --bits 12 --tau 1/16 -o game.json
      querygrad referee game.json
"""

from fractions import Fraction
from itertools import combinations
from typing import cast

from constructions.learning.models import SQ, Answers, Query, QueryMethod, State
from constructions.learning.problems import Bits, Predictor


def method(n: int, tau: Fraction) -> QueryMethod:
    """The method for n bits and queries of tolerance tau; a state is the tuple of the answers so far."""
    sets = [*combinations(range(n), 1), *combinations(range(n), 2)]

    def parity(chosen: tuple[int, ...], x: Bits) -> int:
        return sum(x[i] for i in chosen) % 2

    def query(state: State) -> Query:
        chosen = sets[len(cast(Answers, state))]
        return lambda x, y: (1 - 2 * (y ^ parity(chosen, x)),)

    def predictor(state: State) -> Predictor:
        answers = cast(Answers, state)
        best = max(range(len(sets)), key=lambda j: abs(answers[j]))
        if abs(answers[best]) <= 2 * tau:
            return lambda x: Fraction(1, 2)
        flip = int(answers[best] < 0)
        return lambda x: parity(sets[best], x) ^ flip

    return QueryMethod(
        n=n,
        budget=SQ(k=len(sets), tau=tau),
        start=lambda bits: (),
        query=query,
        after=lambda state, answers: (*cast(Answers, state), answers[0]),
        predictor=predictor,
    )
