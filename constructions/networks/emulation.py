"""The emulation network (Lemmas 3b and 12b): a query machine in, a network out that nothing but gradient descent runs.

Vertices in this order: the constant, x1, ..., xn, an adaptor for each x, a constant true clock, the start state as
constants; a block for each round (``blocks.py``), with copies of Q in odd rounds, of Q' in even ones; the predictor,
its final controls; the output.

In step t the copies of round t are active where their query's digit is set, the primary control of the round holds the
output at -offset rho (odd) or 1 + offset rho (even), and a canceller takes off what each active copy adds. After the
last step the final controls give the predictor's value. Every edge trains. Random bit k of round t is an edge of
sampled weight +-4.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np

from constructions.computation.flat import FlatCircuit, Integers
from constructions.computation.query_machine import QueryMachine
from constructions.errors import PremiseError
from constructions.foundations.activation import Activation
from constructions.foundations.exact import Number, rational, whole
from constructions.networks.blocks import BlockTemplate, Places, Stamper, carried_places, placed, tiled
from constructions.networks.controls import activator, control, final_weight, primary_weight, secondary_weight
from constructions.networks.decoder import Decoder
from constructions.networks.emulation_sizes import NetworkParts, network_edges, network_vertices, wires_of
from constructions.networks.flat import FlatNetwork
from constructions.networks.layout import SHARED, SharedLayout, next_start
from constructions.networks.queries import DYADIC, Setting, query_graph
from constructions.networks.round_circuit import (
    CLOCK,
    QueryCopy,
    RoundCircuit,
    is_binary,
    predictor_circuit,
    round_circuit,
    unread,
)
from constructions.networks.stamped import Weights
from constructions.networks.trainable import Trainable

OUTPUT = "f"


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """The size of an emulation network by formula: ``vertices`` V, ``edges`` p' (all of them parameters), ``steps``
    T', ``random_bits`` r'."""

    vertices: int
    edges: int
    steps: int
    random_bits: int


def sizes_of(net: Trainable) -> Sizes:
    """The size of a network as built.

    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> sizes_of(Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16), steps=3))
    Sizes(vertices=4, edges=3, steps=3, random_bits=0)
    """
    flat = net.network
    return Sizes(vertices=flat.size, edges=len(flat.sources), steps=net.steps, random_bits=net.random_bits)


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """A machine with everything that decides its network; the network itself is made when it is asked for.

    Parameters
    ----------
    machine : the method. rho : gradient precision. setting : which Q and Q'.
    batch : b (only recorded; the network serves every b). centred : see the decoder.
    tolerance : what answers must keep; 4 rho if it is not given.

    Raises
    ------
    PremiseError
        If answers cannot be kept within the tolerance (the minimal repair with signed queries, too few places, rho too
        large).

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> plan = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16))
    >>> net = plan.trainable
    >>> net.network.size == plan.sizes.vertices, len(net.network.sources) == plan.sizes.edges
    (True, True)
    >>> str(net((0, 1))), str(plan.held(1))
    ('-9/128', '-9/128')
    >>> starts = plan.starts.tolist()
    >>> starts[0] == plan.shared, starts[1] - starts[0] == plan.blocks[0].size, starts[-1] == net.output
    (True, True, True)
    >>> len(plan.predictor.outputs), plan.hints["groups"] == plan.groups, plan.groups[0]
    (2, True, ['inputs', 1, 3])
    >>> values = net.network.pre_activations({"x1": 0, "x2": 0})[1]
    >>> [str(answer) for answer in plan.answers(values, 1)], plan.decoded([0] * 4)[0]  # before it is trained
    (['0', '0', '0'], Fraction(0, 1))
    >>> plan.parts.copies
    4
    >>> [len(made.circuit.inputs) > 0 for made in plan.rounds]
    [True, True]
    """

    machine: QueryMachine
    rho: Fraction
    setting: Setting = DYADIC
    batch: int = 1
    centred: bool = False
    tolerance: Fraction | None = None
    decoder: Decoder = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rho", rational(self.rho, where="rho"))
        whole(self.batch, where="batch", least=1)
        m, decoder = self.machine, self._made_decoder()
        wanted = 4 * self.rho if self.tolerance is None else rational(self.tolerance, where="tolerance")
        if decoder.tolerance > wanted:
            signed = "signed" if m.signed else "unsigned"
            kind = f"{self.setting.name}, {signed} queries, answers of {m.answer_fraction} places"
            raise PremiseError(
                f"need answers within {wanted}, got {decoder.tolerance} = {decoder.tolerance / self.rho} rho ({kind})"
            )
        object.__setattr__(self, "decoder", decoder)

    def _made_decoder(self) -> Decoder:
        m = self.machine
        return Decoder(
            setting=self.setting,
            rho=self.rho,
            signed=m.signed,
            binary=is_binary(m),
            answer_fraction=m.answer_fraction,
            centred=self.centred,
        )

    @property
    def inputs(self) -> int:
        """n, how many inputs the network has."""
        return self.machine.inputs

    @property
    def primes(self) -> tuple[bool, bool]:
        """Whether copies of an odd and of an even round are of Q' (or of Q)."""
        return False, True

    @cached_property
    def rounds(self) -> tuple[RoundCircuit, RoundCircuit]:
        """The computation of an odd and of an even round."""
        odd, even = (self._made_round(prime) for prime in self.primes)
        return odd, even

    def _made_round(self, prime: bool) -> RoundCircuit:
        return round_circuit(self.machine, self.decoder, active=prime)

    @cached_property
    def predictor(self) -> FlatCircuit:
        """The computation behind the last round."""
        n = self.inputs
        lost = (
            set(unread(self.rounds[0].circuit)) & set(unread(self.rounds[1].circuit)) if self.machine.rounds else None
        )
        no_round_reads = [i for i in range(n) if lost is None or f"x {i}" in lost]
        return predictor_circuit(self.machine, x_unread=no_round_reads, inputs=n)

    @property
    def copies(self) -> tuple[QueryCopy, ...]:
        """The copies of a round, the clock's first."""
        return self.rounds[0].copies

    def held(self, step: int) -> Number:
        """What the network returns on every sample in a step."""
        return self.setting.output(self.rho, prime=self.primes[(step - 1) % 2])

    @cached_property
    def stamper(self) -> Stamper:
        """The scale over which all weights are whole."""
        return Stamper(setting=self.setting, rho=self.rho, scale=self._scale())

    def _scale(self, further: Sequence[Number] = ()) -> int:
        """The scale over which all weights are whole, ``further`` ones as well."""
        setting, rho = self.setting, self.rho
        weights = [
            *further,
            primary_weight(setting, rho),
            secondary_weight(setting),
            final_weight(Fraction(1, 1 << self.machine.predict_fraction)),
        ]
        weights += [
            w
            for prime in sorted(set(self.primes))
            for w in query_graph(setting, rho=rho, bits=self.decoder.bits, prime=prime).edges.values()
        ]
        weights += [*activator(setting).edges.values(), *control().edges.values()]
        rule = Weights.choose(self.sigma, (0, 1))
        return lcm(rule.scale, *(rational(w, where="weight").denominator for w in weights))

    @property
    def sigma(self) -> Activation:
        """The two-stage ramp."""
        return control().sigma

    @property
    def shared_layout(self) -> SharedLayout:
        """Where the vertices stand that all blocks share."""
        return SharedLayout(inputs=self.inputs, state=len(self.machine.machine.state))

    @cached_property
    def shared(self) -> int:
        """How many vertices stand before the first block."""
        return int(self.shared_layout.size)

    @cached_property
    def blocks(self) -> tuple[BlockTemplate, BlockTemplate, BlockTemplate, BlockTemplate]:
        """The templates: the first round, even rounds, later odd rounds, the predictor."""
        odd, even = self.rounds
        machine, at = self.machine, self.shared_layout
        x: Places = {f"x {i}": (SHARED, at.adaptor(i)) for i in range(self.inputs)}
        start: Places = {CLOCK: (SHARED, at.clock)}
        start |= {f"state {i}": (SHARED, at.state_bit(i)) for i in range(len(machine.machine.state))}

        def made(circuit: RoundCircuit, prime: bool, before: Places) -> BlockTemplate:
            return self.stamper.round_template(
                circuit, prime=prime, before=before, shared=x, random_bits=machine.random_bits
            )

        first = made(odd, self.primes[0], start)
        second = made(even, self.primes[1], carried_places(first.outputs))
        later = made(odd, self.primes[0], carried_places(second.outputs))
        last = carried_places((first if machine.rounds % 2 else second).outputs) if machine.rounds else start
        return (
            first,
            second,
            later,
            self.stamper.predictor_template(self.predictor, before=last, shared=x, fraction=machine.predict_fraction),
        )

    @cached_property
    def starts(self) -> Integers:
        """(T + 2,) where the block of each round, the predictor's and the output stand."""
        first, second, _, last = self.blocks
        found = [self.shared]
        for t in range(self.machine.rounds):
            found.append(int(next_start(found[-1], t % 2 == 0, first.size, second.size)))
        return np.array([*found, found[-1] + last.size], np.int64)

    @cached_property
    def sizes(self) -> Sizes:
        """The exact size, from the numbers of copies, digits and gates (not from the arrays)."""
        parts, rounds = self.parts, self.machine.rounds
        return Sizes(
            vertices=int(network_vertices(parts)),
            edges=int(network_edges(parts)),
            steps=rounds,
            random_bits=rounds * self.machine.random_bits,
        )

    @property
    def parts(self) -> NetworkParts:
        """What its size depends on."""
        m, (odd, even) = self.machine, (made.circuit for made in self.rounds)
        return NetworkParts(
            inputs=self.inputs,
            state=len(m.machine.state),
            odd=m.rounds - m.rounds // 2,
            even=m.rounds // 2,
            copies=len(self.copies),
            digits=self.decoder.bits,
            random=m.random_bits,
            odd_gates=len(odd.gates),
            even_gates=len(even.gates),
            last_gates=len(self.predictor.gates),
            finals=len(self.predictor.outputs) - 1,
            odd_wires=wires_of(odd),
            even_wires=wires_of(even),
            last_wires=wires_of(self.predictor),
        )

    @cached_property
    def trainable(self) -> Trainable:
        """The network in arrays, with the random string of zeros."""
        first, second, later, last = self.blocks
        rounds, starts = self.machine.rounds, self.starts
        head, tail = self._shared_edges(), self._output_edges()
        parts = [head]
        if rounds:
            parts.append(placed(first, int(starts[0]), 0))
            parts.append(tiled([second, later], rounds - 1, int(starts[1]), int(starts[0])))
        parts.append(placed(last, int(starts[rounds]), int(starts[max(rounds - 1, 0)])))
        fan_in = np.concatenate([part[0] for part in (*parts, tail)])
        offsets = np.zeros(len(fan_in) + 1, np.int64)
        np.cumsum(fan_in, out=offsets[1:])
        network = FlatNetwork(
            inputs=tuple(f"x{i + 1}" for i in range(self.inputs)),
            offsets=offsets,
            scale=self.stamper.scale,
            sigma=self.sigma,
            sources=np.concatenate([part[1] for part in (*parts, tail)]),
            weights=np.concatenate([part[2] for part in (*parts, tail)]),
            outputs={OUTPUT: int(starts[-1])},
        )
        random = starts[:rounds, None] + first.random[None, :]
        made = Trainable(
            network=network,
            rho=self.rho,
            rate=self.setting.rate,
            batch=self.batch,
            steps=rounds,
            sampled=offsets[random.ravel()],
            hints=self.hints,
        )
        assert self.sizes == sizes_of(made), f"need the sizes of the formula, {self.sizes}, got {sizes_of(made)}"
        return made.with_random_string([0] * made.random_bits)

    @property
    def hints(self) -> dict[str, object]:
        """What the file says of itself."""
        d = self.decoder
        numbers = {"d": d.digits, "multiplier": d.multiplier, "add": d.add, "shift": d.shift, "centred": d.centred}
        return {"setting": self.setting.name, "decoder": numbers, "tolerance": str(d.tolerance), "groups": self.groups}

    @property
    def groups(self) -> list[list[object]]:
        """Names of ranges of vertices: name, first vertex, one past the last."""
        n = self.inputs
        found: list[list[object]] = [
            ["inputs", 1, 1 + n],
            ["adaptors", 1 + n, 1 + 2 * n],
            ["start", 1 + 2 * n, self.shared],
        ]
        for t, start in enumerate(self.starts[:-2].tolist(), 1):
            block = self.blocks[0 if t % 2 else 1]
            found += [
                [f"round {t}: {name}", start + low, start + high]
                for name, (low, high) in block.groups.items()
                if low < high
            ]
        start = int(self.starts[-2])
        found += [[name, start + low, start + high] for name, (low, high) in self.blocks[3].groups.items()]
        return [*found, ["output", int(self.starts[-1]), int(self.starts[-1]) + 1]]

    def digits(self, round_: int) -> Integers:
        """(copies, k) the digit vertices of a round, least first."""
        return int(self.starts[round_ - 1]) + self.blocks[0 if round_ % 2 else 1].digits

    def records(self, values: Sequence[Number], round_: int) -> list[int]:
        """What the digits of a round's copies read, given the value of every vertex."""
        return [sum(1 << i for i, v in enumerate(row) if values[v] == 2) for row in self.digits(round_).tolist()]

    def answers(self, values: Sequence[Number], round_: int) -> tuple[Fraction, ...]:
        """The answers of a round that a trained network holds, given the value of every vertex at any x."""
        return self.decoded(self.records(values, round_))

    def decoded(self, records: Sequence[int]) -> tuple[Fraction, ...]:
        """The answers of a round, given what the digits of each of its copies read."""
        read = dict(zip(self.copies, records, strict=True))
        places = range(len(self.decoder.places))

        def parts(j: int, sign: int) -> list[int]:
            return [read.get(QueryCopy(j, sign, i), 0) for i in places]

        return tuple(
            self.decoder.answer(self.decoder.total(parts(j, 1), parts(j, -1))) for j in range(self.machine.parallel)
        )

    def _shared_edges(self) -> tuple[Integers, Integers, Integers]:
        n, stamper = self.inputs, self.stamper
        rule, state = stamper.gate_weights, self.machine.start()
        bits = stamper.bit_constants([True, *(bool(state[name]) for name in self.machine.machine.state)])
        adaptor = np.array([rule.bias, rule.input]) * (stamper.scale // rule.scale)
        fan_in = np.concatenate((np.zeros(1 + n, np.int64), np.full(n, 2), np.ones(len(bits), np.int64)))
        sources = np.stack((np.zeros(n, np.int64), 1 + np.arange(n)), axis=1).ravel()
        return (
            fan_in,
            np.concatenate((sources, np.zeros(len(bits), np.int64))),
            np.concatenate((np.tile(adaptor, n), bits)),
        )

    def _output_edges(self) -> tuple[Integers, Integers, Integers]:
        first, second, _, last = self.blocks
        rounds, starts = self.machine.rounds, self.starts
        order = [(first if t % 2 == 0 else second, int(starts[t])) for t in range(min(rounds, 2))]
        sources, weights = [], []
        for parity, (block, _) in enumerate(order):
            sources.append((starts[parity:rounds:2, None] + block.to_output).ravel())
            weights.append(np.tile(block.output_weights, len(starts[parity:rounds:2])))
        sources.append(int(starts[rounds]) + last.to_output)
        weights.append(last.output_weights)
        tails, values = np.concatenate(sources), np.concatenate(weights)
        at = np.argsort(tails, kind="stable")
        return np.array([len(tails)]), tails[at], values[at]
