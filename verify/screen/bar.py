"""The progress bar of everything that takes long: on stderr, and only if somebody looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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


@dataclass(slots=True)
class Bar:
    """How far a computation of a known number of parts is; nothing is drawn where nobody looks.

    Parameters
    ----------
    unit : what a part is called in the plural, for the rate; no rate is shown if it is empty.
    """

    unit: str = ""
    drawn: Progress | None = None
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
        speed = self.drawn.tasks[0].speed if self.drawn is not None and self.unit else None
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
    ...     task = bar.drawn.tasks[0]
    ...     found = bar.is_shown, task.description, task.completed, task.total
    >>> found
    (True, 'lemma11.idle', 2, 3)
    """
    screen = console(stderr=True)
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
        yield Bar(unit, drawn, drawn.add_task(printable(description), total=total, completed=done, rate=""))
