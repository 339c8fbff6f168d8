"""Lemma 9: functions that snap to a grid first."""

from fractions import Fraction
from itertools import product

import pytest

from constructions.errors import PremiseError
from constructions.models.snapping import nearest, product_of_bumps, read, smoothed
from verify.claims.models.snapping import below
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction


def test_the_nearest_multiple() -> None:
    assert [nearest(F(k, 8), F(1, 2)) for k in range(-3, 4)] == [F(-1, 2), 0, 0, 0, 0, F(1, 2), F(1, 2)]


def test_what_is_read_lies_in_the_cube_also_where_the_nearest_point_does_not() -> None:
    delta = F(4, 11)
    assert nearest(F(1), delta) == F(12, 11) and read(F(1), delta) == 1  # E46


def plane(x: Fraction, y: Fraction) -> Fraction:
    return 3 * x - y


def test_one_summand_is_the_whole_sum() -> None:
    delta, function = F(1, 2), plane
    grid = [k * delta for k in range(-2, 3)]
    for x, y in product((F(-1), F(1, 9), F(1, 2), F(3, 4)), repeat=2):
        total = sum(
            (product_of_bumps([x, y], point, delta) * function(*point) for point in product(grid, repeat=2)), F(0)
        )
        assert smoothed(function, delta)(x, y) == total


def test_it_is_the_function_at_the_nearest_point_near_the_grid_and_0_between() -> None:
    found = smoothed(lambda x: 1 + x, F(1, 4))
    assert found(F(9, 16)) == found(F(1, 2)) == F(3, 2)
    assert found(F(5, 8)) == 0
    with pytest.raises(PremiseError):
        found(F(1, 2) + F(3, 40))


def test_another_rounding_is_noticed() -> None:
    found = paper_obligations()["lemma9.nearest"]
    assert examine(found, lambda case: nearest).verdict is Verdict.PROVED
    assert examine(found, lambda case: below).verdict is Verdict.REFUTED
