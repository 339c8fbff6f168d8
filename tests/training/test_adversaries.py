"""Adversaries by name: each does what it is called, none remembers anything."""

from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError, KinkError
from constructions.training.adversaries import NAMED, OpenEntries, check_named, mixed, named_choice, stop_at_kink
from constructions.training.kernels import EITHER, LOWER, UPPER


def picked(
    name: str,
    which: int = EITHER,
    *,
    step: int = 1,
    seed: int = 0,
    below: int = 3,
    rest: int = 5,
    edges: Any = (0, 1, 2, 3),
) -> list[int]:
    """What an adversary adds to the multiple below at some edges."""
    many = len(edges)
    found = OpenEntries(np.array(edges), step, np.full(many, below), np.full(many, rest), np.full(many, 10))
    return [int(added) for added in named_choice(name, found, np.full(many, which), seed) - below]


@pytest.mark.parametrize("name", NAMED)
def test_where_one_rounding_is_valid_everybody_picks_it(name: str) -> None:
    for step in (1, 2):
        assert picked(name, LOWER, step=step) == [0] * 4 and picked(name, UPPER, step=step) == [1] * 4


@pytest.mark.parametrize(
    ("name", "rest", "below", "wanted"),
    [
        ("nearest", 4, 3, 0),
        ("nearest", 6, 3, 1),
        ("nearest", 5, 3, 0),
        ("nearest", 5, -3, 1),
        ("nearest", 5, -1, 1),
        ("nearest", 5, 0, 0),
        ("down", 7, 3, 0),
        ("up", 3, 3, 1),
        ("toward-zero", 5, 3, 0),
        ("toward-zero", 5, -3, 1),
        ("toward-zero", 5, -1, 1),
        ("toward-zero", 5, 0, 0),
        ("away-from-zero", 5, 0, 1),
        ("away-from-zero", 5, 3, 1),
        ("away-from-zero", 5, -1, 0),
    ],
)
def test_a_name_is_what_it_does(name: str, rest: int, below: int, wanted: int) -> None:
    assert picked(name, below=below, rest=rest) == [wanted] * 4


def test_edges_side_by_side_are_split() -> None:
    assert picked("apart") == picked("apart", step=2) == [0, 1, 0, 1]
    assert [picked("apart-alternating", step=step) for step in (1, 2)] == [[1, 0, 1, 0], [0, 1, 0, 1]]
    assert [picked("alternating", step=step) for step in (1, 2)] == [[1] * 4, [0] * 4]


def test_what_is_random_depends_on_seed_step_and_edge_and_is_even() -> None:
    edges = np.arange(4000)
    runs = {
        (seed, step): tuple(picked("random", seed=seed, step=step, edges=edges)) for seed in (0, 1) for step in (1, 2)
    }
    assert len(set(runs.values())) == 4
    assert all(1800 < sum(run) < 2200 for run in runs.values())
    assert picked("random", edges=edges[::-1]) == picked("random", edges=edges)[::-1]
    assert (
        picked("hashed", step=1, edges=edges)
        == picked("hashed", step=2, edges=edges)
        != picked("hashed", seed=1, edges=edges)
    )


def test_the_mixture_does_not_change_with_versions() -> None:
    assert [int(value) for value in mixed(np.array([0, 1, 7]), 5, 3)] == [
        9920457042766249448,
        1687699629674756242,
        16729238867117109375,
    ]


@pytest.mark.parametrize(
    ("name", "seed", "message"),
    [("kind", 0, "need an adversary among nearest, down"), ("up", 1 << 63, "need a seed from 0")],
)
def test_no_such_adversary(name: str, seed: int, message: str) -> None:
    with pytest.raises(ConstructionError, match=f"^{message}"):
        check_named(name, seed)


def test_the_default_at_a_kink_stops() -> None:
    with pytest.raises(KinkError, match=r"got a kink at vertex 'v7'"):
        stop_at_kink(7, {})
