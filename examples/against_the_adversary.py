"""A method that is written against the adversary of ``querygrad lowerbound``: it does nearly the best that can be done.

Let m be even. On m bits, f(x) = (-1)^(x1 x2 + x3 x4 + ...) has the same correlation, 2^(-m/2) or its negative, with
every parity of these bits (it is *bent*). Multiplied by a parity of the other n - m bits, it has this correlation with
the 2^m parities that have just that part on the other bits, and none with all others. So if tau is a little below
2^(-m/2), one query strikes all 2^m of them, or, if the adversary shifts its answer, all with the rarer sign. The
method asks about one part after the other, in an order that its random bits choose, knows who is left, and predicts the
average of their labels, which is the best that one can do.

Run:  querygrad lowerbound examples/against_the_adversary.py --bits 14 --tau 0.0312 --queries 7 --answers uniform
"""

from fractions import Fraction
from typing import cast

from constructions.errors import ConstructionError
from constructions.learning.models import SQ, Query, QueryMethod, State
from constructions.learning.parities import bent, bent_query, signed_sums_of
from constructions.learning.problems import Bits, Predictor

Seen = tuple[Bits, tuple[Fraction, ...]]
"""A state: the random bits, and the answers so far."""


def bits_for(n: int, tau: Fraction) -> int:
    """The largest even m, at most n, with 2^(-m/2) > tau."""
    m = max((m for m in range(2, n + 1, 2) if tau**2 * 2**m < 1), default=0)
    if not m:
        raise ConstructionError(f"need a tolerance below 1/2 and at least 2 bits, got {tau} and {n}")
    return m


def method(n: int, tau: Fraction, k: int = 1) -> QueryMethod:
    """The method with k queries about n bits."""
    m = bits_for(n, tau)
    others = n - m
    if k > 2**others:
        raise ConstructionError(f"need at most {2**others} queries, one for each part, got {k}")

    def part(string: Bits, j: int) -> Bits:
        return tuple((j >> i & 1) ^ bit for i, bit in enumerate(string))

    def query(state: State) -> Query:
        string, answers = cast(Seen, state)
        return bent_query(m, part(string, len(answers)))

    def is_left(target: Bits, string: Bits, answers: tuple[Fraction, ...]) -> bool:
        """Whether the answers are valid for a target: its mean is the answer to the query about its part."""
        correlation = Fraction(1 - 2 * bent(target[:m]), 2 ** (m // 2))
        means = (correlation if part(string, j) == target[m:] else Fraction(0) for j in range(k))
        return all(abs(mean - answer) <= tau for mean, answer in zip(means, answers, strict=True))

    def predictor(state: State) -> Predictor:
        string, answers = cast(Seen, state)
        targets = [tuple(word >> i & 1 for i in range(n)) for word in range(2**n)]
        left = [int(is_left(target, string, answers)) for target in targets]
        sums, many = signed_sums_of(left), max(1, sum(left))
        return lambda x: Fraction(1, 2) - Fraction(sums[sum(bit << i for i, bit in enumerate(x))], 2 * many)

    return QueryMethod(
        n=n,
        budget=SQ(k=k, tau=tau, r=others),
        start=lambda bits: (bits, ()),
        query=query,
        after=lambda state, answers: (cast(Seen, state)[0], (*cast(Seen, state)[1], answers[0])),
        predictor=predictor,
    )
