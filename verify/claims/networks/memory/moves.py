"""Lemma 11 for every graph that meets `is_memory`: how far its weights move when it is written, and what it is then.

Proved here: the bounds on every move (``memory.moves``); within them a written memory that is idle has no effect and no
gradient (``memory.after``).
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, negation, within
from constructions.foundations.network import Edge
from constructions.foundations.rounding import clip, is_valid
from constructions.networks.memory import (
    MOVING,
    absolute,
    active_conditions,
    at_most_one,
    idle_conditions,
    largest_rise,
    path_gain,
)
from constructions.networks.queries import STRONG
from verify.claims.networks.memory.active import FLAT, any_graph, parts_and_active, register, register_for_any_memory
from verify.claims.networks.queries.copies import IDLE, CopyOfSetting, without_gradient, wrong_and_active
from verify.obligations.case import Case


def sample_bounds(copy: CopyOfSetting) -> dict[Edge, Number]:
    """How large the gradient of an edge can be on one active sample (shown by :func:`bounded_gradients`)."""
    graph, a = copy.graph, copy.graph.weight("v0", "v1")
    loss = (1 + copy.setting.offset * copy.rho) * absolute(graph.weight("v3", "v4"))
    return {
        ("v1", "v2"): loss * absolute(graph.weight("v2", "v3")) * a,
        ("v1", "v2'"): loss * absolute(graph.weight("v2'", "v3")) * a,
        ("v0", "v1"): (1 + copy.setting.offset * copy.rho) * absolute(path_gain(graph)),
    }


Rule = Callable[[Number, Number, Number], Formula]


def loosely_valid(multiple: Number, value: Number, rho: Number) -> Formula:
    """A wrong rule of rounding (the twins'): anything within rho."""
    return within(rho * multiple - value, rho)


def any_weights(rate: int, rule: Rule) -> Callable[[Case], tuple[CopyOfSetting, Rule]]:
    """Any weights at all, at any rho and offset."""

    def build(case: Case) -> tuple[CopyOfSetting, Rule]:
        graph, rho, offset = any_graph(case), case.real("rho"), case.real("offset")
        case.assume(rho > 0, offset > 0)
        return CopyOfSetting(graph, replace(STRONG, name="any", offset=offset, rate=Fraction(rate)), rho, False), rule

    return build


def rounded_entries(copy: CopyOfSetting, case: Case, rule: Rule) -> dict[Edge, Number]:
    """A valid rounding for every moving edge, of any batch whose samples keep the bounds; v2 -> v3 and v2' -> v3 have
    one entry.

    What follows from the batch and the rounding is shown edge by edge as lemmas: the size of each move, that v0 -> v1
    does not fall, and that the twins v2 -> v3 and v2' -> v3 part by at most rho.
    """
    rho, rounded = copy.rho, {}
    fm, ft = wrong_and_active(case)
    for edge, bound in sample_bounds(copy).items():
        name = f"{edge[0]}{edge[1]}"
        wrong, agreeing, k = case.real(f"wrong[{name}]"), case.real(f"agreeing[{name}]"), case.integer(f"k[{name}]")
        size, entry, u = case.real(f"size[{name}]"), case.real(f"entry[{name}]"), case.real(f"u[{name}]")
        case.assume(size == bound, absolute(wrong) <= size, absolute(agreeing) <= size)
        case.assume(entry == clip(wrong) * fm + clip(agreeing) * (ft - fm), u == rho * k, rule(k, entry, rho))
        if edge == ("v0", "v1"):
            case.assume(wrong <= 0, agreeing <= 0)
        rounded[edge] = u
    twins = case.real("entry[v3]")
    for edge in (("v2", "v3"), ("v2'", "v3")):
        k = case.integer(f"k[{edge[0]}{edge[1]}]")
        rounded[edge] = rho * k
        case.assume(rule(k, twins, rho))
    k = case.integer("k[v3v4]")
    case.assume(rule(k, case.real("entry[v3v4]"), rho))
    return rounded | {("v3", "v4"): rho * k}


def moves_are_bounded(subject: tuple[CopyOfSetting, Rule], case: Case) -> None:
    """Whatever the batch and the valid roundings are, in its active step a memory's edges v1 -> v2 and v1 -> v2' move
    by at most the step size times the bounds that the predicate `is_memory` uses, v2 -> v3 and v2' -> v3 part by at
    most the step size times rho, and v0 -> v1 rises by at least 0 and at most the largest rise that the predicate
    allows for."""
    copy, rule = subject
    rho, rate = copy.rho, copy.setting.rate
    rounded = rounded_entries(copy, case, rule)
    for edge, bound in sample_bounds(copy).items():
        name, mark = f"{edge[0]} -> {edge[1]}", f"[{edge[0]}{edge[1]}]"
        case.lemma(f"{name}: the entry", absolute(case.real("entry" + mark)) <= at_most_one(case.real("size" + mark)))
        case.show(f"{name}: the move", absolute(rounded[edge]) <= at_most_one(bound) + 3 * rho / 4)
    case.lemma("v0 -> v1: no entry above 0", case.real("entry[v0v1]") <= 0)
    case.show("v0 -> v1 does not fall", rounded["v0", "v1"] <= 0)
    rise = largest_rise(copy.graph, rho, rate=int(rate), offset=copy.setting.offset)
    case.show("v0 -> v1: the rise", -rate * rounded["v0", "v1"] <= rise)
    case.show("the twins part by at most rho", absolute(rounded["v2", "v3"] - rounded["v2'", "v3"]) <= rho)


for _rate in (1, 2):
    register(
        f"memory.moves.rate{_rate}",
        moves_are_bounded,
        of=any_weights(_rate, is_valid),
        twin=any_weights(_rate, loosely_valid),
        needs=("descent.batch",),
    )


def after(copy: CopyOfSetting, case: Case) -> None:
    """A memory whose weights have moved within these bounds, and that is idle, is strictly flat at v2, v2' and v3, adds
    nothing to the output, and has no gradient on any edge; and its weight v0 -> v1 is in [0, 2)."""
    graph, rho, rate = copy.graph, copy.rho, copy.setting.rate
    u = {edge: case.real(f"u[{edge[0]}{edge[1]}]") for edge in MOVING}
    bounds = {edge: at_most_one(bound) for edge, bound in sample_bounds(copy).items() if edge != ("v0", "v1")}
    case.assume(*(absolute(u[edge]) <= bound + 3 * rho / 4 for edge, bound in bounds.items()))
    case.assume(absolute(u["v2", "v3"] - u["v2'", "v3"]) <= rho, u["v0", "v1"] <= 0)
    case.assume(-rate * u["v0", "v1"] <= largest_rise(graph, rho, rate=int(rate), offset=copy.setting.offset))
    written = graph.with_weights({edge: graph.weight(*edge) - rate * u[edge] for edge in MOVING})
    value = written.weight("v0", "v1")
    case.lemma("v0 -> v1 stays in [0, 2)", every(value >= 0, value < 2))
    for edge, bound in bounds.items():
        moved = absolute(graph.weight(*edge)) + rate * (bound + 3 * rho / 4)
        case.lemma(f"{edge[0]} -> {edge[1]} moves within reach", absolute(written.weight(*edge)) <= moved)
        case.lemma(
            f"so v1 can shift {edge[1]} by at most twice that", absolute(written.weight(*edge) * value) <= 2 * moved
        )
    z = case.real("z")
    outer = {v: IDLE[v] for v in ("v2", "v2'")}
    case.run(written, {"vc": Fraction(2)}, label="v2 and v2'", outside={"v4": z}, expect=outer)
    case.run(written, {"vc": Fraction(2)}, label="then v3", outside={"v4": z}, on=outer, expect={"v3": IDLE["v3"]})
    run = case.run(written, {"vc": Fraction(2)}, label="after", outside={"v4": z}, on=IDLE)
    case.equal("v3 adds nothing to v4", written.weight("v3", "v4") * run.out["v3"], Fraction(0))
    case.assume(negation(RAMP.on_kink(run.pre["v4"])))
    gradient = case.gradient(run, {"v4": case.real("adjoint")}, label="after", on=IDLE)
    case.show("no gradient on any edge", without_gradient(gradient, written.edges))


register_for_any_memory(
    "after",
    after,
    FLAT,
    (active_conditions, idle_conditions),
    lambda rate, end: (*parts_and_active(rate, end), f"memory.gradients.{end}", f"memory.moves.rate{rate}"),
)
