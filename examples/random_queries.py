"""A method that asks random queries, each with the values 1 and -1 at random, and predicts by all answers together.

The prediction at x is 1 if the queries, weighted by their answers, speak for the label 1 there. (The values come from
the random bits of the method and the number of the query, so the same seed gives the same game.)

Run:  querygrad lowerbound examples/random_queries.py --bits 10 --tau 1/8 --queries 40 --seed 3
"""

from fractions import Fraction
from random import Random
from typing import cast

from constructions.learning.models import SQ, Query, QueryMethod, State
from constructions.learning.problems import Bits, Predictor

RANDOM_BITS = 16
Seen = tuple[Bits, tuple[Fraction, ...]]
"""A state: the random bits, and the answers so far."""


def method(n: int, tau: Fraction, k: int = 20) -> QueryMethod:
    """The method with k queries about n bits."""
    tables: dict[tuple[Bits, int], int] = {}

    def signs(string: Bits, j: int) -> int:
        """The values of query j as a word of 2^(n+1) bits."""
        if (string, j) not in tables:
            tables[string, j] = Random(f"{string} {j}").getrandbits(2 ** (n + 1))
        return tables[string, j]

    def value(string: Bits, j: int, x: Bits, y: int) -> int:
        place = sum(bit << i for i, bit in enumerate((*x, y)))
        return 1 - 2 * (signs(string, j) >> place & 1)

    def query(state: State) -> Query:
        string, answers = cast(Seen, state)
        return lambda x, y: (value(string, len(answers), x, y),)

    def predictor(state: State) -> Predictor:
        string, answers = cast(Seen, state)

        def predict(x: Bits) -> Fraction:
            weights = (a * (value(string, j, x, 1) - value(string, j, x, 0)) for j, a in enumerate(answers))
            total = sum(weights, Fraction(0))
            return Fraction(1, 2) if not total else Fraction(int(total > 0))

        return predict

    return QueryMethod(
        n=n,
        budget=SQ(k=k, tau=tau, r=RANDOM_BITS),
        start=lambda bits: (bits, ()),
        query=query,
        after=lambda state, answers: (cast(Seen, state)[0], (*cast(Seen, state)[1], answers[0])),
        predictor=predictor,
    )
