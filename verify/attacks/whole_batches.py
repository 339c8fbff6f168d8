"""Attacks on networks that read a whole batch in each step: what is changed, and what becomes of it.

A changed network is refused, or it is certified. Then it is trained on drawn batches against adversaries; if that goes
wrong, it is a defect. The checker is also asked alone, under the certificate of the network before the change.

An attack draws from a ``source`` what it changes in a ``draft`` of the network of a ``plan``.

>>> plan = plan_of(1, 1, 2)
>>> for name in ("a digit's offset", "header, batch"):
...     print(attacked(plan, name, 0))
('refused', 'c')
('refused', 'i')
>>> checked_alone(plan, "sides exchanged", 0)[0]
'refused'
>>> other_learner(plan)
('refused', 'f')
"""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import numpy as np

from constructions.computation.sample_learners import conjunction_learner, fed
from constructions.errors import ConstructionError
from constructions.foundations.files import sha256_of
from constructions.networks.batch_network import BatchPlan
from constructions.networks.network_file import network_bytes, read_network_bytes
from constructions.networks.renumber import random_order
from constructions.strip.family import PowerFamily
from verify.attacks.drafts import NetworkDraft
from verify.certifier.certificate.entries import certificate
from verify.certifier.certificate.handing_over import certified_here, written
from verify.certifier.certify import certify_network
from verify.certifier.witness_batches import find_wrong_batches
from verify.recheck.check import Check
from verify.recheck.reading import RefusedError

Attack = Callable[[Random, BatchPlan, NetworkDraft], bool]
ATTACKS: dict[str, Attack] = {}
"""By name: each changes a draft of the network of a plan, and says whether there was something to change."""
RUNS = 14


def attack(name: str) -> Callable[[Attack], Attack]:
    """Register an attack under a ``name``."""

    def register(function: Attack) -> Attack:
        ATTACKS[name] = function
        return function

    return register


@cache
def plan_of(n: int, b: int, steps: int) -> BatchPlan:
    """The network that is attacked: conjunctions of ``n`` bits from ``steps`` batches of ``b`` samples."""
    learner = fed(conjunction_learner(n), b * steps)
    return BatchPlan(machine=learner, family=PowerFamily(n, b), steps=steps, rho=Fraction(5, 4) / b)


def _place(plan: BatchPlan, source: Random, row: str, *, first: int = 0) -> int:
    """A vertex of a row of the network of a ``plan``, of a drawn round and a drawn copy from the ``first`` on."""
    start, copy = source.choice(plan.starts[:-2]), source.randrange(first, plan.layout.copies)
    return start + int(plan.layout.row(row, copy))


def _of_copy(plan: BatchPlan, source: Random, draft: NetworkDraft) -> list[int]:
    """The edges of a ``draft`` into and out of the vertices of a drawn copy."""
    start, copy = source.choice(plan.starts[:-2]), source.randrange(plan.layout.copies)
    at = [start + int(plan.layout.row(row, copy)) for row in ("p2", "p2'", "p3", "n2", "n2'", "n3")]
    v1 = start + int(plan.layout.v1(copy))
    return sorted({e for v in at for e in (*draft.into(v), *draft.out_of(v))} | set(draft.into(v1)))


@attack("sides exchanged")
def exchanged(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """The weights of p3 and n3 to the output."""
    three = _place(plan, source, "p3")
    other = three + 3 * plan.layout.copies
    one, two = draft.edge(three, draft.output), draft.edge(other, draft.output)
    draft.weights[[one, two]] = draft.weights[[two, one]]
    return True


@attack("a weight of a copy")
def of_a_copy(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """One edge of a copy gets another weight."""
    edge = source.choice(_of_copy(plan, source, draft))
    draft.weights[edge] = _changed(source, int(draft.weights[edge]), draft.scale)
    return True


def _changed(source: Random, weight: int, scale: int) -> int:
    """Another weight than this one, over a ``scale``, drawn from a ``source``."""
    found = source.choice([-weight, 0, 2 * weight, weight // 2, weight + scale, weight - scale, weight + scale // 8])
    return found if found != weight else weight + 2 * scale


@attack("a digit's offset")
def offset(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """The level of a digit, by half a unit or more."""
    digit = int(source.choice(plan.digits(source.randrange(plan.steps) + 1).ravel().tolist()))
    draft.weights[draft.edge(0, digit)] += source.choice([-1, 1]) * source.randrange(6, 30) * draft.scale
    return True


@attack("a canceller missing")
def missing(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """A canceller is taken out."""
    draft.drop([_place(plan, source, "canceller")])
    return True


@attack("a canceller's weight")
def cancels_otherwise(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """What a canceller takes off."""
    edge = draft.edge(_place(plan, source, "canceller"), draft.output)
    draft.weights[edge] = _changed(source, int(draft.weights[edge]), draft.scale)
    return True


@attack("the held output")
def held(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """The weight of a primary control."""
    edge = draft.edge(source.choice(plan.starts[:-2]) + plan.layout.primary, draft.output)
    draft.weights[edge] += source.choice([-1, 1, 2]) * draft.scale // 8
    return True


@attack("a copy without its digits")
def unread(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """The digits of a copy are taken out."""
    draft.drop(plan.digits(source.randrange(plan.steps) + 1)[source.randrange(plan.layout.copies)].tolist())
    return True


@attack("where the weight rests")
def rests(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """The weight of v0 -> v1."""
    v1 = source.choice(plan.starts[:-2]) + int(plan.layout.v1(source.randrange(plan.layout.copies)))
    draft.weights[draft.edge(0, v1)] += source.choice([-1, 1]) * draft.scale // source.choice([2, 4])
    return True


@attack("drivers exchanged")
def driven(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """The bits that drive pc and nc of a copy, or pc of two copies."""
    one = _place(plan, source, "pc", first=1)
    other = one + plan.layout.copies if source.random() < 0.5 else one - 1
    bits = [next(e for e in draft.into(v) if draft.tails[e]) for v in (one, other)]
    draft.tails[bits] = draft.tails[bits[::-1]]
    return True


@attack("a gate's constant")
def threshold(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """A gate needs one true literal more, or less."""
    gate = source.choice(plan.starts[:-2]) + plan.layout.gate(source.randrange(plan.layout.gates))
    draft.weights[draft.edge(0, gate)] += source.choice([-1, 1]) * 8 * draft.scale
    return True


@attack("a literal negated")
def negated(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """A gate reads the negation of one of its operands."""
    gate = source.choice(plan.starts[:-2]) + plan.layout.gate(source.randrange(plan.layout.gates))
    edges = [e for e in draft.into(gate) if draft.tails[e]]
    if not edges:
        return False
    draft.weights[source.choice(edges)] *= -1
    return True


@attack("any weight")
def any_weight(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """One edge gets another weight."""
    edge = source.choice(draft.edges)
    draft.weights[edge] = _changed(source, int(draft.weights[edge]), draft.scale)
    return True


@attack("an edge less")
def less(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """One edge is taken out."""
    draft.remove([source.choice(draft.edges)])
    return True


@attack("an edge more")
def more(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """An edge into a vertex of a copy, a gate or the output, from anywhere before."""
    head = source.randrange(plan.starts[0], draft.size)
    tail = source.randrange(head)
    if draft.edge(tail, head) >= 0:
        return False
    draft.add(tail, head, source.choice([-2, -1, 1, 2]) * draft.scale)
    return True


@attack("an edge of a copy frozen")
def frozen(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """It does not train."""
    draft.frozen.append(source.choice(_of_copy(plan, source, draft)))
    return True


@attack("a start bit")
def start(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """The learner starts in another state."""
    vertex = source.randrange(int(plan.shared.clock), plan.starts[0])
    draft.weights[draft.edge(0, vertex)] *= -1
    return True


@attack("header, rate")
def rate(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """Another learning rate."""
    draft.header["rate"] = source.choice(["1", "2", "1/2", "1/4", "1/16"])
    return True


@attack("header, rho")
def rho(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """Another precision, which is b rho = 4/3, or more, or less."""
    b_rho = source.choice([Fraction(4, 3), Fraction(3, 2), Fraction(1), Fraction(1, 2)])
    draft.header["rho"] = str(b_rho / plan.family.b)
    return True


@attack("header, batch")
def batch(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """Another size of a batch."""
    draft.header["batch"] = plan.family.b + source.choice([1, 2])
    return True


@attack("renumbered")
def renumbered(source: Random, plan: BatchPlan, draft: NetworkDraft) -> bool:
    """Another order in which edges lead upwards, without hints."""
    order = random_order(read_network_bytes(draft.data()), seed=source.randrange(1 << 30))
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    draft.renumber(places)
    draft.header["hints"] = {}
    return True


HARMLESS = ("renumbered",)
"""What must be certified."""


def _drafted(plan: BatchPlan, name: str, seed: int) -> NetworkDraft | None:
    """The network of a ``plan`` after the attack with this ``name`` and ``seed``; None if there was nothing to
    change."""
    draft, source = NetworkDraft(network_bytes(plan.trainable)), Random(seed)
    return draft if any(ATTACKS[name](source, plan, draft) for _ in range(20)) else None


def attacked(plan: BatchPlan, name: str, seed: int) -> tuple[str, str]:
    """What becomes of an attack: "refused" and the premise, "unread", "open", "harmless" (certified, and no run goes
    wrong), or "DEFECT" and what goes wrong.

    Parameters
    ----------
    plan : whose network is attacked. name, seed : which attack.
    """
    draft = _drafted(plan, name, seed)
    if draft is None:
        return "nothing to change", ""
    data = draft.data()
    try:
        net = read_network_bytes(data)
    except (ConstructionError, ValueError):
        return "unread", ""
    outcome = certify_network(net, plan.whole)
    if outcome.refusal is not None:
        return "refused", outcome.refusal.premise
    try:
        verdict = certified_here(data, plan.whole, outcome)
    except RefusedError as refusal:
        return "refused", str(refusal)[1:2]
    return _judged(plan, data) if verdict.certified else ("open", verdict.open[0])


def _judged(plan: BatchPlan, data: bytes) -> tuple[str, str]:
    """Whether a certified network, whose file has the bytes ``data``, trains as the machine of the ``plan`` says."""
    wrong = find_wrong_batches(read_network_bytes(data), plan.whole, seconds=60.0, most=RUNS)
    return ("DEFECT", wrong["wrong"]) if wrong else ("harmless", "")


@cache
def _certified(plan: BatchPlan) -> str:
    data = network_bytes(plan.trainable)
    outcome = certify_network(plan.trainable, plan.whole)
    return json.dumps(certificate(plan.trainable, plan.whole, outcome, network=sha256_of(data)))


def _honest(plan: BatchPlan) -> dict[str, Any]:
    """The certificate of the network of a ``plan``."""
    found: dict[str, Any] = json.loads(_certified(plan))
    return found


def checked_alone(plan: BatchPlan, name: str, seed: int) -> tuple[str, str]:
    """What the checker says of the changed network under the certificate of the network of the ``plan``: "refused" and
    why, "open", "harmless" or "DEFECT", as :func:`attacked` has it; ``name`` and ``seed`` say which attack."""
    draft = _drafted(plan, name, seed)
    if draft is None:
        return "nothing to change", ""
    data = draft.data()
    cert = _honest(plan) | {"network": sha256_of(data)}
    try:
        verdict = Check(written(cert), io.BytesIO(data)).verdict()
    except RefusedError as refusal:
        return "refused", str(refusal)
    return _judged(plan, data) if verdict.certified else ("open", verdict.open[0])


def other_learner(plan: BatchPlan) -> tuple[str, str]:
    """What becomes of the network of a ``plan`` if its machine is said to predict the negation."""
    circuit = plan.whole.machine.circuit
    turned = {name: a ^ (name.startswith("predict")) for name, a in circuit.outputs.items()}
    machine = replace(plan.whole, machine=replace(plan.whole.machine, circuit=replace(circuit, outputs=turned)))
    outcome = certify_network(plan.trainable, machine)
    return ("refused", outcome.refusal.premise) if outcome.refusal else ("DEFECT", "another learner")
