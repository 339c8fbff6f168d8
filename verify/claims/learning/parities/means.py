"""What a target's mean and loss are, from the signed sums.

Proved here, for any number of points: a target's mean is that under uniform labels plus its deviation
(``parities.deviation``); the squares of all deviations sum to at most 1 (``parities.deviations``); a target's loss from
its signed sum (``parities.loss``).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.descent import squared_loss
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, select, within
from constructions.learning.parities import (
    centred,
    deviation_of,
    sign,
    sum_and_difference,
    summed_loss,
    uniform_mean,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction


@obligation(
    "parities.deviation",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: (uniform_mean, deviation_of),
    twin=lambda case: (uniform_mean, lambda signed, share: signed * share),
)
def a_mean_is_uniform_plus_deviation(subject: tuple[Callable[..., Number], Callable[..., Number]], case: Case) -> None:
    """For any number of points, every query and every target: the mean of the query under the target is its mean under
    uniform labels plus the target's deviation, which comes from the signed sum of the differences of the query's values
    with label 0 and with label 1. By induction over the points."""
    uniform, deviation = subject
    zero, one, label = case.real("zero"), case.real("one"), case.integer("label")
    case.assume(label >= 0, label <= 1)
    state = {"points": case.integer("points")} | {name: case.real(name) for name in ("here", "both", "signed")}

    def advance(s: State) -> State:
        total, difference = sum_and_difference(s["zero"], s["one"])
        return {
            "points": s["points"] + 1,
            "here": s["here"] + select(s["label"] == 1, s["one"], s["zero"]),
            "both": s["both"] + total,
            "signed": s["signed"] + sign(s["label"]) * difference,
        }

    run = case.induction(
        "over the points",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"zero": zero, "one": one, "label": label},
        advance=advance,
        holds=lambda s: every(s["points"] >= 0, 2 * s["here"] == s["both"] + s["signed"]),
    )
    at = case.reached(run)
    mean, size = case.real("mean"), at["points"]
    share = case.real("share")
    case.assume(size >= 1, share * size == 1, mean == at["here"] * share)
    case.show("the mean", mean == uniform(at["both"], share) + deviation(at["signed"], share))


@obligation(
    "parities.deviations",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: deviation_of,
    twin=lambda case: lambda signed, share: 2 * deviation_of(signed, share),
)
def squares_of_deviations_are_at_most_one(deviation: Callable[..., Number], case: Case) -> None:
    """For every query with values in [-1, 1] and any number n of bits, the squares of the deviations of all 2^n targets
    sum to at most 1. The squares of the signed sums sum to 2^n times those of the differences (Parseval), and each of
    these 2^n differences is at most 2."""
    zero, one = case.real("zero"), case.real("one")
    case.assume(within(zero, F(1)), within(one, F(1)))
    points = case.induction(
        "over the points",
        state={"points": case.integer("points"), "energy": case.real("energy")},
        start={"points": F(0), "energy": F(0)},
        inputs={"zero": zero, "one": one},
        advance=lambda s: {
            "points": s["points"] + 1,
            "energy": s["energy"] + _square(sum_and_difference(s["zero"], s["one"])[1]),
        },
        holds=lambda s: every(s["points"] >= 0, s["energy"] >= 0, s["energy"] <= 4 * s["points"]),
    )
    here = case.reached(points)
    size = here["points"]
    passes = {f"over the passes reached: {name}": number for name, number in (("size", size), *_passes(case).items())}
    pair = {name: case.real(f"{name} a pass") for name in ("before", "after")}
    used = case.use("parities.parseval", "Parseval", energy=here["energy"], **passes, **pair)
    case.assume(used.premises, label="n passes over 2^n points")
    squares, signed, share = used.values["over the passes reached: squares"], case.real("signed"), case.real("share")
    case.assume(size >= 1, share * size == 1)
    targets = case.induction(
        "over the targets",
        state={"signed squares": case.real("signed squares"), "deviations": case.real("deviations")},
        start={"signed squares": F(0), "deviations": F(0)},
        inputs={"signed": signed},
        advance=lambda s: {
            "signed squares": s["signed squares"] + _square(s["signed"]),
            "deviations": s["deviations"] + _square(deviation(s["signed"], share)),
        },
        holds=lambda s: s["deviations"] == share * share * s["signed squares"] / 4,
    )
    there = case.reached(targets)
    case.assume(there["signed squares"] == squares, label="the signed sums are the entries")
    case.lemma("in all", share * share * squares == share * here["energy"])
    case.lemma("on average", share * here["energy"] <= 4 * (share * size))
    case.show("at most 1", there["deviations"] <= 1)


def _passes(case: Case) -> dict[str, Number]:
    """What is known after n passes, beside the size: how many there were, and the sum of squares."""
    return {"bits": case.integer("bits"), "squares": case.real("squares")}


def _square(value: Any) -> Any:
    return value * value


@obligation(
    "parities.loss",
    paper="Corollary 2",
    kind="induction",
    of=lambda case: (centred, summed_loss),
    twin=lambda case: (centred, lambda points, square, signed: (points + square + signed) / 8),
)
def a_loss_from_a_signed_sum(subject: tuple[Callable[..., Number], Callable[..., Number]], case: Case) -> None:
    """For any number of points, every predictor with real values and every target: the sum of the squared losses at all
    points is what the code makes of the number of points, the sum of u^2 and the signed sum of u. By induction over the
    points."""
    shifted, total = subject
    prediction, label = case.real("prediction"), case.integer("label")
    case.assume(label >= 0, label <= 1)
    state = {"points": case.integer("points")} | {name: case.real(name) for name in ("loss", "square", "signed")}

    def advance(s: State) -> State:
        u = shifted(s["prediction"])
        return {
            "points": s["points"] + 1,
            "loss": s["loss"] + squared_loss(s["prediction"], s["label"]),
            "square": s["square"] + _square(u),
            "signed": s["signed"] + select(s["label"] == 1, sign(F(1)), sign(F(0))) * u,
        }

    run = case.induction(
        "over the points",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"prediction": prediction, "label": label},
        advance=advance,
        holds=lambda s: every(s["points"] >= 0, s["loss"] == total(s["points"], s["square"], s["signed"])),
    )
    at = case.reached(run)
    case.show("the loss", at["loss"] == total(at["points"], at["square"], at["signed"]))
