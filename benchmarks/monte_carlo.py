"""Measured runs of theorems: in NumPy arrays against one by one, as a ratio of runs a second.

Each theorem is measured with the parameters that ``querygrad theorem`` takes by default. Building the pipeline is not
counted; building what the arrays need (the tree of prefixes, the laws of sums) is, with the first block. Beside the
ratio stand the means of the rounds and of the errors in both forms, each with its standard error. Both forms sum
exactly; times are seconds of the processor.

At commit 2afa964c (``--seconds 1``, two cores that many other processes shared) arrays made so many times as many runs
a second: Theorem 2a 45 (149 and 6,714 runs), with LOOK 54, of a memoriser 64; Lemma 1 19; Theorem 2d 7,016 (1.2 and
8,509 runs), with random answers 638; Lemma 2 10,714.

Run:  python benchmarks/monte_carlo.py [--seconds S] [--runs N]      (exit code 1 if two means are 6 errors apart)
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from constructions.theorems.in_arrays import takes
from constructions.theorems.measure import ROUNDS, SIMULATED, Experiment, Interval, Tally, interval
from constructions.theorems.options import TheoremOptions
from constructions.theorems.registry import THEOREMS
from constructions.theorems.task import prepare

CASES = {
    "theorem 2a": ("theorem 2a", TheoremOptions()),
    "theorem 2a, look": ("theorem 2a", TheoremOptions(extract="look")),
    "theorem 2a, memoriser": ("theorem 2a", TheoremOptions(learner="memoriser", noise="1/10")),
    "lemma 1": ("lemma 1", TheoremOptions()),
    "theorem 2d": ("theorem 2d", TheoremOptions()),
    "theorem 2d, random": ("theorem 2d", TheoremOptions(oracle="random")),
    "lemma 2": ("lemma 2", TheoremOptions()),
}
FAR = 6


@dataclass(frozen=True, slots=True)
class Speed:
    """Runs a second in both forms, and what both found."""

    name: str
    one_by_one: float
    arrays: float
    found: dict[str, tuple[Interval, Interval]]

    @property
    def ratio(self) -> float:
        """How many times faster the arrays are."""
        return self.arrays / self.one_by_one

    @property
    def apart(self) -> list[str]:
        """The quantities whose two means are too far from each other."""
        return [name for name, (one, other) in self.found.items() if _errors(one, other) > FAR]


def _errors(one: Interval, other: Interval) -> float:
    spread: float = ((one.error or 0.0) ** 2 + (other.error or 0.0) ** 2) ** 0.5
    distance = abs(float(one.mean - other.mean))
    return distance / spread if spread else (0.0 if not distance else float("inf"))


def one_by_one(experiment: Experiment, seconds: float) -> tuple[Tally, float]:
    """Runs until the time is over, at least two; and the runs a second."""
    tally, begun = Tally(), time.process_time()
    while tally.runs < 2 or time.process_time() - begun < seconds:
        tally = tally.plus_all([experiment.run(tally.runs)])
    return tally, tally.runs / (time.process_time() - begun)


def in_arrays(experiment: Experiment, runs: int) -> tuple[Tally, float]:
    """So many runs in arrays; and the runs a second."""
    begun = time.process_time()
    way, tally = takes(experiment), Tally()
    assert not way.reason, way.reason
    while tally.runs < runs:
        tally = tally.plus_all(way.runs(tally.runs, runs))
    return tally, tally.runs / (time.process_time() - begun)


def speeds(names: list[str], *, seconds: float, runs: int) -> Iterator[Speed]:
    """The cases of these names, one after another."""
    for name in names:
        theorem, options = CASES[name]
        experiment = prepare(theorem, THEOREMS[theorem], options).experiment
        (slow, before), (fast, after) = one_by_one(experiment, seconds), in_arrays(experiment, runs)
        most = Fraction(10**9)
        found = {
            quantity: (
                interval(slow, quantity, low=Fraction(0), high=most),
                interval(fast, quantity, low=Fraction(0), high=most),
            )
            for quantity in (ROUNDS, SIMULATED)
        }
        yield Speed(name, before, after, found)


def main() -> int:
    """Measure all cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="for the runs one by one of each case")
    parser.add_argument("--runs", type=int, default=4096, help="in arrays, for each case")
    given = parser.parse_args()
    wrong = False
    print(f"{'':24}{'one by one/s':>14}{'arrays/s':>12}{'ratio':>8}   rounds and error: one by one, arrays")
    for speed in speeds(list(CASES), seconds=given.seconds, runs=given.runs):
        means = ", ".join(
            f"{float(each.mean):.5g} +- {each.error or 0:.1g}" for both in speed.found.values() for each in both
        )
        print(f"{speed.name:24}{speed.one_by_one:14.1f}{speed.arrays:12.0f}{speed.ratio:8.0f}   {means}", flush=True)
        if speed.apart:
            wrong = True
            print(f"  more than {FAR} errors apart: {', '.join(speed.apart)}")
    return int(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
