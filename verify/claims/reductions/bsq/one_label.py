"""Lemma 2: a query is asked on one label at a time, half of the tolerance each.

Proved here: the sum of both answers, clipped, is valid (``lemma2.split``), unclipped it may leave [-1, 1]
(``lemma2.range``); one round, as many as are printed for large batches, is not enough (``lemma2.rounds``).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.logic import select, within
from constructions.learning.error import error
from constructions.learning.models import SQ, QueryMethod
from constructions.learning.problems import Source, Table
from constructions.reductions.bsq import (
    ends,
    joined,
    lemma_2,
    split,
)
from verify.claims.reductions.bsq.averages import ADAPTIVE
from verify.claims.reductions.bsq.exact_means import F, Reduction, costs_at_most, methods_on_sources
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict


@obligation(
    "lemma2.split.error",
    paper="Lemma 2",
    kind="enumeration",
    domain=methods_on_sources(len(ADAPTIVE)),
    expect=Verdict.CHECKED,
    erratum="E27",
    finite="four methods of one or two rounds, three sources; the twin's halves keep the tolerance of the whole",
    of=lambda case: split(),
    twin=lambda case: _wide_halves,
)
def halves_cost_no_error(reduction: Reduction, case: Case) -> None:
    """For each SQ method and source of the finite case, the method whose queries are asked on one label at a time, each
    to half of the tolerance, has at most the error of the given method."""
    costs_at_most(reduction, ADAPTIVE, F(0), case)


def _wide_halves(method: QueryMethod) -> QueryMethod:
    return replace(split()(method), budget=SQ(k=2 * method.budget.k, tau=method.budget.tau, alternating=True))


@obligation("lemma2.split", paper="Lemma 2", of=lambda case: F(1, 2), twin=lambda case: F(3, 4), erratum="E27")
def clipped_sum_is_valid(share: Fraction, case: Case) -> None:
    """For every tau > 0, if the mean of a query is in [-1, 1] and the answers for its parts on label 1 and on label 0
    are each within tau/2 of that part's mean, then the sum of both answers is within tau of the mean of the query, and
    so is this sum clipped to [-1, 1]."""
    v1, v0, m1, m0, tau = (case.real(name) for name in ("v1", "v0", "m1", "m0", "tau"))
    case.assume(tau > 0, within(m1 + m0, 1), within(v1 - m1, share * tau), within(v0 - m0, share * tau))
    total = v1 + v0
    clipped = select(total > 1, F(1), select(total < -1, F(-1), total))
    case.show("the sum is near", within(total - m1 - m0, tau))
    case.show("clipping keeps it so", within(clipped - m1 - m0, tau))


def _tenths() -> Iterator[dict[str, Any]]:
    return ({"mean1": F(i, 10), "mean0": F(j, 10)} for i in range(11) for j in range(11 - i))


@obligation(
    "lemma2.range.printed",
    paper="Lemma 2",
    kind="enumeration",
    domain=_tenths,
    expect=Verdict.REFUTED,
    erratum="E27",
    finite="means in tenths, tau = 1/5",
    of=lambda case: False,
)
@obligation(
    "lemma2.range.repaired",
    paper="Lemma 2",
    kind="enumeration",
    domain=_tenths,
    expect=Verdict.CHECKED,
    erratum="E27",
    finite="means in tenths, tau = 1/5",
    of=lambda case: True,
    twin=lambda case: False,
)
def sum_is_an_answer(clip: bool, case: Case) -> None:
    """For all means of the two parts of a query in tenths, the sum of two answers, each 1/10 above its mean, is a
    number in [-1, 1], as answers are (as printed; the repair clips the sum)."""
    total = joined(case.real("mean1") + F(1, 10), case.real("mean0") + F(1, 10), clip=clip)
    case.show("in [-1, 1]", within(total, 1))


def two_sides(side: int) -> Source:
    """A quarter of the mass at (0, 1), a quarter at (1, 1), the rest at (side, 0)."""
    return Table(1, {((0,), 1): F(1, 4), ((1,), 1): F(1, 4), ((side,), 0): F(1, 2)})


def which_side() -> QueryMethod:
    """One query, 1{x = 1}, to tolerance 1/8, tells the two sides apart."""
    return QueryMethod(
        n=1,
        budget=SQ(k=1, tau=F(1, 8)),
        start=lambda bits: 0,
        query=lambda state: lambda x, y: (x[0],),
        cells=ends,
        after=lambda state, answers: int(answers[0] > F(1, 2)),
        predictor=lambda side: lambda x: F(1, 3) if x[0] == side else 1,
    )


@obligation(
    "lemma2.rounds.sq",
    paper="Lemma 2",
    kind="enumeration",
    domain=lambda: ({"side": side} for side in (0, 1)),
    expect=Verdict.CHECKED,
    erratum="E14",
    finite="the two sources of E14",
    of=lambda case: F(1, 12),
    twin=lambda case: F(1, 13),
)
def one_query_tells_them_apart(bound: Fraction, case: Case) -> None:
    """The SQ method with one query, which asks for the mean of 1{x = 1} to tolerance 1/8, has error at most 1/12 on
    either of the two sources of E14."""
    case.show("error", error(which_side(), two_sides(int(case.integer("side")))) <= bound)


def _asked_on(label: int) -> Callable[[Case], int]:
    return lambda case: label


@obligation(
    "lemma2.rounds.blind",
    paper="Lemma 2",
    of=_asked_on(1),
    twin=_asked_on(0),
    erratum="E14",
    needs=("lemma2.rounds.sq",),
)
def one_round_cannot(label: int, case: Case) -> None:
    """In round 1 only a query on label 1 can be asked, and whatever it is, it has the same mean on both of the two
    sources of E14. So the round does not tell them apart, while every predictor has error at least 1/8 on one of
    them."""
    on0, on1, h0, h1 = (case.real(name) for name in ("on0", "on1", "h0", "h1"))
    means = [
        sum((mass * (on1 if x[0] else on0) for (x, y), mass in two_sides(side).masses() if y == label), F(0))
        for side in (0, 1)
    ]
    case.equal("the mean", means[0], means[1])
    losses = [
        sum((mass * ((h1 if x[0] else h0) - y) ** 2 for (x, y), mass in two_sides(side).masses()), F(0))
        for side in (0, 1)
    ]
    case.show("the mean error is at least 1/8", losses[0] + losses[1] >= F(1, 2))


def printed_rounds_for_large_batches(b: int, case: Case) -> None:
    """The printed number of rounds for one query, at tau = 1/8, delta = 1/50, C = 32 and the batch size of the finite
    case, leaves room for a query on label 1 and one on label 0, which is two rounds."""
    case.show("two rounds", lemma_2(b=b, delta=F(1, 50)).printed(SQ(k=1, tau=F(1, 8))).k >= 2)  # type: ignore[union-attr, misc]


def repaired_rounds_for_large_batches(factor: int, case: Case) -> None:
    """The repaired number of rounds for one query, at tau = 1/8 and delta = 1/50, leaves room for a query on label 1
    and one on label 0, for each batch size b of the finite case."""
    budget = lemma_2(b=int(case.integer("b")), delta=F(1, 50)).budget(SQ(k=1, tau=F(1, 8)))
    case.show("two rounds", factor * budget.k >= 4 * 1)  # type: ignore[union-attr]


obligation(
    "lemma2.rounds.printed",
    paper="Lemma 2",
    kind="enumeration",
    expect=Verdict.REFUTED,
    erratum="E14",
    finite="b = 10^5",
    of=lambda case: 10**5,
    needs=("lemma2.rounds.blind",),
)(printed_rounds_for_large_batches)


obligation(
    "lemma2.rounds.repaired",
    paper="Lemma 2",
    kind="enumeration",
    expect=Verdict.CHECKED,
    erratum="E14",
    finite="b = 1, 10, ..., 10^6",
    domain=lambda: ({"b": 10**i} for i in range(7)),
    of=lambda case: 2,
    twin=lambda case: 1,
)(repaired_rounds_for_large_batches)
