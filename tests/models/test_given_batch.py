"""Corollary 1 on models: budgets of SQ within bSGD for any batch size."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.learning.models import SQ
from constructions.models.classes import PolynomialBound
from constructions.models.given_batch import precision_for, sq_in_bsgd, unrounded_by_label
from constructions.models.given_precision import kept_within_bsgd, kept_within_sq
from verify.claims.models.given_batch import for_any_batch
from verify.discharge.one import discharge, examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction


@pytest.mark.parametrize("b", [1, 2, 8])
@pytest.mark.parametrize("most", [8, 12])
def test_a_budget_grows_as_is_said(b: int, most: int) -> None:
    given, found = SQ(k=most, tau=F(1, most), r=most), sq_in_bsgd(b, F(1, most))
    assert kept_within_sq(given, most)
    made: Any = found.simulation(3, given).budget(given)
    assert made.b == b and made.rho == precision_for(given.tau) == F(1, 4 * most)
    assert kept_within_bsgd(made, found.grown(PolynomialBound(constant=most, degree=0)).at(3))
    assert not kept_within_bsgd(made, most**2), "a larger power is needed"


def test_repetitions_are_those_of_the_construction() -> None:
    logarithm = F(23025850929940457, 10**16)  # log 10 and a little more; 8k/delta = 10
    exact = unrounded_by_label(logarithm, 2, SQ(k=1, tau=F(1, 2)))
    made: Any = sq_in_bsgd(2, F(1, 10)).simulation(1, SQ(k=1, tau=F(1, 2))).budget(SQ(k=1, tau=F(1, 2)))
    assert exact == 64 * logarithm and made.steps == 2 * -(-(32 * F(43820266346738812, 10**16)) // F(1, 2))


@pytest.mark.slow
@pytest.mark.parametrize("last", ["sq_in_bsgd", "classes"])
def test_the_statements_are_proved(last: str) -> None:
    found = discharge(paper_obligations()[f"corollary1.{last}"])
    assert (found.verdict, found.twin_verdict) == (Verdict.PROVED, Verdict.REFUTED)


@pytest.mark.slow
@pytest.mark.parametrize("last", ["sq_in_bsgd", "classes"])
def test_a_fourth_power_is_not_enough(last: str) -> None:
    def fourth(bound: PolynomialBound) -> PolynomialBound:
        square: Any = bound.constant * bound.constant
        return PolynomialBound(constant=square * square, degree=4 * bound.degree)

    found = examine(paper_obligations()[f"corollary1.{last}"], lambda case: replace(for_any_batch(case), grown=fourth))
    assert found.verdict is not Verdict.PROVED
