"""A trained network as a method: its budget, and what it returns."""

from dataclasses import replace
from fractions import Fraction

import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.errors import ConstructionError
from constructions.learning.descent_methods import BSGD, FBGD
from constructions.networks.emulation import Plan
from constructions.networks.queries import VC_ONLY
from constructions.training import network_methods
from constructions.training.network_methods import NetworkMethod, lemma_3b
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
PLAN = Plan(machine=best_literal_machine(1, fraction=6), rho=F(1, 32), batch=2)
BATCH = (((0,), 0), ((1,), 1))


def test_the_budget_is_that_of_the_network() -> None:
    sizes = PLAN.sizes
    assert NetworkMethod(plan=PLAN).budget == BSGD(steps=2, rho=F(1, 32), b=2, p=sizes.edges)
    assert NetworkMethod(plan=PLAN, same=True).budget == FBGD(steps=2, rho=F(1, 32), m=2, p=sizes.edges)
    assert (lemma_3b(NetworkMethod(plan=PLAN)).name, lemma_3b(None).delta) == ("Lemma 3b", F(0))


@pytest.mark.parametrize("adversary", ["nearest", "up", "down", "random"])
def test_every_adversary_leads_to_the_learners_predictor(adversary: str) -> None:
    predictor = NetworkMethod(plan=PLAN).trained([BATCH, BATCH], (), adversary=adversary)
    assert [predictor((bit,)) for bit in (0, 1)] == [0, 1]


def test_what_is_too_large_and_what_is_on_a_kink_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = replace(PLAN, setting=replace(VC_ONLY, name="on a kink", control=(F(1, 2), F(1))), tolerance=F(1, 2))
    with pytest.raises(ConstructionError, match="need a loss with a derivative, got a kink at vertex"):
        NetworkMethod(plan=printed).trained([BATCH, BATCH], ())
    monkeypatch.setattr(network_methods, "MOST_EDGES", 10)
    with pytest.raises(ConstructionError, match=r"need a network of at most 10 edges to train it, got [0-9]+: ask for"):
        NetworkMethod(plan=PLAN).trained([BATCH, BATCH], ())


@pytest.mark.parametrize("id", ["lemma3b.runs", "lemma12b.runs"])
def test_a_training_run_is_a_run_of_the_method(id: str) -> None:
    result = discharge(paper_obligations()[id])
    assert (result.verdict, result.twin_verdict) == (Verdict.PROVED, Verdict.REFUTED)
