"""A job that calls a user's functions, done in a process apart, which is ended where one of the calls takes too long.

The process tells what it has found as it goes; what was told before it is ended is not lost. A call is timed by one
number in memory that both processes see: since when the call runs that runs now. So a function is stopped wherever it
is, also in a loop that Python cannot interrupt, and the line at which it was is asked for before.
"""

import contextlib
import faulthandler
import io
import multiprocessing
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.spelling import one_line
from verify.screen.printing import say

FORKED = "fork" in multiprocessing.get_all_start_methods()
START: Any = multiprocessing.get_context("fork" if FORKED else "spawn")
POLL, TO_SAY_WHERE = 0.2, 1.0
"""Seconds between two looks at the clock, and those in which a process may say where it is."""
FRAME = re.compile(r'File "(.*)", line (\d+) in ')
Tell = Callable[[Any], None]


@dataclass(slots=True)
class Clock:
    """Since when a call of a user's function runs, in seconds as ``time.monotonic`` counts them; 0 if none does.

    >>> clock = Clock([0.0])
    >>> with clock.running():
    ...     clock.since[0] > 0
    True
    >>> clock.since
    [0.0]
    """

    since: Any

    @contextmanager
    def running(self) -> Iterator[None]:
        """What is done in here is a call."""
        self.since[0] = time.monotonic()
        try:
            yield
        finally:
            self.since[0] = 0.0


CLOCK = Clock([0.0])
"""The clock of this process; in a process apart its memory is shared."""


class TooLongError(ConstructionError):
    """A call of a user's function that takes longer than it may."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a job ended: with what it found, or with what it raised."""

    found: Any = None
    raised: BaseException | None = None


class _Told(io.TextIOBase):
    """A text stream whose lines go into a pipe."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__()
        self.pipe, self.rest = pipe, ""

    def write(self, text: str) -> int:
        *lines, self.rest = (self.rest + text).split("\n")
        if lines:
            self.pipe.send(_Printed(tuple(lines)))
        return len(text)

    def end(self) -> None:
        """Nothing more is printed."""
        if self.rest:
            self.write("\n")


@dataclass(frozen=True, slots=True)
class _Printed:
    """Lines that a user's function has printed."""

    lines: tuple[str, ...]


def _work(pipe: Connection, since: Any, dump: str, job: Callable[[Tell], Any]) -> None:
    """What the process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    CLOCK.since, printed = since, _Told(pipe)
    with contextlib.suppress(OSError):
        os.dup2(2, 1)  # what a library prints past Python
    if hasattr(faulthandler, "register"):
        file = os.open(dump, os.O_WRONLY | os.O_CREAT)
        faulthandler.register(signal.SIGUSR1, file=file, all_threads=False)
    try:
        with contextlib.redirect_stdout(printed):
            end = _Ended(job(pipe.send))
    except BaseException as error:
        end = _Ended(raised=error)
    printed.end()
    try:
        pipe.send(end)
    except Exception as error:  # it cannot be written as bytes
        said = f"{type(end.raised or error).__name__}: {one_line(end.raised or error)}"
        pipe.send(_Ended(raised=RuntimeError(said)))
    pipe.close()
    os._exit(0)


def apart(job: Callable[[Tell], Any], path: Path, *, seconds: int, tell: Tell) -> Any:
    """What a job returns that is done in a process apart.

    Parameters
    ----------
    job : calls functions of the user's within :meth:`Clock.running`; what it is given, it calls with what is to be
        told. path : the user's file. seconds : the time of one call. tell : is called with what the job tells.

    Raises
    ------
    TooLongError
        For a call that takes longer, naming its line.
    ConstructionError
        For a process that is ended by what it calls, and for what cannot be told.
    KeyboardInterrupt
        On Ctrl-C, after the process was ended; and, as everything that the job raises, if the job raises it.

    >>> told = []
    >>> apart(lambda tell: tell(3) or 4, Path("mine.py"), seconds=60, tell=told.append), told
    (4, [3])
    """
    ours, theirs = START.Pipe(duplex=False)
    since = START.RawArray("d", 1)
    with TemporaryDirectory() as folder:
        dump = Path(folder, "where")
        process = START.Process(target=_work, args=(theirs, since, str(dump), job), daemon=True)
        process.start()
        theirs.close()
        try:
            while not _late(since, seconds):
                if not ours.poll(POLL):
                    continue
                message = _received(ours, process, path)
                if isinstance(message, _Ended):
                    return _result(message)
                _pass_on(message, tell)
            _pass_on_rest(ours, tell)
            where = _where(process, dump, path)
        finally:
            process.kill()
            process.join()
            ours.close()
    raise TooLongError(f"need a function that ends within {seconds} s (--seconds), got one that still runs, at {where}")


def _late(since: Any, seconds: int) -> bool:
    """Whether the call that runs now takes too long."""
    began = float(since[0])
    return bool(began) and time.monotonic() - began > seconds


def _received(pipe: Connection, process: BaseProcess, path: Path) -> Any:
    try:
        return pipe.recv()
    except (EOFError, OSError) as error:
        process.join(timeout=5)
        got = f"the end of its process (exit code {process.exitcode})"
        raise ConstructionError(f"need a method whose functions return, got {got}, at {path}") from error
    except Exception as error:
        got = f"{type(error).__name__}: {one_line(error)}"
        raise ConstructionError(f"need a method of plain numbers, got {got}, at {path}") from error


def _result(end: _Ended) -> Any:
    if end.raised is not None:
        raise end.raised
    return end.found


def _pass_on(message: Any, tell: Tell) -> None:
    if isinstance(message, _Printed):
        say(*message.lines, err=True)
    else:
        tell(message)


def _pass_on_rest(pipe: Connection, tell: Tell) -> None:
    """What was told before the call that takes too long."""
    with contextlib.suppress(Exception):
        while pipe.poll():
            message = pipe.recv()
            if not isinstance(message, _Ended):
                _pass_on(message, tell)


def _where(process: BaseProcess, dump: Path, path: Path) -> str:
    """``file:line`` of the innermost call in the user's file at this moment; the file alone if that is not said."""
    if hasattr(faulthandler, "register") and process.pid:
        with contextlib.suppress(OSError):
            os.kill(process.pid, signal.SIGUSR1)
        end = time.monotonic() + TO_SAY_WHERE
        while time.monotonic() < end:
            text = dump.read_text(encoding="utf-8", errors="replace") if dump.exists() else ""
            lines = [line for name, line in FRAME.findall(text) if Path(name) in (path, path.resolve())]
            if lines:
                return f"{path}:{lines[0]}"
            time.sleep(POLL / 10)
    return str(path)
