"""Worker processes, each discharging one obligation at a time; one that overruns its time is killed and replaced.

A process of our own rather than a pool's: a solver that ignores its timeout must be stopped from outside, and only it.
Workers are started afresh (not forked) and look an obligation up by its id, and its file if it is a user's.
"""
import contextlib
import multiprocessing
import signal
import time
import traceback
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from verify.discharge import discharge
from verify.obligation import Obligation
from verify.reads import reads, watch
from verify.registry import obligations_of_file, one_line, paper_obligations
from verify.registry import place as place_in
from verify.verdict import DisagreementError

START = multiprocessing.get_context("spawn")


class WorkerError(RuntimeError):
    """A worker died or raised what no claim may raise: a bug here, never a verdict."""


@dataclass(frozen=True, slots=True)
class Task:
    """One obligation to discharge: its id, the user's file in which it is (None: the paper's) and seconds per question."""

    id: str
    file: Path | None
    seconds: int


@dataclass
class Worker:
    """A process, the pipe to it, and the task it is at."""

    process: BaseProcess
    pipe: Connection
    task: Task | None = None
    deadline: float = 0.0

    def stop(self) -> None:
        """End the process now."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


@cache
def _obligations(file: Path | None) -> dict[str, Obligation]:
    return paper_obligations() if file is None else obligations_of_file(file)


def _answer(task: Task) -> tuple[str, Any]:
    try:
        if task.file is None:
            return "result", discharge(_obligations(None)[task.id], task.seconds)
        watch()
        found = discharge(_obligations(task.file)[task.id], task.seconds)
        return "result", replace(found, read=reads())
    except DisagreementError as error:
        return "disagreement", str(error)
    except BaseException as error:
        if task.file is None:
            return "error", f"{task.id}: {traceback.format_exc()}"
        got = one_line(error) if isinstance(error, ConstructionError) else f"{type(error).__name__}: {one_line(error)}"
        return "file", f"need a claim that can be stated and examined, got '{got}', at {place_in(error, task.file)}, obligation {task.id}"


def work(pipe: Connection) -> None:
    """What a worker does: answer tasks until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            pipe.send(_answer(pipe.recv()))


def _start() -> Worker:
    ours, theirs = START.Pipe()
    process = START.Process(target=work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return Worker(process, ours)


def _give(worker: Worker, task: Task, limit: float) -> None:
    try:
        worker.pipe.send(task)
    except OSError as error:
        raise WorkerError(f"a worker died before obligation {task.id}") from error
    worker.task, worker.deadline = task, time.monotonic() + limit


def _take(worker: Worker) -> Any:
    """The result a worker has sent, or the exception that is due."""
    task = worker.task
    try:
        kind, found = worker.pipe.recv()
    except (EOFError, OSError) as error:
        worker.process.join(timeout=5)
        code = worker.process.exitcode
        if task and task.file:
            got = f"the end of its process (exit code {code})"
            place = f"{task.file}, obligation {task.id}"
            raise ConstructionError(f"need a claim that can be stated and examined, got {got}, at {place}") from error
        raise WorkerError(f"a worker died (exit code {code}) at obligation {task.id if task else '-'}") from error
    if kind == "disagreement":
        raise DisagreementError(found)
    if kind == "file":
        raise ConstructionError(found)
    if kind == "error":
        raise WorkerError(found)
    return found


def outcomes(tasks: Sequence[Task], *, jobs: int, limit: float) -> Generator[tuple[Task, Any], None, None]:
    """Each task with its result as it comes; None for a task that was stopped after ``limit`` seconds.

    Errors
    ------
    DisagreementError, WorkerError, or ConstructionError for a user's claim that cannot be stated; all workers are ended.
    """
    waiting, workers = list(reversed(tasks)), []
    try:
        for _ in range(min(jobs, len(tasks))):
            workers.append(_start())
            _give(workers[-1], waiting.pop(), limit)
        while busy := [worker for worker in workers if worker.task]:
            soonest = min(worker.deadline for worker in busy)
            ready = wait([worker.pipe for worker in busy], timeout=max(0.0, soonest - time.monotonic()))
            for worker in busy:
                if worker.pipe in ready:
                    found = _take(worker)
                elif time.monotonic() >= worker.deadline:
                    found = None
                else:
                    continue
                yield _next(worker, workers, waiting, overran=found is None, limit=limit), found
    finally:
        for worker in workers:
            worker.stop()


def _next(worker: Worker, workers: list[Worker], waiting: list[Task], *, overran: bool, limit: float) -> Task:
    """Give the next task to a worker, or to a new one in its place if it overran; return the task it was at."""
    task = worker.task
    assert task is not None
    worker.task = None
    if overran:
        worker.stop()
        workers.remove(worker)
        if waiting:
            worker = _start()
            workers.append(worker)
    if waiting:
        _give(worker, waiting.pop(), limit)
    return task
