"""Corollary 2 on models, its top statement: bSGD with b and rho given learns what PAC does, or no more than SQ does,
which is strictly less."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constructions.foundations.logic import Formula, every
from constructions.learning.descent_methods import BSGD
from constructions.models.classes import Inclusion, kept_within
from constructions.models.given_precision import (
    BSGD_IN_PAC,
    bsgd_in_sq,
    kept_within_bsgd,
    kept_within_sq,
    parities_beyond,
)
from constructions.models.simulations import STEEP_BOUND
from constructions.reductions.descent_by_samples import theorem_1b
from constructions.reductions.descent_by_source import theorem_1c
from verify.claims.models.given_precision.over_budgets import at_the_cost, trained
from verify.obligations.case import Case
from verify.obligations.obligation import obligation

F = Fraction
WITHIN = "the budget is within the bound"
LESS = ("SQ does not learn", "PAC learns", "samples within a bound")
Inclusions = tuple[Inclusion, Inclusion, Inclusion]


def three_inclusions(case: Case) -> Inclusions:
    """PAC in bSGD, bSGD in PAC, and bSGD in SQ."""
    return at_the_cost(case), BSGD_IN_PAC, bsgd_in_sq(case.real("delta"))


def without_bits(case: Case) -> Inclusions:
    """The same with a bound on the first that forgets how many bits there are (the twin's)."""
    first, *others = three_inclusions(case)
    return replace(first, grown=BSGD_IN_PAC.grown), *others  # type: ignore[return-value]


@obligation("corollary2.classes", paper="Corollary 2", of=three_inclusions, twin=without_bits)
def bsgd_is_pac_or_within_sq(inclusions: Inclusions, case: Case) -> None:
    """For every n >= 1, on every source, with a bound c n^d on budgets, on b, on 1/rho and on 1/delta. Fine gradients,
    b rho < 2/3: to each PAC method there is a bSGD method on a model with a budget within 17 c^2 n^(2d + 2) and at
    most delta more error, and to each bSGD method a PAC method with a budget within c^2 n^(2d) and no more error.
    Coarse ones, Tp exp(-b rho^2/128) <= delta: to each bSGD method there is an SQ method with a budget within
    8 c^2 n^(2d) and at most delta more error. And SQ is strictly less than PAC: 4n samples are enough to learn parities
    up to 1/16, and no SQ method with k and 1/tau at most B learns them if 2^n >= 2 B^3 + 2, as it is for some n if B is
    c n^d."""
    made, rate, p, steps = trained(case), case.real("rate"), case.integer("p"), case.integer("T")
    fine = {"b": made.b, "rho": made.rho}
    coarse = {"b": case.integer("coarse b"), "rho": case.real("coarse rho")}
    case.assume(rate > 0, made.delta > 0, made.b * made.rho < STEEP_BOUND)
    case.assume(*(every(each["b"] >= 1, each["rho"] > 0) for each in (fine, coarse)))
    numbers: dict[str, Any] = {"n": made.n, "c": made.bound.constant, "d": made.bound.degree, "power": made.power}
    numbers |= {"most": case.real("most"), "r": made.given.r}
    rooms = [inclusion.grown(made.bound).at(made.n, made.power) for inclusion in inclusions]
    samples = numbers | fine | {"m": made.given.m, "delta": made.delta, "rounds": made.extracted.k}
    states(case, "corollary2.steps", WITHIN, samples, kept_within_bsgd(made.budget, rooms[0]))
    states(case, "corollary2.pac_in_bsgd", "delta more error", samples)
    descent = numbers | {"T": steps, "p": p, "rate": rate}
    given: Any = BSGD(steps=steps, p=p, r=made.given.r, **fine)
    drawn: Any = theorem_1b().budget(given)
    states(case, "corollary2.bsgd_in_pac", "the same error", descent | fine)
    states(case, "corollary2.bsgd_in_pac", WITHIN, descent | fine, kept_within(drawn, rooms[1]))
    given = BSGD(steps=steps, p=p, r=made.given.r, **coarse)
    queries: Any = theorem_1c(delta=F(1)).budget(given)
    descent |= coarse | {"delta": made.delta}
    states(case, "corollary2.coarse", "delta more error", descent)
    states(case, "corollary2.coarse", WITHIN, descent, kept_within_sq(queries, rooms[2]))
    strictly_less(case)


def states(case: Case, id: str, fact: str, given: Mapping[str, Any], said: Formula | None = None) -> None:
    """State one fact of an inclusion, under what that presupposes."""
    used = case.use(id, fact, **given)
    case.show(f"{id}: {fact}", used[fact] if said is None else said, given=used.premises)


def strictly_less(case: Case) -> None:
    """SQ is strictly less than PAC: parities, and that there are as many as it takes."""
    less = case.use("corollary2.sq_is_less", *LESS)
    for fact in LESS:
        case.show(fact, less[fact], given=less.premises)
    constant, most = case.real("cube of c"), case.real("B")
    many = case.use("corollary2.exponential", "more parities", c=4 * constant)
    j, points, power = (many.values[f"over j reached: {name}"] for name in ("j", "points", "power"))
    large = (j + 1) * (2 * many.values["w"]) >= 4 * constant * many.values["e"]
    here = every(many.premises, large, most >= 1, most * most * most == constant * power)
    case.show("there are so many", points >= parities_beyond(most), given=here)
