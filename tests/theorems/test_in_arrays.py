"""Runs in arrays have the law of the runs one by one: the exact rounds, and the same means within their errors."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from constructions.learning.array_draws import RandomWords
from constructions.learning.learners import memoriser
from constructions.learning.learners_in_arrays import Predictions
from constructions.learning.oracles import exact
from constructions.theorems.in_arrays import Blocks, ManyLosses, OneByOne, takes
from constructions.theorems.measure import LATE, LEARNER, ROUNDS, SIMULATED, Experiment, Tally, interval
from constructions.theorems.options import TheoremOptions
from constructions.theorems.pipeline import TheoremSetting
from constructions.theorems.registry import THEOREMS
from constructions.theorems.sampling import extraction_pipeline
from constructions.theorems.task import TheoremTask, prepare

F = Fraction
SMALL: dict[str, Any] = {"bits": 3, "samples": 4, "batch": 3, "noise": "1/10", "delta": "1/8"}
QUERIES: dict[str, Any] = {"bits": 2, "batch": 64, "tau": "1/8", "delta": "1/8", "noise": "1/10"}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "prefix": ("theorem 2a", SMALL),
    "look, memoriser": ("theorem 2a", SMALL | {"extract": "look", "learner": "memoriser"}),
    "often late": ("theorem 2a", SMALL | {"delta": "10", "samples": 6, "learner": "decision-list"}),
    "alternating": ("lemma 1", SMALL | {"learner": "conjunction", "oracle": "highest"}),
    "look, alternating": ("lemma 1", SMALL | {"extract": "look", "learner": "best-of-literals"}),
    "2d": ("theorem 2d", QUERIES),
    "2d, random": ("theorem 2d", QUERIES | {"oracle": "random"}),
    "2d, lowest": ("theorem 2d", QUERIES | {"oracle": "lowest", "batch": 32}),
    "lemma 2": ("lemma 2", QUERIES | {"oracle": "grid"}),
}


def task_of(name: str, **options: Any) -> TheoremTask:
    """What a theorem is asked to do."""
    return prepare(name, THEOREMS[name], TheoremOptions(**options))


def measured(experiment: Experiment, runs: int) -> Tally:
    """The sums of runs in arrays."""
    way, tally = takes(experiment), Tally()
    assert not way.reason
    while tally.runs < runs:
        tally = tally.plus_all(way.runs(tally.runs, runs))
    return tally


@pytest.mark.parametrize("case", [pytest.param(case, marks=[pytest.mark.slow] * (case == "lemma 2")) for case in CASES])
def test_means_are_those_of_the_runs_one_by_one(case: str) -> None:
    name, options = CASES[case]
    task = task_of(name, **options)
    found, reference = measured(task.experiment, 1000 if task.pipeline.repeated else 4000), Tally()
    for i in range(12 if task.pipeline.repeated else 400):
        reference = reference.plus_all([task.experiment.run(i)])
    assert set(found.sums) == set(reference.sums) == set(task.experiment.measures)
    for quantity in found.sums:
        ours, theirs = (interval(tally, quantity, low=F(-1), high=F(10**6)) for tally in (found, reference))
        error = ((ours.error or 0) ** 2 + (theirs.error or 0) ** 2) ** 0.5
        assert abs(float(ours.mean - theirs.mean)) <= 4.5 * error + 1e-12, quantity
    if task.pipeline.exact and case != "often late":
        words = task.experiment.losses.words
        assert words is not None
        rounds = interval(found, ROUNDS, low=F(0), high=F(10**6))
        expected = float(task.pipeline.exact(words)) * task.pipeline.samples
        assert abs(float(rounds.mean) - expected) <= 4.5 * (rounds.error or 0)


@pytest.mark.parametrize("case", ["prefix", "2d, random"])
def test_run_number_i_is_the_same_however_many_are_asked_for(case: str) -> None:
    name, options = CASES[case]
    experiment = task_of(name, **options).experiment
    way = takes(experiment)
    whole = way.runs(0, 256)
    assert len(whole) == 256 and takes(experiment).runs(0, 9) == whole[:9] and way.runs(200, 300) == whole[200:]
    assert len(way.runs(256, 300)) == 44 and way.runs(256, 300) != whole[:44]
    assert takes(replace(experiment, seed=5)).runs(0, 256) != whole


def test_no_samples_and_large_masses_are_measured() -> None:
    found = measured(task_of("theorem 2a", **SMALL | {"samples": 0}).experiment, 10)
    assert found.sums[ROUNDS] == (F(0), F(0))
    task = task_of("theorem 2a", **SMALL | {"noise": f"1/{10**9}", "learner": "memoriser", "samples": 40})
    run = takes(task.experiment).runs(0, 1)[0]
    assert run["learner"].denominator >= 10**9 and 0 <= run["learner"] <= F(1, 2)


@pytest.mark.parametrize("case", ["look, memoriser", "2d, random"])
def test_every_block_draws_anew_for_both_methods(case: str) -> None:
    name, options = CASES[case]
    way = takes(task_of(name, **options).experiment)
    assert isinstance(way, Blocks)
    for quantity in (SIMULATED, LEARNER):
        first, second = ([run[quantity] for run in way.measure(number)] for number in (0, 1))
        assert len(set(first)) > 1 and first != second, quantity


def test_losses_beyond_64_bits_are_exact() -> None:
    """Masses over 2^58, and predictions in sixteenths: each fits, their products with squares do not."""
    scale, bits = 2**58, np.array([0, 1], dtype=np.int64)
    zero, one = np.array([2**57 - 1, 3], dtype=np.int64), np.array([2**57 - 5, 3], dtype=np.int64)
    losses = ManyLosses([(0,), (1,)], bits, zero, one, scale)
    values = np.array([[16, 3], [0, 16], [7, 5]], dtype=np.int64)
    found = losses(Predictions(values, np.full_like(values, 16)))
    rows = [[F(value, 16) for value in row] for row in values.tolist()]
    masses = list(zip(zero.tolist(), one.tolist(), strict=True))
    for loss, row in zip(found, rows, strict=True):
        squares = [no * p**2 + yes * (p - 1) ** 2 for p, (no, yes) in zip(row, masses, strict=True)]
        assert loss == sum(squares) / (2 * scale)


@pytest.mark.parametrize("case", ["2d, random", "lemma 2"])
def test_runs_are_the_same_where_the_method_does_not_say_what_its_queries_depend_on(case: str) -> None:
    name, options = CASES[case]
    way = takes(task_of(name, **options).experiment)
    assert isinstance(way, Blocks)
    runs: Any = getattr(way.measure, "__self__")  # noqa: B009
    silent = replace(runs.averages.method, query_by=None)
    averages = replace(runs.averages, method=silent, _values={})
    assert runs.averages.method.query_by is not None
    assert replace(runs, averages=averages, known={}).measure(1) == runs.measure(1)


REASONS: dict[str, tuple[str, dict[str, Any]]] = {
    "Theorem 2b has no form in arrays": ("theorem 2b", {}),
    "Lemma 5a has no form in arrays": ("lemma 5a", {}),
    "Theorem 2a has no form in arrays": ("theorem 2a", {"extract": "full"}),
    "too many points": ("theorem 2a", {"bits": 12}),
    "too many points to go through": ("lemma 2", {"bits": 17}),
    "more than 62 bits, or masses": ("theorem 2a", {"noise": f"1/{10**20}"}),
    "more than 4096 samples": ("theorem 2a", {"samples": 5000}),
    "more than 1024 points in a batch": ("theorem 2d", {"batch": 2000}),
}


@pytest.mark.parametrize("reason", REASONS)
def test_what_has_no_form_in_arrays_is_taken_one_by_one_and_says_why(reason: str) -> None:
    name, options = REASONS[reason]
    way = takes(task_of(name, **options).experiment)
    assert isinstance(way, OneByOne) and reason in way.reason and way.form == "one by one"


@pytest.mark.parametrize("name", ["theorem 2d", "lemma 2"])
def test_averages_have_their_form_and_exact_errors_at_twelve_bits(name: str) -> None:
    experiment = task_of(name, bits=12, runs=20).experiment
    assert isinstance(takes(experiment), Blocks) and experiment.losses.exact


@pytest.mark.slow
def test_lemma_2_with_twelve_bits_is_measured_in_arrays() -> None:
    task = task_of("lemma 2", bits=12, runs=20, noise="1/10")
    found = takes(task.experiment).runs(0, 20)
    assert len(found) == 20 and {run[ROUNDS] for run in found} == {getattr(task.pipeline.made.budget, "k", None)}
    assert {run[SIMULATED] for run in found} == {run[LEARNER] for run in found} == {F(1, 20)}


def test_an_oracle_or_a_learner_of_ones_own_is_taken_one_by_one() -> None:
    task = task_of("theorem 2a", **SMALL)
    own = replace(task.experiment, oracle=lambda tau, seed: exact)
    assert "the oracle has no form" in takes(own).reason
    setting = TheoremSetting(n=3, b=3, m=4, tau=F(1, 12), delta=F(1, 8))
    rounding = replace(task.experiment, pipeline=extraction_pipeline(setting, memoriser(3, 4, places=2)))
    way = takes(rounding)
    assert "the learner has no form" in way.reason and way.runs(3, 9) == [rounding.run(3)]


def test_runs_of_a_file_are_gone_on_with_in_its_form() -> None:
    experiment = task_of("theorem 2a", **SMALL).experiment
    assert takes(experiment, "one by one").runs(2, 5) == [experiment.run(2)]
    assert takes(experiment, "arrays 1").form == "arrays 1"


def test_a_run_that_takes_all_of_its_rounds_is_not_late() -> None:
    """At a limit that some runs reach exactly: those are as they are, and longer ones are cut and predict 1/2."""
    experiment = task_of("theorem 2a", **SMALL).experiment
    way = takes(experiment)
    assert isinstance(way, Blocks)
    runs: Any = getattr(way.measure, "__self__")  # noqa: B009
    _, rounds = runs._samples(RandomWords(f"{experiment.seed}, block 0, simulated"))
    most = int(np.sort(rounds)[len(rounds) // 2])
    whole, cut = runs.measure(0), replace(runs, most=most).measure(0)
    assert (rounds == most).any() and (rounds > most).any() and (rounds < most).any()
    for taken, one, other in zip(rounds.tolist(), whole, cut, strict=True):
        assert other[LATE] == (taken > most) and other[ROUNDS] == min(taken, most)
        assert other[SIMULATED] == (runs.half if taken > most else one[SIMULATED])
