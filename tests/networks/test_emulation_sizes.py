"""The size of a network from the method's circuits: formulas against what is built."""

from fractions import Fraction

import pytest

from constructions.computation.learner_machines import best_literal_machine, correlations_machine
from constructions.networks.emulation import Plan, sizes_of
from constructions.networks.emulation_sizes import (
    copies_of_a_round,
    most_edges,
    network_edges,
    network_vertices,
    round_gates,
    sizes_of_round,
    vertices_added,
    wires_of,
)


@pytest.mark.parametrize("make", [best_literal_machine, correlations_machine])
def test_a_network_is_as_large_as_the_formulas_say(make) -> None:  # type: ignore[no-untyped-def]
    plan = Plan(machine=make(2, fraction=9), rho=Fraction(1, 32))
    made, parts = sizes_of(plan.trainable), plan.parts
    assert (made.vertices, made.edges) == (network_vertices(parts), network_edges(parts))
    sizes = sizes_of_round(plan.machine, plan.decoder)
    assert parts.odd_gates <= round_gates(sizes) + vertices_added(sizes)
    assert parts.copies <= copies_of_a_round(sizes)
    literals = max(int(circuit.circuit.gates.fan_in.max()) for circuit in plan.rounds)
    assert wires_of(plan.rounds[0].circuit) <= (literals + 1) * parts.odd_gates
    assert made.edges <= most_edges(plan.machine.rounds, int(round_gates(sizes)), literals, int(sizes.decoder))
