"""``querygrad compile --frozen``: a learner in, the file of Lemma 3a's model as a network out (Appendix B.1)."""

from dataclasses import replace
from pathlib import Path

from constructions.errors import PremiseError
from constructions.models.one_step import OneStep
from constructions.networks.emulation import Plan
from constructions.networks.network_file import write_network
from constructions.theorems.frozen_network import FrozenNetwork
from verify.screen.printing import TableStyle, console, plain_table


def compile_frozen(plan: Plan, output: Path, *, relus: bool = False) -> None:
    """Write the network of a plan's machine to a file, and print what it is made of. Lemma 8's epsilon is the plan's
    precision, which is enough for the clock. With ``relus`` it is made of ReLUs.

    Raises
    ------
    ConstructionError
        For a machine that such a network does not serve.
    PremiseError
        If answers would not be within the plan's tolerance.
    """
    machine, rho = plan.machine, plan.rho
    numbers, wanted = OneStep(rho=rho, epsilon=rho), plan.tolerance or 4 * rho
    made = FrozenNetwork(machine=machine, numbers=numbers, random=(0,) * (machine.rounds * machine.random_bits))
    if made.error > wanted:
        raise PremiseError(f"need answers within {wanted}, got {made.error}: epsilon + 3 rho/4, and a rounding")
    net = replace(made.relus.net if relus else made.trainable, batch=plan.batch)
    write_network(output, net)
    rows = {
        "rounds": f"{machine.rounds}",
        "vertices": f"{net.network.size:,}",
        "edges": f"{len(net.network.sources):,}; only the {len(made.trained)} parameters of Lemma 3a's model train",
        "training": f"batch {net.batch}, rho {rho}, epsilon {numbers.epsilon}, learning rate {net.rate}",
        "activation": "ReLU, and the identity at the output" if relus else "the two-stage ramp",
        "tolerance": f"{made.error}, where {wanted} is wanted",
    }
    table = plain_table("", "", style=TableStyle(show_header=False))
    for name, value in rows.items():
        table.add_row(name, value)
    console().print(table)
