"""querygrad prove --second: the column, the lines, JSON, exit code 4 for a contradiction, and what is new or drawn."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.verify.other_solver import BY_Z3, executable
from verify.commands import prove_drawn
from verify.commands.main import main
from verify.reports import second
from verify.reports.schemas import schema_named

pytestmark = pytest.mark.usefixtures("no_workers")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own."""
    monkeypatch.setenv("QUERYGRAD_CACHE", str(tmp_path / "cache"))
    return tmp_path


def test_agreement_is_a_column_and_json(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, found = executable(cache, BY_Z3), cache / "found.json"
    assert main(["prove", "lemma10.not", "--second", name, "--json", str(found)]) == 0
    said = capsys.readouterr().out
    assert " second " in said and "settled as by z3, 0 by z3 alone" in said and "0 disagree" in said
    report = json.loads(found.read_text(encoding="utf-8"))
    jsonschema.validate(report, schema_named("prove"))
    opinion = next(row for row in report["results"] if row["id"] == "lemma10.not")["second"]
    assert (opinion["solver"], opinion["version"]) == ("other", "other 7") and opinion["answers"]
    assert report["version"] == 3


def test_a_pipe_and_kept_results_have_the_column_too(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, rows = executable(cache, BY_Z3), []
    for _ in range(2):
        assert main(["prove", "lemma10.not", "sigma.figure", "--second", name, "--jobs", "1", "-q"]) == 0
        said = capsys.readouterr()
        assert said.err == "" and said.out.split()[:6] == ["id", "verdict", "expected", "twin", "prover", "second"]
        rows.append([line.split()[:5] + line.split()[5:7] for line in said.out.splitlines()[1:3]])
    assert rows[0] == rows[1]
    assert "all as expected; 0 kept" not in said.out and " kept from earlier runs" in said.out


def test_without_a_second_solver_there_is_no_column(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "lemma10.not"]) == 0
    assert " second " not in capsys.readouterr().out


def test_a_contradiction_is_exit_code_4(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "lemma10.not", "--second", executable(cache, "print('sat')")]) == 4
    said = capsys.readouterr().out
    assert "DISAGREE lemma10.not" in said and "ERROR lemma10.not: need two solvers that agree" in said


def test_what_the_other_does_not_know_is_said_and_changes_nothing(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prove", "lemma10.not", "--second", executable(cache, "print('unknown')")]) == 0
    said = capsys.readouterr().out
    assert "ONLY z3 lemma10.not, claim, 'the bit is right': unsat" in said and "PROVED" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--second", "no-such-solver"], "need an installed solver"),
        (["--drawn", "3"], "need --second beside --drawn, got none"),
        (["--second", "cvc5", "--second-seconds", "0"], "need arguments as in"),
    ],
)
def test_what_cannot_be_is_refused(
    cache: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(["prove", "lemma10.not", *options]) == 2
    assert message in capsys.readouterr().err


def test_drawn_asks_a_sample_of_the_record_and_all_that_is_new(
    cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, found, record = executable(cache, BY_Z3), cache / "found.json", cache / "record.txt"
    assert main(["prove", "lemma10.not", "--second", name, "--json", str(found)]) == 0
    record.write_text("\n".join(second.record_of(second.opinions_in(found))) + "\n", encoding="utf-8")
    monkeypatch.setattr(prove_drawn, "recorded", lambda: second.recorded(record))
    capsys.readouterr()
    assert main(["prove", "lemma10.not", "--second", name, "--drawn", "3"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("0 obligations ask what") and "\n3 of the " in said and "3 settled as by z3" in said
    assert main(["prove", "lemma10.or.hard-tanh", "--second", name, "--drawn", "3"]) == 0
    assert "1 obligations ask what" in capsys.readouterr().out
    assert main(["prove", "lemma10.not", "--second", executable(cache, "print('sat')"), "--drawn", "100"]) == 4
    assert "DISAGREE lemma10.not" in capsys.readouterr().out
