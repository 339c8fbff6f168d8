"""Boolean circuits in arrays: threshold gates over literals, for 10^4 to 10^7 gates (Lemma 10's hypothesis, any
fan-in).

*Nodes.* A circuit has n inputs and g gates. Node v is an input for v < n and gate v - n after that.

*Literals.* The literal 2v is the value of node v, the literal 2v + 1 its negation. So negating is adding or taking away
1 (:func:`negated`), and no gate is spent on it.

*Gates.* A gate has some literals of earlier nodes, each node once, and a number ``needs``: it is true if at least so
many of its literals are. With needs = fan-in that is AND, with needs = 1 OR; one negated literal is NOT, and no
literals with needs = 0 or 1 are the constants true and false. So every gate of Lemma 10, of AIGER and of BENCH (but
XOR) is one row, and one vertex of a network: a negated literal is a weight of -2 in place of 2 under the same
constant.

*Arrays.* All rows stand in three arrays (:class:`Gates`), as a sparse matrix does. Below, XOR of two inputs is
"a or b", "not a or not b", and the AND of these, nodes 2, 3 and 4:

>>> rows = Gates.of([(1, (0, 2)), (1, (1, 3)), (2, (4, 6))])
>>> FlatCircuit(inputs=("a", "b"), gates=rows, outputs={"differs": 8}).values([0b0011, 0b0101], width=4)
[3, 5, 7, 14, 6]

Values are integers whose bit j belongs to assignment j, so one pass evaluates as many assignments as one likes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from constructions.computation.watching import tell
from constructions.errors import ConstructionError
from constructions.foundations.shown import Shown
from constructions.foundations.view import array_graph

if TYPE_CHECKING:
    import networkx as nx

Integers = npt.NDArray[np.int64]
MOST_ROWS = 100_000
"""Up to so many literals the rows of a circuit that is evaluated are kept as lists too."""


def negated(literal: int) -> int:
    """The other literal of the same node.

    >>> negated(6), negated(7)
    (7, 6)
    """
    return literal ^ 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """The rows of a circuit of g gates with m literals in all.

    Parameters
    ----------
    needs : (g,) how many true literals each gate needs.
    offsets : (g + 1,) where the literals of each gate begin in ``literals``, and m.
    literals : (m,) the literals of all gates, one gate after another.

    >>> either = Gates.of([(1, (0, 2)), (2, (1, 3))])
    >>> either.needs.tolist(), either.offsets.tolist(), either.literals.tolist(), either.fan_in.tolist()
    ([1, 2], [0, 2, 4], [0, 2, 1, 3], [2, 2])
    """

    needs: Integers
    offsets: Integers
    literals: Integers

    @classmethod
    def of(cls, rows: Iterable[tuple[int, Sequence[int]]]) -> "Gates":
        """The gates of some rows, each a pair: how many of its literals a gate needs, and these literals."""
        kept = list(rows)
        sizes = np.fromiter((len(literals) for _, literals in kept), np.int64, len(kept))
        return cls(
            needs=np.fromiter((needs for needs, _ in kept), np.int64, len(kept)),
            offsets=np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))),
            literals=np.fromiter((literal for _, literals in kept for literal in literals), np.int64, int(sizes.sum())),
        )

    def __len__(self) -> int:
        return len(self.needs)

    def __iter__(self) -> Iterator[tuple[int, list[int]]]:
        offsets, literals = self.offsets.tolist(), self.literals.tolist()
        for i, needs in enumerate(self.needs.tolist()):
            yield needs, literals[offsets[i] : offsets[i + 1]]

    @property
    def fan_in(self) -> Integers:
        """(g,) how many literals each gate has."""
        return np.diff(self.offsets)


@dataclass(frozen=True, kw_only=True, eq=False)
class FlatCircuit(Shown):
    """A circuit in arrays; a value (nobody writes to its arrays).

    Parameters
    ----------
    inputs : names of the inputs, nodes 0, ..., n-1.
    gates : the rows, each over literals of earlier nodes only.
    outputs : a literal for each name.
    signals : names of some gates, by node.
    labels : what a file calls an input or output whose name here is its position in the file: "" for nothing, or a name
        that others have too. What is not among them is called by its name here.

    Raises
    ------
    ConstructionError
        For a literal of a later node (a cycle), a node twice in a gate, or a needs outside 0..fan-in + 1.

    >>> rows = Gates.of([(1, (0, 2)), (1, (1, 3)), (2, (4, 6))])
    >>> xor = FlatCircuit(inputs=("a", "b"), gates=rows, outputs={"differs": 8})
    >>> xor(a=True, b=False), xor.kinds, xor.depth
    ({'differs': True}, {'and': 1, 'nand': 1, 'or': 1}, 2)
    >>> xor.levels, xor.name(4), xor.cone([4]).tolist()
    ([0, 0, 1, 1, 2], 'n4', [True, True, True, False, False])
    >>> xor.sorted.same_structure(xor), xor.check_shared(["a"], xor.inputs, what="input")
    (True, None)
    >>> xor.graph.nodes[4], xor.graph.edges[3, 4]
    ({'name': 'n4', 'needs': 2}, {'negated': False})
    """

    inputs: tuple[str, ...]
    gates: Gates
    outputs: Mapping[str, int]
    signals: Mapping[int, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(set(self.inputs)) != len(self.inputs):
            twice = Counter(self.inputs).most_common(1)[0][0]
            raise ConstructionError(f"need different names for the inputs, got {twice!r} twice")
        _check_rows(self.gates, len(self.inputs))
        wrong = [name for name, literal in self.outputs.items() if not 0 <= literal < 2 * self.size]
        if wrong:
            raise ConstructionError(
                f"need a literal below {2 * self.size}, got {self.outputs[wrong[0]]}, at output {wrong[0]!r}"
            )
        for part in (self.gates.needs, self.gates.offsets, self.gates.literals):
            part.setflags(write=False)
        object.__setattr__(self, "outputs", dict(self.outputs))
        object.__setattr__(self, "signals", dict(self.signals))
        object.__setattr__(self, "labels", dict(self.labels))

    @property
    def size(self) -> int:
        """Inputs and gates together."""
        return len(self.inputs) + len(self.gates)

    @property
    def kinds(self) -> dict[str, int]:
        """How many gates there are of each kind, by name; an OR of negated literals alone is a NAND, an AND of them
        a NOR."""
        fan_in, needs = self.gates.fan_in, self.gates.needs
        first = np.append(self.gates.literals, 0)[self.gates.offsets[:-1]] & 1
        single = (fan_in == 1) & (needs == 1)
        owner = np.repeat(np.arange(len(needs)), fan_in)
        negated = np.bincount(owner, weights=self.gates.literals & 1, minlength=len(needs)) == fan_in
        all_, any_ = needs == fan_in, needs == 1
        chosen = [
            (needs <= 0) | (needs > fan_in),
            single & (first == 1),
            single,
            all_ & negated,
            all_,
            any_ & negated,
            any_,
        ]
        names = ("constant", "not", "buffer", "nor", "and", "nand", "or", "threshold")
        kind = np.select(chosen, range(7), 7)
        return {
            name: int(count) for name, count in sorted(zip(names, np.bincount(kind, minlength=8), strict=True)) if count
        }

    @cached_property
    def levels(self) -> list[int]:
        """The level of every node: 0 for inputs and constants, one more than the highest operand for gates."""
        levels = [0] * len(self.inputs)
        for _, literals in self.gates:
            levels.append(1 + max((levels[literal >> 1] for literal in literals), default=-1))
        return levels

    @property
    def depth(self) -> int:
        """The longest path to an output, in gates."""
        return max((self.levels[literal >> 1] for literal in self.outputs.values()), default=0)

    def name(self, node: int) -> str:
        """The name of a node: an input's, a signal's, or ``n17``, with ``_`` where one of these is called so."""
        if node < len(self.inputs):
            return self.inputs[node]
        found = self.signals.get(node, "")
        if not found:
            found = f"n{node}"
            while found in self._named:
                found += "_"
        return found

    def check_shared(self, names: Iterable[str], ports: Iterable[str], *, what: str) -> None:
        """Raises ConstructionError for a name by which a file calls several of some ports, with the positions that tell
        these apart; ``what`` is the word for such a port.

        >>> two = FlatCircuit(inputs=("i0", "i1"), gates=Gates.of([]), outputs={}, labels={"i0": "a", "i1": "a"})
        >>> two.evaluate({"a": 1})
        Traceback (most recent call last):
        ...
        constructions.errors.ConstructionError: need a name that one input has, got 'a', which i0, i1 have: use these
        """
        known = list(ports) if self.labels else []
        for name in names if known else ():
            found = [port for port in known if self.labels.get(port) == name]
            if name not in known and found:
                several = ", ".join(found[:6]) + (", ..." if len(found) > 6 else "")
                raise ConstructionError(
                    f"need a name that one {what} has, got {name!r}, which {several} have: use these"
                )

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset((*self.inputs, *self.signals.values()))

    @property
    def graph(self) -> "nx.DiGraph[int]":
        """The circuit as a networkx graph that reads these arrays: vertices have ``name``, ``needs``; edges
        ``negated``."""
        n, literals = len(self.inputs), self.gates.literals
        return array_graph(
            np.concatenate((np.zeros(n, np.int64), self.gates.offsets)),
            literals >> 1,
            vertex=lambda v: {"name": self.name(v)} | ({} if v < n else {"needs": int(self.gates.needs[v - n])}),
            edge=lambda i: {"negated": bool(literals[i] & 1)},
        )

    def values(self, inputs: Sequence[int], *, width: int = 1) -> list[int]:
        """The values of all nodes for ``width`` assignments at once. Raises ConstructionError for another number of
        inputs.

        ``inputs`` has one integer for each input; its bit j is the input's value in assignment j.
        """
        if len(inputs) != len(self.inputs):
            raise ConstructionError(f"need {len(self.inputs)} input values, got {len(inputs)}")
        mask = (1 << width) - 1
        both: list[int] = []  # of every literal: of each node, and of its negation
        for given in inputs:
            both += (given & mask, given & mask ^ mask)
        for needs, literals in self._rows if len(self.gates.literals) <= MOST_ROWS else self.gates:
            if len(literals) == 2 and 0 < needs <= 2:
                a, b = both[literals[0]], both[literals[1]]
                value = a & b if needs == 2 else a | b
            else:
                value = at_least(needs, [both[literal] for literal in literals], mask)
            both += (value, value ^ mask)
        return both[::2]

    @cached_property
    def _rows(self) -> list[tuple[int, list[int]]]:
        return list(self.gates)

    def evaluate(self, inputs: Mapping[str, int], *, width: int = 1) -> dict[str, int]:
        """The outputs for ``width`` assignments at once, bit j of each integer belonging to assignment j. Raises
        ConstructionError unless each input gets a value.

        >>> nor = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (1, 3))]), outputs={"nor": 4})
        >>> nor.evaluate({"a": 0b0011, "b": 0b0101}, width=4)
        {'nor': 8}
        """
        if set(inputs) != set(self.inputs):
            self.check_shared(inputs, self.inputs, what="input")
            lost = sorted(set(inputs) ^ set(self.inputs))[:3]
            raise ConstructionError(
                f"need a value for each of the {len(self.inputs)} inputs, got another set, at {lost}"
            )
        values, mask = self.values([inputs[name] for name in self.inputs], width=width), (1 << width) - 1
        found = {name: values[literal >> 1] ^ (mask if literal & 1 else 0) for name, literal in self.outputs.items()}
        return tell(self, inputs, found, width)

    def __call__(self, **inputs: bool) -> dict[str, bool]:
        """The outputs for one assignment."""
        found = self.evaluate({name: int(bit) for name, bit in inputs.items()})
        return {name: bool(value) for name, value in found.items()}

    def cone(self, literals: Iterable[int]) -> npt.NDArray[np.bool_]:
        """(size,) which nodes the given literals depend on."""
        wanted = np.zeros(self.size, np.bool_)
        n, offsets, sources = len(self.inputs), self.gates.offsets.tolist(), (self.gates.literals >> 1).tolist()
        for literal in literals:
            wanted[literal >> 1] = True
        reached = wanted.tolist()
        for v in range(self.size - 1, n - 1, -1):
            if reached[v]:
                for i in range(offsets[v - n], offsets[v - n + 1]):
                    reached[sources[i]] = True
        return np.array(reached, np.bool_)

    def part(self, outputs: Mapping[str, int]) -> "FlatCircuit":
        """The sub-circuit behind the given literals; all inputs stay.

        >>> two = FlatCircuit(inputs=("a",), gates=Gates.of([(1, (0,)), (1, (1,))]), outputs={"same": 2, "not": 4})
        >>> len(two.part({"not": 4}).gates)
        1
        """
        n = len(self.inputs)
        keep = self.cone(outputs.values())
        keep[:n] = True
        renumbered = np.cumsum(keep) - 1
        kept = keep[n:]
        positions = np.repeat(kept, self.gates.fan_in)
        old = self.gates.literals[positions]
        gates = Gates(
            needs=self.gates.needs[kept],
            offsets=np.concatenate((np.zeros(1, np.int64), np.cumsum(self.gates.fan_in[kept]))),
            literals=2 * renumbered[old >> 1] + (old & 1),
        )
        moved = {name: 2 * int(renumbered[literal >> 1]) + (literal & 1) for name, literal in outputs.items()}
        signals = {int(renumbered[v]): name for v, name in self.signals.items() if keep[v]}
        return FlatCircuit(inputs=self.inputs, gates=gates, outputs=moved, signals=signals)

    @property
    def sorted(self) -> "FlatCircuit":
        """The same circuit with the literals of every gate in increasing order."""
        gates = self.gates
        order = np.lexsort((gates.literals, np.repeat(np.arange(len(gates)), gates.fan_in)))
        rows = Gates(needs=gates.needs, offsets=gates.offsets, literals=gates.literals[order])
        return FlatCircuit(inputs=self.inputs, gates=rows, outputs=self.outputs, signals=self.signals)

    def same_structure(self, other: "FlatCircuit") -> bool:
        """Whether two circuits have the same inputs, rows and outputs."""
        mine, theirs = self.gates, other.gates
        rows = all(
            np.array_equal(a, b)
            for a, b in ((mine.needs, theirs.needs), (mine.offsets, theirs.offsets), (mine.literals, theirs.literals))
        )
        return rows and self.inputs == other.inputs and self.outputs == other.outputs


def at_least(needs: int, bits: Sequence[int], mask: int) -> int:
    """In which assignments, the 1s of ``mask``, at least ``needs`` of the bits are set; a bit is an integer as wide as
    the mask.

    >>> bin(at_least(2, [0b0011, 0b0101, 0b1001], 0b1111))
    '0b1'
    """
    if needs == len(bits):
        for bit in bits:
            mask &= bit
        return mask
    if needs == 1:
        found = 0
        for bit in bits:
            found |= bit
        return found
    if needs <= 0 or needs > len(bits):
        return mask if needs <= 0 else 0
    reached = [mask] + [0] * needs
    for bit in bits:
        for k in range(needs, 0, -1):
            reached[k] |= reached[k - 1] & bit
    return reached[needs]


def _check_rows(gates: Gates, n: int) -> None:
    sizes = gates.fan_in
    if (
        len(gates.offsets) != len(gates.needs) + 1
        or gates.offsets[0] != 0
        or gates.offsets[-1] != len(gates.literals)
        or (sizes < 0).any()
    ):
        raise ConstructionError(
            "need offsets that increase from 0 to the number of literals, one more than there are gates"
        )
    heads = np.repeat(np.arange(len(gates)), sizes)
    nodes = gates.literals >> 1
    late = (nodes >= heads + n) | (nodes < 0)
    if late.any():
        i = int(np.argmax(late))
        raise ConstructionError(
            f"need literals of earlier nodes (no cycle), got {int(gates.literals[i])}, at node {n + int(heads[i])}"
        )
    order = np.lexsort((nodes, heads))
    twice = (np.diff(nodes[order]) == 0) & (np.diff(heads[order]) == 0)
    if twice.any():
        i = int(order[int(np.argmax(twice))])
        raise ConstructionError(
            f"need different nodes in a gate, got node {int(nodes[i])} twice, at node {n + int(heads[i])}"
        )
    wrong = (gates.needs < 0) | (gates.needs > sizes + 1)
    if wrong.any():
        v = int(np.argmax(wrong))
        raise ConstructionError(
            f"need a threshold from 0 to fan-in + 1, got {int(gates.needs[v])} of {int(sizes[v])}, at node {n + v}"
        )
