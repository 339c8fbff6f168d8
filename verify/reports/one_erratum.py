"""An erratum for people: the printed claim beside its repair, then each counterexample vertex by vertex."""

from collections.abc import Mapping, Sequence

from rich.box import HEAVY_HEAD
from rich.console import Console
from rich.text import Text

from verify.discharge.result import Result
from verify.obligations.faults.erratum import Erratum
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

    >>> from fractions import Fraction
    >>> from msgspec.structs import replace
    >>> from verify.discharge.result import described
    >>> from verify.obligations.verdict import Verdict
    >>> from verify.provers.outcome import Examination
    >>> from verify.screen.printing import console
    >>> def is_small(weight, case):
    ...     "The weight times x is at most 1 for x in [0, 1]."
    ...     x = case.real("x")
    ...     case.assume(x >= 0, x <= 1)
    ...     case.show("small", weight * x <= 1)
    >>> printed = Obligation(
    ...     id="small.printed", paper="mine", claim=is_small, of=lambda case: 2, expect=Verdict.REFUTED, erratum="E99")
    >>> repaired = Obligation(id="small.repaired", paper="mine", claim=is_small, of=lambda case: 1, twin=printed.of)
    >>> [(one.id, other.id) for one, other in pairs([printed], [repaired])]
    [('small.printed', 'small.repaired')]
    >>> found = (
    ...     Examination(verdict=Verdict.REFUTED, counterexample={"x": Fraction(1)}, failing=("small",)),
    ...     Examination(verdict=Verdict.PROVED))
    >>> results = [replace(described(one), claim=claim) for one, claim in zip((printed, repaired), found)]
    >>> erratum = Erratum("E99", "the weight is 2", "the weight is 1", ("*.printed",), ("*.repaired",))
    >>> both = {each.id: each for each in (printed, repaired)}
    >>> print_erratum(console(), erratum, both, results)  # doctest: +NORMALIZE_WHITESPACE
    E99  the weight is 2
    The repair: the weight is 1
    ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
    ┃ as printed                                       ┃ repaired, and what is true                       ┃
    ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
    │ small.printed: REFUTED                           │ small.repaired: PROVED                           │
    │ The weight times x is at most 1 for x in [0, 1]. │ The weight times x is at most 1 for x in [0, 1]. │
    └──────────────────────────────────────────────────┴──────────────────────────────────────────────────┘
    <BLANKLINE>
    small.printed, as printed:
    The claim fails at x=1.
      This fact fails there: small
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
