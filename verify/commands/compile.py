"""The command ``querygrad compile``: a learner in, the file of its emulation network out (Lemmas 3b and 12b); or a
Turing machine in, the file of its circuit out."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from constructions.errors import ConstructionError
from constructions.foundations.loading import loaded_when_used
from verify.arguments.learner_options import CIRCUITS, LearnerOptions, learner_options
from verify.arguments.names import CIRCUITS as CIRCUIT_FILES
from verify.arguments.names import NETWORK
from verify.arguments.values import RATIONAL, setting_option
from verify.commands.machine_options import MachineOptions, is_machine_file, machine_options
from verify.screen.files import check_writable
from verify.screen.printing import say

with loaded_when_used(__name__):
    from constructions.networks import emulation, network_file, planning, queries
    from verify.arguments import learner as learners
    from verify.commands import compile_batches as of_batches
    from verify.commands import compile_frozen as of_model
    from verify.commands import compile_machine as of_machine
    from verify.reports import plan as plans

FILE = click.Path(path_type=Path)
FAILS = {"as printed": "1 (E04)", "only vc mended": "2 (E03)"}
"""By the name of a setting, the step in which its networks depart from the learner, and the erratum that says so."""


@click.command("compile")
@click.argument("learner")
@click.option(
    "-o",
    "--output",
    type=FILE,
    required=True,
    help=f"Write the network to this {NETWORK} file (a Turing machine's circuit: {', '.join(CIRCUIT_FILES)}).",
)
@learner_options
@machine_options
@click.option(
    "--rho",
    type=RATIONAL,
    help="The gradient precision rho (default: the largest power of two with b rho < 1/8).",
)
@setting_option("dyadic")
@click.option("--tolerance", type=RATIONAL, help="How far an answer may be from the batch mean (default: 4 rho).")
@click.option(
    "--frozen",
    is_flag=True,
    help="Compile to the network of Appendix B.1: only the parameters of Lemma 3a's model train.",
)
@click.option("--relu", is_flag=True, help="With --frozen: make the network of ReLUs.")
@click.option(
    "--both",
    is_flag=True,
    help="Ask about both labels at once: a step for two rounds of the learner (queries of 0 and 1).",
)
@click.option(
    "--whole-batches",
    is_flag=True,
    help="Compile to a network that reads a whole batch in each step, for batches whose labels are a function of x "
    "(default rho: the largest power of two with b rho < 4/3).",
)
@click.option("--machine-out", type=FILE, help="Write the learner's machine to this AIGER file.")
def compile(
    learner: str,
    output: Path,
    options: LearnerOptions,
    running: MachineOptions,
    rho: Fraction | None,
    setting: "queries.Setting",
    tolerance: Fraction | None,
    frozen: bool,
    relu: bool,
    both: bool,
    whole_batches: bool,
    machine_out: Path | None,
) -> None:
    """Compile LEARNER to a network such that gradient descent on the network runs the learner.

    LEARNER is the name of a built-in learner, a Python file of yours (FILE.py[:NAME]), or an AIGER file with latches.
    The batch size is 1 if --batch does not say otherwise. With --whole-batches it is one that draws samples, one after
    the other, and minds no order; --samples or --rounds says how many.

    If it is a file of a Turing machine (.tm, .jff), it is unrolled into a circuit for words of one --length and for a
    --time, and the circuit is written; or, to a .tm file, the machine itself as a table.
    """
    if is_machine_file(learner):
        check_writable(output, endings=(*CIRCUIT_FILES, ".tm"))
        kinds = frozen or relu or both or whole_batches
        if any((options != LearnerOptions(), rho is not None, tolerance is not None, machine_out, kinds)):
            raise ConstructionError(f"need --length, --time, --left and --right only, got more, at {learner}")
        of_machine.compile_machine(Path(learner), output, running)
        return
    if running.given:
        raise ConstructionError(f"need a file of a Turing machine for --length and --time, got {learner!r}")
    check_writable(output, endings=(NETWORK,))
    check_writable(machine_out, endings=CIRCUITS)
    _check_forms(frozen=frozen, relu=relu, both=both)
    if whole_batches:
        of_batches.refuse_further(frozen=frozen, both=both, tolerance=tolerance, setting=setting)
        of_batches.compile_batches(learner, output, options, rho, machine_out)
        return
    plan = plan_for(learner, options, setting, rho, tolerance, both=both)
    if machine_out:
        learners.write_query_machine(machine_out, plan.machine)
    if frozen:
        of_model.compile_frozen(plan, output, relus=relu)
    else:
        _write_plan(learner, plan, output)
    for path in (output, *([machine_out] if machine_out else [])):
        say(f"wrote {path}")


def _write_plan(learner: str, plan: Any, output: Path) -> None:
    """Write the network of a ``plan`` to a file, and say what it is, with the ``learner`` by its name; also if networks
    in its setting do not do what their learner does."""
    net = plan.trainable
    network_file.write_network(output, net)
    plans.print_plan(learner, plan, net)
    if plan.setting.name in FAILS:
        fails = f"training departs from the learner in step {FAILS[plan.setting.name]}"
        say(f"warning: {plan.setting.name}: {fails}, so what is printed above is wrong", err=True)


def _check_forms(*, frozen: bool, relu: bool, both: bool) -> None:
    """Refuse forms of a network that do not go together."""
    if both and frozen:
        raise ConstructionError("need either --both or --frozen, got both")
    if relu and not frozen:
        raise ConstructionError("need --frozen for --relu, got it without ('querygrad relu' is for other networks)")


def plan_for(
    learner: str,
    options: LearnerOptions,
    setting: "queries.Setting",
    rho: Fraction | None,
    tolerance: Fraction | None,
    *,
    both: bool = False,
) -> "emulation.Plan":
    """The plan of the network for a learner; rho and the tolerance are the default ones where they are not given."""
    b = options.b or 1
    precision = planning.default_rho(setting, b) if rho is None else rho
    wanted = 4 * precision if tolerance is None else tolerance
    if wanted <= 0 or precision <= 0:
        raise ConstructionError(f"need --rho > 0 and --tolerance > 0, got {precision} and {wanted}")
    if both:
        return learners.plan_on_both_labels(learner, options, setting=setting, rho=precision, b=b, tolerance=wanted)
    return learners.plan_of_learner(learner, options, setting=setting, rho=precision, b=b, tolerance=wanted)
