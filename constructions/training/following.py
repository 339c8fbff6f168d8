"""Following a training run of an emulation network against its machine (Lemmas 3b and 12b): is it the machine that
runs?

In every step: the output on each sample is the one of the round, the answers that the round's digits hold are within
the decoder's tolerance of the batch means of the machine's queries, and the machine goes on with exactly these answers
and the round's random bits. At the end the network returns what the machine predicts. Whoever trains is only asked for
steps, outputs and weights.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from constructions.computation.flat import FlatCircuit
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.networks.emulation import Plan
from constructions.networks.trainable import Trainable
from constructions.training.engine import ArrayStep, engine_of

Samples = npt.NDArray[np.int64]
Batch = tuple[Samples, Samples]
ALL_BITS = 12
SOME_POINTS = 512


class Trains(Protocol):
    """What is asked of an engine."""

    def step(self, x: Samples, y: Samples) -> ArrayStep:
        """One step on a batch."""

    def outputs(self, x: Samples) -> tuple[Fraction, ...]:
        """The outputs at some points."""

    def weight(self, edge: int) -> Fraction:
        """The weight of an edge now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What came of a run; ``failure`` is None if it was the machine's.

    Parameters
    ----------
    steps : how many were taken. failed_at : the step of the first deviation (one more than there are rounds: the
        predictor).
    answers : those of each round, as read. errors : the least and the greatest difference of an answer and its batch
        mean.
    points : on how many x the last network was compared; state : the machine's last.
    """

    steps: int
    failed_at: int | None = None
    failure: str | None = None
    answers: tuple[tuple[Fraction, ...], ...] = ()
    errors: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    points: int = 0
    state: dict[str, int] = field(default_factory=dict)


class Method:
    """A machine evaluated on many points at once."""

    def __init__(self, machine: QueryMachine) -> None:
        self.machine = machine
        self._query, self._predictor, self._update = machine.query, machine.predictor, machine.update

    def asked(self, state: dict[str, int], x: Samples) -> list[list[Fraction]]:
        """The p query values at each of some points."""
        found = self._evaluated(self._query, state, x)
        form = self.machine.query_format
        codes = [
            _codes([found[name] for name in self.machine.port(f"query{j}")], len(x))
            for j in range(self.machine.parallel)
        ]
        values = [[form.value_of(code) for code in row] for row in codes]
        wrong = next((value for row in values for value in row if abs(value) > 1), None)
        if wrong is not None:
            raise ConstructionError(f"need query values in [-1, 1], got {wrong}, at the state {state}")
        return values

    def means(self, state: dict[str, int], round_: int, batch: Batch) -> list[Fraction]:
        """The batch means of a round's queries, exactly."""
        x, y = batch
        label = self.machine.label(round_)
        right = [i for i, given in enumerate(y.tolist()) if given == label]
        return [sum((row[i] for i in right), Fraction(0)) / len(y) for row in self.asked(state, x)]

    def predicted(self, state: dict[str, int], x: Samples) -> list[Fraction]:
        """The predictions at some points."""
        found = self._evaluated(self._predictor, state, x)
        form = self.machine.predict_format
        values = [
            form.value_of(code) for code in _codes([found[name] for name in self.machine.port("predict")], len(x))
        ]
        wrong = next((i for i, value in enumerate(values) if value > 1), None)
        if wrong is not None:
            raise ConstructionError(f"need predictions in [0, 1], got {values[wrong]}, at x = {x[wrong].tolist()}")
        return values

    def after(self, state: dict[str, int], answers: Sequence[Fraction], random: Sequence[int]) -> dict[str, int]:
        """The state after a round."""
        machine = self.machine
        given = dict.fromkeys(self._update.inputs, 0) | state | dict(zip(machine.port("random"), random, strict=True))
        for j, answer in enumerate(answers):
            code = machine.answer_format.code_of(answer)
            given |= {name: code >> i & 1 for i, name in enumerate(machine.port(f"answer{j}"))}
        found = self._update.evaluate(given)
        return {name: found[name] for name in machine.machine.state}

    def _evaluated(self, circuit: FlatCircuit, state: dict[str, int], x: Samples) -> dict[str, int]:
        width = len(x)
        full = (1 << width) - 1
        given = dict.fromkeys(circuit.inputs, 0) | {name: full * bit for name, bit in state.items()}
        columns = np.packbits(x.astype(np.uint8).T, axis=1, bitorder="little")
        given |= {
            name: int.from_bytes(row.tobytes(), "little")
            for name, row in zip(self.machine.port("x"), columns, strict=True)
        }
        return circuit.evaluate(given, width=width)


def follow(
    plan: Plan,
    batches: Iterable[Batch],
    *,
    random: Sequence[int] = (),
    adversary: Any = "nearest",
    seed: int = 0,
    engine: Trains | None = None,
    points: Samples | None = None,
) -> Following:
    """Train the network of a plan on batches of ``plan.batch`` samples, one for each round, and compare it with its
    machine.

    Parameters
    ----------
    random : the random string, bit k of round t at (t - 1) * random_bits + k. adversary, seed : as the engine takes
        them.
    engine : another one, made for ``plan.trainable`` with this random string. points : x to compare the predictor on
        (default: :func:`points_of`).

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> plan = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16), batch=2)
    >>> x, y = np.array([[0, 1], [1, 1]]), np.array([0, 1])
    >>> run = follow(plan, [(x, y)] * 2)
    >>> run.failure, run.points, [str(error) for error in run.errors]
    (None, 4, ['0', '5/64'])
    """
    machine = plan.machine
    if len(random) != machine.rounds * machine.random_bits:
        raise ConstructionError(
            f"need a random string of {machine.rounds * machine.random_bits} bits, got {len(random)}"
        )
    batches = list(batches)
    if len(batches) != machine.rounds:
        raise ConstructionError(f"need a batch for each of {machine.rounds} rounds, got {len(batches)}")
    net = plan.trainable.with_random_string(random)
    trains = engine or engine_of(net, adversary=adversary, seed=seed)
    method, read = Method(machine), Reading(plan, net, trains)
    state, answers, low, high = machine.start(), [], Fraction(0), Fraction(0)
    for t, batch in zip(range(1, machine.rounds + 1), batches, strict=True):
        step = trains.step(*batch)
        failure = _step_failure(plan, t, step)
        found = () if failure else read(t)
        means = method.means(state, t, batch) if not failure else []
        errors = [answer - mean for answer, mean in zip(found, means, strict=True)]
        answers.append(found)
        low, high = min([low, *errors]), max([high, *errors])
        failure = failure or _answer_failure(plan, errors, means)
        if failure:
            return Following(
                steps=t, failed_at=t, failure=failure, answers=tuple(answers), errors=(low, high), state=state
            )
        state = method.after(state, found, random[(t - 1) * machine.random_bits : t * machine.random_bits])
    compared = points_of(machine.inputs) if points is None else points
    failure = _predictor_failure(trains.outputs(compared), method.predicted(state, compared), compared)
    return Following(
        steps=machine.rounds,
        failed_at=machine.rounds + 1 if failure else None,
        failure=failure,
        answers=tuple(answers),
        errors=(low, high),
        points=len(compared),
        state=state,
    )


def points_of(n: int, *, seed: int = 0, data: Samples | None = None) -> Samples:
    """All 2^n points for n up to 12; otherwise ``data`` and 512 random ones.

    >>> points_of(2).tolist(), len(points_of(20)), len(points_of(20, data=np.zeros((3, 20), np.int64)))
    ([[0, 0], [0, 1], [1, 0], [1, 1]], 512, 515)
    """
    if n <= ALL_BITS:
        return np.array(list(product((0, 1), repeat=n)), np.int64).reshape(-1, n)
    source = Random(seed)
    drawn = np.array([[source.randrange(2) for _ in range(n)] for _ in range(SOME_POINTS)], np.int64)
    return drawn if data is None else np.concatenate((data, drawn))


class Reading:
    """Reads the answers of a round off a trained network: only its digits and what they depend on are evaluated."""

    def __init__(self, plan: Plan, net: Trainable, trains: Trains) -> None:
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
        return self.plan.answers(values, round_)  # type: ignore[arg-type]

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


def _codes(bits: Sequence[int], width: int) -> list[int]:
    """For each assignment the integer whose bit i is that of ``bits[i]``."""
    return [sum((bit >> i & 1) << place for place, bit in enumerate(bits)) for i in range(width)]


def _step_failure(plan: Plan, t: int, step: ArrayStep) -> str | None:
    if step.kink is not None:
        return f"the loss has no derivative: vertex {step.kink} ({group_of(plan, step.kink)}) is on a kink"
    held = plan.held(t)
    wrong = next((i for i, output in enumerate(step.outputs) if output != held), None)
    return None if wrong is None else f"the output is {step.outputs[wrong]} instead of {held}, at sample {wrong}"


def _answer_failure(plan: Plan, errors: Sequence[Fraction], means: Sequence[Fraction]) -> str | None:
    tolerance = plan.decoder.tolerance
    wrong = next((j for j, error in enumerate(errors) if abs(error) > tolerance), None)
    if wrong is None:
        return None
    return f"the answer {means[wrong] + errors[wrong]} is not within {tolerance} of the batch mean {means[wrong]}, at query {wrong}"


def _predictor_failure(outputs: Sequence[Fraction], wanted: Sequence[Fraction], points: Samples) -> str | None:
    wrong = next((i for i, (found, right) in enumerate(zip(outputs, wanted, strict=True)) if found != right), None)
    return (
        None
        if wrong is None
        else f"the predictor returns {outputs[wrong]} instead of {wanted[wrong]}, at x = {points[wrong].tolist()}"
    )


def group_of(plan: Plan, vertex: int) -> str:
    """The part of the network in which a vertex is."""
    return next((str(name) for name, low, high in plan.groups if int(str(low)) <= vertex < int(str(high))), "a source")
