"""Answers held to a grid: SQ by one batch, or by batches that an adversary knows in advance (Lemmas 5d and 7; Theorem
2d and Lemma 2 in the reading E[sup]).

Here the answer to a query may depend on the batch of a later one, and steer the next query. So no single query is fixed
before the batches are drawn, and a union bound over k queries proves nothing (E16). But A' hands on only multiples of
tau/2. As long as the batch means are within tau/4 of those over the source, an answer is within 3 tau/4 of the truth:
an interval of three cells of the grid, which meets four at most. So from the random string on there is a *tree* of
queries, fixed before the batches: at most four branches at each query, (4^k - 1)/3 queries in all. If none of their
batch means strays by more than tau/4, every run of A' is one of A with valid answers. Hence

    err(A') <= err(A) + (4^k - 1)/3 exp(-m tau^2 / 32),

with predictions held within [0, 1]. The paper counts (4/tau + 1)^k answers, and its statement has log(1/tau) where its
proof needs log(4/tau + 1), which is above 1.6 where log(1/tau) is 0 (E17).

>>> from constructions.reductions.bsq import repeats
>>> reachable(3), enough_in_one_batch(3, tau=Fraction(1, 2), delta=Fraction(1, 20))
(21, 774)
>>> printed_in_one_batch(3, tau=Fraction(1, 2), delta=Fraction(1, 20))
1405
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, cast

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.spelling import in_digits
from constructions.learning import tails
from constructions.learning.models import BSQ, FBSQ, SQ, Answers, Cells, Query, QueryMethod, Simulation, State
from constructions.learning.oracles import nearest_multiple, to_grid, within_range
from constructions.learning.problems import Bits, Predictor
from constructions.reductions.bsq import averaged, averaged_by_label, repeats, split
from constructions.reductions.queries_alone import above_zero, added_loss, with_predictions_clipped

with loaded_when_used(__name__):
    import sympy

BRANCHES = 4
"""The most multiples of tau/2 that an answer within 3 tau/4 of the truth can be held to."""
IN_CELLS = 32  # (4^k - 1)/3 exp(-tau^2 m / 32) <= delta
BY_LABEL_IN_CELLS = 64


def grid_step(tau: Number) -> Number:
    """How far apart the answers are that A' hands on to a method with this tolerance.

    >>> grid_step(Fraction(1, 4))
    Fraction(1, 8)
    """
    return tau / 2


def may_stray(tau: Number) -> Number:
    """How far a batch mean may be from the mean over the source.

    >>> may_stray(Fraction(1, 4))
    Fraction(1, 16)
    """
    return tau / 4


def branches(truth: Number, tau: Number) -> tuple[Number, ...]:
    """The answers that can be handed on if a query has this mean over the source, and no batch mean strays.

    Parameters
    ----------
    truth : the mean. tau : the tolerance.

    >>> [str(answer) for answer in branches(Fraction(1, 3), Fraction(1, 4))]
    ['1/8', '1/4', '3/8', '1/2']
    """
    step = grid_step(tau)
    lowest = nearest_multiple(truth - tau / 2 - may_stray(tau), step)
    return tuple(within_range((lowest + c) * step) for c in range(BRANCHES))


def queries_of(leaves: Number) -> Number:
    """The queries of a tree in which four branches leave each query, with so many ``leaves``.

    >>> queries_of(Fraction(16))
    Fraction(5, 1)
    """
    return (leaves - 1) / (BRANCHES - 1)


def reachable(k: int) -> int:
    """The queries of a tree with four branches at each of k levels.

    >>> [reachable(k) for k in range(4)]
    [0, 1, 5, 21]
    """
    return int(queries_of(Fraction(BRANCHES**k)))


@dataclass(frozen=True, slots=True)
class InCells:
    """The functions of a method that holds each answer to the grid before it goes on.

    Parameters
    ----------
    method : any SQ method.
    """

    method: Any

    def start(self, bits: Bits) -> State:
        """The method's own start, from its random ``bits``."""
        return self.method.start(bits)  # type: ignore[no-any-return]

    def query(self, state: State) -> Query:
        """The method's own query."""
        return self.method.query(state)  # type: ignore[no-any-return]

    def after(self, state: State, answers: Answers) -> State:
        """The method's next state by the nearest point of the grid to the first of the ``answers``."""
        return self.method.after(state, (to_grid(answers[0], grid_step(self.method.budget.tau)),))  # type: ignore[no-any-return]

    def predictor(self, state: State) -> Predictor:
        """What the method returns, held within [0, 1]."""
        return with_predictions_clipped(self.method.predictor(state))


def in_cells(method: QueryMethod) -> QueryMethod:
    """An SQ method that holds its answers to multiples of tau/2, and its predictions within [0, 1].

    Raises
    ------
    ConstructionError
        For another method than an SQ one of one query a round.

    >>> from constructions.learning.learners import query_conjunction
    >>> method = query_conjunction(1, b=4, tau="1/8")
    >>> in_cells(replace(method, budget=SQ(k=4, tau=Fraction(1, 8)))).budget.k
    4
    """
    budget, steps = method.budget, InCells(method)
    if not isinstance(budget, SQ) or budget.p != 1:
        raise ConstructionError(f"need an SQ method that asks one query a round, got one with the budget {budget}")
    return QueryMethod(
        n=method.n,
        budget=budget,
        start=steps.start,
        query=steps.query,
        after=steps.after,
        predictor=steps.predictor,
        cells=on_grid(grid_step(budget.tau)) if budget.tau else None,
    )


def on_grid(step: Fraction, first: Callable[[State], Fraction | None] = lambda state: Fraction(0)) -> Cells:
    """The cells of a method that holds its answers to a grid: one valid answer for each point that can be reached.

    Parameters
    ----------
    step : that of the grid. first : what is added to the answer before; None if it is only kept for the next round.

    >>> [str(answer) for (answer,) in on_grid(Fraction(1, 2))(None, (Fraction(1, 8),), Fraction(1, 2))]
    ['-3/8', '0', '5/8']
    """

    def cells(state: State, means: Answers, tau: Fraction) -> list[Answers]:
        low, high = (within_range(means[0] + end) for end in (-tau, tau))
        before = first(state)
        if before is None:
            return [(low,), (within_range(means[0]),), (high,)]
        sums = range(nearest_multiple(low + before, step), nearest_multiple(high + before, step) + 1)
        reached = (max(low, min(high, j * step - before)) for j in sums)
        return [(v,) for v in {to_grid(within_range(v + before), step): v for v in (low, *reached, high)}.values()]

    return cells


def lemma_5d(*, m: int, delta: Number) -> Simulation[QueryMethod, QueryMethod]:
    """fbSQ(k, tau/2, m, 1, r) does what SQ(k, tau, r) does up to delta, if (4^k - 1)/3 exp(-m tau^2/32) <= delta.

    The answers may depend on the whole batch, and nothing is presupposed of the predictions. Rests on Hoeffding's
    inequality.

    Raises
    ------
    PremiseError
        Unless delta > 0; and when it is used, for a batch that is too small.
    ConstructionError
        When it is used, for another method than an SQ method of one query a round.

    >>> lemma_5d(m=900, delta=Fraction(1, 20)).budget(SQ(k=3, tau=Fraction(1, 2), r=2))
    FBSQ(k=3, tau=Fraction(1, 4), m=900, p=1, r=2, alternating=False)
    """

    def count(budget: SQ) -> FBSQ:
        return FBSQ(k=budget.k, tau=budget.tau / 2, m=m, p=1, r=budget.r)

    def reduce(method: QueryMethod) -> QueryMethod:
        return replace(in_cells(method), budget=count(cast(SQ, method.budget)))

    return _by_one_batch("Lemma 5d", m, delta, count, reduce)


def lemma_7(*, m: int, delta: Number) -> Simulation[QueryMethod, QueryMethod]:
    """fbSQ0/1(2k, tau/4, m, 1, r) does what SQ(k, tau, r) does up to delta, if (4^k - 1)/3 exp(-m tau^2/32) <= delta.

    Both halves of a query are asked about the same batch, so the sum of their means is the mean of the query: it alone
    must not stray, and the batch may be as small as for Lemma 5d.

    Raises
    ------
    PremiseError
        Unless delta > 0; and when it is used, for a batch that is too small.
    ConstructionError
        When it is used, for another method than an SQ method of one query a round.

    >>> lemma_7(m=900, delta=Fraction(1, 20)).budget(SQ(k=3, tau=Fraction(1, 2), r=2))
    FBSQ(k=6, tau=Fraction(1, 8), m=900, p=1, r=2, alternating=True)
    """

    def count(budget: SQ) -> FBSQ:
        return FBSQ(k=2 * budget.k, tau=budget.tau / 4, m=m, p=1, r=budget.r, alternating=True)

    def reduce(method: QueryMethod) -> QueryMethod:
        halves = split()(in_cells(method))
        cells = on_grid(grid_step(method.budget.tau), lambda state: cast(Any, state)[1])
        return replace(halves, budget=count(cast(SQ, method.budget)), cells=cells)

    return _by_one_batch("Lemma 7", m, delta, count, reduce)


def theorem_2d_ahead(*, b: int, delta: Number) -> Simulation[QueryMethod, QueryMethod]:
    """bSQ(kq, tau/2, b, 1, r) does what SQ(k, tau, r) does up to delta, even if the answers look ahead at all batches,
    with q = ceil(32 log((4^k - 1)/(3 delta)) / (b tau^2)).

    Raises
    ------
    PremiseError
        Unless delta > 0; and when a budget is asked for, unless tau > 0.
    ConstructionError
        When it is used, for another method than an SQ method of one query a round.

    >>> theorem_2d_ahead(b=64, delta=Fraction(1, 20)).budget(SQ(k=3, tau=Fraction(1, 2)))
    BSQ(k=39, tau=Fraction(1, 4), b=64, p=1, r=0, alternating=False)
    """
    share = above_zero(delta)

    def count(budget: SQ) -> BSQ:
        return BSQ(k=budget.k * often_ahead(budget, b=b, delta=share), tau=budget.tau / 2, b=b, p=1, r=budget.r)

    def reduce(method: QueryMethod) -> QueryMethod:
        return averaged(in_cells(method), b=b, q=often_ahead(cast(SQ, method.budget), b=b, delta=share))

    return _ahead("Theorem 2d, answers that look ahead", share, count, reduce)


def lemma_2_ahead(*, b: int, delta: Number) -> Simulation[QueryMethod, QueryMethod]:
    """bSQ0/1(2kq, tau/4, b, 1, r) does what SQ(k, tau, r) does up to delta, even if the answers look ahead at all
    batches, with q = ceil(64 log((4^k - 1)/(3 delta)) / (b tau^2)).

    The two halves of a query are averaged over batches of their own. Half of the sum of the two means is one mean of
    2qb independent values.

    Raises
    ------
    PremiseError
        Unless delta > 0; and when a budget is asked for, unless tau > 0.
    ConstructionError
        When it is used, for another method than an SQ method of one query a round.

    >>> lemma_2_ahead(b=64, delta=Fraction(1, 20)).budget(SQ(k=3, tau=Fraction(1, 2)))
    BSQ(k=150, tau=Fraction(1, 8), b=64, p=1, r=0, alternating=True)
    """
    share = above_zero(delta)

    def count(budget: SQ) -> BSQ:
        q = often_ahead(budget, b=b, delta=share, by_label=True)
        return BSQ(k=2 * budget.k * q, tau=budget.tau / 4, b=b, p=1, r=budget.r, alternating=True)

    def reduce(method: QueryMethod) -> QueryMethod:
        q = often_ahead(cast(SQ, method.budget), b=b, delta=share, by_label=True)
        return averaged_by_label(in_cells(method), b=b, q=q)

    return _ahead("Lemma 2, answers that look ahead", share, count, reduce)


def often_ahead(budget: SQ, *, b: int, delta: Number, by_label: bool = False) -> int:
    """How often each query of a method is asked if answers may look ahead; at least once.

    Parameters
    ----------
    budget : the method's. b, delta : the batch size, and the loss in error.
    by_label : whether each half is asked by itself, so often.

    >>> often_ahead(SQ(k=3, tau=Fraction(1, 2)), b=64, delta=Fraction(1, 20))
    13
    """
    constant = BY_LABEL_IN_CELLS if by_label else IN_CELLS
    return max(1, repeats(reachable(budget.k), delta=delta, b=b, tau=budget.tau, constant=constant, inside=1))


def enough_in_one_batch(k: int, *, tau: Number, delta: Number) -> int:
    """How many points one batch needs for Lemmas 5d and 7, for k queries to tolerance ``tau`` at the cost ``delta``.

    >>> enough_in_one_batch(1, tau=Fraction(1, 2), delta=Fraction(1, 20))
    384
    """
    return max(1, repeats(reachable(k), delta=delta, b=1, tau=tau, constant=IN_CELLS, inside=1))


def printed_in_one_batch(k: int, *, tau: Number, delta: Number) -> int:
    """The points that the paper's proof of Lemma 5d asks for: 32 (k log(4/tau + 1) + log(4/delta)) / tau^2, rounded up,
    for k queries to tolerance ``tau`` at the cost ``delta``. Raises PremiseError unless both are above 0.

    >>> printed_in_one_batch(1, tau=Fraction(1, 2), delta=Fraction(1, 20))
    843
    """
    width, share = rational(tau, where="tau"), above_zero(delta)
    if width <= 0:
        raise PremiseError(f"need tau > 0, got tau={width}")
    logs = k * sympy.log(_rational(4 / width + 1)) + sympy.log(_rational(4 / share))
    return int(sympy.ceiling(_rational(IN_CELLS / width**2) * logs))


def _rational(value: Fraction) -> Any:
    return sympy.Rational(value.numerator, value.denominator)


def _by_one_batch(
    name: str,
    m: int,
    delta: Number,
    count: Callable[[SQ], FBSQ],
    reduce: Callable[[QueryMethod], QueryMethod],
) -> Simulation[QueryMethod, QueryMethod]:
    share, size = above_zero(delta), whole(m, where="m", least=1)

    def checked(method: QueryMethod) -> QueryMethod:
        budget = method.budget
        cost = added_loss(reachable(budget.k), tails.hoeffding(size, may_stray(budget.tau))[1])
        if cost > share:
            got = f"m = {size}, tau = {budget.tau}, k = {budget.k}: {in_digits(cost, '.3g')}"
            raise PremiseError(f"need (4^k - 1)/3 exp(-m tau^2/32) <= delta = {share}, got {got}")
        return reduce(method)

    def printed(budget: SQ) -> FBSQ:
        return replace(count(budget), m=printed_in_one_batch(budget.k, tau=budget.tau, delta=share))

    return Simulation(name=name, delta=share, budget=count, printed=printed, reduce=checked, assumes=(tails.HOEFFDING,))


def _ahead(
    name: str, share: Fraction, count: Callable[[SQ], BSQ], reduce: Callable[[QueryMethod], QueryMethod]
) -> Simulation[QueryMethod, QueryMethod]:
    return Simulation(name=name, delta=share, budget=count, reduce=reduce, assumes=(tails.HOEFFDING,))
