"""The circuit that a network of gates computes, read off its weights alone (Lemma 10).

On bits, -2 and 2, a vertex with the ramp and weights w or -w of one size has the pre-activation c + 2 w (2 k - m),
where k of its m tails, each negated if its weight is below 0, are true. If that is at least 2 or at most -3 for every
k, the vertex returns a bit, and it is the gate that needs as many true literals as make it 2. So the circuit that a
network computes can be written down without the one that it was made from, and the two can be compared.
"""

from fractions import Fraction

from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.miters import miter
from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP
from constructions.networks.flat import FlatNetwork
from constructions.networks.stamped import stamp


def network_miter(circuit: FlatCircuit) -> FlatCircuit:
    """The miter of a circuit with what its Lemma 10 network computes, read off the weights.

    >>> either = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(1, (0, 2))]), outputs={"y": 4})
    >>> found = network_miter(either)
    >>> [found(a=a, b=b)["differ"] for a in (0, 1) for b in (0, 1)]
    [False, False, False, False]
    """
    return miter(circuit, circuit_of_network(stamp(circuit).network, len(circuit.inputs)))


def circuit_of_network(network: FlatNetwork, inputs: int) -> FlatCircuit:
    """The circuit that a network computes on bits.

    Parameters
    ----------
    network : its activation is the ramp. inputs : how many of its first vertices behind the inputs read one input each
        (those of Lemma 10, which make bits of numbers).

    Raises
    ------
    ConstructionError
        For another activation, and for a vertex that does not return a bit at some bits.

    >>> from constructions.computation.flat import Gates
    >>> from constructions.networks.stamped import stamp
    >>> either = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(1, (0, 2))]), outputs={"y": 4})
    >>> found = circuit_of_network(stamp(either).network, 2)
    >>> [found(a=a, b=b)["y"] for a in (0, 1) for b in (0, 1)]
    [False, True, True, True]
    """
    if network.sigma != RAMP:
        raise ConstructionError(f"need the two-stage ramp, got {network.sigma.name}")
    low, rows = network.first, []
    for v in range(low + inputs, network.size):
        edges = network.into(v)
        constant = sum((w for u, w in edges if u == 0), Fraction(0))
        tails = [(u, w) for u, w in edges if u and w]
        if any(u < low for u, _ in tails) or len({abs(w) for _, w in tails}) > 1:
            raise ConstructionError(f"need weights of one size from bits, got others, at vertex {network.name(v)}")
        size = abs(tails[0][1]) if tails else Fraction(0)
        values = [constant + 2 * size * (2 * k - len(tails)) for k in range(len(tails) + 1)]
        odd = next((value for value in values if -3 < value < 2), None)
        if odd is not None:
            raise ConstructionError(
                f"need a vertex that returns bits, got the pre-activation {odd}, at {network.name(v)}"
            )
        needs = sum(value < 0 for value in values)
        rows.append((needs, [2 * (u - low) | (w < 0) for u, w in tails]))
    outputs = {name: 2 * (v - low) for name, v in network.outputs.items()}
    return FlatCircuit(inputs=network.inputs, gates=Gates.of(rows), outputs=outputs)
