"""Miters: one circuit that is true exactly where two circuits differ, so that any SAT solver can be asked whether they
ever do; as AIGER, and as DIMACS.

The two circuits stand side by side on the same inputs, gate by gate as they are: nothing is merged, so the question is
asked in full.
"""

from collections.abc import Iterable, Mapping, Sequence

from constructions.computation.flat import FlatCircuit, Gates
from constructions.computation.formats.aiger_writing import write_aiger
from constructions.errors import ConstructionError
from constructions.foundations.spelling import printable

DIFFER = "differ"
"""The output of a miter."""
Row = tuple[int, Sequence[int]]


def miter(one: FlatCircuit, other: FlatCircuit) -> FlatCircuit:
    """The circuit whose output ``differ`` is true where some output of two circuits differs.

    Parameters
    ----------
    one, other : circuits with the same inputs and the same outputs, by name.

    Raises
    ------
    ConstructionError
        For other inputs or outputs.

    >>> xor = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3)), (2, (1, 2)), (1, (4, 6))]), outputs={"y": 8})
    >>> either = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(1, (0, 2))]), outputs={"y": 4})
    >>> found = miter(xor, either)
    >>> [found(a=a, b=b)["differ"] for a in (0, 1) for b in (0, 1)]
    [False, False, False, True]
    """
    for what, here, there in (("inputs", one.inputs, other.inputs), ("outputs", one.outputs, other.outputs)):
        odd = sorted(set(here) ^ set(there))
        if odd or not here:
            raise ConstructionError(
                f"need two circuits with the same {what}, got {odd[0]!r} in one" if odd else f"need {what}, got none"
            )
    n = len(one.inputs)
    at = [one.inputs.index(name) for name in other.inputs]
    shift = n + len(one.gates) - len(other.inputs)
    rows: list[Row] = list(one.gates)
    rows += [(needs, [_moved(literal, at, shift) for literal in literals]) for needs, literals in other.gates]
    pairs = [(literal, _moved(other.outputs[name], at, shift)) for name, literal in one.outputs.items()]
    return differing(one.inputs, rows, pairs)


def _moved(literal: int, at: Sequence[int], shift: int) -> int:
    """A literal of the second circuit in the miter."""
    node = literal >> 1
    return 2 * (at[node] if node < len(at) else node + shift) | literal & 1


def differing(
    inputs: Sequence[str],
    rows: Sequence[Row],
    pairs: Sequence[tuple[int, int]],
    assumed: Sequence[tuple[int, int]] = (),
) -> FlatCircuit:
    """The circuit whose output ``differ`` is true where two literals of some pair differ, and those of all ``assumed``
    pairs agree.

    Parameters
    ----------
    inputs, rows : of the circuit to which the literals belong, as :class:`~constructions.computation.flat.Gates` has
        rows. pairs, assumed : of literals.

    >>> found = differing(("a", "b"), [(2, (0, 2))], [(4, 0)], [(0, 2)])
    >>> [found(a=a, b=b)["differ"] for a in (0, 1) for b in (0, 1)]  # a AND b is a, where a is b
    [False, False, False, False]
    """
    apart = SeparateGates(len(inputs))
    at = apart.taken(rows)
    both = [[(at[a >> 1] ^ (a & 1), at[b >> 1] ^ (b & 1)) for a, b in each] for each in (pairs, assumed)]
    differ = [apart.xor(a, b) for a, b in both[0]]
    agree = [apart.xor(a, b) ^ 1 for a, b in both[1]]
    output = apart.every([apart.some(differ), *agree])
    return FlatCircuit(inputs=tuple(inputs), gates=Gates.of(apart.rows), outputs={DIFFER: output})


class SeparateGates:
    """A circuit of ANDs of two literals in which every gate that is asked for is a new one.

    Parameters
    ----------
    inputs : how many there are; their literals are 0, 2, 4, ...

    >>> gates = SeparateGates(2)
    >>> both, other = gates.both(0, 2), gates.xor(0, 2)
    >>> FlatCircuit(inputs=("a", "b"), gates=Gates.of(gates.rows), outputs={"both": both, "xor": other})(a=1, b=0)
    {'both': False, 'xor': True}
    """

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.rows: list[Row] = []

    def taken(self, rows: Iterable[Row]) -> list[int]:
        """The literals of the inputs and of the gates of a circuit with these ``rows``, which are written down here.

        >>> gates = SeparateGates(2)
        >>> gates.taken([(1, (0, 2))]), gates.rows
        ([0, 2, 5], [(2, (1, 3))])
        """
        at = [2 * i for i in range(self.inputs)]
        for needs, literals in rows:
            at.append(self.at_least(needs, [at[literal >> 1] ^ (literal & 1) for literal in literals]))
        return at

    def both(self, a: int, b: int) -> int:
        """Both of two literals, ``a`` and ``b``.

        >>> gates = SeparateGates(1)
        >>> gates.both(0, 0), gates.both(0, 1), gates.rows
        (0, 2, [(1, ())])
        """
        if a >> 1 == b >> 1:
            return a if a == b else self.never()
        self.rows.append((2, (a, b)))
        return 2 * (self.inputs + len(self.rows) - 1)

    def never(self) -> int:
        """A gate that is never true: it needs one literal of none.

        >>> SeparateGates(1).never()
        2
        """
        self.rows.append((1, ()))
        return 2 * (self.inputs + len(self.rows) - 1)

    def every(self, literals: Sequence[int]) -> int:
        """All of some literals.

        >>> gates = SeparateGates(3)
        >>> gates.every([0, 2, 5]), gates.rows
        (8, [(2, (0, 2)), (2, (6, 5))])
        """
        left = list(literals)
        while len(left) > 1:
            pairs = [self.both(a, b) for a, b in zip(left[::2], left[1::2], strict=False)]
            left = pairs + left[2 * len(pairs) :]
        return left[0] if left else self.never() ^ 1

    def some(self, literals: Sequence[int]) -> int:
        """One or more of some literals."""
        return self.every([literal ^ 1 for literal in literals]) ^ 1

    def xor(self, a: int, b: int) -> int:
        """Just one of two literals, ``a`` and ``b``."""
        return self.some([self.both(a, b ^ 1), self.both(a ^ 1, b)])

    def choose(self, condition: int, yes: int, no: int) -> int:
        """One literal (``yes``) where a ``condition`` holds, another (``no``) elsewhere."""
        return self.some([self.both(condition, yes), self.both(condition ^ 1, no)])

    def at_least(self, needs: int, literals: Sequence[int]) -> int:
        """Whether as many of some literals are true as are needed (``needs``).

        >>> gates = SeparateGates(3)
        >>> most = gates.at_least(2, [0, 2, 4])
        >>> found = FlatCircuit(inputs=("a", "b", "c"), gates=Gates.of(gates.rows), outputs={"most": most})
        >>> found(a=1, b=0, c=1), found(a=0, b=0, c=1)
        ({'most': True}, {'most': False})
        """
        if needs == len(literals) or needs < 1:
            return self.every(literals if needs > 0 else [])
        if needs == 1 or needs > len(literals):
            return self.some(literals if needs == 1 else [])
        reached: list[int | None] = [None] * (needs + 1)  # whether k of those so far are true
        for i, literal in enumerate(literals):
            for k in range(min(i + 1, needs), 0, -1):
                below = literal if k == 1 else self.both(literal, self._known(reached[k - 1]))
                reached[k] = below if reached[k] is None else self.some([self._known(reached[k]), below])
        return self._known(reached[needs])

    @staticmethod
    def _known(literal: int | None) -> int:
        assert literal is not None
        return literal


def dimacs(circuit: FlatCircuit, output: str = DIFFER) -> str:
    """A formula in DIMACS that can be satisfied exactly if an output of a circuit can be true.

    Its first variables are the inputs, in their order.

    Raises
    ------
    ConstructionError
        For an output that there is not.

    >>> print(dimacs(FlatCircuit(inputs=("a", "b"), gates=Gates.of([(2, (0, 3))]), outputs={"y": 4}), "y"))
    c satisfiable exactly if the output y of the circuit can be true
    c 1 is a
    c 2 is b
    p cnf 3 4
    -3 1 0
    -3 -2 0
    3 -1 2 0
    3 0
    <BLANKLINE>
    """
    if output not in circuit.outputs:
        raise ConstructionError(f"need an output of the circuit, got {output!r}")
    apart = SeparateGates(len(circuit.inputs))
    at = apart.taken(circuit.gates)
    end = circuit.outputs[output]
    first = 1 + len(circuit.inputs)
    clauses = [clause for i, (_, pair) in enumerate(apart.rows, first) for clause in _clauses(i, pair)]
    clauses.append([_variable(at[end >> 1] ^ (end & 1))])
    lines = [f"c satisfiable exactly if the output {printable(output)} of the circuit can be true"]
    lines += [f"c {i} is {printable(name)}" for i, name in enumerate(circuit.inputs, 1)]
    lines.append(f"p cnf {len(circuit.inputs) + len(apart.rows)} {len(clauses)}")
    return "\n".join([*lines, *(" ".join(map(str, [*clause, 0])) for clause in clauses)]) + "\n"


def _variable(literal: int) -> int:
    return -(1 + (literal >> 1)) if literal & 1 else 1 + (literal >> 1)


def _clauses(gate: int, pair: Sequence[int]) -> list[list[int]]:
    """The clauses of an AND of two literals, or of a gate that is never true."""
    if not pair:
        return [[-gate]]
    a, b = map(_variable, pair)
    return [[-gate, a], [-gate, b], [gate, -a, -b]]


def miter_files(found: Mapping[str, FlatCircuit]) -> dict[str, bytes]:
    """The files of some miters by their names: an AIGER file and a DIMACS file of each.

    >>> either = FlatCircuit(inputs=("a", "b"), gates=Gates.of([(1, (0, 2))]), outputs={"y": 4})
    >>> list(miter_files({"same": miter(either, either)}))
    ['same.aag', 'same.cnf']
    """
    files: dict[str, bytes] = {}
    for name, circuit in found.items():
        files[f"{name}.aag"] = write_aiger(circuit, binary=False)
        files[f"{name}.cnf"] = dimacs(circuit).encode()
    return files
