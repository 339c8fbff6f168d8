"""Claims about training a network that reads whole batches: it is its learner that runs."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any

from constructions.computation.sample_learners import fed, memoriser_learner, parity_learner
from constructions.networks.any_labels_network import AnyLabelsPlan
from constructions.networks.batch_network import BatchPlan
from constructions.networks.trainable import Trainable
from constructions.strip.family import PowerFamily
from constructions.training.adversaries import NAMED
from constructions.training.following_batches import follow_batches
from verify.obligations.case import Case
from verify.obligations.obligation import obligation
from verify.obligations.verdict import Verdict

Point = tuple[tuple[int, ...], int]
SIZES = ((1, 1), (1, 2), (2, 1))


def realizable(n: int, b: int) -> list[tuple[Point, ...]]:
    """All batches of b points of n bits, but for their order, in which the label is a function of the point."""
    samples = [(x, y) for x in product((0, 1), repeat=n) for y in (0, 1)]
    every_one = combinations_with_replacement(samples, b)
    return [batch for batch in every_one if len(dict(batch)) == len(set(batch))]


def _runs() -> Iterator[dict[str, Any]]:
    names = range(len(NAMED))
    return ({"n": n, "b": b, "adversary": name} for n, b in SIZES for name in names)


def as_built(plan: BatchPlan) -> Trainable:
    """The network of a plan."""
    return plan.trainable


def coarser(plan: BatchPlan) -> Trainable:
    """The network of a plan, trained at twice its rate (a twin's)."""
    net = plan.trainable
    return Trainable(network=net.network, rho=net.rho, rate=2 * net.rate, batch=net.batch, steps=net.steps)


@obligation(
    "signed.network.trained",
    paper="the strip",
    kind="enumeration",
    domain=_runs,
    expect=Verdict.CHECKED,
    finite="n, b = 1, 1; 1, 2; 2, 1 and two steps at b rho = 13/10, the parity learner, all pairs of realizable "
    "batches, each named adversary",
    of=lambda case: as_built,
    twin=lambda case: coarser,
)
def the_learner_runs(built: Any, case: Case) -> None:
    """In two steps of plain gradient descent, whatever the realizable batches are: no kink is met, the output is 1/2 on
    each sample in each step, the digits tell the sums of the batch without error, and the trained network predicts what
    the learner predicts after all samples of both batches."""
    n, b = int(case.integer("n")), int(case.integer("b"))
    adversary = list(NAMED)[int(case.integer("adversary"))]
    plan = BatchPlan(machine=fed(parity_learner(n), 2 * b), family=PowerFamily(n, b), steps=2, rho=Fraction(13, 10 * b))
    net, failures = built(plan), []
    for pair in product(realizable(n, b), repeat=2):
        run = follow_batches(plan, pair, adversary=adversary, seed=7, net=net)
        failures += [run.failure] if run.failure else []
    case.show("none fails", not failures)


def any_batches(n: int, b: int) -> list[tuple[Point, ...]]:
    """All batches of b points of n bits with labels, but for their order."""
    return list(combinations_with_replacement([(x, y) for x in product((0, 1), repeat=n) for y in (0, 1)], b))


@obligation(
    "signed.labels.trained",
    paper="the strip",
    kind="enumeration",
    domain=_runs,
    expect=Verdict.CHECKED,
    finite="n, b = 1, 1; 1, 2; 2, 1 and two steps at b rho = 13/10, the memoriser, all pairs of batches, each named "
    "adversary",
    of=lambda case: as_built,
    twin=lambda case: coarser,
)
def the_learner_runs_on_any_labels(built: Any, case: Case) -> None:
    """In two steps of plain gradient descent with clipping, whatever the batches are, both labels of a point included:
    no kink is met, the output is c on each sample in each step, the digits tell <G, r> and <N_1, r> without error, and
    the trained network predicts what the learner predicts after all samples of both batches."""
    n, b = int(case.integer("n")), int(case.integer("b"))
    adversary = list(NAMED)[int(case.integer("adversary"))]
    machine, rho = fed(memoriser_learner(n, 2 * b, places=2), 2 * b), Fraction(13, 10 * b)
    plan = AnyLabelsPlan(machine=machine, family=PowerFamily(n, b), steps=2, rho=rho)
    net, failures = built(plan), []
    for pair in product(any_batches(n, b), repeat=2):
        run = follow_batches(plan, pair, adversary=adversary, seed=7, net=net)
        failures += [run.failure] if run.failure else []
    case.show("none fails", not failures)
