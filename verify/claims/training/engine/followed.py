"""The engine whose step costs what it changes leaves nothing out, for any network, any sample and any weights.

It keeps outputs of the vertices that are needed, goes through those that are followed, and exchanges terms of sums. One
run goes up through a network and one down, edge by edge; a step looks back at a tail with its output, or at a head with
what it passes down. Beside what the plain engine computes stands what the incremental one keeps. Proved here: what is
kept of a vertex that is needed is right (``engine.upwards``), whatever has an entry is followed (``engine.downwards``),
so entries are the same (``engine.entries``); a sum in which terms are exchanged is the sum of what is there now
(``engine.exchanged``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.rounding import clip
from constructions.foundations.terms import REAL
from constructions.training.output_bounds import is_settled, is_zero
from constructions.training.value_changes import spread_integers
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state
from verify.provers.branches import own, ways, with_names

Rule = Callable[[Any, int], bool]
BOUNDS = ("low", "slope", "grid")
"""What the pass over bounds says of a vertex: its least output, its largest slope, its grid."""
ADD, FINISH = range(2)
"""Upwards a step makes one edge more of a sum, or a vertex; downwards one head more, or what a vertex passes on."""
PARTIAL, WHOLE = range(2)
"""What there is at a moment: a sum so far, or a vertex that is done."""
UP, DOWN = "up through the network", "down through the network"


@dataclass(frozen=True, slots=True)
class FollowedVertices:
    """Who is followed, by the engine's own rules.

    Parameters
    ----------
    settled, zero : as :func:`~constructions.training.output_bounds.is_settled` and
        :func:`~constructions.training.output_bounds.is_zero`.
    """

    settled: Rule
    zero: Rule

    def says(self, rule: Rule, s: State) -> Formula:
        """What a rule of the engine says of a vertex with these bounds."""
        known = SimpleNamespace(**{name: [s[name]] for name in BOUNDS})
        return some(*(every(taken, said) for taken, said in ways(lambda: rule(known, 0))))

    def is_settled(self, s: State) -> Formula:
        """Whether a vertex has one output and is strictly flat."""
        return self.says(self.settled, s)

    def is_blank(self, s: State) -> Formula:
        """Whether an edge from the vertex is blank: it is settled, at 0."""
        return self.says(self.zero, s)

    def follows(self, s: State) -> Formula:
        """Whether a vertex is followed: it is needed and not settled."""
        return every(s["needed"] == 1, negation(self.is_settled(s)))


def rules_of(settled: Callable[..., Any]) -> Callable[[Case], FollowedVertices]:
    zero = with_names(is_zero, is_settled=settled)
    return lambda case: FollowedVertices(settled, zero)


def blank_at_any_value(case: Case) -> FollowedVertices:
    """Rules by which an edge from a settled vertex is left out whatever it returns (the twin's)."""
    settled = with_names(is_settled)
    return FollowedVertices(settled, settled)


def constant_alone(known: Any, v: int) -> bool:
    """Whether a vertex has one output, flat or not (the twins')."""
    return bool(known.grid[v] == 0)


def put_mark(*_: Any) -> None:
    """Where the twin has no marks."""


def moment_of_vertex(case: Case, *numbers: str) -> State:
    """Variables for a vertex: what there is, whether it is needed, its bounds and some more numbers."""
    found = {name: case.integer(name) for name in ("made", "edges", "needed", *BOUNDS)}
    return found | {name: case.real(name) for name in numbers}


def vertex_at_hand(s: State) -> State:
    """The vertex that a step adds to or finishes: whether it is needed, and its bounds."""
    return {name: s[f"next {name}"] for name in ("needed", *BOUNDS)}


def of_plain(s: State, sigma: Callable[[Number], Number]) -> Number:
    """What the plain engine has as the output of the vertex at hand, a source or one with a sum."""
    return select(s["source"], s["value"], sigma(s["plain sum"]))


def is_at_hand(s: State) -> Formula:
    """Whether the sum so far is one of the vertex at hand; an empty sum is one of any."""
    return some(s["edges"] == 0, every(*(s[name] == value for name, value in vertex_at_hand(s).items())))


def inputs_of_steps(case: Case, more: Mapping[str, Any]) -> State:
    """Variables for the vertex at hand, what a step does, an edge's weight, and more."""
    found = {f"next {name}": case.integer(f"next {name}") for name in ("needed", *BOUNDS)}
    return {**found, "do": case.integer("do"), "w": case.real("w"), **more}


@obligation(
    "engine.upwards",
    paper="the engine",
    kind="induction",
    of=rules_of(with_names(is_settled)),
    twin=blank_at_any_value,
)
def kept_outputs_are_right(rules: FollowedVertices, case: Case) -> None:
    """For any network of any size, any weights, any activation and any sample: let a vertex that the bounds call
    settled have the one output that they leave, and let every tail of a vertex that is followed be needed, but for
    those settled at 0. Then what the incremental engine keeps of each vertex that is needed, settled ones included, is
    what the plain engine computes."""
    sigma = case.function("sigma", 1, takes=(REAL,))
    state = moment_of_vertex(case, "plain sum", "kept sum", "plain", "kept")
    inputs = inputs_of_steps(case, {"source": case.bit("source"), "value": case.real("value")})

    def given(s: State) -> Formula:
        tail, head, is_head = earlier_state(s, "tail"), vertex_at_hand(s), is_at_hand(s)
        demanded = implies(rules.follows(head), some(tail["needed"] == 1, rules.is_blank(tail)))
        one = implies(rules.is_settled(head), of_plain(s, sigma) == head["low"])
        adds = every(s["do"] == ADD, tail["made"] == WHOLE, is_head, demanded)
        return some(adds, every(s["do"] == FINISH, one, some(s["source"], is_head)))

    def advance(s: State) -> State:
        tail, head, adds = earlier_state(s, "tail"), vertex_at_hand(s), s["do"] == ADD
        kept = select(s["source"], s["value"], select(rules.follows(head), sigma(s["kept sum"]), head["low"]))
        more = select(rules.is_blank(tail), Fraction(0), s["w"] * tail["kept"])
        return {
            "made": select(adds, PARTIAL, WHOLE),
            "edges": select(adds, s["edges"] + 1, 0),
            **head,
            "plain sum": select(adds, s["plain sum"] + s["w"] * tail["plain"], Fraction(0)),
            "kept sum": select(adds, s["kept sum"] + more, Fraction(0)),
            "plain": of_plain(s, sigma),
            "kept": kept,
        }

    def holds(s: State) -> Formula:
        whole = s["made"] == WHOLE
        sums = implies(some(s["edges"] == 0, rules.follows(s)), s["plain sum"] == s["kept sum"])
        right = implies(every(whole, s["needed"] == 1), s["plain"] == s["kept"])
        return every(s["edges"] >= 0, sums, right, implies(every(whole, rules.is_settled(s)), s["plain"] == s["low"]))

    start, steps = dict.fromkeys(state, Fraction(0)), {"given": given, "advance": advance, "holds": holds}
    run: Any = case.induction(UP, state=state, start=start, inputs=inputs, earlier=("tail",), **steps)  # type: ignore[arg-type]
    at = case.reached(run)
    done = at["made"] == WHOLE
    case.show("what is kept is right", at["plain"] == at["kept"], given=every(done, at["needed"] == 1))
    case.show("a settled vertex has its one output", at["plain"] == at["low"], given=every(done, rules.is_settled(at)))
    case.show("an edge that is blank brings nothing", at["plain"] == 0, given=every(done, rules.is_blank(at)))


@obligation(
    "engine.downwards",
    paper="the engine",
    kind="induction",
    of=rules_of(with_names(is_settled)),
    twin=rules_of(constant_alone),
)
def whatever_has_an_entry_is_followed(rules: FollowedVertices, case: Case) -> None:
    """For any network of any size, any weights, any slopes that the bounds allow and any sample: on the way down from
    the output a vertex that passes anything on is followed, so it is needed and not settled, and every edge into it
    that is not blank comes from a vertex that is needed. The output is needed; and what an edge brings down comes from
    a vertex that passes it on."""
    state = moment_of_vertex(case, "adjoint", "along")
    more = {"output": case.bit("output"), "seed": case.real("seed"), "slope here": case.real("slope here")}
    inputs = inputs_of_steps(case, more)

    def adjoint(s: State) -> Number:
        return select(s["output"], s["seed"], s["adjoint"])

    def given(s: State) -> Formula:
        head, here, same = earlier_state(s, "head"), vertex_at_hand(s), is_at_hand(s)
        demanded = implies(rules.follows(head), some(here["needed"] == 1, rules.is_blank(here)))
        adds = every(s["do"] == ADD, head["made"] == WHOLE, same, demanded)
        bounds = implies(here["slope"] == 0, s["slope here"] == 0)
        ends = some(every(s["output"], here["needed"] == 1), every(negation(s["output"]), same))
        return some(adds, every(s["do"] == FINISH, bounds, ends))

    def advance(s: State) -> State:
        head, adds = earlier_state(s, "head"), s["do"] == ADD
        return {
            "made": select(adds, PARTIAL, WHOLE),
            "edges": select(adds, s["edges"] + 1, 0),
            **vertex_at_hand(s),
            "adjoint": select(adds, s["adjoint"] + s["w"] * head["along"], Fraction(0)),
            "along": s["slope here"] * adjoint(s),
        }

    def holds(s: State) -> Formula:
        known = some(s["adjoint"] == 0, every(s["edges"] > 0, some(s["needed"] == 1, rules.is_blank(s))))
        return every(s["edges"] >= 0, known, implies(every(s["made"] == WHOLE, s["along"] != 0), rules.follows(s)))

    start = dict.fromkeys(state, Fraction(0))
    run = case.induction(
        DOWN, state=state, start=start, inputs=inputs, earlier=("head",), given=given, advance=advance, holds=holds
    )
    at = case.reached(run)
    passes = every(at["made"] == WHOLE, at["along"] != 0)
    case.show("what passes anything on is followed", rules.follows(at), given=passes)


@obligation("engine.entries", paper="the engine", of=rules_of(with_names(is_settled)), twin=rules_of(constant_alone))
def entries_are_the_same(rules: FollowedVertices, case: Case) -> None:
    """An edge of any network has the same entry in both engines: that of the plain engine is what its head passes down
    times what its tail returns, clipped; that of the incremental engine is the same of what it keeps, if the head is
    followed and the edge is not blank, else 0."""
    up, down = case.use("engine.upwards"), case.use("engine.downwards")
    tail, head = (
        {name: used.values[f"{way} reached: {name}"] for name in ("made", "needed", *BOUNDS, *more)}
        for used, way, more in ((up, UP, ("plain", "kept")), (down, DOWN, ("along",)))
    )
    case.assume(up.premises, down.premises, tail["made"] == WHOLE, head["made"] == WHOLE, label="a tail and a head")
    demanded = implies(rules.follows(head), some(tail["needed"] == 1, rules.is_blank(tail)))
    case.assume(demanded, label="a tail of a vertex that is followed is needed, or its edge is blank")
    plain, goes = clip(head["along"] * tail["plain"]), every(rules.follows(head), negation(rules.is_blank(tail)))
    case.show("the same entry", plain == select(goes, clip(head["along"] * tail["kept"]), Fraction(0)))


def spread(weight: Number, old: Number, new: Number, total: Number, *, put: Callable[..., Any]) -> Number:
    """A sum of a head after its tail has a new output, by the engine's own code, over one denominator; ``put`` is what
    that code does."""
    net = SimpleNamespace(weights=[weight])
    demand = SimpleNamespace(begins=[0], lengths=[1], edges=[0], heads=[0])
    state, ones = SimpleNamespace(out=[old], demand=demand, total=[total], changed=None), [1]
    put(net, 0, new, state, SimpleNamespace(row=ones, common=ones, under_out=ones))
    return state.total[0]


def _exchange(put: Callable[..., Any]) -> Callable[[Case], Callable[..., Any]]:
    return lambda case: with_names(put, put_mark=lambda *_: None)


def forgets_the_old(net: Any, u: int, new: Number, state: Any, known: Any) -> None:
    """A change that leaves the old term where it is (the twin's)."""
    put_mark(state)
    state.total[0] += net.weights[0] * new


@obligation(
    "engine.exchanged",
    paper="the engine",
    kind="induction",
    of=_exchange(spread_integers),
    twin=_exchange(forgets_the_old),
)
def exchanged_terms_are_a_new_sum(put: Callable[..., Any], case: Case) -> None:
    """For any number of edges into a vertex and any number of changes of the outputs of their tails, one after the
    other: the sum that the incremental engine keeps, into which it puts each change, is the sum of all weights times
    the outputs that are there now, if it was that when it was formed."""
    state = {name: case.integer(name) for name in ("kept", "sum")}
    inputs = {name: case.integer(name) for name in ("weight", "old", "new")}
    start, formed = case.integer("as it was formed"), case.integer("the sum then")
    case.assume(start == formed, label="it was the sum when it was formed")

    def advance(s: State) -> State:
        (kept,) = own(lambda: (spread(s["weight"], s["old"], s["new"], s["kept"], put=put),))
        return {"kept": kept, "sum": s["sum"] - s["weight"] * s["old"] + s["weight"] * s["new"]}

    run = case.induction(
        "over the changes",
        state=state,
        start={"kept": start, "sum": formed},
        inputs=inputs,
        advance=advance,
        holds=lambda s: s["kept"] == s["sum"],
    )
    at = case.reached(run)
    case.show("what is kept is the sum", at["kept"] == at["sum"])
