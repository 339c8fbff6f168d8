"""Measured runs of a pipeline: rounds, and the errors of A' and of A, by seeded Monte Carlo with confidence intervals.

Run number i depends on the seed and on i alone, and sums are exact, so runs can be stopped and gone on with. Floats
appear in the intervals only.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from math import lcm, log, sqrt
from random import Random

from constructions.errors import ConstructionError
from constructions.foundations.descent import Descent
from constructions.foundations.exact import Number
from constructions.foundations.loading import loaded_when_used
from constructions.learning.descent_methods import FBGD, DescentMethod, descended
from constructions.learning.models import BSQ, FBSQ, SQ, Answers, Method, Query, QueryMethod, SampleMethod, State
from constructions.learning.oracles import Oracle, Question, means_over, source_means, valid
from constructions.learning.problems import Bits, Labelled, Point, Predictor, Source, Table
from constructions.models.training_sets import training_set
from constructions.reductions.queries_alone import with_predictions_clipped
from constructions.theorems.choices import ADVERSARIES, ORACLES, ROUNDINGS
from constructions.theorems.pipeline import Pipeline, Words
from constructions.training.network_methods import NetworkMethod

with loaded_when_used(__name__):
    from constructions.learning import array_draws, counted_batches

MOST_POINTS = 2048
"""Over so many points the loss of each run is computed exactly."""
MOST_ASKED = 2**16
"""The same for runs of which many end in one state, whose loss is computed once."""
TESTS = 100
RISK = 0.01
ONE_BY_ONE, IN_ARRAYS = "one by one", "arrays 1"
"""How runs are taken; a change of what is drawn from a seed takes another number, as kept runs must not be mixed."""
Measured = dict[str, Fraction]
ROUNDS, LATE, SIMULATED, LEARNER, EXCESS = "rounds", "late", "simulated", "learner", "excess"


@dataclass(frozen=True, slots=True)
class Played:
    """A run of a query method: its last state, and the rounds until it asked no more."""

    state: State
    rounds: int


def play(
    method: QueryMethod, source: Source, oracle: Oracle, random: Random, *, finished: Callable[[State], bool]
) -> Played:
    """Run a query method; batches and random bits are drawn when they are used, and rounds after it has finished are
    left out.

    >>> from constructions.learning.learners import best_literal
    >>> from constructions.learning.oracles import exact
    >>> from constructions.learning.problems import uniform
    >>> asked = best_literal(1, b=4, tau=Fraction(1, 16))
    >>> play(asked, uniform(1, lambda x: x[0]), exact, Random(1), finished=lambda state: False).rounds
    2
    """
    budget = method.budget
    state = method.start(_bits(random, method.own if method.refill else budget.r))
    held = source.batch(budget.m, random) if isinstance(budget, FBSQ) else ()
    for t in range(1, budget.k + 1):
        if finished(state):
            return Played(state, t - 1)
        if method.refill:
            state = method.refill(state, _bits(random, method.fresh))
        batch = source.batch(budget.b, random) if isinstance(budget, BSQ) else held
        query = checked(method, state, t)
        means = source_means(source, query, budget.p) if isinstance(budget, SQ) else means_over(batch, query, budget.p)
        question = Question(t, means, budget.tau)
        state = method.after(state, valid(oracle(question), question))
    return Played(state, budget.k)


def _bits(random: Random, many: int) -> Bits:
    return tuple(random.randrange(2) for _ in range(many))


def checked(method: QueryMethod, state: State, round_: int) -> Query:
    """The queries that a method asks from a state in a round; :meth:`QueryMethod.ask` looks at them where they are not
    plainly integers in [-1, 1].

    >>> from constructions.learning.learners import best_literal
    >>> method = best_literal(2, b=4, tau=Fraction(1, 16))
    >>> checked(method, method.start(()), 1)((0, 1), 1), checked(method, method.start(()), 1)((0, 1), 0)
    ((1, 0, 1), (0, 0, 0))
    """
    inner, budget = method.query(state), method.budget
    asked = method.ask(state, round_)

    def values(x: Bits, y: int) -> Answers:
        found = tuple(inner(x, y))
        plain = len(found) == budget.p and all(type(value) is int and -1 <= value <= 1 for value in found)
        silent = not (budget.alternating and y != round_ % 2 and any(found))
        return found if plain and silent else asked(x, y)  # type: ignore[return-value]

    return values


@dataclass(frozen=True, slots=True)
class Losses:
    """The loss of predictors on a source: exactly, over all points, or on fresh test points where there are too
    many.

    ``points`` are the x, each with its masses beside the labels 0 and 1 as multiples of 1/``scale``.

    >>> from constructions.learning.problems import uniform
    >>> losses = Losses.of(uniform(2, lambda x: x[0], noise=Fraction(1, 10)))
    >>> losses.exact, str(losses(lambda x: x[0], Random(0)))
    (True, '1/20')
    >>> {word: str(mass) for word, mass in losses.words.items() if word[1:] == (0, 1)}
    {(0, 0, 1): '9/40', (1, 0, 1): '1/40'}
    """

    source: Source
    points: tuple[tuple[Bits, int, int], ...] | None
    scale: int = 1

    @classmethod
    def of(cls, source: Source, most: int = MOST_POINTS) -> "Losses":
        """The exact table of a source, if it has at most so many points (``most``)."""
        if isinstance(source, Labelled) and 2**source.n > most:
            return cls(source, None)
        table: dict[Bits, list[Fraction]] = {}
        for (x, y), mass in islice(source.masses(), 2 * most + 1):
            table.setdefault(x, [Fraction(0), Fraction(0)])[y] = mass
        if len(table) > most:
            return cls(source, None)
        scale = lcm(*(mass.denominator for masses in table.values() for mass in masses))
        return cls(source, tuple((x, int(zero * scale), int(one * scale)) for x, (zero, one) in table.items()), scale)

    @property
    def exact(self) -> bool:
        """Whether the loss is exact."""
        return self.points is not None

    @property
    def words(self) -> Words | None:
        """The masses of the words (y, x1, ..., xn), if there are few."""
        if self.points is None:
            return None
        return {(y, *x): Fraction(mass, self.scale) for x, *both in self.points for y, mass in enumerate(both) if mass}

    def __call__(self, predictor: Predictor, random: Random) -> Fraction:
        """The loss of a predictor."""
        if self.points is None:
            drawn = [self.source.draw(random) for _ in range(TESTS)]
            return sum((Fraction(predictor(x) - y) ** 2 for x, y in drawn), Fraction(0)) / (2 * TESTS)
        total: Number = 0
        for x, zero, one in self.points:
            value = predictor(x)
            total += zero * value * value + one * (value - 1) * (value - 1)
        return Fraction(total) / (2 * self.scale)


@dataclass(frozen=True, slots=True)
class Tally:
    """The exact sums of what was measured so far: of each quantity, and of its square; and the form of the runs."""

    runs: int = 0
    sums: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    form: str = ONE_BY_ONE

    def plus_all(self, found: Sequence[Mapping[str, Fraction]]) -> "Tally":
        """More runs, all of the same quantities.

        >>> Tally().plus_all([{"late": Fraction(0)}, {"late": Fraction(1)}]).sums
        {'late': (Fraction(1, 1), Fraction(1, 1))}
        """
        sums = dict[str, tuple[Fraction, Fraction]]()
        for name in found[0] if found else self.sums:
            total, squares = self.sums.get(name, (Fraction(0), Fraction(0)))
            for value, times in Counter(run[name] for run in found).items():
                total, squares = total + value * times, squares + value * value * times
            sums[name] = total, squares
        return Tally(self.runs + len(found), sums, self.form)


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, between which numbers, ``low`` and ``high``, the truth lies but for a chance ``RISK``, and the standard
    error (none from one run)."""

    mean: Fraction
    low: float
    high: float
    error: float | None = None


def interval(tally: Tally, name: str, *, low: Fraction, high: Fraction) -> Interval:
    """The mean of the quantity of this name between two bounds, and its confidence interval.

    The smaller of Hoeffding's radius and the empirical Bernstein radius sqrt(2 V l / N) + 7 (high - low) l / (3 (N -
    1)), each at half of the risk. Assumes both inequalities.

    >>> found = interval(Tally(100, {"late": (Fraction(0), Fraction(0))}), "late", low=Fraction(0), high=Fraction(1))
    >>> found.low, round(found.high, 3)
    (0.0, 0.158)
    """
    total, squares = tally.sums[name]
    runs, span = tally.runs, float(high - low)
    radius, error = span * sqrt(log(4 / RISK) / (2 * runs)), None
    if runs > 1:
        variance = float((squares - total**2 / runs) / (runs - 1))
        level, error = log(8 / RISK), sqrt(variance / runs)
        radius = min(radius, sqrt(2 * variance * level / runs) + 7 * span * level / (3 * (runs - 1)))
    mean = total / runs
    return Interval(mean, max(float(low), float(mean) - radius), min(float(high), float(mean) + radius), error)


@dataclass(frozen=True, slots=True)
class Experiment:
    """Runs of A' beside runs of A on one source.

    Parameters
    ----------
    oracle : from a tolerance and a seed to what answers the queries of a run.
    pipeline, source : the theorem with its numbers, and what is learned from.
    losses, seed : how predictors are judged, and from what all draws follow.
    adversary : who rounds the gradients of a network, by name; None is whoever the oracle's name says.
    training_set : how many samples a run draws, from which all draws of A' are taken, or those of A if it is gradient
        descent (Theorem 1c); None if they are of the source.

    >>> from constructions.learning.problems import uniform
    >>> from constructions.theorems.pipeline import TheoremSetting
    >>> from constructions.theorems.registry import THEOREMS
    >>> setting = TheoremSetting(n=2, b=2, m=1, tau=Fraction(1, 8), delta=Fraction(1, 4))
    >>> source = uniform(2, lambda x: x[0])
    >>> made = THEOREMS["theorem 2a"].pipeline(setting, "parity")
    >>> experiment = Experiment(made, source, Losses.of(source), ORACLES["exact"], seed=1)
    >>> found = experiment.run(0)
    >>> {name: str(value) for name, value in found.items()}
    {'rounds': '2', 'late': '0', 'simulated': '0', 'learner': '0', 'excess': '0'}
    """

    pipeline: Pipeline
    source: Source
    losses: Losses
    oracle: Callable[[Fraction, int], Oracle]
    seed: int
    adversary: str | None = None
    training_set: int | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """What a run measures, by name."""
        return (*((ROUNDS, LATE) if isinstance(self.pipeline.made, QueryMethod) else ()), SIMULATED, LEARNER, EXCESS)

    def run(self, number: int) -> Measured:
        """What run number ``number`` gives."""
        made, random = self.pipeline.made, Random(f"{self.seed}, {number}, simulated")
        found: dict[str, Fraction] = {}
        drawn = self if self.training_set is None or self.learner_on_a_set else self._on_a_set(random)
        if isinstance(made, QueryMethod):
            played = play(made, drawn.source, self._oracle(made, random), random, finished=self.pipeline.finished)
            predictor = made.predictor(played.state)
            found[ROUNDS] = Fraction(played.rounds)
            found[LATE] = Fraction(int(not self.pipeline.complete(played.state)))
        elif isinstance(made, DescentMethod):
            predictor = drawn._descended(made, random)
        elif isinstance(made, NetworkMethod):
            predictor = drawn._trained(made, random)
        else:
            predictor = drawn._learned(made, random)
        if drawn is not self:
            predictor = with_predictions_clipped(predictor)
        found[SIMULATED] = self.losses(predictor, random)
        found[LEARNER] = self.by_learner(number)
        found[EXCESS] = found[SIMULATED] - found[LEARNER]
        return found

    @property
    def learner_on_a_set(self) -> bool:
        """Whether it is A that draws from a training set, as it is gradient descent."""
        return self.training_set is not None and isinstance(self.pipeline.given, DescentMethod)

    def _on_a_set(self, random: Random) -> "Experiment":
        """The same with a training set of its own for a source; what is returned is judged by this one's losses."""
        assert self.training_set is not None
        words = self.losses.words if not isinstance(self.pipeline.given, SampleMethod) else None
        held = self._counted_set(words, random) if words else training_set(self.source, self.training_set, random)
        return replace(self, source=held, losses=Losses.of(held), training_set=None)

    def _counted_set(self, words: Words, random: Random) -> Source:
        """A training set that is drawn as counts over the points of the source."""
        drawn = self._counted(words).draw(self.training_set or 0, array_draws.RandomWords(str(random.randrange(2**62))))
        return Table(self.source.n, {point: Fraction(count, self.training_set) for point, count in drawn.items()})

    def by_learner(self, number: int) -> Fraction:
        """The loss of A in a run."""
        given, random = self.pipeline.given, Random(f"{self.seed}, {number}, learner")
        if isinstance(given, SampleMethod):
            return self.losses(self._learned(given, random), random)
        if isinstance(given, DescentMethod):
            drawn = self._on_a_set(random) if self.learner_on_a_set else self
            return self.losses(drawn._descended(given, random), random)
        played = play(given, self.source, self._oracle(given, random), random, finished=lambda state: False)
        return self.losses(given.predictor(played.state), random)

    def _descended(self, method: DescentMethod, random: Random) -> Predictor:
        """What gradient descent returns where gradients are rounded as the oracle's name says."""
        bits, seed = _bits(random, method.budget.r), random.randrange(2**62)
        descent = replace(method.descent, adversary=ROUNDINGS[self._named](seed))
        if self.pipeline.counted and self.losses.words:
            return self._on_counts(method, bits, descent, random)
        return descended(method, self._batches(method, random), bits, descent)

    def _trained(self, method: NetworkMethod, random: Random) -> Predictor:
        """What a network returns after its training, all of its roundings picked by the adversary."""
        bits, seed = _bits(random, method.budget.r), random.randrange(2**62)
        picks = self.adversary or ADVERSARIES[self._named]
        return method.trained(self._batches(method, random), bits, adversary=picks, seed=seed)

    @property
    def _named(self) -> str:
        """The oracle's name."""
        return next((name for name, oracle in ORACLES.items() if oracle is self.oracle), "exact")

    def _batches(self, method: DescentMethod | NetworkMethod, random: Random) -> list[tuple[Point, ...]]:
        """A batch for each step: fresh ones, or one for all of them."""
        steps = method.budget.steps
        if isinstance(method.budget, FBGD):
            return [self.source.batch(method.batch, random)] * steps
        return [self.source.batch(method.batch, random) for _ in range(steps)]

    def _on_counts(self, method: DescentMethod, bits: Bits, descent: Descent, random: Random) -> Predictor:
        """The same, where batches are drawn as counts over the points of the source."""
        words = array_draws.RandomWords(str(random.randrange(2**62)))
        drawing = self._counted(self.losses.words or {})
        once = drawing.draw(method.batch, words) if isinstance(method.budget, FBGD) else None
        chosen = (once or drawing.draw(method.batch, words) for _ in range(method.budget.steps))
        return counted_batches.descended_on_counts(method, chosen, bits, descent)

    def _counted(self, words: Words) -> "counted_batches.CountedBatches":
        """Where counts over the points of the source are drawn from."""
        scale = self.losses.scale
        return counted_batches.CountedBatches.of(
            ((word[1:], word[0]), int(mass * scale)) for word, mass in words.items()
        )

    def _oracle(self, method: QueryMethod, random: Random) -> Oracle:
        return self.oracle(method.budget.tau, random.randrange(2**62))

    def _learned(self, method: Method, random: Random) -> Predictor:
        if not isinstance(method, SampleMethod):
            raise ConstructionError(f"need a method on samples, got one with the budget {method.budget}")
        return method.learn(self.source.batch(method.budget.m, random), _bits(random, method.budget.r))
