"""From how many bits on gradient descent is beyond SQ, and a run there."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from constructions.errors import ConstructionError, PremiseError
from constructions.foundations.rounding import Adversary, randomly
from constructions.strip.beyond_sq import (
    Comparison,
    consistent_batches,
    least_bits,
    one_step_that_reads_all,
    parity_is_found,
)
from constructions.strip.given_away import farthest
from constructions.strip.noisy import statistical_error


@pytest.mark.parametrize("compared, n", [(one_step_that_reads_all, 29), (consistent_batches, 43)])
def test_comparisons_are_empty_below_some_number_of_bits_and_not_from_there_on(
    compared: Callable[[int], Comparison], n: int
) -> None:
    assert least_bits(compared).n == n
    for found in (compared(n), compared(n + 1)):
        asked = Fraction(found.parameters) / (found.rho / 8) ** 2 / 2**found.n
        assert found.least == Fraction(1, 8) - Fraction(1, 2**found.n) - asked > found.error
        assert found.least == statistical_error(found.n, found.parameters, found.rho / 8)
    assert compared(n - 1).says_nothing
    with pytest.raises(PremiseError, match=f"need more than {n - 1} bits"):
        least_bits(compared, n - 1)


@pytest.mark.parametrize("adversary", [farthest, randomly(3)])
@pytest.mark.parametrize("target", [0x15A3B2C1, 1])
def test_one_step_finds_a_parity_where_sq_cannot(adversary: Adversary, target: int) -> None:
    found = least_bits(one_step_that_reads_all)
    assert not found.says_nothing and found.steps == 1 and found.b * found.rho == Fraction(33, 25)
    assert parity_is_found(found, target=target, adversary=adversary, seed=2)
    with pytest.raises(ConstructionError, match="need one of the valid roundings"):
        parity_is_found(found, target=target, adversary=lambda choice: Fraction(0), seed=2)
