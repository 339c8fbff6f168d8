"""Theorems 1c and 3c: queries about the source do what gradient descent does, with large batches."""

from fractions import Fraction
from math import log
from typing import Any

import pytest

from constructions.errors import PremiseError
from constructions.foundations.activation import IDENTITY
from constructions.foundations.network import Network
from constructions.learning.descent_methods import BSGD, FBGD, network_method
from constructions.learning.models import SQ
from constructions.learning.oracles import highest, lowest, run
from constructions.learning.problems import uniform
from constructions.reductions.descent_by_source import theorem_1c, theorem_3c
from verify.discharge.one import discharge
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict

F = Fraction
BOTH = [(theorem_1c, False), (theorem_3c, True)]


def regression(b: int, *, same: bool) -> Any:
    edges = {("x1", "f"): F(0), ("one", "f"): F(1, 2)}
    net = Network(inputs=("x1",), outputs=("f",), edges=edges, constant="one", sigma=IDENTITY)
    return network_method(net, steps=12, rho=F(1, 8), b=b, rate=F(1, 2), same=same)


@pytest.mark.parametrize(("build", "same"), BOTH)
@pytest.mark.parametrize("oracle", [highest, lowest])
def test_the_method_learns_without_a_sample(build: Any, same: bool, oracle: Any) -> None:
    made = build(delta=F(1, 20))(regression(10**5, same=same))
    assert made.budget == SQ(k=24, tau=F(1, 64)) == build(delta=F(1, 20)).printed(regression(10**5, same=same).budget)
    h = run(made, uniform(1, lambda x: x[0]), oracle=oracle)
    assert 0 <= h((0,)) < F(1, 4) < F(3, 4) < h((1,)) <= 1


@pytest.mark.parametrize(("build", "same"), BOTH)
def test_a_batch_is_large_enough_where_the_premise_says_so(build: Any, same: bool) -> None:
    least = 128 * log(24 * 20) * 64
    build(delta=F(1, 20))(regression(int(least * 1.01), same=same))
    with pytest.raises(PremiseError, match=r"need kp exp\(-b tau\^2/8\) <= delta"):
        build(delta=F(1, 20))(regression(int(least * 0.9), same=same))


def test_a_slack_lowers_the_tolerance() -> None:
    found = theorem_1c(delta=F(1, 20), slack=F(1, 64)).budget(BSGD(steps=3, rho=F(1, 8), b=9, p=2, r=1))
    assert found == SQ(k=6, tau=F(1, 128), r=1)
    assert theorem_3c(delta=F(1, 20)).budget(FBGD(steps=3, rho=F(1, 8), m=9, p=2)) == SQ(k=6, tau=F(1, 64))


@pytest.mark.parametrize("id", ["theorem1c.simulates", "theorem3c.simulates"])
def test_the_top_statements_are_proved(id: str) -> None:
    result = discharge(paper_obligations()[id])
    assert (result.verdict, result.twin_verdict) == (Verdict.PROVED, Verdict.REFUTED)
