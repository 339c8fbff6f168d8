"""The map: an item is worth what its top statement is worth, and nothing else raises it."""

from dataclasses import replace
from pathlib import Path

import pytest

from verify.commands.main import main
from verify.discharge.result import Result
from verify.obligations.catalogue import paper_obligations
from verify.obligations.item import Item, Part
from verify.obligations.obligation import fresh_registry, obligation
from verify.obligations.paper import ITEMS
from verify.obligations.verdict import Verdict
from verify.provers.outcome import Examination
from verify.reports import items as items_module
from verify.reports.items import NO_TOP, Row, map_rows
from verify.reports.map import markdown


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, Item]:
    """Three items: one with a top statement, one without, one whose top statement is about a finite case."""
    found = (
        Item(
            "Lemma A", "has a top", "a.py", top="a.top", differs=("b is 2",), parts=(Part("time"), Part("more", "a.x"))
        ),
        Item("Lemma B", "has support only", "b.py"),
        Item("Lemma C", "rests on a finite case", "c.py", top="c.top"),
    )
    monkeypatch.setattr(items_module, "ITEMS", found)
    return {item.name: item for item in found}


def rows_of(**verdicts: Verdict) -> dict[str, Row]:
    """The rows for claims of which each has some verdict; ``a_top`` is the claim a.top."""
    with fresh_registry() as registry:
        for key in verdicts:
            id = key.replace("_", ".")
            register = obligation(
                id,
                paper=f"Lemma {id[0].upper()}",
                of=lambda case: 1,
                twin=lambda case: 2,
                finite="one case" if id == "c.top" else None,
                needs=("b.low",) if id == "c.top" else (),
            )
            register(states)
    claims = list(registry.obligations.values())
    results = [result(each.id, verdicts[each.id.replace(".", "_")], each.needs, each.finite) for each in claims]
    return {row.item.name: row for row in map_rows(claims, results)}


def states(number: int, case: object) -> None:
    """The number is 1."""


def result(id: str, verdict: Verdict, needs: tuple[str, ...], finite: str | None) -> Result:
    """A result with a verdict, whose twin is refuted."""
    return Result(
        id=id,
        paper=f"Lemma {id[0].upper()}",
        statement="",
        prover="z3",
        expect=Verdict.PROVED,
        needs=needs,
        finite=finite,
        claim=Examination(verdict=verdict),
        twin=Examination(verdict=Verdict.REFUTED),
    )


@pytest.mark.usefixtures("made")
def test_an_item_is_worth_what_its_top_statement_is_worth() -> None:
    for verdict in Verdict:
        rows = rows_of(a_top=verdict, a_x=Verdict.CHECKED, a_y=Verdict.PROVED, b_low=Verdict.PROVED)
        assert rows["Lemma A"].verdict == verdict.name
        assert rows["Lemma A"].parts == (("time", "open"), ("more", "CHECKED"))
        assert (rows["Lemma A"].support, rows["Lemma A"].least) == (1, "PROVED")


@pytest.mark.usefixtures("made")
def test_support_raises_nothing_and_lowers_nothing() -> None:
    rows = rows_of(a_y=Verdict.PROVED, b_low=Verdict.PROVED, b_high=Verdict.CHECKED)
    assert rows["Lemma A"].verdict == rows["Lemma B"].verdict == NO_TOP
    assert (rows["Lemma B"].support, rows["Lemma B"].least) == (2, "CHECKED")
    assert rows_of(a_top=Verdict.PROVED, a_y=Verdict.UNKNOWN)["Lemma A"].verdict == "PROVED"


@pytest.mark.usefixtures("made")
def test_a_top_statement_is_worth_no_more_than_what_it_needs_or_its_finite_case() -> None:
    assert rows_of(c_top=Verdict.PROVED, b_low=Verdict.PROVED)["Lemma C"].verdict == "CHECKED"
    assert rows_of(c_top=Verdict.PROVED, b_low=Verdict.REFUTED)["Lemma C"].verdict == "REFUTED"


@pytest.mark.usefixtures("made")
def test_the_map_says_which_claim_is_the_top_and_how_it_differs() -> None:
    page = markdown(rows_of(a_top=Verdict.PROVED, a_y=Verdict.PROVED).values())
    assert "| Lemma A | has a top | a.py | PROVED | `a.top` | time (open), more (open) | 1, least PROVED |" in page
    assert "* **Lemma A** (`a.top`): b is 2.\n" in page
    assert f"| Lemma B | has support only | b.py | {NO_TOP} |" in page


def test_an_item_that_no_claim_names_as_its_top_is_open_whatever_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    obligations = list(paper_obligations().values())
    without = tuple(replace(item, top="") if item.name == "Figure 1" else item for item in ITEMS)
    without += (Item("Corollary 9", "an item to come"),)
    monkeypatch.setattr(items_module, "ITEMS", without)
    rows = {row.item.name: row.verdict for row in map_rows(obligations, [])}
    assert {rows[item.name] for item in without if not item.top} == {"open", NO_TOP}
    assert rows["Corollary 9"] == "open" and rows["Figure 1"] == NO_TOP and rows["Section 2"] == "-"


@pytest.mark.usefixtures("no_workers")
def test_prove_and_show_say_which_claim_is_the_top(
    own_cache: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["prove", "Figure 1", "--jobs", "1"]) == 0
    assert "Figure 1: PROVED, by its top statement sigma.figure.\n" in capsys.readouterr().out
    assert main(["show", "figure 1"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("sigma.figure\n") and "the top statement of Figure 1" in shown
    without = tuple(replace(item, top="") if item.name == "Figure 1" else item for item in ITEMS)
    monkeypatch.setattr(items_module, "ITEMS", without)
    assert main(["prove", "Figure 1", "--jobs", "1"]) == 0
    assert "Figure 1: open: no top statement yet; 4 claims support it, the least PROVED." in capsys.readouterr().out


@pytest.mark.usefixtures("no_workers")
def test_an_item_is_worth_the_same_when_its_results_come_and_when_they_are_kept(
    own_cache: object, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["prove", "equation2", "--jobs", "1"]) == 0
        out = capsys.readouterr().out
        assert "rounding.clip" in out, "what the top uses, and nobody asked for"
        assert "Equation (2): PROVED, by its top statement equation2.batch; left out: " in out


OWN = '''
from verify.obligations.obligation import obligation

@obligation("sigma.figure", paper="Figure 1", of=lambda case: 1, twin=lambda case: 2)
def one(number, case):
    """The number is 1."""
    case.show("one", number == 1)
'''


@pytest.mark.usefixtures("no_workers")
def test_a_users_claim_with_the_id_of_a_top_is_none(
    own_cache: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.py").write_text(OWN)
    assert main(["prove", str(tmp_path / "own.py"), "--jobs", "1"]) == 0
    assert main(["show", "sigma.figure", "--file", str(tmp_path / "own.py")]) == 0
    out = capsys.readouterr().out
    assert "sigma.figure" in out and "top statement" not in out
