"""One process that discharges obligations, one after another, on the tree in which it stands: ``python -m
verify.mutation.trial`` reads a job from standard input and writes a line for each obligation.

The process is a new one for each mutant, and the tree a copy with the mutant in the place of the real file, so nothing
of a mutant is left behind and nothing of the real file is still loaded. It stops at the first obligation that is not as
expected. No kept result is used, and none is kept.

Before any mutant, the same program *watches* the file itself (:func:`watched`): each obligation is discharged in a
child of its own, and what it executes of the file is noted. An obligation that executes no line of a changed node
comes out as before, so it is not asked about that mutant.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import msgspec

from constructions.foundations.spelling import from_json_text, json_text, one_line
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.discharge.result_json import from_json, to_json
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Obligation
from verify.obligations.sources import at_home, read_sources
from verify.obligations.user_file import claims_of

LOADING = "loading"
"""In the place of an id: the claims could not be loaded, or what was executed while they were."""


class TrialJob(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one process is to do.

    Parameters
    ----------
    ids : the obligations, in the order in which they are discharged. seconds : for each question to the solver.
    user_file : the user's file that has them; empty for the paper's.
    watch : the file whose executed lines are noted, none if empty.
    """

    ids: tuple[str, ...]
    seconds: int
    user_file: str = ""
    watch: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of one obligation.

    Parameters
    ----------
    id : the obligation, or :data:`LOADING`. as_expected : whether it came out as it should.
    word : its verdict, or ERROR. said : the facts that failed, or the error. seconds : how long it took.
    lines : the lines of the watched file that it executed.
    """

    id: str
    as_expected: bool
    word: str
    said: str = ""
    seconds: float = 0.0
    lines: tuple[int, ...] = ()


class Lines:
    """Notes the lines of one file that are executed while it is on.

    >>> from unittest.mock import patch
    >>> lines = Lines("half.py")
    >>> with patch("sys.settrace"):  # so that this example disturbs no one who traces it
    ...     lines.start()
    ...     lines.stop()
    ()
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.seen: set[int] = set()

    def start(self) -> None:
        """Begin to note."""
        if self.file:
            sys.settrace(self._enter)

    def stop(self) -> tuple[int, ...]:
        """End; the lines so far."""
        sys.settrace(None)
        return tuple(sorted(self.seen))

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any] | None:
        return self._line if frame.f_code.co_filename == self.file else None

    def _line(self, frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        self.seen.add(frame.f_lineno)
        return self._line


def obligations_of(user_file: str) -> dict[str, Obligation]:
    """The obligations of a user's file, or the paper's if none is named.

    >>> "sigma.figure" in obligations_of("")
    True
    """
    return dict(claims_of(read_sources(Path(user_file))).obligations) if user_file else paper_obligations()


def tried(obligation: Obligation, job: TrialJob) -> Found:
    """What becomes of an obligation of a job, whatever goes wrong with it.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     case.show("square", case.real("x") ** 2 >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 1, twin=lambda case: 2)
    >>> found = tried(square, TrialJob(ids=("square",), seconds=1))
    >>> found.as_expected, found.word, found.said
    (False, 'REFUTED', 'REFUTED: square')
    """
    home = at_home(read_sources(Path(job.user_file))) if job.user_file else contextlib.nullcontext()
    try:
        with home:
            result = discharge(obligation, job.seconds)
    except Exception as error:
        said = f"{type(error).__name__}: {one_line(error)}"
        return Found(id=obligation.id, as_expected=False, word="ERROR", said=said)
    return Found(
        id=obligation.id,
        as_expected=result.as_expected,
        word=result.word,
        said="" if result.as_expected else _said(result),
        seconds=result.seconds,
    )


def _said(result: Result) -> str:
    if result.word != result.expect.value:
        failed = [fact.label for fact in result.facts if fact.verdict is result.verdict]
        return f"{result.word}: {', '.join(failed)}" if failed else result.word
    return f"its twin is {result.twin_verdict.name if result.twin_verdict else 'missing'}"


def watched(obligation: Obligation, job: TrialJob) -> Found:
    """What becomes of an obligation of a job in a child process, with the lines that were executed; what the child
    makes and keeps is its own.

    >>> def is_no_less(least, case):
    ...     "A square is at least 0."
    ...     x = case.real("x")
    ...     case.show("square", x * x >= least)
    >>> square = Obligation(id="square", paper="mine", claim=is_no_less, of=lambda case: 0, twin=lambda case: 1)
    >>> found = watched(square, TrialJob(ids=("square",), seconds=1, watch=is_no_less.__code__.co_filename))
    >>> found.word, found.lines
    ('PROVED', (3, 4))
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        lines = Lines(job.watch)
        lines.start()
        found = tried(obligation, job)
        with os.fdopen(writing, "wb") as stream:
            stream.write(json_text(to_json(msgspec.structs.replace(found, lines=lines.stop())), ascii=True).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    if not data:
        return Found(id=obligation.id, as_expected=False, word="ERROR", said="the process died")
    return from_json(from_json_text(data), Found)


def all_found(job: TrialJob) -> Iterator[Found]:
    """What becomes of the obligations of a job; the first is of loading them."""
    lines = Lines(job.watch)
    lines.start()
    try:
        known = obligations_of(job.user_file)
    except Exception as error:
        said = f"{type(error).__name__}: {one_line(error)}"
        yield Found(id=LOADING, as_expected=False, word="ERROR", said=said)
        return
    yield Found(id=LOADING, as_expected=True, word="", lines=lines.stop())
    for id in job.ids:
        if id not in known:
            yield Found(id=id, as_expected=False, word="ERROR", said="it is not registered")
            return
        found = watched(known[id], job) if job.watch else tried(known[id], job)
        yield found
        if not (found.as_expected or job.watch):
            return


def run(job: TrialJob, out: TextIO) -> None:
    """Write what becomes of a job, a line of JSON for each obligation, as it comes, to ``out``.

    >>> run(TrialJob(ids=("square",), seconds=1, user_file="no such file.py"), sys.stdout)
    {"id": "loading", "as_expected": false, "word": "ERROR", "said": "ConstructionError: need a Python file, got \
nothing, at no such file.py", "seconds": 0.0, "lines": []}
    """
    for found in all_found(job):
        out.write(json_text(to_json(found), ascii=True) + "\n")
        out.flush()


if __name__ == "__main__":
    given = from_json(from_json_text(sys.stdin.buffer.read()), TrialJob)
    kept = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what claims print is no part of it
    run(given, kept)
