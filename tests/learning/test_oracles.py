"""Valid answers, what is refused, and runs from a seed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError
from constructions.foundations.logic import within
from constructions.learning import oracles
from constructions.learning.models import BSQ, FBSQ, SQ, QueryMethod
from constructions.learning.oracles import (
    Oracle,
    Question,
    exact,
    highest,
    lowest,
    means_over,
    nearest_grid,
    randomly,
    run_rounds,
    source_means,
    valid,
)
from constructions.learning.problems import uniform
from tests.rationals import rationals
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
MEANS = st.lists(rationals(-1, 1, 30), min_size=1, max_size=4)


@given(means=MEANS, tau=rationals(0, 1, 30), seed=st.integers(0, 9))
def test_every_oracle_of_the_house_answers_validly(means: list[Fraction], tau: Fraction, seed: int) -> None:
    question = Question(1, tuple(means), tau)
    oracles: list[Oracle] = [exact, highest, lowest, randomly(seed), *([nearest_grid(2 * tau)] if tau else [])]
    for oracle in oracles:
        answers = valid(oracle(question), question)
        assert all(abs(answer - mean) <= tau and abs(answer) <= 1 for answer, mean in zip(answers, means, strict=True))


@given(mean=rationals(-1, 1, 30))
def test_the_grid_oracle_says_the_nearest_multiple(mean: Fraction) -> None:
    (found,) = nearest_grid(F(1, 4))(Question(1, (mean,), F(1, 8)))
    assert (found * 4).denominator == 1 and abs(found - mean) <= F(1, 8)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ((F(1, 2), F(1, 4)), "need an answer within 1/8 of 0, got 1/4, at entry 1, round 3"),
        ((F(1, 2),), "need 2 answers, got 1, at round 3"),
        ((0.5, F(0)), "got 0.5, at entry 0"),
        ((F(1, 2), F(-9, 8)), "need an answer within 1/8 of 0, got -9/8, at entry 1"),
    ],
)
def test_an_invalid_answer_names_entry_value_and_bound(answers: tuple[Fraction, ...], message: str) -> None:
    with pytest.raises(ConstructionError, match=message):
        valid(answers, Question(3, (F(1, 2), F(0)), F(1, 8)))


def test_an_answer_within_the_tolerance_but_above_one_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need an answer in \[-1, 1\], got 9/8, at entry 0, round 2"):
        valid((F(9, 8),), Question(2, (F(1),), F(1, 8)))
    assert valid((F(1),), Question(2, (F(15, 16),), F(1, 8))) == (F(1),)


def test_an_answer_within_the_tolerance_but_below_minus_one_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need an answer in \[-1, 1\], got -9/8, at entry 0, round 2"):
        valid((F(-9, 8),), Question(2, (F(-1),), F(1, 8)))
    assert valid((F(-1),), Question(2, (F(-15, 16),), F(1, 8))) == (F(-1),)


def test_no_mean_is_taken_over_an_empty_batch() -> None:
    with pytest.raises(ConstructionError, match="need at least one point to take a mean over, got an empty batch"):
        means_over((), lambda x, y: (y,), 1)


def test_means_are_over_the_batch_or_the_source() -> None:
    points = [((0,), 1), ((1,), 1), ((1,), 0), ((1,), 1)]
    assert means_over(points, lambda x, y: (x[0], x[0] * y), 2) == (F(3, 4), F(1, 2))
    assert source_means(uniform(1, lambda x: x[0]), lambda x, y: (y, 1), 2) == (F(1, 2), F(1))


def asker(budget: BSQ | FBSQ | SQ) -> QueryMethod:
    return QueryMethod(
        n=1,
        budget=budget,
        start=lambda bits: (),
        query=lambda state: lambda x, y: (y,),
        after=lambda state, answers: (*state, answers[0]),  # type: ignore[misc]
        predictor=lambda state: lambda x: 0,
    )


def test_an_oracle_sees_the_batches_still_to_come() -> None:
    seen: list[Question] = []

    def spy(question: Question) -> tuple[Fraction, ...]:
        seen.append(question)
        return question.means

    batches = [(((0,), 1),), (((1,), 0),)]
    state = run_rounds(asker(BSQ(k=2, tau=F(0), b=1, p=1)), uniform(1, lambda x: 0), spy, (), batches)
    assert state == (F(1), F(0)) and [question.later for question in seen] == [(batches[1],), ()]


def test_a_query_about_the_source_needs_no_batch() -> None:
    state = run_rounds(asker(SQ(k=2, tau=F(1, 8))), uniform(1, lambda x: x[0]), highest, (), ((), ()))
    assert state == (F(5, 8), F(5, 8))


def test_the_top_statement_notices_a_tolerance_that_is_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = paper_obligations()["equation8.valid"]
    assert examine(claim, claim.of).verdict is Verdict.PROVED
    monkeypatch.setattr(oracles, "is_near", lambda answer, mean, tau: within(answer - mean, 2 * tau))
    assert examine(claim, claim.of).verdict is Verdict.REFUTED
