"""The part of ``querygrad compile`` that makes a network which reads a whole batch in each step
(``--whole-batches``)."""

from fractions import Fraction
from pathlib import Path

from constructions.errors import ConstructionError
from constructions.networks.batch_network import BatchPlan
from constructions.networks.emulation import sizes_of
from constructions.networks.network_file import write_network
from constructions.networks.queries import DYADIC, Setting
from constructions.networks.trainable import Trainable
from verify.arguments.batch_learner import BatchLearner, read_batch_learner
from verify.arguments.learner import write_query_machine
from verify.arguments.learner_options import LearnerOptions
from verify.screen.printing import TableStyle, console, plain_table, say


def widest_rho(b: int) -> Fraction:
    """The largest power of two with b rho < 4/3, for batches of ``b`` samples.

    >>> [str(widest_rho(b)) for b in (1, 2, 3, 4)]
    ['1', '1/2', '1/4', '1/4']
    """
    rho = Fraction(1)
    while 3 * b * rho >= 4:
        rho /= 2
    return rho


def refuse_further(*, frozen: bool, both: bool, tolerance: Fraction | None, setting: Setting) -> None:
    """Refuse what does not go with ``--whole-batches``: a network of another kind (``frozen``, ``both``), a
    ``tolerance``, a ``setting`` of Q and Q'.

    Raises
    ------
    ConstructionError

    >>> refuse_further(frozen=False, both=False, tolerance=None, setting=DYADIC)
    """
    said = {"frozen": frozen, "both": both, "tolerance": tolerance is not None, "setting": setting != DYADIC}
    odd = [name for name, is_said in said.items() if is_said]
    if odd:
        raise ConstructionError(f"need no --{odd[0]} for whole batches: copies of one kind read them without error")


def compile_batches(
    learner: str, output: Path, options: LearnerOptions, rho: Fraction | None, machine_out: Path | None
) -> None:
    """Write the network of a learner that reads whole batches, and say what it is.

    Parameters
    ----------
    learner, options : which learner, and what it is made for. output, machine_out : where the network's file is
        written, and its machine's if that is wanted.
    rho : the gradient precision; the largest power of two with b rho < 4/3 if it is None.

    Raises
    ------
    ConstructionError
        For a learner that takes no samples, or options that do not fit.
    PremiseError
        Unless 0 < b rho < 4/3.
    """
    found = read_batch_learner(learner, options)
    precision = widest_rho(found.b) if rho is None else rho
    plan = BatchPlan(machine=found.machine, family=found.family, steps=found.steps, rho=precision)
    net = plan.trainable
    if machine_out:
        write_query_machine(machine_out, found.whole())
    write_network(output, net)
    print_batch_plan(found, plan, net)
    for path in (output, *([machine_out] if machine_out else [])):
        say(f"wrote {path}")


def print_batch_plan(learner: BatchLearner, plan: BatchPlan, net: Trainable) -> None:
    """What the network ``net`` of a ``plan`` for a ``learner`` is, and its sizes.

    >>> learner = read_batch_learner("parity", LearnerOptions(n=1, b=1, m=2))
    >>> plan = BatchPlan(machine=learner.machine, family=learner.family, steps=2, rho=Fraction(1))
    >>> print_batch_plan(learner, plan, plan.trainable)  # doctest: +NORMALIZE_WHITESPACE
    learner         parity: 1 bit of x, 2 samples in batches of 1, 5 bits of state
    training        batch 1, rho 1, learning rate 1/8; the output is held at 1/2
    copies a round  2 signed memories; 2 binary digits are read off each
    b rho           1 < 4/3: every batch whose labels are a function of x is read without error
                 by formula  as built
    rounds                2         2
    vertices            256       256
    edges               716       716
    random bits           0         0
    """
    n, state, at = learner.n, len(learner.machine.state), plan.layout
    read = f"{n} bit{'s' * (n > 1)} of x, {learner.steps * learner.b} samples in batches of {learner.b}"
    about = {
        "learner": f"{learner.name}: {read}, {state} bits of state",
        "training": f"batch {net.batch}, rho {net.rho}, learning rate {net.rate}; the output is held at 1/2",
        "copies a round": f"{at.copies} signed memories; {at.bits} binary digits are read off each",
        "b rho": f"{learner.b * net.rho} < 4/3: every batch whose labels are a function of x is read without error",
    }
    first = plain_table("", "", style=TableStyle(show_header=False))
    for name, value in about.items():
        first.add_row(name, value)
    right, built = ("by formula", "as built"), sizes_of(net)
    second = plain_table("", *right, right=right)
    names = {"rounds": "steps", "vertices": "vertices", "edges": "edges", "random bits": "random_bits"}
    for shown, name in names.items():
        second.add_row(shown, f"{getattr(plan.sizes, name):,}", f"{getattr(built, name):,}")
    console().print(first)
    console().print(second)
