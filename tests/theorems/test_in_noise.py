"""Theorem 1a with batches that are read with errors: the pipeline, and from the command line."""

from fractions import Fraction

import pytest
from click.testing import CliRunner

from constructions.errors import PremiseError
from constructions.learning.learners import parity
from constructions.learning.models import PAC
from constructions.strip.family import balances
from constructions.theorems.in_noise import batches_there_are, noisy_pipeline
from constructions.theorems.on_models import samples_on_model
from constructions.theorems.pipeline import NOISY, TheoremSetting
from constructions.theorems.sampling import extraction_pipeline
from tests.house.rules import ROOT
from verify.commands.main import cli

F = Fraction


def setting(n: int, b: int, rho: Fraction) -> TheoremSetting:
    """A setting in which batches are read with errors."""
    return TheoremSetting(n=n, b=b, m=3 * b, tau=3 * rho / 4, delta=F(1, 20), extract=NOISY, alternating=True, rho=rho)


def test_batches_are_counted() -> None:
    for n, b in ((1, 1), (1, 4), (2, 3), (3, 2)):
        assert batches_there_are(n, b) == len(list(balances(n, b)))


def test_the_pipeline_says_how_it_searches_and_its_budget_is_that_of_any_sample() -> None:
    few, many = (
        samples_on_model(setting(2, 3, F(3, 4)), parity(2, 9)),
        samples_on_model(setting(4, 8, F(1, 4)), parity(4, 24)),
    )
    assert "all batches" in few.stages[2].does and "HiGHS" in many.stages[2].does
    assert few.replaces and few.simulation.budget(PAC(m=9)) == few.made.budget
    assert few.simulation.budget(PAC(m=30)).steps == 10  # type: ignore[union-attr]
    with pytest.raises(PremiseError, match="need 1 to 10 bits"):
        noisy_pipeline(setting(11, 2, F(1, 4)), parity(11, 6))
    with pytest.raises(PremiseError, match="need theorem 1a for a step"):
        extraction_pipeline(setting(2, 3, F(3, 4)), parity(2, 9))


@pytest.mark.parametrize("learner", [[], ["--learner", str(ROOT / "examples" / "fewest_disagreements.py")]])
def test_it_runs_from_the_command_line_above_four_thirds(learner: list[str]) -> None:
    words = ["theorem", "1a", "--extract", "noisy", "--bits", "2", "--batch", "4", "--rho", "1/2", "--quiet", *learner]
    ran = CliRunner().invoke(cli, [*words, "--samples", "12", "--runs", "2", "--oracle", "highest"])
    assert ran.exit_code == 0, ran.output
    assert "b rho: 2 " in ran.output and "2 of 2 runs" in ran.output
    assert "Result B bounds the error of A' by that of A on samples of which points are replaced" in ran.output
    (line,) = (line for line in ran.output.splitlines() if line.startswith("error, A' - A"))
    assert "<=" not in line
