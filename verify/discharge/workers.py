"""Worker processes, each doing one job at a time; one that overruns its time is killed and replaced.

Processes of our own rather than a pool's: proofs_notes/prove.md says which of our demands a pool does not meet.
Workers are started afresh (not forked).
"""

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from constructions.foundations.spelling import from_json_text, json_text, one_line
from verify.discharge.job import Job, Reply, fault_of, reply_to
from verify.discharge.result import Result
from verify.discharge.result_json import from_json, to_json
from verify.obligations.verdict import BAD_INPUT, INTERNAL, Fault

START = multiprocessing.get_context("spawn")
FIXED = {"PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1"}
"""What a worker starts with unless the user asks for something else: sets of texts have the same order each time, and
Python's own modules are not looked for in the working directory, where a file may be called ``socket.py``."""
GARBAGE = (100_000, 50, 100)
"""A worker looks for circles of garbage more seldom than Python does by itself: terms are many and live long, and going
through them again and again took one part in fourteen of its time."""


@dataclass
class Worker:
    """A process, the pipe to it, and the job it is at."""

    process: BaseProcess
    pipe: Connection
    job: Job | None = None
    deadline: float = 0.0
    replies: int = 0
    broken: bool = False

    def stop(self) -> None:
        """End the process now.

        >>> from unittest.mock import Mock
        >>> worker = Worker(process=Mock(), pipe=Mock())
        >>> worker.stop()
        >>> worker.process.kill.called, worker.pipe.close.called
        (True, True)
        """
        self.process.kill()
        self.process.join()
        self.pipe.close()


def work(pipe: Connection) -> None:
    """What a worker does: do jobs until the pipe is closed.

    >>> from pathlib import Path
    >>> from unittest.mock import Mock, patch
    >>> from verify.obligations.sources import Sources
    >>> job = Job("mine.square", Sources(path=Path("mine.py").resolve(), data=b"1 / 0"), 1)
    >>> pipe = Mock(recv=Mock(side_effect=[job, EOFError]))
    >>> with patch("signal.signal"), patch("os.dup2"), patch("os._exit"):  # at the end of the pipe it ends its process
    ...     work(pipe)
    >>> from_json_text(pipe.send.call_args.args[0])["fault"]["said"].split(", at ")[0]
    'need a file that runs, got ZeroDivisionError: division by zero'
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*GARBAGE)
    with contextlib.suppress(OSError):
        os.dup2(2, 1)  # what claims print is no part of the report
    try:
        while True:
            job = pipe.recv()
            found = reply_to(job)
            with contextlib.suppress(Exception):
                sys.stdout.flush()
            pipe.send(_as_text(found, job))
    except BaseException:
        # The other end is closed, or a claim left this process unfit for work, which the other end notices.
        os._exit(1)


def _as_text(found: Result | Fault, job: Job) -> str:
    """A reply as JSON, so that nothing of a user's own classes goes through the pipe."""
    if isinstance(found, Result):
        try:
            return json_text({"result": to_json(found)})
        except (TypeError, ValueError, RecursionError) as error:
            found = fault_of(error, job)
    return json_text({"fault": to_json(found)})


def _from_text(text: str) -> Result | Fault:
    found = from_json_text(text)
    return from_json(found["fault"], Fault) if "fault" in found else from_json(found["result"], Result)


def _start() -> Worker:
    ours, theirs = START.Pipe()
    process = START.Process(target=work, args=(theirs,), daemon=True)
    with _deaf(), _fixed():
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
def _fixed() -> Generator[None, None, None]:
    """A process that starts in here has the settings :data:`FIXED`, unless the user asks for others."""
    added = {name: value for name, value in FIXED.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _take(worker: Worker, job: Job) -> Reply:
    """The reply that a worker has sent; None if it has died at a later job than its first.

    Its death at its first job is a fault of the job; at a later one it may be the fault of an earlier one.
    """
    try:
        found = _from_text(worker.pipe.recv())
        worker.replies += 1
        return found
    except (EOFError, OSError):
        worker.process.join(timeout=5)
        got = f"the end of its process (exit code {worker.process.exitcode})"
    except Exception as error:
        got = f"'{type(error).__name__}: {one_line(error)}'"
    worker.broken = True
    if worker.replies:
        return None
    if job.sources is None:
        said = f"need an obligation of the paper that can be examined, got {got}, at obligation {job.id}"
        return Fault(INTERNAL, said)
    where = f"at {job.home}, obligation {job.id}"
    return Fault(BAD_INPUT, f"need a claim that can be stated and examined, got {got}, {where}")


def replies(jobs: Sequence[Job], *, workers: int, limit: float) -> Generator[tuple[Job, Reply], None, None]:
    """Each job with its reply as it comes.

    A worker that dies or overruns is replaced, and the rest goes on. A job at which a worker dies that has done others
    is given once more, to a new one.

    Parameters
    ----------
    jobs : what is to be done; begun in this order, but if there are several workers one of them begins with the jobs
        for which functions are compiled. workers : how many processes. limit : seconds for each job.

    Returns
    -------
    A generator of pairs; the reply is None for a job that was stopped after ``limit`` seconds. Closing the generator
    ends the processes.

    >>> job = Job("mine.square", None, 1)
    >>> [(job.id, reply) for job, reply in replies([job], workers=1, limit=0.0)]
    [('mine.square', None)]
    """
    pool = _Pool(waiting=list(reversed(jobs)), limit=limit)
    try:
        pool.start(min(workers, len(jobs)))
        while busy := pool.busy:
            ready = wait([worker.pipe for worker in busy], timeout=pool.seconds_left)
            for worker in busy:
                yield from pool.look_at(worker, answered=worker.pipe in ready)
    finally:
        pool.stop()


def place_of_next(waiting: Sequence[Job], *, compiling: bool) -> int:
    """Where the next job stands among those that wait, the next one last: while a worker is ``compiling``, it is none
    for which functions are compiled too, unless all are. Two workers would compile the same ones; one after the other,
    the second finds them compiled.

    >>> jobs = [Job("other", None, 60), Job("engine", None, 60, compiles=True)]
    >>> place_of_next(jobs, compiling=False), place_of_next(jobs, compiling=True)
    (1, 0)
    """
    places = range(len(waiting) - 1, -1, -1)
    return next((i for i in places if not (compiling and waiting[i].compiles)), len(waiting) - 1)


@dataclass
class _Pool:
    """The workers, the jobs that wait (the next one last), and the seconds for each."""

    waiting: list[Job]
    limit: float
    workers: list[Worker] = field(default_factory=list)

    @property
    def busy(self) -> list[Worker]:
        """The workers that are at a job."""
        return [worker for worker in self.workers if worker.job]

    @property
    def seconds_left(self) -> float:
        """Seconds until the first worker overruns."""
        return max(0.0, min(worker.deadline for worker in self.busy) - time.monotonic())

    def start(self, count: int) -> None:
        """Start workers, each with a job."""
        if count > 1:
            self.waiting.sort(key=lambda job: job.compiles)
        for _ in range(count):
            self.workers.append(_start())
            self.give(self.workers[-1])

    def give(self, worker: Worker) -> None:
        """Give the next job to a worker."""
        at_work = any(busy.job is not None and busy.job.compiles for busy in self.workers)
        job = self.waiting.pop(place_of_next(self.waiting, compiling=at_work))
        with contextlib.suppress(OSError):  # a worker that has died is seen when its reply is taken
            worker.pipe.send(job)
        worker.job, worker.deadline = job, time.monotonic() + self.limit

    def look_at(self, worker: Worker, *, answered: bool) -> Generator[tuple[Job, Reply], None, None]:
        """What there is of a worker: a reply, a job whose time is up, or nothing yet. It gets its next job."""
        job, reply = worker.job, None
        assert job is not None
        if not answered and time.monotonic() < worker.deadline:
            return
        if answered:
            reply = _take(worker, job)
        else:
            worker.broken = True
        again = answered and reply is None
        if again:
            self.waiting.append(job)
        self.go_on(worker)
        if not again:
            yield job, reply

    def go_on(self, worker: Worker) -> None:
        """Give the next job to a worker, or to a new one in its place if it is broken."""
        worker.job = None
        if worker.broken:
            worker.stop()
            self.workers.remove(worker)
            self.start(1 if self.waiting else 0)
        elif self.waiting:
            self.give(worker)

    def stop(self) -> None:
        """End all processes now."""
        for worker in self.workers:
            worker.stop()
