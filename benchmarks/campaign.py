"""Emulation networks trained and followed against their machines: every learner, setting and adversary, seeds in
plenty.

Each run is a network from ``querygrad compile`` (the same code), trained on fresh seeded batches of a noisy problem and
followed step by step by ``constructions.training.following``. Small networks (under 50,000 vertices) run under every
adversary and setting; larger ones with ``--large``. Results are lines of JSON in a file; what is there is not run
again, so the campaign can be stopped at any moment.

Run:  python benchmarks/campaign.py -o campaign.jsonl [--runs N] [--only NAME] [--large]     (the last lines are the
summary)
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from rows import Row, completed, kept_rows

from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT
from constructions.networks.emulation import Plan
from constructions.networks.planning import default_rho
from constructions.networks.queries import SETTINGS
from constructions.theorems.choices import problem
from constructions.training.adversaries import NAMED
from constructions.training.batches import Batches, fresh, random_string
from constructions.training.following import FollowedRun, follow_plan, points_of
from verify.arguments.learner import plan_of_learner
from verify.arguments.learner_options import LearnerOptions

SMALL = 50_000
Task = tuple[str, str, str, int]
"""The name of a case, a setting, an adversary and a seed."""
UNSIGNED, SIGNED = ("dyadic", "strong", "minimal repair"), ("dyadic", "strong")
PRINTED = {"as printed": 1, "only vc mended": 2}
"""The settings that fail, with the step in which they do (E04, E03)."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A learner with its options, a batch size and a problem; ``fixed``: fbGD on that many rows."""

    name: str
    learner: str
    n: int
    b: int
    problem: str
    options: Mapping[str, Any] = field(default_factory=dict)
    settings: tuple[str, ...] = UNSIGNED
    fixed: bool = False
    runs: int | None = None

    def plan(self, setting: str) -> Plan:
        """The network of the case."""
        kind = SETTINGS[setting]
        rho = default_rho(kind, self.b)
        return plan_of_learner(
            self.learner, LearnerOptions(**self.options), setting=kind, rho=rho, b=self.b, tolerance=4 * rho
        )


def drawing(
    learner: str,
    n: int,
    m: int,
    *,
    b: int,
    version: str,
    rounds: int,
    problem: str = "",
    settings: tuple[str, ...] = UNSIGNED,
    runs: int | None = None,
) -> Case:
    """A learner that draws samples, in so many rounds."""
    options = {"n": n, "m": m, "delta": Fraction(1, 4), "version": version, "rounds": rounds}
    name = f"{learner}, n={n}, m={m} ({version}, b={b})" + (f", {settings[0]}" if len(settings) == 1 else "")
    return Case(
        name=name,
        learner=learner,
        n=n,
        b=b,
        problem=problem or learner,
        options=options,
        settings=settings,
        runs=runs,
    )


CASES = (
    Case(name="best literal, n=4", learner="literal", n=4, b=8, problem="literal", options={"n": 4}),
    Case(name="best literal, n=8, b=7", learner="literal", n=8, b=7, problem="literal", options={"n": 8}),
    Case(
        name="conjunction by queries, n=5",
        learner="query-conjunction",
        n=5,
        b=5,
        problem="conjunction",
        options={"n": 5},
    ),
    Case(
        name="signed correlations, n=3",
        learner="correlations",
        n=3,
        b=12,
        problem="majority",
        options={"n": 3},
        settings=SIGNED,
    ),
    Case(
        name="signed correlations, b=1024",
        learner="correlations",
        n=3,
        b=1024,
        problem="majority",
        options={"n": 3},
        settings=SIGNED,
    ),
    Case(
        name="from AIGER (conjunction)",
        learner=str(ROOT / "examples" / "conjunction.aag"),
        n=3,
        b=3,
        problem="conjunction",
    ),
    Case(name="from a user's file", learner=str(ROOT / "examples" / "own_learner.py"), n=2, b=6, problem="parity"),
    Case(name="fbGD, 32 rows, literal", learner="literal", n=4, b=32, problem="literal", options={"n": 4}, fixed=True),
    Case(
        name="fbGD, 24 rows, conjunction",
        learner="query-conjunction",
        n=4,
        b=24,
        problem="conjunction",
        options={"n": 4},
        fixed=True,
    ),
    Case(
        name="fbGD, 30 rows, correlations",
        learner="correlations",
        n=3,
        b=30,
        problem="majority",
        options={"n": 3},
        fixed=True,
        settings=SIGNED,
    ),
    drawing("parity", 3, 4, b=2, version="prefix", rounds=76, runs=2),
    drawing("parity", 3, 4, b=3, version="look", rounds=48, runs=2),
    drawing("parity", 5, 6, b=2, version="prefix", rounds=48, runs=2),
    drawing("conjunction", 3, 4, b=2, version="prefix", rounds=76, runs=2),
    drawing("decision-list", 3, 4, b=2, version="prefix", rounds=76, problem="decision-list", runs=2),
    drawing("best-of-literals", 3, 4, b=2, version="prefix", rounds=76, problem="literal", runs=2),
    drawing("memoriser", 2, 3, b=2, version="prefix", rounds=39, problem="majority", runs=2),
)
LARGE = (
    drawing("parity", 5, 6, b=2, version="look", rounds=138, settings=("dyadic",), runs=2),
    drawing("parity", 8, 10, b=1, version="look", rounds=330, problem="parity", settings=("minimal repair",), runs=2),
    Case(
        name="signed correlations, n=40",
        learner="correlations",
        n=40,
        b=8,
        problem="majority",
        options={"n": 40},
        settings=("dyadic",),
        runs=2,
    ),
    Case(
        name="conjunction by queries, n=20",
        learner="query-conjunction",
        n=20,
        b=2,
        problem="conjunction",
        options={"n": 20},
        settings=("dyadic",),
        runs=2,
    ),
)


def batches_of(case: Case, seed: int) -> Batches:
    """The batches of a run: fresh ones for every step, or one for all."""
    found = fresh(problem(case.problem, case.n, Fraction(1, 10)), batch=case.b, seed=seed)
    if not case.fixed:
        return found
    rows = found(1)
    return lambda step: rows


def run(case: Case, plan: Plan, *, adversary: str, seed: int) -> FollowedRun:
    """One run of a case."""
    batches = batches_of(case, seed)
    given = [batches(t) for t in range(1, plan.machine.rounds + 1)]
    random = random_string(plan.sizes.random_bits, seed)
    data = None if not given else given[0][0]
    return follow_plan(
        plan, given, random=random, adversary=adversary, seed=seed, points=points_of(case.n, seed=seed, data=data)
    )


def as_wanted(setting: str, found: FollowedRun) -> bool:
    """Whether a run came out as it should: no deviation, or as printed the one of the errata."""
    return found.failed_at == PRINTED.get(setting)


def wanted(cases: tuple[Case, ...], runs: int) -> Iterator[tuple[Case, str, str, int]]:
    """All runs of a campaign."""
    for case in cases:
        for setting in case.settings:
            for adversary in NAMED:
                for seed in range(case.runs or runs):
                    yield case, setting, adversary, seed


def campaign(cases: tuple[Case, ...], target: Path, *, runs: int, tell: Any = print) -> list[dict[str, Any]]:
    """Run what is not in the file yet; return all lines of the file that belong to the campaign."""
    tasks = {(case.name, setting, adversary, seed): case for case, setting, adversary, seed in wanted(cases, runs)}
    done = {key(row) for row in kept_rows(target)}
    tell(f"{len(tasks.keys() - done)} runs to do, {len(done)} done before")

    def told(row: Row) -> str:
        what = f"{row['case']}, {row['setting']}, {row['adversary']}, seed {row['seed']}"
        if not row["as wanted"]:
            tell(f"NOT AS WANTED: {what}: {row['failure'] or 'followed'}")
        return what

    return completed(
        list(tasks), target, lambda todo: lines(tasks, todo), key=key, doing="following", unit="runs", tell=told
    )


def lines(tasks: Mapping[Task, Case], todo: Sequence[Task]) -> Iterator[Row]:
    """The rows of some runs; the network of a case is built once for all its runs in a setting."""
    built: tuple[str, str] | None = None
    for task in todo:
        name, setting, adversary, seed = task
        if built != (name, setting):
            built, plan = (name, setting), tasks[task].plan(setting)
        yield line(tasks[task], plan, setting=setting, adversary=adversary, seed=seed)


def key(row: Mapping[str, Any]) -> Task:
    """What tells one run from another."""
    return row["case"], row["setting"], row["adversary"], row["seed"]


def line(case: Case, plan: Plan, *, setting: str, adversary: str, seed: int) -> dict[str, Any]:
    """A run and what came of it, as JSON values."""
    began = time.perf_counter()
    found = run(case, plan, adversary=adversary, seed=seed)
    low, high = (float(error / plan.rho) for error in found.errors)
    return {
        "case": case.name,
        "setting": setting,
        "adversary": adversary,
        "seed": seed,
        "failure": found.failure,
        "failed at": found.failed_at,
        "as wanted": as_wanted(setting, found),
        "steps": found.steps,
        "points": found.points,
        "vertices": plan.sizes.vertices,
        "edges": plan.sizes.edges,
        "rho": str(plan.rho),
        "batch": case.b,
        "low": low,
        "high": high,
        "seconds": round(time.perf_counter() - began, 4),
    }


def summary(rows: list[dict[str, Any]]) -> list[str]:
    """A table: one line for each case and setting, and the totals."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["case"], row["setting"]), []).append(row)
    titles = f"{'case':<36} {'setting':<15} {'b':>5} {'rho':>7} {'vertices':>9} {'edges':>9} {'runs':>5} {'steps':>7}"
    lines = [f"{titles} {'errors in rho':>15} {'bad':>4}"]
    for (name, setting), found in groups.items():
        first, errors = found[0], f"{min(r['low'] for r in found):.3f}..{max(r['high'] for r in found):.3f}"
        lines.append(
            f"{name:<36} {setting:<15} {first['batch']:>5} {first['rho']:>7} {first['vertices']:>9} "
            f"{first['edges']:>9} {len(found):>5} {sum(r['steps'] for r in found):>7} "
            f"{errors:>15} {sum(not r['as wanted'] for r in found):>4}"
        )
    small = [row for row in rows if row["vertices"] < SMALL]
    for what, found in (
        (f"under {SMALL:,} vertices", small),
        ("larger", [row for row in rows if row["vertices"] >= SMALL]),
    ):
        bad, seconds = sum(not row["as wanted"] for row in found), sum(row["seconds"] for row in found)
        lines.append(
            f"{what}: {len(found)} runs, {sum(r['steps'] for r in found)} steps, {bad} not as wanted, {seconds:.0f} s"
        )
    return lines


def main() -> int:
    """Run the campaign and print its summary; 1 if a run was not as wanted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=5, help="seeds for each case, setting and adversary")
    parser.add_argument("--only", default="", help="cases whose name has this in it")
    parser.add_argument("--large", action="store_true", help="the networks of 50,000 vertices and more")
    parser.add_argument(
        "--printed", action="store_true", help="the settings that fail, as printed and with only vc mended"
    )
    given = parser.parse_args()
    cases = tuple(case for case in (LARGE if given.large else CASES) if given.only in case.name)
    if given.printed:
        cases = tuple(replace(case, settings=tuple(PRINTED)) for case in cases if case.settings == UNSIGNED)
    try:
        rows = campaign(cases, given.output, runs=given.runs, tell=lambda text: print(text, flush=True))
    except ConstructionError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(summary(rows)))
    return int(any(not row["as wanted"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
