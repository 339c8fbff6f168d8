"""The game of the lower bound: an adversary answers the queries of a method, and names a parity at the end.

The adversary keeps the targets for which all its answers were valid (:mod:`constructions.learning.lower_bound` says how
it answers, and how many are left). Which of them fall at a query is computed exactly, for all targets at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from random import Random

import numpy as np
import numpy.typing as npt

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import rational, whole
from constructions.foundations.naming import named
from constructions.learning.lower_bound import ANSWERINGS, Answering, Bound, bound_for, least_average, offset_of
from constructions.learning.models import QueryMethod, SampleMethod, State, strings
from constructions.learning.parities import (
    MOST_BITS,
    MOST_DIGITS,
    PredictorTable,
    QueryTable,
    all_points,
    predictions_of,
    tables_of,
)
from constructions.learning.problems import Bits

MOST_ASKED = 2**27
"""So many values of queries are asked in a game at most: all of them are kept for the transcript."""
LARGE = 2**60
"""Below it sums of a few integers have 64 bits."""
MOST_STRING = 10**6
"""The most random bits of a method in a game."""
LOOKED_AT = 16
"""At so many points it is seen whether queries that are known are those of the method."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredQuery:
    """One query with its answer.

    Parameters
    ----------
    table : the query. answer : what it got. fallen : how many targets fell at it. left : how many are left after it.
    """

    table: QueryTable
    answer: Fraction
    fallen: int
    left: int


class ParityAdversary:
    """The adversary: it answers queries about n bits, and keeps the targets for which all answers were valid.

    Parameters
    ----------
    n : the number of bits, at most 16. tau : the tolerance. answering : how it answers.

    Raises
    ------
    ConstructionError
        For more bits, or a negative tolerance.

    >>> adversary = ParityAdversary(2, Fraction(1, 4), ANSWERINGS["uniform"])
    >>> found = adversary.answer(QueryTable(denominator=1, zero=(0, 0, 0, 0), one=(0, 1, 0, 1)))  # y and the first bit
    >>> str(found.answer), found.fallen, adversary.targets()
    ('1/4', 0, [0, 1, 2, 3])
    >>> sharper = ParityAdversary(2, Fraction(1, 8), ANSWERINGS["uniform"])
    >>> sharper.answer(found.table).fallen, sharper.targets()
    (2, [2, 3])
    """

    def __init__(self, n: int, tau: Fraction, answering: Answering) -> None:
        if not 0 <= n <= MOST_BITS:
            raise ConstructionError(f"need at most {MOST_BITS} bits to keep all targets, got n={n}")
        if tau < 0:
            raise ConstructionError(f"need tau >= 0, got {tau}")
        self.n, self.tau, self.answering = n, tau, answering
        self._left: npt.NDArray[np.bool_] = np.ones(2**n, dtype=np.bool_)

    def targets(self) -> list[int]:
        """The targets that are left."""
        return [int(target) for target in np.flatnonzero(self._left)]

    @property
    def left(self) -> int:
        """How many are left."""
        return int(self._left.sum())

    def answer(self, table: QueryTable) -> AnsweredQuery:
        """Answer a query, and let the targets fall that find the answer invalid.

        Raises
        ------
        ConstructionError
            For a table of another number of points.
        """
        if len(table.zero) != len(self._left):
            raise ConstructionError(f"need a query at {len(self._left)} points, got {len(table.zero)}")
        signed, uniform, before = table.signed_sums(), table.uniform, self.left
        best, best_kept = uniform, self._left & self._valid_for(signed, Fraction(0), table.unit)
        for shift in self._shifts(signed, table.unit) if best_kept.sum() < before else ():
            offset = rational(offset_of(uniform, shift, self.tau), where="offset")
            kept = self._left & self._valid_for(signed, offset, table.unit)
            if kept.sum() > best_kept.sum():
                best, best_kept = uniform + offset, kept
        self._left = best_kept
        return AnsweredQuery(table=table, answer=best, fallen=before - self.left, left=self.left)

    def _shifts(self, signed: npt.NDArray[np.int64], unit: int) -> Sequence[Fraction]:
        """The answers that are tried, in units of tau from the mean under uniform labels; where all are, the best: the
        middle of the longest run of targets, in the order of their deviations, that are at most 2 tau apart."""
        if not self.answering.every or not self.tau:
            return self.answering.shifts
        ordered = np.sort(signed[self._left])
        ordered = ordered if abs(ordered).max() < LARGE else ordered.astype(object)
        width = min(floor(2 * self.tau * unit), int(ordered[-1]) - int(ordered[0]))
        ends = np.searchsorted(ordered, ordered + width, side="right")
        many = ends - np.arange(len(ordered))
        longest = [(int(ordered[i]) + int(ordered[ends[i] - 1])) for i in np.flatnonzero(many == many.max())]
        return (Fraction(min(longest, key=lambda twice: (abs(twice), twice)), 2 * unit) / self.tau,)

    def _valid_for(self, signed: npt.NDArray[np.int64], offset: Fraction, unit: int) -> npt.NDArray[np.bool_]:
        """Which targets find an answer at this offset valid (:func:`is_kept`, in integers)."""
        low, high = ceil((offset - self.tau) * unit), floor((offset + self.tau) * unit)
        found: npt.NDArray[np.bool_] = (signed >= max(low, -unit)) & (signed <= min(high, unit))
        return found

    def worst(self, table: PredictorTable) -> tuple[int, Fraction, Fraction]:
        """The first target of those left on which a predictor loses most, its loss there, and the average of its
        losses over all that are left.

        Raises
        ------
        ConstructionError
            If no target is left.
        """
        targets = self.targets()
        if not targets:
            raise ConstructionError("need a target that is left, got none: every one found some answer invalid")
        signed = table.signed_sums()
        sums = [int(signed[target]) for target in targets]
        target = targets[sums.index(max(sums))]
        return target, table.loss_from(max(sums)), table.loss_from(Fraction(sum(sums), len(sums)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """What came of playing against a method.

    Parameters
    ----------
    n, tau, queries : bits, tolerance, and how many queries the method's budget has. string : its random bits.
    asked : all queries with their answers. predictions : of its predictor. left : the targets that are left.
    target, loss, average : the one that is named, the loss on it, and the average over those left; None if none is.
    bound : what was known beforehand.

    >>> from constructions.learning.learners import correlations
    >>> game = play_against(correlations(2, b=1, tau="1/2"))
    >>> len(game.left), str(game.certain)  # four parities are left, so nothing predicts all of them well
    (4, '3/32')
    """

    n: int
    tau: Fraction
    queries: int
    string: Bits
    asked: tuple[AnsweredQuery, ...]
    predictions: PredictorTable
    left: tuple[int, ...]
    target: int | None
    loss: Fraction | None
    average: Fraction | None
    bound: Bound

    @property
    def certain(self) -> Fraction | None:
        """The least that any predictor would lose on some target after these queries; None if there is no bound."""
        many = len(self.left)
        return rational(least_average(Fraction(1, many)), where="bound") if many > 1 else None


def play_against(
    method: QueryMethod | SampleMethod,
    *,
    answers: str = "best",
    seed: int = 0,
    watch: Callable[[Sequence[AnsweredQuery]], None] = lambda asked: None,
    known: Sequence[AnsweredQuery] = (),
) -> Game:
    """Play against a method; its queries are about the source, whatever its budget says of batches.

    Parameters
    ----------
    method : asks queries about points of n bits. answers : how they are answered, a name of :data:`ANSWERINGS`.
    seed : of its random bits. watch : is shown the answered queries of all rounds so far, when a round is answered.
    known : the answered queries of the first rounds of this very game, which are not asked again.

    Raises
    ------
    ConstructionError
        For a method that draws samples, one that asks what is no query, and known queries that are not of this game.
    PremiseError
        For a method with more bits, values or digits than are gone through.

    >>> from constructions.learning.learners import correlations
    >>> game = play_against(correlations(6, b=1, tau="1/16"))
    >>> len(game.left), str(game.loss), str(game.bound.average)
    (58, '1/8', 'None')
    """
    asking, answering = that_asks(method), named(ANSWERINGS, answers, "way to answer")
    return _played(asking, random_string(asking.budget.r, seed), answering, watch, known)


def random_string(r: int, seed: int) -> Bits:
    """The r random bits of a method that a seed means.

    >>> random_string(6, 0)
    (1, 1, 0, 1, 1, 1)
    """
    random = Random(seed)
    return tuple(random.randrange(2) for _ in range(r))


def that_asks(method: QueryMethod | SampleMethod) -> QueryMethod:
    """The method, if it asks queries that can be answered in a game.

    Raises
    ------
    ConstructionError
        For a method that draws samples, or whose budget has something else than whole numbers.
    PremiseError
        For a method with more values or random bits than are gone through.

    >>> from constructions.learning.learners import correlations
    >>> that_asks(correlations(6, b=1, tau="1/16")).budget.k
    2
    """
    if not isinstance(method, QueryMethod):
        raise ConstructionError(f"need a method that asks queries, got one that draws samples: {method.budget}")
    n, budget = whole(method.n, where="n of a method"), method.budget
    for name in ("k", "p", "r"):
        whole(getattr(budget, name), where=f"{name} of a method")
    rational(budget.tau, where="tau of a method")
    if n <= MOST_BITS and budget.k * budget.p * 2 ** (n + 1) > MOST_ASKED:
        raise PremiseError(
            f"need at most {MOST_ASKED} values of queries in a game, got {budget.k} rounds of {budget.p} queries at "
            f"{2 ** (n + 1)} points"
        )
    if budget.r > MOST_STRING or rational(budget.tau, where="tau").denominator >= 10**MOST_DIGITS:
        raise PremiseError(f"need at most {MOST_STRING} random bits and {MOST_DIGITS} digits of tau, got more")
    return method


def _played(
    method: QueryMethod,
    string: Bits,
    answering: Answering,
    watch: Callable[[Sequence[AnsweredQuery]], None],
    known: Sequence[AnsweredQuery] = (),
) -> Game:
    """The game with given random bits."""
    budget = method.budget
    adversary = ParityAdversary(method.n, budget.tau, answering)
    state, asked = method.start(string), list[AnsweredQuery]()
    for t in range(1, budget.k + 1):
        before = known[len(asked) : t * budget.p]
        whole_round = len(before) == budget.p
        tables = _known_tables(method, state, t, before) if whole_round else _tables(method, state, t)
        found = [adversary.answer(table) for table in tables]
        if whole_round and [one.answer for one in found] != [one.answer for one in before]:
            raise ConstructionError(f"need the answers of this adversary, got others in round {t}")
        asked += found
        watch(asked)
        state = method.after(state, tuple(one.answer for one in found))
    predictions = predictions_of(method.predictor(state), method.n)
    worst = adversary.worst(predictions) if adversary.left else (None, None, None)
    return Game(
        n=method.n,
        tau=budget.tau,
        queries=budget.k * budget.p,
        string=string,
        asked=tuple(asked),
        predictions=predictions,
        left=tuple(adversary.targets()),
        target=worst[0],
        loss=worst[1],
        average=worst[2],
        bound=bound_for(method.n, queries=budget.k * budget.p, tau=budget.tau, answering=answering),
    )


def worst_expected(method: QueryMethod | SampleMethod, *, answers: str = "best") -> tuple[int, Fraction, Bound]:
    """Play against a method with each string of its random bits: a target with the largest expected loss that the
    adversary shows, this loss, and the bound beforehand. At a string for which a target falls its loss counts as 0.

    Parameters
    ----------
    method : with at most 16 random bits. answers : as for :func:`play_against`.

    Raises
    ------
    ConstructionError, PremiseError
        As :func:`play_against`, and for more random bits.

    >>> from constructions.learning.learners import correlations
    >>> target, loss, bound = worst_expected(correlations(6, b=1, tau="1/2"))
    >>> target, str(loss), str(bound.expected)
    (0, '1/8', '39/512')
    """
    asking, answering = that_asks(method), named(ANSWERINGS, answers, "way to answer")
    found, bound = np.zeros(2**method.n, dtype=object), Bound(left=0, average=None, expected=None)
    for string in strings(asking.budget.r):
        game = _played(asking, string, answering, lambda asked: None)
        signed, bound = game.predictions.signed_sums(), game.bound
        for target in game.left:
            found[target] += game.predictions.loss_from(int(signed[target]))
    target = max(range(len(found)), key=lambda t: (found[t], -t))
    return target, Fraction(found[target]) / int(2**asking.budget.r), bound


def _tables(method: QueryMethod, state: State, t: int) -> list[QueryTable]:
    """The queries that a state asks in a round. They are looked at as a whole; where something is odd, they are asked
    again point by point, which says at which one."""
    try:
        tables = tables_of(method.query(state), method.n, method.budget.p)
    except ConstructionError:
        _ask_all(method, state, t)
        raise
    if method.budget.alternating and any(any(table.zero if t % 2 else table.one) for table in tables):
        _ask_all(method, state, t)
    return tables


def _known_tables(method: QueryMethod, state: State, t: int, known: Sequence[AnsweredQuery]) -> Sequence[QueryTable]:
    """The tables of a round that was played before; some of the values are compared with what the state asks."""
    tables, ask, points = [one.table for one in known], method.ask(state, t), all_points(method.n)
    odd = next((len(table.zero) for table in tables if len(table.zero) != len(points)), None)
    if odd is not None:
        raise ConstructionError(f"need a query at {len(points)} points, got {odd}, in round {t}")
    for number in range(0, len(points), max(1, len(points) // LOOKED_AT)):
        for label in (0, 1):
            there = [Fraction((table.zero, table.one)[label][number], table.denominator) for table in tables]
            if list(ask(points[number], label)) != there:
                raise ConstructionError(f"need the queries of this method, got others in round {t}")
    return tables


def _ask_all(method: QueryMethod, state: State, t: int) -> None:
    ask = method.ask(state, t)
    for x in all_points(method.n):
        for label in (0, 1):
            ask(x, label)
