"""What has to be computed for each sample of a batch, in 32-bit integers, and the proof that these hold it.

For the weights as they are now, the pass before a step (:mod:`constructions.training.exactness`) knows of every vertex
between which bounds its output lies, and so which vertices have the same output for every x. In the network of an
emulation these are nearly all: what the clock and the state do depends on weights alone. A *program* has a row for each
vertex whose output may differ from sample to sample; what the others add to its sum is one number, its *bias*. Beside
them it has the vertices that a gradient may pass (the sloped ones), for their pieces.

A *lane* is one sample's place in a vector register. A row of sixteen samples of 32 bits is 64 bytes, one cache line,
and the processor multiplies and adds eight or sixteen of them at a time. A 32-bit register holds a number modulo 2^32;
that it holds the number itself follows from a bound: the sizes of a vertex's terms add up to less than 2^31
(:func:`constructions.training.formulas.fits_lane`), so each sum is within it, whatever the sample. This is looked at
for every vertex with a row, before each step, in 64-bit integers; the first vertex with too large a bound is the reason
why the lanes are not used.

A vertex that is strictly flat for every x needs no slope: its output is a *level* between two *marks* of its sum. A
gate of the two-stage ramp has four kinks, but the sums that it meets lie on two sides of all of them, so it has one
mark.
"""

from typing import NamedTuple

import numpy as np

from constructions.training import formulas
from constructions.training.compiled import compiled, compiled_borrowing
from constructions.training.kernels import GraphArrays, Integers, Pieces, Table, VertexBounds, gcd, image
from constructions.training.number_limits import PIECE, SUM, fault_in_words
from constructions.training.output_bounds import at_least

fits_lane, ceiling = compiled(formulas.fits_lane), compiled(formulas.ceiling)
greatest_sum, least_sum = compiled(formulas.greatest_sum), compiled(formulas.least_sum)
size_of_whole_sums = compiled(formulas.size_of_sums)
LANE_BITS = formulas.LANE_BITS
LOWEST = -(1 << LANE_BITS)
"""Below every number in a lane: the mark of a vertex's first level."""


class LaneProgram(NamedTuple):
    """The vertices that are computed for each sample, k of them, with q marks in all.

    Parameters
    ----------
    rows, slots
        (N,) the row of each vertex whose output depends on x, inputs first; the place of each sloped vertex among
        these. -1 where there is none.
    vertices, sloped
        (k,) the vertices that are computed, upwards; that of place i has room in row i + inputs. Those among them that
        may pass a gradient.
    starts, tails, factors
        (k + 1,), and (l,) each: for every edge from a vertex with a row, this row and the weight, as an integer over
        the denominator of the head's sum. An edge of weight 0 makes their number even, since two are taken at a time.
    bias
        (k,) what all other edges add to the sum.
    steps, marks, levels
        (k + 1,), and (q,) each: the output of a flat vertex is the level of the last mark that its sum reaches.
    """

    rows: Integers
    slots: Integers
    vertices: Integers
    sloped: Integers
    starts: Integers
    tails: Table
    factors: Table
    bias: Table
    steps: Integers
    marks: Table
    levels: Table


def lane_program(
    net: GraphArrays, known: VertexBounds, *, folded: bool = True, pieces: bool = True
) -> tuple[LaneProgram | None, str]:
    """The program for the weights as they are now; None, and why, where 32 bits do not do.

    Parameters
    ----------
    net, known
        The network, and what the pass before the step knows of its vertices.
    folded
        Without it every vertex has a row, also where all samples give the same output (to compare speeds).
    pieces
        Without it sloped vertices that do not depend on x are left out, as they may be where nothing goes downwards.

    >>> from constructions.foundations.activation import IDENTITY
    >>> from constructions.training.exactness import integer_pieces, ranges
    >>> sigma = integer_pieces(IDENTITY)
    >>> from fractions import Fraction
    >>> net = GraphArrays(np.array([0, 0, 0, 2]), np.array([0, 1]), np.array([1, 2]), 2, 2, 2, sigma, sigma)
    >>> known = ranges(net, trains=np.array([True, True]), batch=1, rho=Fraction(1, 4)).known
    >>> program, reason = lane_program(net, known)
    >>> program.vertices.tolist(), program.bias.tolist(), program.tails.tolist(), program.factors.tolist(), reason
    ([2], [1], [0, 0], [2, 0], '')
    """
    room = _room(net, known, folded, pieces)
    fault = np.full(3, -1, np.int64)
    marks = fill_program(net, known, room, fault)
    if fault[0] >= 0:
        return None, f"{fault_in_words(fault)}, more than {LANE_BITS}"
    edges = int(room.starts[-1])
    return room._replace(
        tails=room.tails[:edges], factors=room.factors[:edges], marks=room.marks[:marks], levels=room.levels[:marks]
    ), ""


def _room(net: GraphArrays, known: VertexBounds, folded: bool, pieces: bool) -> LaneProgram:
    """Rows and slots, and room for the rest."""
    size, first = len(net.offsets) - 1, net.first
    differs = known.grid[first:] != 0 if folded else np.ones(size - first, np.bool_)
    sloped = known.slope[first:] != 0
    vertices = np.flatnonzero(differs | sloped if pieces else differs) + first
    rows, slots = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
    rows[1:first] = np.arange(first - 1)
    places = np.arange(len(vertices))
    chosen = differs[vertices - first]
    rows[vertices[chosen]] = places[chosen] + first - 1
    passing = vertices[sloped[vertices - first]]
    slots[passing] = np.arange(len(passing))
    most = int((net.offsets[vertices + 1] - net.offsets[vertices] + 1).sum())
    kinks = 1 + max(len(net.inner[1]), len(net.last[1]))
    many, numbers = len(vertices), np.int32
    return LaneProgram(
        rows=rows,
        slots=slots,
        vertices=vertices,
        sloped=passing,
        starts=np.zeros(many + 1, np.int64),
        tails=np.empty(most, numbers),
        factors=np.empty(most, numbers),
        bias=np.empty(many, numbers),
        steps=np.zeros(many + 1, np.int64),
        marks=np.empty(many * kinks, numbers),
        levels=np.empty(many * kinks, numbers),
    )


@compiled
def fill_program(net: GraphArrays, known: VertexBounds, program: LaneProgram, fault: Integers) -> int:
    """Edges, biases and marks of every vertex of the program; how many marks there are. ``fault`` gets the first vertex
    with numbers too large for a lane."""
    edges, marks = 0, 0
    for i in range(len(program.vertices)):
        v = program.vertices[i]
        edges, low, high, step, size = fill_edges(net, known, program, i, edges)
        if not fits_lane(size):
            fault[0], fault[1], fault[2] = v, SUM, int(np.log2(float(size))) + 1
            return 0
        reach = max(abs(known.low[v]), abs(known.high[v]))
        if not fits_lane(reach):
            fault[0], fault[1], fault[2] = v, PIECE, int(np.log2(float(reach))) + 1
            return 0
        if known.slope[v] == 0:
            pieces = net.last if v == net.output else net.inner
            denominator = net.scale // known.row[v] * known.common[v]
            marks = fill_marks(pieces, denominator, known.under_out[v], low, high, step, program, marks)
        program.starts[i + 1], program.steps[i + 1] = edges, marks
    return marks


@compiled_borrowing
def fill_edges(
    net: GraphArrays, known: VertexBounds, program: LaneProgram, i: int, edges: int
) -> tuple[int, int, int, int, int]:
    """The edges into the vertex of place i, behind ``edges`` others, and its bias.

    Returns how many edges there are then; the least sum, the greatest, the grid of all sums; a bound for the size of
    every partial sum. It says so also where this is too large for a lane.
    """
    v = program.vertices[i]
    row, common, bias, low, high, step, size = known.row[v], known.common[v], 0, 0, 0, 0, 0
    for e in range(net.offsets[v], net.offsets[v + 1]):
        if net.weights[e] == 0:
            continue
        u = net.sources[e]
        factor = net.weights[e] if row == 1 else net.weights[e] // row
        if common != known.under_out[u]:
            factor *= common // known.under_out[u]
        least, most = known.low[u], known.high[u]
        size = size_of_whole_sums(size, abs(factor), max(abs(least), abs(most)))
        low = least_sum(low, max(factor, 0), min(factor, 0), least, most)
        high = greatest_sum(high, max(factor, 0), min(factor, 0), least, most)
        if program.rows[u] < 0 or not fits_lane(size):
            bias += factor * least
            continue
        if step == 0 or factor * known.grid[u] % step:
            step = gcd(step, factor * known.grid[u])
        program.tails[edges], program.factors[edges] = program.rows[u], factor
        edges += 1
    if (edges - program.starts[i]) % 2:
        program.tails[edges], program.factors[edges] = 0, 0
        edges += 1
    if fits_lane(size):
        program.bias[i] = bias
    return edges, low, high, step, size


@compiled_borrowing
def fill_marks(
    pieces: Pieces,
    denominator: int,
    under_out: int,
    low: int,
    high: int,
    step: int,
    program: LaneProgram,
    marks: int,
) -> int:
    """The marks of a flat vertex whose sum is among low, low + step, ..., high, behind ``marks`` others: one where its
    output changes. How many there are then."""
    under, kinks, over, slopes, intercepts = pieces
    shared, some = over * denominator // under_out, False
    for p in range(len(slopes)):
        begin = low
        if p > 0 and kinks[p - 1] * denominator > low * under:
            top = kinks[p - 1] * denominator
            begin = at_least(low, step, top if under == 1 else ceiling(top, under))
        if begin > high:
            break
        if p < len(kinks) and begin * under > kinks[p] * denominator:
            continue
        level = image(slopes[p], begin, intercepts[p], denominator)
        level = level if shared == 1 else level // shared
        if some and level == program.levels[marks - 1]:
            continue
        program.marks[marks], program.levels[marks] = begin if some else LOWEST, level
        marks, some = marks + 1, True
    return marks
