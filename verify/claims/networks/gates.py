"""Lemma 10: every gate strictly flat and right, so that no edge into a computation ever gets a gradient."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.computation.circuits import Circuit, Gate
from constructions.foundations.activation import HARD_TANH, RAMP, Activation
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.network import Fragment
from constructions.networks.computation import computation_edges
from constructions.networks.gates import (
    Code,
    adaptor,
    code,
    conjunction,
    disjunction,
    inverter,
    inverter_constant,
    threshold,
    threshold_constant,
)
from verify.obligations.case import Case, State
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict


@dataclass(frozen=True, slots=True)
class GateSubject:
    """A gate's graph and the Boolean function that it must compute."""

    graph: Fragment
    function: Callable[..., Formula]


def strictly_flat_and_right(subject: GateSubject, case: Case) -> None:
    """On bits the gate's vertex is strictly flat, returns the right bit, and lets no gradient into or through it."""
    graph = subject.graph
    c = code(graph.sigma)
    values = {v: case.real(v) for v in graph.inputs}
    case.assume(*(c.is_bit(value) for value in values.values()))
    run = case.run(graph, values, label="gate")
    truth = subject.function(*(values[v] == c.high for v in graph.inputs))
    case.show("the bit is right", run.out["gate"] == c.encode(truth))
    _blocked(graph, run, case)


def _blocked(graph: Fragment, run: Any, case: Case) -> None:
    case.show("the vertex is strictly flat", run.flat("gate"))
    gradient = case.gradient(run, {"gate": case.real("adjoint")}, label="gate")
    for u, v in graph.edges:
        case.equal(f"no gradient on {u} -> {v}", gradient.edges[u, v], Fraction(0))
    for v in graph.inputs:
        case.equal(f"nothing passes back to {v}", gradient.out[v], Fraction(0))


def _subject(
    make: Callable[..., Fragment], sigma: Activation, function: Callable[..., Formula]
) -> Callable[[Case], GateSubject]:
    return lambda case: GateSubject(make(sigma=sigma), function)


FUNCTIONS: dict[str, tuple[Callable[..., Fragment], Callable[..., Formula]]] = {
    "not": (inverter, negation),
    "and": (conjunction, every),
    "or": (disjunction, some),
}

for _name, (_make, _function) in FUNCTIONS.items():
    for _sigma, _suffix in ((RAMP, ""), (HARD_TANH, ".hard-tanh")):
        _wrong = FUNCTIONS["or" if _name == "and" else "and"][1] if _name != "not" else every
        registry().add(
            Obligation(
                id=f"lemma10.{_name}{_suffix}",
                paper="Lemma 10",
                claim=strictly_flat_and_right,
                of=_subject(_make, _sigma, _function),
                twin=_subject(_make, _sigma, _wrong),
            )
        )


def _adaptor(sigma: Activation, *, touching: bool) -> Callable[[Case], tuple[Fragment, Number, Number]]:
    def build(case: Case) -> tuple[Fragment, Number, Number]:
        y0, y1 = case.real("y0"), case.real("y1")
        case.assume(y0 < y1)
        edge = (y1 - y0) / 2 if touching else Fraction(0)
        return adaptor(y0, y1, sigma=sigma), y0 + edge, y1 - edge

    return build


def adaptor_reads(subject: tuple[Fragment, Number, Number], case: Case) -> None:
    """For any y0 < y1, the adaptor turns values below y0 into 0 and above y1 into 1, strictly flat, with no
    gradient."""
    graph, low, high = subject
    value = case.real("value")
    case.assume(some(value < low, value > high))
    run = case.run(graph, {"x1": value}, label="adaptor")
    case.show("the bit is right", run.out["gate"] == code(graph.sigma).encode(value > high))
    _blocked(graph, run, case)


for _sigma, _suffix in ((RAMP, ""), (HARD_TANH, ".hard-tanh")):
    registry().add(
        Obligation(
            id=f"lemma10.adaptor{_suffix}",
            paper="Lemma 10",
            claim=adaptor_reads,
            of=_adaptor(_sigma, touching=False),
            twin=_adaptor(_sigma, touching=True),
        )
    )


@obligation(
    "lemma10.weights",
    paper="Lemma 10",
    kind="identity",
    of=lambda case: code(RAMP),
    twin=lambda case: replace(code(RAMP), drive=Fraction(5)),
)
def weights_are_the_papers(of: Code, case: Case) -> None:
    """For the two-stage ramp the rule gives the paper's weights: 2 (NOT: -2) from a bit, 4 - 4n, 4n - 4 and 4(n - 2k
    + 1)."""
    n, k = case.real("n"), case.real("k")
    case.equal("from a bit", of.weight, Fraction(2))
    case.equal("NOT: no constant", inverter_constant(of=of), Fraction(0))
    case.equal("AND of n", threshold_constant(n, n, of=of), 4 - 4 * n)
    case.equal("OR of n", threshold_constant(n, Fraction(1), of=of), 4 * n - 4)
    case.equal("threshold k of n", threshold_constant(n, k, of=of), 4 * (n - 2 * k + 1))


@obligation(
    "lemma10.adaptor.weights",
    paper="Lemma 10",
    kind="identity",
    of=lambda case: adaptor(case.real("y0"), case.real("y1")),
    twin=lambda case: adaptor(case.real("y0"), 2 * case.real("y1")),
)
def adaptor_weights_are_the_papers(graph: Fragment, case: Case) -> None:
    """The adaptor's weights are 8/(y1 - y0) and -(4 y1 + 4 y0)/(y1 - y0)."""
    y0, y1 = case.real("y0"), case.real("y1")
    case.equal("from the value", graph.weight("x1", "gate") * (y1 - y0), Fraction(8))
    case.equal("from the constant", graph.weight("one", "gate") * (y1 - y0), -4 * (y0 + y1))


def _count(high_share: int) -> Callable[[Case], int]:
    return lambda case: high_share


@obligation("lemma10.sum", paper="Lemma 10", kind="induction", of=_count(1), twin=_count(2))
def sum_of_bits_counts(one: int, case: Case) -> None:
    """n bits of values L and H, c of them H, sum to L n + (H - L) c, for every fan-in n."""
    low, high, bit = case.real("low"), case.real("high"), case.integer("bit")
    case.assume(some(bit == 0, bit == 1))
    state = {"n": case.integer("n"), "c": case.integer("c"), "total": case.real("total")}
    case.induction(
        "over the inputs",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        inputs={"bit": bit},
        advance=lambda s: {
            "n": s["n"] + 1,
            "c": s["c"] + s["bit"] * one,
            "total": s["total"] + select(s["bit"] == 1, high, low),
        },
        holds=lambda s: every(s["c"] >= 0, s["c"] <= s["n"], s["total"] == low * s["n"] + (high - low) * s["c"]),
    )


def _any_code(case: Case) -> Code:
    return Code(case.real("low"), case.real("high"), case.real("drive"))


@obligation(
    "lemma10.drive",
    paper="Lemma 10",
    kind="identity",
    of=_any_code,
    twin=lambda case: replace(_any_code(case), drive=Fraction(1)),
    needs=("lemma10.sum",),
)
def gates_are_driven_far_enough(of: Code, case: Case) -> None:
    """For every activation's code, fan-in n and threshold k, c set bits give the pre-activation T + 2T (c - k)."""
    n, k, c, drive = case.real("n"), case.real("k"), case.real("c"), case.real("drive")
    total = of.low * n + (of.high - of.low) * c
    case.equal("threshold", of.weight * total + threshold_constant(n, k, of=of), drive + 2 * drive * (c - k))
    one = of.low + (of.high - of.low) * c
    case.equal("NOT", -of.weight * one + inverter_constant(of=of), drive - 2 * drive * c)


def _rule(sigma: Activation, shift: int) -> Callable[[Case], tuple[Activation, int]]:
    return lambda case: (sigma, shift)


def wide_gates_are_right(subject: tuple[Activation, int], case: Case) -> None:
    """For every fan-in n and threshold 1 <= k <= n, a gate with c set inputs is strictly flat and returns whether c
    >= k."""
    sigma, shift = subject
    of = code(sigma)
    n, k, c = (case.integer(name) for name in "nkc")
    case.assume(k >= 1, k <= n, c >= 0, c <= n)
    pre = of.weight * (of.low * n + (of.high - of.low) * c) + threshold_constant(n, k + shift, of=of)
    case.show("strictly flat", sigma.strictly_flat(pre))
    case.show("right", sigma(pre) == of.encode(c >= k))
    case.show("slope 0", sigma.slope(pre) == 0)


for _sigma, _suffix in ((RAMP, ""), (HARD_TANH, ".hard-tanh")):
    registry().add(
        Obligation(
            id=f"lemma10.threshold{_suffix}",
            paper="Lemma 10",
            claim=wide_gates_are_right,
            of=_rule(_sigma, 0),
            twin=_rule(_sigma, 1),
            needs=("lemma10.sum", "lemma10.drive"),
        )
    )


def _built() -> Iterator[dict[str, Any]]:
    return ({"n": n, "k": k} for n in range(1, 13) for k in range(1, n + 1))


def _builder(shift: int) -> Callable[[Case], Fragment]:
    def build(case: Case) -> Fragment:
        n, k = case.integer("n"), case.integer("k")
        return threshold(int(n), max(1, int(k) - shift))

    return build


@obligation(
    "lemma10.threshold.built",
    paper="Lemma 10",
    kind="enumeration",
    finite="fan-in up to 12",
    domain=_built,
    of=_builder(0),
    twin=_builder(1),
    expect=Verdict.CHECKED,
)
def built_gates_follow_the_rule(graph: Fragment, case: Case) -> None:
    """Each built gate of fan-in n and threshold k has the rule's weights, and gives the right bit for every count."""
    n, k, of = case.integer("n"), case.integer("k"), code(graph.sigma)
    case.show("weights from the inputs", every(*(graph.weight(x, "gate") == of.weight for x in graph.inputs)))
    wanted = threshold_constant(n, k, of=of)
    found = graph.weight("one", "gate") if graph.constant else Fraction(0)
    case.equal("weight from the constant", found, wanted)
    right = []
    for count in range(len(graph.inputs) + 1):
        values = {x: of.bit(i < count) for i, x in enumerate(graph.inputs)}
        run = case.run(graph, values, label=f"{count} bits set")
        right += [run.flat("gate"), run.out["gate"] == of.bit(count >= k)]
    case.show("right for every number of bits set", every(*right))


def _piecewise(name: str, kinks: tuple[int, ...], slopes: tuple[int, ...], value: int) -> Activation:
    return Activation(
        kinks=tuple(map(Fraction, kinks)), slopes=tuple(map(Fraction, slopes)), value=Fraction(value), name=name
    )


ACTIVATIONS = (
    RAMP,
    HARD_TANH,
    _piecewise("falling step", (0, 1), (0, -3, 0), 5),
    _piecewise("far to the right", (7, 9), (0, 1, 0), 0),
    _piecewise("hill and plateau", (-4, -2, 0, 1), (0, 3, -1, 2, 0), -1),
)


def _kinds() -> Iterator[dict[str, Any]]:
    return ({"sigma": i, "n": n, "k": k} for i in range(len(ACTIVATIONS)) for n in range(1, 5) for k in range(n + 1))


def _kind(shift: int) -> Callable[[Case], tuple[Fragment, int]]:
    """A threshold gate of n inputs, or NOT for k = 0."""

    def build(case: Case) -> tuple[Fragment, int]:
        sigma, n, k = ACTIVATIONS[int(case.integer("sigma"))], int(case.integer("n")), int(case.integer("k"))
        return (threshold(n, k, sigma=sigma) if k else inverter(sigma=sigma)), k + shift

    return build


@obligation(
    "lemma10.activations",
    paper="Lemma 10",
    kind="enumeration",
    finite="five activations, fan-in up to 4",
    domain=_kinds,
    of=_kind(0),
    twin=_kind(1),
    expect=Verdict.CHECKED,
    needs=("lemma10.drive",),
)
def derived_gates_work_for_any_activation(subject: tuple[Fragment, int], case: Case) -> None:
    """With weights derived from the activation, NOT and every threshold gate is strictly flat and right on all its
    inputs."""
    graph, k = subject
    of, right = code(graph.sigma), []
    for bits in product((False, True), repeat=len(graph.inputs)):
        run = case.run(graph, {x: of.bit(bit) for x, bit in zip(graph.inputs, bits, strict=True)}, label=f"bits {bits}")
        truth = sum(bits) >= k if k else not bits[0]
        right += [run.flat("gate"), run.out["gate"] == of.bit(truth)]
    case.show("flat and right on all bits", every(*right))


def _anywhere(flat: bool) -> Callable[[Case], bool]:
    return lambda case: flat


@obligation("lemma10.blocks", paper="Lemma 10", of=_anywhere(True), twin=_anywhere(False))
def flat_vertices_block(flat: bool, case: Case) -> None:
    """A strictly flat vertex of any weights gives no gradient to its edges and passes nothing back, whatever lies
    behind it."""
    x, y, w, u = (case.real(name) for name in ("x", "y", "w", "u"))
    graph = Fragment(inputs=("x", "y"), outputs=("gate",), edges={("x", "gate"): w, ("y", "gate"): u})
    run = case.run(graph, {"x": x, "y": y}, label="vertex")
    case.assume(run.flat("gate") if flat else negation(graph.sigma.on_kink(run.pre["gate"])))
    gradient = case.gradient(run, {"gate": case.real("adjoint")}, label="vertex")
    for edge in graph.edges:
        case.equal(f"no gradient on {edge[0]} -> {edge[1]}", gradient.edges[edge], Fraction(0))
    case.show("nothing passes back", every(gradient.out["x"] == 0, gradient.out["y"] == 0))


def _gates(case: Case) -> dict[str, Fragment]:
    constants = {
        kind: Fragment(inputs=(), outputs=("gate",), edges=_constant(kind), constant="one")
        for kind in ("true", "false")
    }
    return {"not": inverter(), "and": conjunction(), "or": disjunction(), **constants}


def _constant(kind: str) -> dict[tuple[str, str], Number]:
    circuit = Circuit(inputs=(), gates={"gate": Gate(kind)}, outputs=("gate",))
    return computation_edges(circuit, bounds={})


def _leaky(case: Case) -> dict[str, Fragment]:
    return _gates(case) | {"and": conjunction().with_weight("x1", "gate", 1)}


@obligation(
    "lemma10.circuit",
    paper="Lemma 10",
    kind="induction",
    of=_gates,
    twin=_leaky,
    needs=("lemma10.adaptor", "lemma10.threshold", "lemma10.sum", "lemma10.blocks"),
)
def every_circuit_is_emulated(gates: dict[str, Fragment], case: Case) -> None:
    """In any circuit, if the first v vertices in topological order carry their gate's bit and are strictly flat, so
    does the next, be it an input adapted for any y0 < y1, a constant, NOT, AND, OR or a threshold gate of any fan-in;
    so all do."""
    c = code(RAMP)
    vertex: State = {name: case.integer(name) for name in ("kind", "n", "k", "count")}
    vertex |= {name: case.real(name) for name in ("x", "y", "value", "y0", "y1")}
    kind, n, k, count = (vertex[name] for name in ("kind", "n", "k", "count"))
    value, low, high = (vertex[name] for name in ("value", "y0", "y1"))
    case.assume(
        kind >= 0, kind <= 6, k >= 1, k <= n, count >= 0, count <= n, low < high, some(value < low, value > high)
    )
    case.induction(
        "over the vertices",
        state={"v": case.integer("v"), "meeting": case.integer("meeting")},
        inputs=vertex,
        start={"v": Fraction(0), "meeting": Fraction(0)},
        given=lambda s: implies(s["meeting"] == s["v"], every(c.is_bit(s["x"]), c.is_bit(s["y"]))),
        advance=lambda s: {
            "v": s["v"] + 1,
            "meeting": s["meeting"] + select(_meets(gates, s, case), Fraction(1), Fraction(0)),
        },
        holds=lambda s: s["meeting"] == s["v"],
    )


def _meets(gates: dict[str, Fragment], s: State, case: Case) -> Formula:
    """Whether a vertex of any kind, over two bits (or a value, or n bits of which ``count`` hold), is strictly flat
    with its gate's bit."""
    c, x, y, n, k, count, value = code(RAMP), *(s[name] for name in ("x", "y", "n", "k", "count", "value"))
    runs = {
        name: case.run(graph, dict(zip(graph.inputs, (x, y), strict=False)), label=name)
        for name, graph in gates.items()
    }
    source = case.run(adaptor(s["y0"], s["y1"]), {"x1": value}, label="adaptor")
    bits = {"true": True, "false": False}
    bits |= {"not": negation(x == c.high), "and": every(x == c.high, y == c.high), "or": some(x == c.high, y == c.high)}
    wide = c.weight * (c.low * n + (c.high - c.low) * count) + threshold_constant(n, k, of=c)
    meets = [every(runs[name].flat("gate"), runs[name].out["gate"] == c.encode(bits[name])) for name in gates]
    meets.append(every(source.flat("gate"), source.out["gate"] == c.encode(value > s["y1"])))
    meets.append(every(RAMP.strictly_flat(wide), RAMP(wide) == c.encode(count >= k)))
    return every(*(implies(s["kind"] == i, fact) for i, fact in enumerate(meets)))
