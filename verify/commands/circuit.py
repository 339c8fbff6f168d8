"""The command ``querygrad circuit``: what a circuit file holds, and conversion between formats."""

from pathlib import Path

import click

from constructions.errors import ConstructionError
from constructions.foundations.files import write_bytes
from constructions.foundations.loading import loaded_when_used
from verify.arguments.names import CIRCUITS
from verify.screen.files import check_writable
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.computation import flat, miters
    from constructions.computation.formats import files as formats
    from constructions.networks import gates_of_weights
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
@click.option(
    "--against",
    metavar="OTHER",
    help="Write, instead of the circuit, the miter with another circuit file, which is true where they differ; or with "
    "'network', the circuit that its Lemma 10 network computes, read off the weights.",
)
@click.option(
    "--dimacs", type=FILE, help="With --against: write the miter as DIMACS, satisfiable exactly if the two differ."
)
def circuit(file: Path, output: Path | None, clean: bool, against: str | None, dimacs: Path | None) -> None:
    """Say how many inputs, outputs, latches and gates of each kind the circuit FILE has, and how deep it is.

    With --output the circuit is also converted to another format; with --against it is compared with another one.
    """
    check_writable(output, endings=CIRCUITS)
    check_writable(dimacs, endings=(".cnf",))
    if dimacs is not None and against is None:
        raise ConstructionError("need --against beside --dimacs, got none")
    found = formats.cleaned(formats.read_file(file)) if clean else formats.read_file(file)
    stated = ", ".join(f"{count} {kind}" for kind, count in formats.properties(found).items())
    for name, value in (reports.described(found.machine) | ({"states": stated} if stated else {})).items():
        say(f"{name:<9} {value}")
    for remark in found.remarks:
        say(f"{'note':<9} {remark}")
    made = miter_with(found.machine.exposed(), against) if against is not None else None
    if output:
        formats.write_machine(output, found if made is None else made)
        say(f"wrote {output}")
    if dimacs and made is not None:
        write_bytes(dimacs, miters.dimacs(made).encode())
        say(f"wrote {dimacs}")


def miter_with(circuit: "flat.FlatCircuit", against: str) -> "flat.FlatCircuit":
    """The miter of a circuit with that of a file, or with what its network computes.

    Parameters
    ----------
    circuit : of a machine, with its next state as outputs. against : a circuit file, or ``network``.

    Raises
    ------
    ConstructionError
        For a file that cannot be read, and circuits with other inputs or outputs.
    """
    if against != "network":
        return miters.miter(circuit, formats.read_machine(against).exposed())
    return gates_of_weights.network_miter(circuit)
