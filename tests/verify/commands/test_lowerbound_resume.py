"""querygrad lowerbound: a game that is interrupted is kept, and goes on to the very same transcript."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from verify.commands import lowerbound
from verify.commands.main import main

MINE = """
from fractions import Fraction
from pathlib import Path
from constructions.learning.models import SQ, QueryMethod

def after(state, answers):
    if len(state) == 4 and Path("stop").exists():
        raise KeyboardInterrupt
    return (*state, answers[0])

def method(k=7):
    return QueryMethod(
        n=3, budget=SQ(k=k, tau=Fraction(1, 3), r=5), start=lambda bits: (Fraction(sum(bits), 8),),
        query=lambda state: lambda x, y: (state[-1] * (1 - 2 * (y ^ x[len(state) % 3])),),
        after=after, predictor=lambda state: lambda x: abs(state[-1]))
"""
COMMAND = ["lowerbound", "mine.py", "--seed", "4", "--quiet", "-o"]


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What is kept of a game that was interrupted in its fourth round, in half.json; whole.json is never stopped."""
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(MINE, encoding="utf-8")
    assert main([*COMMAND, "whole.json"]) == 0
    Path("stop").touch()
    assert main([*COMMAND, "half.json"]) == 130
    assert "interrupted after 4 of 7 queries; they are kept in half.json" in capsys.readouterr().err
    Path("stop").unlink()
    return json.loads(Path("half.json").read_text())  # type: ignore[no-any-return]


def test_it_goes_on_to_the_same_transcript(stopped: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert stopped["kind"] == "querygrad unfinished parity game" and len(stopped["queries"]) == 4
    assert main(["referee", "half.json"]) == 2
    assert main([*COMMAND, "half.json", "--resume"]) == 0
    assert Path("half.json").read_bytes() == Path("whole.json").read_bytes()
    assert main(["referee", "half.json"]) == 0
    assert main([*COMMAND, "half.json", "--resume"]) == 0, "a game that is over is as it was"
    assert Path("half.json").read_bytes() == Path("whole.json").read_bytes()
    capsys.readouterr()


def test_without_a_file_it_begins(stopped: dict[str, Any]) -> None:
    assert main([*COMMAND, "new.json", "--resume"]) == 0
    assert Path("new.json").read_bytes() == Path("whole.json").read_bytes()


def test_games_are_kept_now_and_then(stopped: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    kept = list[str]()
    monkeypatch.setattr(lowerbound, "SECONDS_BETWEEN_WRITES", -1.0)
    monkeypatch.setattr(lowerbound, "write_json_text", lambda path, said, **_: kept.append(said["kind"]))
    assert main([*COMMAND, "new.json"]) == 0
    assert kept == ["querygrad unfinished parity game"] * 7 + ["querygrad parity transcript"]


CHANGES: dict[str, Callable[[dict[str, Any], dict[str, Any]], object]] = {  # of the file, and of its second query
    "an answer": lambda said, query: query.update(answer="1/2"),
    "a query": lambda said, query: query.update(zero=[0] * 8, one=[0] * 8),
    "another number of points": lambda said, query: query.update(zero=[0], one=[0]),
    "the seed": lambda said, query: said.update(seed=5),
    "the bits": lambda said, query: said.update(bits=4),
    "the random bits": lambda said, query: said.update(random="00000"),
    "the file": lambda said, query: said.update(sha256="0" * 64),
    "floats": lambda said, query: query.update(zero=[0.5] * 8),
    "no denominator": lambda said, query: query.update(denominator=0),
    "no query": lambda said, query: said.update(queries=[3]),
    "no queries": lambda said, query: said.pop("queries"),
    "an answer that is none": lambda said, query: query.update(answer="1/0"),
}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("an answer", "need the answers of this adversary, got others in round 2"),
        ("a query", "need the queries of this method, got others in round 2"),
        ("another number of points", "need a query at 8 points, got 1"),
        ("the seed", "need a file with this game, got one whose seed is 5 and not 4"),
        ("the bits", "got one whose bits is 4 and not 3"),
        ("the random bits", "got one whose random is 00000"),
        ("the file", "got one whose sha256 is 000"),
        ("floats", "need a game that 'lowerbound' wrote, got ConstructionError: no whole numbers"),
        ("no denominator", "need a game that 'lowerbound' wrote, got ConstructionError: no whole numbers"),
        ("no query", "need a game that 'lowerbound' wrote, got TypeError"),
        ("no queries", "need a game that 'lowerbound' wrote, got KeyError"),
        ("an answer that is none", "need a game that 'lowerbound' wrote, got ZeroDivisionError"),
    ],
)
def test_another_game_is_refused_in_one_line(
    what: str, said: str, stopped: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    CHANGES[what](stopped, stopped["queries"][1])
    Path("half.json").write_text(json.dumps(stopped), encoding="utf-8")
    assert main([*COMMAND, "half.json", "--resume"]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert json.loads(Path("half.json").read_text()) == stopped, "the file is as it was"


@pytest.mark.parametrize("text", [b"", b"{", b"[1]", b"\xff", b"NaN", b"[" * 9999])
def test_what_is_no_game_is_refused_in_one_line(
    text: bytes, stopped: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("half.json").write_bytes(text)
    assert main([*COMMAND, "half.json", "--resume"]) == 2
    error = capsys.readouterr().err
    assert "need a game that 'lowerbound' wrote" in error and error.count("\n") == 1


def test_a_file_is_needed_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lowerbound", "literal", "--resume"]) == 2
    assert "need -o FILE with --resume" in capsys.readouterr().err
