"""Tableaux: the circuit returns what the machine's own steps lead to, for every word, and is as large as its formula
says."""

from itertools import product

import pytest

from constructions.computation.builder import clean
from constructions.computation.drawn_machines import drawn_machine
from constructions.computation.flat import FlatCircuit
from constructions.computation.tableau import Tableau, cell_gates
from constructions.computation.tableau_sizes import gates_of_a_cell, stamped_cells
from constructions.computation.tally import GateTally
from constructions.computation.turing import TuringMachine
from constructions.errors import ConstructionError
from tests.computation.test_turing import known

DRAWN = [drawn_machine(seed, states=1 + seed % 4, symbols=2 + seed % 3, rows=2 + seed % 9) for seed in range(24)]


def on_all_words(tableau: Tableau, circuit: FlatCircuit) -> list[tuple[tuple[str, ...], dict[str, int]]]:
    """The outputs for every word."""
    found = []
    for word in product(tableau.machine.inputs, repeat=tableau.length):
        bits = tableau.codes(word)
        found.append((word, circuit.evaluate(dict(zip(circuit.inputs, bits, strict=True)))))
    return found


@pytest.mark.parametrize("machine", DRAWN)
@pytest.mark.parametrize(("length", "steps", "left", "right"), [(3, 9, None, None), (2, 12, 2, 3), (0, 6, 1, 2)])
def test_drawn_machines(machine: TuringMachine, length: int, steps: int, left: int | None, right: int | None) -> None:
    tableau = Tableau(machine=machine, length=length, steps=steps, left=left, right=right)
    cells = range(-tableau.tape[0], tableau.tape[1] + 1)
    circuit = tableau.circuit(cells=cells)
    for word, found in on_all_words(tableau, circuit):
        wanted = tableau.run(word)
        assert {name: found[name] for name in wanted} == wanted
        end = machine.run(word, steps=steps, tape=tableau.tape)
        for cell in cells:
            bits = [found[name] for name in found if name == f"cell {cell}" or name.startswith(f"cell {cell}[")]
            code = sum(bit << i for i, bit in enumerate(bits))
            assert machine.symbols[code] == end.tape.get(cell, machine.blank)


def test_drawn_machines_end_in_every_way() -> None:
    ends = {
        name
        for machine in DRAWN
        for left, right in ((None, None), (2, 3))
        for tableau in [Tableau(machine=machine, length=2, steps=12, left=left, right=right)]
        for word in product(machine.inputs, repeat=2)
        for name, value in tableau.run(word).items()
        if value
    }
    assert ends == {"accepted", "out_of_time", "out_of_tape"}


@pytest.mark.parametrize("name", ["palindrome", "increment", "parity", "copy"])
@pytest.mark.parametrize("steps", [5, 30])
def test_known_machines(name: str, steps: int) -> None:
    tableau = Tableau(machine=known(name), length=4, steps=steps)
    circuit = clean(tableau.circuit())
    for word, found in on_all_words(tableau, circuit):
        assert found == tableau.run(word), word


def test_time_that_runs_out_is_told() -> None:
    for steps, late in ((106, 1), (107, 0)):
        found = Tableau(machine=known("busy_beaver"), length=0, steps=steps).circuit().evaluate({})
        assert found == {"accepted": 1 - late, "out_of_time": late, "out_of_tape": 0}


def test_tape_that_runs_out_is_told() -> None:
    circuit = Tableau(machine=known("copy"), length=2, steps=40, right=3).circuit()
    assert circuit.evaluate({"x[0]": 0, "x[1]": 1}) == {"accepted": 0, "out_of_time": 0, "out_of_tape": 1}


@pytest.mark.parametrize("machine", DRAWN[:8])
def test_the_formula_is_what_is_written(machine: TuringMachine) -> None:
    tableau = Tableau(machine=machine, length=3, steps=7, left=2)
    tally = GateTally()
    tableau.write(tally, [[tally.input(f"{c} {i}") for i in range(machine.code_width)] for c in range(3)])
    assert len(tally) == tableau.size >= len(tableau.circuit().gates)


def test_palindromes_of_sixteen_symbols_are_quick() -> None:
    tableau = Tableau(machine=known("palindrome"), length=16, steps=200)
    circuit = tableau.circuit()
    assert (tableau.cells, tableau.size) == (40400, 3838822)
    assert len(circuit.gates) < 70_000
    for word in ("0110100110010110", "0110100110010111", "1" * 16):
        bits = dict(zip(circuit.inputs, map(int, word), strict=True))
        assert circuit.evaluate(bits) == {"accepted": int(word == word[::-1]), "out_of_time": 0, "out_of_tape": 0}


def test_bad_numbers_are_refused() -> None:
    machine = known("parity")
    with pytest.raises(ConstructionError, match="need a tape that holds the word, got 3 cells for 4 symbols"):
        Tableau(machine=machine, length=4, steps=9, right=2)
    with pytest.raises(ConstructionError, match="need an integer >= 0, got -1, at steps"):
        Tableau(machine=machine, length=4, steps=-1)
    with pytest.raises(ConstructionError, match="need a tableau of at most 200000000 gates"):
        Tableau(machine=machine, length=4, steps=10_000)
    with pytest.raises(ConstructionError, match="need a cell from -2 to 3, got 9"):
        Tableau(machine=machine, length=4, steps=2).circuit(cells=[9])
    with pytest.raises(ConstructionError, match="need a word of 4 symbols, got 1"):
        Tableau(machine=machine, length=4, steps=2).run("0")


def test_sizes_of_cells_and_of_steps() -> None:
    palindrome = known("palindrome")
    assert cell_gates(palindrome) == gates_of_a_cell(8, 3, 18, 13) == 95
    for steps, left, right in ((0, 0, 0), (1, 0, 5), (6, 2, 9), (7, 7, 3)):
        wanted = sum(1 + min(t, left) + min(t, right) for t in range(1, steps + 1))
        assert stamped_cells(steps, left, right) == wanted
