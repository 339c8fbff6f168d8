"""The part of ``querygrad compile`` that unrolls a Turing machine into a circuit file."""

from pathlib import Path

from constructions.computation.builder import clean
from constructions.computation.formats.files import write_machine
from constructions.computation.formats.machine_files import read_turing_machine, write_turing_machine
from constructions.computation.tableau import Tableau
from verify.commands.machine_options import MachineOptions
from verify.reports.machine import OUTPUTS, described_tableau
from verify.screen.printing import say


def compile_machine(path: Path, output: Path, options: MachineOptions) -> None:
    """Unroll the machine at a path and write its circuit; say how large it is. Or write the machine as a table.

    Parameters
    ----------
    output : its ending says in which format; ``.tm`` is a table. options : for which words, how long, and on how much
        tape.

    Raises
    ------
    ConstructionError
        For a file that holds no machine, a length or time that is not given, and a tableau that is too large.
    """
    if output.suffix.lower() == ".tm":
        write_turing_machine(output, read_turing_machine(path))
        say(f"wrote {output}")
        return
    running = options.running(str(path))
    tableau = Tableau(
        machine=read_turing_machine(path),
        length=running.length,
        steps=running.steps,
        left=running.left,
        right=running.right,
    )
    circuit = clean(tableau.circuit())
    write_machine(output, circuit)
    for name, value in described_tableau(tableau, circuit).items():
        say(f"{name:<9} {value}")
    say(f"outputs   {OUTPUTS}", f"wrote {output}")
