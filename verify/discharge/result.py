"""The result of one obligation: its verdict, its facts, its twin, its counterexample, or why there is none."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify.obligations.obligation import Obligation, Refused
from verify.obligations.verdict import BAD_INPUT, Fault, Verdict

PROVERS = {
    "solver": "z3",
    "identity": "sympy",
    "enumeration": "enumeration",
    "induction": "induction, base and step by z3",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one obligation.

    ``failing`` are the facts that fail at the counterexample; ``leaves`` names the first vertex that leaves its piece
    there; ``twin_reason`` says why a twin is VACUOUS or UNKNOWN. Without a verdict (``verdict`` is then UNKNOWN)
    ``error`` says why.

    Of several obligations together, ``verdict`` is at most the least of what the obligation needs: then ``alone`` is
    its own verdict, ``lowered`` the needs that lowered it, and ``wanted`` the verdict to be expected, its needs
    considered.

    ``read`` are the files, with digests, that were opened to state a user's claim; ``unkept`` says why a result
    cannot be kept.
    """

    id: str
    paper: str
    statement: str
    prover: str
    verdict: Verdict
    expect: Verdict
    needs: tuple[str, ...]
    facts: tuple[tuple[str, str, int, str], ...] = ()
    witness: dict[str, str] = field(default_factory=dict)
    counterexample: dict[str, str] | None = None
    failing: tuple[str, ...] = ()
    leaves: str | None = None
    twin: Verdict | None = None
    twin_counterexample: dict[str, str] | None = None
    twin_leaves: str | None = None
    twin_reason: str = ""
    erratum: str | None = None
    finite: str | None = None
    seconds: float = 0.0
    cached: bool = False
    read: tuple[tuple[str, str], ...] = ()
    unkept: str = ""
    error: Fault | None = None
    alone: Verdict | None = None
    wanted: Verdict | None = None
    lowered: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The verdict in a word; ERROR if there is none."""
        return "ERROR" if self.error else self.verdict.name

    @property
    def due(self) -> Verdict:
        """The verdict that is to be expected, given what is expected of the needs."""
        return self.expect if self.wanted is None else self.wanted

    @property
    def as_expected(self) -> bool:
        """Whether there is no error, the verdict is the expected one, and the twin, if any, is refuted."""
        return self.error is None and self.verdict == self.due and self.twin in (None, Verdict.REFUTED)

    @property
    def reason(self) -> str:
        """Why the first fact that is VACUOUS or UNKNOWN is; empty if there is none."""
        found = ((label, reason) for label, name, _, reason in self.facts if name in OPEN)
        return next((f"{label}: {reason}" if reason else label for label, reason in found), "")


OPEN = (Verdict.VACUOUS.name, Verdict.UNKNOWN.name)


def blank(obligation: Obligation, **changed: Any) -> Result:
    """A result that says what the obligation says, UNKNOWN as long as nothing else is given."""
    names = ("id", "paper", "statement", "expect", "needs", "erratum", "finite")
    known: dict[str, Any] = {name: getattr(obligation, name) for name in names}
    return Result(**{**known, "prover": PROVERS[obligation.kind], "verdict": Verdict.UNKNOWN, **changed})


def stopped(obligation: Obligation, limit: float) -> Result:
    """The result of an obligation that had to be stopped from outside."""
    facts = (("all facts", "UNKNOWN", 0, f"stopped after {limit:.0f} s of wall time"),)
    return blank(obligation, facts=facts, twin=Verdict.UNKNOWN if obligation.twin else None, seconds=limit)


def erred(obligation: Obligation, fault: Fault) -> Result:
    """The result of an obligation that could not be stated or examined."""
    return blank(obligation, error=fault)


def refused_result(found: Refused) -> Result:
    """The result of what was to be an obligation of a user's file and is none."""
    return unstated(found.id, found.paper, found.statement, Fault(BAD_INPUT, found.said))


def file_error(path: Path, fault: Fault) -> Result:
    """The result that stands for a user's file that cannot be loaded."""
    return unstated(str(path), "-", "", fault)


def unstated(id: str, paper: str, statement: str, fault: Fault) -> Result:
    """An error that belongs to no obligation."""
    return Result(
        id=id,
        paper=paper,
        statement=statement,
        prover="-",
        verdict=Verdict.UNKNOWN,
        expect=Verdict.PROVED,
        needs=(),
        error=fault,
    )
