"""A whole command on files in a folder of its own: how it ended, and what is wrong with that.

A command must end with exit code 0, 1, 2 or 3, without a traceback, and on bad input with one line on stderr and
nothing written. What that line must be is in :func:`wrong`.

>>> files, arguments = {"c.bench": b"INPUT(a)\\nOUTPUT(a)\\n"}, ("circuit", "c.bench", "-o", "c.aag")
>>> case = CommandCase(files=files, arguments=arguments, codes=(0,), targets=("c.aag",))
>>> print(described(case))
["circuit", "c.bench", "-o", "c.aag"]
>>> ending = in_process(case)
>>> ending.code, sorted(ending.after), wrong(case, ending)
(0, ['c.aag', 'c.bench'], None)
>>> wrong(case, Ending(code=2, out="", err="need a circuit, got none\\n"))
'exit code 2 for a well-formed file: need a circuit, got none\\n'
>>> with TemporaryDirectory() as name:
...     before = laid_out(case, Path(name), old=True)
...     print(found_in(Path(name)) == before, before["c.aag"])
True b'what stood here before\\n'
"""

import json
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from os import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from verify.commands.main import main as querygrad

LONGEST = 2000
OLD = b"what stood here before\n"
"""What is written where a command would write, to see whether it is still there."""
REMARKS = ("warning: ", "columns ")


@dataclass(frozen=True, kw_only=True)
class CommandCase:
    """Files, the ``arguments`` of a command that gets them, the codes with which it ends if they are well-formed (none
    if they may be anything), and the files that it may write (``targets``); ``kept`` are those that hold the steps
    taken before a run was refused, and ``says`` what a well-formed file makes the command print."""

    files: Mapping[str, bytes]
    arguments: tuple[str, ...]
    codes: tuple[int, ...] = ()
    targets: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a command ended: its exit ``code``, what it printed on standard output (``out``) and on stderr (``err``), and
    the files beside it before and after."""

    code: int
    out: str
    err: str
    before: Mapping[str, bytes] = field(default_factory=dict)
    after: Mapping[str, bytes] = field(default_factory=dict)


def laid_out(case: CommandCase, folder: Path, *, old: bool) -> dict[str, bytes]:
    """Write the files of a case into a folder, and where ``old`` something where the command would write; what lies
    there then."""
    before = {
        **case.files,
        **({name: OLD for name in case.targets if name not in case.files and name != "out.json"} if old else {}),
    }
    for name, data in before.items():
        (folder / name).write_bytes(data)
    return before


def found_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder and of those in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def in_process(case: CommandCase, *, old: bool = False) -> Ending:
    """The command of a case in this process, in a folder of its own, with something ``old`` in the place of what it
    writes."""
    out, err, here, depth = StringIO(), StringIO(), Path.cwd(), sys.getrecursionlimit()
    with TemporaryDirectory() as name, redirect_stdout(out), redirect_stderr(err):
        before = laid_out(case, Path(name), old=old)
        try:
            chdir(name)
            code = querygrad(case.arguments)
        finally:
            chdir(here)
            sys.setrecursionlimit(depth)  # recheck goes deep
        after = found_in(Path(name))
    return Ending(code=code, out=out.getvalue(), err=err.getvalue(), before=before, after=after)


def wrong(case: CommandCase, ending: Ending) -> str | None:
    """What is wrong with how the command of a case ended (``ending``), or None.

    The exit code is one that is documented (that of a well-formed file, if it is one). With exit code 2 the last line
    on stderr says what was needed and what was got; it can be printed, and before it stand only remarks. Nothing is
    written then: no file is new, and those that were there are as before (but ``prove`` reports errors as results).
    With other codes stderr has remarks only (``recheck`` says there why it refuses, or what it leaves open). Parts of
    files are never left behind, and what is written as JSON is JSON.
    """
    code, lines = ending.code, ending.err.splitlines()
    complains = code == 2 or (code == 1 and case.arguments[0] == "recheck")
    if code not in (0, 1, 2, 3) or "Traceback" in ending.out + ending.err:
        return f"exit code {code}: {ending.err[-300:]}"
    if case.codes and code not in case.codes:
        return f"exit code {code} for a well-formed file: {ending.err[-300:]}"
    if case.codes and code != 2 and " ".join(case.says.split()) not in " ".join(ending.out.split()):
        return f"need {case.says!r} for a well-formed file, got {ending.out[:200]!r}"
    fine = not ending.err or (
        ending.err.endswith("\n") and all(line.isprintable() and len(line) < LONGEST for line in lines)
    )
    opened = code == 3 and case.arguments[0] == "recheck" and ending.err.startswith("NOT COMPLETE: ")
    said = [] if opened else lines[: len(lines) - complains]
    last = lines[-1].removeprefix("refused: ") if lines else ""
    last = last.split(": ", 1)[-1] if last.startswith(("not a .qgn file: ", "not a checkpoint: ")) else last
    if not fine or (complains and not last.startswith("need ")):
        return f"exit code {code} with {ending.err[:300]!r} on stderr"
    if any(not line.startswith(REMARKS) and "columns without names; " not in line for line in said):
        return f"exit code {code} with {ending.err[:300]!r} on stderr"
    if code == 2 and ending.out and case.arguments[0] != "circuit":
        return f"exit code 2 with {ending.out[:100]!r} on stdout"
    changed = [name for name in {**ending.before, **ending.after} if ending.before.get(name) != ending.after.get(name)]
    reports = case.targets if case.arguments[0] == "prove" else ()  # a row with an error is a result, too
    if code == 2 and set(changed) - {*case.kept, *reports}:
        return f"exit code 2, and {changed} written"
    left = [name for name in changed if name not in (*case.targets, *case.kept)]
    if left:
        return f"left behind: {left}"
    unread = [
        name for name in changed if name.endswith((".json", ".cert")) and not is_json(ending.after.get(name, b""))
    ]
    return f"no JSON: {unread}" if unread else None


def is_json(data: bytes) -> bool:
    """Whether a file is JSON that every reader takes alike.

    >>> is_json(b"[1]"), is_json(b"[NaN]"), is_json(b"[1")
    (True, False, False)
    """

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        json.loads(data, parse_constant=refuse)
    except ValueError:
        return False
    return True


def described(case: CommandCase) -> str:
    """The command in one line, for a report."""
    return json.dumps(list(case.arguments), ensure_ascii=True)
