"""Result G: finite classes, learned from the mistakes of the present predictor alone, for any b rho.

At a stage the output of the model is h, the majority of the hypotheses that are left (1 on a tie). So a point of the
batch has a gradient only if h is wrong there: (h(x) - y) r(x) by the parameter of a query r. If there is no mistake
nothing moves, and no parameter is spent. What a step wrote is read as a list of mistakes, the one that is consistent
with it and the shortest; at most kappa = floor(3 b rho/2) of the points of this list and of the true one do not agree
(fact R3). If at least 4 kappa mistakes are reported (one, if kappa = 0), all hypotheses that are wrong on more than
kappa of them go. The target is wrong on those only that were not there, and stays; at least a third of the others goes.
So there are at most log |H| to the base 3/2 such updates.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations_with_replacement
from math import ceil

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.rounding import Adversary, Choice, Grid, choose, nearest
from constructions.learning.problems import Bits, Point, Predictor
from constructions.strip.consistent import is_consistent
from constructions.strip.readout import logarithm_above, words_of
from constructions.strip.sign_queries import SignQueries
from constructions.strip.simulations import tolerance_of

TIMES = 4
"""So many times kappa mistakes are reported before hypotheses go."""


def unread(b: Number, rho: Fraction) -> int:
    """kappa: the largest whole number of at most 2 b tau = 3 b rho/2, for how many points of a list may be wrong.

    >>> unread(16, Fraction(1, 8)), unread(5, Fraction(1, 8))
    (3, 0)
    """
    return int(2 * b * tolerance_of(rational(rho, where="rho")) // 1)


def needed(kappa: int) -> int:
    """How many reported mistakes lead to an update: 4 kappa, or one.

    >>> needed(3), needed(0)
    (12, 1)
    """
    return max(1, TIMES * kappa)


def stays(wrong: Number, kappa: Number) -> object:
    """Whether a hypothesis stays that is wrong on so many of the reported mistakes.

    >>> stays(3, 3), stays(4, 3)
    (True, False)
    """
    return wrong <= kappa


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorityStage:
    """Where a run is: the hypotheses that are ``left``, by number, how many ``updates`` there were, and how many blocks
    of parameters were ``written``."""

    left: tuple[int, ...]
    updates: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakeLearner:
    """bSGD for a finite class.

    Parameters
    ----------
    hypotheses : the class, as functions with values 0 and 1. queries : the family. rho : the precision of gradients.

    Raises
    ------
    ConstructionError
        For no hypothesis.
    PremiseError
        Unless b >= 5 kappa.

    >>> from constructions.strip.sign_queries import all_queries
    >>> class_ = [lambda x: 0, lambda x: x[0], lambda x: 1 - x[0], lambda x: 1]
    >>> learner = MistakeLearner(hypotheses=class_, queries=all_queries(1, 3), rho=Fraction(1, 8))
    >>> start = learner.start
    >>> learner.kappa, learner.output(start)((0,)), learner.most_updates
    (0, 1, 4)
    >>> after = learner.step(start, [((0,), 0), ((1,), 1), ((1,), 1)])
    >>> after, learner.output(after)((0,))
    (MajorityStage(left=(0, 1), updates=1, written=1), 0)
    """

    hypotheses: Sequence[Callable[[Bits], int]]
    queries: SignQueries
    rho: Fraction

    def __post_init__(self) -> None:
        if not self.hypotheses:
            raise ConstructionError("need at least one hypothesis, got none")
        if self.queries.b < 5 * self.kappa:
            raise PremiseError(f"need b >= 5 kappa, got b = {self.queries.b} and kappa = {self.kappa}")

    @property
    def kappa(self) -> int:
        """How many points of a list may be wrong."""
        return unread(self.queries.b, self.rho)

    @property
    def most_updates(self) -> int:
        """U: 1 + floor(log |H| to the base 3/2)."""
        return updates_for(len(self.hypotheses))

    @property
    def start(self) -> MajorityStage:
        """Before the first step: all hypotheses are left."""
        return MajorityStage(left=tuple(range(len(self.hypotheses))))

    def output(self, stage: MajorityStage) -> Predictor:
        """What the model returns: the majority of the hypotheses that are left at a ``stage``."""
        left = [self.hypotheses[number] for number in stage.left]
        return lambda x: int(2 * sum(h(x) for h in left) >= len(left))

    def gradient(self, stage: MajorityStage, batch: Sequence[Point]) -> tuple[Fraction, ...]:
        """The mean of the gradients over a ``batch`` at a ``stage``."""
        totals, output = [Fraction(0)] * self.queries.size, self.output(stage)
        for x, y in batch:
            wrong = Fraction(output(x)) - y
            totals = [total + wrong * value for total, value in zip(totals, self.queries.values(x), strict=True)]
        return tuple(total / len(batch) for total in totals)

    def step(self, stage: MajorityStage, batch: Sequence[Point], adversary: Adversary = nearest) -> MajorityStage:
        """The stage after a step on a ``batch``, where an ``adversary`` rounds the gradient.

        Raises
        ------
        PremiseError
            If no list of mistakes is consistent with what was written, or no hypothesis is left, as where no hypothesis
            agrees with all labels.
        """
        grid = Grid(rho=self.rho)
        choices = (Choice(("v", str(j)), 1, v, grid.valid(v)) for j, v in enumerate(self.gradient(stage, batch), 1))
        answers = [choose(adversary, choice) for choice in choices]
        if not any(answers):
            return stage
        mistakes = self.reported(stage, answers)
        if len(mistakes) < needed(self.kappa):
            return replace(stage, written=stage.written + 1)
        left = tuple(number for number in stage.left if stays(self.wrong(number, mistakes), self.kappa))
        if not left:
            raise PremiseError("need labels with which some hypothesis agrees, got a batch that leaves none")
        return MajorityStage(left=left, updates=stage.updates + 1, written=stage.written + 1)

    def wrong(self, number: int, mistakes: Sequence[Point]) -> int:
        """On how many of some points the hypothesis of this ``number`` is wrong."""
        return sum(self.hypotheses[number](x) != y for x, y in mistakes)

    def reported(self, stage: MajorityStage, answers: Sequence[Fraction]) -> tuple[Point, ...]:
        """A shortest list of mistakes that is consistent with ``answers``, by going through all lists. Raises
        PremiseError if there is none."""
        tau, output, b = Fraction(tolerance_of(self.rho)), self.output(stage), self.queries.b
        for length in range(b + 1):
            for points in combinations_with_replacement(self.queries.points, length):
                balance: dict[Bits, int] = {}
                for x in points:
                    balance[x] = balance.get(x, 0) + 2 * int(output(x)) - 1
                if is_consistent(answers, self.queries.answers(balance), b, tau):
                    return tuple((x, 1 - int(output(x))) for x in points)
        raise PremiseError(f"need answers to a batch of {b} points, got some with which no list is consistent")


def updates_for(hypotheses: int) -> int:
    """1 + floor(log of the number of ``hypotheses`` to the base 3/2): the least U with (3/2)^U > |H|.

    >>> [updates_for(many) for many in (1, 2, 4, 16)]
    [1, 2, 4, 7]
    """
    power, found = Fraction(1), 0
    while power <= whole(hypotheses, where="hypotheses", least=1):
        power, found = power * Fraction(3, 2), found + 1
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakeBudget:
    """The numbers of Result G.

    Parameters
    ----------
    kappa, updates : kappa and U. queries : p of a step, 2^(kappa + 3) b(n + 1). window : Q, the steps for an update.
    steps : T = (U + 1) Q.
    """

    kappa: int
    updates: int
    queries: int
    window: int
    steps: int


def mistake_budget(
    n: int, *, b: int, rho: Fraction, hypotheses: int, error: Fraction, delta: Fraction
) -> MistakeBudget:
    """The budget of Result G: an ``error`` (of labels) of at most this, but for a chance delta.

    Parameters
    ----------
    n, b, rho : bits, batch size, precision. hypotheses : |H|.

    Raises
    ------
    PremiseError
        Unless b >= 5 kappa, and 0 < error, delta < 1.

    >>> found = mistake_budget(3, b=4, rho=Fraction(1, 8), hypotheses=8, error=Fraction(1, 4), delta=Fraction(1, 10))
    >>> found.kappa, found.updates, found.queries, found.window, found.steps == (found.updates + 1) * found.window
    (0, 6, 128, 307, True)
    """
    kappa, updates = unread(b, rho), updates_for(hypotheses)
    if b < 5 * kappa:
        raise PremiseError(f"need b >= 5 kappa, got b = {b} and kappa = {kappa}")
    if not (0 < error < 1 and 0 < delta < 1):
        raise PremiseError(f"need 0 < error < 1 and 0 < delta < 1, got error = {error} and delta = {delta}")
    words, rare = int(words_of(n, b)), (1 / error) ** max(1, 5 * kappa)
    window = 1
    while True:
        steps = (updates + 1) * window
        wanted = ceil(rare * (words * updates * logarithm_above(2) + logarithm_above(ceil(steps / delta))))
        if window >= wanted:
            return MistakeBudget(
                kappa=kappa, updates=updates, queries=2 ** (kappa + 3) * words, window=window, steps=steps
            )
        window = wanted
