"""The error budget: digits, copies and bounds by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructions.errors import ConstructionError, PremiseError
from constructions.networks.budget import (
    copies_per_step,
    error_bounds,
    floor_log2_inverse,
    printed_copies_per_step,
    printed_digits,
    query_digits,
    signed_error,
)
from constructions.networks.queries import DYADIC, MINIMAL, STRONG

precisions = st.fractions(min_value=Fraction(1, 10**6), max_value=Fraction(999, 1000))


def test_the_minimal_repair_is_off_by_minus_3_halves_to_7_halves() -> None:
    assert error_bounds(MINIMAL) == (Fraction(-3, 2), Fraction(7, 2))


@pytest.mark.parametrize("setting", [STRONG, DYADIC])
def test_the_strong_gadget_is_off_by_minus_1_to_17_eighths(setting: object) -> None:
    assert error_bounds(setting) == (Fraction(-1), Fraction(17, 8))  # type: ignore[arg-type]


def test_a_difference_of_two_readings_is_off_by_the_width_of_the_bounds() -> None:
    assert (signed_error(MINIMAL), signed_error(STRONG)) == (Fraction(5), Fraction(25, 8))


@pytest.mark.parametrize(
    ("value", "floor"), [(1, 0), (Fraction(1, 2), 1), (Fraction(51, 100), 0), (Fraction(1, 3), 1), ("1/8", 3)]
)
def test_floor_log2_inverse_by_hand(value: Fraction, floor: int) -> None:
    assert floor_log2_inverse(value) == floor


@given(precisions)
def test_floor_log2_inverse_is_the_largest_power(value: Fraction) -> None:
    power = floor_log2_inverse(value)
    assert Fraction(1, 2 ** (power + 1)) < value <= Fraction(1, 2**power)


@pytest.mark.parametrize("value", [0, -1, Fraction(3, 2)])
def test_floor_log2_inverse_refuses_what_is_not_in_0_to_1(value: Fraction) -> None:
    with pytest.raises(PremiseError, match="need 0 < value <= 1"):
        floor_log2_inverse(value)


@given(precisions)
def test_query_digits_leave_out_at_most_rho_and_one_fewer_would_not_do(rho: Fraction) -> None:
    digits = query_digits(rho)
    assert Fraction(1, 2**digits) <= rho < Fraction(2, 2**digits)


@pytest.mark.parametrize("rho", [0, 1, -1, 2])
def test_query_digits_need_rho_between_0_and_1(rho: int) -> None:
    with pytest.raises(PremiseError, match="need 0 < rho < 1"):
        query_digits(rho)


def test_copies_of_a_step_count_the_clock() -> None:
    assert [copies_per_step(p, Fraction(1, 8)) for p in (0, 1, 3)] == [1, 4, 10]


def test_a_signed_query_takes_twice_the_copies_and_a_digit_more() -> None:
    assert copies_per_step(3, Fraction(1, 8), signed=True) == 2 * 3 * 4 + 1


def test_the_printed_count_is_too_small_for_two_queries_of_two_digits_more() -> None:
    tau = Fraction(1, 4)
    assert printed_copies_per_step(2, tau) == 7 and 2 * printed_digits(tau) + 1 == 9


def test_a_negative_number_of_queries_is_refused() -> None:
    with pytest.raises(ConstructionError, match="p"):
        copies_per_step(-1, Fraction(1, 8))
