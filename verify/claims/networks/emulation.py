"""The emulation network (Lemmas 3b and 12b): the induction over steps, its sizes, and what stands in its arrays."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.computation.learner_machines import best_literal_machine, correlations_machine
from constructions.foundations.logic import Formula, between, every, negation, select, some
from constructions.foundations.network import Edge, Fragment
from constructions.networks.controls import final_weight, primary_weight, secondary_weight
from constructions.networks.emulation import Plan
from constructions.networks.flat import FlatNetwork
from constructions.networks.memory import is_memory
from constructions.networks.queries import MINIMAL, STRONG
from constructions.networks.round_circuit import CLOCK, gating
from verify.claims.networks.round_circuit import MACHINES, restless
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict


@obligation(
    "lemma3b.steps",
    paper="Lemma 3b, Lemma 12b",
    kind="induction",
    of=lambda case: gating(),
    twin=restless,
)
def steps_follow_the_method(cell: FlatCircuit, case: Case) -> None:
    """Take any copy and any control of any round s. Over any number of steps, the copy acts and the control is not 0 in
    step s only. So in step s their weights are still as built, and after step s they are never touched again: a copy is
    written only in a step in which it acts, and a
    control's edge only in a step in which the control is not 0. Nothing here depends on how the batches are drawn, so
    it holds for bSGD and for fbGD."""
    s = case.integer("s")
    case.assume(s >= 1)

    def turn(t: Any, x: Formula, update: Formula) -> Formula:
        bits: dict[str, Formula] = {"before": some(s == 1, s - 1 <= t), CLOCK: s <= t, "x": x, "update": update}
        return case.circuit(cell, {**bits, "digit": True})["now"]

    names = ("written", "spent", "rewritten", "respent")
    state: State = {"t": case.integer("t"), **{name: case.integer(name) for name in names}}
    inputs: State = {"x": case.bit("x"), "update": case.bit("update")}
    inputs |= {"acts": case.bit("the copy acts if it may"), "drives": case.bit("the control is not 0 if it may be")}

    def advance(now: State) -> State:
        mine = turn(now["t"], now["x"], now["update"])
        acting, driving = every(mine, now["acts"]), every(mine, now["drives"])
        return {
            "t": now["t"] + 1,
            "written": select(some(now["written"] == 1, acting), 1, 0),
            "spent": select(some(now["spent"] == 1, driving), 1, 0),
            "rewritten": select(some(now["rewritten"] == 1, every(acting, now["written"] == 1)), 1, 0),
            "respent": select(some(now["respent"] == 1, every(driving, now["spent"] == 1)), 1, 0),
        }

    def holds(now: State) -> Formula:
        t = now["t"]
        fresh = every(*(some(t >= s, now[name] == 0) for name in ("written", "spent")))
        binary = every(*(some(now[name] == 0, now[name] == 1) for name in names))
        turns = (turn(t, x, update) for x, update in product((False, True), repeat=2))
        only_mine = every(*(some(negation(mine), t + 1 == s) for mine in turns))
        return every(t >= 0, binary, fresh, now["rewritten"] == 0, now["respent"] == 0, only_mine)

    start: State = {"t": 0, **dict.fromkeys(names, 0)}
    at = case.reached(
        case.induction("over the steps", state=state, start=start, advance=advance, holds=holds, inputs=inputs)
    )
    case.show("fresh before its step", every(at["written"] == 0, at["spent"] == 0), given=at["t"] < s)
    case.show("used in no other step", every(at["rewritten"] == 0, at["respent"] == 0))


PLANS: dict[str, Callable[[], Plan]] = {
    "binary": lambda: Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16)),
    "signed": lambda: Plan(machine=correlations_machine(2, fraction=7), rho=Fraction(1, 16), setting=STRONG),
    "quarters": lambda: Plan(machine=MACHINES["quarters"](), rho=Fraction(1, 8), tolerance=Fraction(1)),
    "minimal": lambda: Plan(
        machine=replace(best_literal_machine(3, fraction=8), rounds=3), rho=Fraction(1, 10), setting=MINIMAL
    ),
}


def places_of(plan_of: Callable[[], Plan]) -> Callable[[], Iterator[dict[str, Any]]]:
    """Every round and every copy of a round in a plan."""

    def domain() -> Iterator[dict[str, Any]]:
        plan = plan_of()
        return ({"round": t + 1, "copy": c} for t in range(plan.machine.rounds) for c in range(len(plan.copies)))

    return domain


def rounds_of(name: str) -> Callable[[], Iterator[dict[str, Any]]]:
    return lambda: ({"round": t + 1} for t in range(PLANS[name]().machine.rounds))


Network = tuple[Plan, FlatNetwork]


def network_of(
    plan_of: Callable[[], Plan], change: Callable[[Plan, FlatNetwork], FlatNetwork] = lambda plan, net: net
) -> Callable[[Case], Network]:
    """The network of a plan, built once; ``change`` breaks it (the twin's)."""
    made: list[Network] = []

    def build(case: Case) -> Network:
        if not made:
            plan = plan_of()
            made.append((plan, change(plan, plan.trainable.network)))
        return made[0]

    return build


def with_weight(edge: Callable[[Plan, FlatNetwork], int], factor: int) -> Callable[[Plan, FlatNetwork], FlatNetwork]:
    """The change that multiplies the weight of one edge."""

    def change(plan: Plan, net: FlatNetwork) -> FlatNetwork:
        weights = net.weights.copy()
        weights[edge(plan, net)] *= factor
        return replace(net, weights=weights)

    return change


def copy_is_a_memory(subject: Network, case: Case) -> None:
    """In the finished network, the copy at every round and place meets the predicate `is_memory` with its weights to
    the output and to its digits; the weights of its vc keep vc strictly flat at 0 and at 2; it is a copy of Q in odd
    rounds and of Q' in even ones; and no other edge leaves its vertices, except that gates read its digits."""
    plan, net = subject
    t, setting = int(case.integer("round")), plan.setting
    graph, vc = copy_at(plan, net, t, int(case.integer("copy")), case)
    bits = plan.decoder.bits
    case.show("a memory", is_memory(graph, plan.rho, bits, rate=int(setting.rate), offset=setting.offset))
    case.show("a copy of Q in odd rounds, of Q' in even ones", (graph.weight("v3", "v4") > 0) == (t % 2 == 1))
    vc_is_flat(net, vc, case)


def copy_at(plan: Plan, net: FlatNetwork, t: int, c: int, case: Case) -> tuple[Fragment, int]:
    """A copy of a round as it stands in the arrays, and its vc; states that nothing else leaves its vertices."""
    digits = plan.digits(t)[c].tolist()
    (v1,) = {u for v in digits for u, _ in net.into(v)} - {0, *digits}
    follow = _followers(net)
    v2, v2_ = sorted(set(follow[v1]) - set(digits))
    (v3,) = set(follow[v2]) & set(follow[v2_])
    (vc,) = {u for u, _ in net.into(v3)} - {v2, v2_}
    names = {0: "v0", v1: "v1", v2: "v2", v2_: "v2'", v3: "v3", vc: "vc", **{v: f"vr{i}" for i, v in enumerate(digits)}}
    output = net.outputs["f"]
    edges: dict[Edge, Fraction] = {(names[u], names[v]): w for v in (v1, v2, v2_, v3, *digits) for u, w in net.into(v)}
    edges["v3", "v4"] = dict(net.into(output))[v3]
    outputs = ("v4", *(f"vr{i}" for i in range(len(digits))))
    leaving = {v1: {v2, v2_, *digits}, v2: {v3}, v2_: {v3}, v3: {output}, vc: {v2, v2_, v3}}
    case.show("nothing else leaves it", all(set(follow[v]) == heads for v, heads in leaving.items()))
    return Fragment(inputs=("vc",), outputs=outputs, edges=edges, constant="v0", sigma=net.sigma), vc


def vc_is_flat(net: FlatNetwork, vc: int, case: Case) -> None:
    """State that the weights of a vc keep it strictly flat at 0 and at 2."""
    bit, constant = (w for _, w in sorted(net.into(vc), reverse=True))
    case.show("vc", every(len(net.into(vc)) == 2, between(-1, constant - 2 * bit, 0), constant + 2 * bit > 2))


def _followers(net: FlatNetwork) -> dict[int, list[int]]:
    """The heads of the edges that leave each vertex."""
    found: dict[int, list[int]] = {}
    for u, v in zip(net.sources.tolist(), net.heads.tolist(), strict=True):
        found.setdefault(u, []).append(v)
    return found


def edge_into_digit(plan: Plan, net: FlatNetwork) -> int:
    """An edge into the lowest digit of the last copy of round 1."""
    return int(net.offsets[plan.digits(1)[-1][0]])


for _name in PLANS:
    registry().add(
        Obligation(
            id=f"lemma3b.slice.{_name}",
            paper="Lemma 3b",
            claim=copy_is_a_memory,
            kind="enumeration",
            domain=places_of(PLANS[_name]),
            of=network_of(PLANS[_name]),
            twin=network_of(PLANS[_name], with_weight(edge_into_digit, 2)),
            expect=Verdict.CHECKED,
            finite=f"one network, {_name}",
        )
    )


def _once() -> Iterator[dict[str, Any]]:
    return iter([{}])


def network_has_one_sink(subject: Network, case: Case) -> None:
    """In the finished network the output is the only sink, and the constant and the inputs are the only sources. Each
    random bit is a vertex with one edge, from the constant. Each edge into the output comes from the vertex v3 of a
    copy or from a control: as its weights tell, it reads two bits with weight 1 and the constant with weight -1/2. The
    named ranges of vertices follow one another, none is empty, and they have all vertices but the constant."""
    plan, net = subject
    case.show("one sink", set(range(net.size)) - set(net.sources.tolist()) == {net.outputs["f"]})
    case.show("sources", bool((net.fan_in[: net.first] == 0).all() and (net.fan_in[net.first :] > 0).all()))
    sampled = plan.trainable.sampled
    heads = net.heads[sampled]
    case.show("random bits", bool((net.sources[sampled] == 0).all() and (net.fan_in[heads] == 1).all()))
    read = [sorted(w for _, w in net.into(v)) for v, _ in net.into(net.outputs["f"])]
    known = ([Fraction(-1, 2), 1, 1], [Fraction(-1, 4), 1, 1])
    case.show("the edges into the output", all(weights in known for weights in read))
    ends = [(int(str(low)), int(str(high))) for _, low, high in plan.groups]
    after = [1, *(high for _, high in ends)]
    whole = [low for low, _ in ends] == after[:-1] and after[-1] == net.size
    case.show("named ranges", whole and all(low < high for low, high in ends))


def _primary(plan: Plan, net: FlatNetwork) -> int:
    return int(net.offsets[int(plan.starts[1]) - 1])


for _name in PLANS:
    registry().add(
        Obligation(
            id=f"lemma3b.shape.{_name}",
            paper="Lemma 3b",
            claim=network_has_one_sink,
            kind="enumeration",
            domain=_once,
            of=network_of(PLANS[_name]),
            twin=network_of(PLANS[_name], with_weight(_primary, 3)),
            expect=Verdict.CHECKED,
            finite=f"one network, {_name}",
        )
    )


def controls_of(net: FlatNetwork) -> dict[int, Fraction]:
    """The controls of a network, by their weights, with their weights to the output."""
    return {
        v: w
        for v, w in net.into(net.outputs["f"])
        if sorted(weight for _, weight in net.into(v)) == [Fraction(-1, 2), 1, 1]
    }


def _is_constant(net: FlatNetwork, v: int, *, high: bool) -> bool:
    """Whether a gate is beyond its last kink on that side whatever bits it reads."""
    bias = sum((w for u, w in net.into(v) if u == 0), Fraction(0))
    reach = sum((2 * abs(w) for u, w in net.into(v) if u), Fraction(0))
    return bool(bias - reach > net.sigma.kinks[-1] if high else bias + reach < net.sigma.kinks[0])


def _opposite(net: FlatNetwork, v: int, other: int) -> bool:
    """Whether two gates read the same with weights of opposite sign; off their kinks they then carry opposite bits."""
    return dict(net.into(v)) == {u: -w for u, w in net.into(other)}


def copies_have_their_cancellers(subject: Network, case: Case) -> None:
    """In every round of the finished network, the bit that drives the vc of a copy (in rounds of Q' its opposite) also
    drives one canceller for this copy, a control that takes off what the copy adds to the output. It reads a constant
    bit besides and has the weight to the output of `lemma3b.held`. The clock's bit drives the round's primary control
    in the same way. So the output is held whichever copies act."""
    plan, net = subject
    t = int(case.integer("round"))
    prime, follow = t % 2 == 0, _followers(net)
    idle: list[int] = []
    for row in plan.digits(t).tolist():
        (v1,) = {u for v in row for u, _ in net.into(v)} - {0, *row}
        (vc,) = {u for v in follow[v1] if v not in row for u, _ in net.into(v)} - {v1}
        idle += [u for u, _ in net.into(vc) if u]
    wanted = [(bit, secondary_weight(plan.setting)) for bit in idle] + [
        (idle[0], primary_weight(plan.setting, plan.rho))
    ]
    found = []
    for v, weight in controls_of(net).items():
        bits = [u for u, _ in net.into(v) if u]
        for plus, steady in (bits, bits[::-1]):
            bit = next((bit for bit in idle if (_opposite(net, plus, bit) if prime else plus == bit)), None)
            if bit is not None and _is_constant(net, steady, high=prime):
                found.append((bit, weight))
    case.show("a bit for each copy", len(idle) == len(plan.copies))
    case.show("their controls", sorted(found) == sorted(wanted))


def final_controls_are_last(subject: Network, case: Case) -> None:
    """Besides the vertices v3 of copies, the cancellers and the primary controls, only final controls feed the output
    of the finished network. There is one for each bit of a prediction that may be set; it reads a constant true bit
    besides, and has the weight of its bit's place."""
    plan, net = subject
    last = int(plan.starts[-2])
    final = {v: weight for v, weight in controls_of(net).items() if v >= last}
    names = [name for name in plan.predictor.outputs if name.startswith("value ")]
    places = [Fraction(1 << int(name.split()[1]), 1 << plan.machine.predict_fraction) for name in names]
    case.show("their weights", sorted(final.values()) == sorted(final_weight(place) for place in places))
    case.show(
        "a bit that is true", all(any(_is_constant(net, u, high=True) for u, _ in net.into(v) if u) for v in final)
    )
    rounds, copies = plan.machine.rounds, len(plan.copies)
    case.show(
        "no more edges into the output", len(net.into(net.outputs["f"])) == rounds * (2 * copies + 1) + len(final)
    )


def _edge_from(vertex: Callable[[Plan], int]) -> Callable[[Plan, FlatNetwork], int]:
    """The edge from a vertex to the output."""

    def edge(plan: Plan, net: FlatNetwork) -> int:
        begin, end = (int(at) for at in net.offsets[net.outputs["f"] : net.outputs["f"] + 2])
        tails: list[int] = net.sources[begin:end].tolist()
        return begin + tails.index(vertex(plan))

    return edge


for _name in PLANS:
    for _id, _claim, _domain, _vertex in (
        ("cancellers", copies_have_their_cancellers, rounds_of(_name), lambda plan: int(plan.starts[1]) - 2),
        ("finals", final_controls_are_last, _once, lambda plan: int(plan.starts[-1]) - 1),
    ):
        registry().add(
            Obligation(
                id=f"lemma3b.{_id}.{_name}",
                paper="Lemma 3b",
                claim=_claim,
                kind="enumeration",
                domain=_domain,
                of=network_of(PLANS[_name]),
                twin=network_of(PLANS[_name], with_weight(_edge_from(_vertex), 2)),
                expect=Verdict.CHECKED,
                finite=f"one network, {_name}",
            )
        )


def _sizes() -> Iterator[dict[str, Any]]:
    points = product((1, 2), range(5), (4, 5), (0, 1))
    return ({"n": n, "rounds": rounds, "d": d, "signed": signed} for n, rounds, d, signed in points)


def sizes_are_exact(wrong: int, case: Case) -> None:
    """For each machine of the finite case, the formulas for the numbers of vertices, edges, steps and random bits give
    those of the network that is built."""
    n, rounds, d = (int(case.integer(name)) for name in ("n", "rounds", "d"))
    make = correlations_machine if case.integer("signed") else best_literal_machine
    plan = Plan(machine=replace(make(n, fraction=d + 4), rounds=rounds), rho=Fraction(1, 2**d))
    net, sizes = plan.trainable, plan.sizes
    case.equal("vertices", net.network.size, sizes.vertices + wrong)
    case.equal("edges", len(net.network.sources), sizes.edges)
    case.equal("steps", net.steps, sizes.steps)
    case.equal("random bits", net.random_bits, sizes.random_bits)


registry().add(
    Obligation(
        id="lemma3b.sizes",
        paper="Lemma 3b",
        claim=sizes_are_exact,
        kind="enumeration",
        domain=_sizes,
        of=lambda case: 0,
        twin=lambda case: 1,
        expect=Verdict.CHECKED,
        finite="two learners, n < 3, up to 4 rounds, rho = 1/16 and 1/32",
    )
)
