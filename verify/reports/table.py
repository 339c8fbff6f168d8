"""Reports of a run: a table for people, JSON and JUnit for machines."""

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from constructions.foundations.spelling import printable
from verify.discharge.result import Result
from verify.obligations.verdict import Verdict
from verify.reports.colours import coloured
from verify.screen.printing import console, plain_table, styled

WHOLE = 60
"""Ids of at most this length are never broken."""


def table(results: Sequence[Result]) -> Table:
    """One row per obligation."""
    found = plain_table("id", "verdict", "expected", "twin", "prover", "seconds", "erratum", right=("seconds",))
    found.columns[0].no_wrap = all(len(printable(result.id)) <= WHOLE for result in results)
    for result in results:
        expected = "" if result.error or result.verdict == result.due else result.due.name
        twin = "-" if result.twin is None else coloured(result.twin, good=result.twin is Verdict.REFUTED)
        seconds = "cache" if result.cached else f"{result.seconds:.1f}"
        verdict = (
            styled("ERROR", "bold red") if result.error else coloured(result.verdict, good=result.verdict == result.due)
        )
        found.add_row(result.id, verdict, expected, twin, short(result.prover), seconds, result.erratum or "")
    return found


def short(prover: str) -> str:
    """The first word of a prover's name."""
    return prover.split(",")[0]


def counterexamples(results: Sequence[Result]) -> list[str]:
    """For every REFUTED of its own: where it fails, which fact, and the first vertex that leaves its piece."""
    lines = []
    for result in results:
        if result.verdict is not Verdict.REFUTED or result.alone is not None:
            continue
        wanted = " (as expected)" if result.expect is Verdict.REFUTED else ""
        lines.append(f"REFUTED {result.id}{wanted}: {result.statement}")
        lines += [f"  at {values(result.counterexample)}"]
        lines += [f"  fails: {label}" for label in result.failing]
        lines += [f"  first to leave its piece: {result.leaves}"] if result.leaves else []
    return lines


def errors(results: Sequence[Result]) -> list[str]:
    """For every obligation without a verdict: why."""
    return [f"ERROR {result.id}: {result.error.said}" for result in results if result.error]


def vacuous(results: Sequence[Result]) -> list[str]:
    """For every VACUOUS of its own: the first fact that is, and which premises cannot hold together."""
    lines = []
    for result in results:
        if result.verdict is Verdict.VACUOUS and result.alone is None:
            lines.append(f"VACUOUS {result.id}: it says nothing, for what it presupposes cannot hold")
            lines.append(f"  {result.reason or 'no fact'}")
    return lines


def lowered(results: Sequence[Result]) -> list[str]:
    """For every verdict that is less than the obligation's own, and not as expected: the needs that lowered it."""
    known = {result.id: result for result in results}
    return [lowering(result, known) for result in results if result.alone is not None and result.verdict != result.due]


def lowering(result: Result, known: Mapping[str, Result]) -> str:
    """Why a verdict is less than the obligation's own."""
    needs = (f"{id}, which {is_or_was(known.get(id))}" for id in result.lowered)
    own = result.alone.name if result.alone is not None else ""
    return f"{result.verdict.name} {result.id}: it is {own} by itself, but it needs {', and '.join(needs)}"


def is_or_was(need: Result | None) -> str:
    """What became of a need."""
    return "was not asked for" if need is None else "is an ERROR" if need.error else f"is {need.verdict.name}"


def not_kept(results: Sequence[Result]) -> list[str]:
    """Why results of users' files are not kept, each reason once."""
    reasons = dict.fromkeys(result.unkept for result in results if result.unkept)
    return [f"not kept, so found anew each time: {reason}" for reason in reasons]


def values(found: dict[str, str] | None) -> str:
    """A witness in words.

    >>> values({"rho": "1/4", "k": "2"}), values({})
    ('rho=1/4, k=2', 'every point (no variables)')
    """
    return ", ".join(f"{name}={value}" for name, value in (found or {}).items()) or "every point (no variables)"


def unknowns(results: Sequence[Result]) -> list[str]:
    """For every obligation with an unknown of its own: the facts and the reasons."""
    lines = []
    for result in results:
        own = result.verdict if result.alone is None else result.alone
        if not result.error and Verdict.UNKNOWN in (own, result.twin):
            reasons = [
                f"  {label}: {reason or 'no reason given'}"
                for label, name, _, reason in result.facts
                if name == "UNKNOWN"
            ]
            lines += [f"UNKNOWN {result.id}", *reasons]
            if result.twin is Verdict.UNKNOWN and own is not Verdict.UNKNOWN:
                lines.append(f"  its twin: {result.twin_reason or 'no reason given'}")
    return lines


def surviving(results: Sequence[Result]) -> list[str]:
    """For every twin that should be refuted and is not: a line; but the twin of a VACUOUS claim is not to blame."""
    lines = []
    for result in results:
        if result.twin in (None, Verdict.REFUTED, Verdict.UNKNOWN) or Verdict.VACUOUS in (result.verdict, result.alone):
            continue
        nothing = "what the broken twin presupposes cannot hold, so it refutes nothing"
        said = nothing if result.twin is Verdict.VACUOUS else "the broken twin is not refuted"
        reason = f" ({result.twin_reason})" if result.twin_reason else ""
        lines.append(f"TWIN {result.twin.name} {result.id}: {said}{reason}")
    return lines


def summary(results: Sequence[Result], wall: float) -> str:
    """Counts and wall time in one line."""
    counts = Counter(result.word for result in results)
    names = [*(verdict.name for verdict in reversed(Verdict)), "ERROR"]
    parts = [f"{counts[name]} {name}" for name in names if counts[name]]
    wanted = sum(result.verdict is Verdict.REFUTED and result.expect is Verdict.REFUTED for result in results)
    refuted = f" ({wanted} expected to be REFUTED)" if wanted else ""
    kept = sum(result.cached for result in results)
    odd = sum(not result.as_expected for result in results)
    end = "all as expected" if not odd else f"{odd} not as expected"
    return f"{len(results)} obligations: {', '.join(parts)}{refuted}; {end}; {kept} from the cache; {wall:.1f} s"


def print_report(results: Sequence[Result], wall: float, *, out: Console | None = None) -> None:
    """Table; errors, counterexamples, unknowns and all else that needs a word; what is not kept; and the summary."""
    out = out or console()
    out.print(table(results))
    for say in (errors, counterexamples, vacuous, lowered, unknowns, surviving, not_kept):
        if lines := say(results):
            out.print()
        for line in lines:
            out.print(line, soft_wrap=True)
    out.print()
    out.print(summary(results, wall), soft_wrap=True)
