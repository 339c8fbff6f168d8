"""The command ``querygrad certify``: a proof about a finished network, or the premise that fails."""
import time
from pathlib import Path
from typing import Any

import click
from rich.box import HEAVY_HEAD

from constructions.computation.formats.files import read_file, write_bytes
from constructions.computation.query_machine import QueryMachine, query_machine
from constructions.errors import ConstructionError
from constructions.foundations.spelling import json_text
from constructions.networks.network_file import read_network
from verify.certifier.certificate import certificate, digest, refused
from verify.certifier.certify import Outcome, certify_network
from verify.certifier.refusal import PREMISES
from verify.certifier.witness import find_witness
from verify.learner_named import CIRCUITS, machine_in_file
from verify.machine_code import warn_if_not_kept
from verify.printing import console, joined, plain_table, say, styled
from verify.results import check_writable
from verify.run import EXPECTED, WRONG
from verify.things import number

FILE = click.Path(path_type=Path)


@click.command("certify")
@click.argument("net", type=FILE)
@click.option("--machine", required=True, help="The query machine: an AIGER file with latches, or FILE.py[:NAME].")
@click.option("-o", "--output", type=FILE, help="The certificate, a JSON file.")
@click.option("--tolerance", help="Refuse if answers are not shown within this, p/q (default 4 rho).")
@click.option("--seconds", type=click.IntRange(min=1), default=20, show_default=True, help="Time for each question to the solver.")
@click.option("--search", type=click.IntRange(min=0), default=5, show_default=True, help="If refused, seconds to search for a wrong run.")
@click.option("--json", "as_json", is_flag=True, help="Print certificate or refusal as JSON.")
def certify(net: Path, machine: str, output: Path | None, tolerance: str | None, seconds: int, search: int, as_json: bool) -> int:
    """Certify that gradient descent over the network file NET runs the machine; exit code 1 if it is refused.

    Names and hints in the file are not believed. A question that the solver leaves open counts as refused.
    """
    if output:
        check_writable(output)
    wanted = None if tolerance is None else number(tolerance, where="--tolerance")
    if wanted is not None and wanted < 0:
        raise ConstructionError(f"need --tolerance >= 0, got {wanted}")
    network, given = read_network(net), machine_named(machine)
    warn_if_not_kept()
    began = time.monotonic()
    outcome = certify_network(network, given, seconds=seconds, tolerance=wanted)
    digests = {"network": digest([net]), "machine": digest([machine_file(machine)])}
    refusal = outcome.refusal
    if refusal is not None and search:
        refusal.witness |= find_witness(network, given, seconds=search) or {}
    found = certificate(network, given, outcome, digests) if refusal is None else refused(refusal, digests)
    text = json_text(found, ascii=True, indent=1, sort_keys=True)
    if output and outcome.certified:
        write_bytes(output, f"{text}\n".encode())
    if as_json:
        say(*text.split("\n"))
    else:
        print_outcome(net, found, outcome, time.monotonic() - began)
        if output and outcome.certified:
            say(f"wrote {output}")
    return EXPECTED if outcome.certified else WRONG


def machine_file(machine: str) -> Path:
    """The file of what ``--machine`` names."""
    return Path(machine.rpartition(":")[0] if ".py:" in machine else machine)


def machine_named(machine: str) -> QueryMachine:
    """The machine in an AIGER file or in a user's Python file."""
    file = machine_file(machine)
    if file.suffix.lower() in CIRCUITS:
        return query_machine(read_file(file))
    if file.suffix == ".py":
        return machine_in_file(machine)
    raise ConstructionError(f"need an AIGER file ({', '.join(CIRCUITS)}) or FILE.py[:NAME], got {machine!r}, at --machine")


def print_outcome(net: Path, found: dict[str, Any], outcome: Outcome, seconds: float) -> None:
    """The verdict for people."""
    screen = console()
    if outcome.refusal is not None:
        screen.print(joined(styled("refused", "red"), f" {net}: {outcome.refusal}"), soft_wrap=True)
        if outcome.tally.unknown:
            screen.print(f"  {outcome.tally.unknown} questions to the solver stayed open")
        for name, value in outcome.refusal.witness.items():
            screen.print(f"  {name}: {value}", soft_wrap=True)
        return
    table = plain_table("", "premise", "discharged by", title=f"certified: {net}", title_justify="left", box=HEAVY_HEAD, pad_edge=True)
    for name, row in found["premises"].items():
        table.add_row(name, PREMISES[name], row["by"])
    screen.print(table)
    network, settled = found["network"], found["solver"]
    screen.print(f"{network['vertices']} vertices, {network['edges']} edges, {network['steps']} steps; answers within {found['tolerance']}")
    asked = f"{settled['by structure']} equalities by structure, {settled['asked']} by the solver"
    screen.print(f"{len(found['rounds'])} distinct rounds; {asked}; {seconds:.1f} s")
    screen.print(found["statement"], soft_wrap=True)
