"""Lemmas 4 and 13 for every differentiable model: the means of the queries are the gradient of the batch; the runs of
gradient descent against valid estimates, and those of the method by queries against valid answers.

A model is known by the derivative of its loss, any function of the place of a weight, of all weights, of a point and of
a label (as in :mod:`verify.claims.foundations.descent.steps`); what a program finds in the place of the derivative is
another such function. A vector of weights, of answers or of roundings is known by a number, and so is a batch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.descent import Descent
from constructions.foundations.exact import Number, floored
from constructions.foundations.logic import Formula, every, implies, negation, within
from constructions.foundations.terms import INTEGER, REAL
from constructions.foundations.vectors import Family, VectorSum
from constructions.learning import oracles
from constructions.learning.descent_methods import BSGD, DescentMethod
from constructions.reductions.descent_by_queries import DescentSteps
from verify.claims.foundations.descent.steps import AnyModel, any_model, any_place, derivative, sample, vector
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

F = Fraction
MODEL = (INTEGER, REAL, REAL, REAL)
"""Of what a derivative is a function: the place of a weight, all weights, x and y."""


def computed(case: Case) -> Callable[[Any, Any], Any]:
    """What a program finds in the place of the derivative: any function of the same."""
    found = case.function("computed", 4, takes=MODEL)
    return lambda net, one: Family(lambda place: found(place, net.vector, one[0][0], one[1]))


def any_descent_method(case: Case, rho: Number, rate: Number = 1) -> DescentMethod:
    """Gradient descent on any model, from a start that is any function of the random bits."""
    start, loss = case.function("start", 1), case.function("predictor", 1)
    return DescentMethod(
        n=0,
        budget=BSGD(steps=0, rho=rho, b=1, p=0),
        start=lambda bits: any_model(case, start(bits)),
        descent=Descent(rho=rho, rate=rate, derivative=derivative(case)),
        predictor=lambda model: loss(model.vector),
        computed=computed(case),
    )


class Unclipped(DescentSteps):
    """Queries for what is found as it is, not clipped (the twin's)."""

    __slots__ = ()

    def query(self, state: Any) -> Any:
        """The entries, some of which may be outside [-1, 1]."""
        found: Any = self.method.computed
        return lambda x, y: found(state, (x, y))


@obligation(
    "lemma4.means",
    paper="Lemma 4, Lemma 13",
    kind="induction",
    of=lambda case: DescentSteps,
    twin=lambda case: Unclipped,
)
def queries_are_the_gradient(kind: Callable[..., DescentSteps], case: Case) -> None:
    """For every model with any number p of weights, every b and every batch of b samples: if each clipped entry that a
    program finds is within eps of the clipped derivative, then the mean of each query over the batch, as equation (8)
    has it, is within eps of this entry of the gradient of the batch, as equation (2) has it, and in [-1, 1]. (Stated
    for b + 1 samples, b >= 0: the sample that is written out is the last one.)"""
    i, net, last, eps = any_place(case), any_model(case, case.real("w")), sample(case), case.real("eps")
    method = any_descent_method(case, F(1, 4))
    query: Any = kind(method).query(net)
    descent = method.descent
    found, true = query(*last).at(i), descent.sample_gradient(net, last).at(i)
    case.assume(eps >= 0, within(method.found_gradient(net, *last).at(i) - true, eps), label="found within eps")
    at = case.reached(over_the_batch(lambda one: (query(*one), descent.sample_gradient(net, one)), last, i, case))
    b = at["b"]
    before = [VectorSum(count=b, totals=vector(case, at[of])) for of in SUMS]
    means: Any = oracles.means_over([last], query, 0, after=before[0])
    mean = means.at(i)
    gradient = descent.batch_gradient(net, [last], after=before[1]).at(i)
    case.show("no batch has fewer samples than none", b >= 0)
    case.lemma("the sum of the queries", mean * (b + 1) == vector(case, at["queries"]).at(i) + found)
    case.lemma("the sum of the gradients", gradient * (b + 1) == vector(case, at["gradients"]).at(i) + true)
    case.lemma("the sums", within((mean - gradient) * (b + 1), (b + 1) * eps))
    case.lemma("the sums in range", every(within(mean * (b + 1), b + 1), within(gradient * (b + 1), b + 1)))
    case.show("the mean is within eps of the gradient", within(mean - gradient, eps))
    case.show("both are in [-1, 1]", every(within(mean, F(1)), within(gradient, F(1))))


SUMS = ("queries", "gradients")
"""What is summed over a batch."""


def over_the_batch(of: Callable[[Any], tuple[Any, Any]], last: Any, i: Number, case: Case) -> Inductive:
    """The sums over a batch of any size of what the queries and the gradient are on a sample, at the place i: they are
    within so many times eps of each other, and of 0 within the number of samples."""
    none = VectorSum.of(any_model(case, case.real("w")).edges)
    names = {at: case.real(f"no sum of {at}") for at in SUMS}
    for number in names.values():
        case.assume(vector(case, number).at(i) == none.totals.at(i), label="the entries of the sum over no sample")
    eps, state = case.real("eps"), {"b": case.integer("b")} | {at: case.real(at) for at in SUMS}
    inputs = {"x": last[0][0], "y": last[1]} | {f"next {at}": case.real(f"next {at}") for at in SUMS}

    def summed(s: State) -> dict[str, VectorSum]:
        values = zip(SUMS, of(((s["x"],), s["y"])), strict=True)
        return {at: VectorSum(count=s["b"], totals=vector(case, s[at])).added(value) for at, value in values}

    def holds(s: State) -> Formula:
        of_queries, of_gradients = (vector(case, s[at]).at(i) for at in SUMS)
        apart = within(of_queries - of_gradients, s["b"] * eps)
        return every(s["b"] >= 0, apart, within(of_queries, s["b"]), within(of_gradients, s["b"]))

    def given(s: State) -> Formula:
        return every(*(vector(case, s[f"next {at}"]).at(i) == sum_.totals.at(i) for at, sum_ in summed(s).items()))

    return case.induction(
        "over the batch",
        state=state,
        start={"b": F(none.count), **names},
        inputs=inputs,
        given=given,
        advance=lambda s: {"b": summed(s)["queries"].count} | {at: s[f"next {at}"] for at in SUMS},
        holds=holds,
    )


@dataclass(frozen=True, slots=True)
class DescentRuns:
    """The runs of gradient descent against any valid estimates, and those of the method by queries.

    Parameters
    ----------
    case : the claim. batch : the number of the batch of a step, from the step's number (from 0).
    steps : the code of the method by queries. tau : to which tolerance it asks. slack : that of what a program finds.
    """

    case: Case
    batch: Callable[[Number], Number]
    steps: DescentSteps
    tau: Number
    slack: Number

    def gradient(self, name: str, s: State, place: Number) -> Number:
        """An entry of the gradient of a batch at some weights (by ``lemma4.means`` what is said of it here is so)."""
        mean = self.case.function(name, 3, takes=(REAL, REAL, INTEGER))
        return mean(self.batch(s["t"]), s["w"], place)

    def place(self, s: State) -> Number:
        """A place at which the roundings are not valid, or the next weights are others than equation (1) says, if there
        is one: so all is right if this entry is."""
        found = self.case.function("place", 4, gives=INTEGER)
        return found(s["picks"], s["next"], s["w"], self.batch(s["t"]))

    def kink(self, s: State) -> Formula:
        """Whether the loss has no derivative on some sample of the batch."""
        return self.case.predicate("kink", 2)(self.batch(s["t"]), s["w"])

    def estimate_is_valid(self, s: State) -> Formula:
        """Whether the estimate is one that Section 2 allows at this place: a multiple of rho within 3/4 rho, but at a
        kink; in [-1, 1], if 1 has a valid rounding there (E01), and the next weights are those of equation (1)."""
        case, place, rho = self.case, self.place(s), self.case.real("rho")
        estimate = vector(case, s["picks"])
        u, entry = estimate.at(place), self.gradient("gradient", s, place)
        near = every(u == rho * floored(u / rho), within(u - entry, 3 * rho / 4))
        ranged = implies(case.real("f") <= F(3, 4), within(u, F(1)))
        moved: Any = self.steps.method.descent.moved(any_model(case, s["w"]), estimate)
        after = vector(case, s["next"]).at(place) == moved.edges.at(place)
        return every(after, ranged, implies(negation(self.kink(s)), near))

    def of_descent(self, first: Number) -> Inductive:
        """All runs from some weights in which each estimate is valid."""
        case = self.case
        return case.induction(
            "over valid estimates",
            state={"t": case.integer("t"), "w": case.real("w")},
            start={"t": F(0), "w": first},
            inputs={"picks": case.real("picks"), "next": case.real("next")},
            given=self.estimate_is_valid,
            advance=lambda s: {"t": s["t"] + 1, "w": s["next"]},
            holds=lambda s: s["t"] >= 0,
        )

    def answer_is_valid(self, s: State) -> Formula:
        """Whether the answer at this place is one that equation (8) allows, the mean of its query being within the
        slack of the gradient; and the method rounds it and moves as its code says. (Each number is in units of rho
        too.)"""
        case, place, rho = self.case, self.place(s), self.case.real("rho")
        answers = vector(case, s["answers"])
        answer, mean, entry = answers.at(place), self.gradient("mean", s, place), self.gradient("gradient", s, place)
        near = within(mean - entry, self.slack)
        in_units = every(answer == rho * (s["q"] + s["s"]), s["s"] >= 0, s["s"] < 1, mean == rho * s["Q"])
        means = every(in_units, entry == rho * s["M"], within(mean, F(1)), within(entry, F(1)), near)
        rounded = vector(case, s["picks"]).at(place) == self.steps.estimate(answers).at(place)
        moved = self.moved(s)
        after = vector(case, s["next"]).at(place) == moved.edges.at(place)
        return every(oracles.is_valid(answer, mean, self.tau), means, rounded, after, self.no_free_step(s))

    def no_free_step(self, s: State) -> Formula:
        """That 1 has a valid rounding in [-1, 1] where there is a kink: else footnote 6 and equation (3) contradict."""
        return implies(self.kink(s), self.case.real("f") <= F(3, 4))

    def moved(self, s: State) -> AnyModel:
        """The state of the method by queries after a round."""
        model: Any = any_model(self.case, s["w"], s["next"])
        return self.steps.after(model, vector(self.case, s["answers"]))  # type: ignore[arg-type, return-value]

    def by_queries(self, first: Number, valid: Inductive) -> Inductive:
        """The runs of the method by queries against valid answers; each is one of gradient descent."""
        case = self.case
        state = {"t": case.integer("round"), "w": case.real("at")}
        names = {"q": case.integer, "s": case.real, "Q": case.real, "M": case.real}
        inputs = {"answers": case.real("answers"), "picks": case.real("picks"), "next": case.real("next")}
        inputs |= {name: ask(name) for name, ask in names.items()}
        now = {**state, **inputs}
        place = self.place(now)
        answer = vector(case, now["answers"]).at(place)
        units = {name: now[name] for name in names} | {name: case.real(name) for name in ("rho", "f", "eps", "e")}
        of_batch = {"w": self.gradient("mean", now, place), "m": self.gradient("gradient", now, place)}
        case.use("lemma4.rounding", v=answer, N=case.integer("N"), **of_batch, **units)
        valid.go_on(state, picks=inputs["picks"], next=inputs["next"])
        return case.induction(
            "over valid answers",
            state=state,
            start={"t": F(0), "w": first},
            inputs=inputs,
            given=self.answer_is_valid,
            advance=lambda s: {"t": s["t"] + 1, "w": self.moved(s).vector},
            holds=lambda s: valid.reached({"t": s["t"], "w": s["w"]}),
        )
