"""The page in a real browser: searched, opened, zoomed, gone through by keys, printed, and read by axe."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.verify.pages.browsing import NEEDS_BROWSER, press, severe, started, violations
from tests.verify.pages.test_notes import NOTES
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.pages.claims import Known
from verify.pages.notes import notes_in
from verify.pages.page import MOST_IN_FULL, write_page
from verify.reports.items import map_rows

pytestmark = [pytest.mark.slow, NEEDS_BROWSER]
IDS = ("sigma.figure", "lemma3b.vc.printed", "equation3.valid", "rounding.exists")


SOME_NOTES = {name: text for name, text in notes_in(NOTES).items() if name in ("glossary.md", "report.md")}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser with nobody's settings."""
    yield from started(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Callable[[str], Any]:
    """Runs a script on the page of some results, opened as a file, and returns what it returns."""
    known = paper_obligations()
    results = [discharge(known[id]) for id in IDS]
    shown, rows = Known({each.id: each for each in results}, known), map_rows(list(known.values()), results)
    write_page(tmp_path / "page.html", results, shown, title="the paper", rows=rows, notes=SOME_NOTES)
    browser.get((tmp_path / "page.html").as_uri())
    browser.execute_async_script("ready.then(arguments[0])")
    return lambda script: browser.execute_script(script)


def test_the_script_runs_without_a_complaint(browser: Any, page: Callable[[str], Any]) -> None:
    assert page("return document.querySelectorAll('details.claim').length") == len(IDS) + len(SOME_NOTES)
    assert severe(browser) == []


def test_the_map_opens_an_item(browser: Any, page: Callable[[str], Any]) -> None:
    node = "document.querySelector('svg.map a[data-name=\"Lemma 11\"]')"
    page(f"{node}.dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")
    assert page("return location.hash") == "#i-Lemma~2011"
    assert page("return document.activeElement.id") == "i-Lemma~2011"


def test_a_link_opens_the_claim_and_shows_its_counterexample(browser: Any, page: Callable[[str], Any]) -> None:
    shown = "return document.getElementById('o-lemma3b.vc.printed').open"
    assert page(shown) is False
    page("location.hash = '#o-lemma3b.vc.printed'")
    browser.implicitly_wait(1)
    assert page(shown) is True
    assert "FAILS HERE" in page("return document.getElementById('o-lemma3b.vc.printed').textContent")


def test_the_search_by_keys_hides_what_does_not_match(browser: Any, page: Callable[[str], Any]) -> None:
    press(browser, "/", "rounding.exists")
    assert page("return document.querySelectorAll('details.claim:not([hidden])').length") == 1
    assert page("return document.querySelectorAll('svg.map a.faded').length") > 10
    assert "found" in page("return document.getElementById('found').textContent")
    press(browser, "\ue00c")
    assert page("return document.querySelectorAll('details.claim[hidden]').length") == 0


def test_the_picture_is_zoomed_and_everything_is_opened_by_keys(browser: Any, page: Callable[[str], Any]) -> None:
    wide = "return document.querySelector('svg.map').getBoundingClientRect().width"
    before = page(wide)
    press(browser, "+")
    assert page(wide) > 1.2 * before
    press(browser, "-", "o")
    assert abs(page(wide) - before) < 2
    assert page("return document.querySelectorAll('details.claim[open]').length") == len(IDS) + len(SOME_NOTES)


def test_dark_and_light_are_switched(page: Callable[[str], Any]) -> None:
    colour = "return getComputedStyle(document.body).backgroundColor"
    before = page(colour)
    page("document.getElementById('theme').click()")
    assert page(colour) != before


def test_what_is_printed_has_everything_open(browser: Any, page: Callable[[str], Any]) -> None:
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert page("return getComputedStyle(document.querySelector('.tools')).display") == "none"
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    page("dispatchEvent(new Event('beforeprint'))")
    assert page("return document.querySelectorAll('details.claim:not([open])').length") == 0
    page("dispatchEvent(new Event('afterprint'))")
    assert page("return document.querySelectorAll('details.claim[open]').length") == 0


def test_of_a_long_page_what_is_open_is_printed_unless_all_is_chosen(browser: Any, page: Callable[[str], Any]) -> None:
    opened = "return document.querySelectorAll('details.claim[open]').length"
    page("document.getElementById('paper').value = 'open'; dispatchEvent(new Event('beforeprint'))")
    assert page(opened) == 0
    page("document.getElementById('paper').value = 'all'; dispatchEvent(new Event('beforeprint'))")
    assert page(opened) == len(IDS) + len(SOME_NOTES)


def test_paper_is_light_and_nothing_on_it_is_cut(browser: Any, page: Callable[[str], Any]) -> None:
    page("document.documentElement.dataset.theme = 'dark'; for (const each of all('details')) each.open = true")
    dark = page("return getComputedStyle(document.querySelector('.v.PROVED')).backgroundColor")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert page("return getComputedStyle(document.querySelector('.v.PROVED')).backgroundColor") != dark
        assert page("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        wide = "[...document.querySelectorAll('.prose, .prose pre, .frame, #gadget .scroll')]"
        assert page(f"return {wide}.every((each) => getComputedStyle(each).overflowX === 'visible')")
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_what_is_packed_of_many_claims_is_unpacked(browser: Any, tmp_path: Path) -> None:
    found = discharge(paper_obligations()["lemma3b.vc.printed"])
    many = [replace(found, id=f"claim.{i}") for i in range(MOST_IN_FULL + 1)]
    write_page(tmp_path / "many.html", many, Known({each.id: each for each in many}), title="many")
    assert "first vertex off its piece" not in (tmp_path / "many.html").read_text()
    browser.get((tmp_path / "many.html").as_uri() + "#o-claim.7")
    browser.execute_async_script("ready.then(arguments[0])")
    assert "first vertex off its piece" in browser.execute_script(
        "return document.getElementById('o-claim.7').innerText"
    )
    said = "document.getElementById('o-claim.7').querySelector('summary .said')"
    assert browser.execute_script(f"return {said}.querySelectorAll('math').length") == 1
    assert browser.execute_script("return document.querySelectorAll('[data-packed]').length") == 0
    press(browser, "/", "off its piece claim.12")
    assert browser.execute_script("return document.querySelectorAll('details.claim:not([hidden])').length") == 11
    assert severe(browser) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Any, page: Callable[[str], Any], theme: str) -> None:
    page(f"document.documentElement.dataset.theme = '{theme}'")
    page("for (const each of document.querySelectorAll('details')) each.open = true")
    assert violations(browser) == []
