"""How many broken twins points alone refute, before any solver is asked.

    python benchmarks/tries.py [--tries N] [BEGINNING_OF_IDS]

Each claim of the paper that can be tried is tried itself (none may fail) and in the place of its broken twin.
"""

import argparse
import sys
import time
from dataclasses import replace

from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.provers import by_z3
from verify.pytest_plugin.trying import can_be_tried, point_of_failure
from verify.screen.printing import say


def triable(beginning: str) -> list[Obligation]:
    """The claims whose ids begin so, that have a twin and can be tried."""
    known = [each for id, each in paper_obligations().items() if id.startswith(beginning)]
    solvers = [each for each in known if each.kind == "solver" and each.twin is not None]
    return [each for each in solvers if can_be_tried(each, by_z3.build(each, each.of))]


def main(arguments: list[str]) -> int:
    """Print how many twins fall; 1 if a claim itself does."""
    parser = argparse.ArgumentParser(description="How many broken twins points alone refute.")
    parser.add_argument("beginning", nargs="?", default="")
    parser.add_argument("--tries", type=int, default=100)
    given = parser.parse_args(arguments)
    began, claims = time.process_time(), triable(given.beginning)
    wrong = [each.id for each in claims if point_of_failure(each, given.tries) is not None]
    fell = [
        each.id
        for each in claims
        if each.twin is not None
        and point_of_failure(replace(each, of=each.twin, twin=each.of), given.tries) is not None
    ]
    say(f"{len(claims)} claims: {len(fell)} of their twins fall by points alone; claims that fall: {wrong or 'none'}")
    say(f"{time.process_time() - began:.0f} s of CPU")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
