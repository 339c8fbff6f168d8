"""Corollaries 1, 2 and 3 for neural networks, their top statements: each inclusion by the theorem on networks that
gives it and by what bounds sizes and times. They are CHECKED and not PROVED, as ``lemma3b.simulates`` is, but for the
inclusions in PAC and in SQ, which need neither."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from constructions.computation.sample_learners import fed, parity_learner
from constructions.foundations.exact import Number
from constructions.foundations.logic import every
from constructions.theorems.network_classes import network_precision
from verify.claims.models.given_precision.joined import states
from verify.claims.training.network_methods import JOINED
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

F = Fraction
LOST = "at most delta more error"
Precision = Callable[[Number], Number]


def with_names(case: Case, integers: str, reals: str) -> dict[str, Any]:
    """Variables by their names: integers, and reals."""
    return {name: case.integer(name) for name in integers.split()} | {name: case.real(name) for name in reals.split()}


def two_descents(case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
    """The numbers of a bSGD method, and of one whose batches are large, each with a precision of its own."""
    descent = with_names(case, "T p", "rate")
    fine = descent | {"b": case.integer("b'"), "rho": case.real("rho'")}
    coarse = descent | {"b": case.integer("coarse b"), "rho": case.real("coarse rho"), "delta": case.real("delta")}
    case.assume(*(every(each["b"] >= 1, each["rho"] > 0, each["rate"] > 0) for each in (fine, coarse)))
    return fine, coarse


def in_pac_and_sq(case: Case, fine: Mapping[str, Any], coarse: Mapping[str, Any]) -> None:
    """State what bSGD_NN is in: PAC_TM, and SQ_TM where batches are large; their budgets are in
    corollary2.bsgd_in_pac and corollary2.coarse."""
    states(case, "corollary2.bsgd_in_pac", "the same error", fine)
    states(case, "corollary2.network.time", "time", {})
    states(case, "corollary2.coarse", "delta more error", coarse)
    states(case, "corollary2.network.source", "time", {})


@obligation(
    "corollary3.network",
    paper="Corollary 3",
    of=lambda case: network_precision,
    twin=lambda case: lambda m: F(1) / (8 * m),
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def fbgd_on_networks_is_pac(precision: Precision, case: Case) -> None:
    """fbGD_NN = PAC_TM. To each PAC method with m >= 1 samples that minds no order, of bounded running time, there is
    fbGD on a network with gradients of precision 1/(9 m), so that m rho is below 1/8, which has at most its error
    (theorem3a.network); its parameters are within 2780 n B^7 (corollary3.network.size). To each fbGD method on a
    network there is a PAC method with no more error, whose budget is within the same bound (corollary3.pac) and whose
    running time is within a power of B (corollary3.network.time, corollary2.network.work)."""
    m = case.integer("m")
    descent = with_names(case, "T p r", "rate") | {"m": case.integer("m'"), "rho": case.real("rho'")}
    case.assume(m >= 1, descent["rho"] > 0, descent["rate"] > 0)
    rho = precision(m)
    case.lemma("m rho", m * rho == F(1, 9))
    case.show("fine enough", every(rho > 0, m * rho < F(1, 8), rho < F(1, 4)))
    states(case, "theorem3a.network", LOST, {"m": m, "rho": rho})
    states(case, "corollary3.network.size", "parameters", {})
    powers = {f"B^{power}": 64**power for power in range(2, 8)}
    small = {"B": 64, "n": 1, "m": 1, "own": 1} | powers
    case.look_at({f"corollary3.network.size: {name}": F(value) for name, value in small.items()})
    states(case, "corollary3.pac", "the same error", descent)
    states(case, "corollary3.network.time", "time", {})


@obligation(
    "corollary2.network",
    paper="Corollary 2",
    of=lambda case: F(1, 8),
    twin=lambda case: F(1, 4),
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def bsgd_on_networks_is_pac_or_within_sq(bound: Fraction, case: Case) -> None:
    """Fine gradients, b rho < 1/8 and rho < 1/4: bSGD_NN = PAC_TM. To each PAC method of bounded running time there is
    bSGD on a network with at most delta more error (theorem1a.network), in at most 4 n B^2 steps (corollary2.rounds)
    and with at most 5200 n B^7 parameters (corollary2.network.size); to each bSGD method on a network a PAC method with
    no more error, whose budget and running time are within powers of B. Coarse ones: to each bSGD method on a network
    there is an SQ method with at most delta more error, whose budget and running time are within powers of B. That
    SQ_TM is strictly less than PAC_TM is in corollary2.sq_is_less and corollary2.network.parity."""
    given = with_names(case, "b n", "rho delta")
    case.assume(
        given["delta"] > 0,
        given["n"] >= 1,
        given["b"] >= 1,
        given["rho"] > 0,
        given["b"] * given["rho"] < bound,
        given["rho"] < F(1, 4),
    )
    fine, coarse = two_descents(case)
    case.show("b tau < 1/2", given["b"] * (4 * given["rho"]) < F(1, 2))
    states(case, "theorem1a.network", LOST, given)
    states(case, "corollary2.rounds", "within the bound", {name: given[name] for name in ("b", "n", "delta")})
    states(case, "corollary2.network.size", "parameters", {})
    in_pac_and_sq(case, fine, coarse)


@obligation(
    "corollary1.network",
    paper="Corollary 1",
    of=lambda case: F(16),
    twin=lambda case: F(4),
    finite=JOINED,
    expect=Verdict.CHECKED,
)
def bsgd_on_networks_is_between(share: Fraction, case: Case) -> None:
    """SQ_TM within bSGD_NN within PAC_TM, for every batch size b. To each SQ method of bounded running time there is
    bSGD on a network with a precision of its own choice, rho = tau/16, and at most delta more error
    (theorem1d.network), in at most 514 B^5 steps and with at most 275010 B^10 parameters (corollary1.network.size). All
    else is as in corollary2.network: each of its inclusions holds at the precision that is chosen."""
    given = with_names(case, "b k q", "tau delta")
    tau = given["tau"]
    case.assume(tau > 0, tau <= 1, given["delta"] > 0, *(given[name] >= 1 for name in ("b", "k", "q")))
    fine, coarse = two_descents(case)
    case.show("rho < 1/4 and four rho within tau/4", every(tau / share < F(1, 4), 4 * (tau / share) <= tau / 4))
    states(case, "theorem1d.network", LOST, given)
    states(case, "corollary1.sq_in_bsgd", "k times", given)
    states(case, "corollary1.network.size", "parameters", {})
    in_pac_and_sq(case, fine, coarse)


@obligation(
    "corollary2.network.parity",
    paper="Corollary 2",
    kind="enumeration",
    domain=lambda: ({"n": n} for n in range(1, 13)),
    finite="n from 1 to 12",
    of=lambda case: F(7),
    twin=lambda case: F(2),
    expect=Verdict.CHECKED,
)
def parities_are_learned_in_polynomial_time(constant: Fraction, case: Case) -> None:
    """The circuit that takes a sample up into the equations for a parity of n bits, and predicts, has at most
    7 (n + 1)^2 gates. So n + 3 samples take a time within a bound."""
    n = int(case.integer("n"))
    gates = len(fed(parity_learner(n), 1).exposed().gates)
    case.show("gates", gates <= constant * (n + 1) ** 2)
