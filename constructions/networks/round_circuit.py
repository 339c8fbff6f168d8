"""The computation of one round and of the predictor, as circuits (Lemma 3b's computation component).

A round t reads the digits of its own copies, the clock and the state before it, x and its random bits. With ``clock``
the OR of the clock copy's digits and ``now`` = clock before and not clock,

* x reaches the queries only through ``now``, and a copy is idle unless it is now and its digit of the query is set;
* the next state is ``clock`` and the machine's update, so it is 0 until the round is over and stays afterwards.

So a round whose turn it is not yet carries one constant pattern, and a round that is over carries its state.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from constructions.computation.bits import Bits, mux
from constructions.computation.builder import FALSE, Builder
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.query_machine import QueryMachine
from constructions.networks.decoder import Decoder

CLOCK, STEADY = "clock", "steady"


@dataclass(frozen=True, slots=True)
class QueryCopy:
    """One copy of Q or Q': which query's digit it asks, of the positive or negative part; query -1 is the clock.

    Parameters
    ----------
    query : the number of the query of which it asks a digit; -1 is the clock's.
    sign : 1 for the positive part of the query, -1 for the negative one.
    place : the number of the digit, 0 for the highest.
    """

    query: int
    sign: int
    place: int

    @property
    def name(self) -> str:
        """A short name."""
        return CLOCK if self.query < 0 else f"query{self.query}{'+' if self.sign > 0 else '-'}{self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCircuit:
    """The circuit of a round with its copies.

    Inputs of the circuit: ``digit c i`` (digit i of copy c), ``clock``, ``x i``, ``random i``, ``state i``. Outputs,
    each a gate: ``clock``, ``state i``, ``idle c``, in rounds of Q' also ``active c``, and ``steady``, constant: false
    in rounds of Q, true in others.
    """

    copies: tuple[QueryCopy, ...]
    circuit: FlatCircuit


def is_binary(machine: QueryMachine) -> bool:
    """Whether query values are whole numbers, so that one digit of weight 1 asks them exactly.

    >>> from constructions.computation.learner_machines import best_literal_machine, correlations_machine
    >>> is_binary(best_literal_machine(2, fraction=6)), is_binary(correlations_machine(2, fraction=6))
    (True, False)
    """
    return machine.query_fraction == 0


def turn(builder: Builder, before: int, clock: int) -> int:
    """Whether it is a round's turn, written by a builder: the clock ``before`` it has ticked and its own ``clock`` has
    not.

    >>> builder = Builder()
    >>> builder.output("now", turn(builder, builder.input("before"), builder.input("clock")))
    >>> builder.circuit()(before=True, clock=False), builder.circuit()(before=True, clock=True)
    ({'now': True}, {'now': False})
    """
    return builder.both(before, clock ^ 1)


def kept(builder: Builder, clock: int, update: int) -> int:
    """A bit of the next state (or of the prediction), written by a builder: nothing until the round is over, which
    ``clock`` says, then that of the update.

    >>> builder = Builder()
    >>> builder.output("next", kept(builder, builder.input("clock"), builder.input("update")))
    >>> builder.circuit()(clock=False, update=True), builder.circuit()(clock=True, update=True)
    ({'next': False}, {'next': True})
    """
    return builder.both(clock, update)


def gating() -> FlatCircuit:
    """What a round does to one bit of x, one digit of a query and one bit of the state, as a circuit of its own.

    >>> gating()(before=True, clock=False, x=True, digit=True, update=True)
    {'now': True, 'seen': True, 'acting': True, 'kept': False}
    """
    builder = Builder()
    before, clock, x, digit, update = (builder.input(name) for name in ("before", CLOCK, "x", "digit", "update"))
    now = turn(builder, before, clock)
    outputs = {
        "now": now,
        "seen": builder.both(x, now),
        "acting": builder.both(now, digit),
        "kept": kept(builder, clock, update),
    }
    return builder.circuit(None, outputs)


Asked = dict[QueryCopy, int]
"""For each copy that could be needed, the literal that says whether it acts when it is its turn."""


@dataclass(frozen=True, slots=True)
class QueryStyle:
    """How the queries of a round are asked by copies, and answered by their digits.

    Parameters
    ----------
    asked : from machine, decoder, builder, the bits of x and of the state to :data:`Asked`.
    answer : from machine, decoder, builder, the digits of each copy, and the number of a query to its answer.
    labels : how many bits of the machine's x are no bits of the network's x, but a label.
    """

    asked: Callable[[QueryMachine, Decoder, Builder, Sequence[int], Sequence[int]], Asked]
    answer: Callable[[QueryMachine, Decoder, Builder, Mapping[QueryCopy, Sequence[int]], int], Bits]
    labels: int = 0


def round_circuit(
    machine: QueryMachine, decoder: Decoder, *, active: bool, asking: QueryStyle | None = None
) -> RoundCircuit:
    """The computation of a round of a machine, whose answers a decoder reads; with ``active``, also the bits that the
    controls of a round of Q' need. ``asking`` says how queries are asked, if not on one label.

    A digit of a query that is never set has no copy.

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.queries import DYADIC
    >>> decoder = Decoder(setting=DYADIC, rho=Fraction(1, 8), signed=False, binary=True, answer_fraction=4)
    >>> made = round_circuit(best_literal_machine(1, fraction=4), decoder, active=True)
    >>> print(*(copy.name for copy in made.copies))
    clock query0+0 query1+0
    >>> print(*(name for name in made.circuit.outputs if "state" not in name), sep=", ")
    clock, idle 0, idle 1, idle 2, active 0, active 1, active 2, steady
    """
    builder = Builder()
    written = write_round(builder, machine, decoder, asking)
    acting, following = written.acting, written.following
    outputs = {CLOCK: written.clock} | {
        f"state {i}": kept(builder, written.clock, literal) for i, literal in enumerate(following)
    }
    outputs |= {f"idle {c}": literal ^ 1 for c, literal in enumerate(acting)}
    if active:
        outputs |= {f"active {c}": literal for c, literal in enumerate(acting)}
    apart = [CLOCK, *(f"state {i}" for i in range(len(following)))]
    circuit = with_vertices(builder.circuit(None, outputs), apart=apart)
    return RoundCircuit(copies=tuple(written.copies), circuit=steadied(circuit, value=active))


@dataclass(frozen=True, slots=True)
class WrittenRound:
    """What is written of a round: its copies, the literal of its clock, for each copy whether it acts, and the next
    state of the method."""

    copies: list[QueryCopy]
    clock: int
    acting: list[int]
    following: list[int]


def write_round(
    builder: Builder, machine: QueryMachine, decoder: Decoder, asking: QueryStyle | None = None
) -> WrittenRound:
    """Write a round into a builder; what becomes of the state is not yet held back until the round is over.

    Parameters
    ----------
    builder : what is written into. machine, decoder, asking : as for :func:`round_circuit`.

    >>> from fractions import Fraction
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.queries import DYADIC
    >>> decoder = Decoder(setting=DYADIC, rho=Fraction(1, 8), signed=False, binary=True, answer_fraction=4)
    >>> len(write_round(Builder(), best_literal_machine(1, fraction=4), decoder).acting)
    3
    """
    asking = asking or ONE_LABEL
    x = [builder.input(f"x {i}") for i in range(machine.inputs - asking.labels)]
    before = builder.input(CLOCK)
    state = [builder.input(f"state {i}") for i in range(len(machine.machine.state))]
    random = [builder.input(f"random {i}") for i in range(machine.random_bits)]
    clock_digits = [builder.input(f"digit 0 {i}") for i in range(decoder.bits)]
    clock = builder.some(clock_digits)
    now = turn(builder, before, clock)
    asked = asking.asked(machine, decoder, builder, [builder.both(bit, now) for bit in x], state)
    copies = [QueryCopy(-1, 1, 0), *(copy for copy, literal in asked.items() if literal != FALSE)]
    digits = {copies[0]: clock_digits}
    digits |= {
        copy: [builder.input(f"digit {c} {i}") for i in range(decoder.bits)] for c, copy in enumerate(copies) if c
    }
    acting = [now if copy.query < 0 else builder.both(now, asked[copy]) for copy in copies]
    answers = [asking.answer(machine, decoder, builder, digits, j) for j in range(machine.parallel)]
    return WrittenRound(copies, clock, acting, _update(machine, builder, answers, random, state))


def predictor_circuit(
    machine: QueryMachine, *, x_unread: Collection[int] = (), inputs: int | None = None
) -> FlatCircuit:
    """A machine's predictor after the last round: ``value i`` is a bit of its value and ``clock``; a bit that is never
    set is left out.

    ``x_unread`` are the bits of x that no round reads; if ``inputs`` are given, only so many bits of x are there, and
    further ones of the machine are 0.

    >>> from constructions.computation.learner_machines import conjunction_machine
    >>> made = predictor_circuit(conjunction_machine(1, fraction=4, tau="1/8"))
    >>> made.inputs, list(made.outputs)
    (('x 0', 'clock', 'state 0', 'state 1', 'state 2', 'state 3', 'state 4'), ['value 0', 'steady'])
    """
    builder = Builder()
    n = machine.inputs if inputs is None else inputs
    x = [builder.input(f"x {i}") for i in range(n)]
    clock = builder.input(CLOCK)
    state = [builder.input(f"state {i}") for i in range(len(machine.machine.state))]
    gated = [*(builder.both(bit, clock) for bit in x), *[FALSE] * (machine.inputs - n)]
    found = builder.stamp(machine.predictor, given_literals(machine, {"x": gated, "state": state}))
    bits = [found[name] for name in machine.port("predict")]
    outputs = {f"value {i}": kept(builder, clock, literal) for i, literal in enumerate(bits)}
    set_once = {name: literal for name, literal in outputs.items() if literal != FALSE} or {"value 0": FALSE}
    circuit = with_vertices(builder.circuit(None, set_once))
    return steadied(circuit, value=True, but=[f"x {i}" for i in range(n) if i not in x_unread])


def unread(circuit: FlatCircuit) -> list[str]:
    """The inputs that neither a gate nor an output reads.

    >>> from constructions.computation.flat import Gates
    >>> unread(FlatCircuit(inputs=("a", "b"), gates=Gates.of([(1, (1,))]), outputs={"no": 4}))
    ['b']
    """
    read = np.zeros(circuit.size, np.bool_)
    read[circuit.gates.literals >> 1] = True
    read[[literal >> 1 for literal in circuit.outputs.values()]] = True
    return [name for i, name in enumerate(circuit.inputs) if not read[i]]


def steadied(circuit: FlatCircuit, *, value: bool, but: Collection[str] | None = None) -> FlatCircuit:
    """The same circuit with an output ``steady`` that is constant and reads every input that nothing else reads, so
    that the network has one sink: at least 0 (true) or n + 1 (false) of n literals. ``but`` (as a rule all of x) are
    left alone.

    >>> one = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(1, (1,))]), outputs={"no": 4})
    >>> list(steadied(one, value=False).gates)
    [(1, [1]), (2, [2])]
    """
    kept = [name for name in circuit.inputs if name.startswith("x ")] if but is None else but
    literals = [2 * circuit.inputs.index(name) for name in unread(circuit) if name not in set(kept)]
    gates = _longer(circuit.gates, [(0 if value else len(literals) + 1, literals)])
    return FlatCircuit(inputs=circuit.inputs, gates=gates, outputs={**circuit.outputs, STEADY: 2 * circuit.size})


def with_vertices(circuit: FlatCircuit, *, apart: Sequence[str] = ()) -> FlatCircuit:
    """The same circuit with every output a gate that is not negated; those in ``apart`` are different gates.

    A negated gate "at least k of n" becomes "at least n - k + 1 of the negated ones", so it costs no vertex more; gates
    that no output needs are left out.

    >>> nand = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 2))]), outputs={"no": 5})
    >>> list(with_vertices(nand).gates), with_vertices(nand).outputs
    ([(1, [1, 3])], {'no': 4})
    """
    n, rows, outputs = len(circuit.inputs), list(circuit.gates), dict(circuit.outputs)
    extra: list[tuple[int, Sequence[int]]] = []
    made: dict[int, int] = {}
    taken: set[int] = set()
    for name, literal in sorted(outputs.items(), key=lambda item: item[0] not in set(apart)):
        node = literal >> 1
        if (literal & 1 or node < n or (name in apart and node in taken)) and (name in apart or literal not in made):
            if node < n or not literal & 1:
                row: tuple[int, Sequence[int]] = (1, (literal,))
            else:
                needs, literals = rows[node - n]
                row = (len(literals) - needs + 1, [other ^ 1 for other in literals])
            made[literal] = 2 * (circuit.size + len(extra))
            extra.append(row)
            outputs[name] = made[literal]
        elif literal in made and name not in apart:
            outputs[name] = made[literal]
        taken.add(outputs[name] >> 1)
    longer = _longer(circuit.gates, extra)
    return FlatCircuit(inputs=circuit.inputs, gates=longer, outputs=outputs).part(outputs)


def _longer(gates: Gates, extra: Iterable[tuple[int, Sequence[int]]]) -> Gates:
    more = Gates.of(extra)
    return Gates(
        needs=np.concatenate((gates.needs, more.needs)),
        offsets=np.concatenate((gates.offsets, gates.offsets[-1] + more.offsets[1:])),
        literals=np.concatenate((gates.literals, more.literals)),
    )


def given_literals(machine: QueryMachine, known: Mapping[str, Sequence[int]]) -> list[int]:
    """The literals of the inputs of a machine's circuit: those ``known`` of its ports and its state, by name, and FALSE
    where nothing is given.

    >>> from constructions.computation.learner_machines import conjunction_machine
    >>> machine = conjunction_machine(1, fraction=1, tau="1/8")
    >>> given_literals(machine, {"x": [8], "state": [10, 12, 14, 16, 18]})[0]
    8
    """
    at = {
        name: literal
        for port, bits in known.items()
        if port != "state"
        for name, literal in zip(machine.port(port), bits, strict=True)
    }
    at |= dict(zip(machine.machine.state, known["state"], strict=True))
    return [at.get(name, FALSE) for name in machine.machine.circuit.inputs]


def _digits(machine: QueryMachine, decoder: Decoder, builder: Builder, x: Sequence[int], state: Sequence[int]) -> Asked:
    """For each copy that could be needed, the literal of its digit of the query's value."""
    found = builder.stamp(machine.query, given_literals(machine, {"x": x, "state": state}))
    asked: Asked = {}
    for j in range(machine.parallel):
        code = Bits(builder, tuple(found[name] for name in machine.port(f"query{j}")), f"query{j}")
        negative = code[-1].literals[0] if machine.signed else FALSE
        size = list((mux(code[-1], -code, code) if machine.signed else code).literals)
        whole = builder.some(size[machine.query_fraction :])
        below = [*size, *[FALSE] * machine.query_fraction][: machine.query_fraction]
        fraction = below[::-1] + [FALSE] * decoder.digits
        places = [whole] if decoder.binary else [builder.either(whole, fraction[i]) for i in range(decoder.digits)]
        for i, literal in enumerate(places):
            asked[QueryCopy(j, 1, i)] = builder.both(literal, negative ^ 1)
            if machine.signed:
                asked[QueryCopy(j, -1, i)] = builder.both(literal, negative)
    return asked


def _answer(
    machine: QueryMachine, decoder: Decoder, builder: Builder, digits: Mapping[QueryCopy, Sequence[int]], j: int
) -> Bits:
    def read(sign: int) -> list[Bits]:
        found = (digits.get(QueryCopy(j, sign, i), [FALSE] * decoder.bits) for i in range(len(decoder.places)))
        return [Bits(builder, tuple(literals), f"R{j}") for literals in found]

    return decoder.circuit(read(1), read(-1) if machine.signed else [], machine.width(f"answer{j}"))


ONE_LABEL = QueryStyle(_digits, _answer)
"""A query is asked on the label of its round, by copies of its binary digits."""


def _update(
    machine: QueryMachine, builder: Builder, answers: Sequence[Bits], random: Sequence[int], state: Sequence[int]
) -> list[int]:
    known: dict[str, Sequence[int]] = {f"answer{j}": answer.literals for j, answer in enumerate(answers)} | {
        "state": state
    }
    if machine.random_bits:
        known["random"] = random
    found = builder.stamp(machine.update, given_literals(machine, known))
    return [found[name] for name in machine.machine.state]
