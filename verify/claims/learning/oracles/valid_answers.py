"""Equation (8) as the paper has it: for any number of queries and any batch size.

The p queries of a round are one function of the place of a query, the point and the label, of which nothing is assumed.
A vector with p entries is known by its number (see :mod:`verify.claims.foundations.descent.steps`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, select, within
from constructions.foundations.terms import INTEGER, REAL
from constructions.foundations.vectors import Family, VectorSum, entrywise
from constructions.learning.models import BSQ
from constructions.learning.oracles import is_valid, means_over
from verify.claims.foundations.descent.steps import any_place, sample, vector
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

Rule = Callable[[Number, Number, Number], Formula]
ASKED = (REAL, INTEGER, REAL, REAL)
"""Of what a query of any method is a function: its state, the place of the query, x and y."""


def queries(case: Case) -> Callable[[Any, Any], Any]:
    """The queries of a round at a point (x, y): any function of the state that asks, the place of a query, x and y."""
    return AnyQueryMethod(case, Fraction(0)).ask(case.real("asking"), 1)


ONE_QUERY = BSQ(k=0, tau=Fraction(0), b=1, p=1)
"""A budget where none matters."""


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
        asking=case.real("asking"),
        asked=case.function("asked", 4, takes=ASKED),
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


@dataclass(frozen=True, slots=True)
class AnyQueries:
    """The queries of an :class:`AnyQueryMethod` in some state."""

    state: Number
    values: Callable[[Any, Any], Any]

    def __call__(self, x: Any, y: Any) -> Any:
        """The values of the queries at a point."""
        return self.values(x, y)


@dataclass(frozen=True, slots=True)
class AnyQueryMethod:
    """Any method that asks queries: a function of its random bits and of the answers to them.

    Parameters
    ----------
    case : of whose functions it is made. answers : the number of the vector of answers in the round to come.
    budget : its budget. handed : the answers that it was given so far.
    """

    case: Case
    answers: Number
    budget: Any = ONE_QUERY
    n: int = 0
    handed: list[Any] = field(default_factory=list)

    def start(self, bits: Number) -> Number:
        """The state for a random string, which is known by a number."""
        return self.case.function("start", 1)(bits)

    def ask(self, state: Number, round_: int) -> AnyQueries:
        """The queries in a state: any function of the state, the place of a query, x and y."""
        value = self.case.function("asked", 4, takes=ASKED)
        return AnyQueries(state, lambda x, y: Family(lambda place: value(state, place, x[0], y)))

    def after(self, state: Number, answers: Any) -> Number:
        """The next state: any function of the state and of the vector of answers."""
        self.handed.append(answers)
        return self.case.function("next", 2)(state, self.answers)

    def predictor(self, state: Number) -> Number:
        """What is returned from a state, by its number."""
        return self.case.function("predictor", 1)(state)


def mean_of(case: Case) -> Callable[[Any, Any, Any], Any]:
    """The means of the queries in a state over a batch that is known by a number: any function of batch, state and
    place. (By ``equation8.means`` it is the one of equation (8).)"""
    mean = case.function("mean over batch", 3, takes=(REAL, REAL, INTEGER))
    return lambda batch, asked, p: Family(lambda place: mean(batch, asked.state, place))


def refused_place(case: Case, answers: Number, batch: Number, state: Number) -> Number:
    """A place at which a vector of answers is not valid, if there is one: so all of it is valid if this entry is."""
    return case.function("place", 3, gives=INTEGER)(answers, batch, state)


def answers_are_valid(rule: Rule, case: Case, answers: Number, batch: Number, state: Number) -> Formula:
    """Whether a vector of answers to the queries in a state is valid for a batch (equation 8)."""
    place = refused_place(case, answers, batch, state)
    means = mean_of(case)(batch, AnyQueryMethod(case, answers).ask(state, 1), 0)
    return rule(vector(case, answers).at(place), means.at(place), case.real("tau"))


@dataclass(frozen=True, slots=True)
class AnsweredRuns:
    """The runs of a method against any valid answers, and those in which code of ours answers it.

    Parameters
    ----------
    case : the claim. batch : the number of the batch of a round, from the round's number (from 0).
    rounds : from a method, a state, batches, the number of the first round and how a batch is averaged to the state
        after these rounds; the code that answers.
    """

    case: Case
    batch: Callable[[Number], Number]
    rounds: Callable[..., Any]

    def against_valid_answers(self, first: Number) -> Inductive:
        """All runs from a first state in which each answer is valid."""
        case, taken = self.case, case_inputs(self.case)

        def valid(s: State) -> Formula:
            return answers_are_valid(is_valid, case, s["answers"], self.batch(s["t"]), s["state"])

        return case.induction(
            "over valid answers",
            state={"t": case.integer("t"), "state": case.real("state")},
            start={"t": Fraction(0), "state": first},
            inputs={"answers": taken},
            given=valid,
            advance=lambda s: {"t": s["t"] + 1, "state": AnyQueryMethod(case, s["answers"]).after(s["state"], None)},
            holds=lambda s: s["t"] >= 0,
        )

    def against_exact_means(self, first: Number, valid: Inductive) -> Inductive:
        """The runs that the code answers; each is one with valid answers."""
        case, taken = self.case, case_inputs(self.case)
        state = {"t": case.integer("round"), "state": case.real("at")}

        def after(s: State) -> tuple[Any, Number, Number]:
            method = AnyQueryMethod(case, s["answers"])
            moved = self.rounds(method, s["state"], [self.batch(s["t"])], first=s["t"] + 1, average=mean_of(case))
            place = refused_place(case, s["answers"], self.batch(s["t"]), s["state"])
            return moved, vector(case, s["answers"]).at(place), method.handed[-1].at(place)

        def taken_up(s: State) -> Formula:
            _, entry, handed = after(s)
            return every(entry == handed, within(handed, Fraction(1)))

        valid.go_on(state, answers=taken)
        return case.induction(
            "over the rounds",
            state=state,
            start={"t": Fraction(0), "state": first},
            inputs={"answers": taken},
            given=taken_up,
            advance=lambda s: {"t": s["t"] + 1, "state": after(s)[0]},
            holds=lambda s: valid.reached({"t": s["t"], "state": s["state"]}),
        )


def case_inputs(case: Case) -> Number:
    """The number of the vector of answers in a round."""
    return case.real("answers")
