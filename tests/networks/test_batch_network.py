"""The network that reads a whole batch: its size, its parts, and what is refused."""

from fractions import Fraction
from itertools import pairwise

import pytest

from constructions.computation.sample_learners import conjunction_learner, fed, memoriser_learner, parity_learner
from constructions.errors import PremiseError
from constructions.foundations.activation import RAMP
from constructions.networks.any_labels_network import AnyLabelsPlan
from constructions.networks.batch_network import BatchPlan, primary_for
from constructions.networks.computation import BINARY
from constructions.networks.controls import final_weight
from constructions.networks.emulation import sizes_of
from constructions.networks.gates import adaptor
from constructions.networks.layout import ROWS, BatchLayout
from constructions.networks.signed_memory import HELD
from constructions.strip.family import PowerFamily
from tests.computation.tossing import tossing_learner


def plan(*, n: int = 1, b: int = 2, steps: int = 2, rho: Fraction = Fraction(13, 20)) -> BatchPlan:
    return BatchPlan(machine=fed(conjunction_learner(n), b * steps), family=PowerFamily(n, b), steps=steps, rho=rho)


def test_the_sizes_are_those_of_the_formula_and_every_edge_trains() -> None:
    made = plan(steps=3)
    assert sizes_of(made.trainable) == made.sizes
    assert len(made.trainable.frozen) == 0


def test_b_rho_of_four_thirds_is_refused() -> None:
    with pytest.raises(PremiseError, match="need 0 < b rho < 4/3, got b rho = 2 \\* 2/3 = 4/3"):
        plan(rho=Fraction(2, 3))


def test_each_sample_of_a_round_has_its_own_coins_on_edges_of_sampled_sign() -> None:
    made = BatchPlan(machine=tossing_learner(1), family=PowerFamily(1, 2), steps=3, rho=Fraction(13, 20))
    net = made.trainable
    assert made.sizes.random_bits == 6 == net.random_bits and sizes_of(net) == made.sizes
    first = made.starts[0] + int(made.layout.random(0))
    assert [net.network.into(first + i) for i in range(2)] == [[(0, Fraction(-4))]] * 2
    assert [net.with_random_string([0, 1, 0, 0, 0, 0]).network.into(first + i)[0][1] for i in range(2)] == [-4, 4]


def test_a_learner_that_tosses_coins_is_refused_for_any_labels() -> None:
    with pytest.raises(PremiseError, match="need a learner that tosses no coins for any labels, got 1"):
        AnyLabelsPlan(machine=tossing_learner(1), family=PowerFamily(1, 1), steps=1, rho=Fraction(1))


def test_before_training_the_output_is_held_at_every_point() -> None:
    net = plan(n=2, b=1, rho=Fraction(1, 4)).trainable
    assert [net(x) for x in ((0, 0), (0, 1), (1, 0), (1, 1))] == [HELD] * 4
    assert 2 * primary_for(HELD) == HELD


def test_groups_cover_all_vertices_once() -> None:
    made = plan()
    ends = [(int(str(low)), int(str(high))) for _, low, high in made.groups]
    assert ends[0][0] == 1 and ends[-1][1] == made.trainable.network.size
    assert all(one[1] == other[0] for one, other in pairwise(ends))


def test_rows_of_a_layout_follow_each_other() -> None:
    at = BatchLayout(copies=3, bits=2, gates=4, random_bits=5)
    assert [at.row(name, 0) - at.gate(4) for name in ROWS] == [3 * i for i in range(len(ROWS))]
    assert at.random(0) == at.digit(2, 0) + 1 and at.gate(0) == at.random(5)


def test_steps_are_a_learners_points_over_the_batch() -> None:
    made = BatchPlan(machine=fed(parity_learner(2), 8), family=PowerFamily(2, 2), steps=4, rho=Fraction(1, 2))
    assert made.sizes.steps == 4 and made.hints["held"] == "1/2"


def test_rounds_and_their_parts_are_named_from_the_first_on() -> None:
    names = [name for name, _, _ in plan(steps=2).groups]
    parts = ("memory", "random bits", "computation", "activators", "paths", "cancellers", "primary control")
    assert names[3:17] == [f"round {t}: {part}" for t in (1, 2) for part in parts]


def test_adaptors_and_final_controls_have_the_weights_of_their_templates() -> None:
    machine = fed(memoriser_learner(1, 2, places=2), 2)
    made = BatchPlan(machine=machine, family=PowerFamily(1, 2), steps=1, rho=Fraction(13, 20))
    net, template = made.trainable.network, adaptor(*BINARY, sigma=RAMP)
    (start, _) = next((low, high) for name, low, high in made.groups if name == "adaptors")
    assert dict(net.into(int(str(start)))) == {
        0: template.weight("one", "gate"),
        1: template.weight("x1", "gate"),
    }
    into = list(dict(net.into(made.starts[-1])).values())
    assert into[-3:] == [final_weight(Fraction(1, 1 << i)) for i in (2, 1, 0)]
