"""Twins that fall by points alone, counted."""

from pathlib import Path

import pytest

from verify.obligations.user_file import load_file

ROOT = Path(__file__).parents[2]


def test_twins_fall_and_claims_do_not(capsys: pytest.CaptureFixture[str]) -> None:
    module = load_file(ROOT / "benchmarks" / "tries.py")
    assert module.main(["bits", "--tries", "60"]) == 0
    assert "3 claims: 3 of their twins fall by points alone; claims that fall: none" in capsys.readouterr().out
