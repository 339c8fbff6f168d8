"""The command ``querygrad map``: the paper's numbered items and what they are worth."""

import click

from verify.commands.interruption import results_kept
from verify.commands.options import JOBS, SECONDS_EACH
from verify.commands.proving import proved_rows
from verify.reports.exit_codes import exit_code
from verify.reports.map import map_table, markdown
from verify.screen.printing import console, say


@click.command("map")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the page that is kept as proofs_notes/map.md.")
@JOBS
@SECONDS_EACH
def map(as_markdown: bool, jobs: int | None, seconds: int) -> int:
    """Show every numbered item of the paper: where it is built, how many claims support it, and its verdict."""
    with results_kept():
        rows, results = proved_rows(jobs=jobs, seconds=seconds)
    if as_markdown:
        say(*markdown(rows).split("\n")[:-1])
    else:
        console().print(map_table(rows))
    return exit_code(results)
