"""The report of a run for machines: JSON of a documented form, and JUnit XML.

``proofs_notes/schemas/prove.schema.json`` is the JSON Schema of the first (:mod:`verify.reports.schemas`).
"""

import inspect
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import msgspec

from constructions.foundations.loading import loaded_when_used
from constructions.foundations.spelling import XML, from_json_text, json_text, spelled
from verify.discharge.cache import versions
from verify.discharge.result import Result, Word
from verify.discharge.result_json import RATIONAL, to_json
from verify.discharge.seen import never_seen_to_fail
from verify.reports.exit_codes import exit_code, is_open
from verify.reports.troubles import lines_of
from verify.screen.files import write_json_text, write_text

with loaded_when_used(__name__):
    import junitparser

VERSION: Literal[3] = 3
"""The version of the form; it changes when a reader of the old form could misread the new one. The first had none; the
third has the proof of each claim (``proof``), what it uses and the principles on which it rests (``given``), and what a
second solver says (``second``)."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ReportRow(Result, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One obligation in the report: all that its result holds, and what follows from it.

    Parameters
    ----------
    verdict : the verdict, at most the least of what the obligation needs; ERROR if there is none.
    as_expected : whether the verdict is the one to be expected, and the twin refuted.
    reason : of the first fact that is VACUOUS or UNKNOWN; empty if there is none.
    unseen : the facts that were never seen to fail, of a claim that holds.

    The other fields are those of a result.
    """

    shown_verdict: Word = msgspec.field(name="verdict")
    is_expected: bool = msgspec.field(name="as_expected")
    why: str = msgspec.field(name="reason")
    unseen: tuple[str, ...] = ()


class RunReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``querygrad prove --json`` writes. Rationals are texts ("1/4"), verdicts are names.

    A text that JSON cannot hold (a lone surrogate in the name of a file) is spelled
    (:mod:`constructions.foundations.spelling`).

    Parameters
    ----------
    version : of this form. versions : of this project, Python, z3, sympy and networkx.
    seconds : time for each question to the solver. wall : seconds of the whole run. exit_code : of the command.
    results : a row for each obligation, in the order of the table.
    """

    version: Literal[3]
    versions: dict[str, str]
    seconds: int
    wall: float
    exit_code: int
    results: tuple[ReportRow, ...]


def row_of(result: Result) -> ReportRow:
    """The row of a result."""
    fields: dict[str, Any] = msgspec.structs.asdict(result)
    fields |= {"shown_verdict": result.word, "is_expected": result.as_expected, "why": result.reason}
    return ReportRow(**fields, unseen=tuple(never_seen_to_fail(result)))


def report_of(results: Sequence[Result], *, wall: float, seconds: int) -> RunReport:
    """The report of a run.

    Parameters
    ----------
    results : in the order of the rows. wall : seconds of the whole run. seconds : for each question to the solver.
    """
    return RunReport(
        version=VERSION,
        versions=versions(),
        seconds=seconds,
        wall=round(wall, 3),
        exit_code=exit_code(results),
        results=tuple(map(row_of, results)),
    )


def write_json(path: Path | str, results: Sequence[Result], *, wall: float, seconds: int) -> None:
    """Write a run as JSON, of the form of :class:`RunReport`.

    Parameters
    ----------
    path : where it is written, or standard output.
    results : one for each obligation.
    wall, seconds : how long the run took, and z3's limit for each question.

    Raises
    ------
    ConstructionError if the file cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from verify.obligations.verdict import Verdict
    >>> from verify.provers.outcome import Examination
    >>> found = Result(
    ...     id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=Examination(verdict=Verdict.REFUTED, counterexample={"x": Fraction(1, 2)}, failing=("low",)))
    >>> with TemporaryDirectory() as folder:
    ...     write_json(f"{folder}/run.json", [found], wall=0.25, seconds=60)
    ...     run = from_json_text(Path(folder, "run.json").read_text())
    >>> run["exit_code"], [(row["id"], row["verdict"], row["claim"]["counterexample"]) for row in run["results"]]
    (1, [('mine.low', 'REFUTED', {'x': '1/2'})])
    """
    write_json_text(path, to_json(report_of(results, wall=wall, seconds=seconds)), indent=2)


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """A ``schema`` in which the rows of a report say what their results hold, too.

    >>> "prover" in described(schema_of(RunReport))["$defs"]["ReportRow"]["description"]
    True
    """
    row = schema["$defs"].get("ReportRow")
    if row is not None:
        row["description"] = "\n\n".join(inspect.cleandoc(kind.__doc__ or "") for kind in (ReportRow, Result))
    return schema


def schema_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a form, made from its types.

    >>> class Row(msgspec.Struct):
    ...     id: str
    ...     value: Fraction
    >>> schema_of(Row)["$defs"]["Row"]["properties"]
    {'id': {'type': 'string'}, 'value': {'type': 'string', 'pattern': '^-?[0-9]+(/[1-9][0-9]*)?$', 'description': 'A \
rational number.'}}
    """
    made = msgspec.json.schema(kind, schema_hook=_rational_schema)
    return from_json_text(json_text(_settled({"$schema": DIALECT, **made})))  # type: ignore[no-any-return]


def _settled(part: Any) -> Any:
    """A part of a schema as every version of Python and of msgspec has it: descriptions without indentation,
    null as the last alternative."""
    if isinstance(part, list):
        return [_settled(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {name: _settled(value) for name, value in part.items()}
    if isinstance(found.get("description"), str):
        found["description"] = inspect.cleandoc(found["description"])
    if "anyOf" in found:
        found["anyOf"].sort(key=lambda each: each == {"type": "null"})
    return found


def _rational_schema(kind: type) -> dict[str, Any]:
    if kind is Fraction:
        return {"type": "string", "pattern": RATIONAL, "description": "A rational number."}
    raise NotImplementedError(kind)


def write_junit(path: Path | str, results: Sequence[Result]) -> None:
    """Write the results of a run at a path as JUnit XML, a case per obligation: failure if not as expected, error if
    unknown or no verdict.

    Texts are spelled (:mod:`constructions.foundations.spelling`).

    Raises
    ------
    ConstructionError if the file cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from xml.etree import ElementTree
    >>> from verify.obligations.verdict import Verdict
    >>> from verify.provers.outcome import Examination
    >>> found = Result(
    ...     id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=Examination(verdict=Verdict.REFUTED, counterexample={"x": Fraction(1, 2)}, failing=("low",)))
    >>> with TemporaryDirectory() as folder:
    ...     write_junit(f"{folder}/run.xml", [found])
    ...     failure = ElementTree.parse(f"{folder}/run.xml").find(".//testcase[@name='mine.low']/failure")
    >>> failure.get("message"), failure.text.splitlines()
    ('need PROVED, got REFUTED (twin -)', ['REFUTED mine.low: It is low.', '  It fails at x=1/2.', '  This fact fails \
there: low'])
    """
    suite, known = junitparser.TestSuite("querygrad"), {result.id: result for result in results}
    for result in results:
        name, paper = (spelled(text, but=XML) for text in (result.id, result.paper))
        case = junitparser.TestCase(name, classname=paper, time=round(result.seconds, 3))
        if not result.as_expected:
            kind = junitparser.Error if result.error or is_open(result) else junitparser.Failure
            twin = "-" if result.twin_verdict is None else result.twin_verdict.name
            got = f"need {result.due.name}, got {result.verdict.name} (twin {twin})"
            trouble = kind(spelled(result.error.said if result.error else got, but=XML))
            trouble.text = "\n".join(spelled(line, but=XML) for line in lines_of(result, known))
            case.result = [trouble]
        suite.add_testcase(case)
    xml = junitparser.JUnitXml("querygrad")
    xml.add_testsuite(suite)
    write_text(path, xml.tostring().decode("utf-8"))  # type: ignore[no-untyped-call]
