"""Obligations: a claim about a construction, its id, what it needs, its broken twin and the verdict that is expected.

A file with obligations is a Python module; importing it registers them. The paper's own live in ``verify/claims``.
"""
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from constructions.errors import ConstructionError
from verify.case import Case
from verify.verdict import Verdict

Claim = Callable[[Any, Case], None]
Subject = Callable[[Case], Any]
KINDS = ("solver", "identity", "enumeration", "induction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One thing to prove.

    Parameters
    ----------
    id : dotted, item first: ``lemma11.idle.strong``. paper : the item of the paper (or where else it comes from).
    claim : states premises and facts of a subject. of : builds the subject, given a case. twin : builds a broken one.
    kind : ``solver`` (z3, for all), ``identity`` (sympy, zero polynomial), ``enumeration``, ``induction`` (base and
        step by z3). expect : the verdict that is right; REFUTED for a claim of the paper that is false as printed.
    finite : the finite case that is examined, in words; caps the verdict at CHECKED.
    domain : for enumerations, the values to go through. needs : ids on which the conclusion rests.
    erratum : the line of the errata to which a REFUTED claim belongs. budget : z3's rlimit for each fact.
    """

    id: str
    paper: str
    claim: Claim
    of: Subject
    twin: Subject | None = None
    kind: str = "solver"
    expect: Verdict = Verdict.PROVED
    finite: str | None = None
    domain: Callable[[], Iterator[dict[str, Any]]] | None = None
    needs: tuple[str, ...] = ()
    erratum: str | None = None
    logic: str | None = None
    budget: int = 60_000_000

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ConstructionError(f"need a kind among {KINDS}, got {self.kind!r}, at obligation {self.id}")
        if not (self.claim.__doc__ or "").strip():
            raise ConstructionError(f"need a statement in words (the claim's docstring), got none, at obligation {self.id}")
        if self.expect not in (Verdict.PROVED, Verdict.CHECKED, Verdict.REFUTED):
            raise ConstructionError(f"need PROVED, CHECKED or REFUTED to be expected, got {self.expect.name}, at obligation {self.id}")
        if self.expect is not Verdict.REFUTED and self.twin is None:
            raise ConstructionError(f"need a broken twin, got none, at obligation {self.id}")

    @property
    def statement(self) -> str:
        """The claim in words."""
        return " ".join((self.claim.__doc__ or "").split())


@dataclass
class Registry:
    """The obligations registered so far, by id."""

    obligations: dict[str, Obligation] = field(default_factory=dict)

    def add(self, obligation: Obligation) -> None:
        """Register; an id may be used once."""
        if obligation.id in self.obligations:
            raise ConstructionError(f"need a new id, got {obligation.id!r} twice")
        self.obligations[obligation.id] = obligation


_CURRENT = [Registry()]


def registry() -> Registry:
    """The registry into which obligations go now."""
    return _CURRENT[-1]


@contextmanager
def fresh_registry() -> Iterator[Registry]:
    """Collect the obligations of one file apart from the paper's."""
    _CURRENT.append(Registry())
    try:
        yield _CURRENT[-1]
    finally:
        _CURRENT.pop()


def nothing(case: Case) -> None:
    """The subject of a claim that is about no construction."""


def obligation(id: str, *, paper: str, of: Subject = nothing, **rest: Any) -> Callable[[Claim], Claim]:
    """Register a claim as an obligation; can be stacked to state one claim of several constructions.

    >>> from constructions.networks.gates import conjunction
    >>> with fresh_registry() as found:
    ...     @obligation("example.two", paper="an example", of=lambda case: 2, twin=lambda case: 3)
    ...     def two_is_even(number, case):
    ...         '''Twice some integer is the number.'''
    ...         case.show("even", number == 2)
    >>> list(found.obligations)
    ['example.two']
    """

    def register(claim: Claim) -> Claim:
        registry().add(Obligation(id=id, paper=paper, claim=claim, of=of, **rest))
        return claim

    return register
