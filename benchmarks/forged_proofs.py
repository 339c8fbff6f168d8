"""Forged proof files against the judge: each is refused, malformed or left open, or what is accepted is true.

Run:  python benchmarks/forged_proofs.py [--count 10000] [--seed 0] [--only KIND] [-o forged_proofs.jsonl]
(10^5 take about 25 minutes of one processor.) With ``-o`` what became of each is written down, one row a line.
Exit code 1 if one is a defect: a false statement that is accepted, or an error inside.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from verify.attacks.proof_judging import KINDS, trial
from verify.screen.bar import progress_bar

COLUMNS = ("malformed", "refused", "open", "harmless", "DEFECT")


def rows(kinds: list[str], first: int) -> Iterator[dict[str, str | int]]:
    """What became of forged files without end, the seeds slowest."""
    for kind, seed in ((kind, seed) for seed in count(first) for kind in kinds):
        what, why, note = trial(kind, seed)
        if what != "nothing":
            yield {"kind": kind, "seed": seed, "what": what, "why": why[:300], "note": note[:100]}


def campaign(given: argparse.Namespace) -> dict[str, Counter[str]]:
    """What became of as many forged files as were asked for, by kind."""
    kinds = [kind for kind in KINDS if given.only in kind]
    found = {kind: Counter[str]() for kind in kinds}
    with progress_bar("forging", given.count, unit="files") as bar:
        for row in islice(rows(kinds, given.seed), given.count):
            found[str(row["kind"])][str(row["what"])] += 1
            bar.advance()
            if given.output:
                with given.output.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps(row) + "\n")
            if row["what"] == "DEFECT":
                print(f"DEFECT {row['kind']} / {row['seed']}: {row['note']}: {row['why']}", flush=True)
    return found


def main() -> int:
    """Forge, judge, and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=0, help="the first seed")
    options.add_argument("--only", default="", help="kinds whose name has this in it")
    options.add_argument("-o", "--output", type=Path, help="write each row to this file")
    given = options.parse_args()
    found = campaign(given)
    width = max(map(len, found), default=0)
    print(f"{'':{width}}", *(f"{name:>9}" for name in COLUMNS))
    for kind, counts in found.items():
        print(f"{kind:{width}}", *(f"{counts[name]:9}" for name in COLUMNS))
    whole = sum(found.values(), Counter[str]())
    print(f"{'all':{width}}", *(f"{whole[name]:9}" for name in COLUMNS))
    return 1 if whole["DEFECT"] else 0


if __name__ == "__main__":
    sys.exit(main())
