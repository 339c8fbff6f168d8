"""Steps of the incremental engine beside those of the plain engine, whole runs, in one process and as ratios.

Run:  python benchmarks/incremental.py [--rounds 100,400] [--batches 1,8] [--plain P]

One learner (a conjunction of 20 literals) is compiled for T rounds and trained for T steps on fresh samples. The
incremental engine takes all T steps; the plain engine P of them, at the beginning and at the end of the run, from the
same weights, and each of these steps must be the same (outputs, moves, number system). Times are CPU seconds of one
thread, of whole steps: bounds, both passes, roundings and the move; drawing the batch is not counted, nor is the first
step of the incremental engine, which finds everything and has a column of its own. Machine code is compiled before.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

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
COLUMNS = ("T", "vertices", "b", "plain ms", "first ms", "median ms", "mean ms", "plain / mean", "run s", "compared")


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


def row(rounds: int, batch: int, count: int) -> list[str]:
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
    mean, one = statistics.mean(seconds[1:]), statistics.median(slow)
    times = [one, seconds[0], statistics.median(seconds[1:]), mean]
    cells = [str(rounds), str(net.network.size), str(batch), *(f"{1e3 * value:.3f}" for value in times)]
    return [*cells, f"{one / mean:.0f}", f"{sum(seconds):.2f}", str(len(slow))]


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", default="100,400")
    parser.add_argument("--batches", default="1,8")
    parser.add_argument("--plain", type=int, default=10, help="steps of the plain engine, at either end")
    given = parser.parse_args()
    row(2, 1, 1)
    table = Table(*COLUMNS, box=SIMPLE)
    for rounds in map(int, given.rounds.split(",")):
        for batch in map(int, given.batches.split(",")):
            table.add_row(*row(rounds, batch, given.plain))
    CONSOLE.print(table)


if __name__ == "__main__":
    main()
