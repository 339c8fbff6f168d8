"""The schemas of everything that commands write as JSON: the committed ones are those of the types, each says its
version, and what each command writes is valid against its own."""

import json
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from tests.house.rules import ROOT
from verify.commands import main as cli
from verify.commands.main import main
from verify.reports import schemas
from verify.reports.schemas import FORMS, schema_named, text_of_schema

pytestmark = pytest.mark.usefixtures("no_workers")
FOLDER = ROOT / "proofs_notes" / "schemas"
LITERAL = "compile literal --bits 1 --batch 1 --rho 1/16"
THEOREMS = (
    *(f"{number}{letter} --runs 0" for number in "123" for letter in "abcd"),
    *(f"lemma {name} --runs 0" for name in ["1", "2", "3a", "4", "5a", "5b", "5c", "5d", "6", "7", "12a", "13"]),
    "1a --bits 1 --samples 1 --runs 1",
    "1a --as network --bits 1 --samples 1 --runs 0",
    "2a --training-set 40 --samples 2 --bits 2 --runs 2",
)
QUICK = {
    "lowerbound": [("lowerbound literal --bits 2 --json FILE", 0)],
    "lowerbound_transcript": [("lowerbound query-conjunction --bits 2 --tau 1/8 -o FILE", 0)],
    "sweep": [("sweep --bits 2 --batches 1 --precisions 1/2 --learners parity --runs 1 --jobs 1 -q -o FILE", 0)],
    "theorem": [("theorem 2a --bits 2 --samples 2 --runs 2 --json FILE", 0)],
    "prove": [("prove sigma.figure --jobs 1 --json FILE", 0)],
}
SLOW = {
    "certify": [(f"{LITERAL} -o a.qgn", 0), ("certify a.qgn --machine literal --json FILE", 0)],
    "certify_refusal": [
        (f"{LITERAL} --setting printed -o b.qgn", 0),
        ("certify b.qgn --machine literal --json FILE", 1),
    ],
    "margins": [("margins not --json FILE", 0)],
    "mutate": [("mutate sigma.figure --most 1 --seed 1 -q --json FILE", 0)],
    "prove_circuit": [(f"prove --circuit {ROOT}/examples/c17.bench --json FILE", 0)],
    "prove_machine": [(f"prove --machine {ROOT}/examples/turing/busy_beaver.tm --length 2 --time 5 --json FILE", 0)],
    "theorem": [(f"theorem {item} --json FILE", 0) for item in THEOREMS],
}
OPTIONAL = "machine_text"
"""A field of a refusal that need not be there."""
CASES = [
    *(pytest.param(name, runs, id=name) for name, runs in QUICK.items()),
    *(pytest.param(name, runs, id=f"{name}-slow", marks=pytest.mark.slow) for name, runs in SLOW.items()),
]


def test_the_committed_schemas_are_those_of_the_types() -> None:
    files = {f"{name}.schema.json": text_of_schema(name) for name in FORMS}
    kept = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}
    assert kept == files, "write them again: make reference"


def test_a_schema_is_printed_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert schemas.main(["sweep"]) == 0 and json.loads(capsys.readouterr().out) == schema_named("sweep")
    assert schemas.main([]) == schemas.main(["sweep", "no_such"]) == 2
    assert capsys.readouterr().err.splitlines()[1].endswith("got no_such")


@pytest.mark.parametrize("name", FORMS)
def test_a_schema_is_one_and_wants_its_version(name: str) -> None:
    schema = schema_named(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    top = schema["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    version = "format" if "format" in top["properties"] else "version"
    assert version in top["required"] and len(top["properties"][version]["enum"]) == 1
    assert top["additionalProperties"] is False and top["description"]


def test_each_command_that_writes_json_has_its_schema_and_a_run_here() -> None:
    context = click.Context(cli.cli)
    commands = {name: cli.cli.get_command(context, name) for name in cli.cli.list_commands(context)}
    with_json = {name for name, each in commands.items() if each and any("--json" in one.opts for one in each.params)}
    assert with_json <= set(FORMS) and set(QUICK) | set(SLOW) == set(FORMS)
    ran = {run.split()[0] for runs in (*QUICK.values(), *SLOW.values()) for run, _ in runs if "--json FILE" in run}
    assert ran == with_json


@pytest.mark.parametrize(("name", "runs"), CASES)
def test_what_a_command_writes_is_valid(
    name: str, runs: list[tuple[str, int]], own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))
    for number, (run, code) in enumerate(runs):
        assert main(run.replace("FILE", f"{number}.json").split()) == code
        if "FILE" in run:
            written = json.loads(Path(f"{number}.json").read_text("utf-8"))
            jsonschema.validate(written, schema)
            for wrong in wrongs(written):
                with pytest.raises(jsonschema.ValidationError):
                    jsonschema.validate(wrong, schema)


def wrongs(written: dict[str, Any]) -> list[dict[str, Any]]:
    """Without one of its fields, with a field too many, and of another version."""
    version = "format" if "format" in written else "version"
    less = [{name: value for name, value in written.items() if name != left} for left in written if left != OPTIONAL]
    return [*less, written | {"more": 1}, written | {version: 0}]
