"""Lemmas 3a and 12a: trained models beside the methods of which they are made."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.rounding import Adversary, down, nearest, randomly, up
from constructions.learning.learners import best_literal, correlations, parity, query_conjunction
from constructions.learning.models import BSQ, QueryMethod, stopped
from constructions.learning.oracles import Question, means_over, valid
from constructions.learning.problems import Point, uniform
from constructions.models import answering
from constructions.models.answering import AnsweringModel, answer_edge, bit_edge, clock_edge
from constructions.models.blocks_in_turn import Passage
from constructions.models.one_step import OneStep, as_printed, plain, steep
from constructions.models.snapping import read
from constructions.reductions.sample_extract import lemma_1
from verify.claims.models.answering.moments import all_at_once
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction


def iterates(descent: Any, weights: Any, batches: Any) -> Any:
    """The models after each step."""
    return descent.bsgd(weights, batches)


TAU = F(1, 4)
SOURCE = uniform(2, lambda x: x[0] & x[1], noise=F(1, 8))
METHODS: dict[str, Callable[[], QueryMethod]] = {
    "literal": lambda: best_literal(2, b=3, tau=TAU),
    "correlations": lambda: correlations(2, b=3, tau=TAU),
    "conjunction": lambda: query_conjunction(2, b=3, tau=TAU),
    "extraction": lambda: stopped(lemma_1(2, b=3, tau=F(1, 8), delta=F(1, 2))(parity(2, 1)), 5),
}
NUMBERS: dict[str, Callable[[Fraction], OneStep]] = {
    "printed": as_printed,
    "plain": lambda tau: plain(tau, F(3, 5) * tau),
    "steep": lambda tau: steep(tau, F(5, 4) * tau),
}
ADVERSARIES: list[Adversary] = [up, down, nearest, randomly(3)]


def batches_of(method: QueryMethod, seed: int) -> list[tuple[Point, ...]]:
    """The batches of all rounds."""
    assert isinstance(method.budget, BSQ)
    random = Random(seed)
    return [SOURCE.batch(method.budget.b, random) for _ in range(method.budget.k)]


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("name", METHODS)
def test_training_is_a_run_of_the_method_with_valid_answers(name: str, numbers: str) -> None:
    method = METHODS[name]()
    model = AnsweringModel(method=method, numbers=NUMBERS[numbers](method.budget.tau))
    for seed, adversary in enumerate(ADVERSARIES):
        bits = tuple(Random(seed).randrange(2) for _ in range(method.budget.r))
        weights, batches = model.start(bits), batches_of(method, seed)
        assert len(weights.edges) == model.size
        state = weights.first_state()
        for t, (batch, after) in enumerate(
            zip(batches, iterates(model.descent(adversary), weights, batches), strict=True),
            1,
        ):
            now = [read(value, model.numbers.rho) for value in after.answers(t)]
            means = means_over(batch, method.ask(state, t), method.budget.p)
            answers = valid(now, Question(t, means, method.budget.tau))
            state = method.after(state, answers)
            if method.refill and t < model.rounds:
                state = method.refill(state, bits[method.own + t * method.fresh : method.own + (t + 1) * method.fresh])
            assert after.reached() == answering.Place(t + 1, state)
            weights = after
        wanted = method.predictor(state)
        for x in product((0, 1), repeat=2):
            assert weights.output(x) == weights.predictor()(x) == wanted(x)


def test_blocks_are_written_in_turn_and_stay_as_they_were_written() -> None:
    model = AnsweringModel(method=METHODS["conjunction"](), numbers=as_printed(TAU))
    weights, seen = model.start(()), []
    batches = batches_of(model.method, 5)
    for i, after in enumerate(iterates(model.descent(up), weights, batches), 1):
        moved = {edge for edge, value in after.edges.items() if value != weights.edges[edge]}
        assert moved <= {answer_edge(i, 1), clock_edge(i)} and clock_edge(i) in moved
        assert after.edges[clock_edge(i)] >= model.numbers.rho
        seen.append(after.edges[answer_edge(i, 1)])
        weights = after
    assert [weights.edges[answer_edge(i, 1)] for i in range(1, model.rounds + 1)] == seen


def test_a_model_is_not_asked_where_a_gate_or_a_bump_is_not_constant() -> None:
    model = AnsweringModel(method=METHODS["literal"](), numbers=as_printed(TAU))
    rho = model.numbers.rho
    with pytest.raises(PremiseError, match="constant"):
        model.start(()).with_weights({clock_edge(1): rho / 2}).output((0, 0))
    opened = model.start(()).with_weights({clock_edge(1): rho, answer_edge(1, 1): rho * F(3, 10)})
    with pytest.raises(PremiseError, match="constant"):
        opened.output((0, 0))


def test_random_bits_are_read_as_they_are() -> None:
    method = METHODS["extraction"]()
    model = AnsweringModel(method=method, numbers=as_printed(method.budget.tau))
    bits = tuple(i % 2 for i in range(method.budget.r))
    assert [model.start(bits).edges[bit_edge(i + 1)] for i in range(len(bits))] == list(bits)
    with pytest.raises(ConstructionError, match="need 5 random bits, got 0"):
        model.start(())


def test_a_method_on_both_labels_is_refused() -> None:
    both = replace(METHODS["literal"](), budget=BSQ(k=2, tau=TAU, b=3, p=3))
    with pytest.raises(ConstructionError, match="one label at a time"):
        AnsweringModel(method=both, numbers=as_printed(TAU))


def test_a_parameter_of_no_block_is_refused() -> None:
    weights = AnsweringModel(method=METHODS["literal"](), numbers=as_printed(TAU)).start(())
    with pytest.raises(ConstructionError, match="need a parameter of the model"):
        weights.with_weights({("clock", "9"): F(1)})


def test_gates_that_do_not_hold_back_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = paper_obligations()["lemma3a.steps"]
    assert examine(found, lambda case: all_at_once).verdict is Verdict.REFUTED
    monkeypatch.setattr(answering, "passed", lambda before, gate, output: Passage(before.total + 1, before.open))
    model = AnsweringModel(method=METHODS["literal"](), numbers=as_printed(TAU))
    opened = model.start(()).with_weights({clock_edge(1): F(1), clock_edge(2): F(1)})
    assert opened.output((0, 0)) != opened.predictor()((0, 0))
