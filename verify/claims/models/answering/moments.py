"""Lemma 3a, the claim in its proof: the state of every block after any number of steps.

A *moment* is a block t after i steps. The moments of a training run are gone through row by row: all blocks after 0
steps, all blocks after 1 step, and so on. What a block is after a step depends on what it was before the step (each
moment looks back at that one), and on the blocks before it in its row. So what is shown is shown of all blocks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, some, within
from constructions.foundations.terms import INTEGER
from constructions.learning.oracles import is_valid
from constructions.models.answering import training
from constructions.models.blocks_in_turn import NONE_BEFORE, Passage, passed
from constructions.models.bumps import gate, side
from constructions.models.one_step import OneStep
from constructions.models.snapping import nearest, read
from verify.claims.foundations.descent.steps import vector
from verify.claims.learning.oracles.valid_answers import AnyQueryMethod, mean_of
from verify.claims.models.one_step.steps import AnyBlock, numbers_given, numbers_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state

F = Fraction
BEFORE = "before the step"
PARTS = ("i", "t", "kappa", "answers", "open", "state")


@dataclass(frozen=True, slots=True)
class Records:
    """What a training run writes, by the block t: the vector of the answers in the block when its step is over, and
    the state in which the method asks for them. Both are functions of t, of which nothing is assumed; a run defines
    them as it goes."""

    case: Case

    def written(self, t: Number) -> Number:
        """The number of the vector of answers that step t writes."""
        return self.case.function("written", 1, takes=(INTEGER,))(t)

    def state(self, t: Number) -> Number:
        """The method's state before round t, after the answers that were written."""
        return self.case.function("state before", 1, takes=(INTEGER,))(t)

    def read(self, answers: Number) -> Number:
        """The number of the vector of answers that is read off a vector of parameters."""
        return self.case.function("read", 1)(answers)

    def batch(self, t: Number) -> Number:
        """The number of the batch of step t."""
        return self.case.function("batch", 1, takes=(INTEGER,))(t)

    def after(self, t: Number) -> Number:
        """The method's state after the answers of round t, in its state before them."""
        return AnyQueryMethod(self.case, self.read(self.written(t))).after(self.state(t), None)

    def mean(self, t: Number, place: Number) -> Number:
        """The mean over the batch of step t of the query at a place, asked in the state before round t."""
        asked = AnyQueryMethod(self.case, F(0)).ask(self.state(t), 1)
        return mean_of(self.case)(self.batch(t), asked, 0).at(place)


BATCH = "over the batch reached: "
WHOLE_NUMBERS = ("label", "y", "b", f"{BATCH}b", "answer picked", "clock picked")
WRITE = (
    *("label", "value", "y", "total", "rest", "b", "answers", "clocks", "values"),
    *(f"{BATCH}{name}" for name in ("b", "answers", "clocks", "values")),
    *("mean answer", "mean clock", "mean value", "answer picked", "clock picked"),
)
"""The variables of a step on the block whose turn it is (``lemma8.step``)."""
LEAVE = (
    *("open", "gate", "answer", "clock", "lost", "total", "coefficient", "of clock", "beyond", "output", "rest"),
    *("b", "answers", "clocks", f"{BATCH}b", f"{BATCH}sum by answer", f"{BATCH}sum by clock"),
    *("mean answer", "mean clock", "answer picked", "clock picked"),
)
"""The variables of a step on another block (``lemma3a.idle``)."""


def own_variables(case: Case, prefix: str, names: tuple[str, ...], integers: tuple[str, ...] = WHOLE_NUMBERS) -> State:
    """Variables of a claim for those of a claim that it uses, by the ``names`` there, of which some are ``integers``;
    their own names begin with a ``prefix``."""
    return {
        name: case.integer(f"{prefix} {name}") if name in integers else case.real(f"{prefix} {name}") for name in names
    }


@dataclass(frozen=True, slots=True)
class Touches:
    """The two things that a step may do to a block: it writes it, if it is the block's turn, or leaves it alone.
    ``inputs`` are the variables of both, which are new in each step."""

    numbers: OneStep
    inputs: State

    @classmethod
    def of(cls, case: Case, numbers: OneStep) -> "Touches":
        """Both, for batches of any size, and any valid roundings."""
        given = {**numbers_given(numbers), "least": case.real("least")}
        written, left = own_variables(case, "write", WRITE), own_variables(case, "leave", LEAVE)
        write = case.use("lemma8.step", **given, **written)
        leave = case.use("lemma3a.idle", rho=numbers.rho, **left)
        for used, label in ((write, "a step on the block whose turn it is"), (leave, "a step on another block")):
            case.assume(used.premises, label=label)
        case.assume(case.real("least") > 3 * numbers.rho / 4, label="the clock's mean is beyond 3 rho/4")
        inputs = {f"write {name}": value for name, value in written.items()}
        return cls(numbers, inputs | {f"leave {name}": value for name, value in left.items()})

    def add_lemmas(self, case: Case) -> None:
        """What follows for the multiples that are picked: the clock of the block whose turn it is moves by rho at
        least, and its answers are valid; in the other blocks nothing moves."""
        rho, tau = self.numbers.rho, case.real("tau")
        s = self.inputs
        ticks, answer, mean = -s["write clock picked"], -s["write answer picked"], s["write mean value"]
        case.lemma("the clock has left 0", rho * ticks > 0)
        case.lemma("by a multiple", ticks >= 1)
        case.lemma("so by rho", rho * ticks >= rho)
        used = case.use("lemma9.nearest", delta=rho, k=answer, part=F(0))
        case.lemma("read on the grid", every(used.premises, nearest(rho * answer, rho) == rho * answer))
        case.lemma("it is near", within(rho * answer - mean, tau))
        case.lemma("it is valid", is_valid(read(rho * answer, rho), mean, tau))
        case.lemma("the other clocks stand", rho * s["leave clock picked"] == 0)
        case.show("the other answers stand", rho * s["leave answer picked"] == 0)


def gate_of(kappa: Number, rho: Number) -> Number:
    """The gate for the weight of a clock, which is asked where it is constant."""
    return gate(kappa, rho, step=side)


def turn_of(s: State, rho: Number) -> Formula:
    """Whether it is the turn of the block that is looked back at: the gates before it are open, and its own is shut."""
    return every(earlier_state(s, BEFORE)["open"] == 1, gate_of(s["clock before"], rho) == 0)


def of_row(s: State) -> tuple[Number, Number]:
    """Steps and block of the next moment: the next block after the same steps, or the first after one more."""
    return select(s["new row"], s["i"] + 1, s["i"]), select(s["new row"], F(1), s["t"] + 1)


def all_at_once(before: Passage, gate: Number, output: Number) -> Passage:
    """A passage that no gate shuts (the twin's): all blocks would have their turn at once."""
    return Passage(before.total, before.open)


@obligation(
    "lemma3a.steps",
    paper="Lemma 3a",
    kind="induction",
    of=lambda case: passed,
    twin=lambda case: all_at_once,
)
def state_after_any_number_of_steps(through: Callable[..., Passage], case: Case) -> None:
    """For every method with one-label queries (functions of its state, and states functions of the answers), any number
    p of queries, any tau and any numbers of Lemma 8 whose error is at most tau and whose clock ticks, any b, any
    batches, and all valid roundings, after any number i of steps and for every block t: (1) if t > i, the block's
    answers and clock are 0 as at first; (2) if t <= i, each answer that is read off it is valid for the query of round
    t over the batch of step t, asked in the method's state after the answers before; (3) these answers are those that
    step t wrote; (4) the clock is at least rho. The gates before a block are open exactly if t <= i + 1, so it is the
    turn of block i + 1 and of no other; its method's state is then read right. Every gate and every bump is asked where
    it is constant."""
    numbers = numbers_of(case)
    rho, tau, place = numbers.rho, case.real("tau"), case.integer("j")
    records, touches, zero = Records(case), Touches.of(case, numbers), case.real("zeros")
    case.assume(numbers.error() <= tau, records.state(F(1)) == case.real("first"))
    case.assume(vector(case, zero).at(place) == 0, label="the entries of the answers at first")
    touches.add_lemmas(case)
    clocks = {name: case.real(name) for name in ("clock before", "clock now")}
    for kappa in clocks.values():
        case.use("bumps.gate", rho=rho, kappa=kappa)
    state = {name: case.integer(name) if name in ("i", "t") else case.real(name) for name in PARTS}

    run = case.induction(
        "over the moments",
        state=state,
        start={"i": F(0), "t": F(1), "kappa": F(0), "answers": zero, "open": F(1), "state": case.real("first")},
        inputs={"new row": case.bit("new row"), **clocks, **touches.inputs},
        earlier=(BEFORE,),
        given=lambda s: step_of_training(case, touches, records, s),
        advance=lambda s: next_moment(case, touches, records, through, s),
        holds=lambda s: as_claimed(case, numbers, records, zero, s),
    )
    at = case.reached(run)
    i, t = at["i"], at["t"]
    as_in_the_paper(case, numbers, records, at)
    turn = every(at["open"] == 1, gate_of(case.real("clock at last"), rho) == 0)
    case.use("bumps.gate", rho=rho, kappa=case.real("clock at last"))
    case.assume(case.real("clock at last") == at["kappa"], label="the clock of this block")
    case.show("it is the turn of block i + 1 alone", turn == (t == i + 1))
    case.show("a clock is 0 or at least rho", some(at["kappa"] == 0, at["kappa"] >= rho))
    walk = case.use("lemma3a.walk", **{"over the blocks reached: open": at["open"]})
    total = walk.values["over the blocks reached: total"]
    case.show("the blocks before give 0", implies(walk.premises, total == 0), given=t == i + 1)


def as_in_the_paper(case: Case, numbers: OneStep, records: Records, at: State) -> None:
    """The four parts of the claim in the paper's proof."""
    i, t, place, rho = at["i"], at["t"], case.integer("j"), numbers.rho
    entry = vector(case, at["answers"]).at(place)
    answer = is_valid(read(entry, rho), records.mean(t, place), case.real("tau"))
    case.show("1. untouched before its step", every(at["kappa"] == 0, at["answers"] == case.real("zeros")), given=t > i)
    case.show("2. a valid answer", answer, given=t <= i)
    case.show("3. as it was written", at["answers"] == records.written(t), given=t <= i)
    case.show("4. the clock", at["kappa"] >= rho, given=t <= i)
    case.show("the method's state", at["state"] == records.state(t), given=t <= i + 1)
    case.show("the gates before it", at["open"] == select(t <= i + 1, F(1), F(0)))
    case.show("on the grid", nearest(entry, rho) == entry, given=t <= i)


def step_of_training(case: Case, touches: Touches, records: Records, s: State) -> Formula:
    """What ties one moment to those before it: which moment it looks back at, the mean that is written, and that the
    records are those of this run."""
    (i, t), back, rho = of_row(s), earlier_state(s, BEFORE), touches.numbers.rho
    turn, place = turn_of(s, rho), case.integer("j")
    looks_back = implies(i >= 1, every(back["i"] == i - 1, back["t"] == t))
    asked = AnyQueryMethod(case, F(0)).ask(back["state"], 1)
    entry, mean = vector(case, records.written(t)).at(place), mean_of(case)(records.batch(i), asked, 0).at(place)
    writes = every(entry == rho * -s["write answer picked"], s["write mean value"] == mean)
    clocks = every(s["clock before"] == back["kappa"], s["clock now"] == s["kappa"])
    defined = every(clocks, records.state(s["t"] + 1) == records.after(s["t"]))
    return every(looks_back, defined, implies(every(i >= 1, turn), writes))


def next_moment(case: Case, touches: Touches, records: Records, through: Callable[..., Passage], s: State) -> State:
    """The next moment: the next block after the same steps, or the first block after one more step."""
    (i, t), back, rho = of_row(s), earlier_state(s, BEFORE), touches.numbers.rho
    turn, first = turn_of(s, rho), i == 0
    block = AnyBlock({"clock": s["clock before"]})
    descent: Any = training(touches.numbers)
    moved = {
        how: descent.moved(block, {"clock": rho * s[f"{how} clock picked"]}).edges["clock"]
        for how in ("write", "leave")
    }
    here = through(Passage(F(0), s["open"]), gate_of(s["clock now"], rho), F(0))
    read_on = AnyQueryMethod(case, records.read(s["answers"])).after(s["state"], None)
    return {
        "i": i,
        "t": t,
        "kappa": select(first, F(0), select(turn, moved["write"], moved["leave"])),
        "answers": select(first, case.real("zeros"), select(turn, records.written(t), back["answers"])),
        "open": select(s["new row"], NONE_BEFORE.open, here.open),
        "state": select(s["new row"], case.real("first"), read_on),
    }


def as_claimed(case: Case, numbers: OneStep, records: Records, zero: Number, s: State) -> Formula:
    """The claim in the proof of Lemma 3a, said of a block t after i steps."""
    i, t, rho, place = s["i"], s["t"], numbers.rho, case.integer("j")
    untouched = every(s["kappa"] == 0, s["answers"] == zero)
    entry = vector(case, records.written(t)).at(place)
    answer = is_valid(read(entry, rho), records.mean(t, place), case.real("tau"))
    on_grid = nearest(entry, rho) == entry
    written = every(s["kappa"] >= rho, s["answers"] == records.written(t), answer, on_grid)
    return every(
        i >= 0,
        t >= 1,
        implies(i < t, untouched),
        implies(i >= t, written),
        s["open"] == select(t <= i + 1, F(1), F(0)),
        implies(t <= i + 1, s["state"] == records.state(t)),
    )
