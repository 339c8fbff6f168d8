"""The page of the whole paper keeps to its budget: its weight, and the time until something is seen."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.verify.pages.browsing import NEEDS_BROWSER, severe, started, violations
from tests.verify.pages.test_notes import NOTES
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.pages.claims import Known
from verify.pages.notes import notes_in
from verify.pages.page import write_page
from verify.reports.items import map_rows

MOST_BYTES, MOST_MILLISECONDS = 1_500_000, 1000
LOADS = 8
"""A machine that does other things as well is slow now and then: the fastest of so many loads counts."""
MODELS = (
    "lemma11.active.minimal.q",
    "lemma11.after.minimal.q'",
    "lemma11.active.printed.q'",
    "lemma3b.vc.printed",
    "lemma11.digits",
    "equation3.valid",
    "rounding.exists",
    "sigma.figure",
    "lemma11.steps",
)
"""Claims of many and of few facts, proved and refuted."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of all claims; what became of those that are not examined here is what became of others, but for the
    values at which those fail: they mean nothing for another claim, which is replayed there."""
    known = paper_obligations()
    found = [discharge(known[id]) for id in MODELS]
    own = {each.id: each for each in found}
    models = cycle(
        [replace(each, claim=replace(each.claim, uses=(), counterexample=None)) for each in found if each.claim]
    )
    results = [
        own.get(id)
        or replace(model, id=id, paper=each.paper, statement=each.statement, erratum=each.erratum, needs=each.needs)
        for model, (id, each) in zip(models, known.items(), strict=False)
    ]
    path = tmp_path_factory.mktemp("budget") / "report.html"
    shown = Known({each.id: each for each in results}, known)
    write_page(path, results, shown, title="all", rows=map_rows(list(known.values()), results), notes=notes_in(NOTES))
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser with nobody's settings."""
    yield from started(tmp_path_factory.mktemp("profile"))


@pytest.mark.slow
def test_the_page_of_the_paper_weighs_no_more_than_it_may(page: Path) -> None:
    assert len(paper_obligations()) > 800 and 900_000 < page.stat().st_size <= MOST_BYTES


@pytest.mark.slow
@NEEDS_BROWSER
def test_something_is_seen_within_a_second(browser: Any, page: Path) -> None:
    times = []
    for _ in range(LOADS):
        browser.get("about:blank")
        browser.get(page.as_uri())
        browser.execute_async_script("ready.then(arguments[0])")
        times.append(
            browser.execute_script("return performance.getEntriesByName('first-contentful-paint')[0].startTime")
        )
    assert min(times) < MOST_MILLISECONDS, times
    claims = browser.execute_script("return document.querySelectorAll('#claims details.claim').length")
    assert claims == len(paper_obligations()) and severe(browser) == []


@pytest.mark.slow
@NEEDS_BROWSER
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation_in_the_page_of_the_paper(browser: Any, page: Path, theme: str) -> None:
    browser.get(page.as_uri())
    browser.execute_async_script("ready.then(arguments[0])")
    browser.execute_script(f"document.documentElement.dataset.theme = '{theme}'")
    assert violations(browser) == []
