"""Facts that were seen to fail: each under the claim's broken twin, or under a recorded change of a construction.

A fact that nothing makes fail may say nothing: ``x == x`` is proved of every construction. A claim's twin refutes one
fact and often several, but seldom all. So for the others there is a record, which ``querygrad mutate --facts`` writes:
under which change of a construction each of them failed, with the key of what the claim stated then. Where the claim
states something else today the record says nothing of it.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

import msgspec

from constructions.errors import ConstructionError
from constructions.foundations.files import ROOT
from constructions.foundations.spelling import from_json_text, json_text
from verify.discharge.result import Result
from verify.discharge.result_json import from_json, to_json
from verify.obligations.verdict import Verdict
from verify.screen.files import write_text

TWIN = "its twin"
"""What a fact failed under, where that is the claim's own broken twin."""
KEY = 16
"""So many digits of a statement's key stand in the record."""
FILE = "seen_to_fail.json"
RECORD = ROOT / "verify" / "discharge" / FILE
"""The record of the paper's claims."""


class Seen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is recorded of one claim.

    Parameters
    ----------
    statement : the first digits of the key of what it states. tried : how many changes of constructions were tried.
    facts : the facts that were seen to fail, each with what it failed under.
    """

    statement: str
    tried: int
    facts: dict[str, str]


class SeenLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The line of the record about one claim: as :class:`Seen`, but the facts by what they failed ``under``."""

    statement: str
    tried: int
    under: dict[str, list[str]]


def read_record(text: str) -> dict[str, Seen]:
    """The record in a text, by the ids of the claims.

    Raises
    ------
    ConstructionError
        For a text that is none.

    >>> read_record('{"a.b": {"statement": "12", "tried": 3, "under": {"its twin": ["low"]}}}')
    {'a.b': Seen(statement='12', tried=3, facts={'low': 'its twin'})}
    """
    found = from_json_text(text)
    if not isinstance(found, dict):
        raise ConstructionError(f"need a record of claims by their ids, got {type(found).__name__}, at {FILE}")
    lines = ((id, from_json(each, SeenLine)) for id, each in found.items())
    return {id: Seen(statement=line.statement, tried=line.tried, facts=_by_fact(line.under)) for id, line in lines}


def _by_fact(under: dict[str, list[str]]) -> dict[str, str]:
    return {label: change for change, labels in under.items() for label in labels}


def record_text(record: dict[str, Seen]) -> str:
    """A record as it is kept: a line for each claim, in the order of the ids, with the facts by what they failed under.

    >>> print(record_text({"a.b": Seen(statement="12", tried=3, facts={"low": "its twin"})}), end="")
    {
    "a.b": {"statement": "12", "tried": 3, "under": {"its twin": ["low"]}}
    }
    """
    lines = [f"{json_text(id)}: {json_text(to_json(_line(each)))}" for id, each in sorted(record.items())]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(seen: Seen) -> SeenLine:
    under: dict[str, list[str]] = {}
    for label, change in seen.facts.items():
        under.setdefault(change, []).append(label)
    return SeenLine(statement=seen.statement, tried=seen.tried, under=under)


def write_record(path: Path, record: dict[str, Seen]) -> None:
    """Write a ``record`` to the file at a path. Raises ConstructionError if it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_record(Path(folder, FILE), {})
    ...     Path(folder, FILE).read_text()
    '{\\n\\n}\\n'
    """
    write_text(path, record_text(record))


@cache
def recorded() -> dict[str, Seen]:
    """The record of the paper's claims.

    >>> all(each.statement for each in recorded().values())
    True
    """
    return read_record(resources.files("verify.discharge").joinpath(FILE).read_text(encoding="utf-8"))


def seen_to_fail(result: Result) -> dict[str, str]:
    """The facts of a result's claim that were seen to fail, each with what it failed under.

    >>> from verify.provers.outcome import Examination, FactFinding
    >>> facts = tuple(FactFinding(label, Verdict.PROVED) for label in ("low", "high"))
    >>> found = Result(id="mine.low", paper="mine", statement="It is low.", prover="z3", expect=Verdict.PROVED,
    ...     needs=(), claim=Examination(verdict=Verdict.PROVED, facts=facts),
    ...     twin=Examination(verdict=Verdict.REFUTED, failing=("low",)))
    >>> seen_to_fail(found), never_seen_to_fail(found), in_words([found])
    ({'low': 'its twin'}, ['high'], ['1 of 2 facts, of 1 of 1 claims that hold, was never seen to fail: --facts lists \
them.'])
    """
    labels = [fact.label for fact in result.facts]
    found = dict.fromkeys(result.twin.failing, TWIN) if result.twin else {}
    old = recorded().get(result.id)
    if old and result.proof and result.proof.statement.startswith(old.statement):
        found = old.facts | found
    return {label: found[label] for label in labels if label in found}


def never_seen_to_fail(result: Result) -> list[str]:
    """The facts of a claim that holds which were never seen to fail; none if it does not hold."""
    if result.error or result.own not in (Verdict.PROVED, Verdict.CHECKED):
        return []
    seen = seen_to_fail(result)
    return [fact.label for fact in result.facts if fact.label not in seen]


def in_words(results: Sequence[Result]) -> list[str]:
    """How many facts of some results were never seen to fail, in a sentence; nothing if all were."""
    holding = [each for each in results if not each.error and each.own in (Verdict.PROVED, Verdict.CHECKED)]
    unseen = [len(never_seen_to_fail(each)) for each in holding]
    if not sum(unseen):
        return []
    facts, claims = sum(len(each.facts) for each in holding), sum(map(bool, unseen))
    was = "was" if sum(unseen) == 1 else "were"
    of_claims = f"of {claims} of {len(holding)} claims that hold"
    return [f"{sum(unseen)} of {facts} facts, {of_claims}, {was} never seen to fail: --facts lists them."]


def listed(results: Iterable[Result]) -> list[str]:
    """The facts that were never seen to fail, below the claims that have them.

    >>> listed([])
    []
    """
    lines = []
    for result in results:
        unseen = never_seen_to_fail(result)
        if unseen:
            lines += [f"{result.id}: {len(unseen)} of {len(result.facts)} never seen to fail"]
            lines += [f"  {label}" for label in unseen]
    return lines
