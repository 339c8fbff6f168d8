"""What a process opens, and what it does to the world besides, while a user's claim is stated.

Python tells of each file that is opened, also of one that is not there. Such a file is noted under the name by which
it was asked for, with a digest of what the name led to at that moment, so that another working directory or a link
that points elsewhere is noticed later. What cannot be noted so (a folder that is listed, a file that is written, a
process, the network) is put down as a reason not to keep the result. What Python does not tell of is looked for in
the file itself (:mod:`verify.obligations.watchable`).
"""

import os
import random
import stat
import sys
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from constructions.foundations.files import sha256_of
from constructions.foundations.loading import UNDER_WAY
from verify.obligations.sources import INSTALLED

ABSENT, FOLDER = "absent", "a folder"
CODE = (".py", ".pyc", ".so", ".pyd", ".dll", ".dylib", ".nbi", ".nbc")
IMPORTING = "<frozen importlib"
CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
EVENTS = {
    "os.listdir": "lists a folder",
    "os.scandir": "lists a folder",
    "glob.": "lists a folder",
    "pathlib.Path.": "lists a folder",
    "os.walk": "lists a folder",
    "os.fwalk": "lists a folder",
    "os.chdir": "changes the working directory",
    "os.": "does more to files and processes than read files",
    "subprocess.": "starts a process",
    "pty.": "starts a process",
    "shutil.": "changes files",
    "tempfile.": "changes files",
    "sqlite3.": "uses a database",
    "mmap.": "uses shared memory",
    "socket.": "uses the network",
    "urllib.": "uses the network",
    "http.": "uses the network",
    "ftplib.": "uses the network",
    "smtplib.": "uses the network",
    "fcntl.": "locks files",
    "time.sleep": "uses the clock",
    "builtins.input": "asks the user",
}
"""Beginnings of the names of Python's audit events (the first that fits counts); what a claim does that raises one."""


class FileRead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that was opened: the name by which it was asked for, and a digest of what the name led to (or the word
    ``absent``, or ``a folder``)."""

    name: str
    digest: str


@dataclass
class Watch:
    """What one user's file has opened and done in this process so far.

    >>> watch = Watch()
    >>> watch.does("socket.connect", ())
    >>> watch.note("compile", ())  # an event that does nothing to the world
    >>> watch.unwatchable()
    'uses the network'
    """

    seen: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    reasons: dict[str, None] = field(default_factory=dict)
    busy: bool = False  # a look at the frames is an event too

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit event, with its arguments; never raises, for what is raised here is raised in the claim."""
        if self.busy or UNDER_WAY or not event.startswith(("open", *EVENTS)):
            return
        self.busy = True
        try:
            if sys._getframe(2).f_code.co_filename.startswith(IMPORTING):
                return
            if event == "open":
                self.opened(*arguments[:3])
            else:
                self.does(event, arguments)
        except (OSError, ValueError):
            pass
        finally:
            self.busy = False

    def opened(self, path: Any, mode: str | None, flags: int) -> None:
        """A file is about to be opened."""
        if not isinstance(path, str | bytes | os.PathLike):
            self.reasons["opens a file by its number"] = None
            return
        name = os.fsdecode(path)
        if _is_code(name) or os.path.realpath(name) == os.devnull:
            return
        if any(letter in mode for letter in "wax+") if isinstance(mode, str) else flags & CHANGES:
            self.reasons[f"writes to the file {name}"] = None
            return
        found, signature = _state(name)
        if not found:
            self.reasons[f"reads {name}, which is no ordinary file"] = None
        elif name not in self.seen:
            self.seen[name] = (digest_of(name), signature)
        elif self.seen[name][1] != signature and self.seen[name][0] != digest_of(name):
            self.reasons[f"reads {name}, which changed meanwhile"] = None

    def does(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Something else than opening a file: an audit event with its arguments."""
        places = [os.fsdecode(path) for path in arguments if isinstance(path, str | bytes | os.PathLike)]
        if not (places and _is_ours(places[0])):
            doing = next(words for start, words in EVENTS.items() if event.startswith(start))
            self.reasons[f"{doing}{f' ({places[0]})' if places else ''}"] = None

    def reads(self) -> tuple[FileRead, ...]:
        """The files that were opened, as they were asked for, with digests; code that is installed is left out."""
        return tuple(FileRead(name, digest) for name, (digest, _) in sorted(self.seen.items()))

    def unwatchable(self) -> str:
        """What was done that cannot be watched, in words; empty if nothing was."""
        changed = (
            f"reads {name}, which changed meanwhile"
            for name, (digest, _) in self.seen.items()
            if digest_of(name) != digest
        )
        return next(iter((*self.reasons, *changed)), "")


_OF_FILE: dict[Hashable, Watch] = {}
_ACTIVE: list[Watch] = []
_HOOKED: list[bool] = []


@contextmanager
def watching(file: Hashable) -> Iterator[Watch]:
    """Note what this process opens and does while inside, and what it did when it was inside for the same file before.

    For a claim may rest on what an earlier one of its file has read.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     rows = Path(folder, "rows.csv")
    ...     _ = rows.write_text("1,0")
    ...     with watching("mine.py") as watch:
    ...         _ = rows.read_text()
    ...     [read.digest == digest_of(str(rows)) for read in watch.reads()], watch.unwatchable()
    ([True], '')
    """
    if not _HOOKED:
        _HOOKED.append(True)
        sys.addaudithook(_note)
    watch = _OF_FILE.setdefault(file, Watch())
    before = random.getstate()
    _ACTIVE.append(watch)
    try:
        yield watch
    finally:
        _ACTIVE.pop()
        if random.getstate() != before:
            watch.reasons["draws random numbers"] = None


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _ACTIVE:
        _ACTIVE[-1].note(event, arguments)


def digest_of(path: str) -> str:
    """A digest of the file that a name leads to now, or in words that it is a folder, absent, or cannot be read.

    >>> digest_of("no such file")
    'absent'
    """
    try:
        return sha256_of(Path(path).read_bytes())
    except FileNotFoundError:
        return ABSENT
    except IsADirectoryError:
        return FOLDER
    except (OSError, ValueError) as error:
        return f"not to be read ({getattr(error, 'strerror', None) or 'no name of a file'})"


def _state(name: str) -> tuple[bool, tuple[int, ...]]:
    """Whether a name leads to an ordinary file, to a folder or to nothing; and what changes when its content does."""
    try:
        found = os.stat(name)  # noqa: PTH116
    except OSError:
        return True, ()
    ordinary = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    outside = os.path.realpath(name).startswith(("/proc/", "/sys/"))
    return ordinary and not outside, (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _is_ours(name: str) -> bool:
    """Whether a name leads into Python, an installed package or this project."""
    return (os.path.realpath(name) + os.sep).startswith(INSTALLED)


def _is_code(name: str) -> bool:
    """Whether a file is code of Python, of an installed package or of this project."""
    place = os.path.realpath(name)
    return place.startswith(INSTALLED) and (place.endswith(CODE) or f"{os.sep}__pycache__" in place)
