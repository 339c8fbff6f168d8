"""Reductions to and from mini-batch queries (Theorems 2b and 2d, Lemma 2, footnote 10).

* 2b: kb samples are k batches; the exact batch means are valid answers.
* 2d: q answers to one query average to within tau/2 of the mean of qb samples, which is within tau/2 of the truth but
  for a chance 2 exp(-tau^2 b q / 8).
* Lemma 2: a query is the sum of a 1-query and a 0-query, each asked to tolerance tau/2, and the sum is clipped to
  [-1, 1] (E27).
* Footnote 10: the counts of p binary queries are the digits, to base b + 1, of one number.

>>> from dataclasses import replace
>>> from constructions.learning.learners import best_literal, query_conjunction
>>> asked = replace(query_conjunction(1, b=4, tau="1/8"), budget=SQ(k=4, tau=Fraction(1, 8)))
>>> averaged(asked, b=4, q=3).budget.k, averaged_by_label(asked, b=4, q=3).budget.k
(12, 24)
>>> packed_top(2, 2), packed(best_literal(1, b=2, tau="1/8"), tau=Fraction(1, 17)).budget
(8, BSQ(k=2, tau=Fraction(1, 17), b=2, p=1, r=0, alternating=True))
"""

from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any, cast

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations import rounding
from constructions.foundations.exact import Number, exact, rational, whole
from constructions.foundations.loading import loaded_when_used
from constructions.learning import models, tails
from constructions.learning.models import BSQ, PAC, SQ, Answers, Query, QueryMethod, SampleMethod, Simulation, State
from constructions.learning.oracles import answered
from constructions.learning.problems import Bits, Point, Predictor

with loaded_when_used(__name__):
    import sympy

HOEFFDING = 8  # 4k exp(-tau^2 b q / 8) <= delta


def theorem_2b() -> Simulation[QueryMethod, SampleMethod]:
    """PAC(kb, r) does what bSQ(k, tau, b, p, r) does, with delta = 0.

    >>> theorem_2b().budget(BSQ(k=3, tau=Fraction(1, 8), b=4, p=2, r=1))
    PAC(m=12, r=1)
    """

    def reduce(method: QueryMethod) -> SampleMethod:
        budget = method.budget
        if not isinstance(budget, BSQ):
            raise ConstructionError(f"need a bSQ method, got one with the budget {budget}")

        def learn(sample: tuple[Point, ...], bits: Bits) -> Predictor:
            return answered(method, [batch_of(sample, t, budget.b) for t in range(budget.k)], bits)

        return SampleMethod(n=method.n, budget=count(budget), learn=learn)

    def count(budget: BSQ) -> PAC:
        return PAC(m=budget.k * budget.b, r=budget.r)

    return Simulation(name="Theorem 2b", delta=Fraction(0), budget=count, printed=count, reduce=reduce)


def batch_of(sample: tuple[Point, ...], t: Number, b: Number) -> tuple[Point, ...]:
    """Batch number t, from 0, of a sample that is cut into batches of b points.

    >>> batch_of((((0,), 0), ((1,), 0), ((0,), 1), ((1,), 1)), 1, 2)
    (((0,), 1), ((1,), 1))
    """
    return sample[t * b : (t + 1) * b]


def unrounded_repeats(logarithm: Number, width: Number, constant: Number = HOEFFDING) -> Number:
    """How often a query is asked, before rounding up: ``constant`` ``logarithm`` / ``width``, that being b tau^2.

    >>> unrounded_repeats(Fraction(3), Fraction(2))
    Fraction(12, 1)
    """
    return constant * logarithm / width


def repeats(queries: int, *, delta: Number, b: int, tau: Number, constant: int = HOEFFDING, inside: int = 4) -> int:
    """How often each query is asked: ceil(constant log(inside queries / delta) / (b tau^2)).

    The paper's statement has log(queries/delta), inside = 1, which is 0 for one query and delta = 1 (E15).

    Raises
    ------
    PremiseError
        For delta or tau that is not above 0.

    >>> repeats(1, delta=Fraction(1, 8), b=7, tau=1), repeats(1, delta=1, b=7, tau=1, inside=1)
    (4, 0)
    """
    if not queries:
        return 0
    share, each, size = rational(delta, where="delta"), rational(tau, where="tau"), whole(b, where="b", least=1)
    width = rational(tails.batch_width(size, each), where="width")
    if share <= 0 or width <= 0:
        raise PremiseError(f"need delta > 0 and tau > 0, got delta={share}, tau={tau}")
    log = sympy.log(sympy.Rational(*(inside * queries / share).as_integer_ratio()))
    return int(sympy.ceiling(unrounded_repeats(log, sympy.Rational(width.numerator, width.denominator), constant)))


def theorem_2d(*, b: int, delta: Number) -> Simulation[QueryMethod, QueryMethod]:
    """bSQ(kq, tau/2, b, 1, r) does what SQ(k, tau, r) does up to delta, q = ceil(8 log(4k/delta) / (b tau^2)).

    Assumes predictions in [-1, 1] and Hoeffding's inequality. The error is the nested one (E16).

    Raises
    ------
    PremiseError
        Unless 0 < delta <= 1/8 and, when a budget is asked for, tau > 0.
    ConstructionError
        When it is used, for another method than an SQ method of one query a round.

    >>> theorem_2d(b=7, delta=Fraction(1, 8)).budget(SQ(k=1, tau=Fraction(1))).k
    4
    """
    share = _below_one_eighth(delta)

    def count(budget: SQ) -> BSQ:
        q = repeats(budget.k, delta=share, b=b, tau=budget.tau)
        return BSQ(k=budget.k * q, tau=budget.tau / 2, b=b, p=1, r=budget.r)

    def reduce(method: QueryMethod) -> QueryMethod:
        budget = _scalar(method)
        return averaged(method, b=b, q=repeats(budget.k, delta=share, b=b, tau=budget.tau))

    return Simulation(
        name="Theorem 2d", delta=share, budget=count, printed=count, reduce=reduce, assumes=(tails.HOEFFDING,)
    )


def averaged(method: QueryMethod, *, b: int, q: int) -> QueryMethod:
    """Ask each query of an SQ method in q rounds, each over b samples, and go on with the mean answer. Raises
    ConstructionError for another method than one of one query a round.

    The cells are the two ends of what is valid: they stand for all answers if the method compares each answer with one
    threshold.
    """
    budget = _scalar(method)

    def after(state: State, answers: Answers) -> State:
        inner, asked, total = cast("tuple[State, int, Fraction]", state)
        asked, total = asked + 1, total + answers[0]
        return (inner, asked, total) if asked < q else (method.after(inner, (total / q,)), 0, Fraction(0))

    return QueryMethod(
        n=method.n,
        budget=BSQ(k=budget.k * q, tau=budget.tau / 2, b=b, p=1, r=budget.r),
        start=lambda bits: (method.start(bits), 0, Fraction(0)),
        query=lambda state: method.query(cast(Any, state)[0]),
        after=after,
        predictor=lambda state: method.predictor(cast(Any, state)[0]),
        cells=None if method.cells is None else ends,
    )


def split(*, clip: bool = True) -> Simulation[QueryMethod, QueryMethod]:
    """SQ0/1(2k, tau/2, r) does what SQ(k, tau, r) does: a 1-query y Phi and a 0-query (1 - y) Phi for each Phi, delta =
    0.

    Without ``clip`` the method may be given an answer above 1 (E27).

    Raises
    ------
    ConstructionError
        When it is used, for another method than one of one query a round.

    >>> split().budget(SQ(k=3, tau=Fraction(1, 4)))
    SQ(k=6, tau=Fraction(1, 8), r=0, alternating=True, p=1)
    """

    def reduce(method: QueryMethod) -> QueryMethod:
        budget = _scalar(method)

        def after(state: State, answers: Answers) -> State:
            inner, first = cast("tuple[State, Fraction | None]", state)
            return (
                (inner, answers[0])
                if first is None
                else (method.after(inner, (joined(first, answers[0], clip=clip),)), None)
            )

        return QueryMethod(
            n=method.n,
            budget=count(budget),
            start=lambda bits: (method.start(bits), None),
            after=after,
            query=lambda state: half(method.query(cast(Any, state)[0]), 1 if cast(Any, state)[1] is None else 0),
            predictor=lambda state: method.predictor(cast(Any, state)[0]),
            cells=None if method.cells is None else ends,
        )

    count = models.split_by_label
    return Simulation(name="Lemma 2, first part", delta=Fraction(0), budget=count, printed=count, reduce=reduce)


def lemma_2(*, b: int, delta: Number) -> Simulation[QueryMethod, QueryMethod]:
    """bSQ0/1(2kq, tau/4, b, 1, r) does what SQ(k, tau, r) does up to delta, q = ceil(32 log(8k/delta) / (b tau^2))
    (E14).

    The 1-query of a pair is asked in q odd rounds, its 0-query in the even rounds between them: neither depends on the
    other.

    Raises
    ------
    PremiseError
        Unless 0 < delta <= 1/8 and, when a budget is asked for, tau > 0.
    ConstructionError
        When it is used, for another method than an SQ method of one query a round.

    >>> lemma_2(b=48, delta=Fraction(1, 8)).budget(SQ(k=1, tau=Fraction(1))).k
    6
    """
    share = _below_one_eighth(delta)

    def often(budget: SQ) -> int:
        parts = models.split_by_label(budget)
        return repeats(parts.k, delta=share, b=b, tau=parts.tau)

    def count(budget: SQ) -> BSQ:
        return models.asked_by_label(budget, often(budget), b)

    def printed(budget: SQ) -> BSQ:
        q = repeats(budget.k, delta=share, b=b, tau=budget.tau, constant=4 * HOEFFDING, inside=1)
        return BSQ(k=budget.k * q, tau=budget.tau / 4, b=b, p=1, r=budget.r, alternating=True)

    return Simulation(
        name="Lemma 2",
        delta=share,
        budget=count,
        printed=printed,
        assumes=(tails.HOEFFDING,),
        reduce=lambda method: averaged_by_label(method, b=b, q=often(_scalar(method))),
    )


def averaged_by_label(method: QueryMethod, *, b: int, q: int) -> QueryMethod:
    """Ask each query of an SQ method on label 1 in q odd rounds and on label 0 in q even ones, each over b samples; go
    on with the clipped sum of the means. Raises ConstructionError for another method than one of one query a round."""
    budget = _scalar(method)

    def after(state: State, answers: Answers) -> State:
        inner, asked, total = cast("tuple[State, int, Fraction]", state)
        asked, total = asked + 1, total + answers[0]
        return (
            (inner, asked, total)
            if asked < 2 * q
            else (method.after(inner, (joined(total / q, Fraction(0)),)), 0, Fraction(0))
        )

    return QueryMethod(
        n=method.n,
        budget=BSQ(k=2 * budget.k * q, tau=budget.tau / 4, b=b, p=1, r=budget.r, alternating=True),
        start=lambda bits: (method.start(bits), 0, Fraction(0)),
        after=after,
        query=lambda state: half(method.query(cast(Any, state)[0]), 1 - cast(Any, state)[1] % 2),
        predictor=lambda state: method.predictor(cast(Any, state)[0]),
        cells=None if method.cells is None else ends,
    )


def half(query: Query, label: int) -> Query:
    """A query on the points of one label, 0 elsewhere.

    >>> [half(lambda x, y: (1,), 1)((), y) for y in (0, 1)]
    [(0,), (1,)]
    """
    return lambda x, y: tuple(value if y == label else 0 for value in query(x, y))


def joined(one: Number, zero: Number, *, clip: bool = True) -> Number:
    """The answer to a query from ``one``, that to its 1-query, and ``zero``, that to its 0-query: their sum, with
    ``clip`` held within [-1, 1].

    >>> joined(Fraction(3, 5), Fraction(3, 5)), joined(Fraction(3, 5), Fraction(3, 5), clip=False)
    (Fraction(1, 1), Fraction(6, 5))
    """
    total = exact(one, where="answer to the 1-query") + exact(zero, where="answer to the 0-query")
    return rounding.clip(total) if clip else total


def packing(*, tau: Number) -> Simulation[QueryMethod, QueryMethod]:
    """One real query to tolerance tau does what p binary ones do at any tolerance, if 2 tau ((b+1)^p - 1) < 1 (footnote
    10); delta = 0.

    >>> packing(tau=Fraction(1, 17)).budget(BSQ(k=3, tau=Fraction(1), b=2, p=2))
    BSQ(k=3, tau=Fraction(1, 17), b=2, p=1, r=0, alternating=False)
    """
    tolerance = rational(tau, where="tau")

    def count(budget: BSQ) -> BSQ:
        return BSQ(k=budget.k, tau=tolerance, b=budget.b, p=1, r=budget.r, alternating=budget.alternating)

    def reduce(method: QueryMethod) -> QueryMethod:
        budget = method.budget
        if not isinstance(budget, BSQ):
            raise ConstructionError(f"need a bSQ method, got one with the budget {budget}")
        top = packed_top(budget.b, whole(budget.p, where="p, the queries to pack", least=1))
        if not 2 * tolerance * top < 1:
            raise PremiseError(f"need 2 tau ((b+1)^p - 1) < 1, got 2 * {tolerance} * {top} = {2 * tolerance * top}")
        return packed(method, tau=tolerance)

    return Simulation(name="footnote 10", delta=Fraction(0), budget=count, reduce=reduce)


def packed_top(b: int, p: int) -> int:
    """The largest number of p digits to base b + 1."""
    return int((b + 1) ** p) - 1


def packed(method: QueryMethod, *, tau: Fraction) -> QueryMethod:
    """Each round's p binary queries of a method as one real query, asked to tolerance tau, its answer decoded to the
    exact means; no premise is checked."""
    budget = cast(BSQ, method.budget)
    b, p, top = budget.b, budget.p, packed_top(budget.b, budget.p)

    def query(state: State) -> Query:
        inner = method.query(state)

        def one(x: Bits, y: int) -> tuple[Fraction]:
            values = inner(x, y)
            if any(value not in (0, 1) for value in values):
                raise ConstructionError(
                    f"need binary queries to pack, got {[str(value) for value in values]}, at {(x, y)}"
                )
            return (Fraction(sum(b * int(value) * (b + 1) ** j for j, value in enumerate(values)), top),)

        return one

    def after(state: State, answers: Answers) -> State:
        code = decoded(answers[0], top)
        return method.after(state, tuple(Fraction(code // (b + 1) ** j % (b + 1), b) for j in range(p)))

    return QueryMethod(
        n=method.n,
        budget=BSQ(k=budget.k, tau=tau, b=b, p=1, r=budget.r, alternating=budget.alternating),
        start=method.start,
        query=query,
        after=after,
        predictor=method.predictor,
        cells=readings(top),
        fresh=method.fresh,
        refill=method.refill,
    )


def decoded(answer: Fraction, parts: int) -> int:
    """The multiple of 1/parts in [0, 1] that is nearest to an answer, as a number of parts; the upper one on a tie.

    >>> [decoded(Fraction(v, 8), 2) for v in range(-1, 10)]
    [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    """
    return max(0, min(parts, floor(answer * parts + Fraction(1, 2))))


def readings(parts: int) -> Any:
    """The cells of a method that decodes its answer: one valid answer for every number that can be read.

    >>> [len(readings(2)(None, (Fraction(1, 2),), Fraction(tau, 8))) for tau in (1, 2, 4)]
    [1, 2, 3]
    """

    def cells(state: State, means: Answers, tau: Fraction) -> list[Answers]:
        low, high = (answer for (answer,) in ends(state, means, tau))
        around = range(floor(low * parts), ceil(high * parts) + 1)
        found = {decoded(v, parts): v for v in (max(low, min(high, Fraction(j, parts))) for j in around)}
        return [(v,) for v in found.values()]

    return cells


def ends(state: State, means: Answers, tau: Fraction) -> list[Answers]:
    """The two ends of what is valid, in [-1, 1]: the first of the means less and plus tau, whatever the state.

    >>> [str(end) for (end,) in ends(None, (Fraction(1, 2),), Fraction(1, 8))]
    ['3/8', '5/8']
    """
    return list(_ends(means[0], tau))


@lru_cache(maxsize=4096, typed=True)
def _ends(mean: Fraction, tau: Fraction) -> tuple[Answers, Answers]:
    return (max(mean - tau, Fraction(-1)),), (min(mean + tau, Fraction(1)),)


def _scalar(method: QueryMethod) -> SQ:
    if not isinstance(method.budget, SQ) or method.budget.p != 1:
        raise ConstructionError(
            f"need an SQ method that asks one query a round, got one with the budget {method.budget}"
        )
    return method.budget


def _below_one_eighth(delta: Number) -> Fraction:
    share = rational(delta, where="delta")
    if not 0 < share <= Fraction(1, 8):
        raise PremiseError(f"need 0 < delta <= 1/8 (above, the constant 1/2 will do), got delta={share}")
    return share
