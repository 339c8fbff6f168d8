"""Lemmas 3b and 12b for any number of rounds, copies and steps: who acts when, what the network then returns, and what
is read afterwards.

Composed of how a built network joins its parts (``lemma3b.places``, ``lemma3b.blocks``), of the induction over the
steps for all copies, clocks and sums at once (``lemma3b.together``), of vertices that stay as they are built
(``lemma3b.flat``), of the method's states (``lemma3b.clocks``), and of what is read of a copy (``lemma3b.answers``).
Here are the top statements ``lemma3b.rounds`` and ``lemma12b.rounds``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.foundations.logic import Formula, every, implies, negation, within
from constructions.networks.queries import STRONG
from constructions.networks.round_circuit import gating
from verify.claims.networks.queries.copies import CopyOfSetting
from verify.claims.networks.queries.training import CopyTraining, any_path, settings_of
from verify.claims.networks.trainable.batches import STEPS, NetworkAround
from verify.claims.networks.trainable.clocks import any_method, neighbours
from verify.claims.networks.trainable.control_edges import COPY, EVERYTHING, SMALLEST
from verify.claims.networks.trainable.driven import unread
from verify.claims.networks.trainable.flat_vertices import TEMPLATES
from verify.claims.networks.trainable.together import WEIGHTS
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.parts import State
from verify.obligations.use import Used

CLOCKS = ("over rounds and steps reached", "over rounds and steps reached (2)")
"""What the moments of two rounds are called."""
MOMENTS = tuple(f"{EVERYTHING} reached{mark}" for mark in ("", " (2)", " (3)"))
"""What the moments of training are called: of a copy or a sum, of a clock, and of the clock before it."""
OF_TOGETHER = (
    "which copies act",
    "no copy acts after the last step",
    "when a round hands on a state",
    "the vertex vc of a copy is strictly flat",
    "the network returns the held value in a round of Q",
    "the network returns the held value in a round of Q'",
    "an edge from a control is as built up to its step",
)
"""What is said of all copies, clocks, sums and edges."""
ENDS = ("the output gets the prediction", "the network ends as the predictor")
"""What is said of the output after the last step."""
FLAT = ("its weights are as built", "strictly flat", "it returns what its template returns")
"""What is said of a vertex that drives a copy, of a control, and of a random bit."""
OF_CLOCKS = ("whose clock has ticked", "what a round hands on", "on which state they act")
"""What is used of the method's states."""
RECORDED = ("fm is what was asked and wrong", "active on the whole batch if its digit is always set")
"""What is used of the training of a copy in its network."""
APART = ("no vertex is one of two rounds", "a block begins where the one before it ends")
"""What is said of the blocks of rounds."""
WIRING = (
    "no two are one",
    "what the vc reads",
    "what the canceller reads",
    "what the primary reads",
    "path, v2 -> v3: into its own copy only",
    "no gate reads a vertex of a copy but its digits",
    "first from v3 of each copy",
    "then from each canceller",
    "last from the primary control",
)
"""What is said of the wires of a copy."""


@dataclass(frozen=True, slots=True)
class TrainedNetwork:
    """The network between its parts: how rounds are gated, the copies as built, and within how many multiples of rho
    the answers must be."""

    cell: FlatCircuit
    copies: tuple[CopyOfSetting, ...]
    tolerance: Fraction


def _network(tolerance: Fraction, *kinds: bool) -> Callable[[Case], TrainedNetwork]:
    """A network, of which copies of these kinds are looked at: of Q, or of Q'."""

    def build(case: Case) -> TrainedNetwork:
        return TrainedNetwork(gating(), tuple(any_path(STRONG, prime)(case) for prime in kinds), tolerance)

    return build


def trained_copy(copy: CopyOfSetting, case: Case) -> Used:
    """What is proved of the training of a copy in its network, of any round of its kind."""
    given = {**NetworkAround.any(case).given, **settings_of(copy)}
    of_copy: dict[str, Any] = {"s": case.integer("s"), "c": case.integer("c"), "always set": case.bit("always set")}
    used = case.use(f"lemma3b.written.{_name(copy).lower()}", *RECORDED, **given, **of_copy)
    case.assume(used.premises, label=f"a moment of the training of a copy of {_name(copy)} in the network")
    return used


def _name(copy: CopyOfSetting) -> str:
    return "Q'" if copy.prime else "Q"


def of_lemma(kind: str, used: Used) -> dict[str, Any]:
    """Lemma 11's moment of training: that of the copy, and what stands there for variables that nothing reads."""
    head, nested = f"lemma11.training.strong.{kind}: ", unread(used).items()
    found = {name: value for name, value in nested if name.startswith(f"{head}lemma") and "(2)" not in name}
    moment = (name for name in used.values if name.startswith(f"{STEPS} reached: ") and not name.endswith("fraction"))
    return found | {f"{head}{name}": used.values[name] for name in moment}


def answers_are_read(network: TrainedNetwork, case: Case) -> None:
    """Take a copy of any round of a network after any number of steps of training. Its digits read from its round on
    what is within 4 rho, over the gain, of the fraction of the batch of its round's step on which its digit was set and
    the label was the wrong one, whatever the batches and the valid roundings are. The copy of a clock reads at least 1
    exactly if the step of its round is over."""
    (copy,) = network.copies
    rho, a, name, used = copy.rho, copy.setting.resting, _name(copy), trained_copy(copy, case)
    s, t = used.values["s"], used.values[f"{STEPS} reached: t"]
    memory = case.use("lemma11.memory.strong", tau=rho, rho=rho, a=a, s=s, **of_lemma(name.lower(), used))
    case.assume(memory.premises, label="the moments of Lemma 11's training, and of a pass that reads the record")
    levels = memory.values["2^"](memory.values["n"])
    reading = f"lemma11.readout{' (2)' if copy.prime else ''}: over all that is made reached"
    read, digit = memory.values[f"{reading}: upper"], memory.values[f"{reading}: digit"]
    done = every(digit == 0, levels * rho >= 1, levels >= 2)
    fm, fraction = (used.values[f"{STEPS} reached: {name}"] for name in ("fm", "fraction"))
    right = within(read * rho / copy.setting.record_gain - fm, network.tolerance * rho)
    ticks = (read >= 1) == (t > s)
    case.show(
        "a clock has ticked exactly if it reads at least 1", implies(used.values["always set"], ticks), given=done
    )
    case.show("the answer is within tau of fm", implies(t > s, right), given=done)
    case.show("fm is what was asked and wrong", implies(t > s, fm == fraction))


for _kind, _prime in (("q", False), ("q'", True)):
    registry().add(
        Obligation(
            id=f"lemma3b.answers.{_kind}",
            paper="Lemma 3b",
            claim=answers_are_read,
            of=_network(Fraction(4), _prime),
            twin=_network(Fraction(0), _prime),
        )
    )


TRAINED = (
    "a copy of Q is in its training",
    "a copy of Q' is in its training",
    "a clock has ticked if its step is over",
    "a copy is one of a round",
)
"""What is used of a copy and of a clock."""


@dataclass(frozen=True, slots=True)
class TrainedTogether:
    """All that training makes, after any number of steps.

    Parameters
    ----------
    used : what is said of it. around : the network. copy, clock, previous : a copy or a sum, the copy of the clock of a
        round, and that of the round before.
    """

    used: Used
    around: NetworkAround
    copy: State
    clock: State
    previous: State

    @classmethod
    def any(cls, copy: CopyOfSetting, case: Case) -> "TrainedTogether":
        """Any moments of the training of any network."""
        around = NetworkAround.any(case)
        used = case.use("lemma3b.together", *OF_TOGETHER, *TRAINED, **around.given, **settings_of(copy))
        moments = (
            {
                name.removeprefix(f"{label}: "): value
                for name, value in used.values.items()
                if name.startswith(f"{label}: ")
            }
            for label in MOMENTS
        )
        return cls(used, around, *moments)

    def is_of(self, copy: CopyOfSetting) -> Formula:
        """Whether the copy is one of a kind."""
        prime = every(self.around.functions["a round of Q'"](self.copy["r"]))
        return every(self.copy["made"] == COPY, prime if copy.prime else negation(prime))

    def training_of(self, copy: CopyOfSetting) -> dict[str, Any]:
        """What ``lemma3b.answers`` calls the copy and its moment, and what stands there for variables that nothing
        reads."""
        claim = f"lemma3b.written.{_name(copy).lower()}"
        at = {f"{claim}: {STEPS} reached: {name}": self.copy[name] for name in WEIGHTS}
        others = {name: value for name, value in unread(self.used).items() if name.startswith(f"{claim}: lemma")}
        return {"s": self.copy["r"] - 1, "c": self.copy["c"], "always set": self.copy["c"] == 0, **at, **others}


def passed_on(used: Used, facts: Iterable[str], case: Case, mark: str = "") -> None:
    """State facts of a used claim, whose premises are assumed; ``mark`` tells facts of one name apart."""
    for fact in facts:
        case.show(f"{mark}{fact}", implies(used.facts[fact].under, used[fact]))


def network_around(at: TrainedTogether, copy: CopyOfSetting, case: Case) -> None:
    """State that vertices are apart, rounds too, what is stamped for a copy, what stays as it is built, how all copies
    go along together, and what the network ends as."""
    around = at.around
    blocks = case.use(
        "lemma3b.blocks", *APART, **{name: size for name, size in around.sizes.items() if name != "gates"}
    )
    places = case.use("lemma3b.places", *WIRING, **around.sizes)
    ends = case.use("lemma3b.ends", *ENDS, **around.given, **settings_of(copy))
    rates = {"rho": copy.rho, "rate": copy.setting.rate}
    flat = {name: case.use(f"lemma3b.flat.{name}", *FLAT, **rates) for name in TEMPLATES}
    case.assume(at.used.premises, label="moments of a training of a network")
    case.assume(ends.premises, label="a sum of edges into the output after the last step")
    for name, used in {"the blocks of two rounds": blocks, "vertices of a block": places, **flat}.items():
        case.assume(used.premises, label=name)
    for used, facts in ((blocks, APART), (places, WIRING), (at.used, OF_TOGETHER), (ends, ENDS)):
        passed_on(used, facts, case)
    for name, used in flat.items():
        passed_on(used, FLAT, case, f"{name}: ")


def states_are_handed_on(network: TrainedNetwork, at: TrainedTogether, case: Case) -> None:
    """State that the clocks of the method are those of the network, and what a round hands on."""
    rounds, clock = any_method(network.cell, case), at.copy
    of_method = {"update": rounds.update, "answered": rounds.answered, "method": rounds.method}
    used = case.use("lemma3b.clocks", *OF_CLOCKS, **of_method)
    own, previous = (
        {name: used.values[f"{label}: {name}"] for name in ("t", "s", "ticked", "state")} for label in CLOCKS
    )
    case.assume(used.premises, label="two rounds of the method after some number of steps")
    its_own = every(clock["made"] == COPY, clock["c"] == 0, clock["t"] == own["t"], clock["r"] == own["s"])
    recorded = CopyTraining(network.copies[0], Fraction(0)).record(clock) >= 1
    ticks = implies(its_own, (own["ticked"] == 1) == recorded)
    case.show("a clock has ticked exactly if its copy has recorded something", ticks)
    over, turn = own["s"] <= own["t"], every(own["s"] == own["t"] + 1, own["s"] > 1, neighbours(own, previous))
    case.show("what is handed on", implies(over, own["state"] == rounds.method(own["s"])))
    case.show("on which state they act", implies(turn, previous["state"] == rounds.method(own["s"] - 1)))


def answer_of_a_copy(network: TrainedNetwork, copy: CopyOfSetting, at: TrainedTogether, case: Case) -> None:
    """State what is read of a copy of either kind after the step of its round."""
    name, of_kind = _name(copy), at.is_of(copy)
    given = {**at.around.given, **settings_of(copy), **at.training_of(copy)}
    claim = f"lemma3b.written.{name.lower()}"
    inside = {of.removeprefix(f"{claim}: "): value for of, value in given.items()}
    trained = case.use(claim, RECORDED[0], **inside)
    case.lemma(f"a copy of {name} is in its training", implies(of_kind, trained.premises))
    used = case.use(f"lemma3b.answers.{name.lower()}", **given)
    reading = f"lemma11.memory.strong: lemma11.readout{' (2)' if copy.prime else ''}: over all that is made reached"
    facts = ("the answer is within tau of fm", "fm is what was asked and wrong")
    read, known = used.values[f"{reading}: upper"], every(of_kind, *(used.facts[fact].under for fact in facts))
    error = read * copy.rho / copy.setting.record_gain - at.copy["fraction"]
    over, right = at.copy["t"] >= at.copy["r"], within(error, network.tolerance * copy.rho)
    case.show(f"{name}: the answer is within tau", implies(over, right), given=known)
    ticks = implies(at.copy["c"] == 0, (read >= 1) == over)
    case.show(f"{name}: a clock has ticked exactly if it reads at least 1", ticks, given=known)


BOTH = (False, True)


@obligation("lemma3b.rounds", paper="Lemma 3b", of=_network(Fraction(4), *BOTH), twin=_network(Fraction(0), *BOTH))
@obligation("lemma12b.rounds", paper="Lemma 12b", of=_network(Fraction(4), *BOTH), twin=_network(Fraction(0), *BOTH))
def network_simulates_its_method(network: TrainedNetwork, case: Case) -> None:
    """Let rho < 1/4, let the tolerance tau be 4 rho, and let a method be any function from what was answered and its
    state to its next state. Take a network of any number of rounds with any number of copies each, as the builder
    places and wires them, trained for any number of steps on any batches with any valid roundings. Nothing but its own
    wires touches a copy, and no vertex is one of two. In step t + 1, on each sample, the copies of round t + 1 whose
    digit is set for the method's state act, and no others; the network returns the held value of this round, as the sum
    over all edges into the output is what it has to be. What is read of a copy from its round on, over the gain, is
    within tau of the fraction of the batch of its step on which its digit was set and the label was the wrong one; a
    clock has ticked exactly if its copy reads at least 1; and each round hands on the method's state for what was read.
    After the last step the network returns the prediction in [0, 1] whose bits its final controls read. (The batches
    are any: fresh ones for bSGD, or one and the same for fbGD.)"""
    case.takes_rules_on_demand()
    case.look_at(SMALLEST | {"gates": 1})
    at = TrainedTogether.any(network.copies[0], case)
    network_around(at, network.copies[0], case)
    states_are_handed_on(network, at, case)
    for copy in network.copies:
        answer_of_a_copy(network, copy, at, case)
