"""Attacks on the machine that a network is said to emulate: one gate, one start bit, one number of it is another.

Each is a function of ``source``, which draws at random from a seed, and ``base``, the network that is attacked, with
its machine. It returns another machine and in words what is different, or None if there is nothing to change.
"""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np

from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.machines import Machine
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from verify.attacks.bases import MADE, Base, base, in_ands
from verify.attacks.drafts import Integers
from verify.attacks.mutants import rebuilds

Found = tuple[QueryMachine, str] | None


def _with(
    machine: QueryMachine,
    *,
    circuit: FlatCircuit | None = None,
    next: tuple[int, ...] | None = None,
    start: tuple[bool | None, ...] | None = None,
) -> QueryMachine | None:
    """The machine with another circuit, next state or start; None if it is then no query machine."""
    old = machine.machine
    try:
        inner = replace(
            old,
            circuit=old.circuit if circuit is None else circuit,
            next=old.next if next is None else next,
            start=old.start if start is None else start,
        )
        return replace(machine, machine=inner)
    except ConstructionError:
        return None


def _circuit(
    circuit: FlatCircuit, literals: Integers | None = None, outputs: dict[str, int] | None = None
) -> FlatCircuit:
    gates = circuit.gates
    if literals is not None:
        gates = Gates(needs=gates.needs, offsets=gates.offsets, literals=literals)
    return FlatCircuit(inputs=circuit.inputs, gates=gates, outputs=outputs or circuit.outputs)


@rebuilds("machine, a literal of a gate")
def literal(source: Random, base: Base) -> Found:
    """A literal of one AND negated, or that of another node."""
    machine = in_ands(base.machine)
    circuit = machine.machine.circuit
    literals, i = circuit.gates.literals.copy(), source.randrange(len(circuit.gates.literals))
    gate = len(circuit.inputs) + int(np.searchsorted(circuit.gates.offsets, i, side="right")) - 1
    old = int(literals[i])
    new = old ^ 1 if source.random() < 0.5 else source.randrange(2 * gate)
    literals[i] = new
    try:
        made = _with(machine, circuit=_circuit(circuit, literals))
    except ConstructionError:
        return None
    return None if made is None or new == old else (made, f"AND {gate}: literal {new} for {old}")


@rebuilds("machine, an output or a next state")
def driven(source: Random, base: Base) -> Found:
    """Negated, or driven by what drives another one."""
    machine = in_ands(base.machine)
    inner = machine.machine
    outputs, following = dict(inner.circuit.outputs), list(inner.next)
    if source.random() < 0.5 or not following:
        name, other = source.choice(list(outputs)), source.choice(list(outputs))
        outputs[name] = outputs[name] ^ 1 if source.random() < 0.5 else outputs[other]
        made, changed = (
            _with(machine, circuit=_circuit(inner.circuit, outputs=outputs)),
            outputs != inner.circuit.outputs,
        )
        return (made, f"output {name}") if made and changed else None
    i, j = source.randrange(len(following)), source.randrange(len(following))
    following[i] = following[i] ^ 1 if source.random() < 0.5 else following[j]
    made = _with(machine, next=tuple(following))
    return (made, f"next value of state bit {i}") if made and tuple(following) != inner.next else None


@rebuilds("machine, a start bit")
def start(source: Random, base: Base) -> Found:
    """One bit of the machine's state starts with the other value."""
    bits = list(base.machine.machine.start)
    i = source.randrange(len(bits))
    bits[i] = not bits[i]
    made = _with(base.machine, start=tuple(bits))
    return (made, f"state bit {i} starts as {bits[i]}") if made else None


@rebuilds("machine, rounds")
def rounds(source: Random, base: Base) -> Found:
    """The machine has one or two rounds more or less than the network."""
    count = base.machine.rounds + source.choice((-2, -1, 1, 2))
    return (replace(base.machine, rounds=count), f"{count} rounds") if count >= 0 else None


@rebuilds("machine, formats")
def formats(source: Random, base: Base) -> Found:
    """Signed for unsigned, binary places of queries, answers and predictions."""
    name = source.choice(("signed", "query_fraction", "answer_fraction", "predict_fraction"))
    old = getattr(base.machine, name)
    new = (not old) if name == "signed" else max(0, old + source.choice((-1, 1, 2)))
    changed: dict[str, Any] = {name: new}
    return (replace(base.machine, **changed), f"{name} = {new}") if new != old else None


@rebuilds("machine, ports")
def ports(source: Random, base: Base) -> Found:
    """Two bits of x, two answers' or an answer's, two random bits or two queries' bits exchanged."""
    inner = base.machine.machine
    circuit, names = inner.circuit, [*inner.inputs]
    groups = [[n for n in names if n.startswith(kind)] for kind in ("x", "answer", "random")]
    group = source.choice([g for g in groups if len(g) > 1])
    one, other = source.sample(group, 2)
    swapped = {one: other, other: one}
    renamed = FlatCircuit(
        inputs=tuple(swapped.get(n, n) for n in circuit.inputs), gates=circuit.gates, outputs=circuit.outputs
    )
    made = _with(base.machine, circuit=renamed)
    return (made, f"{one} and {other} exchanged") if made else None


@rebuilds("machine, queries with one more place")
def finer_queries(source: Random, base: Base) -> Found:
    """Every query gets a last bit of its own: the network does not ask it, so its answers are off by that much."""
    machine, outputs = base.machine, {}
    inner = machine.machine
    x = [i for i, name in enumerate(inner.circuit.inputs) if name in machine.port("x")]
    for name, literal in inner.circuit.outputs.items():
        if name.startswith("query"):
            port = name.partition("[")[0]
            outputs[f"{port}[{machine.port(port).index(name) + 1}]"] = literal
        else:
            outputs[name] = literal
    for j in range(machine.parallel):
        outputs[f"query{j}[0]"] = 2 * source.choice(x) + source.randrange(2)
    circuit = _circuit(inner.circuit, outputs=outputs)
    made = _with(machine, circuit=circuit)
    return (replace(made, query_fraction=machine.query_fraction + 1), "one more place of every query") if made else None


@rebuilds("machine, another one")
def another(source: Random, base_: Base) -> Found:
    """The machine of another base with as many inputs, in place of this one's."""
    name = source.choice(
        [name for name in MADE if name != base_.name and base(name).machine.inputs == base_.machine.inputs]
    )
    return base(name).machine, f"the machine of {name}"


@rebuilds("machine through a file", keeps=True)
def through_file(source: Random, base: Base) -> Found:
    """Written as AIGER and read again: the same machine in ANDs."""
    binary = source.random() < 0.5
    return in_ands(base.machine, binary=binary), f"as {'binary' if binary else 'ASCII'} AIGER"


@rebuilds("machine with renamed state bits", keeps=True)
def renamed(source: Random, base: Base) -> Found:
    """Other names for the bits of the state, which mean nothing."""
    inner = base.machine.machine
    names = {name: f"kept {i}" for i, name in enumerate(inner.state)}
    circuit = FlatCircuit(
        inputs=tuple(names.get(n, n) for n in inner.circuit.inputs),
        gates=inner.circuit.gates,
        outputs=inner.circuit.outputs,
    )
    return replace(
        base.machine, machine=Machine(circuit=circuit, next=inner.next, start=inner.start)
    ), "state bits renamed"
