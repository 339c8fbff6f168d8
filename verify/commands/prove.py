"""The command ``querygrad prove``: obligations in, verdicts out."""

import time
from pathlib import Path

import click

from constructions.errors import ConstructionError
from verify.arguments.obligations import Chosen, choose
from verify.commands.interruption import results_kept
from verify.commands.json_option import json_option, screen_beside
from verify.commands.options import JOBS, SECONDS_EACH
from verify.commands.prove_circuits import prove_circuits
from verify.commands.proving import prove_with_progress
from verify.discharge.job import fault_of, job_of
from verify.discharge.result import Result, erred
from verify.obligations.errata import erratum_named
from verify.obligations.paper import item_named
from verify.reports.exit_codes import exit_code
from verify.reports.files import write_json, write_junit
from verify.reports.items import item_lines
from verify.reports.one_erratum import print_erratum
from verify.reports.smt import make_folder, write_queries
from verify.reports.table import print_report
from verify.reports.tree import trees
from verify.screen.files import check_writable


@click.command("prove")
@click.argument("items", nargs=-1, metavar="[ITEM_OR_FILE]...")
@click.option(
    "--circuit",
    "circuits",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Prove that the Lemma 10 network of an AIGER or BENCH file computes its circuit.",
)
@json_option("Write everything that was found as JSON")
@click.option("--junit", type=click.Path(path_type=Path), help="Write a JUnit report to this file.")
@click.option(
    "--smt", type=click.Path(path_type=Path), help="Write each fact's question to a solver as SMT-LIB to this folder."
)
@click.option("--tree", "with_tree", is_flag=True, help="Show what each claim uses, for which terms, to the leaves.")
@JOBS
@click.option("--fresh", is_flag=True, help="Do not use results that earlier runs kept.")
@SECONDS_EACH
def prove(
    items: tuple[str, ...],
    circuits: tuple[Path, ...],
    json_file: Path | None,
    junit: Path | None,
    smt: Path | None,
    with_tree: bool,
    jobs: int | None,
    fresh: bool,
    seconds: int,
) -> int:
    """Prove claims: all of the paper's, or those that the arguments name.

    An argument is the id of a claim or its first parts (lemma11), an item of the paper ("Lemma 11"), an erratum (E03),
    or a Python file of yours with claims.
    """
    check_writable(json_file, junit)
    if circuits:
        if items or junit or smt or with_tree:
            raise ConstructionError(
                "need --circuit with --json and --seconds only, got obligations, --junit, --smt or --tree beside it"
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
    for line in (*of_items(chosen, items, results), *(["", *trees(results)] if with_tree else ())):
        screen.print(line, soft_wrap=True, markup=False, highlight=False)
    for erratum in filter(None, map(erratum_named, items)):
        screen.print()
        print_erratum(screen, erratum, chosen.obligations, results)
    return exit_code(results)


def of_items(chosen: Chosen, names: tuple[str, ...], results: list[Result]) -> list[str]:
    """What the items of the paper are worth that the arguments name, or whose top statements were examined; nothing if
    all were, for the map says it of all."""
    named = [item.name for item in map(item_named, names) if item]
    return item_lines(chosen.of_the_paper(), results, named) if names else []


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
