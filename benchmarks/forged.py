"""Forged certificates against the checker: each is refused, malformed or left open, or it says the truth.

Run:  python benchmarks/forged.py [--count 2000] [--seed 0] [--only KIND] [--base NAME]      (10^5 take about an hour)
Exit code 1 if one is a defect: accepted and then wrong in training, read by one reader only, or an error inside.
"""

import argparse
import sys
import time
from collections import Counter
from itertools import count

from verify.attacks.certificates import HONEST, judged
from verify.attacks.forgeries import KINDS, forged

COLUMNS = ("malformed", "refused", "open", "harmless", "DEFECT")


def main() -> int:
    """Forge, ask, and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--seed", type=int, default=0, help="the first seed")
    options.add_argument("--only", default="", help="kinds whose name has this in it")
    options.add_argument("--base", default="", help="bases whose name has this in it")
    given = options.parse_args()
    kinds = [kind for kind in KINDS if given.only in kind]
    found = {kind: Counter[str]() for kind in kinds}
    done, began, said = 0, time.monotonic(), Counter[str]()
    for seed in count(given.seed):
        for kind in kinds:
            for name in (name for name in HONEST if given.base in name):
                made = forged(name, kind, seed) if done < given.count else None
                if made is None:
                    continue
                what, why = judged(name, made)
                found[kind][what] += 1
                said[why[:60]] += 1
                done += 1
                if what == "DEFECT":
                    print(f"DEFECT {name} / {kind} / {seed}: {made.note[:80]}: {why}", flush=True)
        if done >= given.count:
            break
    print(f"{'kind':<52}" + "".join(f"{name:>11}" for name in COLUMNS))
    for kind, row in (found | {"all": sum(found.values(), Counter[str]())}).items():
        print(f"{kind:<52}" + "".join(f"{row[column]:>11}" for column in COLUMNS))
    print(f"{done} forged certificates, {len(said)} different reasons, {time.monotonic() - began:.0f} s")
    return 1 if any(row["DEFECT"] for row in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
