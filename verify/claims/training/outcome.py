"""The walking skeleton trained by plain bSGD over all its edges: as printed it fails, repaired it follows its
method."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from constructions.foundations.descent import Descent
from constructions.foundations.network import Edge, Network
from constructions.foundations.rounding import Adversary, Choice, down, nearest, randomly, up
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, STRONG, VC_ONLY, Setting
from constructions.networks.skeleton import Skeleton
from constructions.training.following import FollowedRun
from constructions.training.outcome import follow
from constructions.training.trainer import random_batches
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict

RHO = Fraction(1, 16)


def apart(choice: Choice) -> Fraction:
    """An adversary that rounds the edges of v2 and of v2' apart, the worst that it can do to v3."""
    return up(choice) if "'" in "".join(choice.edge) else down(choice)


ADVERSARIES: dict[str, Callable[[], Adversary]] = {
    "nearest": lambda: nearest,
    "up": lambda: up,
    "down": lambda: down,
    "random": lambda: randomly(3),
    "apart": lambda: apart,
}


def _runs() -> Iterator[dict[str, Any]]:
    """Every adversary with both coins and three choices of the batches."""
    names = range(len(ADVERSARIES))
    return (
        {"adversary": i, "coin": coin, "seed": seed, "batch": 1 + seed}
        for i in names
        for coin in (0, 1)
        for seed in range(3)
    )


@cache
def _skeleton(setting: Setting, coin: int) -> tuple[Skeleton, Network]:
    """The skeleton with its network, which all runs share: no run changes it."""
    skeleton = Skeleton(setting=setting, rho=RHO, coin=coin)
    return skeleton, skeleton.network()


LARGE = ([((1, 1), 1)], [((1, 0), 0)])
"""Batches on which every sample is asked and counts, so that both answers are 1."""


def _followed(setting: Setting, changed: Mapping[Edge, Fraction] | None = None) -> Callable[[Case], FollowedRun]:
    """A run of training the skeleton, compared with its method; the twin has some weights changed."""

    def build(case: Case) -> FollowedRun:
        adversary = list(ADVERSARIES.values())[int(case.integer("adversary"))]()
        seed, batch = int(case.integer("seed")), int(case.integer("batch"))
        skeleton, built = _skeleton(setting, int(case.integer("coin")))
        batches = random_batches(steps=2, batch=batch, inputs=2, seed=seed) if seed else LARGE
        net = built.with_weights(changed or {})
        return follow(skeleton, batches, Descent(rho=RHO, rate=setting.rate, adversary=adversary), net=net)

    return build


def follows_its_method(outcome: FollowedRun, case: Case) -> None:
    """In each of these runs of training the skeleton network: no kink is met; the output keeps its declared value in
    every step; each answer is within 4 rho of the mean over its batch; and the trained network is the predictor that
    the method returns after these answers."""
    case.integer("seed")
    case.show("step 1 is smooth", not (outcome.failed_at == 1 and outcome.kink is not None))
    case.show("step 1 goes as declared", outcome.failed_at != 1)
    case.show("step 2 goes as declared", outcome.failed_at != 2)
    case.show("the predictor is the method's", outcome.failure is None)


_common: dict[str, Any] = {
    "paper": "Lemma 3b",
    "claim": follows_its_method,
    "kind": "enumeration",
    "domain": _runs,
    "finite": "two rounds, rho = 1/16, five adversaries, both coins, random batches of 2 and 3, "
    "and one where all answers are 1",
}
registry().add(
    Obligation(id="skeleton.trained.printed", of=_followed(PRINTED), expect=Verdict.REFUTED, erratum="E04", **_common)
)
registry().add(
    Obligation(id="skeleton.trained.only-vc", of=_followed(VC_ONLY), expect=Verdict.REFUTED, erratum="E03", **_common)
)
for _setting in (MINIMAL, STRONG, DYADIC):
    registry().add(
        Obligation(
            id=f"skeleton.trained.{_setting.name.split()[0]}",
            of=_followed(_setting),
            expect=Verdict.CHECKED,
            twin=_followed(_setting, {("c2.v3", "f"): Fraction(-1)}),
            needs=("lemma11.steps", "lemma10.circuit", "lemma3b.control"),
            **_common,
        )
    )
