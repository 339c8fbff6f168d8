"""The command ``querygrad certify``: a proof about a finished network, or the premise that fails."""
import hashlib
import time
from pathlib import Path
from typing import Any

import click
from rich.box import HEAVY_HEAD
from rich.console import Console

from constructions.errors import ConstructionError
from constructions.networks.network_file import network_data, read_network_bytes
from constructions.networks.queries import Setting
from verify.certifier.certificate import certificate, refused
from verify.certifier.certify import Outcome, certify_network
from verify.certifier.refusal import PREMISES
from verify.certifier.witness import find_witness
from verify.json_option import json_option, screen_beside
from verify.learner_named import learner_given, learner_named, learner_options, read_learner
from verify.machine_code import warn_if_not_kept
from verify.printing import joined, plain_table, styled
from verify.results import check_writable, write_json_text
from verify.run import EXPECTED, WRONG
from verify.things import number, setting_option

FILE = click.Path(path_type=Path)


@click.command("certify")
@click.argument("net", type=FILE)
@click.option("--machine", required=True, help="A built-in learner, FILE.py[:NAME], or an AIGER file with latches; as compile takes it.")
@learner_options
@setting_option("dyadic")
@click.option("-o", "--output", type=FILE, help="The certificate, a JSON file.")
@click.option("--tolerance", help="Refuse if answers are not shown within this, p/q (default 4 rho).")
@click.option("--seconds", type=click.IntRange(min=1), default=20, show_default=True, help="Time for each question to the solver.")
@click.option("--search", type=click.IntRange(min=0), default=5, show_default=True, help="If refused, seconds to search for a wrong run.")
@json_option("Write certificate or refusal as JSON")
def certify(
    net: Path, machine: str, output: Path | None, tolerance: str | None, seconds: int, search: int, json_file: Path | None,
    setting: Setting, centred: bool, **options: Any,
) -> int:  # fmt: skip
    """Certify that gradient descent over the network file NET runs the machine; exit code 1 if it is refused.

    Names and hints in the file are not believed. A question that the solver leaves open counts as refused. A built-in learner takes the
    options that it took when it was compiled; --bits and --batch are the network's if they are not given. --setting and --centred say
    no more than how many places its answers have.
    """
    check_targets(output, json_file)
    wanted = None if tolerance is None else number(tolerance, where="--tolerance")
    if wanted is not None and wanted < 0:
        raise ConstructionError(f"need --tolerance >= 0, got {wanted}")
    data, learner, asked = network_data(net), read_learner(machine), learner_given(options)
    network = read_network_bytes(data, where=str(net))
    b, n = asked.pop("b") or network.batch, len(network.network.inputs)
    answers = {"rho": network.rho, "tolerance": wanted or 4 * network.rho}
    given = learner_named(learner, asked, setting=setting, b=b, centred=centred, n=n, **answers)
    warn_if_not_kept()
    began = time.monotonic()
    outcome = certify_network(network, given, seconds=seconds, tolerance=wanted)
    if outcome.refusal is not None and search:
        outcome.refusal.witness |= find_witness(network, given, seconds=search) or {}
    digests = {"network": hashlib.sha256(data).hexdigest(), "machine": learner.digest(given)}
    refusal = outcome.refusal
    found = certificate(network, given, outcome, digests) if refusal is None else refused(refusal, digests)
    written = [path for path in (output if outcome.certified else None, json_file) if path]
    for path in written:
        write_json_text(path, found, indent=1, sort_keys=True)
    screen = screen_beside(json_file)
    say(screen, net, found, outcome, time.monotonic() - began)
    for path in written:
        screen.print(f"wrote {path}", soft_wrap=True)
    return EXPECTED if outcome.certified else WRONG


def check_targets(*paths: Path | None) -> None:
    """Refuse, before any work is done, a file that cannot be written."""
    for path in paths:
        if path:
            check_writable(path)


def say(screen: Console, net: Path, found: dict[str, Any], outcome: Outcome, seconds: float) -> None:
    """The verdict for people."""
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
