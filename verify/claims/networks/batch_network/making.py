"""What the steps make of the run in which all parts of a network that reads whole batches go along together, for any
number of rounds, copies, steps and samples.

The network's training is one run, as in ``lemma3b.together``. Each step of it makes one thing, and looks back at those
of which it is made, after as many steps of training: a copy as built, with a sample more in its batch, or after a step;
the sum that the output gets on a sample, with one edge more; the edge from a control to the output; what a round reads
of its copies, with one copy more; what a round hands on. Nothing is said of the order in which these are gone through.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.rounding import is_valid
from constructions.foundations.walks import forward
from constructions.networks.batch_network import primary_for
from constructions.networks.controls import control, final_weight
from constructions.networks.gates import code
from constructions.networks.memory import absolute
from constructions.networks.round_circuit import CLOCK
from constructions.networks.signed_memory import SIDES, SIGNED, SIGNED_MOVING, moving
from verify.claims.networks.batch_network.batches import BatchesAround
from verify.claims.networks.batch_network.samples import (
    RECORDS,
    CopyInNetwork,
    move_name,
    named,
)
from verify.claims.networks.signed_memory.still import PAPER
from verify.claims.networks.trainable.control_edges import entry
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state

NOTHING, COPY, SUM, EDGE, READ, KEPT = range(6)
"""What there is at a moment: nothing yet; a copy with its batch so far; a sum of the output so far; an edge from a
control with its batch so far; what a round reads of its copies so far; what a round hands on."""
BUILD, SAMPLE, UPDATE, BEGIN, ADD, DRAW, SEE, MOVE, START, LOOK, KEEP = range(11)
"""What a step makes."""
MAKES = {
    BUILD: ("a copy as built", COPY),
    SAMPLE: ("a sample more", COPY),
    UPDATE: ("a step more", COPY),
    BEGIN: ("a sum of no edge", SUM),
    ADD: ("an edge more", SUM),
    DRAW: ("an edge as built", EDGE),
    SEE: ("a sample more of an edge", EDGE),
    MOVE: ("a step more of an edge", EDGE),
    START: ("a round that has read no copy", READ),
    LOOK: ("a copy more is read", READ),
    KEEP: ("what a round hands on", KEPT),
}
"""In words, and what there is then."""
LOOKS = ("copy", "brought", "own", "previous", "edge", "below")
"""At what a step looks back: a copy, a sum, what its round and the round before have read, an edge, what is handed on
by a round."""


def sum_name(edge: Any) -> str:
    """What the sum of the clipped gradients of an edge over the batch so far is called."""
    return f"s[{edge[0]}{edge[1]}]"


def multiple_name(edge: Any) -> str:
    """What the multiple of rho is called that a step takes for the mean of an edge."""
    return f"k[{edge[0]}{edge[1]}]"


def mean_name(edge: Any) -> str:
    """What the mean of an edge over a batch is called."""
    return f"mean[{edge[0]}{edge[1]}]"


@dataclass(frozen=True, slots=True)
class BatchTraining:
    """The run that makes everything.

    Parameters
    ----------
    around : the network and its batches. first : whether a round has ticked before it has read a copy. case : the
        claim.
    """

    around: BatchesAround
    first: int
    case: Case

    def cell(self, r: Number, own: State, previous: State, bit: Formula, update: Formula = True) -> dict[str, Formula]:
        """What the computation of round r says, by what it and the round before it have read."""
        before = some(r == 1, previous["ticked"] == 1)
        given = {"before": before, CLOCK: own["ticked"] == 1, "bit": bit, "update": update}
        return self.case.circuit(self.around.cell, given)

    def moved(self, copy: State) -> dict[Any, Number]:
        """The moves of a copy's weights so far."""
        return {edge: copy[move_name(edge)] for edge in SIGNED_MOVING}

    def driven(self, copy: State, s: State) -> CopyInNetwork:
        """A copy at its present weights on the sample of a step, and what is proved of what it adds."""
        cell = self.cell(copy["r"], earlier_state(s, "own"), earlier_state(s, "previous"), s["bit"])
        plus, minus = negation(cell["plus idle"]), negation(cell["minus idle"])
        return CopyInNetwork(self.moved(copy), negation(plus), negation(minus), self.around.gain(copy["c"]))

    def used(self, copy: CopyInNetwork) -> dict[str, Any]:
        """What stands for a copy in claims about a sample."""
        active = {"plus is active": negation(copy.plus_idle), "minus is active": negation(copy.minus_idle)}
        return {**named(copy.u), **active}

    def made(self, s: State) -> dict[int, State]:
        """What a step of each kind makes, but for the sums and moves of a copy."""
        copy, brought, own, _, edge, _ = (earlier_state(s, name) for name in LOOKS)
        t, r, c = s["next step"], s["next round"], s["next copy"]
        place, fresh = {"r": r, "c": c}, {"t": Fraction(0)}
        same = {name: copy[name] for name in ("t", "r", "c", "record", "mean", *map(move_name, SIGNED_MOVING))}
        of_edge = {name: edge[name] for name in ("t", "r", "c", "down")}
        return {
            BUILD: fresh | place,
            SAMPLE: same | {"b": copy["b"] + 1} | self.sampled(s),
            UPDATE: same | {"t": copy["t"] + 1} | self.updated(s),
            BEGIN: {"t": t, "sample": s["next sample"], "r": Fraction(1)},
            ADD: {"t": brought["t"], "sample": brought["sample"]} | self.one_more(s),
            DRAW: fresh | place,
            SEE: of_edge | {"b": edge["b"] + 1, "entries": edge["entries"] + self.of_control(s)},
            MOVE: of_edge | {"t": edge["t"] + 1, "down": self.edge_moved(s)},
            START: {"t": t, "r": r, "ticked": Fraction(self.first), "alike": Fraction(1)},
            LOOK: {name: own[name] for name in ("t", "r")} | self.read(s),
            KEEP: {name: own[name] for name in ("t", "r")} | {"state": self.kept(s)},
        }

    def sampled(self, s: State) -> State:
        """The sums of gradients with a sample more, by the chain rule's walk over the copy at its present weights."""
        copy, brought = earlier_state(s, "copy"), earlier_state(s, "brought")
        y, driven = self.around.label(copy["t"] + 1, copy["b"]), self.driven(copy, s)
        self.around.uses_sample(self.case, copy["c"], **self.used(driven), total=brought["sum"], label=y)
        self.around.uses_counted(self.case, copy["t"] + 1, copy["c"], copy["b"])
        entries = driven.entries(brought["sum"], y)
        return {sum_name(edge): copy[sum_name(edge)] + entries[edge] for edge in SIGNED_MOVING}

    def updated(self, s: State) -> State:
        """The weights after a step of gradient descent, and what v0 -> v1 has recorded."""
        copy, rho = earlier_state(s, "copy"), self.around.rho
        twins = {side[place]: side[5 - place] for side in map(moving, SIDES) for place in (2, 3)}
        for edge in SIGNED_MOVING:
            other = twins.get(edge, edge)
            multiples = {"k": s[multiple_name(edge)], "k'": s[multiple_name(other)]}
            means = {"mean": s[mean_name(edge)], "other mean": s[mean_name(other)]}
            self.case.use("signed.mean", b=self.around.b, rho=rho, sum=copy[sum_name(edge)], **multiples, **means)
        turn = copy["t"] == copy["r"] - 1
        mean = select(turn, s[mean_name(RECORDS)], copy["mean"])
        return {move_name(edge): by for edge, by in self.steps(s).items()} | {"record": self.recorded(s), "mean": mean}

    def steps(self, s: State) -> dict[Any, Number]:
        """The moves of a copy's weights after a step more."""
        copy, rho = earlier_state(s, "copy"), self.around.rho
        return {edge: copy[move_name(edge)] + rho * s[multiple_name(edge)] for edge in SIGNED_MOVING}

    def recorded(self, s: State) -> Number:
        """The record of a copy after a step more."""
        return earlier_state(s, "copy")["record"] + s[multiple_name(RECORDS)]

    def edge_moved(self, s: State) -> Number:
        """How far the edge from a control has moved after a step more."""
        return earlier_state(s, "edge")["down"] + self.around.rho * s["k[edge]"]

    def controlled(self, r: Number, c: Number, s: State) -> Number:
        """What the control of edge c of round r returns: a canceller, the primary control, a final one."""
        own, previous = earlier_state(s, "own"), earlier_state(s, "previous")
        cell, steady = self.cell(r, own, previous, s["bit"]), Fraction(2)
        bits = {name: code(RAMP).encode(cell[name]) for name in ("plus idle", "minus", "now")}
        canceller = forward(control(), {"plus": bits["plus idle"], "minus": bits["minus"]}).out["control"]
        primary = forward(control(), {"plus": bits["now"], "minus": steady}).out["control"]
        kept = self.cell(r, own, previous, True, s["value"])["kept"]
        final = forward(control(), {"plus": code(RAMP).encode(kept), "minus": steady}).out["control"]
        is_canceller = c < 3 * self.around.copies
        return select(r > self.around.rounds, final, select(is_canceller, canceller, primary))

    def weight_of(self, edge: State) -> Number:
        """The present weight of the edge from a control to the output."""
        share, held = self.around.share(self.copy_at(edge["c"])), self.around.held
        of_round = select(edge["c"] < 3 * self.around.copies, share / 2, primary_for(held))
        built = select(edge["r"] > self.around.rounds, final_weight(self.around.place(edge["c"])), of_round)
        return built - SIGNED.rate * edge["down"]

    def of_control(self, s: State) -> Number:
        """The clipped derivative of the loss by the weight of the edge from a control, on a sample."""
        edge, brought = earlier_state(s, "edge"), earlier_state(s, "brought")
        value = self.controlled(edge["r"], edge["c"], s)
        return entry(self.weight_of(edge), value, brought["sum"], self.around.label(edge["t"] + 1, edge["b"]))

    def copy_at(self, c: Number) -> Number:
        """The copy to which edge c of a round belongs, by a side or its canceller."""
        copies = self.around.copies
        return select(c < copies, c, select(c < 2 * copies, c - copies, c - 2 * copies))

    def one_more(self, s: State) -> State:
        """A sum with one edge more: its present weight times what its tail returns."""
        brought, copy, edge = (earlier_state(s, name) for name in ("brought", "copy", "edge"))
        r, c, copies, rounds = brought["r"], brought["c"], self.around.copies, self.around.rounds
        driven = self.driven(copy, s)
        self.around.uses_adds(self.case, copy["c"], **self.used(driven))
        weight, value = self.weight_of(edge), self.controlled(edge["r"], edge["c"], s)
        self.case.use("signed.controls", weight=weight, value=value)
        of_control = weight * value
        of_round = select(c < copies, driven.added("p"), select(c < 2 * copies, driven.added("n"), of_control))
        ends = every(r <= rounds, c == 3 * copies)
        brings = select(r > rounds, of_control, of_round)
        return {"r": select(ends, r + 1, r), "c": select(ends, 0, c + 1), "sum": brought["sum"] + brings}

    def read(self, s: State) -> State:
        """What a round has read with a copy more: whether a record of the clock is not 0, and whether all sums that
        were read are those of its batch."""
        copy, own, around = earlier_state(s, "copy"), earlier_state(s, "own"), self.around
        seen = some(own["ticked"] == 1, every(around.is_clock(own["c"]), copy["record"] != 0))
        alike = every(own["alike"] == 1, around.is_read(self.case, copy, own["r"], own["c"]))
        return {"c": own["c"] + 1, "ticked": select(seen, 1, 0), "alike": select(alike, 1, 0)}

    def kept(self, s: State) -> Number:
        """What a round hands on."""
        own, below, around = earlier_state(s, "own"), earlier_state(s, "below"), self.around
        known = select(own["r"] == 1, around.method(Fraction(0)), below["state"])
        kept = self.cell(own["r"], own, earlier_state(s, "previous"), True)["kept"]
        return select(kept, around.update(s["found"], known), Fraction(0))


@obligation("signed.controls", paper=PAPER, of=lambda case: 2, twin=lambda case: 1)
def what_a_control_brings(most: int, case: Case) -> None:
    """A control that returns -2, 0 or 2 brings less twice the weight of its edge, nothing, or twice the weight."""
    weight, value = case.real("weight"), case.real("value")
    case.assume(some(value == -2, value == 0, value == 2), label="what controls return")
    brings = select(value == 2, most * weight, select(value == 0, Fraction(0), -most * weight))
    case.show("what it brings", weight * value == brings)


@obligation("signed.mean", paper=PAPER, of=lambda case: is_valid, twin=lambda case: loosely)
def a_mean_moves_a_weight(rule: Callable[[Number, Number, Number], Formula], case: Case) -> None:
    """Take a weight whose clipped gradients over a batch of b >= 1 samples have some sum, of at most b in size. Every
    valid rounding of their mean is at most 1 + 3 rho/4 in size, and 0 if the sum is; roundings of two weights with one
    and the same sum are at most rho apart."""
    b, rho, total, k, other = (
        case.integer("b"),
        case.real("rho"),
        case.real("sum"),
        case.integer("k"),
        case.integer("k'"),
    )
    mean, same = case.real("mean"), case.real("other mean")
    case.assume(b >= 1, rho > 0, absolute(total) <= b, b * mean == total, b * same == total)
    case.assume(rule(k, mean, rho), rule(other, same, rho))
    case.lemma("one mean", mean == same)
    case.lemma("the mean is at most 1", absolute(mean) <= 1)
    case.show("the move", absolute(rho * k) <= 1 + 3 * rho / 4)
    case.show("no sum, no move", implies(total == 0, k == 0))
    case.lemma("less than two steps apart", every(k - other < 2, other - k < 2))
    case.show("apart", absolute(rho * k - rho * other) <= rho)


def loosely(multiple: Number, value: Number, rho: Number) -> Formula:
    """Anything within rho (the twin's)."""
    return absolute(rho * multiple - value) <= rho
