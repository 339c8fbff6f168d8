"""Passes in lanes of 32-bit integers and in words of 64 samples are exact, where the bounds say so."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies, some, within
from constructions.foundations.network import Edge, Network
from constructions.networks.flat import flat_network
from constructions.networks.trainable import Trainable
from constructions.training import formulas
from constructions.training.batch_passes import IN_LANES
from constructions.training.engine import engine_of
from verify.claims.training.exactness import EDGES, SIGMAS, choices_among
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict
from verify.replay.relu_form import relu_value

Formula = Callable[..., Any]
WEIGHTS = (Fraction(-2), Fraction(3, 4))
POINTS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def _given(*subject: Any) -> Callable[[Case], Any]:
    return lambda case: subject


def _twice_as_much(size: Number) -> Any:
    return size < 1 << formulas.LANE_BITS + 1


@obligation(
    "lanes.sums",
    paper="the engine",
    kind="induction",
    of=_given(formulas.fits_lane, formulas.size_of_sums),
    twin=_given(_twice_as_much, formulas.size_of_sums),
)
def a_lane_holds_the_sum_itself(rules: tuple[Formula, Formula], case: Case) -> None:
    """For any number of edges into a vertex, let each weight and each output of a tail be an integer within its bound,
    and let a lane of 32 bits, which holds every result modulo 2^32, add up the products. If the size that is computed
    from the bounds fits a lane, the lane holds the sum itself."""
    fits, grown = rules
    factor, out, weight, reach = (case.real(name) for name in ("factor", "out", "weight", "reach"))
    turn = case.integer("turn")
    case.assume(within(factor, weight), within(out, reach))
    case.lemma("the size of a term", within(factor * out, weight * reach))
    state = {"sum": case.real("sum"), "lane": case.real("lane"), "size": case.real("size"), "turns": case.integer("n")}

    def advance(s: State) -> State:
        term = s["factor"] * s["out"]
        return {
            "sum": s["sum"] + term,
            "lane": formulas.in_lane(s["lane"] + term, s["turn"]),
            "size": grown(s["size"], s["weight"], s["reach"]),
            "turns": s["turns"] + s["turn"],
        }

    def holds(s: State) -> object:
        return every(
            s["lane"] == formulas.in_lane(s["sum"], s["turns"]),
            within(s["sum"], s["size"]),
            implies(every(fits(s["size"]), formulas.fills_lane(s["lane"])), s["lane"] == s["sum"]),
        )

    run = case.induction(
        "over the edges",
        state=state,
        start=dict.fromkeys(state, Fraction(0)),
        advance=advance,
        holds=holds,
        inputs={"factor": factor, "out": out, "weight": weight, "reach": reach, "turn": turn},
    )
    at = case.reached(run)
    fitting = every(fits(at["size"]), formulas.fills_lane(at["lane"]))
    case.show("a lane holds the sum", at["lane"] == at["sum"], given=fitting)


def _without_the_negative_part(need: Number, factor: Number, low: Number, negative: Number) -> Number:
    return need - factor * low


@obligation(
    "words.need",
    paper="the engine",
    kind="induction",
    of=_given(formulas.need_of_gate, formulas.need_less),
    twin=_given(formulas.need_of_gate, _without_the_negative_part),
)
def a_gate_counts_what_it_needs(rules: tuple[Formula, Formula], case: Case) -> None:
    """For any number of edges into a gate, whose tails are ``low`` or ``low + span`` as their bit is 0 or 1, let the
    part of factor times span above 0 count where the bit is 1, and the part below 0, with a plus, where it is 0. Then
    what is needed exceeds what is counted by exactly as much as the mark exceeds the sum; so the sum reaches the mark
    if and only if the count reaches what is needed."""
    first, less = rules
    mark, bias = case.real("mark"), case.real("bias")
    factor, low, span, bit, plus, minus = (
        case.real(name) for name in ("factor", "low", "span", "bit", "plus", "minus")
    )
    case.assume(some(bit == 0, bit == 1), plus >= 0, minus <= 0, some(plus == 0, minus == 0))
    case.assume(factor * span == plus + minus)
    state = {"sum": case.real("sum"), "count": case.real("count"), "need": case.real("need")}

    def advance(s: State) -> State:
        return {
            "sum": s["sum"] + s["factor"] * s["low"] + (s["plus"] + s["minus"]) * s["bit"],
            "count": s["count"] + s["plus"] * s["bit"] - s["minus"] * (1 - s["bit"]),
            "need": less(s["need"], s["factor"], s["low"], s["minus"]),
        }

    run = case.induction(
        "over the edges",
        state=state,
        start={"sum": bias, "count": Fraction(0), "need": first(mark, bias)},
        advance=advance,
        holds=lambda s: mark - s["sum"] == s["need"] - s["count"],
        inputs={"factor": factor, "low": low, "span": span, "bit": bit, "plus": plus, "minus": minus},
    )
    at = case.reached(run)
    case.show("both reach it or neither", (at["sum"] >= mark) == (at["count"] >= at["need"]))


@dataclass(frozen=True)
class SideBySide:
    """A network's weights and activation, and for every x the outputs that a step in lanes and an evaluation of 64
    points give (the twin: for another network); whether lanes were used."""

    weights: dict[Edge, Fraction]
    sigma: Any
    step: dict[tuple[int, int], Fraction]
    evaluation: dict[tuple[int, int], Fraction]
    in_lanes: bool


def _side_by_side(more: Fraction) -> Callable[[Case], SideBySide]:
    """A network with its outputs; with ``more``, those of one with another weight."""

    def build(case: Case) -> SideBySide:
        weights = {edge: WEIGHTS[int(case.integer(f"w{i}"))] for i, edge in enumerate(EDGES)}
        sigma, given = SIGMAS[int(case.integer("sigma"))], weights | {("x1", "h"): weights["x1", "h"] + more}
        graph = Network(inputs=("x1", "x2"), outputs=("f",), edges=given, constant="one", sigma=sigma)
        engine = engine_of(Trainable(network=flat_network(graph), rho=Fraction(1, 16), batch=8))
        many = engine.outputs(np.array(POINTS * 16))
        few = engine.step(np.array(POINTS * 2), np.array([0] * 4 + [1] * 4)).outputs
        step, evaluation = (dict(zip(POINTS, outputs[-4:], strict=True)) for outputs in (few, many))
        return SideBySide(weights, sigma, step, evaluation, set(engine.ways) == {IN_LANES})

    return build


@obligation(
    "lanes.outputs",
    paper="the engine",
    kind="enumeration",
    domain=lambda: choices_among(WEIGHTS),
    of=_side_by_side(Fraction(0)),
    twin=_side_by_side(Fraction(3)),
    expect=Verdict.CHECKED,
    finite="all networks with two inputs, one hidden vertex and weights -2 and 3/4, of ramps and of hard tanh",
    needs=("lanes.sums", "words.need", "exactness.progressions"),
)
def both_ways_give_the_outputs(subject: SideBySide, case: Case) -> None:
    """For every network of the finite case and every x, a step on all eight samples goes in lanes, and the outputs that
    it has, and those of an evaluation of 64 points, are the exact ones."""
    w, step, evaluation = subject.weights, True, True
    for x1, x2 in POINTS:
        h = relu_value(subject.sigma, w["one", "h"] + w["x1", "h"] * x1 + w["x2", "h"] * x2)
        f = relu_value(subject.sigma, w["x2", "f"] * x2 + w["h", "f"] * h)
        step, evaluation = step and subject.step[x1, x2] == f, evaluation and subject.evaluation[x1, x2] == f
    case.show("lanes were used", subject.in_lanes)
    case.show("the outputs of the step", bool(step))
    case.show("the outputs of the evaluation", bool(evaluation))
