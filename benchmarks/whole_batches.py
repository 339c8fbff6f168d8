"""Attacks on networks that read whole batches: ``python benchmarks/whole_batches.py --count N``.

For each kind of change and each of N seeds the certifier is asked about the changed network, and the checker alone
under the certificate of the network before the change. What is certified is trained on drawn batches. The exit code is
1 if something certified goes wrong, or something harmless is refused.
"""

import argparse
import sys
from collections import Counter

from verify.attacks.whole_batches import ATTACKS, HARMLESS, attacked, checked_alone, other_learner, plan_of

SIZES = ((1, 1, 2), (1, 2, 2))


def main() -> int:
    """Run the attacks and print what became of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=3, help="how many seeds")
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    given = parser.parse_args()
    wrong = 0
    for n, b, steps in SIZES:
        plan = plan_of(n, b, steps)
        print(
            f"n = {n}, b = {b}, {steps} steps: {plan.sizes.vertices} vertices; another learner: {other_learner(plan)}"
        )
        for name in ATTACKS:
            seeds = range(given.seed, given.seed + given.count)
            searched = Counter(attacked(plan, name, seed)[0] for seed in seeds)
            alone = Counter(checked_alone(plan, name, seed)[0] for seed in seeds)
            wrong += searched["DEFECT"] + alone["DEFECT"] + (searched["refused"] if name in HARMLESS else 0)
            print(f"  {name:28} {dict(searched)}; the checker alone: {dict(alone)}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
