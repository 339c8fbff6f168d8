"""Verdicts, from worst to best; a theorem is worth the least of what it needs."""

from dataclasses import dataclass
from enum import IntEnum

from constructions.errors import ConstructionError


class Verdict(IntEnum):
    """REFUTED < VACUOUS (impossible premise) < UNKNOWN (budget) < CHECKED (a stated finite case) < PROVED.

    >>> min(Verdict.PROVED, Verdict.CHECKED).name
    'CHECKED'
    """

    REFUTED = 0
    VACUOUS = 1
    UNKNOWN = 2
    CHECKED = 3
    PROVED = 4

    def __bool__(self) -> bool:
        """Refused: REFUTED is the number 0, and no ``if verdict`` means to ask for that."""
        raise TypeError(f"need a comparison of verdicts (is, ==, <), got {self.name} as a truth value")


class DisagreementError(RuntimeError):
    """Two independent evaluators disagree about one fact: a bug here, never a verdict."""


BAD_INPUT, DISAGREEMENT, INTERNAL = "bad input", "disagreement", "internal"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an obligation has no verdict: a word for the kind of fault, and one line that says need, got and where.

    ``bad input`` is the fault of a user's file; ``disagreement`` (two evaluators) and ``internal`` are faults here.
    """

    kind: str
    said: str

    def __post_init__(self) -> None:
        if self.kind not in (BAD_INPUT, DISAGREEMENT, INTERNAL):
            raise ConstructionError(f"need a kind of fault, got {self.kind!r}")
