"""Downwards through a network: how long adjoints, gradient entries, batch sums and comparisons can be.

The adjoint of a vertex is the derivative of the loss with respect to its output. It is followed only to vertices that
may be off their flat pieces: a strictly flat vertex passes nothing down, so that its own adjoint is of no use and is
left out (it counts as 0). For each other vertex the pass knows a
denominator of its adjoints (``under_adjoint``) and a bound for their size, a float64 that sums over all paths from the
output. Each function says False where a number may have more than 61 bits.

Arguments that all share: ``net`` the network, ``trains`` (m,) which edges move, ``batch`` the number of samples,
``rho`` numerator and denominator, ``most`` (N,) the bounds of adjoints so far, ``known`` what is known of each vertex
and is filled in, ``fault`` (6,) where the first number that is too long is noted
(:mod:`constructions.training.number_limits`).
"""

import numpy as np

from constructions.training.compiled import compiled, compiled_borrowing
from constructions.training.kernels import GraphArrays, Integers, Table, VertexBounds, gcd
from constructions.training.number_limits import ADJOINT, BATCH, ENTRY, GRID, farther, fits, fits_whole


@compiled
def bound_adjoints(
    net: GraphArrays, trains: Table, batch: int, rho: tuple[int, int], known: VertexBounds, fault: Integers
) -> bool:
    """Adjoints, gradient entries, batch sums and comparisons, downwards; False where 61 bits do not do.

    ``most[v]`` bounds the size of v's adjoint; sums of positive floats, so that their own rounding is covered by the
    slack of the limits.

    >>> from fractions import Fraction
    >>> from constructions.foundations.activation import IDENTITY
    >>> from constructions.training.engine import Engine
    >>> arrays = {"offsets": np.array([0, 0, 0, 1, 2]), "sources": np.array([1, 2]), "weights": np.array([1, 1])}
    >>> engine = Engine(**arrays, scale=2, inputs=1, output=3, sigma=IDENTITY, batch=1, rho=Fraction(1, 4))  # x/4
    >>> net, numbers, known, fault = engine.arrays, (engine.trains, 1, (1, 4)), engine.ranges().known, np.full(6, -1)
    >>> known.under_adjoint[:] = 1
    >>> bound_adjoints(net, *numbers, known, fault), known.under_adjoint.tolist()
    (True, [1, 1, 8, 4])
    >>> most = np.zeros(4)
    >>> bound_loss(3, most, known)
    >>> bound_gradients_of(net, *numbers, 2, 4, True, most, known, fault), most.tolist()
    (True, [0.0, 0.0, 0.5, 1.0])
    """
    most = np.zeros(len(net.offsets) - 1)
    bound_loss(net.output, most, known)
    return bool(bound_gradients_of(net, trains, batch, rho, net.first, len(most), True, most, known, fault))


@compiled_borrowing
def bound_gradients_of(
    net: GraphArrays,
    trains: Table,
    batch: int,
    rho: tuple[int, int],
    begin: int,
    end: int,
    passes: bool,
    most: Table,
    known: VertexBounds,
    fault: Integers,
) -> bool:
    """The adjoints of the vertices from ``begin`` to before ``end``, downwards, and what comes of them for the edges
    into them; with ``passes`` they are passed on to their tails. False where 61 bits do not do."""
    offsets = net.offsets
    for v in range(end - 1, begin - 1, -1):
        if most[v] == 0.0:
            continue
        if not fits(fault, most[v] * float(known.under_adjoint[v]), v, ADJOINT):
            return False
        if known.slope[v] == 0:
            continue
        over = net.last[2] if v == net.output else net.inner[2]
        along, under = most[v] * float(known.slope[v]) / float(over), known.under_adjoint[v] * over
        full = float(known.under_adjoint[v]) * float(over)
        if not (fits_whole(fault, full, v, ADJOINT) and fits(fault, along * full, v, ADJOINT)):
            return False
        for e in range(offsets[v], offsets[v + 1]):
            if known.blank[e]:
                continue
            u = net.sources[e]
            size = farther(known.low[u], known.high[u]) / float(known.under_out[u]) * along
            if not entry_fits(size, float(under) * float(known.under_out[u]), batch, v, fault):
                return False
            if trains[e] and not comparison_fits(size, under * known.under_out[u], batch, rho, v, fault):
                return False
            weight = net.weights[e]
            if not passes or u < net.first or known.slope[u] == 0 or weight == 0:
                continue
            if not pass_down(weight, net.scale, u, v, along, under, most, known, fault):
                return False
    return True


@compiled_borrowing
def bound_loss(output: int, most: Table, known: VertexBounds) -> None:
    """The adjoint of the output is output minus label, and the label is 0 or 1."""
    unit = float(known.under_out[output])
    low, high = float(known.low[output]), float(known.high[output])
    most[output] = max(abs(low), abs(high), abs(low - unit), abs(high - unit)) / unit
    known.under_adjoint[output] = known.under_out[output]


@compiled_borrowing
def pass_down(
    weight: int, scale: int, u: int, v: int, along: float, under: int, most: Table, known: VertexBounds, fault: Integers
) -> bool:
    """Add weight, over ``scale``, times the adjoint of v to the adjoint of its tail u; v's is at most ``along`` in
    size, an integer over ``under``.

    >>> from constructions.training.kernels import nothing_known
    >>> most, known = np.array([0.0, 1.0]), nothing_known(2, 1)
    >>> pass_down(3, 2, 0, 1, 1.0, 1, most, known, np.full(6, -1)), most.tolist(), known.under_adjoint.tolist()
    (True, [1.5, 1.0], [2, 1])
    """
    shared = gcd(scale, weight)
    if not fits_whole(fault, float(under) * float(scale // shared), v, ADJOINT):
        return False
    wanted, there = under * (scale // shared), known.under_adjoint[u]
    if there % wanted:
        wanted //= gcd(there, wanted)
        if not fits_whole(fault, float(there) * float(wanted), u, ADJOINT):
            return False
        known.under_adjoint[u] = there * wanted
    most[u] += abs(float(weight)) / float(scale) * along
    return True


@compiled
def entry_fits(size: float, full: float, batch: int, v: int, fault: Integers) -> bool:
    """Whether the entry of an edge into v, of this size over ``full``, fits before and after clipping, and its sum
    over the batch."""
    if not (fits_whole(fault, full, v, ENTRY) and fits(fault, size * full, v, ENTRY)):
        return False
    return bool(fits(fault, float(batch) * min(size, 1.0) * full, v, BATCH))


@compiled
def comparison_fits(size: float, full: int, batch: int, rho: tuple[int, int], v: int, fault: Integers) -> bool:
    """Whether the integers fit that are compared for an edge into v: its batch sum and b rho over one denominator."""
    shared = gcd(full, rho[1])
    total = float(batch) * min(size, 1.0) * float(full) * (float(rho[1]) / float(shared))
    cell = float(batch) * float(rho[0]) * float(full) / float(shared)
    return bool(fits_whole(fault, total, v, GRID) and fits_whole(fault, 4.0 * cell, v, GRID))
