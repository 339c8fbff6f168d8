"""Reports of a run: a table for people, JSON and JUnit for machines."""
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import junitparser
from rich.console import Console
from rich.table import Table
from rich.text import Text

from constructions.foundations.spelling import XML, json_text, printable, spelled
from verify.cache import versions
from verify.discharge import Result
from verify.items import Row, refuted
from verify.printing import console, plain_table, styled
from verify.results import to_json, write_text
from verify.run import exit_code, is_open
from verify.verdict import Verdict

COLOURS = {
    Verdict.PROVED: "green",
    Verdict.CHECKED: "cyan",
    Verdict.UNKNOWN: "yellow",
    Verdict.VACUOUS: "magenta",
    Verdict.REFUTED: "red",
}
WHOLE = 60
"""Ids of at most this length are never broken."""


def table(results: Sequence[Result]) -> Table:
    """One row per obligation."""
    found = plain_table("id", "verdict", "expected", "twin", "prover", "seconds", "erratum", right=("seconds",))
    found.columns[0].no_wrap = all(len(printable(result.id)) <= WHOLE for result in results)
    for result in results:
        expected = "" if result.verdict == result.expect else result.expect.name
        twin = "-" if result.twin is None else coloured(result.twin, good=result.twin is Verdict.REFUTED)
        seconds = "cache" if result.cached else f"{result.seconds:.1f}"
        verdict = coloured(result.verdict, good=result.verdict == result.expect)
        found.add_row(result.id, verdict, expected, twin, short(result.prover), seconds, result.erratum or "")
    return found


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


def coloured(verdict: Verdict, *, good: bool) -> Text:
    """A verdict's name in its colour; a REFUTED that is wanted is dim, not red."""
    return styled(verdict.name, "dim" if good and verdict is Verdict.REFUTED else COLOURS[verdict])


def short(prover: str) -> str:
    """The first word of a prover's name."""
    return prover.split(",")[0]


def counterexamples(results: Sequence[Result]) -> list[str]:
    """For every REFUTED: where it fails, which fact, and the first vertex that leaves its piece."""
    lines = []
    for result in results:
        if result.verdict is not Verdict.REFUTED:
            continue
        wanted = " (as expected)" if result.expect is Verdict.REFUTED else ""
        lines.append(f"REFUTED {result.id}{wanted}: {result.statement}")
        lines += [f"  at {values(result.counterexample)}"]
        lines += [f"  fails: {label}" for label in result.failing]
        lines += [f"  first to leave its piece: {result.leaves}"] if result.leaves else []
    return lines


def values(found: dict[str, str] | None) -> str:
    """A witness in words.

    >>> values({"rho": "1/4", "k": "2"}), values({})
    ('rho=1/4, k=2', 'every point (no variables)')
    """
    return ", ".join(f"{name}={value}" for name, value in (found or {}).items()) or "every point (no variables)"


def unknowns(results: Sequence[Result]) -> list[str]:
    """For every obligation with an unknown: the facts and the reasons."""
    lines = []
    for result in results:
        if result.verdict is Verdict.UNKNOWN or result.twin is Verdict.UNKNOWN:
            reasons = [f"  {label}: {reason or 'no reason given'}" for label, name, _, reason in result.facts if name == "UNKNOWN"]
            lines += [f"UNKNOWN {result.id}", *(reasons or ["  its twin is unknown"])]
    return lines


def surviving(results: Sequence[Result]) -> list[str]:
    """For every twin that should be refuted and is not: a line."""
    wrong = [result for result in results if result.twin not in (None, Verdict.REFUTED, Verdict.UNKNOWN)]
    return [f"TWIN {result.twin.name if result.twin else ''} {result.id}: the broken twin is not refuted" for result in wrong]


def summary(results: Sequence[Result], wall: float) -> str:
    """Counts and wall time in one line."""
    counts = Counter(result.verdict for result in results)
    parts = [f"{counts[verdict]} {verdict.name}" for verdict in reversed(Verdict) if counts[verdict]]
    wanted = sum(result.verdict is Verdict.REFUTED and result.expect is Verdict.REFUTED for result in results)
    refuted = f" ({wanted} expected to be REFUTED)" if wanted else ""
    kept = sum(result.cached for result in results)
    odd = sum(not result.as_expected for result in results)
    end = "all as expected" if not odd else f"{odd} not as expected"
    return f"{len(results)} obligations: {', '.join(parts)}{refuted}; {end}; {kept} from the cache; {wall:.1f} s"


def print_report(results: Sequence[Result], wall: float, *, out: Console | None = None) -> None:
    """Table, counterexamples, unknowns and the summary."""
    out = out or console()
    out.print(table(results))
    for lines in (counterexamples(results), unknowns(results), surviving(results)):
        if lines:
            out.print()
        for line in lines:
            out.print(line, soft_wrap=True)
    out.print()
    out.print(summary(results, wall), soft_wrap=True)


def write_json(path: Path | str, results: Sequence[Result], *, wall: float, seconds: int) -> None:
    """Write a run as JSON.

    The object has ``versions`` (querygrad, python, z3, sympy, networkx), ``seconds`` (per question to the solver), ``wall``
    (seconds of the whole run), ``exit_code`` and ``results``: one object per obligation with the fields of
    :class:`verify.discharge.Result`: id, paper, statement, prover, verdict, expect, needs, facts (label, verdict, rlimit,
    reason), witness, counterexample, failing, leaves, twin, twin_counterexample, twin_leaves, erratum, finite, seconds,
    cached, and as_expected. Verdicts are names, numbers of a witness are rationals as text ("p/q"), texts are spelled
    (:mod:`constructions.foundations.spelling`).
    """
    rows = [to_json(result) | {"as_expected": result.as_expected} for result in results]
    found: dict[str, Any] = {
        "versions": versions(),
        "seconds": seconds,
        "wall": round(wall, 3),
        "exit_code": exit_code(results),
        "results": rows,
    }
    write_text(path, json_text(found, indent=2) + "\n")


def write_junit(path: Path | str, results: Sequence[Result]) -> None:
    """Write a run as JUnit XML: one case per obligation; failure if not as expected, error if only unknown. Texts are spelled."""
    suite = junitparser.TestSuite("querygrad")
    for result in results:
        name, paper = (spelled(text, but=XML) for text in (result.id, result.paper))
        case = junitparser.TestCase(name, classname=paper, time=round(result.seconds, 3))
        if not result.as_expected:
            kind = junitparser.Error if is_open(result) else junitparser.Failure
            trouble = kind(f"need {result.expect.name}, got {result.verdict.name} (twin {result.twin.name if result.twin else '-'})")
            lines = (*counterexamples([result]), *unknowns([result]), *surviving([result]))
            trouble.text = "\n".join(spelled(line, but=XML) for line in lines)
            case.result = [trouble]
        suite.add_testcase(case)
    xml = junitparser.JUnitXml("querygrad")
    xml.add_testsuite(suite)
    write_text(path, xml.tostring().decode("utf-8"))  # type: ignore[no-untyped-call]
