"""Answers that are held to a grid: budgets, cells and errors by hand."""

from dataclasses import replace
from fractions import Fraction
from math import exp, log
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.error import error
from constructions.learning.models import BSQ, FBSQ, SQ, QueryMethod
from constructions.learning.oracles import Question, exact, highest, lowest, randomly, run, to_grid
from constructions.learning.problems import uniform
from constructions.reductions import cells
from constructions.reductions.bsq import repeats
from constructions.reductions.cells import (
    branches,
    enough_in_one_batch,
    in_cells,
    lemma_2_ahead,
    lemma_5d,
    lemma_7,
    on_grid,
    reachable,
    theorem_2d_ahead,
)
from constructions.reductions.steering import points_of_one_label, steered_method, steered_run
from verify.claims.reductions.cells import tree
from verify.claims.reductions.cells.errors import guarded
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
DELTA = F(1, 20)


def keeping(k: int, tau: Fraction) -> QueryMethod:
    """A method that asks y in every round and keeps the answers."""
    return QueryMethod(
        n=1,
        budget=SQ(k=k, tau=tau),
        start=lambda bits: (),
        query=lambda state: lambda x, y: (y,),
        after=lambda state, answers: (*state, answers[0]),  # type: ignore[misc]
        predictor=lambda state: lambda x: state[-1],  # type: ignore[index]
    )


def test_answers_are_multiples_of_half_the_tolerance() -> None:
    made = in_cells(keeping(1, F(1, 4)))
    assert made.after((), (F(5, 16),)) == (F(1, 4),) and made.after((), (F(21, 64),)) == (F(3, 8),)
    assert made.after((), (F(1),)) == (F(1),) and made.predictor((F(-1, 2),))((0,)) == 0


def test_at_most_four_branches_for_every_truth() -> None:
    for tau in (F(1, 4), F(3, 10), F(9, 10)):
        for truth in (F(j, 40) for j in range(-40, 41)):
            near = (truth + F(3, 4) * tau * F(j, 32) for j in range(-32, 33))
            held = {to_grid(v, tau / 2) for v in near if abs(v) <= 1}
            assert held <= set(branches(truth, tau)) and all(abs(v - truth) <= tau for v in held)


@pytest.mark.parametrize("build", [lemma_5d, lemma_7])
def test_the_premise_is_exact(build: Any) -> None:
    enough = enough_in_one_batch(3, tau=F(1, 2), delta=DELTA)
    assert enough == 774 and reachable(3) * exp(-774 / 4 / 32) <= 1 / 20 < reachable(3) * exp(-773 / 4 / 32)
    assert build(m=774, delta=DELTA)(keeping(3, F(1, 2))).budget.m == 774
    with pytest.raises(PremiseError, match=r"need \(4\^k - 1\)/3 exp\(-m tau\^2/32\) <= delta = 1/20, got m = 773"):
        build(m=773, delta=DELTA)(keeping(3, F(1, 2)))


def test_budgets() -> None:
    given = SQ(k=3, tau=F(1, 2), r=1)
    assert lemma_5d(m=9, delta=DELTA).budget(given) == FBSQ(k=3, tau=F(1, 4), m=9, p=1, r=1)
    assert lemma_7(m=9, delta=DELTA).budget(given) == FBSQ(k=6, tau=F(1, 8), m=9, p=1, r=1, alternating=True)
    q = repeats(21, delta=DELTA, b=64, tau=F(1, 2), constant=32, inside=1)
    assert theorem_2d_ahead(b=64, delta=DELTA).budget(given) == BSQ(k=3 * q, tau=F(1, 4), b=64, p=1, r=1)
    alternating = lemma_2_ahead(b=64, delta=DELTA).budget(given)
    assert isinstance(alternating, BSQ) and alternating.alternating and alternating.tau == F(1, 8)


def test_the_number_of_points_does_not_grow_as_the_tolerance_nears_one() -> None:
    assert enough_in_one_batch(5, tau=F(999, 1000), delta=DELTA) <= 33 * (5 * log(4) + log(20))


def test_the_halves_of_a_query_are_joined() -> None:
    made = lemma_7(m=400, delta=DELTA)(keeping(1, F(1, 2)))
    for oracle in (exact, highest, lowest, randomly(1)):
        assert abs(F(run(made, uniform(1, lambda x: 1), oracle=oracle)((0,))) - 1) <= F(1, 2)
    state = made.after(made.after(made.start(()), (F(1, 2),)), (F(1, 8),))
    assert made.predictor(state)((0,)) == F(1, 2), "5/8 is a tie, which goes to the lower multiple"


def test_the_cells_reach_every_point_of_the_grid() -> None:
    reached = on_grid(F(1, 4))(None, (F(1, 8),), F(1, 2))
    fine = {to_grid(F(j, 64), F(1, 4)) for j in range(-24, 41)}
    assert {to_grid(v, F(1, 4)) for (v,) in reached} == fine


def test_one_point_is_not_enough() -> None:
    method, source = guarded(1, F(3, 4)), uniform(1, lambda x: x[0])
    large = lemma_5d(m=184, delta=F(1, 5))(method)
    assert error(large, source) <= error(method, source) + F(1, 5)
    small = replace(large, budget=FBSQ(k=1, tau=F(3, 8), m=1, p=1))
    assert error(small, source) > error(method, source) + F(1, 5)


def test_other_methods_are_refused() -> None:
    with pytest.raises(ConstructionError, match="need an SQ method that asks one query a round"):
        in_cells(lemma_5d(m=774, delta=DELTA)(keeping(3, F(1, 2))))
    with pytest.raises(PremiseError, match="need delta > 0"):
        lemma_5d(m=5, delta=F(0))
    with pytest.raises(PremiseError, match=r"k = 600: 1.36e\+358"):
        lemma_5d(m=774, delta=DELTA)(guarded(600, F(1, 2)))


def test_eight_hundred_points() -> None:
    assert [steered_run(q=400, seed=seed) for seed in range(2)] == [F(1, 2)] * 2
    assert steered_run(q=400, seed=0, held=True) == 0
    asked = steered_method(800)
    for oracle in (exact, highest, lowest, randomly(5)):
        assert points_of_one_label(800).loss(run(asked, points_of_one_label(800), oracle=oracle)) == 0
    question = Question(2, (F(-1),), F(1, 2))
    assert asked.predictor(asked.after(frozenset({1}), highest(question)))((0,) * 10) == 0


@pytest.mark.parametrize(
    ("name", "broken", "id"),
    [
        ("grid_step", lambda tau: tau, "lemma5d.cells"),
        ("may_stray", lambda tau: tau / 2, "lemma5d.cells"),
        ("BRANCHES", 3, "lemma5d.cells"),
    ],
)
def test_a_broken_construction_is_noticed(monkeypatch: pytest.MonkeyPatch, name: str, broken: object, id: str) -> None:
    monkeypatch.setattr(cells, name, broken)
    monkeypatch.setattr(tree, name, broken)
    assert discharge(paper_obligations()[id]).verdict is not Verdict.PROVED
