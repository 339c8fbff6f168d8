"""Theorem 2b: queries about batches are answered by the exact means of samples.

Proved here: the error does not grow (``theorem2b.error``), and k rounds use kb samples (``theorem2b.count``).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from constructions.foundations.logic import every
from constructions.learning.error import error, exact_cells
from constructions.learning.models import BSQ, PAC, QueryMethod, SampleMethod
from constructions.learning.oracles import within_range
from constructions.learning.problems import Bits, Point, Predictor, Table, uniform
from constructions.reductions.bsq import (
    theorem_2b,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction


Reduction = Callable[[Any], Any]


SOURCES = (
    Table(1, {((0,), 0): F(1, 16), ((1,), 1): F(15, 16)}),
    Table(1, {((0,), 0): F(6, 25), ((1,), 1): F(19, 25)}),
    uniform(1, lambda x: x[0], noise=F(1, 5)),
)


def bit_and_label(b: int, tau: Fraction) -> QueryMethod:
    """Two parallel binary queries about a batch, decoded or not by comparing them; the second round asks about the
    side that won."""

    def after(state: Any, answers: Any) -> Any:
        return (*state, answers[0] >= answers[1])

    return QueryMethod(
        n=1,
        budget=BSQ(k=2, tau=tau, b=b, p=2),
        start=lambda bits: (),
        after=after,
        cells=lambda state, means, tau: list(
            product(*([within_range(mean + i * tau) for i in (-1, 0, 1)] for mean in means))
        ),
        query=lambda state: lambda x, y: (int(y == (state[-1] if state else 1)), int(x[0] == y)),  # type: ignore[index]
        predictor=lambda state: lambda x: int(x[0] if state[1] else state[0]),  # type: ignore[index]
    )


BATCHED = tuple(bit_and_label(b, tau) for b, tau in product((1, 2), (F(0), F(1, 8), F(1, 2))))


MAJORITY = QueryMethod(
    n=1,
    budget=BSQ(k=1, tau=F(1, 8), b=3, p=1),
    start=lambda bits: False,
    query=lambda state: lambda x, y: (y,),
    cells=exact_cells,
    after=lambda state, answers: answers[0] > F(1, 2),
    predictor=lambda state: lambda x: int(bool(state)),
)


def methods_on_sources(methods: int, sources: int = len(SOURCES)) -> Callable[[], Iterator[dict[str, Any]]]:
    """Every method with every source, by number."""
    return lambda: ({"method": i, "source": j} for i in range(methods) for j in range(sources))


def costs_at_most(reduction: Reduction, methods: Any, delta: Fraction, case: Case) -> None:
    """State that the reduced method has at most ``delta`` more error on a source than the method itself."""
    method, source = methods[int(case.integer("method"))], SOURCES[int(case.integer("source"))]
    case.show("error at most delta more", error(reduction(method), source) <= error(method, source) + delta)


def _flipped(method: QueryMethod) -> SampleMethod:
    """The simulation of Theorem 2b that predicts the opposite (the twin's)."""
    made = theorem_2b()(method)

    def learn(sample: tuple[Point, ...], bits: Bits) -> Predictor:
        h = made.learn(sample, bits)
        return lambda x: 1 - h(x)

    return replace(made, learn=learn)


@obligation(
    "theorem2b.error",
    paper="Theorem 2b",
    kind="enumeration",
    domain=methods_on_sources(len(BATCHED) + 1),
    expect=Verdict.CHECKED,
    finite="six adaptive methods of two rounds and a majority of three, three sources; the twin predicts the opposite",
    of=lambda case: theorem_2b(),
    twin=lambda case: _flipped,
)
def exact_means_cost_no_error(reduction: Reduction, case: Case) -> None:
    """For each method and source of the finite case, the method that is answered by the exact means of k batches of
    samples has at most the error that it has against the worst valid answers."""
    costs_at_most(reduction, (*BATCHED, MAJORITY), F(0), case)


def _one_batch(budget: BSQ) -> PAC:
    """The samples of one round alone (the twin's)."""
    return PAC(m=budget.b, r=budget.r)


@obligation(
    "theorem2b.count",
    paper="Theorem 2b",
    kind="induction",
    of=lambda case: theorem_2b().budget,
    twin=lambda case: _one_batch,
)
def batches_use_kb_samples(budget: Callable[[BSQ], Any], case: Case) -> None:
    """For every b and k, rounds of b samples each have used t b samples after t rounds, and so, after k rounds, exactly
    as many as the budget of the simulation has. Its number of random bits is that of the given method."""
    b, k = case.integer("b"), case.integer("k")
    state = {"t": case.integer("t"), "used": case.real("used")}
    case.induction(
        "over the rounds",
        state=state,
        start={"t": F(0), "used": F(0)},
        holds=lambda s: s["used"] == s["t"] * b,
        advance=lambda s: {"t": s["t"] + 1, "used": s["used"] + b},
        inputs={},
    )
    r = case.integer("r")
    got = budget(BSQ(k=k, tau=F(1, 8), b=b, p=1, r=r))
    case.show("random bits", got.r == r)
    case.show("after k rounds", state["used"] == got.m, given=every(state["t"] == k, state["used"] == state["t"] * b))
