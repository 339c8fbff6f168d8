"""A copy in the network that drives it (Lemma 3b): its training is one of Lemma 11's.

On a sample, vc gets what the gating of its round says, and the output gets the sum over all of its edges
(``lemma3b.output``). Proved here: the training of a copy over any number of steps
(``lemma3b.written``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.rounding import is_valid
from constructions.networks.controls import activator
from constructions.networks.round_circuit import CLOCK, gating
from verify.claims.networks.queries.training import (
    EDGES,
    CopyTraining,
    flat_while_idle,
    moved,
    multiple,
    settings_of,
    total,
    written,
)
from verify.claims.networks.trainable.batches import KINDS, OF_BATCH, STEPS, DrivenCopy, NetworkAround, driven_copy
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State
from verify.obligations.use import Used


def unread(used: Used) -> dict[str, Any]:
    """What stands for the variables that a used claim has from those that it uses itself, to stand for them again:
    nothing depends on them."""
    return {name: value for name, value in used.values.items() if name.startswith("lemma")}


@dataclass(frozen=True, slots=True)
class NetworkBatches:
    """The batches of a copy that a network collects, while the copy is as built and once it is written.

    Parameters
    ----------
    driven, around : the copy, and the network. others : for each phase, what stands for variables that nothing reads.
    """

    driven: DrivenCopy
    around: NetworkAround
    others: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, driven: DrivenCopy, around: NetworkAround, case: Case) -> "NetworkBatches":
        """Those of a copy."""
        claims = {phase: f"lemma3b.batch.{phase}.{driven.kind}" for phase in ("built", "still")}
        return cls(driven, around, {phase: unread(case.use(claim)) for phase, claim in claims.items()})

    @classmethod
    def within(cls, driven: DrivenCopy, around: NetworkAround, others: dict[str, Any]) -> "NetworkBatches":
        """Those of which ``lemma3b.written`` speaks, where it is used with these variables that nothing reads."""
        heads = {phase: f"lemma3b.batch.{phase}.{driven.kind}: " for phase in ("built", "still")}
        found = {
            phase: {name.removeprefix(head): value for name, value in others.items() if name.startswith(f"{head}lemma")}
            for phase, head in heads.items()
        }
        return cls(driven, around, found)

    def collected(self, phase: str, given: dict[str, Any], case: Case) -> Formula:
        """That the network has collected a batch of the copy in a phase, built or still."""
        shared = {**self.others[phase], **self.around.given, **settings_of(self.driven.copy)}
        return case.use(f"lemma3b.batch.{phase}.{self.driven.kind}", **shared, **given).premises


@dataclass(frozen=True, slots=True)
class WrittenCopy:
    """The training of a copy in its network.

    Parameters
    ----------
    over : whether its step is over, after how many steps, before which there are how many rounds. batches : those of
        the copy. s : how many rounds are before its own. c : its number in its round. always : whether its digit is set
        on every sample. training : Lemma 11's run.
    """

    over: Callable[[Number, Number], Formula]
    batches: NetworkBatches
    s: Number
    c: Number
    always: Formula
    training: Any

    def turn(self, t: Number, case: Case) -> Formula:
        """Whether it is its round's turn after t steps, as the gating says while clocks tick one after the other."""
        ticked = {"before": some(self.s == 0, t >= self.s), CLOCK: t > self.s}
        return case.circuit(gating(), {**ticked, "x": True, "digit": True, "update": True})["now"]

    def of_lemma(self, s: State) -> State:
        """The part of a state that Lemma 11 speaks of."""
        return {name: s[name] for name in self.training.record.state}

    def given(self, s: State, case: Case) -> Formula:
        """The batch was collected as the network drives the copy, and its averages are rounded validly."""
        shared: dict[str, Any] = {"step": s["t"] + 1, "round": self.s + 1, "c": self.c, "always set": self.always}
        shared |= {f"over the batch reached: {name}": s[name] for name in OF_BATCH}
        at_weights_now = {moved(edge): s[moved(edge)] for edge in EDGES}
        first = self.batches.collected("built", {**shared, "its turn": self.turn(s["t"], case)}, case)
        later = self.batches.collected("still", {**shared, **at_weights_now}, case)
        size, rho = select(s["b"] >= 1, s["b"], 1), self.batches.driven.copy.rho
        rounded = (is_valid(s[multiple(edge)], s[total(edge)] / size, rho) for edge in EDGES)
        collected = every(implies(s["t"] <= self.s, first), implies(s["t"] > self.s, later))
        return every(collected, s["b"] >= 1, *rounded)

    def advance(self, s: State) -> State:
        """Lemma 11's step, and on which fraction of the batch the digit was set and the label wrong."""
        size = select(s["b"] >= 1, s["b"], 1)
        asked = select(s["t"] == self.s, s["asked"] / size, s["fraction"])
        return {**self.training.advance(s), "fraction": asked}

    def holds(self, s: State) -> Formula:
        """It is a moment of Lemma 11's training, and what it says of the batch of its step is what was asked."""
        after = self.over(s["t"], self.s)
        whole, wrong = implies(every(after, self.always), s["ft"] == 1), implies(after, s["fm"] == s["fraction"])
        return every(s["t"] >= 0, self.training.reached(self.of_lemma(s)), whole, wrong)


def network_training(subject: tuple[DrivenCopy, Callable[[Number, Number], Formula]], case: Case) -> None:
    """Take a copy of any round of a network, trained for any number of steps on any batches with any valid roundings.
    In the step of its round it acts on the samples on which its digit is set, in other steps on none, and the output
    gets what its edges bring. Then its training is one of Lemma 11's, the step in which it may be active is that of its
    round, and fm is the fraction of this step's batch on which its digit was set and the label was the wrong one. If
    the digit is always set, it was active on the whole batch."""
    driven, over = subject
    copy, around, s = driven.copy, NetworkAround.any(case), case.integer("s")
    case.assume(s >= 0)
    prime = around.functions["a round of Q'"](s + 1)
    case.assume(prime if copy.prime else negation(prime), label="its round is one of its kind")
    lemma = case.use(f"lemma11.training.strong.{driven.kind}", s=s, **settings_of(copy))
    training, others = lemma.inductions[STEPS], unread(lemma)
    run = WrittenCopy(
        over, NetworkBatches.of(driven, around, case), s, case.integer("c"), case.bit("always set"), training
    )
    names = list(training.record.inputs)
    state = {name: case.integer(name) for name in ("t", *map(moved, EDGES), *map(written, EDGES))}
    state |= {name: case.real(name) for name in ("fm", "ft", "fraction")}
    inputs = {name: case.integer(name) for name in (*OF_BATCH[:4], *map(multiple, EDGES))}
    inputs |= {name: case.real(name) for name in OF_BATCH[4:]}
    training.begin(**dict.fromkeys(names, Fraction(0)))
    training.go_on(run.of_lemma(state), **{name: inputs[name] for name in names})
    at = case.reached(
        case.induction(
            STEPS,
            state=state,
            start=dict.fromkeys(state, Fraction(0)),
            inputs=inputs,
            fixed=tuple(f"lemma3b.batch.{phase}.{driven.kind}" for phase in run.batches.others),  # nothing reads them
            given=lambda now: run.given(now, case),
            advance=run.advance,
            holds=run.holds,
        )
    )
    after, before = over(at["t"], s), at["t"] <= s
    moment = {f"{STEPS} reached: {name}": at[name] for name in run.of_lemma(at)}
    case.use(f"lemma11.training.strong.{driven.kind}", s=s, **settings_of(copy), **others, **moment)
    record = CopyTraining(copy, s).record(at)
    case.show("a digit that is always set is recorded", record >= 1, given=every(after, run.always))
    stands(CopyTraining(copy, s), at, before, after, case)
    for when, given in (("up to its step", before), ("after it", after)):
        case.show(f"it is a training of Lemma 11 {when}", training.reached(run.of_lemma(at)), given=given)
    case.show("fm is what was asked and wrong", at["fm"] == at["fraction"], given=after)
    case.show("active on the whole batch if its digit is always set", at["ft"] == 1, given=every(after, run.always))


def stands(training: CopyTraining, at: State, before: Formula, after: Formula, case: Case) -> None:
    """State how a copy stands at a moment before its step or after it."""
    case.show("nothing is recorded up to its step", training.record(at) == 0, given=before)
    built = every(*(at[moved(edge)] == 0 for edge in EDGES))
    case.show("it is as built up to its step", built, given=before)
    case.show("it is flat when idle after it", flat_while_idle(training.graph(at)), given=after)


def its_step_is_over(t: Number, s: Number) -> Formula:
    """Whether the step of a round is over after t steps, before which there are s rounds."""
    return t > s


def as_it_begins(t: Number, s: Number) -> Formula:
    """The same, as early as the step begins (the twin's)."""
    return t >= s


def _until(prime: bool, over: Callable[[Number, Number], Formula]) -> Callable[[Case], Any]:
    return lambda case: (driven_copy(prime, True, activator)(case), over)


for _kind in KINDS:
    registry().add(
        Obligation(
            id=f"lemma3b.written.{_kind}",
            paper="Lemma 3b",
            claim=network_training,
            kind="induction",
            of=_until(KINDS[_kind], its_step_is_over),
            twin=_until(KINDS[_kind], as_it_begins),
        )
    )
