"""Section 6's hybrid: batches from a training set, its budgets and premises, and its claims beside broken ones."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.exact import Number
from constructions.learning.descent_methods import BSGD
from constructions.learning.error import error
from constructions.learning.learners import memoriser, parity, query_conjunction
from constructions.learning.models import FBSQ, PAC, SQ
from constructions.learning.problems import uniform
from constructions.models.simulations import theorem_1a, theorem_1d
from constructions.models.training_sets import (
    about_one_batch,
    about_the_set,
    all_read,
    drawn_again,
    enough_for_samples,
    enough_to_miss_none,
    exact_error,
    hybrid_1d,
    hybrid_3c,
    lost_by_missing,
    lost_by_repeats,
    pairs_of,
    training_set,
)
from constructions.reductions.descent_by_source import theorem_1c
from verify.claims.models.simulations import forgetting, gaining
from verify.claims.models.training_sets import any_set
from verify.discharge.one import discharge, examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
SOURCE = uniform(1, lambda x: x[0], noise=F(1, 5))
SET_CLAIMS = ["hybrid.repeats", "hybrid.samples", "hybrid.samples.exact", "hybrid.missed", "hybrid.all"]


def test_a_training_set_has_as_many_places_as_are_asked_for() -> None:
    held = training_set(uniform(3, lambda x: x[1]), 5, Random(2))
    assert all((5 * mass).denominator == 1 for mass in held.table.values()) and sum(held.table.values()) == 1
    assert all(x[1] == y for x, y in held.table)
    with pytest.raises(ConstructionError, match="training set"):
        training_set(SOURCE, 0, Random(2))


@pytest.mark.parametrize(("m", "size"), [(2, 1), (2, 5), (3, 4), (4, 4)])
def test_the_chance_of_a_repeat_is_at_most_what_is_said(m: int, size: int) -> None:
    draws = list(product(range(size), repeat=m))
    repeated = F(sum(len(set(places)) < m for places in draws), len(draws))
    assert repeated <= pairs_of(m) / F(size) == 2 * lost_by_repeats(m, size)
    if m == 2:
        assert repeated == pairs_of(m) / F(size), "for one pair the bound is the chance itself"


@pytest.mark.parametrize("m", [0, 1, 2, 7])
def test_the_least_size_is_the_least(m: int) -> None:
    size = enough_for_samples(m, F(1, 9))
    again = drawn_again(size=size, delta=F(1, 9))
    assert again.budget(PAC(m=m, r=2)) == PAC(m=m, r=2)
    if m > 1:
        with pytest.raises(PremiseError, match=rf"m\(m - 1\) <= 4 M delta, got m = {m}, M = {size - 1}"):
            drawn_again(size=size - 1, delta=F(1, 9)).budget(PAC(m=m))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_exact_error_is_little_larger_and_larger(size: int) -> None:
    method = memoriser(1, 2)
    least, found = error(method, SOURCE), exact_error(method, SOURCE, size)
    assert least < found <= least + lost_by_repeats(2, size)
    assert exact_error(memoriser(1, 1), SOURCE, size) == error(memoriser(1, 1), SOURCE), "one draw is one sample"


@pytest.mark.parametrize(("draws", "size"), [(1, 1), (3, 2), (4, 3), (5, 3)])
def test_the_chance_to_miss_a_place_is_at_most_what_is_said(draws: int, size: int) -> None:
    found = list(product(range(size), repeat=draws))
    missed = F(sum(len(set(places)) < size for places in found), len(found))
    assert missed <= 2 * lost_by_missing(draws, size)
    assert size > 2 or missed == 2 * lost_by_missing(draws, size), "of two places at most one is missed"


def test_a_training_set_is_read_by_draws_and_learned_from_as_a_set() -> None:
    draws = enough_to_miss_none(3, F(1, 20))
    assert lost_by_missing(draws, 3) <= F(1, 20) < lost_by_missing(draws - 1, 3)
    seen: list[Any] = []

    def learn(sample: Any, bits: Any) -> Any:
        seen.append(sample)
        return lambda x: 0

    method = replace(memoriser(1, 3), learn=learn)
    made = all_read(size=3, delta=F(1, 20))(method)
    assert made.budget == PAC(m=draws)
    points = ((0,), 0), ((1,), 1), ((0,), 0)
    made.learn(points, ())
    assert seen == [points[:2]]
    with pytest.raises(PremiseError, match="need a method on all M = 4 points of the training set, got one on m = 3"):
        all_read(size=4, delta=F(1, 20))(method)
    with pytest.raises(PremiseError, match="need delta > 0"):
        all_read(size=4, delta=F(0))


def test_predictions_are_held_between_the_labels() -> None:
    wild = replace(memoriser(1, 1), learn=lambda sample, bits: lambda x: F(7))
    made = drawn_again(size=1, delta=F(1, 8))(wild)
    assert made.learn((((0,), 1),), ())((0,)) == 1


def test_budgets_and_deltas_are_those_of_the_links() -> None:
    inner = theorem_1a(2, b=4, rho=F(1, 64), delta=F(1, 10))
    whole: Any = drawn_again(size=10, delta=F(1, 20)).then(inner)
    wanted: Any = inner.budget(PAC(m=2))
    assert whole(parity(2, 2)).budget == wanted and whole.delta == F(3, 20)
    about = hybrid_1d(size=900, b=48, delta=F(1, 8), set_delta=F(1, 20))
    by_halves: Any = theorem_1d(b=48, delta=F(1, 8)).budget(SQ(k=1, tau=F(1, 2)))
    assert about.budget(SQ(k=1, tau=F(1))) == by_halves and about.delta == F(7, 40)
    alone = hybrid_3c(size=4 * 10**5, delta=F(1, 20), set_delta=F(1, 30))
    given = BSGD(steps=5, rho=F(1, 8), b=10**5, p=3)
    first: Any = theorem_1c(delta=F(1, 20)).budget(given)
    found: Any = alone.budget(given)
    assert (found.k, found.tau) == (first.k, first.tau / 2) and alone.delta == F(1, 12)
    assert "hoeffding" in alone.assumes and "hoeffding" in about.assumes


def test_the_set_is_a_source_and_the_source_a_set() -> None:
    budget = FBSQ(k=3, tau=F(1, 4), m=9, p=2, r=1)
    assert about_one_batch(9).budget(about_the_set().budget(budget)) == budget
    asked = replace(query_conjunction(1, b=1, tau=F(1)), budget=SQ(k=1, tau=F(1)), cells=None)
    with pytest.raises(ConstructionError, match="need a method with the budget FBSQ"):
        about_the_set()(asked)
    with pytest.raises(PremiseError, match=r"exp\(-m tau\^2/32\) <= delta = 1/20, got m = 9"):
        hybrid_1d(size=9, b=48, delta=F(1, 8), set_delta=F(1, 20))(asked)


@pytest.mark.parametrize("claim", SET_CLAIMS)
def test_the_claims_about_draws_hold(claim: str) -> None:
    known = paper_obligations()[claim]
    assert examine(known, known.of).verdict is known.expect


@pytest.mark.parametrize("more", [F(-1, 2), F(1)])
def test_another_number_of_pairs_is_noticed(more: Fraction) -> None:
    wrong: Callable[[Number], Number] = lambda m: pairs_of(m) + more  # noqa: E731
    assert examine(paper_obligations()["hybrid.repeats"], lambda case: wrong).verdict is Verdict.REFUTED


def test_a_promise_of_less_than_the_loss_is_noticed() -> None:
    less = any_set(lambda delta: delta * F(9, 10))
    assert examine(paper_obligations()["hybrid.samples"], less).verdict is Verdict.REFUTED


@pytest.mark.slow
@pytest.mark.parametrize("claim", ["hybrid1a.model", "hybrid1d.model", "hybrid3c.simulates"])
def test_the_analogues_hold_and_a_broken_composition_is_noticed(claim: str) -> None:
    known = paper_obligations()[claim]
    assert discharge(known).verdict is Verdict.PROVED
    for broken in (gaining,) if claim == "hybrid1d.model" else (gaining, forgetting):
        assert examine(known, lambda case, broken=broken: broken).verdict is Verdict.REFUTED
