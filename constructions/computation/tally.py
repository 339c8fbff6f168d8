"""How many gates a construction writes before equal ones are merged and constants are folded.

The same code writes into a :class:`GateTally` in place of a :class:`Builder`, so that what is counted is what is built.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from constructions.computation.builder import Builder
from constructions.computation.design import Design
from constructions.computation.flat import FlatCircuit
from constructions.errors import ConstructionError


class GateTally(Builder):
    """A builder that makes every gate it is asked for, of whatever literals, and keeps nothing but how many there are,
    and how many literals the widest of them has.

    >>> tally = GateTally()
    >>> a = tally.input("a")
    >>> _ = tally.both(a, a), tally.both(a, a), tally.xor(a, -1), tally.every([])
    >>> len(tally), tally.widest
    (6, 2)
    """

    merges = False

    def __init__(self) -> None:
        super().__init__()
        self.made = 0
        self.widest = 0

    def __len__(self) -> int:
        return self.made

    def _new(self, literals: int = 2) -> int:
        self.made += 1
        self.widest = max(self.widest, literals)
        return 2 * (len(self.inputs) + self.made)

    def both(self, a: int, b: int) -> int:
        """AND of two literals: one gate."""
        return self._new()

    def xor(self, a: int, b: int) -> int:
        """Exactly one of two literals: three gates."""
        return self.both(self.both(a, b) ^ 1, self.both(a ^ 1, b ^ 1) ^ 1)

    def mux(self, condition: int, yes: int, no: int) -> int:
        """One of two literals: three gates."""
        return self.both(self.both(condition, yes) ^ 1, self.both(condition ^ 1, no) ^ 1) ^ 1

    def at_least(self, needs: int | None, literals: Sequence[int]) -> int:
        """At least so many of some literals: one gate."""
        return self._new(len(literals))

    def gate(self, needs: int, literals: list[int]) -> int:
        """Any gate: one."""
        return self._new(len(literals))

    def circuit(self, inputs: Sequence[str] | None = None, outputs: Mapping[str, int] | None = None) -> FlatCircuit:
        """There is none; raises ConstructionError."""
        return _no_circuit()


def _no_circuit() -> NoReturn:
    raise ConstructionError("need a builder that keeps its gates for a circuit, got a tally")


def gates_written(write: Callable[[Design], Any]) -> int:
    """How many gates a function writes into the design that it gets, before equal ones are merged.

    >>> gates_written(lambda design: design.input("a", 4) + design.input("b", 4))
    36
    """
    design = Design()
    design.builder = GateTally()
    write(design)
    return len(design.builder)


def literals_written(write: Callable[[Design], Any]) -> int:
    """How many literals the widest gate has that a function writes into the design that it gets.

    >>> literals_written(lambda design: design.input("a", 4).any())
    4
    """
    design, tally = Design(), GateTally()
    design.builder = tally
    write(design)
    return tally.widest
