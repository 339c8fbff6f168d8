"""Forged proof files against the judge: each is refused, malformed or left open, or what is accepted is true.

Run:  python benchmarks/forged_proofs.py [--count 10000] [--seed 0] [--only KIND] [-o forged_proofs.jsonl]
(10^5 take about 25 minutes of one processor.) With ``-o`` each row is kept, and a run that was
interrupted goes on where it stopped.
Exit code 1 if one is a defect: a false statement that is accepted, or an error inside.
"""

import argparse
import sys
from collections import Counter
from itertools import count
from pathlib import Path

from rows import FORGED, Row, first_rows, table_of

from verify.attacks.proof_judging import KINDS, trial

Task = tuple[str, int]
"""A kind and a seed."""


def row_of(task: Task) -> Row | None:
    """What became of one forged file; None where this kind has nothing to forge."""
    kind, seed = task
    what, why, note = trial(kind, seed)
    if what == "nothing":
        return None
    return {"kind": kind, "seed": seed, "what": what, "why": why[:300], "note": note[:100]}


def campaign(given: argparse.Namespace) -> dict[str, Counter[str]]:
    """What became of as many forged files as were asked for, by kind."""
    kinds = [kind for kind in KINDS if given.only in kind]
    found = {kind: Counter[str]() for kind in kinds}
    tasks = ((kind, seed) for seed in (count(given.seed) if kinds else ()) for kind in kinds)

    def key(row: Row) -> Task:
        return row["kind"], row["seed"]

    for row in first_rows(tasks, given.count, given.output, row_of, key=key, doing="forging", unit="files"):
        found[row["kind"]][row["what"]] += 1
        if row["what"] == "DEFECT":
            print(f"DEFECT {row['kind']} / {row['seed']}: {row['note']}: {row['why']}", flush=True)
    return found


def main() -> int:
    """Forge, judge, and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=0, help="the first seed")
    options.add_argument("--only", default="", help="kinds whose name has this in it")
    options.add_argument("-o", "--output", type=Path, help="keep each row here, and go on from what is kept")
    given = options.parse_args()
    found = campaign(given)
    print("\n".join(table_of("kind", found, FORGED)))
    return int(any(counts["DEFECT"] for counts in found.values()))


if __name__ == "__main__":
    sys.exit(main())
