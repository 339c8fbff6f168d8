"""Files that are written whole or not at all, folders in which files can be kept, and the digest of bytes."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from constructions.errors import ConstructionError

ROOT = Path(__file__).resolve().parents[2]
"""The folder of the project, in which the packages lie (and, in a checkout, tests, examples and notes)."""


def sha256_of(*parts: bytes | bytearray | memoryview) -> str:
    """The SHA-256 of some bytes, one part after another, in hexadecimal; the only digest of the project.

    >>> sha256_of(b"query", b"grad") == sha256_of(b"querygrad"), sha256_of(b"")[:8]
    (True, 'e3b0c442')
    """
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()


def fault_of_folder(folder: Path) -> str:
    """Why no file can be kept in a folder, which is made if it is not there; empty if one can.

    >>> fault_of_folder(Path(__file__) / "below")
    'Not a directory'
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def write_bytes(path: Path | str, data: bytes) -> None:
    """Write ``data`` to the file at a path, through a temporary one beside it, so that no reader ever sees half of
    it. A link stays one, and a device or a pipe, which a file must not take the place of, is written to.

    Raises
    ------
    ConstructionError
        If the file cannot be written; what was there before is still there.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_bytes(Path(folder) / "note", b"whole")
    ...     [(path.name, path.read_bytes()) for path in Path(folder).iterdir()]
    [('note', b'whole')]
    """
    target, temporary = Path(path), None
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        whole = Path(os.path.realpath(target))
        handle, name = tempfile.mkstemp(dir=whole.parent, prefix=".querygrad.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(whole)
    except OSError as error:
        raise ConstructionError(
            f"need a file that can be written, got {error.strerror or error}, at {target}"
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


@contextmanager
def reading(path: Path, program: str) -> Iterator[None]:
    """While something is made of a file at a ``path`` that a ``program`` has written, what goes wrong is an error in
    one line.

    Raises
    ------
    ConstructionError
        For a file that cannot be read, or holds something else.

    >>> with reading(Path("runs.json"), "querygrad theorem"):
    ...     {}["runs"]
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a file that querygrad theorem has written, got KeyError, at runs.json
    """
    try:
        yield
    except ConstructionError:
        raise
    except OSError as error:
        raise ConstructionError(f"need a file that can be read, got {error.strerror}, at {path}") from error
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError, RecursionError) as error:
        raise ConstructionError(
            f"need a file that {program} has written, got {type(error).__name__}, at {path}"
        ) from error
