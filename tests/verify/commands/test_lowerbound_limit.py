"""querygrad lowerbound ends a call of a user's function that does not return, says where it was, and keeps the game."""

import json
from pathlib import Path

import pytest

from verify.commands.main import main

MINE = """
import os
from fractions import Fraction
from itertools import count
from pathlib import Path
from time import sleep
from constructions.learning.models import SQ, QueryMethod

def hang():
    if not Path("stop").exists():
        return
    HANGS

def method(k=3, where="WHERE"):
    def here(name, state=(0, 0)):
        if name == where and len(state) == 2:
            hang()
    def asked(state):
        return lambda x, y: (here("query", state), (y,))[1]
    def after(state, answers):
        here("after", state)
        return (*state, answers[0])
    here("build")
    return QueryMethod(
        n=2, budget=SQ(k=k, tau=Fraction(1, 8)), start=lambda bits: (here("start"), ())[1],
        query=lambda state: (here("ask", state), asked(state))[1], after=after,
        predictor=lambda state: lambda x: (here("predict"), 0)[1])
"""
LOOP, IN_C = "while True: pass", "sum(count())"
STUBBORN = "exec('while True:\\n try: sleep(9)\\n except BaseException: pass')"


def played(where: str, hangs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of a game of three queries in which a function hangs, at the third query if it asks one."""
    monkeypatch.chdir(tmp_path)
    Path("stop").touch()
    Path("mine.py").write_text(MINE.replace("HANGS", hangs).replace("WHERE", where), encoding="utf-8")
    return main(["lowerbound", "mine.py", "--quiet", "--seconds", "1", "-o", "game.json"])


@pytest.mark.parametrize(
    ("where", "hangs", "asked"),
    [
        ("after", "sleep(99)", 3),
        pytest.param("build", LOOP, None, marks=pytest.mark.slow),
        pytest.param("start", LOOP, 0, marks=pytest.mark.slow),
        pytest.param("ask", IN_C, 2, marks=pytest.mark.slow),
        pytest.param("query", LOOP, 2, marks=pytest.mark.slow),
        pytest.param("query", STUBBORN, 2, marks=pytest.mark.slow),
        pytest.param("predict", IN_C, 3, marks=pytest.mark.slow),
    ],
)
def test_a_call_without_an_end_is_ended_and_the_game_is_kept(
    where: str,
    hangs: str,
    asked: int | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert played(where, hangs, tmp_path, monkeypatch) == 2
    error = capsys.readouterr().err
    assert "need a function that ends within 1 s (--seconds), got one that still runs, at mine.py:12" in error
    assert error.count("\n") == 1
    if not asked:
        said = "before the game began" if asked is None else "after 0 of 3 queries"
        assert f"ended {said}; nothing is written" in error and not Path("game.json").exists()
        return
    assert f"ended after {asked} of 3 queries; they are kept in game.json" in error
    assert len(json.loads(Path("game.json").read_text())["queries"]) == asked
    Path("stop").unlink()
    assert main(["lowerbound", "mine.py", "--quiet", "-o", "game.json", "--resume"]) == 0
    assert main(["referee", "game.json"]) == 0


def test_a_file_that_never_ends_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text("from time import sleep\nsleep(99)\n", encoding="utf-8")
    assert main(["lowerbound", "mine.py", "--seconds", "1"]) == 2
    error = capsys.readouterr().err
    assert "got one that still runs, at mine.py:2; ended before the game began" in error and error.count("\n") == 1


def test_a_method_that_ends_its_process_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert played("after", "os._exit(7)", tmp_path, monkeypatch) == 2
    error = capsys.readouterr().err
    assert error == "need a method whose functions return, got the end of its process (exit code 7), at mine.py\n"
