"""Lemmas 3b and 12b for any number of rounds, copies and steps: who acts when, what the network then returns, and what
is read afterwards.

Composed of how a built network joins its parts (``lemma3b.places``, ``lemma3b.blocks``), of whose turn it is
(``lemma3b.clocks``), of what the output gets (``lemma3b.output``), of what training does to each copy in its network
(``lemma3b.written``), and of Lemma 11 (``lemma11.memory.strong``). Here are the top statements ``lemma3b.rounds``
and ``lemma12b.rounds``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.foundations.activation import RAMP
from constructions.foundations.logic import Formula, every, implies, negation, within
from constructions.foundations.walks import forward
from constructions.networks.controls import activator
from constructions.networks.gates import code
from constructions.networks.queries import STRONG
from constructions.networks.round_circuit import gating
from verify.claims.networks.queries.copies import CopyOfSetting
from verify.claims.networks.queries.training import any_path, settings_of
from verify.claims.networks.round_circuit import restless
from verify.claims.networks.trainable.batches import STEPS, NetworkAround
from verify.claims.networks.trainable.clocks import any_method, neighbours
from verify.claims.networks.trainable.driven import unread
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.parts import State
from verify.obligations.use import Used
from verify.obligations.verdict import Verdict

CLOCKS = ("over rounds and steps reached", "over rounds and steps reached (2)")
"""What the moments of two rounds are called."""
RECORDED = ("fm is what was asked and wrong", "active on the whole batch if its digit is always set")
"""What is used of the training of a copy in its network."""
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

    cell: Callable[[Case], FlatCircuit]
    copies: tuple[CopyOfSetting, ...]
    tolerance: Fraction


def _network(tolerance: Fraction, *kinds: bool) -> Callable[[Case], TrainedNetwork]:
    """A network, of which copies of these kinds are looked at: of Q, or of Q'."""

    def build(case: Case) -> TrainedNetwork:
        return TrainedNetwork(lambda case: gating(), tuple(any_path(STRONG, prime)(case) for prime in kinds), tolerance)

    return build


def _unending(prime: bool) -> Callable[[Case], TrainedNetwork]:
    """A network whose rounds keep their turn (the twin's)."""
    return lambda case: replace(_network(Fraction(4), prime)(case), cell=restless)


@dataclass(frozen=True, slots=True)
class WatchedCopy:
    """A copy of a round of a network after some number of steps.

    Parameters
    ----------
    around : the network. own, previous : the round and the one before it. acts, turn : whether the copy acts in the
        next step on a sample, and whether it is its round's turn. always : whether its digit is set on every sample.
        prime : whether the round is one of Q'.
    """

    around: NetworkAround
    own: State
    previous: State
    acts: Formula
    turn: Formula
    always: Formula
    prime: Formula


def watched(network: TrainedNetwork, case: Case) -> WatchedCopy:
    """Any copy of any round after any number of steps; its digit is set or not on the next sample."""
    rounds, around = any_method(network.cell(case), case), NetworkAround.any(case)
    of_method = {"update": rounds.update, "answered": rounds.answered, "method": rounds.method}
    digit = case.bit("digit is set")
    used = case.use("lemma3b.clocks", digit=digit, **of_method)
    own, previous = ({name: used.values[f"{at}: {name}"] for name in ("t", "s", "ticked", "state")} for at in CLOCKS)
    case.assume(used.premises, label="a round after some number of steps, and the one before it")
    case.assume(neighbours(own, previous), label="they are neighbours")
    bits = rounds.bits(own["s"], previous["ticked"] == 1, own["ticked"] == 1, digit, case)
    prime = every(around.functions["a round of Q'"](own["s"]))
    return WatchedCopy(around, own, previous, bits["acting"], bits["now"], case.bit("always set"), prime)


def joined(around: NetworkAround, case: Case) -> None:
    """State that vertices are apart, rounds too, and what is stamped for a copy."""
    blocks = case.use("lemma3b.blocks", **{name: size for name, size in around.sizes.items() if name != "gates"})
    for fact in ("no vertex is one of two rounds", "a block begins where the one before it ends"):
        case.show(fact, blocks.facts[fact].conclusion, given=blocks.facts[fact].under)
    places = case.use("lemma3b.places", **around.sizes)
    for fact in WIRING:
        case.show(fact, places.facts[fact].conclusion, given=places.facts[fact].under)


def who_acts(network: TrainedNetwork, at: WatchedCopy, case: Case) -> None:
    """State who acts, on which state, and what is handed on."""
    rounds, own = any_method(network.cell(case), case), at.own
    turn, over = own["s"] == own["t"] + 1, own["s"] <= own["t"]
    case.show("who acts", at.acts == every(turn, case.bit("digit is set")))
    asked = at.previous["state"] == rounds.method(own["s"] - 1)
    case.show("on which state", asked, given=every(turn, own["s"] > 1))
    case.show("what is handed on", own["state"] == rounds.method(own["s"]), given=over)
    vc = forward(activator(STRONG), {"bit": code(RAMP).encode(negation(at.acts))})
    case.show("the vertex vc of a copy is strictly flat", vc.flat("vc"))


def held_output(copy: CopyOfSetting, around: NetworkAround, case: Case) -> None:
    """State what the network returns in a step of a round of a kind."""
    name, moment = ("q'", "Q'") if copy.prime else ("q", "Q")
    used = case.use(f"lemma3b.output.{name}", **around.given, **settings_of(copy))
    last = used.values["over the edges reached: r"] > around.rounds
    case.show(
        f"the network returns the held value in a round of {moment}",
        used["what it returns"],
        given=every(used.premises, last),
    )


def trained_copy(copy: CopyOfSetting, at: WatchedCopy, case: Case) -> Used:
    """What is proved of the training of the watched copy, whose round is of its kind."""
    of_copy: dict[str, Any] = {"s": at.own["s"] - 1, "c": case.integer("c"), "always set": at.always}
    given = {**at.around.given, **settings_of(copy), **of_copy, f"{STEPS} reached: t": at.own["t"]}
    used = case.use(f"lemma3b.written.{_name(copy).lower()}", *RECORDED, **given)
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
    """Whatever the method and the batches are, the digits of a copy read from its round on what is within 4 rho, over
    the gain, of the fraction of the batch of its round's step on which its digit was set and the label was the wrong
    one; the copy of a clock reads at least 1 exactly if the clock has ticked; and its copies act in the step in which
    Lemma 11 lets them."""
    at, (copy,) = watched(network, case), network.copies
    rho, a, name = copy.rho, copy.setting.resting, _name(copy)
    acts = every(at.own["s"] - 1 == at.own["t"], case.bit("digit is set"))
    case.show("it acts in the step in which Lemma 11 lets it", at.acts == acts)
    used = trained_copy(copy, at, case)
    shared = {"tau": rho, "rho": rho, "a": a, "s": at.own["s"] - 1}
    memory = case.use("lemma11.memory.strong", **shared, **of_lemma(name.lower(), used))
    case.assume(memory.premises, label="the moments of Lemma 11's training, and of a pass that reads the record")
    over, levels = at.own["s"] <= at.own["t"], memory.values["2^"](memory.values["n"])
    reading = f"lemma11.readout{' (2)' if copy.prime else ''}: over all that is made reached"
    read, digit = memory.values[f"{reading}: upper"], memory.values[f"{reading}: digit"]
    done = every(digit == 0, levels * rho >= 1, levels >= 2)
    fm, fraction = (used.values[f"{STEPS} reached: {name}"] for name in ("fm", "fraction"))
    right = within(read * rho / copy.setting.record_gain - fm, network.tolerance * rho)
    ticks = (read >= 1) == (at.own["ticked"] == 1)
    case.show("a clock has ticked exactly if it reads at least 1", implies(at.always, ticks), given=done)
    case.show("the answer is within tau of fm", implies(over, right), given=done)
    case.show("fm is what was asked and wrong", implies(over, fm == fraction))


for _kind, _prime in (("q", False), ("q'", True)):
    registry().add(
        Obligation(
            id=f"lemma3b.answers.{_kind}",
            paper="Lemma 3b",
            claim=answers_are_read,
            of=_network(Fraction(4), _prime),
            twin=_unending(_prime),
        )
    )


def answer_of_a_copy(network: TrainedNetwork, copy: CopyOfSetting, at: WatchedCopy, case: Case) -> None:
    """State what is read of a copy of either kind in its round."""
    name = _name(copy)
    used = case.use(f"lemma3b.answers.{name.lower()}", **at.around.given, **settings_of(copy))
    written = {of: used.values[f"lemma3b.written.{name.lower()}: {STEPS} reached: {of}"] for of in ("fm", "fraction")}
    reading = f"lemma11.memory.strong: lemma11.readout{' (2)' if copy.prime else ''}: over all that is made reached"
    read = used.values[f"{reading}: upper"]
    facts = ("the answer is within tau of fm", "fm is what was asked and wrong")
    given = every(*(used.facts[fact].under for fact in facts))
    over = used.values["lemma3b.clocks: over rounds and steps reached: s"]
    late = over <= used.values["lemma3b.clocks: over rounds and steps reached: t"]
    error = read * copy.rho / copy.setting.record_gain - written["fraction"]
    case.show(
        f"{name}: the answer is within tau", implies(late, within(error, network.tolerance * copy.rho)), given=given
    )
    ticks = used.facts["a clock has ticked exactly if it reads at least 1"]
    case.show(f"{name}: a clock has ticked exactly if it reads at least 1", ticks.conclusion, given=ticks.under)


BOTH = (False, True)


JOINED = "that a network's arrays hold what places and wires them, and that all copies go along together: four networks"
"""The finite case."""


@obligation(
    "lemma3b.rounds",
    paper="Lemma 3b",
    of=_network(Fraction(4), *BOTH),
    twin=_network(Fraction(0), *BOTH),
    finite=JOINED,
    expect=Verdict.CHECKED,
)
@obligation(
    "lemma12b.rounds",
    paper="Lemma 12b",
    of=_network(Fraction(4), *BOTH),
    twin=_network(Fraction(0), *BOTH),
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def network_simulates_its_method(network: TrainedNetwork, case: Case) -> None:
    """Let rho < 1/4, let the tolerance tau be 4 rho, and let a method be any function from what was answered and its
    state to its next state. Take a network of any number of rounds with any number of copies each, as the builder
    places and wires them, trained for any number of steps on any batches with any valid roundings. Nothing but its own
    wires touches a copy, and no vertex is one of two. In step t + 1, on each sample, the copies of round t + 1 whose
    digit is set for the method's state act, and no others; the network returns the held value of this round, as the sum
    over all edges into the output is what it has to be. What is read of a copy from its round on, over the gain, is
    within tau of the fraction of the batch of its step on which its digit was set and the label was the wrong one; a
    clock has ticked exactly if its copy reads at least 1; and each round hands on the method's state for what was read.
    (The batches are any: fresh ones for bSGD, or one and the same for fbGD.)"""
    around = NetworkAround.any(case)
    for copy in network.copies:
        held_output(copy, around, case)
    joined(around, case)
    at = watched(network, case)
    who_acts(network, at, case)
    for copy in network.copies:
        answer_of_a_copy(network, copy, at, case)
