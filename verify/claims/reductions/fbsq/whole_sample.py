"""Lemmas 5a and 6 for every method and every source: whoever has read the sample can learn from it.

The sample is read as a set with multiplicities. So a method that does not mind the order of its sample loses nothing.
For one that does, the predictions over all orders are averaged (``lemma5a.orders``).
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from constructions.foundations.descent import squared_loss
from constructions.foundations.exact import Number
from constructions.foundations.logic import every, implies
from constructions.learning.models import PAC
from constructions.reductions import fbsq
from constructions.reductions.fbsq import ReadingSteps, SampleReading, averaged_over_orders, printed_rounds
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.provers.branches import with_names

F = Fraction
TREES = {False: "lemma5a.tree", True: "lemma6.tree"}
SUMS = {
    False: ("t", "cost", "cover", "wrong", "found"),
    True: ("odd", "even", "cost 1", "cost 0", "cover", "wrong", "found"),
}
"""What is known of a moment of the reading, by whether it goes label by label."""


def simulation(alternating: bool, *, gains: int = 0) -> Callable[[Case], Any]:
    """The simulation of Lemma 5a or 6 for any n and tau, or one that claims to gain something (the twins')."""

    def build(case: Case) -> Any:
        build_any = with_names(fbsq._reading_simulation, whole=lambda n, where: n, rational=lambda tau, where: tau)
        n, tau = case.integer("n"), case.real("tau")
        made = build_any(TREES[alternating], n, tau, alternating=alternating, symmetric=True)
        return alternating, replace(made, delta=made.delta - gains)

    return build


@obligation(
    "lemma5a.simulates",
    paper="Lemma 5a",
    of=simulation(False),
    twin=simulation(False, gains=1),
)
def fbsq_does_what_pac_does(subject: tuple[bool, Any], case: Case) -> None:
    """For every n, m >= 1, tau with m tau < 1/2, r, every PAC method that does not mind the order of its sample and
    every source: with m(n+1) rounds of one query, tolerance tau and r random bits the simulating method has at most the
    error of the method, whatever valid answers it gets."""
    no_more_error(*subject, case)


@obligation(
    "lemma6.simulates",
    paper="Lemma 6",
    of=simulation(True),
    twin=simulation(True, gains=1),
)
def alternating_fbsq_does_what_pac_does(subject: tuple[bool, Any], case: Case) -> None:
    """For every n, m >= 1, tau with m tau < 1/2, r, every PAC method that does not mind the order of its sample and
    every source: with 2m(n+1) rounds of one query, odd ones about label 1 and even ones about label 0, tolerance tau
    and r random bits the simulating method has at most the error of the method, whatever valid answers it gets."""
    no_more_error(*subject, case)


def no_more_error(alternating: bool, made: Any, case: Case) -> None:
    """State that a method which reads its sample has at most the error of one that is given it."""
    n, m, times, r = (case.integer(name) for name in ("n", "m", "times z", "r"))
    at = {name: case.integer(f"at {name}") for name in SUMS[alternating]}
    given = {f"over the rounds reached: {name}": number for name, number in at.items()}
    used = case.use(TREES[alternating], n=n, m=m, tau=case.real("tau"), **{"times z": times}, **given)
    case.assume(used.premises, label="a run that reads the sample")
    rounds = printed_rounds(m, n, alternating=alternating)
    over = 1 + at["odd"] + at["even"] if alternating else at["t"]
    case.assume(over == rounds, label="all rounds are over")
    case.lemma("z is found as often as it is there", at["found"] == times)
    budget = made.printed(PAC(m=m, r=r))
    case.show("the rounds", every(budget.k == rounds, budget.m == m, budget.p == 1, budget.r == r))
    case.show("the form and the tolerance", every(budget.alternating == alternating, budget.tau == case.real("tau")))
    the_error(made, case, at["found"] == times)


def the_error(made: Any, case: Case, alike: Any) -> None:
    """From "z is as often in both", z a word that is not if there is one, to the errors."""
    space, given, simulated = case.real("space"), case.real("loss of A"), case.real("loss of A'")
    point, at = case.word("worst point")(space, simulated, F(1), given, F(0), F(0)), case.word("value at")
    sample, bits = (case.function(name, 1)(point) for name in ("sample", "bits"))
    read, learned, loss = case.real("what was read"), case.function("learned", 2), case.function("loss", 1)
    method = SimpleNamespace(learn=learned, n=case.integer("n"), budget=None)
    steps = ReadingSteps(method, False, False)  # type: ignore[arg-type]
    found: Any = steps.predictor(SampleReading(bits, 1, (), read))
    case.show("the method learns from what was read", found == learned(read, bits))
    case.assume(
        implies(alike, loss(learned(read, bits)) == loss(learned(sample, bits))),
        label="the method does not mind the order: it loses the same on samples with every word as often",
    )
    case.assume(at(simulated, point) == loss(found), label="the loss of A' at a point is that of its run")
    case.assume(at(given, point) == loss(learned(sample, bits)), label="the loss of A at a point")
    case.principle("domination", s=space, X=simulated, c=F(0), a=F(1), Y=given, d=F(0), A=F(0))
    mean = case.word("mean")
    case.show("no more error", made.allows(mean(space, given), mean(space, simulated)))


def averaged(case: Case) -> Callable[[list[Number]], Number]:
    """The prediction that is averaged over the two orders of two points, from the prediction for each order."""
    average = with_names(averaged_over_orders, rational=lambda value, where: value)

    def mean(predictions: list[Number]) -> Number:
        method = SimpleNamespace(learn=lambda order, bits: lambda x: predictions[order[0][1]])
        found: Number = average(method, [((), 0), ((), 1)], ())(())
        return found

    return mean


@obligation(
    "lemma5a.orders",
    paper="Lemma 5a",
    kind="induction",
    of=averaged,
    twin=lambda case: lambda predictions: predictions[0],
    erratum="E60",
)
def averages_lose_no_more(mean: Callable[[list[Number]], Number], case: Case) -> None:
    """For any number of orders of a sample, the loss of the mean of the predictions at a point, whatever its label, is
    at most the mean of their losses there: by induction over the orders. The code takes this mean."""
    y, prediction = case.real("y"), case.real("prediction")
    state = {"orders": case.integer("orders"), "sum": case.real("sum"), "losses": case.real("losses")}
    run = case.induction(
        "over the orders",
        state=state,
        start=dict.fromkeys(state, F(0)),
        inputs={"prediction": prediction},
        advance=lambda s: {
            "orders": s["orders"] + 1,
            "sum": s["sum"] + s["prediction"],
            "losses": s["losses"] + squared_loss(s["prediction"], y),
        },
        holds=lambda s: every(
            s["orders"] >= 0,
            s["losses"] >= 0,
            (s["sum"] - s["orders"] * y) * (s["sum"] - s["orders"] * y) <= 2 * s["orders"] * s["losses"],
        ),
    )
    at = case.reached(run)
    average, least = case.real("average"), case.real("mean loss")
    case.assume(at["orders"] >= 1, average * at["orders"] == at["sum"], least * at["orders"] == at["losses"])
    count = at["orders"]
    case.lemma(
        "in units of the number", (count * (average - y)) * (count * (average - y)) <= 2 * count * (count * least)
    )
    case.lemma("divided by it", (average - y) * (average - y) <= 2 * least)
    case.show("the mean loses no more", squared_loss(average, y) <= least)
    first, second = case.real("first"), case.real("second")
    case.show("the code takes the mean", mean([first, second]) == (first + second) / 2)
