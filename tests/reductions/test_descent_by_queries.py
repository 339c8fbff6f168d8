"""Lemmas 4 and 13: every run of the method by queries is one of gradient descent; where one is changed, it is not."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.activation import IDENTITY
from constructions.foundations.descent import loss_gradient
from constructions.foundations.network import Network
from constructions.foundations.rounding import Grid
from constructions.foundations.vectors import entrywise
from constructions.learning.descent_methods import FBGD, descent_error, network_method
from constructions.learning.error import error
from constructions.learning.gradient_learners import linear_regression
from constructions.learning.models import BSQ, FBSQ, QueryMethod
from constructions.learning.oracles import Question, exact, highest, lowest, nearest_grid, randomly, run, run_rounds
from constructions.learning.problems import uniform
from constructions.networks.queries import DYADIC
from constructions.networks.skeleton import Skeleton
from constructions.reductions.descent_by_queries import (
    DescentSteps,
    budget_by_queries,
    by_queries,
    lemma_4,
    lemma_13,
    tolerance,
)
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
ORACLES = [exact, highest, lowest, randomly(5)]
RHOS = [F(1, 4), F(3, 10), F(3, 5), F(2, 3), F(5, 9), F(7, 2)]


def linear(rho: Fraction, *, steps: int = 2, b: int = 2, same: bool = False) -> Any:
    edges = {("x1", "f"): F(1, 8), ("one", "f"): F(0)}
    net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=IDENTITY)
    return network_method(net, steps=steps, rho=rho, b=b, rate=F(1, 2), same=same)


@pytest.mark.parametrize("rho", RHOS)
def test_rounded_answers_are_valid_and_in_range_where_that_can_be(rho: Fraction) -> None:
    grid, tau, random = Grid(rho=rho), tolerance(rho), Random(7)
    parts = [F(j, 240) for j in range(-240, 241)] + [F(random.randrange(-999, 1000), 999) for _ in range(200)]
    for mean in parts:
        for answer in (mean + tau, mean - tau, mean, mean + tau * F(random.randrange(-99, 100), 99)):
            u = grid.nearest(max(F(-1), min(F(1), answer)))
            assert u / rho == u // rho and abs(u - mean) <= 3 * rho / 4
            assert abs(u) <= 1 or not grid.reaches_one
            assert u in grid.valid(mean)


def test_no_larger_tolerance_will_do() -> None:
    for rho in (F(1, 4), F(3, 5)):
        for more in (F(1, 1000), F(1, 10)):
            mean = rho / 2 - tolerance(rho) - more * rho
            assert Grid(rho=rho).nearest(rho / 2) not in Grid(rho=rho).valid(mean)


def one_round_from(made: QueryMethod, state: Any) -> QueryMethod:
    """The same method, begun at a state and stopped after a round."""
    start: Any = lambda bits: state  # noqa: E731
    return replace(made, budget=replace(made.budget, k=1), start=start)


@pytest.mark.parametrize("oracle", ORACLES)
@pytest.mark.parametrize("rho", [F(1, 4), F(3, 5)])
def test_every_step_of_a_run_is_one_of_descent(oracle: Any, rho: Fraction) -> None:
    method = linear(rho, steps=4)
    made, source, random = lemma_4()(method), uniform(1, lambda x: x[0], noise=F(1, 4)), Random(3)
    state: Any = made.start(())
    for t in range(4):
        batch = source.batch(2, random)
        after: Any = run_rounds(one_round_from(made, state), source, oracle, (), [batch])
        gradient = method.descent.batch_gradient(state, batch)
        grid = Grid(rho=rho, bounded=True)
        for edge, value in gradient.items():
            assert (state.weight(*edge) - after.weight(*edge)) / method.descent.rate in grid.valid(value), t
        state = after


@pytest.mark.parametrize(("build", "same"), [(lemma_4, False), (lemma_13, True)])
@pytest.mark.parametrize("rho", [F(1, 4), F(3, 5)])
def test_no_error_is_added_and_at_twice_the_tolerance_some_is(build: Any, same: bool, rho: Fraction) -> None:
    source = uniform(1, lambda x: x[0], noise=F(1, 5))
    method = linear(rho, b=1, same=same)
    made = build()(method)
    assert error(made, source) <= descent_error(method, source)
    wide = replace(made, budget=replace(made.budget, tau=2 * made.budget.tau))
    assert error(wide, source) > descent_error(method, source)


@pytest.mark.parametrize("oracle", [*ORACLES, nearest_grid(F(1, 32))])
def test_a_network_that_emulates_a_method_does_so_when_trained_by_queries(oracle: Any) -> None:
    skeleton = Skeleton(setting=DYADIC, rho=F(1, 16), coin=0)
    method = network_method(skeleton.network(), steps=2, rho=F(1, 16), b=2)
    source = uniform(2, lambda x: x[0])
    trained: Any = run_rounds(by_queries(method), source, oracle, (), [BATCH, BATCH])
    assert trained != skeleton.network()
    wanted = skeleton.predictor(skeleton.answers(trained))
    for x in product((0, 1), repeat=2):
        assert method.predictor(trained)(x) == wanted(x)


BATCH: tuple[Any, ...] = (((1, 0), 1), ((0, 1), 0))


def test_a_larger_slack_asks_for_better_answers() -> None:
    def off(net: Any, sample: Any) -> Any:
        return entrywise(lambda value: value - F(1, 40), loss_gradient(net, sample))

    method = replace(linear(F(1, 4)), computed=off, slack=F(1, 40))
    made = lemma_4(slack=F(1, 40))(method)
    assert made.budget.tau == F(1, 16) - F(1, 40)
    assert error(made, uniform(1, lambda x: x[0])) <= descent_error(method, uniform(1, lambda x: x[0]))
    with pytest.raises(ConstructionError, match="whose slack is 0, got one with"):
        lemma_4()(method)


def test_budgets_are_the_printed_ones_without_a_slack() -> None:
    for same, kind in ((False, BSQ), (True, FBSQ)):
        method = linear_regression(5, b=7, rho=F(1, 8), same=same)
        simulation = lemma_13() if same else lemma_4()
        made = simulation(method).budget
        assert isinstance(made, kind) and made == simulation.printed(method.budget)  # type: ignore[misc]
        assert (made.k, made.p, made.tau) == (24, 6, F(1, 32))
    assert budget_by_queries(FBGD(steps=3, rho=F(1, 8), m=9, p=4, r=2), F(1, 64)) == FBSQ(
        k=3, tau=F(1, 64), m=9, p=4, r=2
    )


def test_other_methods_are_refused() -> None:
    with pytest.raises(ConstructionError, match="need an fbGD method"):
        lemma_13()(linear(F(1, 4)))
    with pytest.raises(ConstructionError, match="need a bSGD method"):
        lemma_4()(linear(F(1, 4), same=True))
    with pytest.raises(PremiseError, match="need gradients within rho/4 = 1/16, got a slack of 1/8"):
        by_queries(replace(linear(F(1, 4)), slack=F(1, 8)))


def test_an_answer_that_is_not_valid_is_refused() -> None:
    def liar(question: Question) -> Sequence[Fraction]:
        return [mean + 2 * question.tau for mean in question.means]

    with pytest.raises(ConstructionError, match="need an answer within 1/16"):
        run(lemma_4()(linear(F(1, 4))), uniform(1, lambda x: x[0]), oracle=liar)


def backwards(self: DescentSteps, state: Any, answers: Any) -> Any:
    """A step in the other direction."""
    return self.method.descent.moved(state, entrywise(lambda u: -u, self.estimate(answers)))


CHANGES: list[tuple[str, Any]] = [
    ("estimate", lambda self, answers: answers),
    ("after", lambda self, state, answers: state),
    ("after", backwards),
    ("predictor", lambda self, state: self.method.predictor(self.method.start(state.vector))),
]


@pytest.mark.parametrize(("name", "changed"), CHANGES)
@pytest.mark.slow
def test_a_changed_construction_fails_the_top_statement(
    name: str, changed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DescentSteps, name, changed)
    assert discharge(paper_obligations()["lemma4.simulates"]).verdict is not Verdict.PROVED
