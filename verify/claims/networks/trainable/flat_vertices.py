"""The vertices between the circuit and the copies, in training (Lemma 3b): what drives a copy, controls, random bits.

They are strictly flat whatever bits they read, so the loss has derivative 0 by the weights of the edges into them on
every sample, the average over a batch is 0, and 0 rounds to 0 alone. Proved here: such a vertex is as built after any
number of steps, and returns what its template returns (``lemma3b.flat``).
"""

from collections.abc import Callable
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select, some
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.walks import backward, forward
from constructions.networks.controls import activator, control
from constructions.networks.gates import code
from constructions.networks.queries import PRINTED, STRONG
from verify.claims.networks.queries.training import moved, multiple, total
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State

SEE, MOVE = range(2)
"""What a step does: a sample more of the batch, or a step of gradient descent."""


def random_bit(case: Case, size: Number) -> Fragment:
    """The vertex of a random bit, whose sampled weight is plus or minus a size."""
    weight = select(case.bit("random bit"), size, -size)
    return Fragment(inputs=(), outputs=("coin",), edges={("one", "coin"): weight}, constant="one")


Template = Callable[[Case], Fragment]
TEMPLATES: dict[str, tuple[Template, Template]] = {
    "vc": (lambda case: activator(STRONG), lambda case: activator(PRINTED)),
    "control": (lambda case: control(), lambda case: control().with_weight("one", "control", 0)),
    "random": (lambda case: random_bit(case, code(RAMP).drive), lambda case: random_bit(case, Fraction(1))),
}
"""The template of a vertex, and a broken one that is not strictly flat for some bits (the twin's)."""


def of_weights(graph: Fragment, rho: Number, rate: Number, s: State) -> Fragment:
    """A template each of whose edges was moved down by so many multiples of rho times the step size."""
    return graph.with_weights({edge: graph.weight(*edge) - rate * rho * s[moved(edge)] for edge in graph.edges})


def entries(graph: Fragment, bits: dict[str, Formula], adjoint: Number) -> dict[Edge, Number]:
    """The clipped derivatives of the loss by the weights of a vertex, which reads these bits and by whose value the
    loss has some derivative, by the chain rule's walk."""
    run = forward(graph, {name: code(RAMP).encode(bit) for name, bit in bits.items()})
    found = backward(run, dict.fromkeys(graph.outputs, adjoint), report_kinks=True)
    return {edge: clip(found.edges[edge]) for edge in graph.edges}


def flat_vertices_stay(graph: Fragment, case: Case) -> None:
    """Take a vertex of this template in any network, trained for any number of steps of any size and any precision on
    any batches with any valid roundings, whatever bits it reads on each sample and whatever the derivative of the loss
    by its value is. After any number of steps its weights are as built; so on any bits it is strictly flat, and returns
    what the template returns."""
    rho, rate = case.real("rho"), case.real("rate")
    case.assume(rho > 0)
    state = {name: case.integer(name) for name in ("t", "b", *map(moved, graph.edges))}
    state |= {total(edge): case.real(total(edge)) for edge in graph.edges}
    inputs = {name: case.integer(name) for name in ("do", *map(multiple, graph.edges))}
    inputs |= {f"bit {name}": case.bit(f"bit {name}") for name in graph.inputs} | {"adjoint": case.real("adjoint")}

    def given(s: State) -> Formula:
        size = select(s["b"] >= 1, s["b"], 1)
        rounded = (is_valid(s[multiple(edge)], s[total(edge)] / size, rho) for edge in graph.edges)
        return some(s["do"] == SEE, every(s["do"] == MOVE, s["b"] >= 1, *rounded))

    def advance(s: State) -> State:
        bits, sees = {name: s[f"bit {name}"] for name in graph.inputs}, s["do"] == SEE
        found = entries(of_weights(graph, rho, rate, s), bits, s["adjoint"])
        after = {"t": select(sees, s["t"], s["t"] + 1), "b": select(sees, s["b"] + 1, 0)}
        after |= {moved(edge): s[moved(edge)] + select(sees, 0, s[multiple(edge)]) for edge in graph.edges}
        return after | {total(edge): select(sees, s[total(edge)] + found[edge], Fraction(0)) for edge in graph.edges}

    def holds(s: State) -> Formula:
        nothing = (every(s[moved(edge)] == 0, s[total(edge)] == 0) for edge in graph.edges)
        return every(s["t"] >= 0, s["b"] >= 0, *nothing)

    start: State = dict.fromkeys(state, Fraction(0))
    steps = case.induction(
        "over the steps", state=state, start=start, inputs=inputs, given=given, advance=advance, holds=holds
    )
    at, bits = case.reached(steps), {name: code(RAMP).encode(case.bit(f"{name} is set")) for name in graph.inputs}
    now, (vertex,) = forward(of_weights(graph, rho, rate, at), bits), graph.outputs
    case.show("its weights are as built", every(*(at[moved(edge)] == 0 for edge in graph.edges)))
    case.show("strictly flat", now.flat(vertex))
    case.show("it returns what its template returns", now.out[vertex] == forward(graph, bits).out[vertex])


for _name in TEMPLATES:
    registry().add(
        Obligation(
            id=f"lemma3b.flat.{_name}",
            paper="Lemma 3b",
            claim=flat_vertices_stay,
            kind="induction",
            of=TEMPLATES[_name][0],
            twin=TEMPLATES[_name][1],
        )
    )
