"""A copy of a certified network in its active step (premise c): any graph that meets Appendix C's `is_memory`.

A copy is known by its nine weights, which are variables; that they meet the predicate is the premise. Proved here: it
is on its pieces while it is active (``certifier.active``), and its active step writes it within the bounds of the
predicate, with a record that is near, from the means of its gradients (``certifier.recorded``) and from those of a
batch of any size (``certifier.step``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.walks import backward, forward
from constructions.networks.memory import (
    DRIVING,
    MOVING,
    absolute,
    at_most_one,
    contribution,
    largest_rise,
    path_gain,
    recording_conditions,
)
from constructions.networks.queries import MINIMAL, STRONG, path_edges
from verify.claims.networks.memory.active import FLAT, any_memory
from verify.claims.networks.memory.moves import sample_bounds
from verify.claims.networks.queries.copies import IDLE, CopyOfSetting
from verify.claims.networks.queries.training import EDGES, moved, multiple, rest_of, total
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.parts import State

Build = Callable[[Case], CopyOfSetting]
REST, ACT, MOVE = range(3)
"""What a step does: an idle sample more of the batch, an active one, a step of gradient descent."""
COUNTS = ("b", "active", "wrong")
ACCEPTED = (*FLAT, recording_conditions)
"""The groups of conditions of `is_memory` that do not speak of digits."""


def mean(edge: Edge) -> str:
    """The mean of the clipped gradients of an edge over the batch."""
    return f"mean {edge[0]}{edge[1]}"


def _mark(edge: Edge) -> str:
    return f"[{edge[0]}{edge[1]}]"


@dataclass(frozen=True, slots=True)
class MemoryTraining:
    """The run of a copy.

    Parameters
    ----------
    copy : the copy as built. s : the one step in which it may be active. end : of the ids of claims about it.
    """

    copy: CopyOfSetting
    s: Number
    end: str

    @property
    def given(self) -> dict[str, Number]:
        """What stands for the variables of claims about the same memory."""
        graph = self.copy.graph
        weights = {f"w{_mark(edge)}": graph.weight(*edge) for edge in EDGES}
        return weights | {"rho": self.copy.rho, "offset": self.copy.setting.offset}

    @property
    def entries(self) -> tuple[dict[Edge, Number], dict[Edge, Number]]:
        """The gradients of a wrong and of an agreeing active sample while the output is held."""
        copy = self.copy
        run = forward(copy.graph, {"vc": Fraction(0)}, outside={"v4": rest_of(copy)}, pieces=copy.active)
        wrong, agreeing = (
            backward(run, {"v4": run.out["v4"] - y}, pieces=copy.active).edges for y in (copy.wrong, copy.agreeing)
        )
        return dict(wrong), dict(agreeing)

    def present(self, s: State) -> Fragment:
        """The copy at its present weights, once it is written."""
        copy = self.copy
        now = {edge: copy.graph.weight(*edge) - copy.setting.rate * (copy.rho * s[moved(edge)]) for edge in MOVING}
        return copy.graph.with_weights(now)

    def at_rest(self, s: State) -> dict[Edge, Number]:
        """The clipped gradients of an idle sample, as built and once it is written."""
        seeds, vc, outside = {"v4": s["adjoint"]}, {"vc": Fraction(2)}, {"v4": s["z"]}
        built = backward(forward(self.copy.graph, vc, outside=outside), seeds, report_kinks=True).edges
        run = forward(self.present(s), vc, outside=outside, pieces=IDLE)
        after = backward(run, seeds, pieces=IDLE, report_kinks=True).edges
        return {edge: clip(select(s["t"] <= self.s, built[edge], after[edge])) for edge in EDGES}

    def off_its_kinks(self, s: State) -> Formula:
        """Whether the output is on no kink on an idle sample."""
        vc, outside = {"vc": Fraction(2)}, {"v4": s["z"]}
        built = forward(self.copy.graph, vc, outside=outside).pre["v4"]
        after = forward(self.present(s), vc, outside=outside, pieces=IDLE).pre["v4"]
        return every(negation(RAMP.on_kink(built)), negation(RAMP.on_kink(after)))

    def may(self, s: State) -> Formula:
        """What the network around the copy sees to, and that averages are rounded validly."""
        return some(
            every(s["do"] == REST, self.off_its_kinks(s)),
            every(s["do"] == ACT, s["t"] == self.s, some(s["y"] == 0, s["y"] == 1)),
            every(s["do"] == MOVE, self.collected(s)),
        )

    def advance(self, s: State) -> State:
        """A sample more, or the weights after a step."""
        wrong, agreeing = self.entries
        moves, acts, is_wrong = s["do"] == MOVE, s["do"] == ACT, s["y"] == self.copy.wrong
        writes, rest = every(moves, s["t"] == self.s), self.at_rest(s)
        after = {
            "t": select(moves, s["t"] + 1, s["t"]),
            "b": select(moves, 0, s["b"] + 1),
            "active": select(moves, 0, s["active"] + select(acts, 1, 0)),
            "wrong": select(moves, 0, s["wrong"] + select(every(acts, is_wrong), 1, 0)),
            "fm": select(writes, s["share wrong"], s["fm"]),
            "ft": select(writes, s["share active"], s["ft"]),
        }
        for edge in EDGES:
            of_label = select(is_wrong, clip(wrong[edge]), clip(agreeing[edge]))
            more = s[total(edge)] + select(acts, of_label, rest[edge])
            after[total(edge)] = select(moves, Fraction(0), more)
            after[moved(edge)] = select(moves, s[moved(edge)] + s[multiple(edge)], s[moved(edge)])
        return after

    def sums(self, s: State) -> Formula:
        """The sums of clipped gradients are those of so many wrong and agreeing active samples."""
        wrong, agreeing = self.entries
        others = s["active"] - s["wrong"]
        return every(
            *(s[total(edge)] == clip(wrong[edge]) * s["wrong"] + clip(agreeing[edge]) * others for edge in EDGES)
        )

    def written(self, s: State) -> dict[str, Formula]:
        """How the active step leaves the copy: moves within the bounds of ``memory.moves``, and the record near."""
        copy, rho = self.copy, self.copy.rho
        bounds = {edge: at_most_one(bound) for edge, bound in sample_bounds(copy).items() if edge != ("v0", "v1")}
        parts = {f"{a} -> {b}": absolute(rho * s[moved((a, b))]) <= to + 3 * rho / 4 for (a, b), to in bounds.items()}
        parts["the twins"] = absolute(rho * s[moved(("v2", "v3"))] - rho * s[moved(("v2'", "v3"))]) <= rho
        rise = largest_rise(copy.graph, rho, rate=int(copy.setting.rate), offset=copy.setting.offset)
        first = rho * s[moved(("v0", "v1"))]
        parts["it does not fall"], parts["the rise"] = first <= 0, -copy.setting.rate * first <= rise
        return parts | self.recorded(s)

    def recorded(self, s: State) -> dict[str, Formula]:
        """The record is near the fraction that is active and wrong, and is none only if some sample was not active."""
        m, rho, rate, fm, ft = self.record(s), self.copy.rho, self.copy.setting.rate, s["fm"], s["ft"]
        gain = absolute(path_gain(self.copy.graph))
        error = m * rho - rate * gain * fm
        high = rate * (self.copy.setting.offset * gain * ft + Fraction(3, 4)) * rho
        return {
            "the shares": every(fm >= 0, fm <= ft, ft <= 1),
            "a record": m >= 0,
            "not too low": error >= -3 * rate * rho / 4,
            "not too high": error <= high,
            "a clock": implies(ft == 1, m >= 1),
        }

    def record(self, s: State) -> Number:
        """The multiple of rho by which v0 -> v1 has risen."""
        return -self.copy.setting.rate * s[moved(("v0", "v1"))]

    def holds(self, s: State) -> Formula:
        """Up to its step the copy is as built, and nothing is summed up before; after it, it is written."""
        nothing = every(*(s[moved(edge)] == 0 for edge in EDGES))
        resting = every(s["active"] == 0, s["wrong"] == 0, *(s[total(edge)] == 0 for edge in EDGES))
        return every(
            s["t"] >= 0,
            s["wrong"] >= 0,
            s["wrong"] <= s["active"],
            s["active"] <= s["b"],
            *(s[moved(edge)] == 0 for edge in DRIVING),
            *(s[total(edge)] == 0 for edge in DRIVING),
            implies(s["t"] <= self.s, every(nothing, self.sums(s))),
            implies(s["t"] < self.s, resting),
            implies(s["t"] > self.s, resting),
            *(implies(s["t"] > self.s, part) for part in self.written(s).values()),
        )

    def use_at_rest(self, s: State, case: Case) -> None:
        """Take along what is known of any memory at rest, as built and written."""
        sample = {"z": s["z"], "adjoint": s["adjoint"]}
        case.use(f"memory.idle.{self.end}", **self.given, **sample)
        down = {f"u{_mark(edge)}": self.copy.rho * s[moved(edge)] for edge in MOVING}
        case.use(f"memory.after.{self.end}", **self.given, **sample, **down)
        for edge in EDGES:
            case.use("certifier.mean", mean=s[mean(edge)], total=s[total(edge)], b=s["b"], **self.shares(s))
            case.use("rounding.zero", rho=self.copy.rho, k=s[multiple(edge)])

    def shares(self, s: State) -> State:
        """What is counted of a batch, as ``certifier.mean`` calls it."""
        return {"wrong": s["wrong"], "active": s["active"], "fm": s["share wrong"], "ft": s["share active"]}

    def use_active(self, s: State, case: Case) -> None:
        """Take along what is known of the active step of any memory."""
        given, copy, end = self.given, self.copy, self.end
        wrong, agreeing = self.entries
        active = {"fm": s["share wrong"], "ft": s["share active"]}
        entry = {"entry": s[mean(("v0", "v1"))], "k": s[multiple(("v0", "v1"))], "z": rest_of(copy)}
        gain = {"gain": absolute(path_gain(copy.graph))}
        for claim in ("record", "clock"):
            case.use(f"memory.{claim}.{end}", **given, **active, **entry, **gain)
        case.use(f"memory.gradients.{end}", **given, z=rest_of(copy))
        row: dict[str, Any] = {f"k{_mark(edge)}": s[multiple(edge)] for edge in MOVING}
        for edge, bound in sample_bounds(copy).items():
            mark = _mark(edge)
            row |= {f"size{mark}": bound, f"entry{mark}": s[mean(edge)], f"u{mark}": copy.rho * s[multiple(edge)]}
            row |= {f"wrong{mark}": wrong[edge], f"agreeing{mark}": agreeing[edge]}
        row |= {"entry[v3]": s[mean(("v2", "v3"))], "entry[v3v4]": s[mean(("v3", "v4"))]}
        case.use(f"memory.moves.{end.split('.')[0]}", **given, **active, **row)

    def by_shares(self, s: State) -> Formula:
        """The means are those of such shares of wrong and of agreeing active samples."""
        wrong, agreeing = self.entries
        fm, ft = s["share wrong"], s["share active"]
        return every(*(s[mean(edge)] == clip(wrong[edge]) * fm + clip(agreeing[edge]) * (ft - fm) for edge in EDGES))

    def collected(self, s: State) -> Formula:
        """A batch with its means, rounded validly, and with so many active and so many wrong samples."""
        averages = (s[mean(edge)] * s["b"] == s[total(edge)] for edge in EDGES)
        rounded = (is_valid(s[multiple(edge)], s[mean(edge)], self.copy.rho) for edge in EDGES)
        shares = every(s["share wrong"] * s["b"] == s["wrong"], s["share active"] * s["b"] == s["active"])
        return every(s["b"] >= 1, *averages, *rounded, shares)

    def step(self, s: State) -> State:
        """The copy after its active step."""
        return {moved(edge): s[multiple(edge)] for edge in EDGES} | {"fm": s["share wrong"], "ft": s["share active"]}


def _shares(more: int) -> Callable[[Case], int]:
    return lambda case: more


@obligation("certifier.mean", paper="the certifier", of=_shares(1), twin=_shares(2))
def mean_by_shares(unit: int, case: Case) -> None:
    """A batch of b samples, of which so many are wrong and so many active, whose clipped gradients sum to one number
    for each wrong sample and another for each other active one, has the mean of these by their shares; and the sum 0
    has the mean 0."""
    names = ("mean", "total", "one", "other", "fm", "ft")
    average, summed, one, other, fm, ft = (case.real(name) for name in names)
    b, wrong, active = case.integer("b"), case.integer("wrong"), case.integer("active")
    case.assume(b >= 1, wrong >= 0, wrong <= active, active <= b)
    case.assume(average * b == summed, fm * b == wrong, ft * b == active)
    case.show("the shares are in order", every(fm >= 0, fm <= ft, ft <= unit, implies(active == b, ft == unit)))
    case.show("no sum, no mean", implies(summed == 0, average == 0))
    by_shares = average == one * fm + other * (ft - fm)
    case.lemma(
        "b times the difference",
        implies(summed == one * wrong + other * (active - wrong), b * (average - one * fm - other * (ft - fm)) == 0),
    )
    case.show("the mean", implies(summed == one * wrong + other * (active - wrong), by_shares))


def on_its_pieces(copy: CopyOfSetting, case: Case) -> None:
    """Every memory is on its pieces while it is active and the output is held, and adds its contribution to it."""
    run = forward(copy.graph, {"vc": Fraction(0)}, outside={"v4": rest_of(copy)}, pieces=copy.active)
    for v, piece in copy.active.items():
        case.show(f"{v} is strictly inside {piece}", run.on(v, piece))
    held = copy.setting.output(copy.rho, prime=copy.prime)
    case.show("what the output returns", run.out["v4"] == held)
    case.show("what it adds", copy.graph.weight("v3", "v4") * run.out["v3"] == contribution(copy.graph))


SHARES = ("share wrong", "share active")
BATCH = (*SHARES, *map(total, EDGES), *map(mean, EDGES))
"""What there is of a batch beside counts and roundings."""


def means_are_recorded(copy: CopyOfSetting, case: Case) -> None:
    """Any graph that meets `is_memory`, as built, in a step in which the means of the clipped gradients are those of a
    share fm of wrong and a share ft of active samples, rounded validly: no edge but six moves, each within the bounds
    of the predicate, and the record is near."""
    run = MemoryTraining(copy, Fraction(0), end_of(copy))
    s: State = {name: case.integer(name) for name in map(multiple, EDGES)}
    s |= {name: case.real(name) for name in (*SHARES, *map(mean, EDGES))}
    fm, ft = (s[name] for name in SHARES)
    case.assume(fm >= 0, fm <= ft, ft <= 1, label="the shares")
    case.assume(run.by_shares(s), label="the means")
    case.assume(*(is_valid(s[multiple(edge)], s[mean(edge)], copy.rho) for edge in EDGES), label="rounded validly")
    case.use(f"certifier.active.{run.end}", **run.given)
    run.use_active(s, case)
    (wrong, agreeing), one, other = run.entries, ("v2", "v3"), ("v2'", "v3")
    share, gain = copy.setting.offset * copy.rho, absolute(path_gain(copy.graph))
    case.lemma("the twins have one gradient", every(*(found[one] == found[other] for found in (wrong, agreeing))))
    case.lemma("a wrong sample is not clipped", clip(wrong["v0", "v1"]) == -(1 + share) * gain)
    case.lemma("nor is an agreeing one", clip(agreeing["v0", "v1"]) == -share * gain)
    case.lemma("so the twins have one mean", s[mean(one)] == s[mean(other)])
    case.lemma("the mean that is recorded", s[mean(("v0", "v1"))] == -gain * ((1 + share) * fm + share * (ft - fm)))
    for (a, b), bound in sample_bounds(copy).items():
        small = every(*(absolute(found[a, b]) <= bound for found in (wrong, agreeing)))
        case.lemma(f"a sample's gradient of {a} -> {b}", small)
    for edge in DRIVING:
        case.use("rounding.zero", rho=copy.rho, k=s[multiple(edge)])
        case.show(f"{edge[0]} -> {edge[1]} stays", s[multiple(edge)] == 0)
    for name, part in run.written(run.step(s)).items():
        case.show(name, part)


def active_step(copy: CopyOfSetting, case: Case) -> None:
    """The same of a batch of any number of wrong and of agreeing active samples and any number of idle ones."""
    run = MemoryTraining(copy, Fraction(0), end_of(copy))
    s: State = {name: case.integer(name) for name in (*COUNTS, *map(multiple, EDGES))}
    s |= {name: case.real(name) for name in BATCH}
    case.assume(s["wrong"] >= 0, s["wrong"] <= s["active"], s["active"] <= s["b"], label="how many samples are what")
    case.assume(run.collected(s), label="a batch with its means, rounded validly")
    case.assume(run.sums(s), label="its clipped gradients sum to those of these samples")
    wrong, agreeing = run.entries
    for edge in EDGES:
        of_edge = {"mean": s[mean(edge)], "total": s[total(edge)], "one": clip(wrong[edge])}
        case.use("certifier.mean", **of_edge, other=clip(agreeing[edge]), b=s["b"], **run.shares(s))
    case.lemma("the means", run.by_shares(s))
    of_step = {name: s[name] for name in (*SHARES, *map(mean, EDGES), *map(multiple, EDGES))}
    case.use(f"certifier.recorded.{run.end}", **run.given, **of_step)
    for edge in DRIVING:
        case.show(f"{edge[0]} -> {edge[1]} stays", s[multiple(edge)] == 0)
    for name, part in run.written(run.step(s)).items():
        case.show(name, part)


def end_of(copy: CopyOfSetting) -> str:
    """The end of the ids of claims about a memory."""
    return f"rate{int(copy.setting.rate)}.q{chr(39) * copy.prime}"


def broken_memory(rate: int, prime: bool, changed: Edge) -> Build:
    """The copy of a setting at one precision, with one weight changed (the twins')."""

    def build(case: Case) -> CopyOfSetting:
        copy = any_memory(rate, prime)(case)
        setting = (STRONG if rate == 1 else MINIMAL).with_resting(Fraction(1, 16))
        weights = {**path_edges(setting, prime=prime), changed: Fraction(1, 4)}
        case.assume(*(copy.graph.weight(*edge) == weight for edge, weight in weights.items()))
        case.assume(copy.rho == Fraction(1, 16), copy.setting.offset == setting.offset)
        return copy

    return build


CLAIMS = {"active": on_its_pieces, "recorded": means_are_recorded, "step": active_step}
for _rate, _prime, _name in product((1, 2), (False, True), CLAIMS):
    _twin = broken_memory(_rate, _prime, ("v1", "v2'"))
    registry().add(
        Obligation(
            id=f"certifier.{_name}.rate{_rate}.q{chr(39) * _prime}",
            paper="the certifier",
            claim=CLAIMS[_name],
            of=any_memory(_rate, _prime, *ACCEPTED),
            twin=any_memory(_rate, _prime, recording_conditions) if _name == "active" else _twin,
        )
    )
