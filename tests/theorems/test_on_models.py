"""Pipelines that end in gradient descent on a model."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

import pytest

from constructions.errors import PremiseError
from constructions.learning.descent_methods import BSGD, FBGD
from constructions.learning.learners import parity, query_conjunction
from constructions.theorems.measure import EXCESS, SIMULATED
from constructions.theorems.on_models import (
    model_pipeline,
    one_batch_on_model,
    queries_on_model,
    sample_on_model,
    samples_on_model,
)
from constructions.theorems.options import TheoremOptions
from constructions.theorems.pipeline import TheoremSetting
from constructions.theorems.querying import as_sq
from constructions.theorems.registry import THEOREMS
from constructions.theorems.task import prepare

F = Fraction


@pytest.mark.parametrize("name", ["theorem 1a", "theorem 1d", "theorem 3a", "theorem 3d", "lemma 3a", "lemma 12a"])
def test_each_has_a_pipeline_whose_runs_lose_what_was_promised(name: str) -> None:
    small = {
        "theorem 1a": {"samples": 2},
        "theorem 1d": {"tau": "1", "batch": 1000},
        "theorem 3a": {"samples": 3},
        "theorem 3d": {"tau": "1", "samples": 300},
        "lemma 12a": {"samples": 6},
    }
    options = TheoremOptions(bits=1, runs=2, oracle="highest", **small.get(name, {}))  # type: ignore[arg-type]
    task = prepare(name, THEOREMS[name], options)
    found = [task.experiment.run(number) for number in range(2)]
    assert all(0 <= run[SIMULATED] <= F(1, 2) and EXCESS in run for run in found)
    assert task.pipeline.stages[-1].name == "return"


def test_a_precision_chooses_the_tolerance_of_1a() -> None:
    options = TheoremOptions(bits=2, samples=1, batch=4, rho="4/25", runs=0)
    pipeline = prepare("theorem 1a", THEOREMS["theorem 1a"], options).pipeline
    budget = pipeline.made.budget
    assert isinstance(budget, BSGD) and budget.rho == F(4, 25)
    assert dict(pipeline.stages[0].numbers)["b tau"] < F(1, 2)


def test_a_precision_that_no_tolerance_suits_is_refused() -> None:
    with pytest.raises(PremiseError, match="need 0 < b rho < 2/3"):
        prepare("theorem 1a", THEOREMS["theorem 1a"], TheoremOptions(rho="1/6", runs=0))


def test_the_papers_budget_stands_beside() -> None:
    setting = TheoremSetting(n=2, b=4, m=3, tau=F(1, 16), delta=F(1, 10), alternating=True)
    made = samples_on_model(setting, parity(2, 3))
    own, printed = (row.budget for row in made.variants)
    assert own == made.made.budget and printed.steps == 20 * 3 * 3 * 10  # type: ignore[union-attr]
    assert [stage.name for stage in made.stages][-4:] == ["compile", "step", "read", "return"]
    by_queries = replace(setting, b=1000, tau=F(1))
    method = as_sq(query_conjunction(1, b=1000, tau=F(1)))
    found = queries_on_model(by_queries, method)
    assert found.made.budget.p == 2 * found.made.budget.steps  # type: ignore[union-attr]
    coarse = replace(setting, tau=F(1, 4), rho=F(5, 16))
    numbers = dict(model_pipeline(coarse, query_conjunction(2, b=4, tau=F(1, 4))).stages[1].numbers)
    assert numbers == {"rho": F(5, 16), "rho / tau": F(5, 4), "error": F(1, 4)}


def test_a_precision_chooses_the_tolerance_of_3a() -> None:
    options = TheoremOptions(bits=2, samples=3, rho="1/5", runs=0)
    pipeline = prepare("theorem 3a", THEOREMS["theorem 3a"], options).pipeline
    budget = pipeline.made.budget
    assert isinstance(budget, FBGD) and budget.rho == F(1, 5) and budget.m == 3
    assert F(9, 20) < dict(pipeline.stages[0].numbers)["m tau"] < F(1, 2)
    with pytest.raises(PremiseError, match="need 0 < m rho < 2/3, got m rho = 3 \\* 2/9 = 2/3"):
        prepare("theorem 3a", THEOREMS["theorem 3a"], TheoremOptions(samples=3, rho="2/9", runs=0))


def test_the_papers_budgets_of_a_fixed_sample_stand_beside() -> None:
    setting = TheoremSetting(n=2, b=1, m=3, tau=F(1, 12), delta=F(1, 10), alternating=True)
    reading = sample_on_model(setting, parity(2, 3))
    own, printed = (cast(Any, row.budget) for row in reading.variants)
    assert own == cast(Any, reading.made.budget) == FBGD(steps=7, rho=F(1, 48), m=3, p=14, r=0)
    assert printed == FBGD(steps=18, rho=F(1, 48), m=3, p=36, r=0)
    coarse = replace(setting, m=1700, tau=F(1, 2), rho=F(1, 7))
    held = one_batch_on_model(coarse, as_sq(query_conjunction(2, b=1, tau=F(1, 2))))
    budget: Any = held.made.budget
    assert budget == FBGD(steps=16, rho=F(1, 7), m=1700, p=32, r=0)
    assert [held.stages[place].rests for place in (0, 5)] == ["Lemma 7", "Lemma 12a"]
    assert held.simulation.delta == F(1, 10) and held.assumes == ("Hoeffding's inequality",)


@pytest.mark.parametrize(("name", "fewer"), [("theorem 1d", 8), ("theorem 3d", 2)])
def test_queries_on_both_labels_take_fewer_steps(name: str, fewer: int) -> None:
    options = TheoremOptions(bits=1, tau="1/2", batch=16, samples=1000 if name == "theorem 3d" else None, runs=1)
    alternating = prepare(name, THEOREMS[name], options)
    both = prepare(name, THEOREMS[name], replace(options, alternating=False))
    steps = [cast(Any, task.pipeline.made.budget).steps for task in (alternating, both)]
    assert steps[0] >= fewer * steps[1] and both.parameters["alternating"] is False
    assert 0 <= both.experiment.run(0)[SIMULATED] <= F(1, 2)
    assert [stage.rests for stage in both.pipeline.stages[-3:]] == ["S6", "S6", "Definition 1"]
    assert len(both.pipeline.variants) == 2 and both.pipeline.simulation.delta == F(1, 20)
