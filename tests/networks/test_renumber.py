"""Another order of the vertices is the same network."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.networks.flat import flat_network
from constructions.networks.queries import DYADIC
from constructions.networks.renumber import random_order, renumbered
from constructions.networks.skeleton import Skeleton
from constructions.networks.trainable import Trainable
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

GRAPH = Skeleton(setting=DYADIC, rho=Fraction(1, 16), coin=1).network()
NET = Trainable(
    network=flat_network(GRAPH),
    rho=Fraction(1, 16),
    sampled=np.array([5, 2]),
    frozen=np.array([7]),
    hints={"groups": [["all", 0, 9]]},
)


@pytest.mark.parametrize("seed", range(4))
def test_the_function_weights_and_marked_edges_stay(seed: int) -> None:
    order = random_order(NET, seed=seed)
    again, position = renumbered(NET, order)
    assert not np.array_equal(order, np.arange(NET.network.size))
    assert all(again(x) == NET(x) for x in product((0, 1), repeat=2))
    for edge in range(len(position)):
        tail, head = int(NET.network.sources[edge]), int(NET.network.heads[edge])
        new = int(position[edge])
        assert (order[again.network.sources[new]], order[again.network.heads[new]]) == (tail, head)
        assert again.network.weights[new] == NET.network.weights[edge]
    assert again.sampled.tolist() == position[[5, 2]].tolist() and again.frozen.tolist() == position[[7]].tolist()
    assert again.hints == {} and again.network.inputs == ("1", "2")


def test_back_again_is_the_network() -> None:
    order = random_order(NET, seed=9)
    again, _ = renumbered(NET, order)
    back, position = renumbered(again, np.argsort(order))
    assert np.array_equal(back.network.sources, NET.network.sources) and np.array_equal(
        back.network.weights, NET.network.weights
    )
    assert len(position) == len(NET.network.sources)


def test_orders_differ_by_seed_and_not_from_run_to_run() -> None:
    assert len({tuple(random_order(NET, seed=seed).tolist()) for seed in range(5)}) == 5
    assert random_order(NET, seed=1).tolist() == random_order(NET, seed=1).tolist()


def test_what_is_no_order_is_refused() -> None:
    size = NET.network.size
    for order, message in (
        (range(size - 1), f"need an order of all {size} vertices"),
        ([0] * size, "need an order of all"),
        ([0, 2, 1, *range(3, size)], "need the constant and the 2 inputs first"),
        ([0, 1, 2, *range(size - 1, 2, -1)], "need an order in which edges lead upwards, got one from place"),
    ):
        with pytest.raises(ConstructionError, match=f"^{message}"):
            renumbered(NET, list(order))


def test_the_claim_about_orders_is_checked_and_an_adversary_that_looks_at_numbers_refutes_its_twin() -> None:
    result = discharge(paper_obligations()["lemma3b.order"])
    assert result.verdict is Verdict.CHECKED and result.twin is not None and result.twin.verdict is Verdict.REFUTED
