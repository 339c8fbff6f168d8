"""The page as text: links lead somewhere, names are text, nothing is fetched, and everything is said."""

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace

from verify.commands.main import main
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict
from verify.pages.claims import Known
from verify.pages.markup import VOID
from verify.pages.page import MOST_IN_FULL, page_of
from verify.provers.outcome import Departure, Examination, FactFinding
from verify.reports.items import map_rows

UGLY = "<script>alert('1')</script>\"'>&amp;\x00\ud800%~#é\u202e"
IDS = ("sigma.figure", "lemma3b.vc.printed", "lemma11.active.printed.q'", "equation3.valid")


class Reader(HTMLParser):
    """Elements, ids and addresses of a page; an element that ends where it should not is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.kinds: Counter[str] = Counter()
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.kinds[tag] += 1
        given = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [str(given[name]) for name in ("href", "src") if given.get(name)]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.kinds[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def results() -> list[Result]:
    """Some results of the paper: proved, and refuted with a vertex that leaves its piece."""
    return [discharge(paper_obligations()[id]) for id in IDS]


@pytest.fixture(scope="module")
def page(results: list[Result]) -> str:
    """The page of the paper with these results."""
    known = paper_obligations()
    rows = map_rows(list(known.values()), results)
    return page_of(results, Known({each.id: each for each in results}, known), title="the paper", rows=rows)


def ugly_result(name: str) -> Result:
    """A result in which every text is a name."""
    claim = Examination(
        verdict=Verdict.REFUTED,
        facts=(FactFinding(name, Verdict.REFUTED, 1, name),),
        failing=(name,),
        leaves=Departure(name, name, Fraction(1, 2), name),
        witness={name: Fraction(1)},
        counterexample={name: Fraction(1)},
    )
    return Result(
        id=name,
        paper=name,
        statement=name,
        prover=name,
        expect=Verdict.PROVED,
        needs=(name,),
        erratum=name,
        finite=name,
        claim=claim,
        twin=claim,
        given=(name,),
    )


def test_the_page_is_well_formed_and_every_link_leads_to_one_place(page: str) -> None:
    found = Reader(page)
    assert not found.open and [id for id, times in Counter(found.ids).items() if times > 1] == []
    inside = {link[1:] for link in found.links if link.startswith("#")}
    assert inside <= set(found.ids) and len(inside) > 40


def test_nothing_is_fetched(page: str) -> None:
    found = Reader(page)
    assert all(link.startswith("#") for link in found.links)
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|import\(|http", re.sub(r"<svg.*?</svg>", "", page))


def test_names_are_text_and_never_markup() -> None:
    result = ugly_result(UGLY)
    found = Reader(page_of([result, replace(result, id="b")], Known({}), title=UGLY))
    assert found.kinds["script"] == 2 and not found.open
    assert "alert('1')" in "".join(found.text)
    assert all(part.isprintable() or part.isspace() for line in found.text for part in line.split("\n"))


def test_what_is_refuted_is_drawn_at_the_vertex_that_fails(page: str) -> None:
    part = page[page.index('id="o-lemma3b.vc.printed"') :]
    part = part[: part.index("</details>")]
    assert "first vertex off its piece" in part and "FAILS HERE" in part and "expected" in part


def test_an_item_has_its_top_statement_what_it_differs_in_and_what_it_leaves_out(page: str) -> None:
    part = page[page.index('id="i-Equation~20~283~29"') :]
    part = part[: part.index("</section>")]
    for said in ("Top statement: ", "Differs from the printed sentence:", "Left out:", "✔ PROVED", "rounding.py"):
        assert said in part


def test_the_errata_stand_as_printed_beside_their_repair(page: str) -> None:
    part = page[page.index('id="e-E04"') :]
    part = part[: part.index("</section>")]
    assert "As printed" in part and "Repair: " in part and "It fails" not in part and "fails at" in part


def test_what_fails_without_leaving_a_piece_is_drawn_too(page: str) -> None:
    part = page[page.index('id="e-E03"') :]
    part = part[: part.index("</section>")]
    assert "The counterexample of" in part and part.count("<rect") >= 7 and "FAILS HERE" not in part
    assert part.count("IN WHAT FAILS") == 2 and part.count('class="n named"') == 2


def test_statements_and_facts_of_claims_are_typeset(page: str) -> None:
    part = page[page.index('id="o-lemma3b.vc.printed"') :]
    part = part[: part.index("</details>")]
    assert part[: part.index("</summary>")].count("<msub><mi>v</mi><mi>c</mi></msub>") == 1
    assert part.count("<msub><mi>v</mi><mi>c</mi></msub>") > 2


def test_a_short_page_is_printed_opened_and_a_long_one_as_it_is(results: list[Result]) -> None:
    found = results[0]
    many = [replace(found, id=f"claim.{i}") for i in range(MOST_IN_FULL + 1)]
    for chosen, value in ((results, "all"), (many, "open")):
        page = page_of(chosen, Known({each.id: each for each in chosen}), title="the paper")
        assert f'id="paper"><option value="{value}">' in page


def test_an_item_has_its_mutation_score_its_note_and_its_source(results: list[Result]) -> None:
    known, notes = paper_obligations(), {"foundations.md": "# On rounding"}
    shown = Known(
        {each.id: each for each in results},
        known,
        scores={"Equation (3)": "20 %, 100 % of 20"},
        notes=notes,
        source="https://a.b/tree",
    )
    rows = map_rows(list(known.values()), results)
    page = page_of(results, shown, title="the paper", rows=rows, notes=notes)
    part = page[page.index('id="i-Equation~20~283~29"') :]
    part = part[: part.index("</section>")]
    assert "notice: 20 %, 100 % of 20." in part and 'href="#n-foundations.md"' in part
    assert 'href="https://a.b/tree/constructions/foundations/rounding.py"' in part
    claim = page[page.index('id="o-equation3.valid"') :]
    assert re.search(r'href="https://a.b/tree/verify/claims/[a-z/]+\.py#L\d+"', claim[: claim.index("</details>")])


def test_an_address_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "sigma.figure", "-o", "page.html", "--source", "javascript:alert(1)"]) == 2
    assert "need an address that begins with https:// or http://" in capsys.readouterr().err


def test_a_verdict_is_never_said_by_colour_alone(page: str) -> None:
    badges = re.findall(r'<span class="v (\w+)[^"]*">([^<]*)</span>', page)
    assert badges and all(len(text.split()) > 1 and text.split()[1].rstrip(":") == kind for kind, text in badges)


@pytest.mark.usefixtures("no_workers")
def test_a_file_of_a_user_has_the_same_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    latch = Path(__file__).parents[3] / "examples" / "latch.py"
    assert main(["report", str(latch), "-o", "latch.html", "-q", "--jobs", "1"]) == 0
    assert capsys.readouterr().out == "wrote 3 claims: latch.html\n"
    found = Reader(Path("latch.html").read_text(encoding="utf-8"))
    assert {"o-latch.right", "o-latch.still", "o-latch.remembers"} <= set(found.ids) and "items" not in found.ids


USES_ITS_OWN = """
from constructions.foundations.activation import HARD_TANH
from constructions.foundations.network import Fragment
from verify.obligations.obligation import obligation

def gadget(case):
    from weights_beside import WEIGHT
    return Fragment(inputs=("x",), outputs=("v",), edges={("x", "v"): WEIGHT}, sigma=HARD_TANH)

@obligation("mine.flat", paper="mine", of=gadget, twin=lambda case: gadget(case).with_weight("x", "v", 0))
def stays_flat(subject, case):
    "The vertex is flat."
    x = case.real("x")
    case.assume(x >= 1)
    case.run(subject, {"x": x}, label="half", expect={"v": HARD_TANH.pieces[-1]})
"""


@pytest.mark.usefixtures("no_workers")
def test_a_gadget_is_drawn_where_the_file_finds_its_own_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(USES_ITS_OWN)
    Path("weights_beside.py").write_text("from fractions import Fraction\n\nWEIGHT = Fraction(1, 2)\n")
    assert main(["report", "mine.py", "-o", "mine.html", "-q", "--jobs", "1"]) == 1
    assert "wrote 1 claims: mine.html" in capsys.readouterr().out
    assert "FAILS HERE" in Path("mine.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"), [(["-o", "page.pdf"], ".html"), (["-o", "no/page.html"], "at no"), ([], "-o")]
)
def test_a_page_that_cannot_be_written_is_refused_before_the_run(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "sigma.figure", *words]) == 2
    assert said in capsys.readouterr().err


def test_unknown_errata_and_claims_are_no_links(results: list[Result]) -> None:
    lonely: Mapping[str, str] = {"erratum": "E99"}
    found = Reader(page_of([replace(results[0], needs=("not.there",), **lonely)], Known({}), title="one"))
    assert {link[1:] for link in found.links} <= set(found.ids) | {"content"}


def test_what_is_not_as_expected_is_said_in_words() -> None:
    holds = Examination(verdict=Verdict.PROVED, facts=(FactFinding("low", Verdict.PROVED, 1, ""),))
    fails = Examination(verdict=Verdict.REFUTED, counterexample={"x": Fraction(1)}, failing=("low",))
    given = {"paper": "mine", "statement": "It holds.", "prover": "z3", "expect": Verdict.PROVED, "needs": ()}
    empty = Result(id="mine.empty", claim=holds, twin=holds, **given)  # type: ignore[arg-type]
    wrong = Result(id="mine.wrong", claim=fails, twin=fails, **given)  # type: ignore[arg-type]
    right = Result(id="mine.right", claim=holds, twin=fails, **given)  # type: ignore[arg-type]
    results = [empty, wrong, right]
    page = page_of(results, Known({each.id: each for each in results}), title="mine")
    assert page.count("(not as expected)") == 4 and "PROVED, and not REFUTED: " in page
    part = page[page.index('id="o-mine.right"') :]
    assert "not as expected" not in part and 'class="v REFUTED"' in page[: page.index('id="claims"')]
