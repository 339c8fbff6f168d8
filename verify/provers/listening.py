"""What provers do, heard by whoever wants to know: every question that z3 is asked, so that somebody else can be asked
the same; and the cases to which claims are stated, so that what was proved need not be stated once more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from constructions.foundations.loading import loaded_when_used
from constructions.foundations.logic import Formula

with loaded_when_used(__name__):
    from verify.obligations import case as stated


@dataclass(frozen=True, slots=True)
class Heard:
    """A question and its status, what z3 said: ``sat``, ``unsat`` or ``unknown``."""

    question: Formula
    status: str


_LISTENERS: list[list[Heard]] = []
_COLLECTORS: "list[list[stated.Case]]" = []


@contextmanager
def listening() -> Iterator[list[Heard]]:
    """Collect the questions that are asked of z3 while inside, with its answers.

    >>> with listening() as heard:
    ...     tell(True, "sat")
    >>> heard
    [Heard(question=True, status='sat')]
    """
    heard: list[Heard] = []
    _LISTENERS.append(heard)
    try:
        yield heard
    finally:
        _LISTENERS.pop()


def tell(question: Formula, status: str) -> None:
    """Say which question was asked and with which status it was answered; nobody need listen."""
    for heard in _LISTENERS:
        heard.append(Heard(question, status))


@contextmanager
def collecting() -> "Iterator[list[stated.Case]]":
    """Collect the cases to which provers have claims stated while inside; of an enumeration the case of its first
    point.

    >>> with collecting() as cases:
    ...     pass
    >>> cases
    []
    """
    cases: list[stated.Case] = []
    _COLLECTORS.append(cases)
    try:
        yield cases
    finally:
        _COLLECTORS.pop()


def hand_over(case: "stated.Case") -> None:
    """Hand a case to which a claim was stated to those who collect; nobody need."""
    for cases in _COLLECTORS:
        cases.append(case)
