"""The command ``querygrad``.

Exit codes: 0 all as expected; 1 something refuted or vacuous that should not be; 2 usage or bad input; 3 only unknowns;
4 internal error, or two provers disagree. Every error is one line on stderr, except the fourth kind, which has a traceback.
"""
import importlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from constructions.errors import ConstructionError
from verify.cache import project_version
from verify.chosen import choose, prove_with_progress, proved_rows
from verify.circuit_commands import prove_circuits
from verify.items import markdown
from verify.printing import console, prepare, say, say_error
from verify.provers.by_z3 import SECONDS
from verify.registry import obligations_of_file, one_line, paper_obligations, select
from verify.report import map_table, print_report, write_json, write_junit
from verify.results import check_writable
from verify.run import INTERNAL, USAGE, exit_code, run
from verify.show import describe
from verify.smt import make_folder, write_queries

INTERRUPTED, PIPE_CLOSED = 130, 141
POSITIVE = click.IntRange(min=1)
LATER = {"draw": "verify.drawing", "circuit": "verify.circuit_commands", "compile": "verify.compile_command",
         "theorem": "verify.theorem_command", "train": "verify.train_command", "certify": "verify.certify_command",
         "recheck": "verify.recheck_command",
         "relu": "verify.export_command", "export": "verify.export_command"}  # fmt: skip


class Commands(click.Group):
    """A group that imports the commands in ``LATER`` when they are asked for."""

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


@click.group(name="querygrad", cls=Commands)
@click.version_option(project_version(), prog_name="querygrad")
def cli() -> None:
    """Machine-checked constructions of differentiable learning versus PAC and SQ."""


@cli.command()
@click.argument("items", nargs=-1, metavar="[ITEM_OR_FILE]...")
@click.option("--circuit", "circuits", multiple=True, type=click.Path(path_type=Path), help="Prove the network of an AIGER or BENCH file.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write everything that was found as JSON.")
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
    """Discharge obligations: the paper's, or some of them (an id, its first parts, "Lemma 11"), or those in your own file."""
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
    results = prove_with_progress(chosen, jobs=jobs, fresh=fresh, seconds=seconds)
    wall = time.perf_counter() - began
    if smt:
        write_queries(smt, chosen.obligations.values())
    if json_file:
        write_json(json_file, results, wall=wall, seconds=seconds)
    if junit:
        write_junit(junit, results)
    print_report(results, wall)
    return exit_code(results)


@cli.command()
@click.argument("id")
@click.option("--file", "path", type=click.Path(path_type=Path), help="Your own Python file in which the obligation is.")
@click.option("--full", is_flag=True, help="Cut nothing off; show the premises' witness vertex by vertex.")
@click.option("--seconds", type=POSITIVE, default=SECONDS, show_default=True, help="Time for each question to the solver.")
def show(id: str, path: Path | None, full: bool, seconds: int) -> int:
    """One obligation: statement, premises, facts, verdict, and every vertex at a counterexample."""
    file = path.resolve() if path else None
    chosen = select(obligations_of_file(file) if file else paper_obligations(), [id])
    if id in chosen:
        chosen = {id: chosen[id]}
    if len(chosen) != 1:
        raise ConstructionError(f"need the id of one obligation, got {id!r}, which names {len(chosen)}: {', '.join(chosen)}")
    obligation = next(iter(chosen.values()))
    results = run([obligation], files={obligation.id: file} if file else None, jobs=1, seconds=seconds)
    say(*describe(obligation, results[0], full=full).split("\n")[:-1])
    return exit_code(results)


@cli.command("map")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the page that is kept as proofs_notes/map.md.")
@click.option("--jobs", type=POSITIVE, help="Worker processes (default: one per processor).")
@click.option("--seconds", type=POSITIVE, default=SECONDS, show_default=True, help="Time for each question to the solver.")
def map_command(as_markdown: bool, jobs: int | None, seconds: int) -> int:
    """Every item of the paper: where it is built, how many claims hold it up, and its verdict."""
    rows, results = proved_rows(jobs=jobs, seconds=seconds)
    if as_markdown:
        say(*markdown(rows).split("\n")[:-1])
    else:
        console().print(map_table(rows))
    return exit_code(results)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    prepare()
    try:
        code = cli.main(args=None if argv is None else list(argv), prog_name="querygrad", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        return complain(f"need arguments as in 'querygrad --help', got: {one_line(error.format_message())}")
    except ConstructionError as error:
        return complain(one_line(error))
    except (click.Abort, KeyboardInterrupt):
        say("interrupted; what was finished is kept, run again to go on", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception:
        say_error()
        return INTERNAL
    return code if isinstance(code, int) else 0


def complain(message: str) -> int:
    """One line on stderr."""
    say(message, err=True)
    return USAGE
