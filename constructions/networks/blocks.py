"""Blocks of an emulation network as templates in arrays, stamped any number of times (Lemma 3b).

A block is a row of vertices; its edges come from three *places*: the vertices that all blocks share (the constant, the
adaptors), the block before, and the block itself. A template holds each edge once, with tails relative to their place,
so that stamping is index arithmetic. Order inside: v1 and the digits of every copy, the random bits, the gates, vc, v2,
v2', v3 and canceller of every copy, the controls.
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
        """From arrays of one length; a single weight or place stands for all."""
        return cls(
            heads, np.broadcast_to(np.int64(place), heads.shape), tails, np.broadcast_to(np.int64(weight), heads.shape)
        )


@dataclass(frozen=True, kw_only=True)
class BlockTemplate:
    """A template.

    Parameters
    ----------
    size : how many vertices. edges : the edges into them. to_output : (k,) vertices that feed the output, with their
        weights.
    outputs : the positions of the circuit's outputs. groups : names of ranges of vertices. digits : (copies, k) the
        digits, least first.
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


@dataclass(frozen=True, kw_only=True)
class Stamper:
    """What all templates of one network share: setting, precision, and the scale of the weights."""

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
        """A weight as an integer over the scale."""
        value = rational(weight, where="weight") * self.scale
        assert value.denominator == 1, f"scale {self.scale} does not serve {weight}"
        if abs(value) >= MOST:
            bits = int(abs(value)).bit_length()
            raise ConstructionError(
                f"need weights times their common scale within 2^60, got {bits} bits, at rho = {self.rho}"
            )
        return int(value)

    def gates(self, circuit: FlatCircuit, first: int, inputs: Places) -> Edges:
        """The edges of a circuit's gates, from ``first`` on (Lemma 10)."""
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

    def round(
        self, made: RoundCircuit, *, prime: bool, before: Places, shared: Places, random_bits: int
    ) -> BlockTemplate:
        """The template of a round; ``before`` says where clock and state are in the block before."""
        circuit, count, k = made.circuit, len(made.copies), self.bits
        first = np.arange(count) * (1 + k)
        digits = first[:, None] + 1 + np.arange(k)[::-1]
        random = count * (1 + k) + np.arange(random_bits)
        gates = count * (1 + k) + random_bits
        late = gates + len(circuit.gates)
        vc, v2, v2_, v3, canceller = (late + i * count + np.arange(count) for i in range(5))
        primary = late + 5 * count
        inputs = {**shared, **before, **{f"random {i}": (HERE, int(v)) for i, v in enumerate(random)}}
        inputs |= {f"digit {c} {i}": (HERE, int(digits[c, i])) for c in range(count) for i in range(k)}
        outputs = {name: gates + (literal >> 1) - len(circuit.inputs) for name, literal in circuit.outputs.items()}
        idle = np.array([outputs[f"idle {c}"] for c in range(count)])
        plus = np.array([outputs[f"active {c}"] for c in range(count)]) if prime else idle
        graph = query_graph(self.setting, rho=self.rho, bits=k, prime=prime)
        names: dict[str, Integers | int] = {"v1": first, "v2": v2, "v2'": v2_, "v3": v3, "vc": vc}
        names |= {f"vr{i}": digits[:, i] for i in range(k)}
        steady = outputs[STEADY]
        edges = [
            self.stamp(graph, names, count=count),
            self.stamp(activator(self.setting), {"bit": idle, "vc": vc}, count=count),
            self.stamp(control(), {"plus": plus, "minus": steady, "control": canceller}, count=count),
            self.stamp(control(), {"plus": int(plus[0]), "minus": steady, "control": primary}, count=1),
            Edges.of(random, np.zeros(random_bits, np.int64), self.scaled(self.gate_weights.of.drive), SHARED),
            self.gates(circuit, gates, inputs),
        ]
        gain = self.setting.gain_prime if prime else self.setting.gain
        assert graph.weight("v3", "v4") == gain
        to_output = np.concatenate((v3, canceller, [primary]))
        weights = (
            [graph.weight("v3", "v4")] * count
            + [secondary_weight(self.setting)] * count
            + [primary_weight(self.setting, self.rho)]
        )
        groups = {
            "memory": (0, gates - random_bits),
            "random bits": (gates - random_bits, gates),
            "computation": (gates, late),
        }
        groups |= {"activators": (late, late + count), "paths": (late + count, late + 4 * count)}
        groups |= {"cancellers": (late + 4 * count, primary), "primary control": (primary, primary + 1)}
        return BlockTemplate(
            size=primary + 1,
            edges=Edges.joined(edges),
            to_output=to_output,
            outputs=outputs,
            groups=groups,
            digits=digits,
            random=random,
            output_weights=np.array([self.scaled(weight) for weight in weights]),
        )

    def predictor(self, circuit: FlatCircuit, *, before: Places, shared: Places, fraction: int) -> BlockTemplate:
        """The template behind the last round: the predictor and its final controls, of weights 2^-(i+1)."""
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


def carried(outputs: Mapping[str, int]) -> Places:
    """Where the block behind finds clock and state."""
    return {name: (BEFORE, at) for name, at in outputs.items() if name == CLOCK or name.startswith("state ")}
