"""Turing machines on the command line: proved, compiled, drawn; what is wrong gets one clear line and exit code 2."""

from pathlib import Path

import networkx as nx
import pytest

from constructions.computation.formats.files import read_machine
from tests.computation.test_turing import FOLDER
from verify.commands.main import main

PALINDROME, COPY = str(FOLDER / "palindrome.tm"), str(FOLDER / "copy.tm")


def test_a_machine_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "--machine", PALINDROME, "--length", "5", "--time", "21"]) == 0
    out = capsys.readouterr().out
    assert "formula   45980 gates: 483 cells x 95" in out
    assert "32 words (all there are) were compared with the machine's own steps: 8 are accepted, 24 are rejected" in out
    assert "PROVED: the network computes the circuit" in out


def test_states_that_are_never_entered_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "misspelled.tm"
    path.write_text("blank: _\ninput: 0 1\nstart: go\naccept: yes\ngone 0 -> yes 0 R\n")
    assert main(["prove", "--machine", str(path), "--length", "1", "--time", "1"]) == 0
    assert "note      no rows lead from the first state to 'gone', 'yes'" in capsys.readouterr().out


def test_words_that_are_cut_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "--machine", COPY, "--length", "3", "--time", "20"]) == 0
    assert "8 run out of time, and 0 run out of tape. Words that run out are told by" in capsys.readouterr().out
    assert main(["prove", "--machine", COPY, "--length", "3", "--time", "40", "--right", "3"]) == 0
    assert "0 run out of time, and 8 run out of tape. Words that run out are told by" in capsys.readouterr().out


def test_palindromes_of_sixteen_symbols_are_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "--machine", PALINDROME, "--length", "16", "--time", "200"]) == 0
    assert "formula   3838822 gates: 40400 cells x 95" in capsys.readouterr().out


def test_a_machine_is_compiled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "palindrome.aag"
    assert main(["compile", PALINDROME, "--length", "3", "--time", "10", "-o", str(path)]) == 0
    assert f"wrote {path}" in capsys.readouterr().out
    circuit = read_machine(path).circuit
    for number in range(8):
        bits = [number >> i & 1 for i in range(3)]
        found = circuit.evaluate({f"x[{i}]": bit for i, bit in enumerate(bits)})
        assert found == {"accepted": int(bits == bits[::-1]), "out_of_time": 0, "out_of_tape": 0}


@pytest.mark.parametrize("ending", ["svg", "png", "dot", "graphml"])
def test_a_run_is_drawn(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"run.{ending}"
    assert main(["draw", PALINDROME, "--word", "0110", "-o", str(path)]) == 0
    assert path.stat().st_size > 500
    if ending == "graphml":
        graph = nx.read_graphml(path)
        assert (len(graph), graph.nodes["0"]["tape"], graph.nodes["15"]["state"]) == (16, "[0]110", "yes")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["prove", "--machine", "none.tm", "--length", "1", "--time", "1"], "got none, at none.tm"),
        (["prove", "--machine", COPY, "--length", "1"], "need --length and --time for a Turing machine, got no --time"),
        (
            ["prove", "--length", "1"],
            "need --machine with --length, --time, --left, --right, --json and --seconds only, got no",
        ),
        (
            ["prove", "lemma10", "--machine", COPY],
            "need --machine with --length, --time, --left, --right, --json and --seconds",
        ),
        (
            ["prove", "--machine", COPY, "--length", "4", "--time", "9", "--right", "2"],
            "need a tape that holds the word",
        ),
        (["prove", "--machine", COPY, "--length", "4", "--time", "99999"], "need a tableau of at most 200000000 gates"),
        (
            ["compile", COPY, "--time", "1", "-o", "a.aag"],
            "need --length and --time for a Turing machine, got no --length",
        ),
        (["compile", COPY, "--length", "1", "--time", "1", "-o", "a.qgn"], "need a file that ends in .aag or .aig"),
        (["compile", COPY, "--bits", "2", "-o", "a.aag"], "need --length, --time, --left and --right only, got more"),
        (
            ["compile", "literal", "--length", "2", "-o", "a.qgn"],
            "need a file of a Turing machine for --length and --time",
        ),
        (["draw", COPY, "--word", "012", "-o", "a.svg"], "need a word of 0 1, got '2', at '012'"),
        (["draw", COPY, "--time", "601", "-o", "a.svg"], "need a time of at most 600 steps for a picture, got 601"),
        (["draw", "q", "--word", "1", "-o", "a.svg"], "need a file of a Turing machine for --word and --time, got 'q'"),
    ],
)
def test_what_is_wrong_gets_one_line(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_bad_file_among_good_ones_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.tm"
    bad.write_text("blank: _\n")
    assert main(["prove", "--machine", str(bad), "--machine", COPY, "--length", "1", "--time", "12"]) == 2
    found = capsys.readouterr()
    assert found.err == f"need the headings blank, input, start and accept, got no 'input', at {bad}\n"
    assert "PROVED" in found.out
