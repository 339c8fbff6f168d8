"""Queries about the source in the place of queries about batches (Theorem 2c, Lemma 5c).

A' asks the p queries of a round one after the other, each of the source itself to half of the tolerance, and hands the
p answers to A as if a batch had given them. A run of A' sees no sample. So once the random string is fixed, the answers
that are worst for A' are fixed too, and with them its kp queries. Draw the batches of A only now: but for an event of
chance at most 2kp exp(-b tau^2 / 8) each batch mean is within tau/2 of the mean over the source, and then these answers
are legal for the batches as well, one batch for all rounds or a fresh one for each. So

    err(A') <= err(A) + P(bad) / 2,

as A' holds its predictions within [0, 1], where no loss is above 1/2. The paper has 2 for 1/2, a statistical distance
between outputs, which means nothing where a worst case is taken, and for one batch kp log(4/tau + 1) for log(kp).

>>> from constructions.learning.learners import best_literal
>>> from dataclasses import replace
>>> given = best_literal(2, b=4, tau="1/2")
>>> made = asked_alone(replace(given, budget=replace(given.budget, alternating=False)))
>>> given.budget.k, given.budget.p, made.budget
(2, 3, SQ(k=6, tau=Fraction(1, 4), r=0, alternating=False, p=1))
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number, rational
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.spelling import in_digits
from constructions.learning import tails
from constructions.learning.models import BSQ, FBSQ, SQ, Answers, Query, QueryMethod, Simulation, State
from constructions.learning.problems import Bits, Predictor
from constructions.reductions.bsq import ends, repeats

with loaded_when_used(__name__):
    import sympy

MOST_LOSS = Fraction(1, 2)
"""No loss of a prediction in [0, 1] is above this."""
PRINTED_INSIDE = 4  # b tau^2 >= 8 log(4kp/delta)


def clipped(prediction: Number) -> Number:
    """The nearest number in [0, 1], where labels lie.

    >>> str(clipped(Fraction(3, 2))), str(clipped(Fraction(1, 3))), str(clipped(Fraction(-1)))
    ('1', '1/3', '0')
    """
    return max(Fraction(0), min(Fraction(1), prediction))


def with_predictions_clipped(predictor: Predictor) -> Predictor:
    """A predictor with its predictions held within [0, 1].

    >>> str(with_predictions_clipped(lambda x: Fraction(5, 4))((0,)))
    '1'
    """
    return lambda x: clipped(predictor(x))


def appended(got: Sequence[Fraction], answer: Fraction) -> Sequence[Fraction]:
    """The answers that were ``got`` so far, and one more.

    >>> appended((1, 2), 3)
    (1, 2, 3)
    """
    return (*got, answer)


@dataclass(frozen=True, slots=True)
class OneAtATime:
    """The functions of the method that asks the queries of a round one after the other.

    Parameters
    ----------
    method : the one that asks p queries a round. A state is a state of it and the answers of the round so far.


    >>> from constructions.learning.learners import best_literal
    >>> alone = OneAtATime(best_literal(1, b=8, tau=Fraction(1, 16)))  # two queries a round
    >>> state = alone.start(())
    >>> [alone.query(state)((x,), 1) for x in (0, 1)]
    [(1,), (1,)]
    >>> state = alone.after(state, (Fraction(1, 2),))
    >>> [alone.query(state)((x,), 1) for x in (0, 1)], state[1]
    ([(0,), (1,)], (Fraction(1, 2),))
    >>> alone.after(state, (Fraction(1, 4),))[1]
    ()
    """

    method: Any

    def start(self, bits: Bits) -> State:
        """The method's own start, from its random ``bits``, and no answer yet."""
        return self.method.start(bits), ()

    def query(self, state: State) -> Query:
        """The next of the p queries."""
        inner, got = cast(Any, state)
        asked, place = self.method.query(inner), len(got)
        return lambda x, y: (asked(x, y)[place],)

    def after(self, state: State, answers: Answers) -> State:
        """The next ``state`` by one more of the ``answers``; after the last one the method goes on with all of them."""
        inner, got = cast(Any, state)
        more = appended(got, answers[0])
        if len(more) < self.method.budget.p:
            return inner, more
        return self.method.after(inner, more), ()

    def predictor(self, state: State) -> Predictor:
        """What the method returns, held within [0, 1]."""
        return with_predictions_clipped(self.method.predictor(cast(Any, state)[0]))


def asked_alone(method: QueryMethod) -> QueryMethod:
    """The SQ method that asks the queries of a batch method one at a time, to half of the tolerance; no premise is
    checked.

    The cells are the two ends of what is valid: they stand for all answers if the method compares each answer with one
    threshold.

    Raises
    ------
    ConstructionError
        For a method that asks no queries in a round.
    """
    budget = _of_batches(method)
    steps = OneAtATime(method)
    return QueryMethod(
        n=method.n,
        budget=SQ(k=budget.k * budget.p, tau=budget.tau / 2, r=budget.r),
        start=steps.start,
        query=steps.query,
        after=steps.after,
        predictor=steps.predictor,
        cells=None if method.cells is None else ends,
    )


def theorem_2c(*, delta: Number) -> Simulation[QueryMethod, QueryMethod]:
    """SQ(kp, tau/2, r) does what bSQ(k, tau, b, p, r) does up to delta, if b tau^2 >= 8 log(kp/delta).

    Nothing is presupposed of the predictions, and the answers about batches may look ahead. Rests on Hoeffding's
    inequality.

    Raises
    ------
    PremiseError
        Unless delta > 0; and when it is used, for batches that are too small.
    ConstructionError
        When it is used, for another method than a bSQ one with p >= 1.

    >>> theorem_2c(delta=Fraction(1, 20)).budget(BSQ(k=2, tau=Fraction(1, 2), b=200, p=3))
    SQ(k=6, tau=Fraction(1, 4), r=0, alternating=False, p=1)
    """
    return _alone("Theorem 2c", BSQ, delta)


def lemma_5c(*, delta: Number) -> Simulation[QueryMethod, QueryMethod]:
    """SQ(kp, tau/2, r) does what fbSQ(k, tau, m, p, r) does up to delta, if m tau^2 >= 8 log(kp/delta) (S1).

    The one batch of all rounds costs no more than fresh ones: the paper asks for m tau^2 > C (kp log(1/tau) +
    log(1/delta)).

    Raises
    ------
    PremiseError
        Unless delta > 0; and when it is used, for a batch that is too small.
    ConstructionError
        When it is used, for another method than an fbSQ one with p >= 1.

    >>> lemma_5c(delta=Fraction(1, 20)).budget(FBSQ(k=2, tau=Fraction(1, 2), m=200, p=3, r=1))
    SQ(k=6, tau=Fraction(1, 4), r=1, alternating=False, p=1)
    """
    return _alone("Lemma 5c", FBSQ, delta)


def _alone(name: str, kind: type, delta: Number) -> Simulation[QueryMethod, QueryMethod]:
    share = above_zero(delta)

    def count(budget: BSQ | FBSQ) -> SQ:
        return SQ(k=budget.k * budget.p, tau=budget.tau / 2, r=budget.r)

    def reduce(method: QueryMethod) -> QueryMethod:
        budget = _of_batches(method)
        if not isinstance(budget, kind):
            raise ConstructionError(f"need a method with a budget {kind.__name__}, got one with {budget}")
        cost = added_loss(budget.k * budget.p, tails.hoeffding(batch_size(budget), budget.tau / 2)[1])
        if cost > share:
            got = f"b = {batch_size(budget)}, tau = {budget.tau}, kp = {budget.k * budget.p}: {in_digits(cost, '.3g')}"
            raise PremiseError(f"need kp exp(-b tau^2/8) <= delta = {share}, got {got}")
        return asked_alone(method)

    return Simulation(name=name, delta=share, budget=count, printed=count, reduce=reduce, assumes=(tails.HOEFFDING,))


def added_loss(queries: Number, bound: Number, most: Number = MOST_LOSS) -> Number:
    """The most that the error can grow: the chance that one of some queries strays, each with a chance of at most
    ``bound``, times the largest loss ``most`` of a run.

    >>> added_loss(6, Fraction(1, 100)), added_loss(6, Fraction(1, 100), Fraction(2))
    (Fraction(3, 100), Fraction(3, 25))
    """
    return tails.for_all(queries, bound) * most


def batch_size(budget: BSQ | FBSQ) -> int:
    """The number of points in a batch.

    >>> batch_size(FBSQ(k=2, tau=Fraction(1, 2), m=200, p=3)), batch_size(BSQ(k=2, tau=Fraction(1, 2), b=7, p=3))
    (200, 7)
    """
    return budget.b if isinstance(budget, BSQ) else budget.m


def enough_points(queries: int, *, tau: Number, delta: Number, inside: int = 1) -> int:
    """How many points in a batch are enough for Theorem 2c and Lemma 5c: the least b with b tau^2 >= 8 log(inside
    queries / delta).

    Parameters
    ----------
    queries : kp of them. tau, delta : the tolerance, and the loss in error. inside : 1 here, 4 in the paper's proof of
        Theorem 2c.

    >>> enough_points(6, tau=Fraction(1, 2), delta=Fraction(1, 20)), enough_points(
    ...     6, tau=Fraction(1, 2), delta=Fraction(1, 20), inside=PRINTED_INSIDE)
    (154, 198)
    """
    return max(1, repeats(queries, delta=delta, b=1, tau=tau, inside=inside))


def printed_one_batch(k: int, p: int, *, tau: Number, delta: Number) -> int:
    """The points that the paper's proof of Lemma 5c asks for: 32 (kp log(4/tau + 1) + log(4p/delta)) / tau^2, rounded
    up.

    Parameters
    ----------
    k, p : rounds, and queries in each. tau, delta : the tolerance, and the loss in error.

    Raises
    ------
    PremiseError
        Unless tau and delta are above 0.

    >>> printed_one_batch(2, 3, tau=Fraction(1, 2), delta=Fraction(1, 20))
    2389
    """
    width, share = rational(tau, where="tau"), above_zero(delta)
    if width <= 0:
        raise PremiseError(f"need tau > 0, got tau={width}")
    logs = k * p * sympy.log(_rational(4 / width + 1)) + sympy.log(_rational(4 * p / share))
    return int(sympy.ceiling(_rational(32 / width**2) * logs))


def _rational(value: Fraction) -> Any:
    return sympy.Rational(value.numerator, value.denominator)


def _of_batches(method: QueryMethod) -> BSQ | FBSQ:
    budget = method.budget
    if not isinstance(budget, BSQ | FBSQ) or budget.p < 1:
        raise ConstructionError(f"need a method that asks p >= 1 queries about a batch, got one with {budget}")
    return budget


def above_zero(delta: Number) -> Fraction:
    """A loss in error that may be used up. Raises PremiseError unless it is above 0.

    >>> above_zero(Fraction(1, 20))
    Fraction(1, 20)
    """
    share = rational(delta, where="delta")
    if share <= 0:
        raise PremiseError(f"need delta > 0, got delta={share}")
    return share
