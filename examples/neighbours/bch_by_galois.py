"""The BCH layer of the decoder against an independent one: the library galois, which querygrad does not need.

For each case a set of points of GF(2^n) is drawn, at most b of them, and its odd power sums x, x^3, ..., x^(2b-1) are
taken in galois. They must be those of querygrad's field with the same modulus, and both must find the set from them:
querygrad as its decoder does, galois by its own Berlekamp-Massey algorithm and its own search for roots. This is what
PinSketch sends and decodes for a set difference.

Run:  pip install galois; python examples/neighbours/bch_by_galois.py
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from random import Random
from typing import Any

from constructions.strip.binary_field import BinaryField
from constructions.strip.locating import located

CASES = ((4, 2), (6, 3), (7, 5), (8, 6), (10, 4))
"""n, and b."""


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each case; 1 if any two decoders differ, 2 without galois."""
    parser = argparse.ArgumentParser(description="Compare the decoder of sets with that of galois.")
    parser.add_argument("--sets", type=int, default=20, help="how many sets in each case")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    try:
        galois: Any = importlib.import_module("galois")
    except ImportError:
        print("need galois (pip install galois), got none installed", file=sys.stderr)
        return 2
    wrong = 0
    for n, b in CASES:
        differ = compared(galois, n, b, given.sets, Random(f"{given.seed} {n} {b}"))
        wrong += differ
        print(f"GF(2^{n}), up to {b} points, {given.sets} sets: {differ} differ")
    return int(bool(wrong))


def compared(galois: Any, n: int, b: int, sets: int, random: Random) -> int:
    """How many of some drawn sets are not found alike, or not found."""
    ours = BinaryField(n)
    theirs = galois.GF(2**n, irreducible_poly=galois.Poly.Int(ours.modulus))
    differ = 0
    for _ in range(sets):
        points = sorted(random.sample(range(1, 2**n), random.randint(1, b)))
        elements = theirs(points)
        sums = [int((elements**power).sum()) for power in range(1, 2 * b + 1)]
        odd = sums[::2]
        same = odd == [summed(ours.odd_powers(point, b)[place] for point in points) for place in range(b)]
        found = sorted(int(root) for root in galois.berlekamp_massey(theirs(sums)).roots())
        differ += not (same and list(located(ours, odd) or ()) == points == found)
    return differ


def summed(values: Any) -> int:
    """The sum in the field."""
    total = 0
    for value in values:
        total ^= value
    return total


if __name__ == "__main__":
    sys.exit(main())
