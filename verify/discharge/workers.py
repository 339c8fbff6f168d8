"""Worker processes, each discharging one obligation at a time; one that overruns its time is killed and replaced.

A process of our own rather than a pool's: a solver that ignores its timeout must be stopped from outside, and only it.
Workers are started afresh (not forked) and look an obligation up by its id, and its file if it is a user's.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.foundations.spelling import from_json_text, json_text
from verify.discharge.files_read import watching
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.discharge.result_json import from_json, to_json
from verify.discharge.stated import Statement, check_same, stated
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.obligations.sources import Sources, at_home
from verify.obligations.user_file import claims_of, one_line
from verify.obligations.user_file import place as place_in
from verify.obligations.verdict import BAD_INPUT, DISAGREEMENT, INTERNAL, DisagreementError, Fault

START = multiprocessing.get_context("spawn")
SEED = "PYTHONHASHSEED"
AGAIN = 5
"""How often a claim about which the provers disagree is stated again, to see whether it is the claim that differs."""
Answer = Result | Fault | None
"""What becomes of a task: a result, a fault, or nothing if it was stopped."""


@dataclass(frozen=True, slots=True)
class Task:
    """One obligation to discharge: its id, the user's file in which it is (None: the paper's) and seconds per question.

    ``line`` is where its claim begins in the file, if that is known.
    """

    id: str
    sources: Sources | None
    seconds: int
    line: int = 0

    @property
    def home(self) -> str:
        """The file of a user's obligation, with the line of its claim."""
        path = str(self.sources.path) if self.sources else ""
        return f"{path}:{self.line}" if self.line else path


def task_of(obligation: Obligation, sources: Sources | None, seconds: int) -> Task:
    """The task of one obligation."""
    code = getattr(obligation.claim, "__code__", None)
    here = code is not None and sources is not None and code.co_filename == str(sources.path)
    return Task(obligation.id, sources, seconds, getattr(code, "co_firstlineno", 0) if here else 0)


@dataclass
class Worker:
    """A process, the pipe to it, and the task it is at."""

    process: BaseProcess
    pipe: Connection
    task: Task | None = None
    deadline: float = 0.0
    answers: int = 0
    broken: bool = False

    def stop(self) -> None:
        """End the process now."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


@cache
def _obligations(sources: Sources | None) -> dict[str, Obligation]:
    return paper_obligations() if sources is None else claims_of(sources).obligations


def answer(task: Task) -> Result | Fault:
    """Discharge one obligation; whatever goes wrong with it becomes a fault."""
    try:
        if task.sources is None:
            return discharge(_obligations(None)[task.id], task.seconds)
        paper_obligations()
        with watching(task.sources) as seen:
            found = _of_file(task, task.sources)
        return replace(found, read=seen.reads(), unkept=seen.unwatchable())
    except BaseException as error:
        return fault(error, task)


def _of_file(task: Task, sources: Sources) -> Result:
    """Discharge an obligation of a user's file, which must state the same claim each time."""
    obligation = _obligations(sources).get(task.id)
    if obligation is None:
        raise ConstructionError(
            "need a file that registers the same obligations each time, got one that is missing the second time"
        )
    with at_home(sources):
        before, error = _stated(obligation)
        try:
            found = discharge(obligation, task.seconds)
        except DisagreementError:
            check_same(obligation, before, times=AGAIN)
            raise
        if error is not None:
            raise error
        check_same(obligation, before)
    return found


def _stated(obligation: Obligation) -> tuple[Statement, BaseException | None]:
    """What a claim states; or what it raises, which the provers say better if they are met by it too."""
    try:
        return stated(obligation), None
    except BaseException as error:
        return (), error


def fault(error: BaseException, task: Task) -> Fault:
    """What an exception says about a task, on one line."""
    said = one_line(error)
    named = f"{type(error).__name__}: {said}" if said else type(error).__name__
    if task.sources is None:
        kind = DISAGREEMENT if isinstance(error, DisagreementError) else INTERNAL
        got = f"'{named}', at {innermost(error)}, obligation {task.id}"
        return Fault(kind, f"need an obligation of the paper that can be examined, got {got}")
    place = place_in(error, task.sources.path)
    outside = place == str(task.sources.path)
    place = task.home if outside else place
    if isinstance(error, DisagreementError):
        return Fault(DISAGREEMENT, f"need two evaluators that agree, got '{said}', at {place}, obligation {task.id}")
    if isinstance(error, ConstructionError):
        where = place if f"obligation {task.id}" in said else f"{place}, obligation {task.id}"
        return Fault(BAD_INPUT, said if place in said else f"{said}, at {where}")
    ours = isinstance(error, AssertionError) and outside
    got = f"'{named}', at {place}, obligation {task.id}"
    return Fault(INTERNAL if ours else BAD_INPUT, f"need a claim that can be stated and examined, got {got}")


def innermost(error: BaseException) -> str:
    """``file:line`` of the place where an exception was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"


def work(pipe: Connection) -> None:
    """What a worker does: answer tasks until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.dup2(2, 1)  # what claims print is no part of the report
    try:
        while True:
            task = pipe.recv()
            found = answer(task)
            with contextlib.suppress(Exception):
                sys.stdout.flush()
            pipe.send(_as_text(found, task))
    except (
        BaseException
    ):  # the other end is closed, or a claim left this process unfit for work, which the other end notices
        os._exit(1)


def _as_text(found: Result | Fault, task: Task) -> str:
    """An answer as JSON, so that nothing of a user's own classes goes through the pipe."""
    if isinstance(found, Result):
        try:
            return json_text(to_json(found))
        except (TypeError, ValueError, RecursionError) as error:
            found = fault(error, task)
    return json_text([found.kind, found.said])


def _from_text(text: str) -> Result | Fault:
    found = from_json_text(text)
    return Fault(*found) if isinstance(found, list) else from_json(found)


def _start() -> Worker:
    ours, theirs = START.Pipe()
    process = START.Process(target=work, args=(theirs,), daemon=True)
    with _deaf(), _without_shuffling():
        process.start()
    theirs.close()
    return Worker(process, ours)


@contextlib.contextmanager
def _deaf() -> Generator[None, None, None]:
    """A process that starts in here ignores Ctrl-C from its first moment on; ending it is our business."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _without_shuffling() -> Generator[None, None, None]:
    """A process that starts in here has sets of texts in the same order each time, unless the user asks for another."""
    chosen = SEED in os.environ
    os.environ.setdefault(SEED, "0")
    try:
        yield
    finally:
        if not chosen:
            del os.environ[SEED]


def _give(worker: Worker, task: Task, limit: float) -> None:
    with contextlib.suppress(OSError):  # a worker that has died is seen when its answer is taken
        worker.pipe.send(task)
    worker.task, worker.deadline = task, time.monotonic() + limit


def _take(worker: Worker, task: Task) -> Answer:
    """The answer that a worker has sent; None if it has died at a later task than its first, whose fault that may be.

    Its death at its first task is a fault of the task.
    """
    try:
        found = _from_text(worker.pipe.recv())
        worker.answers += 1
        return found
    except (EOFError, OSError):
        worker.process.join(timeout=5)
        got = f"the end of its process (exit code {worker.process.exitcode})"
    except Exception as error:
        got = f"'{type(error).__name__}: {one_line(error)}'"
    worker.broken = True
    if worker.answers:
        return None
    if task.sources is None:
        said = f"need an obligation of the paper that can be examined, got {got}, at obligation {task.id}"
        return Fault(INTERNAL, said)
    where = f"at {task.home}, obligation {task.id}"
    return Fault(BAD_INPUT, f"need a claim that can be stated and examined, got {got}, {where}")


def outcomes(tasks: Sequence[Task], *, jobs: int, limit: float) -> Generator[tuple[Task, Answer], None, None]:
    """Each task with its answer as it comes; None for a task that was stopped after ``limit`` seconds.

    A worker that dies or overruns is replaced, and the rest goes on. A task at which a worker dies that has answered
    others is given once more, to a new one.
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
                task, found = worker.task, None
                assert task is not None
                if worker.pipe in ready:
                    found = _take(worker, task)
                elif time.monotonic() < worker.deadline:
                    continue
                else:
                    worker.broken = True
                again = found is None and worker.pipe in ready
                waiting += [task] if again else []
                _next(worker, workers, waiting, limit=limit)
                if not again:
                    yield task, found
    finally:
        for worker in workers:
            worker.stop()


def _next(worker: Worker, workers: list[Worker], waiting: list[Task], *, limit: float) -> None:
    """Give the next task to a worker, or to a new one in its place if it is broken."""
    worker.task = None
    if worker.broken:
        worker.stop()
        workers.remove(worker)
        if waiting:
            worker = _start()
            workers.append(worker)
    if waiting:
        _give(worker, waiting.pop(), limit)
