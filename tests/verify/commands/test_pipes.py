"""Standard output that nobody reads, that is closed, or that is full: no command takes it for a refutation."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verify.jobs_here import start_no_workers
from verify.commands import proving
from verify.commands.main import PIPE_CLOSED, cli, main

ROOT = Path(__file__).parents[3]
EXAMPLE = str(ROOT / "examples" / "c17.bench")
PRINT = [sys.executable, "-m", "verify"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A network, its machine and its certificate, by names for the commands below."""
    place = tmp_path_factory.mktemp("made")
    names = {
        "net": place / "net.qgn",
        "machine": place / "machine.aag",
        "cert": place / "net.cert",
        "proof": place / "proof.json",
        "game": place / "game.json",
        "report": place / "report.json",
        "trace": place / "run.jsonl",
        "out": place / "out",
        "sweep": place / "sweep.json",
        "svg": place / "x.dot",
    }
    found = {name: str(path) for name, path in names.items()}
    compiled = [
        "compile",
        "literal",
        "--bits",
        "2",
        "--rho",
        "1/16",
        "-o",
        found["net"],
        "--machine-out",
        found["machine"],
    ]
    assert main(compiled) == 0
    assert main(["certify", found["net"], "--machine", found["machine"], "-o", found["cert"]]) == 0
    with pytest.MonkeyPatch.context() as patch:
        start_no_workers(patch)
        proving = ["prove", "sigma.figure", "--jobs", "1", "--proof", found["proof"], "--json", found["report"]]
        assert main(proving) == 0
    assert main(["lowerbound", "literal", "--bits", "2", "-o", found["game"]]) == 0
    assert main(["sweep", *SWEPT, "-o", found["sweep"]]) == 0
    assert main(["train", found["net"], "--problem", "literal", "--trace", found["trace"]]) == 0
    return found


SWEPT = ["--bits", "2", "--batches", "1", "--precisions", "1/2", "--learners", "parity", "--runs", "1", "--jobs", "1"]
COMMANDS = {
    "circuit": ["circuit", EXAMPLE],
    "prove": ["prove", "sigma.figure", "--jobs", "1"],
    "prove --circuit": ["prove", "--circuit", EXAMPLE],
    "show": ["show", "sigma.figure"],
    "margins": ["margins", "not"],
    "mutate": ["mutate", "sigma.figure", "--list"],
    "map": ["map"],
    "draw": ["draw", "q", "-o", "{svg}"],
    "theorem": ["theorem", "2a", "--bits", "3", "--samples", "4", "--runs", "2"],
    "compile": ["compile", "literal", "--bits", "2", "--rho", "1/16", "-o", "{out}.qgn"],
    "certify": ["certify", "{net}", "--machine", "{machine}"],
    "recheck": ["recheck", "{cert}", "{net}"],
    "judge": ["judge", "--read", "{proof}"],
    "sweep": ["sweep", *SWEPT, "-o", "{out}.json"],
    "plot": ["plot", "{sweep}", "-o", "{svg}.svg"],
    "lowerbound": ["lowerbound", "literal", "--bits", "2"],
    "hide": ["hide", "regression", "--batch", "4", "--rho", "1", "--steps", "1", "-q"],
    "mistakes": ["mistakes", "--bits", "1", "-q"],
    "referee": ["referee", "{game}"],
    "audit": ["audit", "{report}"],
    "diff": ["diff", "{report}", "{report}"],
    "doctor": ["doctor"],
    "report": ["report", "sigma.figure", "-o", "{out}.html", "--jobs", "1"],
    "trace": ["trace", "{net}", "{trace}", "-o", "{out}.html"],
    "train": ["train", "{net}", "--problem", "literal"],
    "relu": ["relu", "{net}", "-o", "{out}.qgn"],
    "export": ["export", "{net}", "--torch", "{out}.py"],
}


def unread(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of a command whose standard output is a pipe that is closed at the other end."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", buffering=1) as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        return main(arguments)


def test_every_command_is_tried() -> None:
    assert {name.split()[0] for name in COMMANDS} == set(cli.list_commands(None))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("no_workers")
def test_a_pipe_that_nobody_reads_ends_a_command_quietly(
    name: str, made: dict[str, str], own_cache: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "proved_rows", lambda how: ([], []))
    assert unread([word.format(**made) for word in COMMANDS[name]], monkeypatch) == PIPE_CLOSED
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("command", [(), *((name,) for name in cli.list_commands(None))])  # type: ignore[arg-type]
def test_help_that_nobody_reads_is_quiet_too(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    assert unread([*command, "--help"], monkeypatch) == PIPE_CLOSED


def outcome(arguments: list[str], stdout: Callable[[], int] | int | None) -> tuple[int, str]:
    """Exit code and standard error of a whole command; None: standard output is closed before it starts."""
    close = None if stdout is not None else lambda: os.close(1)
    done = subprocess.run(
        [*PRINT, *arguments],
        cwd=ROOT,
        stdout=stdout if isinstance(stdout, int) else None,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=close,
    )
    return done.returncode, done.stderr


def test_a_whole_command_says_nothing_when_its_pipe_is_closed() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    assert outcome(["circuit", EXAMPLE], writing) == (PIPE_CLOSED, "")
    os.close(writing)


@pytest.mark.slow
def test_a_whole_command_needs_no_standard_output(own_cache: Path) -> None:
    assert outcome(["circuit", EXAMPLE], None) == (0, "")
    assert outcome(["prove", "sigma.figure", "--jobs", "1"], None) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line_and_2() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    code, said = outcome(["circuit", EXAMPLE], full)
    os.close(full)
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith("need room for what is printed, got ")
