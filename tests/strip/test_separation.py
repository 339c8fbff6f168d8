"""Sums with random signs: their moments and laws."""

from fractions import Fraction

import pytest

from constructions.learning.tails import Moments
from constructions.strip.separation import law_of_sums, partitions, with_entry


@pytest.mark.parametrize("entries", [(1,), (1, 1), (3, -1, 2), (5, 5, -2, 1)])
def test_moments_are_those_of_the_law(entries: tuple[int, ...]) -> None:
    moments = Moments.of_none()
    for entry in entries:
        moments = with_entry(moments, entry)
    law = law_of_sums(entries)
    assert [sum(chance * value**k for value, chance in law.items()) for k in (2, 4)] == [moments.second, moments.fourth]
    assert sum(law.values()) == 1


def test_half_is_attained_and_partitions_are_all_there() -> None:
    assert law_of_sums([1, -1])[0] == Fraction(1, 2)
    assert [len(list(partitions(n, n))) for n in range(1, 9)] == [1, 2, 3, 5, 7, 11, 15, 22]
