"""Equations (1) to (3) for the trainer: every move is the step size times a valid rounding of the clipped batch
average."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

from constructions.foundations.descent import Descent, Sample
from constructions.foundations.logic import every
from constructions.foundations.network import Network
from constructions.foundations.rounding import Adversary, down, nearest, randomly, up
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, Setting
from constructions.networks.skeleton import Skeleton
from constructions.training.trainer import random_batches, train
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict
from verify.replay.walks import replay_forward, replay_gradient

Step = tuple[Network, Network, list[Sample], Fraction]
"""A network before and after a step, the batch, and the step size."""
RHO = Fraction(1, 16)
ADVERSARIES: tuple[Callable[[], Adversary], ...] = (lambda: nearest, lambda: up, lambda: down, lambda: randomly(5))


@cache
def skeleton_network(setting: Setting, coin: int) -> Network:
    """The network of the walking skeleton, which all runs share, for no run changes it."""
    return Skeleton(setting=setting, rho=RHO, coin=coin).network()


def _runs() -> Iterator[dict[str, Any]]:
    return ({"adversary": i, "seed": seed} for i in range(len(ADVERSARIES)) for seed in range(2))


def _trained(setting: Setting) -> Callable[[Case], Step]:
    """The skeleton before and after one step at the setting's rate, with the batch and this rate."""

    def build(case: Case) -> Step:
        seed = int(case.integer("seed"))
        net = skeleton_network(setting, seed % 2)
        batch = random_batches(steps=1, batch=3, inputs=2, seed=seed)
        descent = Descent(rho=RHO, rate=setting.rate, adversary=ADVERSARIES[int(case.integer("adversary"))]())
        return net, train(net, batch, descent).final, batch[0], setting.rate

    return build


def _strayed(case: Case) -> Step:
    """A step of the printed skeleton, whose vc are on a kink, after which every weight is off by rho/2, which is no
    multiple of rho (the twin's)."""
    before, after, batch, rate = _trained(PRINTED)(case)
    return before, after.with_weights({edge: weight + RHO / 2 for edge, weight in after.edges.items()}), batch, rate


def step_is_equation_one(subject: Step, case: Case) -> None:
    """In one step of training on each batch, each weight changes by minus the step size times a multiple of rho that is
    within 3 rho/4 of the mean of the clipped gradients, as equation (1) asks. The gradients are found again in another
    way: a change of each output is pushed forward through the network."""
    before, after, batch, rate = subject
    total = dict.fromkeys(before.edges, Fraction(0))
    for x, y in batch:
        run = replay_forward(before, {f"x{i}": bit for i, bit in enumerate(x, 1)}, {})
        gradient = replay_gradient(run, {before.output: run.out[before.output] - y})
        case.show(f"differentiable on sample {len(case.facts)}", gradient.smooth)
        for edge, value in gradient.edges.items():
            total[edge] += max(Fraction(-1), min(Fraction(1), value)) / len(batch)
    for edge, value in total.items():
        rounded = (before.weight(*edge) - after.weight(*edge)) / rate
        whole = (rounded / RHO).denominator == 1
        case.show(f"{edge[0]} -> {edge[1]}", every(whole, abs(rounded - value) <= 3 * RHO / 4))


for _setting in (MINIMAL, DYADIC):
    registry().add(
        Obligation(
            id=f"trainer.step.{_setting.name.split()[0]}",
            paper="Equation (1)",
            claim=step_is_equation_one,
            kind="enumeration",
            domain=_runs,
            finite="two seeds, four adversaries, batch of 3",
            of=_trained(_setting),
            twin=_strayed,
            expect=Verdict.CHECKED,
        )
    )
