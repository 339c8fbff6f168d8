"""The numbered items of the paper, and statements beyond it, and where each is built."""

from typing import Protocol

from verify.obligations.item import OPEN, Item
from verify.obligations.items.appendices import APPENDICES
from verify.obligations.items.beyond import BEYOND
from verify.obligations.items.section2 import SECTION_2
from verify.obligations.items.section4 import SECTION_4
from verify.obligations.items.section5 import SECTION_5
from verify.obligations.items.section6 import SECTION_6
from verify.obligations.verdict import Verdict

ITEMS = (*SECTION_2, *SECTION_4, *SECTION_5, *SECTION_6, *APPENDICES, *BEYOND)


class Named(Protocol):
    """What is read of a claim to find its item."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def paper(self) -> str:
        """The item of the paper to which it belongs."""


class Counted(Named, Protocol):
    """What is read of a claim to count it in the row of its item: an obligation says it, and so does a result."""

    @property
    def expect(self) -> Verdict:
        """The verdict that is right."""

    @property
    def erratum(self) -> str | None:
        """The line of the errata to which it belongs, if it is false as printed."""


def belongs(obligation: Named, item: Item) -> bool:
    """Whether an obligation is one of an item's: its top statement, or support.

    >>> from types import SimpleNamespace as Claim
    >>> claim = Claim(id="memory.meets.q", paper="Lemma 11")
    >>> [item.name for item in ITEMS if belongs(claim, item)]
    ['Definition 2', 'Lemma 11']
    """
    return (
        obligation.paper == item.name
        or obligation.id in named_by(item)
        or any(obligation.id == head or obligation.id.startswith(head + ".") for head in item.claims)
    )


def named_by(item: Item) -> tuple[str, ...]:
    """The ids of an item's top statement and of the claims for what that leaves out.

    >>> from verify.obligations.item import Part
    >>> named_by(Item("an item", "says", top="a.top", parts=(Part("running times"), Part("the rest", "a.rest"))))
    ('a.top', 'a.rest')
    """
    return tuple(id for id in (item.top, *(part.claim for part in item.parts)) if id)


def tops_of(id: str) -> tuple[Item, ...]:
    """The items of which a claim is the top statement.

    >>> [item.name for item in tops_of("equation3.valid")], tops_of("memory.meets.q")
    (['Equation (3)'], ())
    """
    return tuple(item for item in ITEMS if item.top == id)


def item_named(text: str) -> Item | None:
    """The item of the paper that some words name, whatever their case and parentheses.

    >>> item_named("theorem 1A").name, item_named("Equation 8").name, item_named("Lemma 99")
    ('Theorem 1a', 'Equation (8)', None)
    """
    return {_plain(item.name): item for item in ITEMS}.get(_plain(text))


def unbuilt(item: Item) -> str:
    """How far an item without obligations is: where the map shows it.

    >>> unbuilt(Item("Theorem 1a", "..."))
    "not built yet: 'querygrad map' shows what is"
    """
    there = (
        "not built yet"
        if item.construction == OPEN
        else f"has no obligation yet, only its construction in {item.construction}"
    )
    return f"{there}: 'querygrad map' shows what is"


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("(", " ").replace(")", " ").split())
