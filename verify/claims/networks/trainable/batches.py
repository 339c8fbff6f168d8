"""A copy in the network that drives it (Lemma 3b): its samples and its batches are those of Lemma 11.

On a sample, vc gets what the gating of its round says, and the output gets the sum over all of its edges
(``lemma3b.output``). Proved here: a batch that a network collects is one of Lemma 11's (``lemma3b.batch``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.network import Fragment
from constructions.foundations.terms import INTEGER
from constructions.foundations.walks import forward
from constructions.networks.controls import activator
from constructions.networks.gates import code
from constructions.networks.queries import STRONG
from verify.claims.networks.layout.wires import SIZES
from verify.claims.networks.queries.copies import CopyOfSetting
from verify.claims.networks.queries.training import (
    EDGES,
    any_path,
    at_weights,
    flat_while_idle,
    moved,
    settings_of,
    total,
)
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State

KINDS = {"q": False, "q'": True}
"""The copies of odd and of even rounds."""
OF_BATCH = ("b", "wrong", "active", "asked", *map(total, EDGES))
"""What a batch has: its size, how many samples are wrong and active, on how many the digit was set and the label
wrong, and the sums of gradients."""
STEPS = "over the steps"
Activator = Callable[[Any], Fragment]


@dataclass(frozen=True, slots=True)
class NetworkAround:
    """What a network has around a copy: the same names in every claim about it.

    Parameters
    ----------
    sizes : of the layout, by name. rounds : how many there are. digit, prime, value, moved, among : as in
        :class:`~verify.claims.networks.layout.output_sum.OutputPen`.
    """

    sizes: dict[str, Number]
    rounds: Number
    digit: Callable[..., Any]
    functions: dict[str, Any]

    @classmethod
    def any(cls, case: Case) -> "NetworkAround":
        """Any network."""
        sizes = {name: case.integer(name) for name in SIZES}
        functions: dict[str, Any] = {
            "digit": case.predicate("digit", 3, takes=(INTEGER,) * 3),
            "a round of Q'": case.predicate("a round of Q'", 1, takes=(INTEGER,)),
            "value": case.function("value", 3, takes=(INTEGER,) * 3),
            "moved": case.function("moved", 3, takes=(INTEGER,) * 3),
            "among": case.function("among", 3, takes=(INTEGER,) * 3, gives=INTEGER),
        }
        return cls(sizes, case.integer("rounds"), functions["digit"], functions)

    @property
    def given(self) -> dict[str, Any]:
        """What stands for the variables of a claim about the same network."""
        return {**self.sizes, "rounds": self.rounds, **self.functions}


@dataclass(frozen=True, slots=True)
class DrivenCopy:
    """A copy as built or once written, and what drives its vc.

    Parameters
    ----------
    copy, built : as in :class:`~verify.claims.networks.queries.training.CopyPhase`. activator : the template of vc.
    """

    copy: CopyOfSetting
    built: bool
    activator: Activator

    @property
    def kind(self) -> str:
        """The kind of the copy, as ids have it."""
        return "q'" if self.copy.prime else "q"

    def vc(self, acts: Formula) -> Number:
        """What vc returns, for the bit that says that the copy is idle."""
        bit = code(RAMP).encode(negation(acts))
        return forward(self.activator(self.copy.setting), {"bit": bit}).out["vc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkBatch:
    """The batch of a copy in a step of its network.

    Parameters
    ----------
    driven, graph, around : the copy, its graph at its weights, the network. step, place, c : the step, the
        copy's round, its number there. turn, always : whether it is its round's turn, and its digit set
        on every sample. batches : Lemma 11's run.
    """

    driven: DrivenCopy
    graph: Fragment
    around: NetworkAround
    step: Number
    place: Number
    c: Number
    turn: Formula
    always: Formula
    batches: Any

    def state(self, case: Case) -> State:
        """Variables for what a batch has."""
        return {name: case.integer(name) for name in OF_BATCH[:4]} | {name: case.real(name) for name in OF_BATCH[4:]}

    def inputs(self, case: Case) -> State:
        """Variables for a sample, and for the last of the edges that bring its sum."""
        found = {name: case.integer(name) for name in ("sample", "last round", "last edge")}
        return found | {name: case.real(name) for name in ("y", "sum")}

    def of_lemma(self, s: State) -> State:
        """The part of a state that Lemma 11 speaks of."""
        return {name: s[name] for name in OF_BATCH if name != "asked"}

    def is_asked(self, s: State) -> Formula:
        """Whether the copy's digit is set on the sample."""
        return every(self.around.digit(s["sample"], self.place, self.c))

    def sample(self, s: State) -> dict[str, Number]:
        """What Lemma 11 reads of it: vc, what all but the copy adds to the output, the label."""
        vc = self.driven.vc(every(self.turn, self.is_asked(s)))
        run = forward(self.graph, {"vc": vc}, outside={"v4": Fraction(0)})
        return {"vc": vc, "z": s["sum"] - self.graph.weight("v3", "v4") * run.out["v3"], "y": s["y"]}

    def given(self, s: State, case: Case) -> Formula:
        """The output gets on the sample what its edges bring in this step, and the label is 0 or 1."""
        shared, prime = settings_of(self.driven.copy), self.around.functions["a round of Q'"](self.step)
        brought = [_output(kind, self.around, self.step, s, shared, case) for kind in KINDS]
        held = every(implies(negation(prime), brought[0]), implies(prime, brought[1]))
        return every(held, some(s["y"] == 0, s["y"] == 1), implies(self.always, self.is_asked(s)))

    def advance(self, s: State) -> State:
        """Lemma 11's step, and on how many samples the digit was set and the label the wrong one."""
        after: State = self.batches.advance({**self.of_lemma(s), **self.sample(s)})
        asked = every(self.is_asked(s), s["y"] == self.driven.copy.wrong)
        return after | {"asked": s["asked"] + select(asked, 1, 0)}

    def holds(self, s: State) -> Formula:
        """It is a batch of Lemma 11's, and what is counted there is what was asked."""
        all_active = implies(every(self.turn, self.always), s["active"] == s["b"])
        counted = implies(self.turn, s["wrong"] == s["asked"])
        return every(self.batches.reached(self.of_lemma(s)), all_active, counted, s["asked"] >= 0)


def batch_run(driven: DrivenCopy, case: Case) -> NetworkBatch:
    """The batch of any copy of a network in any step, as built or at any weights at which it is flat when idle."""
    copy, around = driven.copy, NetworkAround.any(case)
    step, place, c, always = case.integer("step"), case.integer("round"), case.integer("c"), case.bit("always set")
    turn: Formula = case.bit("its turn") if driven.built else False
    down: dict[Any, Number] = {edge: Fraction(0) if driven.built else case.integer(moved(edge)) for edge in EDGES}
    graph = at_weights(copy, down)
    given: dict[str, Any] = {"may act": turn} if driven.built else {moved(edge): by for edge, by in down.items()}
    if not driven.built:
        case.assume(flat_while_idle(graph), label="the copy is flat when idle")
    prime = around.functions["a round of Q'"](step)
    case.assume(implies(turn, prime if copy.prime else negation(prime)), label="in its turn the step is of its kind")
    phase = "built" if driven.built else "still"
    used = case.use(f"lemma11.batch.{phase}.strong.{driven.kind}", **given, **settings_of(copy))
    return NetworkBatch(
        driven=driven,
        graph=graph,
        around=around,
        step=step,
        place=place,
        c=c,
        turn=turn,
        always=always,
        batches=used.inductions["over the batch"],
    )


def network_batch(driven: DrivenCopy, case: Case) -> None:
    """Take a step of a network and a copy of one of its rounds, as built (or flat when idle, once it is written). Over
    a batch of any size, let it act exactly on the samples on which its digit is set, if it is its round's turn, and on
    none if it is not; and let the output get on each sample what its edges bring. Then the batch is one of Lemma 11's:
    so many samples are active and so many wrong, those on which the digit was set and the label was the wrong one; and
    all are active if the digit is always set."""
    run = batch_run(driven, case)
    batches, state, inputs = run.batches, run.state(case), run.inputs(case)
    batches.begin(vc=Fraction(2), z=Fraction(0), y=Fraction(0))
    batches.go_on(run.of_lemma(state), **run.sample({**state, **inputs}))
    found = case.induction(
        "over the batch",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        inputs=inputs,
        given=lambda s: run.given(s, case),
        advance=run.advance,
        holds=run.holds,
    )
    at = case.reached(found)
    case.show("it is a batch of Lemma 11", batches.reached(run.of_lemma(at)))
    if not driven.built:
        return
    whole = every(run.turn, run.always)
    case.show("all are active if the digit is always set", at["active"] == at["b"], given=whole)
    case.show("those are wrong on which it is set and the label is", at["wrong"] == at["asked"], given=run.turn)


def _output(kind: str, around: NetworkAround, step: Number, s: State, shared: dict[str, Number], case: Case) -> Formula:
    """That a sample's sum is what all edges bring in a step of a round of a kind."""
    at = {"r": s["last round"], "j": s["last edge"], "sum": s["sum"]}
    moment = {f"over the edges reached: {name}": value for name, value in at.items()}
    given = {"turn": step, "sample": s["sample"], **moment}
    used = case.use(f"lemma3b.output.{kind}", **around.given, **shared, **given)
    return every(used.premises, s["last round"] > around.rounds)


def driven_copy(prime: bool, built: bool, make: Activator) -> Callable[[Case], DrivenCopy]:
    return lambda case: DrivenCopy(any_path(STRONG, prime)(case), built, make)


def always_idle(setting: Any) -> Fragment:
    """A vc that is driven by nothing (the twin's)."""
    return activator(setting).with_weight("bit", "vc", 0)


for _kind, _built in product(KINDS, (True, False)):
    registry().add(
        Obligation(
            id=f"lemma3b.batch.{'built' if _built else 'still'}.{_kind}",
            paper="Lemma 3b",
            claim=network_batch,
            kind="induction",
            of=driven_copy(KINDS[_kind], _built, activator),
            twin=driven_copy(KINDS[_kind], _built, always_idle),
        )
    )
