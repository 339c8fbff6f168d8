"""Files that are written whole or not at all, and standard output in the place of one."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.files import write_bytes
from constructions.foundations.spelling import json_text
from verify.screen.printing import say

STDOUT = Path("-")
"""Standard output; this object itself, so that a file of that name is none."""


def write_text(path: Path | str, text: str) -> None:
    """Write a text in UTF-8 to the file at a path through a temporary one beside it, so that no reader sees half of it;
    ``STDOUT`` is standard output.

    Raises
    ------
    ConstructionError
        If the file cannot be written.

    >>> write_text(STDOUT, "PROVED\\nREFUTED\\n")
    PROVED
    REFUTED
    """
    if path is STDOUT:
        say(*text.removesuffix("\n").split("\n"))
        return
    write_bytes(path, text.encode())


def write_json_text(path: Path | str, value: Any, *, indent: int | None = None, sort_keys: bool = False) -> None:
    """Write JSON as :func:`write_text` does; in ASCII to standard output, whose encoding may have nothing else.

    Parameters
    ----------
    path : the file, or :data:`STDOUT`. value : what is written.
    indent, sort_keys : as for ``json.dumps``.

    Raises
    ------
    ConstructionError
        If it cannot be written.

    >>> write_json_text(STDOUT, {"verdict": "PROVED", "rho": "≤ 1/8"}, sort_keys=True)
    {"rho": "\\u2264 1/8", "verdict": "PROVED"}
    """
    write_text(path, json_text(value, ascii=path is STDOUT, indent=indent, sort_keys=sort_keys) + "\n")


def check_writable(*paths: Path | str | None, endings: Sequence[str] = ()) -> None:
    """Refuse, before any work is done, a file that cannot be written; every command checks its files here.

    Parameters
    ----------
    paths : the files; None is one that was not asked for, :data:`STDOUT` can always be written.
    endings : what each file's name must end in (in small or capital letters), if anything.

    Raises
    ------
    ConstructionError
        For a folder, a file in a folder that is not there, a name with another ending, and one file named twice.

    >>> check_writable("net.qgn", None, endings=(".qgn",))
    >>> check_writable("found.json", "./found.json")
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need different files to write, got one twice, at found.json
    >>> check_writable("net.json", endings=(".qgn",))
    Traceback (most recent call last):
        ...
    constructions.errors.ConstructionError: need a file that ends in .qgn, got 'net.json'
    """
    seen: set[str] = set()
    for path in paths:
        if path is None or path is STDOUT:
            continue
        target = Path(path)
        place = os.path.realpath(target)
        if place in seen:
            raise ConstructionError(f"need different files to write, got one twice, at {target}")
        seen.add(place)
        if target.is_dir():
            raise ConstructionError(f"need a file to write, got a folder, at {target}")
        if not target.parent.is_dir():
            raise ConstructionError(f"need a file in an existing folder, got none, at {target.parent}")
        if endings and target.suffix.lower() not in endings:
            raise ConstructionError(f"need a file that ends in {' or '.join(endings)}, got {target.name!r}")
