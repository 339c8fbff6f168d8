"""``querygrad certify`` as a user runs it: its machine is named as ``compile`` takes it, and what it prints."""

import json
import re
from pathlib import Path

import pytest

from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.query_machine import query_machine
from verify.commands.main import main
from verify.recheck.reading import digest

LEARNERS: dict[str, list[str]] = {
    "literal": ["literal", "--bits", "2", "--rho", "1/16"],
    "in another setting": ["correlations", "--bits", "1", "--rho", "1/32", "--setting", "strong"],
    "centred": ["literal", "--bits", "1", "--rho", "1/64", "--setting", "minimal", "--centred"],
    "stopped": ["literal", "--bits", "1", "--rounds", "1", "--fraction", "6"],
    "by queries, a batch": ["query-conjunction", "--bits", "1", "--batch", "2"],
    "from samples": [
        "memoriser",
        "--bits",
        "1",
        "--samples",
        "1",
        "--delta",
        "1/2",
        "--extract",
        "look",
        "--batch",
        "2",
    ],
}
NOT_OF_THE_MACHINE = ("--rho",)


def machine_of(compiled: list[str]) -> list[str]:
    """The options of ``certify`` for what ``compile`` was given: all but the precision, which is the network's."""
    name, *options = compiled
    kept = [
        text
        for i, text in enumerate(options)
        if text not in NOT_OF_THE_MACHINE and (i == 0 or options[i - 1] not in NOT_OF_THE_MACHINE)
    ]
    return ["--machine", name, *kept]


@pytest.mark.parametrize("compiled", LEARNERS.values(), ids=LEARNERS)
def test_a_built_in_learner_is_named_as_it_was_compiled(tmp_path: Path, compiled: list[str]) -> None:
    net, cert, machine = (str(tmp_path / name) for name in ("n.qgn", "n.cert", "m.aag"))
    assert main(["compile", *compiled, "-o", net, "--machine-out", machine]) == 0
    assert main(["certify", net, *machine_of(compiled), "-o", cert]) == 0
    assert json.loads(Path(cert).read_text())["machine"] == Path(machine).read_text()


def test_bits_and_batch_are_the_networks_if_they_are_not_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = str(tmp_path / "n.qgn")
    assert main(["compile", "literal", "--bits", "2", "--batch", "2", "-o", net]) == 0
    capsys.readouterr()
    assert main(["certify", net, "--machine", "literal"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("  certified: for every random string") for line in lines), "the checker's own lines"
    assert main(["certify", net, "--machine", "literal", "--bits", "1", "--search", "0"]) == 1
    assert (
        main(["certify", net, "--machine", "literal", "--setting", "minimal", "--fraction", "9", "--search", "0"]) == 1
    )
    assert main(["certify", net, "--machine", "literal", "--samples", "3"]) == 2
    assert (
        "need options that the learner takes (--bits, --fraction), got --samples, at literal" in capsys.readouterr().err
    )


def test_a_name_that_is_none_and_options_that_a_file_does_not_take(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, machine = str(tmp_path / "n.qgn"), str(tmp_path / "m.aig")
    assert main(["compile", "literal", "--bits", "1", "-o", net, "--machine-out", machine]) == 0
    capsys.readouterr()
    assert main(["certify", net, "--machine", "lateral"]) == 2
    assert "need a learner among best-of-literals, " in capsys.readouterr().err
    assert main(["certify", net, "--machine", machine, "--bits", "1"]) == 2
    assert (
        f"need options that the learner takes (none but --rounds), got --bits, at {machine}" in capsys.readouterr().err
    )
    assert main(["certify", net, "--machine", machine, "--rounds", "1", "--search", "0"]) == 1
    assert main(["certify", machine, "--machine", net]) == 2


@pytest.mark.parametrize("command", [["compile"], ["certify", "n.qgn", "--machine"]])
def test_a_file_without_a_machine_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    path = tmp_path / "plain.aag"
    path.write_text("aag 1 0 1 1 0\n2 2\n2\n")
    (tmp_path / "n.qgn").write_bytes(b"")
    command = [str(tmp_path / "n.qgn") if text == "n.qgn" else text for text in command]
    assert main([*command, str(path), *(["-o", str(tmp_path / "o.qgn")] if command[0] == "compile" else [])]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.endswith(f", at {path}\n")


MACHINE_FILE = """from constructions.computation.formats.aiger import read_aiger
from constructions.computation.query_machine import query_machine


def machine():
    return query_machine(read_aiger(open({path!r}, "rb").read()))
"""
REWRITTEN = "The digest of the machine is of its AIGER text as querygrad writes it, since "


def compiled(folder: Path) -> tuple[str, Path]:
    """A network and its machine's ASCII file, another AIGER program's: the numbers in the comment are in another
    order."""
    net, machine = folder / "n.qgn", folder / "m.aag"
    assert main(["compile", "literal", "--bits", "1", "-o", str(net), "--machine-out", str(machine)]) == 0
    head, mark, numbers = machine.read_text().rpartition("querygrad query machine ")
    machine.write_text(f"{head}{mark}{json.dumps(dict(reversed(json.loads(numbers).items())))}\n")
    return str(net), machine


def other_form(kind: str, machine: Path) -> list[str]:
    """The machine of an ASCII file, named in another way; of ``loose.aag`` two ANDs are exchanged, so that they do
    not ascend."""
    found, data = machine.with_name(f"other{Path(kind).suffix}"), machine.read_bytes()
    if kind == "file.py":
        found.write_text(MACHINE_FILE.format(path=str(machine)))
    elif kind == "file.aig":
        found.write_bytes(write_aiger(query_machine(read_aiger(data)).aiger(), binary=True))
    elif kind == "loose.aag":
        found.write_bytes(re.sub(rb"\n(\d+ \d+ \d+)\n(\d+ \d+ \d+)\n", rb"\n\2\n\1\n", data, count=1))
        assert found.read_bytes() != data
    elif kind == "options.aag":
        found.write_bytes(data)
        return [str(found), "--rounds", "1", "--search", "0"]
    else:
        return ["literal"]
    return [str(found)]


SINCE = {
    "file.py": "{} is not an ASCII AIGER file.",
    "file.aig": "{} is not an ASCII AIGER file.",
    "built-in": "{} is a built-in learner.",
    "loose.aag": "{} is not of the grammar that the checker reads.",
    "options.aag": "options changed the machine in {}.",
}


@pytest.mark.parametrize("kind", SINCE)
def test_screen_and_json_say_why_a_machine_was_written_anew_before_its_digest_was_taken(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, machine = compiled(tmp_path)
    named, cert = other_form(kind, machine), tmp_path / "n.json"
    capsys.readouterr()
    code = main(["certify", net, "--machine", *named, "--json", str(cert)])
    said, sentence = capsys.readouterr().out, REWRITTEN + SINCE[kind].format(named[0])
    assert code == (1 if kind == "options.aag" else 0) and said.splitlines().count(sentence) == 1
    found = json.loads(cert.read_text())
    assert (found["machine_text"] if code else found["about"]["machine"]["text"]) == sentence
    digests = {digest(machine.read_bytes()), digest((tmp_path / named[0]).read_bytes()) if "." in kind else ""}
    assert (found["machine"] if code else digest(found["machine"].encode())) not in digests


@pytest.mark.parametrize("wrong", [False, True], ids=["certified", "refused"])
def test_of_an_ascii_file_that_is_taken_as_it_is_nothing_is_said(
    wrong: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, machine = compiled(tmp_path)
    cert, other = tmp_path / "n.json", str(tmp_path / "other.qgn")
    if wrong:
        assert main(["compile", "literal", "--bits", "1", "--rounds", "1", "-o", other]) == 0
    capsys.readouterr()
    assert main(
        ["certify", other if wrong else net, "--machine", str(machine), "--search", "0", "--json", str(cert)]
    ) == int(wrong)
    said, found = capsys.readouterr().out, json.loads(cert.read_text())
    assert "as querygrad writes it" not in said + cert.read_text()
    assert (found["machine"] if wrong else digest(found["machine"].encode())) == digest(machine.read_bytes())
    assert wrong or digest(machine.read_bytes()) in said


def test_the_checker_speaks_in_lines_and_nothing_in_the_working_directory_speaks_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    net, machine = compiled(tmp_path)
    place = tmp_path / "place"
    place.mkdir()
    for name in ("json.py", "numpy.py", "verify.py"):
        (place / name).write_text("raise SystemExit(0)")
    monkeypatch.chdir(place)
    capsys.readouterr()
    assert main(["certify", net, "--machine", str(machine)]) == 0
    said = capsys.readouterr().out
    lines = [line.strip() for line in said.splitlines()]
    assert "\\n" not in said and f"network: sha256 {digest(Path(net).read_bytes())}" in lines
    assert any(line.startswith("certified: for every random string") for line in lines)
