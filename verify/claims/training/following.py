"""Emulation networks trained over all their edges by the array engine: repaired they follow their machine, as
printed they do not."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from constructions.computation.learner_machines import best_literal_machine
from constructions.networks.emulation import Plan
from constructions.networks.queries import DYADIC, MINIMAL, PRINTED, STRONG, VC_ONLY, Setting
from constructions.networks.trainable import Trainable
from constructions.training.adversaries import NAMED
from constructions.training.batches import Batch
from constructions.training.engine import engine_of
from constructions.training.following import FollowedRun, follow_plan
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, registry
from verify.obligations.verdict import Verdict

RHO, BATCH, BITS = Fraction(1, 32), 3, 2
Change = Callable[[Plan], Trainable]


def _runs() -> Iterator[dict[str, Any]]:
    return ({"adversary": i, "seed": seed} for seed in range(2) for i in range(len(NAMED)))


@cache
def _plan(setting: Setting) -> Plan:
    """The plan of a setting, which all runs share: no run changes it."""
    return Plan(machine=best_literal_machine(BITS, fraction=7), rho=RHO, setting=setting, batch=BATCH)


def _batches(plan: Plan, seed: int, *, fixed: bool) -> list[Batch]:
    """Random batches from a seed, one for each round; ``fixed``: the same one each time, as fbGD has it."""
    draw, size = np.random.default_rng(seed), (plan.batch, plan.machine.inputs)
    made = [(draw.integers(0, 2, size), draw.integers(0, 2, plan.batch)) for _ in range(plan.machine.rounds)]
    return made[:1] * plan.machine.rounds if fixed else made


def _as_built(plan: Plan) -> Trainable:
    return plan.trainable


def _one_weight(plan: Plan) -> Trainable:
    """The weight from v3 of the clock's copy in round 2 to the output is the printed -1."""
    net, made = plan.trainable, plan.blocks[1]
    vertex = int(plan.starts[1]) + int(made.to_output[0])
    begin, end = (int(at) for at in net.network.offsets[net.output : net.output + 2])
    return net.with_moved({begin + int(np.searchsorted(net.network.sources[begin:end], vertex)): Fraction(-1)})


def _followed(setting: Setting, change: Change = _as_built, *, fixed: bool = False) -> Callable[[Case], FollowedRun]:
    """A run of training the network of a setting, compared with its machine; the twin's network is changed."""

    def build(case: Case) -> FollowedRun:
        adversary, seed = list(NAMED)[int(case.integer("adversary"))], int(case.integer("seed"))
        plan = _plan(setting)
        return follow_plan(
            plan, _batches(plan, seed, fixed=fixed), engine=engine_of(change(plan), adversary=adversary, seed=seed)
        )

    return build


def follows_its_machine(run: FollowedRun, case: Case) -> None:
    """In each of these runs of training an emulation network: no kink is met; the output keeps its declared value in
    both steps; each answer is within the decoder's tolerance of the mean over its batch; and on every x the trained
    network returns what the machine predicts after these answers."""
    case.integer("seed")
    case.show("step 1 goes as declared", run.failed_at != 1)
    case.show("step 2 goes as declared", run.failed_at != 2)
    case.show("the predictor is the machine's, on all points", run.failure is None and run.points == 2**BITS)


_common: dict[str, Any] = {
    "claim": follows_its_machine,
    "kind": "enumeration",
    "domain": _runs,
    "needs": ("lemma3b.steps",),
}
_finite = f"the best literal of {BITS} bits, rho = {RHO}, {len(NAMED)} adversaries, two seeds, batches of {BATCH}"
for _setting, _name, _erratum in ((PRINTED, "printed", "E04"), (VC_ONLY, "only-vc", "E03")):
    registry().add(
        Obligation(
            id=f"following.bsgd.{_name}",
            paper="Lemma 3b",
            of=_followed(_setting),
            expect=Verdict.REFUTED,
            erratum=_erratum,
            finite=_finite,
            **_common,
        )
    )
for _setting in (MINIMAL, STRONG, DYADIC):
    for _kind, _paper, _fixed in (("bsgd", "Lemma 3b", False), ("fbgd", "Lemma 12b", True)):
        registry().add(
            Obligation(
                id=f"following.{_kind}.{_setting.name.split()[0]}",
                paper=_paper,
                of=_followed(_setting, fixed=_fixed),
                twin=_followed(_setting, _one_weight, fixed=_fixed),
                expect=Verdict.CHECKED,
                finite=_finite,
                **_common,
            )
        )
