"""The command ``querygrad train``: plain bSGD or fbGD on a network's file."""

import time
from pathlib import Path
from typing import Any

import click

from constructions.errors import ConstructionError
from constructions.networks.network_file import SUFFIX, read_network, write_network
from constructions.networks.trainable import Trainable
from constructions.theorems.choices import PROBLEMS
from constructions.training.adversaries import NAMED
from constructions.training.batches import random_string
from constructions.training.by_fractions import RATIONALS
from constructions.training.exactness import FLOATS, INTEGERS
from constructions.training.run import EVERY, Training
from verify.arguments.adversary import adversary_named
from verify.arguments.data import Data, data_named
from verify.arguments.user_files import UserFiles
from verify.arguments.values import number
from verify.commands.interruption import Interrupted
from verify.commands.machine_code import warn_if_not_kept
from verify.commands.progress import progress
from verify.reports.exit_codes import EXPECTED, WRONG
from verify.reports.training import said
from verify.screen.files import check_writable
from verify.screen.printing import say

FILE = click.Path(path_type=Path)
COUNT = click.IntRange(min=1)
NUMBERS = {"float64": FLOATS, "integers": INTEGERS, "rationals": RATIONALS}


@click.command()
@click.argument("net", type=FILE)
@click.option("--data", help="A CSV or NumPy file of 0/1 columns; FILE.py:NAME, a source or a function of the step.")
@click.option(
    "--label",
    metavar="COLUMN",
    help="With --data: the column that is the label, a name or a number from 1 (default: the last).",
)
@click.option(
    "--delimiter",
    help="With --data: what stands between the cells of a CSV file, such as ';' or tab (default: a comma).",
)
@click.option("--problem", type=click.Choice(list(PROBLEMS)), help="A built-in problem on uniform bits.")
@click.option("--noise", default="0", show_default=True, help="With --problem: how often a label is flipped, p/q.")
@click.option(
    "--full", is_flag=True, help="fbGD: the whole data set in every step (of --problem: one batch, drawn once)."
)
@click.option("--batch", type=COUNT, help="b (default: the file's; with --full the size of the data set).")
@click.option("--steps", type=click.IntRange(min=0), help="T (default: the file's).")
@click.option("--rho", help="Gradient precision, p/q (default: the file's).")
@click.option("--rate", help="Step size, p/q (default: the file's).")
@click.option(
    "--adversary", default="nearest", show_default=True, help=f"Who rounds: {', '.join(NAMED)}, or FILE.py:NAME."
)
@click.option(
    "--seed",
    type=click.IntRange(0, (1 << 63) - 1),
    default=0,
    show_default=True,
    help="For batches, random string, adversary.",
)
@click.option(
    "--random-string", "bits", help="The signs of the sampled edges, zeros and ones (default: from the seed)."
)
@click.option("--checkpoint", type=FILE, help="Keep the run in this file.")
@click.option("--resume", is_flag=True, help="Go on from the checkpoint, if there is one yet.")
@click.option(
    "--every", type=click.FloatRange(min=0), default=EVERY, show_default=True, help="Seconds between two checkpoints."
)
@click.option("--trace", type=FILE, help="Record every step to this file, as lines of JSON.")
@click.option(
    "--numbers", type=click.Choice(list(NUMBERS)), help="Insist on a number system (default: the fastest exact one)."
)
@click.option("-o", "--output", type=FILE, help=f"The trained network, a {SUFFIX} file.")
def train(net: Path, output: Path | None, **given: Any) -> int:
    """Train the network file NET by gradient descent over all its edges, with exact numbers and any valid rounding."""
    for path in (output, given["checkpoint"], given["trace"]):
        if path:
            check_writable(path)
    if output and output.suffix != SUFFIX:
        raise ConstructionError(f"need a file that ends in {SUFFIX}, got {output.name!r}")
    start, files = read_network(net), UserFiles()
    data = data_named(given, inputs=len(start.network.inputs), batch=given["batch"] or start.batch, files=files)
    settings = asked(start, data, given)
    drawn = initialized(start, given["bits"], given["seed"])
    steps = start.steps if given["steps"] is None else given["steps"]
    for line in ([data.columns] if data.columns else []) + warnings(start, steps, settings):
        say(line, err=True)
    warn_if_not_kept()
    began = time.monotonic()
    with progress(steps) as watch:
        run = Training(
            net=drawn,
            batches=data.batches,
            steps=steps,
            source=data.name,
            adversary=adversary_named(given["adversary"], files),
            seed=given["seed"],
            checkpoint=given["checkpoint"],
            trace=given["trace"],
            resume=given["resume"],
            every=given["every"],
            watch=watch,
            settings=settings,
        )
        try:
            done = run.go()
        except KeyboardInterrupt as error:
            raise Interrupted(left_by(run)) from error
    seconds = time.monotonic() - began
    if output:
        write_network(output, done.net)
    for name, value in said(net, start, data, done, given, settings, steps, seconds).items():
        say(f"{name:<12} {value}")
    for path in (output, given["checkpoint"], given["trace"]):
        if path:
            say(f"wrote {path}")
    return EXPECTED if done.kink is None else WRONG


def left_by(run: Training) -> str:
    """What is true of a run that was interrupted: the steps taken, those that are kept, and how to go on."""
    found = f"interrupted after step {run.taken} of {run.steps}; "
    if run.checkpoint is None:
        found += "nothing is kept (--checkpoint FILE keeps a run)"
        return found + (f"; no run can go on from the trace alone, {run.trace}" if run.trace else "")
    if run.kept is None:
        return found + f"nothing is kept in {run.checkpoint} yet"
    how = "the same command" if run.resume else "the same command with --resume"
    return found + f"{run.kept} steps are kept in {run.checkpoint}, from which {how} goes on"


def asked(start: Trainable, data: Data, given: dict[str, Any]) -> dict[str, Any]:
    """The settings of the run: the file's, or those asked for."""
    found: dict[str, Any] = {"batch": data.batch}
    for name, value in (("rho", start.rho), ("rate", start.rate)):
        found[name] = value if given[name] is None else number(given[name], where=f"--{name}")
        if found[name] <= 0:
            raise ConstructionError(f"need --{name} > 0, got {found[name]}")
    return found | ({"system": NUMBERS[given["numbers"]]} if given["numbers"] else {})


def warnings(start: Trainable, steps: int, settings: dict[str, Any]) -> list[str]:
    """A line for each setting that is another than the file's. (A certificate says what it says for every batch, but a
    learner that counts samples may need the batch that it was made for.)"""
    pairs = {name: (getattr(start, name), settings[name]) for name in ("rho", "rate", "batch")} | {
        "steps": (start.steps, steps)
    }
    other = [(name, wanted, got) for name, (wanted, got) in pairs.items() if wanted != got]
    void = {"batch": "its learner may rely on that"}
    return [
        f"warning: {name} is {got}; the network's file says {wanted}, and {void.get(name, 'no certificate of it covers this run')}"
        for name, wanted, got in other
    ]


def initialized(start: Trainable, bits: str | None, seed: int) -> Trainable:
    """The network for a random string: the one given, or one from the seed."""
    if bits is not None and set(bits) - {"0", "1"}:
        raise ConstructionError(f"need zeros and ones, got {bits[:40]!r}, at --random-string")
    string = random_string(start.random_bits, seed) if bits is None else [int(bit) for bit in bits]
    return start.with_random_string(string) if bits is not None or start.random_bits else start
