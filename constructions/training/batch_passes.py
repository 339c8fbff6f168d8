"""Both passes for a whole batch: equal samples once, a few columns at a time, through the kernels that a step chose.

Eight or more different samples go through side by side in 32-bit integers (:mod:`constructions.training.lane_passes`),
where these are proved to hold every number; otherwise, and for fewer, in the number system of the step. The results are
the same, and which way was taken is said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from constructions.training.exactness import FLOATS, INTEGERS, Ranges
from constructions.training.kernels import (
    GraphArrays,
    Integers,
    Table,
    VertexBounds,
    backward_floats,
    backward_integers,
    forward_floats,
    forward_integers,
)
from constructions.training.lane_passes import WIDTHS, backward_lanes, forward_lanes
from constructions.training.lane_program import LaneProgram, lane_program

COLUMNS = 8
"""So many samples go through the network together: a vertex's row then fits into a cache line."""
FEWEST, FEWEST_OF_MANY, MANY = WIDTHS[0], WIDTHS[-1], 4096
"""For fewer samples the lanes are not used. Where more than ``MANY`` vertices, and more than a quarter, depend on x,
their program costs as much as it saves until there are ``FEWEST_OF_MANY``."""
IN_LANES = "in lanes of 32-bit integers"
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
    way : str
        ``IN_LANES``, or the number system and why the lanes were not used.
    """

    outputs: tuple[Fraction, ...]
    batch_sum: Table
    kink: int | None
    way: str

    @property
    def scaled(self) -> bool:
        """Whether the batch sums are integers."""
        return bool(self.batch_sum.dtype.kind == "i")


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


class _LaneRoom:
    """Room for some samples side by side at the rows of a program."""

    def __init__(self, net: GraphArrays, known: VertexBounds, program: LaneProgram, width: int) -> None:
        self.net, self.known, self.program, self.width = net, known, program, width
        sloped, rows = len(program.sloped), net.first - 1 + len(program.vertices)
        self.out, self.piece = np.empty((rows, width), np.int32), np.empty((sloped, width), np.int16)
        self.adjoint = np.empty((sloped, width), np.int64)

    def forward(self, x: Integers) -> list[Fraction]:
        """The outputs of the samples x, at most as many as there are lanes."""
        output, known = self.net.output, self.known
        filled = np.zeros((self.width, x.shape[1]), np.int64)
        filled[: len(x)] = x
        forward_lanes(self.net, known, self.program, filled, self.out, self.piece)
        row, under = int(self.program.rows[output]), int(known.under_out[output])
        if row < 0:
            return [Fraction(int(known.low[output]), under)] * len(x)
        return [Fraction(value, under) for value in self.out[row, : len(x)].tolist()]

    def backward(self, y: Integers, count: Integers, kinks: Integers, batch_sum: Table) -> None:
        """Add the clipped gradients, each ``count`` times; what :meth:`forward` left is the start."""
        labels, times = np.zeros(self.width, np.int64), np.zeros(self.width, np.int64)
        labels[: len(y)], times[: len(y)] = y, count
        met, room = np.full(self.width, -1, np.int64), (self.out, self.piece, self.adjoint)
        backward_lanes(self.net, self.known, self.program, labels, times, *room, met, batch_sum)
        met = met[: len(y)]
        kinks[met >= 0] = self.program.sloped[met[met >= 0]]


def batch_passes(
    net: GraphArrays, found: Ranges, x: Integers, y: Integers, *, backward: bool = True, lanes: bool = True
) -> BatchPasses:
    """Forward and backward over a network ``net`` for a batch, x (b, n) and y (b,); without ``backward`` only the
    outputs are found.

    ``found`` are the ranges for these weights: which number system holds every number. Without ``lanes`` the passes are
    in this system, however many samples there are.

    >>> from constructions.foundations.activation import IDENTITY
    >>> from constructions.training.engine import Engine
    >>> arrays = {"offsets": np.array([0, 0, 0, 2]), "sources": np.array([0, 1]), "weights": np.array([1, 2])}
    >>> engine = Engine(**arrays, scale=2, inputs=1, output=2, sigma=IDENTITY, batch=2, rho=Fraction(1, 4))  # 1/2 + x
    >>> passes = batch_passes(engine.arrays, engine.ranges(), np.array([[0], [1]]), np.array([1, 0]))
    >>> [str(output) for output in passes.outputs], passes.batch_sum.tolist(), passes.way
    (['1/2', '3/2'], [0.5, 1.0], 'in float64 (fewer than 8 different samples)')
    """
    points = distinct_samples(x, y)
    program, reason = _program(net, found, len(points.y), lanes)
    room: _Room | _LaneRoom
    room, columns = (
        (_Room(net, found, min(COLUMNS, len(points.y))), COLUMNS)
        if program is None
        else (_LaneRoom(net, found.known, program, _width(len(points.y))), WIDTHS[-1])
    )
    scaled = program is not None or found.system != FLOATS
    batch_sum = np.zeros(len(net.sources) if backward else 0, np.int64 if scaled else np.float64)
    outputs: list[Fraction] = []
    kinks = np.full(len(points.y), -1, np.int64)
    for begin in range(0, len(points.y), columns):
        block = slice(begin, begin + columns)
        left = len(points.y[block])
        if program is None and left < room.width:
            room = _Room(net, found, left)
        elif program is not None and _width(left) < room.width:
            room = _LaneRoom(net, found.known, program, _width(left))
        outputs += room.forward(points.x[block])
        if backward:
            room.backward(points.y[block], points.times[block], kinks[block], batch_sum)
    way = f"in {found.system} ({reason})" if program is None else IN_LANES
    return passes_in_order(points, outputs, kinks, batch_sum, way)


def _width(samples: int) -> int:
    """How many lanes a block with so many samples gets."""
    return next((width for width in WIDTHS if width >= samples), WIDTHS[-1])


def _program(net: GraphArrays, found: Ranges, samples: int, lanes: bool) -> tuple[LaneProgram | None, str]:
    """The program of the lanes, or None and why they are not used."""
    if not lanes:
        return None, "no lanes asked for"
    if samples < FEWEST:
        return None, f"fewer than {FEWEST} different samples"
    live = int(np.count_nonzero(found.known.grid[net.first :]))
    if samples < FEWEST_OF_MANY and live > MANY and 4 * live > len(found.known.grid):
        return None, f"fewer than {FEWEST_OF_MANY} different samples, and {live:,} vertices depend on x"
    return lane_program(net, found.known)


class DistinctSamples(NamedTuple):
    """The k different samples of a batch.

    Parameters
    ----------
    x, y : (k, n) and (k,) arrays
        The samples.
    first, times : (k,) arrays
        Where in the batch each is for the first time, and how often it is there.
    back : (b,) array
        Which of them each sample of the batch is.
    """

    x: Integers
    y: Integers
    first: Integers
    times: Integers
    back: Integers


def distinct_samples(x: Integers, y: Integers) -> DistinctSamples:
    """The different samples among x (b, n) and y (b,).

    >>> found = distinct_samples(np.array([[1], [0], [1]]), np.array([1, 0, 1]))
    >>> found.x.tolist(), found.first.tolist(), found.times.tolist(), found.back.tolist()
    ([[0], [1]], [1, 0], [1, 2], [1, 0, 1])
    """
    if len(y) == 1:
        once = np.zeros(1, np.int64)
        return DistinctSamples(np.ascontiguousarray(x), y, once, once + 1, once)
    points, first, back, count = np.unique(
        np.column_stack((x, y)), axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    rows, labels = np.ascontiguousarray(points[:, :-1]), np.ascontiguousarray(points[:, -1])
    return DistinctSamples(rows, labels, first, count, back.reshape(-1))


def passes_in_order(
    points: DistinctSamples, outputs: list[Fraction], kinks: Integers, batch_sum: Table, way: str
) -> BatchPasses:
    """What the passes give for the batch, from the outputs and kinks of its different samples (-1: no kink),
    the sum ``batch_sum`` (m,) of their gradients, and the ``way`` in which they were taken.

    >>> points = distinct_samples(np.array([[1], [0], [1]]), np.array([1, 0, 1]))
    >>> passes = passes_in_order(points, [Fraction(2), Fraction(3)], np.array([5, -1]), np.zeros(1), "by hand")
    >>> [str(output) for output in passes.outputs], passes.kink, passes.way
    (['3', '2', '3'], 5, 'by hand')
    """
    met = [(first, v) for first, v in zip(points.first.tolist(), kinks.tolist(), strict=True) if v >= 0]
    in_order = tuple(outputs[i] for i in points.back.tolist())
    return BatchPasses(in_order, batch_sum, min(met)[1] if met else None, way)
