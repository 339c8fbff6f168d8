"""What commands say of wrong arguments and of interrupts: the help that is meant, one spelling of settings, and what
is true."""

import re
import signal
from pathlib import Path
from typing import Any

import click
import pytest

from constructions.networks.queries import SETTINGS
from constructions.training import run as module
from constructions.training.by_fractions import any_engine
from verify.arguments.values import SETTING_WORDS, setting_named
from verify.commands.main import cli, main

KEPT = "interrupted; the results found so far are kept if they can be, the same command (without --fresh) goes on"
CONTEXT = click.Context(cli, info_name="querygrad")
COMMANDS = {name: cli.get_command(CONTEXT, name) for name in cli.list_commands(CONTEXT)}


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 2) -> str:
    """The one line on stderr of a command that ends with a code."""
    assert main(arguments) == code
    shown = capsys.readouterr()
    assert shown.err.strip().count("\n") == 0
    return shown.err.strip()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_usage_error_names_the_help_of_its_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = f"need arguments as in 'querygrad {name} --help', got: No such option '--no-such-option'"
    assert said(capsys, name, "--no-such-option").startswith(wanted)
    assert main([name, "--help"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("draw", "q"), "need arguments as in 'querygrad draw --help', got: Missing option '-o' / '--output'."),
        (("circuit",), "need arguments as in 'querygrad circuit --help', got: Missing argument 'FILE'."),
        (
            ("theorem", "2a", "--runs", "x"),
            "need arguments as in 'querygrad theorem --help', got: Invalid value for '--runs'",
        ),
        ((), "need a command among those that 'querygrad --help' lists, got none"),
        (("drow",), "need arguments as in 'querygrad --help', got: No such command 'drow'."),
    ],
)
def test_a_usage_error_says_what_it_got(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, *arguments).startswith(words)


def test_settings_have_one_spelling(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = {
        name: param
        for name, command in COMMANDS.items()
        if command
        for param in command.params
        if "--setting" in param.opts
    }
    assert set(options) == {"certify", "compile", "draw", "margins"} and {
        setting_named(word) for word in SETTING_WORDS
    } == set(SETTINGS.values())
    helps = {name: option.help or "" for name, option in options.items() if isinstance(option, click.Option)}
    assert len({said for name, said in helps.items() if name != "draw"}) == 1
    assert helps["draw"] == f"{helps['compile'].removesuffix('.')}; or FILE.py:NAME, a Setting of yours."
    taken = {
        "draw": ["draw", "q", "-o", str(tmp_path / "q.dot")],
        "compile": ["compile", "literal", "--bits", "1", "-o", str(tmp_path / "n.qgn")],
        "certify": ["certify", str(tmp_path / "n.qgn"), "--machine", "literal", "--search", "0"],
        "margins": ["margins", "q", "--only", "no such number", "--quiet"],
    }
    for command, arguments in taken.items():
        for word in SETTING_WORDS:
            assert main([*arguments, "--setting", word]) in ((2,) if command == "margins" else (0, 1))
        capsys.readouterr()
        for wrong in ("weak", "as", "minimal repair", "only", "PRINTED", ""):
            words = f"need a setting among printed, vc, minimal, strong, dyadic, got {wrong!r}, at --setting"
            assert said(capsys, *arguments, "--setting", wrong) == words


@pytest.fixture
def net(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A network of 14 steps."""
    path = tmp_path / "net.qgn"
    assert main(["compile", "literal", "--bits", "1", "--rounds", "14", "-o", str(path)]) == 0
    capsys.readouterr()
    return path


def pressed_in(step: int, monkeypatch: pytest.MonkeyPatch, *, times: int = 1) -> None:
    """Ctrl-C in a step of the training to come, once or twice."""
    taken = any_engine

    def engine(*given: Any, **rest: Any) -> Any:
        made: Any = taken(*given, **rest)
        go = made.step

        def interrupted(*batch: Any) -> Any:
            if made.number + 1 == step:
                for _ in range(times):
                    signal.raise_signal(signal.SIGINT)
            return go(*batch)

        made.step = interrupted
        return made

    monkeypatch.setattr(module, "any_engine", engine)


@pytest.mark.usefixtures("listening")
def test_an_interrupted_training_says_what_is_kept_and_how_to_go_on(
    net: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    train = ["train", str(net), "--problem", "literal", "--checkpoint", str(kept), "--every", "1000"]
    with monkeypatch.context() as patched:
        pressed_in(5, patched)
        words = (
            f"interrupted after step 5 of 14; 5 steps are kept in {kept}, from which the same command with --resume "
        )
        words += "goes on"
        assert said(capsys, *train, code=130) == words
    with monkeypatch.context() as patched:
        pressed_in(9, patched, times=2)
        words = f"interrupted after step 8 of 14; 5 steps are kept in {kept}, from which the same command goes on"
        assert said(capsys, *train, "--resume", code=130) == words
    assert main([*train, "--resume"]) == 0
    assert re.search(r"steps +14 of 14, of which an earlier run took the first 5", capsys.readouterr().out)


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize(
    ("options", "times", "words"),
    [
        ([], 1, "interrupted after step 3 of 14; nothing is kept (--checkpoint FILE keeps a run)"),
        (
            ["--trace", "T"],
            1,
            "interrupted after step 3 of 14; nothing is kept (--checkpoint FILE keeps a run); "
            "no run can go on from the trace alone, T",
        ),
        (["--checkpoint", "C"], 2, "interrupted after step 2 of 14; nothing is kept in C yet"),
    ],
)
def test_an_interrupted_training_promises_nothing_that_is_not_there(
    net: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    times: int,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    pressed_in(3, monkeypatch, times=times)
    assert said(capsys, "train", str(net), "--problem", "literal", "-o", "out.qgn", *options, code=130) == words
    assert not Path("C").exists() and not Path("out.qgn").exists()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["prove", "sigma.figure"], KEPT),
        (["show", "E04"], KEPT),
        (["compile", "literal", "--bits", "1", "-o", "n.qgn"], "interrupted"),
    ],
)
def test_an_interrupt_elsewhere_says_no_more_than_is_true(
    own_cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    words: str,
) -> None:
    def press(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    for place in ("verify.discharge.many.run", "verify.arguments.learner.plan_of_learner"):
        monkeypatch.setattr(place, press)
    assert said(capsys, *command, code=130) == words
