"""The circuit of a certified network in training (premises d, h and k): it computes, and no gradient touches it.

All evaluations and steps are one run, of which each step makes one thing: a weight as in the file, a vertex that is
given (the constant, an input, a digit of a copy), one edge more of a vertex's pass, a vertex, one sample's part of a
gradient, a weight after a step of gradient descent. What a vertex is said to be is what the certifier's own code finds:
the pass over its edges (``swept``) and the decision (``decided``). Proved here: ``certifier.circuit``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, some
from constructions.foundations.network import Fragment
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.walks import backward, forward
from verify.certifier.roles.gates import decided, swept
from verify.claims.certifier.roles.gates import BIT, CONSTANT, ROLES, VALUES
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state
from verify.provers.branches import own, with_names

Function = Callable[..., Any]
WRITE, GIVE, ADD, DECIDE, DRIVE, LEARN, UPDATE = range(7)
"""What a step makes: a weight of the file; a given vertex; one edge more of a pass; a gate or random bit; a vc or a
control; a sample's gradient; a weight after a step."""
MAKES = ("a weight", "a given vertex", "an edge more", "a gate", "a vc or a control", "a sample more", "a step more")
"""In words, in this order."""
NOTHING, GIVEN, COMPUTED, WEIGHT = range(4)
"""What there is at a moment: nothing new, a vertex that is given, one that is computed, a weight."""
DRIVEN = 1 + max(ROLES)
"""The role of a vc or a control, which no gate reads."""
PASS = ("low", "count", "least", "most")
"""What the certifier's pass over the edges of a vertex keeps."""
WHOLE = ("made", "role", "built", "c", *PASS, "whole", "carried", "samples")
REAL = ("total", "pre", "out", "weight", "sum")


@dataclass(frozen=True, slots=True)
class TrainedCircuit:
    """The run: the certifier's pass and decision, and what does not change.

    Parameters
    ----------
    sweep, decide : as :func:`~verify.certifier.roles.gates.swept` and :func:`~verify.certifier.roles.gates.decided`.
    rho, rate, scale : precision, step size, and over what the weights of the file are integers.
    """

    sweep: Function
    decide: Function
    rho: Number
    rate: Number
    scale: Number

    def start(self) -> State:
        """Nothing is there yet."""
        return dict.fromkeys((*WHOLE, *REAL), Fraction(0))

    def needs(self, s: State) -> Number:
        """The k that the certifier finds; below 0 if it finds none."""
        (k,) = own(lambda: (self.decide(*of_decision(s).values(), self.scale),))
        return k

    def may(self, s: State) -> Formula:
        """What a step needs: what it looks back at was made, and the certifier has accepted the vertex."""
        tail, wire = (earlier_state(s, name) for name in ("tail", "wire"))
        is_wire, is_pre = wire["made"] == WEIGHT, s["z"] * self.scale == s["total"]
        is_tail = some(tail["made"] == GIVEN, every(tail["made"] == COMPUTED, tail["role"] == BIT))
        needs = {
            WRITE: True,
            GIVE: carries(s["given role"], s["value"]),
            ADD: every(is_tail, is_wire),
            DECIDE: every(is_pre, s["k"] == self.needs(s), s["k"] >= 0),
            DRIVE: every(is_pre, RAMP.strictly_flat(s["z"])),
            LEARN: tail["made"] == COMPUTED,
            UPDATE: every(is_wire, s["samples"] >= 1, is_valid(s["u"], mean(s), self.rho)),
        }
        return some(*(every(s["do"] == do, need) for do, need in needs.items()))

    def edge(self, s: State) -> State:
        """The next edge of a pass: its weight in the file, what its tail carries, and the tail's role."""
        tail, wire = (earlier_state(s, name) for name in ("tail", "wire"))
        return {"w": wire["built"], "value": tail["carried"], "role": tail["role"]}

    def advance(self, s: State, edges: Inductive) -> State:
        """The state after a step; ``edges`` is the run of the certifier's pass over the edges of a vertex."""
        tail, wire, do = earlier_state(s, "tail"), earlier_state(s, "wire"), s["do"]
        edges.begin(w=Fraction(0), value=Fraction(1), role=Fraction(CONSTANT))
        more = edges.go_on(of_pass(s), **self.edge(s))
        added, kept = do == ADD, do == LEARN
        later = wire["weight"] - self.rate * (self.rho * s["u"]) * self.scale
        total = s["total"] + wire["weight"] * tail["out"]
        made = select(do == GIVE, GIVEN, select(some(do == DECIDE, do == DRIVE), COMPUTED, NOTHING))
        found = {
            "made": select(some(do == WRITE, do == UPDATE), WEIGHT, made),
            "role": select(do == GIVE, s["given role"], select(do == DECIDE, BIT, DRIVEN)),
            "built": select(do == WRITE, s["w"], wire["built"]),
            "whole": more["sum"],
            **{name: more[name] for name in ("c", *PASS)},
        }
        found = {
            name: value if name in ("made", "role", "built") else select(added, value, select(kept, s[name], 0))
            for name, value in found.items()
        }
        bit = select(s["k"] <= s["c"], VALUES[BIT][1], VALUES[BIT][0])
        return found | {
            "carried": select(do == GIVE, s["value"], bit),
            "samples": select(kept, s["samples"] + 1, 0),
            "total": select(added, total, select(kept, s["total"], Fraction(0))),
            "pre": s["z"],
            "out": select(do == GIVE, s["value"], RAMP(s["z"])),
            "weight": select(do == WRITE, s["w"], later),
            "sum": select(kept, s["sum"] + entry(tail, s), Fraction(0)),
        }

    def holds(self, s: State, edges: Inductive) -> Formula:
        """A weight is that of the file; a computed vertex is strictly flat and carries its bit; nothing is learnt."""
        computed, vertex = s["made"] == COMPUTED, some(s["made"] == GIVEN, s["made"] == COMPUTED)
        right = implies(s["role"] == BIT, every(s["out"] == s["carried"], carries(BIT, s["carried"])))
        return every(
            edges.reached(of_pass(s)),
            s["total"] == s["whole"],
            implies(s["made"] == WEIGHT, s["weight"] == s["built"]),
            implies(computed, every(RAMP.strictly_flat(s["pre"]), s["out"] == RAMP(s["pre"]), right)),
            implies(s["made"] == GIVEN, every(s["out"] == s["carried"], carries(s["role"], s["carried"]))),
            implies(vertex, s["role"] >= 0),
            s["samples"] >= 0,
            s["sum"] == 0,
        )


def carries(role: Number, value: Number) -> Formula:
    """Whether a vertex of a role may carry a value: 1, 0 or 1, -2 or 2."""
    return some(*(every(role == each, some(*(value == one for one in VALUES[each]))) for each in ROLES))


def of_pass(s: State) -> State:
    """The part of a state of which the certifier's pass speaks."""
    return {**{name: s[name] for name in PASS}, "sum": s["whole"], "c": s["c"]}


def of_decision(s: State) -> State:
    """What the certifier's decision is made of; without a literal there is no least swing."""
    return {name: select(s["least"] >= 1, s["least"], 1) if name == "least" else s[name] for name in PASS}


def mean(s: State) -> Number:
    """The mean of an edge's clipped gradients over the batch."""
    return s["sum"] / select(s["samples"] >= 1, s["samples"], 1)


def entry(head: State, s: State) -> Number:
    """The clipped derivative of the loss by the weight of an edge into a vertex, by the chain rule's walk: the edge has
    the weight ``v``, its tail returns ``x``, and the loss grows by ``adjoint`` with the head's output."""
    graph = one_edge(s["v"])
    run = forward(graph, {"x": s["x"]}, outside={"head": head["pre"] - s["v"] * s["x"]})
    return clip(backward(run, {"head": s["adjoint"]}, report_kinks=True).edges["x", "head"])


def one_edge(weight: Number) -> Fragment:
    """A vertex with one of its edges; all others are outside."""
    return Fragment(inputs=("x",), outputs=("head",), edges={("x", "head"): weight})


def _circuit(sweep: Function, decide: Function) -> Callable[[Case], TrainedCircuit]:
    """The run for a pass and a decision, at any precision, step size and scale."""

    def build(case: Case) -> TrainedCircuit:
        rho, rate, scale = case.real("rho"), case.real("rate"), case.integer("scale")
        case.assume(rho > 0, scale >= 1)
        return TrainedCircuit(with_names(sweep), with_names(decide), rho, rate, scale)

    return build


def at_a_kink(low: Number, count: Number, least: Number, most: Number, scale: Number) -> Any:
    """A decision that lets a sum rest on a kink (the twin's)."""
    return with_names(decided)(low + 1, count, least, most, scale)


@obligation(
    "certifier.circuit",
    paper="the certifier",
    kind="induction",
    of=_circuit(swept, decided),
    twin=_circuit(swept, at_a_kink),
)
def circuit_stays_and_computes(run: TrainedCircuit, case: Case) -> None:
    """For every network whose gates the certifier's code accepts, with any weights, fan-in and wiring, and whose vc and
    controls are strictly flat for the values of their bits: through any number of steps of gradient descent, of any
    precision and step size, on any batches, each gate and each random bit is strictly flat and carries "at least k of
    its literals" with the k that the code finds, each vc and control is strictly flat, the loss has derivative 0 by
    the weight of each edge into them, nothing passes back through them, and each such weight stays as in the file."""
    state = {name: case.integer(name) for name in WHOLE} | {name: case.real(name) for name in REAL}
    inputs = {name: case.integer(name) for name in ("do", "w", "given role", "value", "u", "k")}
    inputs |= {name: case.real(name) for name in ("z", "v", "x", "adjoint")}
    moment = {f"over the edges reached: {name}": value for name, value in of_pass(state).items()}
    an_edge = {"w": Fraction(0), "value": Fraction(1), "role": Fraction(CONSTANT)}
    case.use("certifier.gate.sweep", **moment, **an_edge)
    edges = case.use("certifier.gate.sweep").inductions["over the edges"]
    case.use("certifier.gate.decided", **of_decision(state), scale=run.scale, c=state["c"], pre=inputs["z"])
    at = case.reached(
        case.induction(
            "over all that is made",
            state=state,
            start=run.start(),
            inputs=inputs,
            earlier=("tail", "wire"),
            given=run.may,
            advance=lambda s: run.advance(s, edges),
            holds=lambda s: run.holds(s, edges),
            kinds=lambda s: {name: s["do"] == do for do, name in enumerate(MAKES)},
        )
    )
    computed, gate = at["made"] == COMPUTED, every(at["made"] == COMPUTED, at["role"] == BIT)
    case.show("each vertex is strictly flat", RAMP.strictly_flat(at["pre"]), given=computed)
    case.show("a gate carries the bit that the code finds", at["out"] == at["carried"], given=gate)
    case.show("each weight is that of the file", at["weight"] == at["built"], given=at["made"] == WEIGHT)
    x, v = case.real("any x"), case.real("any weight")
    walk = case.run(one_edge(v), {"x": x}, label="an edge into it", outside={"head": at["pre"] - v * x})
    gradient = case.gradient(walk, {"head": case.real("any adjoint")}, label="an edge into it", given=computed)
    case.show("no gradient", gradient.edges["x", "head"] == 0, given=computed)
    case.show("nothing passes back", gradient.out["x"] == 0, given=computed)
