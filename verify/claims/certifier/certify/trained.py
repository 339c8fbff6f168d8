"""Certified networks in training, and what the checker's code asks of a copy.

The theorem's premises are what the checker shows; that its loops show them, of every vertex and round of a network's
arrays, is seen here on networks that are searched, checked and trained (``certifier.trained``). Proved here: a copy
that the checker lets in meets `is_memory`, but for its digits (``certifier.accepted``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from constructions.computation.learner_machines import best_literal_machine
from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, every, implies, some
from constructions.foundations.network import Fragment
from constructions.networks.emulation import Plan
from constructions.networks.memory import (
    active_conditions,
    idle_conditions,
    path_gain,
    recording_conditions,
    written_conditions,
)
from constructions.networks.network_file import network_bytes
from constructions.networks.queries import DYADIC, MINIMAL, STRONG, Setting
from constructions.training.adversaries import NAMED
from constructions.training.engine import engine_of
from constructions.training.following import FollowedRun, follow_plan
from verify.certifier.certificate.handing_over import certified_here
from verify.certifier.certify import certify_network
from verify.claims.networks.memory.active import any_graph
from verify.obligations.case import Case
from verify.obligations.obligation import Obligation, obligation, registry
from verify.obligations.verdict import Verdict
from verify.provers.branches import ways, with_names
from verify.recheck import memory as checker
from verify.recheck.reading import RefusedError

SETTINGS = (MINIMAL, STRONG, DYADIC)
ADVERSARIES = tuple(NAMED)
RHO, BITS = Fraction(1, 16), 2


@dataclass(frozen=True)
class CertifiedTraining:
    """A network: whether the checker certifies it within its tolerance, and a run of its training."""

    certified: bool
    run: FollowedRun


@cache
def _plan(setting: Setting) -> tuple[Plan, bool]:
    """The plan of a setting, and whether the checker certifies its network."""
    plan = Plan(machine=best_literal_machine(BITS, fraction=6), rho=RHO, setting=setting, batch=2)
    net, machine = plan.trainable, plan.machine
    verdict = certified_here(network_bytes(net), machine, certify_network(net, machine))
    return plan, verdict.certified and verdict.tolerance <= 4 * RHO


def _trained(more: Fraction) -> Callable[[Case], CertifiedTraining]:
    """A run of a certified network; with ``more``, at a step size that it is not certified for (the twin's)."""

    def build(case: Case) -> CertifiedTraining:
        plan, certified = _plan(SETTINGS[int(case.integer("setting"))])
        net, chosen = plan.trainable, ADVERSARIES[int(case.integer("adversary"))]
        draw = np.random.default_rng(int(case.integer("adversary")))
        rounds, size = plan.machine.rounds, (plan.batch, plan.machine.inputs)
        batches = [(draw.integers(0, 2, size), draw.integers(0, 2, plan.batch)) for _ in range(rounds)]
        return CertifiedTraining(
            certified, follow_plan(plan, batches, engine=engine_of(net, adversary=chosen, rate=net.rate + more))
        )

    return build


def _runs() -> Iterator[dict[str, Any]]:
    return ({"setting": s, "adversary": a} for s in range(len(SETTINGS)) for a in range(len(ADVERSARIES)))


@obligation(
    "certifier.trained",
    paper="the certifier",
    kind="enumeration",
    domain=_runs,
    of=_trained(Fraction(0)),
    twin=_trained(Fraction(3)),
    expect=Verdict.CHECKED,
    finite=f"the best literal of {BITS} bits in three settings, rho = {RHO}, {len(ADVERSARIES)} adversaries",
)
def certified_networks_do_as_certified(subject: CertifiedTraining, case: Case) -> None:
    """Each network of the finite case is certified by the checker within 4 rho, and in each run of its training no kink
    is met, the output is held in each step, answers are within the tolerance of their batch means, and on every x the
    last network returns what the machine predicts."""
    case.show("the checker certifies it", subject.certified)
    case.show("it is trained as certified", subject.run.failure is None and subject.run.points == 2**BITS)


@dataclass(frozen=True, slots=True)
class AcceptedCopy:
    """Any copy of a network, without its digits, and what the checker's code says of it.

    Parameters
    ----------
    graph, rho, offset, rate : the copy, and where it stands. check : the checker's conditions.
    """

    graph: Fragment
    rho: Number
    offset: Number
    rate: int
    check: Callable[..., None]

    def accepted(self, odd: bool) -> Formula:
        """That the checker refuses nothing."""
        w = self.graph.weight
        copy = checker.Copy(
            v0v1=w("v0", "v1"),
            v1v2=w("v1", "v2"),
            v1v2_=w("v1", "v2'"),
            v2v3=w("v2", "v3"),
            v2_v3=w("v2'", "v3"),
            v3v4=w("v3", "v4"),
            vcv2=w("vc", "v2"),
            vcv2_=w("vc", "v2'"),
            vcv3=w("vc", "v3"),
            digits=(),
        )

        def run() -> bool:
            try:
                self.check(copy, odd, self.offset, self.rho, Fraction(self.rate))
            except RefusedError:
                return False
            return True

        return some(*(every(condition) for condition, taken in ways(run) if taken))


def _accepted(rate: int, check: Callable[..., None]) -> Callable[[Case], AcceptedCopy]:
    def build(case: Case) -> AcceptedCopy:
        rho, offset = case.real("rho"), case.real("offset")
        case.assume(rho > 0)
        return AcceptedCopy(any_graph(case), rho, offset, rate, check)

    return build


def conditions_of_the_checker() -> Callable[..., None]:
    """The checker's conditions on a copy, without those on its digits."""
    plain = checker.check_memory.__wrapped__
    return with_names(plain, _check_digits=lambda *_: None)


def without_idle(copy: Any, odd: bool, o: Any, rho: Any, rate: Any) -> None:
    """The same without those on idle copies (the twin's)."""
    plain = checker.check_memory.__wrapped__
    with_names(plain, _check_digits=lambda *_: None, _check_idle=lambda *_: None)(copy, odd, o, rho, rate)


def accepted_copies_are_memories(copy: AcceptedCopy, case: Case) -> None:
    """Every copy that the checker's code lets in, in an odd step or an even one, meets the predicate `is_memory` at the
    offset at which the output is held, but for what that says of digits; its path gain is above 0 in odd steps, below 0
    in even ones, and rho and the offset are as the theorem presupposes."""
    groups = {
        "active": active_conditions(copy.graph),
        "idle": idle_conditions(copy.graph),
        "written": written_conditions(copy.graph, copy.rho, rate=copy.rate, offset=copy.offset),
        "recording": recording_conditions(copy.graph, copy.rho, offset=copy.offset),
        "offset": every(copy.offset > 0, copy.offset * copy.rho < 1),
    }
    for odd in (True, False):
        accepted, gain = copy.accepted(odd), path_gain(copy.graph)
        sign = gain > 0 if odd else gain < 0
        for name, group in (groups | {"sign": sign}).items():
            case.show(f"{name}, in {'odd' if odd else 'even'} steps", implies(accepted, group))


for _rate in (1, 2):
    registry().add(
        Obligation(
            id=f"certifier.accepted.rate{_rate}",
            paper="the certifier",
            claim=accepted_copies_are_memories,
            of=_accepted(_rate, conditions_of_the_checker()),
            twin=_accepted(_rate, without_idle),
        )
    )
