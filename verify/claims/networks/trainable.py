"""Lemmas 3b and 12b for any number of rounds, copies and steps: who acts when, what the network then returns, and what
is read afterwards.

A network has rounds 1, 2, ..., and each round has a clock and copies of Q or Q'. Proved here, composed of Lemma 11
(``lemma11.memory.strong``), the gating of rounds, the vertices vc and the controls: ``lemma3b.clocks`` (in every step
it is the turn of one round, and each round hands on the method's state), and the top statements ``lemma3b.rounds`` and
``lemma12b.rounds``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from constructions.computation.flat import FlatCircuit
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some, within
from constructions.foundations.network import Edge, Fragment
from constructions.foundations.terms import INTEGER
from constructions.foundations.walks import forward
from constructions.networks.controls import activator, primary_weight, secondary_weight
from constructions.networks.gates import code
from constructions.networks.queries import STRONG
from constructions.networks.round_circuit import CLOCK, gating
from verify.claims.networks.queries.copies import CopyOfSetting
from verify.claims.networks.queries.training import EDGES, CopySample, any_path, at_weights, flat_while_idle, moved
from verify.claims.networks.round_circuit import restless
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state
from verify.obligations.verdict import Verdict

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


@dataclass(frozen=True, slots=True)
class DrivenSample:
    """A sample of some step as the network drives it: a copy of some round, and all that feeds the output.

    Parameters
    ----------
    copy : the copy as built. down : how far its edges have moved. acts : whether it acts on this sample. others : how
        many other copies act. prime : whether the step is one of a round of Q'; all that act are of this round.
    """

    copy: CopyOfSetting
    down: dict[Edge, Number]
    acts: Formula
    others: Number
    prime: bool

    @property
    def graph(self) -> Fragment:
        """The copy at its weights."""
        return at_weights(self.copy, self.down)

    def vc(self) -> Number:
        """What the copy's vertex vc returns, for the bit that says that the copy is idle."""
        bit = code(RAMP).encode(negation(self.acts))
        return forward(activator(self.copy.setting), {"bit": bit}).out["vc"]

    def outside(self) -> Number:
        """What the output gets from all but this copy: the primary control, the other active copies, and a canceller
        for each copy that acts."""
        setting, sign = self.copy.setting, 1 if self.prime else -1
        adds = (setting.gain_prime if self.prime else setting.gain) * (2 * setting.resting)
        taken = sign * 2 * secondary_weight(setting)
        primary = sign * 2 * primary_weight(setting, self.copy.rho)
        return primary + self.others * (adds + taken) + select(self.acts, taken, Fraction(0))

    def sample(self, y: Number) -> CopySample:
        """What Lemma 11 reads of it."""
        return CopySample(self.vc(), self.outside(), y)

    def output(self) -> Number:
        """What the network returns."""
        run = forward(self.graph, {"vc": self.vc()}, outside={"v4": self.outside()})
        return run.out["v4"]


@dataclass(frozen=True, slots=True)
class TrainedNetwork:
    """The network between its parts: how rounds are gated, the copies as built, and within how many multiples of rho
    the answers must be."""

    cell: FlatCircuit
    copies: tuple[CopyOfSetting, CopyOfSetting]
    tolerance: Fraction


def _network(tolerance: Fraction) -> Callable[[Case], TrainedNetwork]:
    def build(case: Case) -> TrainedNetwork:
        return TrainedNetwork(gating(), (any_path(STRONG, False)(case), any_path(STRONG, True)(case)), tolerance)

    return build


def rounds_used(network: TrainedNetwork, case: Case) -> tuple[State, State, Formula]:
    """A round and the one before it after any number of steps, and whether a watched copy of the round acts in the next
    step: its digit is set, as a function of the method's state says."""
    rounds = any_method(network.cell, case)
    of_method = {"update": rounds.update, "answered": rounds.answered, "method": rounds.method}
    used = case.use("lemma3b.clocks", digit=case.bit("digit"), **of_method)
    reached = ("over rounds and steps reached", "over rounds and steps reached (2)")
    own, previous = ({name: used.values[f"{at}: {name}"] for name in ("t", "s", "ticked", "state")} for at in reached)
    case.assume(used.premises, label="a round after some number of steps, and the one before it")
    case.assume(neighbours(own, previous), label="they are neighbours")
    found = rounds.bits(own["s"], previous["ticked"] == 1, own["ticked"] == 1, case.bit("digit"), case)
    return own, previous, found["acting"]


def one_sample_of_a_round(copy: CopyOfSetting, prime: bool, acts: Formula, own: State, case: Case) -> None:
    """What a copy of a round of its kind gets in a step of a round of a kind."""
    down: dict[Edge, Number] = {edge: case.integer(moved(edge)) for edge in EDGES}
    name = f"{'Qx' if copy.prime else 'Q'} in a step of {'Qx' if prime else 'Q'}".replace("x", "'")
    parity = case.integer("half of the round"), case.integer("half of the step")
    kinds = every(
        own["s"] == 2 * parity[0] + (0 if copy.prime else 1), own["t"] + 1 == 2 * parity[1] + (0 if prime else 1)
    )
    turn, later = own["s"] == own["t"] + 1, own["s"] <= own["t"]
    built = DrivenSample(copy, dict.fromkeys(EDGES, Fraction(0)), acts, case.integer("others"), prime)
    still = replace(built, down=down)
    held = copy.setting.output(copy.rho, prime=prime)
    for when, one, given in (
        ("as built", built, negation(later)),
        ("once written", still, every(later, flat_while_idle(still.graph))),
    ):
        sample = one.sample(case.real("y"))
        asked = some(sample.is_idle(one.graph), every(turn, sample.is_active(one.graph, copy)))
        case.show(f"{name}, {when}: as Lemma 11 asks", asked, given=every(kinds, given))
        case.show(
            f"{name}, {when}: the network returns the held value", one.output() == held, given=every(kinds, given)
        )


def answers_of_a_copy(network: TrainedNetwork, own: State, case: Case) -> None:
    """What is read of a copy of the round after its step, and of the copy of its clock."""
    for copy in network.copies:
        name, rho = "Q'" if copy.prime else "Q", copy.rho
        used = case.use("lemma11.memory.strong", tau=rho, rho=rho, a=copy.setting.resting, s=own["s"] - 1)
        case.assume(used.premises, label=f"a moment of training and of a pass of {name}")
        training = f"lemma11.training.strong.{name.lower()}: over the steps reached"
        number = " (2)" if copy.prime else ""
        reading = f"lemma11.readout{number}: over all that is made reached"
        read, fm, ft = (used.values[at] for at in (f"{reading}: upper", f"{training}: fm", f"{training}: ft"))
        levels = used.values["2^"](used.values["n"])
        done = every(used.values[f"{reading}: digit"] == 0, levels * rho >= 1, levels >= 2)
        same = every(used.values[f"{training}: t"] == own["t"], done)
        over = own["s"] <= own["t"]
        error = read * rho / copy.setting.record_gain - fm
        within_it = within(error, network.tolerance * rho)
        case.show(f"{name}: the answer is within tau", within_it, given=every(same, over))
        ticks = (read >= 1) == over
        case.show(
            f"{name}: a clock reads at least 1 exactly if it has ticked",
            ticks,
            given=every(same, implies(over, ft == 1)),
        )


JOINED = "how a built network joins its parts: four networks; rounds, copies, steps and batches are any number"
"""The finite case: what stands in the arrays."""


@obligation(
    "lemma3b.rounds",
    paper="Lemma 3b",
    of=_network(Fraction(4)),
    twin=_network(Fraction(2)),
    finite=JOINED,
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma12b.rounds",
    paper="Lemma 12b",
    of=_network(Fraction(4)),
    twin=_network(Fraction(2)),
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def network_simulates_its_method(network: TrainedNetwork, case: Case) -> None:
    """Let rho < 1/4, let the tolerance tau be 4 rho, and let a method be any function from what was answered and its
    state to its next state. In a network of any number of rounds with any number of copies each (of Q in odd rounds, of
    Q' in even ones), trained for any number of steps on any batches with any valid roundings: in step t + 1, on each
    sample, the copies of round t + 1 whose digit is set for the method's state act, and no others; the network returns
    the held value of this round, however many copies act; and each copy of each round gets what Lemma 11 asks for. So
    what is read of a copy from its round on, over the gain, is within tau of the fraction of the batch on which its
    digit was set and the label was the wrong one; and each round hands on the method's state for what was read. (The
    batches are any: fresh ones for bSGD, or one and the same for fbGD.)"""
    own, previous, acts = rounds_used(network, case)
    rounds = any_method(network.cell, case)
    turn, over = own["s"] == own["t"] + 1, own["s"] <= own["t"]
    case.show("who acts", acts == every(turn, case.bit("digit")))
    asked = previous["state"] == rounds.method(own["s"] - 1)
    case.show("on which state", asked, given=every(turn, own["s"] > 1))
    case.show("what is handed on", own["state"] == rounds.method(own["s"]), given=over)
    vc = forward(activator(STRONG), {"bit": code(RAMP).encode(negation(acts))})
    case.show("the vertex vc of a copy is strictly flat", vc.flat("vc"))
    case.assume(case.integer("others") >= 0, label="any number of other copies act")
    for copy in network.copies:
        for prime in (False, True):
            one_sample_of_a_round(copy, prime, acts, own, case)
    answers_of_a_copy(network, own, case)
