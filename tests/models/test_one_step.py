"""Equation (9) and Lemma 8: one step on small batches, by hand."""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from constructions.errors import PremiseError
from constructions.foundations.exact import Number
from constructions.foundations.rounding import down, nearest, up
from constructions.learning.models import BSQ, QueryMethod
from constructions.learning.problems import Bits
from constructions.models.answering import AnsweringModel, answer_edge, clock_edge
from constructions.models.one_step import OneStep, as_printed, plain, products, steep, tolerance_between
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction


def iterates(descent: Any, weights: Any, batches: Any) -> Any:
    """The models after each step."""
    return descent.bsgd(weights, batches)


def one_round(tau: Fraction, b: int) -> QueryMethod:
    """Asks on label 1 for x1 and for 1 - 2 x1."""
    return QueryMethod(
        n=1,
        budget=BSQ(k=1, tau=tau, b=b, p=2, alternating=True),
        start=lambda bits: (),
        query=lambda state: lambda x, y: (y * x[0], y * (1 - 2 * x[0])),
        after=lambda state, answers: answers,
        predictor=lambda state: lambda x: state[0],  # type: ignore[index]
    )


@pytest.mark.parametrize("adversary", [up, down, nearest])
@pytest.mark.parametrize("make", [lambda t: as_printed(t), lambda t: plain(t, t / 2), lambda t: steep(t, F(5, 4) * t)])
def test_a_step_writes_both_answers_and_moves_the_clock(make, adversary) -> None:  # type: ignore[no-untyped-def]
    tau = F(1, 4)
    model = AnsweringModel(method=one_round(tau, 2), numbers=make(tau))
    for batch in product([((x,), y) for x in (0, 1) for y in (0, 1)], repeat=2):
        (after,) = iterates(model.descent(adversary), model.start(()), [batch])
        for j in (1, 2):
            mean = sum((F(one_round(tau, 2).ask((), 1)(x, y)[j - 1]) for x, y in batch), F(0)) / 2
            assert abs(after.edges[answer_edge(1, j)] - mean) <= tau
        assert after.edges[clock_edge(1)] >= model.numbers.rho


def test_numbers_that_will_not_do_are_refused_with_the_inequality() -> None:
    tau = F(1, 4)
    with pytest.raises(PremiseError, match=r"epsilon \+ 3 rho/4 <= tau = 1/4, got 9/32"):
        OneStep(rho=F(1, 8), epsilon=F(3, 16)).checked(tau)
    with pytest.raises(PremiseError, match="epsilon slope > 3 rho/4"):
        plain(tau, F(1, 6)).checked(tau)
    with pytest.raises(PremiseError, match="rho < 4 tau/3"):
        steep(tau, F(1, 2)).checked(tau)
    assert plain(tau, F(1, 6) - F(1, 1000)).checked(tau) and steep(tau, F(1, 3) - F(1, 1000)).checked(tau)


def test_lemma_8_as_printed_fails_where_clipping_acts() -> None:
    numbers = OneStep(rho=F(1, 2), epsilon=F(2))  # E100
    model = AnsweringModel(method=one_round(F(4), 1), numbers=numbers)
    (after,) = iterates(model.descent(nearest), model.start(()), [[((1,), 1)]])
    assert after.edges[clock_edge(1)] == 1 < numbers.epsilon - numbers.rho


def test_products_and_tolerance() -> None:
    assert products([F(1), F(2)], [F(3), F(4)], before=F(1)) == 12
    for b, rho in ((1, F(13, 20)), (7, F(2, 22))):
        tau = tolerance_between(b, rho, F(2, 3))
        assert b * tau < F(1, 2) and rho < 4 * tau / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetful(OneStep):
    """Holds the output at the label itself, so that no sample of it loses anything."""

    def held(self, label: Number) -> Number:
        """The other side of the label."""
        return label + (1 - 2 * label) * self.epsilon


def test_another_held_output_is_noticed() -> None:
    found = paper_obligations()["lemma8.sample"]
    rho, epsilon, slope = F(1, 8), F(1, 4), F(1)
    right = OneStep(rho=rho, epsilon=epsilon, slope=slope)
    assert examine(found, lambda case: right).verdict is Verdict.PROVED
    broken = Forgetful(rho=rho, epsilon=epsilon, slope=slope)
    assert examine(found, lambda case: broken).verdict is Verdict.REFUTED
    assert replace(right, slope=F(2)).of_clock(0) == -2


def test_points_are_bits() -> None:
    x: Bits = (1,)
    assert one_round(F(1, 4), 1).ask((), 1)(x, 1) == (1, -1)
