"""Budgets, checks on queries, and simulations that add up."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.models import (
    BSQ,
    FBSQ,
    PAC,
    SQ,
    QueryMethod,
    SampleMethod,
    Simulation,
    check_budget,
    stopped,
    strings,
)
from constructions.reductions.fbsq import lemma_5a
from constructions.reductions.full import full
from constructions.reductions.sample_extract import theorem_2a
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
ASK = QueryMethod(
    n=1,
    budget=BSQ(k=2, tau=F(1, 8), b=2, p=1),
    start=lambda bits: (),
    query=lambda state: lambda x, y: (x[0] * y,),
    after=lambda state, answers: answers,
    predictor=lambda state: lambda x: F(1, 2),
)
GUESS = SampleMethod(n=1, budget=PAC(m=1), learn=lambda sample, bits: lambda x: 0)


@pytest.mark.parametrize("values", [(F(3, 2),), (F(-2),), (F(0), F(0)), ()])
def test_query_values_are_checked(values: tuple[Fraction, ...]) -> None:
    method = replace(ASK, query=lambda state: lambda x, y: values)
    with pytest.raises(ConstructionError, match=r"need 1 values in \[-1, 1\], got .*round 1"):
        method.ask((), 1)((0,), 1)


def test_an_alternating_method_keeps_to_the_label_of_its_round() -> None:
    held = replace(ASK, budget=replace(ASK.budget, alternating=True))
    assert held.ask((), 1)((1,), 1) == (1,) and held.ask((), 2)((1,), 0) == (0,)
    with pytest.raises(ConstructionError, match="need a 0-query in round 2"):
        held.ask((), 2)((1,), 1)


def test_strings_are_all_random_strings_if_they_are_few() -> None:
    assert strings(2) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    with pytest.raises(PremiseError, match="need at most 16 random bits"):
        strings(17)


def test_bits_of_a_round_need_a_refill_and_fit_in_the_budget() -> None:
    for fields in (
        {"fresh": 1},
        {"refill": lambda state, bits: state},
        {"fresh": 2, "refill": lambda state, bits: state},
    ):
        with pytest.raises(ConstructionError, match="need refill with fresh > 0 bits in each round"):
            replace(ASK, budget=replace(ASK.budget, r=3), **fields)
    made = replace(ASK, budget=replace(ASK.budget, r=5), fresh=2, refill=lambda state, bits: state)
    assert made.own == 1 and stopped(made, 1).budget == replace(ASK.budget, k=1, r=3)


@pytest.mark.parametrize("budget", [PAC(m=-1), BSQ(k=1, tau=F(-1), b=1, p=1), SQ(k=1, tau=F(1), r=-2)])
def test_a_budget_has_no_negative_numbers(budget: PAC | BSQ | SQ) -> None:
    with pytest.raises(ConstructionError, match=r"need (tau|an integer) >= 0"):
        check_budget(budget)


@pytest.mark.parametrize("budget", [BSQ(k=1, tau=F(1), b=0, p=1), FBSQ(k=1, tau=F(1), m=0, p=1)])
def test_no_queries_are_asked_about_an_empty_batch(budget: BSQ | FBSQ) -> None:
    with pytest.raises(ConstructionError, match=r"need an integer >= 1, got 0, at [bm] of F?BSQ"):
        replace(ASK, budget=budget)
    assert replace(ASK, budget=FBSQ(k=0, tau=F(1), m=0, p=1)).budget.k == 0


def test_methods_have_sound_budgets() -> None:
    with pytest.raises(ConstructionError, match="need tau >= 0, got -1"):
        replace(ASK, budget=replace(ASK.budget, tau=F(-1)))
    with pytest.raises(ConstructionError, match="need an integer >= 0, got -1, at m of PAC"):
        replace(GUESS, budget=PAC(m=-1))


def test_a_method_of_the_wrong_class_is_refused_by_name() -> None:
    simulations = (theorem_2a(1, b=2, tau=F(1, 8), delta=F(1)), lemma_5a(1, tau=F(1, 8)), full(1, b=2, tau=F(1, 8)))
    for simulation in simulations:
        with pytest.raises(ConstructionError, match="need a method on samples, got one with the budget BSQ"):
            simulation(ASK)  # type: ignore[arg-type]


def more_samples(by: int, delta: Fraction) -> Simulation[SampleMethod, SampleMethod]:
    return Simulation(
        name=f"{by} more",
        delta=delta,
        budget=lambda budget: replace(budget, m=budget.m + by),
        reduce=lambda method: replace(method, budget=replace(method.budget, m=method.budget.m + by)),
    )


def test_simulations_compose_and_their_deltas_add() -> None:
    both = more_samples(2, F(1, 8)).then(more_samples(3, F(1, 4)))
    assert (both.delta, both(GUESS).budget, both.name) == (F(3, 8), PAC(m=6), "2 more, then 3 more")


def test_a_composition_assumes_what_its_parts_do() -> None:
    first, second = (replace(more_samples(1, F(0)), assumes=names) for names in (("one", "two"), ("two", "three")))
    assert first.then(second).assumes == ("one", "two", "three") and more_samples(1, F(0)).assumes == ()


def test_a_method_with_another_budget_than_promised_is_refused() -> None:
    wrong = replace(more_samples(2, F(0)), budget=lambda budget: PAC(m=99))
    with pytest.raises(ConstructionError, match=r"need the budget .*99.* of 2 more, got .*m=3"):
        wrong(GUESS)


@pytest.mark.parametrize(
    "wrong", [lambda one, given, made: made < given + one.delta, lambda one, given, made: made <= given]
)
def test_the_top_statement_notices_another_promise(wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = paper_obligations()["definition1.simulates"]
    assert examine(claim, claim.of).verdict is Verdict.PROVED
    monkeypatch.setattr(Simulation, "allows", wrong)
    assert examine(claim, claim.of).verdict is Verdict.REFUTED
