"""What the certifier must refuse: a first set of attacks, each a change to a finished network. A larger campaign is
elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from random import Random

import numpy as np
import pytest

from constructions.computation.learner_machines import best_literal_machine
from constructions.networks.emulation import Plan
from constructions.networks.trainable import Trainable
from constructions.training.engine import engine_of
from verify.certifier.certificate.certification import Certification
from verify.certifier.certify import certify_network

Edges = dict[tuple[int, int], int]


@cache
def plan() -> Plan:
    """Two rounds, two queries; 780 vertices."""
    return Plan(machine=best_literal_machine(1, fraction=5), rho=Fraction(1, 8), tolerance=Fraction(1))


def edges_of(net: Trainable) -> Edges:
    """Tail and head of every edge, with its weight over the scale."""
    flat = net.network
    return {
        (u, v): w for u, v, w in zip(flat.sources.tolist(), flat.heads.tolist(), flat.weights.tolist(), strict=True)
    }


def with_edges(net: Trainable, edges: Edges) -> Trainable:
    """The network with other edges; the sampled ones must be there still."""
    flat = net.network
    rows = sorted((v, u, w) for (u, v), w in edges.items())
    heads, sources, weights = (np.array([row[i] for row in rows], np.int64) for i in range(3))
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(heads, minlength=flat.size))))
    places = {(u, v): i for i, (v, u, _) in enumerate(rows)}
    sampled = [places[int(flat.sources[i]), int(flat.heads[i])] for i in net.sampled]
    return replace(
        net,
        network=replace(flat, offsets=offsets, sources=sources, weights=weights),
        sampled=np.array(sampled, np.int64),
    )


def changed(net: Trainable, *, put: Edges | None = None, drop: tuple[tuple[int, int], ...] = ()) -> Trainable:
    """The network with some edges put in (or given another weight) and some left out."""
    edges = {edge: weight for edge, weight in edges_of(net).items() if edge not in drop}
    return with_edges(net, edges | (put or {}))


def group(plan: Plan, name: str) -> range:
    """The vertices of a named range of a plan's network."""
    low, high = next((int(str(low)), int(str(high))) for found, low, high in plan.groups if found == name)
    return range(low, high)


def outcome(**change: object) -> Certification:
    """What the certifier says of the changed network."""
    return certify_network(changed(plan().trainable, **change), plan().machine)  # type: ignore[arg-type]


def refused(premise: str, **change: object) -> str:
    """The changed network is refused for this premise; returns why."""
    refusal = outcome(**change).refusal
    assert refusal is not None and refusal.premise in premise, refusal
    return refusal.what


def controls(round_: int) -> tuple[list[int], int]:
    """The cancellers of a round, the clock's first, and its primary control."""
    return list(group(plan(), f"round {round_}: cancellers")), group(plan(), f"round {round_}: primary control")[0]


def weight(tail: int, head: int) -> int:
    """The weight of an edge over the scale."""
    return edges_of(plan().trainable)[tail, head]


def output() -> int:
    """The output vertex."""
    return plan().trainable.output


def copy_of(round_: int, place: int) -> dict[str, int]:
    """The vertices of a copy by name."""
    v = {"v1": group(plan(), f"round {round_}: memory")[place * (1 + plan().decoder.bits)]}
    paths, count = group(plan(), f"round {round_}: paths"), len(plan().copies)
    return (
        v
        | {"v2": paths[place], "v2'": paths[count + place], "v3": paths[2 * count + place]}
        | {"vc": group(plan(), f"round {round_}: activators")[place]}
    )


@pytest.mark.parametrize("tail", [0, 1, 2, 40])
@pytest.mark.parametrize("size", [0, 1, 512])
def test_an_edge_into_the_output_from_anything_else_is_refused_whatever_its_weight(tail: int, size: int) -> None:
    refused("b", put={(tail, output()): size})


def test_an_edge_into_a_copy_is_refused_even_of_weight_0() -> None:
    copy = copy_of(1, 1)
    for head in ("v1", "v2", "v2'", "v3"):
        for size in (0, 300):
            refused("abcdk", put={(1, copy[head]): size})
            refused("abcdk", put={(copy_of(1, 0)["v1"], copy[head]): size})
    refused("bck", put={(copy["v1"], copy["v3"]): 6 * 128})


def test_an_edge_out_of_a_copy_is_refused_even_of_weight_0() -> None:
    copy, gate = copy_of(1, 0), group(plan(), "predictor")[-1]
    for tail in copy:
        refused("c", put={(copy[tail], gate): 0})
    cancellers, primary = controls(1)
    for control in (cancellers[0], primary):
        refused("b", put={(control, gate): 0})


@pytest.mark.parametrize("factor", [2, -1, 0])
def test_weights_of_a_copy_count(factor: int) -> None:
    copy = copy_of(2, 1)
    for edge in (
        (0, copy["v1"]),
        (copy["v1"], copy["v2"]),
        (copy["v2"], copy["v3"]),
        (copy["v3"], output()),
        (0, copy["vc"]),
    ):
        refused("bcde", put={edge: factor * weight(*edge)})


def test_a_canceller_or_primary_of_another_weight_is_refused() -> None:
    cancellers, primary = controls(1)
    for tail in (*cancellers, primary):
        refused("ceg", put={(tail, output()): weight(tail, output()) + 40})


def test_a_control_of_a_later_round_driven_by_the_bits_of_an_earlier_one_is_refused() -> None:
    edges = edges_of(plan().trainable)
    for early, late in ((controls(1)[1], controls(2)[1]), (controls(1)[0][1], controls(2)[0][1])):
        theirs, own = ({u: w for (u, head), w in edges.items() if head == v} for v in (early, late))
        refused(
            "ceg", put={(u, late): w for u, w in theirs.items()}, drop=tuple((u, late) for u in own if u not in theirs)
        )


def test_a_canceller_driven_by_another_copy_is_refused() -> None:
    (_, second, third), _ = controls(1)
    edges = edges_of(plan().trainable)
    bits = {v: [u for (u, w) in edges if w == v and u] for v in (second, third)}
    (mine,), (other,) = set(bits[second]) - set(bits[third]), set(bits[third]) - set(bits[second])
    refused("e", put={(other, second): edges[mine, second]}, drop=((mine, second),))


def test_a_copy_of_a_later_round_driven_by_an_earlier_bit_is_refused() -> None:
    edges, early, late = edges_of(plan().trainable), copy_of(1, 0)["vc"], copy_of(2, 0)["vc"]
    ((one,), (two,)) = ([u for (u, v) in edges if v == vc and u] for vc in (early, late))
    refused("ek", put={(one, late): edges[two, late]}, drop=((two, late),))


def test_a_copy_without_its_vc_or_with_anothers_is_refused() -> None:
    copy, other = copy_of(1, 1), copy_of(1, 2)
    put = {(other["vc"], copy[name]): weight(copy["vc"], copy[name]) for name in ("v2", "v2'", "v3")}
    refused("abcdk", put=put, drop=tuple((copy["vc"], copy[name]) for name in ("v2", "v2'", "v3")))


def gates_that_matter(count: int, seed: int) -> list[tuple[int, int]]:
    """Edges into gates of the computation, drawn."""
    low, high = group(plan(), "round 1: computation"), group(plan(), "round 2: computation")
    inside = {*low, *high}
    edges = [edge for edge in edges_of(plan().trainable) if edge[1] in inside and edge[0]]
    return Random(seed).sample(edges, count)


def same_runs(one: Trainable, other: Trainable, seed: int) -> bool:
    """Whether two networks give the same outputs in a run and after it, under four adversaries."""
    source = Random(seed)
    points = np.array([[0], [1]])
    for adversary in ("nearest", "down", "up", "toward-zero"):
        for size in (1, 2, 3):
            drawn = [[source.randrange(2) for _ in range(size)] for _ in range(4)]
            batches = [(points[drawn[i]], np.array(drawn[i + 1])) for i in (0, 2)]
            engines = [engine_of(replace(net, batch=size), adversary=adversary) for net in (one, other)]
            if any(len({engine.step(x, y).outputs for engine in engines}) > 1 for x, y in batches):
                return False
            if len({engine.outputs(points) for engine in engines}) > 1:
                return False
    return True


CHANGES: dict[str, Callable[[Edges, tuple[int, int]], None]] = {
    "negated": lambda edges, edge: edges.update({edge: -edges[edge]}),
    "doubled": lambda edges, edge: edges.update({edge: 2 * edges[edge]}),
    "gone": lambda edges, edge: edges.update({edge: 0}),
    "constant": lambda edges, edge: edges.update(
        {(0, edge[1]): edges.get((0, edge[1]), 0) + 8 * plan().trainable.network.scale}
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_gate_is_refused_or_changes_no_run(change: str) -> None:
    net, kept = plan().trainable, 0
    for number, edge in enumerate(gates_that_matter(12, seed=3)):
        edges = edges_of(net)
        CHANGES[change](edges, edge)
        mutant = with_edges(net, edges)
        if certify_network(mutant, plan().machine).certified:
            kept += 1
            assert same_runs(net, mutant, number), edge
    assert kept < 12


@pytest.mark.parametrize("shift", [1, -1])
def test_a_gate_whose_weights_move_by_little_is_still_a_gate(shift: int) -> None:
    for edge in gates_that_matter(5, seed=4):
        assert outcome(put={edge: weight(*edge) + shift}).certified


def test_an_edge_of_weight_0_into_a_gate_does_no_harm() -> None:
    assert outcome(put={(1, group(plan(), "predictor")[0]): 0}).certified
    assert outcome(put={(30, group(plan(), "round 2: computation")[-1]): 0}).certified


def test_random_bits_bound_otherwise_are_refused() -> None:
    net = plan().trainable
    refusal = certify_network(replace(net, sampled=np.array([0])), plan().machine).refusal
    assert refusal is not None and refusal.premise == "h"
