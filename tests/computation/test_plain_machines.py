"""AIGER files without our comment, with what it would say beside them: the same machine, and what is refused."""

from fractions import Fraction
from pathlib import Path

import pytest

from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.formats.files import read_data
from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.plain_machines import plain_machine
from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from verify.commands.main import main

MADE = best_literal_machine(1, fraction=3)
NUMBERS = {"rounds": 2, "answer_fraction": 3}


def places(machine: QueryMachine) -> list[str]:
    """Where the bits of the ports of a machine stand."""
    found = []
    for names in (machine.machine.inputs, machine.machine.outputs):
        ports = [name.split("[")[0] for name in names]
        found += [
            f"{port}={ports.index(port)}-{len(ports) - 1 - ports[::-1].index(port)}" for port in dict.fromkeys(ports)
        ]
    return found


def bare(machine: QueryMachine) -> bytes:
    """The AIGER file of a machine, without symbols and comment."""
    lines = write_aiger(machine.aiger(), binary=False).decode().splitlines()
    kept = [line for line in lines if not line[:1].isalpha() or line.startswith("aag ")]
    return ("\n".join(line for line in kept if not line.startswith("querygrad")) + "\n").encode()


def test_a_file_without_symbols_is_the_same_machine() -> None:
    found = plain_machine(read_data(bare(MADE), "own.aag"), NUMBERS, places(MADE))
    assert found.answer_format == MADE.answer_format and found.parallel == MADE.parallel
    here, there, half = MADE.start(), found.start(), Fraction(1, 2)
    for answers in ([half, half], [half, Fraction(0)]):
        assert [MADE.ask(here, (bit,)) for bit in (0, 1)] == [found.ask(there, (bit,)) for bit in (0, 1)]
        here, there = MADE.after(here, answers), found.after(there, answers)
    assert [MADE.predict(here, (bit,)) for bit in (0, 1)] == [found.predict(there, (bit,)) for bit in (0, 1)] == [0, 1]


def test_ports_may_have_their_own_names() -> None:
    file = read_data(write_aiger(MADE.aiger(), binary=False).split(b"\nc\n")[0] + b"\n", "own.aag")
    assert plain_machine(file, {**NUMBERS, "signed": False}).inputs == 1


@pytest.mark.parametrize(
    ("numbers", "changed", "said"),
    [
        ({}, {}, r"need the number of rounds \(--rounds\), got none"),
        (NUMBERS, {"x=0-0": "y=0"}, "need a place such as x=0-3 or predict=1, got 'y=0'"),
        (NUMBERS, {"x=0-0": "x=99"}, "need places of inputs of the file, each once, got input 99 for 'x', of"),
        (NUMBERS, {"x=0-0": "x=1"}, "need places of inputs of the file, each once, got input 1 twice"),
        (NUMBERS, {"x=0-0": ""}, "need a place such as"),
        (NUMBERS, {"x=0-0": "predict=0"}, "need each port once"),
    ],
)
def test_what_does_not_fit_is_refused(numbers: dict[str, int], changed: dict[str, str], said: str) -> None:
    given = [changed.get(place, place) for place in places(MADE)]
    with pytest.raises(ConstructionError, match=said):
        plain_machine(read_data(bare(MADE), "own.aag"), numbers, given)


def test_an_input_without_a_port_and_a_file_with_our_comment_are_refused() -> None:
    with pytest.raises(ConstructionError, match="need a port for each input, got none for input 0"):
        plain_machine(read_data(bare(MADE), "own.aag"), NUMBERS, places(MADE)[1:])
    with pytest.raises(ConstructionError, match="need an AIGER file without querygrad's comment"):
        plain_machine(MADE.aiger(), NUMBERS)


@pytest.mark.slow
def test_a_foreign_file_is_compiled_and_certified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own, net = tmp_path / "own.aag", tmp_path / "own.qgn"
    own.write_bytes(bare(MADE))
    said = ["--rounds", "2", "--fraction", "3", *(word for place in places(MADE) for word in ("--place", place))]
    assert main(["compile", str(own), "--rho", "1/16", *said, "-o", str(net)]) == 0
    assert main(["certify", str(net), "--machine", str(own), *said]) == 0
    assert "certified: " in capsys.readouterr().out
    assert main(["certify", str(net), "--machine", str(own)]) == 2
    assert "need a comment that starts with" in capsys.readouterr().err
    assert main(["compile", "literal", "--bits", "1", "--signed", "-o", str(net)]) == 2
    assert "need an AIGER file for --query-fraction" in capsys.readouterr().err
