"""Appendix B.1: a part of the network with frozen subnetworks is a parameter of Lemma 3a's model, wherever gradient
descent goes; and which of its frozen edges could train as well."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from constructions.foundations.activation import RAMP, RELU
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, some
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import clip, is_valid
from constructions.models.one_step import OneStep
from constructions.networks.gates import CONSTANT
from constructions.theorems.frozen import OUTPUT, RELU_VALUE, RESTING, FrozenPart, held_pre_activation, part_graph
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, Subject, registry
from verify.obligations.verdict import Verdict

F = Fraction
LOW, SLOPE_LOW, MIDDLE, SLOPE_HIGH, HIGH = RAMP.pieces
SET, UNSET = F(2), F(-2)
LABELS = (0, 1)


@dataclass(frozen=True, slots=True)
class AnyPart:
    """A part, its graph at any weight, and that weight."""

    part: FrozenPart
    graph: Fragment
    weight: Number


def any_part(
    label: int, *, clock: bool, changed: dict[Edge, Number] | None = None, strength: Number | None = None
) -> Callable[[Case], AnyPart]:
    """A part for all numbers of Lemma 8 and every weight from 0 to 1; the twin's has some weights changed."""

    def build(case: Case) -> AnyPart:
        rho, epsilon, slope, weight = (case.real(name) for name in ("rho", "epsilon", "slope", "weight"))
        case.assume(rho > 0, epsilon > 0, epsilon < 1, slope > 0, weight >= 0, weight <= 1)
        part = FrozenPart(numbers=OneStep(rho=rho, epsilon=epsilon, slope=slope), label=label, bits=0, clock=clock)
        part = part if strength is None else replace(part, strength=strength)
        return AnyPart(part, part_graph(part, weight=weight).with_weights(changed or {}), weight)

    return build


def bits_of(graph: Fragment, now: Number, clock: Number, active: Number) -> dict[str, Number]:
    """The bits that a part reads."""
    given = {"now": now, "clock": clock, "active": active}
    return {name: given[name] for name in graph.inputs}


def register(
    id: str,
    claim: Callable[..., None],
    *,
    of: Subject,
    twin: Subject | None = None,
    kind: str = "solver",
    expect: Verdict = Verdict.PROVED,
    erratum: str | None = None,
) -> None:
    """Register a claim about Appendix B.1."""
    made = partial(Obligation, paper="Appendix B.1", kind=kind, expect=expect, erratum=erratum)
    registry().add(made(id=id, claim=claim, of=of, twin=twin))


def turn(made: AnyPart, case: Case, graph: Fragment | None = None) -> tuple[Any, Any, Number]:
    """A walk over a part in its turn, with the output held, its gradient by the output, and the query's value at x."""
    part, query = made.part, case.integer("query")
    graph = made.graph.with_weights({part.trained: F(0)}) if graph is None else graph
    case.assume(some(query == 0, query == 1))
    pieces = {"head": SLOPE_HIGH, "passage": SLOPE_HIGH} | ({"rest": HIGH} if part.clock else {})
    on = pieces | {OUTPUT: SLOPE_HIGH if part.label == 0 else SLOPE_LOW}
    given = bits_of(graph, SET, UNSET, 4 * query - 2)
    rest = held_pre_activation(part.numbers, part.label)
    run = case.run(graph, given, label="turn", outside={OUTPUT: rest}, expect=on)
    return run, case.gradient(run, {OUTPUT: F(1)}, label="turn", on=on), query


def is_the_parameter(made: AnyPart, case: Case) -> None:
    """In its turn, for all numbers of Lemma 8, and the query 0 or 1 at x: a part whose weight is 0 adds nothing to the
    pre-activation of the output, and the derivative of the output by the edge that trains is the coefficient that
    Lemma 8's model gives to the parameter at x. The output is what Lemma 8 asks for, on a piece of slope 1."""
    part, numbers = made.part, made.part.numbers
    run, gradient, query = turn(made, case)
    case.equal("it adds nothing", run.pre[OUTPUT], held_pre_activation(numbers, part.label))
    case.equal("the output", run.out[OUTPUT], numbers.held(part.label))
    value = numbers.slope if part.clock else query
    case.equal("the derivative", gradient.edges[part.trained], numbers.coefficient(part.label, value))


def adds_nothing(made: AnyPart, case: Case) -> None:
    """At any other time, for every weight from 0 to 1, and whatever the output is off its kinks: a part adds nothing to
    the output, and no edge of it but those into the output has a gradient. Its source is strictly flat. Once the clock
    is set the source returns a constant, so the head returns twice the weight (of a clock the weight and 1/2) whatever
    x is: that is the missing route (E34)."""
    part, graph = made.part, made.graph
    over, z, adjoint = case.integer("over"), case.real("z"), case.real("adjoint")
    case.assume(some(over == 0, over == 1), some(over == 1, made.weight == 0))
    given = bits_of(graph, UNSET, 4 * over - 2, UNSET)
    run = case.run(graph, given, label="idle", outside={OUTPUT: z}, expect={"passage": LOW})
    case.equal("it adds nothing", run.pre[OUTPUT], z)
    head = run.out["head"]
    if part.clock:
        case.equal("the weight is read", head, made.weight + RESTING)
    else:
        case.show("the source is strictly flat", run.flat("source"))
        case.show("the weight is read", head == part.unit * made.weight, given=over == 1)
        case.show("before, the head rests", head == RESTING, given=over == 0)
    case.assume(*(run.pre[OUTPUT] != kink for kink in RAMP.kinks))
    gradient = case.gradient(run, {OUTPUT: adjoint}, label="idle", on={"passage": LOW})
    inner = (entry for (_, head), entry in gradient.edges.items() if head != OUTPUT)
    case.show("no gradient within it", every(*(entry == 0 for entry in inner)))


KINDS = (("answer", False), ("clock", True))
WEAK = F(4)
"""A strength that does not shut a passage (the twins')."""
for _kind, _clock in KINDS:
    for _label in LABELS:
        register(
            f"b1.turn.{_kind}{_label}",
            is_the_parameter,
            of=any_part(_label, clock=_clock),
            twin=any_part(_label, clock=_clock, changed={("head", "passage"): F(1, 2)}),
        )
        register(
            f"b1.idle.{_kind}{_label}",
            adds_nothing,
            of=any_part(_label, clock=_clock),
            twin=any_part(_label, clock=_clock, strength=WEAK),
            erratum=None if _clock else "E34",
        )


def digits_read_it(made: AnyPart, case: Case) -> None:
    """For every record m below 2^k, for any number k of digits: when the round is over and the weight is m rho, the
    head returns what the read-out of Definition 2 takes for the record m, in steps of the head. So each digit is
    strictly flat, and the digits are those of m (lemma11.digits)."""
    part, m, levels = made.part, case.integer("m"), case.integer("levels")
    case.assume(m >= 0, m < levels, levels >= 1, made.weight == part.numbers.rho * m)
    run = case.run(made.graph, bits_of(made.graph, UNSET, SET, UNSET), label="over", expect={"passage": LOW})
    case.equal("the head", run.out["head"], part.at_rest + m * part.step)
    facts = ("at the end nothing is left", "each digit is strictly flat")
    used = case.use("lemma11.digits", *facts, rho=part.step, a=part.at_rest, m=m, levels=levels)
    for fact in facts:
        case.show(fact, used[fact], given=used.facts[fact].under)


for _kind, _clock in KINDS:
    register(
        f"b1.read.{_kind}",
        digits_read_it,
        of=any_part(1, clock=_clock),
        twin=any_part(1, clock=_clock, changed={("clock", "head"): F(0)} if not _clock else {("rest", "head"): F(1)}),
    )


def with_one_relu_each(value: Fraction) -> Callable[[Case], AnyPart]:
    """An answer's part of label 0, of which source and head are one ReLU each, up to its head; ``value`` is what its
    weights take the source to return."""

    def build(case: Case) -> AnyPart:
        made = any_part(0, clock=False)(case)
        part = replace(made.part, source_value=value)
        edges = {
            (u, v): w for (u, v), w in part_graph(part, weight=made.weight).edges.items() if v in ("source", "head")
        }
        graph = Fragment(inputs=("clock", "active"), outputs=("head",), edges=edges, constant=CONSTANT, sigma=RELU)
        return AnyPart(part, graph, made.weight)

    return build


def one_relu_will_do(made: AnyPart, case: Case) -> None:
    """Let source and head be one ReLU each. The source is off its kink. In the turn, while the weight is 0, the head
    returns 1/2, and the derivative by the edge that trains of what the part adds to the output is the coefficient of
    Lemma 8's model. Before, the head rests at 1/2; once the clock is set it returns 5/2 times the weight, for every
    weight from 0 to 1."""
    part, graph, query = made.part, made.graph, case.integer("query")
    case.assume(some(query == 0, query == 1))
    fresh = graph.with_weights({part.trained: F(0)})
    run = case.run(fresh, {"clock": UNSET, "active": 4 * query - 2}, label="turn")
    gradient = case.gradient(run, {"head": part.gain}, label="turn")
    case.equal("the derivative", gradient.edges[part.trained], part.numbers.coefficient(part.label, query))
    for name, walk in (("turn", run), ("before", case.run(fresh, {"clock": UNSET, "active": UNSET}, label="before"))):
        case.equal(f"{name}: the head", walk.out["head"], RESTING)
        case.show(f"{name}: the source is off its kink", walk.pre["source"] != 0)
    over = case.run(graph, {"clock": SET, "active": UNSET}, label="over")
    case.show("over: the source is off its kink", over.pre["source"] != 0)
    case.equal("over: the weight is read", over.out["head"], part.unit * made.weight)


register("b1.relu.part", one_relu_will_do, of=with_one_relu_each(RELU_VALUE), twin=with_one_relu_each(F(2)))


def on_one_edge(case: Case) -> Fragment:
    """Lemma 3a's parameter as the one edge whose tail returns the query, as B.1 leaves it."""
    edges: dict[Edge, Number] = {("query", "head"): case.real("theta"), ("head", OUTPUT): F(1)}
    return Fragment(inputs=("query",), outputs=(OUTPUT,), edges=edges)


def routed(case: Case) -> Fragment:
    """The same behind a source that returns 1 once the round is over."""
    edges: dict[Edge, Number] = {
        ("query", "source"): F(3, 4),
        ("clock", "source"): F(3, 4),
        (CONSTANT, "source"): F(5, 2),
    }
    edges |= {("source", "head"): case.real("theta") / 2, ("head", OUTPUT): F(1)}
    return Fragment(inputs=("query", "clock"), outputs=(OUTPUT,), edges=edges, constant=CONSTANT)


def later_queries_read_it(graph: Fragment, case: Case) -> None:
    """When the round is over, what a later query can read off the head of the edge is the parameter, whatever the query
    of the round is at the point at which the network is asked."""
    theta, query = case.real("theta"), case.integer("query")
    case.assume(theta > 0, theta <= 1, some(query == 0, query == 1))
    over = {"query": query} if "clock" not in graph.inputs else {"query": UNSET, "clock": SET}
    case.equal("what is read", case.run(graph, over, label="later").out["head"], theta)


def _cut(case: Case) -> Fragment:
    return routed(case).with_weight("clock", "source", F(0))


register("b1.route.printed", later_queries_read_it, of=on_one_edge, expect=Verdict.REFUTED, erratum="E34")
register("b1.route.repaired", later_queries_read_it, of=routed, twin=_cut, erratum="E34")

ROLES: dict[str, tuple[Edge, ...]] = {
    "source": (("active", "source"), ("clock", "source"), (CONSTANT, "source")),
    "passage": (("head", "passage"), ("now", "passage"), (CONSTANT, "passage")),
    "head": (("clock", "head"), (CONSTANT, "head")),
    "output": (("passage", OUTPUT), ("now", OUTPUT), (CONSTANT, OUTPUT)),
}
"""The frozen edges of an answer's part by what they lead to."""
LARGEST_MOVE = F(2)
"""A clipped entry is at most 1 in size, and a valid rounding of it, for rho <= 1, at most 7/4."""


@dataclass(frozen=True, slots=True)
class Unfrozen:
    """A part, and the edges that train beside its own."""

    made: AnyPart
    free: tuple[Edge, ...]


def unfrozen(role: str, *, strength: Number | None = None) -> Callable[[Case], Unfrozen]:
    """An answer's part with the edges of a role unfrozen."""
    return lambda case: Unfrozen(any_part(0, clock=False, strength=strength)(case), ROLES[role])


def stays_in_its_turn(subject: Unfrozen, case: Case) -> None:
    """In the turn, no edge of this role has a gradient, whatever the query is at x: so it may train."""
    _, gradient, _ = turn(subject.made, case)
    case.show("no gradient on any of them", every(*(gradient.edges[edge] == 0 for edge in subject.free)))


def harmless_when_moved(subject: Unfrozen, case: Case) -> None:
    """Let every edge of this role move in the turn by any valid rounding of its clipped gradient, on any batch, of
    which a share has the label 1, for every rho up to 1. Then the part adds nothing to the output once its round is
    over, and its head returns twice the weight: so the edges may train."""
    made, numbers, label = subject.made, subject.made.part.numbers, subject.made.part.label
    _, gradient, _ = turn(made, case)
    share = case.real("share")
    case.assume(share >= 0, share <= 1, numbers.rho <= 1)
    moved = {}
    for u, v in subject.free:
        k, entry = case.integer(f"k[{u},{v}]"), case.real(f"entry[{u},{v}]")
        lost = [clip((numbers.held(label) - y) * gradient.edges[u, v]) for y in LABELS]
        case.assume(entry == (1 - share) * lost[0] + share * lost[1], is_valid(k, entry, numbers.rho))
        for y in LABELS:
            case.lemma(f"{u} -> {v}, label {y}", every(lost[y] <= 1, lost[y] >= -1))
        case.lemma(f"the entry of {u} -> {v}", every(entry <= 1, entry >= -1))
        case.lemma(f"the move of {u} -> {v}", every(numbers.rho * k <= LARGEST_MOVE, numbers.rho * k >= -LARGEST_MOVE))
        moved[u, v] = made.graph.weight(u, v) - numbers.rho * k
    after = made.graph.with_weights(moved)
    z, given = case.real("z"), bits_of(after, UNSET, SET, UNSET)
    run = case.run(after, given, label="over", outside={OUTPUT: z})
    case.show("it adds nothing", run.pre[OUTPUT] == z)
    case.show("the weight is read", run.out["head"] == made.part.unit * made.weight)


register("b1.unfrozen.source", stays_in_its_turn, of=unfrozen("source"), twin=unfrozen("passage"))
register("b1.unfrozen.passage", harmless_when_moved, of=unfrozen("passage"), twin=unfrozen("passage", strength=F(6)))
for _role in ("head", "output"):
    register(f"b1.unfrozen.{_role}", harmless_when_moved, of=unfrozen(_role), expect=Verdict.REFUTED)


@dataclass(frozen=True, slots=True)
class MovedGate:
    """The gate of a clock whose edges train: how gradients are cut, how strong it is for a rate and a
    precision, and whether that bounds the moves."""

    cut: Callable[[Number], Number]
    strong: Callable[[FrozenPart, Number], Number]
    bounded: bool = True


def strong_for_clipped(part: FrozenPart, rate: Number) -> Number:
    """Above this strength a gate of a part stays shut at this ``rate`` if gradients are clipped."""
    return 5 + 5 * rate * (1 + 3 * part.numbers.rho / 4)


def gates_stay_shut(subject: MovedGate, case: Case) -> None:
    """Let the three edges into the passage of a clock train beside the clock, with any step size, any slope, any
    precision up to 1, and the strength that is asked for. After the round of the clock the passage is strictly flat at
    -2 for every weight of the clock, on any batch, of which a share has the label 1, and any valid roundings: the gate
    stays shut."""
    made = any_part(0, clock=True, strength=case.real("strength"))(case)
    part, rate, share = made.part, case.real("rate"), case.real("share")
    numbers, edges = part.numbers, (("head", "passage"), ("now", "passage"), (CONSTANT, "passage"))
    case.assume(rate > 0, share >= 0, share <= 1, numbers.rho <= 1, part.strength > subject.strong(part, rate))
    tails, least = {"head": RESTING, "now": SET, CONSTANT: F(1)}, case.real("bound")
    case.assume(least * 5 == subject.strong(part, rate) - 5, label="the most by which an edge moves")
    moved, by = {}, -numbers.of_clock(part.label)
    case.lemma("the slope", every(by > 0, by == numbers.slope))
    for u, v in edges:
        k, entry = case.integer(f"k[{u}]"), case.real(f"entry[{u}]")
        lost = [subject.cut((numbers.held(part.label) - y) * -by * tails[u]) for y in LABELS]
        case.assume(entry == (1 - share) * lost[0] + share * lost[1], is_valid(k, entry, numbers.rho))
        size = case.real(f"move[{u}]")
        case.assume(size == rate * numbers.rho * k)
        if subject.bounded:
            case.lemma(f"the entry of {u}", every(lost[0] <= lost[1], lost[0] <= entry, entry <= lost[1]))
            case.lemma(f"the move of {u}", every(size <= least, size >= -least))
        moved[u, v] = made.graph.weight(u, v) - size
    after, head = made.graph.with_weights(moved), made.weight + RESTING
    by_head = case.real("head times its move")
    case.assume(by_head == head * case.real("move[head]"))
    if subject.bounded:
        case.lemma("from the head", every(by_head <= 2 * least, by_head >= -2 * least))
    run = case.run(after, {"now": UNSET}, label="over", outside={OUTPUT: case.real("z")})
    case.show("the gate stays shut", LOW.inside(run.pre["passage"]))


def moved_gate(
    cut: Callable[[Number], Number], strong: Callable[[FrozenPart, Number], Number], *, bounded: bool = True
) -> Callable[[Case], MovedGate]:
    """A gate that moves, for a way to cut gradients and a strength."""
    return lambda case: MovedGate(cut, strong, bounded)


def uncut(value: Number) -> Number:
    """A gradient that is not clipped."""
    return value


register(
    "b1.gate.clipped",
    gates_stay_shut,
    of=moved_gate(clip, strong_for_clipped),
    twin=moved_gate(clip, lambda part, rate: F(5)),
)
register(
    "b1.gate.unclipped",
    gates_stay_shut,
    of=moved_gate(uncut, strong_for_clipped, bounded=False),
    twin=moved_gate(uncut, lambda part, rate: F(5), bounded=False),
)
