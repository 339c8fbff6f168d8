"""Turing machines: they step as automata-lib's do, and bad ones are refused."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from constructions.computation.drawn_machines import drawn_machine
from constructions.computation.formats.machine_files import read_turing_machine
from constructions.computation.turing import Transition, TuringMachine
from constructions.errors import ConstructionError

FOLDER = Path(__file__).parents[2] / "examples" / "turing"


def known(name: str) -> TuringMachine:
    """One of the machines beside the examples."""
    return read_turing_machine(FOLDER / f"{name}.tm")


WORDS = ["".join(word) for n in range(7) for word in product("01", repeat=n)]


@pytest.mark.parametrize("word", WORDS)
def test_known_machines_do_what_they_say(word: str) -> None:
    palindrome, parity, copy, increment = (known(name) for name in ("palindrome", "parity", "copy", "increment"))
    assert palindrome.accepts(palindrome.run(word)) == (word == word[::-1])
    assert parity.accepts(parity.run(word)) == (word.count("1") % 2 == 1)
    assert copy.text(copy.run(word)) == f"{word}#{word}"
    if word:
        assert int(increment.text(increment.run(word)), 2) == int(word, 2) + 1


def test_the_busy_beaver_is_busy() -> None:
    beaver = known("busy_beaver")
    end = beaver.run()
    assert (end.steps, beaver.text(end).count("1"), beaver.accepts(end)) == (107, 13, True)
    late = beaver.run(steps=106)
    assert late.steps == 106 and beaver.transition(late) is not None


def as_automata(machine: TuringMachine) -> Any:
    """The machine as automata-lib has it."""
    dtm = pytest.importorskip("automata.tm.dtm")
    transitions: dict[str, dict[str, tuple[str, str, str]]] = {}
    for (state, symbol), to in machine.table.items():
        transitions.setdefault(state, {})[symbol] = (to.state, to.symbol, to.move)
    return dtm.DTM(
        states=set(machine.states),
        input_symbols=set(machine.inputs),
        tape_symbols=set(machine.symbols),
        transitions=transitions,
        initial_state=machine.start,
        blank_symbol=machine.blank,
        final_states=set(machine.accept),
    )


MACHINES = [known(name) for name in ("palindrome", "increment", "parity", "copy")] + [
    replace(drawn_machine(seed, states=1 + seed % 4, symbols=2 + seed % 3, rows=1 + seed), reject=())
    for seed in range(12)
]


@pytest.mark.parametrize("machine", MACHINES)
def test_steps_are_those_of_automata_lib(machine: TuringMachine) -> None:
    exceptions = pytest.importorskip("automata.base.exceptions")
    other = as_automata(machine)
    for word in product(machine.inputs, repeat=4):
        theirs = other.read_input_stepwise("".join(word))
        for mine in machine.trace(word, steps=40):
            try:
                found = next(theirs)
            except exceptions.RejectionException:
                raise AssertionError("automata-lib has halted before") from None
            tape = found.tape
            cells = {i: tape.tape[i] for i in range(len(tape.tape))}
            shift = tape.current_position - mine.head
            assert found.state == mine.state
            assert all(mine.tape.get(i - shift, machine.blank) == symbol for i, symbol in cells.items())
        end = machine.run(word, steps=40)
        if machine.transition(end) is None and not machine.accepts(end):
            with pytest.raises(exceptions.RejectionException):
                next(theirs)


def test_the_busy_beaver_is_as_busy_in_automata_lib() -> None:
    beaver = known("busy_beaver")
    theirs = as_automata(beaver).read_input_stepwise("")
    for mine in beaver.trace("", steps=120):
        found = next(theirs)
        shift = found.tape.current_position - mine.head
        assert found.state == mine.state
        cells = enumerate(found.tape.tape)
        assert all(mine.tape.get(i - shift, beaver.blank) == symbol for i, symbol in cells)
    assert (mine.steps, beaver.accepts(mine)) == (107, True)


def test_a_run_and_a_trace_agree() -> None:
    for seed in range(20):
        machine = drawn_machine(seed, states=3, symbols=3, rows=7)
        *_, last = machine.trace("01"[: seed % 3], steps=25)
        end = machine.run("01"[: seed % 3], steps=25)
        assert (end.state, end.head, end.steps, dict(end.tape)) == (last.state, last.head, last.steps, dict(last.tape))


def test_a_run_ends_where_the_tape_ends() -> None:
    machine = known("copy")
    end = machine.run("01", tape=(1, 3))
    assert end.head == 4 and machine.transition(end) is not None


GOOD: dict[str, Any] = {
    "states": ("go", "yes"),
    "inputs": ("0",),
    "symbols": ("_", "0"),
    "blank": "_",
    "start": "go",
    "accept": ("yes",),
    "table": {("go", "0"): Transition("yes", "0", "N")},
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"states": ("go", "go")}, "need states that differ, got 'go' twice"),
        ({"start": "begin"}, "need a state among 'go', 'yes', got 'begin'"),
        ({"blank": "0"}, "need a blank that is no input symbol, got '0'"),
        ({"inputs": ("1",)}, "need a symbol among '_', '0', got '1'"),
        ({"accept": ()}, "need a state that accepts, and none that rejects as well, got none"),
        ({"reject": ("yes",)}, "need a state that accepts, and none that rejects as well, got 'yes' in both"),
        ({"table": {}}, "need a machine with at least one transition, got none"),
        ({"table": {("go", "2"): Transition("yes", "0", "N")}}, "need a symbol among '_', '0', got '2'"),
        ({"table": {("go", "0"): Transition("no", "0", "N")}}, "need a state among 'go', 'yes', got 'no'"),
        ({"table": {("go", "0"): Transition("yes", "0", "U")}}, "need a move among L, N, R, got 'U'"),
        ({"table": {("yes", "0"): Transition("yes", "0", "N")}}, "need no row for a state that halts, got one"),
    ],
)
def test_bad_machines_are_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{said}"):
        TuringMachine(**(GOOD | changed))


def test_a_word_of_other_symbols_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a word of 0, got '1', at '01'"):
        TuringMachine(**GOOD).run("01")
