"""The limits of the two number systems, and what is noted where one is passed."""

import numpy as np
import pytest

from constructions.training.number_limits import (
    ADJOINT,
    FLOAT_MOST,
    SUM,
    WHAT,
    WHOLE_MOST,
    farther,
    fault_in_words,
    fits,
    fits_whole,
    no_fault,
)


@pytest.mark.parametrize(
    ("size", "holds", "noted"),
    [
        (1.0, True, [-1, -1, -1, -1, -1, -1]),
        (np.nextafter(FLOAT_MOST, 0.0), True, [-1, -1, -1, -1, -1, -1]),
        (FLOAT_MOST, True, [5, SUM, 54, -1, -1, -1]),
        (np.nextafter(WHOLE_MOST, 0.0), True, [5, SUM, 62, -1, -1, -1]),
        (WHOLE_MOST, False, [5, SUM, 62, 5, SUM, 62]),
        (4 * WHOLE_MOST, False, [5, SUM, 64, 5, SUM, 64]),
    ],
)
def test_a_number_fits_below_the_limit_and_not_at_it(size: float, holds: bool, noted: list[int]) -> None:
    fault = no_fault()
    assert fits(fault, size, 5, SUM) is holds and fault.tolist() == noted


def test_the_first_fault_stays() -> None:
    fault = no_fault()
    assert not fits(fault, WHOLE_MOST, 5, SUM) and not fits(fault, 8 * WHOLE_MOST, 6, ADJOINT)
    assert fault.tolist() == [5, SUM, 62, 5, SUM, 62]


def test_what_only_integers_must_hold_is_no_fault_of_floats() -> None:
    fault = no_fault()
    assert fits_whole(fault, FLOAT_MOST, 5, SUM) and not fits_whole(fault, WHOLE_MOST, 6, ADJOINT)
    assert fault.tolist() == [-1, -1, -1, 6, ADJOINT, 62]


def test_every_kind_of_number_has_words() -> None:
    said = {fault_in_words(np.array([7, what, 60])) for what in WHAT}
    assert len(said) == len(WHAT) == 7 and all(text.startswith("60 bits in ") for text in said)


def test_the_farther_end_counts_whatever_its_sign() -> None:
    assert (farther(-3, 2), farther(-1, 4), farther(5, 6), farther(-6, -5)) == (3.0, 4.0, 6.0, 6.0)
