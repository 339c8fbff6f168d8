"""The command ``querygrad recheck``: the checker, which also runs alone (``python -m verify.recheck CERT NET``)."""

from pathlib import Path

import click

from constructions.foundations.loading import loaded_when_used

with loaded_when_used(__name__):
    from verify.recheck import __main__ as checker

FILE = click.Path(path_type=Path)


@click.command("recheck")
@click.argument("cert", type=FILE)
@click.argument("net", type=FILE)
def recheck(cert: Path, net: Path) -> int:
    """Check the certificate CERT of the network file NET, by a program that shares nothing with the search.

    Exit codes: 0 certified; 1 refused; 2 bad input; 3 NOT COMPLETE: something is neither shown nor refuted.
    """
    return checker.checked(cert, net)
