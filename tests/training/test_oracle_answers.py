"""Training by an oracle: answers are rounded as Lemma 4 says, and a network that emulates a learner ends as it does."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.rounding import Grid
from constructions.learning.oracles import Question
from constructions.learning.problems import uniform
from constructions.networks.emulation import Plan
from constructions.theorems.choices import ORACLES
from constructions.training.adversaries import EdgeChoice
from constructions.training.batches import fresh, whole_set
from constructions.training.oracle_answers import by_answers
from constructions.training.run import Training

F = Fraction
RHO = F(1, 16)


def ask(value: Fraction, answers: str, *, rho: Fraction = RHO, edge: int = 3, step: int = 1) -> Fraction:
    picks = by_answers(ORACLES[answers], rho=rho, seed=5, name=answers)
    return picks(EdgeChoice(edge, 0, 1, step, value, Grid(rho=rho).valid(value)))


@pytest.mark.parametrize("answers", ORACLES)
@pytest.mark.parametrize("rho", [RHO, F(3, 10), F(3, 5)])
def test_what_is_picked_is_valid(answers: str, rho: Fraction) -> None:
    for value in (F(j, 97) for j in range(-97, 98)):
        assert ask(value, answers, rho=rho) in Grid(rho=rho, bounded=True).valid(value)


def test_the_answers_decide_where_two_roundings_are_valid() -> None:
    half = RHO / 2
    assert [ask(half, name) for name in ("highest", "lowest", "exact")] == [RHO, 0, RHO]
    drawn = {ask(half, "random", edge=edge, step=step) for edge in range(8) for step in range(4)}
    assert drawn == {F(0), RHO}
    assert ask(half, "random", edge=1, step=2) == ask(half, "random", edge=1, step=2)


def test_an_answer_that_is_not_valid_stops_the_run_and_a_rho_without_a_rounding_is_refused() -> None:
    def liar(question: Question) -> Sequence[Fraction]:
        return [question.means[0] + question.tau + 1]

    with pytest.raises(ConstructionError, match="need an answer within 1/64"):
        by_answers(lambda tau, seed: liar, rho=RHO, seed=0, name="liar")(EdgeChoice(0, 0, 1, 1, F(0), (F(0),)))
    with pytest.raises(PremiseError, match=r"at most 3/4, got rho = 5/9 \(E01\)"):
        by_answers(ORACLES["exact"], rho=F(5, 9), seed=0, name="exact")


@pytest.mark.parametrize("answers", ORACLES)
@pytest.mark.parametrize("full", [False, True])
def test_an_emulation_network_ends_as_its_learner_does(answers: str, full: bool) -> None:
    net = Plan(machine=best_literal_machine(2, fraction=6), rho=RHO, batch=8).trainable
    source = uniform(2, lambda x: 1 - x[1])
    batches = fresh(source, batch=8, seed=4)
    if full:
        batches = whole_set([(x, 1 - x[1]) for x in product((0, 1), repeat=2)] * 2)
    adversary = by_answers(ORACLES[answers], rho=RHO, seed=1, name=answers)
    done = Training(net=net, batches=batches, steps=net.steps, adversary=adversary).go()
    assert done.kink is None and done.moves > 0
    assert [done.net(x) for x in product((0, 1), repeat=2)] == [1, 0, 1, 0]


def test_the_answers_are_part_of_what_a_checkpoint_knows() -> None:
    net = Plan(machine=best_literal_machine(1, fraction=6), rho=RHO).trainable
    made = {
        Training(
            net=net,
            batches=whole_set([((1,), 1)]),
            steps=1,
            adversary=by_answers(ORACLES[name], rho=RHO, seed=0, name=name),
        ).identity
        for name in ORACLES
    }
    assert len(made) == len(ORACLES)


def test_lanes_rationals_and_the_plain_engine_ask_the_same() -> None:
    net = Plan(machine=best_literal_machine(2, fraction=6), rho=RHO, batch=8).trainable
    batches = fresh(uniform(2, lambda x: x[0]), batch=8, seed=2)
    weights = []
    for engine in ("plain", "incremental", "both"):
        adversary = by_answers(ORACLES["random"], rho=RHO, seed=9, name="random")
        done = Training(net=net, batches=batches, steps=2, adversary=adversary, engine=engine).go()
        weights.append(np.array(done.net.network.weights))
    assert all((found == weights[0]).all() for found in weights)
