"""The command ``querygrad certify``: a proof about a finished network, or the premise that fails."""

import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from constructions.computation.query_machine import QueryMachine
from constructions.errors import ConstructionError
from constructions.networks.network_file import network_data, read_network_bytes
from constructions.networks.queries import Setting
from constructions.networks.trainable import Trainable
from verify.arguments.learner import CIRCUITS, Learner, learner_given, learner_named, learner_options, read_learner
from verify.arguments.values import number, setting_option
from verify.certifier.certificate.entries import certificate, refused, spelled
from verify.certifier.certificate.handing_over import CERTIFIED, INTERNAL, LEFT_OPEN, decided
from verify.certifier.certify import certify_network
from verify.certifier.witness import find_witness
from verify.commands.json_option import json_option, screen_beside
from verify.commands.machine_code import warn_if_not_kept
from verify.recheck.machine import read_machine
from verify.recheck.reading import RefusedError, digest
from verify.reports.certificate import say
from verify.reports.exit_codes import EXPECTED, OPEN, WRONG
from verify.reports.exit_codes import INTERNAL as BROKEN
from verify.screen.files import check_writable, write_json_text, write_text

FILE = click.Path(path_type=Path)


@click.command("certify")
@click.argument("net", type=FILE)
@click.option(
    "--machine",
    required=True,
    help="A built-in learner, FILE.py[:NAME], or an AIGER file with latches; as compile takes it.",
)
@learner_options
@setting_option("dyadic")
@click.option("-o", "--output", type=FILE, help="The certificate, a JSON file.")
@click.option("--tolerance", help="Refuse if answers are not shown within this, p/q (default 4 rho).")
@click.option(
    "--seconds", type=click.IntRange(min=1), default=20, show_default=True, help="Time for each question to the solver."
)
@click.option(
    "--search",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="If refused, seconds to search for a wrong run.",
)
@json_option("Write certificate or refusal as JSON")
def certify(
    net: Path,
    machine: str,
    output: Path | None,
    tolerance: str | None,
    seconds: int,
    search: int,
    json_file: Path | None,
    setting: Setting,
    centred: bool,
    **options: Any,
) -> int:
    """Certify that gradient descent over the network file NET runs the machine; exit code 1 if it is refused.

    Names and hints in the file are not believed. What is found goes to the checker (``querygrad recheck``), in a
    process of its own, and only if that says "certified" the exit code is 0; if it leaves something open, it is 3. A
    built-in learner takes the options that it took when it was compiled; --bits and --batch are the network's if they
    are not given. --setting and --centred say no more than how many places its answers have.
    """
    check_targets(output, json_file)
    wanted = None if tolerance is None else number(tolerance, where="--tolerance")
    if wanted is not None and wanted < 0:
        raise ConstructionError(f"need --tolerance >= 0, got {wanted}")
    data, learner, asked = network_data(net), read_learner(machine), learner_given(options)
    sha256, network = digest(data), read_network_bytes(data, where=str(net))
    del data
    given = machine_asked(learner, asked, network, wanted or 4 * network.rho, setting=setting, centred=centred)
    text, rewritten = machine_text(learner, given)
    warn_if_not_kept()
    began = time.monotonic()
    outcome = certify_network(network, given, seconds=seconds, tolerance=wanted)
    decision = None
    if outcome.refusal is not None:
        if search:
            outcome.refusal.witness |= find_witness(network, given, seconds=search) or {}
        found = refused(outcome.refusal, {"network": sha256, "machine": digest(text.encode())}, rewritten)
        written = [json_file] if json_file else []
        for path in written:
            write_json_text(path, found, indent=1, sort_keys=True)
    else:
        found = certificate(network, given, outcome, network=sha256, text=text, rewritten=rewritten)
        del network
        outcome = outcome.without_arrays()
        decision = decided(found, net, prove=outcome.tally.calls > 0)
        written = [path for path in (output if decision.certified else None, json_file) if path]
        for path in written:
            write_text(path, decision.certificate.decode())
    screen = screen_beside(json_file)
    say(screen, net, found, outcome, decision, time.monotonic() - began)
    if rewritten:
        screen.print(rewritten, soft_wrap=True)
    for path in written:
        screen.print(f"wrote {path}", soft_wrap=True)
    return (
        WRONG
        if decision is None
        else {CERTIFIED: EXPECTED, LEFT_OPEN: OPEN, INTERNAL: BROKEN}.get(decision.code, WRONG)
    )


def machine_asked(
    learner: Learner, asked: dict[str, Any], network: Trainable, tolerance: Fraction, *, setting: Setting, centred: bool
) -> QueryMachine:
    """The machine that a learner is with these options; bits and batch are the network's if they are not among them."""
    options = {name: value for name, value in asked.items() if name != "b"}
    b, n = asked["b"] or network.batch, len(network.network.inputs)
    return learner_named(
        learner, options, setting=setting, b=b, rho=network.rho, tolerance=tolerance, centred=centred, n=n
    )


def machine_text(learner: Learner, given: QueryMachine) -> tuple[str, str | None]:
    """The machine's text: the file's own where it is of the checker's grammar and nothing was changed, else as we spell
    it.

    Returns
    -------
    The text; and a sentence that says why it is not the file's own, None if it is.

    >>> from verify.arguments.learner import read_learner
    >>> learner = read_learner("literal")
    >>> machine_text(learner, learner.machine({"n": 1}, {"fraction": 3}))[1]
    'The digest of the machine is of its AIGER text as querygrad writes it, since literal is a built-in learner.'
    """
    why = why_rewritten(learner, given)
    if why is None:
        assert learner.data is not None
        return learner.data.decode("ascii"), None
    return spelled(given), f"The digest of the machine is of its AIGER text as querygrad writes it, since {why}."


def why_rewritten(learner: Learner, given: QueryMachine) -> str | None:
    """Why the text of a machine's file, if there is one, cannot be taken as it is; None if it can."""
    if learner.data is None:
        return f"{learner.name} is a built-in learner"
    if Path(learner.name).suffix.lower() not in CIRCUITS or not learner.data.startswith(b"aag "):
        return f"{learner.name} is not an ASCII AIGER file"
    if given != learner.whole:
        return f"options changed the machine in {learner.name}"
    try:
        read_machine(learner.data)
    except RefusedError:
        return f"{learner.name} is not of the grammar that the checker reads"
    return None


def check_targets(*paths: Path | None) -> None:
    """Refuse, before any work is done, a file that cannot be written."""
    for path in paths:
        if path:
            check_writable(path)
