"""The command ``querygrad certify``: a proof about a finished network, or the premise that fails."""
import json
import time
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from constructions.computation.formats.aiger import read_aiger
from constructions.computation.formats.files import write_bytes
from constructions.computation.query_machine import QueryMachine, query_machine
from constructions.errors import ConstructionError
from constructions.networks.network_file import read_network_bytes
from verify.certifier.certificate import certificate, refused, spelled
from verify.certifier.certify import Outcome, certify_network
from verify.certifier.handing_over import CERTIFIED, INTERNAL, LEFT_OPEN, Decision, decided
from verify.certifier.refusal import PREMISES
from verify.certifier.witness import find_witness
from verify.learner_named import CIRCUITS, machine_in_file
from verify.recheck.machine import read_machine
from verify.recheck.reading import RefusedError, digest
from verify.report import console
from verify.results import check_writable
from verify.run import EXPECTED, OPEN, WRONG
from verify.run import INTERNAL as BROKEN
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

    Names and hints in the file are not believed. What is found goes to the checker (``querygrad recheck``), in a process of its own, and
    only if that says "certified" the exit code is 0; if it leaves something open, it is 3.
    """
    if output:
        check_writable(output)
    wanted = None if tolerance is None else number(tolerance, where="--tolerance")
    if wanted is not None and wanted < 0:
        raise ConstructionError(f"need --tolerance >= 0, got {wanted}")
    data = read_once(net)
    sha256, network = digest(data), read_network_bytes(data, where=str(net))
    del data
    given, text = machine_named(machine)
    began = time.monotonic()
    outcome = certify_network(network, given, seconds=seconds, tolerance=wanted)
    if outcome.refusal is not None:
        if search:
            outcome.refusal.witness |= find_witness(network, given, seconds=search) or {}
        found = refused(outcome.refusal, {"network": sha256, "machine": digest(text.encode())})
        decision = None
    else:
        found = certificate(network, given, outcome, network=sha256, text=text)
        del network
        decision = decided(found, net, prove=outcome.tally.calls > 0)
    if decision is not None and decision.certified and output:
        write_bytes(output, decision.certificate)
    if as_json:
        click.echo(decision.certificate.decode() if decision else json.dumps(found, indent=1, sort_keys=True))
        if decision and not decision.certified:
            click.echo(decision.said, err=True)
    else:
        say(net, found, outcome, decision, time.monotonic() - began)
        if decision and decision.certified and output:
            click.echo(f"wrote {output}")
    return WRONG if decision is None else {CERTIFIED: EXPECTED, LEFT_OPEN: OPEN, INTERNAL: BROKEN}.get(decision.code, WRONG)


def read_once(net: Path) -> bytes:
    """The bytes of a file."""
    try:
        data = None if net.exists() and not net.is_file() else net.read_bytes()
    except (OSError, ValueError) as error:
        raise ConstructionError(f"need a file that can be read, got {getattr(error, 'strerror', error)}, at {net}") from error
    if data is None:
        raise ConstructionError(f"need a file that can be read, got something else, at {net}")
    return data


def machine_file(machine: str) -> Path:
    """The file of what ``--machine`` names."""
    return Path(machine.rpartition(":")[0] if ".py:" in machine else machine)


def machine_named(machine: str) -> tuple[QueryMachine, str]:
    """The machine in an AIGER file or in a user's Python file, and its text: the file's own where that is of the checker's grammar."""
    file = machine_file(machine)
    if file.suffix.lower() in CIRCUITS:
        data = read_once(file)
        found = query_machine(read_aiger(data, where=str(file)))
        return found, own_text(data) or spelled(found)
    if file.suffix == ".py":
        found = machine_in_file(machine)
        return found, spelled(found)
    raise ConstructionError(f"need an AIGER file ({', '.join(CIRCUITS)}) or FILE.py[:NAME], got {machine!r}, at --machine")


def own_text(data: bytes) -> str | None:
    """A machine's text if the checker reads it, else None."""
    try:
        read_machine(data)
    except RefusedError:
        return None
    return data.decode("ascii")


def say(net: Path, found: dict[str, Any], outcome: Outcome, decision: Decision | None, seconds: float) -> None:
    """The verdict for people."""
    screen = console()
    if outcome.refusal is not None:
        screen.print(f"[red]refused[/red] {escape(str(net))}: {escape(str(outcome.refusal))}", soft_wrap=True)
        if outcome.tally.unknown:
            screen.print(f"  {outcome.tally.unknown} questions to the solver stayed open", markup=False)
        for name, value in outcome.refusal.witness.items():
            screen.print(f"  {name}: {value}", markup=False, soft_wrap=True)
        return
    assert decision is not None
    told = found["about"]
    table = Table(title=f"{'certified' if decision.certified else 'NOT certified'}: {net}", title_justify="left", show_lines=False)
    for column in ("", "premise", "discharged by"):
        table.add_column(column)
    for name, row in told["premises"].items():
        table.add_row(name, PREMISES[name], row["by"])
    screen.print(table)
    network, settled = told["network"], told["solver"]
    screen.print(f"{network['vertices']} vertices, {network['edges']} edges, {network['steps']} steps; answers within {told['tolerance']}")
    asked = f"{settled['by structure']} equalities by structure, {settled['asked']} by the solver"
    screen.print(f"{len(told['rounds'])} distinct rounds; {asked}; {seconds:.1f} s; then the checker:")
    screen.print(decision.said, markup=False, soft_wrap=True)
