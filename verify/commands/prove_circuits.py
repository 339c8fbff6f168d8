"""The part of ``querygrad prove`` that proves circuit files (``--circuit``)."""

from collections.abc import Sequence
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.foundations.spelling import one_line
from verify.circuits.of_a_file import prove_file
from verify.commands.json_option import screen_beside
from verify.obligations.verdict import DisagreementError
from verify.reports.circuit import exit_code, print_circuit
from verify.reports.circuit_json import circuits_as_json, row_of_circuit, row_of_error
from verify.reports.exit_codes import INTERNAL, USAGE, gravest
from verify.screen.files import write_json_text
from verify.screen.printing import say


def prove_circuits(paths: Sequence[Path], *, seconds: int, json_file: Path | None) -> int:
    """Prove the network of each file; print what was found; return the exit code. A bad file is one line."""
    rows, codes, screen = [], [], screen_beside(json_file)
    for path in paths:
        try:
            report = prove_file(path, seconds=seconds)
        except (ConstructionError, DisagreementError) as error:
            codes.append(USAGE if isinstance(error, ConstructionError) else INTERNAL)
            rows.append(row_of_error(str(path), one_line(error)))
            say(one_line(error), err=True)
        else:
            codes.append(exit_code([report.verdict]))
            rows.append(row_of_circuit(report))
            print_circuit(report, screen)
    if json_file:
        everything = circuits_as_json(rows, seconds=seconds, exit_code=gravest(codes))
        write_json_text(json_file, everything, indent=2)
    return gravest(codes)
