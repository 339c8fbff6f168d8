"""The command ``querygrad prove``: obligations in, verdicts out."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.names import is_file_name
from verify.commands.interruption import results_kept
from verify.commands.json_option import json_option, screen_beside
from verify.commands.machine_options import MachineOptions, machine_options
from verify.commands.options import JOBS, QUIET, SECONDS_EACH
from verify.commands.report_options import ReportOptions, report_options
from verify.commands.second_options import SecondOptions, second_options
from verify.reports.exit_codes import exit_code
from verify.screen.files import STDOUT

with loaded_when_used(__name__):
    from verify.arguments import obligations
    from verify.commands import proof_files, prove_circuits, prove_drawn, prove_machines, proving
    from verify.discharge import cache as kept
    from verify.discharge import job as one_job
    from verify.discharge import result as outcome
    from verify.obligations import errata, paper
    from verify.reports import files, one_erratum, rows, table, tree
    from verify.reports import items as by_item
    from verify.reports import smt as queries


@click.command("prove")
@click.argument("items", nargs=-1, metavar="[ITEM_OR_FILE]...")
@click.option(
    "--circuit",
    "circuits",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Prove that the Lemma 10 network of an AIGER or BENCH file computes its circuit.",
)
@click.option(
    "--machine",
    "machines",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Prove that the circuit of a Turing machine (.tm, .jff) is its run, and that its network computes it.",
)
@machine_options
@json_option("Write everything that was found as JSON")
@click.option("--junit", type=click.Path(path_type=Path), help="Write a JUnit report to this file.")
@click.option(
    "--smt", type=click.Path(path_type=Path), help="Write each fact's question to a solver as SMT-LIB to this folder."
)
@click.option(
    "--proof", type=click.Path(path_type=Path), help="Write all that was proved, with derivations, to this file."
)
@click.option("--facts", "with_facts", is_flag=True, help="List the facts that were never seen to fail.")
@click.option("--tree", "with_tree", is_flag=True, help="Show what each claim uses, for which terms, to the leaves.")
@JOBS
@click.option("--fresh", is_flag=True, help="Do not use results that earlier runs kept.")
@SECONDS_EACH
@second_options
@report_options
@QUIET
def prove(
    items: tuple[str, ...],
    circuits: tuple[Path, ...],
    machines: tuple[Path, ...],
    running: MachineOptions,
    json_file: Path | None,
    junit: Path | None,
    smt: Path | None,
    proof: Path | None,
    with_facts: bool,
    with_tree: bool,
    jobs: int | None,
    fresh: bool,
    seconds: int,
    asked: SecondOptions,
    reports: ReportOptions,
    quiet: bool,
) -> int:
    """Prove claims: all of the paper's, or those that the arguments name.

    An argument is the id of a claim or its first parts (lemma11), an item of the paper ("Lemma 11"), an erratum (E03),
    or a Python file of yours with claims. An id beside a file picks this claim of the file.

    On a terminal the table comes at the end. Into a pipe or a file each row is printed as soon as it and all rows
    before it are known; the progress goes to stderr.
    """
    more, old = junit or smt or proof or with_tree or reports.any, reports.begin(json_file, junit, proof)
    if machines or running.given:
        check_machines(machines, more or circuits or items or asked.second)
        return prove_machines.prove_machines(machines, running, seconds=seconds, json_file=json_file)
    check_circuits(circuits, items or more or asked.second)
    if circuits:
        return prove_circuits.prove_circuits(circuits, seconds=seconds, json_file=json_file)
    how = proving.Proving(jobs=jobs, fresh=fresh, seconds=seconds, quiet=quiet, second=asked.solver())
    if asked.drawn is not None:
        check_drawn(json_file or more)
        return prove_drawn.prove_drawn(obligations.choose(items), how, drawn=asked.drawn, seed=asked.seed)
    began, screen, claims = time.perf_counter(), screen_beside(json_file), proof is not None or reports.any
    run, wall = run_of(items, how, screen, smt=smt, with_claims=claims), time.perf_counter() - began
    results = with_queries(smt, run.chosen, run.results, seconds=seconds) if smt and run.chosen else run.results
    write_reports(results, json_file, junit, wall=wall, seconds=seconds)
    table.print_report(results, wall, out=screen, with_table=not run.printed, with_facts=with_facts)
    print_items(run, items, results, screen, with_tree=with_tree)
    known = run.chosen.obligations if run.chosen else {}
    reports.write(results, known, wall=wall, old=old, beside_json=json_file is STDOUT)
    if proof and run.chosen:
        proof_files.write_proofs(proof, run.chosen, results, screen, seconds=seconds)
    return exit_code(results)


def write_reports(
    results: "list[outcome.Result]", json_file: Path | None, junit: Path | None, *, wall: float, seconds: int
) -> None:
    """Write the results to the files that are wanted."""
    if json_file:
        files.write_json(json_file, results, wall=wall, seconds=seconds)
    if junit:
        files.write_junit(junit, results)


def check_circuits(circuits: Sequence[Path], beside: object) -> None:
    """Refuse circuits with obligations or other files ``beside`` them."""
    if circuits and beside:
        got = "obligations, --junit, --smt, --proof, --tree or --second beside it"
        raise ConstructionError(f"need --circuit with --json and --seconds only, got {got}")


def check_drawn(beside: object) -> None:
    """Refuse a report ``beside`` questions that are drawn."""
    if beside:
        raise ConstructionError("need --drawn without a file, got one of a report")


def check_machines(machines: Sequence[Path], beside: object) -> None:
    """Refuse options of a machine's runs without a machine, and machines with anything else ``beside`` them."""
    if not machines or beside:
        got = "something else beside it" if machines else "no --machine"
        options = "--length, --time, --left, --right, --json and --seconds"
        raise ConstructionError(f"need --machine with {options} only, got {got}")


def print_items(
    run: "ProvingRun", items: tuple[str, ...], results: "list[outcome.Result]", screen: Console, *, with_tree: bool
) -> None:
    """Print what the items that the arguments name are worth, the trees if they are wanted, and the errata."""
    for line in (*of_items(run, items), *(["", *tree.trees(results)] if with_tree else ())):
        screen.print(line, soft_wrap=True, markup=False, highlight=False)
    for erratum in filter(None, map(errata.erratum_named, items)):
        screen.print()
        one_erratum.print_erratum(screen, erratum, run.chosen.obligations if run.chosen else {}, results)


@dataclass(frozen=True, slots=True)
class ProvingRun:
    """A run that is over: the results; the obligations, if their claims had to be loaded; and whether the rows of the
    table were printed as they came."""

    results: "list[outcome.Result]"
    chosen: "obligations.Chosen | None" = None
    printed: bool = False


def run_of(
    items: Sequence[str], how: "proving.Proving", screen: Console, *, smt: Path | None, with_claims: bool
) -> ProvingRun:
    """Discharge what the arguments name; if all of it is kept, no claim is loaded.

    Parameters
    ----------
    smt : the folder for the solver's questions, which need the claims. with_claims : whether they are needed anyway.
    """
    cache = kept.Cache.open()
    has_files = any(map(is_file_name, items))
    if not (how.fresh or smt or with_claims or has_files or any(map(errata.erratum_named, items))):
        found = proving.all_kept(items, cache, how)
        if found is not None:
            if is_plain(screen):
                rows.print_rows(screen, found)
            return ProvingRun(found, printed=is_plain(screen))
    chosen = obligations.choose(items)
    if smt:
        queries.make_folder(smt)
    writer = rows.RowsInOrder(screen, chosen, with_second=how.second is not None) if is_plain(screen) else None
    with results_kept():
        results = proving.prove_with_progress(chosen, how, on_result=writer.add if writer else None, cache=cache)
    return ProvingRun(results, chosen, printed=writer is not None)


def is_plain(screen: Console) -> bool:
    """Whether the table goes into a pipe or a file, as plain lines."""
    return not (screen.is_terminal or screen.quiet)


def of_items(run: ProvingRun, names: tuple[str, ...]) -> list[str]:
    """What the items of the paper are worth that the arguments name, or whose top statements were examined; nothing if
    all were, for the map says it of all."""
    named = [item.name for item in map(paper.item_named, names) if item]
    own = run.chosen.of_the_paper() if run.chosen else {result.id for result in run.results}
    counted = [result for result in run.results if result.id in own]
    return by_item.item_lines(counted, run.results, named) if names else []


def with_queries(
    folder: Path, chosen: "obligations.Chosen", results: "list[outcome.Result]", *, seconds: int
) -> "list[outcome.Result]":
    """Write the queries of all obligations that have a verdict; one that has none to write is an error after all."""
    found, place = [], folder.absolute()  # a user's file may go elsewhere
    for result in results:
        if result.error is None:
            obligation = chosen.obligations[result.id]
            try:
                with chosen.home(result.id):
                    queries.write_queries(place, [obligation])
            except Exception as error:
                job = one_job.job_of(obligation, chosen.files.get(result.id), seconds)
                result = outcome.erred(obligation, one_job.fault_of(error, job))
        found.append(result)
    return found
