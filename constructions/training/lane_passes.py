"""Both passes for a block of samples side by side: forward in lanes of 32 bits, backward in 64-bit integers.

Forward goes through the rows of a program (:mod:`constructions.training.lane_program`), two edges at a time for all
samples of the block. Backward has little to do: an adjoint is passed by sloped vertices only, and only these have room
for one; its numbers are those of :func:`constructions.training.kernels.backward_integers`.

A loop over the samples is one or a few vector operations where their number is 8, 16 or 32; a block with fewer is
filled up with samples that count 0 times.
"""

import numpy as np

from constructions.training.compiled import compiled, compiled_borrowing, compiled_inside
from constructions.training.kernels import GraphArrays, Integers, Table, VertexBounds, gcd, image, times_slope
from constructions.training.lane_program import LaneProgram

WIDTHS = (8, 16, 32)


@compiled
def forward_lanes(
    net: GraphArrays, known: VertexBounds, program: LaneProgram, x: Table, out: Table, piece: Table
) -> None:
    """Put into ``out`` the outputs of all rows of a program, (rows, samples) 32-bit integers, and into ``piece`` the
    pieces of the sloped vertices, (sloped, samples), as :func:`constructions.training.kernels.forward_floats` gives
    them.

    ``net`` is the network, ``known`` what holds of its vertices for these weights; x is (samples, n).

    >>> from fractions import Fraction
    >>> from constructions.foundations.activation import IDENTITY
    >>> from constructions.training.engine import Engine
    >>> from constructions.training.lane_program import lane_program
    >>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([1, 2])}
    >>> engine = Engine(**arrays, scale=2, inputs=1, output=2, sigma=IDENTITY, batch=8, rho=Fraction(1, 4))  # 1/2 + x
    >>> net, known = engine.arrays, engine.ranges().known
    >>> program, reason = lane_program(net, known)
    >>> out, piece = np.zeros((2, 8), np.int32), np.zeros((1, 8), np.int16)
    >>> forward_lanes(net, known, program, np.arange(8)[:, None] % 2, out, piece)
    >>> out.tolist()  # the bits, and the outputs in halves
    [[0, 1, 0, 1, 0, 1, 0, 1], [1, 3, 1, 3, 1, 3, 1, 3]]
    >>> adjoint, kink, batch_sum = np.zeros((1, 8), np.int64), np.full(8, -1), np.zeros(2, np.int64)
    >>> y, count = np.zeros(8, np.int64), np.ones(8, np.int64)
    >>> backward_lanes(net, known, program, y, count, out, piece, adjoint, kink, batch_sum)
    >>> adjoint.tolist(), batch_sum.tolist()
    ([[1, 3, 1, 3, 1, 3, 1, 3]], [12, 8])
    """
    many, inputs = x.shape
    for i in range(inputs):
        for s in range(many):
            out[i, s] = x[s, i]
    total = np.empty(many, np.int32)
    for i in range(len(program.vertices)):
        lane_sums(program, i, out, total)
        v = program.vertices[i]
        if known.slope[v] != 0:
            slopes_met(net, known, v, total, out[inputs + i], piece[program.slots[v]])
            continue
        first, last = program.steps[i], program.steps[i + 1]
        level = program.levels[first]
        if last - first == 1:
            for s in range(many):
                out[inputs + i, s] = level
            continue
        mark, other = program.marks[first + 1], program.levels[first + 1]
        for s in range(many):
            out[inputs + i, s] = other if total[s] >= mark else level
        for j in range(first + 2, last):
            mark, other = program.marks[j], program.levels[j]
            for s in range(many):
                out[inputs + i, s] = other if total[s] >= mark else out[inputs + i, s]


@compiled_inside
def lane_sums(program: LaneProgram, i: int, out: Table, total: Table) -> None:
    """The sums of the vertex of place i."""
    begin, end, bias = program.starts[i], program.starts[i + 1], program.bias[i]
    for s in range(len(total)):
        total[s] = bias
    for e in range(begin, end, 2):
        one, row, two, other = program.factors[e], program.tails[e], program.factors[e + 1], program.tails[e + 1]
        for s in range(len(total)):
            total[s] += one * out[row, s] + two * out[other, s]


@compiled_borrowing
def slopes_met(net: GraphArrays, known: VertexBounds, v: int, total: Table, out: Table, piece: Table) -> None:
    """Put the outputs and pieces of a sloped vertex ``v`` into ``out`` and ``piece``, from its sums ``total``, one for
    each sample; ``net`` and ``known`` as for :func:`forward_lanes`.

    >>> from constructions.training.kernels import nothing_known
    >>> sigma = (1, np.array([0]), 1, np.array([0, 1]), np.array([0, 0]))  # ReLU
    >>> net = GraphArrays(np.array([0, 0, 0]), *np.zeros((2, 0), np.int64), 1, 1, 1, sigma, sigma)
    >>> out, piece = np.zeros(3, np.int32), np.zeros(3, np.int16)
    >>> slopes_met(net, nothing_known(2, 0), 1, np.array([-5, 0, 5], np.int32), out, piece)
    >>> out.tolist(), piece.tolist()
    ([0, 0, 5], [0, -1, 1])
    """
    under, kinks, over, slopes, intercepts = net.last if v == net.output else net.inner
    denominator = net.scale // known.row[v] * known.common[v]
    shared = over * denominator // known.under_out[v]
    for s in range(len(total)):
        value = np.int64(total[s])
        scaled, i, on = value * under, 0, False
        while i < len(kinks) and kinks[i] * denominator <= scaled:
            on = kinks[i] * denominator == scaled
            i += 1
        piece[s] = -i if on else i
        out[s] = image(slopes[i], value, intercepts[i], denominator) // shared


@compiled
def backward_lanes(
    net: GraphArrays,
    known: VertexBounds,
    program: LaneProgram,
    y: Table,
    count: Integers,
    out: Table,
    piece: Table,
    adjoint: Table,
    kink: Integers,
    batch_sum: Table,
) -> None:
    """As :func:`constructions.training.kernels.backward_integers`, through the sloped vertices alone.

    ``net``, ``known``, ``program``, ``out`` and ``piece`` are those of :func:`forward_lanes`, ``y`` and ``count`` the
    label of each sample and how often it is in the batch; ``adjoint`` (sloped, lanes) is room, ``kink`` gets places
    among the sloped vertices, and ``batch_sum`` the gradients that are added up.
    """
    output, slots = net.output, program.slots
    adjoint[:] = 0
    if slots[output] < 0:
        return
    for s in range(len(y)):
        at = program.rows[output]
        value = np.int64(out[at, s]) if at >= 0 else known.low[output]
        adjoint[slots[output], s] = value - y[s] * known.under_out[output]
    along = np.empty(len(y), np.int64)
    for i in range(len(program.sloped) - 1, -1, -1):
        v = program.sloped[i]
        over, slopes = (net.last[2], net.last[3]) if v == output else (net.inner[2], net.inner[3])
        if times_slope(i, slopes, piece, adjoint, along, kink):
            down_edges(net, known, program, v, known.under_adjoint[v] * over, along, count, out, adjoint, batch_sum)


@compiled_borrowing
def down_edges(
    net: GraphArrays,
    known: VertexBounds,
    program: LaneProgram,
    v: int,
    denominator: int,
    along: Table,
    count: Integers,
    out: Table,
    adjoint: Table,
    batch_sum: Table,
) -> None:
    """The entries of the edges into v, from slope times adjoint over a denominator; and the adjoints of its tails."""
    for e in range(net.offsets[v], net.offsets[v + 1]):
        u = net.sources[e]
        row, slot, one, entry = program.rows[u], program.slots[u], denominator * known.under_out[u], np.int64(0)
        for s in range(len(along)):
            value = np.int64(out[row, s]) if row >= 0 else known.low[u]
            entry += count[s] * min(one, max(-one, value * along[s]))
        batch_sum[e] += entry
        if slot >= 0 and net.weights[e] != 0:
            shared = gcd(net.scale, net.weights[e])
            factor = net.weights[e] // shared
            factor *= known.under_adjoint[u] // (denominator * (net.scale // shared))
            for s in range(len(along)):
                adjoint[slot, s] += factor * along[s]
