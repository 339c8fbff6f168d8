"""Which obligations there are: the paper's (every module under ``verify.claims``) or those of a user's own file."""

import difflib
import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.obligations.errata import erratum_named
from verify.obligations.listed import Listed
from verify.obligations.paper import belongs, item_named, unbuilt
from verify.obligations.verdict import Verdict

with loaded_when_used(__name__):
    from verify.obligations import obligation as registered

CLAIMS = "verify.claims"
Known = TypeVar("Known", bound=Listed)


@cache
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts digits by value.

    >>> sorted(["lemma10.and", "lemma3b.vc", "lemma3a.x"], key=natural)
    ['lemma3a.x', 'lemma3b.vc', 'lemma10.and']
    """
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", text))


def paper_obligations() -> "dict[str, registered.Obligation]":
    """Import every module of claims and return what is registered, ids in natural order."""
    for module in _modules_of_claims():
        importlib.import_module(module)
    return dict(sorted(registered.registry().obligations.items(), key=lambda item: natural(item[0])))


@cache
def _modules_of_claims() -> tuple[str, ...]:
    """The names of the modules of claims, sorted; a process looks for them once."""
    package = importlib.import_module(CLAIMS)
    return tuple(sorted(module.name for module in pkgutil.walk_packages(package.__path__, f"{CLAIMS}.")))


def select(obligations: Mapping[str, Known], items: Iterable[str]) -> dict[str, Known]:
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
        named = named_by(item, obligations)
        if not named:
            raise ConstructionError(
                f"need an id, the first parts of one, or an item of the paper, got {item!r}{_why(item, obligations)}"
            )
        chosen.update(named)
    return {id: obligation for id, obligation in obligations.items() if id in chosen}


def named_by(item: str, obligations: Mapping[str, Known]) -> list[str]:
    """The ids of the obligations that an item names, see :func:`select`; none if it names none.

    >>> from types import SimpleNamespace as Claim
    >>> claims = {id: Claim(id=id, paper="Lemma 11") for id in ("lemma11.idle.q", "lemma11.idle.q'", "memory.read")}
    >>> named_by("lemma11.idle", claims), named_by("lemma 11", claims), named_by("idle", claims)
    (['lemma11.idle.q', "lemma11.idle.q'"], ['lemma11.idle.q', "lemma11.idle.q'", 'memory.read'], [])
    """
    known, erratum = item_named(item), erratum_named(item)
    named = [
        id
        for id, obligation in obligations.items()
        if _names(item, obligation) or (known and belongs(obligation, known))
    ]
    return named + [each.id for side in (erratum.sides(obligations) if erratum else ()) for each in side]


def needed(ids: Iterable[str], known: Mapping[str, Known]) -> list[str]:
    """Ids with all that they need, in the order of ``known``; needs that are to be REFUTED count for nothing.

    >>> from types import SimpleNamespace as Claim
    >>> needs = {"base": (), "step": ("base",), "run": ("step", "printed"), "printed": (), "other": ()}
    >>> known = {id: Claim(needs=of_id, expect=Verdict.PROVED) for id, of_id in needs.items()}
    >>> known["printed"].expect = Verdict.REFUTED
    >>> needed(["run"], known)
    ['base', 'step', 'run']
    """
    found: dict[str, None] = {}
    waiting = list(ids)
    while waiting:
        id = waiting.pop()
        if id in known and id not in found:
            found[id] = None
            waiting += [need for need in known[id].needs if need in known and known[need].expect is not Verdict.REFUTED]
    return [id for id in known if id in found]


def _names(item: str, obligation: Listed) -> bool:
    words = " ".join(item.casefold().split())
    paper, id = obligation.paper.casefold(), obligation.id.casefold()
    return item == obligation.id or (
        bool(words) and (words in (id, paper, *paper.split(", ")) or id.startswith(words.rstrip(".") + "."))
    )


def _why(item: str, obligations: Mapping[str, Known]) -> str:
    """What is known of an item that names no obligation."""
    known, erratum = item_named(item), erratum_named(item)
    if known:
        return f", which is known ({known.title}) but {unbuilt(known)}"
    if erratum:
        return f", an erratum without an obligation: {erratum.wrong}"
    return _close(item, obligations)


def _close(item: str, obligations: Mapping[str, Known]) -> str:
    names: dict[str, str] = {}
    for id, obligation in obligations.items():
        parts = id.split(".")
        names |= {".".join(parts[:i]).casefold(): ".".join(parts[:i]) for i in range(1, len(parts) + 1)}
        names[obligation.paper.casefold()] = obligation.paper
    close = difflib.get_close_matches(item.casefold(), names, n=3, cutoff=0.5)
    return f" (close: {', '.join(names[name] for name in close)})" if close else ""
