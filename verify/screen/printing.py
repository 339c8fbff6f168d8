"""What the commands print: printable, whatever is in it, and never more than the encoding of the stream can say.

Nothing else here writes to stdout or stderr. Plain lines go through :func:`say`; tables and styles through
:func:`console`, for which a text is a text: no markup, no emoji codes, no highlighting. So a file, a vertex or an
obligation may be called as it likes.
"""

import io
import logging
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

import click
from rich.box import Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from constructions.foundations.spelling import printable

PLAIN_WIDTH = 160


def prepare() -> None:
    """Make the streams of this process take every character (one that their encoding lacks as its escape), and the
    libraries silent.

    >>> from contextlib import redirect_stdout
    >>> narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    >>> with redirect_stdout(narrow):
    ...     prepare()
    ...     say("rho ≤ 1/8")
    >>> narrow.buffer.getvalue()
    b'rho \\\\u2264 1/8\\n'
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    logging.getLogger("matplotlib").setLevel(logging.ERROR)


def say(*lines: str, err: bool = False) -> None:
    """Print lines; a line break within one is shown, not made.

    >>> say("two lines", "a name with\\na line break")
    two lines
    a name with\\na line break
    """
    for line in lines:
        click.echo(printable(line), file=sys.stderr if err else sys.stdout)


def say_error() -> None:
    """Print the traceback of the exception at hand.

    >>> from contextlib import redirect_stderr
    >>> with redirect_stderr(io.StringIO()) as said:
    ...     try:
    ...         1 // 0
    ...     except ZeroDivisionError:
    ...         say_error()
    >>> said.getvalue().splitlines()[-1]
    'ZeroDivisionError: integer division or modulo by zero'
    """
    say(*traceback.format_exc().rstrip("\n").split("\n"), err=True)


class PlainConsole(Console):
    """A console that takes texts as they are and lets the caller see a closed pipe; rich would leave with 1, which
    means something else."""

    def on_broken_pipe(self) -> None:
        """Raise instead of leaving."""
        raise BrokenPipeError

    def render_str(self, text: str, **options: Any) -> Text:
        """Every text that is printed comes through here; what the encoding lacks is an escape before it is placed."""
        said = printable(text).encode(self.encoding, "backslashreplace").decode(self.encoding)
        return super().render_str(said, **options)


def console(*, stderr: bool = False, file: IO[str] | None = None, quiet: bool = False) -> Console:
    """A console for standard output, for ``stderr``, or for a file; wide where nobody looks at it (a pipe, a file), so
    that ids stay whole; a quiet one prints nothing.

    >>> from rich.table import Table
    >>> out = io.StringIO()
    >>> console(file=out).print("[red]:smile:\\x1b[0m")
    >>> print(out.getvalue(), end="")
    [red]:smile:\\x1b[0m
    """
    settings: dict[str, Any] = {
        "stderr": stderr,
        "file": file,
        "quiet": quiet,
        "highlight": False,
        "markup": False,
        "emoji": False,
    }
    found = PlainConsole(**settings)
    return found if found.is_terminal else PlainConsole(width=PLAIN_WIDTH, **settings)


def styled(text: str, style: str) -> Text:
    """A text in a style, for a cell or a line.

    >>> cell = styled("PROVED", "green")
    >>> cell.plain, cell.style
    ('PROVED', 'green')
    """
    return Text(printable(text), style=style)


def joined(*parts: str | Text) -> Text:
    """Texts and styled texts one after another in one line.

    >>> joined(styled("REFUTED", "red"), " lemma11.idle").markup
    '[red]REFUTED[/red] lemma11.idle'
    """
    return Text("").join(part if isinstance(part, Text) else Text(printable(part)) for part in parts)


def stacked(lines: Sequence[str | Text]) -> Text:
    """Several lines for one cell.

    >>> stacked([styled("z3", "bold"), "0.2 s"]).markup
    '[bold]z3[/bold]\\n0.2 s'
    """
    return Text("\n").join(map(joined, lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStyle:
    """How a table looks: without lines, and with a header, unless something else is said.

    Parameters
    ----------
    title : a line above it. box : the lines, as rich has them. show_lines : a line after each row.
    show_header : whether the names of the columns are shown. pad_edge : room at both sides.
    collapse_padding : one blank between two columns instead of two.
    """

    title: str | None = None
    box: Box | None = None
    show_lines: bool = False
    show_header: bool = True
    pad_edge: bool = False
    collapse_padding: bool = False


def plain_table(*columns: str, right: tuple[str, ...] = (), style: TableStyle = TableStyle()) -> Table:
    """A table whose texts are broken where they are too long, never cut, in a ``style``; the columns in ``right`` are
    flush right.

    >>> table = plain_table("id", "seconds", right=("seconds",))
    >>> table.add_row("lemma11.idle.strong", "0.25")
    >>> table.add_row("sigma.figure", "12.50")
    >>> console().print(table)
    id                   seconds
    lemma11.idle.strong     0.25
    sigma.figure           12.50
    """
    found = Table(
        title=style.title,
        title_justify="left" if style.title is not None else "center",
        box=style.box,
        show_lines=style.show_lines,
        show_header=style.show_header,
        pad_edge=style.pad_edge,
        collapse_padding=style.collapse_padding,
        header_style="bold",
    )
    for name in columns:
        found.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return found
