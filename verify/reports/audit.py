"""What the verdicts of a report take for granted: the principles on which they rest, and the facts that were never
seen to fail; and what of it is new since another report."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from constructions.foundations.spelling import printable
from verify.reports.comparing import OldReport, cell, code

PRINCIPLE, FACT = "principle", "fact"
GREEN = ("PROVED", "CHECKED")
"""Verdicts of claims that hold."""


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """One thing that a verdict takes for granted.

    Parameters
    ----------
    kind : ``principle``, or ``fact`` for one that was never seen to fail. name : the principle, or the label of the
        fact. id : the claim whose verdict it is.
    """

    kind: str
    name: str
    id: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What the verdicts of a report take for granted, in the order of its rows, and how many claims it says hold."""

    taken: tuple[Taken, ...]
    holding: int

    def by_principle(self) -> dict[str, list[str]]:
        """The claims whose verdicts rest on each principle, by its name, that of the most claims first."""
        found: dict[str, list[str]] = {}
        for each in self.taken:
            if each.kind == PRINCIPLE:
                found.setdefault(each.name, []).append(each.id)
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))

    def by_claim(self) -> dict[str, list[str]]:
        """The facts of each claim that were never seen to fail, by its id."""
        found: dict[str, list[str]] = {}
        for each in self.taken:
            if each.kind == FACT:
                found.setdefault(each.id, []).append(each.name)
        return found


def audit_of(report: OldReport) -> Audit:
    """The audit of a report: of its claims that hold, the principles and the facts that were never seen to fail.

    >>> from verify.reports.comparing import OldRow
    >>> row = OldRow(id="a.b", verdict="PROVED", as_expected=True, given=("markov",), unseen=("low",))
    >>> for line in lines(audit_of(OldReport(version=3, results=(row,)))):
    ...     print(line)
    1 of 1 claims that hold rests on principles:
      markov (1): a.b
    1 fact, of 1 of 1 claims that hold, was never seen to fail:
      a.b: low
    """
    rows = [row for row in report.results if row.verdict in GREEN]
    taken = [Taken(PRINCIPLE, name, row.id) for row in rows for name in row.given]
    taken += [Taken(FACT, label, row.id) for row in rows for label in row.unseen]
    return Audit(tuple(taken), len(rows))


def added(before: Audit, after: Audit) -> list[Taken]:
    """What is taken for granted after, and was not before, in order.

    >>> low, high = (Taken(FACT, name, "a.b") for name in ("low", "high"))
    >>> added(Audit((low,), 1), Audit((low, high), 1)) == [high], added(Audit((low, high), 1), Audit((low,), 1))
    (True, [])
    """
    known = set(before.taken)
    return [each for each in after.taken if each not in known]


def lines(found: Audit) -> list[str]:
    """An audit in words, one line for each principle and each claim."""
    principles, facts = found.by_principle(), found.by_claim()
    resting = {id for ids in principles.values() for id in ids}
    of = f"of {found.holding} claims that hold"
    said = [f"{len(resting)} {of} {'rests' if len(resting) == 1 else 'rest'} on principles{_end(principles)}"]
    said += [f"  {name} ({len(ids)}): {', '.join(ids)}" for name, ids in principles.items()]
    count = sum(map(len, facts.values()))
    noun, was = ("fact", "was") if count == 1 else ("facts", "were")
    said.append(f"{count} {noun}, of {len(facts)} {of}, {was} never seen to fail{_end(facts)}")
    said += [f"  {id}: {', '.join(names)}" for id, names in facts.items()]
    return list(map(printable, said))


def _end(listed: Iterable[str]) -> str:
    return ":" if listed else ""


def lines_of_added(new: Sequence[Taken]) -> list[str]:
    """What is new since another report, in words.

    >>> lines_of_added([Taken(PRINCIPLE, "markov", "a.b"), Taken(FACT, "low", "a.b")])
    ['new: a.b rests on markov', 'new: a.b has a fact that was never seen to fail, low']
    >>> lines_of_added([])
    ['nothing more is taken for granted than before']
    """
    said = [
        f"new: {each.id} rests on {each.name}"
        if each.kind == PRINCIPLE
        else f"new: {each.id} has a fact that was never seen to fail, {each.name}"
        for each in new
    ]
    return list(map(printable, said)) or ["nothing more is taken for granted than before"]


def markdown(found: Audit, new: Sequence[Taken] | None = None) -> list[str]:
    """An audit as lines of Markdown.

    Parameters
    ----------
    found : the audit. new : what of it is new since another report; None if there is none to compare with.

    >>> taken = Taken(PRINCIPLE, "markov", "a.b")
    >>> page = markdown(Audit((taken,), 3), [taken])
    >>> page[4], page[-1]
    ('| markov | `a.b` |', '| principle | `a.b` | markov |')
    """
    principles = [f"| {cell(name)} | {_codes(ids)} |" for name, ids in found.by_principle().items()]
    facts = [f"| {code(id)} | {', '.join(map(cell, names))} |" for id, names in found.by_claim().items()]
    page = ["### Principles", "", *_table("| principle | claims that rest on it |", principles), ""]
    page += ["### Facts that were never seen to fail", "", *_table("| claim | facts |", facts)]
    if new is not None:
        rows = [f"| {each.kind} | {code(each.id)} | {cell(each.name)} |" for each in new]
        page += ["", "### New since the last report", "", *_table("| kind | claim | what |", rows)]
    return page


def _codes(ids: Iterable[str]) -> str:
    return ", ".join(map(code, ids))


def _table(head: str, rows: Sequence[str]) -> list[str]:
    return [head, re.sub(r"[^|]+", "---", head), *rows] if rows else ["None."]
