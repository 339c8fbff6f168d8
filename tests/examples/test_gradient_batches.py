"""The game against gradient descent happens on large batches too, and not on small ones."""

from pathlib import Path

import pytest

from verify.commands.main import main
from verify.obligations.user_file import load_file

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_game_is_a_run_on_large_batches_and_not_on_single_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    game, script = tmp_path / "game.json", load_file(EXAMPLES / "gradient_batches.py")
    assert main(["lowerbound", f"{EXAMPLES}/gradient_queries.py", "--bits", "5", "--tau", "1/64", "-o", str(game)]) == 0
    assert script.main([str(game), "--batch", "20000"]) == 0
    assert "a run of bSGD" in capsys.readouterr().out
    assert script.main([str(game), "--batch", "1"]) == 1
    assert "not a run of bSGD" in capsys.readouterr().out
