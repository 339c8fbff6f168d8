"""The table of errata against the notes and the obligations, and errata and items that are not built yet on the
command line."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from verify.commands.main import main
from verify.obligations import paper
from verify.obligations.catalogue import paper_obligations, select
from verify.obligations.errata import ERRATA, erratum_named
from verify.obligations.faults.erratum import Erratum
from verify.obligations.item import Item
from verify.obligations.paper import ITEMS, belongs, item_named
from verify.obligations.verdict import Verdict
from verify.reports.one_erratum import pairs

pytestmark = pytest.mark.usefixtures("no_workers")
NOTE = (Path(__file__).parents[3] / "proofs_notes" / "errata.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip(): [cell.strip() for cell in cells[1:]]
    for cells in (line.strip("|").split(" | ") for line in NOTE.splitlines() if re.match(r"\| [ES]\d+ \|", line))
}
NONE = "none: "
"""How the repair of an erratum begins that has none."""


def quoted(text: str) -> set[str]:
    """The ids and patterns in a cell; after `lemma3b.vc.minimal` a short `.strong` stands for `lemma3b.vc.strong`."""
    found: set[str] = set()
    last = ""
    for name in re.findall(r"`(\.?[\w'*-]+(?:\.[\w'*-]+)*)`", text):
        if "." in name:
            last = last.rpartition(".")[0] + name if name.startswith(".") else name
            found.add(last)
    ids = paper_obligations()
    return {pattern for pattern in found if any(fnmatchcase(id, pattern) for id in ids)}


@pytest.fixture
def one_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """An item of which nothing is built."""
    monkeypatch.setattr(paper, "ITEMS", (*ITEMS, Item("Corollary 9", "an item to come")))


@pytest.mark.parametrize("erratum", ERRATA.values(), ids=lambda erratum: erratum.id)
def test_both_sides_of_an_erratum_are_what_they_say(erratum: Erratum) -> None:
    obligations = paper_obligations()
    for pattern in (*erratum.printed, *erratum.repaired):
        assert any(fnmatchcase(id, pattern) for id in obligations), pattern
    printed, repaired = erratum.sides(obligations)
    assert all(obligation.expect is Verdict.REFUTED for obligation in printed)
    assert all(obligation.expect is not Verdict.REFUTED for obligation in repaired)
    assert not printed or repaired or erratum.repair.startswith(NONE)


def test_the_erratum_of_every_obligation_is_in_the_table_on_its_side() -> None:
    obligations, told = paper_obligations(), 0
    for obligation in obligations.values():
        if obligation.erratum:
            printed, repaired = ERRATA[obligation.erratum].sides(obligations)
            assert obligation in (printed if obligation.expect is Verdict.REFUTED else repaired)
            told += 1
    assert told > 60


@pytest.mark.parametrize("id", ROWS)
def test_the_table_says_what_the_note_says(id: str) -> None:
    erratum, (_, wrong, _, *sides) = ERRATA[id], ROWS[id]
    assert erratum.wrong == wrong
    told = {*erratum.printed, *erratum.repaired}
    assert {
        name for name in quoted(" ".join(sides)) if not any(fnmatchcase(name, pattern) for pattern in told)
    } == set()


def test_every_erratum_of_the_table_is_in_the_note_and_the_other_way_round() -> None:
    known = " ".join(NOTE[NOTE.index("## Known, not yet checked here") :].split())
    assert set(ERRATA) == {*ROWS, *re.findall(r"E\d+", known)} and len(ROWS) > 40
    assert all(f"{id} ({ERRATA[id].wrong})" in known for id in set(ERRATA) - set(ROWS))


@pytest.mark.slow
def test_an_erratum_is_shown_with_both_sides_and_its_counterexample(
    kept_verdicts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "e04"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "E04  Lemma 3b: vc gets 1/2 from a bit and 1 from the constant\nThe repair: vc gets 7/8 and 5/4\n"
    )
    assert re.search(r"lemma3b\.vc\.printed: REFUTED +│ lemma3b\.vc\.minimal: PROVED", out)
    assert re.search(r"vc +0 .*ON A KINK", out)


def test_an_erratum_is_proved_and_told(kept_verdicts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "E13", "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    assert "lemma1.label.repaired" in out and "4 obligations:" in out
    assert re.search(r"lemma1\.label\.printed: REFUTED +│ lemma1\.label\.repaired: PROVED", out)
    assert "lemma1.label.printed, as printed:\nThe claim fails at p=" in out
    assert main(["prove", "E13", "--jobs", "1", "--json", "-"]) == 0
    assert capsys.readouterr().out.startswith("{")


def test_a_printed_claim_stands_beside_the_repair_that_states_the_same() -> None:
    obligations = paper_obligations()
    printed, repaired = ERRATA["E03"].sides(obligations)
    found = [(one and one.id, beside and beside.id) for one, beside in pairs(printed, repaired)]
    assert found[0] == ("lemma11.active.printed.q'", "lemma11.active.minimal.q'")
    assert ("skeleton.trained.only-vc", "skeleton.trained.minimal") in found
    (first, second), *rest = pairs(*ERRATA["E10"].sides(obligations))
    assert first and second and (first.id, second.id) == ("theorem2a.rounds.printed", "theorem2a.rounds.repaired")
    assert [one for one, _ in rest] == [None, None]
    assert pairs(*ERRATA["E39"].sides(obligations))[0][1] is None


@pytest.mark.parametrize("command", ["prove", "show"])
@pytest.mark.parametrize(
    ("item", "words"),
    [
        (
            "Corollary 9",
            "got 'Corollary 9', which is known (an item to come) but not built yet: 'querygrad map'",
        ),
        (
            "corollary  9",
            "got 'corollary 9', which is known (an item to come) but not",
        ),
        ("E42", "got 'E42', an erratum without an obligation: footnote 3: the models are piecewise linear."),
        ("E99", "need an id, the first parts of one, or an item of the paper, got 'E99'"),
        ("Lemma 99", "got 'Lemma 99' (close: "),
    ],
)
@pytest.mark.usefixtures("one_to_come")
def test_what_is_known_but_not_built_is_no_slip(
    own_cache: Path, capsys: pytest.CaptureFixture[str], command: str, item: str, words: str
) -> None:
    assert main([command, item]) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "corollary 9",
            "got 'Corollary 9', which is known (an item to come) but not built yet: 'querygrad map' shows",
        ),
        (
            "Lemma 8",
            "got 'Lemma 8', which is known (one step writes a query's answer into the parameters) but has none: try",
        ),
        (
            "10",
            "got 'Lemma 10', which is known (a circuit as a network that no gradient touches) but has none: "
            "try 'querygrad prove",
        ),
        ("9z", "need a theorem among theorem 2a, "),
    ],
)
@pytest.mark.usefixtures("one_to_come")
def test_a_theorem_without_a_pipeline_says_what_there_is(
    capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    assert main(["theorem", *words.split()]) == 2
    assert said in capsys.readouterr().err


def test_an_item_names_all_that_the_map_counts() -> None:
    obligations = paper_obligations()
    for item in ITEMS:
        mine = {id for id, obligation in obligations.items() if belongs(obligation, item)}
        if mine:
            assert mine <= set(select(obligations, [item.name.upper()]))
        assert item_named(item.name) is item
    of_definition_2 = {id for id in obligations if id.startswith(("memory.meets.", "definition2."))}
    assert set(select(obligations, ["Definition 2"])) == of_definition_2
    assert erratum_named("E1") is None
