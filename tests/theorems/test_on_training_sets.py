"""Pipelines on a training set: their delta and stages, runs that draw from the set, and what they refuse."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from constructions.errors import ConstructionError
from constructions.learning.problems import Table, uniform
from constructions.theorems import measure
from constructions.theorems.choices import ORACLES
from constructions.theorems.in_arrays import takes
from constructions.theorems.measure import Experiment, Losses
from constructions.theorems.on_training_sets import on_training_sets
from constructions.theorems.options import TheoremOptions
from constructions.theorems.pipeline import TheoremSetting
from constructions.theorems.registry import THEOREMS
from constructions.theorems.task import check_options, prepare

F = Fraction
SETTING = TheoremSetting(n=2, b=2, m=4, tau=F(1, 8), delta=F(1, 20))


@pytest.mark.parametrize("name", ["theorem 1a", "theorem 2a", "lemma 1"])
def test_delta_grows_by_what_repeats_cost(name: str) -> None:
    inner = THEOREMS[name].pipeline(SETTING, "parity")
    made = on_training_sets(inner, 60)
    assert made.simulation.delta == inner.simulation.delta + F(1, 20) and made.made is inner.made
    numbers = dict(made.stages[0].numbers)
    assert numbers["M"] == 60 and numbers["loss"] == F(1, 20) and made.stages[1:] == inner.stages
    own = next(row for row in made.variants if row.budget == inner.made.budget)
    assert own.delta == made.simulation.delta


def test_a_run_draws_from_a_set_and_is_judged_on_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    source, seen = uniform(2, lambda x: x[0]), list[Table]()
    draws = Table.draw

    def drawn(table: Table, random: Any) -> Any:
        seen.append(table)
        return draws(table, random)

    monkeypatch.setattr(Table, "draw", drawn)
    pipeline = on_training_sets(THEOREMS["theorem 2a"].pipeline(SETTING, "parity"), 3)
    experiment = Experiment(pipeline, source, Losses.of(source), ORACLES["exact"], seed=1, training_set=3)
    found = experiment.run(0)
    assert len({id(table) for table in seen}) == 1, "one set for the whole run"
    assert all((3 * mass).denominator == 1 for mass in seen[0].table.values())
    assert found["simulated"].denominator in (1, 2, 4, 8), "a loss on the source, not on three points"
    assert takes(experiment).reason == "each run draws a training set of its own"


def test_a_set_of_one_point_teaches_nothing() -> None:
    source = uniform(2, lambda x: x[0] ^ x[1])
    pipeline = on_training_sets(THEOREMS["theorem 2a"].pipeline(replace(SETTING, m=12), "parity"), 1)
    one, large = (
        sum(
            Experiment(pipeline, source, Losses.of(source), ORACLES["exact"], seed=2, training_set=size).run(i)[
                "excess"
            ]
            for i in range(20)
        )
        for size in (1, 1000)
    )
    assert one > 1 > large


def test_predictions_are_held_within_the_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Any] = []
    monkeypatch.setattr(measure, "with_predictions_clipped", lambda given: held.append(given) or given)  # type: ignore[func-returns-value]
    source = uniform(2, lambda x: x[0])
    pipeline = on_training_sets(THEOREMS["theorem 2a"].pipeline(SETTING, "parity"), 3)
    Experiment(pipeline, source, Losses.of(source), ORACLES["exact"], seed=1, training_set=3).run(0)
    assert len(held) == 1


def test_the_task_has_the_set() -> None:
    options = TheoremOptions(bits=2, samples=4, training_set=60, runs=0)
    task = prepare("theorem 1a", THEOREMS["theorem 1a"], options)
    assert task.parameters["training_set"] == 60 and task.experiment.training_set == 60
    assert task.pipeline.simulation.delta == F(1, 10) and task.pipeline.exact is None
    assert "training_set" not in prepare("theorem 1a", THEOREMS["theorem 1a"], TheoremOptions(runs=0)).parameters


def test_what_learns_by_queries_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need --training-set with theorem 1a, theorem 2a or lemma 1"):
        check_options("theorem 2d", THEOREMS["theorem 2d"], TheoremOptions(training_set=9))
    by_queries = THEOREMS["theorem 2d"].pipeline(replace(SETTING, b=64, m=0), "query-conjunction")
    with pytest.raises(ConstructionError, match="need a method on samples for a training set"):
        on_training_sets(by_queries, 9)
