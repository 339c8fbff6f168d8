"""All parts of a network that reads whole batches go along together, for any number of rounds, copies, steps and
samples.

The network's training is one run, whose steps are those of :mod:`verify.claims.networks.batch_network.making`. Proved
here: ``signed.network.together``.
"""

from dataclasses import dataclass
from fractions import Fraction

from constructions.computation.flat import FlatCircuit
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, some
from constructions.foundations.rounding import is_valid
from constructions.networks.batch_round import batch_gating
from constructions.networks.signed_memory import SIGNED_MOVING
from verify.claims.networks.batch_network.batches import BatchesAround, InEachStep, any_batches
from verify.claims.networks.batch_network.holding import Holds
from verify.claims.networks.batch_network.making import (
    ADD,
    BEGIN,
    BUILD,
    COPY,
    DRAW,
    EDGE,
    KEEP,
    KEPT,
    LOOK,
    LOOKS,
    MAKES,
    MOVE,
    READ,
    SAMPLE,
    SEE,
    START,
    SUM,
    UPDATE,
    BatchTraining,
    mean_name,
    multiple_name,
    sum_name,
)
from verify.claims.networks.batch_network.samples import as_built, move_name, within_bounds
from verify.claims.networks.signed_memory.still import PAPER
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State, earlier_state

OVER = "over all that is made"
INTEGERS = ("made", "t", "r", "c", "sample", "b", "record", "ticked", "alike")
REALS = ("mean", "sum", "down", "entries", "state")


@dataclass(frozen=True, slots=True)
class Needs:
    """What the steps need of the moments at which they look back.

    Parameters
    ----------
    run : what the steps make. around : the network. tells, found : what is proved of a batch whose labels are a
        function of the point.
    """

    run: BatchTraining
    around: BatchesAround
    tells: InEachStep
    found: InEachStep

    def has_read(self, moment: State, t: Number, r: Number) -> Formula:
        """Whether this is what round r has read of all its copies after t steps."""
        return every(moment["made"] == READ, moment["t"] == t, moment["r"] == r, moment["c"] == self.around.copies)

    def clocks(self, t: Number, r: Number, s: State) -> Formula:
        """Whether these are what round r and the one before it have read after t steps."""
        own, previous = earlier_state(s, "own"), earlier_state(s, "previous")
        return every(self.has_read(own, t, r), some(r == 1, self.has_read(previous, t, r - 1)))

    def asked(self, t: Number, r: Number, i: Number, c: Number, s: State) -> Formula:
        """Whether the bit that a copy's sides read is that of its query, if it is the turn of its round."""
        own, previous = earlier_state(s, "own"), earlier_state(s, "previous")
        now = self.run.cell(r, own, previous, True)["now"]
        return implies(now, s["bit"] == self.around.asks(t + 1, i, c))

    def whole_sum(self, t: Number, i: Number, s: State) -> Formula:
        """Whether the sum that is looked at is a whole one, of a sample of step t + 1 of training."""
        brought, rounds = earlier_state(s, "brought"), self.around.rounds
        there = every(brought["made"] == SUM, brought["t"] == t, brought["sample"] == i, brought["r"] > rounds)
        y = self.around.label(t + 1, i)
        return every(there, t + 1 <= rounds, some(y == 0, y == 1))

    def sample(self, s: State) -> Formula:
        """A sample more of the batch of a copy."""
        copy, around = earlier_state(s, "copy"), self.around
        t, r, c, i = (copy[name] for name in ("t", "r", "c", "b"))
        counted, whole = around.counted(t + 1, c, i), self.whole_sum(t, i, s)
        return every(
            copy["made"] == COPY, i < around.b, whole, self.clocks(t, r, s), self.asked(t, r, i, c, s), counted
        )

    def update(self, s: State) -> Formula:
        """A step of a copy, after a whole batch."""
        copy, around = earlier_state(s, "copy"), self.around
        rounded = (
            every(
                around.b * s[mean_name(edge)] == copy[sum_name(edge)],
                is_valid(s[multiple_name(edge)], s[mean_name(edge)], around.rho),
            )
            for edge in SIGNED_MOVING
        )
        r, c = copy["r"], copy["c"]
        none = every(around.none(r, c), implies(copy["t"] == r - 1, self.left(s)))
        return every(copy["made"] == COPY, copy["b"] == around.b, none, *rounded)

    def left(self, s: State) -> Formula:
        """Whether the functions of what steps leave say what the step of a copy's round makes of its weights."""
        copy, after = earlier_state(s, "copy"), self.run.steps(s)
        r, c = copy["r"], copy["c"]
        said = (self.around.left(r, c, place) == after[edge] for place, edge in enumerate(SIGNED_MOVING))
        return every(*said, self.around.recorded(r, c) == self.run.recorded(s))

    def add(self, s: State) -> Formula:
        """An edge more of a sum."""
        brought, around = earlier_state(s, "brought"), self.around
        t, r = brought["t"], brought["r"]
        here = every(self.of_round(s), self.clocks(t, r, s))
        found = every(implies(r <= around.rounds, here), implies(r > around.rounds, self.behind(s)))
        return every(brought["made"] == SUM, found)

    def of_round(self, s: State) -> Formula:
        """The next edge is one of a round: from a copy or from a control, after as many steps."""
        brought, copy, edge, around = *(earlier_state(s, name) for name in ("brought", "copy", "edge")), self.around
        t, r, i, j = (brought[name] for name in ("t", "r", "sample", "c"))
        c = self.run.copy_at(j)
        own = every(copy["made"] == COPY, copy["t"] == t, copy["r"] == r, copy["c"] == c)
        drawn = every(edge["made"] == EDGE, edge["t"] == t, edge["r"] == r, edge["c"] == j)
        of_copy, counted = every(j < 3 * around.copies), around.one_copy_more(t + 1, i, c)
        there = every(implies(j < 2 * around.copies, own), implies(j >= 2 * around.copies, drawn))
        return every(there, implies(of_copy, every(counted, self.asked(t, r, i, c, s))))

    def behind(self, s: State) -> Formula:
        """The next edge comes from a final control, which reads the state behind the last round."""
        brought, edge, below = (earlier_state(s, name) for name in ("brought", "edge", "below"))
        t, i, j, around = brought["t"], brought["sample"], brought["c"], self.around
        drawn = every(edge["made"] == EDGE, edge["t"] == t, edge["r"] == brought["r"], edge["c"] == j)
        last = self.has_read(earlier_state(s, "own"), t, around.rounds)
        handed = every(below["made"] == KEPT, below["t"] == t, below["r"] == around.rounds)
        value = s["value"] == around.guess(below["state"], i, j)
        bit = select(around.guess(around.method(around.rounds), i, j), around.place(j), Fraction(0))
        return every(drawn, last, handed, value, around.predicted(i, j + 1) == around.predicted(i, j) + bit)

    def see(self, s: State) -> Formula:
        """A sample more of the edge from a control."""
        edge, around = earlier_state(s, "edge"), self.around
        t, r, c, i = (edge[name] for name in ("t", "r", "c", "b"))
        asked = implies(c < 3 * around.copies, self.asked(t, r, i, self.run.copy_at(c), s))
        here = every(self.clocks(t, r, s), asked)
        last = self.has_read(earlier_state(s, "own"), t, around.rounds)
        found = every(implies(r <= around.rounds, here), implies(r > around.rounds, last))
        return every(edge["made"] == EDGE, i < around.b, self.whole_sum(t, i, s), found)

    def move(self, s: State) -> Formula:
        """A step of the edge from a control."""
        edge, around = earlier_state(s, "edge"), self.around
        rounded = every(
            around.b * s["mean[edge]"] == edge["entries"], is_valid(s["k[edge]"], s["mean[edge]"], around.rho)
        )
        t, r, c = (edge[name] for name in ("t", "r", "c"))
        left = implies(t == r - 1, around.left_of_edge(r, c) == self.run.edge_moved(s))
        return every(edge["made"] == EDGE, edge["b"] == around.b, rounded, left)

    def look(self, s: State) -> Formula:
        """A round reads a copy more."""
        own, copy, around = earlier_state(s, "own"), earlier_state(s, "copy"), self.around
        t, r, c = (own[name] for name in ("t", "r", "c"))
        there = every(copy["made"] == COPY, copy["t"] == t, copy["r"] == r, copy["c"] == c, c < around.copies)
        tells = around.telling(r)
        told = implies(c == tells, around.told(self.tells, s, r, c))
        return every(own["made"] == READ, there, around.is_clock(tells), tells < around.copies, told)

    def keep(self, s: State) -> Formula:
        """A round hands on what the learner makes of what was read."""
        own, below, around = earlier_state(s, "own"), earlier_state(s, "below"), self.around
        t, r = own["t"], own["r"]
        before = every(below["made"] == KEPT, below["t"] == t, below["r"] == r - 1)
        known = select(r == 1, around.method(Fraction(0)), below["state"])
        follows = around.method(r) == around.update(around.batch(r), around.method(r - 1))
        states = {"what is found": around.update(s["found"], known), "the batch": around.update(around.batch(r), known)}
        given = {f"state after {name}": state for name, state in states.items()}
        decoded = implies(own["alike"] == 1, self.found.premises(s, b=around.b, **given))
        return every(self.clocks(t, r, s), some(r == 1, before), follows, decoded)

    def all(self, s: State) -> dict[int, Formula]:
        """What the steps of each kind need."""
        around, t, r, c, i = self.around, *(s[f"next {name}"] for name in ("step", "round", "copy", "sample"))
        here = every(r >= 1, r <= around.rounds)
        none = around.of_nothing(t + 1, i)
        return {
            BUILD: every(here, c >= 0, c < around.copies, around.none(r, c)),
            SAMPLE: self.sample(s),
            UPDATE: self.update(s),
            BEGIN: every(t >= 0, t <= around.rounds, none),
            ADD: self.add(s),
            DRAW: around.exists(r, c),
            SEE: self.see(s),
            MOVE: self.move(s),
            START: every(t >= 0, here),
            LOOK: self.look(s),
            KEEP: self.keep(s),
        }


def advanced(run: BatchTraining, names: tuple[str, ...], s: State) -> State:
    """What a step makes; what it says nothing of is 0."""
    made = run.made(s)
    found: State = dict.fromkeys(names, Fraction(0)) | {"made": Fraction(0)}
    for do, (_, what) in MAKES.items():
        for name, value in {**made[do], "made": Fraction(what)}.items():
            found[name] = select(s["do"] == do, value, found[name])
    return found


def all_go_along(subject: tuple[FlatCircuit, int], case: Case) -> None:
    """Take a network of any number of rounds with any number of copies each, whose parts are the templates' and are
    wired as they are, at any b >= 1 and rho > 0 with b rho < 4/3, trained at the rate 1/8 on batches of b points whose
    labels are a function of the point, with any valid roundings. After any number of steps: a copy of a round is as
    built if the step of the round is not over, and else as this step left it, still, with a record that is a valid
    rounding of the mean of (-1)^y r over the batch of this step; so is the edge from a control to the output. The
    output is 1/2 on each sample in each step. A round has ticked exactly if its step is over; from then on all sums
    that are read of its copies are those of its batch, and it hands on the learner's state after the batches of the
    rounds up to this one. After all steps the output gets what the learner predicts from there."""
    cell, first = subject
    go_along(any_batches(cell, case), first, "signed.network", case)


def go_along(around: BatchesAround, first: int, claims: str, case: Case) -> None:
    """State the run, in which batches are told and found as these ``claims`` say, and how everything then stands."""
    run = BatchTraining(around, first, case)
    tells, found = (InEachStep.of(f"{claims}.{claim}", case) for claim in ("tells", "found"))
    needs = Needs(run, around, tells, found)
    holds = Holds(around)
    state = {name: case.integer(name) for name in INTEGERS} | {name: case.real(name) for name in REALS}
    state |= {name(edge): case.real(name(edge)) for name in (move_name, sum_name) for edge in SIGNED_MOVING}
    integers = ("do", "next step", "next round", "next copy", "next sample", "k[edge]")
    inputs: State = {name: case.integer(name) for name in (*integers, *map(multiple_name, SIGNED_MOVING))}
    inputs |= {name: case.real(name) for name in ("found", "mean[edge]", *map(mean_name, SIGNED_MOVING))}
    inputs |= {name: case.bit(name) for name in ("bit", "value")} | tells.inputs | found.inputs
    every_step = case.induction(
        OVER,
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        inputs=inputs,
        earlier=LOOKS,
        fixed=(tells.used.label, found.used.label),  # what is left is the field, which is the same for all batches
        given=lambda s: some(*(every(s["do"] == do, need) for do, need in needs.all(s).items())),
        kinds=lambda s: {MAKES[do][0]: s["do"] == do for do in MAKES},
        advance=lambda s: advanced(run, tuple(state), s),
        holds=holds.all,
    )
    what_is_made(around, case.reached(every_step), case)


def what_is_made(around: BatchesAround, at: State, case: Case) -> None:
    """State how everything stands after any number of steps."""
    t, r, c = (at[name] for name in ("t", "r", "c"))
    copy, a_sum, edge, has_read, kept = (at["made"] == what for what in (COPY, SUM, EDGE, READ, KEPT))
    before, after = t < r, t >= r
    of_copy(around, at, every(copy, before), every(copy, after), case)
    whole = every(a_sum, r > around.rounds)
    held, last = every(whole, t < around.rounds), every(whole, t == around.rounds)
    predicted = around.predicted(at["sample"], c)
    ticked, state = (at["ticked"] == 1) == after, at["state"] == around.method(r)
    facts = {
        "the output is held in each step": implies(held, at["sum"] == around.held),
        "the output gets the prediction after all steps": implies(last, at["sum"] == predicted),
        "an edge from a control is as built up to its step": implies(every(edge, before), at["down"] == 0),
        "and as this step left it": implies(every(edge, after), at["down"] == around.left_of_edge(r, c)),
        "a round has ticked if its step is over": implies(every(has_read, c == around.copies), ticked),
        "the sums that it reads are those of its batch": implies(every(has_read, after), at["alike"] == 1),
        "it hands on what the learner makes of its batch": implies(every(kept, after), state),
        "nothing before": implies(every(kept, before), at["state"] == 0),
    }
    for label, fact in facts.items():
        case.show(label, fact)


def of_copy(around: BatchesAround, at: State, before: Formula, after: Formula, case: Case) -> None:
    """State how a copy stands before and after the step of its round."""
    r, c, u = at["r"], at["c"], {move: at[move_name(move)] for move in SIGNED_MOVING}
    left = every(*(u[move] == around.left(r, c, place) for place, move in enumerate(SIGNED_MOVING)))
    recorded = every(around.b * at["mean"] == around.total(r, c), is_valid(at["record"], at["mean"], around.rho))
    case.show("as built up to its step", implies(before, every(as_built(u), at["record"] == 0)))
    case.show("as its step left it from then on", implies(after, left))
    case.show("still from then on", implies(after, within_bounds(u, around.rho)))
    case.show("its record is that of the batch of its round", implies(after, recorded))
    case.show("its sum is one of a batch", implies(after, around.fits(r, c, around.b)))
    case.show("its record stays", implies(after, at["record"] == around.recorded(r, c)))


registry().add(
    Obligation(
        id="signed.network.together",
        paper=PAPER,
        claim=all_go_along,
        kind="induction",
        of=lambda case: (batch_gating(), 0),
        twin=lambda case: (batch_gating(), 1),
    )
)
