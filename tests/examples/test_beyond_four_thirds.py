"""The example that reads nearly all of a batch fast beyond b rho = 4/3."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from verify.obligations.user_file import load_file

SCRIPT = Path(__file__).parents[2] / "examples" / "beyond_four_thirds.py"


@pytest.mark.parametrize("b_rho, others", [("2", 0), ("4", 1)])
def test_a_parity_is_found_whoever_rounds(b_rho: str, others: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert load_file(SCRIPT).main(["--bits", "24", "--batch", "40", "--b-rho", b_rho]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("512,000 parameters, b rho = ")
    assert [line.split()[0] for line in rest] == ["random", "hiding"]
    assert all(line.endswith("; the parity is found") for line in rest)
    assert all(int(line.split()[1]) >= 40 - others for line in rest)


def test_only_valid_multiples_are_valid() -> None:
    script: Any = load_file(SCRIPT)
    precision = script.Precision(8, Fraction(1, 4))  # b rho = 2: the multiple 1 is the sum 2
    sums = np.array([0, 0, 2, 3, 4])
    assert precision.is_valid(np.array([0, 1, 1, 1, 1]), sums).tolist() == [True, False, True, True, False]
    assert precision.nearest(sums).tolist()[::2] == [0, 1, 2]


def test_equations_that_contradict_or_do_not_say_which_have_no_solution() -> None:
    solved = load_file(SCRIPT).solved
    assert solved([((1, 0), 1), ((1, 1), 0)], 2) == 0b11
    assert solved([((1, 0), 1), ((1, 0), 0), ((0, 1), 0)], 2) is None
    assert solved([((1, 1), 1)], 2) is None


def test_numbers_that_do_not_fit_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert load_file(SCRIPT).main(["--bits", "90"]) == 2
    assert capsys.readouterr().err.startswith("need 2 to 62 bits")
