"""Every network of the training campaign: certified if repaired, as printed refused where the errata say."""

from pathlib import Path
from types import ModuleType

import pytest

from verify.obligations.user_file import load_file


@pytest.fixture(scope="module")
def module() -> ModuleType:
    return load_file(Path(__file__).parents[2] / "benchmarks" / "certify_all.py")


def test_small_cases_come_out_as_they_should_and_are_checked_again(module: ModuleType) -> None:
    cases = [
        case
        for case in module.CAMPAIGN.CASES
        if case.name in ("from a user's file", "memoriser, n=2, m=3 (prefix, b=2)")
    ]
    found = list(module.rows(cases[:1], second=True)) + list(module.rows(cases[1:]))
    assert len(cases) == 2 and len(found) == 10 and all(row.wanted for row in found)
    assert [row.found[:12] for row in found[:5]] == ["certified, a"] * 3 + ["refused: (d)", "refused: (c)"]


def test_a_network_that_comes_out_otherwise_is_told(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REFUSED", {"as printed": "c"})
    cases = [case for case in module.CAMPAIGN.CASES if case.name == "from a user's file"]
    assert [row.wanted for row in module.rows(cases)] == [True] * 3 + [False]


@pytest.mark.slow
@pytest.mark.parametrize("anew", [False, True])
def test_all_cases_come_out_as_they_should(module: ModuleType, anew: bool) -> None:
    wrong = [row for row in module.rows(module.CAMPAIGN.CASES, anew=anew) if not row.wanted]
    assert not wrong


@pytest.mark.slow
def test_the_large_cases_too(module: ModuleType) -> None:
    found = list(module.rows(module.CAMPAIGN.LARGE))
    assert len(found) == 6 and all(row.wanted and row.calls == 0 for row in found)
