"""Enumeration: every fact of a claim at every point of a stated finite domain, in rationals, by the exact evaluator."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.logic import every
from constructions.foundations.refusals import described, refusal
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.provers.outcome import Discharge, FactResult
from verify.provers.stating import check_claim
from verify.replay.witness import ReplayCase, replay


def discharge(obligation: Obligation, of: Any) -> Discharge:
    """Go through the domain; the first point at which a fact fails refutes, no point at which the premise holds is
    vacuous.

    Errors
    ------
    ConstructionError for a point that gives values to other variables than the claim asks for, and for a claim that
    does not state the same facts at every point.
    """
    check_claim(obligation)
    labels: dict[str, bool] = {}
    witness: dict[str, Fraction] | None = None
    for values in obligation.domain() if obligation.domain else iter(({},)):
        point = _exact(values, obligation)
        seen = replay(obligation.claim, of, point)
        _check(seen, point, labels, obligation)
        holds = every(*(premise.formula for premise in seen.premises))
        failing = seen.failing()
        if failing:
            results = tuple(FactResult(label, Verdict.REFUTED) for label in failing)
            return Discharge(Verdict.REFUTED, results, witness or point, point, tuple(failing))
        witness = witness if witness is not None or not holds else point
        for fact in seen.facts:
            labels[fact.label] = labels.get(fact.label, False) or bool(fact.given)
    if witness is None:
        return Discharge(
            Verdict.VACUOUS,
            (FactResult("all facts", Verdict.VACUOUS, 0, "no point of the domain meets the premises"),),
            {},
        )
    results = tuple(_result(label, met) for label, met in labels.items())
    return Discharge(min(result.verdict for result in results), results, witness)


def _result(label: str, met: bool) -> FactResult:
    return (
        FactResult(label, Verdict.CHECKED)
        if met
        else FactResult(label, Verdict.VACUOUS, 0, "no point of the domain meets its premises")
    )


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
