"""Theorem 2d and Lemma 2: a query about the source is answered by an average over enough batches.

Proved here: averages keep the tolerance (``theorem2d.tolerance``, ``theorem2d.sampling``); the error grows by delta at
most (``theorem2d.error``, ``lemma2.error``); how many batches are enough, and that the printed number can be 0
(``theorem2d.rounds``).
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.logic import every, within
from constructions.learning.models import SQ, QueryMethod
from constructions.learning.tails import hoeffding
from constructions.reductions.bsq import (
    HOEFFDING,
    averaged,
    averaged_by_label,
    ends,
    lemma_2,
    repeats,
    theorem_2d,
)
from verify.claims.reductions.bsq.exact_means import F, Reduction, costs_at_most, methods_on_sources
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

ZERO = F(0)


DELTA = F(1, 8)


def sign_of_label(k: int, tau: Fraction, low: Fraction, level: Fraction = ZERO) -> QueryMethod:
    """k queries 2y - 1, the later ones only where x is not 0 if the first said so; predicts 1 or ``low``, as
    all answers are above ``level`` or not."""

    def after(state: Any, answers: Any) -> Any:
        return (*state, answers[0] > level)

    return QueryMethod(
        n=1,
        budget=SQ(k=k, tau=tau),
        start=lambda bits: (),
        cells=ends,
        after=after,
        query=lambda state: lambda x, y: ((2 * y - 1) if not state or state[-1] or x[0] else y - 1,),  # type: ignore[index]
        predictor=lambda state: lambda x: F(1) if all(state) else low,  # type: ignore[arg-type]
    )


COARSE = (sign_of_label(1, F(1), F(-1), F(-1, 4)), sign_of_label(1, F(1), F(1, 2), F(-1, 8)))


SIGNS = (sign_of_label(1, F(3, 4), F(-1)), sign_of_label(1, F(3, 4), F(0)))


ADAPTIVE = (*SIGNS, sign_of_label(2, F(3, 4), F(-1)), sign_of_label(2, F(1, 2), F(1, 2)))


@obligation(
    "theorem2d.tolerance",
    paper="Theorem 2d, Lemma 2",
    kind="induction",
    of=lambda case: F(1),
    twin=lambda case: F(1, 2),
)
def averaging_keeps_the_tolerance(share: Fraction, case: Case) -> None:
    """For every q >= 1 and tau > 0, the mean of q answers, each within tau of the mean of its batch, is within tau of
    the mean of the q batch means. For, by induction over the batches, the sum of the answers is within q tau of the sum
    of the batch means."""
    tau, answer, mean = case.real("tau"), case.real("answer"), case.real("mean")
    case.assume(tau > 0, within(answer - mean, tau))
    state = {"q": case.integer("q")} | {name: case.real(name) for name in ("answers", "means")}
    sums = case.induction(
        "over the batches",
        state=state,
        start={name: F(0) for name in state},
        inputs={"answer": answer, "mean": mean},
        advance=lambda s: {"q": s["q"] + 1, "answers": s["answers"] + s["answer"], "means": s["means"] + s["mean"]},
        holds=lambda s: every(s["q"] >= 0, within(s["answers"] - s["means"], share * s["q"] * tau)),
    )
    asked = case.reached(sums)
    v, w, q = case.real("v"), case.real("w"), asked["q"]
    case.assume(q >= 1, v * q == asked["answers"], w * q == asked["means"])
    case.lemma("the sums", within((v - w) * q, q * tau))
    case.show("the means", within(v - w, tau))


@obligation("theorem2d.sampling", paper="Theorem 2d", of=lambda case: F(1, 2), twin=lambda case: F(3, 4))
def tolerance_is_shared(share: Fraction, case: Case) -> None:
    """For every tau > 0, an answer within tau/2 of a batch mean that is itself within tau/2 of the mean of the source
    is within tau of the mean of the source, and so a valid answer for SQ."""
    tau, answer, mean, truth = (case.real(name) for name in ("tau", "answer", "mean", "truth"))
    case.assume(tau > 0, within(answer - mean, share * tau), within(mean - truth, tau / 2))
    case.show("valid", within(answer - truth, tau))


@obligation("theorem2d.answer", paper="Theorem 2d", of=lambda case: F(1, 2), twin=lambda case: F(3, 4))
def an_average_answers_a_query(share: Fraction, case: Case) -> None:
    """For every q >= 1 and tau > 0: if each of q answers is within tau/2 of the mean of its batch, and the mean of the
    q batch means is within tau/2 of the mean of the source, then the mean of the q answers is within tau of the mean of
    the source, and so a valid answer for SQ."""
    tau, mean, truth = case.real("tau"), case.real("mean"), case.real("truth")
    case.assume(tau > 0, within(mean - truth, tau / 2))
    average = case.use("theorem2d.tolerance", "the means", tau=share * tau, w=mean)
    case.assume(average.premises, label="the answers are q >= 1 answers about batches, each within its tolerance")
    valid = case.use("theorem2d.sampling", tau=tau, answer=average.values["v"], mean=mean, truth=truth)
    case.lemma("the two errors are what is taken for granted", valid.premises)
    case.show("valid", within(average.values["v"] - truth, tau))


@obligation(
    "theorem2d.error",
    paper="Theorem 2d",
    kind="enumeration",
    domain=methods_on_sources(len(ADAPTIVE), 2),
    expect=Verdict.CHECKED,
    finite="four methods of one or two rounds, two sources, b = 16, delta = 1/8, nested error; "
    "the twin asks once, b = 1",
    of=lambda case: theorem_2d(b=16, delta=DELTA),
    twin=lambda case: lambda method: averaged(method, b=1, q=1),
)
def averages_cost_delta(reduction: Reduction, case: Case) -> None:
    """For each SQ method and source of the finite case, the method that is answered by averages over enough batches has
    at most delta more error, even if the answers about a batch may depend on all batches so far."""
    costs_at_most(reduction, ADAPTIVE, DELTA, case)


@obligation(
    "lemma2.error",
    paper="Lemma 2",
    kind="enumeration",
    domain=methods_on_sources(len(COARSE), 2),
    expect=Verdict.CHECKED,
    finite="two methods of one round, two sources, tau = 1, b = 48, delta = 1/8, nested error; "
    "the twin asks once, b = 1",
    of=lambda case: lemma_2(b=48, delta=DELTA),
    twin=lambda case: lambda method: averaged_by_label(method, b=1, q=1),
)
def averages_by_label_cost_delta(reduction: Reduction, case: Case) -> None:
    """For each SQ method and source of the finite case, the method that is answered by averages over enough batches,
    with queries on one label at a time, has at most delta more error."""
    costs_at_most(reduction, COARSE, DELTA, case)


def _logs() -> Iterator[dict[str, Any]]:
    grid = product((1, 2, 5), (1, 4, 1000), (F(1, 2), F(1)), (F(1), F(1, 8), F(1, 100)))
    return ({"k": k, "b": b, "tau": tau, "delta": delta} for k, b, tau, delta in grid)


@obligation(
    "theorem2d.rounds.printed",
    paper="Theorem 2d, Lemma 2",
    kind="enumeration",
    domain=_logs,
    expect=Verdict.REFUTED,
    erratum="E15",
    finite="54 sets of parameters, C = 8",
    of=lambda case: 1,
)
@obligation(
    "theorem2d.rounds.repaired",
    paper="Theorem 2d, Lemma 2",
    kind="enumeration",
    domain=_logs,
    expect=Verdict.CHECKED,
    erratum="E15",
    finite="54 sets of parameters, C = 8",
    of=lambda case: 4,
    twin=lambda case: 1,
)
def every_query_is_asked(inside: int, case: Case) -> None:
    """For all parameters of the finite case, each query is asked at least once: the number of repetitions, of the form
    ceil(C log(k/delta) / (b tau^2)), is at least 1 (as printed; the repair has 4k for k in the logarithm)."""
    k, b = int(case.integer("k")), int(case.integer("b"))
    times = repeats(k, delta=case.real("delta"), b=b, tau=case.real("tau"), constant=HOEFFDING, inside=inside)
    case.show("at least once", times >= 1)


@obligation(
    "theorem2d.rounds.enough",
    paper="Theorem 2d, Lemma 2",
    kind="enumeration",
    domain=_logs,
    expect=Verdict.CHECKED,
    finite="54 sets of parameters, exp between rationals",
    of=lambda case: HOEFFDING,
    twin=lambda case: HOEFFDING // 2,
)
def repeats_are_enough(constant: int, case: Case) -> None:
    """For all parameters of the finite case and q = ceil(8 log(4k/delta) / (b tau^2)), Hoeffding's bound for k means of
    q b values each, times the largest loss 2, is at most delta: 2 k * 2 exp(-(tau/2)^2 q b / 2) <= delta."""
    k, b, tau, delta = int(case.integer("k")), int(case.integer("b")), case.real("tau"), case.real("delta")
    q = repeats(k, delta=delta, b=b, tau=tau, constant=constant)
    case.show("at most delta", 2 * k * hoeffding(q * b, tau / 2)[1] <= delta)


@obligation("theorem2d.loss", paper="Theorem 2d, Lemma 2", of=lambda case: F(2), twin=lambda case: F(15, 8))
def a_wrong_run_loses_two_at_most(most: Fraction, case: Case) -> None:
    """For every prediction h in [-1, 1] and every chance of label 1, the mean of the loss (h - y)^2 / 2 over the label
    y (0 or 1) is at most 2."""
    h, mass = case.real("h"), case.real("mass")
    case.assume(within(h, 1), mass >= 0, mass <= 1)
    losses = [(h - y) * (h - y) / 2 for y in (F(0), F(1))]
    for y, loss in enumerate(losses):
        case.lemma(f"label {y}", loss <= most)
    case.show("the mean", mass * losses[1] + (1 - mass) * losses[0] <= most)
