"""The command ``querygrad recheck``: the checker, which also runs alone (``python -m verify.recheck CERT NET``)."""

from pathlib import Path

import click

from verify.recheck.__main__ import checked

FILE = click.Path(path_type=Path)


@click.command("recheck")
@click.argument("cert", type=FILE)
@click.argument("net", type=FILE)
def recheck(cert: Path, net: Path) -> int:
    """Check the certificate CERT of the network file NET, by a program that shares nothing with the search.

    Exit codes: 0 certified; 1 refused; 2 bad input; 3 NOT COMPLETE: something is neither shown nor refuted.
    """
    return checked(cert, net)
