"""The map of the paper as Markdown and as rows for a picture."""

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table

from verify.obligations.verdict import Verdict
from verify.reports.colours import COLOURS
from verify.reports.items import Row, left_out, refuted
from verify.reports.mutation import KeptScore, kept_scores
from verify.screen.printing import plain_table, styled

COLUMNS = (
    "item",
    "what it says",
    "construction",
    "verdict",
    "top statement",
    "left out",
    "support",
    "finite",
    "false as printed",
    "changes noticed",
)


def markdown(rows: Iterable[Row]) -> str:
    """The map as a Markdown page: the same bytes for the same verdicts and the same kept scores.

    >>> from verify.obligations.item import Item
    >>> item = Item("Lemma 99", "a gate returns its bit", top="lemma99.gate", differs=("the weights are any",))
    >>> for line in markdown([Row(item, "PROVED", support=2, least="CHECKED", finite=1)]).splitlines()[-5:]:
    ...     print(line)
    | Lemma 99 | a gate returns its bit | open | PROVED | `lemma99.gate` |  | 2, least CHECKED | 1 |  |  |
    <BLANKLINE>
    ## How the top statements differ from the printed sentences
    <BLANKLINE>
    * **Lemma 99** (`lemma99.gate`): the weights are any.
    """
    lines = [
        "# Map of the paper",
        "",
        "Written by `querygrad map --markdown`. An item is worth what its *top statement* is worth: the one claim that "
        "says what the item",
        "says, with everything that it uses. An item without one is open, whatever supports it. *Support* counts the "
        "other claims of the",
        "item and names the least of their verdicts (*finite*: how many are about a stated finite case); it raises "
        "nothing. Claims of the",
        "paper that are false as printed are counted apart, with their lines of the [errata](errata.md). *Given {...}* "
        "names what is",
        "assumed: cited facts and principles. *Changes noticed* is the share of small changes to the construction that "
        "its claims notice,",
        "and that claims or tests do ([mutation](mutation.md)), where it was measured. Below the table stands how each "
        "top statement",
        "differs from the printed sentence.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|---|---|---|---|---|---|---|---:|---|---|",
    ]
    kept, scores = list(rows), kept_scores()
    lines += [f"| {' | '.join(_cells(row, scores))} |" for row in kept]
    lines += ["", "## How the top statements differ from the printed sentences", ""]
    for row in kept:
        if row.item.top:
            lines.append(f"* **{row.item.name}** (`{row.item.top}`): {'; '.join(row.item.differs) or 'in nothing'}.")
    return "\n".join(lines) + "\n"


def _cells(row: Row, scores: Mapping[str, KeptScore]) -> tuple[str, ...]:
    """The cells of one line of the map."""
    item = row.item
    built = f"`{item.construction}`" if "/" in item.construction else item.construction
    left = ", ".join(f"{what} ({verdict})" for what, verdict in row.parts)
    top = f"`{item.top}`" if item.top else ""
    noticed = scores[item.name].said if item.name in scores else ""
    counts = (supported(row), str(row.finite or ""), refuted(row))
    return (item.name, item.title, built, row.verdict, top, left, *counts, noticed)


def supported(row: Row) -> str:
    """How many claims support an item, and the least of their verdicts.

    >>> from verify.obligations.item import Item
    >>> supported(Row(Item("an item", "says"), "open", support=3, least="CHECKED"))
    '3, least CHECKED'
    """
    return f"{row.support}, least {row.least}" if row.support else ""


def drawn(rows: Iterable[Row]) -> list[tuple[str, tuple[str, ...], str]]:
    """The rows as ``draw_map`` takes them: item, the items it rests on, verdict.

    >>> from verify.obligations.item import Item
    >>> drawn([Row(Item("Lemma 99", "a gate returns its bit", needs=("Figure 1",)), "PROVED")])
    [('Lemma 99', ('Figure 1',), 'PROVED')]
    """
    return [(row.item.name, row.item.needs, row.verdict) for row in rows]


def map_table(rows: Sequence[Row]) -> Table:
    """The map: item, what it says, construction, verdict, top statement, support, false printings.

    >>> from verify.obligations.item import Item
    >>> from verify.screen.printing import console
    >>> item = Item("Lemma 99", "a gate returns its bit", construction="gates.py", top="lemma99.gate")
    >>> row = Row(item, "PROVED", support=2, least="CHECKED", finite=1)
    >>> console().print(map_table([row]))  # doctest: +NORMALIZE_WHITESPACE
    item      what it says            construction  verdict  top statement  support           false as printed
    Lemma 99  a gate returns its bit  gates.py      PROVED   lemma99.gate   2, least CHECKED
    """
    names = ("item", "what it says", "construction", "verdict", "top statement", "support", "false as printed")
    found = plain_table(*names)
    found.columns[0].no_wrap = True
    for row in rows:
        colour = next((COLOURS[verdict] for verdict in Verdict if row.verdict.startswith(verdict.name)), "dim")
        item = row.item
        verdict = styled(f"{row.verdict}{left_out(row) if item.top else ''}", colour)
        found.add_row(item.name, item.title, item.construction, verdict, item.top, supported(row), refuted(row))
    return found
