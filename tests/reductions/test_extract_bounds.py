"""Expected rounds and the rounds of a budget, by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import PremiseError
from constructions.reductions.extract_bounds import (
    empty_rounds,
    idle_rounds_of_coin,
    least_further_rounds,
    look_bound,
    theorem_z,
)

F = Fraction


def test_the_bounds_by_hand() -> None:
    assert theorem_z(9, F(1), 4) == 4 and theorem_z(2, F(1, 2), 3) == F(1, 2) + F(1, 3)
    assert look_bound(F(1, 2)) == 2 and empty_rounds(F(1, 4), F(1, 4), F(1)) == (F(1, 4) + F(1, 2)) / F(3, 4)
    assert [idle_rounds_of_coin(b, 2) for b in (1, 2, 3, 100)] == [0, 0, F(1, 3), F(1, 3)]
    with pytest.raises(PremiseError, match="at least one random bit a round for b > 1, got b=3 and 0 bits"):
        idle_rounds_of_coin(3, 0)


@pytest.mark.parametrize(
    ("expected", "delta", "rounds"),
    [(8, F(1), 0), (9, F(1), 1), (0, F(1, 9), 0), (1, F(1, 80), 9), (F(1, 3), F(1, 24), 0)],
)
def test_the_further_rounds_by_hand(expected: int, delta: Fraction, rounds: int) -> None:
    assert least_further_rounds(F(expected), delta) == rounds


@given(st.fractions(0, 1000), st.fractions(F(1, 1000), 3))
def test_they_are_enough_and_one_less_is_not(expected: Fraction, delta: Fraction) -> None:
    rounds = least_further_rounds(expected, delta)
    assert min(F(1), expected / (rounds + 1)) / 8 <= delta
    assert rounds == 0 or expected / rounds / 8 > delta
