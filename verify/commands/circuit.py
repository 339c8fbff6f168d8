"""The command ``querygrad circuit``: what a circuit file holds, and conversion between formats."""

from pathlib import Path

import click

from constructions.computation.formats.files import WRITERS, cleaned, properties, read_file, write_machine
from verify.reports.circuit import described
from verify.screen.files import check_writable
from verify.screen.printing import say

FILE = click.Path(path_type=Path)


@click.command("circuit")
@click.argument("file", type=FILE)
@click.option(
    "-o",
    "--output",
    type=FILE,
    help=f"Write the circuit to this file; its ending ({', '.join(WRITERS)}) is the format.",
)
@click.option(
    "--clean", is_flag=True, help="Merge equal gates, and leave out constant ones and those that no output needs."
)
def circuit(file: Path, output: Path | None, clean: bool) -> None:
    """Say how many inputs, outputs, latches and gates of each kind the circuit FILE has, and how deep it is.

    With --output the circuit is also converted to another format.
    """
    check_writable(output, endings=tuple(WRITERS))
    found = cleaned(read_file(file)) if clean else read_file(file)
    stated = ", ".join(f"{count} {kind}" for kind, count in properties(found).items())
    for name, value in (described(found.machine) | ({"states": stated} if stated else {})).items():
        say(f"{name:<9} {value}")
    for remark in found.remarks:
        say(f"{'note':<9} {remark}")
    if output:
        write_machine(output, found)
        say(f"wrote {output}")
