"""The command ``querygrad judge``: the checker of proof files, which also runs alone (``python -m verify.judge``)."""

from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.commands.options import SECONDS_EACH

with loaded_when_used(__name__):
    from verify.judge import __main__ as checker

FILE = click.Path(path_type=Path)


@click.command("judge")
@click.argument("files", nargs=-1, type=FILE, metavar="STATEMENTS PROOF")
@click.option(
    "--solver",
    "solvers",
    multiple=True,
    help="Your solver (default: z3): a program that reads SMT-LIB, by name, path or command line. Several are asked in "
    "turn, each what those before it do not know.",
)
@click.option("--say", is_flag=True, help="Print what each statement says.")
@click.option("--read", is_flag=True, help="Judge nothing: print what the theorems of PROOF say, with their keys.")
@SECONDS_EACH
def judge(files: tuple[Path, ...], solvers: tuple[str, ...], say: bool, read: bool, seconds: int) -> int:
    """Re-establish the statements in your file STATEMENTS from the file PROOF, which 'prove --proof' wrote.

    The checker shares nothing with what wrote the proofs. It makes every key, instance and question again, asks your
    solver, multiplies out polynomials and evaluates tables, and says what it has to trust.

    Exit codes: 0 all re-established; 1 one is refused; 2 bad input; 3 one is open: the solver does not know, something
    is missing, or less is shown than is wanted.
    """
    if len(files) != (1 if read else 2):
        need = "the file PROOF beside --read" if read else "the files STATEMENTS and PROOF"
        raise ConstructionError(f"need {need}, got {len(files)} files")
    if read:
        return checker.listed(files[0])
    return checker.told(files[0], files[1], solvers=solvers or checker.SOLVERS, seconds=seconds, say=say)
