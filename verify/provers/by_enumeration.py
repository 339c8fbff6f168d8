"""Enumeration: every fact of a claim at every point of a stated finite domain, in rationals, by the exact evaluator."""

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.logic import every
from constructions.foundations.refusals import described, refusal
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.provers.circles import check_no_circle
from verify.provers.listening import hand_over
from verify.provers.outcome import Examination, FactFinding, departure_in, principles_in, uses_in
from verify.provers.stating import check_claim
from verify.replay.witness import ReplayCase, replay_of


def discharge(obligation: Obligation, of: Any) -> Examination:
    """Go through the domain, point by point, and evaluate every fact in rationals.

    Parameters
    ----------
    obligation : its claim, and the domain. of : builds the subject (the obligation's own, its twin, a mutation).

    Returns
    -------
    REFUTED at the first point at which a fact fails, with the first vertex that leaves its piece there; VACUOUS if the
    premises hold at no point; else CHECKED.

    Raises
    ------
    ConstructionError for a point that gives values to other variables than the claim asks for, and for a claim that
    does not state the same facts at every point.

    >>> def is_small(bound, case):
    ...     "The square of each of three numbers is below the bound."
    ...     case.show("small", case.real("k") ** 2 < bound)
    >>> squares = Obligation(
    ...     id="squares", paper="mine", claim=is_small, of=lambda case: 9, twin=lambda case: 4, kind="enumeration",
    ...     finite="k from 0 to 2", domain=lambda: iter([{"k": 0}, {"k": 1}, {"k": 2}]))
    >>> discharge(squares, squares.of).verdict.name, discharge(squares, squares.twin).counterexample
    ('CHECKED', {'k': Fraction(2, 1)})
    """
    check_claim(obligation)
    labels: dict[str, bool] = {}
    witness: dict[str, Fraction] | None = None
    for values in obligation.domain() if obligation.domain else iter(({},)):
        point = _exact(values, obligation)
        seen = replay_of(obligation, of, point)
        if not labels:
            hand_over(seen)
        _check(seen, point, labels, obligation)
        check_no_circle(obligation, tuple(used.id for used in seen.uses))
        holds = every(*(premise.formula for premise in seen.premises))
        failing = seen.failing()
        if failing:
            return Examination(
                verdict=Verdict.REFUTED,
                facts=tuple(FactFinding(label, Verdict.REFUTED) for label in failing),
                witness=witness or point,
                counterexample=point,
                failing=tuple(failing),
                leaves=departure_in(seen),
                uses=uses_in(seen),
                principles=principles_in(seen),
            )
        witness = witness if witness is not None or not holds else point
        for fact in seen.facts:
            labels[fact.label] = labels.get(fact.label, False) or bool(fact.given)
    if witness is None:
        nowhere = FactFinding("all facts", Verdict.VACUOUS, reason="no point of the domain meets the premises")
        return Examination(verdict=Verdict.VACUOUS, facts=(nowhere,))
    facts = tuple(_checked(label, met=met) for label, met in labels.items())
    return Examination(
        verdict=min(fact.verdict for fact in facts),
        facts=facts,
        witness=witness,
        uses=uses_in(seen),
        principles=principles_in(seen),
    )


def failing(obligation: Obligation, of: Any, wanted: Collection[str]) -> Iterator[str]:
    """The labels of the ``wanted`` facts that fail about the subject that ``of`` builds, each at some point of the
    domain.

    >>> def is_small(most, case):
    ...     "A digit is at most 1."
    ...     case.show("small", case.real("x") <= most)
    >>> digit = Obligation(id="digit", paper="mine", claim=is_small, of=lambda case: 1, twin=lambda case: 0,
    ...     kind="enumeration", domain=lambda: iter([{"x": 0}, {"x": 1}]))
    >>> list(failing(digit, digit.twin, ["small"]))
    ['small']
    """
    found = set[str]()
    for point in obligation.domain() if obligation.domain else iter(({},)):
        seen = replay_of(obligation, of, _exact(point, obligation)).failing()
        fresh = [label for label in dict.fromkeys(seen) if label in wanted and label not in found]
        found.update(fresh)
        yield from fresh


def _checked(label: str, *, met: bool) -> FactFinding:
    """A fact that fails nowhere; ``met`` says whether what it presupposes holds somewhere."""
    if met:
        return FactFinding(label, Verdict.CHECKED)
    return FactFinding(label, Verdict.VACUOUS, reason="no point of the domain meets its premises")


def _exact(values: Mapping[str, Any], obligation: Obligation) -> dict[str, Fraction]:
    for name, value in values.items():
        if type(value) not in (int, Fraction):
            got = f"{described(value)} for {name!r}, at obligation {obligation.id}"
            raise refusal(f"need exact numbers (int, Fraction) in a domain, got {got}")
    return {name: Fraction(value) for name, value in values.items()}


def _check(seen: ReplayCase, point: Mapping[str, Fraction], labels: Mapping[str, bool], obligation: Obligation) -> None:
    """The variables are those of the domain, and the facts those of the points before."""
    if set(seen.asked) != set(point):
        odd = sorted(set(seen.asked) ^ set(point))[0]
        what = (
            f"the variable {odd!r} without a value"
            if odd in seen.asked
            else f"values for {odd!r}, which the claim never asks for"
        )
        raise ConstructionError(
            f"need a domain with the variables of the claim, got {what}, at obligation {obligation.id}"
        )
    stated = [fact.label for fact in seen.facts]
    if not stated:
        raise ConstructionError(
            f"need at least one fact at every point, got none{_at(point)}, at obligation {obligation.id}"
        )
    twice = next((label for i, label in enumerate(stated) if label in stated[:i]), None)
    if twice is not None:
        raise ConstructionError(
            f"need facts with different labels, got {twice!r} twice{_at(point)}, at obligation {obligation.id}"
        )
    if labels and set(stated) != set(labels):
        odd = sorted(set(stated) ^ set(labels))[0]
        raise ConstructionError(
            f"need the same facts at every point, got {odd!r} at some only{_at(point)}, at obligation {obligation.id}"
        )


def _at(point: Mapping[str, Fraction]) -> str:
    return f" at {', '.join(f'{name}={value}' for name, value in point.items())}" if point else ""
