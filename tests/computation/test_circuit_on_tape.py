"""Circuits that machines evaluate."""

import random

import pytest

from constructions.computation.circuit_on_tape import machine_of_circuit, steps_of
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.iscas import c17
from constructions.computation.machines import Machine
from constructions.computation.tableau import Tableau
from constructions.errors import ConstructionError


def test_c17_on_a_tape() -> None:
    found = c17()
    circuit = found.circuit if isinstance(found, Machine) else found
    for name in circuit.outputs:
        part = circuit.part({name: circuit.outputs[name]})
        machine = machine_of_circuit(part)
        for number in range(2 ** len(part.inputs)):
            bits = [number >> i & 1 for i in range(len(part.inputs))]
            end = machine.run("".join(map(str, bits)))
            assert machine.accepts(end) == bool(part.evaluate(dict(zip(part.inputs, bits, strict=True)))[name])
            assert end.steps == steps_of(part)


def test_there_and_back() -> None:
    """A threshold circuit, its machine, and the circuit of the machine's tableau are one function."""
    circuit = FlatCircuit(
        inputs=("a", "b", "c"), gates=Gates.of([(2, (0, 3, 4)), (1, (6, 1)), (0, ())]), outputs={"y": 9}
    )
    machine, steps = machine_of_circuit(circuit), steps_of(circuit)
    again = Tableau(machine=machine, length=3, steps=steps).circuit()
    for number in range(8):
        bits = [number >> i & 1 for i in range(3)]
        found = again.evaluate(dict(zip(again.inputs, bits, strict=True)))
        wanted = circuit.evaluate(dict(zip(circuit.inputs, bits, strict=True)))["y"]
        assert found == {"accepted": wanted, "out_of_time": 0, "out_of_tape": 0}
    assert (
        Tableau(machine=machine, length=3, steps=steps - 1)
        .circuit()
        .evaluate(dict.fromkeys(again.inputs, 0))["out_of_time"]
    )


def test_one_output_is_needed() -> None:
    with pytest.raises(ConstructionError, match="need a circuit with one output, got 0"):
        machine_of_circuit(FlatCircuit(inputs=("a",), gates=Gates.of([]), outputs={}))


def test_an_input_as_output() -> None:
    circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([]), outputs={"y": 3})
    machine = machine_of_circuit(circuit)
    draw = random.Random(1)
    for _ in range(4):
        word = f"{draw.randint(0, 1)}{draw.randint(0, 1)}"
        assert machine.accepts(machine.run(word)) == (word[1] == "0")
