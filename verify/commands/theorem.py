"""The command ``querygrad theorem``: the stages and budgets of a theorem for given parameters, and measured runs of
it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from constructions.errors import ConstructionError, PremiseError
from constructions.theorems.choices import ORACLES, PROBLEMS, QUERY_LEARNERS, SAMPLE_LEARNERS
from constructions.theorems.kept_runs import Parameters, differences, read_state, write_state
from constructions.theorems.measure import Tally
from constructions.theorems.pipeline import EXTRACTS
from constructions.theorems.registry import THEOREMS, Theorem
from constructions.theorems.registry import theorem as find
from constructions.theorems.task import Task, TheoremOptions, check_options, prepare
from verify.arguments.data import check_columns
from verify.commands.json_option import json_option, screen_beside
from verify.commands.options import Exact, between
from verify.obligations.paper import OPEN, item_named, unbuilt
from verify.reports.exit_codes import EXPECTED, WRONG
from verify.reports.theorem import as_json, measured, measured_table, outside, print_stages
from verify.screen.files import STDOUT, check_writable
from verify.screen.printing import console

INTERRUPTED = 130
FILE = click.Path(path_type=Path)
SECONDS_BETWEEN_WRITES = 2.0


@click.command("theorem")
@click.argument("item", nargs=-1, required=True)
@click.option("--bits", type=between(0, 512), help="n (default 8, or as the data).")
@click.option("--batch", type=between(1, 10**6), help="b (default 4; 64 for 2d).")
@click.option("--samples", type=between(0, 10**6), help="m, the samples of the given method (default 20).")
@click.option("--delta", type=Exact(), help="The error that may be lost, as 0.05 or 1/20 (default 1/20).")
@click.option(
    "--tau", type=Exact(), help="The tolerance of the queries (default 1/(4b); 1/(4m) for 5a and 6; 1/10 for 2d)."
)
@click.option("--extract", type=click.Choice(EXTRACTS), help="How samples are extracted (default prefix, Algorithm 1).")
@click.option("--alternating/--plain", default=None, help="Queries about one label at a time, by turns.")
@click.option("--problem", type=click.Choice(list(PROBLEMS)), help="A built-in problem on uniform bits.")
@click.option("--noise", type=Exact(), help="The chance that a label is flipped (default 0).")
@click.option("--data", help="A CSV or NumPy file of 0/1 columns: the uniform distribution over its rows.")
@click.option(
    "--label",
    metavar="COLUMN",
    help="With --data: the column that is the label, a name or a number from 1 (default: the last).",
)
@click.option(
    "--delimiter",
    help="With --data: what stands between the cells of a CSV file, such as ';' or tab (default: a comma).",
)
@click.option(
    "--learner", help=f"A: {', '.join({**SAMPLE_LEARNERS, **QUERY_LEARNERS})} (default: that of the problem's name)."
)
@click.option("--oracle", type=click.Choice(list(ORACLES)), help="Who answers, within tau (default exact).")
@click.option(
    "--runs",
    type=between(0, 10**9),
    help="Runs of the measurement (default 1000; 100 for 2d); 0 prints the budgets only.",
)
@click.option("--seed", type=click.IntRange(min=0), help="The seed (default 0).")
@json_option("Write everything as JSON; a file with runs of the same parameters is gone on with")
@click.option(
    "--resume", type=FILE, help="Go on with the runs of such a file; parameters that are not given are taken from it."
)
def theorem(item: tuple[str, ...], json_file: Path | None, resume: Path | None, **given: Any) -> int:
    """Stages and exact budgets of a theorem (2a, 2b, 2d, lemma 1, 2, 5a, 5b, 6), and measured runs of it.

    Ctrl-C prints what was measured so far.
    """
    name, chosen = theorem_of(" ".join(item))
    target = json_file or resume
    if target:
        check_writable(target)
    if (
        resume
        and json_file
        and json_file is not STDOUT
        and json_file.exists()
        and not (resume.exists() and json_file.samefile(resume))
    ):
        raise ConstructionError(f"need a new file for what --resume goes on with, got one that exists, at {json_file}")
    wanted = {option: value for option, value in given.items() if value is not None}
    check_options(name, chosen, TheoremOptions(**wanted))
    known = resume or (json_file if json_file and json_file is not STDOUT and json_file.exists() else None)
    kept = read_state(known) if known else None
    options = TheoremOptions(**{**(_kept_options(kept[0]) if kept and resume else {}), **wanted})
    check_columns({"label": options.label, "delimiter": options.delimiter}, options.data)
    task = prepare(name, chosen, options)
    tally = _kept_runs(known, kept, task) if known and kept else Tally()
    return perform(task, tally, target, known)


def theorem_of(words: str) -> tuple[str, Theorem]:
    """A theorem that has a pipeline.

    Errors
    ------
    ConstructionError for another item of the paper, which is known but not built yet or has no pipeline, and for what
    is none.
    """
    known = next(filter(None, map(item_named, (words, f"theorem {words}", f"lemma {words}"))), None)
    if known is None or known.name.casefold() in THEOREMS:
        return find(words)
    there = unbuilt(known) if known.construction == OPEN else f"has none: try 'querygrad prove \"{known.name}\"'"
    names = ", ".join(THEOREMS)
    raise ConstructionError(
        f"need a theorem with a pipeline ({names}), got {known.name!r}, which is known ({known.title}) but {there}"
    )


def _kept_options(kept: Parameters) -> dict[str, Any]:
    """The options in a file, checked as those of a command line are."""
    ctx = click.get_current_context()
    names = {field.name for field in fields(TheoremOptions)}
    options = (param for param in ctx.command.params if param.name in names and kept.get(param.name) is not None)
    given = {str(param.name): (param, kept[str(param.name)]) for param in options}
    return {
        name: param.type_cast_value(ctx, value if isinstance(value, bool) else str(value))
        for name, (param, value) in given.items()
    }


def _kept_runs(path: Path, found: tuple[Parameters, Tally], task: Task) -> Tally:
    kept, tally = found
    differ = differences({**kept, "runs": None}, {**task.parameters, "runs": None})
    if differ:
        raise ConstructionError(
            f"need the parameters of the runs in a file, or another file, got: {'; '.join(differ)}, at {path}"
        )
    wanted = task.experiment.measures
    if tally.runs and set(tally.sums) != set(wanted):
        raise ConstructionError(f"need sums of {', '.join(wanted)}, got {', '.join(tally.sums) or 'none'}, at {path}")
    if tally.runs > task.runs:
        raise ConstructionError(f"need --runs of at least the {tally.runs} in the file, got {task.runs}, at {path}")
    return tally


def perform(task: Task, tally: Tally, target: Path | None, known: Path | None = None) -> int:
    """Print the stages, run (after what a known file has), print what was measured; return the exit code."""
    out = screen_beside(target)
    for line in header(task):
        out.print(line)
    out.print()
    print_stages(out, task.pipeline)
    exact, why = exact_rounds(task) if task.runs or target else (None, "")
    again = f", the first {tally.runs} of them from {known}" if tally.runs else ""
    tally, interrupted = run_all(task, tally, target, exact)
    lines = measured(task.pipeline, tally, exact)
    out.print()
    if lines:
        out.print(measured_table(lines))
    wrong = outside(lines) if not task.pipeline.oracle_bound else []
    for line in closing(task, tally, again, interrupted, why, wrong, target):
        out.print(line)
    return INTERRUPTED if interrupted else WRONG if wrong else EXPECTED


def header(task: Task) -> list[str]:
    """What is looked at, in two lines, and the columns of a data file where they are to be said."""
    given = task.parameters
    source = f"{given['problem']}, noise {given['noise']}"
    if given["data"]:
        source = f"the rows of {given['data']} ({str(given['rows']).split(',')[0]})"
    sizes = f"n = {given['bits']}, b = {given['batch']}, tau = {given['tau']}, delta = {given['delta']}"
    samples = f" on {given['samples']} samples" if task.pipeline.samples else ""
    return [
        f"{task.pipeline.item}: {task.title}",
        f"A: {given['learner']}{samples}; D: {source}; {sizes}; answers: {given['oracle']}; seed {given['seed']}",
        *([task.columns] if task.columns else []),
    ]


def exact_rounds(task: Task) -> tuple[Fraction | None, str]:
    """The exact expected rounds of a sample, or why they are not known."""
    words = task.experiment.losses.words
    if task.pipeline.exact is None:
        return None, ""
    if words is None:
        return None, "too many points for the exact expected rounds"
    try:
        return task.pipeline.exact(words), ""
    except PremiseError as error:
        return None, f"no exact expected rounds: {error}"


def run_all(task: Task, tally: Tally, target: Path | None, exact: Fraction | None) -> tuple[Tally, bool]:
    """All runs that are left, with a progress bar; what was measured is written now and then, at the end, and when
    interrupted."""
    interrupted, written = False, time.monotonic()
    try:
        with progress(task.runs, tally.runs) as advance:
            while tally.runs < task.runs:
                tally = tally.plus(task.experiment.run(tally.runs))
                advance()
                if target and target is not STDOUT and time.monotonic() - written > SECONDS_BETWEEN_WRITES:
                    keep(task, tally, target, exact)
                    written = time.monotonic()
    except KeyboardInterrupt:
        interrupted = True
    if target:
        keep(task, tally, target, exact)
    return tally, interrupted


def keep(task: Task, tally: Tally, target: Path, exact: Fraction | None) -> None:
    """Write parameters, sums and report to a file."""
    write_state(target, task.parameters, tally, as_json(task.pipeline, measured(task.pipeline, tally, exact), exact))


@contextmanager
def progress(runs: int, done: int) -> Iterator[Any]:
    """A bar with the time left on stderr, if somebody looks at it."""
    screen = console(stderr=True)
    if not screen.is_terminal or runs == done:
        yield lambda: None
        return
    text = TextColumn("running", markup=False)
    columns = (
        text,
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("running", total=runs, completed=done)
        yield lambda: bar.advance(task)


def closing(
    task: Task, tally: Tally, again: str, interrupted: bool, why: str, wrong: list[str], target: Path | None
) -> list[str]:
    """What is to be said below the table."""
    lines = [why] if why and task.runs else []
    lines.append(f"{tally.runs} of {task.runs} runs{again}" + (f"; kept in {target}" if target else ""))
    if tally.runs and not task.experiment.losses.exact:
        lines.append("errors are measured on fresh test points, as there are too many points to go through")
    if tally.runs and task.pipeline.oracle_bound:
        lines.append(
            "the theorem bounds the error of A' by that of A against the worst valid answers, not against these"
        )
    lines += [f"OUTSIDE its bound: {name}" for name in wrong]
    if interrupted:
        lines.append(
            f"interrupted; --resume {target} goes on" if target else "interrupted; --json FILE would have kept the runs"
        )
    return lines
