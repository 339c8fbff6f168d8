"""The progress bar of everything that takes long: on stderr, and only if somebody looks at it; in a notebook, below the
cell that runs."""

import html
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypedDict, Unpack

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from constructions.foundations.spelling import printable
from verify.screen.printing import console

BETWEEN = 0.1
"""Seconds between two drawings of a bar in a notebook."""


class Changes(TypedDict, total=False):
    """What changes of a bar: how many parts are done in all, how many more, the text before it, and the rate."""

    completed: float
    advance: float
    description: str | None
    rate: str


class Drawn(Protocol):
    """What draws a bar: as ``Progress`` of rich does, or in a notebook."""

    def update(self, task_id: TaskID, **changes: Unpack[Changes]) -> None:
        """Change what is said of the one task."""

    def speed(self) -> float | None:
        """Parts a second, once that is known."""


class OnScreen:
    """A bar that rich draws."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def update(self, task_id: TaskID, **changes: Unpack[Changes]) -> None:
        """See :class:`Drawn`."""
        self.progress.update(task_id, **changes)

    def speed(self) -> float | None:
        """See :class:`Drawn`."""
        return self.progress.tasks[0].speed


class InNotebook:
    """A bar below the cell of a notebook that runs, drawn anew at most ten times a second.

    Parameters
    ----------
    show : shows HTML below the cell, in the place of what it showed before. description, total : what is going on, and
        how many parts there are.

    >>> shown = []
    >>> bar = InNotebook(shown.append, "proving", 1)
    >>> bar.update(TaskID(0), advance=1, description="lemma <11>", rate="")
    >>> bar.close()
    >>> print(*shown, sep="\\n")
    <progress value="0" max="1"></progress> 0/1 proving
    <progress value="1" max="1"></progress> 1/1 lemma &lt;11&gt;
    <BLANKLINE>
    """

    def __init__(self, show: Callable[[str], None], description: str, total: int, *, done: int = 0) -> None:
        self.show, self.description, self.total, self.done = show, description, total, done
        self.began, self.first, self.last = time.monotonic(), done, 0.0
        self._draw("")

    def update(self, task_id: TaskID, **changes: Unpack[Changes]) -> None:
        """See :class:`Drawn`."""
        self.done = int(changes.get("completed", self.done) + changes.get("advance", 0))
        self.description = changes.get("description") or self.description
        if time.monotonic() - self.last > BETWEEN or self.done >= self.total:
            self._draw(changes.get("rate", ""))

    def speed(self) -> float | None:
        """See :class:`Drawn`."""
        spent = time.monotonic() - self.began
        return (self.done - self.first) / spent if spent > 0 and self.done > self.first else None

    def _draw(self, rate: str) -> None:
        self.last = time.monotonic()
        bar = f'<progress value="{self.done}" max="{self.total}"></progress> {self.done}/{self.total} '
        self.show(bar + html.escape(f"{self.description} {rate}".rstrip()))

    def close(self) -> None:
        """Take the bar away."""
        self.show("")


def notebook_display() -> Callable[[str], None] | None:
    """What shows HTML below the cell of the notebook that runs this program, in one place; None outside of notebooks.

    >>> notebook_display() is None
    True
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    display = sys.modules["IPython.display"]
    handle = display.DisplayHandle()
    handle.display(display.HTML(""))
    return lambda text: handle.update(display.HTML(text))


@dataclass(slots=True)
class Bar:
    """How far a computation of a known number of parts is; nothing is drawn where nobody looks.

    Parameters
    ----------
    unit : what a part is called in the plural, for the rate; no rate is shown if it is empty.
    """

    unit: str = ""
    drawn: Drawn | None = None
    task: TaskID | None = None

    @property
    def is_shown(self) -> bool:
        """Whether somebody looks at it."""
        return self.drawn is not None

    def reach(self, done: int) -> None:
        """So many parts are done in all."""
        if self.drawn is not None and self.task is not None:
            self.drawn.update(self.task, completed=done, rate=self._rate())

    def advance(self, description: str | None = None, *, parts: int = 1) -> None:
        """So many more parts are done; ``description``, if there is one, stands before the bar from now on."""
        if self.drawn is not None and self.task is not None:
            said = None if description is None else printable(description)
            self.drawn.update(self.task, advance=parts, description=said, rate=self._rate())

    def _rate(self) -> str:
        speed = self.drawn.speed() if self.drawn is not None and self.unit else None
        return f"{speed:.1f} {self.unit}/s" if speed else ""


@contextmanager
def progress_bar(description: str, total: int, *, done: int = 0, unit: str = "", quiet: bool = False) -> Iterator[Bar]:
    """A bar that is gone when the computation is over.

    Parameters
    ----------
    description : what is going on, before the bar. total : how many parts there are. done : how many are done before.
    unit : see :class:`Bar`. quiet : draw nothing, even if somebody looks.

    Nobody looks at the stderr of a test, so nothing is drawn there; on a screen, the bar says how far all is.

    >>> with progress_bar("proving", 3) as bar:
    ...     bar.advance("the first of three"), bar.is_shown
    (None, False)
    >>> from io import StringIO
    >>> from unittest.mock import patch
    >>> from rich.console import Console
    >>> screen = Console(file=StringIO(), force_terminal=True, width=80)
    >>> with patch(f"{__name__}.console", lambda stderr: screen), progress_bar("proving", 3, unit="claims") as bar:
    ...     bar.advance("lemma11.idle")
    ...     bar.reach(2)
    ...     task = bar.drawn.progress.tasks[0]
    ...     found = bar.is_shown, task.description, task.completed, task.total
    >>> found
    (True, 'lemma11.idle', 2, 3)
    """
    screen, show = console(stderr=True), None if quiet or done >= total else notebook_display()
    if show is not None:
        below = InNotebook(show, printable(description), total, done=done)
        try:
            yield Bar(unit, below, TaskID(0))
        finally:
            below.close()
        return
    if quiet or not screen.is_terminal or done >= total:
        yield Bar()
        return
    rate = (TextColumn("{task.fields[rate]}", markup=False),) if unit else ()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        *rate,
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as drawn:
        yield Bar(unit, OnScreen(drawn), drawn.add_task(printable(description), total=total, completed=done, rate=""))
