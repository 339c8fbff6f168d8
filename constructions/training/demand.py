"""Which vertices a sample has to go through: those that the output needs.

Before a step it is known of every vertex between which bounds and on which grid its outputs lie, whatever x
(:mod:`constructions.training.exactness`). A vertex is *settled* if that is one single output, with the vertex strictly
flat: no x changes it, and it passes no gradient down. So nothing that leads into it need be known. The output is
*needed*; so is each tail of a vertex that is needed and not settled, but for those settled at 0. A vertex that is
needed and not settled is *followed*: samples go through these alone. The others may hold old values, which nobody
reads: an adjoint that is not 0 comes down to a vertex through vertices that are needed and not strictly flat, so that
all their tails are needed, or always 0.

In a network with a clock in its weights this leaves one round. What belongs to another round goes through a gate with
the clock; with the clock off that gate has one output for every x, and with it everything behind it rests, although the
inputs lead into every round. Nothing here knows of clocks or rounds: the bounds show it.

Kept are, of every vertex, the edges into heads that are followed, without blank ones (whose tail is settled at 0).
They change only where a bound has changed.
"""

from typing import NamedTuple

import numpy as np

from constructions.training.compiled import compiled, compiled_borrowing
from constructions.training.kernels import GraphArrays, Integers, Table, VertexBounds
from constructions.training.marks import ANEW, HERE, Fanout, Marks, last_marked, no_marks, put_mark, take_mark
from constructions.training.output_bounds import is_settled


class Demand(NamedTuple):
    """Who is followed, and the edges into them by their tails.

    Parameters
    ----------
    begins, lengths : (N + 1,) and (N,) arrays
        Those of vertex u are at ``begins[u]`` to before ``begins[u] + lengths[u]``.
    heads, edges : (m,) arrays
        The heads, and the edges' positions in the network's arrays.
    place : (m,) array
        Where in these two each edge is, plus 1; 0 if it is not there.
    followed : (N,) array of bool
        Whether a vertex is followed.
    reached : Marks
        The vertices of which it is to be found again.
    """

    begins: Integers
    lengths: Integers
    heads: Integers
    edges: Integers
    place: Integers
    followed: Table
    reached: Marks


def no_demand(fanout: Fanout, output: int) -> Demand:
    """Nobody is followed yet; it is to be found from the output down, in a network whose edges are ``fanout``.

    >>> from constructions.training.marks import fanout_of
    >>> demand = no_demand(fanout_of(np.array([0, 0, 0, 2]), np.array([0, 1])), 2)
    >>> demand.lengths.tolist(), demand.reached.mark.tolist()
    ([0, 0, 0], [0, 0, 1])
    """
    size, edges = len(fanout.offsets) - 1, len(fanout.edges)
    lengths, followed = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    heads, positions, place = (np.zeros(edges, np.int64) for _ in range(3))
    demand = Demand(fanout.offsets, lengths, heads, positions, place, followed, no_marks(size))
    put_mark(demand.reached, output, HERE)
    return demand


@compiled
def renew_demand(net: GraphArrays, known: VertexBounds, demand: Demand, changed: Marks) -> None:
    """Bring ``demand`` up to date: who is needed and who is followed in the network ``net``, of whose vertices
    ``known`` holds, downwards from the marked ones.

    Each vertex that is reached and needed is marked in ``changed``: its output is to be found anew.

    >>> from fractions import Fraction
    >>> from constructions.foundations.activation import IDENTITY
    >>> from constructions.training.engine import Engine
    >>> from constructions.training.marks import fanout_of
    >>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([1, 2])}
    >>> engine = Engine(**arrays, scale=2, inputs=1, output=2, sigma=IDENTITY, batch=1, rho=Fraction(1, 4))  # 1/2 + x
    >>> demand, changed = no_demand(fanout_of(engine.offsets, engine.sources), 2), no_marks(3)
    >>> renew_demand(engine.arrays, engine.ranges().known, demand, changed)
    >>> demand.followed.tolist(), demand.lengths.tolist(), changed.mark.tolist()
    ([False, False, True], [1, 1, 0], [0, 0, 2])
    """
    v = last_marked(demand.reached, len(demand.lengths) - 1)
    while v >= net.first:
        take_mark(demand.reached, v)
        needed = v == net.output or demand.lengths[v] > 0
        follows = needed and not is_settled(known, v)
        if follows or demand.followed[v]:
            renew_edges(net, known, demand, v, follows)
        demand.followed[v] = follows
        if needed:
            put_mark(changed, v, ANEW)
        v = last_marked(demand.reached, v - 1)


@compiled_borrowing
def renew_edges(net: GraphArrays, known: VertexBounds, demand: Demand, v: int, follows: bool) -> None:
    """Have the edges into vertex v that are not blank if it is followed, else none."""
    for e in range(net.offsets[v], net.offsets[v + 1]):
        wanted = follows and not known.blank[e]
        if wanted and demand.place[e] == 0:
            add_edge(demand, net.sources[e], v, e)
        elif not wanted and demand.place[e] != 0:
            take_edge(demand, net.sources[e], e)


@compiled_borrowing
def add_edge(demand: Demand, u: int, v: int, e: int) -> None:
    """Note in ``demand`` that edge e from vertex u leads into v, which needs it now; u is reached if it was not needed
    before.

    >>> from constructions.training.marks import fanout_of
    >>> demand = no_demand(fanout_of(np.array([0, 0, 0, 2]), np.array([0, 1])), 2)
    >>> add_edge(demand, 1, 2, 1)
    >>> demand.lengths.tolist(), demand.heads.tolist(), demand.place.tolist(), demand.reached.mark.tolist()
    ([0, 1, 0], [0, 2], [0, 2], [0, 1, 1])
    """
    k = demand.begins[u] + demand.lengths[u]
    demand.heads[k], demand.edges[k], demand.place[e] = v, e, k + 1
    demand.lengths[u] += 1
    if demand.lengths[u] == 1:
        put_mark(demand.reached, u, HERE)


@compiled_borrowing
def take_edge(demand: Demand, u: int, e: int) -> None:
    """Edge e from vertex u is no longer needed; the last of u's edges takes its place."""
    demand.lengths[u] -= 1
    k, last = demand.place[e] - 1, demand.begins[u] + demand.lengths[u]
    demand.heads[k], demand.edges[k] = demand.heads[last], demand.edges[last]
    demand.place[demand.edges[k]] = k + 1
    demand.place[e] = 0
    if demand.lengths[u] == 0:
        put_mark(demand.reached, u, HERE)
