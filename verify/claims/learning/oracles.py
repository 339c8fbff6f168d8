"""Equation (8) as the paper has it: for any number of queries and any batch size.

The p queries of a round are one function of the place of a query, the point and the label, of which nothing is assumed.
A vector with p entries is known by its number (see :mod:`verify.claims.foundations.descent.steps`).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select, within
from constructions.foundations.terms import INTEGER, REAL
from constructions.foundations.vectors import Family, VectorSum, entrywise
from constructions.learning.oracles import is_valid, means_over
from verify.claims.foundations.descent.steps import any_place, sample, vector
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

Rule = Callable[[Number, Number, Number], Formula]


def queries(case: Case) -> Callable[[Any, Any], Any]:
    """The queries of a round at a point (x, y): any function of the place of a query, x and y."""
    value = case.function("query", 3, takes=(INTEGER, REAL, REAL))
    return lambda x, y: Family(lambda place: value(place, x[0], y))


def doubled(points: Any, query: Any, p: int, *, after: VectorSum | None = None) -> Any:
    """Twice the means (the twin's)."""
    return entrywise(lambda mean: 2 * mean, means_over(points, query, p, after=after))


@obligation(
    "equation8.means",
    paper="Equation (8)",
    kind="induction",
    of=lambda case: means_over,
    twin=lambda case: doubled,
)
def means_of_a_batch(means: Callable[..., Any], case: Case) -> None:
    """For any number p of queries, every b and every batch of b points, ``means_over`` gives for each query 1/b times
    the sum of its values at the points. (Stated for b + 1 points, b >= 0: the one that is written out is the last.)"""
    i, query, last = any_place(case), queries(case), sample(case)
    none, name = VectorSum.of(query(*last)), case.real("no sum")
    case.assume(vector(case, name).at(i) == none.totals.at(i), label="the entries of the sum over no point")
    state = {"b": case.integer("b"), "totals": case.real("totals"), "sum": case.real("sum")}

    def after(s: State) -> VectorSum:
        return VectorSum(count=s["b"], totals=vector(case, s["totals"])).added(query((s["x"],), s["y"]))

    run = case.induction(
        "over the batch",
        state=state,
        start={"b": Fraction(none.count), "totals": name, "sum": Fraction(0)},
        inputs={"x": last[0][0], "y": last[1], "next": case.real("next totals")},
        given=lambda s: vector(case, s["next"]).at(i) == after(s).totals.at(i),
        advance=lambda s: {
            "b": after(s).count,
            "totals": s["next"],
            "sum": s["sum"] + query((s["x"],), s["y"]).at(i),
        },
        holds=lambda s: every(s["b"] >= 0, vector(case, s["totals"]).at(i) == s["sum"]),
    )
    at = case.reached(run)
    before = VectorSum(count=at["b"], totals=vector(case, at["totals"]))
    found = means([last], query, 0, after=before)
    wanted = (at["sum"] + query(*last).at(i)) / (at["b"] + 1)
    case.show("no batch has fewer points than none", at["b"] >= 0)
    case.show("each mean is the average of the values", found.at(i) == wanted)
    loop_is_the_run(means, before, i, case)


def loop_is_the_run(means: Callable[..., Any], before: VectorSum, i: Number, case: Case) -> None:
    """That the loop of ``means_over`` takes the steps of the induction: it begins with the empty sum, and two points in
    one call are one after the other."""
    query, one, last = queries(case), sample(case), sample(case, " after")
    added = before.added(query(*one))

    def found(points: list[Any], after: VectorSum | None) -> Number:
        return means(points, query, 0, after=after).at(i)

    case.show("the loop begins with the empty sum", found([one], None) == found([one], VectorSum.of(query(*one))))
    case.show("two points are one after the other", found([one, last], before) == found([last], added))
    case.show("a point that comes twice counts twice", found([one, one], before) == found([one], added))


@obligation(
    "equation8.valid",
    paper="Equation (8)",
    kind="induction",
    of=lambda case: is_valid,
    twin=lambda case: lambda answer, mean, tau: is_valid(answer, mean, 2 * tau),
)
def valid_answers(rule: Rule, case: Case) -> None:
    """For every tau >= 0, every number p of queries, all answers v in [-1, 1]^p and every batch of any size: no entry
    of v is refused exactly if the largest absolute value of an entry of v minus 1/b times the sum of the queries'
    values over the batch is at most tau. An answer with an entry outside [-1, 1] is refused."""
    tau, answer, mean = case.real("tau"), case.real("v"), case.real("mean")
    case.assume(tau >= 0)
    state = {"p": case.integer("entries"), "refused": case.integer("refused")}
    state |= {"norm": case.real("norm"), "largest": case.real("largest")}

    def advance(s: State) -> State:
        away, size = distance(s["v"], s["mean"]), distance(s["v"], Fraction(0))
        return {
            "p": s["p"] + 1,
            "refused": s["refused"] + select(rule(s["v"], s["mean"], tau), Fraction(0), Fraction(1)),
            "norm": select(away > s["norm"], away, s["norm"]),
            "largest": select(size > s["largest"], size, s["largest"]),
        }

    def holds(s: State) -> Formula:
        none = s["refused"] == 0
        bounds = every(s["p"] >= 0, s["refused"] >= 0, s["norm"] >= 0, s["largest"] >= 0)
        return every(bounds, none == every(s["norm"] <= tau, s["largest"] <= 1))

    inputs = {"v": answer, "mean": mean}
    start = dict.fromkeys(state, Fraction(0))
    run = case.induction("over the entries", state=state, start=start, inputs=inputs, advance=advance, holds=holds)
    at = case.reached(run)
    case.show("valid in [-1, 1]^p", (at["refused"] == 0) == (at["norm"] <= tau), given=at["largest"] <= 1)
    case.show("refused outside", at["refused"] > 0, given=at["largest"] > 1)
    of_the_batch(rule, case)


def distance(one: Number, other: Number) -> Number:
    """How far two numbers are apart."""
    return select(one < other, other - one, one - other)


def of_the_batch(rule: Rule, case: Case) -> None:
    """That the means are those of equation (8): one entry, of a batch of any size, as the code has it."""
    i, last, tau, answer = any_place(case), sample(case), case.real("tau"), case.real("v")
    b, totals, total = case.integer("b"), case.real("totals"), case.real("total")
    moment = zip(("b", "totals", "sum"), (b, totals, total), strict=True)
    batch = case.use(
        "equation8.means",
        i=i,
        p=case.integer("p"),
        x=last[0][0],
        y=last[1],
        query=case.function("query", 3, takes=(INTEGER, REAL, REAL)),
        entry=case.function("entry", 2, takes=(REAL, INTEGER)),
        **{f"over the batch reached: {name}": value for name, value in moment},
    )
    case.assume(batch.premises, label="the sums are those over a batch of some size")
    case.lemma("so many points", b >= 0)
    means: Any = means_over([last], queries(case), 0, after=VectorSum(count=b, totals=vector(case, totals)))
    average = (total + queries(case)(*last).at(i)) / (b + 1)
    case.lemma("the mean is the average", means.at(i) == average)
    said = every(within(answer - average, tau), within(answer, Fraction(1)))
    case.show("an entry is valid as equation (8) says", rule(answer, means.at(i), tau) == said)
