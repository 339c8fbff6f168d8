"""Networks that read whole batches: certified in any numbering, and refused with the premise that fails."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.computation.sample_learners import fed, parity_learner
from constructions.networks.batch_network import BatchPlan
from constructions.networks.emulation import Plan
from constructions.networks.network_file import network_bytes
from constructions.networks.renumber import random_order, renumbered
from constructions.networks.trainable import Trainable
from constructions.strip.family import PowerFamily
from tests.computation.tossing import tossing_learner
from verify.certifier.certificate.account import about, premises
from verify.certifier.certificate.handing_over import certified_here
from verify.certifier.certify import certify_network
from verify.certifier.roles.gates import recognized
from verify.certifier.roles.parts import CONTROL, VC
from verify.certifier.roles.round_of_sided import SidedWorlds, find_sided_rounds
from verify.certifier.roles.sides import SIDED, sided_edges, sided_memories, take_apart_sided
from verify.certifier.rounds.unrolling_batches import reached_at, records_of
from verify.certifier.witness_batches import drawn_batches, find_wrong_batches, wrong_batches
from verify.obligations.catalogue import paper_obligations
from verify.recheck.check import Verdict
from verify.recheck.words import described

HALF = Fraction(1, 2)


def made(n: int, b: int, steps: int) -> BatchPlan:
    learner = fed(parity_learner(n), b * steps)
    return BatchPlan(machine=learner, family=PowerFamily(n, b), steps=steps, rho=Fraction(13, 10) / b)


def verdict_of(plan: BatchPlan, net: Trainable) -> Verdict:
    outcome = certify_network(net, plan.whole)
    assert outcome.refusal is None, outcome.refusal
    assert outcome.tally.calls == 0
    return certified_here(network_bytes(net), plan.whole, outcome)


@pytest.mark.parametrize(("n", "b", "steps"), [(1, 1, 2), (1, 2, 3), (2, 1, 1)])
def test_they_are_certified_without_a_question_to_the_solver(n: int, b: int, steps: int) -> None:
    plan = made(n, b, steps)
    found = verdict_of(plan, plan.trainable)
    assert found.certified and found.proofs == 0 and found.by_x is (b % 2 == 0)
    said = " ".join(described(found))
    assert f"of {b} each" in said and ("no x has both labels" in said) is found.by_x
    assert "without error" in said


def test_random_bits_of_a_learner_are_certified_and_must_be_sampled() -> None:
    plan = BatchPlan(machine=tossing_learner(1), family=PowerFamily(1, 2), steps=2, rho=Fraction(13, 20))
    net, _ = renumbered(plan.trainable, random_order(plan.trainable, seed=1))
    found = verdict_of(plan, replace(net, hints={}))
    assert found.certified and "every random string of 4 bits" in " ".join(described(found))
    fixed = certify_network(replace(plan.trainable, sampled=plan.trainable.sampled[1:]), plan.whole)
    assert fixed.refusal is not None and fixed.refusal.premise == "h"


@pytest.mark.parametrize("seed", [1, 2])
def test_they_are_certified_in_any_numbering(seed: int) -> None:
    plan = made(1, 2, 2)
    net, _ = renumbered(plan.trainable, random_order(plan.trainable, seed=seed))
    assert verdict_of(plan, replace(net, hints={})).certified


def test_later_rounds_are_like_earlier_ones() -> None:
    plan = made(1, 1, 14)
    found = verdict_of(plan, plan.trainable)
    assert found.certified and found.distinct < 10


def test_each_side_is_found_with_its_driver() -> None:
    plan = made(1, 2, 2)
    parts = take_apart_sided(plan.trainable)
    memories, needs = sided_memories(parts, HALF), recognized(parts)
    assert parts.copies.shape == (2 * plan.family.size, len(SIDED))
    assert (parts.kind[parts.copies[:, 4]] == VC).all() and (parts.kind[parts.controls] == CONTROL).all()
    assert len(sided_edges(plan.round.bits)) == parts.memory.shape[1] and memories.gain(0) == 2
    rounds = find_sided_rounds(parts, needs, memories)
    assert sorted(rounds.of_copy.tolist()) == [1] * plan.family.size + [2] * plan.family.size
    assert len(rounds.clocks) == 2 * 2  # the constant and x
    worlds = SidedWorlds(parts, needs, memories)
    first = np.flatnonzero(rounds.of_copy == 1)
    assert sorted(worlds.winding(first)) == sorted(set(rounds.clocks) & set(first.tolist()))


def test_another_kind_of_machine_is_refused() -> None:
    plan, machine = made(1, 1, 2), best_literal_machine(1, fraction=5)
    asked = certify_network(plan.trainable, machine)
    assert asked.refusal is not None and asked.refusal.premise == "i"
    net = Plan(machine=machine, rho=Fraction(1, 8), tolerance=Fraction(1)).trainable
    outcome = certify_network(net, plan.whole)
    assert outcome.refusal is not None and outcome.refusal.premise == "c"


@pytest.mark.parametrize(
    ("change", "premise"),
    [({"batch": 2}, "i"), ({"rho": Fraction(4, 3)}, "c"), ({"rate": Fraction(1)}, "c"), ({"steps": 1}, "i")],
)
def test_another_setting_is_refused(change: dict[str, Fraction], premise: str) -> None:
    plan = made(1, 1, 2)
    outcome = certify_network(replace(plan.trainable, **change), plan.whole)  # type: ignore[arg-type]
    assert outcome.refusal is not None and outcome.refusal.premise == premise


def test_the_account_says_what_each_premise_rests_on() -> None:
    plan = made(1, 1, 2)
    outcome = certify_network(plan.trainable, plan.whole)
    told = about(plan.trainable, plan.whole, outcome)
    assert told["machine"]["points"] == 1 and "is a function of x" in told["statement"]
    rests = {id for row in premises(plan.trainable, outcome).values() for id in row["rests on"]}
    assert {"signed.memory", "certifier.counts"} <= rests <= set(paper_obligations())


def test_records_are_those_at_which_the_sum_changes() -> None:
    assert records_of(Fraction(2), 3, Fraction(13, 30)) == (-1, 0, 2)
    assert reached_at(Fraction(2), Fraction(1), Fraction(1), HALF) == 0


def test_a_run_that_goes_wrong_is_found() -> None:
    plan = made(1, 2, 1)
    batches = drawn_batches(plan.whole, Random(3))
    assert wrong_batches(plan.trainable, plan.whole, batches) is None
    assert find_wrong_batches(replace(plan.trainable, batch=3), plan.whole) is None  # there is nothing to compare
