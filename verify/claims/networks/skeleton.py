"""The walking skeleton before training: which vertices are strictly flat, and the output held at the declared value."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.network import Edge, Network
from constructions.networks.gates import CONSTANT
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, STRONG, Setting
from constructions.networks.skeleton import OUTPUT, PARTS, Skeleton
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict

RHO = Fraction(1, 16)


def _points() -> Iterator[dict[str, Any]]:
    return ({"coin": coin, "x1": x1, "x2": x2} for coin, x1, x2 in product((0, 1), repeat=3))


def _skeleton(
    setting: Setting, changed: Mapping[Edge, Fraction] | None = None
) -> Callable[[Case], tuple[Skeleton, Network]]:
    """The skeleton network with a coin; the twin has some weights changed."""

    def build(case: Case) -> tuple[Skeleton, Network]:
        made = Skeleton(setting=setting, rho=RHO, coin=int(case.integer("coin")))
        return made, made.network().with_weights(changed or {})

    return build


MOVING = ("v2", "v2'", "v3")
"""The vertices of a copy that are not strictly flat while it is active, beside v1."""


def _upset(setting: Setting) -> Callable[[Case], tuple[Skeleton, Network]]:
    """The skeleton network with every vertex wrong where the clock's copy alone is active (the twin's): those that are
    to be strictly flat are on a kink, and the others are held by weights of 99; the clock's vc is between its ends."""

    def build(case: Case) -> tuple[Skeleton, Network]:
        made, net = _skeleton(setting)(case)
        held = {f"{part}.v1" for part in PARTS} | {f"c1.{v}" for v in MOVING} | {OUTPUT}
        weights = {edge: Fraction(99 if edge[1] in held else 0) for edge in net.edges}
        return made, net.with_weights(weights | {(CONSTANT, "c1.vc"): Fraction(1, 2)})

    return build


def starts_as_declared(subject: tuple[Skeleton, Network], case: Case) -> None:
    """Before training, on every x and for both values of the random bit, the skeleton network returns the output that
    round 1 declares. Every vertex is strictly flat but the output, the vertices v1, and the vertices v2, v2' and v3 of
    the copies that are active."""
    skeleton, net = subject
    x = {name: case.integer(name) for name in ("x1", "x2")}
    run = case.run(net, x, label="start")
    case.equal("the output", run.out[OUTPUT], skeleton.held_output(1))
    ask = skeleton.query(1, ())
    active = {"q1": bool(ask((int(x["x1"]), int(x["x2"])), 1)), "c1": True, "q2": False, "c2": False}
    moving = {f"{part}.v1" for part in PARTS} | {OUTPUT}
    for part, is_active in active.items():
        moving |= {f"{part}.{v}" for v in MOVING} if is_active else set()
        case.equal(f"{part}.vc", run.out[f"{part}.vc"], Fraction(0 if is_active else 2))
    for v in run.pre:
        case.show(f"{v} is flat, or not if it moves", run.flat(v) is not (v in moving))


for _setting in (MINIMAL, STRONG, DYADIC):
    registry().add(
        Obligation(
            id=f"skeleton.start.{_setting.name.split()[0]}",
            paper="Lemma 3b",
            claim=starts_as_declared,
            kind="enumeration",
            domain=_points,
            finite="two inputs, rho = 1/16",
            of=_skeleton(_setting),
            twin=_upset(_setting),
            expect=Verdict.CHECKED,
            needs=("lemma3b.control", "lemma10.circuit"),
        )
    )
registry().add(
    Obligation(
        id="skeleton.start.printed",
        paper="Lemma 3b",
        claim=starts_as_declared,
        kind="enumeration",
        domain=_points,
        finite="two inputs, rho = 1/16",
        of=_skeleton(PRINTED),
        expect=Verdict.REFUTED,
        erratum="E04",
    )
)


COPIES = ("q1", "c1")


def nothing_leaves(subject: tuple[Skeleton, Network], case: Case) -> None:
    """While a copy is active, no edge from a vertex of the copy to a vertex outside it has a gradient, as condition 4
    of Lemma 11 asks."""
    _, net = subject
    x = {name: case.integer(name) for name in ("x1", "x2")}
    run = case.run(net, x, label="start")
    gradient = case.gradient(run, {OUTPUT: run.out[OUTPUT] - 1}, label="start")
    for copy in COPIES:
        inside = {v for v in net.order if v.startswith(f"{copy}.")} | {CONSTANT, OUTPUT}
        for u, v in net.edges:
            if u in inside and v not in inside:
                case.equal(f"{copy}: {u} -> {v}", gradient.edges[u, v], Fraction(0))


def nothing_else_leaves(subject: tuple[Skeleton, Network], case: Case) -> None:
    """While a copy is active, an edge from a vertex of the copy to a vertex outside it has a gradient only if it is an
    edge of the constant, to the v1 of another copy or to an output control. For every vertex that reads the copy is
    strictly flat."""
    _, net = subject
    x = {name: case.integer(name) for name in ("x1", "x2")}
    run = case.run(net, x, label="start")
    gradient = case.gradient(run, {OUTPUT: run.out[OUTPUT] - 1}, label="start")
    for copy in COPIES:
        inside = {v for v in net.order if v.startswith(f"{copy}.")} | {OUTPUT}
        leaving = (entry for (u, v), entry in gradient.edges.items() if u in inside and v not in inside)
        case.show(f"{copy}: no edge that leaves it", not any(leaving))


def _leaking(case: Case) -> tuple[Skeleton, Network]:
    made, net = _skeleton(STRONG)(case)
    return made, net.with_edge("c1.vr3", "q1.v1", Fraction(1, 1000))


registry().add(
    Obligation(
        id="skeleton.leaving.printed",
        paper="Lemma 11",
        claim=nothing_leaves,
        kind="enumeration",
        domain=_points,
        finite="two inputs, rho = 1/16",
        of=_skeleton(STRONG),
        expect=Verdict.REFUTED,
        erratum="E41",
    )
)
registry().add(
    Obligation(
        id="skeleton.leaving.repaired",
        paper="Lemma 11",
        claim=nothing_else_leaves,
        kind="enumeration",
        domain=_points,
        finite="two inputs, rho = 1/16",
        of=_skeleton(STRONG),
        expect=Verdict.CHECKED,
        erratum="E41",
        needs=("lemma10.blocks",),
        twin=_leaking,
    )
)
