"""All mutants of a target, tried, with the outcomes that earlier runs kept."""

import json
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from verify.discharge.cache import Cache, digest
from verify.mutation.copied import copies
from verify.mutation.mutants import SourceMutant, drawn, mutants_of
from verify.mutation.outcome import NONE, Kept, Outcome, Score, score_of
from verify.mutation.target import Target, lines_of_claims, target_of
from verify.mutation.trial import obligations_of
from verify.mutation.trying import baseline, outcomes
from verify.screen.bar import progress_bar

FORM = 1
"""The form in which outcomes are kept; a change of it makes all that was kept before unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """Which mutants are tried, and how.

    Parameters
    ----------
    only : a text that their names contain. most : at most so many of each file, drawn by the ``seed``.
    jobs : how many at a time; None is one per processor. fresh : use no outcomes of earlier runs.
    seconds : the time for each question to the solver. quiet : show no progress.
    """

    seconds: int
    only: str = ""
    most: int | None = None
    seed: int = 0
    jobs: int | None = None
    fresh: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Campaign:
    """What became of the mutants of a target (``outcomes``, in their order), of ``all`` that there are; ``digest`` is
    that of the file."""

    target: Target
    outcomes: tuple[Outcome, ...]
    all: int
    digest: str

    @property
    def score(self) -> Score:
        """How many were killed, by what."""
        return score_of(self.outcomes)

    @property
    def dropped(self) -> int:
        """How many could not be imported, and count for nothing."""
        return sum(each.fate == NONE for each in self.outcomes)


def mutants_of_target(target: Target) -> list[SourceMutant]:
    """The mutants of the file of a target; a user's claims are not changed.

    Raises
    ------
    ConstructionError
        For a file that is no Python.
    """
    left_out = lines_of_claims(target.text) if target.user_file else set()
    return [each for each in mutants_of(target.text, target.file) if each.line not in left_out]


def chosen(mutants: Iterable[SourceMutant], how: How) -> list[SourceMutant]:
    """The mutants that are to be tried: those that are asked for, and so many of them as are.

    >>> found = mutants_of("x = 2 * y\\n", "x.py")
    >>> len(found), [each.name for each in chosen(found, How(only=" arithmetic", seconds=60))]
    (4, ['x.py:1:4 arithmetic: 2 * y -> 2 + y'])
    """
    return drawn([each for each in mutants if how.only in each.name], most=how.most, seed=how.seed)


def all_mutants(items: Sequence[str], how: How) -> Iterator[SourceMutant]:
    """The mutants of all arguments (``items``) that are to be tried, as ``how`` says; errors are those of
    :func:`target_of`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "half.py")
    ...     _ = file.write_text("def half(x):\\n    return x // 2\\n")
    ...     found = list(all_mutants([str(file)], How(seconds=1, only="arithmetic")))
    >>> [mutant.name for mutant in found]
    ['half.py:2:11 arithmetic: x // 2 -> x * 2']
    """
    for item in items:
        yield from chosen(mutants_of_target(target_of(item)), how)


def campaign_of(item: str, how: How) -> Campaign:
    """Try the mutants that an argument (``item``) names, as ``how`` says; an outcome is kept as soon as it is there.

    Raises
    ------
    ConstructionError
        If no mutant is left, or the file as it is does not pass.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "half.py")
    ...     _ = file.write_text("def half(x):\\n    return x // 2\\n")
    ...     campaign_of(str(file), How(seconds=1, only="swap"))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need at least one mutant, got none of 4, at half.py
    """
    target = target_of(item)
    everything = mutants_of_target(target)
    wanted = chosen(everything, how)
    if not wanted:
        raise ConstructionError(f"need at least one mutant, got none of {len(everything)}, at {target.file}")
    kept, state = Kept.below(Cache.open().place), _state(target, how)
    keys = {each.digest: sha256_of(f"{state} {each.digest}".encode()) for each in wanted}
    found = {} if how.fresh else {each.digest: old for each in wanted if (old := kept.get(keys[each.digest]))}
    waiting = [each for each in wanted if each.digest not in found]
    if waiting:
        bar_of = progress_bar("mutating", len(wanted), done=len(found), unit="mutants", quiet=how.quiet)
        with bar_of as bar, closing(_tried(target, waiting, how)) as coming:
            for mutant, outcome in coming:
                kept.put(keys[mutant.digest], outcome)
                found[mutant.digest] = outcome
                bar.advance(f"{outcome.fate}: line {mutant.line}")
    own = sha256_of(target.text.encode())
    return Campaign(target, tuple(found[each.digest] for each in wanted), len(everything), own)


def _tried(
    target: Target, mutants: Sequence[SourceMutant], how: How
) -> Generator[tuple[SourceMutant, Outcome], None, None]:
    places = min(how.jobs or os.cpu_count() or 1, len(mutants))
    with copies(target, places) as made:
        ids = tuple(obligations_of(str(target.root / target.user_file))) if target.user_file else target.ids
        base = baseline(made[0], ids, seconds=how.seconds)
        yield from outcomes(mutants, made, base)


def _state(target: Target, how: How) -> str:
    """A digest of everything on which an outcome rests: all sources and tests, what is around them, and the time."""
    own = [path for part in target.parts for path in _files(target.root / part)]
    parts = [FORM, digest(own, base=target.root), Cache.open().sources, target.ids, target.tests, how.seconds]
    return sha256_of(json.dumps(parts).encode())


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.suffix == ".py" else []
