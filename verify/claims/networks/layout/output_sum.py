"""What the output of an emulation network gets in each step (Lemma 3b), summed over all of its edges.

A network has any number of rounds, and each round any number of copies. The edges into the output are gone through as
the builder places them (:mod:`constructions.networks.layout`), one after the other. Proved here: ``lemma3b.output``,
and what the output gets after the last step (``lemma3b.ends``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.foundations.activation import RAMP
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.terms import INTEGER
from constructions.foundations.walks import forward
from constructions.networks.controls import control, final_weight, primary_weight, secondary_weight
from constructions.networks.gates import code
from constructions.networks.layout import CANCELLER, V3, RoundLayout
from constructions.networks.queries import STRONG, Setting
from constructions.networks.round_circuit import CLOCK, gating
from verify.claims.networks.layout.wires import any_layout
from verify.claims.networks.queries.copies import CopyOfSetting
from verify.claims.networks.queries.training import any_path
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.parts import State


@dataclass(frozen=True, slots=True)
class OutputPen:
    """The edges into the output on one sample of one step, and what they bring.

    Parameters
    ----------
    layout, copy, cell : where a round's vertices are, a copy as built, the gating of a round. cancels : the weight of a
        canceller in a setting. rounds, turn, sample : how many rounds there are, in whose step we are, on which sample.
    digit, prime : whether a digit is set, of a sample, a round and a copy; whether a round is one of Q'. value, moved :
        what a vertex of a round returns on a sample; the weights of other rounds when it is drawn, which may have
        moved. among : how many of a round's first copies act on a sample.
    """

    layout: RoundLayout
    copy: CopyOfSetting
    cell: FlatCircuit
    cancels: Callable[[Setting], Number]
    rounds: Number
    turn: Number
    sample: Number
    digit: Callable[..., Any]
    prime: Callable[..., Any]
    value: Callable[..., Any]
    moved: Callable[..., Any]
    among: Callable[..., Any]

    @property
    def adds(self) -> Number:
        """What a copy that acts adds to the output."""
        run = forward(self.copy.graph, {"vc": Fraction(0)}, outside={"v4": Fraction(0)})
        return self.copy.graph.weight("v3", "v4") * run.out["v3"]

    @property
    def held(self) -> Number:
        """What the output has to get."""
        return self.copy.setting.pre_activation(self.copy.rho, prime=self.copy.prime)

    def acts(self, r: Number, digit: Formula, case: Case) -> Formula:
        """Whether a copy of round r acts, as its gating says."""
        given = {"before": some(r == 1, r - 1 < self.turn), CLOCK: r < self.turn, "x": True, "digit": digit}
        return case.circuit(self.cell, {**given, "update": True})["acting"]

    def controlled(self, r: Number, acts: Formula) -> Number:
        """What a control of round r returns, which reads whether a copy acts, or is idle, and a steady bit."""
        prime = self.prime(r)
        plus = some(every(prime, acts), every(negation(prime), negation(acts)))
        given = {"plus": code(RAMP).encode(plus), "minus": code(RAMP).encode(prime)}
        return forward(control(), given).out["control"]

    def final(self, kept: Formula) -> Number:
        """What a final control returns, which reads whether a bit of the prediction is set, and a bit that is."""
        return forward(control(), {"plus": code(RAMP).encode(kept), "minus": code(RAMP).encode(True)}).out["control"]

    def may(self, s: State, case: Case) -> Formula:
        """What is known of the vertices from which the next edge may come."""
        c = self.copy_of(s["j"])
        acts = self.acts(s["r"], self.digit(self.sample, s["r"], c), case)
        kept = case.circuit(self.cell, {CLOCK: self.rounds < self.turn, **dict.fromkeys(("before", "x"), True)} | ANY)
        v3 = forward(self.copy.graph, {"vc": Fraction(0)}, outside={"v4": Fraction(0)}).out["v3"]
        clock = self.acts(s["r"], True, case)
        return self.tails(s, acts=acts, clock=clock, kept=kept["kept"], v3=select(acts, v3, Fraction(0)))

    def copy_of(self, j: Number) -> Number:
        """The copy to which edge j of a round belongs, by its v3 or its canceller."""
        return select(j < self.layout.copies, j, j - self.layout.copies)

    def tails(self, s: State, *, acts: Formula, clock: Formula, kept: Formula, v3: Number) -> Formula:
        """What the vertices return from which the next edge may come: a copy's v3, its canceller, the primary control,
        a final control.

        Parameters
        ----------
        s : the edge. acts, clock : whether its copy acts, and that of the clock. kept : whether a bit of the prediction
            is set after the last round. v3 : what v3 of the copy returns.
        """
        r, j, at = s["r"], s["j"], self.layout
        c = self.copy_of(j)
        of_copy = every(
            self.among(self.sample, r, c + 1) == self.among(self.sample, r, c) + select(acts, 1, 0),
            self.returned(r, at.row(V3, c)) == v3,
            self.returned(r, at.row(CANCELLER, c)) == self.controlled(r, acts),
        )
        return every(
            implies(every(r <= self.rounds, j < 2 * at.copies), of_copy),
            implies(r <= self.rounds, self.returned(r, at.primary) == self.controlled(r, clock)),
            implies(r > self.rounds, self.returned(r, j) == self.final(kept)),
        )

    def returned(self, r: Number, vertex: Number) -> Number:
        """What a vertex of round r returns on the sample; the round behind the last is the predictor's block, of which
        vertex j is final control j here."""
        return self.value(self.sample, r, vertex)

    def built(self, j: Number) -> Number:
        """The weight of edge j of a round into the output, as it is built."""
        setting = self.copy.setting
        kinds = {"path": self.copy.graph.weight("v3", "v4"), "canceller": self.cancels(setting)}
        return self.layout.feeder_weight(j, primary=primary_weight(setting, self.copy.rho), **kinds)

    def advance(self, s: State) -> State:
        """One edge more: its weight times what its tail returns."""
        return self.one_more(s, self.built(s["j"]))

    def one_more(self, s: State, weight: Number) -> State:
        """One edge more, which has this weight in the step of its round."""
        r, j, at = s["r"], s["j"], self.layout
        present = select(r == self.turn, weight, self.moved(self.sample, r, j))
        over = r > self.rounds
        ends = every(negation(over), j + 1 == at.feeders)
        brings = present * select(over, self.returned(r, j), self.returned(r, at.feeder(j)))
        return {"r": select(ends, r + 1, r), "j": select(ends, 0, j + 1), "sum": s["sum"] + brings}

    def holds(self, s: State) -> Formula:
        """Nothing comes before the round whose turn it is; there the copies that act add their share and the cancellers
        take it off again; behind it the sum is what the output has to get."""
        r, j, copies = s["r"], s["j"], self.layout.copies
        first, rest = (self.among(self.sample, self.turn, c) for c in (j, j - copies))
        all_of_them = self.among(self.sample, self.turn, copies)
        here = select(j <= copies, first * self.adds, (all_of_them - rest) * self.adds)
        return every(
            r >= 1,
            r <= self.rounds + 1,
            j >= 0,
            implies(r <= self.rounds, j < self.layout.feeders),
            implies(r < self.turn, s["sum"] == 0),
            implies(r == self.turn, s["sum"] == here),
            implies(r > self.turn, s["sum"] == self.held),
        )


ANY: dict[str, Formula] = {"digit": True, "update": True}


def any_pen(
    case: Case, prime: bool, turn: Callable[[Number], Number], cancels: Callable[[Setting], Number]
) -> OutputPen:
    """The edges into the output of any network, on any sample in a step, which is told by how many rounds there are."""
    layout, copy, rounds = any_layout()(case), any_path(STRONG, prime)(case), case.integer("rounds")
    return OutputPen(
        layout=layout,
        copy=copy,
        cell=gating(),
        cancels=cancels,
        rounds=rounds,
        turn=turn(rounds),
        sample=case.integer("sample"),
        digit=case.predicate("digit", 3, takes=(INTEGER,) * 3),
        prime=case.predicate("a round of Q'", 1, takes=(INTEGER,)),
        value=case.function("value", 3, takes=(INTEGER,) * 3),
        moved=case.function("moved", 3, takes=(INTEGER,) * 3),
        among=case.function("among", 3, takes=(INTEGER,) * 3, gives=INTEGER),
    )


def any_output(pen_cancels: Callable[[Setting], Number], prime: bool) -> Callable[[Case], OutputPen]:
    """Any network, step and sample; the step is one of a round of Q, or of Q'."""

    def build(case: Case) -> OutputPen:
        pen = any_pen(case, prime, lambda rounds: case.integer("turn"), pen_cancels)
        case.assume(pen.turn >= 1, pen.turn <= pen.rounds)
        case.assume(pen.prime(pen.turn) if prime else negation(pen.prime(pen.turn)), label="of which kind the round is")
        case.assume(pen.among(pen.sample, pen.turn, Fraction(0)) == 0, label="none is among the first 0 copies")
        return pen

    return build


def output_gets_the_held_value(pen: OutputPen, case: Case) -> None:
    """Take any step of a network of any number of rounds, any number of copies in each, and any sample. Every edge into
    the output is gone through: those of each round, then the final controls. What copies that act add is taken off
    again by their cancellers, the controls of other rounds return 0, whatever their weights have become, and so do the
    final ones. So what the output gets is what the setting declares for this round, strictly inside a piece of slope 1,
    and it returns the held value."""
    at = case.reached(
        case.induction(
            "over the edges",
            state={"r": case.integer("r"), "j": case.integer("j"), "sum": case.real("sum")},
            start={"r": Fraction(1), "j": Fraction(0), "sum": Fraction(0)},
            inputs={},
            given=lambda s: pen.may(s, case),
            advance=pen.advance,
            holds=pen.holds,
        )
    )
    all_rounds = at["r"] > pen.rounds
    copy = pen.copy
    case.show("what the output gets", at["sum"] == pen.held, given=all_rounds)
    case.show("what it returns", RAMP(at["sum"]) == copy.setting.output(copy.rho, prime=copy.prime), given=all_rounds)
    piece = next(
        piece for piece in RAMP.pieces if piece.inside(copy.setting.pre_activation(Fraction(1, 8), prime=copy.prime))
    )
    case.show("strictly inside its piece", piece.inside(at["sum"]), given=all_rounds)


for _prime, _name in ((False, "q"), (True, "q'")):
    registry().add(
        Obligation(
            id=f"lemma3b.output.{_name}",
            paper="Lemma 3b",
            claim=output_gets_the_held_value,
            kind="induction",
            of=any_output(secondary_weight, _prime),
            twin=any_output(lambda setting: 2 * secondary_weight(setting), _prime),
        )
    )


Weigh = Callable[[Number], Number]


def after_the_last_step(weigh: Weigh) -> Callable[[Case], tuple[OutputPen, Weigh]]:
    """Any network whose steps are all over, and the weight of a final control to the output for the place of its
    bit."""

    def build(case: Case) -> tuple[OutputPen, Weigh]:
        pen = any_pen(case, False, lambda rounds: rounds + 1, secondary_weight)
        case.assume(pen.rounds >= 0)
        return pen, weigh

    return build


@obligation(
    "lemma3b.ends",
    paper="Lemma 3b, Lemma 12b",
    kind="induction",
    of=after_the_last_step(final_weight),
    twin=after_the_last_step(lambda place: place),
)
def network_ends_as_the_predictor(subject: tuple[OutputPen, Weigh], case: Case) -> None:
    """Take a network of any number of rounds, any number of copies in each, and any number of final controls, after its
    last step, and any sample. Every edge into the output is gone through. No copy acts any more, so v3 of each returns
    0, and so does each control of a round, whatever the weights of these edges have become; a final control reads its
    bit of the prediction, and its edge is as built. So the output gets the prediction: the sum of the places of those
    bits that are set; and it returns a prediction in [0, 1] as it is."""
    pen, weigh = subject
    place, is_set = case.function("place", 1, takes=(INTEGER,)), case.predicate("bit is set", 1, takes=(INTEGER,))
    v3 = forward(pen.copy.graph, {"vc": Fraction(0)}, outside={"v4": Fraction(0)}).out["v3"]

    def given(s: State) -> Formula:
        acts = pen.acts(s["r"], pen.digit(pen.sample, s["r"], pen.copy_of(s["j"])), case)
        bits = {"before": True, "x": True, "digit": True, CLOCK: pen.rounds < pen.turn, "update": is_set(s["j"])}
        kept, clock = case.circuit(pen.cell, bits)["kept"], pen.acts(s["r"], True, case)
        return pen.tails(s, acts=acts, clock=clock, kept=kept, v3=select(acts, v3, Fraction(0)))

    def advance(s: State) -> State:
        told = select(every(s["r"] > pen.rounds, is_set(s["j"])), place(s["j"]), Fraction(0))
        edge = {name: s[name] for name in ("r", "j", "sum")}
        return pen.one_more(edge, weigh(place(s["j"]))) | {"told": s["told"] + told}

    def holds(s: State) -> Formula:
        r, j = s["r"], s["j"]
        here = every(r >= 1, r <= pen.rounds + 1, j >= 0, implies(r <= pen.rounds, j < pen.layout.feeders))
        return every(here, s["sum"] == s["told"], implies(r <= pen.rounds, s["told"] == 0))

    state = {name: case.integer(name) for name in ("r", "j")} | {name: case.real(name) for name in ("sum", "told")}
    start: State = {"r": Fraction(1), "j": Fraction(0), "sum": Fraction(0), "told": Fraction(0)}
    over = "over the edges"
    at = case.reached(
        case.induction(over, state=state, start=start, inputs={}, given=given, advance=advance, holds=holds)
    )
    all_rounds, told = at["r"] > pen.rounds, at["told"]
    case.show("the output gets the prediction", at["sum"] == told, given=all_rounds)
    fits = every(all_rounds, told >= 0, told <= 1)
    case.show("the network ends as the predictor", RAMP(at["sum"]) == told, given=fits)
