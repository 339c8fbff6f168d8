"""Lemmas 5d and 7 for every method and every source, and Theorem 2d and Lemma 2 with answers that look ahead.

A random string is any one, and the batches are any point of their space: the answers may depend on all of it. A run of
A' is any in which each answer is valid for the batches. It is one of A with valid answers of SQ, as long as no batch
mean strays at any query of the tree that begins in its first state; and the tree is there before the batches are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, select, some, within
from constructions.foundations.rounding import clip
from constructions.learning.models import SQ
from constructions.learning.oracles import is_valid
from constructions.learning.tails import exponent
from constructions.reductions import cells
from constructions.reductions.bsq import split
from constructions.reductions.cells import (
    BRANCHES,
    IN_CELLS,
    InCells,
    grid_step,
    lemma_5d,
    lemma_7,
    may_stray,
    queries_of,
)
from constructions.reductions.queries_alone import MOST_LOSS, added_loss
from verify.claims.reductions.bsq.one_query import AnyScalarMethod
from verify.claims.reductions.cells.tree import Tree, four, multiple, on_the_grid, tree_functions
from verify.obligations.case import Case
from verify.obligations.inductions import Inductive
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.provers.branches import own, with_names

F = Fraction
Inputs = dict[str, Number]


@dataclass(frozen=True, slots=True)
class Handing:
    """How a form of the method answers one query of A.

    Parameters
    ----------
    halves : 1, or 2 if half of a query's mean is what is estimated, by as many values on each label.
    tolerance : that of A' in the budget that the code gives, in parts of tau.
    one_query : from a case and inputs, what is presupposed of the rounds of one query; it may add inputs.
    """

    halves: int
    one_query: Callable[[Case, Inputs], None]

    def width(self, tau: Number) -> Number:
        """How far the mean of a query, or half of it, may stray."""
        return may_stray(tau) / self.halves


def in_units(case: Case) -> Inputs:
    """The numbers that an answer and a truth are in units of the grid, and the multiples that are nearest."""
    found = {name: case.real(name) for name in ("answer in steps", "truth in steps")}
    return found | {name: case.integer(name) for name in ("far", "lowest")}


def state_after(case: Case, state: Number, handed: Number) -> Number:
    """The state after a number was handed to the method that holds it to the grid, by the code of that method."""
    method = AnyScalarMethod(case, SQ(k=0, tau=case.real("tau")))
    code: Any = with_names(InCells.after, to_grid=on_the_grid)
    return code(InCells(method), state, (handed,))


@obligation(
    "lemma5d.step",
    paper="Lemma 5d, Lemma 7",
    of=lambda case: state_after,
    twin=lambda case: lambda case, state, handed: case.function("next", 2)(state, handed),
)
def one_answer_is_one_of_four(after: Callable[..., Number], case: Case) -> None:
    """For every SQ method, tau > 0 and query with a mean in [-1, 1] over the source: if what the method is handed is in
    [-1, 1], within tau/2 of a batch mean that is itself within tau/4 of the mean over the source, then it goes on as A
    does with one of four answers that depend on that mean and tau alone, and are valid for SQ."""
    tau, state, handed, truth = (case.real(name) for name in ("tau", "state", "handed", "truth"))
    mean, held = case.real("mean"), case.real("held")
    case.assume(tau > 0, within(truth, 1), within(handed, 1), within(handed - mean, tau / 2))
    case.assume(within(mean - truth, may_stray(tau)))
    case.lemma("near", within(handed - truth, tau / 2 + may_stray(tau)))
    used = case.use("lemma5d.cells", tau=tau, answer=handed, truth=truth, **in_units(case))
    case.assume(used.premises, label="the same in units of the grid")
    case.assume(held == on_the_grid(handed, grid_step(tau)), label="the answer that is handed on")
    case.show("as A goes on", after(case, state, handed) == case.function("next", 2)(state, held))
    case.show("one of four", some(*(held == point for point in four(truth, tau))))
    case.show("valid", is_valid(held, truth, tau))


def one_answer(case: Case, inputs: Inputs) -> None:
    """Lemma 5d: the answer to a query is valid for the batch, to tolerance tau/2."""
    made: Any = with_names(lemma_5d, _by_one_batch=_budget_alone)(m=1, delta=F(1))
    tau = made(SQ(k=1, tau=case.real("tau"))).tau
    case.assume(is_valid(inputs["handed"], inputs["mean"], tau), label="the answer is valid for the batch")


def _budget_alone(name: str, m: int, delta: Number, count: Any, reduce: Any) -> Any:
    return count


ONE_ANSWER = Handing(1, one_answer)


def two_answers(case: Case, inputs: Inputs) -> None:
    """Lemma 7: the two halves of a query are asked about the batch, and the answers joined."""
    inputs |= {name: case.real(name) for name in ("v1", "v0", "half 1", "half 0")}
    own_names = ("handed", "mean", "v1", "v0", "half 1", "half 0")
    given = {name: inputs[name] for name in own_names} | {"tau": case.real("tau"), "state": inputs["asking"]}
    used = case.use("lemma7.block", **given, next=case.function("next", 2))
    case.assume(used.premises, label="both answers are valid for the batch")


TWO_ANSWERS = Handing(1, two_answers)


@obligation(
    "lemma5d.simulates",
    paper="Lemma 5d",
    kind="induction",
    of=lambda case: any_delta(case, lambda delta: delta),
    twin=lambda case: any_delta(case, lambda delta: delta / 2),
)
def fbsq_does_what_sq_does(simulation: Any, case: Case) -> None:
    """For all k, m >= 1, tau > 0, r, delta with (4^k - 1)/3 exp(-m tau^2/32) <= delta, every SQ method (a function of
    its random bits and answers, with predictions of any size) and every source: fbSQ(k, tau/2, m, 1, r) has at most
    delta more error, E[sup] as printed, by holding each answer to the nearest multiple of tau/2 and its predictions
    within [0, 1]. (m is the number of values of a mean.)"""
    little_more_error(simulation, ONE_ANSWER, case)
    m, tau = Tree(case).size, case.real("tau")
    case.show("exp(-m tau^2/32)", exponent(m, ONE_ANSWER.width(tau)) == m * tau * tau / IN_CELLS)
    made: Any = lemma_5d(m=900, delta=F(1)).budget(SQ(k=3, tau=F(1, 2), r=7))
    case.show("the budget", every(made.k == 3, made.tau == F(1, 4), made.r == 7, made.p == 1, made.m == 900))


def any_delta(case: Case, share: Callable[[Number], Number]) -> Any:
    """Lemma 5d for any delta, or for a part of it (the twin's); that it is above 0 is not checked."""
    by_one_batch = with_names(cells._by_one_batch, above_zero=share)
    return with_names(lemma_5d, _by_one_batch=by_one_batch)(m=1, delta=case.real("delta"))


@obligation(
    "lemma7.simulates",
    paper="Lemma 7",
    kind="induction",
    of=lambda case: any_delta(case, lambda delta: delta),
    twin=lambda case: any_delta(case, lambda delta: delta / 2),
)
def alternating_fbsq_does_what_sq_does(simulation: Any, case: Case) -> None:
    """For all k, m >= 1, tau > 0, r, delta with (4^k - 1)/3 exp(-m tau^2/32) <= delta, every SQ method (a function of
    its random bits and answers, with predictions of any size) and every source: fbSQ0/1(2k, tau/4, m, 1, r) has at most
    delta more error, E[sup] as printed, by asking each query on label 1 and then on label 0. (m is the number of values
    of a mean.)"""
    little_more_error(simulation, TWO_ANSWERS, case)
    m, tau = Tree(case).size, case.real("tau")
    case.show("exp(-m tau^2/32)", exponent(m, TWO_ANSWERS.width(tau)) == m * tau * tau / IN_CELLS)
    made: Any = lemma_7(m=900, delta=F(1)).budget(SQ(k=3, tau=F(1, 2), r=7))
    case.show("the budget", every(made.k == 6, made.tau == F(1, 8), made.r == 7, made.p == 1, made.m == 900))
    case.show("one label at a time", made.alternating)


@dataclass(frozen=True, slots=True)
class HeldMethod:
    """Any SQ method that holds its answers to the grid, by the code that does; a state is known by a number."""

    case: Case
    budget: Any
    cells: None = None
    n: int = 0

    def start(self, bits: Number) -> Number:
        """The state for a random string."""
        return self.case.function("start", 1)(bits)

    def query(self, state: Number) -> Any:
        """The query in a state."""
        return AnyScalarMethod(self.case, self.budget).query(state)

    def after(self, state: Number, answers: tuple[Number]) -> Number:
        """The next state by the answer, which is held to the grid."""
        return state_after(self.case, state, answers[0])

    def predictor(self, state: Number) -> Number:
        """What is returned from a state."""
        return state


def two_halves(build: Callable[..., Any]) -> Callable[[Case], Any]:
    """The code of Lemma 7 over any SQ method, and the budget that it gives."""

    def found(case: Case) -> Any:
        method = HeldMethod(case, SQ(k=case.integer("k"), tau=case.real("tau"), r=case.integer("r")))
        names = {"QueryMethod": lambda **fields: SimpleNamespace(**fields), "_scalar": lambda given: given.budget}
        made = with_names(build().reduce, **names)(method)
        count = with_names(lemma_7, _by_one_batch=_budget_alone)(m=case.integer("m"), delta=F(1))
        return method, made, count(method.budget)

    return found


def unclipped() -> Any:
    """The halves joined without clipping (the twin's)."""
    return split(clip=False)


@obligation("lemma7.block", paper="Lemma 7", of=two_halves(split), twin=two_halves(unclipped))
def one_query_in_two_rounds(subject: tuple[Any, Any, Any], case: Case) -> None:
    """For every SQ method and tau > 0: two rounds in a row ask the query of one state, on the points of label 1 and
    then of label 0. If both answers are valid to tolerance tau/4 for one batch, the method is handed a number in [-1,
    1] within tau/2 of the mean of its query over that batch, and the next query begins. The budget is 2k rounds of one
    query, tolerance tau/4, in the alternating form, and the random bits of the method."""
    method, made, budget = subject
    state, handed, mean, tau = (case.real(name) for name in ("state", "handed", "mean", "tau"))
    answers, halves = [case.real(name) for name in ("v1", "v0")], [case.real(name) for name in ("half 1", "half 0")]
    case.assume(tau > 0, mean == halves[0] + halves[1], within(mean, 1), label="the halves of a query of the batch")
    case.assume(*(is_valid(v, half, budget.tau) for v, half in zip(answers, halves, strict=True)))
    begun = made.start(F(0))
    x, y = case.real("x"), case.integer("y")
    first = own(lambda: made.query((state, begun[1]))(x, y))[0]
    middle = made.after((state, begun[1]), (answers[0],))
    second, whole = own(lambda: made.query(middle)(x, y))[0], method.query(state)(x, y)[0]
    case.show("label 1 first", first == select(y == 1, whole, F(0)), given=every(y >= 0, y <= 1))
    case.show("then label 0", second == select(y == 0, whole, F(0)), given=every(y >= 0, y <= 1))
    after = made.after(middle, (answers[1],))
    case.assume(handed == clip(answers[0] + answers[1]), label="what the method is handed")
    case.show("it is handed on", after[0] == method.after(state, (handed,)))
    case.show("the next query begins", after[1] is begun[1])
    case.show("near", every(within(handed, 1), within(handed - mean, tau / 2)))
    size = method.budget
    case.show("the rounds", every(budget.k == 2 * size.k, budget.p == 1, budget.alternating))
    case.show("a quarter of the tolerance, and the random bits", every(budget.tau == tau / 4, budget.r == size.r))


def little_more_error(simulation: Any, form: Handing, case: Case) -> None:
    """State that a method that holds its answers to the grid has at most delta more error than the given one."""
    strings, made, given = case.real("strings"), case.real("loss of A'"), case.real("loss of A")
    string, tree = case.word("worst point")(strings, made, F(1), given, F(0), F(0)), Tree(case)
    first = case.function("start", 1)(case.function("bits", 1)(string))
    k, tau, leaves, delta = case.integer("k"), case.real("tau"), case.real("leaves"), case.real("delta")
    case.assume(k >= 0, tau > 0, tree.size >= 1, tree.width == form.width(tau), tree.bound >= 0)
    worst = case.word("value at")(given, string)
    valid, over_batches = from_one_string(form, first, worst, case)
    at, mean = case.word("value at"), case.word("mean")
    case.assume(at(made, string) == over_batches, label="the error of A' from a random string")
    seldom = case.use(
        "lemma5d.tree",
        begun=first,
        **{"over the levels reached: level": k, "over the levels reached: power": leaves},
        **{name: case.real(name) for name in ("space", "width")},
        values=tree.size,
        **tree_functions(case),
    )
    case.assume(seldom.premises, label="k levels of the tree, 4^k leaves")
    likely = case.word("chance")(case.real("space"), tree.bad(k, first))
    top = tree.bad(k, case.function("worst state", 1, takes=("integer",))(k))
    case.assume(likely <= case.word("chance")(case.real("space"), top), label="the worst state is at least as bad")
    most = added_loss(queries_of(leaves), tree.bound)
    case.lemma("from a string", at(made, string) <= worst + most)
    case.assume(leaves >= 1, most <= delta, label="(4^k - 1)/3 exp(-m tau^2/32) <= delta")
    case.lemma("not negative", most >= 0)
    case.principle("domination", s=strings, X=made, c=most, a=F(1), Y=given, d=F(0), A=F(0))
    case.show("at most delta more error", simulation.allows(mean(strings, given), mean(strings, made)))
    case.show("rounds are counted from 0", case.reached(valid)["t"] >= 0)


def from_one_string(form: Handing, first: Number, given: Number, case: Case) -> tuple[Inductive, Number]:
    """The runs of A with valid answers, and the error of A' from one random string, which is at most that of A from it
    and half of the chance that something strays."""
    tree, k, space = Tree(case), case.integer("k"), case.real("space")
    made, point, bad = case.real("loss by batches"), case.real("point"), tree.bad(k, first)
    at, mean = case.word("value at"), case.word("mean")
    case.assume(point == case.word("worst point")(space, made, F(0), F(0), MOST_LOSS, bad))
    valid, run = both_runs(form, first, case)
    end = case.reached(run)
    case.assume(end["t"] == k, label="all rounds are over")
    about = {name: case.real(name) for name in ("source", "loss", "loss, clipped")}
    less = case.use("theorem2c.clipped", **about)
    case.assume(less.premises, label="the predictions of A at the end of the run, and what A' makes of them")
    lost, losses = mean(about["source"], about["loss, clipped"]), mean(about["source"], about["loss"])
    legal = valid.reached({"t": end["t"], "state": end["state"]})
    case.assume(given >= 0, label="no loss is negative")
    case.assume(implies(legal, losses <= given), label="A loses at least what a valid run of it loses")
    most = given + select(case.word("happens at")(bad, point), MOST_LOSS, F(0))
    worst = implies(at(made, point) > most, lost > most)
    case.assume(worst, label="if A' can lose more than so much, the run is one of its runs that do")
    case.lemma("at the point", at(made, point) <= most)
    case.principle("domination", s=space, X=made, c=given, a=F(0), Y=F(0), d=MOST_LOSS, A=bad)
    return valid, mean(space, made)


def both_runs(form: Handing, first: Number, case: Case) -> tuple[Inductive, Inductive]:
    """The runs of A with valid answers of SQ, and those of A' at a point of the space of batches, of which each is one
    of A if nothing strays there."""
    valid, inputs = runs_of_sq(form, first, case), a_query(form, case)
    tree, k, point, happens = Tree(case), case.integer("k"), case.real("point"), case.word("happens at")
    level, state = inputs["level"], inputs["asking"]
    valid.go_on({"t": k - level, "state": state}, answer=inputs["held"])

    def known(s: State) -> Formula:
        below = (branch_is(form, branch, s["asking"], case) for branch in range(BRANCHES))
        means = every(tree.known(s["level"], s["asking"]), *below)
        return every(s["state"] == s["asking"], s["level"] == k - s["t"], s["level"] >= 1, means)

    def holds(s: State) -> Formula:
        below = implies(happens(tree.bad(k - s["t"], s["state"]), point), happens(tree.bad(k, first), point))
        legal = some(happens(tree.bad(k, first), point), valid.reached({"t": s["t"], "state": s["state"]}))
        return every(s["t"] >= 0, s["t"] <= k, below, legal)

    run = case.induction(
        "over the queries",
        state={"t": case.integer("round"), "state": case.real("at")},
        start={"t": F(0), "state": first},
        inputs=inputs,
        given=known,
        advance=lambda s: {"t": s["t"] + 1, "state": s["after"]},
        holds=holds,
    )
    return valid, run


def branch_is(form: Handing, branch: int, state: Number, case: Case) -> Formula:
    """What a branch of the tree is: the state of A after one of the four answers."""
    truth = form.halves * Tree(case).center(state)
    answer = four(truth, case.real("tau"))[branch]
    return Tree(case).child(state, branch) == case.function("next", 2)(state, answer)


def runs_of_sq(form: Handing, first: Number, case: Case) -> Inductive:
    """All runs of A from a first state in which each answer is valid for the source."""
    tree, tau = Tree(case), case.real("tau")
    valid = case.induction(
        "over valid answers",
        state={"t": case.integer("t"), "state": case.real("state")},
        start={"t": F(0), "state": first},
        inputs={"answer": case.real("answer")},
        given=lambda s: is_valid(s["answer"], form.halves * tree.center(s["state"]), tau),
        advance=lambda s: {"t": s["t"] + 1, "state": case.function("next", 2)(s["state"], s["answer"])},
        holds=lambda s: s["t"] >= 0,
    )
    valid.begin(answer=case.real("answer"))
    return valid


def a_query(form: Handing, case: Case) -> Inputs:
    """The inputs of the rounds of one query of A': the state that asks, what is handed to it, and the state after."""
    tree, tau, point = Tree(case), case.real("tau"), case.real("point")
    inputs = {name: case.real(name) for name in ("asking", "handed", "held", "mean", "after")}
    inputs["level"] = case.integer("level")
    level, state = inputs["level"], inputs["asking"]
    tree.at_the_point(level, state)
    estimate = case.word("value at")(tree.value(level, state), point)
    truth = form.halves * tree.center(state)
    case.assume(inputs["mean"] == clip(form.halves * estimate), within(truth, 1), within(estimate, 1))
    form.one_query(case, inputs)
    inputs |= in_units(case)
    answered = {"state": state, "truth": truth, "tau": tau, "next": case.function("next", 2)} | in_units(case)
    case.use("lemma5d.step", **answered, **{name: inputs[name] for name in ("handed", "held", "mean")})
    case.assume(inputs["after"] == state_after(case, state, inputs["handed"]), label="the state afterwards")
    step = grid_step(tau)
    a, t, far, lowest = (inputs[name] for name in in_units(case))
    case.assume(a * step == inputs["handed"], t * step == truth, label="in units of the grid")
    case.assume(far == multiple(inputs["handed"], step), label="the point of the grid that is nearest")
    case.assume(lowest == multiple(truth - tau / 2 - may_stray(tau), step), label="the lowest of the four")
    case.assume(inputs["held"] == on_the_grid(inputs["handed"], step), label="the answer that is handed on")
    return inputs
