"""Lemma 3a: how random bits are read, which block decides the output, and that a step leaves the others alone."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, some
from constructions.foundations.vectors import VectorSum
from constructions.models.answering import WHOLE, training
from constructions.models.blocks_in_turn import (
    NONE_BEFORE,
    Passage,
    passed,
    slope_by_answer,
    slope_by_clock,
    whole_output,
)
from constructions.models.one_step import OneStep
from constructions.models.snapping import nearest, read
from verify.claims.models.one_step.steps import stepped
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

F = Fraction


def _grid(rule: Callable[[Number, Number], Number], whole: bool) -> Callable[[Case], Any]:
    return lambda case: (rule, whole)


def bits_are_read_as_they_are(subject: tuple[Callable[[Number, Number], Number], bool], case: Case) -> None:
    """For every tau in (0, 1), a random bit, which is read at the nearest multiple of a step, is read as it is. (As
    printed the step is tau/4; it will do if 4/tau is whole. The repair is a grid of its own, that of the whole
    numbers.)"""
    rule, whole = subject
    tau, bit, n = case.real("tau"), case.integer("bit"), case.integer("N")
    case.assume(tau > 0, tau < 1, some(bit == 0, bit == 1))
    if whole:
        case.assume(n >= 1, tau * n == 4)
        used = case.use("lemma9.nearest", delta=tau / 4, k=bit * n, part=F(0))
        case.lemma("the nearest", used.premises)
        case.lemma("in units of tau/4", tau / 4 * (bit * n + F(0)) == bit)
    case.show("the bit", rule(bit, tau) == bit)


obligation(
    "lemma3a.bits.printed",
    paper="Lemma 3a",
    of=_grid(lambda bit, tau: nearest(bit, tau / 4), False),
    expect=Verdict.REFUTED,
    erratum="E19",
)(bits_are_read_as_they_are)
obligation(
    "lemma3a.bits.whole",
    paper="Lemma 3a",
    of=_grid(lambda bit, tau: nearest(bit, tau / 4), True),
    twin=_grid(lambda bit, tau: nearest(bit, tau / 4) + tau, True),
    erratum="E19",
)(bits_are_read_as_they_are)
obligation(
    "lemma3a.bits.repaired",
    paper="Lemma 3a",
    of=_grid(lambda bit, tau: read(bit, WHOLE), False),
    twin=_grid(lambda bit, tau: read(bit, F(3, 4)), False),
    erratum="E19",
)(bits_are_read_as_they_are)


def skipping(before: Passage, gate: Number, output: Number) -> Passage:
    """A passage that adds every output (the twin's)."""
    return Passage(before.total + output, before.open * gate)


@obligation("lemma3a.walk", paper="Lemma 3a", kind="induction", of=lambda case: passed, twin=lambda case: skipping)
def the_first_shut_gate_decides(through: Callable[..., Passage], case: Case) -> None:
    """For any number of blocks, any gates that are 0 or 1, and any outputs of the blocks: the product of the gates is 0
    or 1, and while it is 1 the blocks have given 0. So where the first shut gate is that of a block, the output of the
    model is that of this block, whatever the blocks behind it and the predictor are, and if all are open it is the
    predictor."""
    shut, output = case.real("gate"), case.real("output")
    case.assume(some(shut == 0, shut == 1), label="gates are asked where they are 0 or 1")

    def advance(s: State) -> State:
        found = through(Passage(s["total"], s["open"]), s["gate"], s["output"])
        return {"total": found.total, "open": found.open}

    def holds(s: State) -> Formula:
        return every(some(s["open"] == 0, s["open"] == 1), implies(s["open"] == 1, s["total"] == 0))

    at = case.reached(
        case.induction(
            "over the blocks",
            state={"total": case.real("total"), "open": case.real("open")},
            start={"total": NONE_BEFORE.total, "open": NONE_BEFORE.open},
            inputs={"gate": shut, "output": output},
            advance=advance,
            holds=holds,
        )
    )
    rest = case.real("rest")
    case.show(
        "nothing before", every(some(at["open"] == 0, at["open"] == 1), implies(at["open"] == 1, at["total"] == 0))
    )
    now = Passage(at["total"], at["open"])
    case.show("the block decides", whole_output(now, F(0), output, rest) == output, given=at["open"] == 1)
    case.show("the predictor", now.total + now.open * rest == rest, given=at["open"] == 1)
    once = whole_output(now, shut, output, rest)
    behind = passed(now, shut, output)
    case.show("seen from a block", once == behind.total + behind.open * rest)


@obligation(
    "lemma3a.idle",
    paper="Lemma 3a",
    kind="induction",
    of=lambda case: F(0),
    twin=lambda case: F(1),
)
def other_blocks_are_left_alone(gate_slope: Number, case: Case) -> None:
    """For every block whose turn it is not (a gate before it is shut, or its own is open), every batch of any size,
    whatever the outputs and labels are, and all valid roundings: a step leaves its answers and its clock as they are.
    For, gates and bumps are asked where they are constant, so each derivative by sympy is 0 on every sample, and 0
    rounds only to 0."""
    rho, open_, shut = case.real("rho"), case.real("open"), case.real("gate")
    case.assume(rho > 0, some(open_ == 0, open_ == 1), some(shut == 0, shut == 1))
    case.assume(some(open_ == 0, shut == 1), label="it is not this block's turn")
    before = {"answer": case.real("answer"), "clock": case.real("clock")}
    names = ("lost", "total", "coefficient", "of clock", "beyond", "output", "rest")
    sample = {name: case.real(name) for name in names}

    def slopes(s: State) -> dict[str, Number]:
        passage = Passage(s["total"], open_)
        by_answer = slope_by_answer(passage, shut, s["coefficient"], F(0), s["beyond"])
        by_clock = slope_by_clock(passage, shut, s["of clock"], gate_slope * s["beyond"], s["output"], s["rest"])
        return {"answer": by_answer, "clock": by_clock}

    for name, slope in slopes(sample).items():
        case.lemma(f"no slope by the {name}", slope == 0)
        case.lemma(f"no gradient by the {name}", sample["lost"] * slope == 0)
    at = _idle_batch(case, slopes, sample)
    case.assume(at["b"] >= 1, label="the batch is not empty")
    means = {}
    for name in before:
        means[name] = case.real(f"mean {name}")
        case.assume(means[name] * at["b"] == at[name], label=f"the mean by the {name}")
        case.lemma(f"the mean by the {name} is 0", means[name] == 0)
    numbers = OneStep(rho=rho, epsilon=F(0))
    after = stepped(case, training(numbers), rho, means)
    case.show("no step by the answer", after["answer"] == 0)
    case.show("no step by the clock", after["clock"] == 0)


def _idle_batch(case: Case, slopes: Callable[[State], dict[str, Number]], sample: State) -> State:
    """The sums over a batch of any size of the clipped derivatives of a block whose turn it is not."""
    descent = training(OneStep(rho=F(1, 4), epsilon=F(0)))
    state = {"b": case.integer("b"), "answer": case.real("answers"), "clock": case.real("clocks")}

    def advance(s: State) -> State:
        totals = {name: s[f"sum by {name}"] for name in ("answer", "clock")}
        summed = VectorSum(count=s["b"], totals=totals)
        lost = {name: s["lost"] * slope for name, slope in slopes(s).items()}
        added = summed.added({name: descent.clipping(value) for name, value in lost.items()})
        return {"b": added.count, **{f"sum by {name}": total for name, total in added.totals.items()}}

    named = {"b": state["b"], "sum by answer": state["answer"], "sum by clock": state["clock"]}
    run = case.induction(
        "over the batch",
        state=named,
        start=dict.fromkeys(named, F(0)),
        inputs=sample,
        advance=advance,
        holds=lambda s: every(s["b"] >= 0, s["sum by answer"] == 0, s["sum by clock"] == 0),
    )
    at = case.reached(run)
    return {"b": at["b"], "answer": at["sum by answer"], "clock": at["sum by clock"]}
