"""The example that trains Result G's model from mistakes alone."""

from pathlib import Path

import pytest

from verify.obligations.user_file import load_file

SCRIPT = Path(__file__).parents[2] / "examples" / "learned_from_mistakes.py"


@pytest.mark.parametrize("rounding", ["worst", "down"])
def test_a_parity_is_learned_whoever_rounds(rounding: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert load_file(SCRIPT).main(["--batch", "3", "--rho", "1/8", "--window", "2", "--rounding", rounding]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "kappa = 0, U = 4, 10 steps, 10 parameters in each"
    assert ": an update; " in said[1] and said[-1].endswith("0 of 4 points are wrong")


def test_numbers_that_do_not_fit_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert load_file(SCRIPT).main(["--rho", "1/3"]) == 2
    assert capsys.readouterr().err == "need 0 < rho < 4/15, got rho = 1/3\n"
