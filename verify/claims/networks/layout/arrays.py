"""That the arrays of a built network hold the values of the functions that place and wire it (Lemma 3b).

What these functions do is proved for any number of rounds and copies (``lemma3b.places``, ``lemma3b.blocks``,
``lemma3b.output``). That NumPy evaluates them for every round and copy is seen here on four networks.
"""

from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.networks.controls import activator, control, primary_weight, secondary_weight
from constructions.networks.emulation import Plan
from constructions.networks.layout import (
    HERE,
    PlacedTemplate,
    RoundDrive,
    RoundLayout,
    SharedLayout,
    bases,
    next_start,
    path_gadgets,
    primary_gadget,
)
from constructions.networks.queries import query_graph
from verify.claims.networks.emulation import PLANS, Network, edge_into_digit, network_of, rounds_of, with_weight
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict


def _layouts(plan: Plan) -> tuple[RoundLayout, RoundLayout]:
    """The layouts of odd and of even rounds."""
    bits, random, copies = plan.decoder.bits, plan.machine.random_bits, len(plan.copies)
    gates = (len(made.circuit.gates) for made in plan.rounds)
    odd, even = (RoundLayout(copies=copies, bits=bits, random_bits=random, gates=each) for each in gates)
    return odd, even


def _starts(plan: Plan) -> list[int]:
    """Where the blocks of the rounds stand, and the one behind them."""
    odd, even = _layouts(plan)
    found = [SharedLayout(inputs=plan.machine.inputs, state=len(plan.machine.machine.state)).size]
    for t in range(1, plan.machine.rounds + 1):
        found.append(next_start(found[-1], t % 2 == 1, odd.size, even.size))
    return found


def _gadgets(plan: Plan, t: int) -> list[PlacedTemplate]:
    """All that is stamped in a round beside its gates and random bits."""
    layout, prime = _layouts(plan)[(t - 1) % 2], t % 2 == 0
    outputs = plan.blocks[(t - 1) % 2].outputs
    says = "active" if prime else "idle"
    drive = RoundDrive(
        idle=lambda c: outputs[f"idle {c}"], plus=lambda c: outputs[f"{says} {c}"], steady=outputs["steady"]
    )
    graph = query_graph(plan.setting, rho=plan.rho, bits=layout.bits, prime=prime)
    found = [primary_gadget(layout, drive, control=control())]
    for c in range(layout.copies):
        digits = {f"vr{i}": layout.digit(c, i) for i in range(layout.bits)}
        found.append(PlacedTemplate(graph, layout.path(c) | digits))
        found += path_gadgets(layout, c, drive, activator=activator(plan.setting), control=control()).values()
    return found


def arrays_hold_what_is_wired(subject: Network, case: Case) -> None:
    """In every round of the finished network, the edges into each vertex of a copy, its digits, its vc and its
    canceller, and into the primary control, are those that the functions of the layout give, with their weights, and no
    others; and the edges from the round to the output are those that they give."""
    plan, net = subject
    t = int(case.integer("round"))
    starts = _starts(plan)
    layout, base = _layouts(plan)[(t - 1) % 2], bases(starts[t - 2] if t > 1 else 0, starts[t - 1])
    wanted: dict[int, dict[int, Number]] = {}
    for gadget in _gadgets(plan, t):
        for place, tail, head, weight in gadget.wires():
            wanted.setdefault(base[HERE] + head, {})[base[place] + tail] = weight
    case.show("the edges into them", all(dict(net.into(v)) == edges for v, edges in wanted.items()))
    graph = query_graph(plan.setting, rho=plan.rho, bits=layout.bits, prime=t % 2 == 0)
    path, primary = graph.weight("v3", "v4"), primary_weight(plan.setting, plan.rho)
    feeding: dict[int, Number] = {
        base[HERE] + layout.feeder(j): layout.feeder_weight(
            j, path=path, canceller=secondary_weight(plan.setting), primary=primary
        )
        for j in range(layout.feeders)
    }
    there = {u: Fraction(w) for u, w in net.into(net.outputs["f"]) if base[HERE] <= u < base[HERE] + layout.size}
    case.show("the edges to the output", there == feeding)


for _name in PLANS:
    registry().add(
        Obligation(
            id=f"lemma3b.arrays.{_name}",
            paper="Lemma 3b",
            claim=arrays_hold_what_is_wired,
            kind="enumeration",
            domain=rounds_of(_name),
            of=network_of(PLANS[_name]),
            twin=network_of(PLANS[_name], with_weight(edge_into_digit, 2)),
            expect=Verdict.CHECKED,
            finite=f"one network, {_name}",
        )
    )
