"""Does the game against ``gradient_queries.py`` also happen to gradient descent on batches of the named parity?

The transcript of that game has the gradient of the model at every point, the answers, and the parity that is named. For
each step a fresh batch of b points with this parity's labels is drawn, as counts over all points, and the script says
how many entries of the rounded gradient that the game used are valid for the batch: within 3/4 rho of its mean gradient
(equation 3). If all are, this very run is one of bSGD with batches of b at precision rho, so it ends as the game did.

Run:  python examples/gradient_batches.py game.json --batch 100000 --seed 1
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from random import Random


def main(argv: Sequence[str] | None = None) -> int:
    """Print how many entries are valid, step by step; 0 if all are."""
    parser = argparse.ArgumentParser(description="Hold a game of gradient descent against batches.")
    parser.add_argument("game", type=Path)
    parser.add_argument("--batch", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    game = json.loads(given.game.read_text(encoding="utf-8"))
    if game["target"] is None or given.batch < 1:
        print("need a game in which a parity is named, and a batch of at least 1", file=sys.stderr)
        return 2
    n, random = game["bits"], Random(given.seed)
    rho = 8 * Fraction(game["tolerance"])
    entries = 1 + n + n * (n - 1) // 2
    wrong = 0
    for step in range(len(game["queries"]) // entries):
        counts = Counter(random.choices(range(2**n), k=given.batch))
        asked = game["queries"][step * entries : (step + 1) * entries]
        valid = sum(is_valid(query, counts, given.batch, game["target"], rho) for query in asked)
        wrong += entries - valid
        print(f"step {step + 1}: {valid} of {entries} rounded entries are valid for a batch of {given.batch}")
    print(f"b rho^2 is {float(given.batch * rho**2):.4g}; " + ("not a run of bSGD" if wrong else "a run of bSGD"))
    return int(bool(wrong))


def is_valid(query: dict[str, object], counts: Counter[int], b: int, target: int, rho: Fraction) -> bool:
    """Whether the answer to a query, rounded, is within 3/4 rho of the batch's mean."""
    rows: tuple[list[int], list[int]] = query["zero"], query["one"]  # type: ignore[assignment]
    total = sum(times * rows[(x & target).bit_count() % 2][x] for x, times in counts.items())
    mean = Fraction(total, b * int(str(query["denominator"])))
    return abs(rho * round(Fraction(str(query["answer"])) / rho) - mean) <= rho * Fraction(3, 4)


if __name__ == "__main__":
    sys.exit(main())
