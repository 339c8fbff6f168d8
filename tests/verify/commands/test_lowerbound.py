"""querygrad lowerbound and querygrad referee: a method in, a transcript out, and what it says is true."""

import json
from pathlib import Path

import pytest

from constructions.learning.lower_bound import ANSWERINGS
from verify.commands.lowerbound import ANSWERS
from verify.commands.main import main

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize(
    "method",
    [
        "literal --bits 6",
        "correlations --bits 6 --answers uniform",
        f"{EXAMPLES}/own_sq_method.py --bits 6",
        f"{EXAMPLES}/random_queries.py:method --bits 6 --queries 5 --seed 2",
        f"{EXAMPLES}/against_the_adversary.py --bits 8 --tau 0.06 --queries 1",
        f"{EXAMPLES}/against_the_adversary.py --bits 8 --tau 0.06 --queries 1 --answers uniform",
    ],
)
def test_a_game_is_played_and_its_transcript_is_true(
    method: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "game.json"
    assert main(["lowerbound", *method.split(), "-o", str(file)]) == 0
    said = capsys.readouterr().out
    assert f"wrote {file}" in said and "parities agree with all answers" in said
    assert main(["referee", str(file)]) == 0
    assert capsys.readouterr().out.startswith("TRUE:")


def test_json_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lowerbound", "literal", "--bits", "5", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["bits"] == 5 and len(found["queries"]) == 12 and found["left"] == 26


def test_the_same_seed_gives_the_same_transcript(tmp_path: Path) -> None:
    command = ["lowerbound", f"{EXAMPLES}/random_queries.py", "--bits", "5", "--queries", "3", "--seed", "7", "-o"]
    for name in "ab":
        assert main([*command, str(tmp_path / name)]) == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


MINE = """
from fractions import Fraction
from constructions.learning.models import SQ, QueryMethod

def build(n, fails="query"):
    def step(name, value):
        if name == fails:
            return 1 / 0
        return value
    return QueryMethod(
        n=n, budget=SQ(k=1, tau=Fraction(1, 8)), start=lambda bits: (),
        query=lambda state: lambda x, y: (step("query", y),),
        after=lambda state, answers: step("after", state),
        predictor=lambda state: lambda x: step("predictor", 0))

method = build(3, "")
def late(n): return build(n, "predictor")
def wrong(n): return 5
def fails(): return 1 / 0
number = 3
"""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("parity", "need a learner that asks queries, got one that draws samples, at 'parity'"),
        ("litral", "(close: literal"),
        ("literal --queries 3", "need no --queries for a built-in learner, got 3"),
        ("literal --bits 0", "need at least one bit for a learner by queries, got 0, at 'literal'"),
        ("literal --bits 17", "17"),
        ("mine.py:build", "ZeroDivisionError: division by zero, at mine.py:8"),
        ("mine.py:late", "need a function that predicts, got ZeroDivisionError"),
        ("mine.py:wrong", "need a QueryMethod, got a int, at mine.py:wrong"),
        ("mine.py:number", "need a QueryMethod, got a int, at mine.py:number"),
        ("mine.py:fails", "need a function that builds a method from nothing, got ZeroDivisionError"),
        ("mine.py:build --queries 3", "need a function that takes k for this option, got build(n, fails), at mine.py"),
        ("mine.py --bits 4", "need a method with n=4, got 3, at mine.py:method"),
        ("mine.py --tau 1/4", "need a method with tau=1/4, got 1/8"),
        ("mine.py:none", "need a name defined in the file, got 'none'"),
        ("none.py", "need a Python file, got nothing"),
        ("literal -o none/game.json", "need a file in an existing folder"),
    ],
)
def test_bad_input_is_one_clear_line(
    arguments: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(MINE, encoding="utf-8")
    assert main(["lowerbound", *arguments.split()]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


def test_an_interrupt_says_what_is_true_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = MINE.replace("return 1 / 0\n        return value", "raise KeyboardInterrupt\n        return value")
    Path("mine.py").write_text(text, encoding="utf-8")
    assert main(["lowerbound", "mine.py:late", "-o", "game.json"]) == 130
    assert (
        "1 of 1 queries; they are kept in game.json, from which the same command with --resume"
        in capsys.readouterr().err
    )
    assert main(["lowerbound", "mine.py:late"]) == 130
    assert "interrupted after 1 of 1 queries; nothing is written (-o FILE keeps a game)" in capsys.readouterr().err
    assert main(["referee", "game.json"]) == 2


def test_the_ways_to_answer_are_those_of_the_construction() -> None:
    assert set(ANSWERS) == set(ANSWERINGS)
