"""Enumeration: every fact of a claim at every point of a stated finite domain, in rationals, by the exact evaluator."""
from fractions import Fraction
from typing import Any

from constructions.foundations.logic import every
from verify.obligation import Obligation
from verify.provers.by_z3 import Discharge, FactResult
from verify.replay import replay
from verify.verdict import Verdict


def discharge(obligation: Obligation, of: Any) -> Discharge:
    """Go through the domain; the first point at which a fact fails refutes, no point at which the premise holds is vacuous."""
    labels: dict[str, bool] = {}
    witness: dict[str, Fraction] | None = None
    for values in obligation.domain() if obligation.domain else iter(({},)):
        seen = replay(obligation.claim, of, values)
        if not every(*seen.premises):
            continue
        witness = witness if witness is not None else dict(values)
        failing = seen.failing()
        if failing:
            results = tuple(FactResult(label, Verdict.REFUTED) for label in failing)
            return Discharge(Verdict.REFUTED, results, witness, dict(values), tuple(failing))
        for fact in seen.facts:
            labels[fact.label] = labels.get(fact.label, False) or bool(fact.given)
    if witness is None or not labels:
        return Discharge(Verdict.VACUOUS, (FactResult("no point of the domain meets the premise", Verdict.VACUOUS),), {})
    results = tuple(FactResult(label, Verdict.CHECKED if met else Verdict.VACUOUS) for label, met in labels.items())
    return Discharge(min(result.verdict for result in results), results, witness)
