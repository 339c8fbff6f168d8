"""What has to be computed for 64 samples at once: a word of 64 bits for each gate, one bit for each sample.

A *gate* is found from the weights and bounds as they are now, not from a name: a vertex that is strictly flat for every
x, whose output has exactly two levels, and all whose tails are gates or inputs. Its sum reaches its mark or not; with
the tails' levels written as ``low + bit * span`` that is a comparison of a sum of integers times bits with what is
needed. Where an integer is negative, the bit is negated and what is needed grows; then all are positive:

* if all of them together are needed, the gate is the AND of its literals (*ALL*);
* if the smallest suffices, it is their OR (*ANY*);
* otherwise they are added up bit by bit, in as many words as their sum has binary digits (*COUNT*).

A vertex with two levels and a tail that is no gate has its sum in 32-bit integers, and its bit after that (*PACKED*).
The rest (*SUM*) is in 32-bit integers altogether, as in :mod:`constructions.training.lane_program`.
"""

from typing import NamedTuple

import numpy as np

from constructions.training import formulas
from constructions.training.compiled import compiled, compiled_borrowing
from constructions.training.kernels import Integers, Table, gcd
from constructions.training.lane_program import LaneProgram, ceiling

need_of_gate, need_less = compiled(formulas.need_of_gate), compiled(formulas.need_less)
ALL, ANY, COUNT, PACKED, SUM = range(5)


class WordProgram(NamedTuple):
    """How each vertex of a program for lanes is computed in words.

    Parameters
    ----------
    lanes : LaneProgram
        Vertices, edges, biases, marks and levels.
    kind : (k,) array
        ``ALL``, ``ANY``, ``COUNT``, ``PACKED`` or ``SUM``.
    places : (rows,) array
        The place of each row among the words, or -1 - its place among the sums.
    low, span : (rows,) arrays
        The output is ``low`` where the bit is 0, ``low + span`` where it is 1.
    size, negated : (l,) arrays
        For each edge into a gate: what it counts, 0 if nothing, and whether its bit is negated (1) or not (0).
    need : (k,) array
        What they must add up to.
    words, sums : int
        How many rows of each kind there are.
    """

    lanes: LaneProgram
    kind: Integers
    places: Integers
    low: Integers
    span: Integers
    size: Integers
    negated: Integers
    need: Integers
    words: int
    sums: int

    @property
    def gates(self) -> int:
        """How many vertices are computed in words."""
        return int(np.count_nonzero(self.kind <= COUNT))


def word_program(lanes: LaneProgram, slope: Integers, inputs: int) -> WordProgram:
    """The program in words, of a network with so many ``inputs``; ``slope`` is (N,), 0 for the vertices that are
    strictly flat.

    >>> empty, one = np.zeros(0, np.int64), np.zeros(1, np.int64)
    >>> edges = np.array([0, 2]), np.array([0, 1]), np.array([2, 2])
    >>> marks = np.array([0, 2]), np.array([-(1 << 31), 4]), np.array([-2, 2])
    >>> lanes = LaneProgram(np.array([-1, 0, 1, 2]), one - 1, one + 3, empty, *edges, one, *marks)
    >>> found = word_program(lanes, np.zeros(4, np.int64), 2)
    >>> found.kind.tolist() == [ALL], found.size.tolist(), found.need.tolist(), found.low.tolist()
    (True, [1, 1], [2], [0, 0, -2])

    Gates "at least k of three inputs" for k = 1, 2, 3 are an OR, a count and an AND:

    >>> from constructions.foundations.activation import RAMP
    >>> from constructions.training.exactness import integer_pieces, ranges
    >>> from constructions.training.kernels import GraphArrays
    >>> from fractions import Fraction
    >>> from constructions.training.lane_program import lane_program
    >>> names = {ALL: "all", ANY: "any", COUNT: "count"}
    >>> for k in (1, 2, 3):
    ...     at_least_k = np.array([0, 0, 0, 0, 0, 4]), np.arange(4), np.array([2 - 8 * k + 2, 8, 8, 8])
    ...     sigma = integer_pieces(RAMP)
    ...     net = GraphArrays(*at_least_k, 1, 4, 4, sigma, sigma)
    ...     known = ranges(net, trains=np.zeros(4, bool), batch=1, rho=Fraction(1, 4)).known
    ...     found = word_program(lane_program(net, known)[0], known.slope, 3)
    ...     print(names[found.kind[0]], found.size.tolist(), found.need.tolist())
    any [1, 1, 1, 0] [1]
    count [1, 1, 1, 0] [2]
    all [1, 1, 1, 0] [3]
    """
    many = len(lanes.vertices)
    rows, edges = inputs + many, len(lanes.tails)
    low, span = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    span[:inputs] = 1
    kind, places = np.full(many, SUM, np.int64), np.zeros(rows, np.int64)
    size, negated, need = np.zeros(edges, np.int64), np.zeros(edges, np.int64), np.zeros(many, np.int64)
    words, sums = fill_words(lanes, slope, inputs, kind, places, low, span, size, negated, need)
    return WordProgram(lanes, kind, places, low, span, size, negated, need, words, sums)


@compiled
def fill_words(
    lanes: LaneProgram,
    slope: Integers,
    inputs: int,
    kind: Integers,
    places: Integers,
    low: Integers,
    span: Integers,
    size: Integers,
    negated: Integers,
    need: Integers,
) -> tuple[int, int]:
    """The kind of each vertex, and of the gates what the edges count; how many words and sums there are."""
    words, sums = inputs, 0
    for i in range(inputs):
        places[i] = i
    for i in range(len(lanes.vertices)):
        first, row = lanes.steps[i], inputs + i
        if slope[lanes.vertices[i]] != 0 or lanes.steps[i + 1] - first != 2:
            places[row] = -1 - sums
            sums += 1
            continue
        places[row], low[row] = words, lanes.levels[first]
        span[row] = np.int64(lanes.levels[first + 1]) - lanes.levels[first]
        words += 1
        need[i] = need_of_gate(np.int64(lanes.marks[first + 1]), lanes.bias[i])
        kind[i] = kind_of(lanes, i, places, low, span, size, negated, need)
    return words, sums


@compiled_borrowing
def kind_of(
    lanes: LaneProgram,
    i: int,
    places: Table,
    low: Integers,
    span: Integers,
    size: Integers,
    negated: Integers,
    need: Integers,
) -> int:
    """What kind of vertex number i of a program is, which has two levels.

    If it is a gate, ``size`` and ``negated`` get what each of its edges counts, and ``need`` what they must add up to:
    :func:`word_program`, which fills all three, shows an example of each kind.
    """
    shared, whole, least = 0, 0, 0
    begin, end = lanes.starts[i], lanes.starts[i + 1]
    for e in range(begin, end):
        u, factor = lanes.tails[e], np.int64(lanes.factors[e])
        if factor == 0:
            continue
        if places[u] < 0:
            return PACKED
        adds = factor * span[u]
        need[i] = need_less(need[i], factor, low[u], min(adds, 0))
        size[e], negated[e] = abs(adds), 1 if adds < 0 else 0
        shared = gcd(shared, adds)
    need[i] = ceiling(need[i], shared)
    for e in range(begin, end):
        if size[e]:
            size[e] //= shared
            whole += size[e]
            least = size[e] if least == 0 else min(least, size[e])
    if need[i] == whole:
        return ALL
    return ANY if need[i] <= least else COUNT
