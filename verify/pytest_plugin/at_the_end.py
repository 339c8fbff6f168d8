"""What is said below the results of a run: how many claims have which verdict, and on which principles they rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from constructions.foundations.spelling import one_line

PROPERTY, GIVEN = "querygrad", "given"


def lines(stats: Mapping[str, Sequence[Any]]) -> list[str]:
    """The lines of the summary; none if no claim was examined.

    Parameters
    ----------
    stats : the reports of a run by what became of them, as pytest's terminal reporter has them.

    >>> from types import SimpleNamespace as Report
    >>> passed = Report(when="call", user_properties=[("querygrad", "PROVED"), ("given", "markov")])
    >>> twin = Report(when="call", user_properties=[("querygrad", "twin REFUTED")])
    >>> lines({"passed": [passed, twin], "warnings": [object()]})
    ['querygrad: 1 PROVED, 1 twin REFUTED; given {markov}']
    """
    found = [dict(properties) for each in stats.values() for report in each if (properties := _properties(report))]
    words = Counter(each[PROPERTY] for each in found)
    if not words:
        return []
    given = sorted({name for each in found for name in each.get(GIVEN, "").split(", ") if name})
    said = ", ".join(f"{count} {one_line(word)}" for word, count in sorted(words.items()))
    return [f"querygrad: {said}" + (f"; given {{{', '.join(given)}}}" if given else "")]


def _properties(report: Any) -> list[tuple[str, str]]:
    """The properties of a report on a claim that was examined; empty for any other."""
    found = getattr(report, "user_properties", []) if getattr(report, "when", "") == "call" else []
    return list(found) if any(name == PROPERTY for name, _ in found) else []
