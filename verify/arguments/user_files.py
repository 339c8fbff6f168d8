"""Python files of a user's own that a command runs: each is read once and run once, and its digest is of the bytes
that ran."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from verify.obligations.catalogue import paper_obligations
from verify.obligations.obligation import Registry, fresh_registry
from verify.obligations.user_file import hand_back, load_file

NAMED = re.compile(r"(.*\.py)(?::([^\W\d]\w*)?)?", flags=re.S | re.I)


def is_python(text: str) -> bool:
    """Whether an argument is FILE.py or FILE.py:NAME.

    >>> [is_python(text) for text in ("mine.py", "mine.py:rows", "my.py.d/rows.csv", "b.py:c.csv", "a.py.npy")]
    [True, True, False, False, False]
    """
    return NAMED.fullmatch(text) is not None


def parts_of(text: str, default: str = "") -> tuple[Path, str]:
    """The file and the name of FILE.py:NAME; without a name, the ``default``.

    Raises
    ------
    ConstructionError
        For a text that is neither FILE.py nor FILE.py:NAME.

    >>> parts_of("mine.py:rows"), parts_of("mine.py", "data")
    ((PosixPath('mine.py'), 'rows'), (PosixPath('mine.py'), 'data'))
    """
    match = NAMED.fullmatch(text)
    if match is None:
        raise ConstructionError(f"need FILE.py or FILE.py:NAME, got {text!r}")
    return Path(match[1]), match[2] or default


@dataclass(frozen=True, slots=True)
class Ran:
    """A file that was run: its module, and the bytes that were run."""

    module: ModuleType
    data: bytes


@dataclass(frozen=True, slots=True)
class UserFiles:
    """The user's files of one command; what two arguments name is read and run once.

    >>> from tempfile import TemporaryDirectory
    >>> files = UserFiles()
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "mine.py")
    ...     _ = file.write_text("rows = [((0, 1), 1)]")
    ...     files.value(file, "rows"), files.ran(file).data, files.digest(file) == sha256_of(files.ran(file).data)
    ([((0, 1), 1)], b'rows = [((0, 1), 1)]', True)
    """

    known: dict[Path, Ran] = field(default_factory=dict)

    def ran(self, path: Path) -> Ran:
        """Read and run a file, unless that was done before.

        Raises
        ------
        ConstructionError
            For a file that cannot be read or does not run, naming the line.
        """
        key = path.resolve()
        if key not in self.known:
            data = _read(path)
            if b"claims" in data:  # the file may import from the paper's, and must not register them as its own
                paper_obligations()
            found = Registry()
            try:
                with fresh_registry() as found:
                    module = load_file(path, data)
            finally:  # also if the file fails: what it has imported is not executed again
                hand_back(found)
            self.known[key] = Ran(module, data)
        return self.known[key]

    def value(self, path: Path, name: str) -> Any:
        """What a name stands for in the file at a path.

        Raises
        ------
        ConstructionError
            If the file cannot be run, or has no such name.
        """
        module = self.ran(path).module
        if not hasattr(module, name):
            raise ConstructionError(f"need a name defined in the file, got {name!r} (FILE.py:NAME), at {path}")
        return getattr(module, name)

    def digest(self, path: Path) -> str:
        """SHA-256 of the bytes of a file that were run."""
        return sha256_of(self.ran(path).data)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise ConstructionError(f"need a Python file, got {'a folder' if path.is_dir() else 'nothing'}, at {path}")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {path}") from error
