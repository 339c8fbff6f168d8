"""Runs that are kept come back as they were, and what differs is said."""

from fractions import Fraction
from pathlib import Path

import pytest

from constructions.errors import ConstructionError
from constructions.theorems.kept_runs import Parameters, differences, read_state
from constructions.theorems.measure import Tally
from constructions.theorems.options import TheoremOptions
from constructions.theorems.registry import THEOREMS
from constructions.theorems.task import prepare
from verify.reports.theorem_json import theorem_json
from verify.screen.files import write_json_text


def write_theorem(path: Path, parameters: Parameters, tally: Tally) -> None:
    """Write runs as the command does, with the stages of some theorem."""
    pipeline = prepare("theorem 2b", THEOREMS["theorem 2b"], TheoremOptions(runs=0)).pipeline
    write_json_text(path, theorem_json(parameters, tally, pipeline, []), indent=2)


def test_kept_runs_come_back_exactly(tmp_path: Path) -> None:
    parameters: Parameters = {"bits": 3, "tau": "1/3"}
    tally = Tally(7, {"error": (Fraction(22, 7), Fraction(355, 113))}, "arrays 1")
    write_theorem(tmp_path / "runs.json", parameters, tally)
    assert read_state(tmp_path / "runs.json") == (parameters, tally)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"kind": "querygrad theorem"}', '{"kind": "querygrad theorem", "state": 1}']
)
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text, encoding="utf-8")
    with pytest.raises(ConstructionError, match=r"^need a file that querygrad theorem has written, got "):
        read_state(tmp_path / "other.json")


def test_what_differs_can_be_printed() -> None:
    assert differences({"a": "\x1b[2J"}, {"a": "x" * 300}) == [f"a is '\\x1b[2J', not {'x' * 200}..."]
