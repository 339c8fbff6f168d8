"""Nearly all of a batch is read fast beyond b rho = 4/3, where SQ is passed: measured on runs, and not proved.

M asks parities (-1)^(a.x) in groups. The exponents a of a group are those of a subspace of 2^k, the same for all, moved
by a shift. The Walsh-Hadamard transform of the answers of a group sorts the points of the batch into 2^k cells by k
parities of their bits, and the errors of all cells together are no more than those of the answers: the squares of the
errors of the cells of a group add up to at most (b tau)^2, by Parseval. So but for a few cells a point that is alone in
its cell is seen there as the sign of its label times (-1)^(a.x), a the shift. Shifts that differ in one bit tell this
bit. No step goes through all points, so 60 bits are no obstacle; SQ with as many queries of tolerance rho/8 errs by
almost 1/8 there. The parity is found by Gaussian elimination on what was read, again and again without some points.

Run:  python examples/beyond_four_thirds.py --bits 60 --batch 96 --b-rho 4
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

import numpy as np
import numpy.typing as npt

from constructions.strip.noisy import statistical_error

Whole = npt.NDArray[np.int64]
Rounding = Callable[[Whole, Whole, "Precision", np.random.Generator], Whole]
REPEATED = 5
"""So many shifts vote on each bit."""
TRIES = 400


@dataclass(frozen=True, slots=True)
class Precision:
    """b and rho: how a mean s/b is rounded to q rho, in whole numbers."""

    b: int
    rho: Fraction

    def is_valid(self, picked: Whole, sums: Whole) -> npt.NDArray[np.bool_]:
        """Whether each multiple ``picked`` of rho is within 3 rho/4 of the mean: 4 |q b rho - s| <= 3 b rho."""
        over, under = self.b * self.rho.numerator, self.rho.denominator
        return np.asarray(4 * np.abs(picked * over - sums * under) <= 3 * over)

    def nearest(self, sums: Whole) -> Whole:
        """The nearest multiple."""
        over, under = self.b * self.rho.numerator, self.rho.denominator
        return np.asarray((2 * sums * under + over) // (2 * over))


def at_random(sums: Whole, other: Whole, precision: Precision, random: np.random.Generator) -> Whole:
    """A valid multiple next to each mean, by a coin."""
    near = precision.nearest(sums)
    moved = near + random.integers(-1, 2, near.shape)
    return np.where(precision.is_valid(moved, sums), moved, near)


def hiding(sums: Whole, other: Whole, precision: Precision, random: np.random.Generator) -> Whole:
    """The multiple nearest to the middle between the means of two batches, where it is valid."""
    middle = precision.nearest((sums + other) // 2)
    return np.where(precision.is_valid(middle, sums), middle, precision.nearest(sums))


ROUNDINGS: dict[str, Rounding] = {"random": at_random, "hiding": hiding}


def walsh(values: Whole) -> Whole:
    """The Walsh-Hadamard transform, in whole numbers."""
    found, half = values.copy(), 1
    while half < len(found):
        pairs = found.reshape(-1, 2, half)
        found = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1).reshape(-1)
        half *= 2
    return found


def read(x: Whole, labels: Whole, precision: Precision, rounding: Rounding, seed: int) -> dict[tuple[int, ...], int]:
    """What is read of a batch from one rounded gradient: points, and their labels."""
    random = np.random.default_rng(seed)
    b, n = x.shape
    size = 2 * b.bit_length()
    subspace, shifts = random.integers(0, 2, (n, size)), random.integers(0, 2, (REPEATED, n))
    cells = (x @ subspace % 2) @ (1 << np.arange(size))
    other = labels.copy()
    other[: int(b * precision.rho // 4)] ^= 1
    seen, moved = np.zeros((REPEATED, n + 1, 2**size), dtype=np.int64), False
    for at, shift in enumerate(shifts):
        for place in range(n + 1):
            a = shift ^ (np.arange(n) == place)
            sums = [np.zeros(2**size, dtype=np.int64) for _ in range(2)]
            for found, given in zip(sums, (labels, other), strict=True):
                np.add.at(found, cells, (1 - 2 * given) * (1 - 2 * (x @ a % 2)))
            exact, beside = map(walsh, sums)
            picked = rounding(exact, beside, precision, random)
            assert precision.is_valid(picked, exact).all()
            seen[at, place], moved = walsh(picked), moved or bool(picked.any())
    assert moved  # else the model would not have taken its step
    return decoded(seen, subspace, shifts, precision)


def decoded(seen: Whole, subspace: Whole, shifts: Whole, precision: Precision) -> dict[tuple[int, ...], int]:
    """The points that are alone in their cells, bit by bit, by votes of the shifts."""
    size, n = subspace.shape[1], subspace.shape[0]
    loud = 2 * np.abs(seen).sum(axis=(0, 1)) * precision.b * precision.rho.numerator
    cells = np.flatnonzero(loud > seen.shape[0] * (n + 1) * 2**size * precision.rho.denominator)
    found: dict[tuple[int, ...], int] = {}
    for cell in cells:
        signs = np.sign(seen[:, :, cell])
        point = ((signs[:, :n] * signs[:, n:]).sum(axis=0) < 0).astype(np.int64)
        if (point @ subspace % 2) @ (1 << np.arange(size)) == cell:
            label = (signs[:, n] * (1 - 2 * (shifts @ point % 2))).sum() < 0
            found[tuple(int(bit) for bit in point)] = int(label)
    return found


def solved(rows: Sequence[tuple[tuple[int, ...], int]], n: int) -> int | None:
    """The word of a parity that labels all these points, by Gaussian elimination; None if there is none, or if they do
    not say which."""
    pivots: dict[int, int] = {}
    for x, y in rows:
        word = sum(bit << at for at, bit in enumerate(x)) | y << n
        for top in sorted(pivots, reverse=True):
            if word >> top & 1:
                word ^= pivots[top]
        if word == 1 << n:
            return None
        if word:
            pivots[(word & ((1 << n) - 1)).bit_length() - 1] = word
    if len(pivots) < n:
        return None
    target = 0
    for top in sorted(pivots):
        rest = pivots[top] & ((1 << top) - 1) & target
        target |= ((pivots[top] >> n ^ rest.bit_count()) & 1) << top
    return target


def parity_of_most(found: dict[tuple[int, ...], int], n: int, random: Random) -> int | None:
    """A parity that labels all but a few of the points, from random parts of them; None if none was found."""
    rows = list(found.items())
    for _ in range(TRIES):
        target = solved(random.sample(rows, min(len(rows), n + 4)), n)
        words = ((sum(bit << at for at, bit in enumerate(x)), y) for x, y in rows)
        if target is not None and 10 * sum((word & target).bit_count() % 2 != y for word, y in words) < len(rows):
            return target
    return None


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was read and learned for each rounding; 1 if a parity was not found, 2 for numbers that do not fit."""
    parser = argparse.ArgumentParser(description="Read a batch fast beyond b rho = 4/3.")
    parser.add_argument("--bits", type=int, default=60)
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--b-rho", type=Fraction, default=Fraction(4))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(argv)
    if not (2 <= given.bits <= 62 and given.bits < given.batch <= 256 and 0 < given.b_rho <= given.batch):
        print("need 2 to 62 bits, more points than bits, at most 256, and 0 < b rho <= b", file=sys.stderr)
        return 2
    precision, random = Precision(given.batch, given.b_rho / given.batch), np.random.default_rng(given.seed)
    x = random.integers(0, 2, (given.batch, given.bits))
    target = random.integers(0, 2, given.bits)
    labels, wrong = x @ target % 2, 0
    queries = REPEATED * (given.bits + 1) * 4 ** given.batch.bit_length()
    least = statistical_error(given.bits, queries, precision.rho / 8)
    print(f"{queries:,} parameters, b rho = {given.b_rho}, one step; SQ with as many queries: error {float(least):.4f}")
    batch = {tuple(map(int, row)): int(label) for row, label in zip(x, labels, strict=True)}
    for name, rounding in ROUNDINGS.items():
        found = read(x, labels, precision, rounding, given.seed)
        right = sum(batch.get(point) == label for point, label in found.items())
        learned = parity_of_most(found, given.bits, Random(given.seed))
        is_right = learned == sum(int(bit) << at for at, bit in enumerate(target))
        wrong += not is_right
        said = f"{right} of {given.batch} points are read rightly, {len(found) - right} others"
        print(f"{name:<8} {said}; the parity {'is found' if is_right else 'is not found'}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
