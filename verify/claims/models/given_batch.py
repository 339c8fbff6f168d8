"""Corollary 1 on models: SQ within bSGD over budgets, and with it all inclusions."""

from dataclasses import replace
from typing import Any

from constructions.foundations.logic import every, implies
from constructions.foundations.terms import INTEGER
from constructions.learning.models import SQ, asked_by_label
from constructions.models.classes import Inclusion, PolynomialBound
from constructions.models.given_batch import precision_for, sq_in_bsgd, unrounded_by_label
from constructions.models.given_precision import BSGD_IN_PAC, kept_within_bsgd, kept_within_sq
from constructions.models.simulations import budget_of
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

SAME = ("delta more error", "the budget is within the bound")
OTHERS = (
    "corollary2.steps: the budget is within the bound",
    "corollary2.pac_in_bsgd: delta more error",
    "corollary2.bsgd_in_pac: the same error",
    "corollary2.bsgd_in_pac: the budget is within the bound",
    "corollary2.coarse: delta more error",
    "corollary2.coarse: the budget is within the bound",
)


def growth(case: Case, n: Any) -> tuple[PolynomialBound, Any]:
    """Any bound c n^d >= 1, and the powers of n: n^(5d) is the fifth power of n^d."""
    power = case.function("power", 2, takes=(INTEGER, INTEGER))
    bound = PolynomialBound(constant=case.real("c"), degree=case.integer("d"))
    here = power(n, bound.degree)
    case.assume(n >= 1, bound.constant >= 1, here >= 1)
    fifth = (here * here) * (here * here) * here
    case.assume(power(n, 5 * bound.degree) == fifth, label="what the power of five times the degree is")
    return bound, power


def for_any_batch(case: Case) -> Inclusion:
    """SQ in bSGD, for any b and delta."""
    return sq_in_bsgd(case.integer("b"), case.real("delta"))


def for_squares(case: Case) -> Inclusion:
    """The same with the square of the bound (the twins')."""
    return replace(for_any_batch(case), grown=BSGD_IN_PAC.grown)


@obligation("corollary1.sq_in_bsgd", paper="Corollary 1", of=for_any_batch, twin=for_squares)
def bsgd_learns_what_sq_learns(inclusion: Inclusion, case: Case) -> None:
    """For every n >= 1, every b >= 1, and every bound c n^d on the budget of an SQ method with k >= 1 queries of
    tolerance tau <= 1, on b and on 1/delta: bSGD with batches of b and gradients of precision tau/4, on the model that
    Theorem 1d makes of the method, has a budget within 1029 c^5 n^(5d), 1/rho included, and ensures on every source
    every error that the method ensures, with at most delta more. Each query is asked as often as Lemma 2 says,
    32 log(8k/delta)/(b tau^2) rounded up, and of the logarithm it is used that log x is at most x."""
    n, k, b, r, q = (case.integer(name) for name in ("n", "k", "b", "r", "q"))
    tau, delta, most, logarithm = (case.real(name) for name in ("tau", "delta", "most", "log(8k/delta)"))
    bound, power = growth(case, n)
    given: Any = SQ(k=k, tau=tau, r=r)
    rho = precision_for(tau)
    case.assume(k >= 1, b >= 1, r >= 0, tau > 0, tau <= 1, delta > 0)
    case.assume(most == bound.at(n, power), kept_within_sq(given, most), label="a budget within c n^d")
    case.assume(b <= most, delta * most >= 1, label="b and 1/delta within c n^d")
    case.assume(logarithm >= 0, delta * logarithm <= 8 * k, label="log x is at least 0 and at most x, for x = 8k/delta")
    exact = unrounded_by_label(logarithm, b, given)
    case.assume(q >= exact, q < exact + 1, label="each half of a query is asked q times")
    mean, epsilon = case.word("mean"), case.real("epsilon")
    spaces = {name: case.real(name) for name in ("strings", "space")}
    losses = {f"loss of {name}": case.real(f"loss of {name}") for name in ("A", "descent")}
    sizes = {"k": k, "q": q, "b": b, "tau": tau, "rho": rho, "delta": delta}
    used = case.use("theorem1d.model", "at most delta more error", **sizes, **spaces, **losses)
    case.assume(used.premises, label="8k exp(-tau^2 b q / 32) <= delta, and what the losses of both methods are")
    ensured = mean(spaces["strings"], losses["loss of A"]) <= epsilon
    found = mean(spaces["space"], losses["loss of descent"]) <= epsilon + delta
    case.show("delta more error", implies(ensured, found))
    few_repetitions(case, exact)
    made: Any = budget_of(asked_by_label(given, q, b), rho)
    fourth = (most * most) * (most * most)
    case.lemma("k times", k * q <= most * (257 * fourth))
    room = inclusion.grown(bound).at(n, power)
    case.lemma("the fifth power is at least the bound", fourth * most >= most)
    case.show("steps and parameters", every(made.steps <= room, made.p <= room, made.r <= room, made.b <= room))
    case.lemma("four times the bound", rho * (4 * most) >= 1)
    case.show("precision", made.rho * room >= 1)
    case.show("the budget is within the bound", kept_within_bsgd(made, room))


def few_repetitions(case: Case, exact: Any) -> None:
    """State that q is at most 257 times the fourth power of the bound."""
    k, b, q = (case.integer(name) for name in ("k", "b", "q"))
    tau, delta, most, logarithm = (case.real(name) for name in ("tau", "delta", "most", "log(8k/delta)"))
    case.lemma("the bound is at least 1", most >= 1)
    case.lemma("the logarithm, times", logarithm * (delta * most) >= logarithm)
    case.lemma("the logarithm", logarithm <= 8 * k * most)
    case.lemma("of the bound", logarithm <= 8 * (most * most))
    case.lemma("the quotient", exact * (b * (tau * tau)) == 32 * logarithm)
    case.lemma("it is not negative", exact >= 0)
    case.lemma("the tolerance", (tau * most) * (tau * most) >= 1)
    case.lemma("with batches", b * ((tau * most) * (tau * most)) >= 1)
    case.lemma("times the quotient", exact * (b * ((tau * most) * (tau * most))) >= exact)
    case.lemma("a square more", exact <= 32 * logarithm * (most * most))
    case.lemma("the square is at least 1", most * most >= 1)
    case.lemma("the logarithm, a square more", logarithm * (most * most) <= 8 * (most * most) * (most * most))
    case.lemma(
        "the fourth power", every((most * most) * (most * most) >= 1, exact <= 256 * ((most * most) * (most * most)))
    )
    case.lemma("rounded up", q <= 257 * ((most * most) * (most * most)))


@obligation("corollary1.classes", paper="Corollary 1", of=for_any_batch, twin=for_squares)
def bsgd_is_between_sq_and_pac(inclusion: Inclusion, case: Case) -> None:
    """For every n >= 1, on every source, every batch size b >= 1, and every bound c n^d on budgets, on b, on 1/rho and
    on 1/delta: to each SQ method with k >= 1 queries there is a bSGD method on a model, with batches of b and a
    precision of its own choice, with a budget within 1029 c^5 n^(5d) and at most delta more error; to each bSGD method
    there is a PAC method with a budget within c^2 n^(2d) and no more error. Where b rho < 2/3, so for all rho if
    b < 2/(3 rho): to each PAC method there is a bSGD method with a budget within 17 c^2 n^(2d + 2) and at most delta
    more error. Where Tp exp(-b rho^2/128) <= delta: to each bSGD method there is an SQ method with a budget within
    8 c^2 n^(2d) and at most delta more error."""
    b, delta = case.integer("b"), case.real("delta")
    others = case.use("corollary2.classes", *OTHERS)
    case.assume(others.premises, label="b >= 1 and rho > 0 of each bSGD method, b rho < 2/3 where PAC is to be within")
    used = case.use("corollary1.sq_in_bsgd", *SAME, b=b, delta=delta)
    values = used.values
    case.assume(b >= 1, delta > 0, values["tau"] > 0, values["q"] >= 1)
    case.show("SQ in bSGD: delta more error", used[SAME[0]], given=used.premises)
    given: Any = SQ(k=values["k"], tau=values["tau"], r=values["r"])
    made: Any = budget_of(asked_by_label(given, values["q"], b), precision_for(values["tau"]))
    bound = PolynomialBound(constant=values["c"], degree=values["d"])
    room = inclusion.grown(bound).at(values["n"], values["power"])
    case.show("SQ in bSGD: the budget", kept_within_bsgd(made, room), given=used.premises)
    for name in OTHERS:
        case.show(name, others[name], given=others.facts[name].under)
