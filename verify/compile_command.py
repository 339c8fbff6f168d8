"""The command ``querygrad compile``: a learner in, the file of its emulation network out (Lemmas 3b and 12b)."""
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from constructions.errors import ConstructionError
from constructions.networks.emulation import Plan
from constructions.networks.network_file import SUFFIX, write_network
from constructions.networks.queries import PRINTED, VC_ONLY, Setting
from constructions.networks.trainable import Trainable
from verify.learner_named import (
    Learner,
    check_machine_path,
    learner_given,
    learner_named,
    learner_options,
    read_learner,
    write_query_machine,
)
from verify.printing import console, plain_table, say
from verify.results import check_writable
from verify.things import number, setting_option

FILE = click.Path(path_type=Path)
FAILS = {PRINTED: "1 (E04)", VC_ONLY: "2 (E03)"}


@click.command()
@click.argument("learner")
@click.option("-o", "--output", type=FILE, required=True, help=f"The network, a {SUFFIX} file.")
@learner_options
@click.option("--rho", help="Gradient precision, exact (default: the largest power of two with b rho < 1/8).")
@setting_option("dyadic")
@click.option("--tolerance", help="How far an answer may be from the batch mean (default 4 rho).")
@click.option("--machine-out", type=FILE, help="Write the learner's machine too, as an AIGER file.")
def compile(
    learner: str, output: Path, rho: str | None, setting: Setting, centred: bool, tolerance: str | None, machine_out: Path | None,
    **options: Any,
) -> None:  # fmt: skip
    """Compile LEARNER (a built-in one, FILE.py[:NAME], or an AIGER file with latches) to a network that gradient descent runs.

    The batch size is 1 if --batch does not say otherwise.
    """
    _check_paths(output, machine_out)
    given = learner_given(options)
    b = given.pop("b") or 1
    precision = number(rho, where="--rho") if rho is not None else default_rho(setting, b)
    wanted = number(tolerance, where="--tolerance") if tolerance is not None else 4 * precision
    if wanted <= 0 or precision <= 0:
        raise ConstructionError(f"need --rho > 0 and --tolerance > 0, got {precision} and {wanted}")
    plan = planned(learner, given, setting=setting, b=b, rho=precision, centred=centred, tolerance=wanted)
    net = plan.trainable
    if machine_out:
        write_query_machine(machine_out, plan.machine)
    write_network(output, net)
    print_plan(learner, plan, net)
    if setting in FAILS:
        fails = f"training leaves the learner in step {FAILS[setting]}; what is said above does not hold"
        say(f"warning: {setting.name}: {fails}", err=True)
    for path in (output, *([machine_out] if machine_out else [])):
        say(f"wrote {path}")


def default_rho(setting: Setting, b: int) -> Fraction:
    """The largest power of two with b rho < 1/8 that the setting allows.

    >>> from constructions.networks.queries import DYADIC
    >>> str(default_rho(DYADIC, 1)), str(default_rho(DYADIC, 8))
    ('1/16', '1/128')
    """
    rho = Fraction(1, 2)
    while not (b * rho < Fraction(1, 8) and rho < setting.rho_below):
        rho /= 2
    return rho


def planned(
    learner: Learner | str, given: Mapping[str, Any], *, setting: Setting, b: int, rho: Fraction, tolerance: Fraction,
    centred: bool = False,
) -> Plan:  # fmt: skip
    """The plan for a learner.

    >>> from constructions.networks.queries import DYADIC
    >>> planned("literal", {"n": 2}, setting=DYADIC, b=1, rho=Fraction(1, 16), tolerance=Fraction(1, 4)).machine.answer_fraction
    3
    """
    found = read_learner(learner) if isinstance(learner, str) else learner
    machine = learner_named(found, given, setting=setting, b=b, rho=rho, tolerance=tolerance, centred=centred)
    return Plan(machine=machine, rho=rho, setting=setting, batch=b, centred=centred, tolerance=tolerance)


def size_rows(plan: Plan, net: Trainable) -> list[tuple[str, str, str]]:
    """What there is, by formula and as built; ``plan`` computes the first without looking at the arrays."""
    sizes, flat = plan.sizes, net.network
    pairs = {"rounds": (sizes.steps, net.steps), "vertices": (sizes.vertices, flat.size), "edges": (sizes.edges, len(flat.sources))}
    pairs["random bits"] = (sizes.random_bits, net.random_bits)
    wrong = [name for name, (formula, built) in pairs.items() if formula != built]
    assert not wrong, f"the formula does not give the built number of {wrong[0]}"
    return [(name, f"{formula:,}", f"{built:,}") for name, (formula, built) in pairs.items()]


def print_plan(learner: str, plan: Plan, net: Trainable) -> None:
    """The sizes and the budget of a network."""
    machine, rho, d = plan.machine, plan.rho, plan.decoder
    signed = "signed, " if machine.signed else ""
    places = "one digit of weight 1" if d.binary else f"{len(d.places)} digits of a value"
    about = {
        "learner": f"{learner}: {machine.inputs} bits, {machine.parallel} queries a round ({signed}{places}), "
        f"{len(machine.machine.state)} bits of state, {machine.random_bits} random bits a round",
        "training": f"batch {net.batch}, rho {rho}, learning rate {net.rate}, {plan.setting.name}",
        "copies a round": f"{len(plan.copies)}, each of {d.bits} digits",
    }
    out = console()
    first = plain_table("", "", show_header=False)
    for name, value in (about | budget_rows(plan)).items():
        first.add_row(name, value)
    right = ("by formula", "as built")
    second = plain_table("", *right, right=right)
    for row in size_rows(plan, net):
        second.add_row(*row)
    out.print(first)
    out.print(second)


def budget_rows(plan: Plan) -> dict[str, str]:
    """Tolerance beside 4 rho, and whether counts over the batch are decoded without error."""
    rho, b, tolerance = plan.rho, plan.batch, plan.decoder.tolerance
    low, high = plan.decoder.error
    found = {"tolerance": f"{tolerance} = {float(tolerance / rho):.4g} rho, beside 4 rho = {4 * rho} (errors from {low} to {high})"}
    found["b rho"] = f"{b * rho}"
    if plan.decoder.binary:
        good = b * tolerance < Fraction(1, 2)
        found["counts"] = f"b tolerance = {b * tolerance} {'<' if good else '>='} 1/2: " + (
            "every count over a batch is read without error" if good else "counts over a batch may be misread"
        )
    return found


def _check_paths(output: Path, machine_out: Path | None) -> None:
    check_writable(output)
    if output.suffix != SUFFIX:
        raise ConstructionError(f"need a file that ends in {SUFFIX}, got {output.name!r}")
    if machine_out:
        check_writable(machine_out)
        check_machine_path(machine_out)

