"""Templates of blocks: their edges are those of the gadgets, and stamping keeps them."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.networks.blocks import Edges
from constructions.networks.controls import activator, control
from constructions.networks.emulation import Plan
from constructions.networks.layout import BEFORE, HERE, SHARED
from constructions.networks.queries import DYADIC, MINIMAL, query_graph


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(machine=best_literal_machine(2, fraction=6), rho=Fraction(1, 16))


def test_edges_are_sorted_by_head_place_and_tail() -> None:
    def of(heads: list[int], tails: list[int], weight: int, place: int = HERE) -> Edges:
        return Edges.of(np.array(heads), np.array(tails), weight, place)

    joined = Edges.joined([of([5, 4], [1, 2], 7), of([5], [0], 3, SHARED), of([5], [9], 2, BEFORE)])
    assert joined.heads.tolist() == [4, 5, 5, 5]
    assert joined.places.tolist() == [HERE, SHARED, BEFORE, HERE]
    assert joined.weights.tolist() == [7, 3, 2, 7]


@pytest.mark.parametrize("parity", [0, 1])
def test_every_copy_in_a_template_has_the_edges_of_the_gadget(plan: Plan, parity: int) -> None:
    block = plan.blocks[parity]
    graph = query_graph(DYADIC, rho=plan.rho, bits=4, prime=parity == 1)
    rows = zip(*(getattr(block.edges, name).tolist() for name in ("places", "tails", "heads", "weights")), strict=True)
    edges = {(place, u, v): w for place, u, v, w in rows}
    count = len(plan.copies)
    late = block.groups["activators"][0]
    for c in range(count):
        at = {
            "v1": c * 5,
            "vc": late + c,
            "v2": late + count + c,
            "v2'": late + 2 * count + c,
            "v3": late + 3 * count + c,
            "v0": 0,
        }
        at |= {f"vr{i}": int(block.digits[c, i]) for i in range(4)}
        for (u, v), weight in graph.edges.items():
            if v != "v4":
                assert edges[SHARED if u == "v0" else HERE, at[u], at[v]] == weight * plan.stamper.scale, (u, v)
        assert sum(1 for *_, v in edges if v == at["vc"]) == len(activator(DYADIC).edges)
        assert sum(1 for *_, v in edges if v == late + 4 * count + c) == len(control().edges)


def test_groups_cover_a_block_without_overlap(plan: Plan) -> None:
    for block in plan.blocks:
        ends = sorted(block.groups.values())
        assert ends[0][0] == 0 and ends[-1][1] == block.size
        assert all(high == low for (_, high), (low, _) in pairwise(ends))


def test_what_the_output_gets_is_in_the_order_of_vertices(plan: Plan) -> None:
    for block in plan.blocks:
        assert (np.diff(block.to_output) > 0).all() and len(block.to_output) == len(block.output_weights)


def test_the_scale_serves_a_precision_that_is_no_power_of_two() -> None:
    plan = Plan(machine=best_literal_machine(1, fraction=8), rho=Fraction(1, 10), setting=MINIMAL)
    assert plan.stamper.scale % 12 == 0
    assert plan.stamper.scaled(Fraction(1, 12)) * 12 == plan.stamper.scale
