"""Questions over all batches, beside the batches themselves, one by one, in Fractions."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import pytest

from constructions.errors import ConstructionError
from constructions.learning.batch_means import BatchQuestions, bounds_of, plainly_valid, states_after
from constructions.learning.error import batches, error
from constructions.learning.models import BSQ, Answers, QueryMethod, State
from constructions.learning.oracles import Question, means_over, valid, within_range
from constructions.learning.problems import Source, Table, uniform

F = Fraction
SOURCES = (
    Table(1, {((0,), 0): F(1, 16), ((1,), 1): F(15, 16)}),
    Table(1, {((0,), 0): F(6, 25), ((0,), 1): F(1, 25), ((1,), 1): F(18, 25)}),
    uniform(1, lambda x: x[0], noise=F(1, 5)),
    Table(0, {((), 1): F(1)}),
)


def summing(k: int, b: int, tau: Fraction, *, p: int = 1) -> QueryMethod:
    """Adds up its answers; asks another query if the sum is negative; predicts from the sum."""

    def query(state: State) -> object:
        sign = 1 if state >= 0 else -1  # type: ignore[operator]
        return lambda x, y: (sign * F(2 * y - 1, 3), F(sum(x) + y, 2))[:p]

    def cells(state: State, means: Answers, tau: Fraction) -> Sequence[Answers]:
        return list(product(*([within_range(mean + i * tau) for i in (-1, 0, 1)] for mean in means)))

    return QueryMethod(
        n=1,
        budget=BSQ(k=k, tau=tau, b=b, p=p),
        start=lambda bits: F(0),
        query=query,  # type: ignore[arg-type]
        cells=cells,
        after=lambda state, answers: state + sum(answers),  # type: ignore[operator]
        predictor=lambda state: lambda x: within_range(state - F(1, 2)),  # type: ignore[operator]
    )


def by_batches(method: QueryMethod, source: Source, state: State, t: int = 1) -> Fraction:
    """The nested error from a state on, as it is defined: batch by batch, in Fractions."""
    budget = method.budget
    assert isinstance(budget, BSQ)
    if t > budget.k:
        return source.loss(method.predictor(state))
    total = F(0)
    for batch, mass in batches(source, budget.b):
        question = Question(t, means_over(batch, method.ask(state, t), budget.p), budget.tau)
        after = states_after(method, state, question)
        total += mass * max(by_batches(method, source, new, t + 1) for new in after)
    return total


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(("k", "b", "p"), [(1, 1, 1), (1, 4, 1), (2, 2, 1), (2, 1, 2)])
def test_the_error_by_rounds_is_that_batch_by_batch(source: Source, k: int, b: int, p: int) -> None:
    for tau in (F(0), F(1, 8)):
        method = summing(k, b, tau, p=p)
        assert error(method, source) == by_batches(method, source, F(0))


@pytest.mark.parametrize("source", SOURCES)
def test_questions_have_the_masses_of_their_batches(source: Source) -> None:
    for b in (1, 2, 5):
        method = summing(1, b, F(1, 8))
        wanted: dict[Answers, Fraction] = {}
        for batch, mass in batches(source, b):
            means = means_over(batch, method.ask(F(0), 1), 1)
            wanted[means] = wanted.get(means, F(0)) + mass
        asking = BatchQuestions(method, source)
        found = {question.means: F(mass, asking.scale) for question, mass in asking.questions(F(0), 1)}
        assert found == wanted
        assert sum(found.values()) == 1


def test_states_with_other_queries_are_not_asked_the_same() -> None:
    asking = BatchQuestions(summing(2, 2, F(1, 8)), SOURCES[0])
    one, other = asking.questions(F(1), 1), asking.questions(F(-1), 1)
    assert {question.means for question, _ in one} == {(-question.means[0],) for question, _ in other}
    assert asking.questions(F(2), 1) is one
    assert asking.questions(F(1), 2) is not one


def test_what_is_plainly_valid_is_valid() -> None:
    grid = [F(i, 8) for i in range(-12, 13)]
    for mean, tau, answer in product([F(i, 4) for i in range(-4, 5)], (F(0), F(1, 8), F(1, 3), F(3)), grid):
        question = Question(1, (mean,), tau)
        right = abs(answer - mean) <= tau and -1 <= answer <= 1
        assert plainly_valid((answer,), bounds_of(question)) is right
        if right:
            assert valid((answer,), question) == (answer,)


@pytest.mark.parametrize(
    ("cell", "got"),
    [
        ((F(1, 2),), "need an answer within 1/8 of"),
        ((0.5,), "need an answer within 1/8 of"),
        ((F(1, 2), F(1, 2)), "need 1 answers, got 2"),
    ],
)
def test_cells_that_are_no_valid_answers_are_refused(cell: Answers, got: str) -> None:
    method = summing(1, 2, F(1, 8))
    broken = QueryMethod(
        n=1,
        budget=method.budget,
        start=method.start,
        query=method.query,
        after=method.after,
        predictor=method.predictor,
        cells=lambda state, means, tau: [cell],
    )
    with pytest.raises(ConstructionError, match=got):
        error(broken, SOURCES[0])
