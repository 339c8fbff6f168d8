"""Exact tails by hand, rational bounds around exp, and what the bounds are worth."""

from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given

from constructions.errors import ConstructionError
from constructions.learning.tails import (
    FINE,
    Moments,
    at_least,
    by_moments,
    exact_tail,
    exponential,
    hoeffding,
    markov,
    moment_bounds,
    signs_tail,
)
from tests.rationals import rationals

F = Fraction


@given(rationals(0, 60, 40))
def test_exp_lies_between_its_bounds(x: Fraction) -> None:
    low, high = exponential(x)
    value = sympy.exp(-sympy.Rational(x.numerator, x.denominator))
    assert (value - sympy.Rational(low.numerator, low.denominator)).evalf(60) >= 0
    assert (sympy.Rational(high.numerator, high.denominator) - value).evalf(60) >= 0
    assert high - low <= FINE * high


def test_exp_of_something_positive_is_refused() -> None:
    with pytest.raises(ConstructionError, match="need an exponent x >= 0"):
        exponential(-1)


def test_a_tail_by_hand() -> None:
    assert signs_tail(3, F(1, 3), F(1, 2)) == F(1, 27) + 3 * F(1, 9) * F(2, 3) + F(8, 27)
    assert signs_tail(3, F(1, 3), F(2)) == 0 and signs_tail(1, F(1, 2), F(1, 2)) == 1


def test_half_a_step_from_the_mean_is_not_beyond_it() -> None:
    assert signs_tail(2, F(1, 2), F(1)) == 0 and signs_tail(2, F(1, 2), F(99, 100)) == F(1, 2)


def test_the_bound_falls_with_the_batch() -> None:
    assert hoeffding(0, F(1, 2)) == (F(2), F(2)) and hoeffding(8, F(1, 2)) == tuple(
        2 * value for value in exponential(1)
    )
    assert hoeffding(10, F(1, 2))[0] > hoeffding(11, F(1, 2))[1]


def test_markov_holds_and_is_reached() -> None:
    law = {0: F(3, 4), 4: F(1, 4)}
    assert at_least(law, 4) == markov(sum(value * mass for value, mass in law.items()), 4) == F(1, 4)


@pytest.mark.parametrize("law", [{-1: F(1, 3), 1: F(2, 3)}, {-1: F(1, 4), 0: F(1, 2), 1: F(1, 4)}, {F(-1, 2): F(1)}])
def test_the_moments_of_a_sum_are_those_of_its_exact_law(law: dict[Any, Fraction]) -> None:
    mean = sum(value * mass for value, mass in law.items())
    second, fourth = (sum((F(value) - mean) ** power * mass for value, mass in law.items()) for power in (2, 4))
    found = Moments.of_none()
    for b in range(1, 6):
        found, sums = found.plus(second, fourth), {F(0): F(1)}
        for _ in range(b):
            moved: dict[Fraction, Fraction] = {}
            for total, chance in sums.items():
                for value, mass in law.items():
                    moved[total + value - mean] = moved.get(total + value - mean, F(0)) + chance * mass
            sums = moved
        exact = tuple(sum(total**power * chance for total, chance in sums.items()) for power in (2, 4))
        assert (found.second, found.fourth) == exact
        assert all(got <= most for got, most in zip(exact, moment_bounds(b), strict=True))
        for eta in (F(1, 4), F(1)):
            tail = exact_tail({F(value): mass for value, mass in law.items()}, b, eta)
            assert tail == sum(chance for total, chance in sums.items() if abs(total) > b * eta)
            assert all(tail <= bound for bound in by_moments(b, eta))
