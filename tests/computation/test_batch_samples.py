"""Samples of a decoded batch, one by one."""

from constructions.computation.batch_gates import DecodedBatch
from constructions.computation.batch_samples import sizes_of_entries, written_samples
from constructions.computation.builder import FALSE, TRUE, Builder


def as_number(literals: list[int]) -> int:
    return sum(1 << i for i, literal in enumerate(literals) if literal == TRUE)


def test_sizes_are_absolute_values() -> None:
    entries = [[FALSE, TRUE, TRUE], [TRUE, TRUE, FALSE], [FALSE, FALSE, FALSE]]  # -2, 3, 0
    assert [as_number(size) for size in sizes_of_entries(Builder(), entries)] == [2, 3, 0]


def test_each_point_comes_as_often_as_its_entry_says_and_with_its_label() -> None:
    points, entries = [[TRUE, FALSE], [FALSE, TRUE], [FALSE, FALSE]], [[FALSE, TRUE, TRUE], [TRUE, FALSE, FALSE]]
    batch = DecodedBatch(points, [*entries, [FALSE] * 3], TRUE)
    found = written_samples(Builder(), batch, 3)
    assert [(as_number(one.point), one.label == TRUE) for one in found] == [(1, True), (1, True), (2, False)]
    assert all(one.taken == TRUE for one in found)


def test_of_fewer_points_the_last_samples_are_not_taken() -> None:
    batch = DecodedBatch([[TRUE], [FALSE]], [[TRUE, FALSE, FALSE], [FALSE] * 3], TRUE)
    assert [one.taken == TRUE for one in written_samples(Builder(), batch, 2)] == [True, False]
