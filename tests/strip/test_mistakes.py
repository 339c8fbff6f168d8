"""Result G: runs that learn a finite class from mistakes alone, and what they spend."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.rounding import Adversary, down, nearest, up
from constructions.learning.parities import parity_of
from constructions.learning.problems import uniform
from constructions.strip.given_away import farthest
from constructions.strip.mistakes import MistakeLearner, mistake_budget, needed, unread, updates_for
from constructions.strip.sign_queries import all_queries, drawn

F = Fraction


@pytest.mark.parametrize("adversary", [up, down, nearest, farthest])
@pytest.mark.parametrize("b, rho", [(4, F(1, 8)), (5, F(4, 25))])  # kappa = 0 and 1
def test_a_run_ends_at_the_target_with_few_updates(b: int, rho: Fraction, adversary: Adversary) -> None:
    n, target, random = 2, 4, Random(3)
    class_ = [parity_of(word, n) for word in range(4)] + [lambda x: 0, lambda x: 1]
    learner = MistakeLearner(hypotheses=class_, queries=all_queries(n, b), rho=rho)
    stage, source = learner.start, uniform(n, class_[target])
    for _ in range(40):
        before, stage = stage, learner.step(stage, source.batch(b, random), adversary)
        assert target in stage.left
        assert stage.updates == before.updates or 3 * len(stage.left) <= 2 * len(before.left)
    assert 1 <= stage.updates < learner.most_updates
    assert stage.written <= 40
    wrong = sum(learner.output(stage)(x) != class_[target](x) for x in learner.queries.points)
    assert wrong == 0 or learner.kappa > 0


def test_no_mistake_moves_nothing_and_labels_of_no_hypothesis_are_refused() -> None:
    class_ = [lambda x: x[0], lambda x: 1]
    learner = MistakeLearner(hypotheses=class_, queries=all_queries(1, 2), rho=F(1, 4))
    assert learner.output(learner.start)((0,)) == 1
    assert learner.step(learner.start, [((0,), 1), ((1,), 1)]) == learner.start
    with pytest.raises(PremiseError, match="need labels with which some hypothesis agrees"):
        learner.step(learner.start, [((1,), 0), ((1,), 0)])
    with pytest.raises(PremiseError, match="some with which no list is consistent"):
        learner.reported(learner.start, [F(2), F(2)])
    with pytest.raises(ConstructionError, match="need at least one hypothesis"):
        MistakeLearner(hypotheses=[], queries=drawn(1, 2, 2, 0), rho=F(1, 4))
    with pytest.raises(PremiseError, match="need b >= 5 kappa, got b = 2 and kappa = 1"):
        MistakeLearner(hypotheses=class_, queries=drawn(1, 2, 2, 0), rho=F(1, 3))


def test_the_budget_is_the_least_that_meets_its_own_condition_and_grows_as_it_should() -> None:
    assert [unread(10, rho) for rho in (F(1, 16), F(1, 15), F(2, 15))] == [0, 1, 2]
    assert [needed(kappa) for kappa in range(3)] == [1, 4, 8]
    for many in range(1, 40):
        u = updates_for(many)
        assert F(3, 2) ** u > many >= F(3, 2) ** (u - 1)
    sizes = [
        mistake_budget(3, b=10, rho=rho, hypotheses=8, error=F(1, 2), delta=F(1, 2)) for rho in (F(1, 16), F(1, 15))
    ]
    assert [each.queries for each in sizes] == [8 * 40, 16 * 40]
    assert sizes[1].window >= 2**4 * sizes[0].window / 2
    for bad in (F(0), F(1)):
        with pytest.raises(PremiseError, match="need 0 < error < 1"):
            mistake_budget(3, b=10, rho=F(1, 16), hypotheses=8, error=bad, delta=F(1, 2))
    with pytest.raises(PremiseError, match="need b >= 5 kappa"):
        mistake_budget(3, b=10, rho=F(1, 4), hypotheses=8, error=F(1, 2), delta=F(1, 2))


def test_reported_lists_are_shortest() -> None:
    learner = MistakeLearner(hypotheses=[lambda x: 1], queries=all_queries(1, 5), rho=F(4, 25))
    for zeros, ones in product(range(3), range(3)):
        batch = [((0,), 0)] * zeros + [((1,), 0)] * ones + [((1,), 1)] * (5 - zeros - ones)
        found = learner.reported(learner.start, learner.gradient(learner.start, batch))
        assert len(found) <= zeros + ones
        assert zeros + ones - len(found) <= learner.kappa
