"""The command ``querygrad recheck``: the second check of a certificate, which also runs alone (``python recheck.py CERT NET``)."""
from pathlib import Path

import click

from constructions.errors import ConstructionError
from verify import recheck as second

FILE = click.Path(path_type=Path)


@click.command("recheck")
@click.argument("cert", type=FILE)
@click.argument("net", type=FILE)
@click.option("--solver", type=click.Choice(("cvc5",)), help="Let this solver answer the texts (pip install cvc5).")
@click.option("--smt", type=FILE, help="Write the texts to this folder, as SMT-LIB; each must be unsat.")
@click.option("--seconds", type=click.IntRange(min=1), default=60, show_default=True, help="Time for each text.")
def recheck(cert: Path, net: Path, solver: str | None, smt: Path | None, seconds: int) -> int:
    """Check the certificate CERT of the network file NET again, by a program that shares nothing with the first.

    Exit codes: 0 it holds; 1 it does not; 2 bad input; 3 the solver leaves a text open.
    """
    for path in (cert, net):
        if path.exists() and not path.is_file():
            raise ConstructionError(f"need a file, got something else, at {path}")
    options = [*(["--solver", solver] if solver else []), *(["--smt", str(smt)] if smt else []), "--seconds", str(seconds)]
    return second.main([*options, "--", str(cert), str(net)])
