"""Which obligations there are: the paper's (every module under ``verify.claims``) or those of a user's own file."""

import difflib
import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping

from constructions.errors import ConstructionError
from verify.obligations.errata import erratum_named
from verify.obligations.obligation import Obligation, registry
from verify.obligations.paper import belongs, item_named, unbuilt

CLAIMS = "verify.claims"


def natural(text: str) -> list[tuple[int, int, str]]:
    """A key that sorts digits by value.

    >>> sorted(["lemma10.and", "lemma3b.vc", "lemma3a.x"], key=natural)
    ['lemma3a.x', 'lemma3b.vc', 'lemma10.and']
    """
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", text)]


def paper_obligations() -> dict[str, Obligation]:
    """Import every module of claims and return what is registered, ids in natural order."""
    package = importlib.import_module(CLAIMS)
    for module in sorted(pkgutil.walk_packages(package.__path__, f"{CLAIMS}."), key=lambda module: module.name):
        importlib.import_module(module.name)
    return dict(sorted(registry().obligations.items(), key=lambda item: natural(item[0])))


def select(obligations: Mapping[str, Obligation], items: Iterable[str]) -> dict[str, Obligation]:
    """The obligations that some item names: an id, the beginning of ids up to a dot, an item of the paper, or an
    erratum.

    Raises
    ------
    ConstructionError for an item that names none: it is known but not built yet, or it is not known; then with the
    closest matches.

    >>> found = select(paper_obligations(), ["E04"])
    >>> "lemma3b.vc.printed" in found, "lemma3b.vc.minimal" in found
    (True, True)
    """
    chosen: set[str] = set()
    for item in items:
        known, erratum = item_named(item), erratum_named(item)
        named = [
            id
            for id, obligation in obligations.items()
            if _names(item, obligation) or (known and belongs(obligation, known))
        ]
        named += [obligation.id for side in (erratum.sides(obligations) if erratum else ()) for obligation in side]
        if not named:
            raise ConstructionError(
                f"need an id, the first parts of one, or an item of the paper, got {item!r}{_why(item, obligations)}"
            )
        chosen.update(named)
    return {id: obligation for id, obligation in obligations.items() if id in chosen}


def _names(item: str, obligation: Obligation) -> bool:
    words = " ".join(item.casefold().split())
    paper, id = obligation.paper.casefold(), obligation.id.casefold()
    return item == obligation.id or (
        bool(words) and (words in (id, paper, *paper.split(", ")) or id.startswith(words.rstrip(".") + "."))
    )


def _why(item: str, obligations: Mapping[str, Obligation]) -> str:
    """What is known of an item that names no obligation."""
    known, erratum = item_named(item), erratum_named(item)
    if known:
        return f", which is known ({known.title}) but {unbuilt(known)}"
    if erratum:
        return f", an erratum without an obligation: {erratum.wrong}"
    return _close(item, obligations)


def _close(item: str, obligations: Mapping[str, Obligation]) -> str:
    names: dict[str, str] = {}
    for id, obligation in obligations.items():
        parts = id.split(".")
        names |= {".".join(parts[:i]).casefold(): ".".join(parts[:i]) for i in range(1, len(parts) + 1)}
        names[obligation.paper.casefold()] = obligation.paper
    close = difflib.get_close_matches(item.casefold(), names, n=3, cutoff=0.5)
    return f" (close: {', '.join(names[name] for name in close)})" if close else ""
