"""The computation component (Lemma 10): a circuit as a fragment whose vertices sit on flat pieces, one per gate and
input.

An input that already carries bits (-2 and 2) needs no vertex of its own; one that carries values below y0 or above y1
gets an adaptor. So a circuit with g gates and m adapted inputs takes g + m vertices, not g as Lemma 10 says (E07).
"""

from collections.abc import Mapping
from fractions import Fraction

from constructions.computation.circuits import Circuit
from constructions.foundations.activation import RAMP, Activation
from constructions.foundations.exact import Number
from constructions.foundations.network import Edge, Fragment
from constructions.networks.gates import CONSTANT, adaptor, code, gate_edges, gate_weights

BINARY = (Fraction(1, 3), Fraction(2, 3))


def adapted(name: str) -> str:
    """The vertex that carries an adapted input as a bit, given the ``name`` of the input.

    >>> adapted("x1")
    'x1?'
    """
    return f"{name}?"


def computation_edges(
    circuit: Circuit, *, bounds: Mapping[str, tuple[Number, Number]], sigma: Activation = RAMP, constant: str = CONSTANT
) -> dict[Edge, Number]:
    """The edges of the emulation; ``bounds`` gives (y0, y1) for each input that does not carry bits already.

    Parameters
    ----------
    circuit : whose gates become vertices of the same names.
    bounds : (y0, y1) for each input that does not carry bits already: at most y0 is 0, at least y1 is 1.
    sigma, constant : the activation, and the name of the constant vertex.

    Raises
    ------
    ConstructionError
        For an activation without two different plateaus, or y0 >= y1.

    >>> from constructions.computation.circuits import Gate
    >>> circuit = Circuit(inputs=("a", "b"), gates={"c": Gate("and", ("a", "b"))}, outputs=("c",))
    >>> for edge, weight in computation_edges(circuit, bounds={"a": BINARY}).items():  # b is a bit already
    ...     print(*edge, weight)
    a a? 24
    one a? -12
    a? c 2
    b c 2
    one c -4
    """
    carrier = {v: adapted(v) if v in bounds else v for v in circuit.inputs}
    edges: dict[Edge, Number] = {}
    for name, (low, high) in bounds.items():
        template = adaptor(low, high, sigma=sigma)
        edges |= template.renamed({"x1": name, "gate": adapted(name), **_constant(template, constant)}).edges
    c = code(sigma)
    for name in circuit.order:
        gate = circuit.gates[name]
        if gate.kind in ("true", "false"):
            edges[(constant, name)] = gate_weights(gate.kind, 0, of=c)[1]
            continue
        fed = [carrier.get(u, u) for u in gate.inputs]
        stamped = gate_edges(gate.kind, fed, name, k=gate.k, sigma=sigma)
        edges |= {(constant if u == CONSTANT else u, v): weight for (u, v), weight in stamped.items()}
    return edges


def emulate(
    circuit: Circuit, *, bounds: Mapping[str, tuple[Number, Number]] | None = None, sigma: Activation = RAMP
) -> Fragment:
    """A circuit as a fragment over the activation sigma; without ``bounds`` every input is 0 or 1 and adapted.

    >>> from constructions.computation.circuits import Gate
    >>> len(emulate(Circuit(inputs=("a", "b"), gates={"c": Gate("and", ("a", "b"))}, outputs=("c",))).order)
    6
    """
    chosen = dict.fromkeys(circuit.inputs, BINARY) if bounds is None else bounds
    edges = computation_edges(circuit, bounds=chosen, sigma=sigma)
    outputs = tuple(adapted(v) if v in chosen else v for v in circuit.outputs)
    return Fragment(inputs=circuit.inputs, outputs=outputs, edges=edges, constant=CONSTANT, sigma=sigma)


def _constant(template: Fragment, constant: str) -> dict[str, str]:
    return {} if template.constant is None else {template.constant: constant}
