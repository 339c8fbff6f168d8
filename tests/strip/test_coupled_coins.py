"""Two coins by exact quantiles: their laws, that they stay together, and that a larger bias drives them apart."""

from fractions import Fraction
from itertools import pairwise
from math import comb

import pytest

from constructions.errors import PremiseError
from constructions.strip.coupled_coins import CoupledCoins, bias_of, weights_of

F = Fraction


def sizes(most: int) -> list[tuple[int, int]]:
    return [(b, k) for b in range(1, most + 1) for k in range(b + 1)]


@pytest.mark.parametrize(("b", "k"), [(1, 1), (4, 1), (5, 2), (6, 6), (7, 0)])
def test_both_worlds_have_the_laws_of_their_tosses(b: int, k: int) -> None:
    coins = CoupledCoins(b, k)
    law = list(coins.law())
    assert coins.bias == bias_of(F(b), k) == F(k, 2 * b + 2) and sum(pair[2] for pair in law) == 1
    for world, chance in enumerate((F(1, 2) - coins.bias, F(1, 2) + coins.bias)):
        for heads in range(b + 1):
            found = sum(pair[2] for pair in law if pair[world] == heads)
            assert found == comb(b, heads) * chance**heads * (1 - chance) ** (b - heads)
    assert {high - low for low, high, _ in law} <= set(range(k + 1))


def test_a_larger_bias_drives_them_apart() -> None:
    for b, k in sizes(12):
        if 0 < k < b:
            up, down = weights_of(b, k + 1)
            apart = CoupledCoins(b, k, (int(up), int(down)))
            assert not apart.is_sure and max(high - low for low, high, _ in apart.law()) == k + 1


def test_slacks_rise_and_then_fall() -> None:
    for b, k in sizes(14):
        slacks = CoupledCoins(b, k).slacks
        steps = [later >= one for one, later in pairwise(slacks)]
        assert min(slacks) >= 0 and len(slacks) == b + 2 - k
        assert k == 0 or steps == sorted(steps, reverse=True)


@pytest.mark.slow
def test_they_stay_together_for_all_sizes_to_110() -> None:
    assert all(CoupledCoins(b, k).is_sure for b, k in sizes(110))


def test_more_than_all_cannot_be_hidden() -> None:
    with pytest.raises(PremiseError, match="need at most b = 3 points that can be hidden, got 4"):
        CoupledCoins(3, 4)
