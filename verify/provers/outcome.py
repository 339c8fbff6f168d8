"""What a prover found for one claim."""

from dataclasses import dataclass
from fractions import Fraction

from verify.obligations.verdict import Verdict

SECONDS = 60


@dataclass(frozen=True, slots=True)
class FactResult:
    """One fact and what became of it."""

    label: str
    verdict: Verdict
    rlimit: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Discharge:
    """The outcome for one claim: verdict, facts, a witness that the premise can hold, a counterexample."""

    verdict: Verdict
    facts: tuple[FactResult, ...]
    witness: dict[str, Fraction]
    counterexample: dict[str, Fraction] | None = None
    failing: tuple[str, ...] = ()
