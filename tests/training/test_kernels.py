"""Compiled code against plain arithmetic, and no access outside an array."""

import os
import subprocess
import sys
from fractions import Fraction
from itertools import product
from math import gcd as divisor
from pathlib import Path

import numpy as np
import pytest

from constructions.networks.trainable import NONE
from constructions.training.formulas import (
    above_and_cell,
    greatest_sum,
    image,
    least_sum,
    lower_is_valid,
    size_of_sums,
    upper_is_valid,
)
from constructions.training.kernels import (
    EITHER,
    LOWER,
    UPPER,
    GraphArrays,
    gcd,
    nothing_known,
    room_for_roundings,
    roundings,
)

ROOT = Path(__file__).parents[2]


def test_the_divisor_is_python_s() -> None:
    assert all(gcd(a, b) == divisor(a, b) for a, b in product(range(-20, 21), repeat=2))
    assert gcd(0, 0) == 0 and gcd(1 << 60, 3 << 58) == 1 << 58


def rounded(total: int, full: int, batch: int, rho: Fraction, scaled: bool) -> tuple[int, int] | None:
    """What the kernel says of one edge, from the constant, whose entries are over ``full``: the multiple below, and
    which are valid."""
    found, one, line = (
        room_for_roundings(1),
        np.ones(1, np.int64),
        (1, NONE, 1, np.ones(1, np.int64), np.zeros(1, np.int64)),
    )
    net = GraphArrays(np.array([0, 0, 1]), np.array([0]), one, 1, 1, 1, line, line)
    sums = np.array([total]) if scaled else np.array([total / full])
    parts = (rho.numerator, rho.denominator)
    known = nothing_known(2, 1)
    known.under_adjoint[1] = full
    count = roundings(net, np.array([True]), sums, batch, parts, known, scaled, found)
    return (int(found.below[0]), int(found.which[0])) if count else None


@pytest.mark.parametrize("rho", [Fraction(1, 4), Fraction(1, 10), Fraction(2, 7), Fraction(1)], ids=str)
@pytest.mark.parametrize("scaled", [True, False])
def test_the_multiples_beside_a_sum_are_the_valid_ones(rho: Fraction, scaled: bool) -> None:
    for total, full, batch in product(range(-40, 41), (1, 8, 16) if not scaled else (1, 6, 8), (1, 3, 5)):
        value = Fraction(total, full) / batch
        found = rounded(total, full, batch, rho, scaled)
        if total == 0:
            assert found is None
            continue
        assert found is not None
        below, which = found
        valid = {j for j in range(below - 3, below + 5) if abs(j * rho - value) <= 3 * rho / 4}
        assert valid == {LOWER: {below}, UPPER: {below + 1}, EITHER: {below, below + 1}}[which]


def test_formulas_by_hand() -> None:
    assert above_and_cell(5, 1, 2, 1, 8) == (40, 2)
    assert size_of_sums(1.5, 2.0, 3.0) == 7.5
    assert (least_sum(1, 0, -2, -1, 3), greatest_sum(1, 3, 0, -1, 3)) == (-5, 10)
    assert image(-1, 3, 2, 4) == 5
    assert [(bool(lower_is_valid(rest, 8)), bool(upper_is_valid(rest, 8))) for rest in (0, 1, 2, 6, 7)] == [
        (True, False),
        (True, False),
        (True, True),
        (True, True),
        (False, True),
    ]


@pytest.mark.slow
def test_no_kernel_leaves_its_arrays(tmp_path: Path) -> None:
    """The tests of the engine once more, with every index checked."""
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    chosen = "(skeleton_is and random and (dyadic or minimal)) or equal_samples or (progression and random)"
    files = [f"tests/training/test_{name}.py" for name in ("engine", "exactness")]
    arguments = ["-m", "pytest", "-o", "addopts=", "--import-mode=importlib", "-m", "not slow", *files, "-k", chosen]
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "passed" in done.stdout, done.stdout[-2000:]
