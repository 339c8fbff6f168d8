"""The JSON of ``prove --machine``: its schema is the committed one, and what is written is valid against it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.computation.test_turing import FOLDER
from verify.commands.main import main
from verify.reports.machine_json import VERSION
from verify.reports.schemas import schema_named

SCHEMA = Path(__file__).parents[3] / "proofs_notes" / "schemas" / "prove_machine.schema.json"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What is written of a good file and of one that cannot be read."""
    place = tmp_path_factory.mktemp("machines")
    (place / "bad.tm").write_text("blank: _\n")
    files = ["--machine", str(FOLDER / "parity.tm"), "--machine", str(place / "bad.tm")]
    assert main(["prove", *files, "--length", "2", "--time", "3", "--json", str(place / "found.json")]) == 2
    return json.loads((place / "found.json").read_text(encoding="utf-8"))


def test_what_is_written_is_valid(written: Any) -> None:
    jsonschema.validate(written, json.loads(SCHEMA.read_text(encoding="utf-8")))
    good, bad = written["machines"]
    assert (written["version"], written["exit_code"]) == (VERSION, 2)
    assert good["verdict"] == good["network"] == "PROVED" and good["words"]["all"]
    ends = [good["words"][name] for name in ("accepted", "rejected", "out_of_time", "out_of_tape")]
    assert sum(ends) == good["words"]["compared"] == 4
    assert good["tableau"]["gates"] < good["tableau"]["formula"]
    assert set(bad) == {"path", "verdict", "error"} and bad["verdict"] == "ERROR"


@pytest.mark.parametrize("change", [{"verdict": "FINE"}, {"more": 1}, {"rows": "six"}, {"parts": [{"part": "cell"}]}])
def test_what_is_of_another_form_is_not_valid(written: Any, change: dict[str, Any]) -> None:
    wrong = {**written, "machines": [written["machines"][0] | change]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema_named("prove_machine"))
