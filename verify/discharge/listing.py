"""The list of the paper's obligations, kept beside their results: where nothing has changed since, a run whose results
are all kept need not import a single claim."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from constructions.errors import ConstructionError
from constructions.foundations.spelling import from_json_text, json_text
from verify.discharge.cache import Cache
from verify.discharge.resting import resting, with_used
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
    """The list for the sources as they are now, by id; None if there is none.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> entry = Entry(id="square", paper="mine", budget=1000, needs=(), expect=Verdict.PROVED)
    >>> with TemporaryDirectory() as folder:
    ...     cache = Cache(Path(folder), "a digest of the sources")
    ...     before = kept_list(cache)
    ...     keep_list(cache, {"square": entry})
    ...     after = kept_list(cache)
    >>> before, after
    (None, {'square': Entry(id='square', paper='mine', budget=1000, needs=(), expect=<Verdict.PROVED: 'PROVED'>)})
    """
    if cache.place is None:
        return None
    try:
        kept = from_json_text((cache.place / f"{cache.list_key}.json").read_text(encoding="utf-8"))
        return {entry.id: entry for entry in from_json(kept, Entries).entries}
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def keep_list(cache: Cache, obligations: Mapping[str, Listed]) -> None:
    """Keep the list of ``obligations`` in a ``cache`` that keeps anything; where that fails, nothing is said, for no
    result is lost by it."""
    if cache.place is None or not cache.keeps():
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
    cache: Cache, listed: Mapping[str, Listed], wanted: Sequence[str], seconds: int, second: SecondSolver | None = None
) -> list[Result] | None:
    """The results of obligations in their order, what they rest on considered, if all of them are kept; else None.

    What their claims use stands in the results; so it is known, and looked for, without any claim.

    Parameters
    ----------
    cache : where results are kept. listed : all obligations. wanted : the ids of some, and of all that they need.
    seconds : the time for each question to the solver. second : the second solver whose answers the results hold; None
        for none.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from verify.provers.outcome import Examination
    >>> listed = {"square": Entry(id="square", paper="mine", budget=1000, needs=(), expect=Verdict.PROVED)}
    >>> result = Result(
    ...     id="square", paper="mine", statement="It holds.", prover="z3", expect=Verdict.PROVED, needs=(),
    ...     claim=Examination(verdict=Verdict.PROVED))
    >>> with TemporaryDirectory() as folder:
    ...     cache = Cache(Path(folder), "a digest of the sources")
    ...     before = kept_results(cache, listed, ["square"], 60)
    ...     cache.put(cache.key(listed["square"], 60), result)
    ...     after = kept_results(cache, listed, ["square"], 60)
    >>> before, [(each.id, each.word, each.cached) for each in after]
    (None, [('square', 'PROVED', True)])
    """
    found: dict[str, Result] = {}
    wave = list(wanted)
    while wave:
        for id in wave:
            kept = cache.get(cache.key(listed[id], seconds, second=second), id) if id in listed else None
            if kept is None:
                return None
            found[id] = kept
        wave = [id for id in used_by(found.values(), listed, asked=wanted) if id not in found]
    return resting([found[id] for id in with_used(wanted, found)])


def used_by(results: Iterable[Result], listed: Mapping[str, Listed], *, asked: Collection[str]) -> list[str]:
    """The ids that the claims of some results use, and what those need that were not ``asked`` for; what is to be
    REFUTED counts for nothing.

    >>> used_by([], {}, asked=())
    []
    """
    rests = [id for each in results for id in (*each.uses, *(each.needs if each.id not in asked else ()))]
    return [id for id in dict.fromkeys(rests) if id not in listed or listed[id].expect is not Verdict.REFUTED]
