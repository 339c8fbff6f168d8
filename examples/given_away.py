"""What one rounded gradient gives away: 40 points of 32 bits with their labels, to whoever crafted the model.

    python examples/given_away.py [FILE.json]

A model is crafted, a batch is drawn, one step of gradient descent is taken on it with gradients rounded to multiples of
rho (b rho = 1.32) in five ways, and from the update alone the batch is reconstructed each time. The last certificate is
written to a file, which examples/check_given_away.py checks with nothing of this project. This needs discrete data, and
a model that the asker chose; it says nothing about other models.
"""

import json
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from random import Random

from constructions.learning.problems import Point
from constructions.strip.given_away import ROUNDED, Certificate, craft

N, B, RHO = 32, 40, Fraction(33, 1000)


def reconstructed(batch: Sequence[Point], name: str, *, n: int, b: int, rho: Fraction) -> tuple[Certificate, float]:
    """The certificate for a batch whose gradient is rounded by somebody of this name, and the seconds that it took."""
    crafted = craft(n, b, rho)
    update = crafted.update(batch, ROUNDED[name](1))
    began = time.process_time()
    return crafted.reconstruct(update), time.process_time() - began


def main(path: str | None = None) -> int:
    """Reconstruct a batch under each kind of rounding; 1 if one is not what was drawn."""
    random, wrong = Random(2021), 0
    points = [tuple(random.randrange(2) for _ in range(N)) for _ in range(B - 4)]
    batch = [(random.choice(points), random.randrange(2)) for _ in range(B)]
    for name in ROUNDED:
        found, seconds = reconstructed(batch, name, n=N, b=B, rho=RHO)
        right = sorted(found.batch) == sorted(batch)
        wrong += not right
        print(
            f"{name:8} {'the whole batch' if right else 'ANOTHER BATCH'}, {seconds:.2f} s, {len(found.update)} numbers"
        )
    if path:
        Path(path).write_text(json.dumps(found.as_plain()), encoding="utf-8")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
