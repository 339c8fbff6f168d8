"""Copies with two sides, those of a network that reads whole batches, by the shape of what leads to and from them.

A copy of the signed memory (:mod:`constructions.networks.signed_memory`) is recognized by its edges alone::

    v0 -> v1 -> p2  -> p3 -> v4        pc -> p2, p2', p3
          | `-> p2' ---^
          |`--> n2  -> n3 -> v4        nc -> n2, n2', n3
           `--> n2' ---^               v0, v1 and the higher digits -> each digit

Each side looks like a copy of Definition 2 (:mod:`verify.certifier.roles.parts`). Two sides with one v1 are a copy; the
plus side is the one whose last vertex has the greater weight to the output.
"""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from constructions.foundations.network import Fragment
from constructions.networks.signed_conditions import side_gain, why_no_signed_memory
from constructions.networks.trainable import Trainable
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.gates import tables
from verify.certifier.roles.parts import (
    DIGIT,
    KINDS,
    V1,
    V2,
    V2_,
    V3,
    VC,
    Finder,
    Integers,
    Parts,
)

SIDED = (V1, V2, V2_, V3, VC, V2, V2_, V3, VC)
"""The kinds of the columns of a row of copies: v1, p2, p2', p3, pc, n2, n2', n3, nc."""


def sided_edges(bits: int) -> list[tuple[str, str]]:
    """The edges of a copy, in the order of the rows of ``memory``, for so many digits.

    >>> sided_edges(1)[:3], len(sided_edges(1))
    ([('v0', 'v1'), ('v1', 'p2'), ('v1', "p2'")], 19)
    """
    edges = [("v0", "v1")]
    for s in "pn":
        edges += [("v1", f"{s}2"), ("v1", f"{s}2'"), (f"{s}2", f"{s}3"), (f"{s}2'", f"{s}3"), (f"{s}3", "v4")]
        edges += [(f"{s}c", f"{s}2"), (f"{s}c", f"{s}2'"), (f"{s}c", f"{s}3")]
    edges += [("v0", f"vr{i}") for i in range(bits)] + [("v1", f"vr{i}") for i in range(bits)]
    return edges + [(f"vr{j}", f"vr{i}") for i in range(bits) for j in range(i + 1, bits)]


class SidedFinder(Finder):
    """Takes a network with such copies apart; see :func:`take_apart_sided`."""

    def paired(self, sides: Integers) -> Integers:
        """(C, 9) the copies, from the rows of their sides (2 C, 5), plus side first. NetworkRefused (c) if a v1 has
        another number of sides."""
        to_output = self._to_output(sides[:, 3])
        order = np.lexsort((-to_output, sides[:, 0]))
        found = sides[order]
        v1, many = np.unique(found[:, 0], return_counts=True)
        if (many != 2).any():
            i = int(np.argmax(many != 2))
            raise NetworkRefused("c", f"a v1 with {int(many[i])} sides and not 2", vertex=int(v1[i]))
        return np.concatenate((found[::2], found[1::2, 1:]), 1)

    def sided_digits(self, copies: Integers) -> Integers:
        """(C, k) the digits, the lowest first: what v1 leads to but its sides. NetworkRefused (c) if a v1 leads to
        anything else."""
        v1 = copies[:, 0]
        many = self.fan_out[v1] - 4
        if not len(v1):
            return np.zeros((0, 0), np.int64)
        k = int(many[0])
        wrong = (many != k) | (many < 1)
        if wrong.any():
            i = int(np.argmax(wrong))
            what = f"a v1 that leads to {int(self.fan_out[v1[i]])} vertices and not {k + 4} as the others"
            raise NetworkRefused("c", what, vertex=int(v1[i]))
        heads = self.heads_behind(v1, k + 4)
        is_digit = (heads[:, :, None] != copies[:, None, (1, 2, 5, 6)]).all(2)
        if (is_digit.sum(1) != k).any():
            v = int(v1[int(np.argmax(is_digit.sum(1) != k))])
            raise NetworkRefused("c", "a v1 that does not lead to each of its sides twice", vertex=v)
        found = heads[is_digit].reshape(-1, k)
        found = np.take_along_axis(found, np.argsort(-self.fan_in[found], axis=1, kind="stable"), 1)
        odd = self.fan_in[found] != np.arange(k + 1, 1, -1)
        if odd.any():
            v = int(found[odd][0])
            what = f"a vertex behind v1 that is no digit: {int(self.fan_in[v])} edges lead to it"
            raise NetworkRefused("c", what, vertex=v)
        return found

    def sided_memory(self, copies: Integers, digits: Integers) -> Integers:
        """(C, E) the weights of all edges of all copies, whose ``digits`` are given; NetworkRefused (c) if one is
        missing or more lead away from a copy."""
        bits = digits.shape[1]
        named = ("v1", "p2", "p2'", "p3", "pc", "n2", "n2'", "n3", "nc")
        names = dict(zip(named, copies.T, strict=True)) | {f"vr{i}": digits[:, i] for i in range(bits)}
        names |= {"v0": np.zeros(len(copies), np.int64), "v4": np.full(len(copies), self.net.output)}
        columns = [
            self._to_output(names[u]) if v == "v4" else self.weight(names[u], names[v]) for u, v in sided_edges(bits)
        ]
        for name, many in zip(named, (bits + 4, 1, 1, 1, 3, 1, 1, 1, 3), strict=True):
            wrong = self.fan_out[names[name]] != many
            if wrong.any():
                v = int(names[name][int(np.argmax(wrong))])
                what = f"{KINDS[self.kind[v]]} that leads to {int(self.fan_out[v])} vertices, not {many}"
                raise NetworkRefused("c", what, vertex=v)
        return np.stack(columns, 1) if len(copies) else np.zeros((0, len(sided_edges(bits))), np.int64)


def take_apart_sided(net: Trainable) -> Parts:
    """Find copies with two sides, controls and random bits; NetworkRefused (a), (b), (c) or (h) where the shape is
    another.

    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> from constructions.networks.batch_network import BatchPlan
    >>> from constructions.strip.family import PowerFamily
    >>> plan = BatchPlan(machine=fed(parity_learner(1), 1), family=PowerFamily(1, 1), steps=1, rho=Fraction(13, 10))
    >>> parts = take_apart_sided(plan.trainable)
    >>> parts.copies.shape, parts.digits.shape, len(parts.controls)  # the cancellers, the primary and a final control
    ((2, 9), (2, 2), 4)
    """
    finder = SidedFinder(net)
    finder.ends()
    sides, controls = finder.paths()
    copies = finder.paired(sides)
    for column, kind in enumerate(SIDED):
        finder.mark(copies[:, column], kind)
    digits = finder.sided_digits(copies)
    finder.mark(digits, DIGIT)
    memory = finder.sided_memory(copies, digits)
    return finder.taken_apart(copies, digits, memory, controls, last="p3 or n3", driven=(4, 8))


@dataclass(kw_only=True, eq=False)
class SidedMemories:
    """The copies of a network that reads whole batches, by their distinct rows of weights.

    Parameters
    ----------
    row : (C,) the number of a copy's row among them. graphs : for each row its graph. driver : (C, 2) the bits that
        drive pc and nc. acts_at : (C, 2) the values of these bits at which they return 0. bits : digits of a copy.
    asked : the rows for which the predicate was evaluated, each with why it fails, or None.
    """

    row: Integers
    graphs: list[Fragment]
    driver: Integers
    acts_at: Integers
    bits: int
    asked: dict[tuple[int, Fraction], str | None] = field(default_factory=dict)

    def adds(self, row: int) -> tuple[Fraction, Fraction]:
        """What an active plus side and an active minus side add to the output before the copy is written."""
        graph = self.graphs[row]
        resting = graph.weight("v0", "v1")
        return tuple(Fraction(side_gain(graph, side) * resting) for side in "pn")  # type: ignore[return-value]

    def gain(self, row: int) -> Fraction:
        """The path gain of the plus side."""
        return Fraction(side_gain(self.graphs[row], "p"))


def sided_memories(parts: Parts, held: Fraction) -> SidedMemories:
    """Group the copies of ``parts`` by their weights, read how their sides are driven, and hold each distinct row
    against the predicate; the output is ``held`` in every step.

    Raises
    ------
    NetworkRefused (c) for a copy that is no signed memory for the file's batch, rho and rate; (d) for a pc or nc that
        is not 0 or 2, strictly flat, for both values of one bit; (j) for copies of different path gains.

    >>> from constructions.computation.sample_learners import fed, parity_learner
    >>> from constructions.networks.batch_network import BatchPlan
    >>> from constructions.strip.family import PowerFamily
    >>> plan = BatchPlan(machine=fed(parity_learner(1), 1), family=PowerFamily(1, 1), steps=1, rho=Fraction(13, 10))
    >>> memories = sided_memories(take_apart_sided(plan.trainable), Fraction(1, 2))
    >>> memories.row.tolist(), memories.acts_at.tolist(), [str(add) for add in memories.adds(0)]
    ([0, 0], [[0, 0], [0, 0]], ['2', '-2'])
    """
    flat, bits, net = parts.flat, parts.digits.shape[1], parts.net
    kinds, row = np.unique(parts.memory, axis=0, return_inverse=True)
    found = SidedMemories(
        row=row.ravel(), graphs=[], driver=np.zeros((0, 2), np.int64), acts_at=np.zeros((0, 2), np.int64), bits=bits
    )
    for i, weights in enumerate(kinds.tolist()):
        edges = {edge: Fraction(w, flat.scale) for edge, w in zip(sided_edges(bits), weights, strict=True)}
        outputs = ("v4", *(f"vr{i}" for i in range(bits)))
        graph = Fragment(inputs=("pc", "nc"), outputs=outputs, edges=edges, constant="v0", sigma=flat.sigma)
        found.graphs.append(graph)
        vertex = int(parts.copies[int(np.argmax(found.row == i)), 0])
        found.asked[i, held] = why_no_signed_memory(graph, net.rho, bits, rate=net.rate, points=net.batch)
        if why := found.asked[i, held]:
            what = f"a copy that is no signed memory at b = {net.batch}, rho = {net.rho}, rate {net.rate}: {why}"
            raise NetworkRefused("c", what, vertex=vertex)
        if found.gain(i) != found.gain(0):
            raise NetworkRefused("j", "copies with different path gains", vertex=vertex)
    drivers = parts.copies[:, parts.driven]
    operands, which, made = tables(parts, drivers.ravel(), "d")
    at = []
    for i, table in enumerate(made):
        values = [int(table[values]) for values in sorted(table)]
        if sorted(values) != [0, 2]:
            what = "a pc or nc that does not return 0 for one value of a bit and 2 for the other"
            raise NetworkRefused("d", what, vertex=int(drivers.ravel()[int(np.argmax(which == i))]))
        at.append(values.index(0))
    found.driver, found.acts_at = operands[:, 0].reshape(-1, 2), np.array(at, np.int64)[which].reshape(-1, 2)
    return found
