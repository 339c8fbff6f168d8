"""Verdicts, from worst to best; a theorem is worth the least of what it needs."""
from enum import IntEnum


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


class DisagreementError(RuntimeError):
    """Two independent evaluators disagree about one fact: a bug here, never a verdict."""
