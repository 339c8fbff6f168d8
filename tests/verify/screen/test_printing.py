"""What is printed: every text as it is, every line printable, whatever the encoding of the stream."""

import io
import sys

import pytest
from rich.box import HEAVY_HEAD

from verify.screen.printing import (
    PLAIN_WIDTH,
    TableStyle,
    console,
    joined,
    plain_table,
    prepare,
    say,
    say_error,
    stacked,
    styled,
)

BAD = "[red]a[/] :smile: \x1b[31m\n\u202e\udce9"
SHOWN = "[red]a[/] :smile: \\x1b[31m\\n\\u202e\\udce9"


def printed(*things: object, encoding: str = "utf-8") -> str:
    """What a console writes to a file."""
    kept = io.BytesIO()
    stream = io.TextIOWrapper(kept, encoding=encoding, errors="backslashreplace", newline="")
    for thing in things:
        console(file=stream).print(thing)
    stream.flush()
    return kept.getvalue().decode(encoding)


def test_lines_are_said_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    say(BAD, "two")
    say("three", err=True)
    assert capsys.readouterr() == (f"{SHOWN}\ntwo\n", "three\n")


def test_a_console_takes_texts_as_they_are() -> None:
    table = plain_table(BAD, "n", right=("n",), style=TableStyle(title=BAD))
    table.add_row(BAD, styled(BAD, "red"))
    table.add_row(stacked([BAD, BAD]), joined(BAD, styled(BAD, "red")))
    assert printed(BAD) == f"{SHOWN}\n"
    assert printed(table).count(SHOWN) == 8


def test_nothing_of_a_long_text_in_a_table_is_lost() -> None:
    table = plain_table("name", "verdict")
    table.add_row("x" * 1000, "PROVED")
    found = printed(table)
    assert (found.count("x"), found.count("PROVED")) == (1000, 1) and max(map(len, found.split("\n"))) <= PLAIN_WIDTH


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_stream_that_lacks_a_character_gets_its_escape_and_no_lines_of_boxes(encoding: str) -> None:
    table = plain_table("a", style=TableStyle(box=HEAVY_HEAD, pad_edge=True))
    table.add_row("\u05d0")
    assert printed(table, encoding=encoding) == "+--------+\n| a      |\n|--------|\n| \\u05d0 |\n+--------+\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_prepared_streams_take_everything(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict"))
    prepare()
    sys.stdout.write("\u05d0\udce9")
    sys.stderr.write("\u05d0\udce9")


def test_a_traceback_is_printed_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(BAD)
    except ValueError:
        say_error()
    lines = capsys.readouterr().err.split("\n")
    assert lines[0] == "Traceback (most recent call last):" and all(line.isprintable() for line in lines)
