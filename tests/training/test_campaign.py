"""Small campaigns of training runs, every learner, setting and adversary; the edge of counting."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from constructions.networks.queries import DYADIC, MINIMAL, REPAIRED, STRONG
from constructions.training.adversaries import NAMED, EdgeChoice
from constructions.training.following import FollowedRun
from verify.obligations.user_file import load_file

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def module() -> ModuleType:
    return load_file(BENCHMARKS / "campaign.py")


@pytest.fixture(scope="module")
def edge() -> ModuleType:
    return load_file(BENCHMARKS / "edge.py")


def small_cases(module: ModuleType) -> tuple[Any, ...]:
    kept = {case.name: case for case in module.CASES}
    literal = module.Case(name="literal", learner="literal", n=2, b=3, problem="literal", options={"n": 2})
    return literal, kept["from a user's file"]


def more_cases(module: ModuleType) -> tuple[Any, ...]:
    kept = {case.name: case for case in module.CASES}
    signed = replace(kept["signed correlations, n=3"], name="signed", n=2, b=5, options={"n": 2})
    fixed = replace(kept["fbGD, 24 rows, conjunction"], name="fixed", n=2, b=11, options={"n": 2})
    return signed, fixed, kept["from AIGER (conjunction)"], kept["best literal, n=4"]


def test_a_small_campaign_has_no_mismatch_and_is_not_run_twice(module: ModuleType, tmp_path: Path) -> None:
    target = tmp_path / "runs.jsonl"
    said: list[str] = []
    rows = module.campaign(small_cases(module), target, runs=1, tell=said.append)
    assert len(rows) == 6 * len(NAMED) and all(row["as wanted"] and row["failure"] is None for row in rows)
    assert {row["adversary"] for row in rows} == set(NAMED) and {row["setting"] for row in rows} == {
        s.name for s in REPAIRED
    }
    assert len(target.read_text().splitlines()) == len(rows)
    lines = module.summary(rows)
    assert lines[-2].startswith(f"under 50,000 vertices: {len(rows)} runs") and "0 not as wanted" in lines[-2]
    again = module.campaign(small_cases(module), target, runs=1, tell=said.append)
    assert said[-1] == f"0 runs to do, {len(rows)} done before" and again == rows


def test_a_stopped_campaign_goes_on(module: ModuleType, tmp_path: Path) -> None:
    target, case = tmp_path / "runs.jsonl", small_cases(module)[0]
    whole = module.campaign((case,), target, runs=1, tell=lambda text: None)
    lines = target.read_text().splitlines()
    target.write_text("\n".join(lines[:7]) + "\n")
    rest = module.campaign((case,), target, runs=1, tell=lambda text: None)
    assert [{**row, "seconds": 0} for row in rest] == [{**row, "seconds": 0} for row in whole]


def test_as_printed_the_same_runs_fail_where_the_errata_say(module: ModuleType, tmp_path: Path) -> None:
    case = replace(small_cases(module)[0], settings=tuple(module.PRINTED))
    rows = module.campaign((case,), tmp_path / "printed.jsonl", runs=1, tell=lambda text: None)
    assert {(row["setting"], row["failed at"]) for row in rows} == {("as printed", 1), ("only vc mended", 2)}
    assert all(row["as wanted"] for row in rows)
    assert all("no derivative" in row["failure"] for row in rows if row["setting"] == "as printed")
    assert all("the output is" in row["failure"] for row in rows if row["setting"] != "as printed")


def test_a_mismatch_is_counted(module: ModuleType, tmp_path: Path) -> None:
    case = replace(small_cases(module)[0], settings=("dyadic",))
    target = tmp_path / "runs.jsonl"
    (row, *rest) = module.campaign((case,), target, runs=1, tell=lambda text: None)
    wrong = {**row, "as wanted": False, "failure": "made up", "failed at": 1}
    target.write_text("\n".join(json.dumps(entry) for entry in (wrong, *rest)) + "\n")
    rows = module.campaign((case,), target, runs=1, tell=lambda text: None)
    assert "1 not as wanted" in module.summary(rows)[-2]


@pytest.mark.slow
def test_a_medium_campaign_has_no_mismatch(module: ModuleType, tmp_path: Path) -> None:
    rows = module.campaign(more_cases(module), tmp_path / "runs.jsonl", runs=2, tell=lambda text: None)
    assert len(rows) == 11 * 2 * len(NAMED) and all(row["as wanted"] for row in rows)
    assert {row["batch"] for row in rows} == {3, 5, 8, 11} and min(row["low"] for row in rows) < 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["parity, n=3", "decision-list, n=3", "memoriser, n=2", "conjunction, n=3", "best-of-literals, n=3"]
)
def test_learners_that_draw_samples(name: str, module: ModuleType, tmp_path: Path) -> None:
    case = next(case for case in module.CASES if case.name.startswith(name))
    for setting in (DYADIC, MINIMAL):
        plan = case.plan(setting.name)
        for seed, adversary in enumerate(("random", "up", "apart-alternating")):
            assert module.run(case, plan, adversary=adversary, seed=seed).failure is None


@pytest.mark.parametrize(
    ("setting", "bound"), [(DYADIC, Fraction(8, 25)), (STRONG, Fraction(8, 25)), (MINIMAL, Fraction(1, 5))]
)
def test_the_bound_on_b_rho_is_the_one_of_the_centred_tolerance(
    setting: object, bound: Fraction, edge: ModuleType
) -> None:
    for b in (10, 60, 200):
        inside = edge.last_inside(setting, b)
        assert b * inside < bound and b * edge.decoder_at(setting, inside).tolerance < Fraction(1, 2)
        outside = Fraction(1, int(1 / inside) - 2)
        assert b * edge.decoder_at(setting, outside).tolerance >= Fraction(1, 2)


@pytest.mark.parametrize("setting", [DYADIC, MINIMAL], ids=lambda setting: setting.name)
def test_every_count_is_right_inside(setting: object, edge: ModuleType) -> None:
    inside = edge.last_inside(setting, 24)
    assert next(edge.misread(edge.decoder_at(setting, inside), 24), None) is None


@pytest.mark.parametrize(
    ("setting", "n", "wrong", "read"), [(DYADIC, 625, 7, 8), (STRONG, 625, 7, 8), (MINIMAL, 998, 150, 151)]
)
def test_just_outside_a_found_adversary_makes_a_trained_count_wrong(
    setting: object, n: int, wrong: int, read: int, edge: ModuleType
) -> None:
    outside, found = edge.first_outside(setting, 200)
    assert (outside, found.wrong, found.read) == (Fraction(1, n), wrong, read)
    plan = edge.edge_plan(setting, 200, outside)
    assert edge.run(plan, wrong, seed=0, adversary=edge.picks(plan, found))[1] == read


@pytest.mark.parametrize("setting", [DYADIC, STRONG, MINIMAL], ids=lambda setting: setting.name)
def test_the_entry_that_is_searched_is_the_one_that_training_meets(setting: object, edge: ModuleType) -> None:
    rho, b = Fraction(1, 150), 30
    plan, met = edge.edge_plan(setting, b, rho), []

    def watch(choice: EdgeChoice) -> Fraction:
        if choice.head == int(plan.starts[0]) + 1 + plan.decoder.bits and choice.step == 1:
            met.append(choice.value)
        return choice.valid[0]

    for wrong in (0, 11, 30):
        edge.run(plan, wrong, seed=1, adversary=watch)
    assert met == [-edge.entry(setting, rho, b, wrong, b) for wrong in (0, 11, 30)]


@pytest.mark.slow
@pytest.mark.parametrize("setting", [DYADIC, STRONG, MINIMAL], ids=lambda setting: setting.name)
def test_just_inside_no_adversary_makes_a_count_wrong(setting: object, edge: ModuleType) -> None:
    assert edge.counted(edge.edge_plan(setting, 200, edge.last_inside(setting, 200)), runs=1) == (len(NAMED), 0)


@pytest.mark.parametrize(
    ("setting", "failed_at", "wanted"),
    [
        ("dyadic", None, True),
        ("dyadic", 2, False),
        ("as printed", 1, True),
        ("as printed", 2, False),
        ("only vc mended", None, False),
    ],
)
def test_a_run_is_as_wanted_if_it_fails_where_the_errata_say_and_nowhere_else(
    setting: str, failed_at: int | None, wanted: bool, module: ModuleType
) -> None:
    assert module.as_wanted(setting, FollowedRun(steps=2, failed_at=failed_at)) is wanted
