"""Copies against the predicate of Lemma 11 (premises c, d and j), one question for each distinct row of weights."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from constructions.foundations.network import Fragment
from constructions.networks.memory import broken, contribution, path_gain, standing_conditions, why_no_memory
from verify.certifier.refusal import NetworkRefused
from verify.certifier.roles.gates import tables
from verify.certifier.roles.parts import Integers, Parts, memory_edges


@dataclass(kw_only=True, eq=False)
class Memories:
    """The copies of a network by their distinct rows of weights.

    Parameters
    ----------
    row : (C,) the number of a copy's row among them. graphs : for each row its graph. driver : (C,) the bit
        that drives vc.
    acts_at : (C,) the value of this bit (0 or 1) at which vc returns 0. asked : for each (row, offset) why the
        predicate fails, or None.
    """

    row: Integers
    graphs: list[Fragment]
    driver: Integers
    acts_at: Integers
    bits: int
    asked: dict[tuple[int, Fraction], str | None] = field(default_factory=dict)

    def adds(self, row: int) -> Fraction:
        """What an active copy adds to the output before it is written."""
        return Fraction(contribution(self.graphs[row]))

    def gain(self, row: int) -> Fraction:
        """The path gain."""
        return Fraction(path_gain(self.graphs[row]))

    def check(self, row: int, offset: Fraction, parts: Parts, vertex: int) -> None:
        """NetworkRefused (c), naming a vertex of theirs, if the copies with these weights, a row of the distinct ones
        in ``parts``, are no memories at this offset.

        >>> from constructions.computation.learner_machines import best_literal_machine
        >>> from constructions.networks.emulation import Plan
        >>> from verify.certifier.roles.parts import take_apart
        >>> plan = Plan(machine=best_literal_machine(1, fraction=0), rho=Fraction(1, 8), tolerance=Fraction(1))
        >>> parts = take_apart(plan.trainable)
        >>> memories, v1 = memories_of(parts), int(parts.copies[0, 0])
        >>> memories.check(1, Fraction(9, 8), parts, v1)  # the offset at which this network is held
        >>> try:
        ...     memories.check(1, Fraction(1), parts, v1)
        ... except NetworkRefused as refusal:
        ...     print(str(refusal)[-73:])
        t does not round to 0: need 4 offset |path gain| > 3, got 3, at vertex 13
        """
        net = parts.net
        if (row, offset) not in self.asked:
            self.asked[row, offset] = why_no_memory(
                self.graphs[row], net.rho, self.bits, rate=int(net.rate), offset=offset
            )
        if why := self.asked[row, offset]:
            raise NetworkRefused(
                "c", f"a copy that is no memory at rho = {net.rho}, offset {offset}: {why}", vertex=vertex
            )


def memories_of(parts: Parts) -> Memories:
    """Group the copies by their weights and read how their vc are driven.

    Raises
    ------
    NetworkRefused (d) for a vc that is not 0 or 2, strictly flat, for both values of one bit.

    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from constructions.networks.emulation import Plan
    >>> from verify.certifier.roles.parts import take_apart
    >>> plan = Plan(machine=best_literal_machine(1, fraction=0), rho=Fraction(1, 8), tolerance=Fraction(1))
    >>> memories = memories_of(take_apart(plan.trainable))
    >>> memories.row.tolist(), [str(memories.gain(row)) for row in (0, 1)]  # three copies of Q', three of Q
    ([1, 1, 1, 0, 0, 0], ['-3/4', '3/4'])
    >>> memories.acts_at.tolist()
    [0, 0, 0, 0, 0, 0]
    """
    flat, bits = parts.flat, parts.digits.shape[1]
    kinds, row = (
        np.unique(parts.memory, axis=0, return_inverse=True)
        if len(parts.memory)
        else (parts.memory, np.zeros(0, np.int64))
    )
    graphs = []
    for weights in kinds.tolist():
        edges = {edge: Fraction(w, flat.scale) for edge, w in zip(memory_edges(bits), weights, strict=True)}
        outputs = ("v4", *(f"vr{i}" for i in range(bits)))
        graphs.append(Fragment(inputs=("vc",), outputs=outputs, edges=edges, constant="v0", sigma=flat.sigma))
    vc = parts.copies[:, 4]
    operands, which, found = (
        tables(parts, vc, "d") if len(vc) else (np.zeros((0, 1), np.int64), np.zeros(0, np.int64), [])
    )
    at = []
    for i, table in enumerate(found):
        values = [int(table[bits]) for bits in sorted(table)]
        if sorted(values) != [0, 2]:
            what = "a vc that does not return 0 for one value of a bit and 2 for the other"
            raise NetworkRefused("d", what, vertex=int(vc[int(np.argmax(which == i))]))
        at.append(values.index(0))
    _check_alone(parts, graphs, row.ravel())
    acts = np.array(at, np.int64)[which] if len(vc) else np.zeros(0, np.int64)
    return Memories(row=row.ravel(), graphs=graphs, driver=operands[:, 0], acts_at=acts, bits=bits)


def _check_alone(parts: Parts, graphs: list[Fragment], row: Integers) -> None:
    """What the predicate asks whatever the offset is, so that a wrong copy is refused before anything is proved of
    the rounds."""
    for i, graph in enumerate(graphs):
        vertex = int(parts.copies[int(np.argmax(row == i)), 0])
        if why := broken(standing_conditions(graph, parts.digits.shape[1])):
            raise NetworkRefused("c", f"a copy that is no memory: {why}", vertex=vertex)
        gain = Fraction(path_gain(graph))
        if abs(gain) >= 1:
            raise NetworkRefused(
                "c",
                f"a copy of path gain {gain}: an active sample's gradient is clipped and counts as wrong",
                vertex=vertex,
            )
