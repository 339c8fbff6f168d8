"""Whose turn it is in each step of training (Lemmas 3b and 12b), for any number of rounds and steps.

One run goes through all rounds and all steps: a round after one step more looks back at itself, and at the round before
it before and after this step. Proved here: ``lemma3b.clocks``. That the copy of a clock holds a record exactly if its
clock has ticked is in the top statements (``trainable.py``), by what training does to it (``lemma3b.written``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from constructions.computation.flat import FlatCircuit
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.terms import INTEGER
from constructions.networks.round_circuit import CLOCK, gating
from verify.claims.networks.round_circuit import restless
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state

BEGIN, GO_ON = range(2)
"""What a step of the run of rounds looks at: a round before the first step, or a round after one step more."""
LOOKS = ("own", "previous", "below")
"""A round and the one before it before the step, and the one before it after the step."""


@dataclass(frozen=True, slots=True)
class MethodRounds:
    """All rounds over all steps: the clock of each, and the state that it hands on.

    Parameters
    ----------
    cell : the gating of a round. update : the method's next state, for what was answered and its state. answered : what
        was answered in each round. method : the method's state after each round.
    """

    cell: FlatCircuit
    update: Callable[[Number, Number], Number]
    answered: Callable[[Number], Number]
    method: Callable[[Number], Number]

    def bits(self, s: Number, previous: Formula, ticked: Formula, digit: Formula, case: Case) -> dict[str, Formula]:
        """What round s does with a copy whose digit is set or not; ``previous`` and ``ticked`` are the clock before it
        and its own."""
        given = {"before": some(s == 1, previous), CLOCK: ticked, "x": True, "digit": digit, "update": True}
        return case.circuit(self.cell, given)

    def may(self, now: State) -> Formula:
        """A step goes on from a round and the one before it, which has taken the step already."""
        own, previous, below = (earlier_state(now, name) for name in LOOKS)
        s, t = own["s"], own["t"]
        before = every(previous["s"] == s - 1, previous["t"] == t, below["s"] == s - 1, below["t"] == t + 1)
        follows = self.method(s) == self.update(self.answered(s), self.method(s - 1))
        go_on = every(now["do"] == GO_ON, some(s == 1, before), follows)
        return some(every(now["do"] == BEGIN, now["round"] >= 1), go_on)

    def advance(self, now: State, case: Case) -> State:
        """A clock ticks in its round's turn, as its copy is then active on the whole batch and reads at least 1 from
        then on. A round whose clock has ticked hands on the update of what the round before it hands on."""
        own, previous, below = (earlier_state(now, name) for name in LOOKS)
        goes_on, s = now["do"] == GO_ON, own["s"]
        acting = self.bits(s, previous["ticked"] == 1, own["ticked"] == 1, True, case)["acting"]
        ticked = every(goes_on, some(own["ticked"] == 1, acting))
        kept = self.bits(s, below["ticked"] == 1, ticked, True, case)["kept"]
        known = select(s == 1, self.method(Fraction(0)), below["state"])
        return {
            "t": select(goes_on, own["t"] + 1, 0),
            "s": select(goes_on, s, now["round"]),
            "ticked": select(ticked, 1, 0),
            "state": select(kept, self.update(self.answered(s), known), Fraction(0)),
        }

    def holds(self, now: State) -> Formula:
        """After at least s steps the clock of round s has ticked and it hands on the method's state, else nothing."""
        over, ticked = now["s"] <= now["t"], now["ticked"] == 1
        handed = every(implies(over, now["state"] == self.method(now["s"])), implies(negation(over), now["state"] == 0))
        return every(now["t"] >= 0, now["s"] >= 1, some(ticked, now["ticked"] == 0), ticked == over, handed)


def any_method(cell: FlatCircuit, case: Case) -> MethodRounds:
    """Any method: its update and its states are functions of which nothing is known."""
    return MethodRounds(
        cell,
        case.function("update", 2),
        case.function("answered", 1, takes=(INTEGER,)),
        case.function("method", 1, takes=(INTEGER,)),
    )


def two_rounds(rounds: MethodRounds, case: Case) -> tuple[State, State]:
    """Any round after any number of steps, and another."""
    state = {name: case.integer(name) for name in ("t", "s", "ticked")} | {"state": case.real("state")}
    run = case.induction(
        "over rounds and steps",
        state=state,
        start={"t": Fraction(0), "s": Fraction(1), "ticked": Fraction(0), "state": Fraction(0)},
        inputs={"do": case.integer("do"), "round": case.integer("round")},
        earlier=LOOKS,
        given=rounds.may,
        advance=lambda now: rounds.advance(now, case),
        holds=rounds.holds,
    )
    return case.reached(run), case.reached(run)


def neighbours(own: State, previous: State) -> Formula:
    """Whether one round is the one before the other, or there is none before, after equally many steps."""
    return some(own["s"] == 1, every(previous["s"] == own["s"] - 1, previous["t"] == own["t"]))


@obligation("lemma3b.clocks", paper="Lemma 3b, Lemma 12b", kind="induction", of=lambda case: gating(), twin=restless)
def one_round_has_its_turn(cell: FlatCircuit, case: Case) -> None:
    """For every method and every number of rounds and of steps: after t steps the clock of round s has ticked exactly
    if s <= t; the round then hands on the method's state after s rounds of the answers that were read, and nothing
    before. In the next step the copies of round s whose digit is set act exactly if s = t + 1, on the method's state
    after s - 1 rounds, and all other copies are idle."""
    rounds = any_method(cell, case)
    own, previous = two_rounds(rounds, case)
    digit = case.bit("digit")
    found = rounds.bits(own["s"], previous["ticked"] == 1, own["ticked"] == 1, digit, case)
    turn, over = own["s"] == own["t"] + 1, own["s"] <= own["t"]
    case.show("whose clock has ticked", (own["ticked"] == 1) == over)
    case.show("what a round hands on", own["state"] == rounds.method(own["s"]), given=over)
    case.show("which copies act", found["acting"] == every(turn, digit), given=neighbours(own, previous))
    asked = previous["state"] == rounds.method(own["s"] - 1)
    case.show("on which state they act", asked, given=every(turn, own["s"] > 1, neighbours(own, previous)))
