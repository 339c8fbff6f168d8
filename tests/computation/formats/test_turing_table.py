"""Text tables of Turing machines: read, written and read again they are the same, and bad ones get one clear line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.drawn_machines import drawn_machine
from constructions.computation.formats.turing_table import read_table, write_table
from constructions.errors import ConstructionError

HEAD = "blank: _\ninput: 0 1\nstart: go\naccept: yes\n"
ROW = "go 0 -> go 1 R\n"


@given(st.integers(0, 500))
def test_a_table_is_read_as_it_was_written(seed: int) -> None:
    machine = drawn_machine(seed, states=1 + seed % 5, symbols=2 + seed % 4, rows=1 + seed % 11)
    text = write_table(machine, remark="drawn\ntwice")
    again = read_table(text, where="drawn.tm")
    assert again.table == machine.table
    assert write_table(again, remark="drawn\ntwice") == text
    assert (again.symbols, again.inputs, again.accept, again.reject) == (
        machine.symbols,
        machine.inputs,
        machine.accept,
        machine.reject,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "need the headings blank, input, start and accept, got no 'blank', at bad.tm"),
        (HEAD, "need a machine with at least one transition, got none, at bad.tm"),
        (
            "P2 1 1 1\n",
            "need 'STATE SYMBOL -> STATE SYMBOL MOVE' or a heading (blank, input, tape, start, accept, reject, states)",
        ),
        (HEAD + "go 0 -> go 1\n", "need 'STATE SYMBOL -> STATE SYMBOL MOVE', got 'go 0 -> go 1', at line 5 of bad.tm"),
        (HEAD + ROW + ROW, "need one row for 'go' and '0', got a second, at line 6 of bad.tm"),
        (HEAD + "go 00 -> go 1 R\n", "need a symbol of one printable character, got '00', at line 5 of bad.tm"),
        (
            HEAD + "go 2 -> go 1 R\n",
            "need a symbol among '_', '0', '1', got '2', at the row of 'go' and '2', at bad.tm",
        ),
        (HEAD + "go 0 -> on 1 R\n", "need a state among 'go', 'yes', got 'on', at the row of 'go' and '0', at bad.tm"),
        (HEAD + "go 0 -> go 1 S\n", "need a move among L, N, R, got 'S', at line 5 of bad.tm"),
        (
            HEAD + ROW + "reject: no\n",
            "need headings before the first row, got 'reject' behind it, at line 6 of bad.tm",
        ),
        (HEAD + "start: a\n" + ROW, "need the heading 'start' once, got it twice, at line 5 of bad.tm"),
        (
            HEAD.replace("yes", "yes yes") + ROW,
            "need accepting states that differ, got 'yes' twice, at bad.tm",
        ),
        (
            HEAD + "reject: no no\n" + ROW,
            "need rejecting states that differ, got 'no' twice, at bad.tm",
        ),
        (HEAD.replace("yes", "a" * 101) + ROW, "need a printable state of up to 100, no '#' first, got 'aaaa"),
        ("blank : _\n", "need 'STATE SYMBOL -> STATE SYMBOL MOVE' or a heading"),
        ("Blank: _\n", "need 'STATE SYMBOL -> STATE SYMBOL MOVE' or a heading"),
        (HEAD + "go 0 -> go 1 R R\n", "need 'STATE SYMBOL -> STATE SYMBOL MOVE', got 'go 0 -> go 1 R R', at line 5"),
        (HEAD + "go 0 -> go e\u0301 R\n", "need a symbol of one printable character, got 'e\u0301', at line 5"),
        (HEAD + "yes 0 -> go 1 R\n", "need no row for a state that halts, got one, at the row of 'yes' and '0'"),
        (HEAD + "reject: yes\n" + ROW, "need a state that accepts, and none that rejects as well, got 'yes' in both"),
        (HEAD.replace("0 1", "0 0") + ROW, "need symbols that differ, got '0' twice, at bad.tm"),
        (HEAD.replace("0 1", "0 _") + ROW, "need a blank that is no input symbol, got '_', at bad.tm"),
        ("start: a b\n", "need one name at the heading 'start', got 2, at line 1 of bad.tm"),
        (
            "start: \x07\n",
            "need a printable state of up to 100, no '#' first, got '\\x07', at line 1 of bad.tm",
        ),
    ],
)
def test_bad_tables_get_one_line(text: str, said: str) -> None:
    with pytest.raises(ConstructionError) as error:
        read_table(text.encode(), where="bad.tm")
    assert str(error.value).startswith(said) and "\n" not in str(error.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need a table in UTF-8, got the byte 255, at bad.tm"):
        read_table(b"\xff", where="bad.tm")
    with pytest.raises(ConstructionError, match=r"need a table of at most 4194304 bytes, got 4194305, at bad.tm"):
        read_table(b" " * 4194305, where="bad.tm")


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        read_table(HEAD.encode() + data, where="any.tm")
    except ConstructionError as error:
        assert "\n" not in str(error)
