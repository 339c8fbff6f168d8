"""Sums with random signs: their moments and laws, and how often they are far from 0."""

from fractions import Fraction
from itertools import product

import pytest

from constructions.learning.tails import Moments
from constructions.strip.separation import (
    RATE,
    bound_from_above,
    growth_bound,
    law_of_sums,
    least_after,
    least_far,
    next_pair,
    partitions,
    tails,
    with_entry,
)


def moment(entries: tuple[int, ...], power: int) -> Fraction:
    """A moment of a sum with random signs, by its law."""
    return sum((chance * value**power for value, chance in law_of_sums(entries).items()), Fraction(0))


@pytest.mark.parametrize("entries", [(1,), (1, 1), (3, -1, 2), (5, 5, -2, 1)])
def test_moments_are_those_of_the_law(entries: tuple[int, ...]) -> None:
    moments = Moments.of_none()
    for entry in entries:
        moments = with_entry(moments, entry)
    assert [moment(entries, k) for k in (2, 4)] == [moments.second, moments.fourth]
    assert sum(law_of_sums(entries).values()) == 1


def test_half_is_attained_and_partitions_are_all_there() -> None:
    assert law_of_sums([1, -1])[0] == Fraction(1, 2)
    assert [len(list(partitions(n, n))) for n in range(1, 9)] == [1, 2, 3, 5, 7, 11, 15, 22]


def test_tails_are_those_of_the_law_and_of_all_sign_vectors() -> None:
    for entries in partitions(7, 7):
        law = law_of_sums(entries)
        all_ = 2 ** len(entries)
        assert tails(entries) == [all_ * sum(c for v, c in law.items() if v >= k) for k in range(8)]
    sums = [sum(e * g for e, g in zip(signs, (3, 1), strict=True)) for signs in product((1, -1), repeat=2)]
    assert tails((3, 1)) == [sum(value >= k for value in sums) for k in range(5)]


def test_the_steps_of_r2_hold_of_exact_moments_and_are_not_loose_everywhere() -> None:
    for n in range(1, 9):
        for level in range(1, n + 1):
            found, below = moment((1,) * n, 2 * level), moment((1,) * n, 2 * level - 2)
            assert moment((1,) * (n + 1), 2 * level) >= least_after(found, below, level)
            assert found >= (RATE * level * n) ** level
    assert moment((1, 1, 1), 2) == least_after(moment((1, 1), 2), 1, 1)
    assert all(moment(entries, 6) >= moment((1,) * 6, 6) for entries in partitions(6, 6))


@pytest.mark.parametrize("x", [Fraction(0), Fraction(1, 3), Fraction(-5, 2)])
def test_pairs_are_the_two_neighbouring_powers(x: Fraction) -> None:
    pair: tuple[Fraction, Fraction] = Fraction(1), Fraction(0)
    for k in range(1, 6):
        pair = tuple(map(Fraction, next_pair(x * x, *pair)))  # type: ignore[assignment]
        up, down = (x + 1) ** (2 * k), (x - 1) ** (2 * k)
        assert pair == ((up + down) / 2, x * (up - down) / 2)


def test_growth_and_bounds_are_what_they_say() -> None:
    for k in range(1, 12):
        for i in range(k + 1):
            assert Fraction(k + 1, k) ** i <= growth_bound(Fraction(i, k))
    grown = Fraction(3, 2) ** 2
    assert bound_from_above((RATE * 2 * 5) ** 2, grown, 3, 5) == (RATE * 3 * 5) ** 3
    assert [least_far(8, level) for level in (1, 2, 4, 8)] == [2, 2, 3, 4]
