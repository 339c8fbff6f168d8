"""The command ``querygrad trace``: a recorded training run as a page that can be stepped through."""

from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.names import NETWORK
from verify.commands.options import QUIET
from verify.reports.exit_codes import EXPECTED
from verify.screen.bar import progress_bar
from verify.screen.files import check_writable
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.computation import query_machine
    from constructions.networks import network_file
    from constructions.training import record, retracing
    from verify.arguments import learner, learner_options
    from verify.commands import machine_code
    from verify.pages import shown_runs, training_run

FILE = click.Path(path_type=Path)


@click.command("trace")
@click.argument("net", type=FILE)
@click.argument("run", type=FILE)
@click.option("--machine", help="The machine that the network emulates: a file that 'compile --machine-out' wrote.")
@click.option("--random-string", "bits", help="The random string of the run, if it was not drawn from its seed.")
@click.option("-o", "--output", type=FILE, required=True, help="The page, a file whose name ends in .html.")
@click.option("--title", help="The title of the page (default: the names of the two files).")
@QUIET
def trace(
    net: Path, run: Path, machine: str | None, bits: str | None, output: Path, title: str | None, quiet: bool
) -> int:
    """Write a page on which the steps of a recorded training run can be gone through.

    NET is the network file that was trained, as it was before, and RUN the trace that 'train --trace' wrote of it. Each
    step is taken again, so a trace that is none of this network's is refused. The page shows the batch, what each
    gradient was and how it was rounded, which vertices are flat, why a gradient is 0, and what breaks if a rounding is
    off by more than it may; with --machine also the queries in words, their answers, and the learner's state.
    """
    check_writable(output, endings=(".html",))
    start = network_file.read_network(net)
    settings = retracing.RunSettings.of(record.read_header(run))
    initialized = retracing.as_initialized(start, settings.seed, bits)
    traced = list(record.read_trace(run))
    if not traced:
        raise ConstructionError(f"need a trace with at least one step, got none, at {run}")
    method = None if machine is None else _machine(machine)
    machine_code.warn_if_not_kept()
    showing = shown_runs.Showing(initialized, settings, method)
    with progress_bar("steps", len(traced), unit="steps", quiet=quiet) as bar:
        found = showing.of(traced, title=title or f"{net.name}, {run.name}", watch=bar.reach)
    training_run.write_run_page(output, found)
    say(f"wrote {len(traced)} steps: {output}")
    return EXPECTED


def _machine(name: str) -> "query_machine.QueryMachine":
    if Path(name).suffix == NETWORK:
        raise ConstructionError(f"need a machine's file, got a network, at {name}")
    return learner.read_learner(name).machine(learner_options.LearnerOptions(), {})
