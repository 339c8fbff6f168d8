"""Tails of binomial numbers for batches of any size, against sums of all their terms."""

from fractions import Fraction
from random import Random

import pytest

from constructions.errors import ConstructionError
from constructions.learning import binomial
from constructions.learning.binomial import Enclosed, binomial_tail, strays
from constructions.learning.tails import exact_tail, hoeffding, signs_tail

F = Fraction
HALF = F(1, 2)


@pytest.mark.parametrize("seed", range(12))
def test_the_exact_tail_is_in_between(seed: int) -> None:
    random = Random(seed)
    b, p = random.choice((1, 2, 9, 40, 300)), F(random.randint(0, 12), 12)
    eta = random.choice((F(0), F(1, 40), F(1, 6), HALF, F(2)))
    law = {value: mass for value, mass in ((F(0), 1 - p), (F(1), p)) if mass}
    low, high = binomial_tail(b, p, eta)
    exact = exact_tail(law, b, eta)
    assert low <= exact <= high and high - low <= exact / 10**60


@pytest.mark.parametrize(("b", "eta"), [(1001, F(1, 50)), (4000, F(1, 100)), (4000, F(1, 10**6)), (4000, F(1, 3))])
def test_binomial_coefficients_that_are_not_exact_do_as_well(b: int, eta: Fraction) -> None:
    low, high = binomial_tail(b, F(2, 5), eta)
    exact = signs_tail(b, F(2, 5), 2 * eta)
    assert low <= exact <= high and high - low <= exact / 10**60


def test_large_batches_take_no_time_and_stay_below_hoeffding() -> None:
    low, high = binomial_tail(10**5, HALF, F(1, 100))
    assert F(24848, 10**14) < low <= high < F(24849, 10**14) < hoeffding(10**5, F(1, 50))[0]


def test_a_tail_that_is_cut_short_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binomial, "_further", lambda b, one, zero, first: (F(1), F(1)))
    low, high = binomial_tail(40, HALF, F(1, 40))
    assert not low <= signs_tail(40, HALF, F(1, 20)) <= high


def test_queries_of_two_values_are_counted_exactly() -> None:
    two, three = {F(-1, 2): HALF, HALF: HALF}, {F(-1): F(1, 3), F(0): F(1, 3), F(1): F(1, 3)}
    found = strays([two, {F(1): F(1)}, three], 50, F(1, 5))
    rest = hoeffding(50, F(1, 5))
    assert (found.queries, found.exactly, found.bound) == (3, 2, 3 * rest[1])
    exact = signs_tail(50, HALF, F(2, 5))
    assert found.chance[0] - rest[0] <= exact <= found.chance[1] - rest[1]
    assert sum(strays([], 50, F(1, 5)).chance) == 0


def test_numbers_stay_in_between() -> None:
    seventh = Enclosed.of(1).over(Enclosed.of(7)).to_the(3)
    low, high = seventh.ends()
    assert low < F(1, 343) < high and high - low < F(1, 2**250)
    assert Enclosed.of(3**400).ends()[0] <= 3**400 <= Enclosed.of(3**400).ends()[1]


def test_what_is_no_chance_is_refused() -> None:
    with pytest.raises(ConstructionError, match=r"need a chance from 0 to 1 and a width of at least 0, got 3/2"):
        binomial_tail(3, F(3, 2), F(1))
