"""What one obligation of a file does wrong is a row with an error; the others are examined, and the gravest counts."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from verify.commands.main import main

Write = Callable[..., Path]
ROOT = Path(__file__).parents[3]
HEAD = "from verify.obligations.obligation import obligation\nfrom verify.obligations.verdict import Verdict\n"
GOOD = '''
@obligation("good.{name}", paper="an example", of=lambda case: 2, twin=lambda case: 3{rest})
def claim(number, case):
    """Twice the integer is the number."""
    n = case.integer("n")
    case.assume(n == 1)
    case.show("even", 2 * n == number)
'''
BAD = """
@obligation({arguments})
def {name}(number, case):
    {body}
"""
WORDS = '"""Twice the integer is the number."""'
FACT = 'case.show("a fact", case.real("x") * 0 + 2 == number)'
SAID = {
    "dice": "need a claim that states the same each time, got two statements that differ, at 'a fact'",
    "count": "need a claim that states the same each time, got two statements that differ, at 'a fact'",
    "raises": "need a claim that can be stated and examined, got 'KeyError: 1'",
    "leaves": "need a claim that can be stated and examined, got 'SystemExit: 0'",
    "dies": "need a claim that can be stated and examined, got the end of its process (exit code 7)",
    "broken.twin": "need a claim that can be stated and examined, got 'ZeroDivisionError: ",
    "no.words": "need a statement in words (the claim's docstring), got none, at obligation no.words",
    "no.twin": "need a broken twin, got none, at obligation no.twin",
    "kind": "need a kind among",
    "expect": "need a verdict to be expected (Verdict.PROVED), got 'PROVED'",
    "field": "need fields of an obligation (id, paper, ",
    "needs": "need a tuple of ids as needs, got 'good.first'",
    "lost": "need the id of an obligation, got 'no.such'",
    "printed": "need obligations that hold, got 'lemma3b.vc.printed', which is to be REFUTED",
    "self": "need obligations that do not rest on themselves, got self -> self",
    "circle.one": "need obligations that do not rest on themselves, got circle.one -> circle.two -> circle.one",
    "circle.two": "need obligations that do not rest on themselves, got circle.two -> circle.one -> circle.two",
    "good.first (2)": "need a new id, got 'good.first' twice",
    "bare": 'need @obligation("an.id", paper=...), got no id',
}


@dataclass(frozen=True)
class Examined:
    """A run over a file: its folder, the file, what was printed, and the rows of the JSON by id."""

    place: Path
    path: Path
    out: str
    rows: dict[str, Any]


def bad(id: str, body: str = FACT, *, words: str = WORDS, twin: str = "twin=lambda case: 3", rest: str = "") -> str:
    """The text of one more claim."""
    arguments = ", ".join(part for part in (f'"{id}"', 'paper="an example"', "of=lambda case: 2", twin, rest) if part)
    return BAD.format(
        arguments=arguments, name=id.replace(".", "_"), body="\n    ".join(part for part in (words, body) if part)
    )


def everything() -> str:
    """A file with three good obligations and all the bad ones."""
    return "".join(
        (
            HEAD,
            "import os, random\ncalls = []\n",
            GOOD.format(name="first", rest=""),
            bad("dice", 'case.show("a fact", case.real("x") * 0 + 2 >= number - random.randint(1, 10 ** 9))'),
            bad("count", 'calls.append(1)\n    case.show("a fact", case.real("x") * 0 + len(calls) >= number - 1)'),
            bad("raises", "{}[1]"),
            bad("leaves", "raise SystemExit(0)"),
            bad("dies", "os._exit(7)"),
            bad("broken.twin", twin="twin=lambda case: 1 / 0"),
            bad("no.words", words=""),
            bad("no.twin", twin=""),
            bad("kind", rest="kind='magic'"),
            bad("expect", rest="expect='PROVED'"),
            bad("field", rest="twn=3"),
            bad("needs", rest="needs='good.first'"),
            bad("lost", rest="needs=('no.such',)"),
            bad("printed", rest="needs=('lemma3b.vc.printed',)"),
            bad("self", rest="needs=('self',)"),
            bad("circle.one", rest="needs=('circle.two',)"),
            bad("circle.two", rest="needs=['circle.one']"),
            GOOD.format(name="above", rest=", needs=('raises', 'good.first')"),
            GOOD.format(name="first", rest=""),
            f"\n@obligation\ndef bare(number, case):\n    {WORDS}\n",
            GOOD.format(name="last", rest=""),
        )
    )


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Examined:
    """The report on the file with everything in it, on the screen and in files."""
    place = tmp_path_factory.mktemp("rows")
    path = place / "file.py"
    path.write_text(everything())
    command = [sys.executable, "-m", "verify", "prove", str(path), "--jobs", "1", "--json", str(place / "run.json")]
    command += ["--junit", str(place / "run.xml"), "--smt", str(place / "smt")]
    environment = os.environ | {"QUERYGRAD_CACHE": str(place / "cache")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "")
    rows = {row["id"]: row for row in json.loads((place / "run.json").read_text())["results"]}
    return Examined(place, path, done.stdout, rows)


@pytest.mark.slow
def test_every_fault_is_a_row_and_the_others_are_examined(examined: Examined) -> None:
    good = {"good.first": "PROVED", "good.above": "UNKNOWN", "good.last": "PROVED"}
    assert {id: row["verdict"] for id, row in examined.rows.items()} == {**dict.fromkeys(SAID, "ERROR"), **good}
    ids = list(examined.rows)
    assert ids[:2] == ["good.first", "dice"] and ids[-4:] == ["good.above", "good.first (2)", "bare", "good.last"]
    last = examined.out.splitlines()[-1]
    assert last.startswith("22 obligations: 2 PROVED, 1 UNKNOWN, 19 ERROR; 20 not as expected;")


@pytest.mark.parametrize(("id", "said"), SAID.items(), ids=list(SAID))
def test_a_fault_says_need_got_and_where_on_one_line(examined: Examined, id: str, said: str) -> None:
    error = examined.rows[id]["error"]
    assert error["kind"] == "bad input" and error["said"].startswith(said) and "\n" not in error["said"]
    assert re.search(rf"{re.escape(str(examined.path))}(:\d+|$)", error["said"])
    assert f"ERROR {id}: {error['said']}\n" in examined.out


def test_what_needs_a_fault_is_unknown_and_says_why(examined: Examined) -> None:
    row = examined.rows["good.above"]
    found = (row["claim"]["verdict"], row["lowered"], row["as_expected"])
    assert found == ("PROVED", {"raises": "UNKNOWN"}, False)
    assert "UNKNOWN good.above: it is PROVED by itself, but it needs raises, which is an ERROR." in examined.out


def test_faults_are_errors_of_junit_and_have_no_queries(examined: Examined) -> None:
    report = ElementTree.parse(examined.place / "run.xml")
    cases = {case.get("name"): [child.tag for child in case] for case in report.iter("testcase")}
    assert cases == {**{id: ["error"] for id in (*SAID, "good.above")}, "good.first": [], "good.last": []}
    queries = sorted(file.name.split("-")[0] for file in (examined.place / "smt").iterdir())
    assert queries == ["good.above", "good.first", "good.last"]


def test_why_nothing_of_the_file_is_kept_is_said(examined: Examined) -> None:
    assert "Some results are not kept for later runs: " in examined.out and "imports os (line 3)" in examined.out


@pytest.mark.usefixtures("no_workers")
def test_files_that_do_not_run_lose_nothing_of_those_that_do(
    user_file: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, wrong = user_file("good.py", {"mine.good": {}}), tmp_path / "wrong.py"
    wrong.write_text("1 / 0\n")
    assert main(["prove", str(wrong), str(good), str(tmp_path / "none.py"), "sigma.figure", "--jobs", "1"]) == 2
    out = capsys.readouterr().out
    assert f"ERROR {wrong}: need a file that runs, got ZeroDivisionError: division by zero, at {wrong}:1" in out
    assert f"ERROR {tmp_path / 'none.py'}: need a Python file, got nothing, at {tmp_path / 'none.py'}" in out
    assert "4 obligations: 2 PROVED, 2 ERROR" in out


def test_a_file_that_is_loaded_alone_and_disagrees_is_one_line_and_4(
    own_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "differs.py"
    path.write_text(
        "from verify.obligations.verdict import DisagreementError\nraise DisagreementError('two\\nanswers')\n"
    )
    assert main(["prove", str(path)]) == 4
    assert capsys.readouterr() == ("", "need two evaluators that agree, got 'two answers'\n")


def test_a_worker_that_is_unfit_for_more_is_replaced_in_silence(
    user_file: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    path = user_file("spoils.py", {"mine.spoils": {"first": "__import__('sys').modules.clear()"}, "mine.next": {}})
    assert main(["prove", str(path), "--jobs", "1"]) == 0
    shown = capfd.readouterr()
    assert "2 obligations: 2 PROVED" in shown.out and shown.err == ""


def test_a_module_that_two_files_import_is_one_source(
    user_file: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = user_file("shared.py", {"shared.claim": {}})
    files = [user_file(f"{name}.py", {f"mine.{name}": {}}) for name in ("one", "two")]
    for file in files:
        file.write_text("import shared\n" + file.read_text())
    assert main(["prove", *map(str, files), str(shared), "--jobs", "1"]) == 0
    assert "3 obligations: 3 PROVED" in capsys.readouterr().out


@pytest.mark.usefixtures("no_workers")
def test_modules_of_one_name_beside_two_files_are_two(
    own_cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / str(value) / "claims.py" for value in (2, 5)]
    for path, value in zip(paths, (2, 5), strict=True):
        path.parent.mkdir()
        (path.parent / "helper.py").write_text(f"VALUE = {value}\n")
        claim = (
            GOOD.format(name=value, rest="")
            .replace("lambda case: 2", f"lambda case: {value}")
            .replace("2 * n", "VALUE * n")
        )
        path.write_text(HEAD + "from helper import VALUE\n" + claim)
    assert main(["prove", *map(str, paths), "--jobs", "1"]) == 0
    assert "2 obligations: 2 PROVED" in capsys.readouterr().out


@pytest.mark.usefixtures("no_workers")
def test_the_paper_and_a_file_may_use_one_id_unless_both_are_examined(
    user_file: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = user_file("copy.py", {"bits.cells": {}})
    assert main(["prove", str(path), "--jobs", "1"]) == 0
    assert main(["prove", str(path), "bits.cells", "--jobs", "1"]) == 0  # the one of the file
    assert main(["prove", str(path), "bits.add.cell", "--jobs", "1"]) == 2  # the paper's, which needs its bits.cells
    assert "got 'bits.cells' twice (also in the paper's)" in capsys.readouterr().out


@pytest.mark.usefixtures("no_workers")
def test_what_an_obligation_needs_is_examined_too_and_counts(
    own_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["prove", "bits.add.cell", "--jobs", "1"], ["show", "bits.add.cell"]):
        assert main(command) == 0
    table, shown = capsys.readouterr().out.split("all as expected")
    rows = {line.split()[0]: line.split()[1:3] for line in table.splitlines()[1:] if line}
    assert rows["bits.cells"] == rows["bits.add.cell"] == ["CHECKED", "REFUTED"]
    lowered = "The claim is PROVED by itself, but it is worth no more than what it needs: bits.cells (CHECKED)."
    assert f"verdict     CHECKED\n  {lowered}" in shown


@pytest.mark.usefixtures("no_workers")
def test_an_error_is_shown_with_its_code(user_file: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = user_file("mine.py", {"mine.bad": {"first": "1 / 0"}, "mine.good": {}, "mine.none": {"twin": "None"}})
    assert main(["show", "mine.bad", "--file", str(path)]) == 2
    assert (
        "verdict     ERROR\n  need a claim that can be stated and examined, got 'ZeroDivisionError"
        in capsys.readouterr().out
    )
    assert main(["show", "mine.good", "--file", str(path)]) == 0
    assert main(["show", "mine.none", "--file", str(path)]) == 2
    assert "need a broken twin, got none, at obligation mine.none, at" in capsys.readouterr().err


def test_what_a_claim_prints_is_no_part_of_the_report(user_file: Write, capfd: pytest.CaptureFixture[str]) -> None:
    path = user_file("loud.py", {"mine.loud": {"first": "print('from the claim')"}})
    path.write_text("print('from the file')\n" + path.read_text())
    assert main(["prove", str(path), "--jobs", "1"]) == 0
    shown = capfd.readouterr()
    assert not {"from the claim", "from the file"} & set(shown.out.splitlines())
    assert "from the claim" in shown.err and "from the file" in shown.err


def test_a_claim_that_leaves_its_folder_takes_no_other_with_it(
    user_file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.txt").write_text("2")
    reads = {"fact": "2 * n == number + int(open('two.txt').read()) - 2"}
    path = user_file("moves.py", {"mine.moves": {"first": "__import__('os').chdir('/')"}, "mine.reads": reads})
    assert main(["prove", str(path), "--jobs", "1"]) == 0
    assert "2 obligations: 2 PROVED" in capsys.readouterr().out


def test_a_file_that_goes_elsewhere_when_it_is_loaded_finds_itself_there_for_every_claim(
    user_file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    (tmp_path / "two.txt").write_text("2")
    reads = {"fact": "2 * n == number + int(open('two.txt').read()) - 2"}
    path = user_file("goes.py", {"mine.one": reads, "mine.two": reads})
    path.write_text("import os\nos.chdir(os.path.dirname(__file__))\n" + path.read_text())
    assert main(["prove", str(path), "--jobs", "1", "--json", "run.json", "--smt", "smt"]) == 0
    assert "2 obligations: 2 PROVED" in capsys.readouterr().out
    assert sorted(found.name for found in (tmp_path / "work").iterdir()) == ["run.json", "smt"]
    assert len(list((tmp_path / "work" / "smt").iterdir())) == 2


@pytest.mark.usefixtures("no_workers")
def test_no_row_is_lost_to_an_error_of_its_name(tmp_path: Path, own_cache: Path) -> None:
    """A refused claim takes neither the id of a later one of its file nor that of one of the paper."""
    path, report = tmp_path / "mine.py", tmp_path / "found.json"
    again = GOOD.format(name="one", rest="").replace("def claim", "def again")
    other = GOOD.format(name="one (2)", rest="").replace("def claim", "def other")
    papers = GOOD.format(name="one", rest="").replace("good.one", "bits.cells").replace("def claim", "def papers")
    path.write_text(HEAD + GOOD.format(name="one", rest="") + again + other + papers, encoding="utf-8")
    assert main(["prove", "bits.add.cell", str(path), "--jobs", "1", "--json", str(report)]) == 2
    found = [(row["id"], row["verdict"]) for row in json.loads(report.read_text())["results"]]
    assert found == [
        ("bits.add.cell", "CHECKED"),
        ("bits.cells", "CHECKED"),
        ("good.one", "PROVED"),
        ("good.one (2) (2)", "ERROR"),
        ("good.one (2)", "PROVED"),
        ("bits.cells (2)", "ERROR"),
    ]
