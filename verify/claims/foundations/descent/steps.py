"""Equations (1) and (2) as the paper has them, for any model with any number p of weights, any batch size and any
number of steps.

A vector with p entries is known by its number: ``entry(V, i)`` is the entry of the vector V at the place i, a function
of which nothing is assumed. A model is known by the derivative of its loss, a function of the place of a weight, of the
weights (a vector), of a point and of a label. What these claims run is :class:`Descent` itself, with this derivative in
the place of the chain rule's; what they say of the entry at the place i they say of every i below p.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.foundations.descent import Descent
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, within
from constructions.foundations.rounding import Grid, clip
from constructions.foundations.terms import INTEGER, REAL
from constructions.foundations.vectors import Family, VectorSum
from verify.claims.foundations.rounding.entries import clipped_above
from verify.claims.foundations.rounding.vectors import entry as entry_of_estimate
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State

RHO = Fraction(1, 4)
"""A precision where none matters."""


@dataclass(frozen=True, slots=True)
class AnyModel:
    """A model with any number of weights: which vector they are, its entries, and which vector they are after a
    step."""

    vector: Number
    edges: Family
    following: Number

    def with_weights(self, weights: Family) -> "AnyModel":
        """The model at other weights."""
        return AnyModel(self.following, weights, self.following)


def vector(case: Case, name: Number) -> Family:
    """The vector that a number names."""
    entry = case.function("entry", 2, takes=(REAL, INTEGER))
    return Family(lambda place: entry(name, place))


def any_model(case: Case, weights: Number, following: Number = Fraction(0)) -> Any:
    """A model at a vector of weights, by its number."""
    return AnyModel(weights, vector(case, weights), following)


def any_place(case: Case) -> Number:
    """The place of an entry, any of p."""
    p, place = case.integer("p"), case.integer("i")
    case.assume(place >= 0, place < p)
    return place


def derivative(case: Case) -> Callable[[Any, Any], Any]:
    """The gradient of the loss on a sample (x, y): any function of the place of a weight, of all weights, x and y."""
    partial = case.function("derivative", 4, takes=(INTEGER, REAL, REAL, REAL))
    return lambda net, sample: Family(lambda place: partial(place, net.vector, sample[0][0], sample[1]))


def any_descent(case: Case) -> Descent:
    """Gradient descent on any model."""
    return Descent(rho=RHO, derivative=derivative(case))


def one_sided(case: Case) -> Descent:
    """The same with a clipping that forgets the lower end (a twin's)."""
    return replace(any_descent(case), clipping=clipped_above)


def sample(case: Case, mark: str = "") -> Any:
    """A sample (x, y): any point, known by a number, and any label."""
    return ((case.real(f"x{mark}"),), case.real(f"y{mark}"))


@obligation("equation2.batch", paper="Equation (2)", kind="induction", of=any_descent, twin=one_sided)
def gradient_of_a_batch(descent: Descent, case: Case) -> None:
    """For every model with any number p of weights, every b and every batch of b samples, the gradient of the batch is,
    in each entry, 1/b times the sum over the samples of the derivative of the loss, clipped to [-1, 1]; so it lies in
    [-1, 1]. (Stated for b + 1 samples, b >= 0: the sample that is written out is the last one.)"""
    i, net, last = any_place(case), any_model(case, case.real("w")), sample(case)
    clipped = clip(derivative(case)(net, last).at(i))
    case.use("rounding.clip", v=derivative(case)(net, last).at(i))
    none, name = VectorSum.of(net.edges), case.real("no sum")
    case.assume(vector(case, name).at(i) == none.totals.at(i), label="the entries of the sum over no sample")
    state = {"b": case.integer("b"), "totals": case.real("totals"), "sum": case.real("sum")}

    def after(s: State) -> tuple[VectorSum, Number]:
        one = ((s["x"],), s["y"])
        summed = batch_sum(case, s["b"], s["totals"]).added(descent.sample_gradient(net, one))
        return summed, s["sum"] + clip(derivative(case)(net, one).at(i))

    run = case.induction(
        "over the batch",
        state=state,
        start={"b": Fraction(none.count), "totals": name, "sum": Fraction(0)},
        inputs={"x": last[0][0], "y": last[1], "next": case.real("next totals")},
        given=lambda s: vector(case, s["next"]).at(i) == after(s)[0].totals.at(i),
        advance=lambda s: {"b": after(s)[0].count, "totals": s["next"], "sum": after(s)[1]},
        holds=lambda s: every(s["b"] >= 0, vector(case, s["totals"]).at(i) == s["sum"], within(s["sum"], s["b"])),
    )
    at = case.reached(run)
    found = descent.batch_gradient(net, [last], after=batch_sum(case, at["b"], at["totals"])).at(i)
    wanted = (at["sum"] + clipped) / (at["b"] + 1)
    case.show("no batch has fewer samples than none", at["b"] >= 0)
    case.show("each entry is the average of the clipped derivatives", found == wanted)
    case.show("each entry is within [-1, 1]", within(found, Fraction(1)))
    loop_is_the_run(descent, net, batch_sum(case, at["b"], at["totals"]), i, case)


def batch_sum(case: Case, count: Number, totals: Number) -> VectorSum:
    """A moment of the loop over a batch: so many samples, and the number of the vector of the sums."""
    return VectorSum(count=count, totals=vector(case, totals))


def loop_is_the_run(descent: Descent, net: Any, before: VectorSum, i: Number, case: Case) -> None:
    """That the loop of ``batch_gradient`` takes the steps of the induction: it begins with the empty sum, and two
    samples in one call are one after the other."""
    next_one, last = sample(case), sample(case, " after")
    begun, resumed = (descent.batch_gradient(net, [next_one], after=sum_) for sum_ in (None, VectorSum.of(net.edges)))
    with_one = before.added(descent.sample_gradient(net, next_one))
    both, apart = (
        descent.batch_gradient(net, batch, after=sum_)
        for batch, sum_ in (([next_one, last], before), ([last], with_one))
    )
    again, twice = (
        descent.batch_gradient(net, batch, after=sum_)
        for batch, sum_ in (([next_one, next_one], before), ([next_one], with_one))
    )
    case.show("the loop begins with the empty sum", begun.at(i) == resumed.at(i))
    case.show("two samples are one after the other", both.at(i) == apart.at(i))
    case.show("a sample that comes twice counts twice", again.at(i) == twice.at(i))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyRounding(Descent):
    """Gradient descent in which ``picked`` says what an entry of the gradient, its place and value, is rounded to."""

    picked: Callable[[Number, Number], Number]

    def rounded(self, edge: Any, number: int, value: Number) -> Number:
        """What is picked for this place."""
        return self.picked(edge, value)


def multiples(case: Case, name: Number) -> Callable[[Number], Number]:
    """The multiples of rho that an adversary picks in one step: a function of the place, known by a number."""
    multiple = case.function("multiple", 2, takes=(REAL, INTEGER), gives=INTEGER)
    return lambda place: multiple(name, place)


def picks(case: Case, name: Number) -> Callable[[Number, Number], Number]:
    """What the entries of a gradient are rounded to in one step."""
    rho, multiple = case.real("rho"), multiples(case, name)
    return lambda place, value: rho * multiple(place)


def steps(faster: int) -> Callable[[Case], AnyRounding]:
    """Gradient descent of any precision and step size, or of a multiple of it (the twin's)."""

    def build(case: Case) -> AnyRounding:
        rho, rate, picked = case.real("rho"), case.real("rate"), case.real("picks")
        case.assume(rho > 0, rate > 0)
        return AnyRounding(rho=rho, rate=faster * rate, derivative=derivative(case), picked=picks(case, picked))

    return build


@obligation("equation1.step", paper="Equation (1)", kind="induction", of=steps(1), twin=steps(2))
def iterates_of_gradient_descent(descent: AnyRounding, case: Case) -> None:
    """For every model with any number p of weights, every precision rho > 0, every step size and any number of steps: a
    step takes each weight w to w minus the step size times g, where g is a multiple of rho at most 3 rho/4 away from
    this weight's entry of equation (2), at the weights before the step, for a batch of any size. So after any number of
    steps the weight is what it was at first minus the step size times the sum of the estimates."""
    rho, rate, i = case.real("rho"), case.real("rate"), any_place(case)
    first = case.real("first weights")
    state = {"w": case.real("w"), "sum": case.real("sum")}

    def after(s: State) -> AnyModel:
        now = replace(descent, picked=picks(case, s["picks"]))
        return next(iter(now.bsgd(any_model(case, s["w"]), [[sample(case)]])))  # type: ignore[return-value]

    run = case.induction(
        "over the steps",
        state=state,
        start={"w": first, "sum": Fraction(0)},
        inputs={"picks": case.real("picks"), "next": case.real("next weights")},
        given=lambda s: vector(case, s["next"]).at(i) == after(s).edges.at(i),
        advance=lambda s: {"w": s["next"], "sum": s["sum"] + rho * multiples(case, s["picks"])(i)},
        holds=lambda s: vector(case, s["w"]).at(i) == vector(case, first).at(i) - rate * s["sum"],
    )
    at = case.reached(run)
    begun = vector(case, first).at(i)
    case.show("a weight after any number of steps", vector(case, at["w"]).at(i) == begun - rate * at["sum"])
    two_steps(descent, any_model(case, at["w"], case.real("weights after")), i, case)
    next_step(descent, any_model(case, at["w"]), i, case)


def two_steps(descent: AnyRounding, net: Any, i: Number, case: Case) -> None:
    """That ``bsgd`` takes one step after the other, each from where the one before it ended, and that what is rounded
    is the gradient of the whole batch."""
    batches = [[sample(case)], [sample(case, " after")]]
    together: list[Any] = list(descent.bsgd(net, batches))
    apart: Any = descent.step(descent.step(net, batches[0]), batches[1], number=2)
    case.show("there are as many steps as batches", len(together) == len(batches))
    unrounded, whole = replace(descent, picked=lambda place, value: value), batches[0] + batches[1]
    case.show("the whole batch", unrounded.estimate(net, whole).at(i) == descent.batch_gradient(net, whole).at(i))
    case.show("one step after the other", together[1].edges.at(i) == apart.edges.at(i))


def next_step(descent: AnyRounding, net: Any, i: Number, case: Case) -> None:
    """One more step, on a batch of any size."""
    rho, rate, last = case.real("rho"), case.real("rate"), sample(case)
    b, totals, total = case.integer("b"), case.real("totals"), case.real("total")
    moment = dict(zip(("b", "totals", "sum"), (b, totals, total), strict=True))
    batch = case.use(
        "equation2.batch",
        i=i,
        p=case.integer("p"),
        w=net.vector,
        x=last[0][0],
        y=last[1],
        **{name: case.function(name, len(kinds), takes=kinds) for name, kinds in KINDS.items()},
        **{f"over the batch reached: {name}": value for name, value in moment.items()},
    )
    case.assume(batch.premises, label="the sums are those over a batch of some size")
    case.lemma("so many samples", b >= 0)
    mean = descent.batch_gradient(net, [last], after=batch_sum(case, b, totals)).at(i)
    q, rest, k = case.integer("q"), case.real("s"), multiples(case, case.real("picks"))(i)
    case.use("equation3.valid", "one entry", rho=rho, q=q, s=rest, k=k, t=Fraction(0))
    case.assume(rest >= 0, rest < 1, mean == rho * (q + rest), entry_of_estimate(Grid, rho, q + rest, k)[0])
    exact_entry = (total + clip(derivative(case)(net, last).at(i))) / (b + 1)
    after: Any = descent.step(net, [last])
    case.show("a weight moves by equation (1)", after.edges.at(i) == net.edges.at(i) - rate * (rho * k))
    case.show("the estimate is valid", within(rho * k - exact_entry, 3 * rho / 4))


KINDS = {"entry": (REAL, INTEGER), "derivative": (INTEGER, REAL, REAL, REAL)}
"""The functions of which a model is made, and the kinds of their arguments."""
