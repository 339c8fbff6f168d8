"""The command ``querygrad theorem``: the stages and budgets of a theorem for given parameters, and measured runs of
it."""

import time
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.options import fields_given
from constructions.foundations.spelling import one_line
from constructions.theorems.options import TheoremOptions
from verify.arguments.data_options import SOURCE, check_columns
from verify.arguments.grouped import grouped
from verify.arguments.names import ADVERSARIES, DESCENTS, FORMS, LEARNERS, ORACLES, WAYS
from verify.arguments.values import RATIONAL_TEXT
from verify.commands.json_option import json_option, screen_beside
from verify.commands.options import QUIET
from verify.reports.exit_codes import EXPECTED, WRONG
from verify.screen.files import STDOUT, check_writable, write_json_text

with loaded_when_used(__name__):
    from constructions.theorems import in_arrays, kept_runs, measure, registry
    from constructions.theorems import task as tasks
    from verify.arguments import theorem_learner as learners
    from verify.obligations import item, paper
    from verify.reports import theorem as reports
    from verify.reports import theorem_heading as heading
    from verify.reports import theorem_json
    from verify.screen import bar

INTERRUPTED = 130
SECONDS_BETWEEN_WRITES = 2.0
OTHER_RUNS = "need the parameters of the runs in a file, or another file"
OPTIONS = (
    click.option(
        "--bits",
        type=click.IntRange(0, 512),
        help="The number n of bits of a point (default: as many as in the data, else 8).",
    ),
    click.option(
        "--batch",
        type=click.IntRange(1, 10**6),
        help="The batch size b (default: 4; 8 for 1b and 4, 64 for 2d, 800 for 2c, 80000 for 1c).",
    ),
    click.option(
        "--samples",
        type=click.IntRange(0, 10**6),
        help="The number m of samples of A, or in the one batch (default: 20; 800 for lemma 5c, 25000 for 5d and "
        "7, 80000 for 3c).",
    ),
    click.option(
        "--delta", type=RATIONAL_TEXT, help="How much larger the error of A' may be than that of A (default: 1/20)."
    ),
    click.option(
        "--tau",
        type=RATIONAL_TEXT,
        help="The tolerance of the queries (default: 1/(4b); 1/(4m) for lemmas 5a and 6; 1/10 for theorem 2d; 1/4 for "
        "2c, 5c, 5d and 7; 1/32 for 1c and 3c, 1/64 for 1b, 3b, 4 and 13, where gradients have the precision "
        "rho = 4 tau).",
    ),
    click.option(
        "--rho",
        type=RATIONAL_TEXT,
        help="The precision of gradients (1a, 1d, 3a, 3d, lemma 3a, 12a; default: tau/4, as printed).",
    ),
    click.option(
        "--as",
        "form",
        type=click.Choice(FORMS),
        help="In what gradient descent is run for 1a, 1d, 3a, 3d, lemma 3a and 12a (default: model).",
    ),
    click.option(
        "--extract",
        type=click.Choice(WAYS),
        help="How samples are drawn (default: prefix, Algorithm 1); step, for 1a: a step for each batch, b rho < 4/3; "
        "noisy, for 1a: the same for any b rho, with a few points of each batch read wrongly.",
    ),
    click.option(
        "--alternating/--plain",
        default=None,
        help="Whether each round asks about the points of one label only, the two labels taking turns (--plain with 1d "
        "and 3d: a step answers a query on both labels).",
    ),
    *SOURCE,
    click.option(
        "--learner",
        help=f"The simulated learner A: {', '.join((*LEARNERS, *DESCENTS))}, FILE.py[:NAME], or an AIGER file with "
        "latches (default: one for the problem).",
    ),
    click.option(
        "--oracle",
        type=click.Choice(ORACLES),
        help="How the answers are chosen within tau of the true means (default: exact).",
    ),
    click.option(
        "--adversary",
        type=click.Choice(ADVERSARIES),
        metavar="NAME",
        help=f"Who rounds the gradients of a network: {', '.join(ADVERSARIES)} (default: as the --oracle answers).",
    ),
    click.option(
        "--runs",
        type=click.IntRange(0, 10**9),
        help="The number of runs to measure (default: 1000, but 100, 20 or 3 where one takes long); 0: budgets alone.",
    ),
    click.option("--seed", type=click.IntRange(min=0), help="The seed of all runs (default: 0)."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFiles:
    """The files of a measurement.

    Parameters
    ----------
    json_file : a file to write; if it has runs already, the measurement continues from them.
    resume : a file to continue from, which is also written if there is no ``json_file``; parameters that the command
        does not give are those of this file.

    Raises
    ------
    ConstructionError
        For a file that cannot be written, and for another file with runs than the one to continue from.
    """

    json_file: Path | None = None
    resume: Path | None = None

    def __post_init__(self) -> None:
        check_writable(self.target)
        if self.resume is None or self.written is None or not self.written.exists():
            return
        if not (self.resume.exists() and self.written.samefile(self.resume)):
            raise ConstructionError(
                f"need a new file for the runs that --resume continues, got one that exists, at {self.json_file}"
            )

    @property
    def target(self) -> Path | None:
        """Where everything is written; it may be standard output."""
        return self.json_file or self.resume

    @property
    def written(self) -> Path | None:
        """The file of ``--json``, unless that is standard output."""
        return None if self.json_file is STDOUT else self.json_file

    @property
    def known(self) -> Path | None:
        """The file whose runs the measurement continues from, if there is one."""
        return self.resume or (self.written if self.written is not None and self.written.exists() else None)


theorem_options = grouped("options", TheoremOptions, OPTIONS)
file_options = grouped(
    "files",
    RunFiles,
    (
        json_option("Write everything as JSON; if the file has runs of the same parameters, continue from them"),
        click.option(
            "--resume",
            type=click.Path(path_type=Path),
            help="Continue from the runs in such a file; parameters that are not given are taken from it.",
        ),
    ),
)


@click.command("theorem")
@click.argument("item", nargs=-1, required=True)
@theorem_options
@file_options
@QUIET
def theorem(item: tuple[str, ...], options: TheoremOptions, files: RunFiles, quiet: bool) -> int:
    """Show the stages and the exact budgets of the theorem ITEM, and measure runs of its construction.

    ITEM is 1a to 1d, 2a to 2d, 3a to 3d, lemma 1, lemma 2, lemma 3a, 4, 5a to 5d, 6, 7, 12a or 13. The theorem
    turns a learner A into a learner A' of another kind; both are run on the same problem, and their errors compared.
    Ctrl-C prints what was measured so far.
    """
    name, chosen = theorem_of(" ".join(item))
    tasks.check_options(name, chosen, options)
    kept = kept_runs.read_state(files.known) if files.known else None
    if kept and files.resume:
        if kept[0].get("item") != name:
            odd = f"item is {kept[0].get('item')}, not {name}"
            raise ConstructionError(f"{OTHER_RUNS}, got: {odd}, at {files.resume}")
        options = TheoremOptions(**(_kept_options(kept[0]) | fields_given(options)))
    check_columns(options.label, options.delimiter, file=options.data)
    task = task_of(name, chosen, options)
    tally = _kept_runs(files.known, kept, task) if files.known and kept else measure.Tally()
    return perform(task, tally, files.target, files.known, quiet=quiet)


def task_of(name: str, chosen: "registry.Theorem", options: TheoremOptions) -> "tasks.TheoremTask":
    """The task for some options; numbers that are not given are those that a user's learner fixes.

    Parameters
    ----------
    name, chosen : the theorem's name and itself.
    """
    found = learners.user_learner(options.learner)
    if found is None:
        return tasks.prepare(name, chosen, options)
    fixes = {each: value for each, value in found.fixes.items() if each != "samples" or chosen.samples}
    given = TheoremOptions(**(fixes | fields_given(options)))
    return tasks.prepare(name, chosen, given, found.learned, digest=found.digest)


def theorem_of(words: str) -> "tuple[str, registry.Theorem]":
    """A theorem that has a pipeline, and the name under which its runs are kept.

    Raises
    ------
    ConstructionError
        For another item of the paper, which is not built yet or has no pipeline, and for what is no item.

    >>> theorem_of("2a")[0], theorem_of("lemma 1")[0]
    ('theorem 2a', 'lemma 1')
    """
    known = next(filter(None, map(paper.item_named, (words, f"theorem {words}", f"lemma {words}"))), None)
    if known is None or known.name.casefold() in registry.THEOREMS:
        return registry.theorem(words)
    there = (
        paper.unbuilt(known) if known.construction == item.OPEN else f"has none: try 'querygrad prove \"{known.name}\"'"
    )
    names = ", ".join(registry.THEOREMS)
    raise ConstructionError(
        f"need a theorem with a pipeline ({names}), got {known.name!r}, which is known ({known.title}) but {there}"
    )


def _kept_options(kept: "kept_runs.Parameters") -> dict[str, Any]:
    """The options in a file, checked as those of a command line are."""
    ctx = click.get_current_context()
    names = {field.name for field in fields(TheoremOptions)}
    options = (param for param in ctx.command.params if param.name in names and kept.get(param.name) is not None)
    given = {str(param.name): (param, kept[str(param.name)]) for param in options}
    return {
        name: param.type_cast_value(ctx, value if isinstance(value, bool) else str(value))
        for name, (param, value) in given.items()
    }


def _kept_runs(
    path: Path, found: "tuple[kept_runs.Parameters, measure.Tally]", task: "tasks.TheoremTask"
) -> "measure.Tally":
    kept, tally = found
    differ = kept_runs.differences({**kept, "runs": None}, {**task.parameters, "runs": None})
    if differ:
        raise ConstructionError(f"{OTHER_RUNS}, got: {'; '.join(differ)}, at {path}")
    wanted = task.experiment.measures
    if tally.runs and set(tally.sums) != set(wanted):
        raise ConstructionError(f"need sums of {', '.join(wanted)}, got {', '.join(tally.sums) or 'none'}, at {path}")
    if tally.runs > task.runs:
        raise ConstructionError(f"need --runs of at least the {tally.runs} in the file, got {task.runs}, at {path}")
    return tally


def perform(
    task: "tasks.TheoremTask",
    tally: "measure.Tally",
    target: Path | None = None,
    known: Path | None = None,
    *,
    quiet: bool = False,
) -> int:
    """Print the stages, take the runs that are left, and print what was measured.

    Parameters
    ----------
    tally : the runs so far, which are from the file ``known``. target : where everything is written.
    quiet : show no progress.

    Returns
    -------
    The exit code.
    """
    out = screen_beside(target)
    for line in heading.header(task):
        out.print(line)
    out.print()
    reports.print_stages(out, task.pipeline)
    for line in reports.strays_lines(task.strays()):
        out.print(line, highlight=False)
    exact, why = exact_rounds(task) if task.runs or target else (None, "")
    again = f", the first {tally.runs} of them from {known}" if tally.runs else ""
    way = in_arrays.takes(task.experiment, tally.form if tally.runs else None)
    tally, interrupted = run_all(task, replace(tally, form=way.form), way, target, exact, quiet=quiet)
    lines = reports.measured(task.pipeline, tally, exact)
    out.print()
    if lines:
        out.print(reports.measured_table(lines))
        for line in reports.measures_explained(lines):
            out.print(line, style="dim")
    bounded = not (task.pipeline.oracle_bound or task.pipeline.replaces)
    wrong = reports.outside(lines) if bounded else []
    notes = [why] if why and task.runs else []
    notes += [f"{tally.runs} of {task.runs} runs{again}" + (f"; kept in {target}" if target else "")]
    notes += [f"taken one by one, not in arrays: {way.reason}"] if way.reason and task.runs else []
    notes += remarks(task, tally) + [f"OUTSIDE its bound: {name}" for name in wrong]
    for line in notes + ([how_to_continue(target)] if interrupted else []):
        out.print(line)
    return INTERRUPTED if interrupted else WRONG if wrong else EXPECTED


def exact_rounds(task: "tasks.TheoremTask") -> tuple[Fraction | None, str]:
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


def run_all(
    task: "tasks.TheoremTask",
    tally: "measure.Tally",
    way: "in_arrays.Blocks | in_arrays.OneByOne",
    target: Path | None,
    exact: Fraction | None,
    *,
    quiet: bool = False,
) -> "tuple[measure.Tally, bool]":
    """Take all runs that are left; what was measured is written now and then, at the end, and when interrupted.

    Returns
    -------
    The sums of all runs, and whether Ctrl-C was pressed.

    Raises
    ------
    ConstructionError
        For runs of too many rounds, and for a learner of the user's that fails in one; those before it are written.
    """
    if way.reason and tally.runs < task.runs:
        tasks.check_length(task)
    interrupted, written = False, time.monotonic()
    try:
        with bar.progress_bar("running", task.runs, done=tally.runs, unit="runs", quiet=quiet) as drawn:
            while tally.runs < task.runs:
                found = way.runs(tally.runs, task.runs)
                tally = tally.plus_all(found)
                drawn.advance(parts=len(found))
                if target and target is not STDOUT and time.monotonic() - written > SECONDS_BETWEEN_WRITES:
                    keep(task, tally, target, exact)
                    written = time.monotonic()
    except KeyboardInterrupt:
        interrupted = True
    except ConstructionError as error:
        if not tally.runs or target in (None, STDOUT):
            raise
        keep(task, tally, target, exact)
        raise ConstructionError(f"{one_line(error)}; the runs before it, {tally.runs}, are kept in {target}") from error
    if target:
        keep(task, tally, target, exact)
    return tally, interrupted


def keep(task: "tasks.TheoremTask", tally: "measure.Tally", target: Path, exact: Fraction | None) -> None:
    """Write parameters, sums and report to a file."""
    lines = reports.measured(task.pipeline, tally, exact)
    found = theorem_json.theorem_json(task.parameters, tally, task.pipeline, lines, exact=exact, strays=task.strays())
    write_json_text(target, found, indent=2)


def remarks(task: "tasks.TheoremTask", tally: "measure.Tally") -> list[str]:
    """What must be known to read the measured errors."""
    found = []
    if tally.runs and not task.experiment.losses.exact:
        found.append("errors are measured on fresh test points, as there are too many points to go through")
    if tally.runs and task.pipeline.replaces:
        found.append("Result B bounds the error of A' by that of A on samples of which points are replaced")
    if tally.runs and task.pipeline.oracle_bound:
        worst = "roundings of gradients" if hasattr(task.pipeline.given.budget, "rho") else "answers"
        found.append(
            f"the theorem bounds the error of A' by that of A against the worst valid {worst}, not against these"
        )
    return found


def how_to_continue(target: Path | None) -> str:
    """What to say when Ctrl-C was pressed."""
    if target:
        return f"interrupted; --resume {target} continues"
    return "interrupted, and nothing is kept; --json FILE would have kept the runs"
