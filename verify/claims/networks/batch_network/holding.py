"""What holds of all parts of a network that reads whole batches, after any number of steps of training."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.rounding import is_valid
from constructions.networks.batch_round import batch_gating
from constructions.networks.memory import absolute
from constructions.networks.signed_memory import SIDES, SIGNED_MOVING, moving
from verify.claims.networks.batch_network.batches import BatchesAround, any_batches
from verify.claims.networks.batch_network.making import (
    COPY,
    EDGE,
    KEPT,
    NOTHING,
    READ,
    SUM,
    sum_name,
)
from verify.claims.networks.batch_network.samples import RECORDS, as_built, move_name, within_bounds
from verify.claims.networks.signed_memory.still import PAPER
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State


@dataclass(frozen=True, slots=True)
class Holds:
    """What holds of everything that is made."""

    around: BatchesAround

    def copy(self, now: State) -> Formula:
        """A copy: as built up to the step of its round; from then on as this step left it, still, with the record of
        its batch."""
        around, (t, r, c, b) = self.around, (now[name] for name in ("t", "r", "c", "b"))
        here = every(t >= 0, r >= 1, r <= around.rounds, c >= 0, c < around.copies, b >= 0, b <= around.b)
        u = {edge: now[move_name(edge)] for edge in SIGNED_MOVING}
        built = every(as_built(u), now["record"] == 0)
        valid = is_valid(now["record"], now["mean"], around.rho)
        left = (around.left(r, c, place) for place in range(len(SIGNED_MOVING)))
        same = every(*(u[edge] == by for edge, by in zip(SIGNED_MOVING, left, strict=True)))
        same = every(same, now["record"] == around.recorded(r, c))
        recorded = every(u[RECORDS] == around.rho * now["record"], valid, around.b * now["mean"] == around.total(r, c))
        written = every(within_bounds(u, around.rho), recorded, same, around.fits(r, c, around.b))
        sums = {edge: now[sum_name(edge)] for edge in SIGNED_MOVING}
        nothing = every(*(total == 0 for total in sums.values()))
        batch = implies(t == r - 1, self.batch(sums, r, c, b))
        return every(
            here, implies(t < r, built), implies(t >= r, written), implies(negation(t == r - 1), nothing), batch
        )

    def batch(self, sums: dict[Any, Number], r: Number, c: Number, b: Number) -> Formula:
        """The batch of a copy in the step of its round."""
        alike = (sums[moving(side)[2]] == sums[moving(side)[3]] for side in SIDES)
        small = (absolute(total) <= b for total in sums.values())
        return every(*small, *alike, sums[RECORDS] == self.around.summed(r, c, b), self.around.fits(r, c, b))

    def sum(self, now: State) -> Formula:
        """A sum: nothing before the round whose turn it is; there, what active sides add, and what cancellers take off
        again; behind it 1/2. After all steps, the value of the prediction's bits so far."""
        around, (t, r, j, i) = self.around, (now[name] for name in ("t", "r", "c", "sample"))
        turn, copies, total = t + 1, around.copies, now["sum"]
        here = every(t >= 0, t <= around.rounds, r >= 1, r <= around.rounds + 1, j >= 0)
        wide, none = implies(r <= around.rounds, j <= 3 * copies), around.of_nothing(turn, i)
        training = t < around.rounds
        held = implies(every(r > turn, training), total == around.held)
        predicted = implies(every(r == turn, negation(training)), total == around.predicted(i, j))
        partly = implies(every(r == turn, training), total == self.partial(turn, i, j))
        return every(here, wide, none, implies(r < turn, total == 0), held, predicted, partly)

    def partial(self, turn: Number, i: Number, j: Number) -> Number:
        """What the first j edges of the round bring whose turn it is."""
        copies = self.around.copies

        def plus(c: Number) -> Number:
            return self.around.plus(turn, i, c)

        def minus(c: Number) -> Number:
            return self.around.minus(turn, i, c)

        first, second, third = j, j - copies, j - 2 * copies
        sides = plus(copies) - minus(copies)
        taken = select(j <= 2 * copies, plus(copies) - minus(second), sides - plus(third) + minus(third))
        return select(j <= copies, plus(first), taken)

    def edge(self, now: State) -> Formula:
        """An edge from a control: as built up to the step of its round, and then as this step left it; in other steps
        its batches bring nothing."""
        t, r = now["t"], now["r"]
        here = every(t >= 0, now["b"] >= 0, self.around.exists(r, now["c"]))
        left = now["down"] == self.around.left_of_edge(r, now["c"])
        still = implies(negation(t == r - 1), now["entries"] == 0)
        return every(here, still, implies(t < r, now["down"] == 0), implies(t >= r, left))

    def read(self, now: State) -> Formula:
        """What a round has read: nothing before its step is over; from then on a record of its clock, and sums all of
        which are those of its batch."""
        around, (t, r, c) = self.around, (now[name] for name in ("t", "r", "c"))
        here = every(t >= 0, r >= 1, r <= around.rounds, c >= 0, c <= around.copies)
        bits = every(some(now["ticked"] == 0, now["ticked"] == 1), some(now["alike"] == 0, now["alike"] == 1))
        tells = around.telling(r)
        told = every(around.is_clock(tells), implies(c > tells, now["ticked"] == 1))
        after = implies(t >= r, every(now["alike"] == 1, implies(c >= 1, told)))
        return every(here, bits, implies(t < r, now["ticked"] == 0), after)

    def kept(self, now: State) -> Formula:
        """What a round hands on: nothing before its step is over, the learner's state after its batch from then on."""
        t, r, state = now["t"], now["r"], now["state"]
        after = implies(t >= r, state == self.around.method(r))
        return every(t >= 0, r >= 1, r <= self.around.rounds, after, implies(t < r, state == 0))

    def all(self, now: State) -> Formula:
        """What holds of whatever was made."""
        known = {COPY: self.copy, SUM: self.sum, EDGE: self.edge, READ: self.read, KEPT: self.kept}
        kinds = some(now["made"] == NOTHING, *(now["made"] == made for made in known))
        return every(kinds, *(implies(now["made"] == made, said(now)) for made, said in known.items()))


@obligation("signed.network.partial", paper=PAPER, of=lambda case: 3, twin=lambda case: 2)
def the_edges_of_a_round_come_to_nothing(rows: int, case: Case) -> None:
    """For any number of copies and on any sample: what the edges of the round whose turn it is bring to the output is 0
    before the first of them and behind the last one of a copy, of which there are three, so that the primary control
    alone is left."""
    around, turn, i = any_batches(batch_gating(), case), case.integer("turn"), case.integer("sample")
    case.assume(around.of_nothing(turn, i), label="none of no copies")
    holds = Holds(around)
    case.show("nothing before the first", holds.partial(turn, i, Fraction(0)) == 0)
    case.show("nothing behind the last", holds.partial(turn, i, rows * around.copies) == 0)
