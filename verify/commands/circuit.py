"""The command ``querygrad circuit``: what a circuit file holds, and conversion between formats."""

from pathlib import Path

import click

from constructions.foundations.loading import loaded_when_used
from verify.arguments.names import CIRCUITS
from verify.screen.files import check_writable
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.computation.formats import files as formats
    from verify.reports import circuit as reports

FILE = click.Path(path_type=Path)


@click.command("circuit")
@click.argument("file", type=FILE)
@click.option(
    "-o",
    "--output",
    type=FILE,
    help=f"Write the circuit to this file; its ending ({', '.join(CIRCUITS)}) is the format.",
)
@click.option(
    "--clean", is_flag=True, help="Merge equal gates, and leave out constant ones and those that no output needs."
)
def circuit(file: Path, output: Path | None, clean: bool) -> None:
    """Say how many inputs, outputs, latches and gates of each kind the circuit FILE has, and how deep it is.

    With --output the circuit is also converted to another format.
    """
    check_writable(output, endings=CIRCUITS)
    found = formats.cleaned(formats.read_file(file)) if clean else formats.read_file(file)
    stated = ", ".join(f"{count} {kind}" for kind, count in formats.properties(found).items())
    for name, value in (reports.described(found.machine) | ({"states": stated} if stated else {})).items():
        say(f"{name:<9} {value}")
    for remark in found.remarks:
        say(f"{'note':<9} {remark}")
    if output:
        formats.write_machine(output, found)
        say(f"wrote {output}")
