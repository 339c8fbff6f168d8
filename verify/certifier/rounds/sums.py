"""What vertices add to the output, as sums over bits: coefficients of literals that must cancel (premises e, f and
g)."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

from constructions.computation.builder import FALSE, TRUE
from verify.certifier.roles.gates import Table
from verify.certifier.rounds.equal import ComparingBuilder


class Sum:
    """A rational and rational multiples of literals (1 where one is true) of one circuit.

    >>> from verify.certifier.rounds.equal import SolverTally
    >>> circuit = ComparingBuilder(SolverTally())
    >>> total = Sum(circuit)
    >>> total.add(circuit.input("a"), Fraction(2))
    >>> total.add(circuit.input("b") ^ 1, Fraction(1))
    >>> str(total.rest), {literal: str(value) for literal, value in total.terms.items()}
    ('1', {0: '2', 2: '-1'})
    >>> a, b = circuit.input("c"), circuit.input("d")
    >>> of_both = Sum(circuit)
    >>> of_both.add_table({(0, 0): 0, (0, 1): 0, (1, 0): 0, (1, 1): 1}, [a, b], Fraction(2))
    >>> of_both.left() == [circuit.both(a, b)]
    True
    >>> of_both.add(circuit.both(b, a), Fraction(-2))
    >>> of_both.left()
    []
    """

    def __init__(self, circuit: ComparingBuilder) -> None:
        self.circuit = circuit
        self.rest = Fraction(0)
        self.terms: dict[int, Fraction] = {}

    def add(self, literal: int, value: Fraction) -> None:
        """``value`` where the literal is true."""
        if literal == TRUE or (literal & 1 and literal != FALSE):
            self.rest += value
        if literal >= 0:
            node = literal & ~1
            self.terms[node] = self.terms.get(node, Fraction(0)) + (-value if literal & 1 else value)

    def add_table(self, table: Table, literals: Sequence[int], weight: Fraction) -> None:
        """``weight`` times the value of a vertex with this table over the ``literals`` of its operands: a sum over the
        sets of operands that are all true."""
        count = len(literals)
        for chosen in product((0, 1), repeat=count):
            value = sum((sign_of(chosen, part) * table[part] for part in parts_of(chosen)), Fraction(0))
            if value:
                self.add(self.circuit.every(literals[i] for i in range(count) if chosen[i]), weight * value)

    def left(self) -> list[int]:
        """The literals whose coefficients are not 0, after equal ones have been put together."""
        kept = [node for node, value in self.terms.items() if value]
        merged: dict[int, Fraction] = {}
        for node in kept:
            constant = next((c for c in (TRUE, FALSE) if self.circuit.same(node, c)), None)
            other = constant if constant is not None else self._like(node, merged)
            if other is None:
                merged[node] = self.terms[node]
            elif other in (TRUE, FALSE):
                self.rest += self.terms[node] if other == TRUE else 0
            elif other & 1:
                self.rest += self.terms[node]
                merged[other ^ 1] -= self.terms[node]
            else:
                merged[other] += self.terms[node]
        self.terms = merged
        return [node for node, value in merged.items() if value]

    def _like(self, node: int, merged: Iterable[int]) -> int | None:
        return self.circuit.among(node, [literal for other in merged for literal in (other, other ^ 1)])


def parts_of(chosen: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    """The subsets of a set, as rows of zeros and ones.

    >>> list(parts_of((1, 0, 1)))
    [(0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 0, 1)]
    """
    return product(*((0, 1) if bit else (0,) for bit in chosen))


def sign_of(chosen: tuple[int, ...], part: tuple[int, ...]) -> int:
    """1 or -1 as the set ``chosen`` has an even or an odd number of operands more than its subset ``part``.

    >>> sign_of((1, 0, 1), (1, 0, 0)), sign_of((1, 0, 1), (0, 0, 0))
    (-1, 1)
    """
    return -1 if (sum(chosen) - sum(part)) % 2 else 1
