"""The two passes of gradient descent over arrays, compiled: in float64, and in integers with one denominator for each
vertex.

A block of samples goes through the network together: vertices upwards, then downwards, over every edge. What float64
holds here is exact only where :mod:`constructions.training.exactness` has shown it; the integers need its denominators.
An activation is a tuple ``(C, kinks, Z, slopes, intercepts)`` of integers: kinks over C; slopes and intercepts over Z.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from constructions.training import formulas
from constructions.training.compiled import compiled

Integers = npt.NDArray[np.int64]
Table = npt.NDArray[Any]
Pieces = tuple[int, Integers, int, Integers, Integers]

above_and_cell, image = compiled(formulas.above_and_cell), compiled(formulas.image)
lower_is_valid, upper_is_valid = compiled(formulas.lower_is_valid), compiled(formulas.upper_is_valid)


@compiled
def gcd(a: int, b: int) -> int:
    """The greatest common divisor; that of 0 and 0 is 0."""
    a, b = abs(a), abs(b)
    while b:
        a, b = b, a % b
    return a


@compiled
def forward_floats(
    offsets: Integers,
    sources: Integers,
    weights: Integers,
    scale: int,
    x: Table,
    output: int,
    inner: Pieces,
    last: Pieces,
    out: Table,
    piece: Table,
) -> None:
    """Outputs of all vertices, and the piece on which each is: the number of kinks below it, minus it if it sits on
    the last of them."""
    size, many = out.shape
    first = 1 + x.shape[1]
    for s in range(many):
        out[0, s] = 1.0
        for i in range(1, first):
            out[i, s] = x[s, i - 1]
    total, unit = np.empty(many), 1.0 / float(scale)
    for v in range(first, size):
        total[:] = 0.0
        for e in range(offsets[v], offsets[v + 1]):
            weight, u = float(weights[e]) * unit, sources[e]
            for s in range(many):
                total[s] += weight * out[u, s]
        under, kinks, over, slopes, intercepts = last if v == output else inner
        for s in range(many):
            scaled, i, on = total[s] * float(under), 0, False
            while i < len(kinks) and float(kinks[i]) <= scaled:
                on = float(kinks[i]) == scaled
                i += 1
            piece[v, s] = -i if on else i
            out[v, s] = (float(slopes[i]) * total[s] + float(intercepts[i])) / float(over)


@compiled
def backward_floats(
    offsets: Integers,
    sources: Integers,
    weights: Integers,
    scale: int,
    first: int,
    y: Table,
    count: Integers,
    output: int,
    inner: Pieces,
    last: Pieces,
    out: Table,
    piece: Table,
    adjoint: Table,
    kink: Integers,
    batch_sum: Table,
) -> None:
    """Add each sample's clipped gradient to ``batch_sum``; ``kink`` gets the first vertex from above that sits on one
    with an adjoint.

    A vertex whose adjoints are all 0 adds nothing and is left out.
    """
    size, many = out.shape
    adjoint[:] = 0.0
    for s in range(many):
        adjoint[output, s] = out[output, s] - y[s]
    along, unit = np.empty(many), 1.0 / float(scale)
    for v in range(size - 1, first - 1, -1):
        live = False
        _, _, over, slopes, _ = last if v == output else inner
        for s in range(many):
            along[s] = 0.0
            if adjoint[v, s] != 0.0:
                i = piece[v, s]
                if i >= 0:
                    along[s] = float(slopes[i]) * adjoint[v, s] / float(over)
                    live = live or along[s] != 0.0
                elif kink[s] < 0:
                    kink[s] = v
        if live:
            for e in range(offsets[v], offsets[v + 1]):
                weight, u, entry = float(weights[e]) * unit, sources[e], 0.0
                for s in range(many):
                    entry += float(count[s]) * min(1.0, max(-1.0, out[u, s] * along[s]))
                    adjoint[u, s] += weight * along[s]
                batch_sum[e] += entry


@compiled
def forward_integers(
    offsets: Integers,
    sources: Integers,
    weights: Integers,
    scale: int,
    x: Table,
    output: int,
    inner: Pieces,
    last: Pieces,
    out: Table,
    piece: Table,
    row: Integers,
    common: Integers,
    under_out: Integers,
) -> None:
    """As :func:`forward_floats`: vertex v's outputs are integers over ``under_out[v]``, its edges' weights over
    scale / ``row[v]``."""
    size, many = out.shape
    first = 1 + x.shape[1]
    for s in range(many):
        out[0, s] = 1
        for i in range(1, first):
            out[i, s] = x[s, i - 1]
    total = np.empty(many, np.int64)
    for v in range(first, size):
        total[:] = 0
        for e in range(offsets[v], offsets[v + 1]):
            u = sources[e]
            if weights[e] != 0:
                factor = weights[e] // row[v] * (common[v] // under_out[u])
                for s in range(many):
                    total[s] += factor * out[u, s]
        under, kinks, over, slopes, intercepts = last if v == output else inner
        denominator = scale // row[v] * common[v]
        shared = over * denominator // under_out[v]
        for s in range(many):
            scaled, i, on = total[s] * under, 0, False
            while i < len(kinks) and kinks[i] * denominator <= scaled:
                on = kinks[i] * denominator == scaled
                i += 1
            piece[v, s] = -i if on else i
            out[v, s] = image(slopes[i], total[s], intercepts[i], denominator) // shared


@compiled
def backward_integers(
    offsets: Integers,
    sources: Integers,
    weights: Integers,
    scale: int,
    first: int,
    y: Table,
    count: Integers,
    output: int,
    inner: Pieces,
    last: Pieces,
    out: Table,
    piece: Table,
    adjoint: Table,
    kink: Integers,
    batch_sum: Table,
    under_out: Integers,
    under_adjoint: Integers,
) -> None:
    """As :func:`backward_floats`: the adjoint of v is an integer over ``under_adjoint[v]``, an edge's entry over
    both its ends'."""
    size, many = out.shape
    adjoint[:] = 0
    for s in range(many):
        adjoint[output, s] = out[output, s] - y[s] * under_out[output]
    along = np.empty(many, np.int64)
    for v in range(size - 1, first - 1, -1):
        live = False
        _, _, over, slopes, _ = last if v == output else inner
        for s in range(many):
            along[s] = 0
            if adjoint[v, s] != 0:
                i = piece[v, s]
                if i >= 0:
                    along[s] = slopes[i] * adjoint[v, s]
                    live = live or along[s] != 0
                elif kink[s] < 0:
                    kink[s] = v
        if live:
            denominator = under_adjoint[v] * over
            for e in range(offsets[v], offsets[v + 1]):
                u = sources[e]
                one, entry = denominator * under_out[u], 0
                for s in range(many):
                    entry += count[s] * min(one, max(-one, out[u, s] * along[s]))
                batch_sum[e] += entry
                if u >= first and weights[e] != 0:
                    shared = gcd(scale, weights[e])
                    factor = weights[e] // shared * (under_adjoint[u] // (denominator * (scale // shared)))
                    for s in range(many):
                        adjoint[u, s] += factor * along[s]


LOWER, UPPER, EITHER = 1, 2, 3


@compiled
def roundings(
    offsets: Integers,
    sources: Integers,
    trains: Table,
    batch_sum: Table,
    first: int,
    output: int,
    batch: int,
    rho: tuple[int, int],
    over: tuple[int, int],
    under_out: Integers,
    under_adjoint: Integers,
    scaled: bool,
    edges: Integers,
    below: Integers,
    rest: Integers,
    part: Integers,
    which: Integers,
    entry: Integers,
    under: Integers,
) -> int:
    """Where the batch sum is not 0: the edge, the multiple of rho below, the rest over ``part``, which of the two
    neighbours are valid.

    Nothing is divided by b, see :mod:`constructions.training.formulas`.
    """
    found = 0
    for v in range(first, len(offsets) - 1):
        denominator = under_adjoint[v] * (over[1] if v == output else over[0])
        for e in range(offsets[v], offsets[v + 1]):
            if batch_sum[e] == 0 or not trains[e]:
                continue
            full = denominator * under_out[sources[e]]
            total = np.int64(batch_sum[e]) if scaled else np.int64(batch_sum[e] * float(full))
            shared = gcd(full, rho[1])
            above, cell = above_and_cell(total, full // shared, batch, rho[0], rho[1] // shared)
            edges[found], entry[found], under[found], part[found] = e, total, full, cell
            below[found] = above // cell
            rest[found] = above - below[found] * cell
            which[found] = (LOWER if lower_is_valid(rest[found], cell) else 0) + (
                UPPER if upper_is_valid(rest[found], cell) else 0
            )
            found += 1
    return found
