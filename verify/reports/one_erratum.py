"""An erratum for people: the printed claim beside its repair, then each counterexample vertex by vertex."""

from collections.abc import Mapping, Sequence

from rich.box import HEAVY_HEAD
from rich.console import Console
from rich.text import Text

from verify.discharge.result import Result
from verify.obligations.errata import Erratum
from verify.obligations.obligation import Obligation
from verify.reports.colours import coloured
from verify.reports.one_obligation import counterexample
from verify.screen.printing import TableStyle, joined, plain_table, stacked

Pair = tuple[Obligation | None, Obligation | None]


def pairs(printed: Sequence[Obligation], repaired: Sequence[Obligation]) -> list[Pair]:
    """Each printed claim beside a repaired one that states the same of another subject, if there is one; then the other
    repairs."""
    left = list(repaired)
    found: list[Pair] = []
    for one in printed:
        same = next((other for other in left if other.claim is one.claim), None)
        found.append((one, same))
        left = [other for other in left if other is not same]
    filled = [(one, beside if beside or not left else left.pop(0)) for one, beside in found]
    return [*filled, *((None, other) for other in left)]


def print_erratum(
    out: Console,
    erratum: Erratum,
    obligations: Mapping[str, Obligation],
    results: Sequence[Result],
    *,
    full: bool = False,
) -> None:
    """What is wrong, what mends it, both sides with their verdicts, and where the printed claims fail.

    Parameters
    ----------
    out : where it is printed. erratum : the line.
    obligations, results : all of the paper's, and what became of those of this erratum.
    full : with every vertex and whole formulas.
    """
    printed, repaired = erratum.sides(obligations)
    by_id = {result.id: result for result in results}
    out.print(f"{erratum.id}  {erratum.wrong}", style="bold")
    if erratum.repair:
        out.print(f"The repair: {erratum.repair}")
    table = plain_table(
        "as printed", "repaired, and what is true", style=TableStyle(box=HEAVY_HEAD, pad_edge=True, show_lines=True)
    )
    for column in table.columns:
        column.ratio = 1
    for pair in pairs(printed, repaired):
        table.add_row(*(_cell(obligation, by_id) for obligation in pair))
    out.print(table)
    for obligation in printed:
        result = by_id.get(obligation.id)
        if result is not None and result.claim is not None and result.claim.counterexample is not None:
            out.print()
            out.print(f"{obligation.id}, as printed:", style="bold")
            for line in counterexample(obligation, result, full=full):
                out.print(line, soft_wrap=True)


def _cell(obligation: Obligation | None, by_id: Mapping[str, Result]) -> Text:
    if obligation is None:
        return joined()
    result = by_id[obligation.id]
    verdict = coloured(result.verdict, good=result.verdict is result.expect)
    return stacked([joined(f"{obligation.id}: ", verdict), obligation.statement])
