"""Realizable batches told apart by one query, for all pairs of small ones; and what is refused."""

from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product

import pytest

from constructions.errors import PremiseError
from constructions.foundations.rounding import Grid
from constructions.learning.problems import Bits, Point
from constructions.strip.telling import telling_query

F = Fraction
Batch = tuple[Point, ...]


def realizable(n: int, b: int) -> list[Batch]:
    points = list(product(product((0, 1), repeat=n), (0, 1)))
    every = combinations_with_replacement(points, b)
    return [batch for batch in every if len({x for x, _ in batch}) == len(set(batch))]


def mean(batch: Batch, r: dict[Bits, Fraction]) -> Fraction:
    return sum(((1 - 2 * y) * r.get(x, F(0)) for x, y in batch), F(0)) / len(batch)


def told_apart(n: int, b: int, rho: Fraction) -> bool:
    grid = Grid(rho=rho)
    for one, other in combinations(realizable(n, b), 2):
        r = telling_query(one, other, rho)
        shared = set(grid.valid(mean(one, r))) & set(grid.valid(mean(other, r)))
        if shared or max(map(abs, r.values())) > 1:
            return False
    return True


@pytest.mark.parametrize("b", [4, 5, 8])
def test_all_pairs_of_batches_of_one_bit(b: int) -> None:
    assert all(told_apart(1, b, rho) for rho in (F(4, b + 2) - F(1, 10**6), F(2, b + 2), F(1, 3 * b)))


@pytest.mark.slow
@pytest.mark.parametrize("b", [4, 5])
def test_all_pairs_of_batches_of_two_bits(b: int) -> None:
    assert all(told_apart(2, b, rho) for rho in (F(4, b + 2) - F(1, 10**6), F(3, b + 2)))


def test_what_it_is_not_for_is_refused() -> None:
    one, other = (((0,), 0),) * 4, (*(((0,), 0),) * 3, ((1,), 1))
    for batch, said in (
        (one, "need two different batches of the same size"),
        (other[1:], "need two different batches of the same size"),
        ((*one[1:], ((0,), 1)), "need realizable batches, got one with a point of both labels"),
    ):
        with pytest.raises(PremiseError, match=said):
            telling_query(one, batch, F(1, 2))
    with pytest.raises(PremiseError, match=r"at least 4 points and \(b \+ 2\) rho < 4, got \(4 \+ 2\) \* 2/3 = 4"):
        telling_query(one, other, F(2, 3))
    with pytest.raises(PremiseError, match="need batches of at least 4 points"):
        telling_query(one[1:], other[1:], F(1, 2))
