"""Discharge one obligation: the claim by its prover, then its broken twin, which must be refuted."""

import time
from fractions import Fraction
from typing import Any

from verify.discharge.result import OPEN, Result, blank
from verify.obligations.obligation import Obligation
from verify.obligations.verdict import Verdict
from verify.provers import by_enumeration, by_sympy, by_z3
from verify.provers.outcome import SECONDS, Discharge
from verify.replay.witness import replay


def examine(obligation: Obligation, of: Any, seconds: int = SECONDS) -> Discharge:
    """Discharge the claim of an obligation about any subject (its own, its twin, a mutation)."""
    if obligation.kind == "identity":
        return by_sympy.discharge(obligation, of, seconds)
    if obligation.kind == "enumeration":
        return by_enumeration.discharge(obligation, of)
    return by_z3.discharge(obligation, of, seconds)


def discharge(obligation: Obligation, seconds: int = SECONDS) -> Result:
    """Discharge an obligation and its twin."""
    began = time.perf_counter()
    found = examine(obligation, obligation.of, seconds)
    twin = examine(obligation, obligation.twin, seconds) if obligation.twin else None
    return blank(
        obligation,
        verdict=min(found.verdict, Verdict.CHECKED) if obligation.finite else found.verdict,
        facts=tuple((fact.label, fact.verdict.name, fact.rlimit, fact.reason) for fact in found.facts),
        witness=_text(found.witness) or {},
        counterexample=_text(found.counterexample),
        failing=found.failing,
        leaves=_leaves(obligation, obligation.of, found.counterexample),
        twin=twin.verdict if twin else None,
        twin_counterexample=_text(twin.counterexample) if twin else None,
        twin_leaves=_leaves(obligation, obligation.twin, twin.counterexample) if twin else None,
        twin_reason=next((fact.reason for fact in twin.facts if fact.verdict.name in OPEN), "") if twin else "",
        seconds=time.perf_counter() - began,
    )


def _text(values: dict[str, Fraction] | None) -> dict[str, str] | None:
    return None if values is None else {name: str(value) for name, value in values.items()}


def _leaves(obligation: Obligation, of: Any, values: dict[str, Fraction] | None) -> str | None:
    if values is None:
        return None
    found = replay(obligation.claim, of, values).first_off_piece()
    if found is None:
        return None
    scene, vertex, pre, piece = found
    return f"{vertex} ({scene}): pre-activation {pre} is not strictly inside {piece}"
