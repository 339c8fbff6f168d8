"""A circuit as a network by stamping arrays (Lemma 10), and back: the circuit read off a network's weights.

Vertex 0 is the constant and 1, ..., n the inputs; n + 1, ..., 2n adapt them, one vertex for each gate follows. With
bits L and H, drive T and weight w = 2T/(H - L), a gate over p plain and q negated literals that needs k of them has
weights w and -w and the constant T - 2Tk - w L p + w H q: each true literal adds 2T, so the pre-activation is T + 2T
(count - k).
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from constructions.computation.flat import FlatCircuit, Gates, Integers
from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP, Activation
from constructions.foundations.exact import Number, rational
from constructions.networks.computation import BINARY
from constructions.networks.flat import MOST, FlatNetwork
from constructions.networks.gates import Code, adaptor, code


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """A circuit and the network that emulates it (Lemma 10).

    ``circuit`` has a gate for every negated output, and ``places`` (size,) says at which vertex each of its nodes is.
    """

    circuit: FlatCircuit
    network: FlatNetwork
    places: Integers


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of gates and adaptors as integers over one denominator.

    Parameters
    ----------
    of : the bits of the activation.
    scale : the denominator of the weights.
    input, bias : the weights of an adaptor from its input and from the constant, times ``scale``.
    first : the bounds (y0, y1) of the inputs.

    >>> rule = Weights.choose(RAMP, BINARY)
    >>> rule.scale, rule.plain, rule.check(2)
    (1, 2, None)
    >>> rule.constants(np.array([1, 2]), np.array([2, 2]), np.array([0, 0])).tolist()  # of OR and AND
    [4, -4]
    """

    of: Code
    scale: int
    input: int
    bias: int
    first: tuple[Number, Number]

    @classmethod
    def choose(cls, sigma: Activation, first: tuple[Number, Number]) -> "Weights":
        """For an activation and ``first``, the bounds (y0, y1) of the inputs."""
        c, template = code(sigma), adaptor(*first, sigma=sigma)
        slope = Fraction(template.weight("x1", "gate"))
        bias = Fraction(template.weight("one", "gate")) if template.constant else Fraction(0)
        parts = [slope, bias, c.drive, c.weight, c.weight * c.low, c.weight * c.high]
        scale = lcm(*(Fraction(part).denominator for part in parts))
        return cls(c, scale, int(slope * scale), int(bias * scale), first)

    def scaled(self, value: Number) -> int:
        """A weight as an integer."""
        return int(value * self.scale)

    @property
    def plain(self) -> int:
        """The weight of a literal that is not negated."""
        return self.scaled(self.of.weight)

    def check(self, fan_in: int, factor: int = 1) -> None:
        """Refuse gates of ``fan_in`` literals whose constants, over ``factor`` times the scale, leave the range of
        weights.

        Raises
        ------
        ConstructionError
            If they do.
        """
        c = self.of
        parts = (2 * c.drive, c.weight * c.low, c.weight * c.high)
        most = (
            max(sum(abs(self.scaled(part)) for part in parts) * (fan_in + 2), abs(self.input), abs(self.bias)) * factor
        )
        if most >= MOST:
            raise ConstructionError(
                f"need weights times scale within 2^60, got up to {most}, at gates of {fan_in} literals"
            )

    def constants(self, needs: Integers, plain: Integers, negated: Integers) -> Integers:
        """The weights from the constant vertex to gates (G,), from how many literals each needs, and how many of its
        literals are plain and negated."""
        c = self.of
        drive, low, high = (self.scaled(value) for value in (c.drive, c.weight * c.low, c.weight * c.high))
        return drive - 2 * drive * needs - low * plain + high * negated


def with_output_gates(circuit: FlatCircuit) -> FlatCircuit:
    """The same circuit with a NOT gate for every negated output literal, so that every output is a node."""
    flipped = sorted({literal for literal in circuit.outputs.values() if literal & 1})
    if not flipped:
        return circuit
    gates, extra = circuit.gates, len(flipped)
    at = {literal: 2 * (circuit.size + i) for i, literal in enumerate(flipped)}
    longer = Gates(
        needs=np.concatenate((gates.needs, np.ones(extra, np.int64))),
        offsets=np.concatenate((gates.offsets, gates.offsets[-1] + 1 + np.arange(extra))),
        literals=np.concatenate((gates.literals, np.array(flipped, np.int64))),
    )
    outputs = {name: at.get(literal, literal) for name, literal in circuit.outputs.items()}
    return FlatCircuit(inputs=circuit.inputs, gates=longer, outputs=outputs, signals=circuit.signals)


def stamp(circuit: FlatCircuit, *, bounds: tuple[Number, Number] = BINARY, sigma: Activation = RAMP) -> Stamped:
    """The network of a circuit: one vertex for each input and each gate, all strictly flat.

    Parameters
    ----------
    bounds
        (y0, y1); an input of at most y0 is read as 0, one of at least y1 as 1.
    sigma
        Any activation with two unbounded flat pieces of different values.

    >>> from constructions.computation.builder import Builder
    >>> builder = Builder()
    >>> a, b = builder.input("a"), builder.input("b")
    >>> builder.output("both", builder.both(a, b))
    >>> net = stamp(builder.circuit()).network
    >>> net.size, {name: str(v) for name, v in net({"a": Fraction(1), "b": Fraction(0)}).items()}
    (6, {'both': '-2'})
    """
    circuit = with_output_gates(circuit)
    weights = Weights.choose(sigma, (rational(bounds[0], where="y0"), rational(bounds[1], where="y1")))
    n, gates = len(circuit.inputs), circuit.gates
    weights.check(int(gates.fan_in.max(initial=0)))
    signs = gates.literals & 1
    negated = np.zeros(len(gates), np.int64)
    np.add.at(negated, np.repeat(np.arange(len(gates)), gates.fan_in), signs)
    gate_constants = weights.constants(gates.needs, gates.fan_in - negated, negated)
    constants = np.concatenate((np.full(n, weights.bias), gate_constants))
    fan_in = np.concatenate((np.ones(n, np.int64), gates.fan_in))
    tails = np.concatenate((1 + np.arange(n), n + 1 + (gates.literals >> 1)))
    values = np.concatenate((np.full(n, weights.input), weights.plain * (1 - 2 * signs)))
    sizes = fan_in + (constants != 0)
    offsets = np.concatenate((np.zeros(n + 2, np.int64), np.cumsum(sizes)))
    sources, scaled = np.zeros(int(offsets[-1]), np.int64), np.zeros(int(offsets[-1]), np.int64)
    starts = offsets[n + 1 : -1]
    scaled[starts[constants != 0]] = constants[constants != 0]
    inside = np.arange(len(tails)) - np.repeat(np.cumsum(fan_in) - fan_in, fan_in)
    places = np.repeat(starts + (constants != 0), fan_in) + inside
    order = np.lexsort((tails, np.repeat(np.arange(len(fan_in)), fan_in)))
    sources[places], scaled[places] = tails[order], values[order]
    network = FlatNetwork(
        inputs=circuit.inputs,
        offsets=offsets,
        sources=sources,
        weights=scaled,
        scale=weights.scale,
        sigma=sigma,
        outputs={name: n + 1 + (literal >> 1) for name, literal in circuit.outputs.items()},
    )
    return Stamped(circuit=circuit, network=network, places=n + 1 + np.arange(circuit.size))


def circuit_of(network: FlatNetwork, *, bounds: tuple[Number, Number] = BINARY) -> FlatCircuit:
    """The circuit that a network's weights spell: adaptors become inputs, every other vertex a gate.

    Parameters
    ----------
    bounds : at which values an input counts as 0 and as 1.

    Raises
    ------
    ConstructionError
        Naming the first vertex that is no adaptor and no gate, an input without one adaptor of its own, or an output
        that is an input or the constant.

    >>> from constructions.computation.flat import Gates
    >>> net = stamp(FlatCircuit(inputs=("a",), gates=Gates.of([(1, (1,))]), outputs={"no": 2})).network
    >>> circuit_of(net)(a=False)
    {'no': True}
    """
    read = _WeightsOf(network, bounds)
    bare = [name for name, v in network.outputs.items() if v < network.first]
    if bare:
        raise ConstructionError(
            f"need outputs that carry bits, got vertex {network.name(network.outputs[bare[0]])}, at output {bare[0]!r}"
        )
    carriers = read.adaptors()
    is_adaptor = np.zeros(network.size, np.bool_)
    is_adaptor[carriers] = True
    gates = np.flatnonzero(~is_adaptor[network.first :]) + network.first
    node = np.zeros(network.size, np.int64)
    node[carriers], node[gates] = np.arange(len(carriers)), len(carriers) + np.arange(len(gates))
    outputs = {name: 2 * int(node[v]) for name, v in network.outputs.items()}
    return FlatCircuit(inputs=network.inputs, gates=read.gates(gates, node), outputs=outputs)


class _WeightsOf:
    """The weights of a network, those from the constant apart: (k,) tails, heads and weights of all other edges."""

    def __init__(self, network: FlatNetwork, bounds: tuple[Number, Number]) -> None:
        self.network, self.rule = network, Weights.choose(network.sigma, bounds)
        if self.rule.scale * network.scale == 0 or network.scale % self.rule.scale:
            raise ConstructionError(f"need weights over a multiple of {self.rule.scale}, got scale {network.scale}")
        self.factor = network.scale // self.rule.scale
        self.rule.check(int(network.fan_in.max(initial=0)), self.factor)
        heads, is_constant = network.heads, network.sources == 0
        self.constants = np.zeros(network.size, np.int64)
        self.constants[heads[is_constant]] = network.weights[is_constant]
        self.tails, self.heads = network.sources[~is_constant], heads[~is_constant]
        self.weights = network.weights[~is_constant]
        self.fan_in = np.bincount(self.heads, minlength=network.size)
        self.from_input = self.tails < network.first

    def adaptors(self) -> Integers:
        """(n,) the adaptor of each input; what an input feeds must be one, and each feeds one."""
        heads, from_input, factor = self.heads, self.from_input, self.factor
        adapted = (
            (self.weights == self.rule.input * factor)
            & (self.constants[heads] == self.rule.bias * factor)
            & (self.fan_in[heads] == 1)
        )
        _refuse(from_input & ~adapted, heads, self.network, "an input to feed nothing but an adaptor with its weights")
        fed = self.tails[from_input]
        if not np.array_equal(np.sort(fed), 1 + np.arange(len(self.network.inputs))):
            raise ConstructionError("need exactly one adaptor for each input, got none or several for some")
        return np.asarray(heads[from_input][np.argsort(fed, kind="stable")])

    def gates(self, vertices: Integers, node: Integers) -> Gates:
        """The gates at these vertices; ``node`` (N,) says which node of the circuit each vertex is."""
        rule, factor, inner, fan_in = self.rule, self.factor, ~self.from_input, self.fan_in
        signs = (self.weights == -rule.plain * factor).astype(np.int64)
        wrong = inner & (np.abs(self.weights) != abs(rule.plain) * factor)
        _refuse(wrong, self.heads, self.network, f"weights of {rule.of.weight} or minus that")
        negated = np.bincount(self.heads, weights=signs, minlength=len(fan_in)).astype(np.int64)
        zero = rule.constants(np.zeros(len(fan_in), np.int64), fan_in - negated, negated) * factor
        needs, rest = np.divmod(zero - self.constants, 2 * rule.scaled(rule.of.drive) * factor)
        odd = (rest != 0) | (needs < 0) | (needs > fan_in + 1)
        _refuse(odd[vertices], vertices, self.network, "a constant that makes a gate")
        return Gates(
            needs=needs[vertices],
            offsets=np.concatenate((np.zeros(1, np.int64), np.cumsum(fan_in[vertices]))),
            literals=2 * node[self.tails[inner]] + signs[inner],
        )


def _refuse(wrong: np.ndarray, vertices: Integers, network: FlatNetwork, need: str) -> None:
    if wrong.any():
        vertex = int(vertices[int(np.argmax(wrong))])
        edges = ", ".join(f"{network.name(u)}: {w}" for u, w in network.into(vertex)[:6])
        raise ConstructionError(f"need {need}, got edges {edges}, at vertex {network.name(vertex)}")
