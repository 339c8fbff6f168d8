"""Forged certificates against the checker: each is refused, malformed or left open, or it says the truth.

Run:  python benchmarks/forged.py [--count 2000] [--seed 0] [--only KIND] [--base NAME] [-o forged.jsonl]
(10^5 take about an hour and a half of one processor.) With ``-o`` each row is kept, and a run that was interrupted goes
on where it stopped.
Exit code 1 if one is a defect: accepted and then wrong in training, read by one reader only, or an error inside.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from rows import FORGED, Row, first_rows, table_of

from verify.attacks.certificates import HONEST, judged
from verify.attacks.forgeries import KINDS, forged


def cases(first: int, only: str, base: str) -> Iterator[tuple[str, str, int]]:
    """Kinds, bases and seeds without end, the seeds slowest."""
    for seed in count(first):
        for kind in (kind for kind in KINDS if only in kind):
            yield from ((kind, name, seed) for name in HONEST if base in name)


def row_of(kind: str, name: str, seed: int) -> Row | None:
    """What became of one forged certificate; None where this kind has nothing to forge."""
    made = forged(name, kind, seed)
    if made is None:
        return None
    what, why = judged(name, made)
    return {"kind": kind, "base": name, "seed": seed, "what": what, "why": why[:200], "note": made.note[:80]}


def rows(given: argparse.Namespace) -> Iterator[Row]:
    """The rows that were kept and those that are missing, as many as were asked for."""
    return first_rows(
        cases(given.seed, given.only, given.base),
        given.count,
        given.output,
        lambda task: row_of(*task),
        key=lambda row: (row["kind"], row["base"], row["seed"]),
        doing="forging",
        unit="certificates",
    )


def main() -> int:
    """Forge, ask, and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--seed", type=int, default=0, help="the first seed")
    options.add_argument("--only", default="", help="kinds whose name has this in it")
    options.add_argument("--base", default="", help="bases whose name has this in it")
    options.add_argument("-o", "--output", type=Path, help="keep each row here, and go on from what is kept")
    given = options.parse_args()
    found = {kind: Counter[str]() for kind in KINDS if given.only in kind}
    said = Counter[str]()
    for row in rows(given):
        found[str(row["kind"])][str(row["what"])] += 1
        said[str(row["why"])[:60]] += 1
        if row["what"] == "DEFECT":
            print(f"DEFECT {row['base']} / {row['kind']} / {row['seed']}: {row['note']}: {row['why']}", flush=True)
    print("\n".join(table_of("kind", found, FORGED)))
    print(f"{sum(map(Counter.total, found.values()))} forged certificates, {len(said)} different reasons")
    return int(any(counts["DEFECT"] for counts in found.values()))


if __name__ == "__main__":
    sys.exit(main())
