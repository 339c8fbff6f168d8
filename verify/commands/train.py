"""The command ``querygrad train``: plain bSGD or fbGD on a network's file."""

import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from constructions.foundations.loading import loaded_when_used
from verify.arguments import names
from verify.arguments.data_options import DataOptions, data_options
from verify.arguments.training import TrainingOptions, training_options
from verify.commands.interruption import Interrupted
from verify.commands.options import QUIET
from verify.reports.exit_codes import EXPECTED, WRONG
from verify.screen.bar import progress_bar
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.networks import network_file, trainable
    from constructions.training import by_fractions
    from constructions.training import run as runs
    from verify.arguments import adversary, oracle, user_files
    from verify.arguments import data as data_of
    from verify.commands import machine_code
    from verify.reports import training as reports

EXACT = names.ORACLES[0]
"""How an oracle answers if nothing is said."""
OF_A_RUN = ("checkpoint", "trace", "resume", "every", "engine")
"""The options that a run takes as they are."""
VOID = {"batch": "its learner may rely on that"}
"""What a setting other than the network's means, where it is not that no certificate covers the run."""


@click.command("train")
@click.argument("net", type=click.Path(path_type=Path))
@data_options
@training_options
@QUIET
def train(net: Path, data: DataOptions, options: TrainingOptions, quiet: bool) -> int:
    """Train the network file NET by gradient descent in exact arithmetic.

    Every component of a gradient is rounded to a multiple of rho within 3/4 rho of it, by an adversary of your choice;
    or, with --oracle, it is the answer to a query, rounded to the nearest multiple of rho.
    """
    options.check_oracle(full=data.full)
    start = network_file.read_network(net)
    found, run = training_of(start, data, options)
    settings = run.settings
    for line in ([found.columns] if found.columns else []) + warnings(start, run.steps, settings):
        say(line, err=True)
    machine_code.warn_if_not_kept()
    done, seconds = carried_out(run, quiet=quiet)
    if options.output:
        network_file.write_network(options.output, done.net)
    told = reports.RunToTell(
        path=net,
        start=start,
        data=found,
        done=done,
        given=data,
        options=options,
        settings=settings,
        steps=run.steps,
        seconds=seconds,
    )
    for name, value in reports.about_run(told).items():
        say(f"{name:<12} {value}")
    for path in options.files:
        say(f"wrote {path}")
    return EXPECTED if done.kink is None else WRONG


def training_of(
    start: "trainable.Trainable", data: DataOptions, options: TrainingOptions
) -> "tuple[data_of.Data, runs.Training]":
    """What a network, ``start``, is to be trained on, and the run, as the options have it.

    Raises
    ------
    ConstructionError
        For data, an adversary or an oracle that there are not.
    """
    files = user_files.UserFiles()
    found = data_of.data_named(data, inputs=len(start.network.inputs), batch=start.batch, files=files)
    settings = options.settings(start, found.batch)
    return found, runs.Training(
        net=options.initialized(start, data.seed),
        batches=found.batches,
        steps=start.steps if options.steps is None else options.steps,
        source=found.name,
        adversary=rounding(options, files, rho=settings.rho or start.rho, seed=data.seed),
        seed=data.seed,
        settings=settings,
        **{name: getattr(options, name) for name in OF_A_RUN},
    )


def rounding(options: TrainingOptions, files: "user_files.UserFiles", *, rho: Fraction, seed: int) -> Any:
    """Who rounds the entries of gradients: an adversary, or the answers of an oracle.

    Parameters
    ----------
    files : the user's files that the command has run. rho, seed : the precision, and where random answers come from.
    """
    if options.oracle is None:
        return adversary.adversary_named(options.adversary, files)
    return oracle.oracle_named(options.answers or EXACT, files, rho=rho, seed=seed)


def carried_out(run: "runs.Training", *, quiet: bool = False) -> "tuple[runs.TrainingRun, float]":
    """Take the steps of a run, with a progress bar.

    Returns
    -------
    What came of it, and the seconds that it took.

    Raises
    ------
    Interrupted
        On Ctrl-C; its text says what of the run is kept.
    """
    began = time.monotonic()
    with progress_bar("training", run.steps, unit="steps", quiet=quiet) as bar:
        run.watch = (lambda step: bar.reach(step.number)) if bar.is_shown else None
        try:
            done = run.go()
        except KeyboardInterrupt as error:
            raise Interrupted(what_is_kept(run)) from error
    return done, time.monotonic() - began


def what_is_kept(run: "runs.Training") -> str:
    """What is true of a run that was interrupted: the steps taken, those that are kept, and how to continue."""
    found = f"interrupted after step {run.taken} of {run.steps}; "
    if run.checkpoint is None:
        found += "nothing is kept (--checkpoint FILE keeps a run)"
        return found + (f"; no run can go on from the trace alone, {run.trace}" if run.trace else "")
    if run.kept is None:
        return found + f"nothing is kept in {run.checkpoint} yet"
    how = "the same command" if run.resume else "the same command with --resume"
    return found + f"{run.kept} steps are kept in {run.checkpoint}, from which {how} goes on"


def warnings(start: "trainable.Trainable", steps: int, settings: "by_fractions.EngineSettings") -> list[str]:
    """A line for each setting that differs from the network's. (A certificate says what it says for every batch, but a
    learner that counts samples may need the batch size that it was made for.)"""
    pairs = {name: (getattr(start, name), getattr(settings, name)) for name in ("rho", "rate", "batch")} | {
        "steps": (start.steps, steps)
    }
    return [
        f"warning: {name} is {got}; the network's file says {wanted}, and "
        f"{VOID.get(name, 'no certificate of it covers this run')}"
        for name, (wanted, got) in pairs.items()
        if wanted != got
    ]
