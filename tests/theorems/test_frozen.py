"""Appendix B.1: a part of the network with frozen subnetworks."""

from fractions import Fraction

import pytest

from constructions.foundations.network import Edge
from constructions.foundations.walks import backward, forward
from constructions.models.one_step import OneStep
from constructions.theorems.frozen import OUTPUT, FrozenPart, held_pre_activation, hold_edges, joined, part_graph

F = Fraction
NUMBERS = OneStep(rho=F(1, 8), epsilon=F(1, 4), slope=F(3))
BITS = {0: F(-2), 1: F(2)}


@pytest.mark.parametrize("clock", [False, True])
@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("query", [0, 1])
def test_a_part_adds_its_coefficient_times_its_weight_in_its_turn_and_nothing_else(
    clock: bool, label: int, query: int
) -> None:
    part = FrozenPart(numbers=NUMBERS, label=label, bits=4, clock=clock)
    rest = held_pre_activation(NUMBERS, label)
    for weight, over in ((F(0), 0), (F(3, 8), 1), (F(1), 1)):
        graph, now = part_graph(part, weight=weight), 1 - over
        given = {"now": BITS[now], "clock": BITS[over], "active": BITS[now * query]}
        run = forward(graph, {v: given[v] for v in graph.inputs}, outside={OUTPUT: rest})
        assert run.pre[OUTPUT] == rest and run.out[OUTPUT] == NUMBERS.held(label)
        slope = backward(run, {OUTPUT: F(1)}).edges[part.trained]
        assert slope == (NUMBERS.coefficient(label, NUMBERS.slope if clock else query) if now else 0)
        digits = sum(2**i for i in range(part.bits) if run.out[f"vr{i}"] == 2)
        assert digits == weight / NUMBERS.rho or (now and not clock)


def test_shared_edges_are_added_up() -> None:
    part = FrozenPart(numbers=NUMBERS, label=1, bits=0)
    once, twice = (joined({name: part_graph(part) for name in names}) for names in ("a", "ab"))
    shared: Edge = ("one", OUTPUT)
    assert twice[shared] == 2 * once[shared] and ("b.head", "b.passage") in twice


def test_a_hold_is_nothing_but_in_its_turn() -> None:
    for label in (0, 1):
        edges = hold_edges(NUMBERS, label)
        held = [edges["now", OUTPUT] * BITS[now] + edges["one", OUTPUT] for now in (0, 1)]
        assert held == [0, held_pre_activation(NUMBERS, label)]
