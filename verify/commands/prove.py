"""The command ``querygrad prove``: obligations in, verdicts out."""

import time
from pathlib import Path

import click

from constructions.errors import ConstructionError
from verify.arguments.obligations import Chosen, choose
from verify.commands.interruption import results_kept
from verify.commands.json_option import json_option, screen_beside
from verify.commands.options import POSITIVE
from verify.commands.progress import prove_with_progress
from verify.commands.prove_circuits import prove_circuits
from verify.discharge.job import fault_of, job_of
from verify.discharge.result import Result, erred
from verify.obligations.errata import erratum_named
from verify.provers.outcome import SECONDS
from verify.reports.exit_codes import exit_code
from verify.reports.files import write_json, write_junit
from verify.reports.one_erratum import print_erratum
from verify.reports.smt import make_folder, write_queries
from verify.reports.table import print_report
from verify.screen.files import check_writable


@click.command()
@click.argument("items", nargs=-1, metavar="[ITEM_OR_FILE]...")
@click.option(
    "--circuit",
    "circuits",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Prove the network of an AIGER or BENCH file.",
)
@json_option("Write everything that was found as JSON")
@click.option("--junit", type=click.Path(path_type=Path), help="Write a JUnit report.")
@click.option("--smt", type=click.Path(path_type=Path), help="Write each fact's query as SMT-LIB to this folder.")
@click.option("--jobs", type=POSITIVE, help="Worker processes (default: one per processor).")
@click.option("--fresh", is_flag=True, help="Do not use results kept from earlier runs.")
@click.option(
    "--seconds", type=POSITIVE, default=SECONDS, show_default=True, help="Time for each question to the solver."
)
def prove(
    items: tuple[str, ...],
    circuits: tuple[Path, ...],
    json_file: Path | None,
    junit: Path | None,
    smt: Path | None,
    jobs: int | None,
    fresh: bool,
    seconds: int,
) -> int:
    """Discharge obligations: the paper's, or some of them (an id, its first parts, "Lemma 11", E03), or those in
    your own file."""
    for path in (json_file, junit):
        if path:
            check_writable(path)
    if circuits:
        if items or junit or smt:
            raise ConstructionError(
                "need --circuit with --json and --seconds only, got obligations, --junit or --smt beside it"
            )
        return prove_circuits(circuits, seconds=seconds, json_file=json_file)
    chosen = choose(items)
    if smt:
        make_folder(smt)
    began = time.perf_counter()
    with results_kept():
        results = prove_with_progress(chosen, jobs=jobs, fresh=fresh, seconds=seconds)
    wall = time.perf_counter() - began
    if smt:
        results = with_queries(smt, chosen, results, seconds=seconds)
    if json_file:
        write_json(json_file, results, wall=wall, seconds=seconds)
    if junit:
        write_junit(junit, results)
    screen = screen_beside(json_file)
    print_report(results, wall, out=screen)
    for erratum in filter(None, map(erratum_named, items)):
        screen.print()
        print_erratum(screen, erratum, chosen.obligations, results)
    return exit_code(results)


def with_queries(folder: Path, chosen: Chosen, results: list[Result], *, seconds: int) -> list[Result]:
    """Write the queries of all obligations that have a verdict; one that has none to write is an error after all."""
    found, place = [], folder.absolute()  # a user's file may go elsewhere
    for result in results:
        if result.error is None:
            obligation = chosen.obligations[result.id]
            try:
                with chosen.home(result.id):
                    write_queries(place, [obligation])
            except Exception as error:
                job = job_of(obligation, chosen.files.get(result.id), seconds)
                result = erred(obligation, fault_of(error, job))
        found.append(result)
    return found
