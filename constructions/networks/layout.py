"""Where everything of an emulation network stands, and what feeds what, as functions of indices (Lemma 3b).

An index is an integer, an array of integers, or a solver variable. So the functions that place the vertices and edges
of a network of 10^7 vertices are those of which claims are proved, for any number of rounds, copies, digits and gates.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from constructions.foundations.exact import Number
from constructions.foundations.logic import Formula, select
from constructions.foundations.network import Fragment
from constructions.networks.queries import V0, V1

Index: TypeAlias = Any
"""An integer, an array of integers, or a solver variable that is an integer."""
CONSTANT_VERTEX = 0
SHARED, BEFORE, HERE = range(3)
"""The places of a tail: the vertices that all blocks share, the block before, the block itself."""
VC, V2, V2_PRIME, V3, CANCELLER, PRIMARY = range(6)
"""The rows of vertices behind the gates of a round; each but the last has one vertex for each copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLayout:
    """The vertices that stand before the first block: the constant, x, an adaptor for each, the start.

    Parameters
    ----------
    inputs, state : how many bits x and the method's state have.

    >>> at = SharedLayout(inputs=2, state=3)
    >>> at.adaptor(0), at.clock, at.state_bit(0), at.size
    (3, 5, 6, 9)
    """

    inputs: Index
    state: Index

    def adaptor(self, i: Index) -> Index:
        """The vertex that carries bit i of x."""
        return 1 + self.inputs + i

    @property
    def clock(self) -> Index:
        """The clock before the first round, which has ticked."""
        return self.adaptor(self.inputs)

    def state_bit(self, i: Index) -> Index:
        """Bit i of the method's first state."""
        return self.clock + 1 + i

    @property
    def size(self) -> Index:
        """How many vertices there are."""
        return self.state_bit(self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLayout:
    """Where everything stands in the block of a round: memory, random bits, gates, paths, controls.

    Parameters
    ----------
    copies, bits, random_bits, gates : how many copies there are, digits of each, random bits, gates.

    >>> at = RoundLayout(copies=2, bits=4, random_bits=1, gates=10)
    >>> at.v1(1), at.digit(1, 0), at.random(0), at.gate(0), at.row(VC, 1), at.primary, at.size
    (5, 9, 10, 11, 22, 31, 32)
    >>> at.path(1)
    {'v1': 5, 'v2': 24, "v2'": 26, 'v3': 28, 'vc': 22}
    """

    copies: Index
    bits: Index
    random_bits: Index
    gates: Index

    def v1(self, c: Index) -> Index:
        """v1 of copy c. Its digits follow, the highest first: a digit is read by the lower ones."""
        return c * (1 + self.bits)

    def digit(self, c: Index, i: Index) -> Index:
        """Digit i of copy c."""
        return self.v1(c) + self.bits - i

    def random(self, i: Index) -> Index:
        """The vertex that carries random bit i."""
        return self.v1(self.copies) + i

    def gate(self, g: Index) -> Index:
        """The vertex of the gate with number g."""
        return self.random(self.random_bits) + g

    def row(self, row: int, c: Index) -> Index:
        """The vertex of copy c in one of the rows behind the gates."""
        return self.gate(self.gates) + row * self.copies + c

    @property
    def primary(self) -> Index:
        """The primary control, the last vertex."""
        return self.row(PRIMARY, 0)

    @property
    def size(self) -> Index:
        """How many vertices there are."""
        return self.primary + 1

    def path(self, c: Index) -> dict[str, Index]:
        """The vertices of copy c but its digits, by their names in Q."""
        rows = {"v2": V2, "v2'": V2_PRIME, "v3": V3, "vc": VC}
        return {"v1": self.v1(c)} | {name: self.row(row, c) for name, row in rows.items()}

    def in_read_out(self, c: Index, number: Number) -> Index:
        """A vertex of the read-out of copy c by its number in Definition 2's list: v0, v1, or a digit.

        >>> at = RoundLayout(copies=2, bits=4, random_bits=1, gates=10)
        >>> [at.in_read_out(1, number) for number in (-2, -1, 0, 3)]
        [0, 5, 9, 6]
        """
        inside = select(number == V1, self.v1(c), self.digit(c, number))
        return select(number == V0, CONSTANT_VERTEX, inside)

    def feeder(self, j: Index) -> Index:
        """The tail of edge j into the output: v3 of each copy, then its canceller of each, then the primary control."""
        return self.row(V3, j)

    @property
    def feeders(self) -> Index:
        """How many edges lead from the round to the output."""
        return self.feeder_of_primary + 1

    @property
    def feeder_of_primary(self) -> Index:
        """The number of the edge from the primary control."""
        return 2 * self.copies

    def feeder_weight(self, j: Number, *, path: Number, canceller: Number, primary: Number) -> Number:
        """The weight of edge j into the output, given those from v3, from a canceller, and from the primary control.

        >>> at = RoundLayout(copies=2, bits=4, random_bits=1, gates=10)
        >>> [at.feeder_weight(j, path=7, canceller=8, primary=9) for j in range(at.feeders)]
        [7, 7, 8, 8, 9]
        """
        return select(j < self.copies, path, select(j < self.feeder_of_primary, canceller, primary))


@dataclass(frozen=True, slots=True)
class PlacedTemplate:
    """A small template that is stamped once for each copy (or once for the round).

    Parameters
    ----------
    template : its edges. at : where its vertices are, by name.
    """

    template: Fragment
    at: Mapping[str, Index]

    def wires(self) -> Iterator[tuple[int, Index, Index, Number]]:
        """Place and position of the tail, the head, the weight, for each edge whose ends have a place.

        >>> gadget = PlacedTemplate(Fragment(inputs=("a",), outputs=("v",), edges={("a", "v"): 7}), {"a": 3, "v": 5})
        >>> [tuple(map(int, wire)) for wire in gadget.wires()]
        [(2, 3, 5, 7)]
        """
        constant = self.template.constant
        for (u, v), weight in self.template.edges.items():
            if v in self.at and u == constant:
                yield SHARED, CONSTANT_VERTEX, self.at[v], weight
            elif v in self.at and u in self.at:
                yield HERE, self.at[u], self.at[v], weight


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDrive:
    """What drives the copies and controls of a round: vertices of its gates.

    Parameters
    ----------
    idle : of copy c, the gate that says that it is idle. plus : of copy c, what its canceller reads: that it is idle in
        a round of Q, that it is active in one of Q'. steady : a gate that never changes.
    """

    idle: Callable[[Index], Index]
    plus: Callable[[Index], Index]
    steady: Index


def path_gadgets(
    layout: RoundLayout, c: Index, drive: RoundDrive, *, activator: Fragment, control: Fragment
) -> dict[str, PlacedTemplate]:
    """What copy c has beside the graph of Q: its vc, which the circuit drives, and its canceller.

    Parameters
    ----------
    layout, c : the round and the copy. drive : what the circuit says. activator, control : the templates of the two.

    >>> at = RoundLayout(copies=2, bits=4, random_bits=1, gates=10)
    >>> drive = RoundDrive(idle=at.gate, plus=at.gate, steady=at.gate(9))
    >>> small = Fragment(inputs=("bit",), outputs=("vc",), edges={("bit", "vc"): 1})
    >>> {name: dict(gadget.at) for name, gadget in path_gadgets(at, 1, drive, activator=small, control=small).items()}
    {'vc': {'bit': 12, 'vc': 22}, 'canceller': {'plus': 12, 'minus': 20, 'control': 30}}
    """
    return {
        "vc": PlacedTemplate(activator, {"bit": drive.idle(c), "vc": layout.row(VC, c)}),
        "canceller": PlacedTemplate(control, control_at(drive.plus(c), drive.steady, layout.row(CANCELLER, c))),
    }


def primary_gadget(layout: RoundLayout, drive: RoundDrive, *, control: Fragment) -> PlacedTemplate:
    """The primary control of a round: it reads what the canceller of the clock's copy reads, which is copy 0.

    Parameters
    ----------
    layout : the round. drive : what the circuit says. control : the template.

    >>> at = RoundLayout(copies=2, bits=4, random_bits=1, gates=10)
    >>> drive = RoundDrive(idle=at.gate, plus=at.gate, steady=at.gate(9))
    >>> small = Fragment(inputs=("bit",), outputs=("vc",), edges={("bit", "vc"): 1})
    >>> dict(primary_gadget(at, drive, control=small).at)
    {'plus': 11, 'minus': 20, 'control': 31}
    """
    return PlacedTemplate(control, control_at(drive.plus(0), drive.steady, layout.primary))


def control_at(plus: Index, minus: Index, control: Index) -> dict[str, Index]:
    """Where the vertices of an output control are: what it reads twice, and itself.

    >>> control_at(1, 2, 3)
    {'plus': 1, 'minus': 2, 'control': 3}
    """
    return {"plus": plus, "minus": minus, "control": control}


def bases(before: Index, start: Index) -> tuple[Index, Index, Index]:
    """Where the places of a block begin that stands at ``start``, behind one at ``before``.

    >>> bases(10, 20)[HERE], bases(10, 20)[SHARED]
    (20, 0)
    """
    return CONSTANT_VERTEX, before, start


def next_start(start: Number, odd: Formula, size_odd: Number, size_even: Number) -> Number:
    """Where the block behind that of a round stands.

    Parameters
    ----------
    start, odd : where the round's block stands, and whether the round is an odd one. size_odd, size_even : the sizes of
        blocks.

    >>> next_start(10, True, 5, 7), next_start(10, False, 5, 7)
    (15, 17)
    """
    return start + select(odd, size_odd, size_even)


ROWS = ("pc", "nc", "p2", "p2'", "p3", "n2", "n2'", "n3", "canceller")
"""The rows of vertices behind the gates of a round, one vertex for each copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLayout:
    """Where everything stands in the block of a round.

    Parameters
    ----------
    copies, bits, gates, random_bits : how many copies there are, digits of each, gates, random bits.

    >>> at = BatchLayout(copies=2, bits=3, gates=10, random_bits=1)
    >>> at.v1(1), at.digit(1, 0), at.random(0), at.gate(0), at.row("pc", 1), at.primary, at.size
    (4, 7, 8, 9, 20, 37, 38)
    """

    copies: int
    bits: int
    gates: int
    random_bits: int

    def v1(self, c: Index) -> Index:
        """v1 of copy c; its digits follow, the highest first."""
        return c * (1 + self.bits)

    def digit(self, c: Index, i: Index) -> Index:
        """Digit i of copy c."""
        return self.v1(c) + self.bits - i

    def random(self, i: Index) -> Index:
        """Random bit i."""
        return self.copies * (1 + self.bits) + i

    def gate(self, g: int) -> int:
        """The vertex of the gate with number g."""
        return self.copies * (1 + self.bits) + self.random_bits + g

    def row(self, name: str, c: Index) -> Index:
        """The vertex of copy c in one of the rows behind the gates, by the row's ``name``."""
        return self.gate(self.gates) + ROWS.index(name) * self.copies + c

    @property
    def primary(self) -> int:
        """The primary control, the last vertex."""
        return self.gate(self.gates) + len(ROWS) * self.copies

    @property
    def size(self) -> int:
        """How many vertices there are."""
        return self.primary + 1

    @property
    def groups(self) -> dict[str, tuple[int, int]]:
        """Names of ranges of vertices: the first, one past the last.

        >>> list(BatchLayout(copies=2, bits=3, gates=10, random_bits=1).groups.items())[:3]
        [('memory', (0, 8)), ('random bits', (8, 9)), ('computation', (9, 19))]
        """
        rows = (int(self.row(name, 0)) for name in ("pc", "p2", "canceller"))
        ends = (int(self.random(0)), self.gate(0), *rows, self.primary, self.size)
        names = ("memory", "random bits", "computation", "activators", "paths", "cancellers", "primary control")
        return dict(zip(names, pairwise((0, *ends)), strict=True))
