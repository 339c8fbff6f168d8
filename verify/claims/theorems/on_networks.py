"""Theorems 1a and 1d on neural networks: Lemmas 1 and 2, each followed by Lemma 3b; and Theorems 3a and 3d, Lemmas 6
and 7, each followed by Lemma 12b. The same as on models (:mod:`verify.claims.models.simulations`), at the printed
precision."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.logic import every
from constructions.learning.models import PAC, SQ, Simulation
from constructions.networks.queries import PRINTED, STRONG, Setting
from constructions.reductions.cells import lemma_7
from constructions.training.network_methods import lemma_3b
from verify.claims.models.on_both_labels import BETWEEN, averages, held_answers
from verify.claims.models.simulations import (
    Chain,
    allows,
    forgetting,
    gaining,
    in_a_chain,
    losses_between,
    means_agree,
    second_link,
)
from verify.claims.reductions.sample_extract.whole_method import AnyExtraction
from verify.claims.training.network_methods import JOINED, TAU
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
OF_3B, OF_12B, OF_BOTH = "lemma3b.simulates", "lemma12b.simulates", "lemma3b.both.simulates"
ARRAYS = "that the arrays hold what the gadgets are: three networks; whole runs: two"
NETWORK_SHARE = 8
"""With queries on both labels rho is tau over this."""
PRINTED_BOUND, SQ_SHARE = F(1, 8), 16


@obligation(
    "theorem1a.network",
    paper="Theorem 1a",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def bsgd_on_a_network_does_what_pac_does(chain: Chain, case: Case) -> None:
    """For all b >= 1, rho > 0 with b rho < 1/8 and rho < 1/4, delta > 0, m, n, r, every PAC method and every source:
    bSGD with batches of b and gradients of precision rho, on the network of the method that extracts samples by queries
    on one label at a time, has at most delta more error. The tolerance is tau = 4 rho, so b tau < 1/2 as Lemma 1 asks;
    the extraction has at most delta more error than the PAC method, and the trained network at most that of the
    extraction."""
    b, rho, delta = case.integer("b"), case.real("rho"), case.real("delta")
    case.assume(b >= 1, rho > 0, b * rho < PRINTED_BOUND, rho < F(1, 4), delta > 0, case.integer("n") >= 0)
    tau = TAU * rho
    case.show("Lemma 1's premise", b * tau < F(1, 2))
    losses = losses_between(case, "space", "loss of queries")
    samples = case.use("lemma1.learns", "at most delta more error", b=b, delta=delta, n=case.integer("n"), **losses)
    case.assume(samples.premises, label="what the losses of the PAC method and of the extraction are")
    second_link(case, {"rho": rho, "tau": tau, "k": case.integer("k")}, OF_3B)
    extraction: Simulation[Any, Any] = AnyExtraction(case, True).simulation()
    allows(case, chain(extraction, lemma_3b(None)), case.real("space"))


@obligation(
    "theorem1d.network",
    paper="Theorem 1d",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def bsgd_on_a_network_does_what_sq_does(chain: Chain, case: Case) -> None:
    """For all k >= 1, tau in (0, 1], b, r, delta > 0, every SQ method and every source: bSGD with batches of b and
    gradients of precision rho = tau/16, on the network of the method that asks each query on one label at a time in q
    rounds each, 8k exp(-tau^2 b q / 32) <= delta, has at most delta more error. The averages have at most delta more
    error than the SQ method, and the trained network at most that of the averages. The error is nested (E16), as for a
    model."""
    b, tau, delta = case.integer("b"), case.real("tau"), case.real("delta")
    case.assume(b >= 1, case.integer("q") >= 1, case.integer("k") >= 1, tau > 0, tau <= 1, delta > 0)
    rho = tau / SQ_SHARE
    case.show("Lemma 3b's premise", rho < F(1, 4))
    losses = losses_between(case, "strings", "expected loss")
    numbers = {"k": case.integer("k"), "q": case.integer("q"), "b": b, "tau": tau, "delta": delta}
    averages = case.use("lemma2.simulates", "at most delta more error", **numbers, **losses)
    case.assume(averages.premises, label="what the losses of the SQ method and of the averages are")
    second_link(case, {"rho": rho, "tau": tau / 4, "k": case.integer("rounds in all")}, OF_3B)
    first: Simulation[Any, Any] = Simulation(
        name="Lemma 2", delta=delta, budget=lambda budget: budget, reduce=lambda method: method
    )
    means_agree(case, "expected loss", "the mean over batches and strings is that of the expected loss")
    allows(case, chain(first, lemma_3b(None)), case.real("strings"))


@obligation(
    "theorem3a.network",
    paper="Theorem 3a",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: gaining,
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def fbgd_on_a_network_does_what_pac_does(chain: Chain, case: Case) -> None:
    """For all n, m >= 1, rho > 0 with m rho < 1/8 and rho < 1/4, r, every PAC method that minds no order and every
    source: fbGD on m points with gradients of precision rho, on the network of the method that reads the sample by
    queries on one label at a time, has at most the error of the PAC method. The tolerance is tau = 4 rho, so
    m tau < 1/2 as Lemma 6 asks; the reading has at most the error of the PAC method, and the trained network at most
    that of the reading."""
    m, n, rho, r = case.integer("m"), case.integer("n"), case.real("rho"), case.integer("r")
    case.assume(m >= 1, n >= 0, rho > 0, m * rho < PRINTED_BOUND, rho < F(1, 4))
    tau = TAU * rho
    case.show("Lemma 6's premise", m * tau < F(1, 2))
    losses = losses_between(case, "space", "loss of queries")
    reading = case.use("lemma6.simulates", "no more error", n=n, m=m, tau=tau, r=r, **losses)
    case.assume(reading.premises, label="what the losses of the PAC method and of the reading are")
    first = reading.subject[1]
    between = first.printed(PAC(m=m, r=r))
    second_link(case, {"rho": rho, "tau": between.tau, "k": between.k}, OF_12B)
    allows(case, chain(first, lemma_3b(None)), case.real("space"))


@obligation(
    "theorem3d.network",
    paper="Theorem 3d",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def fbgd_on_a_network_does_what_sq_does(chain: Chain, case: Case) -> None:
    """For all k, tau in (0, 1], r, m and delta with (4^k - 1)/3 exp(-m tau^2/32) <= delta, every SQ method and every
    source: fbGD on m points with gradients of precision rho = tau/16, on the network of the method that holds its
    answers to a grid and asks each query on one label at a time, has at most delta more error. The method between has
    at most delta more error than the SQ method, and the trained network at most that of the method between. The error
    is E[sup] over samples and strings."""
    tau, delta, k = case.real("tau"), case.real("delta"), case.integer("k")
    m, r = case.integer("m"), case.integer("r")
    case.assume(tau > 0, tau <= 1)
    rho = tau / SQ_SHARE
    case.show("Lemma 12b's premise", rho < F(1, 4))
    losses = losses_between(case, "strings", "error from a string")
    given = {"k": k, "tau": tau, "delta": delta, "values": m}
    held = case.use("lemma7.simulates", "at most delta more error", **given, **losses)
    case.assume(held.premises, label="what the losses of the SQ method and of the method between are")
    between: Any = replace(lemma_7(m=1, delta=F(1)).budget(SQ(k=k, tau=tau, r=r)), m=m)
    second_link(case, {"rho": rho, "tau": between.tau, "k": between.k}, OF_12B)
    means_agree(case, "error from a string", "the mean over samples and strings is that of the error from a string")
    allows(case, chain(held.subject, lemma_3b(None)), case.real("strings"))


@obligation(
    "theorem1d.both.network",
    paper="Theorem 1d",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
    finite=ARRAYS,
    expect=Verdict.CHECKED,
    erratum="S6",
)
def bsgd_on_a_network_by_both_labels(chain: Chain, case: Case) -> None:
    """For all k, q, b >= 1, tau in (0, 1], delta > 0, every SQ method whose queries are 0 and 1 and every source: bSGD
    with batches of b and gradients of precision rho = tau/8, on the network on both labels of the method that asks each
    query in q rounds, 4k exp(-tau^2 b q / 8) <= delta, has at most delta more error. All edges of the network train."""
    tau, delta = case.real("tau"), case.real("delta")
    rho = tau / NETWORK_SHARE
    first = averages(case, tau, delta)
    case.show("the network's premises", every(rho < F(1, 4), TAU * rho == BETWEEN * tau))
    second_link(case, {"rho": rho, "tau": BETWEEN * tau, "k": case.integer("rounds in all")}, OF_BOTH)
    allows(case, chain(first, lemma_3b(None)), case.real("strings"))


@obligation(
    "theorem3d.both.network",
    paper="Theorem 3d",
    kind="induction",
    of=lambda case: in_a_chain,
    twin=lambda case: forgetting,
    finite=ARRAYS,
    expect=Verdict.CHECKED,
    erratum="S6",
)
def fbgd_on_a_network_by_both_labels(chain: Chain, case: Case) -> None:
    """For all k, tau in (0, 1], m and delta with (4^k - 1)/3 exp(-m tau^2/32) <= delta, every SQ method whose queries
    are 0 and 1 and every source: fbGD on m points with gradients of precision rho = tau/8, on the network on both
    labels of the method that holds its answers to a grid, has at most delta more error, in k steps."""
    tau, delta = case.real("tau"), case.real("delta")
    rho = tau / NETWORK_SHARE
    first = held_answers(case, tau, delta)
    case.show("the network's premises", every(rho < F(1, 4), TAU * rho == BETWEEN * tau))
    second_link(case, {"rho": rho, "tau": BETWEEN * tau, "k": case.integer("k")}, OF_BOTH)
    allows(case, chain(first, lemma_3b(None)), case.real("strings"))


def gadgets_serve(setting: Setting, case: Case) -> None:
    """For every m >= 1 (or b) and rho > 0 with m rho < 1/8, the range of Corollaries 1 and 2 and of Theorem 3a, the
    gadgets of the setting are made for rho."""
    m, rho = case.integer("m"), case.real("rho")
    case.assume(m >= 1, rho > 0, m * rho < PRINTED_BOUND)
    case.show("within the setting's range", rho < setting.rho_below)


obligation(
    "corollary2.range.printed",
    paper="Corollary 2",
    of=lambda case: PRINTED,
    expect=Verdict.REFUTED,
    erratum="E33",
)(gadgets_serve)
obligation(
    "corollary2.range.repaired", paper="Corollary 2", of=lambda case: STRONG, twin=lambda case: PRINTED, erratum="E33"
)(gadgets_serve)
