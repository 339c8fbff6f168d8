"""The same network with its vertices in another order and without names: what a trainer that knows no roles must not
notice."""

import heapq
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np

from constructions.errors import ConstructionError
from constructions.networks.flat import FlatNetwork, Integers
from constructions.networks.trainable import Trainable


def renumbered(net: Trainable, order: Sequence[int] | Integers) -> tuple[Trainable, Integers]:
    """Vertex ``order[i]`` becomes vertex i; returns the network and the new position of every edge.

    The constant and the inputs keep their places; inputs are called 1, ..., n, hints are left out.

    Raises
    ------
    ConstructionError
        For an order that leaves a vertex out, moves a source, or in which an edge leads downwards.

    >>> from fractions import Fraction
    >>> from constructions.networks.flat import flat_network
    >>> from constructions.networks.gates import conjunction
    >>> net = Trainable(network=flat_network(conjunction()), rho=Fraction(1, 16))
    >>> again, edges = renumbered(net, random_order(net, seed=1))
    >>> again((1, 0)) == net((1, 0)), sorted(edges.tolist()) == list(range(len(edges)))
    (True, True)
    """
    flat, chosen = net.network, np.asarray(order, np.int64)
    if chosen.shape != (flat.size,) or not np.array_equal(np.sort(chosen), np.arange(flat.size)):
        raise ConstructionError(f"need an order of all {flat.size} vertices, got another row of {chosen.shape}")
    if not np.array_equal(chosen[: flat.first], np.arange(flat.first)):
        raise ConstructionError(
            f"need the constant and the {len(flat.inputs)} inputs first, in their order, got another start"
        )
    place = np.empty_like(chosen)
    place[chosen] = np.arange(flat.size)
    tails, heads = place[flat.sources], place[flat.heads]
    if (tails >= heads).any():
        i = int(np.argmax(tails >= heads))
        raise ConstructionError(
            f"need an order in which edges lead upwards, got one from place {int(tails[i])} to {int(heads[i])}"
        )
    by_place = np.lexsort((tails, heads))
    position = np.empty_like(by_place)
    position[by_place] = np.arange(len(by_place))
    moved = FlatNetwork(
        inputs=tuple(str(i) for i in range(1, flat.first)),
        offsets=np.concatenate((np.zeros(1, np.int64), np.cumsum(flat.fan_in[chosen]))),
        sources=tails[by_place],
        weights=flat.weights[by_place],
        scale=flat.scale,
        sigma=flat.sigma,
        outputs={"f": int(place[net.output])},
    )
    found = replace(net, network=moved, sampled=position[net.sampled], frozen=position[net.frozen], hints={})
    return found, position


def random_order(net: Trainable, *, seed: int) -> Integers:
    """A random order of a network's vertices, by a seed, in which edges lead upwards: always next, of those whose tails
    have places, the vertex with the least number drawn."""
    flat, source = net.network, Random(seed)
    waiting = flat.fan_in.copy()
    after = np.argsort(flat.sources, kind="stable")
    begins = np.searchsorted(flat.sources[after], np.arange(flat.size + 1))
    heads = flat.heads[after]
    found: list[int] = []
    ready = [(source.random(), v) for v in range(flat.first, flat.size) if not waiting[v]]
    heapq.heapify(ready)

    def place(vertex: int) -> None:
        found.append(vertex)
        for head in heads[begins[vertex] : begins[vertex + 1]].tolist():
            waiting[head] -= 1
            if not waiting[head]:
                heapq.heappush(ready, (source.random(), head))

    for vertex in range(flat.first):
        place(vertex)
    while ready:
        place(heapq.heappop(ready)[1])
    return np.array(found, np.int64)
