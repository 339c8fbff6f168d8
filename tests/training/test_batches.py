"""A batch is a function of seed and step."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from constructions.errors import ConstructionError
from constructions.learning.problems import Point, uniform
from constructions.training.batches import (
    Batches,
    as_arrays,
    drawable,
    drawn,
    fresh,
    random_string,
    randomness,
    whole_set,
)

POINTS: list[Point] = [((0, 1), 1), ((1, 1), 0), ((1, 0), 1)]
MAKERS: dict[str, Callable[[int], Batches]] = {
    "fresh": lambda seed: fresh(uniform(5, lambda x: x[0]), batch=4, seed=seed),
    "drawn": lambda seed: drawn([((i & 1, i >> 1 & 1, i >> 2 & 1), i & 1) for i in range(8)], batch=4, seed=seed),
}


def listed(batch: Any) -> list[Any]:
    """A batch as lists."""
    return [part.tolist() for part in batch]


@pytest.mark.parametrize("name", MAKERS)
def test_a_step_s_batch_depends_on_seed_and_step_only(name: str) -> None:
    forwards = [listed(MAKERS[name](1)(step)) for step in range(1, 6)]
    batches = MAKERS[name](1)
    assert [listed(batches(step)) for step in range(5, 0, -1)][::-1] == forwards
    assert len({str(batch) for batch in forwards}) == 5
    assert listed(MAKERS[name](2)(1)) != forwards[0]
    assert all(
        np.shape(x)[0] == 4 and all(row[0] == label for row, label in zip(x, y, strict=True)) for x, y in forwards
    )


def test_rows_are_drawn_with_replacement_and_all_of_them() -> None:
    seen = [listed(drawn(POINTS, batch=2, seed=0)(step)) for step in range(60)]
    assert {str((x[0], y[0])) for x, y in seen} == {str((list(x), y)) for x, y in POINTS}
    assert any(x[0] == x[1] for x, _ in seen)


def test_the_whole_set_is_the_same_every_time() -> None:
    assert (
        listed(whole_set(POINTS)(1))
        == listed(whole_set(POINTS)(9))
        == [[list(x) for x, _ in POINTS], [y for _, y in POINTS]]
    )


def test_points_without_bits_have_labels() -> None:
    assert [part.shape for part in as_arrays([((), 1), ((), 0)])] == [(2, 0), (2,)]


def test_no_points_are_no_batch() -> None:
    with pytest.raises(ConstructionError, match=r"^need at least one point, got none$"):
        as_arrays([])


def test_seeds_do_not_depend_on_a_version_of_python() -> None:
    assert random_string(16, 7) == [1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0]
    assert randomness("batch", 3, 2).getrandbits(32) == 3023060557


def test_a_batch_that_nobody_could_draw_is_refused_at_once() -> None:
    source = uniform(2, lambda x: x[0])
    makers = (lambda b: fresh(source, batch=b, seed=1), lambda b: drawn([((0, 1), 1)], batch=b, seed=1), drawable)
    for make in makers:
        with pytest.raises(
            ConstructionError, match="need a batch of at most 10000000 samples to draw, got 576460752303423488"
        ):
            make(1 << 59)
    with pytest.raises(ConstructionError, match="need an integer >= 1, got 0"):
        drawable(0)
    assert drawable(10_000_000) == 10_000_000
