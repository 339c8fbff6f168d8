"""``--json`` is one option: a file, or ``-`` for standard output, which then gets nothing else."""

import json
from pathlib import Path

import click
import pytest

from verify.commands.main import cli, main

pytestmark = pytest.mark.usefixtures("no_workers")
C17 = str(Path(__file__).parents[3] / "examples" / "c17.bench")
BY_COMMAND = {
    "prove": [["prove", "sigma.figure"], ["prove", "--circuit", C17]],
    "mutate": [["mutate", str(Path(__file__).parents[3] / "examples" / "latch.py"), "--most", "1"]],
    "margins": [["margins", "not"]],
    "lowerbound": [["lowerbound", "literal", "--bits", "2"]],
    "theorem": [["theorem", "2a", "--bits", "2", "--samples", "2", "--runs", "5"], ["theorem", "2b", "--runs", "0"]],
    "certify": [
        ["certify", "NET", "--machine", "literal"],
        ["certify", "NET", "--machine", "literal", "--rounds", "1", "--search", "0"],
    ],
}
CASES = [arguments for cases in BY_COMMAND.values() for arguments in cases]


@pytest.fixture
def net(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """A small network."""
    path = str(tmp_path / "n.qgn")
    assert main(["compile", "literal", "--bits", "1", "-o", path]) == 0
    capsys.readouterr()
    return path


def test_the_commands_with_the_option_are_these() -> None:
    context = click.Context(cli)
    found = {
        name
        for name in cli.list_commands(context)
        for param in (cli.get_command(context, name) or cli).params
        if "--json" in param.opts
    }
    assert found == set(BY_COMMAND)


@pytest.mark.parametrize("arguments", CASES, ids=" ".join)
def test_a_dash_puts_json_and_nothing_else_on_standard_output(
    net: str,
    own_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [net if text == "NET" else text for text in arguments]
    code = main([*given, "--json", "-"])
    shown = capsys.readouterr()
    assert json.loads(shown.out) and shown.err == "" and not Path("-").exists()
    assert main([*given, "--json", "./-"]) == code
    assert json.loads(Path("-").read_text()).keys() == json.loads(shown.out).keys()
    assert capsys.readouterr().out


@pytest.mark.parametrize("arguments", CASES, ids=" ".join)
def test_what_looks_like_an_option_is_no_file(
    net: str,
    own_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [net if text == "NET" else text for text in arguments]
    assert main([*given, "--json", "--search"]) == 2
    shown = capsys.readouterr()
    assert "need a file or - for standard output, got '--search'" in shown.err and not shown.out
    assert not Path("--search").exists()


def test_runs_that_are_gone_on_with_go_to_standard_output_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.json"
    assert main(["theorem", "2a", "--bits", "2", "--samples", "2", "--runs", "3", "--json", str(kept)]) == 0
    before = kept.read_bytes()
    capsys.readouterr()
    assert main(["theorem", "2a", "--resume", str(kept), "--runs", "5", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["state"]["runs"] == 5 and kept.read_bytes() == before
