"""Circuits that machines evaluate."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from constructions.computation.circuit_on_tape import (
    Stop,
    TapeRow,
    arrived_after,
    machine_of_circuit,
    step_count,
    steps_of,
    tape_row,
    targets,
    towards,
)
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.iscas import c17
from constructions.computation.machines import Machine
from constructions.computation.tableau import Tableau
from constructions.errors import ConstructionError
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select
from verify.claims.computation.turing.any_circuit import on_tape
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict


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


def changed(**parts: Callable[[Stop, TapeRow, dict[str, Any]], Any]) -> Callable[..., TapeRow]:
    """The rows with some parts made otherwise, from the target, the right row, and what is read."""

    def row(stop: Stop, way: Number, onward: Number, **state: Number) -> TapeRow:
        right = tape_row(stop, way, onward, **state)
        told = {**state, "way": way, "onward": onward}
        return replace(right, **{name: make(stop, right, told) for name, make in parts.items()})

    return row


WRONG = {
    "it accepts although the literal is negated": changed(accepts=lambda stop, right, told: told["symbol"] == 1),
    "it goes away from the target": changed(
        move=lambda stop, right, told: select(told["left"] == 0, right.move, -towards(told["way"]))
    ),
    "it is one cell short": changed(
        left=lambda stop, right, told: select(told["left"] == 0, step_count(told["onward"]), right.left)
    ),
    "it wipes what it passes": changed(put=lambda stop, right, told: select(told["left"] > 0, 2, right.put)),
    "it writes that they were too few": changed(
        put=lambda stop, right, told: select(every(told["left"] == 0, stop.does == 1), 1 - right.put, right.put)
    ),
    "it counts on after a gate": changed(
        count=lambda stop, right, told: select(stop.does == 1, told["count"] + 1, right.count)
    ),
    "it stays at its target": changed(goes_on=lambda stop, right, told: False),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_row_is_noticed(what: str) -> None:
    found = examine(paper_obligations()["turing.back.any"], on_tape(WRONG[what]))
    assert found.verdict in (Verdict.REFUTED, Verdict.UNKNOWN, Verdict.VACUOUS)


def test_a_machine_has_no_state_that_no_target_asks_for() -> None:
    """As many states as the loop over targets, counts and ways makes, and the two in which it halts."""
    circuit = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3)), (1, (4, 1))]), outputs={"y": 7})
    machine = machine_of_circuit(circuit)
    assert set(machine.unentered) <= {machine.start}
    cells = [stop.cell for stop in targets(circuit)]
    assert cells == [0, 1, 2, 2, 0, 3, 3]
    assert steps_of(circuit) == int(arrived_after(1 + 1 + 1 + 2 + 3, 0)) + 1 == 10
