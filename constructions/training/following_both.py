"""Following a training run of a network on both labels (S6) against its machine.

In every step: the output is 1 + offset rho on each sample, and the answers that the round's digits hold are within the
decoder's tolerance of the means over the whole batch. At the end the network returns what the machine predicts.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from constructions.networks.both_network import BothPlan
from constructions.training.batches import Batch, Samples
from constructions.training.evaluated_method import Method
from constructions.training.following import FollowedRun, Trains, follow_plan


class MethodOnBoth(Method):
    """A machine on both labels, evaluated on many samples at once; the label is the last bit of its x.

    >>> from constructions.computation.both_labels import in_pairs
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> method = MethodOnBoth(in_pairs(best_literal_machine(1, fraction=6)))
    >>> state, batch = method.machine.start(), (np.array([[0], [1]]), np.array([0, 1]))
    >>> [str(mean) for mean in method.means(state, 1, batch)]  # y, x y, 1 - y, x (1 - y)
    ['1/2', '1/2', '1/2', '0']
    >>> later = method.after(state, method.means(state, 1, batch), random=())
    >>> [str(value) for value in method.predicted(later, batch[0])]
    ['0', '1']
    """

    def means(self, state: dict[str, int], round_: int, batch: Batch) -> list[Fraction]:
        """The exact means over a batch of the queries that a state asks."""
        x, y = batch
        asked = self.asked(state, np.concatenate((x, y[:, None]), axis=1))
        return [sum(row, Fraction(0)) / len(y) for row in asked]

    def predicted(self, state: dict[str, int], x: Samples) -> list[Fraction]:
        """The predictions of a state at some points x, which do not depend on the label."""
        return super().predicted(state, np.concatenate((x, np.zeros((len(x), 1), np.int64)), axis=1))


def follow_both(
    plan: BothPlan,
    batches: Iterable[Batch],
    *,
    random: Sequence[int] = (),
    adversary: Any = "nearest",
    seed: int = 0,
    engine: Trains | None = None,
) -> FollowedRun:
    """Train the network of a plan on batches, one for each round, and compare it with its machine.

    Parameters
    ----------
    plan : the machine on both labels, and all that decides its network.
    batches, random, adversary, seed, engine : as :func:`~constructions.training.following.follow_plan` takes them.

    >>> from constructions.computation.both_labels import in_pairs
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> plan = BothPlan(machine=in_pairs(best_literal_machine(2, fraction=8)), rho=Fraction(1, 16), batch=2)
    >>> run = follow_both(plan, [(np.array([[0, 1], [1, 1]]), np.array([0, 1]))], adversary="up")
    >>> run.failure, run.steps, run.points
    (None, 1, 4)
    """
    method = MethodOnBoth(plan.machine)
    choices = {"adversary": adversary, "seed": seed, "engine": engine}
    return follow_plan(plan, batches, random=random, method=method, **choices)
