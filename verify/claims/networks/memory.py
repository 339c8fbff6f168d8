"""Lemma 11 for every graph that meets `is_memory`: its weights are variables, the premise is the predicate itself."""
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.foundations.network import Edge, Fragment
from constructions.networks.memory import (
    DRIVING,
    MOVING,
    absolute,
    active_conditions,
    at_most_one,
    contribution,
    idle_conditions,
    is_memory,
    largest_rise,
    path_gain,
    written_conditions,
)
from constructions.networks.queries import MINIMAL, PRINTED, STRONG, Setting, query_graph
from verify.case import Case
from verify.claims.networks.queries import IDLE, Copy, copy, held, idle, names
from verify.obligation import Obligation, registry
from verify.verdict import Verdict


def any_graph(case: Case) -> Fragment:
    """Definition 2's graph without digits, every weight a variable."""
    edges: dict[Edge, Number] = {(u, v): case.real(f"w[{u}{v}]") for u, v in (*MOVING, *DRIVING)}
    return Fragment(inputs=("vc",), outputs=("v4",), edges=edges, constant="v0", sigma=RAMP)


def any_memory(rate: int, prime: bool, *, without: tuple[Callable[..., Any], ...] = ()) -> Callable[[Case], Copy]:
    """Any graph that meets `is_memory` at any rho and offset; the twin leaves one group of conditions out."""

    def build(case: Case) -> Copy:
        graph, rho, offset = any_graph(case), case.real("rho"), case.real("offset")
        case.assume(offset > 0, path_gain(graph) < 0 if prime else path_gain(graph) > 0)
        groups: dict[Callable[..., Any], tuple[Any, ...]] = {active_conditions: (), idle_conditions: (), written_conditions: (rho,)}
        if not without:
            case.assume(is_memory(graph, rho, 0, rate=rate, offset=offset))
        else:
            case.assume(rho > 0, offset * rho < 1)
            for group, extra in groups.items():
                if group not in without:
                    case.assume(group(graph, *extra, **({"rate": rate, "offset": offset} if extra else {})))
        share = -contribution(graph) if prime else contribution(graph)
        resting = graph.weight("v0", "v1")
        setting = replace(STRONG, name="any", resting=resting, offset=offset, rate=Fraction(rate), share=share)
        return Copy(graph, setting, rho, prime)

    return build


def active(copy: Copy, case: Case) -> None:
    """An active memory adds its path gain times its resting weight to the output, and only the edges v0v1, v1v2, v1v2', v2v3,
    v2'v3 and v3v4 have a gradient; that of v0 -> v1 is the path gain times the derivative of the loss."""
    run, gradients = held(copy, case)
    graph = copy.graph
    case.equal("v3 adds the contribution to v4", graph.weight("v3", "v4") * run.out["v3"], contribution(graph))
    for y, gradient in gradients.items():
        for u, v in graph.edges:
            if (u, v) not in MOVING:
                case.equal(f"label {y}: no gradient on {u} -> {v}", gradient.edges[u, v], Fraction(0))
        case.equal(f"label {y}: gradient of v0 -> v1", gradient.edges["v0", "v1"], (run.out["v4"] - y) * path_gain(graph))


def bounded_gradients(copy: Copy, case: Case) -> None:
    """On an active sample of a memory, the gradients of v1 -> v2 and v2 -> v3 are at most the bounds that the predicate uses,
    those of v2 -> v3 and v2' -> v3 are equal, and v0 -> v1 is never driven down."""
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
        case.show(f"label {y}: v0 -> v1", -gradient.edges["v0", "v1"] <= (1 + offset * rho) * absolute(path_gain(graph)))


def after(copy: Copy, case: Case) -> None:
    """A written memory is strictly flat at v2, v2' and v3 whatever the roundings, and v0 -> v1 stays in [0, 2)."""
    graph, rho, rate, offset = copy.graph, copy.rho, copy.setting.rate, copy.setting.offset
    loss = (1 + offset * rho) * absolute(graph.weight("v3", "v4"))
    a = graph.weight("v0", "v1")
    bounds: dict[Edge, Number] = {
        ("v1", "v2"): at_most_one(loss * absolute(graph.weight("v2", "v3")) * a),
        ("v1", "v2'"): at_most_one(loss * absolute(graph.weight("v2'", "v3")) * a),
    }
    u, g = {}, {}
    for edge in MOVING:
        u[edge], g[edge] = case.real(f"u[{edge[0]}{edge[1]}]"), case.real(f"g[{edge[0]}{edge[1]}]")
        case.assume(absolute(u[edge] - g[edge]) <= 3 * rho / 4)
    case.assume(*(absolute(g[edge]) <= bound for edge, bound in bounds.items()))
    case.assume(absolute(u["v2", "v3"] - u["v2'", "v3"]) <= rho, u["v0", "v1"] <= 0)
    case.assume(-rate * u["v0", "v1"] <= largest_rise(graph, rho, rate=int(rate), offset=offset))
    written = graph.with_weights({edge: graph.weight(*edge) - rate * u[edge] for edge in MOVING})
    value = written.weight("v0", "v1")
    case.lemma("v0 -> v1 stays in [0, 2)", every(value >= 0, value < 2))
    for edge, bound in bounds.items():
        moved = absolute(graph.weight(*edge)) + rate * (bound + 3 * rho / 4)
        case.lemma(f"{edge[0]} -> {edge[1]} moves within reach", absolute(written.weight(*edge)) <= moved)
        product = written.weight(*edge) * value
        case.lemma(f"so v1 can shift {edge[1]} by at most twice that", absolute(product) <= 2 * moved)
    z = case.real("z")
    case.run(written, {"vc": Fraction(2)}, label="after", outside={"v4": z}, expect={v: IDLE[v] for v in ("v2", "v2'")})
    case.run(written, {"vc": Fraction(2)}, label="after, v2 and v2' there", outside={"v4": z}, on={v: IDLE[v] for v in ("v2", "v2'")},
             expect={"v3": IDLE["v3"]})  # fmt: skip


def meets(subject: tuple[Copy, int], case: Case) -> None:
    """The graph meets the predicate, for every rho and resting weight of its setting."""
    made, bits = subject
    case.show("is_memory", is_memory(made.graph, made.rho, bits, rate=int(made.setting.rate), offset=made.setting.offset))


def _template(setting: Setting, prime: bool, bits: int, *, closed: bool = False) -> Callable[[Case], tuple[Copy, int]]:
    build = copy(setting, prime, closed=closed)

    def rebuild(case: Case) -> tuple[Copy, int]:
        made = build(case)
        graph = query_graph(made.setting, rho=made.rho, bits=bits, prime=prime)
        return replace(made, graph=graph), bits

    return rebuild


def _state(id: str, claim: Callable[..., None], **rest: Any) -> None:
    registry().add(Obligation(id=id, paper="Lemma 11", claim=claim, **rest))


for _rate in (1, 2):
    for _prime in (False, True):
        _name = f"rate{_rate}.{chr(113)}{chr(39) if _prime else ''}"
        _active = f"memory.active.{_name}"
        for _claim, _id, _without, _needs in (
            (idle, "idle", (idle_conditions, written_conditions), ()),
            (active, "active", (active_conditions,), ()),
            (bounded_gradients, "gradients", (active_conditions,), (_active,)),
            (after, "after", (written_conditions,), (_active, f"memory.gradients.{_name}", "rounding.close", "rounding.clip")),
        ):
            _state(
                f"memory.{_id}.{_name}", _claim, of=any_memory(_rate, _prime), needs=_needs,
                twin=any_memory(_rate, _prime, without=_without),
            )  # fmt: skip

for _setting in (MINIMAL, STRONG):
    for _prime in (False, True):
        _state(
            f"memory.meets.{names(_setting, _prime)}", meets, of=_template(_setting, _prime, 0),
            twin=_template(_setting, _prime, 0, closed=True),
        )  # fmt: skip
        _state(
            f"memory.meets.{names(_setting, _prime)}.digits", meets, of=_template(_setting, _prime, 3), finite="3 digits",
            expect=Verdict.CHECKED, twin=_template(_setting, _prime, 3, closed=True), needs=("lemma11.digits.built", "memory.deviation"),
        )  # fmt: skip
_state("memory.meets.printed.q'", meets, of=_template(PRINTED, True, 0), expect=Verdict.REFUTED, erratum="E03")
