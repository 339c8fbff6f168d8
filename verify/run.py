"""Discharge many obligations in parallel, keep what is found, and say what it means for an exit code."""
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

import networkx as nx

from constructions.errors import ConstructionError
from verify.cache import Cache
from verify.discharge import Result, erred, stopped
from verify.obligation import Obligation
from verify.provers.by_z3 import SECONDS
from verify.sources import Sources
from verify.verdict import BAD_INPUT, Fault, Verdict
from verify.workers import Answer, outcomes, task_of

BACKSTOP = 20
"""An obligation is stopped from outside after this many times its seconds per question (and a minute to start)."""
EXPECTED, WRONG, USAGE, OPEN, INTERNAL = range(5)
GRAVEST = (INTERNAL, USAGE, WRONG, OPEN, EXPECTED)
"""Exit codes, the one that outweighs all others first."""


def run(
    obligations: Iterable[Obligation],
    *,
    files: Mapping[str, Sources] | None = None,
    jobs: int | None = None,
    fresh: bool = False,
    seconds: int = SECONDS,
    on_result: Callable[[Result], None] | None = None,
) -> list[Result]:
    """Discharge obligations, the kept results first; results come back in order, what they need considered.

    Parameters
    ----------
    files : the user's file of every obligation that is not the paper's, by id.
    jobs : worker processes (default: one per processor). fresh : do not use kept results.
    seconds : for each question to the solver. on_result : called with each result as it comes, on its own.

    Each result is kept as soon as it is there, so a run that was interrupted goes on where it stopped. What goes
    wrong with one obligation is the error of its result, and the others are discharged.
    """
    wanted, homes = {obligation.id: obligation for obligation in obligations}, files or {}
    cache = Cache.open()
    keys = {id: cache.key(obligation, seconds, homes.get(id)) for id, obligation in wanted.items()}
    unkept = {id: home.unkept for id, home in homes.items()}
    found: dict[str, Result] = {}

    def report(result: Result) -> None:
        found[result.id] = result
        if on_result:
            on_result(result)

    for id in wanted if not fresh else ():
        if kept := None if unkept.get(id) else cache.get(keys[id], id):
            report(kept)
    tasks = [task_of(wanted[id], homes.get(id), seconds) for id in wanted if id not in found]
    limit = 60.0 + BACKSTOP * seconds
    with closing(outcomes(tasks, jobs=jobs or os.cpu_count() or 1, limit=limit)) as coming:
        for task, answer in coming:
            done = result_of(answer, wanted[task.id], limit)
            done = replace(done, unkept=unkept.get(task.id) or done.unkept)
            cache.put(keys[task.id], done)
            report(done)
    return resting([found[id] for id in wanted])


def result_of(answer: Answer, obligation: Obligation, limit: float) -> Result:
    """The result of an obligation, whatever became of it."""
    if answer is None:
        return stopped(obligation, limit)
    return erred(obligation, answer) if isinstance(answer, Fault) else answer


def is_open(result: Result) -> bool:
    """Whether a result is not as expected only because something is unknown."""
    known = result.verdict in (result.due, Verdict.UNKNOWN) and result.twin in (None, Verdict.REFUTED, Verdict.UNKNOWN)
    return known and result.error is None and not result.as_expected


def code_of(result: Result) -> int:
    """The exit code of one result alone."""
    if result.error is not None:
        return USAGE if result.error.kind == BAD_INPUT else INTERNAL
    return EXPECTED if result.as_expected else OPEN if is_open(result) else WRONG


def exit_code(results: Iterable[Result]) -> int:
    """0 as expected, 1 something is not, 2 one cannot be examined, 3 only unknowns, 4 a fault here; the gravest."""
    return gravest(map(code_of, results))


def gravest(codes: Iterable[int]) -> int:
    """Of several exit codes the one that counts: 4, then 2, 1, 3, 0.

    >>> gravest([0, 3, 1]), gravest([1, 2]), gravest([])
    (1, 2, 0)
    """
    return min(codes, key=GRAVEST.index, default=EXPECTED)


def worth(result: Result) -> Verdict:
    """The verdict of one obligation alone; at most UNKNOWN if its twin is not refuted, for then its check may be empty."""
    return result.verdict if result.twin in (None, Verdict.REFUTED) else min(result.verdict, Verdict.UNKNOWN)


def verdict_of(id: str, results: Iterable[Result]) -> Verdict:
    """The least verdict of an obligation and of everything on which it rests; UNKNOWN for one without a result."""
    return worths(results).get(id, Verdict.UNKNOWN)


def worths(results: Iterable[Result]) -> dict[str, Verdict]:
    """For each result the least verdict of it and of everything on which it rests.

    A need without a result is UNKNOWN; needs that are expected to be REFUTED stand outside the minimum.

    Errors
    ------
    ConstructionError if an obligation rests on itself.
    """
    known = {result.id: result for result in results}
    found: dict[str, Verdict] = {}
    for id in in_order({id: counted(result, known) for id, result in known.items()}):
        if id in known:
            needs = (found[need] if need in known else Verdict.UNKNOWN for need in counted(known[id], known))
            found[id] = min([worth(known[id]), *needs])
    return found


def in_order(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Ids, each after those that it needs.

    Errors
    ------
    ConstructionError if one needs itself.
    """
    graph = nx.DiGraph([(need, id) for id, of_id in needs.items() for need in of_id])
    graph.add_nodes_from(needs)
    try:
        return list(nx.topological_sort(graph))
    except nx.NetworkXUnfeasible as error:
        around = [id for id, _ in nx.find_cycle(graph)][::-1]
        first = around.index(min(around))
        shown = " -> ".join((*around[first:], *around[:first], around[first]))
        raise ConstructionError(f"need obligations that do not rest on themselves, got {shown}") from error


def counted(result: Result, known: Mapping[str, Result]) -> list[str]:
    """The needs of a result that count: those that are to be REFUTED stand outside, and an error rests on nothing."""
    return [
        need
        for need in result.needs
        if not result.error and (need not in known or known[need].expect is not Verdict.REFUTED)
    ]


def resting(results: Sequence[Result]) -> list[Result]:
    """Results of which none is worth more than what it needs: verdicts are lowered, and so is what is expected of them.

    A need that is not among the results is UNKNOWN.
    """
    known = {result.id: result for result in results}
    worth_of = worths(results)
    due = worths(
        replace(
            result,
            verdict=result.expect,
            twin=None,
            needs=tuple(need for need in counted(result, known) if need in known),
        )
        for result in results
    )
    found = []
    for result in results:
        of_needs = {need: worth_of.get(need, Verdict.UNKNOWN) for need in counted(result, known)}
        lowered = tuple(need for need, verdict in of_needs.items() if verdict < result.verdict)
        if lowered:
            result = replace(result, alone=result.verdict, verdict=min(of_needs.values()), lowered=lowered)
        found.append(replace(result, wanted=None if due[result.id] == result.expect else due[result.id]))
    return found
