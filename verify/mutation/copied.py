"""A copy of the tree, in which a mutant stands in the place of the real file; the tree itself is never touched.

Programs run in the copy, each in a session of its own, so that all its processes can be ended together.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from constructions.foundations.files import ROOT
from verify.mutation.target import Target

LATER = 10
"""Seconds by which the time of a changed file is moved, so that Python never takes it for the one it has compiled."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A program that is over: its exit ``code``, None if its time was up; what it wrote to standard output (``out``)
    and to standard error (``err``)."""

    code: int | None
    out: str
    err: str


@dataclass(slots=True)
class Copy:
    """A copy of the parts of a target, in a folder.

    Parameters
    ----------
    target : what is copied. place : the folder. running : the program that runs there now. ended : whether it begins
        no other.

    >>> copy = Copy(target=None, place=Path("no such folder"))
    >>> copy.stop()
    >>> copy.run(["-c", "print(1)"], limit=1).code is None  # nothing is begun any more
    True
    """

    target: Target
    place: Path
    running: list[subprocess.Popen[str]] = field(default_factory=list)
    ended: bool = False

    @property
    def file(self) -> Path:
        """The copy of the file that is changed."""
        return self.place / self.target.file

    @contextlib.contextmanager
    def with_text(self, text: str) -> Iterator[None]:
        """While inside, the file has another text."""
        before, times = self.file.read_bytes(), self.file.stat()
        self.file.write_text(text, encoding="utf-8")
        os.utime(self.file, (times.st_atime, times.st_mtime + LATER))
        try:
            yield
        finally:
            self.file.write_bytes(before)
            os.utime(self.file, ns=(times.st_atime_ns, times.st_mtime_ns))

    @property
    def surroundings(self) -> dict[str, str]:
        """The variables of a program: modules come from the copy, nothing is kept outside it."""
        own = [self.place, *((self.file.parent, ROOT) if self.target.user_file else ())]
        left_out = ("PYTHONPATH", "QUERYGRAD_", "PYTEST_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        return kept | {
            "PYTHONPATH": os.pathsep.join(map(str, own)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "QUERYGRAD_CACHE": str(self.place.parent / "cache"),
        }

    def run(self, arguments: Sequence[str], *, given: str = "", limit: float) -> Ended:
        """Run Python in the copy.

        Parameters
        ----------
        arguments : what stands behind the name of the program. given : its standard input.
        limit : seconds after which it is ended.
        """
        if self.ended:
            return Ended(None, "", "")
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.place,
            env=self.surroundings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.running.append(process)
        try:
            out, err = process.communicate(given, timeout=limit)
            return Ended(process.returncode, out, err)
        except subprocess.TimeoutExpired:
            _end(process)
            out, err = process.communicate()
            return Ended(None, out, err)
        finally:
            _end(process)
            self.running.remove(process)

    def stop(self) -> None:
        """End what runs here, and begin nothing more."""
        self.ended = True
        for process in list(self.running):
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """End a program and all processes of its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def copies(target: Target, count: int) -> Iterator[list[Copy]]:
    """So many (``count``) copies of the parts of a target; they are gone at the end, and what runs in them is ended.

    >>> from verify.mutation.target import target_of
    >>> with copies(target_of("Equation (3)"), 1) as (copy,):
    ...     with copy.with_text("x = 1"):
    ...         copy.run(["-c", "from constructions.foundations.rounding import x; print(x)"], limit=60).out
    '1\\n'
    """
    with tempfile.TemporaryDirectory(prefix="querygrad-mutants-", ignore_cleanup_errors=True) as folder:
        found = [Copy(target, _copied(target, Path(folder, str(i), "tree"))) for i in range(count)]
        try:
            yield found
        finally:
            for copy in found:
                copy.stop()


def _copied(target: Target, place: Path) -> Path:
    for part in target.parts:
        source, goal = target.root / part, place / part
        goal.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, goal)
        else:
            shutil.copy2(source, goal)
    (place.parent / "cache").mkdir(parents=True, exist_ok=True)
    return place
