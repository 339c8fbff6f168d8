"""What a certificate of a network that reads whole batches says to people: its statement, and what each premise rests
on.

>>> from fractions import Fraction
>>> from constructions.computation.sample_learners import fed, parity_learner
>>> from constructions.networks.batch_network import BatchPlan
>>> from constructions.strip.family import PowerFamily
>>> plan = BatchPlan(machine=fed(parity_learner(1), 1), family=PowerFamily(1, 1), steps=1, rho=Fraction(1))
>>> batch_statement(plan.trainable, plan.whole)[:70]
'For every random string of 0 bits, every sequence of 1 batches of 1 sa'
"""

from collections.abc import Mapping

from constructions.computation.batch_machine import BatchMachine
from constructions.networks.trainable import Trainable

RESTS: Mapping[str, tuple[str, ...]] = {
    "c": (
        "signed.meets",
        "signed.memory",
        "signed.active",
        "signed.idle",
        "signed.record",
        "signed.after",
        "signed.gradients",
        "signed.moves",
        "signed.steps",
    ),
    "e": (
        "lemma3b.steps",
        "lemma3b.schedule",
        "lemma3b.clipping.harmless",
        "signed.clock",
        "signed.clock.even",
        "certifier.final.sum",
        "certifier.final.left",
    ),
    "g": ("signed.active", "signed.network.held"),
    "j": ("signed.record", "signed.counts", "signed.reads", "certifier.counts"),
}
"""What the premises about copies with two sides rest on, by the ids of the registry; the others are those of Lemma
3b's network."""
UNBOUNDED = "not bounded here: training itself refuses what it cannot do exactly"


def batch_statement(net: Trainable, machine: BatchMachine) -> str:
    """The theorem, with the numbers of ``net`` and of the machine. (That the labels be a function of x is only needed
    for an even number of samples; the checker says whether it is.)"""
    n, steps, b = machine.inputs, net.steps, machine.points
    return (
        f"For every random string of {net.random_bits} bits, every sequence of {steps} batches of {b} samples (x, y) "
        f"with x in {{0, 1}}^{n} and y in {{0, 1}}, in each of which y is a function of x, and every choice of "
        f"{net.rho}-valid roundings of the mean of the clipped gradients of half the square, {steps} steps of gradient "
        f"descent of learning rate {net.rate} over this network reach no kink and end in a network whose output at "
        f"every x in {{0, 1}}^{n} is what the machine predicts there, after a run with this random string in which "
        "each answer is, without error, how many samples of the step's batch have (-1)^y r(x) = 1 for its query r."
    )
