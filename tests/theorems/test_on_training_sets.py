"""Pipelines on a training set: their delta and stages, runs that draw from the set, and what they refuse."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.learning.array_draws import RandomWords
from constructions.learning.counted_batches import CountedBatches, descended_on_counts
from constructions.learning.descent_methods import descended
from constructions.learning.problems import Source, Table, uniform
from constructions.models.training_sets import hybrid_1d, hybrid_3c
from constructions.reductions.cells import enough_in_one_batch
from constructions.theorems import measure
from constructions.theorems.choices import ORACLES
from constructions.theorems.in_arrays import takes
from constructions.theorems.measure import Experiment, Losses
from constructions.theorems.on_training_sets import on_a_training_set, on_training_sets
from constructions.theorems.options import TheoremOptions
from constructions.theorems.pipeline import TheoremSetting
from constructions.theorems.registry import THEOREMS
from constructions.theorems.task import check_options, prepare
from verify.reports.theorem_heading import header

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


def test_other_theorems_are_refused() -> None:
    with pytest.raises(
        ConstructionError, match="need --training-set with theorem 1a, theorem 1c, theorem 1d, theorem 2a, lemma 1, got"
    ):
        check_options("theorem 2d", THEOREMS["theorem 2d"], TheoremOptions(training_set=9))
    by_queries = THEOREMS["theorem 2d"].pipeline(replace(SETTING, b=64, m=0), "query-conjunction")
    with pytest.raises(ConstructionError, match="need a method on samples for a training set"):
        on_training_sets(by_queries, 9)


BY_QUERIES = TheoremSetting(n=1, b=800, m=0, tau=F(1, 2), delta=F(1, 20), alternating=True)
BY_DESCENT = TheoremSetting(n=1, b=80_000, m=0, tau=F(1, 32), delta=F(1, 20))


def experiment_of(name: str, learner: str, setting: TheoremSetting, size: int, *, source: Source) -> Experiment:
    pipeline = on_a_training_set(THEOREMS[name].pipeline(setting, learner), setting, size)
    return Experiment(pipeline, source, Losses.of(source), ORACLES["exact"], seed=1, training_set=size)


def test_theorem_1d_runs_the_composition_that_is_claimed() -> None:
    inner = THEOREMS["theorem 1d"].pipeline(BY_QUERIES, "query-conjunction")
    made = on_a_training_set(inner, BY_QUERIES, 1000)
    claimed = hybrid_1d(size=1000, b=800, delta=F(1, 20), set_delta=F(1, 20))
    assert made.made.budget == claimed.budget(inner.given.budget) == made.variants[0].budget
    assert made.simulation.delta == claimed.delta == F(1, 10)
    assert [stage.name for stage in made.stages][:5] == ["draw a set", "hold", "branch", "draw", "return"]
    assert dict(made.stages[-1].numbers) == {"delta": F(1, 10)}
    assert dict(made.stages[0].numbers)["M that is enough"] == enough_in_one_batch(4, tau=F(1, 2), delta=F(1, 20))


def test_theorem_1c_asks_the_source_to_a_quarter_of_the_tolerance() -> None:
    inner = THEOREMS["theorem 1c"].pipeline(BY_DESCENT, "regression")
    made = on_a_training_set(inner, BY_DESCENT, 300_000)
    claimed = hybrid_3c(size=300_000, delta=F(1, 20), set_delta=F(1, 20))
    asked: Any = made.made.budget
    assert asked == claimed.budget(inner.given.budget)
    assert asked.tau == F(1, 8) / 16 and made.simulation.delta == F(1, 10)


@pytest.mark.parametrize(
    ("name", "learner", "setting"),
    [("theorem 1d", "query-conjunction", BY_QUERIES), ("theorem 1c", "regression", BY_DESCENT)],
)
def test_the_least_set_is_enough_and_one_point_less_is_refused(
    name: str, learner: str, setting: TheoremSetting
) -> None:
    inner = THEOREMS[name].pipeline(setting, learner)
    with pytest.raises(PremiseError, match=r"for a training set, got M = 1, .*; M must be at least \d+$") as refused:
        on_a_training_set(inner, setting, 1)
    least = int(str(refused.value).rsplit(maxsplit=1)[1])
    assert on_a_training_set(inner, setting, least).item == f"{inner.item} on a training set"
    with pytest.raises(PremiseError, match=f"got M = {least - 1}, .*; M must be at least {least}$"):
        on_a_training_set(inner, setting, least - 1)


def test_rho_is_below_a_sixth_of_tau_on_a_set() -> None:
    for rho, fits in ((F(1, 12), False), (F(1, 13), True)):
        setting = replace(BY_QUERIES, rho=rho)
        inner = THEOREMS["theorem 1d"].pipeline(setting, "query-conjunction")
        if fits:
            budget: Any = on_a_training_set(inner, setting, 1000).made.budget
            assert budget.rho == rho
        else:
            with pytest.raises(PremiseError, match="need rho < tau/6 on a training set, got rho = 1/12, tau/6 = 1/12"):
                on_a_training_set(inner, setting, 1000)


def batches_seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[set[Any], int]]:
    """The points and the size of each batch that gradient descent draws as counts."""
    seen: list[tuple[set[Any], int]] = []
    draw = CountedBatches.draw

    def drawn(batches: CountedBatches, b: int, words: RandomWords) -> Any:
        seen.append((set(batches.points), b))
        return draw(batches, b, words)

    monkeypatch.setattr(CountedBatches, "draw", drawn)
    return seen


def test_in_theorem_1d_it_is_the_new_method_that_draws_from_the_set(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = batches_seen(monkeypatch)
    rare = Table(1, {((0,), 0): F(1, 2), ((1,), 1): F(1, 2) - F(1, 10**9), ((1,), 0): F(1, 10**9)})
    experiment = experiment_of("theorem 1d", "query-conjunction", BY_QUERIES, 1000, source=rare)
    found = experiment.run(0)
    set_drawn, *batches = seen
    budget: Any = experiment.pipeline.made.budget
    assert set_drawn == (set(rare.table), 1000) and not experiment.learner_on_a_set
    assert len(batches) == budget.steps
    assert all(of == ({((0,), 0), ((1,), 1)}, 800) for of in batches), "the rare point is not in the set"
    assert found["excess"] == found["simulated"] - found["learner"] and found["simulated"] >= F(1, 2) * F(1, 10**9)


def test_in_theorem_1c_it_is_the_learner_that_draws_from_the_set(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = batches_seen(monkeypatch)
    source = uniform(1, lambda x: x[0])
    experiment = experiment_of("theorem 1c", "regression", BY_DESCENT, 300_000, source=source)
    assert experiment.learner_on_a_set
    simulated = experiment.run(0)["simulated"]
    set_drawn, *batches = seen
    assert set_drawn[1] == 300_000 and {b for _, b in batches} == {80_000}
    assert simulated == replace(experiment, training_set=None).run(0)["simulated"], "A' asks the source, not the set"


def test_the_command_names_what_it_cannot_do_on_a_set() -> None:
    for options, said in (
        (
            TheoremOptions(training_set=9, form="network"),
            "need --as model for --training-set with theorem 1d, got network",
        ),
        (
            TheoremOptions(training_set=9, alternating=False),
            "need no --plain for --training-set with theorem 1d, got it",
        ),
    ):
        with pytest.raises(ConstructionError, match=said):
            check_options("theorem 1d", THEOREMS["theorem 1d"], options)
    with pytest.raises(ConstructionError, match=r"got it with theorem 3c; .* is that of theorem 1c"):
        check_options("theorem 3c", THEOREMS["theorem 3c"], TheoremOptions(training_set=9))


def test_the_heading_says_whose_batches_are_drawn_from_the_set() -> None:
    options = TheoremOptions(bits=1, training_set=300_000, runs=0)
    assert "; batches of A are drawn from" in header(prepare("theorem 1c", THEOREMS["theorem 1c"], options))[1]
    task = prepare("theorem 1d", THEOREMS["theorem 1d"], replace(options, tau="1/2"))
    assert "; batches are drawn from" in header(task)[1] and task.strays() is None


def test_the_model_takes_the_same_steps_on_counts_as_on_batches() -> None:
    experiment = experiment_of("theorem 1d", "query-conjunction", BY_QUERIES, 1000, source=uniform(1, lambda x: x[0]))
    made: Any = experiment.pipeline.made
    batches = [experiment.source.batch(9, Random(t)) for t in range(made.budget.steps)]
    on_counts = descended_on_counts(made, [Counter(batch) for batch in batches], (), made.descent)
    one_by_one = descended(made, batches, (), made.descent)
    assert [on_counts((bit,)) for bit in (0, 1)] == [one_by_one((bit,)) for bit in (0, 1)]
