"""querygrad mistakes: a run of Result G with its budget, and what is refused."""

import pytest

from verify.commands.main import main


def learned(capsys: pytest.CaptureFixture[str], words: str) -> tuple[int, str, str]:
    code = main(["mistakes", *words.split(), "-q"])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("rounding", ["worst", "up"])
def test_the_budget_is_proved_and_the_run_ends_at_the_target(rounding: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = learned(capsys, f"--rounding {rounding}")
    assert (code, err) == (0, "")
    assert "kappa = 0, U = 4 and Q = 162: (U + 1) Q = 810 steps with 98 parameters each" in out
    assert "at most 1/4 + 1/10 of the labels are wrong, whoever rounds (strip.mistakes.learns)" in out
    assert "1 (proved: fewer than U = 4)" in out and "0 of the labels are wrong, those of the target 0" in out


def test_of_shorter_windows_nothing_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = learned(capsys, "--batch 12 --rho 1/12 --window 4 --target 1")
    assert code == 0 and "kappa = 1" in out
    assert "nothing of this run: its windows have 4 steps, fewer than Q = 108900" in out


def test_the_run_ends_with_its_first_window_without_an_update(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = learned(capsys, "--bits 1 --target 0 --window 1 --rounding random --seed 3")
    updates = next(line for line in out.splitlines() if line.startswith("updates")).split()[1]
    assert code == 0 and f"{int(updates) + 1} of " in out


@pytest.mark.parametrize(
    "words, need",
    [
        ("--rho 4/15 --batch 1", "need 0 < rho < 4/15"),
        ("--batch 3 --rho 1/4", "need b >= 5 kappa, got b = 3 and kappa = 1"),
        ("--error 0", "need 0 < error < 1"),
        ("--target 4", "need a target below 2^n = 4, got 4, at --target"),
        ("--batch 5 --rho 1/6", "need --window for runs of more than 20000 steps, got a budget of 239580"),
    ],
)
def test_what_does_not_fit_is_refused(words: str, need: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = learned(capsys, words)
    assert (code, out) == (2, "") and need in err
