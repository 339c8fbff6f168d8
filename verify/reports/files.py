"""Results as JSON and JUnit files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import junitparser

from constructions.foundations.spelling import XML, spelled
from verify.discharge.cache import versions
from verify.discharge.result import Result
from verify.discharge.result_json import to_json
from verify.reports.exit_codes import exit_code, is_open
from verify.reports.table import counterexamples, errors, lowering, surviving, unknowns, vacuous
from verify.screen.files import write_json_text, write_text


def write_json(path: Path | str, results: Sequence[Result], *, wall: float, seconds: int) -> None:
    """Write a run as JSON.

    The object has ``versions`` (querygrad, python, z3, sympy, networkx), ``seconds`` (per question to the solver),
    ``wall`` (seconds of the whole run), ``exit_code`` and ``results``: one object per obligation with the fields of
    :class:`verify.discharge.result.Result`: id, paper, statement, prover, verdict, expect, needs, facts (label,
    verdict, rlimit, reason), witness, counterexample, failing, leaves, twin, twin_counterexample, twin_leaves,
    twin_reason, erratum, finite, seconds, cached, read, unkept, error, alone, wanted, lowered, and as_expected and
    reason (of the first fact that is VACUOUS or UNKNOWN). Verdicts are names, numbers of a witness are rationals as
    text ("p/q"), texts are spelled (:mod:`constructions.foundations.spelling`). A verdict is at most the least of its
    needs; ``alone`` is then the verdict without them. Where there is no verdict it is ``ERROR``, and ``error`` has kind
    and said.
    """
    rows = [to_json(result) | {"as_expected": result.as_expected, "reason": result.reason} for result in results]
    found: dict[str, Any] = {
        "versions": versions(),
        "seconds": seconds,
        "wall": round(wall, 3),
        "exit_code": exit_code(results),
        "results": rows,
    }
    write_json_text(path, found, indent=2)


def write_junit(path: Path | str, results: Sequence[Result]) -> None:
    """Write a run as JUnit XML, a case per obligation: failure if not as expected, error if unknown or no verdict.

    Texts are spelled (:mod:`constructions.foundations.spelling`).
    """
    suite, known = junitparser.TestSuite("querygrad"), {result.id: result for result in results}
    for result in results:
        name, paper = (spelled(text, but=XML) for text in (result.id, result.paper))
        case = junitparser.TestCase(name, classname=paper, time=round(result.seconds, 3))
        if not result.as_expected:
            kind = junitparser.Error if result.error or is_open(result) else junitparser.Failure
            twin = "-" if result.twin is None else result.twin.name
            got = f"need {result.due.name}, got {result.verdict.name} (twin {twin})"
            trouble = kind(spelled(result.error.said if result.error else got, but=XML))
            says = (errors, counterexamples, vacuous, unknowns, surviving)
            needs = [lowering(result, known)] if result.lowered else []
            lines = (*(line for say in says for line in say([result])), *needs)
            trouble.text = "\n".join(spelled(line, but=XML) for line in lines)
            case.result = [trouble]
        suite.add_testcase(case)
    xml = junitparser.JUnitXml("querygrad")
    xml.add_testsuite(suite)
    write_text(path, xml.tostring().decode("utf-8"))  # type: ignore[no-untyped-call]
