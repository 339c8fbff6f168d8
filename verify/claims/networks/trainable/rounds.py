"""Lemmas 3b and 12b for any number of rounds, copies and steps: who acts when, what the network then returns, and what
is read afterwards.

Composed of how a built network joins its parts (``lemma3b.places``, ``lemma3b.blocks``), of what training does to all
copies, sums and edges at once (``lemma3b.together``), of what is as built and stays so (``lemma3b.flat``), of what a
round hands on (``lemma3b.clocks``), of what the output gets (``lemma3b.output``), and of Lemma 11
(``lemma11.memory.strong``). Here are the top statements ``lemma3b.rounds`` and ``lemma12b.rounds``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, within
from constructions.networks.layout import RoundLayout
from constructions.networks.queries import STRONG
from constructions.networks.round_circuit import gating
from verify.claims.networks.queries.copies import CopyOfSetting
from verify.claims.networks.queries.training import any_path, settings_of
from verify.claims.networks.round_circuit import restless
from verify.claims.networks.trainable.batches import STEPS, NetworkAround
from verify.claims.networks.trainable.clocks import MethodRounds, any_method, neighbours
from verify.claims.networks.trainable.control_edges import COPY, EDGE, SUM, ReadClocks
from verify.claims.networks.trainable.driven import unread
from verify.claims.networks.trainable.flat_vertices import TEMPLATES
from verify.claims.networks.trainable.together import EVERYTHING, OF_SUM, WEIGHTS
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.parts import State
from verify.obligations.use import Used

MADE = f"{EVERYTHING} reached: "
"""How the parts of a moment of training begin."""
HANDED = ("t", "s", "ticked", "state")
"""What is known of a round, and of what it hands on."""
RETURNED = ("what it returns", "strictly inside its piece")
"""What is used of a sum of the output."""
CLOCKS = ("over rounds and steps reached", "over rounds and steps reached (2)")
"""What the moments of two rounds are called."""
RECORDED = ("fm is what was asked and wrong", "active on the whole batch if its digit is always set")
"""What is used of the training of a copy in its network."""
OF_TRAINING = (
    "a round after some number of steps, and the one before it",
    "they are neighbours",
    "a moment of the training of a copy in the network",
)
"""What is supposed of a copy and of its round where its answer is read."""
OF_PASSES = "the moments of Lemma 11's training, and of a pass that reads the record"
"""What is supposed of the pass in which it is read."""
BLOCKS = ("no vertex is one of two rounds", "a block begins where the one before it ends")
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
    sizes = {name: size for name, size in around.sizes.items() if name != "gates"}
    blocks = case.use("lemma3b.blocks", *BLOCKS, **sizes)
    for fact in BLOCKS:
        case.show(fact, implies(blocks.facts[fact].under, blocks.facts[fact].conclusion))
    places = case.use("lemma3b.places", *WIRING, **around.sizes)
    for fact in WIRING:
        case.show(fact, implies(places.facts[fact].under, places.facts[fact].conclusion))


def trained_copy(copy: CopyOfSetting, at: WatchedCopy, case: Case) -> Used:
    """What is proved of the training of the watched copy, whose round is of its kind."""
    of_copy: dict[str, Any] = {"s": at.own["s"] - 1, "c": case.integer("c"), "always set": at.always}
    given = {**at.around.given, **settings_of(copy), **of_copy, f"{STEPS} reached: t": at.own["t"]}
    used = case.use(f"lemma3b.written.{_name(copy).lower()}", *RECORDED, **given)
    case.assume(used.premises, label="a moment of the training of a copy in the network")
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


@dataclass(frozen=True, slots=True)
class NetworkMoment:
    """Any moment of the training of a network.

    Parameters
    ----------
    around, together : the network, and the use of what is proved of all copies. at : what there is then: a copy, a sum
        of the output, or an edge from a control. previous : the clock of the round before that of the copy, if ``at``
        is a clock. own, before : a round and the one before it, with what they hand on. rounds : the method.
    """

    around: NetworkAround
    together: Used
    at: State
    previous: State
    own: State
    before: State
    rounds: MethodRounds


def any_moment(network: TrainedNetwork, around: NetworkAround, case: Case) -> NetworkMoment:
    """Any moment, with the round of the copy, if it is one, and the round before it after as many steps."""
    rounds = any_method(network.cell(case), case)
    of_method = {"update": rounds.update, "answered": rounds.answered, "method": rounds.method}
    used = case.use("lemma3b.clocks", **of_method)
    own, before = ({name: used.values[f"{label}: {name}"] for name in HANDED} for label in CLOCKS)
    case.assume(used.premises, label="what two rounds hand on")
    case.assume(neighbours(own, before), label="they are neighbours")
    together = case.use("lemma3b.together", **around.given, **settings_of(network.copies[0]))
    shared = {name: value for name, value in together.values.items() if not name.startswith(MADE)}
    moments = together, case.use("lemma3b.together", **shared)
    case.assume(*(used.premises for used in moments), label="moments of the training of a network")
    at, previous = (
        {name.removeprefix(MADE): value for name, value in used.values.items() if name.startswith(MADE)}
        for used in moments
    )
    case.assume(implies(at["made"] == COPY, every(own["t"] == at["t"], own["s"] == at["r"])), label="whose round it is")
    return NetworkMoment(around, together, at, previous, own, before, rounds)


def who_acts(network: TrainedNetwork, moment: NetworkMoment, case: Case) -> None:
    """State who acts, on which state, and what is handed on."""
    own, rounds, around = moment.own, moment.rounds, moment.around
    clock, previous = moment.at, moment.previous
    t, r = clock["t"], clock["r"]
    sizes = {name.replace(" ", "_"): size for name, size in around.sizes.items()}
    clocks = ReadClocks(network.cell(case), RoundLayout(**sizes), around, network.copies[0])
    digit = around.digit(case.integer("sample"), r, case.integer("c"))
    acts = clocks.gates(r, clock, previous, digit, case)["acting"]
    are_clocks = clocks.are_of(t, r, clock, previous)
    case.show("who acts", acts == every(r == t + 1, digit), given=are_clocks)
    asked = moment.before["state"] == rounds.method(r - 1)
    case.show("on which state", implies(every(r == t + 1, r > 1), asked), given=are_clocks)
    read = clocks.ticked(clock) == (own["ticked"] == 1)
    case.show("the clock that is read is that of the round", read, given=are_clocks)
    case.show("what is handed on", implies(r <= t, own["state"] == rounds.method(r)), given=are_clocks)
    drawn = every(clock["made"] == EDGE, t < r)
    case.show("an edge from a control is as built up to its step", implies(drawn, moment.at["down"] == 0))


def vertices_stay(case: Case) -> None:
    """State that what drives a copy, controls and random bits are as built and do what they were built for."""
    for name in TEMPLATES:
        used = case.use(f"lemma3b.flat.{name}")
        for label, fact in used.facts.items():
            if not label.endswith("base"):
                case.show(f"{name}: {label}", implies(fact.under, fact.conclusion))


def held_output(copy: CopyOfSetting, moment: NetworkMoment, case: Case) -> None:
    """State what the network returns in a step of a round of a kind."""
    name, brought = _name(copy), moment.at
    edges = {f"over the edges reached: {part}": brought[part] for part in OF_SUM}
    of_step = {"turn": brought["t"] + 1, "sample": brought["sample"]}
    claim = f"lemma3b.output.{name.lower()}"
    used = case.use(claim, *RETURNED, **moment.around.given, **settings_of(copy), **of_step, **edges)
    done = every(brought["made"] == SUM, brought["r"] > moment.around.rounds)
    here = is_of(copy, moment.around, brought["t"] + 1)
    held = RAMP(brought["sum"]) == copy.setting.output(copy.rho, prime=copy.prime)
    case.show(f"the network returns the held value in a round of {name}", implies(here, held), given=done)
    inside = implies(here, used[RETURNED[1]])
    case.show(f"strictly inside its piece in a round of {name}", inside, given=done)


def is_of(copy: CopyOfSetting, around: NetworkAround, r: Number) -> Formula:
    """Whether a round is one of the copy's kind."""
    prime = every(around.functions["a round of Q'"](r))
    return prime if copy.prime else negation(prime)


def answer_of_a_copy(network: TrainedNetwork, copy: CopyOfSetting, moment: NetworkMoment, case: Case) -> None:
    """State what is read of a copy of either kind from its round on."""
    name, at = _name(copy), moment.at
    kind, t, r = name.lower(), at["t"], at["r"]
    written = f"lemma3b.written.{kind}: "
    given = {key: value for key, value in moment.together.values.items() if key.startswith(f"{written}lemma")}
    given |= {f"{written}{STEPS} reached: {part}": at[part] for part in WEIGHTS if part != "t"}
    for label, handed in zip(CLOCKS, (moment.own, moment.before), strict=True):
        given |= {f"lemma3b.clocks: {label}: {part}": handed[part] for part in HANDED}
    given |= {of: getattr(moment.rounds, of) for of in ("update", "answered", "method")}
    given |= {"c": at["c"], "always set": at["c"] == 0}
    used = case.use(f"lemma3b.answers.{kind}", **moment.around.given, **settings_of(copy), **given)
    reading = f"lemma11.memory.strong: lemma11.readout{' (2)' if copy.prime else ''}: over all that is made reached"
    read, levels = (used.values[f"{reading}: upper"], used.values["lemma11.memory.strong: 2^"])
    n = used.values["lemma11.memory.strong: n"]
    done = every(used.values[f"{reading}: digit"] == 0, levels(n) * copy.rho >= 1, levels(n) >= 2)
    here = every(at["made"] == COPY, is_of(copy, moment.around, r))
    training = every(*(used.premise(label) for label in OF_TRAINING))
    case.show(f"{name}: each copy is in such a training", implies(here, training))
    passes = every(here, used.premise(OF_PASSES), done)
    error = read * copy.rho / copy.setting.record_gain - at["fraction"]
    near = within(error, network.tolerance * copy.rho)
    case.show(f"{name}: the answer is within tau", implies(r <= t, near), given=passes)
    ticks = (read >= 1) == (moment.own["ticked"] == 1)
    label = f"{name}: a clock has ticked exactly if it reads at least 1"
    case.show(label, implies(at["c"] == 0, ticks), given=passes)


BOTH = (False, True)


@obligation("lemma3b.rounds", paper="Lemma 3b", of=_network(Fraction(4), *BOTH), twin=_network(Fraction(0), *BOTH))
@obligation("lemma12b.rounds", paper="Lemma 12b", of=_network(Fraction(4), *BOTH), twin=_network(Fraction(0), *BOTH))
def network_simulates_its_method(network: TrainedNetwork, case: Case) -> None:
    """Let rho < 1/4, let the tolerance tau be 4 rho, and let a method be any function from what was answered and its
    state to its next state. Take a network of any number of rounds with any number of copies each, as the builder
    places and wires them, trained for any number of steps on any batches with any valid roundings, all copies at once.
    Nothing but its own wires touches a copy, and no vertex is one of two; what drives a copy, controls and random bits
    are as built after any number of steps, and so is the edge from a control to the output until the step of its round.
    In step t + 1, on each sample, the copies of round t + 1 whose digit is set act, on the method's state, and no
    others, as the clocks say that are read from their copies; the network returns the held value of this round,
    which is what its edges bring, each with its present weight times what its tail returns at present weights. What is
    read of a copy from its round on, over the gain, is within tau of the fraction of the batch of its step on which its
    digit was set and the label was the wrong one; a clock has ticked exactly if its copy reads at least 1; and each
    round hands on the method's state for what was read. (The batches are any: fresh ones for bSGD, or one and the same
    for fbGD.)"""
    around = NetworkAround.any(case)
    moment = any_moment(network, around, case)
    who_acts(network, moment, case)
    for copy in network.copies:
        held_output(copy, moment, case)
        answer_of_a_copy(network, copy, moment, case)
    joined(around, case)
    vertices_stay(case)
