"""The report of a run as a page of Markdown: counts, what is not as expected, principles, and all verdicts."""

from collections import Counter
from collections.abc import Sequence

from verify.discharge.result import Result
from verify.reports.comparing import Change, cell, code, markdown
from verify.reports.table import summary
from verify.reports.troubles import Trouble


def page_of(
    results: Sequence[Result], troubles: Sequence[Trouble], wall: float, changed: Sequence[Change] | None = None
) -> str:
    """The page.

    Parameters
    ----------
    results : of the run, in order. troubles : what is not as expected. wall : seconds of the whole run.
    changed : what changed since an earlier run; None if there is none to compare with.

    >>> from verify.obligations.verdict import Verdict
    >>> from verify.provers.outcome import Examination
    >>> found = Result(id="a.b", paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...                claim=Examination(verdict=Verdict.PROVED), given=("markov",))
    >>> print(page_of([found], [], 0.25))
    ## querygrad
    <BLANKLINE>
    1 obligation: 1 PROVED; all as expected; 0 kept from earlier runs; 0.2 s
    <BLANKLINE>
    Assumed by 1 of them: markov (1).
    <BLANKLINE>
    <details><summary>All verdicts</summary>
    <BLANKLINE>
    | obligation | verdict | twin | statement |
    |---|---|---|---|
    | `a.b` | PROVED | - | It holds. |
    <BLANKLINE>
    </details>
    <BLANKLINE>
    """
    blocks = [["## querygrad"], [summary(results, wall)], *([_table(troubles)] if troubles else [])]
    blocks += [markdown(changed)] if changed is not None else []
    assumed = Counter(name for result in results for name in result.given)
    if assumed:
        users = sum(bool(result.given) for result in results)
        names = ", ".join(f"{cell(name)} ({count})" for name, count in sorted(assumed.items()))
        blocks.append([f"Assumed by {users} of them: {names}."])
    rows = [f"| {code(each.id)} | {each.word} | {_twin(each)} | {cell(each.statement)} |" for each in results]
    head = ["| obligation | verdict | twin | statement |", "|---|---|---|---|"]
    blocks += [["<details><summary>All verdicts</summary>"], [*head, *rows], ["</details>"]]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _twin(result: Result) -> str:
    return "-" if result.twin_verdict is None else result.twin_verdict.name


def _table(troubles: Sequence[Trouble]) -> list[str]:
    rows = [f"| {code(each.id)} | {each.kind} | {cell(' '.join(each.said))} | {_place(each)} |" for each in troubles]
    return ["### Not as expected", "", "| obligation | what | how | where |", "|---|---|---|---|", *rows]


def _place(trouble: Trouble) -> str:
    return code(f"{trouble.path}:{trouble.line}") if trouble.path else "-"
