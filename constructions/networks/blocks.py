"""Blocks of an emulation network as templates in arrays, stamped any number of times (Lemma 3b).

An emulation network is a row of blocks, one for each round of the method, and one for its predictor. Blocks of odd
rounds are alike, and so are those of even rounds, but for where they stand. So each kind is built once, as a
*template*: its vertices are numbered from 0, and an edge into it says in which *place* its tail is and at which
position there:

* ``SHARED``: the vertices that all blocks share, before the first block (the constant, x and its adaptors, the start);
* ``BEFORE``: the block before, which hands on the clock and the method's state;
* ``HERE``: the block itself.

To *stamp* a template is to add to each tail where its place begins: index arithmetic over arrays, without a Python
object for an edge. It makes networks of 10^7 vertices in seconds.

The vertices of a round's block, in an order in which every edge leads upwards (:class:`RoundLayout`):

1. the memory: for each copy of Q or Q' its v1 and its digits vr (Definition 2), which depend on the constant alone;
2. the random bits: one vertex each, on an edge of sampled sign from the constant;
3. the gates of the round's circuit (:mod:`constructions.networks.round_circuit`), which read digits, clock, state
   and x;
4. for each copy vc, which the circuit drives (2: the copy is idle, 0: it is active), then v2, v2' and v3, the paths
   from v1 to the output;
5. for each copy its *canceller*, a secondary output control: it takes off the output what an active copy adds;
6. the primary control, which holds the output at the value of the round.

Behind the last round stand the predictor's gates and its final controls, of weights 2^-(i+1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from constructions.computation.flat import FlatCircuit, Integers
from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number, rational
from constructions.foundations.network import Fragment
from constructions.networks.computation import BINARY
from constructions.networks.controls import activator, control, final_weight, primary_weight, secondary_weight
from constructions.networks.flat import MOST
from constructions.networks.queries import Setting, bits_for, query_graph
from constructions.networks.round_circuit import CLOCK, STEADY, RoundCircuit
from constructions.networks.stamped import Weights

SHARED, BEFORE, HERE = range(3)
Places = dict[str, tuple[int, int]]
"""For each input of a circuit: its place and its position there."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges of a template, or of several side by side: heads, places and positions of the tails, weights times a
    scale; (m,) each."""

    heads: Integers
    places: Integers
    tails: Integers
    weights: Integers

    @classmethod
    def joined(cls, parts: Sequence["Edges"]) -> "Edges":
        """All edges in the order of their heads, then of their tails."""
        heads, places, tails, weights = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("heads", "places", "tails", "weights")
        )
        order = np.lexsort((tails, places, heads))
        return cls(heads[order], places[order], tails[order], weights[order])

    @classmethod
    def of(cls, heads: Integers, tails: Integers, weight: Integers | int, place: int = HERE) -> "Edges":
        """From arrays ``heads`` and ``tails`` (m,); a single weight or place stands for all."""
        return cls(
            heads, np.broadcast_to(np.int64(place), heads.shape), tails, np.broadcast_to(np.int64(weight), heads.shape)
        )


@dataclass(frozen=True, kw_only=True)
class BlockTemplate:
    """A part of a network from which all rounds are stamped: its vertices by position, and the edges into them.

    Parameters
    ----------
    size : int
        How many vertices.
    edges : Edges
        The edges into them.
    to_output, output_weights
        (k,) vertices that feed the output, and the weights of these edges times the scale.
    outputs
        The positions of the circuit's outputs.
    groups
        Names of ranges of vertices.
    digits
        (copies, k) the digits, least first.
    random
        (r,) the vertices that carry random bits.
    """

    size: int
    edges: Edges
    to_output: Integers
    output_weights: Integers
    outputs: Mapping[str, int]
    groups: Mapping[str, tuple[int, int]]
    digits: Integers
    random: Integers

    @cached_property
    def fan_in(self) -> Integers:
        """(size,) how many edges lead to each vertex."""
        return np.bincount(self.edges.heads, minlength=self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLayout:
    """Where everything stands in the block of a round, in the order of the module's page.

    >>> at = RoundLayout(copies=2, bits=4, random_bits=1, gates=10)
    >>> at.digits.tolist(), at.random.tolist(), at.gates_from, at.vc.tolist(), at.primary, at.size
    ([[4, 3, 2, 1], [9, 8, 7, 6]], [10], 11, [21, 22], 31, 32)
    """

    copies: int
    bits: int
    random_bits: int
    gates: int

    @property
    def v1(self) -> Integers:
        """(copies,) each is followed by its digits, the highest first: a digit is read by the lower ones."""
        return np.arange(self.copies) * (1 + self.bits)

    @property
    def digits(self) -> Integers:
        """(copies, k) the digits, least first."""
        return np.asarray(self.v1[:, None] + 1 + np.arange(self.bits)[::-1])

    @property
    def random(self) -> Integers:
        """The vertices that carry the random bits."""
        return self.copies * (1 + self.bits) + np.arange(self.random_bits)

    @property
    def gates_from(self) -> int:
        """The first gate."""
        return self.copies * (1 + self.bits) + self.random_bits

    def _behind_gates(self, row: int) -> Integers:
        return self.gates_from + self.gates + row * self.copies + np.arange(self.copies)

    @property
    def vc(self) -> Integers:
        """(copies,) the activators."""
        return self._behind_gates(0)

    @property
    def v3(self) -> Integers:
        """(copies,) the vertices that feed the output."""
        return self._behind_gates(3)

    @property
    def canceller(self) -> Integers:
        """(copies,) the secondary controls."""
        return self._behind_gates(4)

    @property
    def primary(self) -> int:
        """The primary control, the last vertex."""
        return self.gates_from + self.gates + 5 * self.copies

    @property
    def size(self) -> int:
        """How many vertices there are."""
        return self.primary + 1

    @property
    def of_query_graph(self) -> dict[str, Integers | int]:
        """The vertices of Q or Q' by their names there, in all copies."""
        names: dict[str, Integers | int] = {"v1": self.v1, "v2": self._behind_gates(1), "v2'": self._behind_gates(2)}
        return names | {"v3": self.v3, "vc": self.vc} | {f"vr{i}": self.digits[:, i] for i in range(self.bits)}

    @property
    def inputs(self) -> Places:
        """The inputs of the round's circuit that stand in the block itself: random bits and digits."""
        found = {f"random {i}": (HERE, int(v)) for i, v in enumerate(self.random)}
        digits = self.digits.tolist()
        return found | {f"digit {c} {i}": (HERE, v) for c, row in enumerate(digits) for i, v in enumerate(row)}

    @property
    def groups(self) -> dict[str, tuple[int, int]]:
        """Names of ranges of vertices: the first, one past the last."""
        late, count, gates = self.gates_from + self.gates, self.copies, self.gates_from
        return {
            "memory": (0, gates - self.random_bits),
            "random bits": (gates - self.random_bits, gates),
            "computation": (gates, late),
            "activators": (late, late + count),
            "paths": (late + count, late + 4 * count),
            "cancellers": (late + 4 * count, self.primary),
            "primary control": (self.primary, self.size),
        }


@dataclass(frozen=True, kw_only=True)
class Stamper:
    """What all templates of one network share: setting, precision rho, and the scale of the weights."""

    setting: Setting
    rho: Fraction
    scale: int

    @property
    def bits(self) -> int:
        """k, digits of a copy."""
        return bits_for(self.rho)

    @property
    def gate_weights(self) -> Weights:
        """The weights of Lemma 10's gates."""
        return Weights.choose(RAMP, BINARY)

    def scaled(self, weight: Number) -> int:
        """A weight as an integer over the scale. Raises ConstructionError for one of 2^60 or more."""
        value = rational(weight, where="weight") * self.scale
        assert value.denominator == 1, f"scale {self.scale} does not serve {weight}"
        if abs(value) >= MOST:
            bits = int(abs(value)).bit_length()
            raise ConstructionError(
                f"need weights times their common scale within 2^60, got {bits} bits, at rho = {self.rho}"
            )
        return int(value)

    def gates(self, circuit: FlatCircuit, first: int, inputs: Places) -> Edges:
        """The edges of a circuit's gates, of which the first becomes vertex ``first`` (Lemma 10); ``inputs`` says where
        each input is."""
        rule, rows, n = self.gate_weights, circuit.gates, len(circuit.inputs)
        factor = self.scale // rule.scale
        rule.check(int(rows.fan_in.max(initial=0)), factor)
        signs, nodes = rows.literals & 1, rows.literals >> 1
        owner = np.repeat(np.arange(len(rows)), rows.fan_in)
        negated = np.bincount(owner, weights=signs, minlength=len(rows)).astype(np.int64)
        constants = rule.constants(rows.needs, rows.fan_in - negated, negated) * factor
        kinds = np.full(circuit.size, HERE)
        at = np.concatenate((np.zeros(n, np.int64), first + np.arange(len(rows))))
        for i, name in enumerate(circuit.inputs):
            kinds[i], at[i] = inputs.get(name, (SHARED, 0))
        driven = np.flatnonzero(constants)
        return Edges.joined(
            [
                Edges(first + owner, kinds[nodes], at[nodes], rule.plain * factor * (1 - 2 * signs)),
                Edges.of(first + driven, np.zeros(len(driven), np.int64), constants[driven], SHARED),
            ]
        )

    def stamp(self, template: Fragment, at: Mapping[str, Integers | int], *, count: int) -> Edges:
        """``count`` copies of a small fragment side by side; ``at`` says where its vertices are, in each (or in
        all)."""
        parts = []
        for (u, v), weight in template.edges.items():
            if (u in at and v in at) or (u == template.constant and v in at):
                tails = np.broadcast_to(np.asarray(at.get(u, 0), np.int64), count)
                heads = np.broadcast_to(np.asarray(at[v], np.int64), count)
                parts.append(Edges.of(heads, tails, self.scaled(weight), SHARED if u == template.constant else HERE))
        return Edges.joined(parts)

    def bit_constants(self, values: Sequence[bool]) -> Integers:
        """The weights from the constant to vertices that carry fixed bits."""
        zero, needs = np.zeros(len(values), np.int64), np.array([0 if value else 1 for value in values], np.int64)
        return self.gate_weights.constants(needs, zero, zero) * (self.scale // self.gate_weights.scale)

    def round_template(
        self, made: RoundCircuit, *, prime: bool, before: Places, shared: Places, random_bits: int
    ) -> BlockTemplate:
        """The template of a round.

        Parameters
        ----------
        made : RoundCircuit
            What the round computes, and its copies of Q, or of Q' if it is ``prime``.
        before, shared : Places
            Where the circuit's inputs are that come from the block before (clock and state) and from the vertices that
            all blocks share (x).
        random_bits : int
            How many random bits the round draws.
        """
        circuit = made.circuit
        at = RoundLayout(copies=len(made.copies), bits=self.bits, random_bits=random_bits, gates=len(circuit.gates))
        outputs = {
            name: at.gates_from + (literal >> 1) - len(circuit.inputs) for name, literal in circuit.outputs.items()
        }
        idle = np.array([outputs[f"idle {c}"] for c in range(at.copies)])
        plus = np.array([outputs[f"active {c}"] for c in range(at.copies)]) if prime else idle
        graph = query_graph(self.setting, rho=self.rho, bits=self.bits, prime=prime)
        steady = outputs[STEADY]
        edges = [
            self.stamp(graph, at.of_query_graph, count=at.copies),
            self.stamp(activator(self.setting), {"bit": idle, "vc": at.vc}, count=at.copies),
            self.stamp(control(), {"plus": plus, "minus": steady, "control": at.canceller}, count=at.copies),
            self.stamp(control(), {"plus": int(plus[0]), "minus": steady, "control": at.primary}, count=1),
            Edges.of(at.random, np.zeros(random_bits, np.int64), self.scaled(self.gate_weights.of.drive), SHARED),
            self.gates(circuit, at.gates_from, {**shared, **before, **at.inputs}),
        ]
        return BlockTemplate(
            size=at.size,
            edges=Edges.joined(edges),
            to_output=np.concatenate((at.v3, at.canceller, [at.primary])),
            outputs=outputs,
            groups=at.groups,
            digits=at.digits,
            random=at.random,
            output_weights=self.round_output_weights(graph, at.copies),
        )

    def round_output_weights(self, graph: Fragment, copies: int) -> Integers:
        """(2 copies + 1,) the weights into the output: from every v3, from every canceller, from the primary
        control."""
        weights = [graph.weight("v3", "v4")] * copies + [secondary_weight(self.setting)] * copies
        return np.array([self.scaled(weight) for weight in (*weights, primary_weight(self.setting, self.rho))])

    def predictor_template(
        self, circuit: FlatCircuit, *, before: Places, shared: Places, fraction: int
    ) -> BlockTemplate:
        """The template behind the last round: the circuit of the predictor, and its final controls, of weights
        2^-(i+1).

        ``before`` and ``shared`` are as in :meth:`round_template`; ``fraction`` is how many binary places a prediction
        has.
        """
        outputs = {name: (literal >> 1) - len(circuit.inputs) for name, literal in circuit.outputs.items()}
        gates, values = len(circuit.gates), [name for name in outputs if name != STEADY]
        final = gates + np.arange(len(values))
        driven: dict[str, Integers | int] = {"plus": np.array([outputs[name] for name in values]), "control": final}
        driven["minus"] = outputs[STEADY]
        edges = [self.gates(circuit, 0, {**shared, **before}), self.stamp(control(), driven, count=len(values))]
        place = [final_weight(Fraction(1 << int(name.split()[1]), 1 << fraction)) for name in values]
        nothing = np.zeros(0, np.int64)
        return BlockTemplate(
            size=gates + len(values),
            edges=Edges.joined(edges),
            to_output=final,
            outputs=outputs,
            random=nothing,
            output_weights=np.array([self.scaled(weight) for weight in place]),
            digits=np.zeros((0, self.bits), np.int64),
            groups={"predictor": (0, gates), "final controls": (gates, gates + len(values))},
        )


def carried_places(outputs: Mapping[str, int]) -> Places:
    """Where the next block finds clock and state, given the outputs of this one's circuit.

    >>> carried_places({"clock": 7, "state 0": 9, "idle 0": 8})
    {'clock': (1, 7), 'state 0': (1, 9)}
    """
    return {name: (BEFORE, at) for name, at in outputs.items() if name == CLOCK or name.startswith("state ")}
