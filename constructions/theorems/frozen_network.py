"""Appendix B.1: the model of Lemma 3a, for a method that is a machine, as one network with frozen subnetworks.

For each round there are the frozen gates of its circuit (:mod:`constructions.networks.round_circuit`), a part for the
clock and one for each query (:mod:`constructions.theorems.frozen`), and the round's hold; behind the last one stand the
gates of the predictor and its final controls. The edges that train are those of the parts, and no others: they are the
parameters of the model. What is read off them goes through frozen gates into the circuits of later rounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from constructions.computation.flat import FlatCircuit
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.foundations.descent import Descent, Sample, loss_gradient
from constructions.foundations.exact import Number
from constructions.foundations.network import Edge, Network
from constructions.foundations.rounding import Adversary, nearest
from constructions.learning.problems import Bits
from constructions.models.one_step import OneStep
from constructions.networks.computation import BINARY, adapted
from constructions.networks.controls import control, final_weight
from constructions.networks.decoder import Decoder
from constructions.networks.flat import flat_network
from constructions.networks.gates import CONSTANT, adaptor, code, threshold_constant
from constructions.networks.queries import DYADIC, bits_for
from constructions.networks.relu import ReluVersion, with_relus
from constructions.networks.round_circuit import CLOCK, STEADY, is_binary, predictor_circuit, round_circuit
from constructions.networks.trainable import Trainable
from constructions.theorems.frozen import (
    OUTPUT,
    RELU_VALUE,
    SOURCE_VALUE,
    FrozenPart,
    hold_edges,
    joined,
    part_graph,
)

BIT = Fraction(4)
"""The weight from the constant to a vertex that carries a constant bit: plus it for 1, minus it for 0."""


class WholeDecoder(Decoder):
    """A decoder for records from 0 to 1/rho, both included: one digit more than Definition 2 reads.

    >>> made = WholeDecoder(setting=DYADIC, rho=Fraction(1, 8), signed=False, binary=True, answer_fraction=4)
    >>> made.bits
    4
    """

    @cached_property
    def bits(self) -> int:
        """How many digits each part reads."""
        return bits_for(self.rho) + 1


@dataclass(frozen=True, kw_only=True, eq=False)
class FrozenNetwork:
    """The network of a machine with queries of 0 and 1, and the numbers of Lemma 8's model.

    Parameters
    ----------
    machine : the method. numbers : precision, epsilon and slope; 1/rho is a power of two. An answer that is read is
        exact if the machine's answers have log2(1/rho) binary places, else it is rounded to theirs.
    random : the random string. source_value : what a source returns; another value than 2 is for :attr:`relus`.

    Raises
    ------
    ConstructionError
        For a machine with other queries, another precision, or another number of random bits.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> numbers = OneStep(rho=Fraction(1, 8), epsilon=Fraction(1, 4))
    >>> made = FrozenNetwork(machine=best_literal_machine(1, fraction=3), numbers=numbers)
    >>> net = made.network
    >>> len(net.order), len(net.edges), len(made.trained), made.trained[0]
    (475, 1398, 6, ('one', '1.clock.head'))
    >>> after = made.descent().step(net, [((1,), 1), ((0,), 0)])
    >>> [str(after.weight(*edge)) for edge in made.trained]
    ['5/8', '5/8', '1/2', '0', '0', '0']
    >>> made.parts, made.decoder.bits, [str(answer) for answer in made.answers(after, 1)]
    (('clock', 'query 0', 'query 1'), 4, ['5/8', '1/2'])
    >>> len(made.trainable.network.sources) - len(made.trainable.frozen)
    6
    >>> relus = made.relus.net
    >>> relus.network.sigma.name, len(relus.network.sources) - len(relus.frozen), relus((1,)) == made.trainable((1,))
    ('ReLU', 6, True)
    """

    machine: QueryMachine
    numbers: OneStep
    random: Bits = ()
    source_value: Fraction = SOURCE_VALUE

    def __post_init__(self) -> None:
        machine, rho = self.machine, self.numbers.rho
        if machine.signed or not is_binary(machine):
            raise ConstructionError("need a machine whose queries are 0 and 1")
        if not isinstance(rho, Fraction) or rho.numerator != 1 or rho.denominator & (rho.denominator - 1) or rho > 1:
            raise ConstructionError(f"need 1/rho a power of two, got rho = {rho}")
        if len(self.random) != machine.rounds * machine.random_bits:
            raise ConstructionError(f"need {machine.rounds * machine.random_bits} random bits, got {len(self.random)}")

    @cached_property
    def decoder(self) -> WholeDecoder:
        """How the machine takes what is read: a record of m stands for m rho."""
        half = Fraction(1, 2)
        setting = replace(DYADIC, name="frozen", gain=half, gain_prime=-half, rho_below=Fraction(2))
        return WholeDecoder(
            setting=setting,
            rho=self.numbers.rho,
            signed=False,
            binary=True,
            answer_fraction=self.machine.answer_fraction,
        )

    @property
    def error(self) -> Number:
        """How far an answer of the machine may be from the batch mean of its query: Lemma 8's error, and a rounding to
        the places of an answer where they are too few.

        >>> from constructions.computation.learner_machines import best_literal_machine
        >>> numbers = OneStep(rho=Fraction(1, 8), epsilon=Fraction(1, 4))
        >>> [
        ...     str(FrozenNetwork(machine=best_literal_machine(1, fraction=places), numbers=numbers).error)
        ...     for places in (2, 3)
        ... ]
        ['17/32', '11/32']
        """
        rounded = self.machine.answer_fraction < bits_for(self.numbers.rho)
        return self.numbers.error() + (Fraction(3, 4 << self.machine.answer_fraction) if rounded else 0)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts of a round: that of its clock, and one for each query."""
        copies = round_circuit(self.machine, self.decoder, active=True).copies
        return tuple(CLOCK if copy.query < 0 else f"query {copy.query}" for copy in copies)

    def part(self, round_: int, name: str) -> FrozenPart:
        """A part of a round, by its name."""
        return FrozenPart(
            numbers=self.numbers,
            label=round_ % 2,
            bits=self.decoder.bits,
            clock=name == CLOCK,
            source_value=self.source_value,
        )

    @cached_property
    def trained(self) -> tuple[Edge, ...]:
        """The edges that train: the clock's and those of the queries, round by round."""
        return tuple(
            self._vertices(t, name, self.part(t, name).trained)
            for t in range(1, self.machine.rounds + 1)
            for name in self.parts
        )

    @staticmethod
    def _vertices(round_: int, name: str, edge: Edge) -> Edge:
        tail, head = (v if v in (CONSTANT, OUTPUT) else f"{round_}.{name}.{v}" for v in edge)
        return (tail, head)

    @cached_property
    def network(self) -> Network:
        """The network before it is trained."""
        machine, edges = self.machine, dict[Edge, Number]()
        for i in range(machine.inputs):
            template = adaptor(*BINARY)
            names = {"x1": f"x{i + 1}", "gate": adapted(f"x{i + 1}"), CONSTANT: CONSTANT}
            edges |= template.renamed(names).edges
        start = {name: bool(bit) for name, bit in machine.start().items()}
        values = [True, *(start[name] for name in machine.machine.state)]
        before = {CLOCK: "0.clock"} | {f"state {i}": f"0.state {i}" for i in range(len(values) - 1)}
        edges |= {(CONSTANT, v): BIT if bit else -BIT for v, bit in zip(before.values(), values, strict=True)}
        for t in range(1, machine.rounds + 1):
            before = self._round(edges, t, before)
        self._predictor(edges, before)
        inputs = tuple(f"x{i + 1}" for i in range(machine.inputs))
        return Network(inputs=inputs, outputs=(OUTPUT,), edges=without_dead_ends(edges), constant=CONSTANT)

    def _round(self, edges: dict[Edge, Number], t: int, before: Mapping[str, str]) -> dict[str, str]:
        """Write a round, and say where the next one finds clock and state."""
        circuit = round_circuit(self.machine, self.decoder, active=True).circuit
        known = dict(before) | {f"x {i}": adapted(f"x{i + 1}") for i in range(self.machine.inputs)}
        for i in range(self.machine.random_bits):
            bit = self.random[(t - 1) * self.machine.random_bits + i]
            known[f"random {i}"] = f"{t}.random {i}"
            edges[CONSTANT, known[f"random {i}"]] = BIT if bit else -BIT
        for c, name in enumerate(self.parts):
            known |= {f"digit {c} {i}": f"{t}.{name}.vr{i}" for i in range(self.decoder.bits)}
        found = gates_of(edges, circuit, known, f"{t}.")
        read = {"now": "active 0", "clock": CLOCK}
        for c, name in enumerate(self.parts):
            graph = part_graph(self.part(t, name))
            taken = {v: found[read.get(v, f"active {c}")] for v in graph.inputs}
            for edge, weight in joined({f"{t}.{name}": graph}).items():
                u = next((taken[v] for v in graph.inputs if edge[0] == f"{t}.{name}.{v}"), edge[0])
                edges[u, edge[1]] = edges.get((u, edge[1]), Fraction(0)) + weight
        for (u, v), weight in hold_edges(self.numbers, t % 2).items():
            tail = found["active 0"] if u == "now" else u
            edges[tail, v] = edges.get((tail, v), Fraction(0)) + weight
        return {name: found[name] for name in circuit.outputs if name == CLOCK or name.startswith("state ")}

    def _predictor(self, edges: dict[Edge, Number], before: Mapping[str, str]) -> None:
        circuit = predictor_circuit(self.machine)
        known = dict(before) | {f"x {i}": adapted(f"x{i + 1}") for i in range(self.machine.inputs)}
        found = gates_of(edges, circuit, known, "end.")
        for name in (name for name in circuit.outputs if name != STEADY):
            names = {"plus": found[name], "minus": found[STEADY], "control": f"end.{name}", CONSTANT: CONSTANT}
            edges |= control().renamed(names).edges
            edges[f"end.{name}", OUTPUT] = final_weight(
                Fraction(1 << int(name.split()[1]), 1 << self.machine.predict_fraction)
            )

    def descent(self, adversary: Adversary = nearest) -> Descent:
        """How the network is trained: step size 1, only the edges of the parts; an ``adversary`` rounds."""
        trained = frozenset(self.trained)

        def derivative(net: Network, sample: Sample) -> Mapping[Edge, Number]:
            found = loss_gradient(net, sample)
            return {edge: value if edge in trained else Fraction(0) for edge, value in found.items()}

        return Descent(rho=Fraction(self.numbers.rho), derivative=derivative, adversary=adversary)

    def answers(self, net: Network, round_: int) -> tuple[Number, ...]:
        """The weights of a trained network that hold the answers of a round."""
        edges = (self._vertices(round_, name, self.part(round_, name).trained) for name in self.parts)
        return tuple(net.weight(*edge) for edge in edges)[1:]

    @cached_property
    def trainable(self) -> Trainable:
        """The same in arrays, all edges frozen but those of the parts, for the engine and for files."""
        net, flat = self.network, flat_network(self.network)
        at = {v: i for i, v in enumerate((CONSTANT, *net.inputs, *(v for v in net.order if v not in net.sources)))}
        wanted = {(at[u], at[v]) for u, v in self.trained}
        moving = [
            i for i, (u, v) in enumerate(zip(flat.sources, flat.heads, strict=True)) if (int(u), int(v)) in wanted
        ]
        drawn = {at[v] for v in net.order if ".random " in v}
        sampled = [i for i, head in enumerate(flat.heads.tolist()) if head in drawn]
        frozen = np.delete(np.arange(len(flat.sources)), moving)
        return Trainable(
            network=flat,
            rho=Fraction(self.numbers.rho),
            steps=self.machine.rounds,
            frozen=frozen,
            sampled=np.array(sampled, np.int64),
            hints={"frozen": True},
        )

    @cached_property
    def relus(self) -> ReluVersion:
        """The same of ReLUs alone, but for the identity at the output. A source and a head become one ReLU each, as the
        edge between them trains; what one ReLU makes of a source that is set, 5/2, takes the place of 2."""
        blueprint = replace(self, source_value=RELU_VALUE).trainable
        flat = blueprint.network
        trained = np.setdiff1d(np.arange(len(flat.sources)), blueprint.frozen)
        lone = np.union1d(flat.heads[trained], flat.sources[trained])
        return with_relus(blueprint, trained, lone=lone[lone > 0])


def gates_of(edges: dict[Edge, Number], circuit: FlatCircuit, known: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Write the gates of a circuit, and say which vertex carries each output, a gate that is not negated.

    Parameters
    ----------
    edges : to which those of the gates are added. circuit : whose gates are written. known : the vertices of its
        inputs. prefix : of the names of the gates' vertices.

    >>> from constructions.computation.flat import Gates
    >>> edges = {}
    >>> nor = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (1, 3))]), outputs={"nor": 4})
    >>> gates_of(edges, nor, {"a": "a", "b": "b"}, "g"), edges["a", "g0"]
    ({'nor': 'g0'}, Fraction(-2, 1))
    """
    of, n = code(control().sigma), len(circuit.inputs)
    names = [*(known[name] for name in circuit.inputs), *(f"{prefix}{i}" for i in range(len(circuit.gates)))]
    for i, (needs, literals) in enumerate(circuit.gates):
        head = names[n + i]
        for literal in literals:
            edge = (names[literal >> 1], head)
            edges[edge] = edges.get(edge, Fraction(0)) + (-of.weight if literal & 1 else of.weight)
        constant = threshold_constant(len(literals), needs, of=of)
        if constant:
            edges[CONSTANT, head] = constant
    return {name: names[literal >> 1] for name, literal in circuit.outputs.items()}


def without_dead_ends(edges: Mapping[Edge, Number]) -> dict[Edge, Number]:
    """The edges from which there is a way to the output.

    >>> sorted(without_dead_ends({("x1", "f"): 1, ("x1", "a"): 1, ("a", "b"): 1}))
    [('x1', 'f')]
    """
    into: dict[str, list[str]] = {}
    for u, v in edges:
        into.setdefault(v, []).append(u)
    kept, waiting = {OUTPUT}, [OUTPUT]
    while waiting:
        new = [u for u in into.get(waiting.pop(), ()) if u not in kept]
        kept.update(new)
        waiting.extend(new)
    return {edge: weight for edge, weight in edges.items() if edge[1] in kept}
