"""The command ``querygrad certify``: a proof about a finished network, or the premise that fails."""

import time
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of, write_bytes
from constructions.foundations.loading import loaded_when_used
from verify.arguments.grouped import grouped
from verify.arguments.learner_options import CIRCUITS, LearnerOptions, learner_options
from verify.arguments.values import RATIONAL, setting_option
from verify.commands.json_option import json_option, screen_beside
from verify.reports.exit_codes import EXPECTED, OPEN, WRONG
from verify.reports.exit_codes import INTERNAL as BROKEN
from verify.screen.files import check_writable, write_json_text, write_text

with loaded_when_used(__name__):
    from constructions.computation import batch_machine, query_machine
    from constructions.computation import miters as miter_formats
    from constructions.networks import container, network_file, queries, trainable
    from verify.arguments import batch_learner as batch_learners
    from verify.arguments import learner as learners
    from verify.certifier import certify as certifying
    from verify.certifier import witness
    from verify.certifier.certificate import entries, handing_over, miters
    from verify.commands import machine_code
    from verify.recheck import machine as rechecked
    from verify.recheck import reading
    from verify.reports import certificate as reports
    from verify.reports import smt

FILE = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How long a certification may take, and what it must show.

    Parameters
    ----------
    tolerance : how far answers may be from their means; None is four times the network's precision. seconds : for each
        question to the solver. search : seconds in which a wrong run of a refused network is looked for.
    """

    tolerance: Fraction | None = None
    seconds: int = 20
    search: int = 5

    def __post_init__(self) -> None:
        if self.tolerance is not None and self.tolerance < 0:
            raise ConstructionError(f"need --tolerance >= 0, got {self.tolerance}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The files that are written: the certificate and the miters (of a certified network only), and the JSON of
    whatever was found."""

    output: Path | None = None
    json_file: Path | None = None
    miters_to: Path | None = None

    def __post_init__(self) -> None:
        check_writable(self.output, self.json_file)


search_options = grouped(
    "search",
    Search,
    (
        click.option(
            "--tolerance",
            type=RATIONAL,
            help="Refuse unless answers are shown to be within this of their means (default: 4 rho).",
        ),
        click.option(
            "--seconds",
            type=click.IntRange(min=1),
            default=20,
            show_default=True,
            help="The time for each question to the solver, in seconds of the processor.",
        ),
        click.option(
            "--search",
            type=click.IntRange(min=0),
            default=5,
            show_default=True,
            help="For how many seconds to look for a run that goes wrong, if the network is refused.",
        ),
    ),
)
target_options = grouped(
    "targets",
    Targets,
    (
        click.option("-o", "--output", type=FILE, help="Write the certificate to this JSON file."),
        json_option("Write the certificate or the refusal as JSON"),
        click.option(
            "--miters",
            "miters_to",
            type=FILE,
            metavar="FOLDER",
            help="Write what the checker takes for equal, other than by structure, as AIGER and DIMACS to this folder, "
            "for a SAT solver of yours to refute.",
        ),
    ),
)


@click.command("certify")
@click.argument("net", type=FILE)
@click.option(
    "--machine",
    required=True,
    help="The learner: a built-in one, FILE.py[:NAME], or an AIGER file with latches, as compile takes it.",
)
@click.option(
    "--whole-batches",
    is_flag=True,
    help="The learner takes samples, and the network reads a whole batch in each step, as compile makes it. (A file "
    "that compile --machine-out wrote says so itself.)",
)
@learner_options
@setting_option("dyadic")
@search_options
@target_options
def certify(
    net: Path,
    machine: str,
    whole_batches: bool,
    options: LearnerOptions,
    setting: "queries.Setting",
    search: Search,
    targets: Targets,
) -> int:
    """Certify that gradient descent on the network file NET runs a learner; the exit code is 1 if it is refused.

    Names and hints in the file are not trusted. What is found goes to the checker (``querygrad recheck``), in a
    process of its own. Only if the checker says "certified" is the exit code 0; if it leaves something open, it is 3.
    A built-in learner needs the same options as when it was compiled; --bits and --batch are the network's unless they
    are given. --setting and --centred matter only for the number of binary places of its answers.
    """
    data = container.file_data(net)
    asked_for = None if whole_batches else learners.read_learner(machine, options)
    sha256, network = sha256_of(data), network_file.read_network_bytes(data, where=str(net))
    del data
    learner = asked_for or batch_learner_for(machine, options, network)
    asked = machine_for(learner, options, network, setting=setting, tolerance=search.tolerance)
    text, rewritten = machine_text(learner, asked)
    machine_code.warn_if_not_kept()
    began = time.monotonic()
    outcome = certifying.certify_network(network, asked, seconds=search.seconds, tolerance=search.tolerance)
    decision = None
    if outcome.refusal is not None:
        if search.search:
            outcome.refusal.witness |= witness.find_witness(network, asked, seconds=search.search) or {}
        found = entries.refused(outcome.refusal, {"network": sha256, "machine": sha256_of(text.encode())}, rewritten)
    else:
        found = entries.certificate(network, asked, outcome, network=sha256, text=text, rewritten=rewritten)
        del network
        outcome = outcome.without_arrays()
        decision = handing_over.decided(found, net, prove=outcome.tally.calls > 0)
    written = write_found(targets, found, decision)
    written += write_miters(targets.miters_to, decision, net)
    screen = screen_beside(targets.json_file)
    reports.say(screen, net, found, outcome, decision, time.monotonic() - began)
    for line in ([rewritten] if rewritten else []) + [f"wrote {path}" for path in written]:
        screen.print(line, soft_wrap=True)
    return code_of(decision)


def write_found(targets: Targets, found: dict[str, Any], decision: "handing_over.Decision | None") -> list[Path]:
    """Write a refusal (there is no decision then) or what the checker decided; return the files that were written."""
    if decision is None:
        written = [targets.json_file] if targets.json_file else []
        for path in written:
            write_json_text(path, found, indent=1, sort_keys=True)
        return written
    output = targets.output if decision.certified else None
    written = [path for path in (output, targets.json_file) if path]
    for path in written:
        write_text(path, decision.certificate.decode())
    return written


def write_miters(folder: Path | None, decision: "handing_over.Decision | None", net: Path) -> list[Path]:
    """Write the miters of a certified network to a folder, if one is wanted; return the files that were written."""
    if folder is None or decision is None or not decision.certified:
        return []
    smt.make_folder(folder)
    with net.open("rb") as stream:
        found = miters.miters_of(decision.certificate, stream).found
    files = {folder / name: data for name, data in miter_formats.miter_files(found).items()}
    for path, data in files.items():
        write_bytes(path, data)
    return list(files)


def code_of(decision: "handing_over.Decision | None") -> int:
    """The exit code for what the checker decided; without a decision the network was refused.

    >>> code_of(None)
    1
    """
    if decision is None:
        return WRONG
    return {handing_over.CERTIFIED: EXPECTED, handing_over.LEFT_OPEN: OPEN, handing_over.INTERNAL: BROKEN}.get(
        decision.code, WRONG
    )


def machine_for(
    learner: "learners.Learner",
    options: LearnerOptions,
    network: "trainable.Trainable",
    *,
    setting: "queries.Setting",
    tolerance: Fraction | None,
) -> "query_machine.QueryMachine":
    """The machine that a learner is for a network.

    Parameters
    ----------
    options : bits and batch are the network's if they are not given. tolerance : four times the network's precision if
        it is None or 0.

    Raises
    ------
    ConstructionError
        For options that do not fit the learner.
    """
    b, n, wanted = options.b or network.batch, len(network.network.inputs), tolerance or 4 * network.rho
    return learners.learner_named(learner, options, setting=setting, rho=network.rho, b=b, tolerance=wanted, n=n)


def batch_learner_for(name: str, options: LearnerOptions, network: "trainable.Trainable") -> "learners.Learner":
    """The learner of this ``name`` for whole batches, of the size and number of the ``network`` where ``options`` do
    not say another; ConstructionError for one that there is not, or of another number of bits."""
    n = len(network.network.inputs)
    if options.n not in (None, n):
        raise ConstructionError(f"need --bits {n}, which the network has, got {options.n}")
    rounds = network.steps if options.m is None and options.rounds is None else options.rounds
    wanted = replace(options, n=n, b=options.b or network.batch, rounds=rounds)
    made = batch_learners.read_batch_learner(name, wanted).whole()
    return learners.Learner(name=name, whole=made)


def machine_text(learner: "learners.Learner", given: "query_machine.QueryMachine") -> tuple[str, str | None]:
    """The machine's text: the file's own where it is of the checker's grammar and nothing was changed, else as we spell
    it.

    Returns
    -------
    The text; and a sentence that says why it is not the file's own, None if it is.

    >>> from verify.arguments.learner import read_learner
    >>> learner = read_learner("literal")
    >>> machine_text(learner, learner.machine(LearnerOptions(n=1), {"fraction": 3}))[1]
    'The digest of the machine is of its AIGER text as querygrad writes it, since literal is a built-in learner.'
    """
    why = why_rewritten(learner, given)
    if why is None:
        assert learner.data is not None
        return learner.data.decode("ascii"), None
    return entries.spelled(
        given
    ), f"The digest of the machine is of its AIGER text as querygrad writes it, since {why}."


def why_rewritten(learner: "learners.Learner", given: "query_machine.QueryMachine") -> str | None:
    """Why the text of a machine's file, if there is one, cannot be taken as it is; None if it can."""
    if learner.data is None:
        made = isinstance(learner.whole, batch_machine.BatchMachine)
        return f"it is made of {learner.name}" if made else f"{learner.name} is a built-in learner"
    if Path(learner.name).suffix.lower() not in CIRCUITS or not learner.data.startswith(b"aag "):
        return f"{learner.name} is not an ASCII AIGER file"
    if given != learner.whole:
        return f"options changed the machine in {learner.name}"
    try:
        rechecked.read_machine(learner.data)
    except reading.RefusedError:
        return f"{learner.name} is not of the grammar that the checker reads"
    return None
