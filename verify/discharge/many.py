"""Discharge many obligations in parallel, keep what is found, and say what it means for an exit code."""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field

from msgspec.structs import replace

from verify.discharge.cache import Cache
from verify.discharge.job import Reply, job_of
from verify.discharge.resting import resting
from verify.discharge.result import Result, erred, stopped
from verify.discharge.workers import replies
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.obligations.sources import Sources
from verify.obligations.verdict import Fault, Verdict
from verify.provers.outcome import SECONDS
from verify.provers.second import SecondSolver

BACKSTOP = 20
"""An obligation is stopped from outside after this many times its seconds per question (and a minute to start)."""

MORE = 10
"""So many times longer for each second that a second solver has for a question: all are asked, also the easy ones."""


def run(
    obligations: Iterable[Obligation],
    *,
    files: Mapping[str, Sources] | None = None,
    jobs: int | None = None,
    fresh: bool = False,
    seconds: int = SECONDS,
    second: SecondSolver | None = None,
    on_result: Callable[[Result], None] | None = None,
    cache: Cache | None = None,
) -> list[Result]:
    """Discharge obligations, the kept results first; results come back in order, what they need considered.

    Parameters
    ----------
    files : the user's file of every obligation that is not the paper's, by id.
    jobs : worker processes (default: one per processor). fresh : do not use kept results.
    seconds : for each question to the solver. second : a second solver to ask the same; None for none.
    on_result : called with each result as it comes, on its own.
    cache : where results are kept (default: the one for the sources as they are now).

    What the claims use is found as they are discharged; it is discharged too, and its results come after the others.

    Each result is kept as soon as it is there, so a run that was interrupted goes on where it stopped. What goes
    wrong with one obligation is the error of its result, and the others are discharged.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from verify.discharge.one import discharge
    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> with TemporaryDirectory() as folder:
    ...     cache = Cache(Path(folder), "a digest of the sources")
    ...     cache.put(cache.key(square, SECONDS), discharge(square))
    ...     found = run([square], cache=cache)
    >>> [(each.id, each.word, each.cached) for each in found]
    [('square', 'PROVED', True)]
    """
    running = _Running(
        cache=cache or Cache.open(),
        homes=dict(files or {}),
        jobs=jobs,
        fresh=fresh,
        seconds=seconds,
        second=second,
        on_result=on_result,
    )
    wave = {obligation.id: obligation for obligation in obligations}
    while wave:
        running.discharge(wave)
        wave = running.used()
    return resting([running.found[id] for id in running.wanted])


@dataclass(kw_only=True)
class _Running:
    """A run: what is wanted, what was found so far, and what was added because something uses it."""

    cache: Cache
    homes: dict[str, Sources]
    jobs: int | None
    fresh: bool
    seconds: int
    second: SecondSolver | None = None
    on_result: Callable[[Result], None] | None
    wanted: dict[str, Obligation] = field(default_factory=dict)
    found: dict[str, Result] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)

    def discharge(self, wave: Mapping[str, Obligation]) -> None:
        """Discharge some obligations, the kept results first."""
        self.wanted |= wave
        keys = {id: self.cache.key(each, self.seconds, self.homes.get(id), self.second) for id, each in wave.items()}
        unkept = {id: home.unkept for id, home in self.homes.items()}
        for id in wave if not self.fresh else ():
            if kept := None if unkept.get(id) else self.cache.get(keys[id], id):
                self._report(kept)
        waiting = [
            job_of(wave[id], self.homes.get(id), self.seconds, self.second) for id in wave if id not in self.found
        ]
        limit = 60.0 + BACKSTOP * (self.seconds + (self.second.seconds * MORE if self.second else 0))
        with closing(replies(waiting, workers=self.jobs or os.cpu_count() or 1, limit=limit)) as coming:
            for job, reply in coming:
                done = result_of(reply, wave[job.id], limit)
                done = replace(done, unkept=unkept.get(job.id) or done.unkept)
                self.cache.put(keys[job.id], done)
                self._report(done)

    def _report(self, result: Result) -> None:
        self.found[result.id] = result
        if self.on_result:
            self.on_result(result)

    def used(self) -> dict[str, Obligation]:
        """The obligations that those found so far use, and what these need, that were not discharged yet."""
        more: dict[str, Obligation] = {}
        for id, result in self.found.items():
            user = self.wanted[id]
            needs = user.needs if id in self.added else ()
            for other in (*result.uses, *needs):
                if other not in self.wanted and counts(other, user):
                    more[other] = user.known[other]
                    if id in self.homes and not is_papers(more[other]):
                        self.homes[other] = self.homes[id]
        self.added |= more.keys()
        return more


def counts(other: str, user: Obligation) -> bool:
    """Whether an obligation, by its id ``other``, is one that its user may rest on: it is known, and is not to be
    REFUTED.

    >>> from types import SimpleNamespace
    >>> known = {"lemma": SimpleNamespace(expect=Verdict.PROVED), "printed": SimpleNamespace(expect=Verdict.REFUTED)}
    >>> [counts(id, SimpleNamespace(known=known)) for id in ("lemma", "printed", "lost")]
    [True, False, False]
    """
    return other in user.known and user.known[other].expect is not Verdict.REFUTED


def is_papers(obligation: Obligation) -> bool:
    """Whether an obligation is one of the paper's, rather than a user's."""
    return paper_obligations().get(obligation.id) is obligation


def result_of(reply: Reply, obligation: Obligation, limit: float) -> Result:
    """The result of an obligation, whatever became of it."""
    if reply is None:
        return stopped(obligation, limit)
    return erred(obligation, reply) if isinstance(reply, Fault) else reply
