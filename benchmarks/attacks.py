"""Attacks on the certifier: seeded changes of networks, machines and files; each is refused, or accepted and then
trained.

A mutant is read, given to the certifier, and trained: if it was accepted, under every adversary by name and with
several ways to draw labels, with the tolerance and the held outputs that the certifier found; if it was refused, in
four runs, to see whether the refusal was needed. Results are lines of JSON; what is in the file (of the same certifier)
is not done again, so the campaign can be stopped.

Run:  python benchmarks/attacks.py -o attacks.jsonl [--per 14] [--seed 0] [--most N] [--jobs 2] [--only KIND] [--base
NAME]
      python benchmarks/attacks.py -o attacks.jsonl --table      python benchmarks/attacks.py --repeat "BASE/KIND/SEED"
The last lines are the tables, by base and by kind; columns are explained in ``verify/attacks/judging.py``.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from random import Random

from rows import Row, completed, kept_rows

from verify.attacks.bases import MADE
from verify.attacks.judging import CODE, Task, defect, outcome, table, work
from verify.attacks.kinds import KINDS

FEWER = {"memoriser, dyadic": 4, "parity of a sample, minimal": 2, "decision list of two bits, dyadic": 2}
"""Bases with many steps get so many times fewer mutants of a kind."""


def wanted(first: int, per: int, only: str, names: str) -> Iterator[Task]:
    """All mutants of a campaign, seeds first, so that every kind is soon met."""
    for seed in range(first, first + per):
        for kind in KINDS:
            for name in MADE:
                if only in kind and names in name and seed - first < max(1, per // FEWER.get(name, 1)):
                    yield name, kind, seed


def campaign(target: Path, tasks: list[Task], *, jobs: int) -> list[Row]:
    """Do what is not in the file yet; all rows of these tasks."""
    counts = Counter[str]()

    def told(row: Row) -> str:
        why, counts[outcome(row)] = defect(row), counts[outcome(row)] + 1
        if why:
            where = f"{row['base']}/{row['kind']}/{row['seed']}"
            print(f"DEFECT {where}: {why}: {row.get('wrong') or row.get('why')}", flush=True)
        return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))

    with Pool(jobs) as pool:
        return completed(
            tasks,
            target,
            lambda todo: pool.imap_unordered(work, todo, chunksize=4),
            key=lambda row: (row["base"], row["kind"], row["seed"]),
            doing="attacking",
            unit="mutants",
            counts=lambda row: row["certifier"] == CODE,
            tell=told,
        )


def main() -> int:
    """Run the campaign and print its table; 1 if there was a defect."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--per", type=int, default=14, help="seeds for each kind and network")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--most", type=int, help="draw so many of the mutants")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="kinds whose name has this in it")
    parser.add_argument("--base", default="", help="networks whose name has this in it")
    parser.add_argument("--table", action="store_true", help="only the tables of what is in the file")
    parser.add_argument("--repeat", help="one mutant: BASE/KIND/SEED")
    given = parser.parse_args()
    if given.repeat:
        name, kind, seed = given.repeat.split("/")
        row = work((name, kind, int(seed)))
        print(json.dumps(row, indent=1))
        return int(defect(row) is not None)
    if not given.output:
        parser.error("need -o FILE or --repeat")
    tasks = list(wanted(given.seed, given.per, given.only, given.base))
    if given.most is not None and given.most < len(tasks):
        drawn = set(Random(given.seed).sample(tasks, given.most))
        tasks = [task for task in tasks if task in drawn]
    rows = kept_rows(given.output) if given.table else campaign(given.output, tasks, jobs=given.jobs)
    print("\n".join([*table(rows, "base"), "", *table(rows)]))
    return int(any(defect(row) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
