"""The margins of claims for people and for machines: a table with each number's interval, and JSON."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal

import msgspec
from rich.table import Table

from verify.discharge.result_json import to_json
from verify.margins.ends import End, Margin
from verify.screen.files import write_json_text
from verify.screen.printing import plain_table

VERSION: Literal[1] = 1
"""The version of the form of the JSON."""
PLACES = 10**6
"""Enclosures are shown to so many parts of 1; JSON has them in full."""


class MarginReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``querygrad margins --json`` writes. Rationals are texts ("1/4").

    Parameters
    ----------
    version : of this form. thing : what was asked for. margins : every number of every claim, claim by claim.
    tightest : for each number that claims share, the ends of all of them together.
    """

    version: Literal[1]
    thing: str
    margins: tuple[Margin, ...]
    tightest: tuple[Margin, ...]


def write_margins(path: Path | str, thing: str, found: Sequence[Margin]) -> None:
    """Write the margins of a thing as JSON, of the form of :class:`MarginReport`, to a file at a path.

    >>> from tempfile import TemporaryDirectory
    >>> end = End(kind="exact", value=Fraction(1, 2), closed=True, fact="small")
    >>> margin = Margin(claim="mine.gate", kind="weight", name="v3 -> v4", now="1/4", low=End(kind="none"), high=end)
    >>> with TemporaryDirectory() as folder:
    ...     write_margins(f"{folder}/margins.json", "mine", [margin])
    ...     print(*Path(folder, "margins.json").read_text().splitlines()[:9], sep="\\n")
    {
      "version": 1,
      "thing": "mine",
      "margins": [
        {
          "claim": "mine.gate",
          "kind": "weight",
          "name": "v3 -> v4",
          "now": "1/4",
    """
    report = MarginReport(version=VERSION, thing=thing, margins=tuple(found), tightest=tuple(tightest(found)))
    write_json_text(path, to_json(report), indent=2)


def text_of_number(value: Fraction | None) -> str:
    """A rational as a table shows it: whole if it is short, else cut after six places and marked.

    >>> text_of_number(Fraction(1, 8)), text_of_number(Fraction(10**12 + 1, 3 * 10**12))
    ('1/8', '0.333333..')
    """
    if value is None:
        return "?"
    if value.denominator <= PLACES:
        return str(value)
    cut = abs(value.numerator) * PLACES // value.denominator
    return f"{'-' if value < 0 else ''}{cut // PLACES}.{cut % PLACES:06}.."


def interval(margin: Margin) -> str:
    """How far a number may move: an end in square brackets belongs to it, one in round brackets does not.

    >>> end = End(kind="exact", value=Fraction(1, 8))
    >>> interval(Margin(claim="it", kind="range", name="rho", low=End(kind="none"), high=end))
    '(-oo, 1/8)'
    """
    if margin.low is None or margin.high is None:
        return "cannot be moved"
    low, high = margin.low, margin.high
    return f"{'[' if low.closed else '('}{_end(low, '-oo')}, {_end(high, 'oo')}{']' if high.closed else ')'}"


def _end(end: End, infinite: str) -> str:
    if end.kind == "none":
        return infinite
    if end.kind == "exact":
        return text_of_number(end.value)
    if end.kind == "root":
        return f"root of {end.root} near {text_of_number(end.beyond)}"
    if end.kind == "enclosed":
        return f"{text_of_number(end.value)} to {text_of_number(end.beyond)}"
    return f"UNKNOWN beyond {text_of_number(end.value)}"


def tightest(found: Iterable[Margin]) -> list[Margin]:
    """For each weight and each range that several claims have alike, the nearest ends of all of them.

    An end that is unknown in one claim is unknown; of two ends at one place the open one is the nearer.

    >>> def up_to(most, claim):
    ...     high = End(kind="exact", value=Fraction(most), closed=True, fact="small")
    ...     return Margin(claim=claim, kind="weight", name="v3 -> v4", now="1/4", low=End(kind="none"), high=high)
    >>> found = [up_to(1, "one"), up_to(2, "other")]
    >>> [(each.claim, interval(each)) for each in tightest(found)], intervals_of_edges(found)
    ([('one', '(-oo, 1]')], {('v3', 'v4'): '1/4 in (-oo, 1]'})
    """
    groups: dict[tuple[str, str, str], list[Margin]] = {}
    for margin in found:
        if margin.low is not None:
            groups.setdefault((margin.kind, margin.name, margin.now), []).append(margin)
    return [_together(group) for group in groups.values() if len(group) > 1]


def _together(group: Sequence[Margin]) -> Margin:
    lows = [(margin.low, margin.claim) for margin in group if margin.low is not None]
    highs = [(margin.high, margin.claim) for margin in group if margin.high is not None]
    low, below = max(lows, key=lambda pair: _nearness(pair[0], 1))
    high, above = max(highs, key=lambda pair: _nearness(pair[0], -1))
    first = group[0]
    claims = ", ".join(dict.fromkeys((below, above)))
    return Margin(claim=claims, kind=first.kind, name=first.name, now=first.now, low=low, high=high)


def _nearness(end: End, sign: int) -> tuple[int, Fraction, bool]:
    """What orders ends: an unknown one counts most, then the nearest; an open one before a closed one."""
    value = Fraction(0) if end.value is None else sign * end.value
    return (2 if end.kind == "unknown" else 0 if end.kind == "none" else 1), value, not end.closed


def table(found: Sequence[Margin]) -> Table:
    """One row for each number: its interval, what fails first, and the verdicts at and just beyond exact ends.

    >>> from verify.screen.printing import console
    >>> end = End(kind="exact", value=Fraction(1, 2), closed=True, fact="small", at="PROVED", after="REFUTED")
    >>> margin = Margin(claim="mine.gate", kind="weight", name="v3 -> v4", now="1/4", low=End(kind="none"), high=end)
    >>> console().print(table([margin]))  # doctest: +NORMALIZE_WHITESPACE
    claim      number    now  may be (or be shifted by)  what fails first below and above
    mine.gate  v3 -> v4  1/4  (-oo, 1/2]                 nothing; small (PROVED, then REFUTED)
    """
    made = plain_table("claim", "number", "now", "may be (or be shifted by)", "what fails first below and above")
    for margin in found:
        ends = [end for end in (margin.low, margin.high) if end is not None]
        said = "; ".join(map(_said, ends)) if ends else margin.reason
        made.add_row(margin.claim, margin.name, _now(margin), interval(margin), said)
    return made


def _now(margin: Margin) -> str:
    return margin.now if len(margin.now) <= 24 else f"{margin.now[:21]}..."


def _said(end: End) -> str:
    """What there is to say of an end."""
    if end.kind == "none":
        return f"nothing, however far it moves (far off the claim is {end.after})" if end.after else "nothing"
    if end.kind == "unknown":
        return f"UNKNOWN: {end.fact} ({end.reason})"
    if not end.at:
        return f"{end.fact}{f' ({end.reason})' if end.reason else ''}"
    there = end.at if end.beyond == end.value else f"{end.at}, then {end.after}"
    why = f"; {end.reason}" if end.reason else ""
    return f"{end.fact} ({there}{why})"


def intervals_of_edges(found: Iterable[Margin]) -> dict[tuple[str, str], str]:
    """The text of each edge of a picture: the interval of its weight, of all claims together."""
    every_margin = list(found)
    nearest = {(margin.name, margin.now): margin for margin in every_margin if margin.kind == "weight"}
    nearest |= {(margin.name, margin.now): margin for margin in tightest(every_margin) if margin.kind == "weight"}
    return {_edge(margin.name): _text_of_edge(margin) for margin in nearest.values()}


def _edge(name: str) -> tuple[str, str]:
    tail, _, head = name.partition(" -> ")
    return tail, head


def _text_of_edge(margin: Margin) -> str:
    """A weight and its interval; of one that is a formula, the interval of what may be added."""
    moves = "in" if _is_number(margin.now) else "+"
    return f"{_now(margin)} {moves} {interval(margin)}"


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace("/", "").isdigit()
