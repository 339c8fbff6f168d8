"""The option ``--json`` of every command that has it: a file, or ``-`` for standard output, which then gets nothing
else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from verify.arguments.grouped import Command
from verify.screen.files import STDOUT
from verify.screen.printing import console


class FileOrStdout(click.ParamType):  # type: ignore[type-arg]
    """A file to write, or ``-``.

    >>> str(FileOrStdout()("found.json")), FileOrStdout()("-") is STDOUT, FileOrStdout()("./-") is STDOUT
    ('found.json', True, False)
    """

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; what looks like an option is none."""
        text = str(value)
        if text == str(STDOUT):
            return STDOUT
        if text.startswith("-"):
            self.fail(f"need a file or - for standard output, got {text!r}", param, ctx)
        return Path(text)


def json_option(what: str) -> Callable[[Command], Command]:
    """The option, which the command gets as ``json_file``."""
    words = f"{what} (-: to standard output, instead of the text)."
    return click.option("--json", "json_file", type=FileOrStdout(), metavar="FILE", help=words)


def screen_beside(json_file: Path | None) -> Console:
    """Where the text goes: nowhere if standard output gets JSON."""
    return console(quiet=json_file is STDOUT)
