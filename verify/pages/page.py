"""The page as a whole: one file that needs nothing else, works without a server, and says the same on paper.

Everything that is shown is HTML from the start, but for what opens of the claims if there are many: the script unpacks
that. Besides it searches, zooms, opens what a link points to, switches between dark and light, and runs the gadget.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from verify.discharge.result import Result
from verify.obligations.errata import ERRATA
from verify.pages.assets_of import asset
from verify.pages.claims import Known
from verify.pages.gadget_section import EXAMPLES, gadget_script, gadget_section
from verify.pages.markup import Markup, element, joined
from verify.pages.notes import notes_section
from verify.pages.packed import Packed
from verify.pages.playing import Playable
from verify.pages.sections import claims_section, erratum_section, item_section, map_picture, uses_picture
from verify.pages.verdicts import SIGNS, badge
from verify.reports.items import BESIDE, Row
from verify.screen.files import write_text

MOST_IN_FULL = 200
"""What opens of more claims is packed, so that the page stays small."""
MEANINGS = {
    "PROVED": "for all values of the variables",
    "CHECKED": "at every point of a stated finite case",
    "REFUTED": "there is a counterexample; expected where a claim is false as printed",
    "UNKNOWN": "the solver does not know",
    "VACUOUS": "the premises cannot hold together",
    "open": "there is no top statement yet",
}
KEYS = (
    ("/", "search"),
    ("Esc", "clear the search"),
    ("+ and -", "zoom the picture"),
    ("arrows on the picture", "move it"),
    ("o", "open or close all that is shown"),
)

PAPER = (("open", "what is open"), ("all", "everything, opened"))
"""What can be printed; the first of a long page is the last of a short one."""


def page_of(
    results: Sequence[Result],
    known: Known,
    *,
    title: str,
    rows: Sequence[Row] = (),
    fragments: Mapping[str, Playable] = EXAMPLES,
    notes: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The page about some results.

    Parameters
    ----------
    results : in the order in which they are shown. known : these and the obligations whose claims are loaded.
    title : of the page. rows : the map of the paper; none for a user's own file.
    fragments : graphs to play with, beside Q and Q', by name.
    notes : texts in Markdown, by their paths.

    >>> from verify.obligations.verdict import Verdict
    >>> found = Result(id="mine.<low>", paper="mine", statement="x < y.", prover="z3", expect=Verdict.PROVED, needs=())
    >>> page = page_of([found], Known({found.id: found}), title="mine & yours")
    >>> page.startswith("<!DOCTYPE html>"), "mine &amp; yours" in page, "<low>" in page
    (True, True, False)
    """
    packed = Packed()
    parts = _parts(results, known, rows, fragments, notes, packed)
    links = joined(element("a", name, href=f"#{id}") for id, name, _ in (each for each in parts))
    body = joined(
        [
            element("a", "To the content", href="#content", class_="skip"),
            element(
                "header",
                element("h1", title),
                _tools(many=len(results) > MOST_IN_FULL),
                element("nav", links, aria_label="parts"),
            ),
            element("main", _legend(results), *(section for _, _, section in parts), id="content"),
            packed.held,
            Markup(f"<script>{asset('page.js')}{gadget_script()}</script>"),
        ]
    )
    head = joined(
        [
            element("meta", charset="utf-8"),
            element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
            element("title", title),
            Markup(f"<style>{asset('page.css')}</style>"),
        ]
    )
    return f"<!DOCTYPE html>\n{element('html', element('head', head), element('body', body), lang='en')}\n"


def _parts(
    results: Sequence[Result],
    known: Known,
    rows: Sequence[Row],
    fragments: Mapping[str, Playable],
    notes: Mapping[str, str],
    packed: Packed,
) -> list[tuple[str, str, Markup]]:
    """Each part of the page: its id, its name, and what is in it."""
    of_many = packed if len(results) > MOST_IN_FULL else None
    numbered = [row for row in rows if row.verdict != BESIDE]
    parts = [_part("map", "Map", _zoomed(map_picture(rows) if rows else uses_picture(results)))]
    if rows:
        parts.append(
            _part("items", "Items of the paper", joined(item_section(row, known, of_many) for row in numbered))
        )
        errata = joined(erratum_section(each, known, of_many) for each in ERRATA.values())
        parts.append(_part("errata", "Errata", errata))
    parts.append(_part("gadget", "A gadget to play with", gadget_section(fragments)))
    if notes:
        parts.append(_part("notes", "Notes", notes_section(notes, packed)))
    parts.append(_part("claims", "All claims", claims_section(results, known, of_many)))
    return parts


def _part(id: str, name: str, content: Markup) -> tuple[str, str, Markup]:
    return id, name, element("section", element("h2", name), content, id=id, class_="part")


def _zoomed(drawn: Markup) -> Markup:
    buttons = [
        element("button", text, type="button", data_zoom=by, aria_label=said)
        for text, by, said in (("+", "1.25", "larger"), ("−", "0.8", "smaller"), ("fit", "0", "all of it"))
    ]
    return joined([element("div", *buttons, class_="zoom"), drawn]) if "<svg" in drawn else drawn


def _tools(*, many: bool) -> Markup:
    search = element("input", type="search", id="search", aria_label="search", placeholder="search (press /)")
    count = element("output", "", id="found", aria_live="polite")
    theme = element("button", "dark or light", type="button", id="theme")
    keys = joined(joined([element("dt", element("kbd", key)), element("dd", meaning)]) for key, meaning in KEYS)
    choices = PAPER if many else PAPER[::-1]
    paper = element("select", *(element("option", said, value=value) for value, said in choices), id="paper")
    printed = element("p", element("label", "on paper: ", paper))
    help_ = element("details", element("summary", "help"), element("div", element("dl", keys), printed), class_="keys")
    return element("div", search, count, theme, help_, class_="tools")


def _legend(results: Sequence[Result]) -> Markup:
    counts = Counter(str(result.word) for result in results)
    lines = [
        element("li", badge(word), f" {meaning}{f': {counts[word]} claims' if counts[word] else ''}")
        for word, meaning in MEANINGS.items()
        if word in SIGNS
    ]
    odd = sum(not result.as_expected for result in results)
    said = "All verdicts are as expected." if not odd else f"{odd} verdicts are not as expected; they are marked."
    return element("section", element("p", said), element("ul", *lines, class_="legend"), aria_label="verdicts")


def write_page(
    path: Path,
    results: Sequence[Result],
    known: Known,
    *,
    title: str,
    rows: Sequence[Row] = (),
    fragments: Mapping[str, Playable] = EXAMPLES,
    notes: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write the page to the file at a path; ``results``, ``known``, ``title``, ``rows``, ``fragments``
    and ``notes`` are those of :func:`page_of`. Raises ConstructionError if it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_page(Path(folder, "page.html"), [], Known({}), title="nothing")
    ...     Path(folder, "page.html").read_text().endswith("</html>\\n")
    True
    """
    write_text(path, page_of(results, known, title=title, rows=rows, fragments=fragments, notes=notes))
