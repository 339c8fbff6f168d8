"""The command ``querygrad show``: one obligation or one erratum in full."""

from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.commands.interruption import results_kept
from verify.commands.options import QUIET, SECONDS_EACH
from verify.reports.exit_codes import exit_code
from verify.screen.printing import console, say

with loaded_when_used(__name__):
    from verify.arguments import obligations
    from verify.commands import proving
    from verify.discharge import job as one_job
    from verify.obligations import errata
    from verify.reports import one_erratum, one_obligation


@click.command("show")
@click.argument("id")
@click.option("--file", "path", type=click.Path(path_type=Path), help="The Python file of yours in which the claim is.")
@click.option("--full", is_flag=True, help="Shorten nothing, and show an example of the premises vertex by vertex.")
@SECONDS_EACH
@QUIET
def show(id: str, path: Path | None, full: bool, seconds: int, quiet: bool) -> int:
    """Show the claim ID in full: its statement, premises, facts and verdict, and every vertex at a counterexample.

    The ID of an erratum (E03) shows the claim as printed beside its repair.
    """
    erratum = None if path else errata.erratum_named(id)
    if erratum:
        chosen = obligations.choose([id])
        with results_kept():
            results = proving.prove_with_progress(chosen, proving.Proving(seconds=seconds, quiet=quiet))
        one_erratum.print_erratum(console(), erratum, chosen.obligations, results, full=full)
        return exit_code(results)
    obligation, chosen = obligations.choose_one(id, path)
    with results_kept():
        results = proving.prove_with_progress(chosen, proving.Proving(seconds=seconds, quiet=quiet))
    shown = next(result for result in results if result.id == obligation.id)
    try:
        with chosen.home(obligation.id):
            text = one_obligation.describe(obligation, shown, full=full)
    except Exception as error:
        job = one_job.job_of(obligation, chosen.files.get(obligation.id), seconds)
        raise ConstructionError(one_job.fault_of(error, job).said) from error
    say(*text.split("\n")[:-1])
    return exit_code(results)
