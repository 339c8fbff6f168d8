"""The state of every block of M or M* after any number of steps: the record of a step is its own clock.

A *moment* is a block t after i steps, as in the claim about Lemma 3a (:mod:`verify.claims.models.answering.moments`).
A block's parameters are a vector, known by a number. Its record is a function of the vector.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, negation, select, some, within
from constructions.foundations.terms import INTEGER
from constructions.models.blocks_in_turn import Passage, passed
from constructions.strip.simulations import tolerance_of
from verify.claims.foundations.descent.steps import vector
from verify.claims.models.answering.moments import BEFORE, all_at_once, of_row, own_variables
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State, earlier_state

F = Fraction
OVER = "over the batch reached: "
SUMS = tuple(f"{what} {group}" for what in ("gradients", "asked") for group in (0, 1))
PICKED = ("picked 0", "picked 1")
INTEGERS = ("b", "value", "y", f"{OVER}b", *PICKED, "picked")
WRITE = (
    *("value", "y", "rest", "rest'", "b", *SUMS, f"{OVER}b", *(f"{OVER}{name}" for name in SUMS)),
    *("mean 0", "mean 1", "wanted 0", "wanted 1", *PICKED),
)
"""The variables of a step on the block whose turn it is (``strip.reader.step``)."""
LEAVE = (
    *("record", "open", "rest", "rest'", "zeros", "others", "v", "coefficient", "lost", "b", "sum"),
    *(f"{OVER}b", f"{OVER}sum", "mean", "picked", "before"),
)
"""The variables of a step on another block (``strip.reader.idle``)."""


@dataclass(frozen=True, slots=True)
class TrainedBlocks:
    """What a training run writes, by the block t: the vector of its parameters when its step is over, and the mean over
    the batch of step t of the query at a place. Both are functions of which nothing is assumed; a run defines them."""

    case: Case

    def written(self, t: Number) -> Number:
        """The number of the vector that step t writes."""
        return self.case.function("written", 1, takes=(INTEGER,))(t)

    def mean(self, t: Number, place: Number) -> Number:
        """The mean over the batch of step t of the query at a place."""
        return self.case.function("mean over batch of step", 2, takes=(INTEGER, INTEGER))(t, place)

    def record(self, block: Number) -> Number:
        """The record of a vector of parameters."""
        return self.case.function("record", 1)(block)

    def multiple(self, t: Number, place: Number) -> Number:
        """Less what step t writes at a place, in units of rho."""
        return self.case.function("multiple", 2, takes=(INTEGER, INTEGER), gives=INTEGER)(t, place)

    def entry(self, t: Number, place: Number) -> Number:
        """What step t writes at a place."""
        return vector(self.case, self.written(t)).at(place)


@dataclass(frozen=True, slots=True)
class StepOnBlocks:
    """What a step does to the block whose turn it is, at a place (in the group with slope 1/c if ``steep``), and to the
    other blocks; ``inputs`` are new in each step."""

    rho: Number
    steep: Formula
    inputs: State

    @classmethod
    def of(cls, case: Case) -> "StepOnBlocks":
        """Both, for batches of any size and any valid roundings, with what follows from them."""
        rho, held = case.real("rho"), case.real("c")
        written, left = own_variables(case, "write", WRITE, INTEGERS), own_variables(case, "leave", LEAVE, INTEGERS)
        write = case.use("strip.reader.step", rho=rho, c=held, **written)
        leave = case.use("strip.reader.idle", rho=rho, **left)
        for used, label in ((write, "a step on the block whose turn it is"), (leave, "a step on another block")):
            case.assume(used.premises, label=label)
        step = cls(rho, case.bit("steep"), {f"write {name}": value for name, value in written.items()})
        case.lemma(
            "it is within 3 rho/4", within(-step.moved(step.inputs) - step.wanted(step.inputs), tolerance_of(rho))
        )
        case.lemma("its query is in [-1, 1]", within(step.wanted(step.inputs), F(1)))
        case.lemma("the others stand", left["before"] - rho * left["picked"] == left["before"])
        return step

    def picked(self, s: State) -> Number:
        """The multiple of rho that was picked."""
        return select(self.steep, s["write picked 0"], s["write picked 1"])

    def moved(self, s: State) -> Number:
        """The parameter after the step."""
        return -self.rho * self.picked(s)

    def wanted(self, s: State) -> Number:
        """The mean of its query over the batch."""
        return select(self.steep, s["write wanted 0"], s["write wanted 1"])


def loud_records(case: Case, rho: Number) -> State:
    """The record of a block after its step, which is 0 as some rounding is not 0 (``strip.silent.none`` if the balance
    is not 0, and else ``strip.silent.balanced``; without b rho < 4/3 ``strip.silent.far``, for queries that are far
    from 0 on every batch)."""
    balanced, far, b = case.bit("the balance is 0"), case.bit("far from 0"), case.integer("b")
    loud = {"a": case.integer("loud count"), "mean": case.real("loud mean"), "k": case.integer("loud multiple")}
    ones = {"ones": case.integer("ones"), "mean": case.real("constant mean"), "k": case.integer("constant multiple")}
    first = case.use("strip.silent.none", b=b, rho=rho, **loud)
    second = case.use("strip.silent.balanced", b=b, rho=rho, c=case.real("c"), **ones)
    third = case.use("strip.silent.far", b=b, rho=rho, **loud)
    of_families = every(implies(balanced, second.premises), some(balanced, first.premises))
    of_any = every(far, negation(balanced), third.premises)
    case.assume(some(of_any, every(negation(far), of_families)), label="some query is loud")
    multiple = select(balanced, ones["k"], loud["k"])
    case.lemma("its rounding is not 0", multiple != 0)
    record, moved = case.real("record after the step"), case.bit("one is not 0")
    products = {"over the parameters reached: product": record, "over the parameters reached: moved": moved}
    used = case.use("strip.reader.records", rho=rho, k=case.integer("multiple of a parameter"), **products)
    case.assume(used.premises, label="the record is the product of the bumps of the block's parameters")
    case.assume(implies(multiple != 0, moved), label="the parameter of the loud query is among them")
    case.lemma("the record is 0", record == 0)
    inputs = {"the balance is 0": balanced, "far from 0": far, "record after the step": record, "one is not 0": moved}
    inputs |= {"loud count": loud["a"], "loud mean": loud["mean"], "loud multiple": loud["k"]}
    inputs |= {"ones": ones["ones"], "constant mean": ones["mean"], "constant multiple": ones["k"]}
    inputs |= {"multiple of a parameter": case.integer("multiple of a parameter")}
    return inputs | first.unbound | second.unbound | third.unbound | used.unbound


@obligation(
    "strip.run.steps", paper="the strip", kind="induction", of=lambda case: passed, twin=lambda case: all_at_once
)
def state_after_any_number_of_steps(through: Callable[..., Passage], case: Case) -> None:
    """For every b >= 1, rho > 0 with b rho < 4/3 and every c that fits (or any queries of which one is far from 0 on
    every batch, and no bound on b rho), any number of parameters and blocks, any batches (for M: with labels that are a
    function of x) and all valid roundings, after any number i of steps and for
    every block t: if t > i its parameters are 0 as at first; if t <= i they are those that step t wrote, each less a
    multiple of rho within 3 rho/4 of the mean over the batch of step t, and the block's record is 0. The gates before a
    block are open exactly if t <= i + 1, so it is the turn of block i + 1 and of no other."""
    rho, zeros, place = case.real("rho"), case.real("zeros"), case.integer("j")
    blocks, step = TrainedBlocks(case), StepOnBlocks.of(case)
    inputs = loud_records(case, rho)
    case.assume(blocks.record(zeros) == 1, label="the record of a block whose parameters are all 0")
    run = case.induction(
        "over the moments",
        state={"i": case.integer("i"), "t": case.integer("t"), "block": case.real("block"), "open": case.real("open")},
        start={"i": F(0), "t": F(1), "block": zeros, "open": F(1)},
        inputs={"new row": case.bit("new row"), **step.inputs, **inputs},
        earlier=(BEFORE,),
        given=lambda s: step_of_training(blocks, step, place, s),
        advance=lambda s: next_moment(blocks, zeros, through, s),
        holds=lambda s: as_claimed(blocks, rho, zeros, place, s),
    )
    at = case.reached(run)
    i, t = at["i"], at["t"]
    entry, mean = blocks.entry(t, place), blocks.mean(t, place)
    case.show("1. untouched before its step", at["block"] == zeros, given=t > i)
    case.show(
        "2. as its step wrote it",
        every(at["block"] == blocks.written(t), within(-entry - mean, tolerance_of(rho))),
        given=t <= i,
    )
    on_grid = every(entry == -rho * blocks.multiple(t, place), within(mean, F(1)))
    case.show("on the grid", on_grid, given=t <= i)
    case.show("3. its record", blocks.record(at["block"]) == select(t <= i, F(0), F(1)))
    turn = every(at["open"] == 1, blocks.record(at["block"]) == 1)
    case.show("it is the turn of block i + 1 alone", turn == (t == i + 1))


def step_of_training(blocks: TrainedBlocks, step: StepOnBlocks, place: Number, s: State) -> Formula:
    """What ties one moment to those before it: which it looks back at, and what its step writes if it is its turn."""
    (i, t), back = of_row(s), earlier_state(s, BEFORE)
    looks_back = implies(i >= 1, every(back["i"] == i - 1, back["t"] == t))
    entry, mean = blocks.entry(t, place), blocks.mean(t, place)
    picked = blocks.multiple(t, place) == step.picked(s)
    of_step = every(entry == step.moved(s), mean == step.wanted(s), picked)
    of_record = blocks.record(blocks.written(t)) == s["record after the step"]
    turn = every(i >= 1, back["open"] == 1, blocks.record(back["block"]) == 1)
    return every(looks_back, implies(turn, every(of_step, of_record)))


def next_moment(blocks: TrainedBlocks, zeros: Number, through: Callable[..., Passage], s: State) -> State:
    """The next moment: the next block after the same steps, or the first block after one more step."""
    (i, t), back = of_row(s), earlier_state(s, BEFORE)
    turn = every(back["open"] == 1, blocks.record(back["block"]) == 1)
    here = through(Passage(F(0), s["open"]), 1 - blocks.record(s["block"]), F(0))
    after = select(turn, blocks.written(t), back["block"])
    return {
        "i": i,
        "t": t,
        "block": select(i == 0, zeros, after),
        "open": select(s["new row"], F(1), here.open),
    }


def as_claimed(blocks: TrainedBlocks, rho: Number, zeros: Number, place: Number, s: State) -> Formula:
    """What is claimed of a block t after i steps."""
    i, t = s["i"], s["t"]
    entry, mean = blocks.entry(t, place), blocks.mean(t, place)
    on_grid = every(entry == -rho * blocks.multiple(t, place), within(mean, F(1)))
    near = every(within(-entry - mean, tolerance_of(rho)), on_grid)
    written = every(s["block"] == blocks.written(t), near, blocks.record(blocks.written(t)) == 0)
    return every(
        i >= 0,
        t >= 1,
        implies(i < t, s["block"] == zeros),
        implies(i >= t, written),
        s["open"] == select(t <= i + 1, F(1), F(0)),
    )
