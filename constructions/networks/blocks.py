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

The vertices of a round's block, in an order in which every edge leads upwards
(:class:`~constructions.networks.layout.RoundLayout`):

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
from itertools import pairwise

import numpy as np

from constructions.computation.flat import FlatCircuit, Integers
from constructions.errors import ConstructionError
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number, rational
from constructions.foundations.network import Fragment
from constructions.networks.computation import BINARY
from constructions.networks.controls import activator, control, final_weight, primary_weight, secondary_weight
from constructions.networks.flat import MOST
from constructions.networks.layout import (
    BEFORE,
    CANCELLER,
    HERE,
    SHARED,
    V2,
    VC,
    PlacedTemplate,
    RoundDrive,
    RoundLayout,
    bases,
    control_at,
    path_gadgets,
    primary_gadget,
)
from constructions.networks.queries import Setting, bits_for, query_graph
from constructions.networks.round_circuit import CLOCK, STEADY, RoundCircuit
from constructions.networks.stamped import Weights

Places = dict[str, tuple[int, int]]
"""For each input of a circuit: its place and its position there."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges of a template, or of several side by side: heads, places and positions of the tails, weights times a
    scale; (m,) each.

    >>> parts = [Edges.of(np.array([at]), np.array([0]), weight) for at, weight in ((5, 2), (4, -1))]
    >>> found = Edges.joined(parts)
    >>> found.heads.tolist(), found.weights.tolist()
    ([4, 5], [-1, 2])
    """

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


def places_in(layout: RoundLayout) -> Places:
    """The inputs of a round's circuit that stand in the block itself: random bits and digits.

    >>> places_in(RoundLayout(copies=1, bits=2, random_bits=1, gates=3))
    {'random 0': (2, 3), 'digit 0 0': (2, 2), 'digit 0 1': (2, 1)}
    """
    found = {f"random {i}": (HERE, layout.random(i)) for i in range(layout.random_bits)}
    digits = ((c, i) for c in range(layout.copies) for i in range(layout.bits))
    return found | {f"digit {c} {i}": (HERE, layout.digit(c, i)) for c, i in digits}


def groups_in(layout: RoundLayout) -> dict[str, tuple[int, int]]:
    """Names of ranges of vertices in a round's block: the first, one past the last.

    >>> list(groups_in(RoundLayout(copies=1, bits=2, random_bits=1, gates=3)).items())[:3]
    [('memory', (0, 3)), ('random bits', (3, 4)), ('computation', (4, 7))]
    """
    ends = {
        "memory": layout.random(0),
        "random bits": layout.gate(0),
        "computation": layout.row(VC, 0),
        "activators": layout.row(V2, 0),
        "paths": layout.row(CANCELLER, 0),
        "cancellers": layout.primary,
        "primary control": layout.size,
    }
    return dict(zip(ends, pairwise((0, *ends.values())), strict=True))


@dataclass(frozen=True, kw_only=True)
class Stamper:
    """What all templates of one network share: setting, precision rho, and the scale of the weights.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> plan = Plan(machine=best_literal_machine(1, fraction=6), rho=Fraction(1, 16))
    >>> stamper, circuit = plan.stamper, plan.predictor
    >>> stamper.scaled(Fraction(3, stamper.scale))
    3
    >>> gates = stamper.gates(circuit, 7, {})
    >>> sorted(set(gates.heads.tolist())) == [7 + i for i in range(len(circuit.gates))]
    True
    >>> last = stamper.predictor_template(circuit, before={}, shared={}, fraction=0)
    >>> first = stamper.round_template(plan.rounds[0], prime=False, before={}, shared={}, random_bits=0)
    >>> last.size > len(circuit.gates), first.digits.shape == (len(plan.copies), stamper.bits)
    (True, True)

    >>> vertices = {"bit": np.array([3, 4]), "vc": np.array([7, 8])}
    >>> edge = PlacedTemplate(Fragment(inputs=("bit",), outputs=("vc",), edges={("bit", "vc"): 1}), vertices)
    >>> stamped = stamper.stamp(edge, count=2)
    >>> stamped.tails.tolist(), stamped.heads.tolist(), stamped.weights.tolist() == [stamper.scale] * 2
    ([3, 4], [7, 8], True)
    >>> (stamper.bit_constants([True, False]) // stamper.scale).tolist()
    [4, -4]
    """

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

    def stamp(self, gadget: PlacedTemplate, *, count: int) -> Edges:
        """``count`` copies of a gadget side by side; it says where its vertices are, in each (or in all)."""
        parts = []
        for place, tail, head, weight in gadget.wires():
            tails, heads = (np.broadcast_to(np.asarray(at, np.int64), count) for at in (tail, head))
            parts.append(Edges.of(heads, tails, self.scaled(weight), place))
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
        outputs = {name: at.gate((literal >> 1) - len(circuit.inputs)) for name, literal in circuit.outputs.items()}
        copies, random = np.arange(at.copies), at.random(np.arange(random_bits))
        idle = np.array([outputs[f"idle {c}"] for c in copies])
        plus = np.array([outputs[f"active {c}"] for c in copies]) if prime else idle
        drive = RoundDrive(idle=lambda c: idle[c], plus=lambda c: plus[c], steady=outputs[STEADY])
        graph = query_graph(self.setting, rho=self.rho, bits=self.bits, prime=prime)
        digits = at.digit(copies[:, None], np.arange(self.bits))
        read = {f"vr{i}": digits[:, i] for i in range(self.bits)}
        gadgets = [PlacedTemplate(graph, at.path(copies) | read)]
        gadgets += path_gadgets(at, copies, drive, activator=activator(self.setting), control=control()).values()
        edges = [
            *(self.stamp(gadget, count=at.copies) for gadget in gadgets),
            self.stamp(primary_gadget(at, drive, control=control()), count=1),
            Edges.of(random, np.zeros(random_bits, np.int64), self.scaled(self.gate_weights.of.drive), SHARED),
            self.gates(circuit, at.gate(0), {**shared, **before, **places_in(at)}),
        ]
        return BlockTemplate(
            size=at.size,
            edges=Edges.joined(edges),
            to_output=at.feeder(np.arange(at.feeders)),
            outputs=outputs,
            groups=groups_in(at),
            digits=digits,
            random=random,
            output_weights=self.round_output_weights(graph, at),
        )

    def round_output_weights(self, graph: Fragment, layout: RoundLayout) -> Integers:
        """(2 copies + 1,) the weights into the output: from every v3, from every canceller, from the primary control.

        Parameters
        ----------
        graph : Q or Q'. layout : the round.

        >>> from constructions.networks.queries import DYADIC
        >>> stamper, at = Stamper(setting=DYADIC, rho=Fraction(1, 8), scale=384), RoundLayout(
        ...     copies=2, bits=3, random_bits=0, gates=0
        ... )
        >>> stamper.round_output_weights(query_graph(DYADIC, rho=Fraction(1, 8), bits=3), at).tolist()
        [144, 144, 9, 9, 219]
        """
        primary = primary_weight(self.setting, self.rho)
        kinds = {"path": graph.weight("v3", "v4"), "canceller": secondary_weight(self.setting), "primary": primary}
        scaled = {name: self.scaled(weight) for name, weight in kinds.items()}
        return np.array([layout.feeder_weight(j, **scaled) for j in range(layout.feeders)])

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
        driven = control_at(np.array([outputs[name] for name in values]), outputs[STEADY], final)
        edges = [
            self.gates(circuit, 0, {**shared, **before}),
            self.stamp(PlacedTemplate(control(), driven), count=len(values)),
        ]
        place = [final_weight(Fraction(1 << int(name.split()[1]), 1 << fraction)) for name in values]
        nothing = np.zeros(0, np.int64)
        return BlockTemplate(
            size=gates + len(values),
            edges=Edges.joined(edges),
            to_output=final,
            outputs=outputs,
            random=nothing,
            output_weights=np.array([self.scaled(weight) for weight in place]),
            digits=np.zeros((0, 0), np.int64),
            groups={"predictor": (0, gates), "final controls": (gates, gates + len(values))},
        )


def carried_places(outputs: Mapping[str, int]) -> Places:
    """Where the next block finds clock and state, given the outputs of this one's circuit.

    >>> carried_places({"clock": 7, "state 0": 9, "idle 0": 8})
    {'clock': (1, 7), 'state 0': (1, 9)}
    """
    return {name: (BEFORE, at) for name, at in outputs.items() if name == CLOCK or name.startswith("state ")}


def placed(block: BlockTemplate, start: int, before: int) -> tuple[Integers, Integers, Integers]:
    """A block's fan-in, sources and weights where it stands, at ``start``, behind one that stands at ``before``.

    >>> nothing = np.zeros(0, np.int64)
    >>> one = BlockTemplate(
    ...     size=1,
    ...     edges=Edges.of(np.array([0]), np.array([0]), 5, BEFORE),
    ...     to_output=nothing,
    ...     output_weights=nothing,
    ...     outputs={},
    ...     groups={},
    ...     digits=np.zeros((0, 0), np.int64),
    ...     random=nothing,
    ... )
    >>> [part.tolist() for part in placed(one, 7, 3)]
    [[1], [3], [5]]
    """
    base = np.choose(block.edges.places, bases(before, start))
    return block.fan_in, block.edges.tails + base, block.edges.weights


def tiled(blocks: Sequence[BlockTemplate], count: int, start: int, before: int) -> tuple[Integers, Integers, Integers]:
    """``count`` of some ``blocks``, alternating, from ``start`` on; the first stands behind a block at ``before``.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> _, even, odd, _ = Plan(machine=best_literal_machine(1, fraction=6), rho=Fraction(1, 16)).blocks
    >>> [len(part) for part in tiled([even, odd], 3, 90, 5)][0] == 2 * even.size + odd.size
    True
    """
    found, at = [], start
    for block in blocks:
        found.append(placed(block, at, before))
        before, at = at, at + block.size
    times, rest = -(-count // len(blocks)), len(blocks) - count % len(blocks)
    fan_in, sources, weights = (np.concatenate([part[i] for part in found]) for i in range(3))
    moves = np.concatenate([block.edges.places for block in blocks]) != SHARED
    shifted = sources[None, :] + np.arange(times)[:, None] * (moves * (at - start))[None, :]
    cut = blocks[-1] if rest != len(blocks) else None
    vertices = times * len(fan_in) - (cut.size if cut else 0)
    edges = times * len(sources) - (len(cut.edges.heads) if cut else 0)
    return np.tile(fan_in, times)[:vertices], shifted.ravel()[:edges], np.tile(weights, times)[:edges]
