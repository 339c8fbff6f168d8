"""The part of ``querygrad prove`` that proves files of Turing machines (``--machine``)."""

from collections.abc import Sequence
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.foundations.spelling import one_line
from verify.circuits.of_a_machine import prove_machine
from verify.commands.json_option import screen_beside
from verify.commands.machine_options import MachineOptions
from verify.obligations.verdict import DisagreementError
from verify.reports.circuit import exit_code
from verify.reports.exit_codes import INTERNAL, USAGE, gravest
from verify.reports.machine import print_machine
from verify.reports.machine_json import machines_as_json, row_of_bad_machine, row_of_machine
from verify.screen.files import write_json_text
from verify.screen.printing import say


def prove_machines(paths: Sequence[Path], options: MachineOptions, *, seconds: int, json_file: Path | None) -> int:
    """Prove the tableau and the network of each machine; print what was found; return the exit code. A bad file is one
    line."""
    rows, codes, screen = [], [], screen_beside(json_file)
    for path in paths:
        try:
            report = prove_machine(path, options.running(str(path)), seconds=seconds)
        except (ConstructionError, DisagreementError) as error:
            codes.append(USAGE if isinstance(error, ConstructionError) else INTERNAL)
            rows.append(row_of_bad_machine(str(path), one_line(error)))
            say(one_line(error), err=True)
        else:
            codes.append(exit_code([report.verdict]))
            rows.append(row_of_machine(report))
            print_machine(report, screen)
    if json_file:
        everything = machines_as_json(rows, seconds=seconds, exit_code=gravest(codes))
        write_json_text(json_file, everything, indent=2)
    return gravest(codes)
