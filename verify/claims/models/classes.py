"""Corollary 3 on models, by use of Theorems 3a and 3b: fbGD = PAC as classes of poly-learnable problems."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.logic import every, implies
from constructions.foundations.terms import INTEGER
from constructions.learning.descent_methods import FBGD
from constructions.learning.models import PAC
from constructions.models.classes import (
    FBGD_IN_PAC,
    PAC_IN_FBGD,
    Inclusion,
    PolynomialBound,
    fine_enough,
    kept_within,
    printed_3a,
)
from constructions.reductions.descent_by_samples import theorem_3b
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction
NINE = 9
LINKS = ("corollary3.fbgd", "corollary3.pac")
FACTS = ("the same error", "the budget is within the bound")


def smaller(bound: PolynomialBound) -> PolynomialBound:
    """A bound that leaves too little room for the parameters (a twin's)."""
    return PolynomialBound(constant=(NINE - 1) * bound.constant, degree=bound.degree + 1)


def growth(case: Case, n: Any) -> tuple[PolynomialBound, Any]:
    """Any bound c n^d >= 1 and the powers of n."""
    power = case.function("power", 2, takes=(INTEGER, INTEGER))
    bound = PolynomialBound(constant=case.real("c"), degree=case.integer("d"))
    after = power(n, bound.degree + 1) == n * power(n, bound.degree)
    case.assume(n >= 1, bound.constant >= 1, power(n, bound.degree) >= 1)
    case.assume(after, label="what the next power is")
    return bound, power


@obligation(
    "corollary3.fbgd",
    paper="Corollary 3",
    of=lambda case: PAC_IN_FBGD,
    twin=lambda case: replace(PAC_IN_FBGD, grown=smaller),
)
def fbgd_learns_what_pac_learns(inclusion: Inclusion, case: Case) -> None:
    """For every n >= 1 and every bound c n^d on the budget of a PAC method with m >= 1 samples that minds no order:
    fbGD on a model, with gradients of precision 1/(2m), has a budget within 9c n^(d+1), 1/rho included, and ensures
    every error that the method ensures, on every source."""
    n, m, r = (case.integer(name) for name in ("n", "m", "r"))
    bound, power = growth(case, n)
    given: Any = PAC(m=m, r=r)
    most = case.real("most")
    case.assume(most == bound.at(n, power), m >= 1, r >= 0, kept_within(given, most), label="a budget within c n^d")
    rho = fine_enough(m)
    case.lemma("m rho is 1/2", m * rho == F(1, 2))
    case.lemma("rho is positive", rho > 0)
    losses = {"loss of A": case.real("loss of A"), "loss of descent": case.real("loss of descent")}
    used = case.use(
        "theorem3a.model", "at most delta more error", n=n, m=m, r=r, rho=rho, space=case.real("s"), **losses
    )
    case.assume(used.premises, label="what the losses of the PAC method and of training are")
    mean, epsilon = case.word("mean"), case.real("epsilon")
    ensured = mean(case.real("s"), losses["loss of A"]) <= epsilon
    case.show("the same error", implies(ensured, mean(case.real("s"), losses["loss of descent"]) <= epsilon))
    made = printed_3a(n, given, rho)
    room = inclusion.grown(bound).at(n, power)
    case.lemma("n + 1 is at most 2n, m times", m * (n + 1) <= 2 * m * n)
    case.lemma("m n is at most n times the bound", m * n <= most * n)
    case.lemma("the bound is at most n times the bound", every(most >= 1, most <= most * n))
    case.show("parameters", every(made.p <= room, made.r <= room))
    case.show("room", room >= NINE * (most * n))
    case.show("precision", made.rho * room >= 1)
    case.show("the budget is within the bound", kept_within(made, room))


@obligation(
    "corollary3.pac",
    paper="Corollary 3",
    of=lambda case: FBGD_IN_PAC,
    twin=lambda case: replace(
        FBGD_IN_PAC, grown=lambda bound: PolynomialBound(constant=bound.constant / 2, degree=bound.degree)
    ),
)
def pac_learns_what_fbgd_learns(inclusion: Inclusion, case: Case) -> None:
    """For every n >= 1 and every bound c n^d on the budget of an fbGD method: PAC has a budget within the same bound
    and ensures every error that the method ensures, on every source."""
    n, steps, m, p, r = (case.integer(name) for name in ("n", "T", "m", "p", "r"))
    rho, rate, most = (case.real(name) for name in ("rho", "rate", "most"))
    case.assume(rho > 0, rate > 0)
    bound, power = growth(case, n)
    given: Any = FBGD(steps=steps, rho=rho, m=m, p=p, r=r)
    case.assume(most == bound.at(n, power), kept_within(given, most), label="a budget within c n^d")
    losses = {f"loss of {name}": case.real(f"loss of {name}") for name in ("descent", "samples")}
    sizes = {"T": steps, "rho": rho, "m": m, "p": p, "r": r, "rate": rate, "eps": F(0)}
    used = case.use("theorem3b.simulates", "no more error", space=case.real("s"), **sizes, **losses)
    case.assume(used.premises, label="what the losses of descent and of the PAC method are")
    mean, epsilon = case.word("mean"), case.real("epsilon")
    ensured = mean(case.real("s"), losses["loss of descent"]) <= epsilon
    case.show("the same error", implies(ensured, mean(case.real("s"), losses["loss of samples"]) <= epsilon))
    made: Any = theorem_3b().budget(given)
    case.show("the budget is within the bound", kept_within(made, inclusion.grown(bound).at(n, power)))


@obligation(
    "corollary3.classes",
    paper="Corollary 3",
    of=lambda case: (PAC_IN_FBGD, FBGD_IN_PAC),
    twin=lambda case: (replace(PAC_IN_FBGD, grown=smaller), FBGD_IN_PAC),
)
def fbgd_is_pac(subject: tuple[Inclusion, Inclusion], case: Case) -> None:
    """For every n >= 1, c >= 1 and d: to each PAC method that minds no order, with m >= 1 samples and a budget within
    c n^d, there is an fbGD method on a model with a budget within 9c n^(d+1), 1/rho included, and to each fbGD method
    with a budget within c n^d a PAC method with a budget within c n^d, which on every source ensure every error that
    the given method ensures. So the same problems are poly-learnable with both."""
    rho, rate, m = case.real("rho"), case.real("rate"), case.integer("m")
    case.assume(rho > 0, rate > 0, m >= 1)
    for inclusion, id_of, given in zip(subject, LINKS, ({"m": m}, {"rho": rho, "rate": rate}), strict=True):
        used = case.use(id_of, *FACTS, **given)
        values, within_bound = used.values, used.premises
        case.show(f"{inclusion.name}: the same error", used[FACTS[0]], given=within_bound)
        bound, pac = PolynomialBound(constant=values["c"], degree=values["d"]), PAC(m=values["m"], r=values["r"])
        made = printed_3a(values["n"], pac, fine_enough(m)) if inclusion is subject[0] else pac
        room = inclusion.grown(bound).at(values["n"], values["power"])
        case.show(f"{inclusion.name}: the budget", kept_within(made, room), given=within_bound)
