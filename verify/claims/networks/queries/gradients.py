"""Every edge's gradient as a formula: the backward walk against sympy's derivative of the loss, with all weights
symbols."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from constructions.foundations.activation import RAMP, Piece
from constructions.foundations.descent import squared_loss
from constructions.foundations.exact import Number
from constructions.foundations.network import Edge, Fragment
from constructions.networks.memory import DRIVING, MOVING
from constructions.networks.queries import STRONG, query_graph
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry

_, SLOPE_LOW, _, SLOPE_HIGH, _ = RAMP.pieces


@dataclass(frozen=True, slots=True)
class Situation:
    """A query graph with symbols for weights, in one situation: the value of vc, the pieces, what else v4 gets, the
    label.

    ``shift`` is added to the seed of the backward walk (0 but in the twin).
    """

    graph: Fragment
    vc: Fraction
    pieces: dict[str, Piece]
    outside: Number
    label: Number
    shift: int = 0


def situation(prime: bool, *, shift: int = 0) -> Callable[[Case], Situation]:
    """An active sample of Q or Q'; the shape is read off the template, every weight becomes a symbol."""
    template = query_graph(STRONG, rho=Fraction(1, 8), bits=0, prime=prime)

    def build(case: Case) -> Situation:
        weights: dict[Edge, Number] = {(u, v): case.real(f"w[{u}{v}]") for u, v in template.edges}
        graph = template.with_weights(weights)
        pieces = dict.fromkeys(("v1", "v2", "v2'", "v3"), SLOPE_HIGH) | {"v4": SLOPE_HIGH if prime else SLOPE_LOW}
        z = case.real("z") if prime else case.real("z") - 2
        return Situation(graph, Fraction(0), pieces, z, case.real("y"), shift)

    return build


def backward_walk_is_the_derivative(subject: Situation, case: Case) -> None:
    """On an active sample of the query graph, with a symbol for every weight, the gradient that the backward walk gives
    for each edge is the derivative of the squared loss with respect to its weight, as computed by sympy."""

    def loss(graph: Fragment) -> Number:
        run = case.run(graph, {"vc": subject.vc}, label="loss", outside={"v4": subject.outside}, on=subject.pieces)
        return squared_loss(run.out["v4"], subject.label)

    run = case.run(subject.graph, {"vc": subject.vc}, label="walk", outside={"v4": subject.outside}, on=subject.pieces)
    seed = run.out["v4"] - subject.label + subject.shift
    gradient = case.gradient(run, {"v4": seed}, label="walk", on=subject.pieces)
    for edge in (*MOVING, *DRIVING):
        case.equal(f"{edge[0]} -> {edge[1]}", gradient.edges[edge], case.derivative(loss, subject.graph, edge))


for _prime, _name in ((False, "q"), (True, "q'")):
    registry().add(
        Obligation(
            id=f"lemma11.gradients.{_name}",
            paper="Lemma 11",
            claim=backward_walk_is_the_derivative,
            kind="identity",
            of=situation(_prime),
            twin=situation(_prime, shift=1),
        )
    )
