"""A copy that is no memory is refused with the condition that it breaks, in numbers."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from constructions.computation.learner_machines import best_literal_machine
from constructions.networks.emulation import Plan
from constructions.networks.trainable import Trainable
from verify.certifier.certify import certify_network

PLAN = Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16))


def with_weight(tail: int, head: int, weight: Fraction) -> Trainable:
    """The network with one weight changed."""
    net = PLAN.trainable
    flat = net.network
    edge = int(np.flatnonzero((flat.sources == tail) & (flat.heads == head))[0])
    weights = flat.weights.copy()
    weights[edge] = int(weight * flat.scale)
    return replace(net, network=replace(flat, weights=weights))


def refusal(net: Trainable) -> str:
    """Why a network is refused."""
    found = certify_network(net, PLAN.machine).refusal
    assert found is not None and found.premise == "c"
    return found.what


def test_a_weight_that_breaks_a_condition_is_told_with_the_condition() -> None:
    first = {name: low for name, low, _ in PLAN.groups}["round 1: memory"]
    said = refusal(with_weight(0, int(str(first)), Fraction(2)))
    assert said.startswith(
        "a copy that is no memory: active: v1 is on its linear piece: need w(v0,v1) > 0 and < 2, got 2"
    )


def test_a_precision_for_which_the_digits_are_wrong_is_told_with_the_digit() -> None:
    said = refusal(replace(PLAN.trainable, rho=Fraction(1, 32)))
    assert said.startswith("a copy that is no memory at rho = 1/32, offset 9/4: reading: ")
    assert "there are digits for every fraction: need (2^4 - 1) rho + 3/4 rate rho >= 3/4, got 63/128" in said
