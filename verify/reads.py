"""Which files a process has read: a user's claim may rest on any of them, so a kept result holds only while they are the same."""
import hashlib
import importlib.util
import os
import sys
import sysconfig
from pathlib import Path
from typing import Any

INSTALLED = [str(Path(sysconfig.get_path(name)).resolve()) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")]
INSTALLED += [str(Path(__file__).resolve().parent.parent / package) + os.sep for package in ("constructions", "verify")]
APART = (*INSTALLED, "/dev/", "/proc/", "/sys/")
_SEEN: dict[str, None] = {}


def watch() -> None:
    """Note every file that this process opens from here on to read it."""
    if not _SEEN:
        _SEEN[""] = None
        sys.addaudithook(_note)


def reads() -> tuple[tuple[str, str], ...]:
    """The files read so far, apart from those of Python, of installed packages and of this project, with digests."""
    return tuple((path, digest) for path in sorted(_SEEN) if path and (digest := digest_of(path)))


def digest_of(path: str) -> str:
    """A digest of a file's content; empty if it cannot be read."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or not isinstance(arguments[0], str | bytes | os.PathLike):
        return
    mode, flags = arguments[1], arguments[2]
    writes = isinstance(mode, str) and not mode.startswith("r") if mode else bool(flags & (os.O_WRONLY | os.O_CREAT))
    if writes:
        return
    path = os.path.realpath(os.fsdecode(arguments[0]))
    if path.endswith(".pyc"):
        try:
            path = importlib.util.source_from_cache(path)
        except ValueError:
            return
    if not path.startswith(APART):
        _SEEN[path] = None
