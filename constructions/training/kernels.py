"""The two passes of gradient descent over arrays, compiled: in float64, and in integers with one denominator for each
vertex.

A block of samples goes through the network together: vertices upwards, then downwards, over every edge. What float64
holds here is exact only where :mod:`constructions.training.exactness` has shown it; the integers need its denominators.
An activation is a tuple ``(C, kinks, Z, slopes, intercepts)`` of integers: kinks over C; slopes and intercepts over Z.

Every kernel takes the network as :class:`GraphArrays` first. Tables have a row for each vertex and a column for each
sample of the block.

A step at x = 1 with label 0, of a network that gives 1/2 + x, in both number systems:

>>> from fractions import Fraction
>>> from constructions.foundations.activation import IDENTITY
>>> from constructions.training.engine import Engine
>>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([1, 2])}
>>> engine = Engine(**arrays, scale=2, inputs=1, output=2, sigma=IDENTITY, batch=1, rho=Fraction(1, 4))  # 1/2 + x
>>> net, known = engine.arrays, engine.ranges().known
>>> out, piece, adjoint = np.zeros((3, 1)), np.zeros((3, 1), np.int16), np.zeros((3, 1))
>>> x, y, count, kink, batch_sum = np.array([[1]]), np.array([0]), np.array([1]), np.array([-1]), np.zeros(2)
>>> forward_floats(net, x, out, piece)
>>> backward_floats(net, y, count, out, piece, adjoint, kink, batch_sum)
>>> rest, found = (engine.trains, batch_sum, 1, (1, 4), known, False), room_for_roundings(2)
>>> out[2].tolist(), batch_sum.tolist(), roundings(net, *rest, found), found.below.tolist()
([1.5], [1.0, 1.0], 2, [4, 4])
>>> roundings_of(net, *rest, 2, 3, 0, found)  # those into vertex 2
2
>>> out, adjoint, batch_sum = (np.zeros_like(part, np.int64) for part in (out, adjoint, batch_sum))
>>> forward_integers(net, x, out, piece, known)
>>> backward_integers(net, y, count, out, piece, adjoint, kink, batch_sum, known)
>>> out[2].tolist(), batch_sum.tolist(), known.under_out.tolist()
([3], [2, 2], [1, 1, 2])
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from constructions.training import formulas
from constructions.training.compiled import compiled, compiled_borrowing, compiled_inside

Integers = npt.NDArray[np.int64]
Table = npt.NDArray[Any]
Pieces = tuple[int, Integers, int, Integers, Integers]

above_and_cell, image = compiled(formulas.above_and_cell), compiled(formulas.image)
lower_is_valid, upper_is_valid = compiled(formulas.lower_is_valid), compiled(formulas.upper_is_valid)


class GraphArrays(NamedTuple):
    """A network as the kernels take it.

    Parameters
    ----------
    offsets, sources, weights, scale
        As in :class:`constructions.networks.flat.FlatNetwork`: (N + 1,), (m,) and (m,), weights times ``scale``.
    first : int
        The first vertex that computes; those before it are the constant and the inputs.
    output : int
        The vertex whose output is compared with the label.
    inner, last : Pieces
        The activation, and that of the output.
    """

    offsets: Integers
    sources: Integers
    weights: Integers
    scale: int
    first: int
    output: int
    inner: Pieces
    last: Pieces


class VertexBounds(NamedTuple):
    """What is known of every vertex before a step; integers, (N,) each but for the last, which is (m,).

    Parameters
    ----------
    low, high, grid
        The outputs are among low, low + grid, ..., high, over ``under_out``; grid is 0 for a constant.
    under_out, under_adjoint
        Denominators of outputs and of adjoints.
    row, common
        The pre-activation is an integer over (scale / row) common, where row divides scale and the weights of all
        edges into the vertex that are not blank, and common is a multiple of the denominators of their tails.
    slope
        The largest slope (times its denominator) that the vertex may meet; 0 means strictly flat.
    blank
        Whether each edge comes from a vertex that is always 0 and strictly flat. Such an edge has no part in any sum,
        its entry is 0, and nothing is passed down along it.
    """

    low: Integers
    high: Integers
    grid: Integers
    under_out: Integers
    under_adjoint: Integers
    row: Integers
    common: Integers
    slope: Integers
    blank: Table


def nothing_known(size: int, edges: int) -> VertexBounds:
    """Of ``size`` vertices and so many edges, before the pass.

    >>> known = nothing_known(2, 1)
    >>> known.grid.tolist(), known.under_out.tolist(), known.blank.tolist()
    ([0, 0], [1, 1], [False])
    """
    low, high, grid, slope = (np.zeros(size, np.int64) for _ in range(4))
    under_out, under_adjoint, row, common = (np.ones(size, np.int64) for _ in range(4))
    return VertexBounds(low, high, grid, under_out, under_adjoint, row, common, slope, np.zeros(edges, np.bool_))


@compiled
def gcd(a: int, b: int) -> int:
    """The greatest common divisor of a and b; that of 0 and 0 is 0.

    >>> gcd(-12, 18), gcd(0, 0)
    (6, 0)
    """
    a, b = abs(a), abs(b)
    while b:
        a, b = b, a % b
    return a


@compiled
def place_samples(x: Table, out: Table) -> None:
    """The outputs of the sources: 1 for the constant, a sample's bits for the inputs."""
    for s in range(len(x)):
        out[0, s] = 1
        for i in range(x.shape[1]):
            out[1 + i, s] = x[s, i]


@compiled
def forward_floats(net: GraphArrays, x: Table, out: Table, piece: Table) -> None:
    """Outputs of all vertices of a network ``net`` for the samples ``x`` (n, s), and the piece on which each is: the
    number of kinks below it, minus it if it sits on the last of them. Both tables (N, s), ``out`` and ``piece``, are
    filled."""
    offsets, sources, weights = net.offsets, net.sources, net.weights
    size, many = out.shape
    place_samples(x, out)
    total, unit = np.empty(many), 1.0 / float(net.scale)
    for v in range(net.first, size):
        total[:] = 0.0
        for e in range(offsets[v], offsets[v + 1]):
            weight, u = float(weights[e]) * unit, sources[e]
            for s in range(many):
                total[s] += weight * out[u, s]
        under, kinks, over, slopes, intercepts = net.last if v == net.output else net.inner
        for s in range(many):
            scaled, i, on = total[s] * float(under), 0, False
            while i < len(kinks) and float(kinks[i]) <= scaled:
                on = float(kinks[i]) == scaled
                i += 1
            piece[v, s] = -i if on else i
            out[v, s] = (float(slopes[i]) * total[s] + float(intercepts[i])) / float(over)


@compiled
def forward_integers(net: GraphArrays, x: Table, out: Table, piece: Table, known: VertexBounds) -> None:
    """As :func:`forward_floats`: vertex v's outputs are integers over ``known.under_out[v]``, its edges' weights over
    scale / ``known.row[v]``.

    The arguments ``net``, ``x``, ``out`` and ``piece`` are the same, the tables of integers.
    """
    offsets, sources, weights = net.offsets, net.sources, net.weights
    under_out, rows, commons = known.under_out, known.row, known.common
    size, many = out.shape
    place_samples(x, out)
    total = np.empty(many, np.int64)
    for v in range(net.first, size):
        row, common = rows[v], commons[v]
        total[:] = 0
        for e in range(offsets[v], offsets[v + 1]):
            u = sources[e]
            if weights[e] != 0:
                factor = weights[e] // row * (common // under_out[u])
                for s in range(many):
                    total[s] += factor * out[u, s]
        under, kinks, over, slopes, intercepts = net.last if v == net.output else net.inner
        denominator = net.scale // row * common
        shared = over * denominator // under_out[v]
        for s in range(many):
            scaled, i, on = total[s] * under, 0, False
            while i < len(kinks) and kinks[i] * denominator <= scaled:
                on = kinks[i] * denominator == scaled
                i += 1
            piece[v, s] = -i if on else i
            out[v, s] = image(slopes[i], total[s], intercepts[i], denominator) // shared


@compiled_inside
def times_slope(v: int, slopes: Integers, piece: Table, adjoint: Table, along: Table, kink: Integers) -> bool:
    """Put slope times adjoint of vertex v, on the pieces of ``piece``, into ``along``, for every sample; whether one of
    them is not 0.

    A sample that has v on a kink, with an adjoint, gets v into ``kink`` if it has none yet.

    >>> along, kink, piece = np.zeros(2), np.array([-1, -1]), np.array([[1, -1]], np.int16)
    >>> times_slope(0, np.array([0, 3]), piece, np.array([[2.0, 2.0]]), along, kink), along.tolist(), kink.tolist()
    (True, [6.0, 0.0], [-1, 0])
    """
    live = False
    for s in range(len(along)):
        along[s] = 0
        if adjoint[v, s] != 0:
            i = piece[v, s]
            if i >= 0:
                along[s] = slopes[i] * adjoint[v, s]
                live = live or along[s] != 0
            elif kink[s] < 0:
                kink[s] = v
    return live


@compiled
def backward_floats(
    net: GraphArrays,
    y: Table,
    count: Integers,
    out: Table,
    piece: Table,
    adjoint: Table,
    kink: Integers,
    batch_sum: Table,
) -> None:
    """Add each sample's clipped gradient, ``count`` times, to ``batch_sum``; ``kink`` gets for each sample the first
    vertex from above that sits on one with an adjoint.

    A vertex whose adjoints are all 0 adds nothing and is left out.

    Parameters
    ----------
    net, y : the network, and the labels (s,).
    out, piece : what the pass upwards has found. adjoint : a table (N, s) that is filled.
    """
    offsets, sources, weights, output = net.offsets, net.sources, net.weights, net.output
    size, many = out.shape
    adjoint[:] = 0.0
    for s in range(many):
        adjoint[output, s] = out[output, s] - y[s]
    along, unit = np.empty(many), 1.0 / float(net.scale)
    for v in range(size - 1, net.first - 1, -1):
        _, _, over, slopes, _ = net.last if v == output else net.inner
        if not times_slope(v, slopes, piece, adjoint, along, kink):
            continue
        for s in range(many):
            along[s] /= float(over)
        for e in range(offsets[v], offsets[v + 1]):
            weight, u, entry = float(weights[e]) * unit, sources[e], 0.0
            for s in range(many):
                entry += float(count[s]) * min(1.0, max(-1.0, out[u, s] * along[s]))
                adjoint[u, s] += weight * along[s]
            batch_sum[e] += entry


@compiled
def backward_integers(
    net: GraphArrays,
    y: Table,
    count: Integers,
    out: Table,
    piece: Table,
    adjoint: Table,
    kink: Integers,
    batch_sum: Table,
    known: VertexBounds,
) -> None:
    """As :func:`backward_floats`: the adjoint of v is an integer over ``known.under_adjoint[v]``, an edge's entry over
    both its ends'.

    The arguments ``net``, ``y``, ``count``, ``out``, ``piece``, ``adjoint``, ``kink`` and ``batch_sum`` are the same. A
    vertex that is strictly flat gets no adjoint, since nothing is known of its denominator.
    """
    offsets, sources, weights, output = net.offsets, net.sources, net.weights, net.output
    under_out, under_adjoint = known.under_out, known.under_adjoint
    size, many = out.shape
    adjoint[:] = 0
    for s in range(many):
        adjoint[output, s] = out[output, s] - y[s] * under_out[output]
    along = np.empty(many, np.int64)
    for v in range(size - 1, net.first - 1, -1):
        _, _, over, slopes, _ = net.last if v == output else net.inner
        if not times_slope(v, slopes, piece, adjoint, along, kink):
            continue
        denominator = under_adjoint[v] * over
        for e in range(offsets[v], offsets[v + 1]):
            u = sources[e]
            one, entry = denominator * under_out[u], 0
            for s in range(many):
                entry += count[s] * min(one, max(-one, out[u, s] * along[s]))
            batch_sum[e] += entry
            if u >= net.first and known.slope[u] != 0 and weights[e] != 0:
                shared = gcd(net.scale, weights[e])
                factor = weights[e] // shared * (under_adjoint[u] // (denominator * (net.scale // shared)))
                for s in range(many):
                    adjoint[u, s] += factor * along[s]


LOWER, UPPER, EITHER = 1, 2, 3


class Roundings(NamedTuple):
    """What the kernel finds at the edges whose batch sum is not 0; integers, (k,) each.

    Parameters
    ----------
    edges
        Positions of the edges.
    below
        The multiple of rho below the mean, counted in rho.
    rest, part
        How far the mean is above it: ``rest / part`` of rho.
    which
        The multiples that are valid roundings: ``LOWER`` (the one below), ``UPPER`` (the next) or ``EITHER``.
    entry, under
        The batch sum as ``entry / under``.
    """

    edges: Integers
    below: Integers
    rest: Integers
    part: Integers
    which: Integers
    entry: Integers
    under: Integers


def room_for_roundings(count: int) -> Roundings:
    """Arrays for up to ``count`` edges.

    >>> len(room_for_roundings(3).below)
    3
    """
    return Roundings(*(np.empty(count, np.int64) for _ in Roundings._fields))


@compiled
def roundings(
    net: GraphArrays,
    trains: Table,
    batch_sum: Table,
    batch: int,
    rho: tuple[int, int],
    known: VertexBounds,
    scaled: bool,
    found: Roundings,
) -> int:
    """Fill ``found`` with the edges that train and whose batch sum is not 0; how many there are.

    ``rho`` is numerator and denominator; ``scaled`` says that batch sums are integers over their edge's denominator,
    and no fractions in float64. Nothing is divided by b, see :mod:`constructions.training.formulas`.

    ``net``, ``batch_sum`` (m,) and ``known`` are the network, the sums, and what is known of its vertices.
    """
    first, end = net.first, len(net.offsets) - 1
    return roundings_of(net, trains, batch_sum, batch, rho, known, scaled, first, end, 0, found)


@compiled_borrowing
def roundings_of(
    net: GraphArrays,
    trains: Table,
    batch_sum: Table,
    batch: int,
    rho: tuple[int, int],
    known: VertexBounds,
    scaled: bool,
    begin: int,
    end: int,
    count: int,
    found: Roundings,
) -> int:
    """As :func:`roundings`, for the edges into the vertices from ``begin`` to before ``end``; ``found`` has ``count``
    edges before. ``net``, ``trains``, ``batch_sum``, ``batch``, ``rho``, ``known`` and ``scaled`` are the same."""
    edges, below, rest, part, which, entry, under = found
    under_out, under_adjoint = known.under_out, known.under_adjoint
    for v in range(begin, end):
        denominator = under_adjoint[v] * (net.last[2] if v == net.output else net.inner[2])
        for e in range(net.offsets[v], net.offsets[v + 1]):
            if batch_sum[e] == 0 or not trains[e]:
                continue
            full = denominator * under_out[net.sources[e]]
            total = np.int64(batch_sum[e]) if scaled else np.int64(batch_sum[e] * float(full))
            shared = gcd(full, rho[1])
            above, cell = above_and_cell(total, full // shared, batch, rho[0], rho[1] // shared)
            edges[count], entry[count], under[count], part[count] = e, total, full, cell
            below[count] = above // cell
            rest[count] = above - below[count] * cell
            which[count] = LOWER * lower_is_valid(rest[count], cell) + UPPER * upper_is_valid(rest[count], cell)
            count += 1
    return count
