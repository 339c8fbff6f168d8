"""querygrad margins: a gadget, a claim or a user's file in; intervals, JSON and a picture out."""

import json
from pathlib import Path

import pytest

from verify.commands.main import main

MINE = '''
from constructions.foundations.activation import HARD_TANH
from constructions.foundations.network import Fragment
from verify.obligations.obligation import obligation

gate = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 3}, sigma=HARD_TANH)


@obligation("gate.sign", paper="mine", of=lambda case: gate, twin=lambda case: gate.with_weight("x", "y", "1/2"))
def sign(graph, case):
    """On values of size at least 1 the vertex returns the sign."""
    x = case.real("x")
    case.assume(x >= 1)
    case.show("the sign", case.run(graph, {"x": x}, label="gate").out["y"] == 1)


@obligation("gate.square", paper="mine", of=lambda case: gate, twin=lambda case: gate.with_weight("x", "y", 5))
def square(graph, case):
    """The square of the weight is below 10."""
    case.show("below 10", graph.weight("x", "y") * graph.weight("x", "y") < 10 + 0 * case.real("z"))
'''


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A user's file with two claims."""
    path = tmp_path / "mine.py"
    path.write_text(MINE, encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_gadget_gives_intervals_json_and_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, picture = tmp_path / "and.json", tmp_path / "and.dot"
    assert main(["margins", "and", "--json", str(found), "-o", str(picture)]) == 0
    said = capsys.readouterr().out
    assert "(3/2, 5/2)" in said and "(-6, -3)" in said and f"wrote {picture}" in said
    report = json.loads(found.read_text(encoding="utf-8"))
    assert report["version"] == 1 and len(report["margins"]) == 3
    high = next(row for row in report["margins"] if row["name"] == "x1 -> gate")["high"]
    assert (high["value"], high["closed"], high["at"]) == ("5/2", False, "REFUTED") and high["counterexample"]
    drawn = picture.read_text(encoding="utf-8")
    assert "2 in (3/2, 5/2)" in drawn and "-4 in (-6, -3)" in drawn


def test_a_claim_of_a_users_file(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["margins", str(mine), "gate.sign"]) == 0
    said = capsys.readouterr().out
    assert "[1, oo)" in said and "PROVED, then REFUTED" in said and "gate.square" not in said


@pytest.mark.slow
def test_an_end_that_is_no_rational_is_enclosed_or_a_root(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["margins", str(mine), "gate.square", "--json", "-"])
    margin = json.loads(capsys.readouterr().out)["margins"][0]
    assert margin["high"]["kind"] in ("root", "enclosed") and code == (3 if margin["high"]["kind"] == "enclosed" else 0)


def test_claims_together_have_the_nearest_ends(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["margins", str(mine)])
    said = capsys.readouterr().out
    together = said[said.index("All claims together:") :]
    assert "[1, " in together and "gate.sign" in together and "gate.square" in together


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.like.it"], "need an id"),
        (["and", "gate.sign"], "need a Python file before the id of one of its claims, got 'and'"),
        (["and", "--at", "rho"], "need a variable and its value, as in rho=1/16, got 'rho'"),
        (["and", "--at", "rho=0.5"], "need a rational written p/q, got '0.5'"),
        (["and", "--at", "rho=1/2"], "need a variable of the claim to hold, got 'rho'"),
        (["and", "--only", "y -> z"], "need a claim with a number called 'y -> z' that can move"),
        (["lemma10.drive"], "need a claim that z3 proves"),
        (["and", "-o", "and.txt"], "need a file that ends in"),
    ],
)
def test_what_cannot_be_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["margins", *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err and err.count("\n") == 1
