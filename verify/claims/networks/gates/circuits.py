"""Lemma 10: a strictly flat vertex stops every gradient, and so a circuit of any size is emulated.

Proved here: no gradient passes a strictly flat vertex, whatever its weights are (``lemma10.blocks``), and by induction
over the vertices of a circuit all of them are strictly flat and carry the bits of their gates (``lemma10.circuit``).
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.computation.circuits import Circuit, Gate
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.network import Fragment
from constructions.networks.computation import computation_edges
from constructions.networks.gates import (
    adaptor,
    code,
    conjunction,
    disjunction,
    inverter,
    threshold_constant,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State


def _anywhere(flat: bool) -> Callable[[Case], bool]:
    return lambda case: flat


@obligation("lemma10.blocks", paper="Lemma 10", of=_anywhere(True), twin=_anywhere(False))
def flat_vertices_block(flat: bool, case: Case) -> None:
    """A strictly flat vertex of any fan-in, whatever its weights and inputs are, gives no gradient to the edges into it
    and passes nothing back to their tails, whatever adjoint it gets. (Two of its edges are written out; all others are
    outside.)"""
    x, y, w, u = (case.real(name) for name in ("x", "y", "w", "u"))
    graph = Fragment(inputs=("x", "y"), outputs=("gate",), edges={("x", "gate"): w, ("y", "gate"): u})
    run = case.run(graph, {"x": x, "y": y}, label="vertex", outside={"gate": case.real("z")})
    case.assume(run.flat("gate") if flat else negation(graph.sigma.on_kink(run.pre["gate"])))
    gradient = case.gradient(run, {"gate": case.real("adjoint")}, label="vertex")
    for edge in graph.edges:
        case.equal(f"no gradient on {edge[0]} -> {edge[1]}", gradient.edges[edge], Fraction(0))
    case.show("nothing passes back", every(gradient.out["x"] == 0, gradient.out["y"] == 0))


def _gates(case: Case) -> dict[str, Fragment]:
    """The graphs of NOT, AND, OR and of the constants, by name."""
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
    """In every circuit, if the first v vertices of the emulation in topological order carry the bits of their gates and
    are strictly flat, so does the next one and is so too, be it an input adapted for any y0 < y1, a constant, NOT, AND,
    OR, or a threshold gate of any fan-in. So, by induction, all vertices do."""
    c = code(RAMP)
    vertex: State = {name: case.integer(name) for name in ("kind", "n", "k", "count")}
    vertex |= {name: case.real(name) for name in ("x", "y", "value", "y0", "y1")}
    kind, n, k, count = (vertex[name] for name in ("kind", "n", "k", "count"))
    value, low, high = (vertex[name] for name in ("value", "y0", "y1"))
    case.assume(
        kind >= 0, kind <= 6, k >= 1, k <= n, count >= 0, count <= n, low < high, some(value < low, value > high)
    )
    run = case.induction(
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
    at = case.reached(run)
    case.show("all vertices do", at["meeting"] == at["v"])


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
