"""A tally counts every gate that is asked for."""

import pytest

from constructions.computation.builder import Builder
from constructions.computation.design import Design
from constructions.computation.tally import GateTally, gates_written
from constructions.errors import ConstructionError


def test_equal_gates_are_counted_again() -> None:
    def write(design: Design) -> None:
        a = design.input("a", 3)
        design.output("y", (a & 5) | (a & 5))

    design = Design()
    write(design)
    assert gates_written(write) == 9 > len(design.builder)


def test_gates_of_a_copy_are_counted() -> None:
    builder = Builder()
    builder.output("y", builder.xor(builder.input("a"), builder.input("b")))
    tally = GateTally()
    tally.stamp(builder.circuit(), [-2, -2])
    assert len(tally) == 3


def test_there_is_no_circuit() -> None:
    with pytest.raises(ConstructionError, match="need a builder that keeps its gates for a circuit, got a tally"):
        GateTally().circuit()
