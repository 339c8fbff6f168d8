"""Writing circuits gate by gate: equal gates are made once (structural hashing) and constants are folded.

Every gate is kept as a conjunction or a proper threshold of literals; OR is the negation of an AND of negated literals,
which costs nothing because a literal may be negated. So two ways to write one gate meet in one row.

A literal is an integer: 2v for node v, 2v + 1 for its negation; the inputs are the first nodes. ``FALSE`` and ``TRUE``
are literals too, and ``^ 1`` negates every literal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from constructions.computation.flat import FlatCircuit, Gates, Integers
from constructions.errors import ConstructionError

MOST_COUNTED = 10_000_000
FALSE, TRUE = -2, -1
"""The constant literals while a circuit is written; ``literal ^ 1`` negates them too."""


class Builder:
    """A circuit being written over integer literals.

    >>> builder = Builder()
    >>> a, b = builder.input("a"), builder.input("b")
    >>> builder.both(a, b) == builder.both(b, a), builder.both(a, a ^ 1) == FALSE, builder.either(a, TRUE) == TRUE
    (True, True, True)
    >>> builder.output("differs", builder.xor(a, b))
    >>> builder.circuit()(a=True, b=False)
    {'differs': True}
    >>> chosen, most = builder.mux(a, b, TRUE), builder.at_least(2, [a, b, builder.input("c")])
    >>> builder.circuit(outputs={"chosen": chosen, "most": most})(a=True, b=False, c=True)
    {'chosen': False, 'most': True}
    >>> builder.gate(2, [a, a ^ 1, b]) == b
    True
    """

    merges = True
    """Whether equal gates are made once and constants are folded."""

    def __init__(self) -> None:
        self.inputs: list[str] = []
        self.outputs: dict[str, int] = {}
        self._input_nodes: list[int] = []
        self._gates: list[tuple[int, tuple[int, ...]]] = []
        self._known: dict[tuple[int, ...], int] = {}

    def __len__(self) -> int:
        return len(self._gates)

    def input(self, name: str) -> int:
        """A new input, at any time; literals are renumbered when the circuit is finished."""
        node = len(self.inputs) + len(self._gates)
        self.inputs.append(name)
        self._input_nodes.append(node)
        return 2 * node

    def output(self, name: str, literal: int) -> None:
        """Name an output, the value of a literal. Raises ConstructionError for a name that is used already."""
        if name in self.outputs:
            raise ConstructionError(f"need a new name, got the output {name!r} twice")
        self.outputs[name] = literal

    def both(self, a: int, b: int) -> int:
        """AND of the literals a and b."""
        if a > b:
            a, b = b, a
        if a < 0:
            return FALSE if a == FALSE else b
        if a ^ b < 2:
            return a if a == b else FALSE
        key = (a, b)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = 2 * (len(self.inputs) + len(self._gates))
            self._gates.append((2, key))
        return found

    def either(self, a: int, b: int) -> int:
        """OR of the literals a and b."""
        return self.both(a ^ 1, b ^ 1) ^ 1

    def xor(self, a: int, b: int) -> int:
        """Exactly one of the literals a and b: three gates."""
        if a < 0 or b < 0 or a ^ b < 2:
            return b ^ (a & 1) if a < 0 else a ^ (b & 1) if b < 0 else FALSE | (a != b)
        flip = (a ^ b) & 1
        a, b = a & ~1, b & ~1
        return self.both(self.both(a, b) ^ 1, self.both(a ^ 1, b ^ 1) ^ 1) ^ flip

    def mux(self, condition: int, yes: int, no: int) -> int:
        """``yes`` where the condition holds, else ``no``: three gates."""
        if yes == no:
            return yes
        return self.both(self.both(condition, yes) ^ 1, self.both(condition ^ 1, no) ^ 1) ^ 1

    def every(self, literals: Iterable[int]) -> int:
        """AND of any number of literals, as one gate."""
        return self.at_least(None, tuple(literals))

    def some(self, literals: Iterable[int]) -> int:
        """OR of any number of literals, as one gate."""
        return self.at_least(None, tuple(literal ^ 1 for literal in literals)) ^ 1

    def at_least(self, needs: int | None, literals: Sequence[int]) -> int:
        """At least ``needs`` of some literals (None: all of them), as one gate.

        A literal given twice counts twice only in a conjunction or a disjunction, where that changes nothing.

        Raises
        ------
        ConstructionError
            For a proper threshold over a node twice, which no gate without parallel edges computes.
        """
        literals = tuple(literals)
        needs = len(literals) if needs is None else needs
        rest = [literal for literal in literals if literal >= 0]
        needs -= sum(1 for literal in literals if literal == TRUE)
        if needs <= 0:
            return TRUE
        if needs > len(rest):
            return FALSE
        if needs == 1 and len(rest) > 1:
            return self._conjunction({literal ^ 1 for literal in rest}) ^ 1
        if needs == len(rest):
            return self._conjunction(set(rest))
        nodes = sorted(literal >> 1 for literal in rest)
        twice = [a for a, b in pairwise(nodes) if a == b]
        if twice:
            raise ConstructionError(f"need different nodes in a threshold gate, got node {twice[0]} twice")
        return self._row(needs, tuple(sorted(rest)))

    def _conjunction(self, literals: set[int]) -> int:
        if any(literal ^ 1 in literals for literal in literals):
            return FALSE
        chosen = tuple(sorted(literals))
        return (
            chosen[0]
            if len(chosen) == 1
            else self.both(*chosen)
            if len(chosen) == 2
            else self._row(len(chosen), chosen)
        )

    def _row(self, needs: int, literals: tuple[int, ...]) -> int:
        key = (-needs, *literals)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = 2 * (len(self.inputs) + len(self._gates))
            self._gates.append((needs, literals))
        return found

    def circuit(self, inputs: Sequence[str] | None = None, outputs: Mapping[str, int] | None = None) -> FlatCircuit:
        """The finished circuit, its inputs in the order given or as they were made; gates that no output needs are left
        out.

        ``outputs`` replaces the named outputs.

        Raises
        ------
        ConstructionError
            For ``inputs`` that are not the names of all inputs, each once.

        >>> builder = Builder()
        >>> no = builder.input("a") ^ 1
        >>> builder.output("nor", builder.both(no, builder.input("b") ^ 1))
        >>> builder.circuit(["b", "a"]).inputs
        ('b', 'a')
        """
        names = self.inputs if inputs is None else list(inputs)
        if sorted(names) != sorted(self.inputs):
            raise ConstructionError(
                f"need the {len(self.inputs)} inputs in some order, got other names, at {names[:3]}"
            )
        gates, outputs = self._gates, self.outputs if outputs is None else outputs
        if any(literal < 0 for literal in outputs.values()):
            true = 2 * (len(self.inputs) + len(gates))
            gates = [*gates, (0, ())]
            outputs = {name: true ^ (literal == FALSE) if literal < 0 else literal for name, literal in outputs.items()}
        rows = Gates.of(gates)
        at = dict(zip(self.inputs, self._input_nodes, strict=True))
        nodes = np.array([at[name] for name in names], np.int64)
        if not np.array_equal(nodes, np.arange(len(nodes))):
            moved = _moved(nodes, len(nodes) + len(gates))
            rows = Gates(
                needs=rows.needs, offsets=rows.offsets, literals=2 * moved[rows.literals >> 1] + (rows.literals & 1)
            )
            outputs = {name: 2 * int(moved[literal >> 1]) + (literal & 1) for name, literal in outputs.items()}
        return FlatCircuit(inputs=tuple(names), gates=rows, outputs=outputs).part(outputs)

    def stamp(self, circuit: FlatCircuit, literals: Sequence[int]) -> dict[str, int]:
        """Write a copy of a circuit over given literals in place of its inputs; return its outputs.

        Raises
        ------
        ConstructionError
            For another number of literals than the circuit has inputs.

        >>> builder = Builder()
        >>> a = builder.input("a")
        >>> half = FlatCircuit(inputs=("x", "y"), gates=Gates.of([(2, (0, 2))]), outputs={"both": 4})
        >>> builder.stamp(half, [a, a]) == {"both": a}
        True
        """
        if len(literals) != len(circuit.inputs):
            raise ConstructionError(f"need {len(circuit.inputs)} literals, got {len(literals)}")
        at = list(literals)
        for needs, row in circuit.gates:
            at.append(self.gate(needs, [at[literal >> 1] ^ (literal & 1) for literal in row]))
        return {name: at[literal >> 1] ^ (literal & 1) for name, literal in circuit.outputs.items()}

    def gate(self, needs: int, literals: list[int]) -> int:
        """Any gate, true if at least ``needs`` of its literals are, whatever these are: one row where there is one,
        else as many ANDs and ORs as it takes."""
        if needs == 2 == len(literals):
            return self.both(literals[0], literals[1])
        nodes = {literal >> 1 for literal in literals if literal >= 0}
        if needs in (1, len(literals)) or len(nodes) == sum(1 for literal in literals if literal >= 0):
            return self.at_least(needs, literals)
        return self.counted(needs, literals)

    def counted(self, needs: int, literals: Sequence[int]) -> int:
        """At least ``needs`` of some literals, each counted as often as it is given; of ANDs and ORs alone.

        Raises
        ------
        ConstructionError
            If it would take more than :data:`MOST_COUNTED` steps.

        >>> builder = Builder()
        >>> a, b = builder.input("a"), builder.input("b")
        >>> builder.output("enough", builder.counted(2, [a, a, b]))
        >>> builder.circuit()(a=True, b=False)
        {'enough': True}
        """
        if needs * len(literals) > MOST_COUNTED:
            got = f"{needs} of {len(literals)}"
            raise ConstructionError(
                f"need at most {MOST_COUNTED} steps to write a threshold as ANDs and ORs, got {got}"
            )
        reached = [TRUE] + [FALSE] * max(needs, 0)
        for literal in literals:
            for k in range(needs, 0, -1):
                reached[k] = self.either(reached[k], self.both(reached[k - 1], literal))
        return reached[max(needs, 0)]


def _moved(inputs: Integers, size: int) -> Integers:
    """(size,) where each node goes if the given ones come first and the rest keep their order."""
    rest = np.ones(size, np.bool_)
    rest[inputs] = False
    moved = len(inputs) - 1 + np.cumsum(rest)
    moved[inputs] = np.arange(len(inputs))
    return moved


def clean(circuit: FlatCircuit) -> FlatCircuit:
    """The same function with equal gates merged, constants folded, and gates left out that no output needs.

    Inputs and outputs keep their names and order.

    >>> gates = Gates.of([(2, (0, 2)), (2, (2, 0)), (2, (4, 7))])
    >>> clean(FlatCircuit(inputs=("a", "b"), gates=gates, outputs={"never": 8})).kinds
    {'constant': 1}
    """
    builder = Builder()
    for name in circuit.inputs:
        builder.input(name)
    needed = circuit.part(circuit.outputs)
    builder.outputs = builder.stamp(needed, [2 * i for i in range(len(circuit.inputs))])
    found = builder.circuit()
    return replace(found, labels=circuit.labels) if circuit.labels else found


def assignments(n: int) -> tuple[list[int], int]:
    """All 2^n assignments at once: a word for each of n inputs, and the width 2^n; bit j of word i is bit i of j.

    Raises
    ------
    ConstructionError
        For n below 0 or above 24.

    >>> [bin(word) for word in assignments(2)[0]]
    ['0b1010', '0b1100']
    """
    if not 0 <= n <= 24:
        raise ConstructionError(f"need at most 24 inputs to go through them all, got {n}")
    width = 1 << n
    words = []
    for i in range(n):
        block = ((1 << (1 << i)) - 1) << (1 << i)
        repeats = ((1 << width) - 1) // ((1 << (2 << i)) - 1)
        words.append(block * repeats)
    return words, width
