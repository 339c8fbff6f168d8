"""The colours of the verdicts."""

from rich.text import Text

from verify.obligations.verdict import Verdict
from verify.screen.printing import styled

COLOURS = {
    Verdict.PROVED: "green",
    Verdict.CHECKED: "cyan",
    Verdict.UNKNOWN: "yellow",
    Verdict.VACUOUS: "magenta",
    Verdict.REFUTED: "red",
}


def coloured(verdict: Verdict, *, good: bool) -> Text:
    """A verdict's name in its colour; a REFUTED that is wanted (``good``) is dim, not red.

    >>> [(text.plain, text.style) for text in (coloured(Verdict.REFUTED, good=good) for good in (False, True))]
    [('REFUTED', 'red'), ('REFUTED', 'dim')]
    """
    return styled(verdict.name, "dim" if good and verdict is Verdict.REFUTED else COLOURS[verdict])
