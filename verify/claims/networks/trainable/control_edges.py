"""The edges from controls to the output, in training (Lemma 3b): each is as built until the step of its round begins.

A control returns 0 on every sample of every step before that of its round, as the clocks say whose turn it is. So the
loss has derivative 0 by the weight of its edge, the average over the batch is 0, and 0 rounds to 0 alone. These are
steps of the run that makes all copies and sums (``lemma3b.together``).
"""

from dataclasses import dataclass
from fractions import Fraction

from constructions.computation.flat import FlatCircuit
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.network import Fragment
from constructions.foundations.rounding import clip, is_valid
from constructions.foundations.walks import backward, forward
from constructions.networks.controls import secondary_weight
from constructions.networks.gates import code
from constructions.networks.layout import RoundLayout
from constructions.networks.round_circuit import CLOCK
from verify.claims.networks.layout.output_sum import OutputPen
from verify.claims.networks.queries.copies import CopyOfSetting
from verify.claims.networks.queries.training import CopyTraining
from verify.claims.networks.trainable.batches import DrivenCopy, NetworkAround
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state

NOTHING, COPY, SUM, EDGE = range(4)
"""What there is at a moment: nothing yet, a copy with its batch so far, a sum of the output so far, an edge from a
control with its batch so far."""
BUILD, SAMPLE, UPDATE, BEGIN, ADD, DRAW, SEE, MOVE = range(8)
"""What a step makes: a copy as built, a sample more of its batch, a copy after a step; a sum of no edge, an edge more;
an edge from a control as built, a sample more of its batch, the edge after a step."""
MAKES = (
    "a copy as built",
    "a sample more",
    "a step more",
    "a sum of no edge",
    "an edge more",
    "an edge as built",
    "a sample more of an edge",
    "a step more of an edge",
)
"""In words, in this order."""
LOOKS = ("copy", "brought", "clock", "previous", "edge")
"""At what a step looks back: a copy, a sum, the copy of the clock of its round, that of the round before, an edge."""
EVERYTHING = "over all that is made"
SMALLEST: dict[str, Number] = {"copies": 1, "rounds": 1, "bits": 3, "random bits": 0, "gates": 0}
SMALLEST |= {"rho": Fraction(1, 8), "a": Fraction(1, 8)}
"""A network of one round with one copy."""


def where(label: str, *steps: dict[str, Number]) -> dict[str, Number]:
    """Values at which a run is looked for that comes to a moment of this label by these steps, in that network."""
    said = {f"{label}: {name}@{i}": value for i, step in enumerate(steps) for name, value in step.items()}
    return SMALLEST | {f"steps of {label}": len(steps)} | said


_BUILT: dict[str, Number] = {"do": BUILD, "next round": 1, "next copy": 0}
_DRAWN: list[dict[str, Number]] = [{"do": DRAW, "next round": 1, "next edge": j} for j in (1, 2)]
_BEGUN: dict[str, Number] = {"do": BEGIN, "next step": 0, "next sample": 0}
_ADDED: list[dict[str, Number]] = [{"do": ADD}] * 3
A_MOMENT = f"{EVERYTHING} reached"
A_COPY = where(f"{A_MOMENT} (2)") | where(f"{A_MOMENT} (3)") | where(A_MOMENT, _BUILT)
"""Where a copy as built is looked for."""
A_CLOCK = where(f"{A_MOMENT} (2)", _BUILT) | where(A_MOMENT) | where(f"{A_MOMENT} (3)")
"""Where a clock as built is looked for."""
ALL_EDGES = where(A_MOMENT, _BUILT, *_DRAWN, _BEGUN, *_ADDED)
"""Where a sum of all edges is looked for."""
OF_EDGE = ("down", "entries")
"""What there is of an edge from a control: by how many multiples of rho times the step size it was moved down, and the
sum of its clipped gradients over the batch so far."""


@dataclass(frozen=True, slots=True)
class ReadClocks:
    """Whose turn it is, as it is read off the copies of clocks.

    Parameters
    ----------
    cell, layout, around : how rounds are gated, where vertices are, the network. copy : a copy of the setting.
    """

    cell: FlatCircuit
    layout: RoundLayout
    around: NetworkAround
    copy: CopyOfSetting

    def ticked(self, copy: State) -> Formula:
        """Whether the copy of a clock reads at least 1: whether it has recorded anything."""
        return CopyTraining(self.copy, Fraction(0)).record(copy) >= 1

    def gates(self, r: Number, clock: State, previous: State, digit: Formula, case: Case) -> dict[str, Formula]:
        """What round r does with a copy whose digit is set or not, by the clocks that are looked back at."""
        before = some(r == 1, self.ticked(previous))
        given = {"before": before, CLOCK: self.ticked(clock), "x": True, "digit": digit, "update": True}
        return case.circuit(self.cell, given)

    def are_of(self, t: Number, r: Number, clock: State, previous: State) -> Formula:
        """Whether these are the clocks of round r and of the one before it after t steps."""
        own = every(clock["made"] == COPY, clock["t"] == t, clock["r"] == r, clock["c"] == 0)
        before = every(previous["made"] == COPY, previous["t"] == t, previous["r"] == r - 1, previous["c"] == 0)
        return every(own, some(r == 1, before))

    def is_last(self, t: Number, clock: State) -> Formula:
        """Whether this is the clock of the last round after t steps."""
        own = every(clock["made"] == COPY, clock["t"] == t, clock["c"] == 0)
        return every(own, clock["r"] == self.around.rounds)

    def whose_turn(self, driven: DrivenCopy, clock: State, previous: State, case: Case) -> None:
        """State which copies of a round act in the next step, and when a round hands on a state."""
        t, r, digit = clock["t"], clock["r"], case.bit("digit is set")
        gates, there = self.gates(r, clock, previous, digit, case), self.are_of(t, r, clock, previous)
        case.show("which copies act", gates["acting"] == every(r == t + 1, digit), given=there)
        after = every(t >= self.around.rounds, r <= self.around.rounds)
        case.show("no copy acts after the last step", implies(after, negation(gates["acting"])), given=there)
        case.show("when a round hands on a state", gates["kept"] == (t >= r), given=there)
        vc = forward(driven.activator(driven.copy.setting), {"bit": code(RAMP).encode(negation(gates["acting"]))})
        case.show("the vertex vc of a copy is strictly flat", vc.flat("vc"), given=there)

    def pen(self, t: Number, sample: Number, copy: CopyOfSetting | None = None) -> OutputPen:
        """What the edges into the output bring on a sample of step t + 1; ``copy`` is one of its round's kind."""
        of = self.around.functions
        return OutputPen(
            layout=self.layout,
            copy=copy or self.copy,
            cell=self.cell,
            cancels=secondary_weight,
            rounds=self.around.rounds,
            turn=t + 1,
            sample=sample,
            digit=of["digit"],
            prime=of["a round of Q'"],
            value=of["value"],
            moved=of["moved"],
            among=of["among"],
        )


@dataclass(frozen=True, slots=True)
class ControlEdges:
    """Edges from controls to the output, the final ones too: those of a round behind the last.

    Parameters
    ----------
    clocks : whose turn it is.
    """

    clocks: ReadClocks

    def present(self, weight: Number, down: Number) -> Number:
        """The weight of an edge that was built with ``weight`` and moved down by so many multiples."""
        copy = self.clocks.copy
        return weight - copy.setting.rate * copy.rho * down

    def place(self, s: State) -> tuple[Number, Number, Number]:
        """The steps, the round and the number of the edge that a step makes."""
        edge, drawn = earlier_state(s, "edge"), s["do"] == DRAW
        t = select(drawn, Fraction(0), select(s["do"] == MOVE, edge["t"] + 1, edge["t"]))
        return t, select(drawn, s["next round"], edge["r"]), select(drawn, s["next edge"], edge["j"])

    def returned(self, s: State, case: Case) -> Number:
        """What the control of an edge returns on a sample, by its present clocks."""
        edge, brought, clock, previous = (earlier_state(s, name) for name in ("edge", *LOOKS[1:4]))
        r, j, layout = edge["r"], edge["j"], self.clocks.layout
        pen = self.clocks.pen(edge["t"], brought["sample"])
        digit = some(j >= 2 * layout.copies, pen.digit(brought["sample"], r, pen.copy_of(j)))
        acts = self.clocks.gates(r, clock, previous, digit, case)["acting"]
        kept = self.clocks.gates(r, clock, previous, True, case)["kept"]
        return select(r > self.clocks.around.rounds, pen.final(kept), pen.controlled(r, acts))

    def gradient(self, s: State, case: Case) -> Number:
        """The clipped derivative of the loss by the weight of an edge on a sample, by the chain rule's walk."""
        edge, brought = earlier_state(s, "edge"), earlier_state(s, "brought")
        value = self.returned(s, case)
        pen = self.clocks.pen(edge["t"], brought["sample"])
        weight = self.present(pen.built(edge["j"]), edge["down"])
        return entry(weight, value, brought["sum"], s["y"])

    def needs(self, s: State) -> dict[int, Formula]:
        """What the steps that make an edge need of the moments at which they look back."""
        edge, brought, clock, previous = (earlier_state(s, name) for name in ("edge", *LOOKS[1:4]))
        rounds, size = self.clocks.around.rounds, select(edge["b"] >= 1, edge["b"], 1)
        there = every(edge["made"] == EDGE, brought["made"] == SUM, brought["t"] == edge["t"], brought["r"] > rounds)
        own = self.clocks.are_of(edge["t"], edge["r"], clock, previous)
        last = self.clocks.is_last(edge["t"], clock)
        rounded = is_valid(s["k[edge]"], edge["entries"] / size, self.clocks.copy.rho)
        return {
            DRAW: self.exists(s["next round"], s["next edge"]),
            SEE: every(
                there,
                implies(edge["r"] <= rounds, own),
                implies(edge["r"] > rounds, last),
                some(s["y"] == 0, s["y"] == 1),
            ),
            MOVE: every(edge["made"] == EDGE, edge["b"] >= 1, rounded),
        }

    def exists(self, r: Number, j: Number) -> Formula:
        """Whether there is an edge j of a round that comes from a control: a canceller, the primary, a final one."""
        rounds, layout = self.clocks.around.rounds, self.clocks.layout
        of_round = implies(r <= rounds, every(j >= layout.copies, j < layout.feeders))
        return every(r >= 1, r <= rounds + 1, j >= 0, of_round)

    def made(self, s: State, case: Case) -> State:
        """The edge that a step makes."""
        edge, do = earlier_state(s, "edge"), s["do"]
        down = select(do == DRAW, 0, select(do == MOVE, edge["down"] + s["k[edge]"], edge["down"]))
        seen = do == SEE
        return {
            "b": select(seen, edge["b"] + 1, 0),
            "down": down,
            "entries": select(seen, edge["entries"] + self.gradient(s, case), Fraction(0)),
        }

    def holds(self, now: State) -> Formula:
        """Up to the step of its round an edge is as built, and before it nothing is in its batch."""
        t, r = now["t"], now["r"]
        here = every(t >= 0, now["b"] >= 0, self.exists(r, now["j"]))
        return every(here, implies(t < r - 1, now["entries"] == 0), implies(t <= r - 1, now["down"] == 0))


def entry(weight: Number, value: Number, total: Number, y: Number) -> Number:
    """The clipped derivative of the loss by the weight of an edge from a control to the output, by the chain rule's
    walk, where the control returns ``value``, all edges bring ``total``, and the label is ``y``."""
    graph = Fragment(inputs=("control",), outputs=("f",), edges={("control", "f"): weight})
    run = forward(graph, {"control": value}, outside={"f": total - weight * value})
    found = backward(run, {"f": run.out["f"] - y}, report_kinks=True)
    return clip(found.edges["control", "f"])


@obligation("lemma3b.edge", paper="Lemma 3b", of=lambda case: Fraction(0), twin=lambda case: Fraction(2))
def a_control_that_returns_nothing_moves_no_weight(value: Number, case: Case) -> None:
    """While a control returns 0, the loss has derivative 0 by the weight of its edge to the output, whatever this
    weight is, whatever all edges bring, and for every label."""
    weight, total, y = (case.real(name) for name in ("weight", "total", "label"))
    case.show("no derivative", entry(weight, value, total, y) == 0)
