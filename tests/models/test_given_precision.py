"""Corollary 2 on models: budgets within polynomial bounds, and parities for which none of SQ is enough."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.learning.descent_methods import BSGD
from constructions.learning.lower_bound import ANSWERINGS, bound_for
from constructions.learning.models import PAC, SQ
from constructions.models.classes import PolynomialBound, kept_within
from constructions.models.given_precision import (
    BSGD_IN_PAC,
    SAMPLES_FOR_PARITIES,
    bsgd_in_sq,
    kept_within_bsgd,
    kept_within_sq,
    most_rounds,
    pac_in_bsgd,
    parities_beyond,
    parity_samples,
    points_of_twice_the_bits,
)
from verify.claims.models.given_precision.joined import three_inclusions
from verify.discharge.one import discharge, examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
BOUNDS = [PolynomialBound(constant=1, degree=0), PolynomialBound(constant=3, degree=1)]


@pytest.mark.parametrize("n", [1, 2, 7])
@pytest.mark.parametrize("bound", BOUNDS)
def test_budgets_grow_as_is_said(n: int, bound: PolynomialBound) -> None:
    most: Any = bound.at(n)
    given = BSGD(steps=most, rho=F(1, most), b=most, p=most, r=most)
    assert kept_within_bsgd(given, most) and not kept_within_bsgd(replace(given, steps=most + 1), most)
    by_queries: Any = bsgd_in_sq(F(1, 20)).simulation(n, given).budget(given)
    assert kept_within_sq(by_queries, bsgd_in_sq(F(1, 20)).grown(bound).at(n))
    by_samples: Any = BSGD_IN_PAC.simulation(n, given).budget(given)
    assert kept_within(by_samples, BSGD_IN_PAC.grown(bound).at(n))
    delta = F(1, most + 1)
    into = pac_in_bsgd(2, F(1, 4), delta)
    back: Any = into.simulation(n, PAC(m=most, r=most)).budget(PAC(m=most, r=most))
    assert back.steps <= most_rounds(n, most + 1)
    assert kept_within_bsgd(back, into.grown(PolynomialBound(constant=bound.constant + 4, degree=bound.degree)).at(n))
    assert by_samples.m == BSGD_IN_PAC.grown(bound).at(n), "the square is needed"


@pytest.mark.parametrize("bound", BOUNDS)
def test_no_sq_method_within_the_bound_learns_parities(bound: PolynomialBound) -> None:
    n = next(n for n in range(1, 99) if 2**n >= parities_beyond(bound.at(n)))
    most: Any = bound.at(n)
    budget = SQ(k=most, tau=F(1, most))
    assert kept_within_sq(budget, most) and not kept_within_sq(replace(budget, tau=F(1, most + 1)), most)
    found = bound_for(n, queries=budget.k, tau=budget.tau, answering=ANSWERINGS["best"]).expected
    assert found is not None and found >= F(1, 16)
    assert kept_within(parity_samples(n), SAMPLES_FOR_PARITIES.at(n))


def test_some_number_of_bits_is_enough_for_every_bound() -> None:
    c, d = 1000, 3
    n, points, power, j = d + 1, 2 ** (d + 1), (d + 1) ** d, 0
    while (j + 1) * 2 * 2**d < c * (d + 1) ** d:
        n, points, power, j = 2 * n, points_of_twice_the_bits(points), 2**d * power, j + 1
        if points >= c * power:
            break
    assert (points, power) == (2**n, n**d) and points >= c * power


@pytest.mark.parametrize("id", ["corollary2.exponential"])
def test_there_are_enough_parities(id: str) -> None:
    found = discharge(paper_obligations()[id])
    assert (found.verdict, found.twin_verdict) == (Verdict.PROVED, Verdict.REFUTED)


@pytest.mark.slow
@pytest.mark.parametrize("last", ["classes", "steps", "pac_in_bsgd", "bsgd_in_pac", "rounds", "sq_is_less", "coarse"])
def test_the_statements_are_proved(last: str) -> None:
    found = discharge(paper_obligations()[f"corollary2.{last}"])
    assert (found.verdict, found.twin_verdict) == (Verdict.PROVED, Verdict.REFUTED)


@pytest.mark.slow
def test_too_few_parities_are_noticed() -> None:
    found = examine(paper_obligations()["corollary2.sq_is_less"], lambda case: lambda most: most * most)
    assert found.verdict is Verdict.REFUTED


@pytest.mark.slow
@pytest.mark.parametrize("place", [1, 2])
def test_a_bound_that_does_not_grow_is_noticed(place: int) -> None:
    def broken(case: Any) -> Any:
        whole = list(three_inclusions(case))
        whole[place] = replace(whole[place], grown=lambda bound: bound)
        return tuple(whole)

    found = examine(paper_obligations()["corollary2.classes"], broken)
    assert found.verdict is Verdict.REFUTED
