"""querygrad judge: exit codes, one line for what is bad, the reviewer's file and solver, and that it runs alone."""

import json
import os
import re
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import verify.judge.__main__ as module
from verify.attacks.proof_bases import honest
from verify.commands.main import main
from verify.judge.reading import MalformedError
from verify.judge.solver import Solver
from verify.judge.theorems import ProofFile
from verify.judge.wanted import Wanted


def files(folder: Path, wanted: dict[str, Any] | None = None, proofs: str | None = None) -> list[str]:
    """The two files on disk."""
    (folder / "mine.json").write_text(json.dumps(wanted or honest()[1]), encoding="utf-8")
    (folder / "proofs.json").write_text(proofs or honest()[0], encoding="utf-8")
    return [str(folder / "mine.json"), str(folder / "proofs.json")]


def wanting(*ids: str, **more: Any) -> dict[str, Any]:
    """The honest file of statements with some of them."""
    found = deepcopy(honest()[1])
    return found | {"statements": [each for each in found["statements"] if each["id"] in ids]} | more


def test_all_is_re_established_and_what_is_trusted_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", *files(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "re-established  shift.less: PROVED\n" in out
    assert "re-established  squares.few: CHECKED, for the stated finite cases of squares.few only\n" in out
    assert "re-established  tail.thin: PROVED, if what the principles say is true: markov\n" in out
    assert "trusted:" in out and "are true: markov." in out and "that each formula says what its claim" in out
    assert "The solver is Z3 version" in out
    assert re.search(
        r"^Of \d+ statements, \d+ are re-established, 0 are refused and 0 are left open\.$", out, flags=re.M
    )


def test_one_that_is_refused_is_1_and_the_others_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = wanting("shift.less", "square.sum")
    wanted["statements"][0] |= {"key": "0" * 64}
    assert main(["judge", *files(tmp_path, wanted)]) == 1
    out = capsys.readouterr().out
    assert "refused         shift.less: need the statement 0000000000000000, got " in out
    assert "re-established  square.sum: PROVED" in out


def test_a_statement_as_text_is_the_same_statement(tmp_path: Path) -> None:
    text = ProofFile(honest()[0].encode()).theorems["square.sum"].statement.text
    for given in (text, text.split("\n")):
        wanted = wanting() | {"statements": [{"id": "square.sum", "text": given}]}
        assert module.main(files(tmp_path, wanted)) == 0


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (wanting("squares.few") | {"statements": [{"id": "squares.few", "key": "few"}]}, "need PROVED, got CHECKED"),
        (wanting() | {"statements": [{"id": "nobody", "key": "0" * 64}]}, "need the theorem 'nobody', got none"),
    ],
)
def test_what_is_open_is_3(
    wanted: dict[str, Any], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for each in wanted["statements"]:
        if each["key"] == "few":
            each["key"] = next(e["key"] for e in honest()[1]["statements"] if e["id"] == each["id"])
    assert module.main(files(tmp_path, wanted)) == 3
    assert f"open            {wanted['statements'][0]['id']}: {said}" in capsys.readouterr().out


def test_a_table_without_formulas_is_taken_only_with_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(honest()[0])
    few = next(each for each in found["theorems"] if each["id"] == "squares.few")
    for row in few["proof"]["rows"]:
        row["said"] = [[True, True], [row["values"]["k"] != "0", ["4", "4"]]]
    assert module.main(files(tmp_path, wanting("squares.few"), json.dumps(found))) == 3
    assert "need tables that can be evaluated again, or leave to take them" in capsys.readouterr().out
    assert module.main(files(tmp_path, wanting("squares.few", tables=True), json.dumps(found))) == 0
    assert "which have no formulas, are right: squares.few." in capsys.readouterr().out
    few["proof"]["rows"][1]["said"][1][1] = ["4", "5"]
    assert module.main(files(tmp_path, wanting("squares.few", tables=True), json.dumps(found))) == 1
    assert "need the fact 'positive' to hold, got false" in capsys.readouterr().out


def test_bad_files_are_2_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = files(tmp_path)
    for bad in ([paths[0], "none"], [paths[0], str(tmp_path)], [paths[1], paths[0]], [*paths, "--solver", "no-such"]):
        assert main(["judge", *bad]) == 2
        err = capsys.readouterr().err
        assert err.startswith("need ") and err.count("\n") == 1
    assert main(["judge", paths[0]]) == 2
    assert main(["judge", "--read", *paths]) == 2
    with pytest.raises(SystemExit):
        module.main([paths[0]])


def test_an_error_inside_is_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "judged", lambda *rest: 1 // 0)
    assert module.main(files(tmp_path)) == 4
    assert "an error of the checker: ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("script", "code"),
    [("echo unsat", 0), ("echo sat", 1), ("echo unknown", 3), ("exit 1", 3), ("echo unsatisfied", 3)],
)
def test_the_reviewers_solver_is_asked(
    script: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = files(tmp_path, wanting("shift.less"))
    assert module.main([*paths, "--solver", f"sh -c '{script}'"]) == code
    assert "with at most 60 s for each." in capsys.readouterr().out


def test_solvers_are_asked_in_turn_what_those_before_do_not_know(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = files(tmp_path, wanting("shift.less"))
    turns = {("unknown", "unsat"): 0, ("sat", "unsat"): 1, ("unknown", "unknown"): 3, ("unknown", "sat"): 1}
    for answers, code in turns.items():
        options = [word for answer in answers for word in ("--solver", f"sh -c 'echo {answer}'")]
        assert main(["judge", *paths, *options]) == code
        assert "; then " in capsys.readouterr().out


def test_a_solver_that_does_not_come_back_is_ended() -> None:
    solver = Solver(("sh", "-c", "sleep 60"), "slow", -4)
    assert solver.ask("(check-sat)") == "unknown"


def test_the_package_cvc5_is_asked_by_a_program_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("cvc5")
    assert module.main([*files(tmp_path, wanting("shift.less", "run.blocks")), "--solver", "cvc5"]) == 0
    assert "The solver is cvc5 " in capsys.readouterr().out


def test_what_the_theorems_say_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = files(tmp_path, wanting("square.sum"))
    assert main(["judge", "--read", paths[1]]) == 0
    key = wanting("square.sum")["statements"][0]["key"]
    out = capsys.readouterr().out
    assert f"square.sum  {key}\n    for all real x, real y:\n" in out and "function" in out
    assert main(["judge", "--say", *paths]) == 0
    assert "quotient: not (x - y != 0) or (x * x - y * y) / (x - y) == x + y" in capsys.readouterr().out


def test_it_runs_alone_with_nothing_else_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "verify").mkdir()
    here = Path(module.__file__).parent
    shutil.copytree(here, tmp_path / "verify" / "judge", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-I", "-S", "-c", "import runpy, sys; sys.path.insert(0, '.'); sys.argv[0] = 'judge'; "]
    command[-1] += "runpy.run_module('verify.judge', run_name='__main__')"
    solver = shutil.which("z3") or str(Path(sys.executable).with_name("z3"))
    done = subprocess.run(
        [*command, *files(tmp_path), "--solver", solver],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "re-established  shift.twice" in done.stdout, done.stderr


BAD: tuple[dict[str, Any], ...] = (
    {"kind": "something"},
    {"format": 2},
    {"more": 1},
    {"statements": []},
    {"statements": [{"id": "a"}]},
    {"statements": [{"id": "a", "key": "0" * 64, "text": "b"}]},
    {"statements": [{"id": "a", "key": "00"}]},
    {"statements": [{"id": "a", "key": "0" * 64, "least": "UNKNOWN"}]},
    {"principles": [1]},
    {"principles": [{"name": "markov"}]},
    {"tables": 1},
)


@pytest.mark.parametrize("change", BAD)
def test_a_file_of_statements_that_is_none_is_malformed(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        Wanted(json.dumps(honest()[1] | change).encode())


def test_a_principle_of_the_reviewers_own_is_permitted_by_its_key(tmp_path: Path) -> None:
    key = ProofFile(honest()[0].encode()).theorems["principle markov"].key
    own = [{"name": "markov", "key": key}]
    assert module.main(files(tmp_path, wanting("tail.thin", principles=own))) == 0
    own[0]["key"] = "0" * 64
    assert module.main(files(tmp_path, wanting("tail.thin", principles=own))) == 1
