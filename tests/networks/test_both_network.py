"""The network on both labels: its size, its steep copies, and what is refused."""

from fractions import Fraction
from itertools import pairwise

import pytest

from constructions.computation.both_labels import in_pairs
from constructions.computation.learner_machines import best_literal_machine, conjunction_machine
from constructions.errors import PremiseError
from constructions.networks.both_labels import steep, steep_gain
from constructions.networks.both_network import BothPlan, both_plan_within, is_steep, places_on_both
from constructions.networks.emulation import Plan, sizes_of
from constructions.networks.queries import DYADIC, STRONG

F = Fraction
RHO = F(1, 16)
PLAN = BothPlan(machine=in_pairs(conjunction_machine(1, fraction=8, tau="1/8")), rho=RHO)


def test_the_sizes_are_those_of_the_formula_and_every_edge_trains() -> None:
    assert sizes_of(PLAN.trainable) == PLAN.sizes and len(PLAN.trainable.frozen) == 0
    one_label = Plan(machine=conjunction_machine(1, fraction=8, tau="1/8"), rho=RHO)
    assert 2 * PLAN.sizes.steps == one_label.sizes.steps


def test_steep_copies_have_their_own_weights_to_the_output() -> None:
    net, first, own = PLAN.trainable, PLAN.blocks[0], steep(DYADIC, steep_gain(RHO))
    into = dict(net.network.into(net.output))
    start = int(PLAN.starts[0])
    for c, copy in enumerate(PLAN.copies):
        wanted = own if is_steep(copy) else DYADIC
        path, canceller = (start + int(first.to_output[at]) for at in (c, len(PLAN.copies) + c))
        assert into[path] == wanted.gain_prime and into[canceller] == wanted.share / 2


def test_the_output_is_held_in_every_round() -> None:
    assert {PLAN.held(step) for step in (1, 2)} == {1 + DYADIC.offset * RHO}
    assert {PLAN.trainable((bit,)) for bit in (0, 1)} == {1 + DYADIC.offset * RHO}


def test_groups_cover_all_vertices_once() -> None:
    ends = [(int(str(low)), int(str(high))) for _, low, high in PLAN.groups]
    assert ends[0][0] == 1 and ends[-1][1] == PLAN.trainable.network.size
    assert all(one[1] == other[0] for one, other in pairwise(ends))


@pytest.mark.parametrize("rho", [F(1, 8), F(1, 7), F(6, 25), F(1, 100)])
def test_enough_places_keep_four_rho(rho: Fraction) -> None:
    places = places_on_both(setting=STRONG, rho=rho, tolerance=4 * rho)
    machine = in_pairs(best_literal_machine(1, fraction=places))
    plan = BothPlan(machine=machine, rho=rho, setting=STRONG)
    assert plan.decoder.tolerance <= 4 * rho


def test_what_cannot_be_kept_is_refused() -> None:
    with pytest.raises(PremiseError, match="need answers within 1/4, got"):
        BothPlan(machine=in_pairs(best_literal_machine(1, fraction=2)), rho=RHO)
    with pytest.raises(PremiseError, match="need no middle taken off"):
        BothPlan(machine=PLAN.machine, rho=RHO, centred=True)
    with pytest.raises(PremiseError, match="need a tolerance > 0, got 0"):
        both_plan_within(lambda places: PLAN.machine, rho=RHO, tolerance=0, b=1)
