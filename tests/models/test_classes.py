"""Corollary 3 on models: budgets within polynomial bounds, both ways."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.learning.descent_methods import FBGD
from constructions.learning.learners import parity
from constructions.learning.models import PAC
from constructions.models.classes import FBGD_IN_PAC, PAC_IN_FBGD, PolynomialBound, fine_enough, kept_within, printed_3a
from verify.claims.models.classes import smaller
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction


@pytest.mark.parametrize("n", [1, 2, 5, 9])
@pytest.mark.parametrize("bound", [PolynomialBound(constant=1, degree=0), PolynomialBound(constant=3, degree=1)])
def test_budgets_grow_as_is_said(n: int, bound: PolynomialBound) -> None:
    most: Any = bound.at(n)
    given = PAC(m=most, r=most)
    room = PAC_IN_FBGD.grown(bound).at(n)
    printed = printed_3a(n, given, fine_enough(most))
    own: Any = PAC_IN_FBGD.simulation(n, given).budget(given)
    assert kept_within(printed, room) and kept_within(own, room)
    assert own.steps <= printed.steps and own.p <= printed.p
    back: Any = FBGD_IN_PAC.simulation(n, own).budget(own)
    assert kept_within(back, FBGD_IN_PAC.grown(bound).at(n)) and back == given


def test_the_constant_is_needed() -> None:
    bound = PolynomialBound(constant=7, degree=2)
    printed = printed_3a(1, PAC(m=7, r=7), fine_enough(7))
    assert printed.p == PAC_IN_FBGD.grown(bound).at(1) and not kept_within(printed, smaller(bound).at(1))


def test_the_precision_is_a_number_of_the_budget() -> None:
    fine = FBGD(steps=1, rho=F(1, 9), m=1, p=1, r=0)
    assert kept_within(fine, 9) and not kept_within(fine, 8)
    assert not kept_within(replace(fine, rho=F(1), r=10), 9)


def test_one_method_is_made_for_all_sources() -> None:
    method = parity(2, 2)
    made = PAC_IN_FBGD.simulation(2, method.budget)(method)
    assert made.budget == FBGD(steps=7, rho=F(1, 4), m=2, p=14, r=0)


def test_too_little_room_is_noticed() -> None:
    broken = replace(FBGD_IN_PAC, grown=lambda bound: PolynomialBound(constant=bound.constant / 2, degree=bound.degree))
    assert examine(paper_obligations()["corollary3.pac"], lambda case: broken).verdict is Verdict.REFUTED
