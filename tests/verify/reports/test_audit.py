"""What the verdicts of a report take for granted, and what of it is new since another."""

import json
from pathlib import Path
from typing import Any

import pytest

from verify.commands.main import main

OLD: dict[str, dict[str, Any]] = {
    "a.kept": {"given": ["markov"], "unseen": ["low"]},
    "a.more": {"given": ["markov"]},
    "a.open": {"verdict": "UNKNOWN", "given": ["hoeffding"], "unseen": ["low"]},
    "a|`b": {"verdict": "CHECKED", "unseen": ["x|<y>", "low"]},
}
NEW = OLD | {"a.more": {"given": ["markov", "hoeffding"], "unseen": ["high"]}}


@pytest.fixture(autouse=True)
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two reports, in the folder in which commands are run."""
    monkeypatch.chdir(tmp_path)
    for name, rows in (("old.json", OLD), ("new.json", NEW)):
        Path(name).write_text(json.dumps({"version": 3, "results": [row(id, **rest) for id, rest in rows.items()]}))


def row(id: str, **rest: Any) -> dict[str, Any]:
    """A row of a report."""
    return {"id": id, "verdict": "PROVED", "as_expected": True, **rest}


def test_principles_and_facts_of_claims_that_hold_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "new.json"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 of 3 claims that hold rest on principles:",
        "  markov (2): a.kept, a.more",
        "  hoeffding (1): a.more",
        "4 facts, of 3 of 3 claims that hold, were never seen to fail:",
        "  a.kept: low",
        "  a.more: high",
        "  a|`b: x|<y>, low",
    ]


def test_what_is_new_is_named_and_has_an_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "new.json", "--compare", "old.json"]) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "new: a.more rests on hoeffding",
        "new: a.more has a fact that was never seen to fail, high",
    ]
    for before, after in (("new.json", "old.json"), ("new.json", "new.json")):
        assert main(["audit", after, "--compare", before]) == 0
        assert capsys.readouterr().out.endswith("\nnothing more is taken for granted than before\n")


def test_a_page_has_tables_without_markup_of_users() -> None:
    assert main(["audit", "new.json", "--compare", "old.json", "--markdown", "page.md"]) == 1
    lines = Path("page.md").read_text(encoding="utf-8").splitlines()
    assert "| markov | `a.kept`, `a.more` |" in lines and "| principle | `a.more` | hoeffding |" in lines
    assert "| `a/'b` | x\\|&lt;y&gt;, low |" in lines and lines.count("|---|---|") == 2
    assert main(["audit", "old.json", "--markdown", "page.md"]) == 0
    assert "New since" not in Path("page.md").read_text(encoding="utf-8")


def test_a_file_that_is_no_report_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("odd.json").write_text("{}")
    for arguments in (["odd.json"], ["new.json", "--compare", "odd.json"], ["none.json"]):
        assert main(["audit", *arguments]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert main(["audit", "new.json", "--markdown", "no/page.md"]) == 2
