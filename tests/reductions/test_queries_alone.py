"""Queries of the source in the place of queries about batches: budgets, answers and errors by hand."""

from dataclasses import replace
from fractions import Fraction
from math import exp, log
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.error import error
from constructions.learning.learners import best_literal
from constructions.learning.models import BSQ, FBSQ, SQ, QueryMethod
from constructions.learning.oracles import exact, highest, lowest, randomly, run, run_rounds
from constructions.learning.problems import Table, uniform
from constructions.reductions import queries_alone
from constructions.reductions.queries_alone import (
    OneAtATime,
    appended,
    asked_alone,
    clipped,
    enough_points,
    lemma_5c,
    theorem_2c,
)
from constructions.reductions.straying import WorstPath, straying, strays_along, tails_along, worst_path
from verify.claims.reductions.queries_alone import one_round
from verify.claims.reductions.queries_alone.errors import HERE, drawn, lopsided
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
WIDE = BSQ(k=2, tau=F(1, 2), b=300, p=3)


def verdict_of(id: str) -> Verdict:
    """The verdict of a claim whose construction is broken; one that cannot be stated any more counts as refuted."""
    try:
        return discharge(paper_obligations()[id]).verdict
    except ConstructionError:
        return Verdict.REFUTED


def keeping(budget: BSQ | FBSQ) -> QueryMethod:
    """A method whose p queries are y times 1, 1/2, 1/3, ..., and that keeps the vectors of answers."""
    return QueryMethod(
        n=1,
        budget=budget,
        start=lambda bits: (),
        query=lambda state: lambda x, y: tuple(F(y, j + 1) for j in range(budget.p)),
        after=lambda state, answers: (*state, tuple(answers)),  # type: ignore[misc]
        predictor=lambda state: lambda x: F(3),
    )


def test_a_round_of_three_queries_becomes_three_rounds() -> None:
    made = theorem_2c(delta=F(1, 20))(keeping(WIDE))
    assert made.budget == SQ(k=6, tau=F(1, 4))
    ends = run_rounds(made, uniform(1, lambda x: 1), exact, (), ((),) * 6)
    assert ends == (((F(1), F(1, 2), F(1, 3)),) * 2, ())
    assert made.predictor(ends)((0,)) == 1, "a prediction of 3 is held within [0, 1]"


def test_answers_of_sq_are_checked_to_half_of_the_tolerance() -> None:
    made = theorem_2c(delta=F(1, 20))(keeping(WIDE))
    with pytest.raises(ConstructionError, match="need an answer within 1/4 of 1, got 5/8"):
        run(made, uniform(1, lambda x: 1), oracle=lambda question: (question.means[0] - F(3, 8),))
    for oracle in (highest, lowest, randomly(3)):
        assert run(made, uniform(1, lambda x: x[0]), oracle=oracle)((0,)) == 1


@pytest.mark.parametrize(("b", "enough"), [(154, True), (153, False)])
def test_the_premise_is_exact(b: int, enough: bool) -> None:
    assert (6 * exp(-b / 4 / 8) <= 1 / 20) is enough and enough_points(6, tau=F(1, 2), delta=F(1, 20)) == 154
    for build, budget in ((theorem_2c, replace(WIDE, b=b)), (lemma_5c, FBSQ(k=2, tau=F(1, 2), m=b, p=3))):
        if enough:
            assert build(delta=F(1, 20))(keeping(budget)).budget.k == 6
        else:
            with pytest.raises(PremiseError, match=r"need kp exp\(-b tau\^2/8\) <= delta = 1/20, got b = 153"):
                build(delta=F(1, 20))(keeping(budget))


def test_the_other_kind_of_batch_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need a method with a budget FBSQ, got one with BSQ"):
        lemma_5c(delta=F(1, 20))(keeping(WIDE))
    with pytest.raises(
        ConstructionError, match="need a method that asks p >= 1 queries about a batch, got one with SQ"
    ):
        theorem_2c(delta=F(1, 20))(asked_alone(keeping(WIDE)))
    with pytest.raises(PremiseError, match="need delta > 0, got delta=0"):
        theorem_2c(delta=0)


def test_no_log_of_the_tolerance_and_no_factor_kp() -> None:
    assert enough_points(10**6, tau=F(1, 2), delta=F(1, 20)) <= 32 * log(10**6 * 20) + 1


def test_a_learner_that_was_not_written_for_it_learns() -> None:
    given = best_literal(3, b=800, tau=F(1, 4))
    made = theorem_2c(delta=F(1, 20))(given)
    for oracle in (exact, highest, lowest, randomly(1)):
        assert uniform(3, lambda x: x[2]).loss(run(made, uniform(3, lambda x: x[2]), oracle=oracle)) == 0


def test_small_batches_cost_more_than_the_chance_of_large_ones() -> None:
    source = HERE[0]
    large, small = (lopsided(b, F(1)) for b in (48, 1))
    assert error(asked_alone(large), source) <= error(large, source) + F(1, 20)
    assert error(asked_alone(small), source) > error(small, source) + F(1, 20)
    worst = worst_path(small, source, ())
    assert error(asked_alone(small), source) <= error(small, source) + straying(small, source, worst) / 2


def test_the_exact_chance_by_hand() -> None:
    """Two fair signs differ from 0 by 1 half of the time; two rounds of fresh batches, or of one batch."""
    source = Table(1, {((0,), 0): F(1, 2), ((1,), 1): F(1, 2)})
    method = drawn(0, k=2, p=1, b=2, tau=F(1))
    signs = replace(method, query=lambda state: lambda x, y: (F(2 * y - 1),))
    worst = worst_path(signs, source, ())
    assert straying(signs, source, worst) == 1 - F(1, 2) ** 2 and tails_along(signs, source, worst) == [F(1, 2)] * 2
    fixed = replace(signs, budget=FBSQ(k=2, tau=F(1), m=2, p=1))
    assert straying(fixed, source, worst) == F(1, 2)


def test_single_tails_are_the_same_along_exact_answers() -> None:
    method = best_literal(1, b=6, tau=F(1, 2))
    source = uniform(1, lambda x: x[0])
    found, states, state = strays_along(method, source), [], method.start(())
    for means in ((F(1, 2), F(1, 2)), (F(1, 2), F(0))):
        states.append(state)
        state = method.after(state, means)
    exact = sum(tails_along(method, source, WorstPath(tuple(states), F(0))), F(0))
    assert found.chance[0] <= exact <= found.chance[1] and (found.queries, found.exactly) == (4, 4)


@pytest.mark.parametrize(
    ("module", "name", "broken"),
    [
        (queries_alone, "clipped", lambda prediction: max(F(-1), min(F(1), prediction))),
        (one_round, "MOST_LOSS", F(1, 4)),
    ],
)
def test_a_broken_construction_is_noticed(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, broken: object
) -> None:
    monkeypatch.setattr(module, name, broken)
    assert verdict_of("theorem2c.clipped") is not Verdict.PROVED


def test_answers_that_go_on_too_early_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def early(self: OneAtATime, state: Any, answers: Any) -> Any:
        return self.method.after(state[0], appended(state[1], answers[0])), ()

    monkeypatch.setattr(OneAtATime, "after", early)
    ends: Any = run_rounds(asked_alone(keeping(WIDE)), uniform(1, lambda x: 1), exact, (), ((),) * 6)
    assert len(ends[0]) == 6, "a round ends after its first answer"
    assert verdict_of("theorem2c.block") is not Verdict.PROVED


def test_clipping() -> None:
    assert [clipped(F(value, 4)) for value in (-3, 1, 7)] == [0, F(1, 4), 1]
