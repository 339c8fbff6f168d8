"""Theorems 1b and 3b: samples do what gradient descent does, through the method by queries."""

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from constructions.foundations.activation import IDENTITY
from constructions.foundations.network import Network
from constructions.foundations.rounding import Grid
from constructions.learning.descent_methods import BSGD, FBGD, descent_error, network_method
from constructions.learning.error import error
from constructions.learning.models import PAC
from constructions.learning.problems import uniform
from constructions.reductions import descent_by_samples
from constructions.reductions.bsq import theorem_2b
from constructions.reductions.descent_by_samples import theorem_1b, theorem_3b
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
NET = Network(
    inputs=("x1",), outputs=("f",), edges={("x1", "f"): F(1, 8), ("one", "f"): F(0)}, constant="one", sigma=IDENTITY
)


@pytest.mark.parametrize(("build", "same"), [(theorem_1b, False), (theorem_3b, True)])
@pytest.mark.parametrize("rho", [F(1, 4), F(3, 5)])
def test_samples_lose_no_more_than_descent(build: Any, same: bool, rho: Fraction) -> None:
    source = uniform(1, lambda x: x[0], noise=F(1, 5))
    method = network_method(NET, steps=2, rho=rho, b=1, rate=F(1, 2), same=same)
    made = build()(method)
    assert made.budget == PAC(m=1 if same else 2) == build().printed(method.budget)
    assert error(made, source) <= descent_error(method, source)


def test_a_run_takes_the_rounded_steps_of_its_batches() -> None:
    method = network_method(NET, steps=3, rho=F(1, 4), b=2, rate=F(1, 2))
    sample = uniform(1, lambda x: 1 - x[0]).batch(6, Random(4))
    model: Any = NET
    for t in range(3):
        gradient = method.descent.batch_gradient(model, sample[2 * t : 2 * t + 2])
        moved = {edge: Grid(rho=F(1, 4)).nearest(value) for edge, value in gradient.items()}
        model = model.with_weights({edge: model.weight(*edge) - u / 2 for edge, u in moved.items()})
    h = theorem_1b()(method).learn(sample, ())
    assert [h((bit,)) for bit in (0, 1)] == [method.predictor(model)((bit,)) for bit in (0, 1)]


def test_budgets_are_those_of_the_samples_that_descent_sees() -> None:
    assert theorem_1b().budget(BSGD(steps=5, rho=F(1, 8), b=4, p=3, r=2)) == PAC(m=20, r=2)
    assert theorem_3b().budget(FBGD(steps=5, rho=F(1, 8), m=4, p=3, r=2)) == PAC(m=4, r=2)
    assert theorem_1b().delta == theorem_3b().delta == 0 and theorem_1b().name == "Theorem 1b"


@pytest.mark.parametrize("id", ["theorem1b.simulates", "theorem3b.simulates"])
def test_the_top_statements_are_proved(id: str) -> None:
    result = discharge(paper_obligations()[id])
    assert (result.verdict, result.twin_verdict) == (Verdict.PROVED, Verdict.REFUTED)


def test_a_chain_that_samples_too_little_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = replace(theorem_2b(), budget=lambda budget: PAC(m=budget.k, r=budget.r))
    monkeypatch.setattr(descent_by_samples, "theorem_2b", lambda: fewer)
    assert discharge(paper_obligations()["theorem1b.simulates"]).verdict is not Verdict.PROVED
