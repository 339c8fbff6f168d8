"""``querygrad certify`` as a user runs it: its machine is named as ``compile`` takes it, and what it prints."""
import json
from pathlib import Path

import pytest

from verify.cli import main

LEARNERS: dict[str, list[str]] = {
    "literal": ["literal", "--bits", "2", "--rho", "1/16"],
    "in another setting": ["correlations", "--bits", "1", "--rho", "1/32", "--setting", "strong"],
    "centred": ["literal", "--bits", "1", "--rho", "1/64", "--setting", "minimal", "--centred"],
    "stopped": ["literal", "--bits", "1", "--rounds", "1", "--fraction", "6"],
    "by queries, a batch": ["query-conjunction", "--bits", "1", "--batch", "2"],
    "from samples": ["memoriser", "--bits", "1", "--samples", "1", "--delta", "1/2", "--extract", "look", "--batch", "2"],
}
NOT_OF_THE_MACHINE = ("--rho",)


def machine_of(compiled: list[str]) -> list[str]:
    """The options of ``certify`` for what ``compile`` was given: all but the precision, which is the network's."""
    name, *options = compiled
    kept = [
        text for i, text in enumerate(options)
        if text not in NOT_OF_THE_MACHINE and (i == 0 or options[i - 1] not in NOT_OF_THE_MACHINE)
    ]  # fmt: skip
    return ["--machine", name, *kept]


@pytest.mark.parametrize("compiled", LEARNERS.values(), ids=LEARNERS)
def test_a_built_in_learner_is_named_as_it_was_compiled(tmp_path: Path, compiled: list[str]) -> None:
    net, cert, machine = (str(tmp_path / name) for name in ("n.qgn", "n.cert", "m.aag"))
    assert main(["compile", *compiled, "-o", net, "--machine-out", machine]) == 0
    assert main(["certify", net, *machine_of(compiled), "-o", cert]) == 0
    assert json.loads(Path(cert).read_text())["machine"] == Path(machine).read_text()


def test_bits_and_batch_are_the_networks_if_they_are_not_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net = str(tmp_path / "n.qgn")
    assert main(["compile", "literal", "--bits", "2", "--batch", "2", "-o", net]) == 0
    assert main(["certify", net, "--machine", "literal"]) == 0
    assert main(["certify", net, "--machine", "literal", "--bits", "1", "--search", "0"]) == 1
    assert main(["certify", net, "--machine", "literal", "--setting", "minimal", "--fraction", "9", "--search", "0"]) == 1
    assert main(["certify", net, "--machine", "literal", "--samples", "3"]) == 2
    assert "need options that the learner takes (--bits, --fraction), got --samples, at literal" in capsys.readouterr().err


def test_a_name_that_is_none_and_options_that_a_file_does_not_take(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net, machine = str(tmp_path / "n.qgn"), str(tmp_path / "m.aig")
    assert main(["compile", "literal", "--bits", "1", "-o", net, "--machine-out", machine]) == 0
    capsys.readouterr()
    assert main(["certify", net, "--machine", "lateral"]) == 2
    assert "need a learner among best-of-literals, " in capsys.readouterr().err
    assert main(["certify", net, "--machine", machine, "--bits", "1"]) == 2
    assert f"need options that the learner takes (none but --rounds), got --bits, at {machine}" in capsys.readouterr().err
    assert main(["certify", net, "--machine", machine, "--rounds", "1", "--search", "0"]) == 1
    assert main(["certify", machine, "--machine", net]) == 2


@pytest.mark.parametrize("command", [["compile"], ["certify", "n.qgn", "--machine"]])
def test_a_file_without_a_machine_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    path = tmp_path / "plain.aag"
    path.write_text("aag 1 0 1 1 0\n2 2\n2\n")
    (tmp_path / "n.qgn").write_bytes(b"")
    command = [str(tmp_path / "n.qgn") if text == "n.qgn" else text for text in command]
    assert main([*command, str(path), *(["-o", str(tmp_path / "o.qgn")] if command[0] == "compile" else [])]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.endswith(f", at {path}\n")
