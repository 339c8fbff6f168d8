"""The map: the numbered items of the paper, where each is built, what each is worth and what supports it.

An item is worth what its top statement is worth, through everything that this uses. Every other claim of the item is
support: it is counted, and raises nothing. A claim belongs to the item that its ``paper`` field names, and to every
item that lists a beginning of its id.
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from verify.discharge.resting import principles_under, worths
from verify.discharge.result import Result
from verify.obligations.item import OPEN, Item, Part
from verify.obligations.paper import ITEMS, Counted, Named, belongs, named_by
from verify.obligations.verdict import Verdict

NO_TOP = "open: no top statement yet"
BESIDE = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the map.

    Parameters
    ----------
    item : the item. verdict : that of its top statement, or that there is none. support : how many other claims belong
        to it. least : the least verdict of these. finite : how many of these are about a stated finite case.
    printed : how many claims are to be REFUTED, as printed. errata : the errata that these show.
    parts : what the top statement leaves out, each with the verdict of its own claim, or ``open``.
    """

    item: Item
    verdict: str
    support: int = 0
    least: str = ""
    finite: int = 0
    printed: int = 0
    errata: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()


def all_items(obligations: Iterable[Named]) -> tuple[Item, ...]:
    """The items of the paper, and one more for every other thing that an obligation names (a section, the house)."""
    known = {item.name for item in ITEMS}
    extra = sorted({obligation.paper for obligation in obligations} - known)
    return (*ITEMS, *(Item(name, "beside the numbered items", construction=BESIDE) for name in extra))


def map_rows(obligations: Sequence[Counted], results: Sequence[Result]) -> list[Row]:
    """One row per item, from ``obligations`` and the ``results`` that there are of them, with the verdict of its top
    statement and beside it what supports the item."""
    verdicts, principles = worths(results), principles_under(results)
    return [_row(item, obligations, verdicts, principles) for item in all_items(obligations)]


def _row(
    item: Item,
    obligations: Sequence[Counted],
    verdicts: Mapping[str, Verdict],
    principles: Mapping[str, tuple[str, ...]],
) -> Row:
    mine = [obligation for obligation in obligations if belongs(obligation, item)]
    printed = [obligation for obligation in mine if obligation.expect is Verdict.REFUTED]
    support = [each for each in mine if each.expect is not Verdict.REFUTED and each.id not in named_by(item)]
    least = min((verdicts.get(each.id, Verdict.UNKNOWN) for each in support), default=None)
    known = {obligation.id for obligation in mine}
    return Row(
        item,
        _verdict(item, known, verdicts, principles),
        support=len(support),
        least=least.name if least is not None else "",
        finite=sum(each.expect is Verdict.CHECKED for each in support),
        printed=len(printed),
        errata=tuple(dict.fromkeys(each.erratum for each in printed if each.erratum)),
        parts=tuple((part.what, _part(part, known, verdicts)) for part in item.parts),
    )


def _verdict(
    item: Item, known: Container[str], verdicts: Mapping[str, Verdict], principles: Mapping[str, tuple[str, ...]]
) -> str:
    """The verdict of an item, which is that of its top statement and of nothing else."""
    if item.top and item.top in known:
        found = verdicts.get(item.top, Verdict.UNKNOWN)
        return f"{found.name}{given(item, principles.get(item.top, ()))}"
    if item.construction == BESIDE:
        return BESIDE
    return OPEN if item.construction == OPEN and not known else NO_TOP


def _part(part: Part, known: Container[str], verdicts: Mapping[str, Verdict]) -> str:
    """The verdict of what a top statement leaves out."""
    return verdicts.get(part.claim, Verdict.UNKNOWN).name if part.claim and part.claim in known else OPEN


def item_lines(own: Sequence[Result], results: Sequence[Result], named: Collection[str] = ()) -> list[str]:
    """A line for each item whose top statement was examined, and for each that is named: its verdict.

    Parameters
    ----------
    own : the results of the paper's obligations. results : these, and those of all that they use.
    named : the names of items that were asked for.

    >>> from verify.provers.outcome import Examination
    >>> result = Result(
    ...     id="equation3.valid", paper="Equation (3)", statement="It holds.", prover="z3", expect=Verdict.PROVED,
    ...     needs=(), claim=Examination(verdict=Verdict.PROVED))
    >>> [(row.item.name, row.verdict) for row in map_rows([result], [result]) if row.verdict == "PROVED"]
    [('Equation (3)', 'PROVED')]
    >>> item_lines([result], [result])
    ['Equation (3): PROVED, by its top statement equation3.valid; left out: that the estimate lies in [-1, 1]^p, \
which the sentence before (3) asks and (3) does not (E01) (open).']
    """
    lines, examined = [], {result.id for result in own}
    for row in map_rows(own, results):
        if row.item.top in examined:
            lines.append(f"{row.item.name}: {row.verdict}, by its top statement {row.item.top}{left_out(row)}.")
        elif row.item.name in named and row.support:
            lines.append(f"{row.item.name}: {NO_TOP}; {row.support} claims support it, the least {row.least}.")
    return lines


def left_out(row: Row) -> str:
    """What a top statement leaves out, with verdicts.

    >>> left_out(Row(Item("an item", "says"), "PROVED", parts=(("running times", "open"),)))
    '; left out: running times (open)'
    """
    parts = ", ".join(f"{what} ({verdict})" for what, verdict in row.parts)
    return f"; left out: {parts}" if parts else ""


def assumed(item: Item) -> tuple[str, ...]:
    """The cited facts on which an item rests, its needs included.

    >>> assumed(next(item for item in ITEMS if item.name == "Theorem 2d"))
    ('hoeffding',)
    """
    by_name = {other.name: other for other in ITEMS}
    found = list(item.assumes)
    for name in item.needs:
        found += assumed(by_name[name])
    return tuple(dict.fromkeys(found))


def given(item: Item, principles: tuple[str, ...] = ()) -> str:
    """What is added to a verdict that rests on cited facts, and on principles that its claims state.

    >>> given(Item("an item", "rests on two facts", assumes=("one", "another")))
    ' given {one, another}'
    """
    names = tuple(dict.fromkeys((*assumed(item), *sorted(principles))))
    return f" given {{{', '.join(names)}}}" if names else ""


def refuted(row: Row) -> str:
    """How many printed claims are refuted, with the errata.

    >>> refuted(Row(Item("an item", "says"), "open", printed=2, errata=("E03", "E04"))), refuted(Row(ITEMS[0], "open"))
    ('2 (E03, E04)', '')
    """
    return " ".join((str(row.printed), *((f"({', '.join(row.errata)})",) if row.errata else ()))) if row.printed else ""
