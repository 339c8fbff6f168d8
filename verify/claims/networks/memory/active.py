"""Lemma 11 for every graph that meets `is_memory`: what an idle and an active one do.

The weights are variables, and the premise is the predicate itself, or the groups of its conditions that a claim needs
(``memory.parts``). Proved here: an idle memory has no effect and no gradient (``memory.idle``); an active one adds a
known share to the output and has gradients on six edges only (``memory.active``), within bounds (``memory.gradients``).
"""

import inspect
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any, Unpack

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies
from constructions.foundations.network import Edge, Fragment
from constructions.networks.memory import (
    DRIVING,
    MOVING,
    absolute,
    active_conditions,
    contribution,
    idle_conditions,
    is_memory,
    path_gain,
    recording_conditions,
    written_conditions,
)
from constructions.networks.queries import STRONG
from verify.claims.networks.queries.copies import CopyOfSetting, held, idle, others, without_gradient
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, ObligationFields, Subject, registry


def any_graph(case: Case) -> Fragment:
    """Definition 2's graph without digits, every weight a variable."""
    edges: dict[Edge, Number] = {(u, v): case.real(f"w[{u}{v}]") for u, v in (*MOVING, *DRIVING)}
    return Fragment(inputs=("vc",), outputs=("v4",), edges=edges, constant="v0", sigma=RAMP)


Group = Callable[..., Any]


def any_memory(rate: int, prime: bool, *groups: Group) -> Callable[[Case], CopyOfSetting]:
    """Any graph of Definition 2's shape at any rho and offset that meets some groups of `is_memory`'s conditions."""

    def build(case: Case) -> CopyOfSetting:
        graph, rho, offset = any_graph(case), case.real("rho"), case.real("offset")
        case.assume(offset > 0, path_gain(graph) < 0 if prime else path_gain(graph) > 0, rho > 0, offset * rho < 1)
        case.assume(*(group(graph, **_rest(group, rho, rate, offset)) for group in groups))
        share = -contribution(graph) if prime else contribution(graph)
        resting = graph.weight("v0", "v1")
        setting = replace(STRONG, name="any", resting=resting, offset=offset, rate=Fraction(rate), share=share)
        return CopyOfSetting(graph, setting, rho, prime)

    return build


def _rest(group: Group, rho: Number, rate: int, offset: Number) -> dict[str, Any]:
    given = {"rho": rho, "rate": rate, "offset": offset}
    return {name: given[name] for name in inspect.signature(group).parameters if name in given}


def groups_are_parts(subject: tuple[CopyOfSetting, tuple[Group, ...]], case: Case) -> None:
    """Every graph that meets the predicate `is_memory` meets each group of conditions from which the other claims about
    memories start, and has rho > 0, offset > 0 and offset * rho < 1."""
    copy, groups = subject
    rho, rate, offset = copy.rho, int(copy.setting.rate), copy.setting.offset
    meets_all = is_memory(copy.graph, rho, 0, rate=rate, offset=offset)
    for group in groups:
        case.show(group.__name__, implies(meets_all, group(copy.graph, **_rest(group, rho, rate, offset))))
    case.show("rho and offset", implies(meets_all, every(rho > 0, offset > 0, offset * rho < 1)))


def _parts(*groups: Group) -> Callable[[Case], tuple[CopyOfSetting, tuple[Group, ...]]]:
    """Any graph at any rho and offset, with the groups of conditions that are looked for."""

    def build(case: Case) -> tuple[CopyOfSetting, tuple[Group, ...]]:
        graph, rho = any_graph(case), case.real("rho")
        return CopyOfSetting(graph, replace(STRONG, name="any", offset=case.real("offset")), rho, False), groups

    return build


def no_gain(graph: Fragment) -> Formula:
    """What no memory meets (the twin's)."""
    return path_gain(graph) == 0


def register(id: str, claim: Callable[..., None], *, of: Subject, **rest: Unpack[ObligationFields]) -> None:
    """Register a claim of Lemma 11."""
    registry().add(Obligation(id=id, paper="Lemma 11", claim=claim, of=of, **rest))


FLAT = (active_conditions, idle_conditions, written_conditions)


RECORDING = (active_conditions, recording_conditions)


Groups = tuple[Group, ...]


def register_for_any_memory(
    name: str, claim: Callable[..., None], groups: Groups, twin: Groups, needs: Callable[[int, str], tuple[str, ...]]
) -> None:
    """Register a claim about any memory that meets some groups of conditions, at both rates, of Q and of Q'; the twins
    meet fewer groups. ``needs`` gets the rate and the end of the id, such as ``rate1.q``."""
    for rate, prime in product((1, 2), (False, True)):
        end = f"rate{rate}.q'" if prime else f"rate{rate}.q"
        register(
            f"memory.{name}.{end}",
            claim,
            of=any_memory(rate, prime, *groups),
            twin=any_memory(rate, prime, *twin),
            needs=needs(rate, end),
        )


def parts_and_active(rate: int, end: str) -> tuple[str, ...]:
    """The ids on which most claims about memories rest."""
    return "memory.parts", f"memory.active.{end}"


register("memory.parts", groups_are_parts, of=_parts(*FLAT, recording_conditions), twin=_parts(no_gain))


register_for_any_memory("idle", idle, FLAT, (active_conditions,), lambda rate, end: ("memory.parts",))


def active(copy: CopyOfSetting, case: Case) -> None:
    """For every memory and every active sample, with the output held at its declared value: the memory adds its path
    gain (the derivative of the output's pre-activation by the weight of v0 -> v1) times its resting weight to the
    output; only the edges v0v1, v1v2, v1v2', v2v3, v2'v3 and v3v4 have a gradient; and that of v0 -> v1 is the path
    gain times the derivative of the loss."""
    run, gradients = held(copy, case)
    graph = copy.graph
    case.equal("v3 adds the contribution to v4", graph.weight("v3", "v4") * run.out["v3"], contribution(graph))
    for y, gradient in gradients.items():
        case.show(f"label {y}: no gradient on any other edge", without_gradient(gradient, others(graph)))
        case.equal(
            f"label {y}: gradient of v0 -> v1", gradient.edges["v0", "v1"], (run.out["v4"] - y) * path_gain(graph)
        )


def bounded_gradients(copy: CopyOfSetting, case: Case) -> None:
    """On every active sample of a memory, the gradients of v1 -> v2, v1 -> v2' and v0 -> v1 are at most the bounds that
    the predicate `is_memory` uses, those of v2 -> v3 and v2' -> v3 are equal, and v0 -> v1 is never driven down."""
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


register_for_any_memory(
    "active", active, FLAT, (idle_conditions, written_conditions), lambda rate, end: ("memory.parts",)
)


register_for_any_memory("gradients", bounded_gradients, FLAT, (idle_conditions, written_conditions), parts_and_active)
