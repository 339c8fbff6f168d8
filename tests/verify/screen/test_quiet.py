"""A quiet command draws no bar, even where somebody looks."""

import io

import pytest
from rich.console import Console

from verify.commands.main import COMMANDS, cli
from verify.screen import bar


@pytest.mark.parametrize("quiet", [False, True])
def test_a_bar_is_drawn_for_a_terminal_unless_it_is_to_be_quiet(quiet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(bar, "console", lambda stderr: Console(file=stream, force_terminal=True))
    with bar.progress_bar("proving", 2, quiet=quiet) as drawn:
        drawn.advance("the first")
        assert drawn.is_shown is not quiet
    assert bool(stream.getvalue()) is not quiet


def test_every_command_with_a_bar_can_be_quiet() -> None:
    quiet = set()
    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        quiet |= {name} if any("--quiet" in param.opts for param in command.params) else set()
    assert quiet == {
        "draw",
        "hide",
        "lowerbound",
        "map",
        "margins",
        "mistakes",
        "mutate",
        "prove",
        "report",
        "show",
        "sweep",
        "theorem",
        "trace",
        "train",
    }
