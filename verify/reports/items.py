"""The map: the numbered items of the paper, where each is built and which obligations belong to it.

An obligation belongs to the item that its ``paper`` field names, and to every item that lists a beginning of its id.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verify.discharge.resting import principles_under, worths
from verify.discharge.result import Result
from verify.obligations.obligation import Obligation
from verify.obligations.paper import ITEMS, OPEN, Item, belongs
from verify.obligations.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the map: an item, how many claims hold it up, how many ``printed`` ones are refuted, the errata that
    these show, its verdict.

    ``checked`` counts the claims about a stated finite case that support an item proved without them; an item that has
    only such claims is worth CHECKED.
    """

    item: Item
    claims: int
    checked: int
    printed: int
    errata: tuple[str, ...]
    verdict: str


def all_items(obligations: Iterable[Obligation]) -> tuple[Item, ...]:
    """The items of the paper, and one more for every other thing that an obligation names (a section, the house)."""
    known = {item.name for item in ITEMS}
    extra = sorted({obligation.paper for obligation in obligations} - known)
    return (*ITEMS, *(Item(name, "beside the numbered items", construction="-") for name in extra))


def map_rows(obligations: Sequence[Obligation], results: Sequence[Result]) -> list[Row]:
    """One row per item, from all obligations and their results: the verdict is the least of its claims and of all that
    they need; ``open`` if it has none.

    A claim about a finite case that backs up a general one does not lower the item, unless it fails or a general one
    needs it.
    """
    rows, verdicts, principles = [], worths(results), principles_under(results)
    for item in all_items(obligations):
        mine = [obligation for obligation in obligations if belongs(obligation, item)]
        printed = [obligation for obligation in mine if obligation.expect is Verdict.REFUTED]
        claims = [obligation for obligation in mine if obligation.expect is not Verdict.REFUTED]
        worth = {obligation.id: verdicts.get(obligation.id, Verdict.UNKNOWN) for obligation in claims}
        finite = [obligation.id for obligation in claims if obligation.expect is Verdict.CHECKED]
        general = [verdict for id, verdict in worth.items() if id not in finite or verdict < Verdict.CHECKED]
        stated = tuple(name for obligation in claims for name in principles.get(obligation.id, ()))
        least = min(general or worth.values(), default=None)
        verdict = OPEN if least is None else f"{least.name}{' in part' if item.rest else ''}{given(item, stated)}"
        errata = tuple(dict.fromkeys(obligation.erratum for obligation in printed if obligation.erratum))
        rows.append(Row(item, len(claims), len(finite), len(printed), errata, verdict))
    return rows


def assumed(item: Item) -> tuple[str, ...]:
    """The cited facts on which an item rests, its needs included.

    >>> assumed(next(item for item in ITEMS if item.name == "Theorem 2d"))
    ('Hoeffding',)
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
    """How many printed claims are refuted, with the errata."""
    return " ".join((str(row.printed), *((f"({', '.join(row.errata)})",) if row.errata else ()))) if row.printed else ""
