"""Every question that z3 is asked, heard by whoever wants to ask somebody else the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from constructions.foundations.logic import Formula


@dataclass(frozen=True, slots=True)
class Heard:
    """A question and its status, what z3 said: ``sat``, ``unsat`` or ``unknown``."""

    question: Formula
    status: str


_LISTENERS: list[list[Heard]] = []


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
