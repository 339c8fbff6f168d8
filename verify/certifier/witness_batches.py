"""Training that goes wrong, for a network that should read whole batches and is refused: batches and roundings.

A run is wrong if a kink is reached with a gradient, if the output in a step is not 1/2 on some sample, or if in the end
the network does not return what the machine predicts after the exact counts of these batches. A search of some runs:
finding none proves nothing.
"""

import time
from collections.abc import Iterator, Sequence
from itertools import product
from random import Random
from typing import Any

import numpy as np

from constructions.computation.batch_machine import BatchMachine
from constructions.errors import ConstructionError
from constructions.learning.problems import Point
from constructions.networks.signed_memory import HELD
from constructions.networks.trainable import Trainable
from constructions.training.by_fractions import any_engine

ADVERSARIES = ("apart", "nearest", "up", "down", "toward-zero", "away-from-zero", "hashed")
MOST_VERTICES, MOST_BITS = 50_000, 10


def wrong_batches(
    net: Trainable,
    machine: BatchMachine,
    batches: Sequence[Sequence[Point]],
    *,
    adversary: str = "apart",
    string: Sequence[int] = (),
    seed: int = 0,
) -> str | None:
    """What goes wrong in training a network on ``batches``, one for each step; None if nothing does.

    Parameters
    ----------
    net, machine : the network, and what it should run. adversary, seed : who rounds. string : the random bits of all
        steps.

    >>> from fractions import Fraction
    >>> from constructions.computation.batch_machine import batch_machine
    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> from constructions.networks.batch_network import BatchPlan
    >>> from constructions.strip.family import PowerFamily
    >>> learner, family = fed(parity_learner(1), 1), PowerFamily(1, 1)
    >>> net = BatchPlan(machine=learner, family=family, steps=1, rho=Fraction(13, 10)).trainable
    >>> machine = batch_machine(learner, family, rounds=1)
    >>> wrong_batches(net, machine, [[((1,), 1)]]) is None
    True
    """
    state, points = machine.start(), list(product((0, 1), repeat=machine.inputs))
    trains = any_engine(net.with_random_string(list(string)), adversary=adversary, seed=seed)
    for t, batch in enumerate(batches, 1):
        x, y = (np.array([point[place] for point in batch], np.int64) for place in (0, 1))
        done = trains.step(x, y)
        if done.kink is not None:
            return f"step {t}: vertex {done.kink} is on a kink"
        odd = [value for value in done.outputs if value != HELD]
        if odd:
            return f"step {t}: the output is {odd[0]}, not {HELD}"
        bits = string[(t - 1) * machine.random_bits : t * machine.random_bits]
        state = machine.after(state, machine.counts(state, batch), bits)
    found = trains.outputs(np.array(points, np.int64))
    for point, value in zip(points, found, strict=True):
        wanted = machine.predict(state, point)
        if value != wanted:
            return f"in the end the output at x = {''.join(map(str, point))} is {value}, not {wanted}"
    return None


def drawn_batches(machine: BatchMachine, source: Random) -> list[list[Point]]:
    """Batches for all rounds of a machine, drawn from a ``source``, whose labels are a function of x in each.

    >>> from constructions.computation.batch_machine import batch_machine
    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> from constructions.strip.family import PowerFamily
    >>> machine = batch_machine(fed(parity_learner(1), 2), PowerFamily(1, 2), rounds=1)
    >>> [[len(batch) for batch in drawn_batches(machine, Random(1))]]
    [[2]]
    """
    found = []
    for _ in range(machine.rounds):
        labels: dict[tuple[int, ...], int] = {}
        points = [tuple(source.randrange(2) for _ in range(machine.inputs)) for _ in range(machine.points)]
        found.append([(x, labels.setdefault(x, source.randrange(2))) for x in points])
    return found


def find_wrong_batches(
    net: Trainable, machine: BatchMachine, *, seconds: float = 5.0, seed: int = 0, most: int = 1 << 20
) -> dict[str, Any] | None:
    """Search for training that goes wrong; None if none was found in this time or in so many runs (``most``), or the
    network is too large.

    Parameters
    ----------
    seconds, seed : how long to search, and the seed of what is drawn.

    >>> from dataclasses import replace
    >>> from fractions import Fraction
    >>> from constructions.computation.batch_machine import batch_machine
    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> from constructions.networks.batch_network import BatchPlan
    >>> from constructions.strip.family import PowerFamily
    >>> learner, family = fed(parity_learner(1), 1), PowerFamily(1, 1)
    >>> net = BatchPlan(machine=learner, family=family, steps=1, rho=Fraction(13, 10)).trainable
    >>> machine = batch_machine(learner, family, rounds=1)
    >>> find_wrong_batches(replace(net, rate=Fraction(1)), machine)["wrong"]
    'in the end the output at x = 0 is 2, not 0'
    """
    fits = len(net.network.inputs) == machine.inputs and net.steps == machine.rounds and net.batch == machine.points
    fits = fits and net.random_bits == net.steps * machine.random_bits
    if not fits or net.network.size > MOST_VERTICES or machine.inputs > MOST_BITS:
        return None
    end, source = time.monotonic() + seconds, Random(seed)
    for number, adversary in zip(range(most), _forever(ADVERSARIES), strict=False):
        if time.monotonic() > end:
            return None
        batches = drawn_batches(machine, source)
        string = [source.randrange(2) for _ in range(net.random_bits)]
        try:
            wrong = wrong_batches(net, machine, batches, adversary=adversary, string=string, seed=number)
        except ConstructionError:
            return None
        if wrong:
            rows = [[[*x, y] for x, y in batch] for batch in batches]
            return {
                "wrong": wrong,
                "random string": "".join(map(str, string)),
                "adversary": adversary,
                "batches": rows,
            }
    return None


def _forever(names: Sequence[str]) -> Iterator[str]:
    while True:
        yield from names
