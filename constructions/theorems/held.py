"""Gradient descent against the adversary of the lower bound, and whether batches allow the very same run.

The adversary plays against gradient descent as a method that asks queries of the source (Lemma 4, then Theorem 2c, so
with tolerance rho/8), and names a parity at the end. Fresh batches of b samples of this parity are drawn then. If every
rounded entry that the game used is a valid rounding for the batch of its step (equation 3), the game is a run of bSGD
with batches of b at this precision, and its loss is the loss of bSGD against this adversary.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.errors import PremiseError
from constructions.foundations.exact import Number
from constructions.foundations.rounding import Grid
from constructions.learning.array_draws import RandomWords
from constructions.learning.counted_batches import CountedBatches
from constructions.learning.descent_methods import DescentMethod
from constructions.learning.parities import all_points, parity_of
from constructions.learning.parity_game import AnsweredQuery, Game, play_against
from constructions.reductions.descent_by_queries import DescentSteps, by_queries
from constructions.reductions.queries_alone import asked_alone


@dataclass(frozen=True, slots=True)
class HeldDescent:
    """A method of gradient descent, and the game of the adversary against it.

    >>> from constructions.learning.gradient_learners import linear_regression
    >>> held = HeldDescent.of(linear_regression(6, b=1, rho=Fraction(1, 8)))
    >>> str(held.game.loss), held.is_run(100_000, seed=0), held.is_run(1, seed=0)
    ('1/8', True, False)
    """

    method: DescentMethod
    game: Game

    @classmethod
    def of(cls, method: DescentMethod) -> "HeldDescent":
        """Play against a method.

        Raises
        ------
        ConstructionError, PremiseError
            As :func:`constructions.learning.parity_game.play_against`.
        """
        return cls(method, play_against(asked_alone(by_queries(method))))

    @property
    def estimates(self) -> tuple[tuple[Number, ...], ...]:
        """The rounded gradient of each step of the game, entry by entry."""
        steps, answers = DescentSteps(self.method), tuple(one.answer for one in self.game.asked)
        p = self.method.budget.p
        return tuple(tuple(steps.estimate(answers[at : at + p])) for at in range(0, len(answers), p))

    def is_run(self, b: int, *, seed: int) -> bool:
        """Whether the game is a run of bSGD on fresh batches of ``b`` samples of the parity that is named.

        Parameters
        ----------
        b : the batch size. seed : of the batches.

        Raises
        ------
        PremiseError
            If the adversary named no parity.
        """
        if self.game.target is None:
            raise PremiseError("need a game in which a parity is named, got one in which none is left")
        points, label = all_points(self.game.n), parity_of(self.game.target, self.game.n)
        drawing = CountedBatches.of(((x, int(label(x))), 1) for x in points)
        words, p = RandomWords(str(seed)), self.method.budget.p
        for number, estimate in enumerate(self.estimates):
            counts = drawing.draw(b, words)
            asked = self.game.asked[number * p : (number + 1) * p]
            if not self._all_valid(asked, estimate, counts, b):
                return False
        return True

    def _all_valid(
        self, asked: Sequence[AnsweredQuery], estimate: Sequence[Number], counts: Mapping[Any, int], b: int
    ) -> bool:
        """Whether each entry of an estimate is a valid rounding of its query's mean over a batch."""
        grid, places = Grid(rho=self.method.descent.rho), {x: i for i, x in enumerate(all_points(self.game.n))}
        there = [(places[x], y, times) for (x, y), times in counts.items()]
        for one, entry in zip(asked, estimate, strict=True):
            rows = (one.table.zero, one.table.one)
            total = sum(times * rows[y][place] for place, y, times in there)
            if entry not in grid.valid(Fraction(total, b * one.table.denominator)):
                return False
        return True
