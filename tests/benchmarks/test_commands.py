"""The comparison of two states of the project, command by command."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from verify.commands.main import COMMANDS
from verify.obligations.user_file import load_file

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def module() -> ModuleType:
    return load_file(ROOT / "benchmarks" / "commands.py")


def test_every_command_that_answers_in_seconds_has_a_job(module: ModuleType) -> None:
    assert {job.split()[0] for job in module.JOBS} == {"help", *COMMANDS} - {
        "audit",
        "diff",
        "doctor",
        "judge",
        "margins",
        "mutate",
        "plot",
        "referee",
        "report",
        "trace",
    }


def test_a_job_costs_time_or_fails(module: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = module.State(ROOT, tmp_path)
    assert 0 < state.run("--version") < 60
    assert state.run("no-such-command") is None
    assert "exit code 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [(["/nowhere"], "need the root of a checkout"), ([".", "no-such-job"], "need some of help, certify")],
)
def test_bad_input_is_refused(
    module: ModuleType,
    words: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["commands.py", *words])
    with pytest.raises(SystemExit, match="2"):
        module.main()
    assert message in capsys.readouterr().err
