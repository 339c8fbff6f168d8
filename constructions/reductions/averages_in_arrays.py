"""An SQ method, and its form with averaged answers (Theorem 2d, Lemma 2), for many runs at once.

Runs in the same state ask the same query, so its values are looked at once for all of them. The answer of a round of
Theorem 2d is drawn from the law of the sum of b independent values of the query, which is summed exactly; the batches
themselves are not drawn. That is the law of fresh batches, as a round looks at the sum over its batch only.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from math import lcm
from typing import Any

import numpy as np

from constructions.foundations.exact import Number
from constructions.learning.array_draws import Integers, Law, RandomWords, law_of_sum
from constructions.learning.models import Query, QueryMethod, State
from constructions.learning.problems import Point
from constructions.reductions.bsq import half, joined

MOST_KEPT = 4096
Equally = Callable[[Fraction, Fraction], Sequence[Fraction]]
"""From an exact mean and tau, the answers that an oracle gives, each as likely as any other."""
Values = tuple[tuple[Fraction, int], ...]
"""The values of a query, in order, each with its mass as an integer."""
Kinds = Mapping[tuple[int, Number], int]
"""Of a label and a value of a query the mass of the points that have both."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers of one round to one query: drawn from a law of the sums over a batch, each with its equally likely
    answers, as integers over ``scale``."""

    law: Law
    answers: Any
    scale: int

    def total(self, source: RandomWords, runs: int, rounds: int) -> Any:
        """For each of so many runs the sum of the answers of so many rounds, over ``scale``; a source of random words
        draws them."""
        sums = self.law.draw(source, runs * rounds)
        which = source.below(self.answers.shape[1], runs * rounds) if self.answers.shape[1] > 1 else 0
        return self.answers[sums, which].reshape(runs, rounds).sum(axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyAverages:
    """Runs of an SQ method on one source.

    Parameters
    ----------
    method : an SQ method with one query a round and no random bits.
    points : every point of positive mass, with its mass as an integer. equally : what the oracle answers.
    b : the points in a batch. q : how often each query is asked. by_label : whether each label is asked about alone.
    tau : how far an answer may be from the mean over a batch.

    >>> from constructions.learning.models import SQ
    >>> method = QueryMethod(  # asks for the mean of the label, which is its last state
    ...     n=1, budget=SQ(k=1, tau=Fraction(1, 4)), start=lambda bits: None, query=lambda state: lambda x, y: (y,),
    ...     after=lambda state, answers: answers[0], predictor=lambda state: lambda x: 0)
    >>> points = [(((0,), 0), 3), (((1,), 1), 1)]
    >>> exactly = {"equally": lambda mean, tau: [mean], "tau": Fraction(1, 4)}
    >>> many = ManyAverages(method=method, points=points, b=2, q=1, by_label=False, **exactly)
    >>> (values, _) = many.values(None)
    >>> values, many.choices(values), many.answered(values).law.ends
    (((Fraction(0, 1), 3), (Fraction(1, 1), 1)), (Fraction(1, 4),), (9, 15, 16))
    >>> draws = many.averaged(RandomWords("1"), 8)
    >>> {str(mean) for mean in draws} <= {"0", "1/2", "1"}, sum(map(len, draws.values()))
    (True, 8)
    >>> {str(mean): len(runs) for mean, runs in many.given(RandomWords("1"), 8).items()}
    {'1/4': 8}
    >>> set(many.answered(values).total(RandomWords("1"), 8, 1).tolist()) <= {0, 1, 2}
    True
    """

    method: QueryMethod
    points: Sequence[tuple[Point, int]]
    equally: Equally
    b: int
    q: int
    by_label: bool
    tau: Fraction
    _answered: dict[Values, Answered] = field(default_factory=dict)
    _choices: dict[Values, Sequence[Fraction]] = field(default_factory=dict)
    _values: dict[Hashable, tuple[Values, ...]] = field(default_factory=dict)

    def averaged(self, source: RandomWords, runs: int) -> dict[State, Integers]:
        """The last states of so many runs that average the answers of q rounds, each with the numbers of its runs; a
        source of random words draws them."""

        def answers(state: State, who: Integers) -> list[tuple[Fraction, Integers]]:
            found = [self.answered(values) for values in self.values(state)[1:]]
            scale = lcm(*(each.scale for each in found))
            total: Any = sum(each.total(source, len(who), self.q) * (scale // each.scale) for each in found)
            means = [(Fraction(int(value), scale * self.q), who[total == value]) for value in np.unique(total)]
            return [(joined(mean, Fraction(0)), same) for mean, same in means] if self.by_label else means

        return self._rounds(runs, answers)

    def given(self, source: RandomWords, runs: int) -> dict[State, Integers]:
        """The last states of so many runs of the SQ method itself, each with the numbers of its runs; a source of
        random words draws them."""

        def answers(state: State, who: Integers) -> list[tuple[Fraction, Integers]]:
            choices = self.choices(self.values(state)[0])
            which = source.below(len(choices), len(who))
            return [(choice, who[which == i]) for i, choice in enumerate(choices) if (which == i).any()]

        return self._rounds(runs, answers)

    def _rounds(
        self, runs: int, answers: Callable[[State, Integers], list[tuple[Fraction, Integers]]]
    ) -> dict[State, Integers]:
        groups: dict[State, Integers] = {self.method.start(()): np.arange(runs)}
        for _ in range(self.method.budget.k):
            after: dict[State, list[Integers]] = {}
            for state, who in groups.items():
                for answer, same in answers(state, who):
                    after.setdefault(self.method.after(state, (answer,)), []).append(same)
            groups = {state: np.sort(np.concatenate(parts)) for state, parts in after.items()}
        return groups

    def values(self, state: State) -> tuple[Values, ...]:
        """The values of a state's query, and of what is asked round by round: the query again, or its two halves."""
        key = state if self.method.query_by is None else self.method.query_by(state)
        if key not in self._values:
            if len(self._values) >= MOST_KEPT:
                self._values.clear()
            kinds = self._kinds(self.method.ask(state, 1))
            whole = _law(kinds, lambda query: query)
            asked = [_law(kinds, partial(half, label=label)) for label in (1, 0)]
            self._values[key] = (whole, *(asked if self.by_label else [whole]))
        return self._values[key]

    def _kinds(self, query: Query) -> Kinds:
        """The masses of the points with one label at which a query has one value."""
        found: dict[tuple[int, Number], int] = {}
        for (x, y), mass in self.points:
            (value,) = query(x, y)
            found[y, value] = found.get((y, value), 0) + mass
        return found

    def choices(self, values: Values) -> Sequence[Fraction]:
        """What the oracle may answer to the SQ method itself, to a query with these values on the source."""
        if values not in self._choices:
            if len(self._choices) >= MOST_KEPT:
                self._choices.clear()
            masses = sum(mass for _, mass in values)
            mean = sum((value * mass for value, mass in values), Fraction(0)) / masses
            self._choices[values] = tuple(self.equally(mean, self.method.budget.tau))
        return self._choices[values]

    def answered(self, values: Values) -> Answered:
        """The answers of a round to a query with these values."""
        if values not in self._answered:
            if len(self._answered) >= MOST_KEPT:
                self._answered.clear()
            self._answered[values] = self._answers(dict(values))
        return self._answered[values]

    def _answers(self, values: Mapping[Fraction, int]) -> Answered:
        parts = lcm(*(value.denominator for value in values))
        sums = law_of_sum({int(value * parts): mass for value, mass in values.items()}, self.b)
        answers = [self.equally(Fraction(total, parts * self.b), self.tau) for total in sums]
        scale = lcm(*(answer.denominator for row in answers for answer in row))
        small = 2 * scale * self.q < 2**62  # answers lie in [-1, 1]; integers of any size are slower
        table = np.array(
            [[int(answer * scale) for answer in row] for row in answers], dtype=np.int64 if small else object
        )
        return Answered(Law.of(tuple(sums.values())), table, scale)


def _law(kinds: Kinds, asked: Callable[[Query], Query]) -> Values:
    """The values, with their masses, of what is asked in the place of a query that has these kinds of points."""
    found: dict[Fraction, int] = {}
    for (y, value), mass in kinds.items():
        (given,) = asked(lambda x, label, value=value: (value,))((), y)  # type: ignore[misc]
        found[Fraction(given)] = found.get(Fraction(given), 0) + mass
    return tuple(sorted(found.items()))
