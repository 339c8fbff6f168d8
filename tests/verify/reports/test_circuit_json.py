"""The JSON of ``prove --circuit``: its schema is the committed one, and what is written is valid against it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from verify.commands.main import main
from verify.reports.circuit_json import VERSION
from verify.reports.schemas import schema_named

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "proofs_notes" / "schemas" / "prove_circuit.schema.json"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What is written of a good file and of one that cannot be read."""
    place = tmp_path_factory.mktemp("circuits")
    (place / "bad.aag").write_text("aag nonsense\n")
    files = [str(ROOT / "examples" / "c17.bench"), str(place / "bad.aag")]
    assert main(["prove", "--circuit", files[0], "--circuit", files[1], "--json", str(place / "found.json")]) == 2
    return json.loads((place / "found.json").read_text(encoding="utf-8"))


def test_what_is_written_is_valid(written: Any) -> None:
    jsonschema.validate(written, json.loads(SCHEMA.read_text(encoding="utf-8")))
    good, bad = written["circuits"]
    assert (written["version"], written["exit_code"]) == (VERSION, 2)
    assert good["verdict"] == "PROVED" and good["others"] == {"exhaustion": "CHECKED", "one query": "PROVED"}
    assert set(bad) == {"path", "verdict", "error"} and bad["verdict"] == "ERROR"


@pytest.mark.parametrize("change", [{"verdict": "FINE"}, {"more": 1}, {"gates": "six"}, {"shapes": [{"shape": "x"}]}])
def test_what_is_of_another_form_is_not_valid(written: Any, change: dict[str, Any]) -> None:
    wrong = {**written, "circuits": [written["circuits"][0] | change]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema_named("prove_circuit"))
