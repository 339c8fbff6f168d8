"""``querygrad theorem`` goes on with the runs of a file in the form in which they were taken."""

import json
from pathlib import Path

import pytest

from tests.verify.commands.theorem_runs import SMALL, kept, printed
from verify.commands.main import main


def test_runs_that_were_taken_one_by_one_are_gone_on_with_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file from before there were runs in arrays does not say how its runs were taken."""
    path, whole = tmp_path / "old.json", tmp_path / "whole.json"
    monkeypatch.setattr("constructions.theorems.in_arrays.why_not", lambda experiment: "of the test")
    assert "taken one by one, not in arrays: of the test" in printed(capsys, "2a", *SMALL, "--json", str(whole))
    printed(capsys, "2a", *SMALL[:-1], "20", "--json", str(path))
    monkeypatch.undo()
    found = kept(path)
    assert found["state"].pop("form") == "one by one"
    path.write_text(json.dumps(found))
    out = printed(capsys, "2a", "--resume", str(path), "--runs", "60")
    assert "taken one by one, not in arrays: so are the runs in the file" in out
    assert path.read_bytes() == whole.read_bytes()
    path.write_text(json.dumps(found | {"state": found["state"] | {"form": "arrays 0"}}))
    assert main(["theorem", "2a", "--resume", str(path)]) == 2
    assert "need runs taken in the form 'one by one' or 'arrays 1', got arrays 0, at " in capsys.readouterr().err


def test_a_file_without_runs_is_gone_on_with_in_arrays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.json"
    printed(capsys, "2a", *SMALL[:-1], "0", "--json", str(path))
    found = kept(path)
    path.write_text(json.dumps(found | {"state": found["state"] | {"form": "one by one"}}))
    assert "one by one" not in printed(capsys, "2a", "--resume", str(path), "--runs", "9")
    assert kept(path)["state"]["form"] == "arrays 1"
