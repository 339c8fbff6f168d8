"""The generated table of machines is what the command prints."""

import subprocess
import sys
from pathlib import Path

from constructions.computation.built_in_learners import LEARNERS
from verify.reports.learner_sizes import machines, markdown

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "proofs_notes" / "computation" / "learner_sizes.md"


def test_the_page_is_what_is_written_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_the_command_prints_the_page() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "verify.reports.learner_sizes"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout == PAGE.read_text(encoding="utf-8")


def test_every_learner_has_rows() -> None:
    assert {name for name, *_ in machines()} == set(LEARNERS)
