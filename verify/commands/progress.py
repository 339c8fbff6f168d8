"""Progress bars of the commands that take long."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from constructions.foundations.spelling import printable
from constructions.training.engine import ArrayStep
from verify.arguments.obligations import Chosen, choose
from verify.discharge.many import run
from verify.discharge.result import Result
from verify.reports.items import Row, map_rows
from verify.screen.printing import console


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

        obligations = chosen.obligations.values()
        return chosen.results(
            run(obligations, files=chosen.files, jobs=jobs, fresh=fresh, seconds=seconds, on_result=show)
        )


def proved_rows(*, jobs: int | None, seconds: int) -> tuple[list[Row], list[Result]]:
    """The rows of the map, with the results behind them."""
    chosen = choose(())
    results = prove_with_progress(chosen, jobs=jobs, fresh=False, seconds=seconds)
    return map_rows(list(chosen.obligations.values()), results), results


@contextmanager
def progress(steps: int) -> Iterator[Callable[[ArrayStep], None] | None]:
    """A bar with rate and time left on stderr, if somebody looks at it."""
    screen = console(stderr=True)
    if not screen.is_terminal or not steps:
        yield None
        return
    rate = TextColumn("{task.fields[rate]}", markup=False)
    columns = (
        TextColumn("training", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        rate,
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("training", total=steps, rate="")

        def watch(step: ArrayStep) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=step.number, rate=f"{speed:.1f} steps/s" if speed else "")

        yield watch
