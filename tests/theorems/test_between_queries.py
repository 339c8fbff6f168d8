"""Theorem 2c and Lemmas 5c, 5d and 7 end to end: stages, budgets and runs."""

from fractions import Fraction
from math import ceil, log

import pytest

from constructions.errors import PremiseError
from constructions.learning.models import FBSQ, SQ
from constructions.theorems.between_queries import rounded_up
from constructions.theorems.measure import EXCESS
from constructions.theorems.options import TheoremOptions
from constructions.theorems.registry import theorem
from constructions.theorems.task import TheoremTask, prepare

F = Fraction
PRINTED = 512 * (12 * log(17) + log(4 * 20))
"""What the paper's proof asks of Lemma 5d for 12 queries, tau = 1/4 and delta = 1/20."""


def task(name: str, **options: object) -> TheoremTask:
    """What ``querygrad theorem`` would do."""
    found, known = theorem(name)
    return prepare(found, known, TheoremOptions(bits=3, **options))  # type: ignore[arg-type]


def numbers(found: TheoremTask) -> dict[str, Fraction | int]:
    """All numbers of the stages."""
    return {name: value for stage in found.pipeline.stages for name, value in stage.numbers}


@pytest.mark.parametrize(
    ("name", "made", "enough", "printed"),
    [
        ("2c", SQ(k=8, tau=F(1, 8)), 128 * log(8 * 20), 128 * log(4 * 8 * 20)),
        ("5c", SQ(k=8, tau=F(1, 8)), 128 * log(8 * 20), 512 * (8 * log(17) + log(4 * 4 * 20))),
        ("5d", FBSQ(k=12, tau=F(1, 8), m=25_000, p=1), 512 * log((4**12 - 1) / 3 * 20), PRINTED),
        ("7", FBSQ(k=24, tau=F(1, 16), m=25_000, p=1, alternating=True), 512 * log((4**12 - 1) / 3 * 20), PRINTED),
    ],
)
def test_both_budgets_are_shown(name: str, made: object, enough: float, printed: float) -> None:
    found = task(name, runs=0)
    shown = numbers(found)
    assert found.pipeline.made.budget == made
    assert (shown["points that are enough"], shown["points, the paper's proof"]) == (ceil(enough), ceil(printed))
    assert shown["chance, fair signs"] <= shown["chance, by the bound"] <= 2 * F(1, 20)
    assert shown["lost, by the bound"] <= shown["delta"] == F(1, 20)


@pytest.mark.parametrize(("name", "size"), [("2c", {"batch": 10**5}), ("5c", {"samples": 10**5})])
def test_the_exact_chance_stands_beside_the_bound_at_any_size(name: str, size: dict[str, int]) -> None:
    found = task(name, runs=0, tau="1/40", **size).strays()
    assert found is not None and (found.queries, found.exactly) == (8, 8)
    assert 0 < found.chance[0] <= found.chance[1] < F(1, 10**9) < found.bound
    assert task("5d", runs=0).strays() is None


@pytest.mark.parametrize(("name", "oracle"), [("2c", "lowest"), ("5c", "random"), ("5d", "highest"), ("7", "exact")])
def test_a_run_loses_no_more(name: str, oracle: str) -> None:
    assert task(name, runs=1, oracle=oracle).experiment.run(0)[EXCESS] <= 0


def test_small_batches_are_refused_in_one_line() -> None:
    with pytest.raises(PremiseError, match=r"need kp exp\(-b tau\^2/8\) <= delta = 1/20, got b = 99"):
        task("2c", batch=99)
    with pytest.raises(PremiseError, match=r"need \(4\^k - 1\)/3 exp\(-m tau\^2/32\) <= delta = 1/20, got m = 99"):
        task("lemma 7", samples=99)


def test_long_fractions_are_rounded_up() -> None:
    assert rounded_up(F(0)) == 0 and F(1, 3) < rounded_up(F(1, 3)) < F(1, 3) + F(1, 10**5)
