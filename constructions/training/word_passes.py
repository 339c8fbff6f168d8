"""Forward for many samples at once: gates in words of 64 samples, the rest in 32-bit integers.

A block has some words for each vertex. What a gate does is a few operations on words
(:mod:`constructions.training.word_program`); what is no gate has a row of sums, 64 for each word.
"""

from typing import Any

import numpy as np

from constructions.training.compiled import compiled, compiled_borrowing
from constructions.training.kernels import GraphArrays, Integers, Table, VertexBounds
from constructions.training.lane_passes import slopes_met
from constructions.training.word_program import ALL, ANY, COUNT, PACKED, WordProgram

BITS = 64


@compiled
def forward_words(net: GraphArrays, known: VertexBounds, program: WordProgram, words: Table, sums: Table) -> None:
    """Words (rows, W) of all gates, in place: those of the inputs are given; sums (rows, 64 W) of all other vertices
    of a program. ``net`` is the network, ``known`` what holds of its vertices for these weights.

    >>> from fractions import Fraction
    >>> from constructions.foundations.activation import RAMP
    >>> from constructions.training.engine import Engine
    >>> from constructions.training.lane_program import lane_program
    >>> from constructions.training.word_program import word_program
    >>> arrays = {"offsets": np.array([0, 0, 0, 0, 3]), "sources": np.array([0, 1, 2])}
    >>> given = {"weights": np.array([-12, 8, 8]), "scale": 1, "inputs": 2, "output": 3, "sigma": RAMP}  # their AND
    >>> engine = Engine(**arrays, **given, batch=1, rho=Fraction(1, 4))
    >>> net, known = engine.arrays, engine.ranges().known
    >>> lanes, reason = lane_program(net, known, pieces=False)
    >>> words, program = np.zeros((3, 1), np.uint64), word_program(lanes, known.slope, 2)
    >>> words[:2] = as_words(np.array([[0, 1], [1, 0], [1, 1]]), 1)
    >>> forward_words(net, known, program, words, np.zeros((0, 64), np.int32))
    >>> words.tolist(), as_bits(words[2], 3).tolist()
    ([[6], [5], [4]], [0, 0, 1])
    """
    lanes, inputs = program.lanes, net.first - 1
    total, piece = np.empty(words.shape[1] * BITS, np.int32), np.empty(words.shape[1] * BITS, np.int16)
    digits = np.zeros((BITS, words.shape[1]), np.uint64)
    for i in range(len(lanes.vertices)):
        kind, place = program.kind[i], program.places[inputs + i]
        if kind == COUNT:
            count_words(program, i, words, digits, words[place])
        elif kind in (ALL, ANY):
            join_words(program, i, words, words[place])
        else:
            word_sums(program, i, words, sums, total)
            if kind == PACKED:
                pack_words(lanes.marks[lanes.steps[i] + 1], total, words[place])
            elif known.slope[lanes.vertices[i]] != 0:
                slopes_met(net, known, lanes.vertices[i], total, sums[-1 - place], piece)
            else:
                place_levels(program, i, total, sums[-1 - place])


@compiled_borrowing
def join_words(program: WordProgram, i: int, words: Table, found: Table) -> None:
    """The AND or the OR of the literals of a gate: each row is complemented where its edge says so."""
    lanes, both, fresh = program.lanes, program.kind[i] == ALL, True
    for e in range(lanes.starts[i], lanes.starts[i + 1]):
        if program.size[e] == 0:
            continue
        place, flip = program.places[lanes.tails[e]], ~np.uint64(0) if program.negated[e] else np.uint64(0)
        if fresh:
            for w in range(len(found)):
                found[w] = words[place, w] ^ flip
        elif both:
            for w in range(len(found)):
                found[w] &= words[place, w] ^ flip
        else:
            for w in range(len(found)):
                found[w] |= words[place, w] ^ flip
        fresh = False


@compiled_borrowing
def add_words(words: Table, place: int, flip: Any, first: int, many: int, digits: Table, found: Table) -> None:
    """Add a literal to the digit ``first`` of every sample's count; ``found`` gets the carry out of the last digit."""
    for w in range(len(found)):
        carry = words[place, w] ^ flip
        for d in range(first, many):
            digits[d, w], carry = digits[d, w] ^ carry, digits[d, w] & carry
        found[w] |= carry


@compiled_borrowing
def count_words(program: WordProgram, i: int, words: Table, digits: Table, found: Table) -> None:
    """Whether the sizes of a gate's true literals add up to what is needed, for each sample.

    With d binary digits for the sum of all sizes, the count starts at 2^d less what is needed; so it has a carry out of
    its last digit exactly if that is reached, and never a second one.
    """
    lanes, whole, ones = program.lanes, np.int64(0), ~np.uint64(0)
    for e in range(lanes.starts[i], lanes.starts[i + 1]):
        whole += program.size[e]
    many = 0
    while whole >> many:
        many += 1
    start = (np.int64(1) << many) - program.need[i]
    for d in range(many):
        digits[d, :] = ones if start >> d & 1 else np.uint64(0)
    found[:] = 0
    for e in range(lanes.starts[i], lanes.starts[i + 1]):
        size, flip = program.size[e], ones if program.negated[e] else np.uint64(0)
        place = program.places[lanes.tails[e]]
        for d in range(many):
            if size >> d & 1:
                add_words(words, place, flip, d, many, digits, found)


@compiled_borrowing
def word_sums(program: WordProgram, i: int, words: Table, sums: Table, total: Table) -> None:
    """The sums of a vertex, with a term for each bit of a tail that is a gate."""
    lanes = program.lanes
    bias = np.int64(lanes.bias[i])
    for e in range(lanes.starts[i], lanes.starts[i + 1]):
        bias += lanes.factors[e] * program.low[lanes.tails[e]]
    total[:] = bias
    for e in range(lanes.starts[i], lanes.starts[i + 1]):
        factor, row = lanes.factors[e], lanes.tails[e]
        if factor == 0:
            continue
        place = program.places[row]
        if place < 0:
            for s in range(len(total)):
                total[s] += factor * sums[-1 - place, s]
            continue
        adds = factor * program.span[row]
        for w in range(words.shape[1]):
            word = words[place, w]
            for s in range(BITS):
                total[w * BITS + s] += adds * np.int64(word >> np.uint64(s) & np.uint64(1))


@compiled_borrowing
def pack_words(mark: int, total: Table, found: Table) -> None:
    """A bit for each sample: whether its sum reaches the mark."""
    for w in range(len(found)):
        word = np.uint64(0)
        for s in range(BITS):
            if total[w * BITS + s] >= mark:
                word |= np.uint64(1) << np.uint64(s)
        found[w] = word


@compiled_borrowing
def place_levels(program: WordProgram, i: int, total: Table, out: Table) -> None:
    """The outputs of a flat vertex, from its sums."""
    lanes = program.lanes
    out[:] = lanes.levels[lanes.steps[i]]
    for j in range(lanes.steps[i] + 1, lanes.steps[i + 1]):
        mark, level = lanes.marks[j], lanes.levels[j]
        for s in range(len(total)):
            out[s] = level if total[s] >= mark else out[s]


def as_words(x: Integers, width: int) -> Table:
    """The bits of up to 64 ``width`` samples, x (k, n), as words (n, width): sample s is bit s mod 64 of word s // 64.

    >>> as_words(np.array([[1, 0], [1, 1], [0, 1]]), 1).tolist()
    [[3], [6]]
    """
    filled = np.zeros((x.shape[1], width * BITS), np.uint8)
    filled[:, : len(x)] = x.T
    return np.packbits(filled, axis=1, bitorder="little").view("<u8").astype(np.uint64)


def as_bits(words: Table, count: int) -> Integers:
    """The first ``count`` bits of a row of words.

    >>> as_bits(np.array([6], np.uint64), 3).tolist()
    [0, 1, 1]
    """
    found = np.unpackbits(np.ascontiguousarray(words, "<u8").view(np.uint8), bitorder="little", count=count)
    return found.astype(np.int64)
