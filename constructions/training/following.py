"""Following a training run of an emulation network against its method (Lemmas 3b and 12b): is it the method that runs?

In every step: the output on each sample is the one of the round, the answers that the round's digits hold are within
the tolerance of the batch means of the method's queries, and the method goes on with exactly these answers and the
round's random bits. At the end the network returns what the method predicts.

:func:`compare_with_method` is this comparison. It knows neither networks nor engines: it asks a :class:`Followed`. One
is made of a :class:`constructions.networks.emulation.Plan` here (:func:`follow_plan`), another one of the walking
skeleton in :mod:`constructions.training.outcome`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any, Protocol, TypeVar

import numpy as np

from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.networks.emulation import Plan
from constructions.networks.trainable import Trainable
from constructions.training.batches import Batch, Samples
from constructions.training.by_fractions import any_engine
from constructions.training.engine import ArrayStep
from constructions.training.evaluated_method import Method

ALL_BITS = 12
SOME_POINTS = 512


class Trains(Protocol):
    """What is asked of an engine."""

    def step(self, x: Samples, y: Samples) -> ArrayStep:
        """One step on a batch, x (b, n) and y (b,)."""

    def outputs(self, x: Samples) -> tuple[Fraction, ...]:
        """The outputs at some points."""

    def weight(self, edge: int) -> Fraction:
        """The weight of an edge now."""


Given = TypeVar("Given", contravariant=True)
"""A batch, in the form that a network's trainer takes."""


class Followed(Protocol[Given]):
    """A network in training beside the method that it emulates; rounds and steps count from 1."""

    @property
    def rounds(self) -> int:
        """How many steps the method takes."""

    @property
    def tolerance(self) -> Fraction:
        """How far an answer may be from the mean of its query over the batch."""

    def step(self, batch: Given) -> tuple[Sequence[Fraction], str | None]:
        """Take a step: the outputs before it, and which vertex is on a kink, in words, if there is one."""

    def held(self, step: int) -> Number:
        """What the network must return on every sample in a step."""

    def answers(self, step: int) -> tuple[Fraction, ...]:
        """The answers of a round, read off the weights as they are now."""

    def means(self, step: int, batch: Given) -> Sequence[Fraction]:
        """The exact means over a batch of the queries that the method asks in the round of a step."""

    def go_on(self, step: int, answers: tuple[Fraction, ...]) -> None:
        """Hand the method the answers of the round of a step."""

    def predictions(self) -> tuple[Sequence[Fraction], Sequence[Fraction], Sequence[Sequence[int]]]:
        """What the network returns, what the method predicts, and the points x."""

    def state(self) -> dict[str, int]:
        """The method's state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedRun:
    """What came of a run.

    Parameters
    ----------
    steps : int
        How many were taken.
    failed_at : int, optional
        The step of the first deviation; one more than there are rounds: the predictor.
    failure : str, optional
        What was wrong there; None if the run was the method's.
    kink : str, optional
        The vertex at which the loss had no derivative, in words, if that was it.
    answers : tuple
        Those of each round, as read.
    errors : tuple of two Fraction
        The least and the greatest difference of an answer and its batch mean.
    points : int
        On how many x the last network was compared.
    state : dict
        The method's last.
    """

    steps: int
    failed_at: int | None = None
    failure: str | None = None
    kink: str | None = None
    answers: tuple[tuple[Fraction, ...], ...] = ()
    errors: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    points: int = 0
    state: dict[str, int] = field(default_factory=dict)


def compare_with_method(run: Followed[Given], batches: Iterable[Given]) -> FollowedRun:
    """Take a step of a run on each batch, one for each round, and name the first deviation from the method.

    Raises
    ------
    ConstructionError
        For another number of batches than there are rounds.

    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(
    ...     rounds=1, step=lambda batch: ([0], None), held=lambda t: 0, go_on=lambda t, answers: None, state=dict,
    ...     answers=lambda t: (Fraction(5, 8),), means=lambda t, batch: (Fraction(1, 2),), tolerance=Fraction(1, 8),
    ...     predictions=lambda: ([0], [0], [(0,)]))
    >>> found = compare_with_method(run, ["a batch"])
    >>> found.failure, found.points, [str(error) for error in found.errors]
    (None, 1, ['0', '1/8'])
    >>> run.tolerance = Fraction(1, 16)
    >>> compare_with_method(run, ["a batch"]).failure
    'the answer 5/8 is not within 1/16 of the batch mean 1/2, at query 0'
    """
    batches = list(batches)
    if len(batches) != run.rounds:
        raise ConstructionError(f"need a batch for each of {run.rounds} rounds, got {len(batches)}")
    answers: list[tuple[Fraction, ...]] = []
    low, high = Fraction(0), Fraction(0)
    for t, batch in enumerate(batches, 1):
        outputs, kink = run.step(batch)
        failure, errors = _step_failure(outputs, kink, run.held(t)), list[Fraction]()
        answers.append(() if failure else run.answers(t))
        if not failure:
            means = run.means(t, batch)
            errors = [answer - mean for answer, mean in zip(answers[-1], means, strict=True)]
            failure = _answer_failure(errors, means, run.tolerance)
        low, high = min([low, *errors]), max([high, *errors])
        known: dict[str, Any] = {"answers": tuple(answers), "errors": (low, high)}
        if failure:
            return FollowedRun(steps=t, failed_at=t, failure=failure, kink=kink, state=run.state(), **known)
        run.go_on(t, answers[-1])
    failure, points = _predictor_failure(*run.predictions())
    failed_at = run.rounds + 1 if failure else None
    return FollowedRun(
        steps=run.rounds, failed_at=failed_at, failure=failure, points=points, state=run.state(), **known
    )


def _step_failure(outputs: Sequence[Fraction], kink: str | None, held: Number) -> str | None:
    if kink is not None:
        return f"the loss has no derivative: {kink} is on a kink"
    wrong = next((i for i, output in enumerate(outputs) if output != held), None)
    return None if wrong is None else f"the output is {outputs[wrong]} instead of {held}, at sample {wrong}"


def _answer_failure(errors: Sequence[Fraction], means: Sequence[Fraction], tolerance: Fraction) -> str | None:
    wrong = next((j for j, error in enumerate(errors) if abs(error) > tolerance), None)
    if wrong is None:
        return None
    answer = means[wrong] + errors[wrong]
    return f"the answer {answer} is not within {tolerance} of the batch mean {means[wrong]}, at query {wrong}"


def _predictor_failure(
    found: Sequence[Fraction], wanted: Sequence[Fraction], points: Sequence[Sequence[int]]
) -> tuple[str | None, int]:
    wrong = next((i for i, (got, right) in enumerate(zip(found, wanted, strict=True)) if got != right), None)
    if wrong is None:
        return None, len(points)
    return f"the predictor returns {found[wrong]} instead of {wanted[wrong]}, at x = {list(points[wrong])}", len(points)


class HoldsAnswers(Protocol):
    """Says where the answers of a round are held, and what they are."""

    def digits(self, round_: int) -> Any:
        """(copies, k) the digit vertices of a round, least first."""

    def answers(self, values: Any, round_: int) -> tuple[Fraction, ...]:
        """The answers of a round, given the value of every one of its digits by its vertex."""


class AnswerReader:
    """Reads the answers of a round off a trained network: only its digits and what they depend on are evaluated."""

    def __init__(self, plan: HoldsAnswers, net: Trainable, trains: Trains) -> None:
        self.plan, self.trains, self.flat = plan, trains, net.network
        self.offsets, self.sources = net.network.offsets, net.network.sources

    def __call__(self, round_: int) -> tuple[Fraction, ...]:
        """The answers of a round."""
        values: dict[int, Number] = {0: Fraction(1)}
        for v in self._behind(self.plan.digits(round_).ravel().tolist()):
            begin, end = int(self.offsets[v]), int(self.offsets[v + 1])
            tails = self.sources[begin:end].tolist()
            pre = sum(
                (self.trains.weight(e) * values[u] for e, u in zip(range(begin, end), tails, strict=True)), Fraction(0)
            )
            values[v] = self.flat.sigma(pre)
        return self.plan.answers(values, round_)

    def _behind(self, vertices: Iterable[int]) -> list[int]:
        """The vertices and all that they depend on but the constant, in order; ConstructionError if x is among them."""
        found: set[int] = set()
        front = set(vertices)
        while front:
            found |= front
            tails = {int(u) for v in front for u in self.sources[int(self.offsets[v]) : int(self.offsets[v + 1])]}
            front = tails - found - {0}
        if min(found) < self.flat.first:
            raise ConstructionError(f"need digits that do not depend on x, got one that does, at vertex {min(found)}")
        return sorted(found)


class _PlanInTraining:
    """The network of a plan, an engine that trains it, and its machine."""

    def __init__(
        self, plan: Plan, net: Trainable, trains: Trains, random: Sequence[int], points: Samples, method: Method
    ) -> None:
        self.plan, self.trains, self.random, self.points = plan, trains, random, points
        self.method, self.answers = method, AnswerReader(plan, net, trains)
        self._state = plan.machine.start()

    @property
    def rounds(self) -> int:
        return self.plan.machine.rounds

    @property
    def tolerance(self) -> Fraction:
        return self.plan.decoder.tolerance

    def step(self, batch: Batch) -> tuple[Sequence[Fraction], str | None]:
        step = self.trains.step(*batch)
        kink = None if step.kink is None else f"vertex {step.kink} ({group_of(self.plan, step.kink)})"
        return step.outputs, kink

    def held(self, step: int) -> Number:
        return self.plan.held(step)

    def means(self, step: int, batch: Batch) -> list[Fraction]:
        return self.method.means(self._state, step, batch)

    def go_on(self, step: int, answers: tuple[Fraction, ...]) -> None:
        bits = self.plan.machine.random_bits
        self._state = self.method.after(self._state, answers, self.random[(step - 1) * bits : step * bits])

    def predictions(self) -> tuple[Sequence[Fraction], Sequence[Fraction], Sequence[Sequence[int]]]:
        points = self.points
        return self.trains.outputs(points), self.method.predicted(self._state, points), points.tolist()

    def state(self) -> dict[str, int]:
        return self._state


def follow_plan(
    plan: Plan,
    batches: Iterable[Batch],
    *,
    random: Sequence[int] = (),
    adversary: Any = "nearest",
    seed: int = 0,
    engine: Trains | None = None,
    points: Samples | None = None,
    method: Method | None = None,
) -> FollowedRun:
    """Train the network of a plan on batches, one for each round, and compare it with its machine.

    Parameters
    ----------
    plan : Plan
        The machine, and all that decides its network.
    batches : iterable of Batch
        x (b, n) and y (b,), with b = ``plan.batch``.
    random : sequence of int
        The random string, bit k of round t at (t - 1) * random_bits + k.
    adversary, seed
        As the engine takes them.
    engine : Trains, optional
        Another one than :func:`constructions.training.by_fractions.any_engine` gives, made for ``plan.trainable`` with
        this random string.
    points : array, optional
        The x (k, n) to compare the predictor on; :func:`points_of` if they are not given.
    method : Method, optional
        What the machine asks and predicts, if not one label in each round.

    Raises
    ------
    ConstructionError
        For a random string or batches of another number than the machine has bits and rounds.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> plan = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16), batch=2)
    >>> x, y = np.array([[0, 1], [1, 1]]), np.array([0, 1])
    >>> run = follow_plan(plan, [(x, y)] * 2)
    >>> run.failure, run.points, [str(error) for error in run.errors]
    (None, 4, ['0', '5/64'])
    """
    machine = plan.machine
    bits = machine.rounds * machine.random_bits
    if len(random) != bits:
        raise ConstructionError(f"need a random string of {bits} bits, got {len(random)}")
    net = plan.trainable.with_random_string(random)
    trains = engine or any_engine(net, adversary=adversary, seed=seed)
    compared = points_of(plan.inputs) if points is None else points
    run = _PlanInTraining(plan, net, trains, random, compared, method or Method(machine))
    return compare_with_method(run, batches)


def points_of(n: int, *, seed: int = 0, data: Samples | None = None) -> Samples:
    """All 2^n points for n up to 12; otherwise ``data`` and 512 random ones, drawn by a seed.

    >>> points_of(2).tolist(), len(points_of(20)), len(points_of(20, data=np.zeros((3, 20), np.int64)))
    ([[0, 0], [0, 1], [1, 0], [1, 1]], 512, 515)
    """
    if n <= ALL_BITS:
        return np.array(list(product((0, 1), repeat=n)), np.int64).reshape(-1, n)
    source = Random(seed)
    drawn = np.array([[source.randrange(2) for _ in range(n)] for _ in range(SOME_POINTS)], np.int64)
    return drawn if data is None else np.concatenate((data, drawn))


def group_of(plan: Plan, vertex: int) -> str:
    """The part of the network in which a vertex is."""
    return next((str(name) for name, low, high in plan.groups if int(str(low)) <= vertex < int(str(high))), "a source")
