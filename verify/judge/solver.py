"""The reviewer's solver: any program that reads a file in SMT-LIB and prints ``sat``, ``unsat`` or ``unknown``.

It is started once for each question, and ended when its time is up. Where ``cvc5`` is a package of Python and no
program, a small program beside this one asks it.

>>> solver = Solver.named("sh -c 'echo unsat'", seconds=5)
>>> solver.ask("(check-sat)"), solver.ask("(check-sat)"), solver.asked
('unsat', 'unsat', 1)
"""

import importlib.util
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verify.judge.reading import MalformedError

ADAPTOR = Path(__file__).with_name("ask_cvc5.py")
ANSWERS = ("sat", "unsat", "unknown")
GRACE = 5


@dataclass
class Solver:
    """A solver that answers questions.

    Parameters
    ----------
    command : how it is started; the name of a file with the question is put behind. version : what it says of itself.
    seconds : the time for each question. then : who is asked where this one does not know. answers : what was asked
        before, with the answers.

    >>> first = Solver.in_turn(["sh -c 'echo unknown'", "sh -c 'echo unsat'"], seconds=5)
    >>> first.ask("(check-sat)"), first.then.asked
    ('unsat', 1)
    """

    command: tuple[str, ...]
    version: str
    seconds: int
    then: "Solver | None" = None
    answers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def named(cls, name: str, *, seconds: int) -> "Solver":
        """The solver of a name, a path or a command line, with so many seconds for each question.

        Raises
        ------
        MalformedError
            If there is no such program.
        """
        words = shlex.split(name)
        first = shutil.which(words[0]) or shutil.which(str(Path(sys.executable).with_name(words[0]))) if words else None
        if first is not None:
            return cls((first, *words[1:]), version_of([first]), seconds)
        if words == ["cvc5"] and importlib.util.find_spec("cvc5") is not None:
            command = (sys.executable, str(ADAPTOR))
            return cls(command, version_of(command), seconds)
        raise MalformedError(f"need a program that reads SMT-LIB, got none, at the solver {name!a}")

    @classmethod
    def in_turn(cls, names: Sequence[str], *, seconds: int) -> "Solver":
        """Solvers by their names, of which each is asked what those before it do not know, in so many seconds. Raises
        MalformedError if one is none."""
        first, *rest = (cls.named(name, seconds=seconds) for name in names)
        last = first
        for solver in rest:
            last.then = last = solver
        return first

    def __str__(self) -> str:
        options = f" {' '.join(self.command[1:])}" if len(self.command) > 1 else ""
        return f"{self.version}{options}{f'; then {self.then}' if self.then else ''}"

    @property
    def asked(self) -> int:
        """How many different questions it was asked."""
        return len(self.answers)

    def ask(self, text: str) -> str:
        """The answer to a question; ``unknown`` if there is none in time."""
        if text not in self.answers:
            found = self._answer(text)
            self.answers[text] = self.then.ask(text) if found == "unknown" and self.then is not None else found
        return self.answers[text]

    def _answer(self, text: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "question.smt2"
            path.write_text(text, encoding="ascii")
            try:
                run = subprocess.run(
                    [*self.command, str(path)], capture_output=True, timeout=self.seconds + GRACE, check=False
                )
            except (OSError, subprocess.TimeoutExpired):
                return "unknown"
        words = run.stdout.decode("utf-8", "replace").split()
        return words[0] if words and words[0] in ANSWERS and b"error" not in run.stdout else "unknown"


def version_of(command: "list[str] | tuple[str, ...]") -> str:
    """The first line that a program prints of its version, on plain characters.

    >>> version_of(["no such program"])
    'no such program, of an unknown version'
    """
    try:
        run = subprocess.run([*command, "--version"], capture_output=True, timeout=60, check=False)
        lines = run.stdout.decode("utf-8", "replace").splitlines()
    except (OSError, subprocess.TimeoutExpired):
        lines = []
    name = Path(command[-1]).stem
    return ascii(lines[0])[1:200].rstrip("'\"") if lines and run.returncode == 0 else f"{name}, of an unknown version"
