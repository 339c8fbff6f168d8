"""S6: one step on both labels."""

from fractions import Fraction
from itertools import product

import pytest

from constructions.errors import PremiseError
from constructions.foundations.rounding import Grid
from constructions.models.both_labels import BothLabels, one_step_on_both
from verify.claims.models.both_labels import Lopsided
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
VALUES = [F(k, 2) for k in range(-2, 3)]


def gradient(model: BothLabels, zero: Fraction, one: Fraction, y: int) -> Fraction:
    """The derivative of the loss at theta = 0."""
    a, b = model.raised(zero), model.raised(one)
    return Fraction((model.centre(a, b) - y) * -model.slope(a, b))


def test_every_batch_of_two_and_every_rounding_is_answered_within_tau() -> None:
    tau, rho = F(1, 4), F(1, 13)
    model = one_step_on_both(tau, rho)
    samples = list(product(VALUES, VALUES, (0, 1)))
    for batch in product(samples[::3], samples[::4]):
        mean = sum((gradient(model, *each) for each in batch), F(0)) / 2
        wanted = sum((each[each[2]] for each in batch), F(0)) / 2
        for u in Grid(rho=rho).valid(mean):
            assert -u >= rho and abs(model.read(-u) - wanted) <= tau


def test_a_precision_that_is_too_coarse_is_refused() -> None:
    with pytest.raises(PremiseError, match="need rho < tau/3"):
        one_step_on_both(F(1, 4), F(1, 12))
    with pytest.raises(PremiseError, match=r"c - 1/M > 3 rho/4"):
        BothLabels(rho=F(1, 2), floor=F(1, 4), large=F(100)).checked(F(2))


def test_a_lopsided_centre_is_noticed() -> None:
    found = paper_obligations()["lemma3a.both.sample"]
    numbers = {"rho": F(1, 16), "floor": F(1, 2), "large": F(64)}
    assert examine(found, lambda case: BothLabels(**numbers)).verdict is Verdict.PROVED
    assert examine(found, lambda case: Lopsided(**numbers)).verdict is Verdict.REFUTED
