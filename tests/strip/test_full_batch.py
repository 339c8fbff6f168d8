"""One step of full-batch gradient descent: it is bSGD's, and the numbers of what more data does."""

from fractions import Fraction

import pytest

from constructions.errors import PremiseError
from constructions.learning.descent_methods import descent_error
from constructions.learning.error import error
from constructions.learning.gradient_learners import linear_regression
from constructions.learning.learners import memoriser, parity
from constructions.learning.models import PAC
from constructions.learning.problems import uniform
from constructions.strip.full_batch import (
    as_full_batch,
    b0_on_full_batch,
    more_data,
    not_given_away,
    privacy_bound,
    within_sq,
)
from constructions.strip.readout import level_for

F = Fraction


def test_one_step_reads_the_whole_sample() -> None:
    source = uniform(1, lambda x: x[0])
    made = b0_on_full_batch(1, m=2, rho=F(13, 20), realizable=True)(memoriser(1, 2))  # m rho = 13/10
    assert descent_error(made, source) == error(memoriser(1, 2), source) and made.budget.steps == 1


def test_more_data_hurts_for_more_bits_only() -> None:
    found = more_data(60, F(1, 200), F(1, 100))
    assert found.few < found.many and found.error < found.least
    assert more_data(12, F(1, 200), F(1, 100)).least == 0  # too few bits for the number of parameters
    assert within_sq(F(1, 24), steps=1, parameters=10, delta=F(1, 20)) < found.many


def test_less_is_kept_private_from_more_parameters() -> None:
    n, b, rho = 20, 400, F(1, 20)
    kept = [not_given_away(n, b, rho, 10**k) for k in range(2, 40, 4)]
    assert kept == sorted(kept, reverse=True) and kept[0] == b > kept[-1]
    for level in range(1, 60):
        d0 = next(each for each in range(1, 10**4) if level_for(F(b) * 3 * rho / 4, each) <= level)
        assert F(d0 - 1, b) < F(privacy_bound(F(b), rho, level)) <= F(d0, b)


def test_what_is_no_full_batch_is_refused() -> None:
    with pytest.raises(PremiseError, match="need bSGD with one step, got BSGD"):
        as_full_batch(linear_regression(1, b=2, rho=F(1, 2)))
    with pytest.raises(PremiseError, match="need a method with m = 3 samples, all of the batch, got 2"):
        b0_on_full_batch(1, m=3, rho=F(1, 4)).budget(PAC(m=2))
    with pytest.raises(PremiseError, match="need 0 < b rho < 4/3"):
        b0_on_full_batch(2, m=4, rho=F(1, 3))(parity(2, 4))
