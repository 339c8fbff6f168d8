"""Signed memories for labels that are no function of the point: the output is held at c < 1/2, and clipping acts.

Proved here: with the path gain 1/c the clipped gradient of v0 -> v1 is (-1)^y r, with the path gain 1 it is c r on
label 0 and -(1 - c) r on label 1 (``signed.labels.gradients``), as those of the two groups of M*; and a copy of either
kind is as still after its step as before (``signed.labels.after``).
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.foundations.network import Fragment
from constructions.foundations.rounding import clip
from constructions.networks.memory import absolute
from constructions.networks.signed_memory import SIDES, SIGNED, SIGNED_MOVING, moving, signed_path_edges
from verify.claims.networks.signed_memory.still import SignedCopy, has_no_effect_when_idle, held, register
from verify.obligations.case import Case

Kind = tuple[SignedCopy, bool]
"""A copy of the template, and whether its path gain is 1/c."""


def held_below_half(steep: bool) -> Callable[[Case], Kind]:
    """A copy with the path gain 1/c, or 1, at every precision below 4/3 and every c below 1/2; a is 1, as ever."""

    def build(case: Case) -> Kind:
        rho, c, gain = case.real("rho"), case.real("c"), case.real("gain")
        case.assume(rho > 0, rho < Fraction(4, 3), c > 0, c < Fraction(1, 2), gain * c == 1 if steep else gain == 1)
        edges = signed_path_edges(replace(SIGNED, gain=gain))
        graph = Fragment(inputs=("pc", "nc"), outputs=("v4",), edges=edges, constant="v0", sigma=RAMP)
        return SignedCopy(graph, rho, SIGNED.rate, c), steep

    return build


def gradients_of_both_kinds(subject: Kind, case: Case) -> None:
    """For every c in (0, 1/2), on every sample on which a side is active while the output is held at c: with the path
    gain 1/c the clipped gradient of v0 -> v1 is (-1)^y r, and with the path gain 1 it is c r on label 0 and -(1 - c) r
    on label 1, where r is 1 if the plus side is active and -1 if the minus side is."""
    copy, steep = subject
    c = copy.held
    for side, sign in zip(SIDES, (1, -1), strict=True):
        _, gradients = held(copy, side, case)
        for y, gradient in gradients.items():
            wanted: Number = sign * (1 - 2 * y) if steep else sign * (c - y)
            case.show(f"{side}, label {y}", clip(gradient.edges["v0", "v1"]) == wanted)


def still_for_any_labels(subject: Kind, case: Case) -> None:
    """For every c in (0, 1/2), whatever the samples are: after a step in which each weight has moved by at most the
    rate times 1 + 3 rho/4, and the two edges into the last vertex of a side by the same up to the rate times rho, the
    copy is idle without effect and without a gradient, and v1 returns the weight v0 -> v1."""
    copy, _ = subject
    graph, rho, rate = copy.graph, copy.rho, copy.rate
    u = {edge: case.real(f"u[{edge[0]}{edge[1]}]") for edge in SIGNED_MOVING}
    case.assume(*(absolute(move) <= 1 + 3 * rho / 4 for move in u.values()))
    case.assume(*(absolute(u[moving(s)[2]] - u[moving(s)[3]]) <= rho for s in SIDES))
    written = graph.with_weights({edge: graph.weight(*edge) - rate * u[edge] for edge in SIGNED_MOVING})
    value = written.weight("v0", "v1")
    case.lemma("v0 -> v1 stays in (0, 2)", every(value > 0, value < 2))
    for s in SIDES:
        for edge in moving(s)[:2]:
            case.lemma(f"{edge[0]} -> {edge[1]}", absolute(written.weight(*edge)) <= 1)
            case.lemma(f"what v1 adds to {edge[1]}", absolute(written.weight(*edge) * value) <= 2)
    has_no_effect_when_idle(written, case, "after")


def faster(steep: bool) -> Callable[[Case], Kind]:
    """The same at the learning rate 1 (the twins')."""

    def build(case: Case) -> Kind:
        copy, kind = held_below_half(steep)(case)
        return replace(copy, rate=Fraction(1)), kind

    return build


def other_kind(steep: bool) -> Callable[[Case], Kind]:
    """A copy of one kind, taken for one of the other (the twins')."""

    def build(case: Case) -> Kind:
        copy, kind = held_below_half(steep)(case)
        return copy, not kind

    return build


for _steep, _name in ((True, "steep"), (False, "plain")):
    register(
        f"signed.labels.gradients.{_name}",
        gradients_of_both_kinds,
        of=held_below_half(_steep),
        twin=other_kind(_steep),
    )
    register(f"signed.labels.after.{_name}", still_for_any_labels, of=held_below_half(_steep), twin=faster(_steep))
