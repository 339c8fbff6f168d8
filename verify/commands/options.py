"""The options that several commands have in common."""

import click

from verify.provers.outcome import SECONDS

ENDINGS = (".svg", ".png", ".pdf", ".dot", ".graphml", ".json")
"""The files in which a graph can be drawn."""
POSITIVE = click.IntRange(min=1)
JOBS = click.option("--jobs", type=POSITIVE, help="The number of worker processes (default: one per processor).")
SECONDS_EACH = click.option(
    "--seconds",
    type=POSITIVE,
    default=SECONDS,
    show_default=True,
    help="The time for each question to the solver, in seconds of the processor.",
)
QUIET = click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
