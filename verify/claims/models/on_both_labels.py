"""S6 for a whole run: the model that answers one query on both labels a step has at most the error of the method.

So Theorems 1d and 3d hold by queries on both labels: Theorem 2d in the place of Lemma 2 and Lemma 5d in that of Lemma
7, each followed by S6's model.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.learning.models import BSQ, SQ, Simulation
from constructions.models.both_labels import BothLabels
from constructions.models.on_both_labels import budget_on_both, on_both_labels
from constructions.reductions.cells import lemma_5d
from verify.claims.models.answering.any_method import no_more_error_by_rounds
from verify.claims.models.both_labels import any_numbers
from verify.claims.models.both_labels import given as given_numbers
from verify.claims.models.simulations import (
    Chain,
    allows,
    forgetting,
    in_a_chain,
    losses_between,
    means_agree,
    second_link,
)
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction
SHARE, BETWEEN = 6, F(1, 2)
"""rho is below tau over the first; answers between both links may be off by the second part of tau."""


@dataclass(frozen=True, slots=True)
class RunOnBoth:
    """The simulation, the numbers of the model, and how often its error is allowed for (1; the twin's: 2)."""

    simulation: Any
    numbers: BothLabels
    times: int


def _run(times: int) -> Callable[[Case], RunOnBoth]:
    return lambda case: RunOnBoth(on_both_labels(), any_numbers(BothLabels)(case), times)


@obligation("lemma3a.both.runs", paper="Lemma 3a", kind="induction", of=_run(1), twin=_run(2), erratum="S6")
def a_training_run_on_both_labels_is_a_run(subject: RunOnBoth, case: Case) -> None:
    """For all rho > 0, c in (0, 1) and M >= 1 whose error 2 (3 rho/4 + 1/M)/(1 - c) is at most tau, every bSQ method of
    one query a round on both labels (a function of its random bits and answers) and every source: let what is read off
    the parameter of each round after its step be within this error of the mean of its query (as ``lemma3a.both.step``
    says of any step), and let the model end as the predictor of the method's last state. Then it has at most the error
    of the method, in k steps with r + k parameters."""
    tau, k, r, rho = case.real("tau"), case.integer("k"), case.integer("r"), case.real("rho")
    bound = case.real("error")
    case.assume(bound == subject.numbers.error(), bound <= tau, k >= 0, label="the error is at most tau")
    no_more_error_by_rounds(subject.simulation, case, subject.times * bound, same=False)
    found: Any = budget_on_both(BSQ(k=k, tau=tau, b=case.integer("b"), p=1, r=r), rho)
    case.show("steps and parameters", every(found.steps == k, found.p == r + k))


def averages(case: Case, tau: Number, delta: Number) -> Simulation[Any, Any]:
    """Theorem 2d, used for an SQ method of tolerance tau; it has at most delta more error."""
    b, k, q = case.integer("b"), case.integer("k"), case.integer("q")
    case.assume(b >= 1, q >= 1, k >= 1, tau > 0, tau <= 1, delta > 0)
    losses = losses_between(case, "strings", "expected loss")
    used = case.use("theorem2d.simulates", "at most delta more error", k=k, q=q, b=b, tau=tau, delta=delta, **losses)
    case.assume(used.premises, label="what the losses of the SQ method and of the averages are")
    means_agree(case, "expected loss", "the mean over batches and strings is that of the expected loss")
    return Simulation(name="Theorem 2d", delta=delta, budget=lambda budget: budget, reduce=lambda method: method)


def held_answers(case: Case, tau: Number, delta: Number) -> Simulation[Any, Any]:
    """Lemma 5d, used for an SQ method of tolerance tau; it has at most delta more error."""
    k, m = case.integer("k"), case.integer("m")
    case.assume(tau > 0, tau <= 1)
    losses = losses_between(case, "strings", "error from a string")
    given = {"k": k, "tau": tau, "delta": delta, "values": m}
    used = case.use("lemma5d.simulates", "at most delta more error", **given, **losses)
    case.assume(used.premises, label="what the losses of the SQ method and of the method between are")
    means_agree(case, "error from a string", "the mean over samples and strings is that of the error from a string")
    return used.subject  # type: ignore[no-any-return]


def answered_by_a_model(case: Case, tau: Number, rho: Number) -> None:
    """S6's model for a method of tolerance tau/2, at a precision rho < tau/6: half is the least raised query, and M is
    as large as it has to be."""
    case.assume(rho > 0, SHARE * rho < tau)
    large = case.real("M")
    case.assume(large * (BETWEEN * tau - 3 * rho) == 4, label="the choice of M")
    case.lemma("M is positive", large > 0)
    case.lemma("M is at least 1", large >= 1)
    numbers, inverse = BothLabels(rho=rho, floor=BETWEEN, large=large), case.real("one over M")
    case.assume(inverse == 1 / large)
    case.lemma("1/M", inverse == (BETWEEN * tau - 3 * rho) / 4)
    case.show("S6's premises", every(numbers.error() <= BETWEEN * tau, numbers.ticks()))
    case.use("lemma3a.both.step", **given_numbers(numbers))
    second_link(case, given_numbers(numbers) | {"tau": BETWEEN * tau}, "lemma3a.both.runs")


@obligation(
    "theorem1d.both.model",
    paper="Theorem 1d",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
    erratum="S6",
)
def bsgd_on_a_model_by_both_labels(chain: Chain, case: Case) -> None:
    """For all k, q, b >= 1, tau in (0, 1], delta > 0, every SQ method and every source: bSGD with batches of b and
    gradients of any precision rho < tau/6, on S6's model of the method that asks each query on both labels in q rounds,
    4k exp(-tau^2 b q / 8) <= delta, has at most delta more error, in a step for each round with a parameter for
    each. The averages have at most delta more error than the SQ method, and the trained model at most that of the
    averages. The error is nested (E16)."""
    rho, tau, delta = case.real("rho"), case.real("tau"), case.real("delta")
    first = averages(case, tau, delta)
    answered_by_a_model(case, tau, rho)
    allows(case, chain(first, on_both_labels()), case.real("strings"))
    steps, r = case.integer("steps"), case.integer("r")
    found: Any = budget_on_both(BSQ(k=steps, tau=BETWEEN * tau, b=case.integer("b"), p=1, r=r), rho)
    case.show("steps and parameters", every(found.steps == steps, found.p == r + steps))


@obligation(
    "theorem3d.both.model",
    paper="Theorem 3d",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
    erratum="S6",
)
def fbgd_on_a_model_by_both_labels(chain: Chain, case: Case) -> None:
    """For all k, tau in (0, 1], m and delta with (4^k - 1)/3 exp(-m tau^2/32) <= delta, every SQ method and every
    source: fbGD on m points with gradients of any precision rho < tau/6, on S6's model of the method that holds its
    answers to a grid, has at most delta more error, in k steps (Theorem 3d takes 2k). The method between has at most
    delta more error than the SQ method, and the trained model at most that of the method between."""
    rho, tau, delta = case.real("rho"), case.real("tau"), case.real("delta")
    first = held_answers(case, tau, delta)
    answered_by_a_model(case, tau, rho)
    allows(case, chain(first, on_both_labels()), case.real("strings"))
    made: Any = lemma_5d(m=900, delta=F(1)).budget(SQ(k=3, tau=F(1, 2)))
    case.show("a step for each query", budget_on_both(made, F(1, 16)).steps == 3)
