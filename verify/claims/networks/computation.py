"""Lemma 10's vertex count (E07): one vertex for each gate and one for each adapted input."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.computation.circuits import Circuit, Draft, Gate
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select, some
from constructions.foundations.network import Fragment
from constructions.networks.computation import emulate
from constructions.networks.gates import adaptor, conjunction, disjunction, inverter
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


def _identity() -> Circuit:
    return Circuit(inputs=("a",), gates={}, outputs=("a",))


def _exclusive() -> Circuit:
    draft = Draft("a", "b")
    return draft.circuit(draft.xor("a", "b"))


def _majority() -> Circuit:
    return Circuit(inputs=("a", "b", "c"), gates={"m": Gate("threshold", ("a", "b", "c"), 2)}, outputs=("m",))


def _mixed() -> Circuit:
    """A circuit with a constant and gates of several kinds."""
    draft = Draft("a", "b", "c")
    yes = draft.add("true")
    return draft.circuit(draft.either(draft.both("a", yes, "c"), draft.negate("b")), draft.xor("a", "c"))


CIRCUITS: tuple[Callable[[], Circuit], ...] = (_exclusive, _identity, _majority, _mixed)


def _examples() -> Iterator[dict[str, Any]]:
    return ({"example": i} for i in range(len(CIRCUITS)))


def _emulated(extra: int) -> Callable[[Case], tuple[Circuit, Fragment, int]]:
    """A circuit with its emulation; ``extra`` is added to the wanted number of vertices (the twin's)."""

    def build(case: Case) -> tuple[Circuit, Fragment, int]:
        circuit = CIRCUITS[int(case.integer("example"))]()
        return circuit, emulate(circuit), extra

    return build


def at_most_one_vertex_a_gate(subject: tuple[Circuit, Fragment, int], case: Case) -> None:
    """The emulation of each circuit of the finite case has at most as many new vertices as the circuit has gates, as
    Lemma 10 is printed."""
    circuit, graph, _ = subject
    new = len(graph.order) - len(graph.sources)
    case.show("at most as many vertices as gates", new <= len(circuit.gates))


obligation(
    "lemma10.count.printed",
    paper="Lemma 10",
    kind="enumeration",
    domain=_examples,
    of=_emulated(0),
    expect=Verdict.REFUTED,
    erratum="E07",
    finite="four small circuits",
)(at_most_one_vertex_a_gate)


@obligation(
    "lemma10.emulates",
    paper="Lemma 10",
    kind="enumeration",
    domain=_examples,
    of=_emulated(0),
    twin=_emulated(1),
    expect=Verdict.CHECKED,
    erratum="E07",
    finite="four small circuits, every input",
    needs=("lemma10.circuit",),
)
def emulation_computes_the_circuit(subject: tuple[Circuit, Fragment, int], case: Case) -> None:
    """The emulation of each circuit of the finite case has one new vertex for each gate and for each input. On every
    input all of these vertices are strictly flat, and the outputs carry the bits that the circuit computes."""
    circuit, graph, extra = subject
    case.show("the count", len(graph.order) - len(graph.sources) == len(circuit.gates) + len(circuit.inputs) + extra)
    flat, right = [], []
    for number in range(2 ** len(circuit.inputs)):
        bits = {v: bool(number >> i & 1) for i, v in enumerate(circuit.inputs)}
        run = case.run(graph, {v: Fraction(int(bit)) for v, bit in bits.items()}, label=f"input {number}")
        wanted = [2 if bit else -2 for bit in circuit(**bits).values()]
        flat.append(run.flat(*run.pre))
        right.append([run.out[v] for v in graph.outputs] == wanted)
    case.show("flat on every input", every(*flat))
    case.show("right on every input", every(*right))


@dataclass(frozen=True, slots=True)
class Templates:
    """The gadgets that a circuit is stamped from."""

    gadgets: tuple[Fragment, ...]


def _templates(case: Case) -> Templates:
    return Templates((inverter(), conjunction(), disjunction(), adaptor(0, 1)))


def _two_stage(case: Case) -> Templates:
    double = Fragment(inputs=("x1",), outputs=("gate",), edges={("x1", "middle"): -2, ("middle", "gate"): -2})
    return Templates((double, conjunction(), disjunction(), adaptor(0, 1)))


@obligation("lemma10.count.repaired", paper="Lemma 10", kind="induction", of=_templates, twin=_two_stage, erratum="E07")
def one_vertex_a_gate_and_input(templates: Templates, case: Case) -> None:
    """However many gadgets (NOT, AND, OR, adaptor) are stamped, in any order, the number of new vertices is the number
    of gates and of adapted inputs together."""
    kind = case.integer("kind")
    case.assume(some(*(kind == i for i in range(len(templates.gadgets)))))

    def new(kind: Number) -> Number:
        sizes = (Fraction(len(gadget.order) - len(gadget.sources)) for gadget in templates.gadgets)
        return sum((select(kind == i, size, Fraction(0)) for i, size in enumerate(sizes)), Fraction(0))

    state = {"stamped": case.integer("stamped"), "vertices": case.integer("vertices")}
    run = case.induction(
        "over the gadgets",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        inputs={"kind": kind},
        advance=lambda s: {"stamped": s["stamped"] + 1, "vertices": s["vertices"] + new(s["kind"])},
        holds=lambda s: every(s["stamped"] >= 0, s["vertices"] == s["stamped"]),
    )
    at = case.reached(run)
    case.show("one vertex for each", at["vertices"] == at["stamped"])
