"""What ``querygrad compile`` prints: the sizes and budgets of a plan."""

from fractions import Fraction

from constructions.networks.emulation import Plan, sizes_of
from constructions.networks.trainable import Trainable
from verify.screen.printing import TableStyle, console, plain_table


def size_rows(plan: Plan, net: Trainable) -> list[tuple[str, str, str]]:
    """What there is: its name, how much of it the formula says, and how much was built."""
    built = sizes_of(net)
    pairs = {
        "rounds": (plan.sizes.steps, built.steps),
        "vertices": (plan.sizes.vertices, built.vertices),
        "edges": (plan.sizes.edges, built.edges),
        "random bits": (plan.sizes.random_bits, built.random_bits),
    }
    return [(name, f"{formula:,}", f"{found:,}") for name, (formula, found) in pairs.items()]


def print_plan(learner: str, plan: Plan, net: Trainable) -> None:
    """The sizes and the budget of the network ``net`` that a plan makes of the learner of this name.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> plan = Plan(machine=best_literal_machine(1, fraction=4), rho=Fraction(1, 8))
    >>> print_plan("literal", plan, plan.trainable)  # doctest: +NORMALIZE_WHITESPACE
    learner         literal: 1 bit of x, 2 queries a round (whole values), 25 bits of state, 0 random bits a round
    training        batch 1, rho 1/8, learning rate 1; Q and Q': dyadic
    copies a round  3 of Q or Q' (with the clock); 3 binary digits are read off each
    tolerance       19/64 = 2.375 rho, where the paper has 4 rho = 1/2 (the error of an answer is from -1/6 to 19/64)
    b rho           1/8 (the batch size times the precision of the gradients)
    counts          b tolerance = 19/64 < 1/2: every count over a batch is read without error
                 by formula  as built
    rounds                2         2
    vertices            754       754
    edges             2,186     2,186
    random bits           0         0
    """
    machine, rho, d = plan.machine, plan.rho, plan.decoder
    digits = f"values asked in {len(d.places)} binary digits"
    kind = ("signed, " if machine.signed else "") + ("whole values" if d.binary else digits)
    read = "1 bit" if plan.inputs == 1 else f"{plan.inputs} bits"
    about = {
        "learner": f"{learner}: {read} of x, {machine.parallel} queries a round ({kind}), "
        f"{len(machine.machine.state)} bits of state, {machine.random_bits} random bits a round",
        "training": f"batch {net.batch}, rho {rho}, learning rate {net.rate}; Q and Q': {plan.setting.name}",
        "copies a round": f"{len(plan.copies)} of Q or Q' (with the clock); {d.bits} binary digits are read off each",
    }
    out = console()
    first = plain_table("", "", style=TableStyle(show_header=False))
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
    found = {
        "tolerance": f"{tolerance} = {float(tolerance / rho):.4g} rho, where the paper has 4 rho = {4 * rho} "
        f"(the error of an answer is from {low} to {high})"
    }
    found["b rho"] = f"{b * rho} (the batch size times the precision of the gradients)"
    if plan.decoder.binary:
        good = b * tolerance < Fraction(1, 2)
        found["counts"] = f"b tolerance = {b * tolerance} {'<' if good else '>='} 1/2: " + (
            "every count over a batch is read without error" if good else "counts over a batch may be misread"
        )
    return found
