"""Lemmas 4 and 13: every run of the method by queries is one of gradient descent, for every differentiable model."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.logic import every, implies, within
from constructions.foundations.terms import INTEGER, REAL
from constructions.foundations.vectors import VectorSum
from constructions.learning.descent_methods import BSGD, FBGD
from constructions.learning.oracles import means_over
from constructions.reductions.descent_by_queries import DescentSteps, lemma_4, lemma_13
from verify.claims.foundations.descent.steps import AnyRounding, any_model, any_place, derivative, sample, vector
from verify.claims.reductions.descent_by_queries.any_model import MODEL, DescentRuns, any_descent_method
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction


class Rash(DescentSteps):
    """Steps that go on with answers as they are, not rounded (the twin's)."""

    __slots__ = ()

    def estimate(self, answers: Any) -> Any:
        """The answers themselves."""
        return answers


def simulation_of(build: Callable[..., Any], kind: Callable[..., DescentSteps]) -> Callable[[Case], tuple[Any, Any]]:
    """Lemma 4 or 13 for any slack, with the code of the method by queries."""
    return lambda case: (build(slack=case.real("eps")), kind)


@obligation(
    "lemma4.simulates",
    paper="Lemma 4",
    kind="induction",
    of=simulation_of(lemma_4, DescentSteps),
    twin=simulation_of(lemma_4, Rash),
)
def bsq_does_what_bsgd_does(subject: tuple[Any, Any], case: Case) -> None:
    """For all T, rho > 0, b, p, r, every step size, every differentiable model with any number of weights, every
    initialization and every source: bSQ with T rounds of p queries to tolerance rho/4, batches of b and r random bits
    has at most the error of bSGD. It asks for the clipped gradient and rounds each answer to a multiple of rho. If a
    program finds each entry only up to eps, from 0 to rho/4, the same holds with the tolerance rho/4 - eps. For every
    random string and all batches, a run with valid answers is a run of bSGD with valid estimates, so no loss that it
    comes to is above the largest to which valid estimates lead. (If some loss has no derivative, 1 must have a valid
    rounding in [-1, 1]: frac(1/rho) <= 3/4.)"""
    simulation, kind = subject
    batch_at = case.function("batch", 2)
    rho, b, r = case.real("rho"), case.integer("b"), case.integer("r")
    given: Any = BSGD(steps=case.integer("T"), rho=rho, b=b, p=case.integer("p"), r=r)
    made = simulation.budget(given)
    case.show("batches of b", every(made.b == b))
    no_more_error(simulation, kind, given, lambda point: lambda t: batch_at(point, t), case)


@obligation(
    "lemma13.simulates",
    paper="Lemma 13",
    kind="induction",
    of=simulation_of(lemma_13, DescentSteps),
    twin=simulation_of(lemma_13, Rash),
)
def fbsq_does_what_fbgd_does(subject: tuple[Any, Any], case: Case) -> None:
    """For all T, rho > 0, m, p, r, every step size, every differentiable model with any number of weights, every
    initialization and every source: fbSQ with T rounds of p queries to tolerance rho/4 about one sample of m, and r
    random bits, has at most the error of fbGD; with gradients that are found up to eps, to tolerance rho/4 - eps. For
    every random string and every sample, a run with valid answers is a run of fbGD with valid estimates. (If some loss
    has no derivative, 1 must have a valid rounding in [-1, 1]: frac(1/rho) <= 3/4.)"""
    simulation, kind = subject
    sample_at = case.function("sample", 1)
    rho, m, r = case.real("rho"), case.integer("m"), case.integer("r")
    given: Any = FBGD(steps=case.integer("T"), rho=rho, m=m, p=case.integer("p"), r=r)
    made = simulation.budget(given)
    case.show("a sample of m", every(made.m == m))
    no_more_error(simulation, kind, given, lambda point: lambda t: sample_at(point), case)


def no_more_error(simulation: Any, kind: Any, given: Any, batch: Callable[..., Any], case: Case) -> None:
    """State that the method by queries has at most the error of gradient descent.

    Parameters
    ----------
    given : the budget of gradient descent. batch : from a point of the space of all batches and random strings, and the
        number of a step, to the number of its batch.
    """
    rho, rate, eps = case.real("rho"), case.real("rate"), case.real("eps")
    whole, part, slack = case.integer("N"), case.real("f"), case.real("e")
    case.assume(rho > 0, whole >= 0, part >= 0, part < 1, rho * (whole + part) == 1, label="rho > 0")
    case.assume(rate > 0, eps == rho * slack, slack >= 0, 4 * slack <= 1, given.steps >= 0)
    budget = simulation.budget(given)
    case.show("T rounds", budget.k == given.steps)
    case.show("to tolerance rho/4, less the slack", budget.tau == rho / 4 - eps)
    case.show("p queries and r random bits", every(budget.p == given.p, budget.r == given.r))
    method = any_descent_method(case, rho, rate)
    steps, space = kind(method), case.real("space")
    descent, queries = case.real("loss of A"), case.real("loss of A'")
    at, mean, loss = case.word("value at"), case.word("mean"), case.function("loss", 1)
    point = case.word("worst point")(space, queries, F(1), descent, F(0), F(0))
    bits = case.function("bits", 1)(point)
    runs = DescentRuns(case, batch(point), steps, budget.tau, eps)
    first: Any = steps.start(bits)
    valid = runs.of_descent(method.start(bits).vector)
    valid.begin(picks=case.real("picks"), next=case.real("next"))
    end = case.reached(runs.by_queries(first.vector, valid))
    reached: Any = any_model(case, end["w"])
    lost = loss(steps.predictor(reached))
    case.show("it is a run of descent", valid.reached({"t": end["t"], "w": end["w"]}))
    case.assume(end["t"] == given.steps, label="all T rounds are over")
    larger = implies(at(queries, point) > at(descent, point), lost > at(descent, point))
    case.assume(larger, label="if the largest loss of A' is above a number, that of some run is: this one")
    worst = implies(
        valid.reached({"t": given.steps, "w": end["w"]}), loss(method.predictor(reached)) <= at(descent, point)
    )
    case.assume(worst, label="the largest loss of A at a point is at least that of every run with valid estimates")
    case.principle("domination", s=space, X=queries, c=F(0), a=F(1), Y=descent, d=F(0), A=F(0))
    case.show("no more error", simulation.allows(mean(space, descent), mean(space, queries)))
    case.show("steps are counted from 0", case.reached(valid)["t"] >= 0)
    made_method(steps, case)
    of_any_batch(steps, case)


def made_method(steps: DescentSteps, case: Case) -> None:
    """That the methods that the lemmas make have the functions of these steps, that a round of theirs is a step of
    gradient descent for the rounded answers, and that two rounds are one after the other."""
    i, net, one, answers = any_place(case), any_model(case, case.real("w")), sample(case), vector(case, case.real("v"))
    rate, bits = case.real("rate"), case.real("random bits")
    method = any_descent_method(case, F(1, 4), rate)
    own: Any = type(steps)(method)
    for build, budget in ((lemma_4, method.budget), (lemma_13, FBGD(steps=0, rho=F(1, 4), m=1, p=0))):
        made: Any = build().reduce(replace(method, budget=budget))
        name = type(budget).__name__
        case.show(f"{name}: the start", made.start(bits).vector == own.start(bits).vector)
        case.show(f"{name}: the queries", made.query(net)(*one).at(i) == own.query(net)(*one).at(i))
        case.show(f"{name}: a round", made.after(net, answers).edges.at(i) == own.after(net, answers).edges.at(i))
        case.show(f"{name}: the predictor", made.predictor(net) == method.predictor(net))
    rounded = own.estimate(answers)
    moved = net.edges.at(i) - rate * rounded.at(i)
    case.show("a round moves each weight by equation (1)", own.after(net, answers).edges.at(i) == moved)
    free = AnyRounding(
        rho=F(1, 4), rate=rate, derivative=derivative(case), picked=lambda place, value: rounded.at(place)
    )
    step: Any = free.step(net, [one])
    case.show("a round is a step of gradient descent", own.after(net, answers).edges.at(i) == step.edges.at(i))


def of_any_batch(steps: DescentSteps, case: Case) -> None:
    """That the mean of a query over a batch of any size, as the code has it, is within the slack of the gradient."""
    i, last, eps = any_place(case), sample(case), case.real("eps")
    net, method = any_model(case, case.real("w")), any_descent_method(case, F(1, 4))
    names = ("b", "queries", "gradients")
    b, *sums = (case.integer("points"), case.real("queries"), case.real("gradients"))
    batch = case.use(
        "lemma4.means",
        i=i,
        p=case.integer("p"),
        x=last[0][0],
        y=last[1],
        w=net.vector,
        eps=eps,
        entry=case.function("entry", 2, takes=(REAL, INTEGER)),
        derivative=case.function("derivative", 4, takes=MODEL),
        computed=case.function("computed", 4, takes=MODEL),
        **{f"over the batch reached: {name}": number for name, number in zip(names, (b, *sums), strict=True)},
    )
    of_queries, of_gradients = (VectorSum(count=b, totals=vector(case, number)) for number in sums)
    query: Any = type(steps)(method).query(net)
    mean: Any = means_over([last], query, 0, after=of_queries)
    gradient = method.descent.batch_gradient(net, [last], after=of_gradients)
    near = within(mean.at(i) - gradient.at(i), eps)
    case.show("over a batch of any size the means are the gradient, within the slack", near, given=batch.premises)
