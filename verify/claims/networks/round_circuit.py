"""The computation of a round (Lemma 3b): its gating, whose turn it is, and what it computes for machines of each
kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from constructions.computation.bits import mux
from constructions.computation.builder import Builder
from constructions.computation.design import Design
from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.learner_machines import best_literal_machine, correlations_machine
from constructions.computation.query_machine import QueryMachine
from constructions.foundations.logic import Formula, every, negation, select, some
from constructions.networks.decoder import Decoder
from constructions.networks.queries import DYADIC
from constructions.networks.round_circuit import (
    CLOCK,
    QueryCopy,
    RoundCircuit,
    gating,
    is_binary,
    predictor_circuit,
    round_circuit,
    unread,
)
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

RHO = Fraction(1, 8)


def restless(case: Case) -> FlatCircuit:
    """Gating whose turn never ends: ``now`` is the clock before."""
    builder = Builder()
    before, clock, x, digit, update = (builder.input(name) for name in gating().inputs)
    outputs = {
        "now": before,
        "seen": builder.both(x, before),
        "acting": builder.both(before, digit),
        "kept": builder.both(clock, update),
    }
    return builder.circuit(None, outputs)


@obligation("lemma3b.gating", paper="Lemma 3b", of=lambda case: gating(), twin=restless)
def rounds_are_gated(cell: FlatCircuit, case: Case) -> None:
    """For all values of its bits, a round of the emulation sees no x and lets no copy act before its turn and after it.
    In its turn it sees x, and a copy acts exactly if its digit is set. The state that it hands on is 0 until the round
    is over, and then it is what was computed."""
    bits = {name: case.bit(name) for name in cell.inputs}
    found = case.circuit(cell, bits)
    before, clock = bits["before"], bits[CLOCK]
    turn = every(before, negation(clock))
    for name, wanted in (("seen", bits["x"]), ("acting", bits["digit"])):
        case.show(f"{name} in its turn", found[name] == wanted, given=turn)
        case.show(f"nothing {name} otherwise", negation(found[name]), given=negation(turn))
    case.show("no state before it is over", negation(found["kept"]), given=negation(clock))
    case.show("its state when it is over", found["kept"] == bits["update"], given=clock)


@obligation(
    "lemma3b.schedule",
    paper="Lemma 3b, Lemma 12b",
    kind="induction",
    of=lambda case: gating(),
    twin=restless,
)
def one_round_is_active(cell: FlatCircuit, case: Case) -> None:
    """For every number of steps t and every round s: after t steps the clock of round s has ticked exactly if s <= t,
    and it is the turn of round s exactly in step s. A clock ticks in a step in which it is its round's turn, and never
    otherwise."""
    s = case.integer("s")
    case.assume(s >= 1)

    def turn(t: Any, ticked: Formula) -> Formula:
        given = {"before": some(s == 1, s - 1 <= t), CLOCK: ticked, "x": True, "digit": True, "update": True}
        return case.circuit(cell, given)["now"]

    state: State = {"t": case.integer("t"), "ticked": case.integer("ticked")}

    def advance(now: State) -> State:
        ticks = some(now["ticked"] == 1, turn(now["t"], now["ticked"] == 1))
        return {"t": now["t"] + 1, "ticked": select(ticks, 1, 0)}

    def holds(now: State) -> Formula:
        t, ticked = now["t"], now["ticked"] == 1
        return every(t >= 0, some(now["ticked"] == 0, ticked), ticked == (s <= t), turn(t, ticked) == (s == t + 1))

    start = {"t": 0, "ticked": 0}
    run = case.induction("over the steps", state=state, start=start, advance=advance, holds=holds, inputs={})
    at = case.reached(run)
    case.show("whether it has ticked", (at["ticked"] == 1) == (s <= at["t"]))
    case.show("whose turn it is", turn(at["t"], at["ticked"] == 1) == (s == at["t"] + 1))


@dataclass(frozen=True)
class Computed:
    """A machine with the computation of one of its rounds."""

    machine: QueryMachine
    decoder: Decoder
    made: RoundCircuit


def _round(machine: Callable[[], QueryMachine], active: bool) -> Callable[[Case], Computed]:
    """A machine with the computation of a round in which ``active`` bits are computed too (rounds of Q')."""

    def build(case: Case) -> Computed:
        made = machine()
        decoder = Decoder(
            setting=DYADIC, rho=RHO, signed=made.signed, binary=is_binary(made), answer_fraction=made.answer_fraction
        )
        return Computed(made, decoder, round_circuit(made, decoder, active=active))

    return build


def _changed(build: Callable[[Case], Computed]) -> Callable[[Case], Computed]:
    """The gate of each output needs one literal less (or one more, if it needs one of some, or none)."""

    def broken(case: Case) -> Computed:
        computed = build(case)
        circuit = computed.made.circuit
        needs, fan_in = circuit.gates.needs.copy(), np.diff(circuit.gates.offsets)
        for gate in {(literal >> 1) - len(circuit.inputs) for literal in circuit.outputs.values()}:
            needs[gate] += -1 if needs[gate] > min(1, fan_in[gate]) else 1
        rows = Gates(needs=needs, offsets=circuit.gates.offsets, literals=circuit.gates.literals)
        other = FlatCircuit(inputs=circuit.inputs, gates=rows, outputs=circuit.outputs)
        return Computed(computed.machine, computed.decoder, RoundCircuit(copies=computed.made.copies, circuit=other))

    return broken


def computes_its_round(computed: Computed, case: Case) -> None:
    """For all x, states, digits and random bits, the circuit of a round does the following. Before its turn no copy
    acts, and its clock and state are 0. In its turn, a copy is idle exactly where its digit of the machine's query is
    not set, and the clock's copy acts. When it is over, no copy acts, and its state is the machine's next state on the
    decoded answers."""
    machine, made = computed.machine, computed.made
    circuit, copies = made.circuit, range(len(made.copies))
    bits = {name: case.bit(name) for name in circuit.inputs}
    ticked = [name for name in circuit.inputs if name.startswith("digit 0 ")]
    state = [f"state {i}" for i in range(len(machine.machine.state))]

    def found(**fixed: bool) -> dict[str, Formula]:
        zero = dict.fromkeys((*ticked, *(state if "before" in fixed else ())), False) if "tick" not in fixed else {}
        return case.circuit(circuit, {**bits, **zero, **({CLOCK: fixed[CLOCK]} if CLOCK in fixed else {})})

    early, now, late = found(before=True, clock=False), found(clock=True), found(tick=True)
    case.show("copies are idle before their turn", every(*(early[f"idle {c}"] for c in copies)))
    for c in copies:
        wanted = True if c == 0 else _digit(computed, case, made.copies[c], bits)
        case.show(f"copy {c} asks {made.copies[c].name}", now[f"idle {c}"] == negation(wanted))
    over = some(*(bits[name] for name in ticked))
    case.show("copies are idle afterwards", every(*(late[f"idle {c}"] for c in copies)), given=over)
    if "active 0" in now:
        both = product((early, now, late), copies)
        opposite = (run[f"active {c}"] == negation(run[f"idle {c}"]) for run, c in both)
        case.show("copies are active if they are not idle", every(*opposite))
    case.show(
        "the clock",
        every(negation(early[CLOCK]), negation(now[CLOCK]), late[CLOCK] == some(*(bits[name] for name in ticked))),
    )
    case.show("no state yet", every(*(negation(run[name]) for run in (early, now) for name in state)))
    case.show(
        "steady",
        every(*(run["steady"] == now["steady"] for run in (early, late)), now["steady"] == ("active 0" in now)),
    )
    following = _update(computed, case, bits)
    same = every(*(late[name] == wanted for name, wanted in zip(state, following, strict=True)))
    case.show("its state afterwards", same, given=late[CLOCK])


def _ports(machine: QueryMachine, bits: Mapping[str, Formula]) -> dict[str, Formula]:
    """The machine's own names for x, state and random bits; the rest is false."""
    found: dict[str, Formula] = dict.fromkeys(machine.machine.circuit.inputs, False)
    for names, mark in ((machine.port("x"), "x"), (machine.machine.state, "state"), (machine.port("random"), "random")):
        found |= {name: bits[f"{mark} {i}"] for i, name in enumerate(names)}
    return found


def _digit(computed: Computed, case: Case, copy: QueryCopy, bits: Mapping[str, Formula]) -> Formula:
    """Whether a digit of the machine's query is set, by going through all codes of a value."""
    machine, d = computed.machine, computed.decoder.digits
    values = case.circuit(machine.query, _ports(machine, bits))
    port = [values[name] for name in machine.port(f"query{copy.query}")]
    chosen = []
    for code in range(1 << len(port)):
        value = machine.query_format.value_of(code) * copy.sign
        if value > 0 and (d == 0 or min(int(value * (1 << d)), (1 << d) - 1) >> (d - 1 - copy.place) & 1):
            chosen.append(every(*(bit if code >> i & 1 else negation(bit) for i, bit in enumerate(port))))
    return some(*chosen)


def _update(computed: Computed, case: Case, bits: Mapping[str, Formula]) -> Sequence[Formula]:
    """The machine's next state on the answers that the decoder gives."""
    machine, decoder = computed.machine, computed.decoder
    at = {copy: c for c, copy in enumerate(computed.made.copies)}
    given = _ports(machine, bits)
    for j in range(machine.parallel):
        design = Design()
        names = [[f"{sign}{i}" for i in range(len(decoder.places))] for sign in ("p", "n")[: 1 + machine.signed]]
        vectors = [[design.input(name, decoder.bits) for name in row] for row in names]
        design.output(
            "code", decoder.circuit(vectors[0], vectors[1] if machine.signed else [], machine.width(f"answer{j}"))
        )
        circuit = design.circuit()
        inputs = {
            f"{name}[{k}]": bits[f"digit {at[copy]} {k}"] if copy in at else False
            for sign, row in zip((1, -1), names, strict=False)
            for i, name in enumerate(row)
            for copy in [QueryCopy(j, sign, i)]
            for k in range(decoder.bits)
        }
        codes = case.circuit(circuit, inputs)
        given |= dict(zip(machine.port(f"answer{j}"), codes.values(), strict=True))
    found = case.circuit(machine.update, given)
    return [found[name] for name in machine.machine.state]


def _coin_machine() -> QueryMachine:
    """A value in quarters by one query, a random bit that picks which, an answer that is kept."""
    design = Design()
    x, answer, random = design.input("x", 2), design.input("answer0", 7), design.input("random")
    turn, large, coin = design.state("turn"), design.state("large"), design.state("coin", start=1)
    design.becomes(turn, ~turn)
    design.becomes(coin, random)
    design.becomes(large, mux(turn, large, answer.signed_more(12)))
    value = mux(coin, x, design.constant(2, 2)).extended(3)
    design.output("query0", mux(turn & x[0], design.constant(4, 3), value))
    design.output("predict", mux(large, x, ~x)[:1])
    return QueryMachine(machine=design.machine(), rounds=2, query_fraction=2, answer_fraction=5)


MACHINES: dict[str, Callable[[], QueryMachine]] = {
    "binary": lambda: best_literal_machine(2, fraction=5),
    "signed": lambda: correlations_machine(2, fraction=6),
    "quarters": _coin_machine,
}
for _name, _machine in MACHINES.items():
    for _active in (False, True):
        _build = _round(_machine, _active)
        registry().add(
            Obligation(
                id=f"lemma3b.round.{_name}.{'even' if _active else 'odd'}",
                paper="Lemma 3b",
                claim=computes_its_round,
                of=_build,
                twin=_changed(_build),
                expect=Verdict.CHECKED,
                finite=f"one machine, {_name}, rho = {RHO}",
            )
        )


def predicts_behind_the_clock(subject: tuple[QueryMachine, FlatCircuit], case: Case) -> None:
    """For all x and states, the final controls get no bit before the last round is over, and afterwards they get the
    bits of the machine's prediction."""
    machine, circuit = subject
    bits = {name: case.bit(name) for name in circuit.inputs}
    found = case.circuit(circuit, bits)
    wanted = case.circuit(
        machine.predictor, _ports(machine, {**{f"random {i}": False for i in range(machine.random_bits)}, **bits})
    )
    for i, name in enumerate(machine.port("predict")):
        value = found.get(f"value {i}", False)
        case.show(f"bit {i} before", negation(value), given=negation(bits[CLOCK]))
        case.show(f"bit {i} afterwards", value == wanted[name], given=bits[CLOCK])
    case.show("steady", found["steady"])


def _ungated(machine: QueryMachine) -> FlatCircuit:
    """The predictor's circuit, of which one gate does not wait for the clock (the twin's)."""
    circuit = predictor_circuit(machine)
    needs = circuit.gates.needs.copy()
    needs[(circuit.outputs["value 0"] >> 1) - len(circuit.inputs)] = 1
    return FlatCircuit(
        inputs=circuit.inputs,
        outputs=circuit.outputs,
        gates=Gates(needs=needs, offsets=circuit.gates.offsets, literals=circuit.gates.literals),
    )


def _predictor(
    machine: QueryMachine, build: Callable[[QueryMachine], FlatCircuit]
) -> Callable[[Case], tuple[QueryMachine, FlatCircuit]]:
    """A machine with its predictor's circuit."""
    return lambda case: (machine, build(machine))


for _name, _machine in MACHINES.items():
    registry().add(
        Obligation(
            id=f"lemma3b.predictor.{_name}",
            paper="Lemma 3b",
            claim=predicts_behind_the_clock,
            expect=Verdict.CHECKED,
            of=_predictor(_machine(), predictor_circuit),
            twin=_predictor(_machine(), _ungated),
            finite=f"one machine, {_name}",
        )
    )


def predictor_sees_no_x_before(circuit: FlatCircuit, case: Case) -> None:
    """For all x and states, no gate of the predictor's computation depends on x before the last round is over: each has
    the value that it has at x = 0. So x reaches the predictor through the clock only."""
    n = len(circuit.inputs)
    outputs = {f"gate {i}": 2 * (n + i) for i in range(len(circuit.gates))}
    every_gate = FlatCircuit(inputs=circuit.inputs, gates=circuit.gates, outputs=outputs)
    bits = {name: False if name == CLOCK else case.bit(name) for name in circuit.inputs}
    seen = case.circuit(every_gate, bits)
    blank = case.circuit(every_gate, {name: False if name.startswith("x ") else bit for name, bit in bits.items()})
    case.show("no gate sees x", every(*(seen[name] == blank[name] for name in outputs)))


def _seeing(machine: QueryMachine) -> FlatCircuit:
    """The predictor's circuit, of which the first gate that reads x needs one literal less (the twin's)."""
    circuit = predictor_circuit(machine)
    x = {2 * i for i, name in enumerate(circuit.inputs) if name.startswith("x ")}
    needs = circuit.gates.needs.copy()
    needs[next(i for i, (_, literals) in enumerate(circuit.gates) if x & set(literals))] -= 1
    return FlatCircuit(
        inputs=circuit.inputs,
        outputs=circuit.outputs,
        gates=Gates(needs=needs, offsets=circuit.gates.offsets, literals=circuit.gates.literals),
    )


def _alone(machine: QueryMachine, build: Callable[[QueryMachine], FlatCircuit]) -> Callable[[Case], FlatCircuit]:
    """The predictor's circuit by itself."""
    return lambda case: build(machine)


for _name, _machine in MACHINES.items():
    registry().add(
        Obligation(
            id=f"lemma3b.predictor.{_name}.unseen",
            paper="Lemma 3b",
            claim=predictor_sees_no_x_before,
            expect=Verdict.CHECKED,
            of=_alone(_machine(), predictor_circuit),
            twin=_alone(_machine(), _seeing),
            finite=f"one machine, {_name}",
        )
    )


def _silent_machine() -> QueryMachine:
    """A machine that asks for one bit of x and predicts 0."""
    design = Design()
    x, answer, large = design.input("x", 2), design.input("answer0", 7), design.state("large")
    design.becomes(large, answer.signed_more(12))
    design.output("query0", x[:1])
    design.output("predict", large & 0)
    return QueryMachine(machine=design.machine(), rounds=2, answer_fraction=5)


@obligation(
    "lemma3b.predictor.inputs",
    paper="Lemma 3b",
    kind="enumeration",
    domain=lambda: ({"machine": i, "unread": lost} for i in range(3) for lost in range(4)),
    expect=Verdict.CHECKED,
    finite="three machines of two bits of x",
    of=lambda case: predictor_circuit,
    twin=lambda case: lambda machine, x_unread: predictor_circuit(machine, x_unread={0, 1} - set(x_unread)),
)
def predictor_reads_its_inputs(build: Callable[..., FlatCircuit], case: Case) -> None:
    """Whatever bits of x no round reads, the predictor's computation leaves no input unread but bits of x that rounds
    read and the machine's predictor does not. Its steady vertex reads no bit of x that a round reads. If the machine
    always predicts 0, there is one bit of its value all the same."""
    machine = (best_literal_machine(2, fraction=5), _coin_machine(), _silent_machine())[int(case.integer("machine"))]
    lost = {i for i in range(2) if int(case.integer("unread")) >> i & 1}
    circuit, bits = build(machine, x_unread=lost), machine.port("x")
    ignored = {bits.index(name) for name in unread(machine.predictor) if name in bits}
    case.show("what is left unread", set(unread(circuit)) == {f"x {i}" for i in ignored - lost})
    _, literals = list(circuit.gates)[(circuit.outputs["steady"] >> 1) - len(circuit.inputs)]
    case.show("what is steady", not {f"x {i}" for i in {0, 1} - lost} & {circuit.inputs[v >> 1] for v in literals})
    case.show("a bit of its value", "value 0" in circuit.outputs)
