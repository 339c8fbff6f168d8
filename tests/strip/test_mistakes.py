"""Result G: runs that learn a finite class from mistakes alone, and what they spend."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.rounding import Adversary, Grid, down, nearest, up
from constructions.learning.parities import parity_of
from constructions.learning.problems import uniform
from constructions.strip.given_away import farthest
from constructions.strip.mistakes import MistakeLearner, group_for, mistake_budget, needed, unread, updates_for
from constructions.strip.sign_queries import all_queries, drawn

F = Fraction


@pytest.mark.parametrize("adversary", [up, down, nearest, farthest])
@pytest.mark.parametrize("b, rho", [(4, F(1, 8)), (5, F(4, 25))])  # kappa = 0 and 1
def test_a_run_ends_at_the_target_with_few_updates(b: int, rho: Fraction, adversary: Adversary) -> None:
    n, target, random = 2, 4, Random(3)
    class_ = [parity_of(word, n) for word in range(4)] + [lambda x: 0, lambda x: 1]
    learner = MistakeLearner(hypotheses=class_, queries=all_queries(n, b), rho=rho, window=8)
    stage, source = learner.start, uniform(n, class_[target])
    for _ in range(8 * (learner.most_updates + 1)):
        before, stage = stage, learner.step(stage, source.batch(b, random), adversary)
        assert target in stage.left
        assert stage.updates == before.updates or 3 * len(stage.left) <= 2 * len(before.left)
    assert 1 <= stage.updates < learner.most_updates
    assert stage.kept is not None and target in stage.kept
    learned = learner.learned(stage)
    wrong = sum(learned(x) != class_[target](x) for x in learner.queries.points)
    assert wrong == 0 or learner.kappa > 0


def test_no_mistake_leaves_all_and_labels_of_no_hypothesis_are_refused() -> None:
    class_ = [lambda x: x[0], lambda x: 1]
    learner = MistakeLearner(hypotheses=class_, queries=all_queries(1, 2), rho=F(1, 4), window=2)
    assert learner.majority((0, 1))((0,)) == 1
    stage = learner.start
    for steps, kept in ((1, None), (2, (0, 1)), (3, (0, 1))):
        stage = learner.step(stage, [((0,), 1), ((1,), 1)])
        assert (stage.left, stage.updates, stage.steps, stage.kept) == ((0, 1), 0, steps, kept)
    with pytest.raises(PremiseError, match="need labels with which some hypothesis agrees"):
        learner.step(learner.start, [((1,), 0), ((1,), 0)])
    with pytest.raises(PremiseError, match="some with which no list is consistent"):
        learner.reported(learner.start, [F(2), F(2)])
    with pytest.raises(ConstructionError, match="need at least one hypothesis"):
        MistakeLearner(hypotheses=[], queries=drawn(1, 2, 2, 0), rho=F(1, 4), window=1)
    with pytest.raises(PremiseError, match="need b >= 5 kappa, got b = 3 and kappa = 1"):
        MistakeLearner(hypotheses=class_, queries=drawn(1, 3, 2, 0), rho=F(1, 4), window=1)
    with pytest.raises(PremiseError, match="need 0 < rho < 4/15, got rho = 1/3"):
        MistakeLearner(hypotheses=class_, queries=drawn(1, 1, 2, 0), rho=F(1, 3), window=1)


def test_a_window_with_an_update_is_not_kept_and_the_first_without_one_is() -> None:
    class_ = [lambda x: x[0], lambda x: 1]
    learner = MistakeLearner(hypotheses=class_, queries=all_queries(1, 2), rho=F(1, 4), window=1)
    stage = learner.step(learner.start, [((0,), 0), ((1,), 1)])
    assert (stage.left, stage.kept) == ((0,), None) and learner.learned(stage)((0,)) == 0
    after = learner.step(stage, [((0,), 0), ((1,), 1)])
    assert after.kept == (0,)


@pytest.mark.parametrize("rho", [F(1, 5), F(1, 16), F(26, 100)])
def test_one_clock_moves_whatever_is_wrong(rho: Fraction) -> None:
    learner = MistakeLearner(hypotheses=[lambda x: 1], queries=all_queries(1, 8), rho=F(1, 16), window=1)
    for wrong in range(9):
        batch = [((0,), 0)] * wrong + [((1,), 1)] * (8 - wrong)
        assert any(0 not in Grid(rho=rho).valid(value) for value in learner.gradient(learner.start, batch)[-2:])


def test_the_budget_is_the_least_that_meets_its_own_condition_and_grows_as_it_should() -> None:
    assert [unread(10, rho) for rho in (F(1, 16), F(1, 15), F(2, 15))] == [0, 1, 2]
    assert [needed(kappa) for kappa in range(3)] == [1, 4, 8]
    for many in range(1, 40):
        u = updates_for(many)
        assert F(3, 2) ** u > many >= F(3, 2) ** (u - 1)
    sizes = [
        mistake_budget(3, b=10, rho=rho, hypotheses=8, error=F(1, 2), delta=F(1, 2)) for rho in (F(1, 16), F(1, 15))
    ]
    assert [each.block for each in sizes] == [8 * 40 + 2, 16 * 40 + 2]
    for each, chance in zip(sizes, (F(1, 2), F(1, 32)), strict=True):
        assert each.window == group_for(chance) * each.halvings and each.steps == (each.updates + 1) * each.window
        histories = 2 ** (40 * each.updates)
        assert 2**each.halvings * F(1, 2) >= (each.updates + 1) * histories > 2 ** (each.halvings - 2)
        assert (1 - chance) ** group_for(chance) <= F(1, 2)
    for bad in (F(0), F(1)):
        with pytest.raises(PremiseError, match="need 0 < error < 1"):
            mistake_budget(3, b=10, rho=F(1, 16), hypotheses=8, error=bad, delta=F(1, 2))
    with pytest.raises(PremiseError, match="need b >= 5 kappa"):
        mistake_budget(3, b=10, rho=F(1, 4), hypotheses=8, error=F(1, 2), delta=F(1, 2))


def test_reported_lists_are_shortest() -> None:
    learner = MistakeLearner(hypotheses=[lambda x: 1], queries=all_queries(1, 5), rho=F(4, 25), window=1)
    for zeros, ones in product(range(3), range(3)):
        batch = [((0,), 0)] * zeros + [((1,), 0)] * ones + [((1,), 1)] * (5 - zeros - ones)
        found = learner.reported(learner.start, learner.gradient(learner.start, batch)[:-2])
        assert len(found) <= zeros + ones
        assert zeros + ones - len(found) <= learner.kappa
