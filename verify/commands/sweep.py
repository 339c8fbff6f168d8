"""The command ``querygrad sweep``: the plane of batch size and precision, point by point."""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from constructions.foundations.optional import optional
from verify.arguments.grouped import grouped
from verify.arguments.names import SWEPT, SWEPT_AT_FIRST
from verify.arguments.values import RATIONAL, ListOf
from verify.commands.interruption import Interrupted
from verify.commands.options import JOBS, POSITIVE, QUIET
from verify.reports.exit_codes import EXPECTED, WRONG
from verify.screen.files import check_writable, write_json_text
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.theorems import phase
    from verify.reports import sweep as reports
    from verify.screen import bar

BATCHES = ",".join(str(4**power) for power in range(9))
PRECISIONS = ",".join(f"1/{2**power}" for power in range(1, 17, 2))
SECONDS_BETWEEN_WRITES = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOptions:
    """What is swept.

    Parameters
    ----------
    bits, runs, seed, delta, most : as in :class:`constructions.theorems.phase.SweepSetting`.
    batches, precisions, learners : the grid.
    jobs : how many processes. cluster : the address of a Dask scheduler, whose workers are taken instead.
    """

    bits: int
    batches: tuple[int, ...]
    precisions: tuple[Fraction, ...]
    learners: tuple[str, ...]
    runs: int
    seed: int
    delta: Fraction
    most: int
    jobs: int | None
    cluster: str | None


options_of_a_sweep = grouped(
    "options",
    SweepOptions,
    (
        click.option("--bits", type=click.IntRange(2, 10), default=6, show_default=True, help="The bits n of a point."),
        click.option(
            "--batches",
            type=ListOf(click.IntRange(1, 10**7)),
            default=BATCHES,
            show_default=True,
            help="The batch sizes b.",
        ),
        click.option(
            "--precisions",
            type=ListOf(RATIONAL),
            default=PRECISIONS,
            show_default=True,
            help="The precisions rho of gradients.",
        ),
        click.option(
            "--learners",
            type=ListOf(click.Choice(SWEPT)),
            default=",".join(SWEPT_AT_FIRST),
            show_default=True,
            help="What is learned: parity by reading batches; consistent, a parity by any batch that is consistent "
            "with the answers (n <= 6, b <= 32; extra 'milp'); hidden, a noisy label that is hidden for b rho >= 4; "
            "regression by gradient descent against the adversary; literal by queries.",
        ),
        click.option("--runs", type=POSITIVE, default=5, show_default=True, help="How many runs at each point."),
        click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The seed of all runs."),
        click.option(
            "--delta", type=RATIONAL, default="1/20", show_default=True, help="What Theorems 1a and 1d may lose."
        ),
        click.option(
            "--most",
            type=POSITIVE,
            default=100_000,
            show_default=True,
            help="The most parameters times samples of a run; larger points are left to the proofs.",
        ),
        JOBS,
        click.option(
            "--cluster",
            metavar="ADDRESS",
            help="Run on the workers of the Dask scheduler at this address, such as tcp://host:8786 (extra 'cluster').",
        ),
    ),
)


@click.command("sweep")
@options_of_a_sweep
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="Write the rows to this .json file; if it has rows of the same sweep, go on from them.",
)
@QUIET
def sweep(options: SweepOptions, output: Path, quiet: bool) -> int:
    """Go through the plane of batch size b and precision rho, and say at each point what gradient descent learns.

    Looked at are a parity by reading the batches (b rho < 4/3), a noisy label that is hidden in two worlds of the same
    weights (b rho >= 4), a linear model against the adversary that names a parity, and a literal by queries; if asked
    for, also a parity by batches that are consistent with the answers (4/3 <= b rho). What the theorems cover but is
    too large to be run is proved only; where none speaks, the point is open. 'querygrad plot' draws the file. It is
    written as the points come, so a sweep that was killed goes on where it was, and further points of the same setting
    are added.
    """
    check_writable(output, endings=(".json",))
    setting = phase.SweepSetting(
        n=options.bits, runs=options.runs, seed=options.seed, delta=options.delta, most=options.most
    )
    points = phase.points_of(options.batches, options.precisions, options.learners)
    kept = _kept(output, setting)
    found = reports.KeptSweep(setting=setting, rows=dict(kept))
    left = [point for point in points if point not in kept]
    _run(found, left, options, output, quiet=quiet, total=len(points))
    for point in points:
        say("  ".join(f"{cell:<{width}}" for cell, width in zip(reports.told(found.rows[point]), WIDTHS, strict=True)))
    say(reports.summary(found.rows.values()), f"wrote {output}")
    wrong = [point for point in points if phase.outside(found.rows[point], setting)]
    say(*(f"OUTSIDE what is proved: {each.learner} at b = {each.b}, rho = {each.rho}" for each in wrong))
    return WRONG if wrong else EXPECTED


WIDTHS = (10, 8, 10, 9, 9, 11, 20, 0)


def _kept(output: Path, setting: "phase.SweepSetting") -> "dict[phase.SweepPoint, phase.SweepRow]":
    """The rows in a file of the same sweep."""
    if not output.exists():
        return {}
    kept = reports.read_sweep(output)
    differ = reports.different(kept.setting, setting)
    if differ:
        raise ConstructionError(
            f"need the numbers of the rows in a file, or another file, got: {'; '.join(differ)}, at {output}"
        )
    return kept.rows


def _run(
    found: "reports.KeptSweep",
    left: "list[phase.SweepPoint]",
    options: SweepOptions,
    output: Path,
    *,
    quiet: bool,
    total: int,
) -> None:
    """Find the rows that are left; the file is written now and then, at the end, and when interrupted."""
    written = time.monotonic()
    try:
        with bar.progress_bar("sweeping", total, done=total - len(left), unit="points", quiet=quiet) as drawn:
            for row in _rows(found.setting, left, options):
                found.rows[row.point] = row
                drawn.advance()
                if time.monotonic() - written > SECONDS_BETWEEN_WRITES:
                    write_json_text(output, reports.sweep_json(found), indent=1)
                    written = time.monotonic()
    except KeyboardInterrupt as error:
        write_json_text(output, reports.sweep_json(found), indent=1)
        many = f"interrupted after {len(found.rows)} of {total} points"
        raise Interrupted(f"{many}; they are kept in {output}, from which the same command goes on") from error
    write_json_text(output, reports.sweep_json(found), indent=1)


def _rows(
    setting: "phase.SweepSetting", left: "list[phase.SweepPoint]", options: SweepOptions
) -> "Iterator[phase.SweepRow]":
    """The rows as they come: of this process if one is to work, else of processes or of a cluster."""
    if options.cluster is None and options.jobs == 1:
        yield from (phase.found_at(setting, point) for point in left)
        return
    with _executor(options) as executor:
        waiting: list[Future[phase.SweepRow]] = [executor.submit(phase.found_at, setting, point) for point in left]
        yield from (future.result() for future in as_completed(waiting))


@contextmanager
def _executor(options: SweepOptions) -> Iterator[Executor]:
    """What runs the points: processes here, or the workers of a cluster. Points that were not begun are given up when
    it is left before its end."""
    if options.cluster is not None:
        with _client(options.cluster) as client:
            yield client.get_executor()
        return
    jobs, context = options.jobs or os.cpu_count() or 1, multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=_deaf)
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.kill()
        raise
    executor.shutdown()


def _deaf() -> None:
    """Ctrl-C is the business of the process that waits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """A client of a Dask scheduler."""
    distributed = optional("distributed")
    try:
        client = distributed.Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise ConstructionError(f"need a Dask scheduler that answers, got {error}, at --cluster {address}") from error
    with contextlib.closing(client):
        yield client
