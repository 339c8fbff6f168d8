"""The command ``querygrad map``: the paper's numbered items and what they are worth."""

import click

from constructions.foundations.loading import loaded_when_used
from verify.commands.interruption import results_kept
from verify.commands.options import JOBS, QUIET, SECONDS_EACH
from verify.reports.exit_codes import exit_code
from verify.screen.printing import console, say

with loaded_when_used(__name__):
    from verify.commands import proving
    from verify.reports import map as maps


@click.command("map")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the page that is kept as proofs_notes/map.md.")
@JOBS
@SECONDS_EACH
@QUIET
def map(as_markdown: bool, jobs: int | None, seconds: int, quiet: bool) -> int:
    """Show every numbered item of the paper: where it is built, how many claims support it, and its verdict."""
    with results_kept():
        rows, results = proving.proved_rows(proving.Proving(jobs=jobs, seconds=seconds, quiet=quiet))
    if as_markdown:
        say(*maps.markdown(rows).split("\n")[:-1])
    else:
        console().print(maps.map_table(rows))
    return exit_code(results)
