"""Claims about the network that reads a whole batch in one step: its output is held, its copies are signed memories
that nothing else touches, and its size is that of the formula."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.computation.sample_learners import conjunction_learner, fed, parity_learner
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, select, some, within
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.walks import forward
from constructions.networks.batch_network import BatchPlan, primary_for
from constructions.networks.controls import control
from constructions.networks.emulation import sizes_of
from constructions.networks.layout import ROWS
from constructions.networks.signed_conditions import is_signed_memory
from constructions.networks.signed_memory import HELD, SIGNED
from constructions.strip.family import PowerFamily
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

PAPER = "the strip"
IDLE, PLUS, MINUS = range(3)


def canceller_of(acts: Number) -> Number:
    """What the canceller of a copy returns: it reads that the plus side is idle, and that the minus side is active."""
    bits = {"plus": select(acts == PLUS, -2, 2), "minus": select(acts == MINUS, 2, -2)}
    return forward(control(), bits).out["control"]


@obligation(
    "signed.network.held",
    paper=PAPER,
    kind="induction",
    of=lambda case: SIGNED.share / 2,
    twin=lambda case: SIGNED.share / 4,
)
def output_is_held(weight: Fraction, case: Case) -> None:
    """Take any number of copies, each of which has its plus side active, or its minus side, or none, as built. What
    they add to the output, their cancellers take off again; the primary control of the round whose turn it is adds 1/2,
    that of any other adds 0, each strictly flat. So the output is 1/2 on every sample in every step of training, on a
    piece of slope 1."""
    turn, acts = case.bit("turn"), case.integer("acts")
    now = {"plus": select(turn, 2, -2), "minus": Fraction(2)}
    primary = forward(control(), now)
    case.show("the primary control is flat", primary.flat("control"))
    case.equal("it adds 1/2", primary_for(HELD) * primary.out["control"], select(turn, HELD, Fraction(0)))
    case.show("1/2 is returned", RAMP(HELD) == HELD)
    state = {"copies": case.integer("copies"), "sum": case.real("sum")}

    def advance(s: State) -> State:
        share = select(s["acts"] == PLUS, SIGNED.share, select(s["acts"] == MINUS, -SIGNED.share, Fraction(0)))
        return {"copies": s["copies"] + 1, "sum": s["sum"] + share + weight * canceller_of(s["acts"])}

    at = case.reached(
        case.induction(
            "over the copies",
            state=state,
            start={"copies": Fraction(0), "sum": Fraction(0)},
            inputs={"acts": acts},
            given=lambda s: some(s["acts"] == IDLE, s["acts"] == PLUS, s["acts"] == MINUS),
            advance=advance,
            holds=lambda s: every(s["sum"] == 0, s["copies"] >= 0),
        )
    )
    case.show("the copies add nothing", at["sum"] == 0)
    bits = {"plus": select(acts == PLUS, -2, 2), "minus": select(acts == MINUS, 2, -2)}
    one = some(acts == IDLE, acts == PLUS, acts == MINUS)
    case.show("each canceller is flat", implies(one, forward(control(), bits).flat("control")))


def _control_before_the_output(weight: Number) -> Fragment:
    """A control with its edge to the output, whose pre-activation has a share of the rest of the network."""
    edges = control().edges | {("control", "v4"): weight, ("rest", "v4"): Fraction(1)}
    return Fragment(
        inputs=("plus", "minus", "rest"), outputs=("v4",), edges=edges, constant=control().constant, sigma=RAMP
    )


@obligation(
    "signed.network.unclipped",
    paper=PAPER,
    of=lambda case: _control_before_the_output(case.real("weight")),
    twin=lambda case: _control_before_the_output(case.real("weight")).with_weight("one", "control", 0),
)
def controls_are_not_clipped(graph: Fragment, case: Case) -> None:
    """Whatever the weight of a control to the output and the bits that drive it: while the output is held at 1/2 the
    gradient of this edge is at most 1 in size on either label, and those of the edges into the control are 0. (What of
    a copy has a gradient is ``signed.unclipped``.)"""
    for plus, minus in ((-2, -2), (-2, 2), (2, -2), (2, 2)):
        name = f"bits {plus}, {minus}"
        given = {"plus": Fraction(plus), "minus": Fraction(minus), "rest": case.real(f"rest{plus}{minus}")}
        run = case.run(graph, given, label=name)
        case.assume(run.pre["v4"] == HELD, label=f"{name}: the output is held")
        case.show(f"{name}: the control is flat", run.flat("control"))
        for y in (0, 1):
            gradient = case.gradient(run, {"v4": run.out["v4"] - y}, label=f"{name}, label {y}")
            case.show(f"{name}, label {y}: to the output", within(gradient.edges["control", "v4"], Fraction(1)))
            for tail in ("plus", "minus", "one"):
                case.equal(f"{name}, label {y}: from {tail}", gradient.edges[tail, "control"], Fraction(0))


@dataclass(frozen=True, slots=True)
class CopyInArrays:
    """A copy as it stands in the arrays: its edges by names, and its other edges, in words."""

    graph: Fragment
    strangers: tuple[str, ...]


def copy_in_arrays(plan: BatchPlan, round_: int, c: int) -> CopyInArrays:
    """A copy of a round, read back from the arrays of the network."""
    net, at, start = plan.trainable.network, plan.layout, plan.starts[round_ - 1]
    names: dict[int, str] = {0: "v0", plan.starts[-1]: "v4", start + int(at.v1(c)): "v1"}
    names |= {start + int(at.row(name, c)): name for name in ROWS[:-1]}
    names |= {start + int(at.digit(c, i)): f"vr{i}" for i in range(at.bits)}
    inner = {v for v, name in names.items() if name not in ("v0", "v4", "pc", "nc")}
    edges: dict[Edge, Number] = {}
    strangers: list[str] = []
    for v in [*inner, plan.starts[-1]]:
        for u, weight in net.into(v):
            if u in names and (v in inner or names[u] in ("p3", "n3")):
                edges[names[u], names[v]] = weight
            elif v in inner:
                strangers.append(f"{u} -> {names[v]}")
    heads = {start + int(at.v1(c)), *(start + int(at.row(name, c)) for name in ROWS[2:-1])}
    for v in range(net.first, net.size):
        if v not in names:
            strangers += [f"{names[u]} -> {v}" for u, _ in net.into(v) if u in heads]
    outputs = ("v4", *(f"vr{i}" for i in range(at.bits)))
    return CopyInArrays(
        Fragment(inputs=("pc", "nc"), outputs=outputs, edges=edges, constant="v0", sigma=RAMP), tuple(strangers)
    )


def plan_of(case: Case) -> BatchPlan:
    """A small network."""
    n, b, steps = (int(case.integer(name)) for name in ("n", "b", "T"))
    learner = parity_learner(n) if steps > 1 else conjunction_learner(n)
    rho = Fraction(13, 10 * b)
    return BatchPlan(machine=fed(learner, b * steps), family=PowerFamily(n, b), steps=steps, rho=rho)


def _plans() -> Iterator[dict[str, Any]]:
    return ({"n": n, "b": b, "T": steps} for n, b, steps in ((1, 1, 1), (1, 2, 3), (2, 1, 2)))


@obligation(
    "signed.network.slice",
    paper=PAPER,
    kind="enumeration",
    domain=_plans,
    expect=Verdict.CHECKED,
    finite="three networks, n and b at most 2, up to three rounds, b rho = 13/10; every copy of every round",
    of=lambda case: (plan_of(case), 0),
    twin=lambda case: (plan_of(case), 1),
)
def copies_are_signed_memories(subject: tuple[BatchPlan, int], case: Case) -> None:
    """In the arrays of the network each copy of each round is a graph that meets the predicate of a signed memory for
    batches of b points, no other edge leads into it, and none leaves its v1 or its sides but those into its own
    vertices, its digits and the output."""
    plan, more = subject
    bits, b = plan.round.bits, plan.family.b
    bad = 0
    for t in range(1, plan.steps + 1):
        for c in range(plan.family.size):
            found = copy_in_arrays(plan, t, c)
            meets = is_signed_memory(found.graph, plan.rho, bits, rate=plan.trainable.rate, points=b + more)
            bad += meets is not True or bool(found.strangers)
    case.show("all are", bad == 0)


@obligation(
    "signed.network.sizes",
    paper=PAPER,
    kind="enumeration",
    domain=_plans,
    expect=Verdict.CHECKED,
    finite="three networks, n and b at most 2, up to three rounds",
    of=lambda case: 0,
    twin=lambda case: 1,
)
def sizes_are_those_of_the_formula(more: int, case: Case) -> None:
    """The network has as many vertices, edges and steps as the formula says, from the numbers of copies, digits and
    gates."""
    plan = plan_of(case)
    built = sizes_of(plan.trainable)
    case.show("as many edges", built.edges == plan.sizes.edges + more)
    case.show("as many vertices", built.vertices == plan.sizes.vertices + more)
    case.show("as many steps", built.steps == plan.sizes.steps)
