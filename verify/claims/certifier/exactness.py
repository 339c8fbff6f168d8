"""The certifier's bound on the numbers of exact training: of partial sums upwards, of adjoints and entries
downwards, for all weights."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

from constructions.computation.learner_machines import best_literal_machine
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select, within
from constructions.networks.emulation import Plan
from constructions.networks.memory import MOVING, absolute, active_conditions
from constructions.networks.trainable import Trainable
from constructions.training.engine import engine_of
from constructions.training.exactness import FLOATS
from verify.certifier.certify import certify_network
from verify.certifier.exactness import IN_FLOAT64, float_bits, most_downwards, most_upwards
from verify.claims.networks.memory.active import any_memory
from verify.claims.networks.queries.copies import CopyOfSetting, held
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict
from verify.provers.branches import own

Bound = Callable[..., Number]
SUMS = ("total", "sizes", "moved", "slack")
"""What is kept along the edges into a vertex: the sum, the sizes of the weights, how many have moved, what that
adds."""


def sums_are_bounded(bound: Bound, case: Case) -> None:
    """Suppose that no vertex returns more than 2 in size, and that of the edges into a vertex whose tails do not return
    0 at most two have moved, each by at most rate (1 + 3 rho/4). Then, for every fan-in, each partial sum of weights
    times outputs is within the bound that the certifier computes from the weights as they were built."""
    w, value, shift, moves = case.real("w"), case.real("value"), case.real("shift"), case.bit("moves")
    rate, rho = case.real("rate"), case.real("rho")
    case.assume(
        rate > 0, rho > 0, within(value, Fraction(2)), within(shift, select(moves, rate * (1 + 3 * rho / 4), 0))
    )
    case.lemma("what the weight adds", within(w * value, 2 * absolute(w)))
    case.lemma("what the move adds", within(shift * value, 2 * absolute(shift)))
    case.lemma("the move", absolute(shift) <= select(moves, rate * (1 + rho), 0))
    state = {name: case.integer(name) if name == "moved" else case.real(name) for name in SUMS}
    edge = {"w": w, "value": value, "shift": shift, "moves": moves}

    def advance(s: State) -> State:
        return {
            "total": s["total"] + s["w"] * s["value"] + s["shift"] * s["value"],
            "sizes": s["sizes"] + absolute(s["w"]),
            "moved": s["moved"] + select(s["moves"], 1, 0),
            "slack": s["slack"] + select(s["moves"], 2 * rate * (1 + rho), 0),
        }

    def holds(s: State) -> Any:
        slack = every(s["slack"] == s["moved"] * (2 * rate * (1 + rho)), s["moved"] >= 0)
        return every(slack, s["sizes"] >= 0, within(s["total"], 2 * s["sizes"] + s["slack"]))

    case.induction(
        "over the edges",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        advance=advance,
        holds=holds,
        inputs=edge,
    )
    two = every(holds(state), state["moved"] <= 2)
    case.lemma("two moves", implies(two, state["slack"] <= 4 * rate * (1 + rho)))
    case.show("within the bound", within(state["total"], bound(state["sizes"], rate, rho)), given=two)


registry().add(
    Obligation(
        id="certifier.bits.upwards",
        paper="the certifier",
        claim=sums_are_bounded,
        kind="induction",
        of=lambda case: most_upwards,
        needs=("rounding.close",),
        twin=lambda case: lambda sizes, rate, rho: most_upwards(sizes, rate, rho) - 2 * rate,
    )
)


def entries_are_bounded(subject: tuple[CopyOfSetting, Bound], case: Case) -> None:
    """For a memory with any weights: on an active sample, the derivative of the loss by the output of each vertex, and
    by the weight of each edge before it is clipped, is at most the bound that the certifier computes."""
    copy, bound = subject
    graph = copy.graph
    _, gradients = held(copy, case, trust=True)
    (most,) = own(lambda: (bound(*(graph.weight(*edge) for edge in MOVING)),))
    w = graph.weight
    outer, inner = absolute(w("v3", "v4")), absolute(w("v2", "v3"))
    inner_, through = (
        absolute(w("v2'", "v3")),
        absolute(w("v1", "v2") * w("v2", "v3")) + absolute(w("v1", "v2'") * w("v2'", "v3")),
    )
    for name, size in (("1", Fraction(1)), ("v2 -> v3", inner), ("v2' -> v3", inner_), ("both paths", through)):
        case.lemma(f"the bound: v3 -> v4 times {name}", most >= 4 * (outer * size))
    case.lemma("the bound: 1", most >= 4)
    for y, gradient in gradients.items():
        for v in ("v1", "v2", "v2'", "v3", "v4"):
            case.lemma(f"label {y}: {v}", 2 * absolute(gradient.pre[v]) <= most)
        for edge in MOVING:
            case.show(f"label {y}: {edge[0]} -> {edge[1]}", absolute(gradient.edges[edge]) <= most)


def _downwards(prime: bool, bound: Bound) -> Callable[[Case], tuple[CopyOfSetting, Bound]]:
    build = any_memory(1, prime, active_conditions)
    return lambda case: (build(case), bound)


def _without_paths(v0v1: Number, v1v2: Number, v1v2_: Number, v2v3: Number, v2_v3: Number, v3v4: Number) -> Number:
    """A bound by the edge into the output alone."""
    return most_downwards(v0v1, 0, 0, 0, 0, v3v4)


def _stretched(prime: bool) -> Callable[[Case], tuple[CopyOfSetting, Bound]]:
    """One memory whose product of v2 -> v3 and v3 -> v4 is large, and the bound that does not look at it."""

    def build(case: Case) -> tuple[CopyOfSetting, Bound]:
        copy, bound = _downwards(prime, _without_paths)(case)
        weights = (Fraction(1, 2), *[Fraction(1, 64)] * 2, *[Fraction(64)] * 2, Fraction(-1 if prime else 1, 4))
        case.assume(*(copy.graph.weight(*edge) == weight for edge, weight in zip(MOVING, weights, strict=True)))
        return copy, bound

    return build


for _prime in (False, True):
    _name = f"rate1.{chr(113)}{chr(39) if _prime else ''}"
    registry().add(
        Obligation(
            id=f"certifier.bits.downwards.{_name.split('.')[1]}",
            paper="the certifier",
            claim=entries_are_bounded,
            of=_downwards(_prime, most_downwards),
            twin=_stretched(_prime),
            needs=(f"memory.active.{_name}",),
        )
    )


@cache
def _certified(places: int) -> tuple[Trainable, Any, list[Fraction]]:
    """A certified network at rho = 2^-places, taken apart, and what its output's pre-activation is held at."""
    machine = best_literal_machine(1, fraction=places + 2)
    net = Plan(machine=machine, rho=Fraction(1, 1 << places), tolerance=Fraction(1)).trainable
    outcome = certify_network(net, machine, tolerance=Fraction(1))
    assert outcome.parts is not None and outcome.finding is not None
    return net, outcome.parts, [Fraction(found["held"]) for found in outcome.finding.distinct_rounds]


def _lines(more: int) -> Callable[[Case], tuple[str, str]]:
    """What the certifier says of a network, and the number system of the engine for a batch that is larger by
    ``more`` places."""

    def build(case: Case) -> tuple[str, str]:
        net, parts, held_at = _certified(int(case.integer("places")))
        batch = int(case.integer("batch"))
        said = float_bits(replace(parts, net=replace(net, batch=1 << batch)), held_at)
        return said, engine_of(net, batch=1 << batch + more).ranges().system

    return build


def what_is_said_is_so(subject: tuple[str, str], case: Case) -> None:
    """If a certificate says that float64 is exact for a network, then the pass that the training engine makes before
    its first step finds so too, for every network of the finite case."""
    said, system = subject
    case.show("said only if so", system == FLOATS or not said.endswith(IN_FLOAT64))


def _batches() -> Iterator[dict[str, Any]]:
    return ({"places": places, "batch": batch} for places in (3, 4, 5) for batch in range(0, 25, 3))


registry().add(
    Obligation(
        id="certifier.bits.said",
        paper="the certifier",
        claim=what_is_said_is_so,
        kind="enumeration",
        domain=_batches,
        of=_lines(0),
        twin=_lines(30),
        expect=Verdict.CHECKED,
        finite="three networks, rho from 1/8 to 1/32, batches of up to 2^24",
        needs=("exactness.progressions",),
    )
)
