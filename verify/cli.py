"""The command ``querygrad``.

Exit codes: 0 all as expected; 1 something refuted or vacuous that should not be; 2 usage or bad input; 3 only
unknowns; 4 internal error, or two provers disagree. Of several the gravest counts: 4, then 2, 1, 3, 0. Every error is
one line: on stderr, or, if it is one obligation's, in the report. Only an error here that belongs to no obligation
has a traceback. A pipe that is closed at the other end is no error: the command says nothing more and leaves with
141, as a program that is ended by SIGPIPE does.
"""
import errno
import importlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from constructions.errors import ConstructionError
from verify.cache import project_version
from verify.chosen import Chosen, choose, choose_one, prove_with_progress, proved_rows
from verify.circuit_commands import prove_circuits
from verify.discharge import Result, erred
from verify.errata import erratum_named
from verify.interruption import Interrupted
from verify.items import markdown
from verify.json_option import json_option, screen_beside
from verify.printing import console, prepare, say, say_error
from verify.provers.by_z3 import SECONDS
from verify.registry import one_line
from verify.report import map_table, print_report, write_json, write_junit
from verify.results import check_writable
from verify.run import INTERNAL, USAGE, exit_code, run
from verify.show import describe
from verify.show_erratum import print_erratum
from verify.smt import make_folder, write_queries
from verify.verdict import DisagreementError
from verify.workers import fault, task_of

INTERRUPTED, PIPE_CLOSED = 130, 141
LONGEST = 1900
"""A longer line of an error is cut in the middle."""
POSITIVE = click.IntRange(min=1)
LATER = {"draw": "verify.drawing", "circuit": "verify.circuit_commands", "compile": "verify.compile_command",
         "theorem": "verify.theorem_command", "train": "verify.train_command", "certify": "verify.certify_command",
         "recheck": "verify.recheck_command",
         "relu": "verify.export_command", "export": "verify.export_command"}  # fmt: skip


class ClosedPipeError(Exception):
    """Nobody reads what is printed. No OSError: click would leave with 1 for one, which means something else here."""


@contextmanager
def noticing_pipes() -> Iterator[None]:
    """Make an error of our own of a pipe that is closed at the other end."""
    try:
        yield
    except BrokenPipeError as error:
        raise ClosedPipeError from error


class Commands(click.Group):
    """A group that imports the commands in ``LATER`` when they are asked for."""

    def make_context(self, *args: Any, **rest: Any) -> click.Context:
        """Read the arguments; help is printed here."""
        with noticing_pipes():
            return super().make_context(*args, **rest)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with noticing_pipes():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return sorted({*super().list_commands(ctx), *LATER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        command = getattr(importlib.import_module(LATER[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(name="querygrad", cls=Commands, no_args_is_help=False)
@click.version_option(project_version(), prog_name="querygrad")
def cli() -> None:
    """Machine-checked constructions of differentiable learning versus PAC and SQ."""


@cli.command()
@click.argument("items", nargs=-1, metavar="[ITEM_OR_FILE]...")
@click.option("--circuit", "circuits", multiple=True, type=click.Path(path_type=Path), help="Prove the network of an AIGER or BENCH file.")
@json_option("Write everything that was found as JSON")
@click.option("--junit", type=click.Path(path_type=Path), help="Write a JUnit report.")
@click.option("--smt", type=click.Path(path_type=Path), help="Write each fact's query as SMT-LIB to this folder.")
@click.option("--jobs", type=POSITIVE, help="Worker processes (default: one per processor).")
@click.option("--fresh", is_flag=True, help="Do not use results kept from earlier runs.")
@click.option("--seconds", type=POSITIVE, default=SECONDS, show_default=True, help="Time for each question to the solver.")
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
    """Discharge obligations: the paper's, or some of them (an id, its first parts, "Lemma 11", E03), or those in your own file."""
    for path in (json_file, junit):
        if path:
            check_writable(path)
    if circuits:
        if items or junit or smt:
            raise ConstructionError("need --circuit with --json and --seconds only, got obligations, --junit or --smt beside it")
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


@cli.command()
@click.argument("id")
@click.option("--file", "path", type=click.Path(path_type=Path), help="Your own Python file in which the obligation is.")
@click.option("--full", is_flag=True, help="Cut nothing off; show the premises' witness vertex by vertex.")
@click.option("--seconds", type=POSITIVE, default=SECONDS, show_default=True, help="Time for each question to the solver.")
def show(id: str, path: Path | None, full: bool, seconds: int) -> int:
    """One obligation: statement, premises, facts, verdict, and every vertex at a counterexample.

    The ID of an erratum (E03) shows the printed claim beside its repair.
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
        task = task_of(obligation, chosen.files.get(obligation.id), seconds)
        raise ConstructionError(fault(error, task).said) from error
    say(*text.split("\n")[:-1])
    return exit_code(results)


@cli.command("map")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the page that is kept as proofs_notes/map.md.")
@click.option("--jobs", type=POSITIVE, help="Worker processes (default: one per processor).")
@click.option("--seconds", type=POSITIVE, default=SECONDS, show_default=True, help="Time for each question to the solver.")
def map_command(as_markdown: bool, jobs: int | None, seconds: int) -> int:
    """Every item of the paper: where it is built, how many claims hold it up, and its verdict."""
    with results_kept():
        rows, results = proved_rows(jobs=jobs, seconds=seconds)
    if as_markdown:
        say(*markdown(rows).split("\n")[:-1])
    else:
        console().print(map_table(rows))
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
                task = task_of(obligation, chosen.files.get(result.id), seconds)
                result = erred(obligation, fault(error, task))
        found.append(result)
    return found


@contextmanager
def results_kept() -> Iterator[None]:
    """While obligations are discharged, an interrupt says that what was found so far is kept."""
    try:
        yield
    except KeyboardInterrupt as error:
        kept = "the results found so far are kept if they can be, the same command (without --fresh) goes on"
        raise Interrupted(f"interrupted; {kept}") from error


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    if sys.stdout is None:  # closed before we began
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    prepare()
    try:
        code = cli.main(args=None if argv is None else list(argv), prog_name="querygrad", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        return complain(usage(error))
    except ConstructionError as error:
        return complain(one_line(error))
    except DisagreementError as error:
        complain(f"need two evaluators that agree, got '{one_line(error)}'")
        return INTERNAL
    except (click.Abort, KeyboardInterrupt) as error:
        cause = error.__cause__ if isinstance(error, click.Abort) else error
        say(str(cause or "") or "interrupted", err=True)
        return INTERRUPTED
    except (ClosedPipeError, BrokenPipeError):
        print_no_more()
        return PIPE_CLOSED
    except OSError as error:
        if error.errno != errno.ENOSPC or error.filename is not None:
            say_error()
            return INTERNAL
        print_no_more()
        return complain(f"need room for what is printed, got {error.strerror}, at the standard output")
    except Exception:
        say_error()
        return INTERNAL
    return code if isinstance(code, int) else 0


def print_no_more() -> None:
    """Let what is still to be printed go nowhere, so that Python does not complain of it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def usage(error: click.ClickException) -> str:
    """What is wrong with the arguments, and which help to ask for: that of the command that was meant."""
    context = getattr(error, "ctx", None)
    command = context.command_path if isinstance(context, click.Context) else "querygrad"
    return f"need arguments as in '{command} --help', got: {one_line(error.format_message())}"


def complain(message: str) -> int:
    """One line on stderr; of a very long one the beginning and the end."""
    say(message if len(message) <= LONGEST else f"{message[: LONGEST - 500]} ... {message[-400:]}", err=True)
    return USAGE
