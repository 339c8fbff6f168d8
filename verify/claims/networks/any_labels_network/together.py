"""All parts of a network that reads whole batches with any labels go along together.

Proved here: ``signed.labels.together``, by the run of ``signed.network.together`` with the samples of both kinds.
"""

from constructions.computation.flat import FlatCircuit
from constructions.networks.batch_round import batch_gating
from verify.claims.networks.any_labels_network.batches import any_labels
from verify.claims.networks.batch_network.together import go_along
from verify.claims.networks.signed_memory.still import PAPER
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry


def all_go_along(subject: tuple[FlatCircuit, int], case: Case) -> None:
    """Take a network of any number of rounds with any number of queries, each with a steep and a plain copy, whose
    parts are the templates' and are wired as they are, at any b >= 1 and rho > 0 with b rho < 4/3 and any c with
    3 b rho/4 < 1 - 2c, trained at the rate 1/8 with clipping on batches of b points with any labels, with any valid
    roundings.
    After any number of steps: a copy of a round is as built if the step of the round is not over, and else as this step
    left it, still, with a record that is a valid rounding of the mean of its gradients over the batch of this step; so
    is the edge from a control to the output. The output is c on each sample in each step. A round has ticked exactly if
    its step is over; from then on all sums that are read of its copies are those of its batch, and it hands on the
    learner's state after the batches of the rounds up to this one. After all steps the output gets what the learner
    predicts from there."""
    cell, first = subject
    go_along(any_labels(cell, case), first, "signed.labels", case)


registry().add(
    Obligation(
        id="signed.labels.together",
        paper=PAPER,
        claim=all_go_along,
        kind="induction",
        of=lambda case: (batch_gating(), 0),
        twin=lambda case: (batch_gating(), 1),
    )
)
