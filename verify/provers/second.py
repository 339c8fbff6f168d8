"""A second solver, which is asked in SMT-LIB what z3 was asked: an installed Python package or an executable.

It is asked by a translation that shares no code with z3's (:mod:`verify.provers.to_smt`), in a process of its own that
is ended when its time is up.
"""

import contextlib
import importlib.util
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from constructions.errors import ConstructionError
from constructions.foundations.spelling import one_line

Status = Literal["sat", "unsat", "unknown"]
PACKAGES = {"cvc5": "verify.provers.by_cvc5"}
"""Python packages that can be asked, each with the module that asks it."""
GRACE = 2.0
"""Seconds after its time until a process that does not answer is ended."""
START = 60.0
"""Seconds that a process has to start."""
LONGEST = 200


class SecondSolver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A solver that is asked for a second opinion.

    Parameters
    ----------
    name : as the user names it. version : what it says of itself. command : how it is started.
    serves : whether one process takes question after question (a Python package), or one is started for each.
    seconds : the time for each question.
    """

    name: str
    version: str
    command: tuple[str, ...]
    serves: bool
    seconds: int

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def second_solver(name: str, *, seconds: int) -> SecondSolver:
    """Find a solver by its name.

    Parameters
    ----------
    name : ``cvc5`` (the Python package, or else the executable), or another executable that reads a file in SMT-LIB and
        prints ``sat``, ``unsat`` or ``unknown`` (``z3``, ``yices-smt2``, a path). seconds : the time for each question.

    Raises
    ------
    ConstructionError if there is none of this name, or if it does not start.

    >>> second_solver("no-such-solver", seconds=1)
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need an installed solver (the Python package cvc5, or an executable that \
reads SMT-LIB), got none, at 'no-such-solver'
    """
    if name in PACKAGES and importlib.util.find_spec(name) is not None:
        command: tuple[str, ...] = (sys.executable, "-m", PACKAGES[name])
        found = SecondSolver(name=name, version="", command=command, serves=True, seconds=seconds)
        with asking(found) as session:
            return msgspec.structs.replace(found, version=session.version)
    path = shutil.which(name)
    if path is None:
        kinds = f"the Python package {', '.join(PACKAGES)}, or an executable that reads SMT-LIB"
        raise ConstructionError(f"need an installed solver ({kinds}), got none, at {name!r}")
    version = _version_of(path)
    return SecondSolver(name=Path(name).name, version=version, command=(path,), serves=False, seconds=seconds)


def _version_of(path: str) -> str:
    """The first line that an executable prints of its version; else that it is not known."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        run = subprocess.run([path, "--version"], capture_output=True, timeout=START, check=False)
        lines = run.stdout.decode("utf-8", "replace").splitlines()
        if run.returncode == 0 and lines:
            return one_line(lines[0])[:LONGEST]
    return "of an unknown version"


@dataclass
class Session:
    """A solver while it is asked, and its version as it says itself; the process of a package is started when it is
    needed, and again after it was ended.

    >>> program = "print('0.1', flush=True); input()"  # it says its version, and waits for questions
    >>> command = (sys.executable, "-c", program)
    >>> solver = SecondSolver(name="mine", version="", command=command, serves=True, seconds=1)
    >>> session = Session(solver)
    >>> session.start()
    >>> session.version, session.process is None
    ('0.1', False)
    >>> session.stop()
    >>> session.process is None
    True
    """

    solver: SecondSolver
    process: "subprocess.Popen[bytes] | None" = None
    version: str = ""

    def ask(self, text: str) -> tuple[Status, str]:
        """The answer to a question in SMT-LIB, and why it is unknown if it is."""
        if not self.solver.serves:
            return _asked_of_executable(self.solver, text)
        try:
            self.start()
            data = text.encode("ascii")
            self._send(f"{self.solver.seconds * 1000} {len(data)}\n".encode() + data)
            return _read(self._line(self.solver.seconds + GRACE))
        except (OSError, EOFError) as error:
            self.stop()
            return "unknown", one_line(error) or "its process ended"

    def start(self) -> None:
        """Start the process of a package, unless it runs."""
        if self.process is not None:
            return
        self.process = subprocess.Popen(
            self.solver.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.version = self._line(START)

    def stop(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def _send(self, data: bytes) -> None:
        assert self.process is not None and self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def _line(self, seconds: float) -> str:
        """The next line of the process; an error if it ends or its time is up."""
        assert self.process is not None and self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        if not ready:
            raise TimeoutError("its time was up")
        line = self.process.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError("its process ended")
        return line.decode("ascii", "replace").strip()


@contextmanager
def asking(solver: SecondSolver) -> Iterator[Session]:
    """A solver that can be asked; its process is ended at the end.

    Raises
    ------
    ConstructionError if it does not start.

    >>> lost = SecondSolver(name="lost", version="", command=("no-such-solver",), serves=True, seconds=1)
    >>> with asking(lost) as session:
    ...     session.ask("(check-sat)")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a solver that starts, got '[Errno 2] No such file or directory: \
'no-such-solver'', at 'lost'
    """
    session = Session(solver)
    try:
        _begin(session)
        yield session
    finally:
        session.stop()


def _begin(session: Session) -> None:
    if session.solver.serves:
        try:
            session.start()
        except (OSError, EOFError) as error:
            got = f"'{one_line(error)}', at {session.solver.name!r}"
            raise ConstructionError(f"need a solver that starts, got {got}") from error


def _asked_of_executable(solver: SecondSolver, text: str) -> tuple[Status, str]:
    """Ask an executable, with the question in a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "question.smt2"
        path.write_text(text, encoding="ascii")
        try:
            run = subprocess.run([*solver.command, str(path)], capture_output=True, timeout=solver.seconds, check=False)
        except subprocess.TimeoutExpired:
            return "unknown", "its time was up"
        except OSError as error:
            return "unknown", one_line(error)
    return _read(run.stdout.decode("utf-8", "replace").strip() or f"unknown nothing was said (exit {run.returncode})")


def _read(said: str) -> tuple[Status, str]:
    """An answer from what was printed; what is no answer is unknown, with its words as the reason."""
    answers: dict[str, Status] = {"sat": "sat", "unsat": "unsat"}
    first = said.split("\n")[0].strip()
    if first in answers:
        return answers[first], ""
    return "unknown", one_line(said.removeprefix("unknown"))[:LONGEST] or "no reason was given"
