"""A memory of signed sums that meets its predicate: idle, active, and after its step.

The weights are variables, and the premises are groups of the predicate's conditions, which it implies (it is the list
of them). Proved here: an idle copy adds nothing and has no gradient (``signed.idle``); an active side adds its share
and has gradients on known edges only, that of v0 -> v1 being the path gain times 1/2 - y (``signed.active``), within
bounds (``signed.gradients``, ``signed.moves``); written by any valid roundings it is as still as before
(``signed.after``), so it is written once (``signed.steps``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Unpack

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import clip, is_valid
from constructions.networks.memory import Conditions, absolute, at_most_one
from constructions.networks.signed_conditions import (
    largest_move,
    side_gain,
    signed_active,
    signed_idle,
    signed_recording,
    signed_written,
)
from constructions.networks.signed_memory import HELD, SIDES, SIGNED, SIGNED_DRIVING, SIGNED_MOVING, moving
from verify.claims.networks.queries.copies import HIGH, LABELS, LOW, MIDDLE, SLOPE_HIGH, without_gradient
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, ObligationFields, Subject, registry

PAPER = "the strip"
IDLE = {f"{s}{v}": piece for s in SIDES for v, piece in (("2", HIGH), ("2'", LOW), ("3", MIDDLE))}
"""The pieces of idle sides."""


def active_pieces(side: str) -> dict[str, Any]:
    """The pieces of a copy one side of which is active while the output is held."""
    found = {v: piece for v, piece in IDLE.items() if not v.startswith(side)}
    return found | dict.fromkeys(("v1", f"{side}2", f"{side}2'", f"{side}3", "v4"), SLOPE_HIGH)


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """A graph of the shape of a signed memory, the precision, the rate, and what the output is held at."""

    graph: Fragment
    rho: Number
    rate: Fraction
    held: Number = HELD


Group = Callable[[SignedCopy], Conditions]
ACTIVE: Group = lambda copy: signed_active(copy.graph)  # noqa: E731
REST: Group = lambda copy: signed_idle(copy.graph)  # noqa: E731
RECORDING: Group = lambda copy: signed_recording(copy.graph)  # noqa: E731
WRITTEN: Group = lambda copy: signed_written(copy.graph, copy.rho, rate=copy.rate)  # noqa: E731


def any_signed(*groups: Group, held: Fraction = HELD) -> Callable[[Case], SignedCopy]:
    """Any weights that meet some groups of the predicate's conditions, at any precision."""

    def build(case: Case) -> SignedCopy:
        edges: dict[Edge, Number] = {(u, v): case.real(f"w[{u}{v}]") for u, v in (*SIGNED_MOVING, *SIGNED_DRIVING)}
        graph = Fragment(inputs=("pc", "nc"), outputs=("v4",), edges=edges, constant="v0", sigma=RAMP)
        copy = SignedCopy(graph, case.real("rho"), SIGNED.rate, held)
        case.assume(copy.rho > 0, *(condition.holds for group in groups for condition in group(copy)))
        return copy

    return build


def register(id: str, claim: Callable[..., None], *, of: Subject, **rest: Unpack[ObligationFields]) -> None:
    """Register a claim about signed memories."""
    registry().add(Obligation(id=id, paper=PAPER, claim=claim, of=of, **rest))


def idle(copy: SignedCopy, case: Case) -> None:
    """A copy both sides of which are idle adds nothing to the output, and no edge of it has a gradient, whatever the
    rest of the network does, as long as the output vertex is not on a kink."""
    has_no_effect_when_idle(copy.graph, case, "idle")


def has_no_effect_when_idle(graph: Fragment, case: Case, name: str) -> None:
    """A graph with pc = nc = 2: on its idle pieces, without effect on the output or on its own weights."""
    given, outside = {"pc": Fraction(2), "nc": Fraction(2)}, {"v4": case.real("z")}
    case.run(graph, given, label=f"{name}, its pieces", outside=outside, expect=IDLE)
    run = case.run(graph, given, label=name, outside=outside, on=IDLE)
    case.assume(negation(RAMP.on_kink(run.pre["v4"])))
    for s in SIDES:
        case.equal(f"{name}: {s}3 adds nothing", graph.weight(f"{s}3", "v4") * run.out[f"{s}3"], Fraction(0))
    gradient = case.gradient(run, {"v4": case.real("adjoint")}, label=name, on=IDLE)
    case.show(f"{name}: no gradient on any edge", without_gradient(gradient, graph.edges))


def held(copy: SignedCopy, side: str, case: Case, *, trust: bool = False) -> tuple[Any, dict[int, Any]]:
    """A sample on which a side is active and the output held: the walk, and the gradient for each label."""
    pieces, vc = active_pieces(side), {f"{s}c": Fraction(0 if s == side else 2) for s in SIDES}
    taken = {v: piece for v, piece in pieces.items() if v != "v4"}
    outside, label = {"v4": case.real(f"z{side}")}, f"{side} active"
    if not trust:
        case.run(copy.graph, vc, label=f"{label}, its pieces", outside=outside, expect=taken)
    run = case.run(copy.graph, vc, label=label, outside=outside, on=taken)
    case.assume(run.pre["v4"] == copy.held, label="the output is held")
    seeds = {y: {"v4": run.out["v4"] - y} for y in LABELS}
    return run, {y: case.gradient(run, seeds[y], label=f"{label}, label {y}", on=taken) for y in LABELS}


def active(copy: SignedCopy, case: Case) -> None:
    """For each side, active on a sample while the output is held at 1/2: it adds its path gain times the resting weight
    to the output; only v0 -> v1 and the side's own edges between v1 and v4 have a gradient; that of v0 -> v1 is the
    path gain times 1/2 - y, so that the two labels move it in opposite directions, and so do the two sides."""
    graph = copy.graph
    for s in SIDES:
        run, gradients = held(copy, s, case)
        added = sum((graph.weight(f"{o}3", "v4") * run.out[f"{o}3"] for o in SIDES), Fraction(0))
        case.equal(f"{s} adds its share", added, side_gain(graph, s) * graph.weight("v0", "v1"))
        for y, gradient in gradients.items():
            others = (edge for edge in graph.edges if edge not in (("v0", "v1"), *moving(s)))
            case.show(f"{s}, label {y}: none on any other edge", without_gradient(gradient, others))
            case.equal(f"{s}, label {y}: v0 -> v1", gradient.edges["v0", "v1"], (HELD - y) * side_gain(graph, s))


def gradients_are_bounded(copy: SignedCopy, case: Case) -> None:
    """On a sample on which a side is active, the gradient of v0 -> v1 is at most 1 in size, so clipping does nothing to
    it; those of the edges from v1 are at most half the product of the weights behind them and of the resting weight,
    and the two edges into the side's last vertex have the same gradient."""
    graph, a = copy.graph, copy.graph.weight("v0", "v1")
    for s in SIDES:
        _, gradients = held(copy, s, case, trust=True)
        for y, gradient in gradients.items():
            name, entry = f"{s}, label {y}", gradient.edges
            case.show(f"{name}: v0 -> v1 is not clipped", absolute(entry["v0", "v1"]) <= 1)
            first, second, third, fourth, last = moving(s)
            behind = ((first, third), (second, fourth))
            bounds = ((e, HELD * absolute(graph.weight(*last)) * absolute(graph.weight(*o)) * a) for e, o in behind)
            case.show(f"{name}: the edges from v1", every(*(absolute(entry[e]) <= bound for e, bound in bounds)))
            case.equal(f"{name}: the twins alike", entry[third], entry[fourth])


def moves_are_bounded(rule: Callable[[Number, Number, Number], Formula], case: Case) -> None:
    """Take an edge whose gradient is at most some number in size on each sample, and any batch: f the fraction of it in
    which it is that number and g the fraction in which it is less this number. Every valid rounding of the mean of the
    clipped gradients is at most that number, or 1, and 3 rho/4 in size; two of the same mean differ by at most rho."""
    rho, size, f, g = (case.real(name) for name in ("rho", "size", "f", "g"))
    k, other, entry = case.integer("k"), case.integer("other k"), case.real("entry")
    case.assume(rho > 0, size >= 0, f >= 0, g >= 0, f + g <= 1)
    case.assume(entry == clip(size) * f + clip(-size) * g, rule(k, entry, rho), rule(other, entry, rho))
    case.lemma("the mean", absolute(entry) <= at_most_one(size))
    case.show("the move", absolute(rho * k) <= at_most_one(size) + 3 * rho / 4)
    case.lemma("less than two steps apart", every(k - other < 2, other - k < 2))
    case.show("the twins part by at most rho", absolute(rho * k - rho * other) <= rho)


def after(copy: SignedCopy, case: Case) -> None:
    """A signed memory whose weights have moved within these bounds is, while both sides are idle, strictly flat at the
    vertices of both; it adds nothing to the output, has no gradient on any edge, and v1 returns the weight v0 -> v1,
    which is strictly between 0 and 2."""
    graph, rho, rate = copy.graph, copy.rho, copy.rate
    u = {edge: case.real(f"u[{edge[0]}{edge[1]}]") for edge in SIGNED_MOVING}
    by = {edge: rate * u[edge] for edge in SIGNED_MOVING}
    case.assume(absolute(by["v0", "v1"]) <= largest_move(graph, rho, rate=rate))
    written = graph.with_weights({edge: graph.weight(*edge) - by[edge] for edge in SIGNED_MOVING})
    value, a = written.weight("v0", "v1"), graph.weight("v0", "v1")
    case.lemma("v0 -> v1 stays in (0, 2)", every(value > 0, value < 2))
    for s in SIDES:
        first, second, third, fourth, last = moving(s)
        case.assume(absolute(u[third] - u[fourth]) <= rho)
        for inner, outer in ((first, third), (second, fourth)):
            bound = at_most_one(HELD * absolute(graph.weight(*last)) * absolute(graph.weight(*outer)) * a)
            case.assume(absolute(u[inner]) <= bound + 3 * rho / 4)
            most = absolute(graph.weight(*inner)) + rate * (bound + 3 * rho / 4)
            case.lemma(f"{inner[0]} -> {inner[1]} moves within reach", absolute(written.weight(*inner)) <= most)
            case.lemma(
                f"so v1 can shift {inner[1]} by twice that", absolute(written.weight(*inner) * value) <= 2 * most
            )
    has_no_effect_when_idle(written, case, "after")


def written_once(steps: int, case: Case) -> None:
    """Take any number of steps, of which only step s is active for the copy. Up to step s each weight is its initial
    value, and after step s it is the value that step s gave it, whatever the valid roundings of the other steps are."""
    rho, rate, k, move = case.real("rho"), case.real("rate"), case.integer("k"), case.real("move")
    s, u = case.integer("s"), case.real("u")
    state = {"t": case.integer("t"), "moved": case.real("moved")}
    case.assume(rho > 0, s >= 0, u == rho * k)
    case.lemma("an idle step rounds to 0", implies(is_valid(k, Fraction(0), rho), u == 0))

    def acts(t: Number) -> Formula:
        return some(t == s, every(steps > 1, t == s + 1))

    at = case.reached(
        case.induction(
            "over the steps",
            state=state,
            inputs={"k": k, "u": u},
            start={"t": Fraction(0), "moved": Fraction(0)},
            advance=lambda now: {
                "t": now["t"] + 1,
                "moved": now["moved"] + select(acts(now["t"]), move, -rate * now["u"]),
            },
            holds=lambda now: every(
                implies(now["t"] <= s, now["moved"] == 0), implies(now["t"] > s, now["moved"] == move)
            ),
            given=lambda now: every(
                now["t"] >= 0, implies(negation(acts(now["t"])), is_valid(now["k"], Fraction(0), rho))
            ),
        )
    )
    case.show("as built up to step s", at["moved"] == 0, given=at["t"] <= s)
    case.show("as step s left it from then on", at["moved"] == move, given=at["t"] > s)


def loosely_valid(multiple: Number, value: Number, rho: Number) -> Formula:
    """A wrong rule of rounding (a twin's): anything within rho."""
    return absolute(rho * multiple - value) <= rho


register("signed.idle", idle, of=any_signed(ACTIVE, REST), twin=any_signed(ACTIVE))
register("signed.active", active, of=any_signed(ACTIVE, REST), twin=any_signed(ACTIVE, REST, held=Fraction(1, 3)))
register(
    "signed.gradients",
    gradients_are_bounded,
    of=any_signed(ACTIVE, REST, RECORDING),
    twin=any_signed(REST, RECORDING),
)
register("signed.moves", moves_are_bounded, of=lambda case: is_valid, twin=lambda case: loosely_valid)
register(
    "signed.after",
    after,
    of=any_signed(ACTIVE, REST, RECORDING, WRITTEN),
    twin=any_signed(ACTIVE, REST, RECORDING),
)
register(
    "signed.steps",
    written_once,
    kind="induction",
    of=lambda case: 1,
    twin=lambda case: 2,
)
