"""What results mean for the exit code of a command."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from verify.obligations.verdict import BAD_INPUT, Verdict

if TYPE_CHECKING:  # help and usage errors need the codes, and no result
    from verify.discharge.result import Result

EXPECTED, WRONG, USAGE, OPEN, INTERNAL = range(5)


GRAVEST = (INTERNAL, USAGE, WRONG, OPEN, EXPECTED)
"""Exit codes, the one that outweighs all others first."""


def is_open(result: "Result") -> bool:
    """Whether a result is not as expected only because something is unknown."""
    twins = (None, Verdict.REFUTED, Verdict.UNKNOWN)
    known = result.verdict in (result.due, Verdict.UNKNOWN) and result.twin_verdict in twins
    return known and result.error is None and not result.as_expected


def code_of(result: "Result") -> int:
    """The exit code of one result alone."""
    if result.error is not None:
        return USAGE if result.error.kind == BAD_INPUT else INTERNAL
    return EXPECTED if result.as_expected else OPEN if is_open(result) else WRONG


def exit_code(results: "Iterable[Result]") -> int:
    """0 as expected, 1 something is not, 2 one cannot be examined, 3 only unknowns, 4 a fault here; the gravest.

    >>> from verify.discharge.result import Result
    >>> from verify.provers.outcome import Examination
    >>> def result(verdict):
    ...     return Result(
    ...         id="a.b", paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...         claim=Examination(verdict=verdict))
    >>> found = [result(verdict) for verdict in (Verdict.PROVED, Verdict.UNKNOWN, Verdict.REFUTED)]
    >>> [code_of(each) for each in found], [is_open(each) for each in found]
    ([0, 3, 1], [False, True, False])
    >>> exit_code(found), exit_code(found[:2])
    (1, 3)
    """
    return gravest(map(code_of, results))


def gravest(codes: Iterable[int]) -> int:
    """Of several exit codes the one that counts: 4, then 2, 1, 3, 0.

    >>> gravest([0, 3, 1]), gravest([1, 2]), gravest([])
    (1, 2, 0)
    """
    return min(codes, key=GRAVEST.index, default=EXPECTED)
