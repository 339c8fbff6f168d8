"""Measured runs in NumPy arrays, a block of them at once; where there is no such form, one by one, with the reason.

The law is that of :meth:`constructions.theorems.measure.Experiment.run`; the draws are others. A block depends on the
seed and its number alone, and is always drawn whole, so run number i is the same however many runs are asked for. What
is counted and summed are integers and fractions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from random import Random

import numpy as np

from constructions.learning.array_draws import MOST, Integers, RandomWords
from constructions.learning.learners_in_arrays import Predictions, Samples, points_in_array
from constructions.learning.models import Budget, QueryMethod, SampleMethod, State
from constructions.learning.problems import Bits
from constructions.reductions.averages_in_arrays import ManyAverages
from constructions.reductions.extract_in_arrays import ManyExtractions
from constructions.reductions.one_bit import HALF
from constructions.reductions.sample_extract import Extraction
from constructions.theorems.choices import EQUALLY, ORACLES
from constructions.theorems.measure import (
    EXCESS,
    IN_ARRAYS,
    LATE,
    LEARNER,
    ONE_BY_ONE,
    ROUNDS,
    SIMULATED,
    Experiment,
    Losses,
    Measured,
)
from constructions.theorems.pipeline import Pipeline, Repeated

RUNS = 256
MOST_BITS, MOST_SAMPLES, MOST_BATCH, MOST_SUMMED = 62, 4096, 4096, 1024
MOST_CELLS = 2**22


@dataclass(frozen=True, slots=True)
class OneByOne:
    """Runs of an experiment as the methods themselves make them, one after another; ``reason`` says why not in arrays,
    and ``form`` how the draws are made."""

    experiment: Experiment
    reason: str
    form: str = ONE_BY_ONE

    def runs(self, begin: int, end: int) -> list[Measured]:
        """The first of the runs from ``begin`` to ``end``."""
        return [self.experiment.run(begin)]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Runs in blocks of ``size``; ``measure`` gives the quantities of a block, by its number.

    ``form`` says how the draws are made; there is no ``reason`` to say.
    """

    size: int
    measure: Callable[[int], list[Measured]]
    form: str = IN_ARRAYS
    reason: str = ""

    def runs(self, begin: int, end: int) -> list[Measured]:
        """Those of the runs from ``begin`` to ``end`` that are in the block of the first."""
        number, offset = divmod(begin, self.size)
        return self.measure(number)[offset : offset + end - begin]


def takes(experiment: Experiment, form: str | None = None) -> Blocks | OneByOne:
    """How the runs of an experiment are taken: in blocks where that is possible, or in the form that is asked for.

    >>> from constructions.learning.problems import uniform
    >>> from constructions.theorems.registry import THEOREMS
    >>> from constructions.theorems.pipeline import TheoremSetting
    >>> setting = TheoremSetting(n=3, b=2, m=4, tau=Fraction(1, 8), delta=Fraction(1, 20))
    >>> pipeline, source = THEOREMS["theorem 2a"].pipeline(setting, "parity"), uniform(3, lambda x: x[1])
    >>> taken = takes(Experiment(pipeline, source, Losses.of(source), ORACLES["exact"], 0))
    >>> taken.form, len(taken.runs(10, 15)), taken.runs(14, 15) == taken.runs(10, 15)[-1:]
    ('arrays 1', 5, True)
    """
    if form == ONE_BY_ONE:
        return OneByOne(experiment, "so are the runs in the file")
    reason = why_not(experiment)
    if reason:
        return OneByOne(experiment, reason)
    pipeline = experiment.pipeline
    if pipeline.extraction is not None:
        return _extractions(experiment, pipeline.extraction)
    assert pipeline.repeated is not None
    return _averages(experiment, pipeline.repeated)


def why_not(experiment: Experiment) -> str:
    """Why runs cannot be taken in arrays; empty if they can."""
    pipeline, losses = experiment.pipeline, experiment.losses
    if experiment.training_set is not None:
        return "each run draws a training set of its own"
    if pipeline.extraction is None and pipeline.repeated is None:
        return f"{pipeline.item} has no form in arrays here"
    if losses.points is None:
        return "there are too many points to go through"
    if not any(oracle is experiment.oracle for oracle in ORACLES.values()):
        return "the oracle has no form in arrays"
    if pipeline.given.n > MOST_BITS or losses.scale > MOST:
        return f"points have more than {MOST_BITS} bits, or masses as large a denominator"
    return _why_not_learner(pipeline)


def _why_not_learner(pipeline: Pipeline) -> str:
    given, made = pipeline.given, pipeline.made.budget
    if given.budget.r:
        return "the learner takes random bits"
    if isinstance(given, SampleMethod) and given.learn_all is None:
        return "the learner has no form in arrays"
    if isinstance(given, SampleMethod) and (given.budget.m > MOST_SAMPLES or _batch(made) > MOST_BATCH):
        return f"there are more than {MOST_SAMPLES} samples, or more than {MOST_BATCH} points in a batch"
    if pipeline.repeated and (_batch(made) > MOST_SUMMED or pipeline.repeated.q > MOST_CELLS):
        return f"there are more than {MOST_SUMMED} points in a batch, or {MOST_CELLS} rounds a query"
    return ""


def _batch(budget: Budget) -> int:
    return int(getattr(budget, "b", 1))


@dataclass(frozen=True, slots=True)
class ManyLosses:
    """The exact losses of many predictions on one source, whose points have the masses ``zero`` and ``one`` beside the
    two labels, as integers over ``scale``."""

    points: Sequence[Bits]
    bits: Integers
    zero: Integers
    one: Integers
    scale: int

    @classmethod
    def of(cls, losses: Losses, n: int) -> "ManyLosses":
        """From the exact table of ``losses`` at points of n bits."""
        assert losses.points is not None
        points, zero, one = zip(*losses.points, strict=True)
        masses = [np.array(column, dtype=np.int64) for column in (zero, one)]
        return cls(points, points_in_array(points, n), masses[0], masses[1], losses.scale)

    def __call__(self, predictions: Predictions) -> list[Fraction]:
        """The loss of each row of predictions."""
        values, parts = predictions.numerators, predictions.denominators
        largest = max(int(np.abs(values).max()), int(np.abs(values - parts).max()))
        if self.scale * largest**2 > MOST:
            values, parts = values.astype(object), parts.astype(object)
        squares = self.zero * values * values + self.one * (values - parts) * (values - parts)
        kinds = [int(kind) for kind in np.unique(predictions.denominators)]
        common = lcm(*(kind * kind for kind in kinds))
        totals = [0] * len(values)
        for kind in kinds:
            part = (squares * (predictions.denominators == kind)).sum(axis=1).tolist()
            totals = [total + common // kind**2 * int(more) for total, more in zip(totals, part, strict=True)]
        return [Fraction(total, 2 * self.scale * common) for total in totals]


@dataclass(frozen=True, slots=True)
class _Extracting:
    """Blocks of Theorem 2a and Lemma 1: extraction and learner beside the learner on samples of its own."""

    experiment: Experiment
    given: SampleMethod
    most: int
    size: int
    extractions: ManyExtractions
    losses: ManyLosses
    places: Integers  # of each word its point
    labels: Integers
    half: Fraction

    def measure(self, number: int) -> list[Measured]:
        seed, m = self.experiment.seed, self.given.budget.m
        words, rounds = self._samples(RandomWords(f"{seed}, block {number}, simulated"))
        own = self.extractions.drawn(RandomWords(f"{seed}, block {number}, learner"), (self.size, m))
        by_samples = self._learned(own)
        late = (rounds > self.most).tolist()
        made = [self.half if out else loss for out, loss in zip(late, self._learned(words), strict=True)]
        took = np.minimum(rounds, self.most).tolist()
        return [
            _measured(Fraction(t), Fraction(out), a, b)
            for t, out, a, b in zip(took, late, made, by_samples, strict=True)
        ]

    def _samples(self, source: RandomWords) -> tuple[Integers, Integers]:
        """For each run the words that are extracted, one after another, and the rounds that they take."""
        m = self.given.budget.m
        if not self.extractions.how.alternating:
            words, rounds = self.extractions.extract(source, np.ones(self.size * m, dtype=np.int64))
            return words.reshape(self.size, m), rounds.reshape(self.size, m).sum(axis=1)
        words, rounds = np.zeros((self.size, m), dtype=np.int64), np.zeros(self.size, dtype=np.int64)
        for j in range(m):
            words[:, j], taken = self.extractions.extract(source, 1 - rounds % 2)
            rounds += taken
        return words, rounds

    def _learned(self, words: Integers) -> list[Fraction]:
        assert self.given.learn_all is not None
        samples = Samples(self.losses.points, self.losses.bits, self.places[words], self.labels[words])
        return self.losses(self.given.learn_all(samples))


def _measured(rounds: Fraction, late: Fraction, simulated: Fraction, learner: Fraction) -> Measured:
    return {ROUNDS: rounds, LATE: late, SIMULATED: simulated, LEARNER: learner, EXCESS: simulated - learner}


def _extractions(experiment: Experiment, how: Extraction) -> Blocks:
    given, made, losses = experiment.pipeline.given, experiment.pipeline.made, experiment.losses
    assert isinstance(given, SampleMethod) and isinstance(made, QueryMethod) and losses.points is not None
    place = {x: i for i, (x, _, _) in enumerate(losses.points)}
    words = sorted(losses.words or {})
    masses = [int((losses.words or {})[word] * losses.scale) for word in words]
    size = max(1, min(RUNS, MOST_CELLS // (max(1, given.budget.m) * (2 * given.n + 2))))
    runs = _Extracting(
        experiment=experiment,
        given=given,
        most=made.budget.k,
        size=size,
        extractions=ManyExtractions.of(how, words, masses, made.budget.k),
        losses=ManyLosses.of(losses, given.n),
        places=np.array([place[word[1:]] for word in words], dtype=np.int64),
        labels=np.array([word[0] for word in words], dtype=np.int64),
        half=losses(lambda x: HALF, Random(0)),
    )
    return Blocks(size, runs.measure)


@dataclass(frozen=True, slots=True)
class _Averaging:
    """Blocks of Theorem 2d and Lemma 2: averaged answers beside the SQ method itself."""

    experiment: Experiment
    given: QueryMethod
    size: int
    rounds: Fraction
    averages: ManyAverages
    known: dict[State, Fraction] = field(default_factory=dict)

    def measure(self, number: int) -> list[Measured]:
        seed = self.experiment.seed
        made = self.averages.averaged(RandomWords(f"{seed}, block {number}, simulated"), self.size)
        given = self.averages.given(RandomWords(f"{seed}, block {number}, learner"), self.size)
        both = zip(self._losses(made), self._losses(given), strict=True)
        return [_measured(self.rounds, Fraction(0), a, b) for a, b in both]

    def _losses(self, groups: dict[State, Integers]) -> list[Fraction]:
        found = [Fraction(0)] * self.size
        for state, who in groups.items():
            if state not in self.known:
                self.known[state] = self.experiment.losses(self.given.predictor(state), Random(0))
            for run in who.tolist():
                found[run] = self.known[state]
        return found


def _averages(experiment: Experiment, repeated: Repeated) -> Blocks:
    given, made, losses = experiment.pipeline.given, experiment.pipeline.made, experiment.losses
    assert isinstance(given, QueryMethod) and isinstance(made, QueryMethod) and losses.points is not None
    name = next(name for name, oracle in ORACLES.items() if oracle is experiment.oracle)
    averages = ManyAverages(
        method=given,
        points=[((x, y), mass) for x, *both in losses.points for y, mass in enumerate(both) if mass],
        equally=EQUALLY[name],
        b=_batch(made.budget),
        q=repeated.q,
        by_label=repeated.by_label,
        tau=made.budget.tau,
    )
    size = max(1, min(RUNS, MOST_CELLS // repeated.q))
    return Blocks(size, _Averaging(experiment, given, size, Fraction(made.budget.k), averages).measure)
