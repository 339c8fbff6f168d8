"""Each file that a command names is opened once: what is proved, run or digested are the same bytes."""

import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from constructions.computation.formats.aiger_writing import write_aiger
from constructions.computation.learner_machines import best_literal_machine
from verify.commands.main import main

ROOT = Path(__file__).parents[3]
WATCHED: list[Counter[str]] = []
"""Where openings are counted now; the hook below can never be taken away."""


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and WATCHED and isinstance(arguments[0], str | bytes):
        WATCHED[-1][os.path.realpath(os.fsdecode(arguments[0]))] += 1


sys.addaudithook(_note)


@contextmanager
def opened() -> Iterator[Counter[str]]:
    """How often each file is opened meanwhile, by its real path."""
    WATCHED.append(Counter())
    try:
        yield WATCHED[-1]
    finally:
        WATCHED.pop()


OWN = """
from fractions import Fraction
from constructions.computation.learner_machines import best_literal_machine
from constructions.foundations.network import Fragment
from constructions.learning.problems import uniform

made = []
graph = Fragment(inputs=("x",), outputs=("y",), edges={("x", "y"): 2})
data = uniform(2, lambda x: x[0])


def adversary(choice):
    return choice.valid[0]


def machine():
    return best_literal_machine(2, fraction=6)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of each kind."""
    folder = tmp_path_factory.mktemp("named")
    (folder / "own.py").write_text(OWN)
    (folder / "rows.csv").write_text("a,b,y\n1,0,1\n0,1,0\n1,1,1\n0,0,0\n")
    np.save(folder / "rows.npy", np.array([[1, 0, 1], [0, 1, 0]]))
    (folder / "machine.aag").write_bytes(write_aiger(best_literal_machine(2, fraction=6).aiger(), binary=False))
    (folder / "c17.bench").write_bytes((ROOT / "examples" / "c17.bench").read_bytes())
    assert main(["compile", str(folder / "machine.aag"), "--rho", "1/16", "-o", str(folder / "net.qgn")]) == 0
    assert (
        main(["theorem", "2a", "--bits", "2", "--samples", "3", "--runs", "5", "--json", str(folder / "runs.json")])
        == 0
    )
    return folder


COMMANDS: dict[str, tuple[list[str], list[str]]] = {
    "circuit": (["circuit", "c17.bench"], ["c17.bench"]),
    "circuit, converted": (["circuit", "machine.aag", "--clean", "-o", "out.aig"], ["machine.aag"]),
    "prove --circuit": (["prove", "--circuit", "c17.bench"], ["c17.bench"]),
    "prove --circuit, latches": (["prove", "--circuit", "machine.aag"], ["machine.aag"]),
    "compile, AIGER": (["compile", "machine.aag", "-o", "out.qgn", "--machine-out", "out.aag"], ["machine.aag"]),
    "compile, AIGER, stopped": (["compile", "machine.aag", "--rounds", "1", "-o", "out.qgn"], ["machine.aag"]),
    "compile, Python": (["compile", "own.py", "-o", "out.qgn"], ["own.py"]),
    "compile, Python, named": (["compile", "own.py:machine", "-o", "out.qgn"], ["own.py"]),
    "certify, AIGER": (
        ["certify", "net.qgn", "--machine", "machine.aag", "-o", "out.cert"],
        ["net.qgn", "machine.aag"],
    ),
    "certify, Python": (["certify", "net.qgn", "--machine", "own.py"], ["net.qgn", "own.py"]),
    "train, CSV": (["train", "net.qgn", "--data", "rows.csv", "-o", "out.qgn"], ["net.qgn", "rows.csv"]),
    "train, NumPy": (["train", "net.qgn", "--data", "rows.npy", "--full"], ["net.qgn", "rows.npy"]),
    "train, Python": (
        ["train", "net.qgn", "--data", "own.py:data", "--adversary", "own.py:adversary"],
        ["net.qgn", "own.py"],
    ),
    "theorem --data": (["theorem", "2a", "--data", "rows.csv", "--samples", "3", "--runs", "3"], ["rows.csv"]),
    "theorem --data, NumPy": (["theorem", "2a", "--data", "rows.npy", "--samples", "3", "--runs", "3"], ["rows.npy"]),
    "theorem --resume": (["theorem", "2a", "--resume", "runs.json", "--runs", "5"], ["runs.json"]),
    "theorem --json": (
        ["theorem", "2a", "--bits", "2", "--samples", "3", "--runs", "5", "--json", "runs.json"],
        ["runs.json"],
    ),
    "relu": (["relu", "net.qgn", "-o", "out.qgn"], ["net.qgn"]),
    "export": (["export", "net.qgn", "--torch", "out.py"], ["net.qgn"]),
    "draw, a circuit": (["draw", "c17.bench", "-o", "out.dot"], ["c17.bench"]),
    "draw, its network": (["draw", "c17.bench", "--network", "-o", "out.dot"], ["c17.bench"]),
    "draw, a round": (["draw", "net.qgn", "-o", "out.dot"], ["net.qgn"]),
    "draw, a fragment": (["draw", "own.py", "-o", "out.dot"], ["own.py"]),
    "draw, a named one": (["draw", "own.py:graph", "-o", "out.dot"], ["own.py"]),
}


@pytest.mark.parametrize(("arguments", "named"), COMMANDS.values(), ids=COMMANDS)
def test_a_named_file_is_opened_once(
    place: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], named: list[str]
) -> None:
    monkeypatch.chdir(place)
    with opened() as found:
        assert main(arguments) == 0
    assert {name: found[str((place / name).resolve())] for name in named} == dict.fromkeys(named, 1)


def test_a_run_that_goes_on_opens_checkpoint_and_trace_once(place: Path, tmp_path: Path) -> None:
    """(The checkpoint is then written anew, to a file beside it.)"""
    kept, trace = tmp_path / "kept", tmp_path / "trace"
    run = ["train", str(place / "net.qgn"), "--problem", "literal", "--checkpoint", str(kept), "--trace", str(trace)]
    assert main([*run, "--steps", "1"]) == 0
    with opened() as found:
        assert main([*run, "--resume"]) == 0
    assert [found[str(path.resolve())] for path in (kept, trace)] == [1, 1]
    assert trace.read_text().count("\n") == 3


def test_a_second_opening_would_be_counted(place: Path) -> None:
    with opened() as found:
        for _ in range(2):
            (place / "rows.csv").read_bytes()
    assert found[str((place / "rows.csv").resolve())] == 2


def replaced_after_reading(monkeypatch: pytest.MonkeyPatch, path: Path, other: bytes) -> None:
    """Replace a file as soon as its bytes were read."""
    read = Path.read_bytes

    def once(self: Path) -> bytes:
        data = read(self)
        if self.resolve() == path.resolve():
            path.write_bytes(other)
        return data

    monkeypatch.setattr(Path, "read_bytes", once)


@pytest.mark.parametrize("machine", ["machine.aag", "own.py"])
def test_a_certificate_is_of_the_machine_that_was_read(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    net, given, cert = place / "net.qgn", tmp_path / machine, tmp_path / "cert"
    given.write_bytes((place / machine).read_bytes())
    replaced_after_reading(monkeypatch, given, b"another file")
    assert main(["certify", str(net), "--machine", str(given), "-o", str(cert)]) == 0
    assert given.read_bytes() == b"another file"
    found = json.loads(cert.read_text())
    assert found["network"] == hashlib.sha256(net.read_bytes()).hexdigest()
    assert found["machine"] == (place / "machine.aag").read_text()


def test_a_network_that_is_replaced_before_the_checker_reads_it_is_not_certified(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checker, a process of its own, reads the file itself: its digest must be that of what was searched."""
    net, cert = tmp_path / "net.qgn", tmp_path / "cert"
    net.write_bytes((place / "net.qgn").read_bytes())
    replaced_after_reading(monkeypatch, net, net.read_bytes() + b"more")
    assert main(["certify", str(net), "--machine", str(place / "machine.aag"), "-o", str(cert)]) == 1
    assert not cert.exists()
