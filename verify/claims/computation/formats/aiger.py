"""AIGER round trips: what is written and read again is the same circuit, by a miter that has no model."""

from collections.abc import Callable
from dataclasses import replace

from constructions.computation.builder import Builder
from constructions.computation.flat import FlatCircuit
from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.iscas import c17
from constructions.computation.machines import Machine
from constructions.foundations.logic import every
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict

STEPS = 5


def majority_and_more() -> FlatCircuit:
    """Gates that AIGER has not: a threshold, a wide AND, a wide OR, a constant."""
    builder = Builder()
    x = [builder.input(f"x{i}") for i in range(7)]
    builder.output("most", builder.at_least(4, x))
    builder.output("all", builder.every(x))
    builder.output("none", builder.some(x) ^ 1)
    builder.output("yes", builder.either(x[0], x[0] ^ 1))
    return builder.circuit()


def counter() -> Machine:
    """Three bits that count while ``go``, from 5, and a bit that starts at anything and keeps what it is."""
    builder = Builder()
    go, *bits = (builder.input(name) for name in ("go", "q0", "q1", "q2", "free"))
    carry, following = go, []
    for bit in bits[:3]:
        following.append(builder.xor(bit, carry))
        carry = builder.both(bit, carry)
    for i, literal in enumerate((*following, builder.xor(bits[3], go))):
        builder.output(f"n{i}", literal)
    builder.output("wraps", carry)
    circuit = builder.circuit()
    nexts = tuple(circuit.outputs[f"n{i}"] for i in range(3))
    outputs = {"wraps": circuit.outputs["wraps"], "odd": circuit.outputs["n3"]}
    return Machine(circuit=replace(circuit, outputs=outputs), next=(*nexts, 8), start=(True, False, True, None))


def again(machine: Machine, *, binary: bool, flipped: str | None = None) -> Machine:
    """A machine written and read again; the twin has one output negated on the way."""
    circuit = machine.circuit
    if flipped is not None:
        outputs = {name: literal ^ (name == flipped) for name, literal in circuit.outputs.items()}
        machine = replace(machine, circuit=replace(circuit, outputs=outputs))
    return read_aiger(write_aiger(machine, binary=binary)).machine


def equal_circuits(subject: tuple[FlatCircuit, FlatCircuit], case: Case) -> None:
    """A circuit (or a machine, for some steps from its start) that is written as an AIGER file and read again has the
    same inputs by name as before, and the same outputs for all values of the inputs."""
    first, second = subject
    case.show(
        "the same inputs and outputs",
        set(first.inputs) == set(second.inputs) and list(first.outputs) == list(second.outputs),
    )
    bits = {name: case.bit(name) for name in first.inputs}
    left, right = case.circuit(first, bits), case.circuit(second, bits)
    case.show("no input tells them apart", every(*(left[name] == right[name] for name in first.outputs)))


Pair = tuple[FlatCircuit, FlatCircuit]


def _combinational(
    make: Callable[[], FlatCircuit], *, binary: bool, flipped: str | None = None
) -> Callable[[Case], Pair]:
    """A circuit, and what is read again from its file."""
    return lambda case: (make(), again(Machine(circuit=make()), binary=binary, flipped=flipped).circuit)


def _sequential(*, binary: bool, flipped: str | None = None) -> Callable[[Case], Pair]:
    return lambda case: (counter().unroll(STEPS), again(counter(), binary=binary, flipped=flipped).unroll(STEPS))


for _binary in (False, True):
    _form = "binary" if _binary else "ascii"
    for _name, _make, _output in (("c17", c17, "22"), ("gates", majority_and_more, "most")):
        registry().add(
            Obligation(
                id=f"aiger.{_form}.{_name}",
                paper="circuits",
                claim=equal_circuits,
                finite=f"the circuit {_name}",
                expect=Verdict.CHECKED,
                of=_combinational(_make, binary=_binary),
                twin=_combinational(_make, binary=_binary, flipped=_output),
            )
        )
    registry().add(
        Obligation(
            id=f"aiger.{_form}.machine",
            paper="circuits",
            claim=equal_circuits,
            finite=f"a counter, {STEPS} steps",
            expect=Verdict.CHECKED,
            of=_sequential(binary=_binary),
            twin=_sequential(binary=_binary, flipped="wraps"),
        )
    )
