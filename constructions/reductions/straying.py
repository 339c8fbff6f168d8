"""How likely it is, exactly, that an answer of SQ is not legal for the batches (Theorem 2c, Lemma 5c).

From a random string on, the worst answers that SQ may give are found by going through the cells of the method. Along
them the queries are fixed; the chance that the batch mean of one of them is more than tau/2 away from its mean over the
source is summed over all batches, and bounded by the sum of the exact tails of single queries, which are binomial for
queries of two values. Hoeffding's inequality is not used here.

>>> from constructions.learning.problems import uniform
>>> from constructions.learning.models import BSQ
>>> ask = QueryMethod(
...     n=1, budget=BSQ(k=1, tau=Fraction(1), b=4, p=1), start=lambda bits: None, query=lambda state: lambda x, y: (y,),
...     after=lambda state, answers: answers[0] > Fraction(3, 4), predictor=lambda state: lambda x: int(not state),
...     cells=lambda state, means, tau: [(max(means[0] - tau, Fraction(-1)),), (min(means[0] + tau, Fraction(1)),)])
>>> source = uniform(1, lambda x: x[0])
>>> worst = worst_path(ask, source, ())
>>> str(worst.loss), str(straying(ask, source, worst)), str(sum(tails_along(ask, source, worst)))
('1/4', '0', '0')
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from constructions.learning.batch_means import states_after
from constructions.learning.binomial import Strays, strays
from constructions.learning.error import batches
from constructions.learning.models import BSQ, FBSQ, Query, QueryMethod, State
from constructions.learning.oracles import Question, means_over, source_means
from constructions.learning.problems import Bits, Source
from constructions.learning.tails import exact_tail
from constructions.reductions.queries_alone import asked_alone, batch_size


@dataclass(frozen=True, slots=True)
class WorstPath:
    """The worst answers of SQ from one random string: the state of the batch method before each of its rounds, and the
    ``loss`` in the end."""

    states: tuple[State, ...]
    loss: Fraction


def worst_path(method: QueryMethod, source: Source, string: Bits) -> WorstPath:
    """The answers that are worst for the SQ method that asks the queries of a batch method one at a time.

    Parameters
    ----------
    method, source, string : the batch method, what it learns from, and its random bits.
    """
    made = asked_alone(method)
    known: dict[tuple[State, int], WorstPath] = {}

    def from_state(state: State, t: int) -> WorstPath:
        if t > made.budget.k:
            return WorstPath((), source.loss(made.predictor(state)))
        if (state, t) not in known:
            means = source_means(source, made.ask(state, t), 1)
            after = dict.fromkeys(states_after(made, state, Question(t, means, made.budget.tau)))
            worst = max((from_state(new, t + 1) for new in after), key=lambda path: path.loss)
            inner, got = cast(Any, state)
            known[state, t] = worst if got else WorstPath((inner, *worst.states), worst.loss)
        return known[state, t]

    return from_state(made.start(string), 1)


def straying(method: QueryMethod, source: Source, path: WorstPath) -> Fraction:
    """The exact chance that some batch mean along a path is more than tau/2 away from its mean over the source: over
    fresh batches, or one batch for all rounds (fbSQ).

    Parameters
    ----------
    method, source, path : the batch method, what it learns from, and its states before each round.
    """
    budget = cast("BSQ | FBSQ", method.budget)
    every, truths, p = list(batches(source, batch_size(budget))), [], budget.p
    queries = [method.ask(state, t) for t, state in enumerate(path.states, 1)]
    truths = [source_means(source, query, p) for query in queries]

    def near(i: int, batch: Any) -> bool:
        found = means_over(batch, queries[i], p)
        return all(abs(mean - truth) <= budget.tau / 2 for mean, truth in zip(found, truths[i], strict=True))

    rounds = range(len(queries))
    if isinstance(budget, FBSQ):
        return 1 - sum((mass for batch, mass in every if all(near(i, batch) for i in rounds)), Fraction(0))
    none = Fraction(1)
    for i in rounds:
        none *= sum((mass for batch, mass in every if near(i, batch)), Fraction(0))
    return 1 - none


def tails_along(method: QueryMethod, source: Source, path: WorstPath) -> list[Fraction]:
    """The exact chance of each query along a path that its batch mean strays by more than tau/2; the sum bounds the
    chance that one of them does.

    Parameters
    ----------
    method, source, path : the batch method, what it learns from, and its states before each round.
    """
    budget, found = cast("BSQ | FBSQ", method.budget), []
    for t, state in enumerate(path.states, 1):
        laws = laws_of(method.ask(state, t), budget.p, source)
        found += [exact_tail(law, batch_size(budget), budget.tau / 2) for law in laws]
    return found


def laws_of(query: Query, p: int, source: Source) -> list[dict[Fraction, Fraction]]:
    """Of each of p queries that are asked together, from each value that it has on a source to its chance.

    >>> from constructions.learning.problems import uniform
    >>> laws_of(lambda x, y: (y, 1), 2, uniform(1, lambda x: x[0]))
    [{Fraction(0, 1): Fraction(1, 2), Fraction(1, 1): Fraction(1, 2)}, {Fraction(1, 1): Fraction(1, 1)}]
    """
    laws: list[dict[Fraction, Fraction]] = [{} for _ in range(p)]
    for point, mass in source.masses():
        for law, value in zip(laws, query(*point), strict=True):
            exact = Fraction(value)
            law[exact] = law.get(exact, Fraction(0)) + mass
    return laws


def strays_along(method: QueryMethod, source: Source) -> Strays:
    """How likely it is that some batch mean strays by more than tau/2, at most, for the queries that a method asks when
    every answer is the exact mean over the source and its random bits are 0; for batches of any size.

    Parameters
    ----------
    method, source : the batch method, and what it learns from.

    >>> from constructions.learning.learners import best_literal
    >>> from constructions.learning.problems import uniform
    >>> found = strays_along(best_literal(2, b=100_000, tau=Fraction(1, 50)), uniform(2, lambda x: x[1]))
    >>> found.queries, found.exactly, found.chance[1] < found.bound / 2
    (6, 6, True)
    """
    budget = cast("BSQ | FBSQ", method.budget)
    state, laws = method.start((0,) * budget.r), list[dict[Fraction, Fraction]]()
    for t in range(1, budget.k + 1):
        found = laws_of(method.ask(state, t), budget.p, source)
        means = (sum((value * chance for value, chance in law.items()), Fraction(0)) for law in found)
        laws, state = laws + found, method.after(state, tuple(means))
    return strays(laws, batch_size(budget), budget.tau / 2)
