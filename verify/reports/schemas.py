"""The JSON Schemas of everything that commands write as JSON, made from the types that are written.

``proofs_notes/schemas/`` has them as files; ``python -m verify.reports.schemas NAME`` prints one.
"""

import sys
from collections.abc import Mapping
from typing import Any

import msgspec

from constructions.foundations.spelling import json_text
from verify.certifier.certificate.forms import CertificateEntries, Refusal
from verify.reports.circuit_json import CircuitRun
from verify.reports.exit_codes import EXPECTED, USAGE
from verify.reports.files import RunReport, described, schema_of
from verify.reports.lowerbound_json import GameReport, Transcript
from verify.reports.machine_json import MachineRun
from verify.reports.margins import MarginReport
from verify.reports.mutation import MutationReport
from verify.reports.sweep import SweepFile
from verify.reports.theorem_json import TheoremRun
from verify.screen.printing import say

FORMS: Mapping[str, type[msgspec.Struct]] = {
    "prove": RunReport,
    "prove_circuit": CircuitRun,
    "prove_machine": MachineRun,
    "theorem": TheoremRun,
    "lowerbound": GameReport,
    "lowerbound_transcript": Transcript,
    "margins": MarginReport,
    "mutate": MutationReport,
    "certify": CertificateEntries,
    "certify_refusal": Refusal,
    "sweep": SweepFile,
}
"""The form of each file, by the name of its schema."""


def schema_named(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of this name.

    >>> schema_named("margins")["$defs"]["MarginReport"]["properties"]["version"]
    {'enum': [1]}
    >>> schema_named("sweep")["$defs"]["SweepFile"]["properties"]["format"]
    {'enum': [1]}
    """
    return described(schema_of(FORMS[name]))


def text_of_schema(name: str) -> str:
    """The text of the file with the schema of this name.

    >>> text_of_schema("sweep").splitlines()[1]
    '  "$schema": "https://json-schema.org/draft/2020-12/schema",'
    """
    return json_text(schema_named(name), indent=2) + "\n"


def main(names: list[str]) -> int:
    """Print the schemas of these ``names``; which names there are, if none is given or one is not known.

    >>> main([])
    2
    """
    unknown = [name for name in names if name not in FORMS]
    if unknown or not names:
        say(f"need a name among {', '.join(FORMS)}, got {unknown[0] if unknown else 'none'}", err=True)
        return USAGE
    for name in names:
        say(*text_of_schema(name).splitlines())
    return EXPECTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
