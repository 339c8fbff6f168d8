"""Files that are written whole or not at all, and standard output in the place of one."""

from pathlib import Path
from typing import Any

from constructions.errors import ConstructionError
from constructions.foundations.files import write_bytes
from constructions.foundations.spelling import json_text
from verify.screen.printing import say

STDOUT = Path("-")
"""Standard output; this object itself, so that a file of that name is none."""


def write_text(path: Path | str, text: str) -> None:
    """Write a file in UTF-8 through a temporary one beside it, so that no reader sees half of it; ``STDOUT`` is
    standard output."""
    if path is STDOUT:
        say(*text.removesuffix("\n").split("\n"))
        return
    write_bytes(path, text.encode())


def write_json_text(path: Path | str, value: Any, **options: Any) -> None:
    """Write JSON as :func:`write_text` does; in ASCII to standard output, whose encoding may have nothing else."""
    write_text(path, json_text(value, ascii=path is STDOUT, **options) + "\n")


def check_writable(path: Path | str) -> None:
    """Refuse, before any work is done, a file that cannot be written."""
    if path is STDOUT:
        return
    target = Path(path)
    if target.is_dir():
        raise ConstructionError(f"need a file to write, got a folder, at {target}")
    if not target.parent.is_dir():
        raise ConstructionError(f"need a file in an existing folder, got none, at {target.parent}")
