"""Reports: the table, the counterexamples below it, JSON and JUnit."""

import io
import json
import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from constructions.errors import ConstructionError
from constructions.foundations.terms import REAL, variable
from constructions.reductions.bsq import lemma_2, theorem_2b, theorem_2d
from verify.discharge.one import discharge
from verify.discharge.resting import resting
from verify.discharge.result import Result
from verify.discharge.result_json import from_json
from verify.obligations.catalogue import paper_obligations
from verify.obligations.paper import ITEMS
from verify.obligations.verdict import INTERNAL, Fault, Verdict
from verify.provers.outcome import Examination, FactFinding
from verify.reports.files import write_json, write_junit
from verify.reports.items import given
from verify.reports.one_obligation import describe, text
from verify.reports.table import print_report

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def results() -> list[Result]:
    """One of each: proved, refuted as expected, unknown, and refuted though it should not be."""
    obligations = paper_obligations()
    good, printed = discharge(obligations["sigma.figure"]), discharge(obligations["lemma3b.vc.printed"])
    unknown = replace(good, id="made.unknown", claim=found(Verdict.UNKNOWN, "a fact", "timeout"))
    wrong = replace(printed, id="made.wrong", expect=Verdict.PROVED)
    return [good, printed, unknown, wrong]


def found(verdict: Verdict, label: str = "a fact", reason: str = "") -> Examination:
    """What is found of a claim with one fact."""
    return Examination(verdict=verdict, facts=(FactFinding(label, verdict, 3, reason),))


def printed_report(results: list[Result]) -> str:
    stream = io.StringIO()
    print_report(results, 1.25, out=Console(file=stream, width=160))
    return stream.getvalue()


def test_the_table_names_expectations_only_where_they_differ(results: list[Result]) -> None:
    lines = {
        line.split()[0]: line for line in printed_report(results).splitlines() if line and not line.startswith(" ")
    }
    said = "PROVED 3 of 5 facts never seen to fail REFUTED z3"
    assert " ".join(lines["sigma.figure"].split()).startswith(f"sigma.figure {said}")
    assert lines["made.wrong"].split()[:3] == ["made.wrong", "REFUTED", "PROVED"]


def test_a_kept_result_shows_cache_for_its_seconds(results: list[Result]) -> None:
    assert "cache" in printed_report([replace(results[0], cached=True)]).splitlines()[1]


def test_every_refuted_comes_with_values_facts_and_the_first_vertex_off_its_piece(results: list[Result]) -> None:
    report = printed_report(results)
    assert "REFUTED lemma3b.vc.printed (as expected)" in report
    assert "  It fails at adjoint=" in report
    assert "  This fact fails there: active: vc stays strictly inside (-1, 0)" in report
    assert "  The first vertex to leave its linear piece is vc (active): pre-activation 0 is not" in report
    assert "a fact: timeout" in report


def test_the_last_line_counts(results: list[Result]) -> None:
    assert printed_report(results).splitlines()[-2] == (
        "4 obligations: 1 PROVED, 1 UNKNOWN, 2 REFUTED (1 expected to be REFUTED); "
        "2 not as expected; 0 kept from earlier runs; 1.2 s"
    )


def test_the_json_holds_everything_and_the_versions(results: list[Result], tmp_path: Path) -> None:
    write_json(tmp_path / "run.json", results, wall=1.0, seconds=60)
    report = json.loads((tmp_path / "run.json").read_text())
    assert set(report["versions"]) == {"querygrad", "python", "z3", "sympy", "networkx"}
    assert (report["version"], report["exit_code"]) == (3, 1)
    rows = report["results"]
    assert [row.pop("as_expected") for row in rows] == [True, True, False, False]
    assert [row.pop("reason") for row in rows] == ["", "", "a fact: timeout", ""]
    assert [row.pop("verdict") for row in rows] == ["PROVED", "REFUTED", "UNKNOWN", "REFUTED"]
    assert [len(row.pop("unseen")) for row in rows] == [3, 0, 0, 0]
    assert [from_json(row, Result) for row in rows] == results


def test_the_junit_report_fails_what_is_wrong_and_errs_on_what_is_unknown(
    results: list[Result], tmp_path: Path
) -> None:
    write_junit(tmp_path / "run.xml", results)
    cases = {
        case.get("name"): [child.tag for child in case]
        for case in ElementTree.parse(tmp_path / "run.xml").iter("testcase")
    }
    assert cases == {"sigma.figure": [], "lemma3b.vc.printed": [], "made.unknown": ["error"], "made.wrong": ["failure"]}


def test_a_vacuous_claim_is_not_explained_as_a_fault_of_its_twin(results: list[Result]) -> None:
    core = "premises that cannot hold together: 'a', 'b'"
    proved, second = FactFinding("first", Verdict.PROVED), FactFinding("second", Verdict.VACUOUS, 0, core)
    facts = (proved, second, FactFinding("third", Verdict.VACUOUS, 0, "c"))
    claim, twin = Examination(verdict=Verdict.VACUOUS, facts=facts), found(Verdict.VACUOUS, reason="r")
    vacuous = replace(results[0], id="made.vacuous", claim=claim, twin=twin)
    report = printed_report([vacuous])
    said = "VACUOUS made.vacuous: it says nothing, for what it presupposes cannot hold.\n"
    assert f"{said}  second: {core}\n" in report
    assert "TWIN" not in report and "third" not in report
    assert vacuous.reason == f"second: {core}"


def test_a_twin_that_is_vacuous_or_survives_is_said_to(results: list[Result]) -> None:
    vacuous = replace(results[0], id="made.vacuous", twin=found(Verdict.VACUOUS, reason="'a', 'b'"))
    alive = replace(results[0], id="made.alive", twin=found(Verdict.PROVED))
    open_ = replace(results[0], id="made.open", twin=found(Verdict.UNKNOWN, reason="timeout"))
    report = printed_report([vacuous, alive, open_])
    said = "what the broken twin presupposes cannot hold, so it refutes nothing ('a', 'b').\n"
    assert f"TWIN VACUOUS made.vacuous: {said}" in report
    assert "TWIN PROVED made.alive: the broken twin is not refuted, so the check may be empty.\n" in report
    assert "UNKNOWN made.open: its check is not complete.\n  Whether the broken twin fails is open: timeout\n" in report


def test_an_error_is_a_row_of_its_own_in_every_report(results: list[Result], tmp_path: Path) -> None:
    fault = Fault(INTERNAL, "need this, got that")
    error = replace(results[0], id="made.error", claim=None, twin=None, error=fault)
    report = printed_report([results[0], error])
    assert "made.error    ERROR " in report and "\nERROR made.error: need this, got that\n" in report
    assert "2 obligations: 1 PROVED, 1 ERROR; 1 not as expected" in report and "UNKNOWN" not in report
    write_json(tmp_path / "run.json", [error], wall=1.0, seconds=60)
    (row,) = json.loads((tmp_path / "run.json").read_text())["results"]
    assert (row["verdict"], row["error"]) == ("ERROR", {"kind": "internal", "said": "need this, got that"})
    write_junit(tmp_path / "run.xml", [error])
    (case,) = ElementTree.parse(tmp_path / "run.xml").iter("testcase")
    assert [(child.tag, child.get("message")) for child in case] == [("error", "need this, got that")]


def test_a_verdict_that_a_need_lowers_is_explained(results: list[Result], tmp_path: Path) -> None:
    top = replace(results[0], id="made.top", needs=("made.wrong", "made.lost"))
    rested = resting([top, results[3]])
    said = "REFUTED made.top: it is PROVED by itself, but it needs made.wrong, which is REFUTED, and made.lost, "
    said += "which was not asked for."
    report = printed_report(rested)
    assert said in report and report.count("REFUTED made.top") == 1
    write_junit(tmp_path / "run.xml", rested)
    trouble = next(ElementTree.parse(tmp_path / "run.xml").iter("failure"))
    assert (trouble.get("message"), trouble.text) == ("need PROVED, got REFUTED (twin REFUTED)", said)


def test_why_results_are_not_kept_is_said_once(results: list[Result]) -> None:
    odd = [replace(results[0], id=f"made.{i}", unkept="it reads the clock") for i in range(3)]
    assert printed_report(odd).count("not kept for later runs: it reads the clock.") == 1


def test_a_report_for_no_folder_is_refused(results: list[Result], tmp_path: Path) -> None:
    with pytest.raises(ConstructionError, match="need a file that can be written"):
        write_json(tmp_path / "none" / "run.json", results, wall=1.0, seconds=60)


def test_every_construction_that_the_map_names_is_a_file() -> None:
    assert [
        item.construction for item in ITEMS if "/" in item.construction and not (ROOT / item.construction).is_file()
    ] == []


def test_the_items_are_different_and_need_only_each_other() -> None:
    names = [item.name for item in ITEMS]
    assert len(set(names)) == len(names)
    assert {need for item in ITEMS for need in item.needs} <= set(names)


def test_every_beginning_of_ids_in_the_map_begins_some_id() -> None:
    ids = paper_obligations()
    assert [
        head for item in ITEMS for head in item.claims if not any(f"{id}.".startswith(f"{head}.") for id in ids)
    ] == []


def test_an_obligation_is_shown_with_every_vertex_of_its_counterexample(results: list[Result]) -> None:
    shown = describe(paper_obligations()["lemma3b.vc.printed"], results[1])
    assert "Lemma 3b (errata E04)" in shown
    assert "ON A KINK, meant to be on (-1, 0)" in shown


def test_a_long_formula_is_cut_and_told_so() -> None:
    long = variable("x" * 300, REAL)
    assert text(long > 0) == "x" * 240 + " ... (--full shows all)"
    assert text(long > 0, full=True) == f"(> {'x' * 300} 0.0)"
    assert text(variable("x", REAL) > 0) == "x > 0" and text(False) == "false"


def test_an_item_is_given_what_it_and_its_needs_assume() -> None:
    items = {item.name: item for item in ITEMS}
    found = {name: given(item) for name, item in items.items()}
    assert found["Theorem 2d"] == found["Lemma 2"] == found["Theorem 1d"] == " given {hoeffding}"
    assert found["Theorem 2a"] == found["Lemma 5a"] == ""
    delta = Fraction(1, 8)
    for name, made in (
        ("Theorem 2d", theorem_2d(b=1, delta=delta)),
        ("Lemma 2", lemma_2(b=1, delta=delta)),
        ("Theorem 2b", theorem_2b()),
    ):
        assert items[name].assumes == made.assumes
