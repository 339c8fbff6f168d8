"""The outputs of a network at many points, exactly: 64 samples a word where the vertices are gates, else side by side
in 32-bit integers, else as a step of training computes them.

The ways give the same outputs. Which one was taken, and why not a faster one, is said with them.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from constructions.training.batch_passes import IN_LANES, batch_passes
from constructions.training.exactness import Ranges
from constructions.training.kernels import GraphArrays, Integers, Table
from constructions.training.lane_program import lane_program
from constructions.training.word_passes import BITS, as_bits, as_words, forward_words
from constructions.training.word_program import WordProgram, word_program

IN_WORDS = "in words of 64 samples"
MOST_WORDS, MOST_BYTES = 32, 1 << 28
"""A block has at most so many words for a vertex, and takes about so much memory."""


class Evaluation(NamedTuple):
    """The outputs at all points, in their order, and the ``way`` in which they were found."""

    outputs: tuple[Fraction, ...]
    way: str


def evaluated(
    net: GraphArrays, found: Ranges, x: Integers, *, words: bool = True, lanes: bool = True, folded: bool = True
) -> Evaluation:
    """The outputs at x (k, n), points of zeros and ones.

    Parameters
    ----------
    net, found
        The network, and the ranges for these weights, at least upwards.
    words, lanes
        Without one of them this way is not taken; words need lanes.
    folded
        Without it vertices that do not depend on x are computed for every sample, too (to compare speeds).

    >>> from constructions.foundations.activation import IDENTITY
    >>> from constructions.training.exactness import integer_pieces, ranges
    >>> sigma = integer_pieces(IDENTITY)
    >>> net = GraphArrays(np.array([0, 0, 0, 2]), np.array([0, 1]), np.array([1, 2]), 2, 2, 2, sigma, sigma)
    >>> known = ranges(net, trains=np.array([True, True]), batch=1, rho=Fraction(1, 4), downwards=False)
    >>> [str(value) for value in evaluated(net, known, np.array([[0], [1]])).outputs]
    ['1/2', '3/2']
    """
    program, reason = _program(net, found, len(x), words and lanes, folded)
    if program is None:
        passes = batch_passes(net, found, x, np.zeros(len(x), np.int64), backward=False, lanes=lanes)
        way = f"{IN_LANES} (no words: {reason})" if passes.way == IN_LANES else passes.way
        return Evaluation(passes.outputs, way)
    return Evaluation(_in_words(net, found, program, x), IN_WORDS)


def _program(net: GraphArrays, found: Ranges, points: int, words: bool, folded: bool) -> tuple[WordProgram | None, str]:
    """The program in words, or None and why there is none."""
    if not words:
        return None, "none asked for"
    if points < BITS:
        return None, f"fewer than {BITS} points"
    lanes, reason = lane_program(net, found.known, folded=folded, pieces=False)
    if lanes is None:
        return None, reason
    program = word_program(lanes, found.slope, net.first - 1)
    gates, many = program.gates, len(lanes.vertices)
    if 2 * gates < many:
        return None, f"only {gates:,} of {many:,} vertices that depend on x are gates"
    return program, ""


def _in_words(net: GraphArrays, found: Ranges, program: WordProgram, x: Integers) -> tuple[Fraction, ...]:
    known, output = found.known, net.output
    row, under = int(program.lanes.rows[output]), int(known.under_out[output])
    if row < 0:
        return (Fraction(int(known.low[output]), under),) * len(x)
    width = block_width(program, len(x))
    room = np.empty((program.words, width), np.uint64)
    sums = np.empty((program.sums, width * BITS), np.int32)
    values = np.empty(len(x), np.int64)
    for begin in range(0, len(x), width * BITS):
        points = x[begin : begin + width * BITS]
        room[: net.first - 1] = as_words(points, width)
        forward_words(net, known, program, room, sums)
        values[begin : begin + len(points)] = _values(program, row, room, sums, len(points))
    different, which = np.unique(values, return_inverse=True)
    exact = [Fraction(value, under) for value in different.tolist()]
    return tuple(exact[i] for i in which.reshape(-1).tolist())


def _values(program: WordProgram, row: int, words: Table, sums: Table, count: int) -> Integers:
    """The outputs of a row, times its denominator."""
    place = int(program.places[row])
    values: Integers
    if place < 0:
        values = sums[-1 - place, :count].astype(np.int64)
    else:
        values = program.low[row] + program.span[row] * as_bits(words[place], count)
    return values


def block_width(program: WordProgram, points: int) -> int:
    """How many words a block has for each vertex: enough for all points, within the limits."""
    each = 8 * program.words + 4 * BITS * program.sums
    return max(1, min(-(-points // BITS), MOST_WORDS, MOST_BYTES // max(1, each)))
