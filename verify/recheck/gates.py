"""Every vertex that is nothing else is a gate "at least k of its literals", strictly flat (premise k).

A gate reads the constant 1, inputs (0 or 1) and bits (-2 or 2). An operand of weight w > 0 is a literal, one of weight
w < 0 a negated literal; w = 0 adds nothing. If all literals are false the pre-activation is some L, and a literal that
is true adds its swing: 4 |w|, or |w| for an input. If the k smallest swings together lift L above 2, any k true
literals give more than 2. If the k - 1 largest leave it below -3, fewer than k give less than -3. So the vertex
returns 2 or -2, is strictly flat, and carries the bit "at least k".

The k is the first for which the k smallest swings are enough. If all swings of a vertex are equal (or nearly so), the
smallest and the largest decide; only where they do not the swings are sorted. This module works on whole pieces of the
arrays.

>>> from fractions import Fraction
>>> no_edge, one = np.zeros(0, np.int64), Fraction(1)
>>> arrays = {"offsets": np.array([0, 0, 0, 0, 3]), "sources": np.arange(3), "weights": np.array([-4, 8, -8])}
>>> fans = {"fan_in": np.array([0, 0, 0, 3]), "fan_out": np.array([1, 1, 1, 0]), "sampled": no_edge, "frozen": no_edge}
>>> settings = {"rho": one / 8, "rate": one, "batch": 1, "steps": 0, "sha256": ""}
>>> net = Network(n=2, scale=1, output=3, **arrays, **fans, **settings)
>>> thresholds(net, np.array([False, False, False, True]))  # vertex 3 needs two of its literals
array([0, 0, 0, 2], dtype=int32)
>>> literals_of(net, 3)  # x1 and not x2
[(1, False), (2, True)]
"""

import numpy as np
import numpy.typing as npt

from verify.recheck.network import Integers, Network
from verify.recheck.reading import need

FAR = 1 << 61


def thresholds(net: Network, is_gate: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """(N,) k of each gate of a network, those of ``is_gate`` (N,), 0 for all else.

    Raises
    ------
    RefusedError (k) for a vertex that is no such gate.
    """
    needs = np.zeros(net.size, np.int32)
    for low, high, _ in net.pieces():
        low = max(low, net.n + 1)
        if low >= high:
            continue
        edges = slice(int(net.offsets[low]), int(net.offsets[high]))
        found, open_ = _piece(net, low, high, edges)
        wanted = is_gate[low:high]
        for v in (low + np.flatnonzero(open_ & wanted)).tolist():
            found[v - low] = by_order(net, v)
        needs[low:high] = np.where(wanted, found, 0)
    return needs


def _piece(net: Network, low: int, high: int, edges: slice) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """k of each vertex of a piece by its smallest and largest swing, and where these leave it open."""
    tails, weights, begins = net.sources[edges], net.weights[edges], net.offsets[low:high] - net.offsets[low]
    sizes = np.abs(weights)
    is_bit, is_literal = tails > net.n, (tails > 0) & (weights != 0)
    rest = np.where(is_bit, -2 * sizes, np.where(tails == 0, weights, np.minimum(weights, 0)))
    swings = np.where(is_bit, 4 * sizes, sizes)
    base = np.add.reduceat(rest, begins)
    count = np.add.reduceat(is_literal.astype(np.int64), begins)
    least = np.minimum.reduceat(np.where(is_literal, swings, FAR), begins)
    most = np.maximum.reduceat(np.where(is_literal, swings, 0), begins)
    above, below = 2 * net.scale, -3 * net.scale
    k = np.clip((above - base) // least + 1, 0, count + 1)
    fires = (k > count) | (base + k * np.where(k > 0, least, 0) > above)
    rests = (k == 0) | (base + (k - 1) * most < below)
    return k, ~(fires & rests)


def by_order(net: Network, v: int) -> int:
    """k of a vertex, by its swings in ascending order; RefusedError if it has none."""
    base, swings = 0, list[int]()
    for u, w in net.into(v):
        if u == 0:
            base += w
        elif w:
            swings.append(abs(w) * (4 if u > net.n else 1))
            base += -2 * abs(w) if u > net.n else min(w, 0)
    swings.sort()
    k, reached = 0, base
    while reached <= 2 * net.scale and k < len(swings):
        reached += swings[k]
        k += 1
    if reached <= 2 * net.scale:
        k += 1
    need(
        k == 0 or base + sum(swings[len(swings) + 1 - k :]) < -3 * net.scale,
        f"(k) a gate that is strictly flat for all bits, at vertex {v}",
    )
    return k


def literals_of(net: Network, v: int) -> list[tuple[int, bool]]:
    """The operands of the gate v of a network, and whether they are negated."""
    return [(u, w < 0) for u, w in net.into(v) if u and w]
