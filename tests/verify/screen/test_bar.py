"""The one progress bar: drawn only where somebody looks, and printable whatever is described."""

import io

import pytest
from rich.console import Console

from verify.screen.bar import OnScreen, progress_bar


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What somebody sees who looks at stderr."""
    out = io.StringIO()
    monkeypatch.setattr(
        "verify.screen.bar.console", lambda stderr: Console(file=out, force_terminal=True, width=100, markup=False)
    )
    return out


def test_whoever_looks_sees_how_far_it_is(seen: io.StringIO) -> None:
    with progress_bar("training", 8, done=2, unit="steps") as bar:
        bar.reach(5)
        bar.advance("\x1b[31mstep")
        assert bar.is_shown and isinstance(bar.drawn, OnScreen) and bar.drawn.progress.tasks[0].completed == 6
        bar.drawn.progress.refresh()
    shown = seen.getvalue()
    assert "training" in shown or "step" in shown
    assert "6/8" in shown and "\x1b[31mstep" not in shown


def test_nothing_is_drawn_of_what_is_done_already(seen: io.StringIO) -> None:
    with progress_bar("training", 8, done=8) as bar:
        bar.advance()
        bar.reach(8)
    assert not bar.is_shown and seen.getvalue() == ""


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("proving", 3) as bar:
        bar.advance("one")
    assert not bar.is_shown and capsys.readouterr() == ("", "")
