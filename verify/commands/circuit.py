"""The command ``querygrad circuit``, and ``querygrad prove --circuit``."""

from pathlib import Path

import click

from constructions.computation.formats.files import WRITERS, cleaned, properties, read_file, write_machine
from constructions.errors import ConstructionError
from verify.reports.circuit import described
from verify.screen.files import check_writable
from verify.screen.printing import say

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=FILE, help=f"Write the circuit to another file ({', '.join(WRITERS)}).")
@click.option("--clean", is_flag=True, help="Merge equal gates, fold constants, leave out gates that no output needs.")
def circuit(file: Path, output: Path | None, clean: bool) -> None:
    """Inputs, outputs, latches, gates by kind and depth of a circuit FILE; and conversion between formats."""
    if output:
        check_writable(output)
        if output.suffix.lower() not in WRITERS:
            raise ConstructionError(f"need an output that ends in {', '.join(WRITERS)}, got {output.name!r}")
    found = cleaned(read_file(file)) if clean else read_file(file)
    stated = ", ".join(f"{count} {kind}" for kind, count in properties(found).items())
    for name, value in (described(found.machine) | ({"states": stated} if stated else {})).items():
        say(f"{name:<9} {value}")
    for remark in found.remarks:
        say(f"{'note':<9} {remark}")
    if output:
        write_machine(output, found)
        say(f"wrote {output}")
