"""Runs on both sides of b rho = 4: what is read of batches, and what two worlds hide."""

from collections import Counter
from fractions import Fraction as F
from random import Random

import pytest

from constructions.errors import PremiseError
from constructions.learning.problems import uniform
from constructions.strip.two_worlds import points_apart
from constructions.theorems.both_sides import (
    consistent_method,
    consistent_run,
    hidden_pairs,
    hidden_run,
    least_hidden_loss,
    samples_for,
)


@pytest.mark.parametrize("b, rho, most", [(8, F(49, 100), 0), (8, F(1, 2), 1), (16, F(1, 2), 2)])
def test_pairs_are_realizable_and_as_far_apart_as_can_be_hidden(b: int, rho: F, most: int) -> None:
    source = uniform(4, lambda x: x[0] ^ x[2])
    pairs = list(hidden_pairs(source, consistent_method(4, b, rho), Random(5)))
    assert len(pairs) == samples_for(4, b) // b
    assert {points_apart(*pair) for pair in pairs} == {most}
    for batch in (each for pair in pairs for each in pair):
        assert max(Counter(x for x, _ in set(batch)).values()) == 1 and len(batch) == b


def test_one_of_two_batches_that_lead_to_the_same_weights_is_read_wrongly() -> None:
    pytest.importorskip("scipy")
    below, above = (consistent_run(3, 8, rho, seed=2) for rho in (F(49, 100), F(1, 2)))
    assert below.loss == below.misread == below.hidden == 0
    assert above.hidden == 1 and above.misread >= 1


def test_larger_problems_are_refused() -> None:
    for n, b in ((7, 8), (3, 33)):
        with pytest.raises(PremiseError, match="need n <= 6 and b <= 32 for HiGHS"):
            consistent_method(n, b, F(1, 2))


@pytest.mark.parametrize("b, rho", [(4, F(1)), (24, F(1, 3)), (50, F(1, 2))])
def test_what_a_noisy_label_loses_is_at_least_what_is_proved(b: int, rho: F) -> None:
    excess, same = hidden_run(2, b, rho, seed=3)
    assert same and excess >= least_hidden_loss(b, rho)
    with pytest.raises(PremiseError, match="need b rho >= 4"):
        hidden_run(2, b, F(4, b) - F(1, 100), seed=3)
