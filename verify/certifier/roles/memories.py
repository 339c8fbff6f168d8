"""Copies against the predicate of Lemma 11 (premises c, d and j), one question for each distinct row of weights."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from constructions.foundations.network import Fragment
from constructions.networks.memory import broken, contribution, path_gain, standing_conditions, why_no_memory
from verify.certifier.refusal import Refused
from verify.certifier.roles.gates import tables
from verify.certifier.roles.parts import Integers, Parts, memory_edges


@dataclass(kw_only=True, eq=False)
class Memories:
    """The copies of a network by form.

    Parameters
    ----------
    form : (C,) the number of a copy's distinct row of weights. graphs : for each form its graph. driver : (C,) the bit
        that drives vc.
    acts_at : (C,) the value of this bit (0 or 1) at which vc returns 0. asked : for each (form, offset) why the
        predicate fails, or None.
    """

    form: Integers
    graphs: list[Fragment]
    driver: Integers
    acts_at: Integers
    bits: int
    asked: dict[tuple[int, Fraction], str | None] = field(default_factory=dict)

    def adds(self, form: int) -> Fraction:
        """What an active copy adds to the output before it is written."""
        return Fraction(contribution(self.graphs[form]))

    def gain(self, form: int) -> Fraction:
        """The path gain."""
        return Fraction(path_gain(self.graphs[form]))

    def check(self, form: int, offset: Fraction, parts: Parts, vertex: int) -> None:
        """Refused (c) if copies of a form are no memories at this offset."""
        net = parts.net
        if (form, offset) not in self.asked:
            self.asked[form, offset] = why_no_memory(
                self.graphs[form], net.rho, self.bits, rate=int(net.rate), offset=offset
            )
        if why := self.asked[form, offset]:
            raise Refused("c", f"a copy that is no memory at rho = {net.rho}, offset {offset}: {why}", vertex=vertex)


def memories_of(parts: Parts) -> Memories:
    """Group the copies by their weights and read how their vc are driven.

    Errors
    ------
    Refused (d) for a vc that is not 0 or 2, strictly flat, for both values of one bit.
    """
    flat, bits = parts.flat, parts.digits.shape[1]
    rows, form = (
        np.unique(parts.memory, axis=0, return_inverse=True)
        if len(parts.memory)
        else (parts.memory, np.zeros(0, np.int64))
    )
    graphs = []
    for row in rows.tolist():
        edges = {edge: Fraction(weight, flat.scale) for edge, weight in zip(memory_edges(bits), row, strict=True)}
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
            raise Refused("d", what, vertex=int(vc[int(np.argmax(which == i))]))
        at.append(values.index(0))
    _check_alone(parts, graphs, form.ravel())
    acts = np.array(at, np.int64)[which] if len(vc) else np.zeros(0, np.int64)
    return Memories(form=form.ravel(), graphs=graphs, driver=operands[:, 0], acts_at=acts, bits=bits)


def _check_alone(parts: Parts, graphs: list[Fragment], form: Integers) -> None:
    """What the predicate asks whatever the offset is, so that a wrong copy is refused before anything is proved of
    the rounds."""
    for i, graph in enumerate(graphs):
        vertex = int(parts.copies[int(np.argmax(form == i)), 0])
        if why := broken(standing_conditions(graph, parts.digits.shape[1])):
            raise Refused("c", f"a copy that is no memory: {why}", vertex=vertex)
        gain = Fraction(path_gain(graph))
        if abs(gain) >= 1:
            raise Refused(
                "c",
                f"a copy of path gain {gain}: an active sample's gradient is clipped and counts as wrong",
                vertex=vertex,
            )
