"""The network that reads a whole batch in one step: a learner from samples in, a network out that plain bSGD runs.

Vertices in this order, as in :mod:`constructions.networks.emulation`: the constant, x1, ..., xn, an adaptor for each, a
clock that has ticked, the learner's start; a block for each round; the predictor with its final controls; the output.
In the block of a round stand: for each query v1 and the digits of its copy of the signed memory; the random bits; the
gates (:mod:`constructions.networks.batch_round`); nine rows with one vertex for each copy, pc, nc, the six vertices of
its sides, its canceller; and the primary control.

In step t the primary control of round t holds the output at 1/2, one side of each of its copies is active, and the
canceller of the copy takes off what it adds: it returns -2, 2 or 0 as the plus side is active, the minus side, or none.
So all bn + 1 queries are asked of both labels at once, and a sample of T b points takes T steps. Every edge trains.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain
from math import lcm

import numpy as np

from constructions.computation.batch_machine import BatchMachine, batch_machine
from constructions.computation.flat import FlatCircuit, Integers
from constructions.computation.machines import Machine
from constructions.errors import PremiseError
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number, rational, whole
from constructions.foundations.network import Fragment
from constructions.learning.problems import Point
from constructions.networks.batch_round import NOW, BatchRound
from constructions.networks.blocks import BlockTemplate, Edges, Places, Stamper, carried_places, placed, tiled
from constructions.networks.controls import activator, control, final_weight
from constructions.networks.emulation import OUTPUT, Sizes
from constructions.networks.emulation_sizes import wires_of
from constructions.networks.flat import FlatNetwork
from constructions.networks.layout import HERE, ROWS, SHARED, BatchLayout, PlacedTemplate, SharedLayout, control_at
from constructions.networks.queries import DYADIC
from constructions.networks.round_circuit import CLOCK, STEADY
from constructions.networks.signed_conditions import why_no_signed_memory
from constructions.networks.signed_memory import HELD, SIGNED, SignedSetting, middle_of, signed_graph
from constructions.networks.stamped import Weights
from constructions.networks.trainable import Trainable
from constructions.strip.decoding import nearest_of_parity
from constructions.strip.family import PowerFamily, balance_of


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchPlan:
    """A learner with everything that decides its network; the network itself is made when it is asked for.

    Parameters
    ----------
    machine : takes one sample at a time (:func:`constructions.computation.sample_learners.fed`) and minds no order.
    family : the queries, for batches of b points of n bits.
    steps : T; the learner gets T b samples.
    rho : gradient precision.

    Raises
    ------
    PremiseError
        Unless 0 < rho and b rho < 4/3.

    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> plan = BatchPlan(machine=fed(parity_learner(1), 2), family=PowerFamily(1, 1), steps=2, rho=Fraction(13, 10))
    >>> net = plan.trainable
    >>> net.network.size == plan.sizes.vertices, len(net.network.sources) == plan.sizes.edges, plan.sizes.steps
    (True, True, 2)
    >>> plan.starts[1] - plan.starts[0] == plan.layout.size, plan.starts[-1] == net.output
    (True, True)
    >>> str(net((0,))), str(net.rate), plan.groups[0], plan.hints["held"]
    ('1/2', '1/8', ['inputs', 1, 2], '1/2')
    >>> values = net.network.pre_activations({"x1": 0})[1]
    >>> plan.answers(values, 1)  # before it is trained; for b = 1 a record of 0 says 1
    (Fraction(1, 1), Fraction(1, 1))
    >>> plan.records(values, 1), str(plan.held), [kind.name for kind in plan.kinds], plan.means([((1,), 1)])
    ([0, 0], '1/2', ['signed'], [Fraction(-1, 1), Fraction(1, 1)])
    """

    machine: Machine
    family: PowerFamily
    steps: int
    rho: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "rho", rational(self.rho, where="rho"))
        whole(self.steps, where="steps", least=1)
        if not 0 < 3 * self.family.b * self.rho < 4:
            b_rho = self.family.b * self.rho
            raise PremiseError(f"need 0 < b rho < 4/3, got b rho = {self.family.b} * {self.rho} = {b_rho}")
        fault = why_no_signed_memory(self.graph, self.rho, self.round.bits, rate=SIGNED.rate, points=self.family.b)
        assert fault is None, f"need a signed memory, got one that fails: {fault}"

    @cached_property
    def round(self) -> BatchRound:
        """What a round computes."""
        return BatchRound(machine=self.machine, family=self.family, rho=self.rho)

    @cached_property
    def whole(self) -> BatchMachine:
        """The learner as a machine that reads whole batches: what the network runs."""
        return batch_machine(self.machine, self.family, rounds=self.steps)

    @cached_property
    def graph(self) -> Fragment:
        """A copy of the signed memory."""
        return signed_graph(SIGNED, rho=self.rho, bits=self.round.bits)

    @cached_property
    def circuit(self) -> FlatCircuit:
        """The computation of a round."""
        return self.round.circuit()

    @cached_property
    def predictor(self) -> FlatCircuit:
        """The computation behind the last round."""
        return self.round.predictor()

    @cached_property
    def fraction(self) -> int:
        """How many binary places a prediction has."""
        return len(self.machine.outputs) - 1

    @property
    def shared(self) -> SharedLayout:
        """Where the vertices stand that all blocks share."""
        return SharedLayout(inputs=self.family.n, state=len(self.machine.state))

    @property
    def held(self) -> Fraction:
        """What the output is held at in every step."""
        return HELD

    @property
    def kinds(self) -> tuple[SignedSetting, ...]:
        """The settings of the copies of a round: for each of them there is one for each query."""
        return (SIGNED,)

    @cached_property
    def layout(self) -> BatchLayout:
        """Where the vertices of a round stand."""
        copies = len(self.kinds) * self.family.size
        many = self.round.random_bits
        return BatchLayout(copies=copies, bits=self.round.bits, gates=len(self.circuit.gates), random_bits=many)

    def _of_kinds(self) -> list[tuple[Fragment, Number, Integers]]:
        """For each kind, a copy, the weight of its canceller to the output, and the numbers of such copies."""
        numbers = np.arange(self.layout.copies).reshape(len(self.kinds), -1)
        graphs = [signed_graph(kind, rho=self.rho, bits=self.round.bits) for kind in self.kinds]
        return [(graph, kind.share / 2, c) for graph, kind, c in zip(graphs, self.kinds, numbers, strict=True)]

    @cached_property
    def _stamper(self) -> Stamper:
        """The scale over which all weights are whole."""
        rule = Weights.choose(RAMP, (0, 1))
        weights = [*activator(DYADIC).edges.values(), *control().edges.values()]
        for graph, canceller, _ in self._of_kinds():
            weights += [*graph.edges.values(), canceller]
        weights += [primary_for(self.held), final_weight(Fraction(1, 1 << self.fraction))]
        scale = lcm(rule.scale, *(rational(weight, where="weight").denominator for weight in weights))
        return Stamper(setting=DYADIC, rho=self.rho, scale=scale)

    def _block(self, before: Places) -> BlockTemplate:
        """The template of a round; ``before`` says where its circuit finds clock and state."""
        at, circuit, stamper = self.layout, self.circuit, self._stamper
        c, random = np.arange(at.copies), at.random(np.arange(at.random_bits))
        outputs = {name: at.gate((literal >> 1) - len(circuit.inputs)) for name, literal in circuit.outputs.items()}
        told = {kind: np.array([outputs[f"{kind} {i}"] for i in c]) for kind in ("plus idle", "minus idle", "minus")}
        rows = {name: at.row(name, c) for name in ROWS}
        digits = at.digit(c[:, None], np.arange(at.bits))
        places = rows | {"v1": at.v1(c)} | {f"vr{i}": digits[:, i] for i in range(at.bits)}
        driven = control_at(told["plus idle"], told["minus"], rows["canceller"])
        shared = self.shared
        inputs: Places = {f"x {i}": (SHARED, shared.adaptor(i)) for i in range(self.family.n)} | before
        inputs |= {f"digit {j} {i}": (HERE, int(digits[j, i])) for j in c for i in range(at.bits)}
        inputs |= {f"random {i}": (HERE, int(place)) for i, place in enumerate(random)}
        coin = stamper.scaled(stamper.gate_weights.of.drive)
        edges = [
            Edges.of(random, np.zeros(at.random_bits, np.int64), coin, SHARED),
            *(
                stamper.stamp(PlacedTemplate(graph, {v: found[one] for v, found in places.items()}), count=len(one))
                for graph, _, one in self._of_kinds()
            ),
            stamper.stamp(
                PlacedTemplate(activator(DYADIC), {"bit": told["plus idle"], "vc": rows["pc"]}), count=at.copies
            ),
            stamper.stamp(
                PlacedTemplate(activator(DYADIC), {"bit": told["minus idle"], "vc": rows["nc"]}), count=at.copies
            ),
            stamper.stamp(PlacedTemplate(control(), driven), count=at.copies),
            stamper.stamp(PlacedTemplate(control(), control_at(outputs[NOW], outputs[STEADY], at.primary)), count=1),
            stamper.gates(circuit, at.gate(0), inputs),
        ]
        return BlockTemplate(
            size=at.size,
            edges=Edges.joined(edges),
            to_output=np.concatenate([rows["p3"], rows["n3"], rows["canceller"], [at.primary]]),
            output_weights=self._output_weights,
            outputs=outputs,
            groups=at.groups,
            digits=digits,
            random=random,
        )

    @property
    def _output_weights(self) -> Integers:
        """The weights into the output: from each p3, each n3, each canceller, and the primary control."""
        rows: list[list[Number]] = [[], [], []]
        for graph, canceller, one in self._of_kinds():
            for row, weight in zip(rows, (graph.weight("p3", "v4"), graph.weight("n3", "v4"), canceller), strict=True):
                row += [weight] * len(one)
        return np.array([self._stamper.scaled(weight) for weight in (*chain(*rows), primary_for(self.held))])

    @cached_property
    def _blocks(self) -> tuple[BlockTemplate, BlockTemplate, BlockTemplate]:
        """The templates: the first round, later rounds, the predictor."""
        shared = self.shared
        start: Places = {CLOCK: (SHARED, shared.clock)}
        start |= {f"state {i}": (SHARED, shared.state_bit(i)) for i in range(len(self.machine.state))}
        first = self._block(start)
        carried = carried_places(first.outputs)
        x: Places = {f"x {i}": (SHARED, shared.adaptor(i)) for i in range(self.family.n)}
        last = self._stamper.predictor_template(self.predictor, before=carried, shared=x, fraction=self.fraction)
        return first, self._block(carried), last

    @property
    def starts(self) -> list[int]:
        """Where the block of each round, the predictor's and the output stand."""
        first, _, last = self._blocks
        found = [int(self.shared.size) + t * first.size for t in range(self.steps + 1)]
        return [*found, found[-1] + last.size]

    @cached_property
    def sizes(self) -> Sizes:
        """The exact size, from the numbers of copies, digits and gates (not from the arrays)."""
        n, state, at = self.family.n, len(self.machine.state), self.layout
        finals = len(self.predictor.outputs) - 1
        copy = 25 + 2 * at.bits + at.bits * (at.bits - 1) // 2
        a_round = at.copies * copy + at.random_bits + 4 + wires_of(self.circuit)
        edges = self.steps * a_round + wires_of(self.predictor) + 4 * finals
        return Sizes(
            vertices=2 + 2 * n + state + self.steps * at.size + len(self.predictor.gates) + finals + 1,
            edges=2 * n + 1 + state + edges,
            steps=self.steps,
            random_bits=self.steps * at.random_bits,
        )

    @cached_property
    def trainable(self) -> Trainable:
        """The network in arrays, with the random string of zeros."""
        first, later, last = self._blocks
        starts = self.starts
        parts = [self._shared_edges(), placed(first, starts[0], 0)]
        parts.append(tiled([later], self.steps - 1, starts[0] + first.size, starts[0]))
        parts.append(placed(last, starts[self.steps], starts[self.steps - 1]))
        parts.append(self._output_edges())
        fan_in, sources, weights = (np.concatenate([part[i] for part in parts]) for i in range(3))
        offsets = np.concatenate(([0], np.cumsum(fan_in)))
        random = np.array(starts[: self.steps])[:, None] + first.random[None, :]
        network = FlatNetwork(
            inputs=tuple(f"x{i + 1}" for i in range(self.family.n)),
            offsets=offsets,
            scale=self._stamper.scale,
            sigma=RAMP,
            sources=sources,
            weights=weights,
            outputs={OUTPUT: starts[-1]},
        )
        made = Trainable(
            network=network,
            rho=self.rho,
            rate=SIGNED.rate,
            batch=self.family.b,
            steps=self.steps,
            sampled=offsets[random.ravel()],
            hints=self.hints,
        )
        return made.with_random_string([0] * made.random_bits)

    def _shared_edges(self) -> tuple[Integers, Integers, Integers]:
        n, rule, first = self.family.n, self._stamper.gate_weights, self.machine.first_state()
        bits = self._stamper.bit_constants([True, *(bool(first[name]) for name in self.machine.state)])
        adaptor = np.array([rule.bias, rule.input]) * (self._stamper.scale // rule.scale)
        tails = np.array([[0, 1 + i] for i in range(n)], np.int64).ravel()
        fan_in = [0] * (1 + n) + [2] * n + [1] * len(bits)
        return (
            np.array(fan_in, np.int64),
            np.concatenate((tails, np.zeros(len(bits), np.int64))),
            np.concatenate((np.tile(adaptor, n), bits)),
        )

    def _output_edges(self) -> tuple[Integers, Integers, Integers]:
        first, _, last = self._blocks
        *rounds, behind = self.starts[:-1]
        tails = np.concatenate([*(start + first.to_output for start in rounds), behind + last.to_output])
        weights = np.concatenate([np.tile(first.output_weights, self.steps), last.output_weights])
        order = np.argsort(tails, kind="stable")
        return np.array([len(tails)]), tails[order], weights[order]

    @property
    def hints(self) -> dict[str, object]:
        """What the file says of itself."""
        names = ", ".join(kind.name for kind in self.kinds)
        return {"setting": names, "held": str(self.held), "groups": self.groups}

    @property
    def groups(self) -> list[list[object]]:
        """Names of ranges of vertices: name, first vertex, one past the last."""
        n, starts = self.family.n, self.starts
        found: list[list[object]] = [
            ["inputs", 1, 1 + n],
            ["adaptors", 1 + n, 1 + 2 * n],
            ["start", 1 + 2 * n, starts[0]],
        ]
        for t, start in enumerate(starts[:-2], 1):
            found += [[f"round {t}: {name}", start + a, start + b] for name, (a, b) in self.layout.groups.items()]
        found += [[name, starts[-2] + a, starts[-2] + b] for name, (a, b) in self._blocks[2].groups.items()]
        return [*found, ["output", starts[-1], starts[-1] + 1]]

    def digits(self, round_: int) -> Integers:
        """(copies, k) the digit vertices of a round, least first."""
        return self.starts[round_ - 1] + self._blocks[0].digits

    def records(self, values: Sequence[Number], round_: int) -> list[int]:
        """The records that the digits of a round, the ``round_``, tell, given the ``values`` of all vertices."""
        middle = middle_of(self.round.bits)
        read = [sum(1 << i for i, v in enumerate(row) if values[v] == 2) for row in self.digits(round_).tolist()]
        return [middle - one for one in read]

    def answers(self, values: Sequence[Number], round_: int) -> tuple[Fraction, ...]:
        """The means <G, r>/b that the digits of a round tell, given the value of every vertex."""
        b = self.family.b
        found = (nearest_of_parity(b * self.rho * record, b) for record in self.records(values, round_))
        return tuple(Fraction(total, b) for total in found)

    def means(self, batch: Sequence[Point]) -> list[Fraction]:
        """The means that the digits of a round have to tell of a ``batch``."""
        return [Fraction(total, len(batch)) for total in self.family.answers(balance_of(batch))]


def primary_for(held: Number) -> Number:
    """The weight of the primary control to the output: its value 2 holds the output at ``held``.

    >>> 2 * primary_for(Fraction(1, 2))
    Fraction(1, 2)
    """
    return held / 2
