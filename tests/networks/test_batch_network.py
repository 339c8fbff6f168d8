"""The network that reads a whole batch: its size, its parts, and what is refused."""

from fractions import Fraction
from itertools import pairwise

import pytest

from constructions.computation.sample_learners import conjunction_learner, fed, parity_learner
from constructions.errors import PremiseError
from constructions.networks.batch_network import ROWS, BatchLayout, BatchPlan, primary_for
from constructions.networks.emulation import sizes_of
from constructions.networks.signed_memory import HELD
from constructions.strip.family import PowerFamily


def plan(*, n: int = 1, b: int = 2, steps: int = 2, rho: Fraction = Fraction(13, 20)) -> BatchPlan:
    return BatchPlan(machine=fed(conjunction_learner(n), b * steps), family=PowerFamily(n, b), steps=steps, rho=rho)


def test_the_sizes_are_those_of_the_formula_and_every_edge_trains() -> None:
    made = plan(steps=3)
    assert sizes_of(made.trainable) == made.sizes
    assert len(made.trainable.frozen) == 0


def test_b_rho_of_four_thirds_is_refused() -> None:
    with pytest.raises(PremiseError, match="need 0 < b rho < 4/3, got b rho = 2 \\* 2/3 = 4/3"):
        plan(rho=Fraction(2, 3))


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
    at = BatchLayout(copies=3, bits=2, gates=4)
    assert [at.row(name, 0) - at.gate(4) for name in ROWS] == [3 * i for i in range(len(ROWS))]


def test_steps_are_a_learners_points_over_the_batch() -> None:
    made = BatchPlan(machine=fed(parity_learner(2), 8), family=PowerFamily(2, 2), steps=4, rho=Fraction(1, 2))
    assert made.sizes.steps == 4 and made.hints["held"] == "1/2"
