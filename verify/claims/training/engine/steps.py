"""The array engine's steps are equations (1) to (3), by a check that shares no code with it; and they are the same in
whatever order the vertices stand (Lemma 3b: plain gradient descent does not look at what they are for)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from constructions.networks.flat import flat_network
from constructions.networks.queries import DYADIC, MINIMAL, STRONG, Setting
from constructions.networks.renumber import random_order, renumbered
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import NAMED
from constructions.training.engine import ArrayStep, engine_of
from constructions.training.exactness import FLOATS, INTEGERS
from constructions.training.record import TracedStep
from constructions.training.trainer import random_batches
from verify.claims.training.trainer import RHO, skeleton_network
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict
from verify.replay.trace import faults_of

NAMES = tuple(NAMED)


@dataclass(frozen=True)
class Trained:
    """A run of the engine with the settings that it is said to have, and the number systems that it used."""

    net: Trainable
    trace: tuple[TracedStep, ...]
    rate: Fraction
    systems: frozenset[str]


def _runs() -> Iterator[dict[str, Any]]:
    return ({"adversary": i, "seed": seed} for i in range(len(NAMES)) for seed in range(2))


def _trained(setting: Setting, more: Fraction = Fraction(0)) -> Callable[[Case], Trained]:
    """The skeleton after two steps of the engine; with ``more``, at a larger rate than it is said to have (the
    twin's)."""

    def build(case: Case) -> Trained:
        seed = int(case.integer("seed"))
        rate = Fraction(setting.rate)
        graph = skeleton_network(setting, seed)
        net = Trainable(network=flat_network(graph), rho=RHO, rate=rate, batch=3)
        engine = engine_of(net, rate=rate + more, adversary=NAMES[int(case.integer("adversary"))], seed=seed)
        traced = []
        for samples in random_batches(steps=2, batch=3, inputs=2, seed=seed):
            x, y = tuple(x for x, _ in samples), tuple(y for _, y in samples)
            step = engine.step(np.array(x), np.array(y))
            if step.stopped:
                break
            traced.append(TracedStep(step, x, y))
        return Trained(net, tuple(traced), rate, frozenset(one.step.system for one in traced))

    return build


def array_steps_are_equation_one(run: Trained, case: Case) -> None:
    """In every step of each run, the outputs on the batch are right, and each weight changes by minus the step size
    times a multiple of rho that is within 3 rho/4 of the mean of the clipped gradients, as equation (1) asks. Both are
    computed again from the arrays, in rational numbers."""
    faults = list(faults_of(run.net, run.trace, rho=RHO, rate=run.rate, batch=3))
    case.show("steps were taken", len(run.trace) > 0)
    case.show("no step has a fault", not faults)
    case.show(
        "the number system is the expected one", run.systems == {FLOATS if run.net.network.scale % 3 else INTEGERS}
    )


for _setting in (MINIMAL, STRONG, DYADIC):
    registry().add(
        Obligation(
            id=f"engine.step.{_setting.name.split()[0]}",
            paper="Equation (1)",
            claim=array_steps_are_equation_one,
            kind="enumeration",
            domain=_runs,
            finite="the skeleton, both coins, every adversary by name, two steps on batches of 3",
            of=_trained(_setting),
            twin=_trained(_setting, Fraction(1, 3)),
            expect=Verdict.CHECKED,
            needs=("engine.neighbours",),
        )
    )


BLIND = ("nearest", "down", "up", "toward-zero", "away-from-zero", "alternating")
"""The adversaries by name that look at an entry and the step only, and at no number of an edge."""
LOOKING = ("apart", "apart-alternating", "hashed")
"""Adversaries that look at the number of an edge."""


@dataclass(frozen=True)
class InBothOrders:
    """Where each edge of a network went, and the steps of the network in its own order beside those in the other."""

    position: tuple[int, ...]
    steps: tuple[tuple[ArrayStep, ArrayStep], ...]


def _orders() -> Iterator[dict[str, Any]]:
    return ({"adversary": i, "seed": seed} for i in range(len(BLIND)) for seed in range(3))


def _in_both_orders(names: tuple[str, ...]) -> Callable[[Case], InBothOrders]:
    def build(case: Case) -> InBothOrders:
        seed = int(case.integer("seed"))
        setting = STRONG if seed % 2 else DYADIC
        graph = skeleton_network(setting, seed % 2)
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
    domain=_orders,
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
