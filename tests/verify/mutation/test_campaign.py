"""Mutants of a toy, tried: what claims notice, what tests notice, what nothing notices; outcomes are kept."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from constructions.errors import ConstructionError
from tests.verify.mutation.toy import FILE, TESTS, written
from verify.commands.main import main
from verify.mutation.campaign import Campaign, How, campaign_of
from verify.mutation.copied import Copy, Ended, copies
from verify.mutation.mutants import mutants_of
from verify.mutation.outcome import CLAIMS, SURVIVED, TIME, Kept, score_of
from verify.mutation.outcome import TESTS as BY_TESTS
from verify.mutation.target import target_of
from verify.mutation.trial import LOADING, Found, Lines, TrialJob, all_found
from verify.mutation.trying import Baseline, TimeOfTests, baseline, outcome_of
from verify.obligations import paper
from verify.obligations.item import Item

HOW = How(seconds=20, quiet=True)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The whole campaign on the toy."""
    place = tmp_path_factory.mktemp("toy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUERYGRAD_CACHE", str(place / "cache"))
        found = campaign_of(str(written(place)), HOW)
    assert (place / "toy.py").read_text() == FILE and (place / "test_toy.py").read_text() == TESTS
    return found


@pytest.mark.slow
def test_each_mutant_of_the_toy_has_the_fate_that_is_known(tried: Campaign) -> None:
    fates = {(each.line, each.after): (each.fate, each.by) for each in tried.outcomes}
    claims = {after: fates.pop((8, after)) for after in ("x - x", "x")}
    assert claims == dict.fromkeys(claims, (CLAIMS, "toy.double"))
    tests = {after: fates.pop((13, after)) for after in ("x <= 3", "2", "4", "-1")}
    assert all(fate == BY_TESTS and by == "test_toy.py::test_small" for fate, by in tests.values())
    assert fates.pop((18, "x >= 0")) == fates.pop((18, "1")) == (SURVIVED, "")
    assert fates.pop((18, "-1"))[0] == BY_TESTS
    assert not fates


@pytest.mark.slow
def test_the_scores_are_counted(tried: Campaign) -> None:
    score = tried.score
    assert (score.tried, score.claims, score.tests, score.time, score.survived) == (9, 2, 5, 0, 2)
    assert (score.by_claims, score.by_both) == ("22 %", "77 %")
    assert Counter(each.fate for each in tried.outcomes) == {CLAIMS: 2, BY_TESTS: 5, SURVIVED: 2}


@pytest.mark.slow
def test_outcomes_are_kept_and_a_campaign_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUERYGRAD_CACHE", str(tmp_path / "cache"))
    (tmp_path / "own").mkdir()
    file, out, page = written(tmp_path / "own"), tmp_path / "out.json", tmp_path / "page.md"
    assert main(["mutate", str(file), "--only", ":18:", "-q", "--json", str(out), "--page", str(page)]) == 1
    said = capsys.readouterr().out
    assert "survived: toy.py:18:11 boundary: x > 0 -> x >= 0 (1 claims and 1 files of tests were asked)" in said
    assert "0 % by claims, 33 % by both" in " ".join(said.split())
    (found,) = json.loads(out.read_text())["campaigns"]
    assert [each["fate"] for each in found["outcomes"]] == ["survived", "killed by tests", "survived"]
    assert page.read_text().count("| 0 % | 33 % | 2 |") == 1

    def broken(*given: object, **more: object) -> None:
        raise AssertionError("nothing is left to try")

    monkeypatch.setattr("verify.mutation.campaign.copies", broken)
    assert main(["mutate", str(file), "--only", ":18:", "-q", "--page", str(page)]) == 1
    assert page.read_text().count("| `toy.py` |") == 1
    file.write_text(FILE.replace("A toy.", "Another toy."))
    assert main(["mutate", str(file), "--only", ":18:", "-q"]) == 4


@pytest.mark.slow
def test_a_claim_or_a_test_that_fails_before_anything_is_changed_is_an_error(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(FILE.replace("return x + x", "return x + x + 1"))
    with pytest.raises(ConstructionError, match=r"need claims that come out as expected .*, got REFUTED .*toy.double"):
        campaign_of(str(file), HOW)
    file.write_text(FILE.replace("return x < 3", "return x < 4"))
    with pytest.raises(ConstructionError, match=r"before anything is changed, got test_toy.py"):
        campaign_of(str(file), HOW)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["Corollary 9"], "need an item with a construction, got Corollary 9"),
        (["constructions/no_such.py"], "need a Python file, got nothing"),
        (["no such item"], "need an id, the first parts of one, or an item of the paper"),
        (["Equation (3)", "--only", "no such mutant"], "need at least one mutant, got none of"),
        ([], "need arguments as in 'querygrad mutate --help'"),
        (["Equation (3)", "--json", "no_such_folder/out.json"], "need a file in an existing folder"),
    ],
)
def test_bad_input_is_refused(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "ITEMS", (*paper.ITEMS, Item("Corollary 9", "an item to come")))
    assert main(["mutate", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_mutant_whose_time_is_up_is_a_kill_of_its_own_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = target_of(str(written(tmp_path)))
    mutant = mutants_of(FILE, "toy.py")[0]
    found = Found(id="toy.double", as_expected=True, word="PROVED")
    base = Baseline(found=(found,), loading=frozenset(range(99)), tests=TimeOfTests(0.0), seconds=1)
    with copies(target, 1) as (copy,):
        monkeypatch.setattr(Copy, "run", lambda self, arguments, **rest: Ended(None, "", ""))
        outcome = outcome_of(mutant, copy, base)
    assert (outcome.fate, outcome.by) == (TIME, LOADING) and score_of([outcome]).by_both == "100 %"


@pytest.mark.timed
def test_a_program_that_overruns_is_ended_with_its_children(tmp_path: Path) -> None:
    with copies(target_of(str(written(tmp_path))), 1) as (copy,):
        program = "import subprocess, sys, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
        assert copy.run(["-c", program], limit=1.5).code is None
        assert not copy.running
        copy.stop()
        assert copy.run(["-c", "print(1)"], limit=60) == Ended(None, "", "")


def test_only_obligations_that_execute_the_changed_lines_are_asked(tmp_path: Path) -> None:
    mutants = mutants_of(FILE, "toy.py")
    found = tuple(
        Found(id=id, as_expected=True, word="PROVED", lines=lines) for id, lines in (("a", (8,)), ("b", (13,)))
    )
    base = Baseline(found=found, loading=frozenset({18}), tests=TimeOfTests(0.0), seconds=1)
    assert {each.line: base.asked(each) for each in mutants if each.line < 19} == {
        8: ("a",),
        13: ("b",),
        18: ("a", "b"),
    }


def test_what_an_obligation_executes_is_noted(tmp_path: Path) -> None:
    with copies(target_of(str(written(tmp_path))), 1) as (copy,):
        base = baseline(copy, ["toy.double"], seconds=20)
    assert [each.id for each in base.found] == ["toy.double"] and 8 in base.found[0].lines
    assert not {13, 18} & set(base.found[0].lines)


def test_claims_that_cannot_be_loaded_are_said(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(FILE + "\n\nraise ValueError('no')\n")
    (found,) = all_found(TrialJob(ids=("toy.double",), seconds=1, user_file=str(file)))
    assert (found.id, found.as_expected) == (LOADING, False) and "ValueError" in found.said


def test_lines_of_other_files_are_not_noted() -> None:
    here = compile("def f(x):\n    return x + 1\n", "here.py", "exec")
    names: dict[str, Any] = {}
    exec(here, names)
    for file, seen in (("here.py", (2,)), ("there.py", ())):
        lines = Lines(file)
        lines.start()
        names["f"](1)
        assert lines.stop() == seen


def test_an_outcome_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    kept = Kept.below(tmp_path)
    assert kept.place is not None and kept.get("a") is None
    (kept.place / "a.json").write_text("{")
    assert kept.get("a") is None and Kept.below(None).get("a") is None
