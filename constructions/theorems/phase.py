"""The plane of batch size b and precision rho: what gradient descent learns at a point of it, run where it can be.

Five learners are looked at, each by the theorems that speak of it.

* ``parity``, by reading: the sample is extracted, and Gaussian elimination is run on it. Result B0 does this for
  b rho < 4/3 and is run where its models are small; else Theorem 1a with queries on one label, for b rho < 2/3.
* ``regression``: a linear model, against the adversary of the lower bound, which names a parity
  (:mod:`constructions.theorems.held`). Where batches allow the game, gradient descent learns nothing of this parity.
* ``hidden``: a noisy label, which the adversary hides from a linear model by training two worlds at once to the same
  weights, from b rho = 4 on (:mod:`constructions.theorems.both_sides`).
* ``consistent``: a parity from batches that are consistent with the answers, where Result B0 ends; needs scipy. How
  many points of a batch are read as others is measured, on both sides of b rho = 4.
* ``literal``, by queries: Theorem 1d with queries on both labels, for every b where rho < tau/6.

What a theorem covers but is too large to be run is *proved only*; where none of these speaks, the point is *open*.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from random import Random
from typing import Any, Literal, TypeAlias

from constructions.errors import PremiseError
from constructions.foundations.exact import rational, whole
from constructions.foundations.naming import check_name
from constructions.foundations.rounding import randomly
from constructions.learning.descent_methods import DescentMethod, descended
from constructions.learning.gradient_learners import linear_regression
from constructions.learning.learners import best_literal, parity
from constructions.models.simulations import STEEP_BOUND, theorem_1a
from constructions.reductions.one_bit import VERSIONS
from constructions.strip.left_line import LEAST_B_RHO
from constructions.strip.simulations import MOST_B_RHO, b0
from constructions.theorems import both_sides
from constructions.theorems.choices import problem
from constructions.theorems.held import HeldDescent
from constructions.theorems.measure import Tally, interval
from constructions.theorems.on_models import queries_on_both
from constructions.theorems.pipeline import TheoremSetting
from constructions.theorems.querying import as_sq

PointState: TypeAlias = Literal["run", "proved only", "open"]
STATES: tuple[PointState, PointState, PointState] = ("run", "proved only", "open")
RUN, PROVED_ONLY, OPEN = STATES
MOST_LOSS = Fraction(1, 2)
SPARE = 10
"""So many more samples than bits are drawn for a parity; a sample leaves it open with a chance of at most 2^-10."""
WEIGHT = 10
"""A sample in a run of Theorem 1a, or in two worlds, takes so many times as long as one in a run of Result B0."""
MOST_BITS = 10
"""The adversary's game goes through all points, once for each query of each step."""
TOLERANCE = Fraction(1, 10)
"""tau of the learner by queries; the literal differs from the others by far more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSetting:
    """What is the same at all points.

    Parameters
    ----------
    n : bits of x, from 2 to 10. runs : at each point. seed : of all draws. delta : what Theorems 1a and 1d may lose.
    most : the most parameters or samples that a run goes through; a larger one is left to the proofs.

    Raises
    ------
    ConstructionError
        For a number that is no whole one, or too small.
    PremiseError
        For more bits, or delta out of range.

    >>> SweepSetting(n=6).most
    100000
    """

    n: int
    runs: int = 20
    seed: int = 0
    delta: Fraction = Fraction(1, 20)
    most: int = 100_000

    def __post_init__(self) -> None:
        whole(self.n, where="bits", least=2)
        if self.n > MOST_BITS:
            raise PremiseError(f"need at most {MOST_BITS} bits, whose points are all gone through, got {self.n}")
        whole(self.runs, where="runs", least=1)
        whole(self.seed, where="seed")
        whole(self.most, where="most", least=1)
        if not 0 < rational(self.delta, where="delta") < 1:
            raise PremiseError(f"need 0 < delta < 1, got delta = {self.delta}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPoint:
    """A point of the plane: a learner, the batch size b and the precision rho.

    Raises
    ------
    ConstructionError
        For another learner, or a batch of no point.
    PremiseError
        Unless 0 < rho <= 1.

    >>> point = SweepPoint(learner="parity", b=4, rho=Fraction(1, 4))
    >>> point.b * point.rho
    Fraction(1, 1)
    """

    learner: str
    b: int
    rho: Fraction

    def __post_init__(self) -> None:
        check_name(LEARNERS, self.learner, "learner")
        whole(self.b, where="batch", least=1)
        if not 0 < rational(self.rho, where="rho") <= 1:
            raise PremiseError(f"need 0 < rho <= 1, got rho = {self.rho}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRow:
    """What is known of a point.

    Parameters
    ----------
    point : which. state : ``run``, ``proved only`` or ``open``. way : by what theorem, or why nothing is known.
    claims : the ids of the claims that prove it. steps, parameters : T and p of the method, if there is one.
    runs : how many were taken. error, low, high : their mean loss, and between what the expected loss lies but for a
        chance of 1/100. held : for ``regression``, in how many runs the batches allowed the adversary's game; for
        ``hidden``, in how many both worlds ended with the same weights. misread : for ``consistent``, the most points
        of a batch that were read as others.

    >>> found_at(SweepSetting(n=3, runs=2), SweepPoint(learner="parity", b=4, rho=Fraction(1, 4))).state
    'run'
    """

    point: SweepPoint
    state: PointState
    way: str
    claims: tuple[str, ...] = ()
    steps: int | None = None
    parameters: int | None = None
    runs: int = 0
    error: Fraction | None = None
    low: float | None = None
    high: float | None = None
    held: int | None = None
    misread: int | None = None


def learned(row: SweepRow, setting: SweepSetting) -> bool:
    """Whether the mean loss of the runs at a point is at most the delta of the ``setting``: what is learned has no
    noise.

    >>> row = found_at(SweepSetting(n=3, runs=2), SweepPoint(learner="parity", b=4, rho=Fraction(1, 4)))
    >>> learned(row, SweepSetting(n=3))
    True
    """
    return row.held is None and row.error is not None and row.error <= setting.delta


def outside(row: SweepRow, setting: SweepSetting) -> bool:
    """Whether a loss was measured that is surely (but for a chance of 1/100) above what is proved of it, or, for
    ``hidden``, below. Of ``consistent`` nothing is proved with so few queries.

    Parameters
    ----------
    row : a point. setting : what is the same at all points; its delta is what a theorem may lose.

    >>> outside(found_at(SweepSetting(n=3), SweepPoint(learner="parity", b=4, rho=Fraction(1))), SweepSetting(n=3))
    False
    """
    if row.point.learner == "hidden":
        proved = row.error is None or row.error >= both_sides.least_hidden_loss(row.point.b, row.point.rho)
        return not proved or row.held != (row.runs or None)
    measured_alone = row.misread is not None
    return not measured_alone and row.held is None and row.low is not None and row.low > setting.delta


def points_of(batches: Sequence[int], rhos: Sequence[Fraction], learners: Sequence[str]) -> list[SweepPoint]:
    """All points of a grid, learner by learner.

    Parameters
    ----------
    batches, rhos, learners : the values of each.

    >>> len(points_of((1, 4), (Fraction(1, 2), Fraction(1, 4)), ("parity", "literal")))
    8
    """
    return [SweepPoint(learner=name, b=b, rho=rho) for name in learners for b in batches for rho in rhos]


def found_at(setting: SweepSetting, point: SweepPoint) -> SweepRow:
    """What is known of a point: run, or proved, or neither.

    Parameters
    ----------
    setting : what is the same at all points. point : which one.

    >>> found = found_at(SweepSetting(n=3, runs=2), SweepPoint(learner="regression", b=1000, rho=Fraction(1, 4)))
    >>> found.state, found.held, str(found.error)
    ('run', 2, '1/8')
    >>> found_at(SweepSetting(n=3), SweepPoint(learner="parity", b=1000, rho=Fraction(1, 4))).state
    'open'
    """
    return LEARNERS[point.learner](setting, point)


def _read(setting: SweepSetting, point: SweepPoint) -> SweepRow:
    """A parity by reading its sample."""
    n, b, rho = setting.n, point.b, point.rho
    if b * rho >= MOST_B_RHO:
        return SweepRow(point=point, state=OPEN, way=f"nothing here reads batches for b rho >= {MOST_B_RHO}")
    whole_batches = b0(n, b=b, rho=rho, symmetric=True)(parity(n, b * -(-(n + SPARE) // b)))
    if whole_batches.budget.p * b <= setting.most:
        found = SweepRow(point=point, state=RUN, way="Result B0", claims=("strip.b0.simulates",))
        return _measured(found, setting, whole_batches)
    proved = SweepRow(
        point=point,
        state=PROVED_ONLY,
        way="Result B0",
        claims=("strip.b0.simulates",),
        steps=whole_batches.budget.steps,
        parameters=whole_batches.budget.p,
    )
    if b * rho >= STEEP_BOUND:
        return proved
    extraction: Any = theorem_1a(n, b=b, rho=rho, delta=setting.delta, version=VERSIONS["look"])
    budget = extraction.budget(parity(n, n + SPARE).budget)
    if WEIGHT * budget.steps * b > setting.most:
        return proved
    found = SweepRow(point=point, state=RUN, way="Theorem 1a", claims=("theorem1a.model",))
    return _measured(found, setting, extraction(parity(n, n + SPARE)))


def _asked(setting: SweepSetting, point: SweepPoint) -> SweepRow:
    """A literal by queries."""
    given = as_sq(best_literal(setting.n, b=point.b, tau=TOLERANCE))
    numbers = TheoremSetting(n=setting.n, b=point.b, m=0, tau=TOLERANCE, delta=setting.delta, rho=point.rho)
    try:
        made: Any = queries_on_both(numbers, given).made
    except PremiseError as error:
        return SweepRow(point=point, state=OPEN, way=f"Theorem 1d says nothing here: {error}")
    found = SweepRow(point=point, state=RUN, way="Theorem 1d", claims=("theorem1d.model", "lemma3a.both.runs"))
    if made.budget.steps * point.b > setting.most:
        return replace(found, state=PROVED_ONLY, steps=made.budget.steps, parameters=made.budget.p)
    return _measured(found, setting, made, "literal")


def _measured(row: SweepRow, setting: SweepSetting, method: DescentMethod, name: str = "parity") -> SweepRow:
    """A row with the errors of runs, each on fresh batches and with roundings at random."""
    source, found = problem(name, setting.n, Fraction(0)), []
    for i in range(setting.runs):
        seeds = Random(f"{setting.seed} {row.point} {i}")
        bits = tuple(seeds.randrange(2) for _ in range(method.budget.r))
        descent = replace(method.descent, adversary=randomly(seeds.randrange(2**62)))
        batches = (source.batch(row.point.b, seeds) for _ in range(method.budget.steps))
        found.append(source.loss(descended(method, batches, bits, descent)))
    return _with_errors(replace(row, steps=method.budget.steps, parameters=method.budget.p), found)


def _with_errors(row: SweepRow, found: list[Fraction]) -> SweepRow:
    tally = Tally().plus_all([{"error": error} for error in found])
    between = interval(tally, "error", low=Fraction(0), high=MOST_LOSS)
    return replace(row, runs=len(found), error=between.mean, low=between.low, high=between.high)


def _held(setting: SweepSetting, point: SweepPoint) -> SweepRow:
    """A linear model by gradient descent, against the adversary."""
    method = linear_regression(setting.n, b=point.b, rho=point.rho)
    budget = method.budget
    row = SweepRow(
        point=point,
        state=RUN,
        way="the adversary's game",
        claims=("lowerbound.left",),
        steps=budget.steps,
        parameters=budget.p,
        runs=setting.runs,
    )
    if point.b * budget.steps > 100 * setting.most:
        return replace(row, state=OPEN, way="too many samples to draw", runs=0)
    game = _game(setting.n, point.rho)
    seeds = Random(f"{setting.seed} {point}")
    held = sum(game.is_run(point.b, seed=seeds.randrange(2**62)) for _ in range(setting.runs))
    return replace(row, held=held, error=game.game.loss if held == setting.runs else None)


def _hidden(setting: SweepSetting, point: SweepPoint) -> SweepRow:
    """A noisy label, in two worlds that are trained to the same weights."""
    b, rho, claims = point.b, point.rho, ("strip.left.noisy",)
    if b * rho < LEAST_B_RHO:
        return SweepRow(point=point, state=OPEN, way=f"for b rho < {LEAST_B_RHO} this adversary hides no point")
    way = f"two worlds, the same weights: at least {float(both_sides.least_hidden_loss(b, rho)):.2g} is lost in one"
    budget = linear_regression(setting.n, b=b, rho=rho).budget
    row = SweepRow(point=point, state=RUN, way=way, claims=claims, steps=budget.steps, parameters=budget.p)
    if WEIGHT * b * budget.steps > setting.most:
        return replace(row, state=PROVED_ONLY)
    seeds = Random(f"{setting.seed} {point}")
    found = [both_sides.hidden_run(setting.n, b, rho, seed=seeds.randrange(2**62)) for _ in range(setting.runs)]
    mean = sum((excess for excess, _ in found), Fraction(0)) / len(found)
    return replace(row, runs=len(found), error=mean, held=sum(same for _, same in found))


def _consistent(setting: SweepSetting, point: SweepPoint) -> SweepRow:
    """A parity from batches that are consistent with the answers."""
    n, b, rho = setting.n, point.b, point.rho
    if b * rho < MOST_B_RHO:
        return SweepRow(point=point, state=PROVED_ONLY, way="Result B0 reads all", claims=("strip.b0.simulates",))
    seeds = Random(f"{setting.seed} {point}")
    try:
        budget = both_sides.consistent_method(n, b, rho).budget
        runs = [both_sides.consistent_run(n, b, rho, seed=seeds.randrange(2**62)) for _ in range(setting.runs)]
    except PremiseError as error:
        return SweepRow(point=point, state=OPEN, way=str(error))
    claims = ("strip.hidden.training",) if b * rho >= LEAST_B_RHO else ()
    row = SweepRow(point=point, state=RUN, way="consistent batches", claims=claims, steps=budget.steps)
    row = replace(row, parameters=budget.p, misread=max(each.misread for each in runs))
    return _with_errors(row, [each.loss for each in runs])


@lru_cache(maxsize=64)
def _game(n: int, rho: Fraction) -> HeldDescent:
    """The game against a linear model; it does not depend on the batch size."""
    return HeldDescent.of(linear_regression(n, b=1, rho=rho))


LEARNERS: dict[str, Callable[[SweepSetting, SweepPoint], SweepRow]] = {
    "parity": _read,
    "consistent": _consistent,
    "hidden": _hidden,
    "regression": _held,
    "literal": _asked,
}
"""The learners, by name."""
