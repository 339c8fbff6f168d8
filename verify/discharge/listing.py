"""The list of the paper's obligations, kept beside their results: where nothing has changed since, a run whose results
are all kept need not import a single claim."""

from collections.abc import Mapping, Sequence

import msgspec

from constructions.errors import ConstructionError
from constructions.foundations.spelling import from_json_text, json_text
from verify.discharge.cache import Cache
from verify.discharge.resting import resting
from verify.discharge.result import Result
from verify.discharge.result_json import from_json, to_json
from verify.obligations.listed import Listed
from verify.obligations.verdict import Verdict
from verify.provers.second import SecondSolver
from verify.screen.files import write_text


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the list; the fields are those of an obligation."""

    id: str
    paper: str
    budget: int
    needs: tuple[str, ...]
    expect: Verdict


class Entries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The list, in the order of the table."""

    entries: tuple[Entry, ...]


def kept_list(cache: Cache) -> dict[str, Entry] | None:
    """The list for the sources as they are now, by id; None if there is none."""
    if cache.place is None:
        return None
    try:
        kept = from_json_text((cache.place / f"{cache.list_key}.json").read_text(encoding="utf-8"))
        return {entry.id: entry for entry in from_json(kept, Entries).entries}
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def keep_list(cache: Cache, obligations: Mapping[str, Listed]) -> None:
    """Keep the list of ``obligations`` in a ``cache``; where that fails, nothing is said, for no result is lost by
    it."""
    if cache.place is None:
        return
    made = Entries(
        tuple(
            Entry(id=each.id, paper=each.paper, budget=each.budget, needs=each.needs, expect=each.expect)
            for each in obligations.values()
        )
    )
    path = cache.place / f"{cache.list_key}.json"
    try:
        if not path.exists():
            write_text(path, json_text(to_json(made)))
    except (ConstructionError, OSError):
        return


def kept_results(
    cache: Cache, wanted: Sequence[Listed], seconds: int, second: SecondSolver | None = None
) -> list[Result] | None:
    """The results of obligations in their order, what they need considered, if all of them are kept; else None.

    Parameters
    ----------
    cache : where results are kept. wanted : the obligations, and all that they need. seconds : the time for each
        question to the solver. second : the second solver whose answers the results hold; None for none.
    """
    found = []
    for each in wanted:
        kept = cache.get(cache.key(each, seconds, second=second), each.id)
        if kept is None:
            return None
        found.append(kept)
    return resting(found)
