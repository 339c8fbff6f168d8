"""Discharge many obligations in parallel, keep what is found, and say what it means for an exit code."""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing

from msgspec.structs import replace

from verify.discharge.cache import Cache
from verify.discharge.job import Reply, job_of
from verify.discharge.resting import resting
from verify.discharge.result import Result, erred, stopped
from verify.discharge.workers import replies
from verify.obligations.obligation import Obligation
from verify.obligations.sources import Sources
from verify.obligations.verdict import Fault
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

    Each result is kept as soon as it is there, so a run that was interrupted goes on where it stopped. What goes
    wrong with one obligation is the error of its result, and the others are discharged.
    """
    wanted, homes = {obligation.id: obligation for obligation in obligations}, files or {}
    cache = cache or Cache.open()
    keys = {id: cache.key(obligation, seconds, homes.get(id), second) for id, obligation in wanted.items()}
    unkept = {id: home.unkept for id, home in homes.items()}
    found: dict[str, Result] = {}

    def report(result: Result) -> None:
        found[result.id] = result
        if on_result:
            on_result(result)

    for id in wanted if not fresh else ():
        if kept := None if unkept.get(id) else cache.get(keys[id], id):
            report(kept)
    waiting = [job_of(wanted[id], homes.get(id), seconds, second) for id in wanted if id not in found]
    limit = 60.0 + BACKSTOP * (seconds + (second.seconds * MORE if second else 0))
    with closing(replies(waiting, workers=jobs or os.cpu_count() or 1, limit=limit)) as coming:
        for job, reply in coming:
            done = result_of(reply, wanted[job.id], limit)
            done = replace(done, unkept=unkept.get(job.id) or done.unkept)
            cache.put(keys[job.id], done)
            report(done)
    return resting([found[id] for id in wanted])


def result_of(reply: Reply, obligation: Obligation, limit: float) -> Result:
    """The result of an obligation, whatever became of it."""
    if reply is None:
        return stopped(obligation, limit)
    return erred(obligation, reply) if isinstance(reply, Fault) else reply
