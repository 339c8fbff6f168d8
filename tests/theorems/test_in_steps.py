"""Theorem 1a with a step for each batch: the pipeline, beside the other ways, and from the command line."""

from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from constructions.errors import PremiseError
from constructions.learning.learners import parity
from constructions.theorems.in_steps import precision_of, step_pipeline
from constructions.theorems.on_models import samples_on_model
from constructions.theorems.pipeline import STEP, TheoremSetting
from constructions.theorems.sampling import extraction_pipeline
from verify.commands.main import cli

F = Fraction


def setting(b: int, rho: Fraction | None) -> TheoremSetting:
    """A setting with a step for each batch."""
    tau = F(1, 4 * b) if rho is None else 3 * rho / 4
    return TheoremSetting(n=6, b=b, m=24, tau=tau, delta=F(1, 20), extract=STEP, alternating=True, rho=rho)


def test_the_budget_stands_beside_those_of_the_other_ways() -> None:
    made = samples_on_model(setting(8, F(1, 16)), parity(6, 24))
    budgets = {row.name: row.budget for row in made.variants}
    steps = {name: getattr(budget, "steps", getattr(budget, "k", None)) for name, budget in budgets.items()}
    assert steps.pop("Result B0") == steps.pop("full, by queries") == 3 and made.simulation.delta == 0
    assert steps and all(many and many > 3 * 24 for many in steps.values())


def test_beyond_two_thirds_no_other_way_is_left() -> None:
    made = step_pipeline(setting(8, F(4, 25)), parity(6, 24))
    assert [row.name for row in made.variants if row.budget] == ["Result B0"]
    with pytest.raises(PremiseError, match="b rho < 4/3"):
        step_pipeline(setting(8, F(1, 6)), parity(6, 24))


def test_without_a_precision_roundings_are_as_coarse_as_tau_allows() -> None:
    assert precision_of(setting(8, None)) == F(1, 24) and precision_of(setting(8, F(1, 9))) == F(1, 9)


def test_theorems_about_queries_refuse_a_step() -> None:
    with pytest.raises(PremiseError, match=r"need theorem 1a .* is proved \(strip.whole.simulates\)"):
        extraction_pipeline(setting(8, None), parity(6, 24))


def test_it_runs_from_the_command_line_on_data_of_the_users(tmp_path: Path) -> None:
    data = tmp_path / "own.csv"
    data.write_text("a,b,c\n0,0,0\n0,1,1\n1,0,0\n1,1,1\n", encoding="utf-8")
    words = ["theorem", "1a", "--extract", "step", "--data", str(data), "--batch", "4", "--rho", "13/40", "--quiet"]
    ran = CliRunner().invoke(cli, [*words, "--samples", "12", "--runs", "2", "--oracle", "highest"])
    assert ran.exit_code == 0, ran.output
    assert "b rho: 13/10" in ran.output and "2 of 2 runs" in ran.output
