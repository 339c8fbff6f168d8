"""A place in a file: lines and numbers are taken one after another, and errors name the line."""

import pytest

from constructions.computation.formats.aiger_cursor import Cursor, quoted
from constructions.errors import ConstructionError


def test_lines_are_counted_whatever_they_end_in() -> None:
    cursor = Cursor(b"one\r\ntwo", "data")
    assert (cursor.next_line("a line"), cursor.next_line("a line"), cursor.line) == ("one", "two", 3)
    assert cursor.stops_short and not Cursor(b"one\n", "data").stops_short
    with pytest.raises(ConstructionError, match="need a line, got the end of the file, at line 3 of data"):
        cursor.next_line("a line")


@pytest.mark.parametrize("text", [b"1 2 3", b"1 x", b"-1 2", b"1  2", b"1234567890123 1"])
def test_other_than_so_many_numbers_is_refused_with_its_line(text: bytes) -> None:
    with pytest.raises(ConstructionError, match=r"need a pair, got '.*', at line 1 of data"):
        Cursor(text + b"\n", "data").numbers("a pair", (2,), most=9)


def test_a_number_that_is_too_large_is_refused() -> None:
    assert Cursor(b"9 1\n", "data").numbers("a pair", (2,), most=9) == [9, 1]
    with pytest.raises(ConstructionError, match="a pair, none above 8"):
        Cursor(b"9 1\n", "data").numbers("a pair", (2,), most=8)


def test_a_long_text_is_cut_short() -> None:
    assert len(quoted("x" * 200)) == 80 and quoted(b"a") == "b'a'"
