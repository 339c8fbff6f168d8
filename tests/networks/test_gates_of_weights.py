"""The circuit that a network computes, read off its weights: that of c17, and what is no network of gates."""

from dataclasses import replace

import pytest

from constructions.computation.miters import dimacs, miter
from constructions.errors import ConstructionError
from constructions.foundations.activation import HARD_TANH, RAMP
from constructions.networks.flat import flat_network
from constructions.networks.gates import conjunction
from constructions.networks.gates_of_weights import circuit_of_network
from constructions.networks.stamped import stamp
from tests.computation.test_miters import c17, satisfiable


def test_a_network_is_read_off_its_weights() -> None:
    circuit = c17()
    network = stamp(circuit).network
    found = circuit_of_network(network, len(circuit.inputs))
    assert not satisfiable(dimacs(miter(circuit, found)))
    last = int(network.offsets[-2])
    for edge, weight, said in ((-1, -3, "need weights of one size"), (last, 0, "need a vertex that returns bits")):
        weights = network.weights.copy()
        weights[edge] = weight
        with pytest.raises(ConstructionError, match=said):
            circuit_of_network(replace(network, weights=weights), len(circuit.inputs))
    with pytest.raises(ConstructionError, match="need the two-stage ramp, got hard tanh"):
        circuit_of_network(stamp(circuit, sigma=HARD_TANH).network, len(circuit.inputs))
    with pytest.raises(ConstructionError, match="need weights of one size from bits"):
        circuit_of_network(flat_network(conjunction()), 0)
    assert network.sigma == RAMP
