"""Discharge many obligations in parallel, keep what is found, and say what it means for an exit code."""
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path

from constructions.errors import ConstructionError
from verify.cache import Cache
from verify.discharge import PROVERS, Result
from verify.obligation import Obligation
from verify.provers.by_z3 import SECONDS
from verify.verdict import Verdict
from verify.workers import Task, outcomes

BACKSTOP = 20
"""An obligation is stopped from outside after this many times its seconds per question (and a minute to start)."""
EXPECTED, WRONG, USAGE, OPEN, INTERNAL = range(5)


def run(
    obligations: Iterable[Obligation],
    *,
    files: Mapping[str, Path] | None = None,
    jobs: int | None = None,
    fresh: bool = False,
    seconds: int = SECONDS,
    on_result: Callable[[Result], None] | None = None,
) -> list[Result]:
    """Discharge obligations, the kept results first; results come back in the order of the obligations.

    Parameters
    ----------
    files : the user's file of every obligation that is not the paper's, by id.
    jobs : worker processes (default: one per processor). fresh : do not use kept results.
    seconds : for each question to the solver. on_result : called with each result as it comes.

    Each result is kept as soon as it is there, so a run that was interrupted goes on where it stopped.
    """
    wanted, homes = {obligation.id: obligation for obligation in obligations}, files or {}
    cache = Cache.open()
    keys = {id: cache.key(obligation, seconds, homes.get(id)) for id, obligation in wanted.items()}
    found: dict[str, Result] = {}

    def report(result: Result) -> None:
        found[result.id] = result
        if on_result:
            on_result(result)

    for id in wanted if not fresh else ():
        if kept := cache.get(keys[id], id):
            report(kept)
    tasks = [Task(id, homes.get(id), seconds) for id in wanted if id not in found]
    limit = 60.0 + BACKSTOP * seconds
    with closing(outcomes(tasks, jobs=jobs or os.cpu_count() or 1, limit=limit)) as coming:
        for task, result in coming:
            done = result or stopped(wanted[task.id], limit)
            cache.put(keys[task.id], done)
            report(done)
    return [found[id] for id in wanted]


def stopped(obligation: Obligation, limit: float) -> Result:
    """The result of an obligation that had to be stopped from outside."""
    return Result(
        id=obligation.id,
        paper=obligation.paper,
        statement=obligation.statement,
        prover=PROVERS[obligation.kind],
        verdict=Verdict.UNKNOWN,
        expect=obligation.expect,
        needs=obligation.needs,
        facts=(("all facts", "UNKNOWN", 0, f"stopped after {limit:.0f} s of wall time"),),
        witness={},
        counterexample=None,
        failing=(),
        leaves=None,
        twin=Verdict.UNKNOWN if obligation.twin else None,
        twin_counterexample=None,
        twin_leaves=None,
        erratum=obligation.erratum,
        finite=obligation.finite,
        seconds=limit,
    )


def is_open(result: Result) -> bool:
    """Whether a result is not as expected only because something is unknown."""
    known = result.verdict in (result.expect, Verdict.UNKNOWN) and result.twin in (None, Verdict.REFUTED, Verdict.UNKNOWN)
    return known and not result.as_expected


def exit_code(results: Iterable[Result]) -> int:
    """0 all as expected, 1 something is not, 3 only unknowns are the trouble (2 and 4 are raised, not returned)."""
    trouble = [result for result in results if not result.as_expected]
    if not trouble:
        return EXPECTED
    return OPEN if all(is_open(result) for result in trouble) else WRONG


def worth(result: Result) -> Verdict:
    """The verdict of one obligation alone; at most UNKNOWN if its twin is not refuted, for then its check may be empty."""
    return result.verdict if result.twin in (None, Verdict.REFUTED) else min(result.verdict, Verdict.UNKNOWN)


def verdict_of(id: str, results: Iterable[Result]) -> Verdict:
    """The least verdict of an obligation and of everything on which it rests.

    A need without a result is UNKNOWN; needs that are expected to be REFUTED stand outside the minimum.

    Errors
    ------
    ConstructionError if an obligation rests on itself.
    """
    return _verdict(id, {result.id: result for result in results}, (), {})


def _verdict(id: str, known: Mapping[str, Result], above: tuple[str, ...], done: dict[str, Verdict]) -> Verdict:
    if id in above:
        raise ConstructionError(f"need obligations that do not rest on themselves, got {' -> '.join((*above[above.index(id) :], id))}")
    if id not in known:
        return Verdict.UNKNOWN
    if id not in done:
        needs = [need for need in known[id].needs if need not in known or known[need].expect is not Verdict.REFUTED]
        done[id] = min([worth(known[id]), *(_verdict(need, known, (*above, id), done) for need in needs)])
    return done[id]
