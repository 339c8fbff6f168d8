"""The result of one obligation: what was found of its claim and of its twin, or why nothing could be found.

A result holds what the prover found as it is (:class:`verify.provers.outcome.Examination`), once for the claim and once
for the broken twin. Everything else, its verdict among it, is read off these two and what the obligation needs.
"""

from pathlib import Path
from typing import Any, Literal

import msgspec

from constructions.foundations.loading import loaded_when_used
from constructions.foundations.shown import Shown
from verify.discharge.files_read import FileRead
from verify.discharge.second_opinion import SecondOpinion
from verify.obligations.verdict import BAD_INPUT, Fault, Verdict
from verify.provers.outcome import Examination, FactFinding
from verify.store.proof import Proof

with loaded_when_used(__name__):
    from verify.obligations import obligation as registered

PROVERS = {
    "solver": "z3",
    "identity": "sympy",
    "enumeration": "enumeration",
    "induction": "induction, base and step by z3",
}
SAID = ("id", "paper", "statement", "expect", "needs", "erratum", "finite")
"""What a result repeats of its obligation, field by field."""
Word = Literal["REFUTED", "VACUOUS", "UNKNOWN", "CHECKED", "PROVED", "ERROR"]
"""What stands in tables and files: the name of a verdict, or ERROR where there is none."""


class Result(Shown, msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of one obligation.

    Parameters
    ----------
    id, paper, statement : its id, the item of the paper to which it belongs, and its claim in words.
    prover : who discharges it. expect : the verdict that is right. needs : the ids on which it rests
        in words; those that it uses stand in ``claim``.
    erratum : the line of the errata to which a claim that is false as printed belongs.
    finite : the finite case that is examined, in words; the verdict is then CHECKED at most.
    claim : what was found of the claim; None if it could not be examined.
    twin : what was found of the broken twin, which should be refuted; None if there is no twin.
    proof : what was proved, by which rule and solver, and from which statements; None if nothing was.
    seconds : how long both took, in seconds. cached : whether the result was kept from an earlier run.
    read : the files that were opened to state a user's claim.
    unkept : why the result cannot be kept for the next run; empty if it can.
    error : why there is no verdict; None if there is one.
    lowered : the needs whose verdict is less than the obligation's own, each with that verdict.
    given : the principles on which its verdict rests, through everything that it uses.
    wanted : the verdict to be expected where some need is expected to be less than ``expect``, else None.
    second : what a second solver says of everything that z3 was asked; None if none was asked.
    """

    id: str
    paper: str
    statement: str
    prover: str
    expect: Verdict
    needs: tuple[str, ...]
    erratum: str | None = None
    finite: str | None = None
    claim: Examination | None = None
    twin: Examination | None = None
    proof: Proof | None = None
    seconds: float = 0.0
    cached: bool = False
    read: tuple[FileRead, ...] = ()
    unkept: str = ""
    error: Fault | None = None
    lowered: dict[str, Verdict] = {}
    given: tuple[str, ...] = ()
    wanted: Verdict | None = None
    second: SecondOpinion | None = None

    @property
    def uses(self) -> tuple[str, ...]:
        """The ids that the claim uses: it is proved from what they say."""
        return () if self.claim is None else tuple(dict.fromkeys(use.id for use in self.claim.uses))

    @property
    def principles(self) -> tuple[str, ...]:
        """The principles that its claim states by itself."""
        return () if self.claim is None else tuple(dict.fromkeys(use.id for use in self.claim.principles))

    @property
    def own(self) -> Verdict:
        """The verdict of the claim by itself, whatever its needs are worth; UNKNOWN if it was not examined.

        >>> shown = Examination(verdict=Verdict.PROVED)
        >>> given = {"id": "a", "paper": "mine", "statement": "It holds.", "prover": "z3", "needs": ()}
        >>> result = Result(**given, expect=Verdict.PROVED, claim=shown, lowered={"b": Verdict.UNKNOWN})
        >>> result.own.name, result.verdict.name  # by itself, and with its need, which is not proved
        ('PROVED', 'UNKNOWN')
        >>> Result(**given, expect=Verdict.CHECKED, claim=shown, finite="n = 3").own.name
        'CHECKED'
        """
        if self.claim is None or self.error is not None:
            return Verdict.UNKNOWN
        return min(self.claim.verdict, Verdict.CHECKED) if self.finite else self.claim.verdict

    @property
    def verdict(self) -> Verdict:
        """The verdict: at most the least of what the obligation needs."""
        return min([self.own, *self.lowered.values()])

    @property
    def twin_verdict(self) -> Verdict | None:
        """The verdict of the broken twin; None if there is no twin."""
        return None if self.twin is None else self.twin.verdict

    @property
    def facts(self) -> tuple[FactFinding, ...]:
        """What became of each fact of the claim."""
        return () if self.claim is None else self.claim.facts

    @property
    def word(self) -> Word:
        """The verdict in a word; ERROR if there is none."""
        return "ERROR" if self.error else self.verdict.value

    @property
    def due(self) -> Verdict:
        """The verdict that is to be expected, given what is expected of the needs."""
        return self.expect if self.wanted is None else self.wanted

    @property
    def as_expected(self) -> bool:
        """Whether there is no error, the verdict is the expected one, and the twin, if any, is refuted."""
        return self.error is None and self.verdict is self.due and self.twin_verdict in (None, Verdict.REFUTED)

    @property
    def reason(self) -> str:
        """Why the first fact that is VACUOUS or UNKNOWN is; empty if there is none.

        >>> open_ = FactFinding(label="less", verdict=Verdict.UNKNOWN, reason="its time was up")
        >>> found = Examination(verdict=Verdict.UNKNOWN, facts=(open_,))
        >>> given = {"id": "a", "paper": "mine", "statement": "It holds.", "prover": "z3", "needs": ()}
        >>> result = Result(**given, expect=Verdict.PROVED, claim=found, twin=found)
        >>> result.reason, result.twin_reason
        ('less: its time was up', 'its time was up')
        """
        fact = None if self.claim is None else self.claim.first_open
        return "" if fact is None else f"{fact.label}: {fact.reason}" if fact.reason else fact.label

    @property
    def twin_reason(self) -> str:
        """Why the twin is VACUOUS or UNKNOWN, if it is."""
        fact = None if self.twin is None else self.twin.first_open
        return "" if fact is None else fact.reason


def described(obligation: "registered.Obligation") -> Result:
    """A result that says what the obligation says, and nothing yet of what was found.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = registered.Obligation(
    ...     id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> found = described(square)
    >>> found.id, found.statement, found.prover, found.verdict.name
    ('square', 'A square is at least 0.', 'z3', 'UNKNOWN')
    >>> erred(square, Fault(BAD_INPUT, "need a number, got a text")).word
    'ERROR'
    """
    said: dict[str, Any] = {name: getattr(obligation, name) for name in SAID}
    return Result(prover=PROVERS[obligation.kind], **said)


def stopped(obligation: "registered.Obligation", limit: float) -> Result:
    """The result of an obligation that had to be stopped from outside, after ``limit`` seconds.

    >>> from verify.obligations.catalogue import paper_obligations
    >>> stopped(paper_obligations()["sigma.figure"], 3.0).verdict.name
    'UNKNOWN'
    """
    fact = FactFinding("all facts", Verdict.UNKNOWN, reason=f"stopped after {limit:.0f} s of wall time")
    return msgspec.structs.replace(
        described(obligation),
        claim=Examination(verdict=Verdict.UNKNOWN, facts=(fact,)),
        twin=Examination(verdict=Verdict.UNKNOWN) if obligation.twin else None,
        seconds=limit,
    )


def erred(obligation: "registered.Obligation", fault: Fault) -> Result:
    """The result of an obligation that could not be stated or examined, with the fault."""
    return msgspec.structs.replace(described(obligation), error=fault)


def refused_result(found: "registered.Refused") -> Result:
    """The result of what was to be an obligation of a user's file and is none.

    >>> found = registered.Refused("mine.odd", "mine", "It holds.", "need a broken twin, got none", after=2)
    >>> refused_result(found).error
    Fault(kind='bad input', said='need a broken twin, got none')
    """
    return unstated(found.id, found.paper, found.statement, Fault(BAD_INPUT, found.said))


def file_error(path: Path, fault: Fault) -> Result:
    """The result that stands for a user's file, at this path, that cannot be loaded, with the fault.

    >>> found = file_error(Path("mine.py"), Fault(BAD_INPUT, "need a file that runs, got SyntaxError"))
    >>> found.id, found.word, is_of_file(found)
    ('mine.py', 'ERROR', True)
    """
    return unstated(str(path), "-", "", fault)


def is_of_file(result: Result) -> bool:
    """Whether a result stands for a whole file, as :func:`file_error` makes it."""
    return result.paper == "-" and not result.statement and result.error is not None


def unstated(id: str, paper: str, statement: str, fault: Fault) -> Result:
    """An error that belongs to no obligation."""
    return Result(id=id, paper=paper, statement=statement, prover="-", expect=Verdict.PROVED, needs=(), error=fault)
