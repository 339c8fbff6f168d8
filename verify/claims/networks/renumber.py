"""The network in another order is trained as it was: plain gradient descent does not look at what its vertices are for
(Lemma 3b)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from constructions.networks.flat import flat_network
from constructions.networks.queries import DYADIC, STRONG
from constructions.networks.renumber import random_order, renumbered
from constructions.networks.skeleton import Skeleton
from constructions.networks.trainable import Trainable
from constructions.training.engine import ArrayStep, engine_of
from constructions.training.trainer import random_batches
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

RHO = Fraction(1, 16)
BLIND = ("nearest", "down", "up", "toward-zero", "away-from-zero", "alternating")
"""The adversaries by name that look at an entry and the step only, and at no number of an edge."""
LOOKING = ("apart", "apart-alternating", "hashed")
"""Adversaries that look at the number of an edge."""


@dataclass(frozen=True)
class InBothOrders:
    """Where each edge of a network went, and the steps of the network in its own order beside those in the other."""

    position: tuple[int, ...]
    steps: tuple[tuple[ArrayStep, ArrayStep], ...]


def _runs() -> Iterator[dict[str, Any]]:
    return ({"adversary": i, "seed": seed} for i in range(len(BLIND)) for seed in range(3))


def _in_both_orders(names: tuple[str, ...]) -> Callable[[Case], InBothOrders]:
    def build(case: Case) -> InBothOrders:
        seed = int(case.integer("seed"))
        setting = STRONG if seed % 2 else DYADIC
        graph = Skeleton(setting=setting, rho=RHO, coin=seed % 2).network()
        net = Trainable(network=flat_network(graph), rho=RHO, rate=Fraction(setting.rate), batch=3)
        again, position = renumbered(net, random_order(net, seed=seed))
        adversary = names[int(case.integer("adversary")) % len(names)]
        one, other = (engine_of(each, adversary=adversary, seed=seed) for each in (net, again))
        steps = []
        for samples in random_batches(steps=2, batch=3, inputs=2, seed=seed):
            batch = np.array([x for x, _ in samples]), np.array([y for _, y in samples])
            steps.append((one.step(*batch), other.step(*batch)))
        return InBothOrders(tuple(position.tolist()), tuple(steps))

    return build


@obligation(
    "lemma3b.order",
    paper="Lemma 3b",
    kind="enumeration",
    domain=_runs,
    finite="the skeleton, three orders, six adversaries, two steps on batches of 3",
    of=_in_both_orders(BLIND),
    twin=_in_both_orders(LOOKING),
    expect=Verdict.CHECKED,
)
def another_order_changes_nothing(made: InBothOrders, case: Case) -> None:
    """Whatever the order of the vertices, each step has the same outputs on the batch and moves the same edges by the
    same amounts, if the adversary does not look at the numbers of edges."""
    for first, second in made.steps:
        there = {made.position[edge]: move for edge, move in first.moved.items()}
        case.show(f"step {first.number}: the same outputs", first.outputs == second.outputs)
        case.show(f"step {first.number}: the same moves", there == dict(second.moved))
    case.show("an edge stands elsewhere", list(made.position) != sorted(made.position))
    case.show("an edge moved", any(first.moved for first, _ in made.steps))
