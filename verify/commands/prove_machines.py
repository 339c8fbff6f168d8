"""The part of ``querygrad prove`` that proves files of Turing machines (``--machine``)."""

from collections.abc import Sequence
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.foundations.spelling import one_line
from verify.circuits.of_a_machine import prove_machine
from verify.commands.machine_options import MachineOptions
from verify.obligations.verdict import DisagreementError
from verify.reports.circuit import exit_code
from verify.reports.exit_codes import INTERNAL, USAGE, gravest
from verify.reports.machine import print_machine
from verify.screen.printing import console, say


def prove_machines(paths: Sequence[Path], options: MachineOptions, *, seconds: int) -> int:
    """Prove the tableau and the network of each machine; print what was found; return the exit code. A bad file is one
    line."""
    codes, screen = [], console()
    for path in paths:
        try:
            report = prove_machine(path, options.running(str(path)), seconds=seconds)
        except (ConstructionError, DisagreementError) as error:
            codes.append(USAGE if isinstance(error, ConstructionError) else INTERNAL)
            say(one_line(error), err=True)
        else:
            codes.append(exit_code([report.verdict]))
            print_machine(report, screen)
    return gravest(codes)
