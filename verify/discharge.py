"""Discharge one obligation: the claim by its prover, then its broken twin, which must be refuted."""
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.obligation import Obligation
from verify.provers import by_enumeration, by_sympy, by_z3
from verify.provers.by_z3 import SECONDS, Discharge
from verify.replay import replay
from verify.verdict import Verdict

PROVERS = {"solver": "z3", "identity": "sympy", "enumeration": "enumeration", "induction": "induction, base and step by z3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one obligation.

    ``as_expected`` asks for the expected verdict and for a refuted twin. ``failing`` are the facts that fail at the
    counterexample; ``leaves`` names the first vertex that leaves its piece there. ``read`` are the files, with digests,
    that were read to state a user's claim.
    """

    id: str
    paper: str
    statement: str
    prover: str
    verdict: Verdict
    expect: Verdict
    needs: tuple[str, ...]
    facts: tuple[tuple[str, str, int, str], ...]
    witness: dict[str, str]
    counterexample: dict[str, str] | None
    failing: tuple[str, ...]
    leaves: str | None
    twin: Verdict | None
    twin_counterexample: dict[str, str] | None
    twin_leaves: str | None
    erratum: str | None
    finite: str | None
    seconds: float
    cached: bool = False
    read: tuple[tuple[str, str], ...] = ()

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the expected one and the twin, if any, is refuted."""
        return self.verdict == self.expect and self.twin in (None, Verdict.REFUTED)


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
    verdict = min(found.verdict, Verdict.CHECKED) if obligation.finite else found.verdict
    return Result(
        id=obligation.id,
        paper=obligation.paper,
        statement=obligation.statement,
        prover=PROVERS[obligation.kind],
        verdict=verdict,
        expect=obligation.expect,
        needs=obligation.needs,
        facts=tuple((fact.label, fact.verdict.name, fact.rlimit, fact.reason) for fact in found.facts),
        witness=_text(found.witness) or {},
        counterexample=_text(found.counterexample),
        failing=found.failing,
        leaves=_leaves(obligation, obligation.of, found.counterexample),
        twin=twin.verdict if twin else None,
        twin_counterexample=_text(twin.counterexample) if twin else None,
        twin_leaves=_leaves(obligation, obligation.twin, twin.counterexample) if twin else None,
        erratum=obligation.erratum,
        finite=obligation.finite,
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
