"""The hybrid of Section 6: batches are drawn with replacement from a fixed training set of M points of the source.

Given the training set S, its draws are independent and uniform over the M places of S, which is a source like any
other. So Theorems 1a, 1d and 1c are used with this source, and here is what S itself costs. For Theorem 1a the m
samples that are extracted are m samples of D unless some place is drawn twice, which has a chance of at most m(m - 1)
/ (2M). For Theorems 1d and 1c the queries about S are those of fbSQ, with M points in its one batch: Lemma 5d makes
them of queries about D, and Lemma 5c queries about D of them. The loss is on D throughout.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import count as count_up
from itertools import product
from math import prod
from random import Random
from typing import Any, cast

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number, whole
from constructions.foundations.logic import Formula
from constructions.learning.models import FBSQ, PAC, SQ, QueryMethod, SampleMethod, Simulation, of_samples
from constructions.learning.problems import Bits, Point, Predictor, Source, Table, empirical
from constructions.models.simulations import theorem_1d
from constructions.reductions.cells import lemma_5d
from constructions.reductions.descent_by_source import theorem_1c
from constructions.reductions.queries_alone import MOST_LOSS, lemma_5c, with_predictions_clipped


def training_set(source: Source, size: int, random: Random) -> Table:
    """The uniform distribution over a training set of ``size`` independent samples of a source.

    Parameters
    ----------
    random : where the samples come from.

    Raises
    ------
    ConstructionError
        For an empty set.

    >>> from constructions.learning.problems import uniform
    >>> held = training_set(uniform(2, lambda x: x[0]), 8, Random(1))
    >>> sum(held.table.values()), {8 % mass.denominator for mass in held.table.values()}
    (Fraction(1, 1), {0})
    """
    return empirical(source.batch(whole(size, where="training set", least=1), random))


def pairs_of(m: Number) -> Number:
    """How many pairs there are of m draws.

    >>> pairs_of(4)
    Fraction(6, 1)
    """
    return m * (m - 1) * Fraction(1, 2)


def lost_by_repeats(m: int, size: int) -> Fraction:
    """The most error that a sample of ``m`` draws from a training set of ``size`` points adds: a pair of draws is one
    place with a chance of 1/M, and a repeat costs at most 1/2.

    >>> lost_by_repeats(20, 1900), lost_by_repeats(1, 5)
    (Fraction(1, 20), Fraction(0, 1))
    """
    return Fraction(pairs_of(m)) * MOST_LOSS / size


def is_large(m: Number, size: Number, delta: Number) -> Formula:
    """Whether a training set of ``size`` points is so large that ``m`` draws from it cost at most ``delta``: m(m - 1)
    <= 4 M delta.

    >>> is_large(20, 1900, Fraction(1, 20)), is_large(20, 1899, Fraction(1, 20))
    (True, False)
    """
    return MOST_LOSS * pairs_of(m) <= size * delta


def enough_for_samples(m: int, delta: Fraction) -> int:
    """The least size of a training set from which ``m`` draws cost at most ``delta``.

    >>> enough_for_samples(20, Fraction(1, 20))
    1900
    """
    return max(1, -(-Fraction(pairs_of(m)) * MOST_LOSS // delta))


def drawn_again(*, size: int, delta: Fraction) -> Simulation[Any, Any]:
    """PAC(m, r) on m draws with replacement from a training set of ``size`` points does what PAC(m, r) does up to
    ``delta``, if m(m - 1) <= 4 M delta: the method itself, with its predictions held within [0, 1].

    Raises
    ------
    PremiseError
        When it is used, for a set that is too small.

    >>> drawn_again(size=1900, delta=Fraction(1, 20)).budget(PAC(m=20, r=3))
    PAC(m=20, r=3)
    """

    def count(budget: PAC) -> PAC:
        if not is_large(budget.m, size, delta):
            raise PremiseError(
                f"need m(m - 1) <= 4 M delta, got m = {budget.m}, M = {size}, delta = {delta}: M must be at least "
                f"{enough_for_samples(budget.m, delta) if delta > 0 else 'infinite'}"
            )
        return budget

    def reduce(method: SampleMethod) -> SampleMethod:
        inner = of_samples(method)

        def learn(sample: tuple[Point, ...], bits: Bits) -> Predictor:
            return with_predictions_clipped(inner.learn(sample, bits))

        return replace(inner, learn=learn, learn_all=None)

    return Simulation(name="a training set", delta=delta, budget=count, printed=count, reduce=cast(Any, reduce))


def still_missed(chance: Number, share: Number) -> Number:
    """The chance that a place of the training set was missed by all draws, after one draw more.

    Parameters
    ----------
    chance : that it was missed by those before. share : that one draw misses it, 1 - 1/M.

    >>> still_missed(Fraction(3, 4), Fraction(3, 4))
    Fraction(9, 16)
    """
    return chance * share


def lost_if_missed(chance: Number, size: Number) -> Number:
    """The most error that it adds if each of the ``size`` places of a training set may be missed with a ``chance``.

    >>> lost_if_missed(Fraction(1, 8), 2)
    Fraction(1, 8)
    """
    return size * chance * MOST_LOSS


def lost_by_missing(draws: int, size: int) -> Fraction:
    """The most error that it adds to learn from the distinct points of ``draws`` draws in place of all ``size`` of a
    training set: M (1 - 1/M)^K for the chance that some place is missed, times 1/2.

    >>> lost_by_missing(3, 2), lost_by_missing(0, 1)
    (Fraction(1, 8), Fraction(1, 2))
    """
    chance = Fraction(1)
    for _ in range(draws):
        chance = still_missed(chance, 1 - Fraction(1, size))
    return Fraction(lost_if_missed(chance, size))


def enough_to_miss_none(size: int, delta: Fraction) -> int:
    """The least number of draws after which a missed place of a training set costs at most ``delta`` > 0; at most M
    ln(M/(2 delta)), rounded up.

    >>> enough_to_miss_none(20, Fraction(1, 20)), enough_to_miss_none(1, Fraction(1, 20))
    (104, 1)
    """
    return next(draws for draws in count_up() if lost_by_missing(draws, size) <= delta)


def all_read(*, size: int, delta: Fraction) -> Simulation[Any, Any]:
    """PAC(K, r) on draws with replacement from a training set of ``size`` points does up to ``delta`` what PAC(M, r)
    does that learns from the set itself and minds neither the order of its sample nor how often a point is in it: K is
    the least with M (1 - 1/M)^K <= 2 delta.

    Raises
    ------
    PremiseError
        Unless delta > 0; and when it is used, for a method with another number of samples than the set has.

    >>> all_read(size=20, delta=Fraction(1, 20)).budget(PAC(m=20, r=3))
    PAC(m=104, r=3)
    """
    if delta <= 0:
        raise PremiseError(f"need delta > 0, got delta = {delta}")
    draws = enough_to_miss_none(size, delta)

    def count(budget: PAC) -> PAC:
        if budget.m != size:
            raise PremiseError(f"need a method on all M = {size} points of the training set, got one on m = {budget.m}")
        return PAC(m=draws, r=budget.r)

    def reduce(method: SampleMethod) -> SampleMethod:
        inner = of_samples(method)

        def learn(sample: tuple[Point, ...], bits: Bits) -> Predictor:
            return with_predictions_clipped(inner.learn(tuple(dict.fromkeys(sample)), bits))

        return replace(inner, budget=count(inner.budget), learn=learn, learn_all=None)

    return Simulation(name="a training set read", delta=delta, budget=count, printed=count, reduce=cast(Any, reduce))


def exact_error(method: SampleMethod, source: Source, size: int) -> Fraction:
    """The exact mean loss on a source of what a ``method`` learns from its m draws from a training set of ``size``
    samples, over all training sets, all draws and all random bits; for very small numbers only.

    >>> from constructions.learning.learners import memoriser
    >>> from constructions.learning.problems import uniform
    >>> [str(exact_error(memoriser(1, 2), uniform(1, lambda x: x[0]), size)) for size in (1, 2, 9)]
    ['1/16', '3/64', '5/144']
    """
    masses, total = list(source.masses()), Fraction(0)
    budget = method.budget
    for drawn in product(masses, repeat=size):
        chance = prod((mass for _, mass in drawn), start=Fraction(1))
        for places in product(range(size), repeat=budget.m):
            sample = tuple(drawn[place][0] for place in places)
            bits = product((0, 1), repeat=budget.r)
            losses = (source.loss(method.learn(sample, each)) for each in bits)
            total += chance * sum(losses, Fraction(0)) / (size**budget.m * 2**budget.r)
    return total


def about_the_set() -> Simulation[Any, Any]:
    """A method that asks about one batch, as one that asks about the source which draws from this batch, with delta =
    0: the answers that are valid for it are the same.

    >>> about_the_set().budget(FBSQ(k=3, tau=Fraction(1, 4), m=900, p=2, r=2))
    SQ(k=3, tau=Fraction(1, 4), r=2, alternating=False, p=2)
    """
    return _read_as(
        "the set as a source", FBSQ, lambda b: SQ(k=b.k, tau=b.tau, r=b.r, p=b.p, alternating=b.alternating)
    )


def about_one_batch(size: int) -> Simulation[Any, Any]:
    """A method that asks about the source which draws from ``size`` points, as one that asks about one batch of so
    many, with delta = 0.

    >>> about_one_batch(900).budget(SQ(k=3, tau=Fraction(1, 4), r=2))
    FBSQ(k=3, tau=Fraction(1, 4), m=900, p=1, r=2, alternating=False)
    """
    return _read_as(
        "the source as a set", SQ, lambda b: FBSQ(k=b.k, tau=b.tau, m=size, p=b.p, r=b.r, alternating=b.alternating)
    )


def _read_as(name: str, kind: type, count: Callable[[Any], Any]) -> Simulation[Any, Any]:
    def reduce(method: QueryMethod) -> QueryMethod:
        if not isinstance(method.budget, kind):
            raise ConstructionError(f"need a method with the budget {kind.__name__}, got {method.budget}, at {name}")
        return replace(method, budget=count(method.budget))

    return Simulation(name=name, delta=Fraction(0), budget=count, printed=count, reduce=reduce)


def hybrid_1d(
    *, size: int, b: int, delta: Fraction, set_delta: Fraction, rho: Fraction | None = None
) -> Simulation[Any, Any]:
    """Theorem 1d on a training set: bSGD whose batches are drawn with replacement from M points does what SQ(k, tau, r)
    does up to delta + set_delta, for rho < tau/6, if (4^k - 1)/3 exp(-M tau^2/32) <= set_delta: Lemma 5d for the set,
    then Theorem 1d for its batches, to tolerance tau/2.

    Parameters
    ----------
    size : M. b, rho : the batch size and the precision of gradients (tau/32 if it is not given).
    delta, set_delta : for the batches, and for the training set.

    Raises
    ------
    PremiseError
        Unless 0 < delta <= 1/8 and set_delta > 0; when it is used, for a set that is too small or a rho that is too
        large.

    >>> F = Fraction
    >>> hybrid_1d(size=900, b=48, delta=F(1, 8), set_delta=F(1, 20)).budget(SQ(k=1, tau=F(1)))
    BSGD(steps=24, rho=Fraction(1, 32), b=48, p=48, r=0)
    """
    first: Simulation[Any, Any] = cast(Any, lemma_5d(m=size, delta=set_delta))
    return first.then(about_the_set()).then(theorem_1d(b=b, delta=delta, rho=rho))


def hybrid_3c(
    *, size: int, delta: Number, set_delta: Number, slack: Number = Fraction(0)
) -> Simulation[Any, QueryMethod]:
    """Theorems 1c and 3c on a training set: SQ(Tp, rho/16, r) does what bSGD(T, rho, b, p, r) does whose batches are
    drawn with replacement from M points, up to delta + set_delta, if b rho^2 >= 128 log(Tp/delta) and M rho^2 >= 512
    log(Tp/set_delta): Theorem 1c for the batches, then Lemma 5c for the set. With a ``slack`` of the gradients the
    tolerance is (rho/4 - slack)/4.

    Parameters
    ----------
    size : M. delta, set_delta : for the batches, and for the training set.

    Raises
    ------
    PremiseError
        Unless both are above 0; when it is used, for batches or a set that is too small.

    >>> from constructions.learning.descent_methods import BSGD
    >>> F = Fraction
    >>> hybrid_3c(size=4 * 10**5, delta=F(1, 20), set_delta=F(1, 20)).budget(BSGD(steps=5, rho=F(1, 8), b=10**5, p=3))
    SQ(k=15, tau=Fraction(1, 128), r=0, alternating=False, p=1)
    """
    first: Simulation[Any, Any] = theorem_1c(delta=delta, slack=slack)
    return first.then(about_one_batch(size)).then(cast(Any, lemma_5c(delta=set_delta)))
