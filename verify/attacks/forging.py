"""What the kinds of forged certificates share: the list of them, and how to get at parts of a certificate.

Each kind gets a seeded source and an honest certificate, which it may change; it returns a note, or None if there is
nothing to change.

>>> from verify.attacks.certificates import honest
>>> @forges("two lines of the machine exchanged")
... def exchanged(source, cert):
...     return change_lines(source, cert, lambda lines: swapped(source, lines))
>>> cert = honest("conjunction by queries, minimal")
>>> FORGERIES.pop("two lines of the machine exchanged")(Random(0), cert)  # it was an example only
'places 54 and 24'
>>> len(models(cert)), one_of(Random(0), models(cert))["held"], one_of(Random(0), [])
(4, '9/8', None)
"""

from collections.abc import Callable
from random import Random
from typing import Any

from verify.attacks.certificates import Certificate

Change = Callable[[Random, Certificate], str | None]
FORGERIES: dict[str, Change] = {}
ODD = ("\x0b", "\x0c", "\r", "\x1c", "\x85", "\u2028", "\0", "\t", "\x7f", "\u00a0", "\u0661")
"""Characters that some readers take for the end of a line, for a space or for a digit."""


def forges(name: str) -> Callable[[Change], Change]:
    """Register a kind."""

    def register(function: Change) -> Change:
        FORGERIES[name] = function
        return function

    return register


def models(cert: Certificate) -> list[dict[str, Any]]:
    """The rounds that are proved."""
    return [said for said in cert["rounds"] if "like" not in said]


def one_of(source: Random, rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """One of some rounds, the ``rows``, drawn from a seeded ``source``; None if there is none."""
    return source.choice(rows) if rows else None


def swapped(source: Random, row: list[Any]) -> str | None:
    """Two entries of a ``row``, drawn from a seeded ``source``, exchanged; None if they do not differ."""
    if len(row) < 2:
        return None
    i, j = source.sample(range(len(row)), 2)
    if row[i] == row[j]:
        return None
    row[i], row[j] = row[j], row[i]
    return f"places {i} and {j}"


def change_lines(source: Random, cert: Certificate, change: Callable[[list[str]], str | None]) -> str | None:
    """A change of the lines of the machine in a certificate ``cert``; the seeded ``source`` is the kind's."""
    lines = cert["machine"].split("\n")
    note = change(lines)
    cert["machine"] = "\n".join(lines)
    return note
