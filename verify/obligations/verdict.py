"""Verdicts, from worst to best; a theorem is worth the least of what it needs."""

from enum import Enum
from functools import total_ordering
from typing import Literal, get_args

import msgspec

from constructions.errors import ConstructionError


@total_ordering
class Verdict(Enum):
    """What is known of a claim, from worst to best.

    REFUTED (there is a counterexample) < VACUOUS (what it presupposes cannot hold) < UNKNOWN (neither in the budget)
    < CHECKED (it holds in all of a stated finite case) < PROVED. A verdict is no number; in files it is a name.

    >>> min(Verdict.PROVED, Verdict.CHECKED).name
    'CHECKED'
    """

    REFUTED = "REFUTED"
    VACUOUS = "VACUOUS"
    UNKNOWN = "UNKNOWN"
    CHECKED = "CHECKED"
    PROVED = "PROVED"

    def __lt__(self, other: object) -> bool:
        """Whether this verdict is worse than another."""
        return ORDER[self] < ORDER[other] if isinstance(other, Verdict) else NotImplemented

    def __bool__(self) -> bool:
        """Refused: no ``if verdict`` says which of the five it asks for."""
        raise TypeError(f"need a comparison of verdicts (is, ==, <), got {self.name} as a truth value")


ORDER = {verdict: place for place, verdict in enumerate(Verdict)}


class DisagreementError(RuntimeError):
    """Two independent evaluators disagree about one fact: a bug here, never a verdict."""


FaultKind = Literal["bad input", "disagreement", "internal"]
BAD_INPUT: FaultKind = "bad input"
DISAGREEMENT: FaultKind = "disagreement"
INTERNAL: FaultKind = "internal"


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an obligation has no verdict.

    Parameters
    ----------
    kind : ``bad input`` is a fault of the user's file; ``disagreement`` (of two evaluators) and ``internal`` are faults
        of this project; any other raises ConstructionError.
    said : one line that says what was needed, what was got, and where.
    """

    kind: FaultKind
    said: str

    def __post_init__(self) -> None:
        if self.kind not in get_args(FaultKind):
            raise ConstructionError(f"need a kind of fault, got {self.kind!r}")
