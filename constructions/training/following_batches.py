"""Following a training run of a network that reads whole batches against its learner.

In every step: the output is 1/2 on each sample, and the digits of the round tell the sums <G, r> of the step's batch
without error. At the end the network returns what the learner predicts after all samples.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from constructions.computation.machines import Machine
from constructions.foundations.exact import Number
from constructions.learning.problems import Point
from constructions.networks.batch_network import BatchPlan
from constructions.networks.trainable import Trainable
from constructions.training.batches import Samples
from constructions.training.by_fractions import any_engine
from constructions.training.following import AnswerReader, FollowedRun, Trains, compare_with_method, points_of


def taken_in(machine: Machine, sample: Sequence[Point]) -> dict[str, int]:
    """The state of a machine that takes one sample at a time after a whole ``sample``."""
    state, ports = machine.first_state(), set(machine.inputs)
    for x, y in sample:
        given = dict.fromkeys(ports, 0) | {"taken": 1, "label": y} | bits_of("point", x)
        state, _ = machine.step(state, given)
    return state


def tossed_in(plan: BatchPlan, batches: Sequence[Sequence[Point]], random: Sequence[int]) -> dict[str, int]:
    """The state of the learner of a ``plan`` after ``batches`` and a ``random`` string: which sample of a batch gets
    which coins of its round is for the machine of whole batches to say, and does not depend on the coins."""
    machine, many = plan.whole, plan.round.random_bits
    state = machine.start()
    for t, batch in enumerate(batches):
        state = machine.after(state, machine.counts(state, batch), tuple(random[t * many : (t + 1) * many]))
    return dict(zip(plan.machine.state, state.values(), strict=True))


def bits_of(port: str, x: Sequence[int]) -> dict[str, int]:
    """The inputs of a ``port`` for a point x.

    >>> bits_of("x", (1,)), bits_of("x", (0, 1))
    ({'x': 1}, {'x[0]': 0, 'x[1]': 1})
    """
    return {port if len(x) == 1 else f"{port}[{i}]": int(bit) for i, bit in enumerate(x)}


class _BatchPlanInTraining:
    """The network of a plan, an engine that trains it, and the samples so far."""

    tolerance = Fraction(0)

    def __init__(self, plan: BatchPlan, net: Trainable, trains: Trains, points: Samples, random: Sequence[int]) -> None:
        self.plan, self.trains, self.points, self.random = plan, trains, points, random
        self.answers = AnswerReader(plan, net, trains)
        self.batches: list[Sequence[Point]] = []

    @property
    def rounds(self) -> int:
        return self.plan.steps

    def step(self, batch: Sequence[Point]) -> tuple[Sequence[Fraction], str | None]:
        x, y = (np.array([point[place] for point in batch], np.int64) for place in (0, 1))
        step = self.trains.step(x, y)
        return step.outputs, None if step.kink is None else f"vertex {step.kink}"

    def held(self, step: int) -> Number:
        return self.plan.held

    def means(self, step: int, batch: Sequence[Point]) -> list[Fraction]:
        self.batches.append(batch)
        return self.plan.means(batch)

    def go_on(self, step: int, answers: tuple[Fraction, ...]) -> None:
        pass

    def predictions(self) -> tuple[Sequence[Fraction], Sequence[Fraction], Sequence[Sequence[int]]]:
        machine, places, state = self.plan.machine, self.plan.fraction, self.state()
        wanted = []
        for x in self.points.tolist():
            _, found = machine.step(state, dict.fromkeys(machine.inputs, 0) | bits_of("x", x))
            code = sum(found[name] << i for i, name in enumerate(machine.outputs))
            wanted.append(Fraction(code, 1 << places))
        return self.trains.outputs(self.points), wanted, self.points.tolist()

    def state(self) -> dict[str, int]:
        if not self.random:
            return taken_in(self.plan.machine, [point for batch in self.batches for point in batch])
        return tossed_in(self.plan, self.batches, self.random)


def follow_batches(
    plan: BatchPlan,
    batches: Iterable[Sequence[Point]],
    *,
    random: Sequence[int] = (),
    adversary: Any = "nearest",
    seed: int = 0,
    net: Trainable | None = None,
) -> FollowedRun:
    """Train the network of a plan on batches, one for each round, and compare it with its learner.

    Parameters
    ----------
    plan : BatchPlan
        The learner, and all that decides its network.
    batches : iterable
        Batches of b points (x, y), with labels that are a function of x in each.
    random : sequence of int
        The random string, for a learner that tosses coins: bit k of round t at (t - 1) * random_bits + k.
    adversary, seed
        As the engine takes them.
    net : Trainable, optional
        Another network in the place of the plan's.

    Raises
    ------
    ConstructionError
        For a random string of another length, or batches of another number than there are steps.

    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> from constructions.strip.family import PowerFamily
    >>> plan = BatchPlan(machine=fed(parity_learner(1), 2), family=PowerFamily(1, 1), steps=2, rho=Fraction(13, 10))
    >>> run = follow_batches(plan, [[((0,), 0)], [((1,), 1)]])
    >>> run.failure, run.points, run.errors
    (None, 2, (Fraction(0, 1), Fraction(0, 1)))
    """
    net = (net or plan.trainable).with_random_string(random)
    trains = any_engine(net, adversary=adversary, seed=seed)
    return compare_with_method(_BatchPlanInTraining(plan, net, trains, points_of(plan.family.n), random), batches)
