"""The JSON of a run: its schema is the committed one, and what is written is valid against it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from constructions.errors import ConstructionError
from verify.commands.main import main
from verify.discharge.one import discharge
from verify.discharge.result import Result
from verify.discharge.result_json import from_json
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import BAD_INPUT, Fault, Verdict
from verify.reports.files import VERSION, RunReport, write_json
from verify.reports.schemas import schema_named

pytestmark = pytest.mark.usefixtures("no_workers")
SCHEMA = Path(__file__).parents[3] / "proofs_notes" / "schemas" / "prove.schema.json"


@pytest.fixture(scope="module")
def results() -> list[Result]:
    """A proved claim, a refuted one whose vertex leaves its piece, one without a verdict, and one that is lowered."""
    obligations = paper_obligations()
    good, printed = discharge(obligations["sigma.figure"]), discharge(obligations["lemma3b.vc.printed"])
    error = replace(good, id="made.error", claim=None, twin=None, error=Fault(BAD_INPUT, "need this, got that"))
    lowered = replace(good, id="made.low", lowered={"made.error": Verdict.UNKNOWN}, wanted=Verdict.CHECKED)
    return [good, printed, error, lowered]


@pytest.fixture
def written(results: list[Result], tmp_path: Path) -> Any:
    """What is written of them."""
    write_json(tmp_path / "run.json", results, wall=1.0, seconds=60)
    return json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))


def test_what_is_written_is_valid_and_read_back(written: Any, results: list[Result]) -> None:
    jsonschema.validate(written, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert written["version"] == VERSION
    rows = from_json(written, RunReport).results
    assert [row.shown_verdict for row in rows] == ["PROVED", "REFUTED", "ERROR", "UNKNOWN"]
    assert [row.claim for row in rows] == [result.claim for result in results], "rationals are exact on both sides"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda run: run.update(version=1), "version"),
        (lambda run: run.pop("results"), "results"),
        (lambda run: run["results"][0].update(verdict="FINE"), "verdict"),
        (lambda run: run["results"][0].update(more=1), "more"),
        (lambda run: run["results"][1]["claim"]["counterexample"].update(adjoint="1/0"), "1/0"),
        (lambda run: run["results"][1]["claim"]["counterexample"].update(adjoint=0.5), "0.5"),
        (lambda run: run["results"][1]["claim"]["facts"][0].update(effort="3"), "effort"),
        (lambda run: run["results"][2]["error"].update(kind="else"), "kind"),
    ],
)
def test_what_is_not_of_the_form_is_neither_valid_nor_read(written: Any, change: Any, said: str) -> None:
    change(written)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, schema_named("prove"))
    with pytest.raises(ConstructionError, match=f"^need JSON of the kind RunReport, got something else: .*{said}"):
        from_json(written, RunReport)


def test_what_the_command_writes_is_valid(own_cache: Path, tmp_path: Path) -> None:
    assert main(["prove", "bits.add.cell", "lemma3b.vc.printed", "--jobs", "1", "--json", str(tmp_path / "run")]) == 0
    found = json.loads((tmp_path / "run").read_text(encoding="utf-8"))
    jsonschema.validate(found, schema_named("prove"))
    rows = {row["id"]: row for row in found["results"]}
    assert rows["bits.add.cell"]["lowered"] == {"bits.cells": "CHECKED"} and rows["bits.add.cell"]["as_expected"]
