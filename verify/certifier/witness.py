"""Training that goes wrong, for a network that is refused: a random string, batches and roundings, replayed by the
trainer.

A run is wrong if a kink is reached with a gradient, if the output in a step is not one number on all samples (below 0
in odd steps, above 1 in even ones), or if in the end the outputs are no predictor of the machine for any answers within
4 rho of the batch means. The last is decided by going through all such answers, where there are not too many. A search
of some runs: finding none proves nothing.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.computation.batch_machine import BatchMachine
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.networks.trainable import Trainable
from constructions.training.engine import engine_of
from verify.certifier.witness_batches import find_wrong_batches

Batch = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
State = tuple[int, ...]
ADVERSARIES = ("nearest", "up", "down", "apart", "toward-zero", "away-from-zero")
MOST_ANSWERS, MOST_STATES, ALL_BITS, MOST_VERTICES, MOST_STEPS = 1 << 12, 1 << 16, 8, 50_000, 200


@dataclass(frozen=True, kw_only=True)
class WitnessRun:
    """One run: the random string, the batches (as many as there are steps), who rounds."""

    string: tuple[int, ...]
    batches: tuple[Batch, ...]
    adversary: str

    def described(self) -> dict[str, Any]:
        """The run as JSON values: its random string, who rounds, and each batch as rows of x and the label."""
        return {
            "random string": "".join(map(str, self.string)),
            "adversary": self.adversary,
            "batches": [
                [[*row, label] for row, label in zip(x.tolist(), y.tolist(), strict=True)] for x, y in self.batches
            ],
        }


def find_witness(
    net: Trainable, machine: QueryMachine, *, seconds: float = 5.0, seed: int = 0
) -> dict[str, Any] | None:
    """Search for training that goes wrong; None if none was found in this time, or the network is too large.

    Parameters
    ----------
    seconds, seed : how long to search, and the seed of what is drawn.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from constructions.networks.queries import PRINTED
    >>> plan = Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 16), setting=PRINTED)
    >>> find_witness(plan.trainable, plan.machine)["wrong"].split(" ")[:2]
    ['step', '1:']
    """
    if isinstance(machine, BatchMachine):
        return find_wrong_batches(net, machine, seconds=seconds, seed=seed)
    fits = (
        len(net.network.inputs) == machine.inputs
        and net.steps == machine.rounds
        and net.random_bits == net.steps * machine.random_bits
    )
    if not fits or net.network.size > MOST_VERTICES or net.steps > MOST_STEPS:
        return None
    end = time.monotonic() + seconds
    for trial in _trials(net, seed):
        try:
            wrong = what_goes_wrong(net, machine, trial)
        except ConstructionError:
            return None
        if wrong:
            return {"wrong": wrong, **trial.described()}
        if time.monotonic() > end:
            return None
    return None


def _trials(net: Trainable, seed: int) -> Iterator[WitnessRun]:
    source, n = Random(seed), len(net.network.inputs)
    for number in range(10_000):
        size = 1 + number % 4
        batches = []
        for _ in range(net.steps):
            x = [[source.randrange(2) for _ in range(n)] for _ in range(size)]
            batches.append(
                (np.array(x, np.int64).reshape(size, n), np.array([source.randrange(2) for _ in range(size)], np.int64))
            )
        string = tuple(source.randrange(2) for _ in range(net.random_bits))
        yield WitnessRun(string=string, batches=tuple(batches), adversary=ADVERSARIES[number % len(ADVERSARIES)])


def what_goes_wrong(net: Trainable, machine: QueryMachine, trial: WitnessRun) -> str | None:
    """Train and look; None if nothing is wrong with this run."""
    size = len(trial.batches[0][1]) if trial.batches else 1
    engine = engine_of(replace(net.with_random_string(trial.string), batch=size), adversary=trial.adversary)
    for t, (x, y) in enumerate(trial.batches, 1):
        step = engine.step(x, y)
        if step.stopped:
            return f"step {t}: the loss has no derivative, vertex {step.kink} is on a kink"
        outputs = sorted(set(step.outputs))
        if len(outputs) > 1 or (outputs[0] >= 0 if t % 2 else outputs[0] <= 1):
            return f"step {t}: the outputs on the batch are {', '.join(map(str, outputs[:4]))}"
    points = points_of(machine.inputs)
    found = engine.outputs(points)
    possible = predictions(machine, trial, points, tolerance=4 * net.rho)
    if possible is not None and found not in possible:
        apart = [i for i in range(len(points)) if all(found[i] != other[i] for other in possible)]
        where = f"; at x = {points[apart[0]].tolist()} the output is {found[apart[0]]}" if apart else ""
        return f"the outputs are no prediction of the machine on any answers within {4 * net.rho}{where}"
    return None


def points_of(n: int) -> npt.NDArray[np.int64]:
    """All points, or some."""
    if n <= ALL_BITS:
        return np.array(list(product((0, 1), repeat=n)), np.int64).reshape(-1, n)
    source = Random(1)
    return np.array([[source.randrange(2) for _ in range(n)] for _ in range(64)], np.int64)


def predictions(
    machine: QueryMachine, trial: WitnessRun, points: npt.NDArray[np.int64], *, tolerance: Fraction
) -> set[tuple[Fraction, ...]] | None:
    """The machine's predictions at some points after one trial, a random string with batches, for all answers within a
    tolerance; None if there are too many to go through.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> machine, points = best_literal_machine(1, fraction=1), points_of(1)
    >>> batch = points, np.array([0, 1])  # the label is x
    >>> trial = WitnessRun(string=(), batches=(batch, batch), adversary="nearest")
    >>> for tolerance in (Fraction(0), Fraction(1)):
    ...     found = predictions(machine, trial, points, tolerance=tolerance)
    ...     print(sorted(tuple(map(int, row)) for row in found))
    [(0, 1)]
    [(0, 1), (1, 0)]
    """
    names, many = list(machine.machine.state), machine.random_bits
    states: set[State] = {tuple(machine.start()[name] for name in names)}
    for t, (x, y) in enumerate(trial.batches, 1):
        following: set[State] = set()
        if len(states) > MOST_STATES // 200:
            return None
        for state in states:
            given = dict(zip(names, state, strict=True))
            after = _after(machine, given, t, (x, y), trial.string[(t - 1) * many : t * many], tolerance)
            if after is None:
                return None
            following |= after
        if len(following) > MOST_STATES:
            return None
        states = following
    return _predicted(machine, sorted(states), points)


def _predicted(
    machine: QueryMachine, states: Sequence[State], points: npt.NDArray[np.int64]
) -> set[tuple[Fraction, ...]]:
    """The predictions in some states at some points, all states at once."""
    circuit, names, full = machine.predictor, list(machine.machine.state), (1 << len(states)) - 1
    words = {name: sum(state[i] << place for place, state in enumerate(states)) for i, name in enumerate(names)}
    columns = []
    for row in points.tolist():
        given = (
            dict.fromkeys(circuit.inputs, 0)
            | words
            | {name: full * bit for name, bit in zip(machine.port("x"), row, strict=True)}
        )
        found = circuit.evaluate(given, width=len(states))
        bits = [found[name] for name in machine.port("predict")]
        columns.append([sum((bit >> place & 1) << i for i, bit in enumerate(bits)) for place in range(len(states))])
    return {tuple(machine.predict_format.value_of(code) for code in row) for row in set(zip(*columns, strict=True))}


def _after(
    machine: QueryMachine, state: dict[str, int], t: int, batch: Batch, random: Sequence[int], tolerance: Fraction
) -> set[State] | None:
    """The states that can follow."""
    x, y = batch
    right = [
        machine.ask(state, row) for row, label in zip(x.tolist(), y.tolist(), strict=True) if label == machine.label(t)
    ]
    top = 1 << machine.answer_fraction
    rows = []
    for j in range(machine.parallel):
        mean = sum((values[j] for values in right), Fraction(0)) / len(y)
        low, high = -((tolerance - mean) * top // 1), (mean + tolerance) * top // 1
        rows.append(range(max(-top, int(low)), min(top, int(high)) + 1))
    width = prod(map(len, rows))
    if width > MOST_ANSWERS:
        return None
    update, full = machine.update, (1 << width) - 1
    given = dict.fromkeys(update.inputs, 0) | {name: full * bit for name, bit in state.items()}
    given |= {name: full * bit for name, bit in zip(machine.port("random"), random, strict=True)}
    for j, codes in enumerate(zip(*product(*rows), strict=True)):
        for i, name in enumerate(machine.port(f"answer{j}")):
            given[name] = sum((code >> i & 1) << place for place, code in enumerate(codes))
    found = update.evaluate(given, width=width)
    words = [found[name] for name in machine.machine.state]
    return {tuple(word >> place & 1 for word in words) for place in range(width)}
