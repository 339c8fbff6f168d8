"""What is not as expected, for machines that show it where the claim is stated: a kind, a sentence, and a place.

A kind is a word that stays the same from release to release, so that a tool can count and mute by it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructions.foundations.files import sha256_of
from constructions.foundations.spelling import one_line
from verify.arguments.names import is_file_name
from verify.discharge.result import Result, is_of_file
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.reports.table import counterexamples, errors, lowering, surviving, unknowns, vacuous

KINDS = {
    "refuted": "A claim that is meant to hold is refuted: there is a counterexample.",
    "vacuous": "The premises of a claim cannot hold together, so it says nothing.",
    "unknown": "The solver does not know, or its time ran out.",
    "less": "A claim holds, but is worth less than is expected of it, or rests on what is.",
    "holds": "A claim that is meant to be refuted is not.",
    "twin": "The broken twin of a claim is not refuted, so the claim may say nothing.",
    "error": "A claim could not be stated or examined.",
}
"""Every kind of trouble, with what it means."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is not as expected of one obligation.

    Parameters
    ----------
    id : the obligation. kind : one of ``KINDS``. said : what is wrong, in lines.
    path, line : where the claim is stated; the path relative to the working directory if it lies below it, the line
        from 1, or 0 if it is not known.
    """

    id: str
    kind: str
    said: tuple[str, ...]
    path: str
    line: int

    @property
    def fingerprint(self) -> str:
        """The same for the same trouble of the same claim, wherever the claim has moved to.

        >>> Trouble("a.b", "twin", (), "mine.py", 1).fingerprint == Trouble("a.b", "twin", (), "mine.py", 7).fingerprint
        True
        """
        return sha256_of(f"{self.id}\n{self.kind}".encode("utf-8", "backslashreplace"))


def kind_of(result: Result) -> str:
    """The kind of trouble of a result; empty if it is as expected.

    >>> from verify.provers.outcome import Examination
    >>> def found(verdict, expect=Verdict.PROVED):
    ...     return Result(id="a.b", paper="mine", statement="It holds.", prover="z3", expect=expect, needs=(),
    ...                   claim=Examination(verdict=verdict))
    >>> [kind_of(found(verdict)) for verdict in Verdict], kind_of(found(Verdict.PROVED, Verdict.REFUTED))
    (['refuted', 'vacuous', 'unknown', 'less', ''], 'holds')
    """
    if result.as_expected:
        return ""
    if result.error is not None:
        return "error"
    if result.verdict is result.due:
        return "twin"
    words = {Verdict.REFUTED: "refuted", Verdict.VACUOUS: "vacuous", Verdict.UNKNOWN: "unknown"}
    return words.get(result.verdict, "holds" if result.due is Verdict.REFUTED else "less")


def lines_of(result: Result, known: Mapping[str, Result]) -> list[str]:
    """What is not as expected of a result, in lines; ``known`` are the results on which it may rest.

    >>> from verify.provers.outcome import Examination
    >>> from fractions import Fraction
    >>> refuted = Examination(verdict=Verdict.REFUTED, counterexample={"x": Fraction(1, 2)}, failing=("low",))
    >>> found = Result(id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED,
    ...                needs=(), claim=refuted)
    >>> lines_of(found, {})
    ['REFUTED mine.low: It is low.', '  It fails at x=1/2.', '  This fact fails there: low']
    """
    says = (errors, counterexamples, vacuous, unknowns, surviving)
    return [*(line for say in says for line in say([result])), *([lowering(result, known)] if result.lowered else [])]


def place_of(claim: Any) -> tuple[str, int]:
    """The file and the line of a claim's function: relative to the working directory if it lies below it, and 0 for a
    line that is not known.

    >>> path, line = place_of(place_of)
    >>> path.endswith("verify/reports/troubles.py"), line > 0, place_of(len)
    (True, True, ('', 0))
    """
    code = getattr(claim, "__code__", None)
    return ("", 0) if code is None else (shown_path(Path(code.co_filename)), code.co_firstlineno)


def shown_path(path: Path) -> str:
    """A path as tools want it: with slashes, and relative to the working directory if it lies below it.

    >>> shown_path(Path.cwd() / "folder" / "mine.py")
    'folder/mine.py'
    """
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def troubles_of(results: Iterable[Result], obligations: Mapping[str, Obligation]) -> list[Trouble]:
    """All that is not as expected among some results, in their order; ``obligations`` are those of which the claim is
    known, by id.

    >>> from verify.obligations.catalogue import paper_obligations
    >>> from verify.provers.outcome import Examination
    >>> known = paper_obligations()
    >>> refuted = Examination(verdict=Verdict.REFUTED, counterexample={}, failing=("low",))
    >>> wrong = Result(id="sigma.figure", paper="Figure 1", statement="It is low.", prover="z3", needs=(),
    ...                expect=Verdict.PROVED, claim=refuted)
    >>> [found] = troubles_of([wrong], known)
    >>> found.kind, found.path.endswith("verify/claims/foundations/activation.py"), found.line > 0
    ('refuted', True, True)
    """
    results = list(results)
    known = {result.id: result for result in results}
    found = []
    for result in results:
        kind = kind_of(result)
        if kind:
            place = _place(result, obligations.get(result.id))
            said = lines_of(result, known) or [f"need {result.due.name}, got {result.word}, at {result.id}"]
            found.append(Trouble(result.id, kind, tuple(map(one_line, said)), *place))
    return found


def _place(result: Result, stated: Obligation | None) -> tuple[str, int]:
    """Where the claim of a result is stated; where its error says that it is, if it could not be."""
    if stated is not None:
        return place_of(stated.claim)
    if is_of_file(result):
        return shown_path(Path(result.id)), 0
    said = result.error.said.rpartition(", at ")[2] if result.error else ""
    path, _, line = said.rpartition(":")
    return (shown_path(Path(path)), int(line)) if is_file_name(path) and line.isdecimal() else ("", 0)
