"""What is not as expected, as SARIF, annotations and a page: kinds, places, fingerprints, texts that are no markup."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from verify.commands.main import main
from verify.reports.comparing import Change, markdown
from verify.reports.sarif import annotations, quoted, sarif_of
from verify.reports.troubles import KINDS, Trouble

pytestmark = pytest.mark.usefixtures("no_workers")

Write = Callable[..., Path]
FILE = '''"""Claims that are not as they should be."""

from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


@obligation("m.refuted", paper="mine", of=lambda case: 1, twin=lambda case: 2)
def refuted(least, case):
    "A square is more than 0."
    case.show("more", case.real("x") ** 2 >= least)


@obligation("m.twin", paper="mine", of=lambda case: 0, twin=lambda case: -1)
def twin(least, case):
    "A square is at least 0."
    case.show("more", case.real("x") ** 2 >= least)


@obligation("m.vacuous", paper="mine", of=lambda case: 0, twin=lambda case: 1)
def vacuous(least, case):
    "A number above itself is more."
    x = case.real("x")
    case.assume(x > x + least)
    case.show("more", x > x)


@obligation("m.holds", paper="mine", of=lambda case: 0, expect=Verdict.REFUTED)
def holds(least, case):
    "A square is at least 0."
    case.show("more", case.real("x") ** 2 >= least)


@obligation("m.less", paper="mine", of=lambda case: 0, twin=lambda case: 1, finite="one number")
def less(least, case):
    "A square is at least 0."
    case.show("more", case.real("x") ** 2 >= least)


@obligation("m.odd", paper="mine", kind="guess")
def odd(least, case):
    "A claim of no kind."


@obligation("m.good", paper="mine", of=lambda case: 0, twin=lambda case: 1)
def good(least, case):
    "A square is at least 0."
    case.show("more", case.real("x") ** 2 >= least)
'''
WRONG = {
    "m.refuted": "refuted",
    "m.twin": "twin",
    "m.vacuous": "vacuous",
    "m.holds": "holds",
    "m.less": "less",
    "m.odd": "error",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Proves the file's claims from its folder, with more options; the exit code and what was printed."""
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(FILE, encoding="utf-8")

    def proving(*options: str) -> tuple[int, str]:
        code = main(["prove", "mine.py", "--jobs", "1", *options])
        return code, capsys.readouterr().out

    return proving


def test_each_trouble_has_its_kind_and_the_line_of_its_claim(run: Callable[..., Any]) -> None:
    code, _ = run("--sarif", "found.sarif")
    log = json.loads(Path("found.sarif").read_text(encoding="utf-8"))
    found = {each["properties"]["obligation"]: each for each in log["runs"][0]["results"]}
    assert code == 2 and {id: each["ruleId"] for id, each in found.items()} == WRONG
    lines = FILE.splitlines()
    for id, each in found.items():
        place = each["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "mine.py"
        assert f'"{id}"' in lines[place["region"]["startLine"] - 1]
        assert log["runs"][0]["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]


def test_a_fingerprint_stays_when_a_claim_moves(run: Callable[..., Any]) -> None:
    def fingerprints() -> list[str]:
        run("--sarif", "found.sarif")
        results = json.loads(Path("found.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
        return [each["partialFingerprints"]["querygrad/v1"] for each in results]

    before = fingerprints()
    Path("mine.py").write_text("# one more line\n" + FILE, encoding="utf-8")
    assert fingerprints() == before and len(set(before)) == len(WRONG)


def test_annotations_come_after_the_report(run: Callable[..., Any]) -> None:
    _, printed = run("--annotate")
    found = [line for line in printed.splitlines() if line.startswith("::")]
    assert [line.split(",title=")[1].split("::")[0] for line in found] == [
        f"{id}: {kind}" for id, kind in WRONG.items()
    ]
    assert found[0].startswith("::error file=mine.py,line=7,title=m.refuted: refuted::REFUTED m.refuted: A square")
    assert found[4].startswith("::warning ")


def test_annotations_beside_json_on_standard_output_go_to_standard_error(
    run: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    main(["prove", "mine.py", "--jobs", "1", "--json", "-", "--annotate"])
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)["results"]) >= len(WRONG)
    assert len([line for line in printed.err.splitlines() if line.startswith("::")]) == len(WRONG)


def test_one_file_is_not_for_two_reports(run: Callable[..., Any]) -> None:
    code, _ = run("--json", "found", "--sarif", "./found")
    assert code == 2 and not Path("found").exists()


def test_the_page_says_what_changed_since_a_report(run: Callable[..., Any]) -> None:
    run("--json", "before.json")
    Path("mine.py").write_text(
        FILE.replace("of=lambda case: 1, twin=lambda case: 2", "of=lambda case: 0, twin=lambda case: 1")
    )
    run("--markdown", "page.md", "--compare", "before.json")
    page = Path("page.md").read_text(encoding="utf-8")
    assert "| better | `m.refuted` | REFUTED | PROVED |" in page and "| `m.twin` | twin |" in page
    assert "<details><summary>All verdicts</summary>" in page and "| `m.good` | PROVED | REFUTED |" in page


def test_two_reports_are_compared(run: Callable[..., Any], capsys: pytest.CaptureFixture[str]) -> None:
    run("--json", "after.json")
    Path("mine.py").write_text(
        FILE.replace(
            "of=lambda case: 0, twin=lambda case: 1)\ndef good", "of=lambda case: 1, twin=lambda case: 2)\ndef good"
        )
    )
    run("--json", "worse.json")
    assert main(["diff", "after.json", "after.json"]) == 0
    assert capsys.readouterr().out == "nothing changed\n"
    assert main(["diff", "after.json", "worse.json", "--markdown", "page.md"]) == 1
    assert capsys.readouterr().out == "worse: m.good, PROVED before, REFUTED now\n"
    assert "| worse | `m.good` | PROVED | REFUTED |" in Path("page.md").read_text()
    assert main(["diff", "worse.json", "after.json"]) == 0
    assert capsys.readouterr().out == "better: m.good, REFUTED before, PROVED now\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "another file"),
        ("[" * 100_000, "another file"),
        ('{"version": 3, "results": [{"id": 1}]}', "another file"),
        ('{"version": 1, "results": []}', "got version 1"),
        (
            '{"version": 3, "results": ['
            + ",".join(['{"id": "a", "verdict": "PROVED", "as_expected": true}'] * 2)
            + "]}",
            "twice",
        ),
        (None, "No such file"),
    ],
)
def test_what_is_no_report_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / "a.json").write_text(text)
    assert main(["diff", str(tmp_path / "a.json"), str(tmp_path / "a.json")]) == 2
    printed = capsys.readouterr().err
    assert said in printed and str(tmp_path / "a.json") in printed and printed.count("\n") == 1


def test_a_page_without_a_place_for_it_is_refused_before_the_run(run: Callable[..., Any]) -> None:
    assert run("--sarif", "no/such/folder.sarif")[0] == 2
    assert run("--compare", "before.json")[0] == 2


UGLY = "a|b`c<script>%0A::error::\n*x*\ud800"


def test_names_of_users_are_no_markup() -> None:
    trouble = Trouble(UGLY, "refuted", (UGLY,), "my folder/ü,:.py", 3)
    [line] = annotations([trouble])
    assert "\n" not in line and line.startswith("::error file=my folder/") and "error" not in line.split("::")[2][:5]
    assert json.loads(json.dumps(sarif_of([trouble])))["runs"][0]["results"][0]["level"] == "error"
    [row] = markdown([Change(UGLY, "worse", UGLY, "-")])[4:]
    assert "<script>" not in row.split("`")[2] and row.count("|") - row.count("\\|") == 5
    assert quoted("a b") == "a%20b" and set(KINDS) >= set(WRONG.values())


def test_less_that_is_expected_and_other_words_are_no_silent_change(run: Callable[..., Any]) -> None:
    run("--json", "before.json")
    weaker = FILE.replace("twin=lambda case: 1)\ndef good", "twin=lambda case: 1, expect=Verdict.CHECKED)\ndef good")
    moved = weaker.replace('"A square is more than 0."', '"A square is not below 0."')
    Path("mine.py").write_text(moved.replace("x > x + least", "x > x + least + 1"), encoding="utf-8")
    run("--json", "after.json")
    assert main(["diff", "before.json", "after.json", "--markdown", "page.md"]) == 1
    page = Path("page.md").read_text(encoding="utf-8")
    assert "| expects less | `m.good` | PROVED | CHECKED |" in page
    assert "| other words | `m.refuted` | A square is more than 0. | A square is not below 0. |" in page


def test_other_formulas_behind_the_same_words_are_named(
    run: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    run("--json", "before.json")
    at = FILE.index("def good")
    Path("mine.py").write_text(FILE[:at] + FILE[at:].replace('"x") ** 2', '"x") ** 4'), encoding="utf-8")
    run("--json", "after.json")
    assert main(["diff", "before.json", "after.json"]) == 0
    assert capsys.readouterr().out.startswith("other formulas: m.good, ")
