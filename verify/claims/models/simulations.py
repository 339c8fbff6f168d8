"""Theorems 1a and 1d on differentiable models: Lemmas 1 and 2, each followed by Lemma 3a; and Theorems 3a and 3d,
Lemmas 6 and 7, each followed by Lemma 12a."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.learning.models import PAC, SQ, Simulation
from constructions.models.one_step import steep, tolerance_between
from constructions.models.simulations import STEEP_BOUND, budget_of, lemma_3a, lemma_12a
from constructions.reductions.cells import lemma_7
from verify.claims.models.one_step.steps import numbers_given
from verify.claims.reductions.sample_extract.whole_method import AnyExtraction
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction
Chain = Callable[[Any, Any], Any]


def in_a_chain(first: Any, after: Any) -> Any:
    """One simulation after the other."""
    return first.then(after)


def forgetting(first: Any, after: Any) -> Any:
    """The second alone, without the delta of the first (the twins')."""
    return after


def second_link(case: Case, given: dict[str, Any], lemma: str = "lemma3a.simulates") -> None:
    """Lemma 3a or 12a, on networks 3b or 12b, for the method between both simulations: what is the loss of A' in the
    first is that of A here."""
    link = {"loss of A": case.real("loss of queries"), "loss of A'": case.real("loss of descent")}
    model = case.use(lemma, "no more error", space=case.real("space"), **link, **given)
    case.assume(model.premises, label="what the losses of the method by queries and of the trained model are")


@obligation(
    "theorem1a.model",
    paper="Theorem 1a",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
)
def bsgd_on_a_model_does_what_pac_does(chain: Chain, case: Case) -> None:
    """For all b >= 1, rho > 0 with b rho < 2/3, delta > 0, m, n, r, every PAC method and every source: bSGD with
    batches of b and gradients of precision rho, on the model of the method that extracts samples by queries on one
    label at a time, has at most delta more error. There is a tolerance tau with b tau < 1/2, as Lemma 1 asks, and
    rho < 4 tau/3, as Lemma 3a asks; the extraction has at most delta more error than the PAC method, and the trained
    model at most that of the extraction."""
    b, rho, delta = case.integer("b"), case.real("rho"), case.real("delta")
    case.assume(b >= 1, rho > 0, b * rho < STEEP_BOUND, delta > 0, case.integer("n") >= 0)
    precise = case.use("theorem1a.precision.steep", b=b, rho=rho)
    case.lemma("a precision for Lemma 3a", precise.premises)
    tau = tolerance_between(b, rho, STEEP_BOUND)
    numbers = steep(tau, rho)
    case.show("Lemma 1's premise", b * tau < F(1, 2))
    case.show("Lemma 3a's premise", every(numbers.error() <= tau, numbers.ticks()))
    rounds = case.integer("k")
    samples = case.use(
        "lemma1.learns",
        "at most delta more error",
        b=b,
        delta=delta,
        n=case.integer("n"),
        **losses_between(case, "space", "loss of queries"),
    )
    case.assume(samples.premises, label="what the losses of the PAC method and of the extraction are")
    second_link(case, {"tau": tau, "k": rounds, "b": b, **numbers_given(numbers)})
    extraction: Simulation[Any, Any] = AnyExtraction(case, True).simulation()
    allows(case, chain(extraction, lemma_3a()), case.real("space"))
    case.show("a step for each round", budget_of(_Rounds(rounds, case.integer("n") + 1), rho).steps == rounds)


class _Rounds:
    """The budget of the extraction: k rounds of n + 1 queries, r random bits."""

    def __init__(self, k: Number, p: Number) -> None:
        self.k, self.p, self.b, self.r = k, p, F(1), F(0)


@obligation(
    "theorem1d.model",
    paper="Theorem 1d",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
)
def bsgd_on_a_model_does_what_sq_does(chain: Chain, case: Case) -> None:
    """For all k, tau > 0, b, r, delta, every SQ method and every source: bSGD with batches of b and gradients of any
    precision rho < tau/3 (as printed: tau/16), on the model of the method that asks each query on one label at a time
    in q rounds each, 8k exp(-tau^2 b q / 32) <= delta, has at most delta more error. The averages have at most delta
    more error than the SQ method, and the trained model at most that of the averages. The error is nested (E16): the
    roundings, and so the answers, are any function of what was seen, and the loss of a run is taken over all batches
    of its string."""
    b, rho, tau, delta = case.integer("b"), case.real("rho"), case.real("tau"), case.real("delta")
    k, q = case.integer("k"), case.integer("q")
    case.assume(tau > 0, tau <= 1, rho > 0, 3 * rho < tau)
    averages = case.use(
        "lemma2.simulates",
        "at most delta more error",
        k=k,
        q=q,
        b=b,
        tau=tau,
        delta=delta,
        **losses_between(case, "strings", "expected loss"),
    )
    case.assume(averages.premises, label="what the losses of the SQ method and of the averages are")
    precise = case.use("lemma3a.numbers.steep", tau=tau / 4, rho=rho)
    case.lemma("a precision for Lemma 3a", precise.premises)
    numbers = steep(tau / 4, rho)
    case.show("Lemma 3a's premise", every(numbers.error() <= tau / 4, numbers.ticks()))
    second_link(case, {"tau": tau / 4, "b": b, **numbers_given(numbers)})
    first: Simulation[Any, Any] = Simulation(
        name="Lemma 2", delta=delta, budget=lambda budget: budget, reduce=lambda method: method
    )
    mean = case.word("mean")
    over_all = mean(case.real("space"), case.real("loss of queries"))
    by_string = mean(case.real("strings"), case.real("expected loss"))
    case.assume(over_all == by_string, label="the mean over batches and strings is that of the expected loss")
    allows(case, chain(first, lemma_3a()), case.real("strings"))


def gaining(first: Any, after: Any) -> Any:
    """One after the other, with a promise that the error falls by 1 (a twin's)."""
    whole = first.then(after)
    return replace(whole, delta=whole.delta - 1)


@obligation(
    "theorem3a.model",
    paper="Theorem 3a",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: gaining,
)
def fbgd_on_a_model_does_what_pac_does(chain: Chain, case: Case) -> None:
    """For all n, m >= 1, rho > 0 with m rho < 2/3, r, every PAC method that minds no order and every source: fbGD on m
    points with gradients of precision rho, on the model of the method that reads the sample by queries on one label at
    a time, has at most the error of the PAC method, in 2m(n+1) steps with r + 4m(n+1) parameters and r random bits.
    There is a tolerance tau with m tau < 1/2, as Lemma 6 asks, and rho < 4 tau/3, as Lemma 12a asks; the reading has at
    most the error of the PAC method, and the trained model at most that of the reading."""
    m, n, rho = case.integer("m"), case.integer("n"), case.real("rho")
    case.assume(m >= 1, n >= 0, rho > 0, m * rho < STEEP_BOUND)
    precise = case.use("theorem1a.precision.steep", b=m, rho=rho)
    case.lemma("a precision for Lemma 12a", precise.premises)
    tau = tolerance_between(m, rho, STEEP_BOUND)
    numbers = steep(tau, rho)
    case.show("Lemma 6's premise", m * tau < F(1, 2))
    case.show("Lemma 12a's premise", every(numbers.error() <= tau, numbers.ticks()))
    r = case.integer("r")
    losses = losses_between(case, "space", "loss of queries")
    reading = case.use("lemma6.simulates", "no more error", n=n, m=m, tau=tau, r=r, **losses)
    case.assume(reading.premises, label="what the losses of the PAC method and of the reading are")
    first = reading.subject[1]
    between = first.printed(PAC(m=m, r=r))
    link = {"tau": between.tau, "k": between.k, "b": m, "p": between.p, "r": r}
    second_link(case, link | numbers_given(numbers), "lemma12a.simulates")
    allows(case, chain(first, lemma_12a()), case.real("space"))
    found: Any = budget_of(between, rho)
    case.show("steps and parameters", every(found.steps == 2 * m * (n + 1), found.p == r + 4 * m * (n + 1)))
    case.show("the sample and the random bits", every(found.m == m, found.rho == rho, found.r == r))


@obligation(
    "theorem3d.model",
    paper="Theorem 3d",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
)
def fbgd_on_a_model_does_what_sq_does(chain: Chain, case: Case) -> None:
    """For all k, tau in (0, 1], r, m and delta with (4^k - 1)/3 exp(-m tau^2/32) <= delta, every SQ method and every
    source: fbGD on m points with gradients of any precision rho < tau/3 (as printed: tau/16), on the model of the
    method that holds its answers to a grid and asks each query on one label at a time, has at most delta more error, in
    2k steps with r + 4k parameters and r random bits. The method between has at most delta more error than the SQ
    method, and the trained model at most that of the method between. The error is E[sup] over samples and strings."""
    tau, rho, delta = case.real("tau"), case.real("rho"), case.real("delta")
    k, m, r = case.integer("k"), case.integer("m"), case.integer("r")
    case.assume(tau > 0, tau <= 1, rho > 0, 3 * rho < tau)
    given = {"k": k, "tau": tau, "delta": delta, "values": m}
    losses = losses_between(case, "strings", "error from a string")
    held = case.use("lemma7.simulates", "at most delta more error", **given, **losses)
    case.assume(held.premises, label="what the losses of the SQ method and of the method between are")
    precise = case.use("lemma3a.numbers.steep", tau=tau / 4, rho=rho)
    case.lemma("a precision for Lemma 12a", precise.premises)
    numbers = steep(tau / 4, rho)
    case.show("Lemma 12a's premise", every(numbers.error() <= tau / 4, numbers.ticks()))
    between: Any = lemma_7(m=1, delta=F(1)).budget(SQ(k=k, tau=tau, r=r))
    link = {"tau": between.tau, "k": between.k, "b": m, "p": between.p, "r": r}
    second_link(case, link | numbers_given(numbers), "lemma12a.simulates")
    mean = case.word("mean")
    over_all = mean(case.real("space"), case.real("loss of queries"))
    by_string = mean(case.real("strings"), case.real("error from a string"))
    case.assume(over_all == by_string, label="the mean over samples and strings is that of the error from a string")
    allows(case, chain(held.subject, lemma_12a()), case.real("strings"))
    found: Any = budget_of(replace(between, m=m), rho)
    case.show("steps and parameters", every(found.steps == 2 * k, found.p == r + 4 * k))
    case.show("the sample and the random bits", every(found.m == m, found.rho == rho, found.r == r))


def losses_between(case: Case, space: str, made: str) -> dict[str, Any]:
    """The losses of a first simulation, on a space: of A, and of the method by queries."""
    return {space: case.real(space), "loss of A": case.real("loss of A"), "loss of A'": case.real(made)}


def allows(case: Case, simulation: Any, space: Number) -> None:
    """State that the whole simulation keeps its promise; A is averaged over the points of ``space``."""
    mean = case.word("mean")
    given, made = mean(space, case.real("loss of A")), mean(case.real("space"), case.real("loss of descent"))
    case.show("at most delta more error", simulation.allows(given, made))


def means_agree(case: Case, by_string: str, label: str) -> None:
    """Suppose that the mean of the losses over all that is drawn is that of what is expected from a string."""
    mean = case.word("mean")
    over_all = mean(case.real("space"), case.real("loss of queries"))
    case.assume(over_all == mean(case.real("strings"), case.real(by_string)), label=label)
