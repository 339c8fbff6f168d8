"""JFLAP files: a machine is read, and what is no machine of ours gets one clear line."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.computation.formats.jflap import read_jflap
from constructions.computation.turing import TuringMachine
from constructions.errors import ConstructionError

STATES = (
    '<block id="0" name="q0"><tag>Machine0</tag><x>1.0</x><initial/></block><block id="1" name="q1"><final/></block>'
)


def row(read: str, write: str, move: str, ends: str = "01", more: str = "") -> str:
    """A transition."""
    return (
        f"<transition><from>{ends[0]}</from><to>{ends[1]}</to><read>{read}</read><write>{write}</write>"
        f"<move>{move}</move>{more}</transition>"
    )


def read(inside: str, *, kind: str = "turing", before: str = "") -> TuringMachine:
    """The machine of a file with this automaton."""
    text = f'<?xml version="1.0" encoding="UTF-8" standalone="no"?><!--Created with JFLAP 6.4.-->{before}'
    tagged = "<Machine0/>" if "<tag>Machine0</tag>" in inside else ""
    text += f"<structure><type>{kind}</type><automaton>{inside}{tagged}</automaton></structure>"
    return read_jflap(text.encode(), where="bad.jff")


def test_a_machine_is_read() -> None:
    machine = read(STATES + row("a", "b", "R", "00") + row("", "", "S"))
    assert (machine.states, machine.inputs, machine.blank, machine.accept) == (("q0", "q1"), ("a", "b"), "_", ("q1",))
    end = machine.run("aaa")
    assert machine.text(end) == "bbb" and machine.accepts(end)


def test_the_blank_is_another_character_if_it_must() -> None:
    assert read(STATES + row("_", "", "R")).blank == "□"


def test_states_of_one_name_are_told_apart() -> None:
    machine = read(STATES.replace("q1", "q0") + row("a", "a", "L"))
    assert machine.states == ("q0.0", "q0.1")


def test_old_files_have_states_without_an_automaton() -> None:
    text = '<structure><type>turing</type><state id="0"><initial/></state><state id="1" name="end"><final/></state>'
    text += row("a", "b", "L") + "</structure>"
    assert read_jflap(text.encode(), where="old.jff").states == ("q0", "end")


NESTED = '<block id="0" name="sub"><tag>M</tag><initial/></block><M><block id="0" name="x"/></M>'
MANY = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (row("a", "a", "R"), "need one initial state, got 0, at bad.jff"),
        (STATES, "need a machine with at least one transition, got none, at bad.jff"),
        (STATES + row("a", "a", "R") * 2, "need a deterministic machine, got two rows for 'q0' and 'a', at bad.jff"),
        (STATES + row("!a", "a", "R"), "need one plain symbol or none, got '!a' in a transition, at bad.jff"),
        (STATES + row("~", "a", "R"), "need one plain symbol or none, got '~' in a transition, at bad.jff"),
        (STATES + row("a", "a", "U"), "need a move among L, R, S, got 'U' in a transition, at bad.jff"),
        (STATES + row("a", "a", "R", "09"), "need the id of a state, got '9' in a transition, at bad.jff"),
        (
            STATES + row("a", "a", "R", more='<read tape="2">b</read>'),
            "need a transition of one tape with each part once, got 2 of <read>, at bad.jff",
        ),
        (STATES + STATES, "need an id of its own for each state, got '0', at bad.jff"),
        (NESTED, "need states, got the building block 'sub', at bad.jff"),
        ("<a>" * 20 + "</a>" * 20, "need at most 200000 elements, 12 deep, got one inside 12 others, at bad.jff"),
        (f"<note>{'x' * 2000}</note>", "need texts of at most 1000 characters, got a longer one in <note>, at bad.jff"),
        ("<note>", "need an XML file, got one that is not well-formed"),
    ],
)
def test_bad_files_get_one_line(inside: str, said: str) -> None:
    with pytest.raises(ConstructionError) as error:
        read(inside)
    assert str(error.value).startswith(said) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<blok/>", "<blok> in <automaton>"),
        ('<block id="2"><accepting/></block>', "<accepting> in <block>"),
        ('<block id="2" final="true"/>', "the attribute 'final' of <block>"),
        (row("a", "a", "L", more="<guard>x</guard>"), "<guard> in <transition>"),
        ('<transition block="true"/>', "the attribute 'block' of <transition>"),
        ("<note><b>x</b></note>", "<b> in <note>"),
        ("<note><text>x<b/></text></note>", "<b> in <text>"),
        ("go on", "the text 'go on' in <automaton>"),
        ('<block id="2"><final>no</final></block>', "the text 'no' in <final>"),
        ('<block id="2"><final/><final/></block>', "a second <final> in <block>"),
        ("<Machine0>x</Machine0>", "<Machine0> in <automaton>"),
        ("<automaton/>", "<automaton> in <automaton>"),
    ],
)
def test_what_no_file_of_a_machine_has_is_named(inside: str, said: str) -> None:
    good = STATES + row("a", "b", "R")
    assert read(good + "<note><text>drawn by hand</text><x>1</x><y>2</y></note>").states == ("q0", "q1")
    with pytest.raises(ConstructionError) as error:
        read(good + inside)
    assert str(error.value) == f"need what a file of a machine of one tape has, got {said}, at bad.jff"


def test_nothing_beside_the_automaton_is_passed_over() -> None:
    body = f"<automaton>{STATES}{row('a', 'b', 'R')}</automaton>"
    for more, said in (
        (body, "a second <automaton>"),
        ("<type>turing</type>", "a second <type>"),
        (row("b", "a", "R"), "<transition>"),
        ("<Machine0/>", "<Machine0>"),
    ):
        text = f"<structure><type>turing</type>{'' if said == '<Machine0>' else body}{more}"
        text += f"{body if said == '<Machine0>' else ''}</structure>"
        with pytest.raises(ConstructionError, match=f"got {said} in <structure>, at bad.jff"):
            read_jflap(text.encode(), where="bad.jff")


def test_files_of_very_many_states_are_refused_at_once() -> None:
    began = process_time()
    tags = "".join(f'<block id="{i}"><tag>m{i}</tag></block>' for i in range(30_000))
    with pytest.raises(ConstructionError, match=r"need one initial state, got 0, at bad.jff"):
        read(tags)
    same = "".join(f'<block id="{i % 29_999}"/>' for i in range(30_000))
    with pytest.raises(ConstructionError, match=r"need an id of its own for each state, got '0', at bad.jff"):
        read(same)
    assert process_time() - began < 10


def test_other_kinds_of_files_are_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need a JFLAP file of type 'turing', got 'fa', at bad.jff"):
        read(STATES, kind="fa")
    with pytest.raises(ConstructionError, match=r"need a JFLAP file of type 'turing', got a file of <svg>, at a.jff"):
        read_jflap(b"<svg/>", where="a.jff")
    with pytest.raises(ConstructionError, match=r"need a machine of one tape, got '2' tapes, at bad.jff"):
        read_jflap(b"<structure><type>turing</type><tapes>2</tapes></structure>", where="bad.jff")


def test_no_entity_is_expanded() -> None:
    with pytest.raises(
        ConstructionError, match=r"need a file without a document type or entities, got one, at bad.jff"
    ):
        read(STATES + row("&c;", "a", "R"), before=MANY)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        read_jflap(data, where="any.jff")
    except ConstructionError as error:
        assert "\n" not in str(error)
