"""The two passes where something has changed, one sample after another: in float64, and in integers.

Forward. Kept are, for the sample that went through last, sum, output and piece of every vertex that is followed, and
the output of every other one that is needed (:mod:`constructions.training.demand`). For the next sample, or after a
move, a followed vertex is visited if the output of a tail has changed, or if its bounds were found again (an edge into
it, or the progression of a tail, has changed), or if it was not followed before. In the first case the change of each
term is put into the sum: one term out, the new one in. Every sum on the way has for each edge a value that its tail may
have, or 0, so that the bounds of :mod:`constructions.training.output_bounds` cover it: it is exact, and equal to the
sum formed anew. In the other cases the sum is formed anew. A settled vertex has the one output that its bounds leave.

Backward. From the output down, only vertices that may be off their flat pieces and have an adjoint that is not 0 are
visited, each after all its heads. The adjoint, once used, is 0 again.

The arithmetic of each vertex is that of :mod:`constructions.training.kernels`.

In the functions ``net`` is the network, ``fanout`` its edges by the vertex from which they come, ``known`` what is
known of its vertices, and ``state`` what is kept from sample to sample.
"""

from typing import Any, NamedTuple

import numpy as np

from constructions.training.compiled import compiled, compiled_borrowing
from constructions.training.demand import Demand, no_demand, renew_demand
from constructions.training.kernels import (
    GraphArrays,
    Integers,
    Roundings,
    Table,
    VertexBounds,
    gcd,
    image,
    roundings_of,
)
from constructions.training.marks import (
    ANEW,
    HERE,
    Fanout,
    Marks,
    last_marked,
    next_marked,
    no_marks,
    put_mark,
    take_mark,
)


class ValueState(NamedTuple):
    """What is kept of the passes between two samples.

    Parameters
    ----------
    demand : Demand
        Who is needed, and who is followed.
    out : (N,) array
        The output of every needed vertex for the sample that went through last.
    total, piece : (N,) arrays
        Pre-activation and piece of every followed vertex.
    adjoint : (N,) array
        Zeros.
    changed, live : Marks
        Vertices that are to be visited upwards, and downwards.
    batch_sum : (m,) array
        The sum of clipped gradient entries.
    summed : Marks
        The vertices into which there are entries.
    """

    demand: Demand
    out: Table
    total: Table
    piece: Table
    adjoint: Table
    changed: Marks
    live: Marks
    batch_sum: Table
    summed: Marks


def no_values(fanout: Fanout, output: int, kind: Any) -> ValueState:
    """The state before the first sample, with numbers of a numpy ``kind``, of a network of these ``fanout`` and
    ``output``: the constant is 1, all else is to be found."""
    vertices, edges = len(fanout.offsets) - 1, len(fanout.edges)
    out, total, adjoint = (np.zeros(vertices, kind) for _ in range(3))
    out[0] = 1
    piece, batch_sum = np.zeros(vertices, np.int16), np.zeros(edges, kind)
    changed, live, summed = (no_marks(vertices) for _ in range(3))
    return ValueState(no_demand(fanout, output), out, total, piece, adjoint, changed, live, batch_sum, summed)


@compiled
def begin_batch(net: GraphArrays, state: ValueState, known: VertexBounds) -> None:
    """Before the first sample of a step: entries are 0, and it is known who is followed."""
    forget_sums(net, state)
    renew_demand(net, known, state.demand, state.changed)


@compiled
def forget_sums(net: GraphArrays, state: ValueState) -> None:
    """Put all entries back to 0."""
    v = next_marked(state.summed, net.first)
    while v < len(state.out):
        take_mark(state.summed, v)
        state.batch_sum[net.offsets[v] : net.offsets[v + 1]] = 0
        v = next_marked(state.summed, v + 1)


@compiled
def edges_summed(net: GraphArrays, state: ValueState) -> int:
    """How many edges lead into the vertices into which there are entries."""
    count, v = 0, next_marked(state.summed, net.first)
    while v < len(state.out):
        count += net.offsets[v + 1] - net.offsets[v]
        v = next_marked(state.summed, v + 1)
    return count


@compiled
def roundings_summed(
    net: GraphArrays,
    trains: Table,
    batch: int,
    rho: tuple[int, int],
    known: VertexBounds,
    scaled: bool,
    state: ValueState,
) -> Table:
    """As :func:`constructions.training.kernels.roundings`, with its arguments ``trains``, ``batch``, ``rho`` and
    ``scaled``, where there are entries; a row for each field."""
    table = np.empty((7, edges_summed(net, state)), np.int64)
    found = Roundings(table[0], table[1], table[2], table[3], table[4], table[5], table[6])
    count, v = 0, next_marked(state.summed, net.first)
    while v < len(state.out):
        count = roundings_of(net, trains, state.batch_sum, batch, rho, known, scaled, v, v + 1, count, found)
        v = next_marked(state.summed, v + 1)
    return table[:, :count]


@compiled_borrowing
def spread_floats(net: GraphArrays, u: int, new: float, state: ValueState) -> None:
    """Vertex u has a new output: put it into the sums of its heads that are followed."""
    old, unit, demand = state.out[u], 1.0 / float(net.scale), state.demand
    state.out[u] = new
    for k in range(demand.begins[u], demand.begins[u] + demand.lengths[u]):
        if net.weights[demand.edges[k]] != 0:
            weight, v = float(net.weights[demand.edges[k]]) * unit, demand.heads[k]
            state.total[v] -= weight * old
            state.total[v] += weight * new
            put_mark(state.changed, v, HERE)


@compiled_borrowing
def forward_floats_changed(net: GraphArrays, x: Table, state: ValueState, known: VertexBounds) -> None:
    """Outputs and pieces for the sample x (n,), from those of the sample before."""
    out, total, unit = state.out, state.total, 1.0 / float(net.scale)
    for i in range(len(x)):
        if out[1 + i] != float(x[i]):
            spread_floats(net, 1 + i, float(x[i]), state)
    v = next_marked(state.changed, net.first)
    while v < len(out):
        if take_mark(state.changed, v) & ANEW and state.demand.followed[v]:
            total[v] = 0.0
            for e in range(net.offsets[v], net.offsets[v + 1]):
                if not known.blank[e]:
                    total[v] += float(net.weights[e]) * unit * out[net.sources[e]]
        new = float(known.low[v]) / float(known.under_out[v])
        if state.demand.followed[v]:
            new = image_floats(net, v, state)
        if new != out[v]:
            spread_floats(net, v, new, state)
        v = next_marked(state.changed, v + 1)


@compiled_borrowing
def image_floats(net: GraphArrays, v: int, state: ValueState) -> float:
    """Put down on which piece the sum of vertex v is, and return what the activation makes of it."""
    total = state.total[v]
    under, kinks, over, slopes, intercepts = net.last if v == net.output else net.inner
    scaled, i, on = total * float(under), 0, False
    while i < len(kinks) and float(kinks[i]) <= scaled:
        on = float(kinks[i]) == scaled
        i += 1
    state.piece[v] = -i if on else i
    return float((float(slopes[i]) * total + float(intercepts[i])) / float(over))


@compiled_borrowing
def spread_integers(net: GraphArrays, u: int, new: int, state: ValueState, known: VertexBounds) -> None:
    """As :func:`spread_floats`, over the denominators of the bounds: vertex ``u`` has the ``new`` output.

    >>> from constructions.training.kernels import nothing_known
    >>> from constructions.training.marks import fanout_of
    >>> fanout, arrays = fanout_of(np.array([0, 0, 0, 2]), np.array([0, 1])), (np.array([0, 0, 0, 2]), np.array([0, 1]))
    >>> state, no_pieces = no_values(fanout, 2, np.int64), (1, arrays[1], 1, arrays[1], arrays[1])
    >>> net = GraphArrays(*arrays, np.array([3, 5]), 1, 2, 2, no_pieces, no_pieces)
    >>> state.demand.lengths[1], state.demand.heads[1], state.demand.edges[1] = 1, 2, 1
    >>> spread_integers(net, 1, 2, state, nothing_known(3, 2))  # 5 times 2
    >>> state.out.tolist(), state.total.tolist()
    ([1, 2, 0], [0, 0, 10])
    """
    change, demand = new - state.out[u], state.demand
    state.out[u] = new
    for k in range(demand.begins[u], demand.begins[u] + demand.lengths[u]):
        weight, v = net.weights[demand.edges[k]], demand.heads[k]
        if weight != 0:
            state.total[v] += weight // known.row[v] * (known.common[v] // known.under_out[u]) * change
            put_mark(state.changed, v, HERE)


@compiled_borrowing
def forward_integers_changed(net: GraphArrays, x: Table, state: ValueState, known: VertexBounds) -> None:
    """As :func:`forward_floats_changed`, over the denominators of the bounds."""
    out, total = state.out, state.total
    for i in range(len(x)):
        if out[1 + i] != x[i]:
            spread_integers(net, 1 + i, x[i], state, known)
    v = next_marked(state.changed, net.first)
    while v < len(out):
        if take_mark(state.changed, v) & ANEW and state.demand.followed[v]:
            total[v] = 0
            for e in range(net.offsets[v], net.offsets[v + 1]):
                u, weight = net.sources[e], net.weights[e]
                if weight != 0 and not known.blank[e]:
                    total[v] += weight // known.row[v] * (known.common[v] // known.under_out[u]) * out[u]
        new = known.low[v]
        if state.demand.followed[v]:
            new = image_integers(net, v, state, known)
        if new != out[v]:
            spread_integers(net, v, new, state, known)
        v = next_marked(state.changed, v + 1)


@compiled_borrowing
def image_integers(net: GraphArrays, v: int, state: ValueState, known: VertexBounds) -> int:
    """As :func:`image_floats`, over the denominators of the bounds."""
    total, denominator = state.total[v], net.scale // known.row[v] * known.common[v]
    under, kinks, over, slopes, intercepts = net.last if v == net.output else net.inner
    scaled, i, on = total * under, 0, False
    while i < len(kinks) and kinks[i] * denominator <= scaled:
        on = kinks[i] * denominator == scaled
        i += 1
    state.piece[v] = -i if on else i
    return int(image(slopes[i], total, intercepts[i], denominator) // (over * denominator // known.under_out[v]))


@compiled_borrowing
def backward_floats_changed(net: GraphArrays, y: int, count: int, state: ValueState, known: VertexBounds) -> int:
    """Add the sample's clipped gradient, ``count`` times, to the batch sums; the first vertex from above that sits on
    a kink with an adjoint, -1 if there is none."""
    adjoint, kink, unit = state.adjoint, -1, 1.0 / float(net.scale)
    adjoint[net.output] = state.out[net.output] - float(y)
    put_mark(state.live, net.output, HERE)
    v = net.output
    while v >= net.first:
        take_mark(state.live, v)
        _, _, over, slopes, _ = net.last if v == net.output else net.inner
        i, along = state.piece[v], 0.0
        if known.slope[v] == 0:
            adjoint[v] = 0.0
        if adjoint[v] != 0.0 and i >= 0:
            along = float(slopes[i]) * adjoint[v] / float(over)
        elif adjoint[v] != 0.0 and kink < 0:
            kink = v
        adjoint[v] = 0.0
        if along != 0.0:
            put_mark(state.summed, v, HERE)
            for e in range(net.offsets[v], net.offsets[v + 1]):
                if known.blank[e]:
                    continue
                u = net.sources[e]
                state.batch_sum[e] += float(count) * min(1.0, max(-1.0, state.out[u] * along))
                if u >= net.first and known.slope[u] != 0 and net.weights[e] != 0:
                    adjoint[u] += float(net.weights[e]) * unit * along
                    put_mark(state.live, u, HERE)
        v = last_marked(state.live, v - 1)
    return kink


@compiled_borrowing
def backward_integers_changed(net: GraphArrays, y: int, count: int, state: ValueState, known: VertexBounds) -> int:
    """As :func:`backward_floats_changed`, over the denominators of the bounds."""
    adjoint, kink, unders = state.adjoint, -1, known.under_adjoint
    adjoint[net.output] = state.out[net.output] - y * known.under_out[net.output]
    put_mark(state.live, net.output, HERE)
    v = net.output
    while v >= net.first:
        take_mark(state.live, v)
        _, _, over, slopes, _ = net.last if v == net.output else net.inner
        i, along, denominator = state.piece[v], 0, unders[v] * over
        if known.slope[v] == 0:
            adjoint[v] = 0
        if adjoint[v] != 0 and i >= 0:
            along = slopes[i] * adjoint[v]
        elif adjoint[v] != 0 and kink < 0:
            kink = v
        adjoint[v] = 0
        if along != 0:
            put_mark(state.summed, v, HERE)
            for e in range(net.offsets[v], net.offsets[v + 1]):
                if known.blank[e]:
                    continue
                u, weight = net.sources[e], net.weights[e]
                one = denominator * known.under_out[u]
                state.batch_sum[e] += count * min(one, max(-one, state.out[u] * along))
                if u >= net.first and known.slope[u] != 0 and weight != 0:
                    shared = gcd(net.scale, weight)
                    adjoint[u] += weight // shared * (unders[u] // (denominator * (net.scale // shared))) * along
                    put_mark(state.live, u, HERE)
        v = last_marked(state.live, v - 1)
    return kink


@compiled
def passes_floats(
    net: GraphArrays, x: Table, y: Table, count: Integers, state: ValueState, outputs: Table, known: VertexBounds
) -> Integers:
    """Both passes for the samples x (b, n) and y (b,), each ``count`` (b,) times; ``outputs`` (b,) gets the outputs.

    Returns
    -------
    (b,) the vertex at which each met a kink, -1 if none.

    >>> from fractions import Fraction
    >>> from constructions.foundations.activation import IDENTITY
    >>> from constructions.training.engine import Engine
    >>> from constructions.training.marks import fanout_of
    >>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([1, 2])}
    >>> engine = Engine(**arrays, scale=2, inputs=1, output=2, sigma=IDENTITY, batch=2, rho=Fraction(1, 4))  # 1/2 + x
    >>> net, known = engine.arrays, engine.ranges().known
    >>> batch = np.array([[0], [1]]), np.array([1, 0]), np.array([1, 1])
    >>> for passes, kind in ((passes_floats, np.float64), (passes_integers, np.int64)):
    ...     state, outputs = no_values(fanout_of(net.offsets, net.sources), 2, kind), np.zeros(2, kind)
    ...     kinks = passes(net, *batch, state, outputs, known)
    ...     found = roundings_summed(net, engine.trains, 2, (1, 4), known, kind is np.int64, state)
    ...     print(outputs.tolist(), state.batch_sum.tolist(), found[:2].tolist())
    [0.5, 1.5] [0.5, 1.0] [[0, 1], [1, 2]]
    [1, 3] [1, 2] [[0, 1], [1, 2]]
    """
    begin_batch(net, state, known)
    kinks = np.empty(len(y), np.int64)
    for s in range(len(y)):
        forward_floats_changed(net, x[s], state, known)
        outputs[s] = state.out[net.output]
        kinks[s] = backward_floats_changed(net, y[s], count[s], state, known)
    return kinks


@compiled
def passes_integers(
    net: GraphArrays, x: Table, y: Table, count: Integers, state: ValueState, outputs: Table, known: VertexBounds
) -> Integers:
    """As :func:`passes_floats`, with ``x``, ``y``, ``count`` and ``outputs`` as there, over the denominators of the
    bounds."""
    begin_batch(net, state, known)
    kinks = np.empty(len(y), np.int64)
    for s in range(len(y)):
        forward_integers_changed(net, x[s], state, known)
        outputs[s] = state.out[net.output]
        kinks[s] = backward_integers_changed(net, y[s], count[s], state, known)
    return kinks
