"""FULL: the whole batch from one round of counts, by power sums modulo a prime (stronger than Theorem 2a: no failure,
ceil(m/b) rounds).

A word z is the integer of its bits, below the prime P, the least that is at least max(2^(n+1), b + 1). The queries are
the bits of z^j mod P, j = 1..b. Their counts give the power sums of the batch mod P, Newton's identities (b < P, so
1..b have inverses) the polynomial whose roots are the batch, and its factors over GF(P) the points with their
multiplicities.

The counts say nothing of the order of a batch. Given the batches as multisets, all their arrangements are equally
likely, so a method that predicts the mean over them loses no more on average than the given one (the loss is convex):
no random bits are spent on the order.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, islice, product
from math import comb, factorial, prod
from typing import NamedTuple

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import rational, whole
from constructions.foundations.loading import loaded_when_used
from constructions.learning.error import exact_cells
from constructions.learning.models import (
    BSQ,
    PAC,
    Answers,
    Query,
    QueryMethod,
    SampleMethod,
    Simulation,
    State,
    of_samples,
)
from constructions.learning.problems import Bits, Point, Predictor
from constructions.reductions.one_bit import HALF, nearest_counts
from constructions.reductions.sample_extract import point

with loaded_when_used(__name__):
    import sympy
    from sympy.polys import domains, galoistools

MOST_ARRANGEMENTS = 100_000


@dataclass(frozen=True, slots=True)
class Powers:
    """The queries of FULL about a batch of b words of some width, and how their counts are read.

    >>> ask = Powers(2, 3)
    >>> ask.prime, ask.parallel
    (5, 8)
    >>> batch = ((0, 1), (1, 1), (0, 1))
    >>> ask.read(ask.counts(batch))
    ((0, 1), (0, 1), (1, 1))
    >>> ask.query((1, 0)), ask.sums(ask.counts(batch))  # of 1, 3 and 1: their sum, that of their squares, ...
    ((0, 1, 0, 0, 1, 1, 1, 0), (0, 1, 4))
    """

    width: int
    b: int

    def __post_init__(self) -> None:
        whole(self.width, where="width", least=1)
        whole(self.b, where="b", least=1)

    @property
    def prime(self) -> int:
        """The least prime that no word and no size reaches."""
        return _prime_from(max(2**self.width, self.b + 1))

    @property
    def widths(self) -> tuple[int, ...]:
        """How many bits each power is asked by."""
        return (self.width, *((self.prime - 1).bit_length() for _ in range(self.b - 1)))

    @property
    def parallel(self) -> int:
        """p': b (n + 2) - 1 if b < 2^(n+1) and there is a prime of n + 2 bits, as there always is."""
        return self.width + (self.b - 1) * (self.prime - 1).bit_length()

    def query(self, word: Bits) -> Bits:
        """The bits of all powers of a word, the lowest bit of each first."""
        z, p = number(word), self.prime
        return tuple(pow(z, j, p) >> i & 1 for j, width in enumerate(self.widths, 1) for i in range(width))

    def counts(self, batch: Sequence[Bits]) -> tuple[int, ...]:
        """The exact counts over a batch."""
        return tuple(map(sum, zip(*map(self.query, batch), strict=True)))

    def sums(self, counts: Sequence[int]) -> tuple[int, ...]:
        """The power sums modulo the prime."""
        given = iter(counts)
        return tuple(
            sum(count << i for i, count in enumerate(islice(given, width))) % self.prime for width in self.widths
        )

    def read(self, counts: Sequence[int]) -> tuple[Bits, ...]:
        """The batch, sorted.

        Raises
        ------
        ConstructionError
            For counts that belong to no batch.
        """
        _, factors = galoistools.gf_factor(newton(self.sums(counts), self.prime), self.prime, domains.ZZ)
        found: list[Bits] = []
        for factor, times in factors:
            root = -int(factor[-1]) % self.prime
            if len(factor) != 2 or root >= 2**self.width:
                raise ConstructionError(
                    f"need counts of a batch of {self.b} words of {self.width} bits, got {tuple(counts)}"
                )
            found += [word_of(root, self.width)] * times
        return tuple(sorted(found))


@lru_cache(maxsize=64)
def _prime_from(least: int) -> int:
    return int(sympy.nextprime(least - 1))


def newton(sums: Sequence[int], prime: int) -> list[int]:
    """The monic polynomial over GF(prime) whose roots have these power sums, its coefficients from the highest.

    >>> newton((3, 5), 7)  # 1 + 2 = 3, 1 + 4 = 5: x^2 - 3 x + 2
    [1, 4, 2]
    """
    symmetric = [1]
    for k in range(1, len(sums) + 1):
        total = sum((-1) ** (i - 1) * symmetric[k - i] * sums[i - 1] for i in range(1, k + 1))
        symmetric.append(total * pow(k, -1, prime) % prime)
    return [(-1) ** k * e % prime for k, e in enumerate(symmetric)]


def number(word: Bits) -> int:
    """The integer of a word, its first bit the highest.

    >>> number((1, 0, 1)), word_of(5, 3)
    (5, (1, 0, 1))
    """
    return sum(bit << i for i, bit in enumerate(reversed(word)))


def word_of(value: int, width: int) -> Bits:
    """The word of so many bits (``width``) of an integer, ``value``."""
    return tuple(value >> i & 1 for i in reversed(range(width)))


def arrangements(batch: Sequence[Bits]) -> Iterator[tuple[Bits, ...]]:
    """Every order of a multiset, once.

    >>> list(arrangements(((0,), (1,), (0,))))
    [((0,), (0,), (1,)), ((0,), (1,), (0,)), ((1,), (0,), (0,))]
    """
    if not batch:
        yield ()
    for first in sorted(set(batch)):
        rest = list(batch)
        rest.remove(first)
        for after in arrangements(rest):
            yield (first, *after)


class BatchReading(NamedTuple):
    """The state: the batches read so far, each sorted, and A's random bits."""

    batches: tuple[tuple[Bits, ...], ...]
    own: Bits


def full(n: int, *, b: int, tau: Fraction, symmetric: bool = False) -> Simulation[SampleMethod, QueryMethod]:
    """bSQ(ceil(m/b), tau, b, p', r) >=_0 PAC(m, r) for b tau < 1/2.

    Parameters
    ----------
    symmetric : the methods to come do not look at the order of their sample, so one arrangement will do.
    n : bits of a point. b, tau : batch size and tolerance.

    Raises
    ------
    PremiseError
        For b tau >= 1/2 or a negative tau; when it is used, for a method on other bits.

    >>> full(8, b=4, tau=Fraction(1, 16)).budget(PAC(m=20))
    BSQ(k=5, tau=Fraction(1, 16), b=4, p=39, r=0, alternating=False)
    """
    powers = Powers(whole(n, where="n") + 1, whole(b, where="b", least=1))
    if rational(tau, where="tau") < 0 or b * tau >= HALF:
        raise PremiseError(f"need tau >= 0 and b tau < 1/2, got b tau = {b} * {tau} = {b * tau}")
    parallel = powers.parallel

    def budget(given: PAC) -> BSQ:
        return BSQ(k=-(-given.m // b), tau=tau, b=b, p=parallel, r=given.r)

    def query(state: State) -> Query:
        return lambda x, y: powers.query((y, *x))

    def after(state: State, answers: Answers) -> State:
        assert isinstance(state, BatchReading)
        return state._replace(batches=(*state.batches, powers.read(nearest_counts(answers, b))))

    def reduce(method: SampleMethod) -> QueryMethod:
        if of_samples(method).n != n:
            raise PremiseError(f"need a method on n={n} bits, got one on n={method.n}")

        def predictor(state: State) -> Predictor:
            assert isinstance(state, BatchReading)
            return mean_predictor(method, state, symmetric=symmetric)

        return QueryMethod(
            n=n,
            budget=budget(method.budget),
            start=lambda bits: BatchReading((), bits),
            query=query,
            after=after,
            predictor=predictor,
            cells=exact_cells,
        )

    return Simulation(name="Theorem 2a (full)", delta=Fraction(0), budget=budget, reduce=reduce)


def mean_predictor(method: SampleMethod, state: BatchReading, *, symmetric: bool) -> Predictor:
    """The mean of what a ``method`` predicts over all orders of the batches in a ``state``; over the parts of the last
    one, if the order is of no account (``symmetric``). Raises PremiseError for more than :data:`MOST_ARRANGEMENTS` of
    them.

    >>> first = SampleMethod(n=0, budget=PAC(m=2), learn=lambda sample, bits: lambda x: sample[0][1])
    >>> mean_predictor(first, BatchReading((((0,), (1,)),), ()), symmetric=False)(())
    Fraction(1, 2)
    """
    *first, last = state.batches or ((),)
    kept = method.budget.m - sum(map(len, first))
    ways = comb(len(last), kept) if symmetric else prod(map(_orders, state.batches))
    if ways > MOST_ARRANGEMENTS:
        raise PremiseError(
            f"need at most {MOST_ARRANGEMENTS} orders of the batches (or a method that does not look at it), got {ways}"
        )
    parts = ((*first, part) for part in combinations(last, kept))
    runs: Iterator[tuple[tuple[Bits, ...], ...]] = parts if symmetric else product(*map(arrangements, state.batches))
    learned = [method.learn(_sample(run, method), state.own) for run in runs]
    return lambda x: (
        sum((rational(predict(x), where=f"prediction at {x}") for predict in learned), Fraction(0)) / len(learned)
    )


def _orders(batch: Sequence[Bits]) -> int:
    return factorial(len(batch)) // prod(map(factorial, Counter(batch).values()))


def _sample(batches: Sequence[tuple[Bits, ...]], method: SampleMethod) -> tuple[Point, ...]:
    return tuple(point(word) for batch in batches for word in batch)[: method.budget.m]
