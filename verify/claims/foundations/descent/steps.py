"""Equations (1) and (2) as the paper has them, for any model, any batch size and any number of steps.

A model is known here by the derivative of its loss: a function of the number of a weight, of the weights, of a point
and of a label, of which nothing is assumed. What these claims run is :class:`Descent` itself, with this derivative in
the place of the chain rule's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from constructions.foundations.descent import BatchSum, Descent, Sample
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, within
from constructions.foundations.network import Edge, Network
from constructions.foundations.rounding import Grid, clip
from constructions.foundations.terms import INTEGER, REAL
from verify.claims.foundations.rounding.entries import clipped_above
from verify.claims.foundations.rounding.vectors import entry
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.parts import State
from verify.obligations.verdict import Verdict

EDGES: tuple[Edge, ...] = (("x1", "f"), ("one", "f"))
"""Two weights stand for any two: that entries do not mix can be seen on two."""
TWO = "two weights; batches and steps are any number"
"""The finite case: how many weights are written out."""
RHO = Fraction(1, 4)
"""A precision where none matters."""


def model(*weights: Number) -> Network:
    """A model with two weights; what it computes is left to its derivative."""
    return Network(inputs=("x1",), outputs=("f",), edges=dict(zip(EDGES, weights, strict=True)), constant="one")


def any_model(case: Case) -> Network:
    """A model at any weights."""
    return model(case.real("w 0"), case.real("w 1"))


def derivative(case: Case) -> Callable[[Network, Sample], dict[Edge, Number]]:
    """The gradient of the loss on a sample (x, y): any function of the number of the weight, of all weights, x and
    y."""
    entry = case.function("derivative", 5, takes=(INTEGER, REAL, REAL, REAL, REAL))

    def gradient(net: Network, sample: Sample) -> dict[Edge, Number]:
        weights = [net.weight(*edge) for edge in EDGES]
        return {edge: entry(place, *weights, sample[0][0], sample[1]) for place, edge in enumerate(EDGES)}

    return gradient


def any_descent(case: Case) -> Descent:
    """Gradient descent on any model."""
    return Descent(rho=RHO, derivative=derivative(case))


def one_sided(case: Case) -> Descent:
    """The same with a clipping that forgets the lower end (a twin's)."""
    return replace(any_descent(case), clipping=clipped_above)


def sample(case: Case, mark: str = "") -> Any:
    """A sample (x, y): any point, as a number, and any label."""
    return ((case.real(f"x{mark}"),), case.real(f"y{mark}"))


@obligation(
    "equation2.batch",
    paper="Equation (2)",
    kind="induction",
    expect=Verdict.CHECKED,
    finite=TWO,
    of=any_descent,
    twin=one_sided,
)
def gradient_of_a_batch(descent: Descent, case: Case) -> None:
    """For every model, every b and every batch of b samples, the gradient of the batch is, in each entry, 1/b times the
    sum over the samples of the derivative of the loss, clipped to [-1, 1]; so it lies in [-1, 1]. (Stated for b + 1
    samples, b >= 0: the sample that is written out is the last one.)"""
    net, next_one = any_model(case), sample(case)
    entries = derivative(case)(net, next_one)
    for edge in EDGES:
        case.use("rounding.clip", v=entries[edge])
    state = {"b": case.integer("b")}
    for place in range(len(EDGES)):
        state |= {f"total {place}": case.real(f"total {place}"), f"sum {place}": case.real(f"sum {place}")}

    def advance(s: State) -> State:
        one = ((s["x"],), s["y"])
        after = summed(s).added(descent.sample_gradient(net, one))
        found: State = {"b": after.count}
        for place, edge in enumerate(EDGES):
            clipped = clip(derivative(case)(net, one)[edge])
            found |= {f"total {place}": after.totals[edge], f"sum {place}": s[f"sum {place}"] + clipped}
        return found

    def holds(s: State) -> object:
        same = (every(s[f"total {i}"] == s[f"sum {i}"], within(s[f"sum {i}"], s["b"])) for i in range(len(EDGES)))
        return every(s["b"] >= 0, *same)

    none = BatchSum.of(EDGES)
    start: State = {"b": Fraction(none.count)}
    for place, edge in enumerate(EDGES):
        start |= {f"total {place}": none.totals[edge], f"sum {place}": Fraction(0)}
    inputs = {"x": next_one[0][0], "y": next_one[1]}
    run = case.induction("over the batch", state=state, start=start, inputs=inputs, advance=advance, holds=holds)
    at = case.reached(run)
    found = descent.batch_gradient(net, [next_one], after=summed(at))
    for place, edge in enumerate(EDGES):
        wanted = (at[f"sum {place}"] + clip(entries[edge])) / (at["b"] + 1)
        case.show(f"entry {place} is the average of the clipped derivatives", found[edge] == wanted)
        case.show(f"entry {place} is within [-1, 1]", within(found[edge], Fraction(1)))
    loop_is_the_run(descent, net, summed(at), case)


def summed(s: State) -> BatchSum:
    """A moment of the loop over a batch."""
    return BatchSum(count=s["b"], totals={edge: s[f"total {place}"] for place, edge in enumerate(EDGES)})


def loop_is_the_run(descent: Descent, net: Network, before: BatchSum, case: Case) -> None:
    """That the loop of ``batch_gradient`` takes the steps of the induction: it begins with the empty sum, and two
    samples in one call are one after the other."""
    next_one, last = sample(case), sample(case, " after")
    empty = BatchSum.of(EDGES)
    begun, resumed = descent.batch_gradient(net, [next_one]), descent.batch_gradient(net, [next_one], after=empty)
    both = descent.batch_gradient(net, [next_one, last], after=before)
    apart = descent.batch_gradient(net, [last], after=before.added(descent.sample_gradient(net, next_one)))
    again = descent.batch_gradient(net, [next_one, next_one], after=before)
    twice = descent.batch_gradient(net, [next_one], after=before.added(descent.sample_gradient(net, next_one)))
    for place, edge in enumerate(EDGES):
        case.show(f"entry {place}: the loop begins with the empty sum", begun[edge] == resumed[edge])
        case.show(f"entry {place}: two samples are one after the other", both[edge] == apart[edge])
        case.show(f"entry {place}: a sample that comes twice counts twice", again[edge] == twice[edge])


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyEstimate(Descent):
    """Gradient descent whose estimate of the gradient is given: ``picked`` times rho, for each weight."""

    picked: tuple[Number, ...]

    def estimate(self, net: Network, batch: Sequence[Sample], *, number: int = 1) -> dict[Edge, Any]:
        """The given multiples of rho."""
        return {edge: self.rho * multiple for edge, multiple in zip(EDGES, self.picked, strict=True)}


def steps(faster: int) -> Callable[[Case], AnyEstimate]:
    """Gradient descent of any precision and step size, or of a multiple of it (the twin's)."""

    def build(case: Case) -> AnyEstimate:
        rho, rate, picked = case.real("rho"), case.real("rate"), (case.integer("k 0"), case.integer("k 1"))
        case.assume(rho > 0, rate > 0)
        return AnyEstimate(rho=rho, rate=faster * rate, derivative=derivative(case), picked=picked)

    return build


@obligation(
    "equation1.step",
    paper="Equation (1)",
    kind="induction",
    expect=Verdict.CHECKED,
    finite=TWO,
    of=steps(1),
    twin=steps(2),
)
def iterates_of_gradient_descent(descent: AnyEstimate, case: Case) -> None:
    """For every model, every precision rho > 0, every step size and any number of steps: a step takes each weight w to
    w minus the step size times g, where g is a multiple of rho at most 3 rho/4 away from this weight's entry of
    equation (2), at the weights before the step, for a batch of any size. So after any number of steps the weight is
    what it was at first minus the step size times the sum of the estimates."""
    rho, rate = case.real("rho"), case.real("rate")
    first = [case.real("initial 0"), case.real("initial 1")]
    state = {name: case.real(name) for i in (0, 1) for name in (f"w {i}", f"sum {i}")}

    def advance(s: State) -> State:
        now = replace(descent, picked=(s["k 0"], s["k 1"]))
        net = next(iter(now.bsgd(model(s["w 0"], s["w 1"]), [[((0,), 0)]])))
        weights = {f"w {i}": net.weight(*edge) for i, edge in enumerate(EDGES)}
        return weights | {f"sum {i}": s[f"sum {i}"] + rho * s[f"k {i}"] for i in (0, 1)}

    at = case.reached(
        case.induction(
            "over the steps",
            state=state,
            start={f"w {i}": first[i] for i in (0, 1)} | {f"sum {i}": Fraction(0) for i in (0, 1)},
            inputs={"k 0": descent.picked[0], "k 1": descent.picked[1]},
            advance=advance,
            holds=lambda s: every(*(s[f"w {i}"] == first[i] - rate * s[f"sum {i}"] for i in (0, 1))),
        )
    )
    for i in (0, 1):
        case.show(f"weight {i} after any number of steps", at[f"w {i}"] == first[i] - rate * at[f"sum {i}"])
    next_step(descent, model(at["w 0"], at["w 1"]), case)


def next_step(descent: AnyEstimate, net: Network, case: Case) -> None:
    """One more step, on a batch of any size."""
    rho, rate, last = case.real("rho"), case.real("rate"), sample(case)
    names = ("b", *(f"{what} {i}" for i in (0, 1) for what in ("total", "sum")))
    earlier: State = {name: case.integer(name) if name == "b" else case.real(f"batch {name}") for name in names}
    given = {f"over the batch reached: {name}": value for name, value in earlier.items()}
    weights = {f"w {i}": net.weight(*edge) for i, edge in enumerate(EDGES)}
    entry_of = case.function("derivative", 5, takes=(INTEGER, REAL, REAL, REAL, REAL))
    batch = case.use("equation2.batch", x=last[0][0], y=last[1], derivative=entry_of, **weights, **given)
    case.assume(earlier["b"] >= 0, batch.premises)
    means = descent.batch_gradient(net, [last], after=summed(earlier))
    clipped = {edge: clip(value) for edge, value in derivative(case)(net, last).items()}
    after = descent.step(net, [last])
    for i, edge in enumerate(EDGES):
        q, rest, k = case.integer(f"q {i}"), case.real(f"s {i}"), descent.picked[i]
        case.use("equation3.valid", "one entry", rho=rho, q=q, s=rest, k=k, t=Fraction(0))
        case.assume(rest >= 0, rest < 1, means[edge] == rho * (q + rest), entry(Grid, rho, q + rest, k)[0])
        exact_entry = (earlier[f"sum {i}"] + clipped[edge]) / (earlier["b"] + 1)
        case.show(f"weight {i} moves by equation (1)", after.weight(*edge) == net.weight(*edge) - rate * (rho * k))
        case.show(f"estimate {i} is valid", within(rho * k - exact_entry, 3 * rho / 4))
