"""Corollaries 1, 2 and 3 for neural networks: what a theorem makes is within the polynomials."""

from fractions import Fraction

from constructions.theorems.network_classes import (
    edges_for_one_sample,
    edges_for_queries,
    edges_for_samples,
    gradient_work,
    network_precision,
    power_of,
    time_from_samples,
    time_from_source,
)
from verify.discharge.one import examine
from verify.obligations.catalogue import paper_obligations
from verify.obligations.verdict import Verdict


def test_the_bounds_are_powers_of_the_bound() -> None:
    assert [edges_for_samples(3, 2), edges_for_one_sample(3, 2)] == [5200 * 3 * 2**7, 2780 * 3 * 2**7]
    assert edges_for_queries(2) == 275010 * 2**10
    work = gradient_work(2)
    assert (time_from_samples(2, work), time_from_source(work)) == (3456 * 2 * work**4, 50 * work**4)


def test_the_precision_suits_theorem_3a() -> None:
    assert all(m * network_precision(m) < Fraction(1, 8) and network_precision(m) < Fraction(1, 4) for m in (1, 2, 50))


def test_too_small_a_bound_is_noticed() -> None:
    work = paper_obligations()["corollary2.network.work"]
    assert examine(work, lambda case: lambda most: power_of(most, 5)).verdict is Verdict.REFUTED
