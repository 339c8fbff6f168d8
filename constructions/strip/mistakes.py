"""Result G: finite classes, learned from the mistakes of the present predictor alone, for any b rho.

At a stage let h be the majority of the hypotheses that are left (1 on a tie). The output of the model is h, held off by
a small e: e where h = 0 and 1 - e where h = 1. So the gradient by the parameter of a query r is within e of (h(x) - y)
r(x): only mistakes count. Two clocks with slopes 1/e and 1/(3e) have gradients 1 and 1/3 where h is right, and -1 both
where it is wrong, so one of them moves in every step, for rho < 4/15.

What a step wrote is read as a shortest list of mistakes that is consistent with it; at most kappa = floor(3 b rho/2) of
the points of this list and of the true one do not agree (fact R3). If at least 4 kappa mistakes are reported (one, if
kappa = 0), all hypotheses that are wrong on more than kappa of them go. The target is wrong on those only that were not
there, and stays; at least a third of the others goes. So there are fewer updates than U = 1 + floor(log |H| to the base
3/2), and of U + 1 windows of Q steps one has none: its h is what is learned. (The last h would not do: whoever rounds
may hold an update back until the last step.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations_with_replacement

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.logic import Formula, every
from constructions.foundations.rounding import Adversary, Choice, Grid, choose, nearest
from constructions.learning.problems import Bits, Point, Predictor
from constructions.strip.consistent import is_consistent
from constructions.strip.reader import Reader
from constructions.strip.readout import QUERIES_FACTOR, word_length
from constructions.strip.sign_queries import SignQueries
from constructions.strip.simulations import tolerance_of

MOST_HELD_OFF = Fraction(1, 4)
"""e is at most this, so that a wrong point's gradient by the second clock is clipped to -1."""
MOST_RHO_OF_CLOCKS = Fraction(4, 15)
GROUP = Fraction(QUERIES_FACTOR, 24)
TIMES = 4
"""So many times kappa mistakes are reported before hypotheses go."""


def unread(b: Number, rho: Fraction) -> int:
    """kappa: the largest whole number of at most 2 b tau = 3 b rho/2, for how many points of a list may be wrong.

    >>> unread(16, Fraction(1, 8)), unread(5, Fraction(1, 8))
    (3, 0)
    """
    return int(2 * b * tolerance_of(rational(rho, where="rho")) // 1)


def held_off(b: int, rho: Fraction) -> Fraction:
    """The greatest power of 1/2 that is at most 1/4 and less than (kappa + 1 - 2 b tau)/(2b): an e that fits.

    >>> str(held_off(16, Fraction(1, 8))), is_fit_for_lists(held_off(16, Fraction(1, 8)), 16, Fraction(1, 8), 3)
    ('1/64', True)
    """
    found = MOST_HELD_OFF
    while not is_fit_for_lists(found, b, rho, unread(b, rho)):
        found /= 2
    return found


def is_fit_for_lists(held: Number, b: Number, rho: Number, kappa: Number) -> Formula:
    """Whether lists that are consistent with the same answers differ by at most ``kappa`` points, for answers within
    tau + e of their means, e the ``held`` number: 2 b (tau + e) < kappa + 1.

    >>> is_fit_for_lists(Fraction(1, 4), 16, Fraction(1, 8), 3)
    False
    """
    return every(held > 0, held <= MOST_HELD_OFF, 2 * b * (tolerance_of(rho) + held) < kappa + 1)


def reader_of(held: Number, right: Number) -> Reader:
    """The numbers of a block where h is 0 (and the label that is ``right`` there is 0): the output held at e, a group
    of queries with slope 1, and two clocks. Where h is 1 all signs are the other way round.

    >>> found = reader_of(Fraction(1, 4), 0)
    >>> [str(found.gradient(group, 1, y)) for group in (0, 1, 2) for y in (0, 1)]
    ['1/4', '-3/4', '1', '-1', '1/3', '-1']
    """
    sign = 1 - 2 * right
    return Reader(held=right + sign * held, slopes=(Fraction(1), sign / held, sign / (3 * held)))


def needed(kappa: int) -> int:
    """How many reported mistakes lead to an update: 4 kappa, or one.

    >>> needed(3), needed(0)
    (12, 1)
    """
    return max(1, TIMES * kappa)


def stays(wrong: Number, kappa: Number) -> object:
    """Whether a hypothesis stays that is ``wrong`` on so many of the reported mistakes, for ``kappa``.

    >>> stays(3, 3), stays(4, 3)
    (True, False)
    """
    return wrong <= kappa


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorityStage:
    """Where a run is: the hypotheses that are ``left``, by number, how many ``updates`` and ``steps`` there were, those
    before the present window (``before``), and what was left in the first window without an update (``kept``)."""

    left: tuple[int, ...]
    updates: int = 0
    steps: int = 0
    before: int = 0
    kept: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakeLearner:
    """bSGD for a finite class.

    Parameters
    ----------
    hypotheses : the class, as functions with values 0 and 1. queries : the family. rho : the precision of gradients.
    window : Q, the steps of a window.

    Raises
    ------
    ConstructionError
        For no hypothesis.
    PremiseError
        Unless b >= 5 kappa and 0 < rho < 4/15.

    >>> from constructions.strip.sign_queries import all_queries
    >>> class_ = [lambda x: 0, lambda x: x[0], lambda x: 1 - x[0], lambda x: 1]
    >>> learner = MistakeLearner(hypotheses=class_, queries=all_queries(1, 3), rho=Fraction(1, 8), window=2)
    >>> start = learner.start
    >>> learner.kappa, learner.majority(start.left)((0,)), learner.most_updates, learner.block
    (0, 1, 4, 4)
    >>> after = learner.step(start, [((0,), 0), ((1,), 1), ((1,), 1)])
    >>> after.left, after.updates, learner.majority(after.left)((0,)), learner.learned(after)((0,))
    ((0, 1), 1, 0, 0)
    >>> [str(entry) for entry in learner.gradient(start, [((1,), 1)])]  # e = 1/16; both clocks say "right"
    ['-1/16', '-1/16', '1', '1/3']
    >>> learner.after(start, [Fraction(0)] * 4)
    Traceback (most recent call last):
        ...
    constructions.errors.PremiseError: need a clock that moves, got two that stand
    """

    hypotheses: Sequence[Callable[[Bits], int]]
    queries: SignQueries
    rho: Fraction
    window: int

    def __post_init__(self) -> None:
        whole(self.window, where="window", least=1)
        if not self.hypotheses:
            raise ConstructionError("need at least one hypothesis, got none")
        if not 0 < self.rho < MOST_RHO_OF_CLOCKS:
            raise PremiseError(f"need 0 < rho < {MOST_RHO_OF_CLOCKS}, got rho = {self.rho}")
        if self.queries.b < 5 * self.kappa:
            raise PremiseError(f"need b >= 5 kappa, got b = {self.queries.b} and kappa = {self.kappa}")

    @property
    def kappa(self) -> int:
        """How many points of a list may be wrong."""
        return unread(self.queries.b, self.rho)

    @property
    def held(self) -> Fraction:
        """e, by which the output is held off."""
        return held_off(self.queries.b, self.rho)

    @property
    def block(self) -> int:
        """The parameters of a step: one for each query, and two clocks."""
        return self.queries.size + 2

    @property
    def most_updates(self) -> int:
        """U: 1 + floor(log |H| to the base 3/2)."""
        return updates_for(len(self.hypotheses))

    @property
    def start(self) -> MajorityStage:
        """Before the first step: all hypotheses are left."""
        return MajorityStage(left=tuple(range(len(self.hypotheses))))

    def majority(self, left: Sequence[int]) -> Callable[[Bits], int]:
        """The majority of hypotheses, by number."""
        chosen = [self.hypotheses[number] for number in left]
        return lambda x: int(2 * sum(h(x) for h in chosen) >= len(chosen))

    def learned(self, stage: MajorityStage) -> Predictor:
        """What is learned after the last step: the majority of the first window without an update (of the last stage,
        if there is none)."""
        return self.majority(stage.left if stage.kept is None else stage.kept)

    def gradient(self, stage: MajorityStage, batch: Sequence[Point]) -> tuple[Fraction, ...]:
        """The mean of the clipped gradients over a ``batch`` at a ``stage``: of the queries, and of the two
        clocks."""
        totals, majority = [Fraction(0)] * self.block, self.majority(stage.left)
        for x, y in batch:
            reader = reader_of(self.held, Fraction(majority(x)))
            values = [*((0, value) for value in self.queries.values(x)), (1, 1), (2, 1)]
            found = (Fraction(reader.gradient(group, value, y)) for group, value in values)
            totals = [total + entry for total, entry in zip(totals, found, strict=True)]
        return tuple(total / len(batch) for total in totals)

    def step(self, stage: MajorityStage, batch: Sequence[Point], adversary: Adversary = nearest) -> MajorityStage:
        """The stage after a step on a ``batch``, where an ``adversary`` rounds the gradient.

        Raises
        ------
        PremiseError
            As for :meth:`after`.
        """
        grid = Grid(rho=self.rho)
        choices = (Choice(("v", str(j)), 1, v, grid.valid(v)) for j, v in enumerate(self.gradient(stage, batch), 1))
        return self.after(stage, [choose(adversary, choice) for choice in choices])

    def after(self, stage: MajorityStage, answers: Sequence[Fraction]) -> MajorityStage:
        """The stage after a step that wrote these ``answers``, those of the two clocks last.

        Raises
        ------
        PremiseError
            If no list of mistakes is consistent with what was written, or no hypothesis is left, as where no hypothesis
            agrees with all labels; and if no clock moved.
        """
        if not any(answers[-2:]):
            raise PremiseError("need a clock that moves, got two that stand")
        mistakes, left, updates = self.reported(stage, answers[:-2]), stage.left, stage.updates
        if len(mistakes) >= needed(self.kappa):
            left = tuple(number for number in left if stays(self.wrong(number, mistakes), self.kappa))
            updates += 1
        if not left:
            raise PremiseError("need labels with which some hypothesis agrees, got a batch that leaves none")
        return self._counted(replace(stage, left=left, updates=updates, steps=stage.steps + 1))

    def _counted(self, stage: MajorityStage) -> MajorityStage:
        """The stage with what is to be kept of a window that is over."""
        if stage.steps % self.window:
            return stage
        quiet = stage.kept is None and stage.updates == stage.before
        return replace(stage, before=stage.updates, kept=stage.left if quiet else stage.kept)

    def wrong(self, number: int, mistakes: Sequence[Point]) -> int:
        """On how many of some points the hypothesis of this ``number`` is wrong."""
        return sum(self.hypotheses[number](x) != y for x, y in mistakes)

    def reported(self, stage: MajorityStage, answers: Sequence[Fraction]) -> tuple[Point, ...]:
        """A shortest list of mistakes that is consistent with ``answers``, by going through all lists. Raises
        PremiseError if there is none."""
        near, majority, b = Fraction(tolerance_of(self.rho)) + self.held, self.majority(stage.left), self.queries.b
        for length in range(b + 1):
            for points in combinations_with_replacement(self.queries.points, length):
                balance: dict[Bits, int] = {}
                for x in points:
                    balance[x] = balance.get(x, 0) + 2 * majority(x) - 1
                if is_consistent(answers, self.queries.answers(balance), b, near):
                    return tuple((x, 1 - majority(x)) for x in points)
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
    kappa, updates : kappa and U. block : the parameters of a step, 2^(kappa + 3) b(n + 1) + 2. window : Q.
    steps : T = (U + 1) Q. halvings : how often the chance of a bad window is halved. parameters : of all steps.
    """

    kappa: int
    updates: int
    block: int
    window: int
    steps: int
    halvings: int
    parameters: int


def group_for(chance: Fraction) -> int:
    """So many steps that all of them miss what each has with this ``chance`` with a chance of at most 1/2: the least i
    with i q >= 17/24.

    >>> group_for(Fraction(1, 4))
    3
    """
    return int(-(-GROUP // chance))


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
    >>> found.kappa, found.updates, found.block, found.halvings, found.window, found.steps
    (0, 6, 130, 103, 309, 2163)
    """
    kappa, updates = unread(b, rho), updates_for(hypotheses)
    if b < 5 * kappa:
        raise PremiseError(f"need b >= 5 kappa, got b = {b} and kappa = {kappa}")
    if not (0 < error < 1 and 0 < delta < 1):
        raise PremiseError(f"need 0 < error < 1 and 0 < delta < 1, got error = {error} and delta = {delta}")
    words, halvings = int(word_length(n, b)), 0
    while 2**halvings * delta < (updates + 1) * 2 ** (words * updates):
        halvings += 1
    window = group_for(error ** max(1, 5 * kappa)) * halvings
    block, steps = 2 ** (kappa + 3) * words + 2, (updates + 1) * window
    return MistakeBudget(
        kappa=kappa,
        updates=updates,
        block=block,
        window=window,
        steps=steps,
        halvings=halvings,
        parameters=block * steps,
    )
