"""Parities by gradient descent: the script shows both sides, and says which lines are proved only."""

from pathlib import Path

import pytest

from verify.obligations.catalogue import paper_obligations
from verify.obligations.user_file import load_file

SCRIPT = Path(__file__).parents[2] / "examples" / "parity_by_descent.py"


def test_it_fails_with_large_batches_and_succeeds_with_small_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert load_file(SCRIPT).main(["--bits", "3", "--batch", "40000"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("the adversary names parity 111 ")
    runs, proved = [row for row in lines if " run " in row], [row for row in lines if "proved only" in row]
    assert [row.split()[0] for row in runs] == ["40000", "1", "4"] and len(proved) == 2
    assert "a run of bSGD, loss 1/8" in runs[0] and "no run of bSGD" in runs[1] and "ends with loss 0" in runs[2]
    for id in ("theorem1c.simulates", "lowerbound.randomized", "theorem1a.model", "corollary2.samples"):
        assert any(id in row for row in proved) and id in paper_obligations()


def test_with_small_batches_the_game_is_no_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert load_file(SCRIPT).main(["--bits", "3", "--batch", "2"]) == 1
    assert "a run of bSGD, loss" not in capsys.readouterr().out
    assert load_file(SCRIPT).main(["--bits", "99"]) == 2
    assert capsys.readouterr().err == "need from 3 to 10 bits and a batch of at least 1\n"
