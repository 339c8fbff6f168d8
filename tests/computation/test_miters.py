"""Miters: true exactly where two circuits differ; as DIMACS, satisfiable exactly then, as a SAT solver says."""

from itertools import product
from pathlib import Path

import pytest
from pysat.formula import CNF
from pysat.solvers import Solver

from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.formats.files import read_machine
from constructions.computation.miters import dimacs, miter, miter_files
from constructions.errors import ConstructionError
from verify.commands.main import main

C17_FILE = Path(__file__).parents[2] / "examples" / "c17.bench"


def c17() -> FlatCircuit:
    """The small circuit of the examples."""
    return read_machine(C17_FILE).circuit


def satisfiable(text: str) -> bool:
    """Whether a formula in DIMACS can be satisfied, by a solver that is not ours."""
    with Solver(name="cadical153", bootstrap_with=CNF(from_string=text)) as solver:
        return bool(solver.solve())


def changed(circuit: FlatCircuit, gate: int) -> FlatCircuit:
    """The circuit with one gate negated where its first literal is read: an input in place of its negation."""
    rows = [(needs, list(literals)) for needs, literals in circuit.gates]
    rows[gate][1][0] ^= 1
    return FlatCircuit(inputs=circuit.inputs, gates=Gates.of(rows), outputs=circuit.outputs)


@pytest.mark.parametrize("gate", range(6))
def test_a_miter_is_true_exactly_where_two_circuits_differ(gate: int) -> None:
    one, other = c17(), changed(c17(), gate)
    found = miter(one, other)
    rows = [dict(zip(one.inputs, bits, strict=True)) for bits in product((False, True), repeat=len(one.inputs))]
    differ = [found(**row)["differ"] for row in rows]
    assert differ == [one(**row) != other(**row) for row in rows]
    assert satisfiable(dimacs(found)) == any(differ) and not satisfiable(dimacs(miter(one, one)))


@pytest.mark.parametrize("needs", range(7))
def test_gates_that_count_are_written_out(needs: int) -> None:
    names = tuple("abcde")
    counted = FlatCircuit(inputs=names, gates=Gates.of([(needs, (0, 2, 5, 6, 8))]), outputs={"y": 10})
    rows = [dict(zip(names, bits, strict=True)) for bits in product((False, True), repeat=5)]
    nothing = FlatCircuit(inputs=names, gates=Gates.of([(1, ())]), outputs={"y": 10})
    found = miter(counted, nothing)
    assert [found(**row)["differ"] for row in rows] == [counted(**row)["y"] for row in rows]
    assert satisfiable(dimacs(counted, "y")) == any(counted(**row)["y"] for row in rows)


def test_inputs_may_stand_in_another_order() -> None:
    one = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3))]), outputs={"y": 4})
    other = FlatCircuit(inputs=("b", "a"), gates=Gates.of([(2, (2, 1))]), outputs={"y": 4})
    assert not satisfiable(dimacs(miter(one, other)))


def test_other_inputs_or_outputs_are_refused() -> None:
    one = FlatCircuit(inputs=("a",), gates=Gates.of([]), outputs={"y": 0})
    with pytest.raises(ConstructionError, match="need two circuits with the same inputs, got 'a' in one"):
        miter(one, FlatCircuit(inputs=("b",), gates=Gates.of([]), outputs={"y": 0}))
    with pytest.raises(ConstructionError, match="need two circuits with the same outputs, got 'z' in one"):
        miter(one, FlatCircuit(inputs=("a",), gates=Gates.of([]), outputs={"y": 0, "z": 1}))
    with pytest.raises(ConstructionError, match="need an output of the circuit, got 'differ'"):
        dimacs(one)


def test_the_command_writes_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    aiger, cnf = tmp_path / "m.aag", tmp_path / "m.cnf"
    said = ["circuit", str(C17_FILE), "--against", "network", "-o", str(aiger), "--dimacs", str(cnf)]
    assert main(said) == 0 and capsys.readouterr().out.endswith(f"wrote {aiger}\nwrote {cnf}\n")
    assert not satisfiable(cnf.read_text()) and read_machine(aiger).circuit.inputs == c17().inputs
    assert dimacs(read_machine(aiger).circuit).count("\n") > 30
    assert main(["circuit", str(C17_FILE), "--dimacs", str(cnf)]) == 2
    assert "need --against beside --dimacs" in capsys.readouterr().err
    assert list(miter_files({"m": miter(c17(), c17())})) == ["m.aag", "m.cnf"]
