"""The margins of a claim: for each number of it the two ends up to which it may move, with the verdicts there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import msgspec

from constructions.errors import ConstructionError
from constructions.foundations.logic import every, negation
from constructions.foundations.spelling import one_line
from constructions.foundations.terms import Term
from constructions.foundations.traversal import substituted, variables
from verify.margins.moving import RANGE, TOLERANCE, Fails, Moved, Parameter, parameters_of
from verify.margins.roots import text_of
from verify.margins.search import EndSearch, FirstFailure, Open
from verify.margins.tolerances import tolerances
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import DisagreementError, Verdict
from verify.provers import by_z3
from verify.provers.asking import Asking

Kind = Literal["none", "exact", "root", "enclosed", "unknown"]
ZERO = Fraction(0)
FAR = 1024
"""Where no end is found, the claim is examined this far off: it may say nothing any more."""


class End(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far a number may move in one direction.

    Parameters
    ----------
    kind : ``none`` (nothing fails), ``exact``, ``root`` (of a polynomial, between ``value`` and ``beyond``),
        ``enclosed`` (between ``value``, up to which nothing fails, and ``beyond``, where the fact fails) or ``unknown``
        (nothing is known beyond ``value``).
    value : the end. closed : whether the claim holds at an exact end. beyond : a number at which the fact fails.
    fact : the label of the fact that fails first. at, after : the verdicts of the whole claim at ``value`` and at
        ``beyond`` (``none``: far off), REFUTED ones with a witness that was evaluated again; empty if not examined.
    counterexample : values for which a fact fails at ``beyond``. reason : why the end is not exact.
    root : the polynomial of which the end is a root, in words; empty if it is a rational.
    """

    kind: Kind
    value: Fraction | None = None
    closed: bool = False
    beyond: Fraction | None = None
    fact: str = ""
    at: str = ""
    after: str = ""
    counterexample: dict[str, Fraction] = {}
    reason: str = ""
    root: str = ""


class Margin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far one number of a claim may move.

    Parameters
    ----------
    claim : the id. kind : weight, constant or range. name : of the number; of a weight its edge.
    now : the number; a formula if the weight is one, and then the ends are those of a number that is added to it; empty
        for a range, whose ends are those of the variable. low, high : the ends, downwards and upwards; None if it
        cannot be moved. reason : why it cannot.
    """

    claim: str
    kind: str
    name: str
    now: str = ""
    low: End | None = None
    high: End | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How margins are looked for.

    Parameters
    ----------
    seconds : for each question to z3. fixed : variables of the claim that are held at a value. only : the name of a
        number, to look at no other. tolerances : whether the bounds that facts state are tightened too.
    """

    seconds: int
    fixed: Mapping[str, Fraction]
    only: str | None = None
    tolerances: bool = False


def margins(obligation: Obligation, asked: Looking) -> Iterator[Margin]:
    """The margins of every number of an obligation's claim that is PROVED, one by one; numbers on which no fact depends
    are left out. ``asked`` says what is looked at.

    Raises
    ------
    ConstructionError for a claim of another prover than z3, and for one that is not PROVED as it stands.

    >>> def is_close(weight, case):
    ...     "The product with x is at most 3/4 for x in [0, 1/4]."
    ...     x = case.real("x")
    ...     case.assume(x >= 0, x <= Fraction(1, 4))
    ...     case.show("close", weight * x <= Fraction(3, 4))
    >>> close = Obligation(id="close", paper="mine", claim=is_close, of=lambda case: Fraction(2), twin=lambda case: 4)
    >>> found = list(margins(close, Looking(seconds=1, fixed={}, only="subject")))
    >>> [(each.name, each.now, each.low.kind, each.high.kind, str(each.high.value)) for each in found]
    [('subject', '2', 'none', 'exact', '3')]
    """
    if obligation.kind not in ("solver", "induction"):
        got = f"one of kind {obligation.kind}, at {obligation.id}"
        raise ConstructionError(f"need a claim that z3 proves (kind solver or induction), got {got}")
    found = by_z3.discharge(obligation, obligation.of, asked.seconds)
    if found.verdict is not Verdict.PROVED:
        raise ConstructionError(f"need a claim that is PROVED, got {found.verdict.name}, at {obligation.id}")
    known = by_z3.build(obligation, obligation.of).variables
    odd = next((name for name in asked.fixed if name not in known), None)
    if odd is not None:
        raise ConstructionError(f"need a variable of the claim to hold, got {odd!r}, at {obligation.id}")
    for parameter in parameters_of(obligation):
        if asked.only in (None, parameter.name) and parameter.name not in asked.fixed:
            made = margin(Moved(obligation, parameter, asked.fixed), _start(parameter, found.witness), asked.seconds)
            if made is not None:
                yield made
    for parameter, (label, fails, term, asking) in tolerances(obligation) if asked.tolerances else ():
        if asked.only in (None, parameter.name):
            held = {known[name]: value for name, value in asked.fixed.items()}
            fact: Fails = (label, substituted([fails], held)[0], term, asking)
            high = _first([fact], Fraction(0), 1, asked.seconds)
            yield Margin(claim=obligation.id, kind=TOLERANCE, name=label, low=End(kind="none"), high=high)


def _start(parameter: Parameter, witness: Mapping[str, Fraction]) -> Fraction:
    """Where a number is known to be allowed."""
    if parameter.kind == RANGE:
        return witness.get(parameter.name, Fraction(0))
    return Fraction(0) if parameter.shifts or parameter.now is None else Fraction(parameter.now)


def margin(moved: Moved, start: Fraction, seconds: int) -> Margin | None:
    """The margins of one number, which is allowed at ``start``; None if no fact depends on it. Each question to the
    solver has so many seconds. Raises DisagreementError if two evaluators disagree at an end."""
    parameter, claim = moved.parameter, moved.obligation.id
    now = "" if parameter.now is None else " ".join(str(parameter.now).split())
    plain = Margin(claim=claim, kind=parameter.kind, name=parameter.name, now=now)
    try:
        facts = list(failing(moved))
        ends = [_end(moved, facts, start, sign, seconds) for sign in (-1, 1)] if facts else []
    except DisagreementError:
        raise
    except Exception as error:  # a construction may take this number for granted
        return msgspec.structs.replace(plain, reason=f"{type(error).__name__}: {one_line(error)}")
    return msgspec.structs.replace(plain, low=ends[0], high=ends[1]) if facts else None


def failing(moved: Moved) -> Iterator[Fails]:
    """Of each fact that depends on a number that moves: its label, and the formula that says where it fails.

    >>> def is_close(weight, case):
    ...     "The product with x is at most 3/4 for x in [0, 1/4]."
    ...     x = case.real("x")
    ...     case.assume(x >= 0, x <= Fraction(1, 4))
    ...     case.show("close", weight * x <= Fraction(3, 4))
    >>> close = Obligation(id="close", paper="mine", claim=is_close, of=lambda case: Fraction(2), twin=lambda case: 4)
    >>> moved = Moved(close, parameters_of(close)[0], {})
    >>> [(label, fails) for label, fails, _, _ in failing(moved)]
    [('close', x >= 0 and x <= 1/4 and not (moved subject*x <= 3/4))]
    """
    obligation, of = moved.general()
    case = by_z3.build(obligation, of)
    term = case.variables.get(moved.variable)
    held: dict[Term, Any] = {case.variables[name]: value for name, value in moved.fixed.items()}
    for fact in case.facts:
        fails = every(fact.given, negation(fact.conclusion))
        if isinstance(fails, Term):
            fails = substituted([fails], held)[0]
        if isinstance(fails, Term) and term is not None and term in set(variables(fails).values()):
            yield fact.label, fails, term, lambda seconds: Asking.of(case.variables, obligation, seconds)


def _end(moved: Moved, facts: list[Fails], start: Fraction, sign: int, seconds: int) -> End:
    """The end in one direction, with the verdicts there."""
    bound = moved.parameter.least if sign < 0 else moved.parameter.most
    known = Fraction(0) if bound is None else (bound - start) * sign  # the claim is PROVED as it stands
    return _examined(moved, _first(facts, start, sign, seconds, known), start, sign, seconds)


def _first(facts: list[Fails], start: Fraction, sign: int, seconds: int, known: Fraction = ZERO) -> End:
    """The end in one direction: that of the fact that fails first."""
    best: tuple[str, FirstFailure] | None = None
    unknown: list[tuple[str, Open]] = []
    for label, fails, term, asking in facts:
        search = EndSearch(fails, term, start, sign, asking(seconds), known)
        found = search.first_failure(None if best is None else best[1])
        if isinstance(found, Open):
            unknown.append((label, found))
        elif found is not None:
            best = (label, found)
    return _end_found(best, unknown, start, sign)


def _end_found(
    best: tuple[str, FirstFailure] | None, unknown: list[tuple[str, Open]], start: Fraction, sign: int
) -> End:
    """An end from what was found of the facts."""
    if unknown:
        label, found = min(unknown, key=lambda pair: pair[1].low)
        beyond = None if best is None else start + sign * best[1].high
        return End(kind="unknown", value=start + sign * found.low, beyond=beyond, fact=label, reason=found.reason)
    if best is None:
        return End(kind="none")
    label, failure = best
    value, high = start + sign * failure.low, start + sign * failure.high
    kind: Kind = "root" if failure.root else "exact" if failure.exact else "enclosed"
    root = text_of(failure.root) if failure.root else ""
    return End(kind=kind, value=value, closed=failure.closed, beyond=high, fact=label, reason=failure.reason, root=root)


def _examined(moved: Moved, end: End, start: Fraction, sign: int, seconds: int) -> End:
    """An end with the verdicts of the whole claim there."""
    if end.kind == "none":
        return msgspec.structs.replace(end, after=_verdict(moved, start + sign * FAR, seconds)[0])
    assert end.value is not None
    beyond = end.beyond
    if end.kind == "exact":
        beyond = end.value + sign * Fraction(1, FAR) if end.closed else end.value
    at = _verdict(moved, end.value, seconds)
    after = at if beyond == end.value or beyond is None else _verdict(moved, beyond, seconds)
    word = "" if beyond is None else after[0]
    return msgspec.structs.replace(end, beyond=beyond, at=at[0], after=word, counterexample=after[1])


def _verdict(moved: Moved, value: Fraction, seconds: int) -> tuple[str, dict[str, Fraction]]:
    """The verdict of the claim with the number at a value, and where it fails; ERROR if it cannot be stated there."""
    try:
        found: Any = by_z3.discharge(*moved.at(value), seconds)
    except ConstructionError as error:
        return f"ERROR ({one_line(error)})", {}
    return found.verdict.name, found.counterexample or {}
