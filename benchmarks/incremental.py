"""Steps of the incremental engine beside those of the plain engine, whole runs, in one process and as ratios.

Run:  python benchmarks/incremental.py [--rounds 100,400,1600] [--batches 1,8] [--plain P] [--before TREE]

One learner (a conjunction of 20 literals) is compiled for T rounds and trained for T steps on fresh samples. The
incremental engine takes all T steps; the plain engine P of them, at the beginning and at the end of the run, from the
same weights, and each of these steps must be the same (outputs, moves, number system). Times are CPU seconds of one
thread, of whole steps: bounds, both passes, roundings and the move; drawing the batch is not counted. The first step of
the incremental engine, which finds everything, has a column of its own and is not in its median and mean; it is in its
whole run, which is beside T times the plain engine's median. Machine code is compiled before. The last lines say with
which power of T each engine's run grows, from one T to the next.

At commit 2afa964c, with machine code as in 3ed258e9 (``--batches 1 --plain 2``, two cores that ten other processes
shared), whole runs took 0.12 s, 0.19 s and 2.10 s at T = 100, 400 and 1600, where the plain engine needs 1.11 s, 13.6 s
and 292 s: 9, 70 and 139 times as much.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from constructions.computation.learner_machines import conjunction_machine
from constructions.learning.problems import uniform
from constructions.networks.emulation import Plan
from constructions.networks.trainable import Trainable
from constructions.training.batches import Batches, fresh
from constructions.training.by_fractions import EngineSettings, any_engine
from constructions.training.engine import ArrayStep, Engine

CONSOLE = Console(width=120)
MACHINE = conjunction_machine(20, fraction=8, tau=Fraction(1, 16))
COLUMNS = (
    "T",
    "vertices",
    "b",
    "plain ms",
    "first ms",
    "median ms",
    "mean ms",
    "plain / mean",
    "run s",
    "plain run s",
    "runs",
    "compared",
)


BEFORE = """
import json, sys, time
from dataclasses import replace
from fractions import Fraction
from constructions.computation.learner_machines import conjunction_machine
from constructions.learning.problems import uniform
from constructions.networks.emulation import Plan
from constructions.training.batches import fresh
from constructions.training.engine import engine_of

rounds, batch, count = map(int, sys.argv[1:])
machine = replace(conjunction_machine(20, fraction=8, tau=Fraction(1, 16)), rounds=rounds)
engine = engine_of(Plan(machine=machine, rho=Fraction(1, 64)).trainable, batch=batch)
batches, seconds = fresh(uniform(20, lambda x: x[0]), batch=batch, seed=1), []
for number in range(1, count + 1):
    samples = batches(number)
    began = time.process_time()
    engine.step(*samples)
    seconds.append(time.process_time() - began)
print(json.dumps(seconds))
"""
"""Steps of the engine of another state, with names that every state since the engine was first written has."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A run of T rounds, of so many vertices with batches of b: seconds of each step, and of some of the plain
    engine's."""

    rounds: int
    vertices: int
    batch: int
    seconds: list[float]
    plain: list[float]

    @property
    def run(self) -> float:
        """The whole run."""
        return sum(self.seconds)

    @property
    def plain_run(self) -> float:
        """What the plain engine needs for it: T times the median."""
        return self.rounds * statistics.median(self.plain)

    @property
    def cells(self) -> list[str]:
        """A row of the table."""
        first, rest = self.seconds[0], self.seconds[1:]
        one, mean = statistics.median(self.plain), statistics.mean(rest)
        times = (one, first, statistics.median(rest), mean)
        cells = [str(self.rounds), str(self.vertices), str(self.batch), *(f"{1e3 * value:.3f}" for value in times)]
        ratios = [f"{one / mean:.0f}", f"{self.run:.3f}", f"{self.plain_run:.2f}", f"{self.plain_run / self.run:.0f}"]
        return [*cells, *ratios, str(len(self.plain))]


def power(one: Measured, other: Measured, run: Callable[[Measured], float]) -> str:
    """The power of T with which runs grow from one to the other."""
    return f"{math.log(run(other) / run(one)) / math.log(other.rounds / one.rounds):.2f}"


def network_of(rounds: int) -> Trainable:
    """The learner's network for a number of rounds."""
    return Plan(machine=replace(MACHINE, rounds=rounds), rho=Fraction(1, 64)).trainable


def timed(step: Callable[[], ArrayStep]) -> tuple[ArrayStep, float]:
    """A step and its CPU seconds."""
    began = time.process_time()
    return step(), time.process_time() - began


def compared(plain: Engine, steps: list[ArrayStep], batches: Batches, count: int) -> list[float]:
    """The plain engine's seconds for some steps, which must be those of the other engine."""
    seconds = []
    for _ in range(count):
        number = plain.number + 1
        step, needed = timed(lambda number=number: plain.step(*batches(number)))  # type: ignore[misc]
        if step != steps[number - 1]:
            raise SystemExit(f"the engines differ at step {number}")
        seconds.append(needed)
    return seconds


def measured(rounds: int, batch: int, count: int) -> Measured:
    """The run of one size."""
    net = network_of(rounds)
    batches = fresh(uniform(20, lambda x: x[0]), batch=batch, seed=1)
    engine, plain = (any_engine(net, EngineSettings(batch=batch), engine=name) for name in ("incremental", "plain"))
    steps, seconds, late = [], [], max(0, rounds - count)
    for number in range(1, rounds + 1):
        if number == late + 1:
            weights, scale = engine.weights.copy(), engine.scale
        samples = batches(number)
        step, needed = timed(lambda samples=samples: engine.step(*samples))  # type: ignore[misc]
        if step.stopped:
            raise SystemExit(f"step {number} has no gradient")
        steps.append(step)
        seconds.append(needed)
    slow = compared(plain, steps, batches, min(count, rounds))
    plain.go_on(number=late, weights=weights, scale=scale)
    slow += compared(plain, steps, batches, min(count, rounds))
    return Measured(rounds=rounds, vertices=net.network.size, batch=batch, seconds=seconds, plain=slow)


def before(tree: Path, rounds: int, batch: int, count: int) -> float:
    """Seconds that another state's engine needs for a run, by its first steps."""
    with tempfile.TemporaryDirectory() as cache:
        settings = os.environ | {"PYTHONPATH": str(tree.resolve()), "QUERYGRAD_CACHE": cache}
        for _ in range(2):  # the first process compiles
            command = [sys.executable, "-c", BEFORE, str(rounds), str(batch), str(count + 1)]
            out = subprocess.run(command, env=settings, cwd=tree, capture_output=True, text=True, check=True).stdout
    first, *rest = json.loads(out)
    return float(first + (rounds - 1) * statistics.median(rest))


def main() -> None:
    """The table, and the powers of T."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", default="100,400,1600")
    parser.add_argument("--batches", default="1,8")
    parser.add_argument("--plain", type=int, default=10, help="steps of the plain engine, at either end")
    parser.add_argument("--before", type=Path, help="the root of another state of this project")
    given = parser.parse_args()
    measured(2, 1, 1)
    found = [
        measured(rounds, batch, given.plain)
        for batch in map(int, given.batches.split(","))
        for rounds in map(int, given.rounds.split(","))
    ]
    table = Table(*COLUMNS, box=SIMPLE)
    for entry in found:
        table.add_row(*entry.cells)
    CONSOLE.print(table)
    for one, other in pairwise(found):
        if one.batch == other.batch:
            mine, plain = power(one, other, lambda run: run.run), power(one, other, lambda run: run.plain_run)
            told = f"b = {one.batch}, T = {one.rounds} to {other.rounds}"
            CONSOLE.print(f"{told}: whole runs grow as T^{mine}, the plain engine's as T^{plain}")
    for run in found if given.before else ():
        seconds = before(given.before, run.rounds, run.batch, given.plain)
        told = f"b = {run.batch}, T = {run.rounds}: {seconds:.2f} s by the engine of {given.before.name}"
        CONSOLE.print(f"{told}, {seconds / run.run:.0f} times the incremental engine's {run.run:.3f} s")


if __name__ == "__main__":
    main()
