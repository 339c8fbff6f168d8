"""The exactness pass where a moved edge can matter, and nowhere else.

What is known of a vertex before a step (:mod:`constructions.training.exactness`) does not depend on the batch: only on
weights. So after a step it is kept, and where an edge has moved it is found again: upwards from its head through all
vertices whose tails' progressions have changed, then downwards through those whose adjoint's bound may have. Vertex by
vertex the very functions of the whole pass are called, in an order that gives each sum of float64 its terms as there:
so that each bound, rounded as it is, and the first number that is too long, are those of the whole pass.

In the functions ``net`` is the network, ``known`` what is known of its vertices, ``state`` what is kept from step to
step, with the marks of what a change has still to reach; ``trains`` (m,), ``batch`` and ``rho`` are as in
:mod:`constructions.training.adjoint_bounds`.
"""

from typing import NamedTuple

import numpy as np

from constructions.training.adjoint_bounds import bound_gradients_of, bound_loss, pass_down
from constructions.training.compiled import compiled, compiled_borrowing
from constructions.training.kernels import GraphArrays, Integers, Table, VertexBounds
from constructions.training.marks import (
    HERE,
    Fanout,
    Marks,
    last_marked,
    mark_from,
    next_marked,
    no_marks,
    put_mark,
    take_mark,
)
from constructions.training.output_bounds import bound_outputs, bound_outputs_of, is_zero


class LongNumbers(NamedTuple):
    """Vertices at which a number may be too long for float64.

    Parameters
    ----------
    at : Marks
        Which vertices.
    what, bits : (N,) arrays
        The first such number of each: what it is, and how many bits it may have.
    """

    at: Marks
    what: Integers
    bits: Integers


class BoundState(NamedTuple):
    """What is kept of the bounds between two steps, beside the bounds.

    Parameters
    ----------
    fanout : Fanout
        The edges by their tails.
    most, passed : (N,) arrays
        The bound for the size of each adjoint, and the slope with which it was passed on.
    up, down : Marks
        Vertices whose progression, or whose adjoint's bound, is to be found again.
    long_up, long_down : LongNumbers
        Of each direction.
    """

    fanout: Fanout
    most: Table
    passed: Integers
    up: Marks
    down: Marks
    long_up: LongNumbers
    long_down: LongNumbers


def no_bounds(fanout: Fanout) -> BoundState:
    """The state before anything is known."""
    size = len(fanout.offsets) - 1
    up, down = (LongNumbers(no_marks(size), np.full(size, -1, np.int64), np.zeros(size, np.int64)) for _ in range(2))
    passed = np.zeros(size, np.int64)
    return BoundState(fanout, np.zeros(size), passed, no_marks(size), no_marks(size), up, down)


@compiled
def first_bounds(
    net: GraphArrays, trains: Table, batch: int, rho: tuple[int, int], known: VertexBounds, state: BoundState
) -> bool:
    """The whole pass, from nothing known; False where 61 bits do not do.

    Where a number is too long for float64 all vertices are marked, so that each notes its own.
    """
    fault = np.full(6, -1, np.int64)
    if not bound_outputs(net, known, fault):
        return False
    bound_loss(net.output, state.most, known)
    if not bound_gradients_of(net, trains, batch, rho, net.first, len(state.most), True, state.most, known, fault):
        return False
    state.passed[:] = known.slope
    if fault[0] >= 0:
        mark_from(state.up, net.first, HERE)
    return True


@compiled
def mark_moved(net: GraphArrays, edges: Integers, state: BoundState) -> None:
    """The weights of some edges have changed."""
    for e in edges:
        put_mark(state.up, np.searchsorted(net.offsets, e, side="right") - 1, HERE)
        put_mark(state.down, net.sources[e], HERE)


@compiled_borrowing
def keep_fault(v: int, fault: Integers, long: LongNumbers) -> None:
    """Note the number at vertex v that is too long for float64, or that there is none; and forget the fault."""
    if fault[0] < 0:
        take_mark(long.at, v)
    else:
        put_mark(long.at, v, HERE)
        long.what[v], long.bits[v] = fault[1], fault[2]
    fault[:] = -1


@compiled
def first_fault(state: BoundState, fault: Integers) -> None:
    """Note in ``fault`` the first number that is too long for float64 in the order of the whole pass: upwards, then
    downwards."""
    size = len(state.most)
    v, long = next_marked(state.long_up.at, 0), state.long_up
    if v == size:
        v, long = last_marked(state.long_down.at, size - 1), state.long_down
    if v >= 0:
        fault[0], fault[1], fault[2] = v, long.what[v], long.bits[v]


@compiled
def renew_bounds(
    net: GraphArrays,
    trains: Table,
    batch: int,
    rho: tuple[int, int],
    known: VertexBounds,
    state: BoundState,
    moved: Integers,
    reached: Marks,
    fault: Integers,
) -> bool:
    """All bounds after a step that has moved some edges, and the first number that is too long for float64, which is
    put into ``fault``; False where 61 bits do not do.

    Each vertex whose progression was found again is marked in ``reached``.

    >>> from fractions import Fraction
    >>> from constructions.foundations.activation import IDENTITY
    >>> from constructions.training.engine import Engine
    >>> from constructions.training.kernels import nothing_known
    >>> from constructions.training.marks import fanout_of
    >>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([1, 2])}
    >>> engine = Engine(**arrays, scale=2, inputs=1, output=2, sigma=IDENTITY, batch=1, rho=Fraction(1, 4))  # 1/2 + x
    >>> net, numbers, known = engine.arrays, (engine.trains, 1, (1, 4)), nothing_known(3, 2)
    >>> state = no_bounds(fanout_of(net.offsets, net.sources))
    >>> first_bounds(net, *numbers, known, state), known.low.tolist(), known.high.tolist()
    (True, [1, 0, 1], [1, 1, 3])
    >>> net.weights[1] = 8  # 1/2 + 2 x
    >>> renew_bounds(net, *numbers, known, state, np.array([1]), no_marks(3), np.full(6, -1)), known.high.tolist()
    (True, [1, 1, 5])
    """
    mark_moved(net, moved, state)
    if not (renew_outputs(net, known, state, reached) and renew_adjoints(net, trains, batch, rho, known, state)):
        return False
    first_fault(state, fault)
    return True


@compiled
def renew_outputs(net: GraphArrays, known: VertexBounds, state: BoundState, reached: Marks) -> bool:
    """Progressions, upwards from the marked vertices; False where 61 bits do not do.

    Each vertex that is reached is marked in ``reached``.
    """
    fault, fanout = np.full(6, -1, np.int64), state.fanout
    v = next_marked(state.up, net.first)
    while v < len(state.most):
        take_mark(state.up, v)
        low, high, grid, under, zero = known.low[v], known.high[v], known.grid[v], known.under_out[v], is_zero(known, v)
        if not bound_outputs_of(net, v, v + 1, False, known, fault):
            return False
        keep_fault(v, fault, state.long_up)
        put_mark(state.down, v, HERE)
        put_mark(reached, v, HERE)
        same = low == known.low[v] and high == known.high[v] and grid == known.grid[v] and under == known.under_out[v]
        if not same or zero != is_zero(known, v):
            for k in range(fanout.offsets[v], fanout.offsets[v + 1]):
                known.blank[fanout.edges[k]] = is_zero(known, v)
                put_mark(state.up, fanout.heads[k], HERE)
        v = next_marked(state.up, v + 1)
    return True


@compiled
def renew_adjoints(
    net: GraphArrays, trains: Table, batch: int, rho: tuple[int, int], known: VertexBounds, state: BoundState
) -> bool:
    """Bounds for adjoints and what comes of them, downwards from the marked vertices; False where 61 bits do not do."""
    fault, most, unders, slopes = np.full(6, -1, np.int64), state.most, known.under_adjoint, known.slope
    v = last_marked(state.down, len(most) - 1)
    while v >= net.first:
        take_mark(state.down, v)
        size, under, slope = most[v], unders[v], state.passed[v]
        if not collect_adjoint(net, v, known, state, fault):
            return False
        if most[v] != 0.0 and not bound_gradients_of(net, trains, batch, rho, v, v + 1, False, most, known, fault):
            return False
        keep_fault(v, fault, state.long_down)
        state.passed[v] = slopes[v]
        passes = (size != 0.0 and slope != 0) or (most[v] != 0.0 and slopes[v] != 0)
        if passes and not (size == most[v] and under == unders[v] and slope == slopes[v]):
            for e in range(net.offsets[v], net.offsets[v + 1]):
                if slopes[net.sources[e]] != 0:
                    put_mark(state.down, net.sources[e], HERE)
        v = last_marked(state.down, v - 1)
    while v >= 0:
        take_mark(state.down, v)
        v = last_marked(state.down, v - 1)
    return True


@compiled_borrowing
def collect_adjoint(net: GraphArrays, u: int, known: VertexBounds, state: BoundState, fault: Integers) -> bool:
    """The bound for the adjoint of vertex u from those of its heads, the latest first; False where 61 bits do not
    do."""
    most, fanout = state.most, state.fanout
    most[u], known.under_adjoint[u] = 0.0, 1
    if u == net.output:
        bound_loss(u, most, known)
    elif known.slope[u] == 0:
        return True
    for k in range(fanout.offsets[u], fanout.offsets[u + 1]):
        v, weight = fanout.heads[k], net.weights[fanout.edges[k]]
        if most[v] == 0.0 or known.slope[v] == 0 or weight == 0:
            continue
        over = net.last[2] if v == net.output else net.inner[2]
        along, under = most[v] * float(known.slope[v]) / float(over), known.under_adjoint[v] * over
        if not pass_down(weight, net.scale, u, v, along, under, most, known, fault):
            return False
    return True
