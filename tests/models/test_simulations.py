"""Lemmas 3a and 12a, Theorems 1a, 1d, 3a and 3d on models: budgets, premises, and errors on small problems."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.descent_methods import BSGD, FBGD, descent_error
from constructions.learning.error import error
from constructions.learning.learners import parity, query_conjunction
from constructions.learning.models import BSQ, FBSQ, PAC, SQ, QueryMethod
from constructions.learning.problems import uniform
from constructions.models.confined import confined
from constructions.models.simulations import (
    compiled,
    lemma_3a,
    lemma_12a,
    numbers_for,
    theorem_1a,
    theorem_1d,
    theorem_3a,
    theorem_3d,
    tolerance_for,
)
from constructions.reductions.bsq import ends
from verify.claims.models.answering.any_method import one_more
from verify.claims.models.simulations import forgetting, gaining
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
SOURCE = uniform(1, lambda x: x[0], noise=F(1, 4))


def sign_of_label(tau: Fraction, budget: object) -> QueryMethod:
    """Asks for the share of label 1, and predicts by it."""
    return QueryMethod(
        n=1,
        budget=budget,  # type: ignore[arg-type]
        start=lambda bits: (),
        query=lambda state: lambda x, y: (y * x[0],),
        after=lambda state, answers: (*state, answers[0] > F(3, 8)),  # type: ignore[misc]
        predictor=lambda state: lambda x: int(state[0]),  # type: ignore[index]
        cells=ends,
    )


def test_budgets_are_the_printed_ones() -> None:
    given = BSQ(k=6, tau=F(1, 4), b=3, p=2, r=5, alternating=True)
    found: list[Any] = [lemma_3a().budget(given), lemma_3a(rho=F(1, 4)).budget(given)]
    assert found[0] == BSGD(steps=6, rho=F(1, 16), b=3, p=23, r=5)
    assert found[1] == BSGD(steps=6, rho=F(1, 4), b=3, p=23, r=5)
    one = FBSQ(k=6, tau=F(1, 4), m=3, p=2, r=5, alternating=True)
    same: Any = lemma_12a().budget(one)
    assert same == FBGD(steps=6, rho=F(1, 16), m=3, p=23, r=5)


@pytest.mark.parametrize("rho", [None, F(1, 8), F(5, 16)])
def test_the_exact_error_is_at_most_that_of_the_method(rho: Fraction | None) -> None:
    tau = F(1, 4)
    method = sign_of_label(tau, BSQ(k=1, tau=tau, b=2, p=1, alternating=True))
    made = lemma_3a(rho=rho)(method)
    assert descent_error(made, SOURCE) <= error(method, SOURCE)
    same = sign_of_label(tau, FBSQ(k=1, tau=tau, m=2, p=1, alternating=True))
    assert descent_error(lemma_12a(rho=rho)(same), SOURCE) <= error(same, SOURCE)


def test_premises_are_quoted_with_their_numbers() -> None:
    with pytest.raises(PremiseError, match=r"need 0 < b rho < 2/3, got b rho = 4 \* 1/6 = 2/3"):
        theorem_1a(2, b=4, rho=F(1, 6), delta=F(1, 10))
    with pytest.raises(PremiseError, match="rho < 4 tau/3"):
        compiled(query_conjunction(1, b=2, tau=F(1, 4)), F(1, 3))
    with pytest.raises(ConstructionError, match="need a method with the budget FBSQ"):
        lemma_12a()(query_conjunction(1, b=2, tau=F(1, 4)))


def test_the_tolerance_between_the_links() -> None:
    assert tolerance_for(4, F(1, 64)) == F(1, 16)
    for b, rho in ((4, F(4, 25)), (1, F(2, 3) - F(1, 1000))):
        tau = tolerance_for(b, rho)
        assert b * tau < F(1, 2) and numbers_for(tau, rho).error() <= tau


def test_theorem_1a_has_a_step_for_each_round_and_1d_too() -> None:
    whole = theorem_1a(2, b=4, rho=F(1, 64), delta=F(1, 10))
    made = confined(whole(parity(2, 2)))
    wanted: Any = whole.budget(PAC(m=2))
    assert whole.delta == F(1, 10) and made.budget == wanted
    sq = replace(sign_of_label(F(1), SQ(k=1, tau=F(1))), cells=None)
    assert theorem_1d(b=48, delta=F(1, 8))(sq).budget == BSGD(steps=6, rho=F(1, 16), b=48, p=12, r=0)


def test_theorem_3a_loses_nothing_and_3d_little() -> None:
    whole = theorem_3a(1, m=2, rho=F(3, 10), symmetric=True)
    made, given = whole(parity(1, 2)), parity(1, 2)
    wanted: Any = whole.budget(PAC(m=2))
    assert whole.delta == 0 and made.budget == wanted == FBGD(steps=3, rho=F(3, 10), m=2, p=6, r=0)
    assert descent_error(confined(made), SOURCE) <= error(given, SOURCE)
    sq = replace(sign_of_label(F(1), SQ(k=1, tau=F(1))), cells=None)
    little = theorem_3d(m=96, delta=F(1, 10), rho=F(1, 4))
    assert little(sq).budget == FBGD(steps=2, rho=F(1, 4), m=96, p=4, r=0) and little.delta == F(1, 10)


def test_premises_of_a_fixed_sample_are_quoted_with_their_numbers() -> None:
    with pytest.raises(PremiseError, match=r"need 0 < m rho < 2/3, got m rho = 4 \* 1/6 = 2/3"):
        theorem_3a(2, m=4, rho=F(1, 6))
    with pytest.raises(PremiseError, match=r"need m tau < 1/2"):
        theorem_3a(2, m=2, rho=F(3, 10))(parity(2, 3))
    sq = replace(sign_of_label(F(1), SQ(k=1, tau=F(1))), cells=None)
    with pytest.raises(PremiseError, match=r"exp\(-m tau\^2/32\) <= delta = 1/10, got m = 9"):
        theorem_3d(m=9, delta=F(1, 10))(sq)
    with pytest.raises(PremiseError, match=r"rho < 4 tau/3"):
        theorem_3d(m=96, delta=F(1, 10), rho=F(1, 3))(sq)


@pytest.mark.parametrize(
    ("claim", "subject"), [("theorem3a.model", gaining), ("theorem3d.model", gaining), ("theorem3d.model", forgetting)]
)
def test_a_broken_composition_is_noticed(claim: str, subject: Any) -> None:
    assert examine(paper_obligations()[claim], lambda case: subject).verdict is Verdict.REFUTED


@pytest.mark.slow
def test_another_ending_is_noticed() -> None:
    found = paper_obligations()["lemma3a.simulates"]
    assert examine(found, lambda case: (lemma_3a(), one_more)).verdict is Verdict.REFUTED
