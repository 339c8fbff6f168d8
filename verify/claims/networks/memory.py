"""Lemma 11 for every graph that meets `is_memory`: its weights are variables, the premise is the predicate itself."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, within
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import clip, is_valid
from constructions.networks.memory import (
    DRIVING,
    MOVING,
    absolute,
    active_conditions,
    at_most_one,
    conditions,
    contribution,
    idle_conditions,
    is_memory,
    largest_rise,
    path_gain,
    recording_conditions,
    written_conditions,
)
from constructions.networks.queries import MINIMAL, PRINTED, STRONG, Setting, query_graph
from verify.claims.networks.queries.copies import IDLE, QueryCopy, batch_gradient, copy, fractions, held, idle, names
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict


def any_graph(case: Case) -> Fragment:
    """Definition 2's graph without digits, every weight a variable."""
    edges: dict[Edge, Number] = {(u, v): case.real(f"w[{u}{v}]") for u, v in (*MOVING, *DRIVING)}
    return Fragment(inputs=("vc",), outputs=("v4",), edges=edges, constant="v0", sigma=RAMP)


Group = Callable[..., Any]


def any_memory(rate: int, prime: bool, *groups: Group) -> Callable[[Case], QueryCopy]:
    """Any graph of Definition 2's shape at any rho and offset that meets some groups of `is_memory`'s conditions."""

    def build(case: Case) -> QueryCopy:
        graph, rho, offset = any_graph(case), case.real("rho"), case.real("offset")
        case.assume(offset > 0, path_gain(graph) < 0 if prime else path_gain(graph) > 0, rho > 0, offset * rho < 1)
        case.assume(*(group(graph, **_rest(group, rho, rate, offset)) for group in groups))
        share = -contribution(graph) if prime else contribution(graph)
        resting = graph.weight("v0", "v1")
        setting = replace(STRONG, name="any", resting=resting, offset=offset, rate=Fraction(rate), share=share)
        return QueryCopy(graph, setting, rho, prime)

    return build


def _rest(group: Group, rho: Number, rate: int, offset: Number) -> dict[str, Any]:
    given = {"rho": rho, "rate": rate, "offset": offset}
    return {name: given[name] for name in inspect.signature(group).parameters if name in given}


def groups_are_parts(subject: tuple[QueryCopy, tuple[Group, ...]], case: Case) -> None:
    """Whatever meets `is_memory` meets each group of conditions from which the claims below start, and the ones on
    rho and the offset."""
    copy, groups = subject
    rho, rate, offset = copy.rho, int(copy.setting.rate), copy.setting.offset
    meets_all = is_memory(copy.graph, rho, 0, rate=rate, offset=offset)
    for group in groups:
        case.show(group.__name__, implies(meets_all, group(copy.graph, **_rest(group, rho, rate, offset))))
    case.show("rho and offset", implies(meets_all, every(rho > 0, offset > 0, offset * rho < 1)))


def _parts(*groups: Group) -> Callable[[Case], tuple[QueryCopy, tuple[Group, ...]]]:
    def build(case: Case) -> tuple[QueryCopy, tuple[Group, ...]]:
        graph, rho = any_graph(case), case.real("rho")
        return QueryCopy(graph, replace(STRONG, name="any", offset=case.real("offset")), rho, False), groups

    return build


def no_gain(graph: Fragment) -> Formula:
    """What no memory meets (the twin's)."""
    return path_gain(graph) == 0


def active(copy: QueryCopy, case: Case) -> None:
    """An active memory adds its path gain times its resting weight to the output, and only the edges v0v1, v1v2, v1v2',
    v2v3, v2'v3 and v3v4 have a gradient; that of v0 -> v1 is the path gain times the derivative of the loss."""
    run, gradients = held(copy, case)
    graph = copy.graph
    case.equal("v3 adds the contribution to v4", graph.weight("v3", "v4") * run.out["v3"], contribution(graph))
    for y, gradient in gradients.items():
        for u, v in graph.edges:
            if (u, v) not in MOVING:
                case.equal(f"label {y}: no gradient on {u} -> {v}", gradient.edges[u, v], Fraction(0))
        case.equal(
            f"label {y}: gradient of v0 -> v1", gradient.edges["v0", "v1"], (run.out["v4"] - y) * path_gain(graph)
        )


def bounded_gradients(copy: QueryCopy, case: Case) -> None:
    """On an active sample of a memory, the gradients of v1 -> v2 and v2 -> v3 are at most the bounds that the predicate
    uses, those of v2 -> v3 and v2' -> v3 are equal, and v0 -> v1 is never driven down."""
    graph, rho, offset = copy.graph, copy.rho, copy.setting.offset
    _, gradients = held(copy, case, trust=True)
    loss = (1 + offset * rho) * absolute(graph.weight("v3", "v4"))
    a = graph.weight("v0", "v1")
    for y, gradient in gradients.items():
        for inner, outer in ((("v1", "v2"), ("v2", "v3")), (("v1", "v2'"), ("v2'", "v3"))):
            bound = loss * absolute(graph.weight(*outer)) * a
            case.show(f"label {y}: {inner[0]} -> {inner[1]}", absolute(gradient.edges[inner]) <= bound)
        case.equal(f"label {y}: v2 -> v3 and v2' -> v3 alike", gradient.edges["v2", "v3"], gradient.edges["v2'", "v3"])
        case.show(f"label {y}: v0 -> v1 is not driven down", gradient.edges["v0", "v1"] <= 0)
        case.show(
            f"label {y}: v0 -> v1", -gradient.edges["v0", "v1"] <= (1 + offset * rho) * absolute(path_gain(graph))
        )


def sample_bounds(copy: QueryCopy) -> dict[Edge, Number]:
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


def any_weights(rate: int, rule: Rule) -> Callable[[Case], tuple[QueryCopy, Rule]]:
    """Any weights at all, at any rho and offset."""

    def build(case: Case) -> tuple[QueryCopy, Rule]:
        graph, rho, offset = any_graph(case), case.real("rho"), case.real("offset")
        case.assume(rho > 0, offset > 0)
        return QueryCopy(graph, replace(STRONG, name="any", offset=offset, rate=Fraction(rate)), rho, False), rule

    return build


def rounded_entries(copy: QueryCopy, case: Case, rule: Rule) -> dict[Edge, Number]:
    """A valid rounding for every moving edge, of any batch whose samples keep the bounds; v2 -> v3 and v2' -> v3 have
    one entry.

    What follows from the batch and the rounding is shown edge by edge as lemmas: the size of each move, that v0 -> v1
    does not fall, and that the twins v2 -> v3 and v2' -> v3 part by at most rho.
    """
    rho, rounded = copy.rho, {}
    fm, ft = fractions(case)
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


def moves_are_bounded(subject: tuple[QueryCopy, Rule], case: Case) -> None:
    """Whatever the batch and the roundings, a memory's v1 -> v2 and v1 -> v2' move by at most the predicate's bounds,
    v2 -> v3 and v2' -> v3 part by at most rho, and v0 -> v1 rises by between 0 and the largest rise."""
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


def after(copy: QueryCopy, case: Case) -> None:
    """A memory whose weights have moved within these bounds is strictly flat at v2, v2' and v3 when idle, adds nothing
    to the output, has no gradient on any edge, and v0 -> v1 stays in [0, 2)."""
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
    for a, b in written.edges:
        case.equal(f"no gradient on {a} -> {b}", gradient.edges[a, b], Fraction(0))


def records(copy: QueryCopy, case: Case) -> None:
    """The record m of a memory is not negative, and m rho exceeds rate |G| fm, G the path gain and fm the wrong
    fraction, by between -3/4 rate rho and rate (offset |G| ft + 3/4) rho."""
    m, gain, fm, ft = batch_record(copy, case)
    rho, rate = copy.rho, copy.setting.rate
    error = m * rho - rate * gain * fm
    case.show("not negative", m >= 0)
    case.show("not too low", error >= -3 * rate * rho / 4)
    case.show("not too high", error <= rate * (copy.setting.offset * gain * ft + Fraction(3, 4)) * rho)


def ticks(copy: QueryCopy, case: Case) -> None:
    """A memory that was active on the whole batch has a record of at least 1, whatever the labels: a clock never
    reads 0."""
    m, _, _, ft = batch_record(copy, case)
    case.assume(ft == 1)
    case.show("the record is at least 1", m >= 1)


def batch_record(copy: QueryCopy, case: Case) -> tuple[Number, Number, Number, Number]:
    """The multiple m of rho by which v0 -> v1 rises, the size of the path gain, and the fractions of the batch."""
    rho, offset = copy.rho, copy.setting.offset
    fm, ft = fractions(case)
    gain = case.real("gain")
    case.assume(gain == absolute(path_gain(copy.graph)))
    case.lemma("no sample is clipped", (1 + offset * rho) * gain <= 1)
    run, gradients = held(copy, case, trust=True)
    sign = -1 if copy.prime else 1
    for y, wanted in ((copy.wrong, 1 + offset * rho), (copy.agreeing, offset * rho)):
        found = gradients[y].edges["v0", "v1"]
        case.lemma(f"label {y}: the path gain times the derivative", found == (run.out["v4"] - y) * sign * gain)
        case.lemma(f"label {y}: the share", clip(found) == -wanted * gain)
    entry, k = case.real("entry"), case.integer("k")
    case.assume(entry == -gain * ((1 + offset * rho) * fm + offset * rho * (ft - fm)))
    case.lemma("the batch's entry", batch_gradient(copy, case, ("v0", "v1"), gradients, fm, ft) == entry)
    case.assume(is_valid(k, entry, rho))
    return -copy.setting.rate * k, gain, fm, ft


def reads_in_bounds(subject: tuple[Number, Number], case: Case) -> None:
    """With enough digits, what is read of a record, m or all ones, is no further below rate |G| fm / rho than the
    record itself may be: 3/4 of the rate; and never above the record."""
    slack, rate = subject
    rho, gain, fm, m, levels = (
        case.real("rho"),
        case.real("gain"),
        case.real("fm"),
        case.integer("m"),
        case.integer("levels"),
    )
    case.assume(rho > 0, gain > 0, fm >= 0, fm <= 1, m >= 0, levels >= 1, rate > 0)
    case.assume(
        (levels - 1) * rho + slack * rate * rho >= rate * gain, m * rho - rate * gain * fm >= -slack * rate * rho
    )
    read = select(m < levels, m, levels - 1)
    case.show("not above the record", read <= m)
    case.show("not too low", read * rho - rate * gain * fm >= -3 * rate * rho / 4)


def meets(subject: tuple[QueryCopy, int], case: Case) -> None:
    """The graph meets each condition of the predicate, for every rho and resting weight of its setting."""
    made, bits = subject
    for condition in conditions(made.graph, made.rho, bits, rate=int(made.setting.rate), offset=made.setting.offset):
        case.show(f"{condition.group}: {condition.name}", condition.holds)


def _template(
    setting: Setting, prime: bool, bits: int, *, closed: bool = False
) -> Callable[[Case], tuple[QueryCopy, int]]:
    build = copy(setting, prime, closed=closed)

    def rebuild(case: Case) -> tuple[QueryCopy, int]:
        made = build(case)
        graph = query_graph(made.setting, rho=made.rho, bits=bits, prime=prime)
        case.assume(2**bits * made.rho >= 1 if bits else True)
        return replace(made, graph=graph), bits

    return rebuild


def _state(id: str, claim: Callable[..., None], **rest: Any) -> None:
    registry().add(Obligation(id=id, paper="Lemma 11", claim=claim, **rest))


FLAT = (active_conditions, idle_conditions, written_conditions)
_state("memory.parts", groups_are_parts, of=_parts(*FLAT, recording_conditions), twin=_parts(no_gain))

for _rate in (1, 2):
    for _prime in (False, True):
        _name = f"rate{_rate}.{chr(113)}{chr(39) if _prime else ''}"
        _active = ("memory.parts", f"memory.active.{_name}")
        for _claim, _id, _groups, _twin, _needs in (
            (idle, "idle", FLAT, (active_conditions,), ("memory.parts",)),
            (active, "active", FLAT, (idle_conditions, written_conditions), ("memory.parts",)),
            (bounded_gradients, "gradients", FLAT, (idle_conditions, written_conditions), _active),
            (
                after,
                "after",
                FLAT,
                (active_conditions, idle_conditions),
                (*_active, f"memory.gradients.{_name}", f"memory.moves.rate{_rate}"),
            ),
            (
                records,
                "record",
                (active_conditions, recording_conditions),
                (active_conditions,),
                (*_active, "descent.batch"),
            ),
            (
                ticks,
                "clock",
                (active_conditions, recording_conditions),
                (active_conditions,),
                (*_active, "descent.batch"),
            ),
        ):
            _state(
                f"memory.{_id}.{_name}",
                _claim,
                of=any_memory(_rate, _prime, *_groups),
                needs=_needs,
                twin=any_memory(_rate, _prime, *_twin),
            )

for _rate in (1, 2):
    _state(
        f"memory.moves.rate{_rate}",
        moves_are_bounded,
        of=any_weights(_rate, is_valid),
        twin=any_weights(_rate, loosely_valid),
        needs=("descent.batch",),
    )

_state(
    "memory.reads",
    reads_in_bounds,
    of=lambda case: (Fraction(3, 4), case.real("rate")),
    twin=lambda case: (Fraction(1), case.real("rate")),
    needs=("lemma11.digits", "lemma11.overflow"),
)

for _setting in (MINIMAL, STRONG):
    for _prime in (False, True):
        _state(
            f"memory.meets.{names(_setting, _prime)}",
            meets,
            of=_template(_setting, _prime, 0),
            twin=_template(_setting, _prime, 0, closed=True),
        )
        _state(
            f"memory.meets.{names(_setting, _prime)}.digits",
            meets,
            of=_template(_setting, _prime, 4),
            finite="4 digits",
            expect=Verdict.CHECKED,
            twin=_template(_setting, _prime, 4, closed=True),
            needs=("lemma11.digits.built", "memory.deviation"),
        )
_state("memory.meets.printed.q'", meets, of=_template(PRINTED, True, 0), expect=Verdict.REFUTED, erratum="E03")
