"""The command ``querygrad compile``: a learner in, the file of its emulation network out (Lemmas 3b and 12b)."""

from pathlib import Path
from typing import Any

import click

from constructions.errors import ConstructionError
from constructions.networks.network_file import SUFFIX, write_network
from constructions.networks.planning import default_rho
from constructions.networks.queries import PRINTED, VC_ONLY, Setting
from verify.arguments.learner import check_machine_path, learner_given, learner_options, planned, write_query_machine
from verify.arguments.values import number, setting_option
from verify.reports.plan import print_plan
from verify.screen.files import check_writable
from verify.screen.printing import say

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
    learner: str,
    output: Path,
    rho: str | None,
    setting: Setting,
    centred: bool,
    tolerance: str | None,
    machine_out: Path | None,
    **options: Any,
) -> None:
    """Compile LEARNER (a built-in one, FILE.py[:NAME], or an AIGER file with latches) to a network that gradient
    descent runs.

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


def _check_paths(output: Path, machine_out: Path | None) -> None:
    check_writable(output)
    if output.suffix != SUFFIX:
        raise ConstructionError(f"need a file that ends in {SUFFIX}, got {output.name!r}")
    if machine_out:
        check_writable(machine_out)
        check_machine_path(machine_out)
