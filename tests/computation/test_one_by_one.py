"""Queries one by one: as many gates as the formula says, and no more after merging."""

from constructions.computation.averaging import MethodInBits
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.one_by_one import one_by_one, turn_gates, turn_sizes, write_one_by_one
from constructions.computation.tally import gates_written


def copies(inputs: int, outputs: int) -> FlatCircuit:
    """A circuit that copies its first inputs."""
    names = tuple(f"i{k}" for k in range(inputs))
    return FlatCircuit(inputs=names, gates=Gates.of([]), outputs={f"o{k}": 2 * k for k in range(outputs)})


def test_a_query_is_asked_in_its_turn_and_counted() -> None:
    method = MethodInBits(
        query=copies(5, 3),
        update=copies(11, 2),
        predict=copies(4, 1),
        n=2,
        state=2,
        parallel=3,
        query_width=1,
        query_fraction=0,
        fraction=1,
    )
    machine = one_by_one(method)
    given = dict.fromkeys(machine.inputs, 0) | {"x[1]": 1}
    assert [found["query"] for found in machine.simulate([given] * 4)] == [0, 1, 0, 0]
    written = gates_written(lambda design: write_one_by_one(design, method))
    assert len(machine.circuit.gates) < written == turn_gates(turn_sizes(method))
