"""Obligations: a claim about a construction, its id, what it needs, its broken twin and the verdict that is expected.

A file with obligations is a Python module; importing it registers them. The paper's own live in ``verify/claims``. In a
user's file an obligation that cannot be registered is put down as refused, so that the others of the file are examined.
"""

import sys
from collections import ChainMap
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict, Unpack

from constructions.errors import ConstructionError
from verify.obligations.case import Case
from verify.obligations.verdict import Verdict

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
    logic : the SMT-LIB logic of which z3 is told; none, if it is to find out itself.
    known : the obligations that the claim may use, by id; the registry fills it in.

    Raises
    ------
    ConstructionError
        For a field of another type, an unknown kind, a claim without a docstring, no twin where one is needed, or a
        verdict that cannot be expected.

    >>> def is_even(number, case):
    ...     "Twice some integer is the number."
    ...     case.show("even", number % 2 == 0)
    >>> made = Obligation(id="my.even", paper="mine", claim=is_even, of=lambda case: 2, twin=lambda case: 3)
    >>> made.statement, made.kind, made.expect.name
    ('Twice some integer is the number.', 'solver', 'PROVED')
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
    known: Mapping[str, "Obligation"] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        where = f"at obligation {self.id}"
        for need, got in wrong_types(self):
            raise ConstructionError(f"need {need}, got {got}, {where}")
        if self.kind not in KINDS:
            raise ConstructionError(f"need a kind among {KINDS}, got {self.kind!r}, {where}")
        if not words_of(self.claim):
            raise ConstructionError(f"need a statement in words (the claim's docstring), got none, {where}")
        if self.expect not in (Verdict.PROVED, Verdict.CHECKED, Verdict.REFUTED):
            raise ConstructionError(f"need PROVED, CHECKED or REFUTED to be expected, got {self.expect.name}, {where}")
        if self.expect is not Verdict.REFUTED and self.twin is None:
            raise ConstructionError(f"need a broken twin, got none, {where}")
        for name in ("id", "paper", "kind", "finite", "erratum", "logic"):
            if getattr(self, name) is not None:
                object.__setattr__(
                    self, name, str.__str__(getattr(self, name))
                )  # no subclass: it goes to other processes
        object.__setattr__(self, "needs", tuple(map(str.__str__, self.needs)))

    @property
    def statement(self) -> str:
        """The claim in words."""
        return words_of(self.claim)


def words_of(claim: Any) -> str:
    """The docstring of a claim on one line; empty if it has none."""
    found = getattr(claim, "__doc__", None)
    return " ".join(found.split()) if isinstance(found, str) else ""


def wrong_types(obligation: Obligation) -> Iterator[tuple[str, str]]:
    """What an obligation was given that is not of its kind: what it needs, what it got."""
    for name in ("id", "paper", "kind"):
        value = getattr(obligation, name)
        if not (isinstance(value, str) and value.strip()):
            yield f"a text as {name}", repr(value)
    for name in ("claim", "of", "twin", "domain"):
        value = getattr(obligation, name)
        if not (callable(value) or (value is None and name in ("twin", "domain"))):
            yield f"a function as {name}", repr(value)
    for name in ("finite", "erratum", "logic"):
        value = getattr(obligation, name)
        if not (value is None or (isinstance(value, str) and value.strip())):
            yield f"a text as {name}, or None", repr(value)
    needs, budget = obligation.needs, obligation.budget
    if not (isinstance(needs, tuple | list) and all(isinstance(need, str) for need in needs)):
        yield "a tuple of ids as needs", repr(needs)
    if not isinstance(obligation.expect, Verdict):
        yield "a verdict to be expected (Verdict.PROVED)", repr(obligation.expect)
    if not isinstance(budget, int) or isinstance(budget, bool) or budget < 1:
        yield "an integer of at least 1 as budget", repr(budget)


@dataclass(frozen=True, slots=True)
class Refused:
    """What was to be an obligation of a file and is none: what is known of it, what is wrong with it, and where.

    ``after`` is the number of obligations of the file that come before it.

    ``id``, ``paper`` and ``statement`` are as far as they are known; ``said`` says what was needed, what was got and
    where.
    """

    id: str
    paper: str
    statement: str
    said: str
    after: int


@dataclass
class Registry:
    """The obligations registered so far, by id. One that is ``lenient`` puts down what it refuses, in ``refused``.

    A claim may use those of its own registry and those ``below``: the paper's, for a user's file.

    >>> def is_even(number, case):
    ...     "Twice some integer is the number."
    ...     case.show("even", number % 2 == 0)
    >>> mine = Registry(lenient=True)
    >>> mine.add(Obligation(id="my.even", paper="mine", claim=is_even, of=lambda case: 2, twin=lambda case: 3))
    >>> mine.refuse("my.odd", "mine", is_even, ConstructionError("need a twin, got none"), "mine.py:9")
    >>> list(mine.obligations), [(each.id, each.said) for each in mine.refused]
    (['my.even'], [('my.odd', 'need a twin, got none, at mine.py:9')])
    """

    obligations: dict[str, Obligation] = field(default_factory=dict)
    lenient: bool = False
    refused: list[Refused] = field(default_factory=list)
    below: Mapping[str, Obligation] = field(default_factory=dict)

    def add(self, obligation: Obligation) -> None:
        """Register; an id may be used once (a claim whose file is executed twice, under two names, is one claim).

        Raises
        ------
        ConstructionError
            For an id that another claim has.
        """
        known = self.obligations.get(obligation.id)
        if known is not None and not same_source(known.claim, obligation.claim):
            raise ConstructionError(f"need a new id, got {obligation.id!r} twice")
        self.obligations.setdefault(obligation.id, replace(obligation, known=ChainMap(self.obligations, self.below)))  # type: ignore[arg-type]

    def refuse(self, id: object, paper: object, claim: object, error: Exception, where: str) -> None:
        """Put down an obligation that is none, by what is known of its id, item of the paper (``paper``) and claim,
        with the error and ``where`` it stands. Raises the error again where a fault is not put up with."""
        if not self.lenient:
            raise error
        name = id if isinstance(id, str) and id.strip() else getattr(claim, "__name__", type(claim).__name__)
        names = {*self.obligations, *(refused.id for refused in self.refused)}
        said = f"{error}, at {where}" if where else str(error)
        self.refused.append(Refused(unused(name, names), str(paper), words_of(claim), said, len(self.obligations)))


def unused(name: str, names: Container[str]) -> str:
    """A name that is not among some names: itself, or with a number behind it.

    >>> unused("a", {"b"}), unused("a", {"a", "a (2)"})
    ('a', 'a (3)')
    """
    number, found = 1, name
    while found in names:
        number += 1
        found = f"{name} ({number})"
    return found


def same_source(one: Any, other: Any) -> bool:
    """Whether the functions ``one`` and ``other`` come from one place in one file that was executed twice.

    >>> once, again = {}, {}
    >>> for space in (once, again):
    ...     exec("def claim(subject, case): ...", space)
    >>> same_source(once["claim"], again["claim"]), same_source(once["claim"], once["claim"])
    (True, False)
    """
    codes = [getattr(function, "__code__", None) for function in (one, other)]
    if None in codes or one.__globals__ is other.__globals__:
        return False
    first, second = ((code.co_filename, code.co_firstlineno, code.co_name) for code in codes if code is not None)
    return bool(first == second)


_CURRENT = [Registry()]


def registry() -> Registry:
    """The registry into which obligations go now.

    >>> with fresh_registry() as mine:
    ...     inside = registry()
    >>> inside is mine, registry() is mine
    (True, False)
    """
    return _CURRENT[-1]


@contextmanager
def papers_registry() -> Iterator[Registry]:
    """Have obligations go where the paper's are, also while those of a user's file are collected.

    >>> with fresh_registry() as mine, papers_registry() as papers:
    ...     [registry() is each for each in (mine, papers)]
    [False, True]
    """
    _CURRENT.append(_CURRENT[0])
    try:
        yield _CURRENT[0]
    finally:
        _CURRENT.pop()


@contextmanager
def fresh_registry(*, lenient: bool = False, below: Mapping[str, Obligation] | None = None) -> Iterator[Registry]:
    """Collect the obligations of one file apart from the paper's.

    Parameters
    ----------
    lenient : put down what is refused. below : others that their claims may use; if not given, those of the paper that
        are imported by then.
    """
    _CURRENT.append(Registry(lenient=lenient, below=_CURRENT[0].obligations if below is None else below))
    try:
        yield _CURRENT[-1]
    finally:
        _CURRENT.pop()


class ObligationFields(TypedDict, total=False):
    """The fields of an :class:`Obligation` that have defaults, as keywords of what registers claims.

    They are twin, kind, expect, finite, domain, needs, erratum, logic and budget, and mean what they mean there.
    """

    twin: Subject | None
    kind: str
    expect: Verdict
    finite: str | None
    domain: Callable[[], Iterator[dict[str, Any]]] | None
    needs: tuple[str, ...]
    erratum: str | None
    logic: str | None
    budget: int


def nothing(case: Case) -> None:
    """The subject of a claim that is about no construction.

    >>> def is_more(subject, case):
    ...     "A square is more than 0."
    ...     case.show("square", case.real("x") ** 2 > 0)
    >>> with fresh_registry() as mine:
    ...     _ = obligation("example.square", paper="mine", expect=Verdict.REFUTED)(is_more)
    >>> mine.obligations["example.square"].of is nothing
    True
    """


def obligation(
    id: str, *, paper: str = "", of: Subject = nothing, **rest: Unpack[ObligationFields]
) -> Callable[[Claim], Claim]:
    """Register a claim as an obligation; can be stacked to state one claim of several constructions.

    Parameters
    ----------
    id : dotted, item first. paper, of : as for :class:`Obligation`, and so are all other fields (``rest``).

    Raises
    ------
    ConstructionError
        When the claim is registered, as :class:`Obligation` and :meth:`Registry.add`; in a user's file the claim is put
        down as refused instead.

    >>> from constructions.networks.gates import conjunction
    >>> with fresh_registry() as found:
    ...     @obligation("example.two", paper="an example", of=lambda case: 2, twin=lambda case: 3)
    ...     def two_is_even(number, case):
    ...         '''Twice some integer is the number.'''
    ...         case.show("even", number == 2)
    >>> list(found.obligations)
    ['example.two']
    """

    where = _caller()

    def register(claim: Claim) -> Claim:
        try:
            fields = [name for name in Obligation.__dataclass_fields__ if name != "known"]
            odd = [name for name in rest if name not in fields]
            if odd:
                names = ", ".join(fields)
                raise ConstructionError(f"need fields of an obligation ({names}), got {odd[0]!r}, at obligation {id}")
            registry().add(Obligation(id=id, paper=paper, claim=claim, of=of, **rest))
        except ConstructionError as error:
            registry().refuse(id, paper, claim, error, where)
        return claim

    if callable(id):  # @obligation without parentheses
        registry().refuse("", paper, id, ConstructionError('need @obligation("an.id", paper=...), got no id'), where)
        return id
    return register


def _caller() -> str:
    """``file:line`` of the caller's caller."""
    frame = sys._getframe(2)
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
