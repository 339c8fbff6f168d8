"""Rows of results that are kept as they come: a line of JSON each, in a file from which a stopped run goes on.

What the campaigns of this folder share: they read the rows of a file, do what is missing under a progress bar, write
each row as soon as it is there, and count the rows in a table.
"""

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from constructions.errors import ConstructionError
from verify.screen.bar import progress_bar

Row = dict[str, Any]
Task = TypeVar("Task", bound=Hashable)
FORGED = ("malformed", "refused", "open", "harmless", "DEFECT")
"""What can become of a forged file: it is not read, refused, left open, accepted and true, or a defect."""


def kept_rows(target: Path | None) -> list[Row]:
    """The rows of a file, none if there is no file; a last line that was cut off is taken out of it.

    Raises
    ------
    ConstructionError
        For a whole line that is no row.
    """
    if target is None or not target.exists():
        return []
    data = target.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    found = []
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise ConstructionError(f"need a row in JSON, got {line[:60]!r}, at {target}, line {number}")
        found.append(row)
    if whole != data:
        target.write_bytes(whole)
    return found


def keep(target: Path | None, row: Row) -> None:
    """Write one row at the end of a file, if there is one; it is there in full or, after an accident, cut off."""
    if target is not None:
        with target.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")


def completed(
    tasks: Sequence[Task],
    target: Path | None,
    do: Callable[[list[Task]], Iterable[Row]],
    *,
    key: Callable[[Row], Task],
    doing: str,
    unit: str,
    counts: Callable[[Row], bool] = lambda row: True,
    tell: Callable[[Row], str | None] = lambda row: None,
) -> list[Row]:
    """Do what is not in a file yet; the rows of all tasks, in their order.

    Parameters
    ----------
    tasks : what is wanted. target : the file; without one, nothing is kept. do : the rows of the tasks that are
        missing, as they come, in any order. key : the task of a row. doing, unit : what goes on, and what a task is
        called in the plural, for the bar. counts : whether a row of the file still counts. tell : called with each new
        row; what it returns, if anything, stands before the bar.
    """
    have = {key(row): row for row in kept_rows(target) if counts(row)}
    todo = [task for task in tasks if task not in have]
    with progress_bar(doing, len(tasks), done=len(tasks) - len(todo), unit=unit) as bar:
        for row in do(todo) if todo else ():
            keep(target, row)
            have[key(row)] = row
            bar.advance(tell(row))
    return [have[task] for task in tasks if task in have]


def first_rows(
    tasks: Iterable[Task],
    most: int,
    target: Path | None,
    row_of: Callable[[Task], Row | None],
    *,
    key: Callable[[Row], Task],
    doing: str,
    unit: str,
) -> Iterator[Row]:
    """The first rows of tasks that may have none and need not end: those of a file, and what is missing.

    Parameters
    ----------
    tasks : in which order they are done. most : so many rows. row_of : the row of a task, None if it has none.
    target, key, doing, unit : as for :func:`completed`.
    """
    have, given = {key(row): row for row in kept_rows(target)}, 0
    with progress_bar(doing, most, unit=unit) as bar:
        for task in tasks:
            if given == most:
                return
            row = have.get(task) or row_of(task)
            if row is None:
                continue
            if task not in have:
                keep(target, row)
            given += 1
            bar.advance()
            yield row


def table_of(title: str, groups: Mapping[str, Counter[str]], columns: Sequence[str]) -> list[str]:
    """The lines of a table of counts, one for each group, and one for all together.

    Parameters
    ----------
    title : what a group is. groups : the counts of each, by column. columns : which are shown, in order.
    """
    whole = dict(groups) | {"all": sum(groups.values(), Counter[str]())}
    first = max(map(len, (title, *whole)))
    widths = [max(10, len(column) + 2) for column in columns]
    head = "".join(f"{column:>{width}}" for column, width in zip(columns, widths, strict=True))
    rows = (
        f"{name:<{first}}"
        + "".join(f"{counts[column]:>{width}}" for column, width in zip(columns, widths, strict=True))
        for name, counts in whole.items()
    )
    return [f"{title:<{first}}{head}", *rows]
