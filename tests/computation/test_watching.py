"""Who watches is told of every evaluation, and only while it watches."""

from collections.abc import Mapping

import pytest

from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.machines import Machine
from constructions.computation.watching import WATCHERS, watching

Told = list[tuple[tuple[str, ...], dict[str, int], dict[str, int], int]]


def test_evaluations_and_steps_are_told_while_somebody_watches() -> None:
    told: Told = []

    def watcher(circuit: FlatCircuit, inputs: Mapping[str, int], outputs: Mapping[str, int], width: int) -> None:
        told.append((circuit.inputs, dict(inputs), dict(outputs), width))

    both = FlatCircuit(inputs=("a", "q"), gates=Gates.of([(2, (0, 2))]), outputs={"y": 4})
    machine = Machine(circuit=both, next=(5,), start=(True,))
    with watching(watcher):
        both.evaluate({"a": 0b01, "q": 0b11}, width=2)
        machine.step({"q": 1}, {"a": 1})
    both(a=True, q=True)
    assert told == [
        (("a", "q"), {"a": 1, "q": 3}, {"y": 1}, 2),
        (("a", "q"), {"a": 1, "q": 1}, {"o y": 1, "s q": 0}, 1),
    ]


def test_nobody_watches_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), watching(lambda *given: None):
        raise ZeroDivisionError
    assert not WATCHERS
