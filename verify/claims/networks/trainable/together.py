"""All copies of a network go along together (Lemmas 3b and 12b), for any number of rounds, copies, steps and samples.

The network's training is one run. Each step of it makes one thing: a copy as built; one edge more of the sum that the
output gets on a sample; one sample more of the batch of a copy; a copy after one step more of gradient descent. It
looks back at what this is made of: the sum so far, the copy from which an edge comes, the clocks of its round and of
the round before, each after as many steps of training. So what is shown of a copy after t steps may be used of every
copy when step t + 1 is taken. Nothing is said of the order in which copies and samples are gone through. Proved here:
``lemma3b.together``.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.computation.flat import FlatCircuit
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some
from constructions.foundations.rounding import is_valid
from constructions.networks.controls import activator
from constructions.networks.layout import RoundLayout
from constructions.networks.round_circuit import gating
from verify.claims.networks.layout.wires import any_layout
from verify.claims.networks.queries.training import EDGES, moved, multiple, settings_of, total, written
from verify.claims.networks.trainable.batches import KINDS, OF_BATCH, STEPS, DrivenCopy, NetworkAround, driven_copy
from verify.claims.networks.trainable.control_edges import (
    A_CLOCK,
    A_COPY,
    ADD,
    ALL_EDGES,
    BEGIN,
    BUILD,
    COPY,
    DRAW,
    EDGE,
    EVERYTHING,
    LOOKS,
    MAKES,
    NOTHING,
    OF_EDGE,
    SAMPLE,
    SUM,
    UPDATE,
    ControlEdges,
    ReadClocks,
)
from verify.claims.networks.trainable.driven import NetworkBatches, unread
from verify.claims.networks.trainable.returned import STANDS, MomentOfCopy, returned_by_v3
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import Obligation, registry
from verify.obligations.parts import State, earlier_state

TICKS = ("nothing is recorded up to its step", "a digit that is always set is recorded", *STANDS)
"""What is used of the training of a copy."""
IS_BATCH, INSIDE, RETURNS = "it is a batch of Lemma 11", "strictly inside its piece", "what it returns"
"""What is used of a batch and of a sum: a fact on which nothing rests here."""
WEIGHTS = ("t", *map(moved, EDGES), *map(written, EDGES), "fm", "ft", "fraction")
"""What there is of a copy in training, as ``lemma3b.written`` calls it."""
OF_SUM = ("r", "j", "sum")
"""What there is of a sum, as ``lemma3b.output`` calls it."""
NEXT = ("next round", "next copy", "next step", "next sample", "next edge")
"""What a step begins with: a copy or an edge of a round, or a sum of a step and a sample."""
BATCH, OVER_EDGES = "over the batch", "over the edges"


@dataclass(frozen=True, slots=True)
class CopiesOfKind:
    """What is used of the copies of one kind, and the output while their rounds have their turn.

    Parameters
    ----------
    driven : a copy. others : what stands for variables that nothing reads, by claim. runs : the runs of which these
        claims speak, by name.
    """

    driven: DrivenCopy
    others: dict[str, dict[str, Any]]
    runs: dict[str, Inductive]

    @classmethod
    def of(cls, driven: DrivenCopy, around: NetworkAround, case: Case) -> "CopiesOfKind":
        """Those of a network."""
        kind, shared = driven.kind, {**around.given, **settings_of(driven.copy)}
        training = case.use(f"lemma3b.written.{kind}", TICKS[0], **shared)
        others = {"written": unread(training), **NetworkBatches.within(driven, around, unread(training)).others}
        runs = {"written": training.inductions[STEPS]}
        for phase in ("built", "still"):
            used = case.use(f"lemma3b.batch.{phase}.{kind}", IS_BATCH, **shared, **others[phase])
            runs[phase] = used.inductions["over the batch"]
        runs["output"] = case.use(f"lemma3b.output.{kind}", INSIDE, **shared).inductions["over the edges"]
        return cls(driven, others, runs)

    @property
    def settings(self) -> dict[str, Number]:
        """What every claim about a copy of the strong setting has as variables."""
        return settings_of(self.driven.copy)


@dataclass(frozen=True, slots=True)
class TrainingOfAll:
    """The run that makes all copies and sums.

    Parameters
    ----------
    clocks, edges : whose turn it is, and the edges from controls. kinds : copies of Q and of Q'. built : after how many
        steps a copy is as it is built.
    """

    clocks: ReadClocks
    edges: ControlEdges
    kinds: tuple[CopiesOfKind, ...]
    built: int

    @property
    def layout(self) -> RoundLayout:
        """Where vertices are."""
        return self.clocks.layout

    @property
    def around(self) -> NetworkAround:
        """The network."""
        return self.clocks.around

    def is_of(self, copies: CopiesOfKind, r: Number) -> Formula:
        """Whether a round is one of a kind."""
        prime = every(self.around.functions["a round of Q'"](r))
        return prime if copies.driven.copy.prime else negation(prime)

    def place(self, s: State) -> tuple[Number, Number, Number]:
        """The steps, the round and the number of the copy that a step makes."""
        copy, built = earlier_state(s, "copy"), s["do"] == BUILD
        t = select(built, self.built, select(s["do"] == UPDATE, copy["t"] + 1, copy["t"]))
        return t, select(built, s["next round"], copy["r"]), select(built, s["next copy"], copy["c"])

    def of_step(self, s: State) -> tuple[Number, Number]:
        """The steps before, and the sample of, the sum that a step makes."""
        brought, begins = earlier_state(s, "brought"), s["do"] == BEGIN
        return select(begins, s["next step"], brought["t"]), select(begins, s["next sample"], brought["sample"])

    def copy_made(self, copies: CopiesOfKind, s: State, case: Case) -> State:
        """A copy of a kind that a step makes, with its batch so far."""
        copy, (t, r, c), do = earlier_state(s, "copy"), self.place(s), s["do"]
        shared, kind = {**self.around.given, **copies.settings}, copies.driven.kind
        of_copy = {**shared, **copies.others["written"], "s": r - 1, "c": c, "always set": c == 0}
        now = {name: copy[name] for name in WEIGHTS}
        known = MomentOfCopy(r - 1, c, c == 0, now)
        training = case.use(f"lemma3b.written.{kind}", *TICKS, **{**of_copy, **known.given}).inductions[STEPS]
        batch = {name: copy[name] for name in OF_BATCH} | {multiple(edge): s[multiple(edge)] for edge in EDGES}
        built = training.begin(**dict.fromkeys(training.record.inputs, Fraction(0)))
        later = training.go_on(now, **batch)
        after = {
            name: select(do == BUILD, built[name], select(do == UPDATE, later[name], now[name])) for name in WEIGHTS
        }
        at = MomentOfCopy(r - 1, c, c == 0, after)
        case.use(f"lemma3b.written.{kind}", *TICKS, **{**of_copy, **at.given})
        first, still = (self.batch_made(copies, phase, s, at, case) for phase in ("built", "still"))
        return after | {name: select(t < r, first[name], still[name]) for name in OF_BATCH}

    def batch_made(self, copies: CopiesOfKind, phase: str, s: State, at: MomentOfCopy, case: Case) -> State:
        """The batch of the copy that a step makes: empty, or with a sample more."""
        copy, brought, clock, previous = (earlier_state(s, name) for name in LOOKS[:4])
        sampled, (t, r, c) = s["do"] == SAMPLE, self.place(s)
        turn = self.clocks.gates(copy["r"], clock, previous, True, case)["now"]
        given: dict[str, Any] = {"step": t + 1, "round": r, "c": c, "always set": at.always}
        if phase == "built":
            given["its turn"] = some(every(sampled, turn), every(negation(sampled), t == r - 1))
        else:
            given |= {moved(edge): at.at[moved(edge)] for edge in EDGES}
        given |= dict.fromkeys((f"{BATCH} reached: {name}" for name in OF_BATCH), Fraction(0))  # nothing rests on it
        shared = {**self.around.given, **copies.settings, **copies.others[phase]}
        claim = f"lemma3b.batch.{phase}.{copies.driven.kind}"
        batches = case.use(claim, IS_BATCH, **shared, **given).inductions[BATCH]
        empty = batches.begin(**dict.fromkeys(batches.record.inputs, Fraction(0)))
        sample = {"sample": brought["sample"], "last round": brought["r"], "last edge": brought["j"]}
        before = {name: copy[name] for name in OF_BATCH}
        more = batches.go_on(before, **sample, y=s["y"], sum=brought["sum"])
        return {name: select(sampled, more[name], empty[name]) for name in OF_BATCH}

    def sum_made(self, copies: CopiesOfKind, s: State, case: Case) -> State:
        """The sum that a step makes, in a step of a round of a kind: of no edge, or of one more."""
        brought, (t, sample) = earlier_state(s, "brought"), self.of_step(s)
        shared = {**self.around.given, **copies.settings}
        moment = dict.fromkeys((f"{OVER_EDGES} reached: {name}" for name in OF_SUM), Fraction(0))  # nothing rests on it
        used = case.use(f"lemma3b.output.{copies.driven.kind}", INSIDE, **shared, turn=t + 1, sample=sample, **moment)
        edges, before = used.inductions[OVER_EDGES], {name: brought[name] for name in OF_SUM}
        start = edges.begin()
        edges.go_on(before)
        more = self.clocks.pen(t, sample, copies.driven.copy).one_more(before, self.weight(copies, s))
        return {name: select(s["do"] == BEGIN, start[name], more[name]) for name in OF_SUM}

    def weight(self, copies: CopiesOfKind, s: State) -> Number:
        """The present weight of the next edge: that of v3 in its copy, or that of a control's edge."""
        copy, brought, edge = (earlier_state(s, name) for name in ("copy", "brought", "edge"))
        pen = self.clocks.pen(brought["t"], brought["sample"], copies.driven.copy)
        of_copy = brought["j"] < self.layout.copies
        return self.edges.present(pen.built(brought["j"]), select(of_copy, copy[moved(("v3", "v4"))], edge["down"]))

    def comes_from(self, s: State, case: Case) -> Formula:
        """That the next edge comes from where its tail's value is found: a copy and the clocks after as many steps."""
        copy, brought, clock, previous, edge = (earlier_state(s, name) for name in LOOKS)
        t, sample, r, j = (brought[name] for name in ("t", "sample", "r", "j"))
        pen, rounds = self.clocks.pen(t, sample), self.around.rounds
        c = pen.copy_of(j)
        here, last = self.clocks.are_of(t, r, clock, previous), self.clocks.is_last(t, clock)
        own = every(copy["made"] == COPY, copy["t"] == t, copy["r"] == r, copy["c"] == c)
        acts, of_clock = (
            self.clocks.gates(r, clock, previous, d, case)["acting"] for d in (pen.digit(sample, r, c), True)
        )
        kept = self.clocks.gates(r, clock, previous, True, case)["kept"]
        returned = [returned_by_v3(copies.driven, copy, acts) for copies in self.kinds]
        for copies in self.kinds:
            self.share_of(copies, copy, acts, case)
        prime = every(self.around.functions["a round of Q'"](r))
        tails = pen.tails(brought, acts=acts, clock=of_clock, kept=kept, v3=select(prime, returned[1], returned[0]))
        drawn = every(edge["made"] == EDGE, edge["t"] == t, edge["r"] == r, edge["j"] == j)
        found = every(here, implies(j < 2 * self.layout.copies, own), implies(j >= self.layout.copies, drawn))
        return every(implies(r <= rounds, found), implies(r > rounds, last), tails)

    def share_of(self, copies: CopiesOfKind, copy: State, acts: Formula, case: Case) -> None:
        """Take what is known of v3 of a copy."""
        at = MomentOfCopy(copy["r"] - 1, copy["c"], copy["c"] == 0, {name: copy[name] for name in WEIGHTS})
        claim = f"lemma3b.written.{copies.driven.kind}"
        moment = {f"{claim}: {name}": value for name, value in {**copies.others["written"], **at.given}.items()}
        shared = {**self.around.given, **copies.settings}
        case.use(f"lemma3b.returns.{copies.driven.kind}", acts=acts, **shared, **moment)

    def may(self, s: State, case: Case) -> Formula:
        """What a step needs of the moments at which it looks back."""
        copy, brought, clock, previous = (earlier_state(s, name) for name in LOOKS[:4])
        rho, size = self.kinds[0].driven.copy.rho, select(copy["b"] >= 1, copy["b"], 1)
        digit, among = (self.around.functions[name] for name in ("digit", "among"))
        rounded = (is_valid(s[multiple(edge)], copy[total(edge)] / size, rho) for edge in EDGES)
        t, sample = self.of_step(s)
        needs = {
            BUILD: every(s["next round"] >= 1, s["next copy"] >= 0, s["next copy"] < self.layout.copies),
            SAMPLE: every(
                copy["made"] == COPY,
                every(brought["made"] == SUM, brought["t"] == copy["t"], brought["r"] > self.around.rounds),
                self.clocks.are_of(copy["t"], copy["r"], clock, previous),
                some(s["y"] == 0, s["y"] == 1),
                implies(copy["c"] == 0, digit(brought["sample"], copy["r"], copy["c"])),
            ),
            UPDATE: every(copy["made"] == COPY, copy["b"] >= 1, *rounded),
            BEGIN: every(t >= 0, t + 1 <= self.around.rounds, among(sample, t + 1, Fraction(0)) == 0),
            ADD: every(brought["made"] == SUM, self.comes_from(s, case)),
            **self.edges.needs(s),
        }
        return some(*(every(s["do"] == do, need) for do, need in needs.items()))

    def advance(self, s: State, case: Case) -> State:
        """What a step makes."""
        (t, r, c), (step, sample), (steps, place, number) = self.place(s), self.of_step(s), self.edges.place(s)
        of_q, of_prime = (self.copy_made(copies, s, case) for copies in self.kinds)
        prime = every(self.around.functions["a round of Q'"](r))
        found = {name: either(prime, of_prime[name], of_q[name]) for name in of_q}
        one, other = (self.sum_made(copies, s, case) for copies in self.kinds)
        turn = every(self.around.functions["a round of Q'"](step + 1))
        sums, edge = {name: select(turn, other[name], one[name]) for name in OF_SUM}, self.edges.made(s, case)

        def made(copy: Number, of_sum: Number, of_edge: Number) -> Number:
            return select(s["do"] >= DRAW, of_edge, select(s["do"] >= BEGIN, of_sum, copy))

        found |= {"made": made(COPY, SUM, EDGE), "t": made(t, step, steps), "r": made(r, sums["r"], place), "c": c}
        found |= {"sample": sample, "j": made(sums["j"], sums["j"], number), "sum": sums["sum"]}
        return found | {"b": made(found["b"], found["b"], edge["b"])} | {name: edge[name] for name in OF_EDGE}

    def holds(self, now: State) -> Formula:
        """Each copy is at a moment of its training in its network, with a batch of it, and the clocks tick one after
        the other; each sum is one of those that come to the held value, and each edge of a control is as built up to
        the step of its round."""
        t, r, c = now["t"], now["r"], now["c"]
        copy, sums = now["made"] == COPY, now["made"] == SUM
        here = every(t >= 0, r >= 1, c >= 0, c < self.layout.copies, now["b"] >= 0)
        ticks = implies(c == 0, self.clocks.ticked(now) == (t >= r))
        among = self.around.functions["among"](now["sample"], t + 1, Fraction(0)) == 0
        step = every(t >= 0, t + 1 <= self.around.rounds, among)
        known = (
            every(
                implies(every(copy, self.is_of(copies, r)), self.in_training(copies, now)),
                implies(every(sums, self.is_of(copies, t + 1)), self.is_sum(copies, now)),
            )
            for copies in self.kinds
        )
        edge = now["made"] == EDGE
        kinds = some(now["made"] == NOTHING, copy, sums, edge)
        of_edge = implies(edge, self.edges.holds(now))
        return every(kinds, implies(copy, every(here, ticks)), implies(sums, step), of_edge, *known)

    def in_training(self, copies: CopiesOfKind, now: State) -> Formula:
        """That a copy is at a moment of its training, with a batch of it."""
        t, r, c = now["t"], now["r"], now["c"]
        batch, always = {name: now[name] for name in OF_BATCH}, {"always set": c == 0}
        of_batch: dict[str, Any] = {"step": t + 1, "round": r, "c": c, **always}
        weights = {moved(edge): now[moved(edge)] for edge in EDGES}
        first = copies.runs["built"].reached_for(batch, **of_batch, **{"its turn": t == r - 1})
        still = copies.runs["still"].reached_for(batch, **of_batch, **weights)
        training = copies.runs["written"].reached_for({name: now[name] for name in WEIGHTS}, s=r - 1, c=c, **always)
        return every(training, implies(t < r, first), implies(t >= r, still))

    def returned(self, copies: CopiesOfKind, now: State, case: Case) -> Formula:
        """That the network returns the held value, as ``lemma3b.output`` says of a sum of all edges."""
        of_sum = {f"{OVER_EDGES} reached: {name}": now[name] for name in OF_SUM}
        given = {**self.around.given, **copies.settings, "turn": now["t"] + 1, "sample": now["sample"], **of_sum}
        return case.use(f"lemma3b.output.{copies.driven.kind}", RETURNS, **given)[RETURNS]

    def is_sum(self, copies: CopiesOfKind, now: State) -> Formula:
        """That a sum is one of those of its step and sample."""
        edge = {name: now[name] for name in OF_SUM}
        return copies.runs["output"].reached_for(edge, turn=now["t"] + 1, sample=now["sample"])


def either(condition: Formula, yes: Number, no: Number) -> Number:
    """``yes`` where the condition holds, ``no`` elsewhere; one of them, if they are the same term."""
    return no if yes is no else select(condition, yes, no)


def all_go_along(subject: tuple[FlatCircuit, int, int], case: Case) -> None:
    """Take a network of any number of rounds with any number of copies each, as the builder places and wires them, with
    any digits, trained on any batches with any valid roundings. After any number of steps, every copy of every round is
    at a moment of its training that is one of Lemma 11's, and the clock of a round has recorded something exactly if
    the step of its round is over. What the edges into the output bring on a sample is summed up from what their tails
    return, with their present weights: v3 of a copy by the walk at its present weights, it and the controls driven by
    the clocks as these are then. The edge from a control is as built until the step of its round is taken, and that
    from a final control until all steps are. So in step t + 1 the copies of round t + 1 act whose digits are set and no
    others, a round hands on a state once its step is over, and the network returns the held value."""
    case.takes_rules_on_demand()
    layout, around = any_layout()(case), NetworkAround.any(case)
    kinds = tuple(CopiesOfKind.of(driven_copy(prime, True, activator)(case), around, case) for prime in KINDS.values())
    cell, begins, built = subject
    clocks = ReadClocks(cell, layout, around, kinds[0].driven.copy)
    run = TrainingOfAll(clocks, ControlEdges(clocks), kinds, built)
    names = ("made", "t", "r", "c", "sample", "j", *OF_BATCH[:4], *map(moved, EDGES), *map(written, EDGES), "down")
    state = {name: case.integer(name) for name in names}
    state |= {name: case.real(name) for name in ("sum", *OF_BATCH[4:], "fm", "ft", "fraction", "entries")}
    inputs = {name: case.integer(name) for name in ("do", *NEXT, *map(multiple, EDGES), "k[edge]")} | {
        "y": case.real("y")
    }
    every_step = case.induction(
        EVERYTHING,
        state=state,
        start=dict.fromkeys(state, Fraction(0)) | {"made": Fraction(begins)},
        inputs=inputs,
        earlier=LOOKS,
        fixed=tuple(used.label for used in case.uses),  # nothing reads them
        given=lambda now: run.may(now, case),
        kinds=lambda now: {name: now["do"] == do for do, name in enumerate(MAKES)},
        advance=lambda now: run.advance(now, case),
        holds=run.holds,
    )
    for values in (A_COPY, A_CLOCK, ALL_EDGES):
        case.look_at(values)
    what_is_made(run, case.reached(every_step), case)
    clocks.whose_turn(kinds[0].driven, case.reached(every_step), case.reached(every_step), case)


def what_is_made(run: TrainingOfAll, at: State, case: Case) -> None:
    """State how a copy, a clock, a sum and an edge stand after any number of steps."""
    t, r, c = (at[name] for name in ("t", "r", "c"))
    copy, a_sum, edge = (at["made"] == what for what in (COPY, SUM, EDGE))
    for copies in run.kinds:
        name = "Q'" if copies.driven.copy.prime else "Q"
        of_kind = every(copy, run.is_of(copies, r))
        case.show(f"a copy of {name} is in its training", run.in_training(copies, at), given=of_kind)
    ticked = run.clocks.ticked(at) == (t >= r)
    case.show("a clock has ticked if its step is over", ticked, given=every(copy, c == 0))
    case.show("a copy is one of a round", implies(copy, every(t >= 0, r >= 1, c >= 0, c < run.layout.copies)))
    among = run.around.functions["among"](at["sample"], t + 1, Fraction(0)) == 0
    of_a_step = every(t >= 0, t + 1 <= run.around.rounds, among)
    case.show("a sum is one of a step", implies(a_sum, of_a_step))
    for copies in run.kinds:
        name = "Q'" if copies.driven.copy.prime else "Q"
        of_kind = every(a_sum, run.is_of(copies, t + 1))
        case.show(f"a sum in a round of {name} is one of its edges", implies(of_kind, run.is_sum(copies, at)))
        all_edges = every(of_kind, at["r"] > run.around.rounds)
        case.show(
            f"the network returns the held value in a round of {name}", run.returned(copies, at, case), given=all_edges
        )
    as_built = implies(every(edge, t < r), at["down"] == 0)
    case.show("an edge from a control is as built up to its step", as_built)


registry().add(
    Obligation(
        id="lemma3b.together",
        paper="Lemma 3b",
        claim=all_go_along,
        kind="induction",
        of=lambda case: (gating(), NOTHING, 0),
        twin=lambda case: (gating(), COPY, 0),  # what there is at first is a copy of no round
    )
)
