"""Sets of vertices that are gone through in order while they grow: what a change has still to reach.

A change goes through a network like a wave: a vertex is marked when one of its tails has changed, and marked vertices
are visited in ascending order (against the edges: descending), so that each is visited once, after all that it depends
on. A mark is a byte for each vertex, with counts for every 64 and every 4096 vertices, so that long stretches without
marks are passed over at once. A wave marks only what lies ahead of it.

Edges are listed by the vertex into which they lead; :class:`Fanout` lists them by the one from which they come.
"""

from typing import NamedTuple

import numpy as np

from constructions.training.compiled import compiled, compiled_borrowing
from constructions.training.kernels import Integers, Table

FEW, MANY = 6, 12
"""Counts are kept for every 2^6 and every 2^12 vertices."""
HERE, ANEW = 1, 2
"""Kinds of marks: a vertex is reached; its output is to be found anew."""


class Marks(NamedTuple):
    """A set of vertices, each with a byte that is not 0.

    Parameters
    ----------
    mark : (N,) array of bytes
    few, many : arrays of int
        How many of each 64, and of each 4096, vertices are marked.
    """

    mark: Table
    few: Integers
    many: Integers


def no_marks(size: int) -> Marks:
    """The empty set of ``size`` vertices.

    >>> marks = no_marks(10000)
    >>> put_mark(marks, 9000, 1)
    >>> put_mark(marks, 9000, 2)
    >>> next_marked(marks, 1), last_marked(marks, 9999), take_mark(marks, 9000), next_marked(marks, 1)
    (9000, 9000, 3, 10000)
    """
    counts = (np.zeros((size >> bits) + 1, np.int64) for bits in (FEW, MANY))
    return Marks(np.zeros(size, np.uint8), *counts)


@compiled_borrowing
def put_mark(marks: Marks, v: int, kind: int) -> None:
    """Mark vertex v; the bits of ``kind`` are added to those that it has."""
    if marks.mark[v] == 0:
        marks.few[v >> FEW] += 1
        marks.many[v >> MANY] += 1
    marks.mark[v] |= kind


@compiled
def mark_from(marks: Marks, first: int, kind: int) -> None:
    """Mark all vertices from the first one on, with a kind of mark (a byte that is not 0).

    >>> marks = no_marks(4)
    >>> mark_from(marks, 2, HERE)
    >>> marks.mark.tolist(), marks.few.tolist()
    ([0, 0, 1, 1], [2])
    """
    for v in range(first, len(marks.mark)):
        put_mark(marks, v, kind)


@compiled_borrowing
def take_mark(marks: Marks, v: int) -> int:
    """Take the mark of vertex v away; what it was, 0 if there was none."""
    kind = int(marks.mark[v])
    if kind != 0:
        marks.few[v >> FEW] -= 1
        marks.many[v >> MANY] -= 1
    marks.mark[v] = 0
    return kind


@compiled_borrowing
def next_marked(marks: Marks, v: int) -> int:
    """The first of the vertices with marks from v on; N if there is none."""
    size = len(marks.mark)
    while v < size:
        if marks.many[v >> MANY] == 0:
            v = ((v >> MANY) + 1) << MANY
        elif marks.few[v >> FEW] == 0:
            v = ((v >> FEW) + 1) << FEW
        elif marks.mark[v] == 0:
            v += 1
        else:
            return v
    return size


@compiled_borrowing
def last_marked(marks: Marks, v: int) -> int:
    """The last of the vertices with marks up to v; -1 if there is none."""
    while v >= 0:
        if marks.many[v >> MANY] == 0:
            v = ((v >> MANY) << MANY) - 1
        elif marks.few[v >> FEW] == 0:
            v = ((v >> FEW) << FEW) - 1
        elif marks.mark[v] == 0:
            v -= 1
        else:
            return v
    return -1


class Fanout(NamedTuple):
    """The edges by the vertex from which they come, and of each vertex those into the latest vertex first.

    Parameters
    ----------
    offsets : (N + 1,) array
        Those of vertex v are at ``offsets[v]`` to before ``offsets[v + 1]``.
    heads, edges : (m,) arrays
        The vertices into which they lead, and their positions in the network's arrays.
    """

    offsets: Integers
    heads: Integers
    edges: Integers


@compiled
def fanout_of(offsets: Integers, sources: Integers) -> Fanout:
    """The edges of a network, by their ``offsets`` and ``sources``, by the vertex from which they come.

    >>> [part.tolist() for part in fanout_of(np.array([0, 0, 0, 2, 4]), np.array([0, 1, 1, 2]))]
    [[0, 1, 3, 4, 4], [2, 3, 2, 3], [0, 2, 1, 3]]
    """
    size = len(offsets) - 1
    begins, heads, edges = np.zeros(size + 1, np.int64), np.empty_like(sources), np.empty_like(sources)
    for u in sources:
        begins[u + 1] += 1
    for u in range(size):
        begins[u + 1] += begins[u]
    place = begins.copy()
    for v in range(size - 1, -1, -1):
        for e in range(offsets[v], offsets[v + 1]):
            k = place[sources[e]]
            heads[k], edges[k] = v, e
            place[sources[e]] += 1
    return Fanout(begins, heads, edges)
