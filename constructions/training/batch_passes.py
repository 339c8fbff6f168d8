"""Both passes for a whole batch: equal samples once, a few columns at a time, through the kernels that a step chose."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from constructions.training.exactness import FLOATS, INTEGERS, Ranges
from constructions.training.kernels import (
    GraphArrays,
    Integers,
    Table,
    backward_floats,
    backward_integers,
    forward_floats,
    forward_integers,
)

COLUMNS = 8
"""So many samples go through the network together: a vertex's row then fits into a cache line."""
KERNELS: dict[str, tuple[Callable[..., None], Callable[..., None]]] = {
    FLOATS: (forward_floats, backward_floats),
    INTEGERS: (forward_integers, backward_integers),
}


@dataclass(frozen=True, slots=True, eq=False)
class BatchPasses:
    """What both passes give for a batch of b samples.

    Parameters
    ----------
    outputs : tuple of Fraction
        (b,) the exact outputs, in the order of the batch.
    batch_sum : (m,) array
        The sum of all samples' clipped gradient entries: float64, or integers over the denominators of both ends.
    kink : int, optional
        The vertex on which the first sample that meets a kink, with an adjoint that is not 0, meets it.
    """

    outputs: tuple[Fraction, ...]
    batch_sum: Table
    kink: int | None


class _Room:
    """Room for the values of some samples at all vertices, and the kernels that fill it."""

    def __init__(self, net: GraphArrays, found: Ranges, width: int) -> None:
        self.net, self.found = net, found
        kind: Any = np.float64 if found.system == FLOATS else np.int64
        shape = (len(net.offsets) - 1, width)
        self.out, self.adjoint, self.piece = np.empty(shape, kind), np.empty(shape, kind), np.empty(shape, np.int16)

    @property
    def width(self) -> int:
        """How many samples there is room for."""
        return int(self.out.shape[1])

    def forward(self, x: Integers) -> list[Fraction]:
        """The outputs of the samples x (width, n)."""
        net, found = self.net, self.found
        more = () if found.system == FLOATS else (found.known,)
        KERNELS[found.system][0](net, x, self.out, self.piece, *more)
        under = 1 if found.system == FLOATS else int(found.under_out[net.output])
        return [Fraction(value) / under for value in self.out[net.output].tolist()]

    def backward(self, y: Integers, count: Integers, kinks: Integers, batch_sum: Table) -> None:
        """Add the clipped gradients, each ``count`` times; what :meth:`forward` left is the start."""
        found = self.found
        more = () if found.system == FLOATS else (found.known,)
        backward = KERNELS[found.system][1]
        backward(self.net, y, count, self.out, self.piece, self.adjoint, kinks, batch_sum, *more)


def batch_passes(net: GraphArrays, found: Ranges, x: Integers, y: Integers, *, backward: bool = True) -> BatchPasses:
    """Forward and backward for a batch, x (b, n) and y (b,); without ``backward`` only the outputs are found.

    ``found`` are the ranges for these weights: which number system holds every number.
    """
    points, first, back, count = np.unique(
        np.column_stack((x, y)), axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    room = _Room(net, found, min(COLUMNS, len(points)))
    batch_sum = np.zeros(len(net.sources) if backward else 0, room.out.dtype)
    outputs: list[Fraction] = []
    kinks = np.full(len(points), -1, np.int64)
    for begin in range(0, len(points), COLUMNS):
        block = slice(begin, begin + COLUMNS)
        rows = points[block]
        if len(rows) < room.width:
            room = _Room(net, found, len(rows))
        outputs += room.forward(np.ascontiguousarray(rows[:, :-1]))
        if backward:
            room.backward(np.ascontiguousarray(rows[:, -1]), count[block], kinks[block], batch_sum)
    met = [(int(first[i]), int(v)) for i, v in enumerate(kinks) if v >= 0]
    in_order = tuple(outputs[i] for i in back.reshape(-1).tolist())
    return BatchPasses(in_order, batch_sum, min(met)[1] if met else None)
