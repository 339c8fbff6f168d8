"""Lemma 10: a circuit as a part of a network that is trained, of any size, any fan-in and any wiring.

The network's evaluations and its training are one run, of which each step makes one thing: a weight as it is built, the
partial sum of a gate, the value of a vertex on some sample, a sample's part of a gradient, a weight after a step of
gradient descent. A step looks back at what it needs: a vertex, on which a gate is wired; a weight. Nothing is said of
which one, so the wiring, the samples, the batches and the order of all this are any, as long as what is read was made
before. Proved here: ``lemma10.component``, the top statement of Lemma 10.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, some
from constructions.foundations.network import Fragment
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.walks import backward, forward
from constructions.networks.gates import Code, adaptor_weights, code, gate_weights
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state

C = code(RAMP)
KINDS = ("not", "and", "or", "threshold", "true", "false")
NOT, AND, OR, THRESHOLD, TRUE, FALSE = range(len(KINDS))
BUILD, ADD, FINISH, ADAPT, LEARN, UPDATE = range(6)
"""What a step makes: a weight; a partial sum; a gate's value; an adaptor's; a sample's gradient; a later weight."""
PARTIAL, VERTEX, WEIGHT = range(3)
"""What there is at a moment: nothing new, the value of a vertex, a weight."""
Rule = Callable[..., tuple[Number, Number]]


@dataclass(frozen=True, slots=True)
class TrainedComponent:
    """The run: how gates are weighted, and what does not change along it.

    Parameters
    ----------
    rule : the weights of a gate, as :func:`gate_weights`. rho, rate : precision and step size.
    """

    rule: Rule
    rho: Number
    rate: Number

    def start(self) -> State:
        """Nothing is there yet."""
        numbers = ("made", "kind", "n", "count", "bit", "samples", "total", "pre", "out", "weight", "built", "sum")
        return dict.fromkeys(numbers, Fraction(0))

    def weights(self, s: State) -> tuple[Number, Number]:
        """The weights into a gate of the kind at hand, with as many operands as were added."""
        found = [self.rule(kind, s["n"], s["k"], of=C) for kind in KINDS]
        return _by_kind(s["kind"], [each for each, _ in found]), _by_kind(s["kind"], [bias for _, bias in found])

    def may(self, s: State) -> Formula:
        """What a step needs: what it looks back at was made, with the weight that the construction gives to it."""
        tail, wire, bias = (earlier_state(s, name) for name in ("tail", "wire", "bias"))
        each, constant = self.weights(s)
        by_input, by_constant = adaptor_weights(s["y0"], select(s["y0"] < s["y1"], s["y1"], s["y0"] + 1), of=C)
        is_weight = every(wire["made"] == WEIGHT, bias["made"] == WEIGHT)
        operands = every(
            implies(s["kind"] == NOT, s["n"] == 1),
            implies(every(s["kind"] >= AND, s["kind"] <= THRESHOLD), every(s["k"] >= 1, s["k"] <= s["n"])),
            implies(s["kind"] >= TRUE, s["n"] == 0),
        )
        adapted = every(wire["built"] == by_input, bias["built"] == by_constant)
        outside = every(s["y0"] < s["y1"], some(s["x"] < s["y0"], s["x"] > s["y1"]))
        is_kind = every(s["next kind"] >= 0, s["next kind"] < len(KINDS))
        needs = _by_step(
            s["do"],
            {
                BUILD: True,
                ADD: every(tail["made"] == VERTEX, wire["made"] == WEIGHT, wire["built"] == each),
                FINISH: every(operands, some(constant == 0, every(bias["made"] == WEIGHT, bias["built"] == constant))),
                ADAPT: every(is_weight, outside, adapted),
                LEARN: tail["made"] == VERTEX,
                UPDATE: every(wire["made"] == WEIGHT, s["samples"] >= 1, is_valid(s["u"], mean(s), self.rho)),
            },
        )
        return every(is_kind, needs)

    def advance(self, s: State) -> State:
        """The state after a step."""
        tail, wire, bias = (earlier_state(s, name) for name in ("tail", "wire", "bias"))
        do, (_, constant) = s["do"], self.weights(s)
        pre = select(
            do == ADAPT,
            wire["weight"] * s["x"] + bias["weight"],
            s["total"] + select(constant == 0, Fraction(0), bias["weight"]),
        )
        vertex, weight = some(do == FINISH, do == ADAPT), some(do == BUILD, do == UPDATE)
        bit = select(do == ADAPT, select(s["x"] > s["y1"], 1, 0), select(gate_holds(s), 1, 0))
        later = wire["weight"] - self.rate * (self.rho * s["u"])
        clipped = clip(gradient_of_a_wire(tail["pre"], s)[0])
        return {
            "made": select(vertex, VERTEX, select(weight, WEIGHT, PARTIAL)),
            "kind": select(some(do == ADD, every(s["n"] > 0, do != FINISH)), s["kind"], s["next kind"]),
            "n": select(do == ADD, s["n"] + 1, select(do == FINISH, 0, s["n"])),
            "count": select(do == ADD, s["count"] + tail["bit"], select(do == FINISH, 0, s["count"])),
            "total": select(
                do == ADD,
                s["total"] + wire["weight"] * tail["out"],
                select(do == FINISH, Fraction(0), s["total"]),
            ),
            "pre": pre,
            "out": RAMP(pre),
            "bit": bit,
            "weight": select(do == BUILD, s["value"], later),
            "built": select(do == BUILD, s["value"], wire["built"]),
            "sum": select(do == LEARN, s["sum"] + clipped, select(do == UPDATE, Fraction(0), s["sum"])),
            "samples": select(do == LEARN, s["samples"] + 1, select(do == UPDATE, 0, s["samples"])),
        }

    def holds(self, s: State) -> Formula:
        """Each vertex is strictly flat with its bit, each weight is as it was built, and no gradient is there."""
        span = C.weight * (C.low * s["n"] + (C.high - C.low) * s["count"])
        return every(
            s["n"] >= 0,
            s["count"] >= 0,
            s["count"] <= s["n"],
            s["total"] == select(s["kind"] == NOT, -span, span),
            some(*(s["kind"] == kind for kind in range(len(KINDS)))),
            some(s["bit"] == 0, s["bit"] == 1),
            implies(s["made"] == VERTEX, every(RAMP.strictly_flat(s["pre"]), s["out"] == C.encode(s["bit"] == 1))),
            implies(s["made"] == WEIGHT, s["weight"] == s["built"]),
            s["samples"] >= 0,
            s["sum"] == 0,
        )


def mean(s: State) -> Number:
    """The average of the clipped gradients of a batch of at least one sample."""
    return s["sum"] / select(s["samples"] >= 1, s["samples"], 1)


def gate_holds(s: State) -> Formula:
    """What a gate says of its operands, of which ``count`` of ``n`` are set: NOT, AND, OR, at least k, true, false."""
    kind, n, count = s["kind"], s["n"], s["count"]
    return some(
        every(kind == NOT, count == 0),
        every(kind == AND, count == n),
        every(kind == OR, count >= 1),
        every(kind == THRESHOLD, count >= s["k"]),
        kind == TRUE,
    )


def gradient_of_a_wire(pre: Number, s: State) -> tuple[Number, Number]:
    """The derivative of the loss by a wire's weight, and what passes back to the wire's tail, by the chain rule's walk.

    Parameters
    ----------
    pre : what arrives at the wire's head. s : the tail's value ``x``, the weight ``w``, and the derivative of the loss
        by what the head returns, ``adjoint``.
    """
    graph = one_wire(s["w"])
    run = forward(graph, {"x": s["x"]}, outside={"gate": pre - s["w"] * s["x"]})
    found = backward(run, {"gate": s["adjoint"]}, report_kinks=True)
    return found.edges["x", "gate"], found.out["x"]


def one_wire(weight: Number) -> Fragment:
    """A vertex with one of its wires; all others are outside."""
    return Fragment(inputs=("x",), outputs=("gate",), edges={("x", "gate"): weight})


def _by_step(do: Number, needs: dict[int, Formula]) -> Formula:
    return every(do >= 0, do < len(needs), *(implies(do == step, need) for step, need in needs.items()))


def _by_kind(kind: Number, values: list[Number]) -> Number:
    found = values[-1]
    for place, value in enumerate(values[:-1]):
        found = select(kind == place, value, found)
    return found


def copying(kind: str, n: Number, k: Number = 1, *, of: Code) -> tuple[Number, Number]:
    """A rule whose NOT has the weights of an OR (the twin's)."""
    return gate_weights("or" if kind == "not" else kind, n, k, of=of)


def training(rule: Rule) -> Callable[[Case], TrainedComponent]:
    """The run for a rule of weights, at any precision and step size."""

    def build(case: Case) -> TrainedComponent:
        rho, rate = case.real("rho"), case.real("rate")
        case.assume(rho > 0)
        return TrainedComponent(rule, rho, rate)

    return build


@obligation("lemma10.component", paper="Lemma 10", kind="induction", of=training(gate_weights), twin=training(copying))
def trained_circuit_stays_and_computes(run: TrainedComponent, case: Case) -> None:
    """For every circuit of gates NOT, AND, OR and thresholds, with any fan-in and any wiring to earlier vertices, and
    every network around it whose values at the inputs stay below y0 or above y1 > y0: through any number of steps of
    gradient descent, of any precision and step size, on any batches, each new vertex is strictly flat and carries the
    bit that its gate computes, the loss has derivative 0 by the weight of each edge into it, whatever its derivative
    by the vertex's value is, nothing passes back through it, and each such weight stays as it was built."""
    state = {name: case.integer(name) for name in ("made", "kind", "n", "count", "bit", "samples")}
    state |= {name: case.real(name) for name in ("total", "pre", "out", "weight", "built", "sum")}
    inputs = {name: case.integer(name) for name in ("do", "next kind", "k", "u")}
    inputs |= {name: case.real(name) for name in ("value", "x", "y0", "y1", "w", "adjoint")}
    at = case.reached(
        case.induction(
            "over all that is made",
            state=state,
            start=run.start(),
            inputs=inputs,
            earlier=("tail", "wire", "bias"),
            given=run.may,
            advance=run.advance,
            holds=run.holds,
        )
    )
    vertex, weight = at["made"] == VERTEX, at["made"] == WEIGHT
    case.show("each vertex is strictly flat", RAMP.strictly_flat(at["pre"]), given=vertex)
    case.show("a bit that is set is 2", at["out"] == C.high, given=every(vertex, at["bit"] == 1))
    case.show("a bit that is not set is -2", at["out"] == C.low, given=every(vertex, at["bit"] == 0))
    case.show("each weight is as built", at["weight"] == at["built"], given=weight)
    x, w = case.real("any x"), case.real("any w")
    walk = case.run(one_wire(w), {"x": x}, label="an edge into it", outside={"gate": at["pre"] - w * x})
    gradient = case.gradient(walk, {"gate": case.real("any adjoint")}, label="an edge into it", given=vertex)
    case.show("no gradient", gradient.edges["x", "gate"] == 0, given=vertex)
    case.show("nothing passes back", gradient.out["x"] == 0, given=vertex)
