"""What `querygrad doctor` says: versions, cores, folders, guards; and what it says when something is wrong."""

from importlib import metadata

import pytest

from verify.commands.main import main
from verify.discharge.one import discharge
from verify.obligations.obligation import Obligation
from verify.reports import health
from verify.reports.exit_codes import EXPECTED, INTERNAL, WRONG
from verify.reports.health import Observation, findings, library

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.mark.slow
def test_a_healthy_machine_has_no_bad_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == EXPECTED
    said = capsys.readouterr().out
    assert all(line.startswith("ok ") for line in said.splitlines())
    for name in ("python", "querygrad", "cores", "kept results", "machine code", "provers", "exact numbers"):
        assert f"\nok {name} " in f"\n{said}"


def test_a_guard_that_fails_is_4_and_an_old_library_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(health, "findings", lambda: [library("click", "999", needed=True)])
    assert main(["doctor"]) == WRONG and "!! click" in capsys.readouterr().out
    monkeypatch.setattr(health, "findings", lambda: [Observation("provers", "lost", bad=True, guard=True)])
    assert main(["doctor"]) == INTERNAL


def test_guards_notice_what_they_are_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_versions", lambda: iter(()))
    monkeypatch.setattr(health, "GUARDS", {"exact numbers": health.GUARDS["exact numbers"]})
    assert not any(each.bad for each in findings())
    square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    monkeypatch.setattr(health, "discharge", lambda odd: discharge(square))
    [bad] = [each for each in findings() if each.bad]
    assert bad.said == "AssertionError: need a refusal, got PROVED" and bad.guard and bad.mark == "!!"


def is_no_less(least: int, case: object) -> None:
    """A square is at least 0."""
    case.show("square", case.real("x") ** 2 >= least)  # type: ignore[attr-defined]


def test_a_library_may_be_of_a_local_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda name: "2.13.0+cpu")
    assert not library("torch", "2.2", needed=False).bad and library("torch", "2.13.1", needed=False).bad
