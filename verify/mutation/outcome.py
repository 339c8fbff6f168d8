"""What became of each mutant, kept as it comes, and the scores that follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import msgspec

from constructions.errors import ConstructionError
from constructions.foundations.spelling import from_json_text, json_text
from verify.discharge.result_json import from_json, to_json
from verify.mutation.mutants import change_in_words
from verify.screen.files import write_text
from verify.screen.printing import say

Fate = Literal["killed by claims", "killed by tests", "timed out", "survived", "not a mutant"]
CLAIMS: Fate = "killed by claims"
TESTS: Fate = "killed by tests"
TIME: Fate = "timed out"
SURVIVED: Fate = "survived"
NONE: Fate = "not a mutant"


class Outcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of one mutant.

    Parameters
    ----------
    file, line, column, operator, before, after : where and what the mutant is.
    fate : killed by claims, or (no claim having noticed) by tests; timed out, which is a kill of its own kind;
        survived; or no mutant, if the file could not even be imported.
    by : the obligation or the test that killed it. said : the facts that failed, or the error.
    claims : how many obligations were asked. tests : how many files of tests. seconds : how long it took.
    """

    file: str
    line: int
    column: int
    operator: str
    before: str
    after: str
    fate: Fate
    by: str = ""
    said: str = ""
    claims: int = 0
    tests: int = 0
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """Where and what the mutant is, in one line."""
        return change_in_words(f"{self.file}:{self.line}:{self.column}", self.operator, self.before, self.after)


@dataclass(frozen=True, slots=True)
class Score:
    """How many mutants were ``tried``, and by what they were killed: ``claims``, ``tests``, or the end of their
    ``time``."""

    tried: int
    claims: int
    tests: int
    time: int

    @property
    def survived(self) -> int:
        """How many nothing noticed."""
        return self.tried - self.claims - self.tests - self.time

    @property
    def by_claims(self) -> str:
        """The share that claims alone killed, in per cent, rounded down.

        >>> Score(3, 2, 1, 0).by_claims, Score(0, 0, 0, 0).by_claims
        ('66 %', '-')
        """
        return _per_cent(self.claims, self.tried)

    @property
    def by_both(self) -> str:
        """The share that was killed at all, in per cent, rounded down."""
        return _per_cent(self.tried - self.survived, self.tried)


def _per_cent(part: int, whole: int) -> str:
    return f"{Fraction(100 * part, whole).__floor__()} %" if whole else "-"


def score_of(outcomes: Iterable[Outcome]) -> Score:
    """The score of mutants; what is no mutant does not count.

    >>> tried = [
    ...     Outcome(file="half.py", line=1, column=0, operator="swap", before="f(a, b)", after="f(b, a)", fate=fate)
    ...     for fate in (CLAIMS, CLAIMS, TESTS, SURVIVED, NONE)]
    >>> score = score_of(tried)
    >>> score.tried, score.claims, score.survived, score.by_claims
    (4, 2, 1, '50 %')
    """
    fates = [each.fate for each in outcomes if each.fate != NONE]
    return Score(len(fates), fates.count(CLAIMS), fates.count(TESTS), fates.count(TIME))


@dataclass(frozen=True, slots=True)
class Kept:
    """Outcomes that earlier runs kept, each in a file of its own in a folder; None if nothing can be kept there.

    >>> from tempfile import TemporaryDirectory
    >>> half = Outcome(file="half.py", line=1, column=0, operator="swap", before="a", after="b", fate=SURVIVED)
    >>> with TemporaryDirectory() as folder:
    ...     kept = Kept.below(Path(folder))
    ...     kept.put("key", half)
    ...     kept.get("key") == half, kept.get("another key")
    (True, None)
    """

    place: Path | None

    @classmethod
    def below(cls, folder: Path | None) -> "Kept":
        """The outcomes that are kept in a folder of results."""
        if folder is None:
            return cls(None)
        place = folder / "mutation"
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            say(f"warning: outcomes are not kept: need a folder, got {error.strerror}, at {place}", err=True)
            return cls(None)
        return cls(place)

    def get(self, key: str) -> Outcome | None:
        """What was kept under a key; None if nothing was, or nothing that can be read."""
        if self.place is None:
            return None
        try:
            return from_json(from_json_text((self.place / f"{key}.json").read_bytes()), Outcome)
        except (OSError, ValueError):
            return None

    def put(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome under a key, whole or not at all; where that fails, a warning."""
        if self.place is None:
            return
        try:
            write_text(self.place / f"{key}.json", json_text(to_json(outcome), sort_keys=True))
        except ConstructionError as error:
            say(f"warning: an outcome is not kept: {error}", err=True)
