"""What the commands have in common: the obligations that arguments name, and a run of them with a progress bar."""
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from constructions.errors import ConstructionError
from constructions.foundations.spelling import printable
from verify.discharge import Result
from verify.items import Row, map_rows
from verify.obligation import Obligation
from verify.printing import console
from verify.registry import obligations_of_file, paper_obligations, select
from verify.run import run
from verify.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Chosen:
    """Obligations to examine, with the user's file of those that are not the paper's."""

    obligations: dict[str, Obligation]
    files: dict[str, Path] = field(default_factory=dict)


def is_file_name(item: str) -> bool:
    """Whether an argument names a file rather than an id: it ends in .py or has a path separator."""
    return item.endswith(".py") or os.sep in item


def choose(items: Sequence[str]) -> Chosen:
    """The obligations that the arguments name: ids, beginnings of ids, items of the paper, files; all of the paper's if none."""
    names = [item for item in items if not is_file_name(item)]
    obligations = select(paper_obligations(), names) if names else {} if items else paper_obligations()
    files: dict[str, Path] = {}
    for path in dict.fromkeys(Path(item).resolve() for item in items if is_file_name(item)):
        found = obligations_of_file(path)
        twice = sorted(set(found) & set(obligations))
        if twice:
            raise ConstructionError(f"need ids that differ from file to file, got {twice[0]!r} twice, at {path}")
        obligations = {**needed(found, path), **obligations, **found}
        files |= dict.fromkeys(found, path)
    return Chosen(obligations, files)


def needed(found: Mapping[str, Obligation], path: Path) -> dict[str, Obligation]:
    """The paper's obligations on which those of a file rest; they are proved first.

    Errors
    ------
    ConstructionError for a need that is no obligation, or one that is expected to be REFUTED.
    """
    known = {**paper_obligations(), **found}
    waiting = [(id, need) for id, obligation in found.items() for need in obligation.needs]
    wanted: dict[str, Obligation] = {}
    for id, need in waiting:
        if need not in known:
            raise ConstructionError(f"need the id of an obligation, got {need!r}, at the needs of {id} in {path}")
        if known[need].expect is Verdict.REFUTED:
            raise ConstructionError(f"need obligations that hold, got {need!r}, which is to be REFUTED, at the needs of {id} in {path}")
        if need not in found and need not in wanted:
            wanted[need] = known[need]
            waiting.extend((need, further) for further in known[need].needs)
    return wanted


def prove_with_progress(chosen: Chosen, *, jobs: int | None, fresh: bool, seconds: int) -> list[Result]:
    """Run the obligations with a progress bar on stderr, if somebody looks at it."""
    screen = console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with ExitStack() as stack:
        bar = stack.enter_context(Progress(*columns, console=screen, transient=True)) if screen.is_terminal else None
        task = bar.add_task("proving", total=len(chosen.obligations)) if bar else None

        def show(result: Result) -> None:
            if bar is not None and task is not None:
                bar.update(task, advance=1, description=printable(result.id))

        return run(chosen.obligations.values(), files=chosen.files, jobs=jobs, fresh=fresh, seconds=seconds, on_result=show)


def proved_rows(*, jobs: int | None, seconds: int) -> tuple[list[Row], list[Result]]:
    """The rows of the map, with the results behind them."""
    chosen = choose(())
    results = prove_with_progress(chosen, jobs=jobs, fresh=False, seconds=seconds)
    return map_rows(list(chosen.obligations.values()), results), results
