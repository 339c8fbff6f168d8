"""Learners as networks on real data, end to end: compile, train by plain gradient descent on batches of rows, and
compare the loss.

For each data set (``data_sets.py``: tic-tac-toe endings and the MONK's problems, or CSV files of your own with 0/1
columns, the label last) and each learner it prints the loss of the trained network on all rows, the loss of the method
itself (``constructions.learning``) on the very same batches with exact answers, and its loss on the whole set (for a
learner that draws samples: the mean over 25 draws).

Run:  python examples/real_data.py [NAME or FILE.csv ...] [--adversary NAME] [--seed S]

The same by commands:  python examples/data_sets.py .
    querygrad compile literal --bits 18 --batch 64 -o literal.qgn
    querygrad train literal.qgn --data tic-tac-toe.csv --adversary random
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from data_sets import data_sets

from constructions.computation.built_in_learners import QUERY_LEARNERS, SAMPLE_LEARNERS
from constructions.errors import ConstructionError
from constructions.learning.data_files import read_data
from constructions.learning.models import QueryMethod
from constructions.learning.problems import Bits, Point, Predictor, empirical
from constructions.networks.emulation import Plan
from constructions.networks.planning import default_rho
from constructions.networks.queries import DYADIC
from constructions.training.adversaries import NAMED
from constructions.training.batches import Batches, drawn, random_string, whole_set
from constructions.training.engine import engine_of
from constructions.training.evaluated_method import Method
from verify.arguments.learner import plan_of_learner
from verify.arguments.learner_options import LearnerOptions

DRAWS = 25


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A learner with a batch size (0: all rows in every step, fbGD)."""

    learner: str
    b: int
    options: LearnerOptions = field(default_factory=LearnerOptions)

    def plan(self, rows: Sequence[Point]) -> Plan:
        """Its network for a data set."""
        b = self.b or len(rows)
        rho, options = default_rho(DYADIC, b), replace(self.options, n=len(rows[0][0]))
        return plan_of_learner(self.learner, options, setting=DYADIC, rho=rho, b=b, tolerance=4 * rho)

    def batches(self, rows: Sequence[Point], seed: int) -> Batches:
        """Rows drawn anew for every step, or all of them."""
        return drawn(rows, batch=self.b, seed=seed) if self.b else whole_set(rows)


ENTRIES = (
    Entry(learner="literal", b=64),
    Entry(learner="literal", b=0),
    Entry(learner="correlations", b=64),
    Entry(learner="query-conjunction", b=64),
    Entry(
        learner="decision-list",
        b=1,
        options=LearnerOptions(m=8, delta=Fraction(1, 4), version="prefix", rounds=60),
    ),
)


def loss(rows: Sequence[Point], predictor: Predictor) -> Fraction:
    """The mean of half the squared difference."""
    return empirical(rows).loss(predictor)


def trained_loss(plan: Plan, rows: Sequence[Point], batches: Batches, *, adversary: str, seed: int) -> Fraction:
    """Train the network, and the loss of what it returns on every row."""
    net = plan.trainable.with_random_string(random_string(plan.sizes.random_bits, seed))
    engine = engine_of(net, adversary=adversary, seed=seed)
    for t in range(1, net.steps + 1):
        engine.step(*batches(t))
    points = sorted({x for x, _ in rows})
    found = dict(zip(points, engine.outputs(_array(points)), strict=True))
    return loss(rows, lambda x: found[x])


def own_loss(plan: Plan, rows: Sequence[Point], batches: Batches, *, seed: int) -> Fraction:
    """The machine on the same batches and random bits, with exact answers (to its own binary places)."""
    machine, method = plan.machine, Method(plan.machine)
    random, state, r = random_string(plan.sizes.random_bits, seed), plan.machine.start(), plan.machine.random_bits
    scale = 1 << machine.answer_fraction
    for t in range(1, machine.rounds + 1):
        answers = [Fraction(round(mean * scale), scale) for mean in method.means(state, t, batches(t))]
        state = method.after(state, answers, random[(t - 1) * r : t * r])
    points = sorted({x for x, _ in rows})
    found = dict(zip(points, method.predicted(state, _array(points)), strict=True))
    return loss(rows, lambda x: found[x])


def method_loss(entry: Entry, rows: Sequence[Point], *, tau: Fraction, seed: int) -> Fraction:
    """The method of ``constructions.learning`` on all rows: with exact answers, or the mean over draws of its
    samples."""
    n = len(rows[0][0])
    if entry.options.m is None:
        return loss(rows, asked(QUERY_LEARNERS[entry.learner].method(n, len(rows), tau), rows))
    m, source = entry.options.m, Random(f"draws {seed}")
    learn = SAMPLE_LEARNERS[entry.learner].method(n, m).learn
    losses = [loss(rows, learn(tuple(source.choice(rows) for _ in range(m)), ())) for _ in range(DRAWS)]
    return sum(losses, Fraction(0)) / DRAWS


def asked(method: QueryMethod, rows: Sequence[Point]) -> Callable[[Bits], Any]:
    """What a query method returns for exact answers about all rows."""
    state = method.start(())
    for t in range(1, method.budget.k + 1):
        ask = method.ask(state, t)
        columns = zip(*(ask(x, y) for x, y in rows), strict=True)
        state = method.after(state, tuple(Fraction(sum(column), len(rows)) for column in columns))
    return method.predictor(state)


def report(name: str, rows: Sequence[Point], entries: Sequence[Entry], *, adversary: str, seed: int) -> list[str]:
    """A line for each learner."""
    lines = []
    for entry in entries:
        began = time.perf_counter()
        plan, batches = entry.plan(rows), entry.batches(rows, seed)
        found = trained_loss(plan, rows, batches, adversary=adversary, seed=seed)
        seconds = time.perf_counter() - began
        own, method = own_loss(plan, rows, batches, seed=seed), method_loss(entry, rows, tau=4 * plan.rho, seed=seed)
        sizes = f"{plan.batch:>4} {plan.rho!s:>7} {plan.sizes.vertices:>9} {plan.sizes.steps:>6} {seconds:>8.1f}"
        lines.append(
            f"{name:<14} {entry.learner:<18} {sizes} {float(found):>10.4f} {float(own):>10.4f} {float(method):>10.4f}"
        )
    return lines


def named(texts: Sequence[str]) -> dict[str, list[Point]]:
    """The data sets that are asked for: by name, or CSV files; all if none is."""
    known = data_sets()
    unknown = [text for text in texts if text not in known and not text.endswith((".csv", ".npy"))]
    if unknown:
        raise ConstructionError(f"need a data set among {', '.join(known)}, or a CSV file, got {unknown[0]!r}")
    return {Path(text).stem: read_data(text).points if text not in known else known[text] for text in texts or known}


def _array(points: Sequence[Bits]) -> Any:
    return np.array(points, np.int64)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="*")
    parser.add_argument("--adversary", default="random", choices=list(NAMED))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    try:
        sets = named(given.data)
    except ConstructionError as error:
        print(error, file=sys.stderr)
        return 2
    titles = f"{'b':>4} {'rho':>7} {'vertices':>9} {'steps':>6} {'seconds':>8} "
    titles += f"{'network':>10} {'same data':>10} {'method':>10}"
    print(f"{'data':<14} {'learner':<18} {titles}")
    for name, rows in sets.items():
        for entry in ENTRIES:
            print(*report(name, rows, [entry], adversary=given.adversary, seed=given.seed), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
