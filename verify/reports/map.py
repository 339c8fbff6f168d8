"""The map of the paper as Markdown and as rows for a picture."""

from collections.abc import Iterable, Sequence

from rich.table import Table

from verify.obligations.verdict import Verdict
from verify.reports.colours import COLOURS
from verify.reports.items import Row, refuted
from verify.reports.mutation import kept_scores
from verify.screen.printing import plain_table, styled


def markdown(rows: Iterable[Row]) -> str:
    """The map as a Markdown page: the same bytes for the same verdicts and the same kept scores."""
    lines = [
        "# Map of the paper",
        "",
        "Written by `querygrad map --markdown`. The verdict is the least of an item's claims and of everything they "
        "need.",
        "Claims about a stated finite case (`of which finite`) back up general ones and lower no verdict unless they "
        "fail; an item that",
        "has only such claims is CHECKED. Claims of the paper that are false as printed are counted apart, with their "
        "lines of the",
        "[errata](errata.md). *Given {...}* names cited facts that are assumed. *Changes noticed* is the share of "
        "small",
        "changes to the construction that its claims notice, and that claims or tests do ([mutation](mutation.md)), "
        "where it was measured.",
        "",
        "| item | what it says | construction | claims | of which finite | false as printed | verdict | "
        "changes noticed |",
        "|---|---|---|---:|---:|---|---|---|",
    ]
    scores = kept_scores()
    for row in rows:
        item, rest = row.item, f"; open: {row.item.rest}" if row.item.rest else ""
        built = f"`{item.construction}`" if "/" in item.construction else item.construction
        lines.append(
            f"| {item.name} | {item.title} | {built} | {row.claims} | {row.checked} | {refuted(row)} "
            f"| {row.verdict}{rest} | {scores[item.name].said if item.name in scores else ''} |"
        )
    return "\n".join(lines) + "\n"


def drawn(rows: Iterable[Row]) -> list[tuple[str, tuple[str, ...], str]]:
    """The rows as ``draw_map`` takes them: item, the items it rests on, verdict."""
    return [(row.item.name, row.item.needs, row.verdict) for row in rows]


def map_table(rows: Sequence[Row]) -> Table:
    """The map: item, what it says, construction, claims, false printings, verdict."""
    names = ("item", "what it says", "construction", "claims", "finite", "false as printed", "verdict")
    found = plain_table(*names, right=("claims", "finite"))
    found.columns[0].no_wrap = True
    for row in rows:
        colour = next((COLOURS[verdict] for verdict in Verdict if row.verdict.startswith(verdict.name)), "dim")
        item = row.item
        counts = (str(row.claims), str(row.checked or ""), refuted(row))
        found.add_row(item.name, item.title, item.construction, *counts, styled(row.verdict, colour))
    return found
