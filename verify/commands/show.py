"""The command ``querygrad show``: one obligation or one erratum in full."""

from pathlib import Path

import click

from constructions.errors import ConstructionError
from verify.arguments.obligations import choose, choose_one
from verify.commands.interruption import results_kept
from verify.commands.options import SECONDS_EACH
from verify.commands.proving import prove_with_progress
from verify.discharge.job import fault_of, job_of
from verify.discharge.many import run
from verify.obligations.errata import erratum_named
from verify.reports.exit_codes import exit_code
from verify.reports.one_erratum import print_erratum
from verify.reports.one_obligation import describe
from verify.screen.printing import console, say


@click.command("show")
@click.argument("id")
@click.option("--file", "path", type=click.Path(path_type=Path), help="The Python file of yours in which the claim is.")
@click.option("--full", is_flag=True, help="Shorten nothing, and show an example of the premises vertex by vertex.")
@SECONDS_EACH
def show(id: str, path: Path | None, full: bool, seconds: int) -> int:
    """Show the claim ID in full: its statement, premises, facts and verdict, and every vertex at a counterexample.

    The ID of an erratum (E03) shows the claim as printed beside its repair.
    """
    erratum = None if path else erratum_named(id)
    if erratum:
        chosen = choose([id])
        with results_kept():
            results = prove_with_progress(chosen, jobs=None, fresh=False, seconds=seconds)
        print_erratum(console(), erratum, chosen.obligations, results, full=full)
        return exit_code(results)
    obligation, chosen = choose_one(id, path)
    with results_kept():
        results = chosen.results(run(chosen.obligations.values(), files=chosen.files, seconds=seconds))
    shown = next(result for result in results if result.id == obligation.id)
    try:
        with chosen.home(obligation.id):
            text = describe(obligation, shown, full=full)
    except Exception as error:
        job = job_of(obligation, chosen.files.get(obligation.id), seconds)
        raise ConstructionError(fault_of(error, job).said) from error
    say(*text.split("\n")[:-1])
    return exit_code(results)
