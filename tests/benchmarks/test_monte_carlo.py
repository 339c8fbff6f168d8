"""Runs in arrays against runs one by one: the same means. (How much faster they are is measured, not tested.)"""

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from verify.obligations.user_file import load_file


@pytest.fixture(scope="module")
def module() -> ModuleType:
    return load_file(Path(__file__).parents[2] / "benchmarks" / "monte_carlo.py")


@pytest.mark.timed
@pytest.mark.slow
def test_both_find_the_same_and_the_ratio_is_that_of_what_was_counted(module: ModuleType) -> None:
    for speed in module.speeds(["theorem 2a", "theorem 2d"], seconds=0.1, runs=1024):
        assert speed.ratio > 0 and speed.found and not speed.apart


@pytest.mark.timed
def test_means_that_are_apart_are_told(module: ModuleType) -> None:
    (speed,) = module.speeds(["theorem 2a, look"], seconds=0.5, runs=512)
    assert set(speed.found) == {"rounds", "simulated"} and not speed.apart
    one, other = speed.found["rounds"]
    moved = {"rounds": (one, replace(other, mean=other.mean + 100))}
    assert replace(speed, found=moved).apart == ["rounds"]
