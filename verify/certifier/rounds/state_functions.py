"""What a vertex of an earlier round carries when that round is over: a constant, a bit of the machine's state, or a
gate over such.

A reference 2i + s is function i, negated if s = 1; function 0 is the constant true. Equal functions have equal numbers,
so rounds that read the same things are recognized by comparing integers.
"""

from collections.abc import Callable
from typing import Any

TRUE_FUNCTION, FALSE_FUNCTION = 0, 1
StateFunction = tuple[Any, ...]
Equation = tuple[int, int]
"""Two references that carry the same."""


class StateFunctions:
    """A table of functions.

    >>> functions = StateFunctions()
    >>> a, b = functions.state(0), functions.state(3) ^ 1
    >>> b == functions.state(3) ^ 1, functions.gate(2, [a, b]) == functions.gate(2, [b, a])
    (True, True)
    >>> functions.gate(2, [a, TRUE_FUNCTION]) == a
    True

    >>> of_x = functions.shared(7)  # vertex 7 of the network depends on x alone
    >>> functions.reads_x(of_x), functions.reads_x(functions.gate(2, [a, of_x])), functions.reads_x(a)
    (True, True, False)
    >>> from constructions.computation.builder import Builder
    >>> builder = Builder()
    >>> x, bits = builder.input("x"), [builder.input(f"state {i}") for i in range(4)]
    >>> def leaf(kind, which):
    ...     return bits[which] if kind == "state" else x
    >>> literal = functions.literal(functions.gate(2, [a, of_x]), leaf, builder.gate, made={0: 1})
    >>> literal == builder.gate(2, [bits[0], x])
    True
    """

    def __init__(self) -> None:
        self.table: list[StateFunction] = [("true",)]
        self._known: dict[StateFunction, int] = {("true",): 0}
        self._of_x: set[int] = set()

    def _number(self, function: StateFunction) -> int:
        found = self._known.get(function)
        if found is None:
            found = self._known[function] = len(self.table)
            self.table.append(function)
        return 2 * found

    def state(self, i: int) -> int:
        """Bit i of the machine's state."""
        return self._number(("state", i))

    def shared(self, vertex: int) -> int:
        """A vertex that depends on x only."""
        found = self._number(("shared", vertex))
        self._of_x.add(found >> 1)
        return found

    def gate(self, needs: int, references: list[int]) -> int:
        """At least ``needs`` of some references; constants among them are left out."""
        needs -= references.count(TRUE_FUNCTION)
        kept = sorted(reference for reference in references if reference > FALSE_FUNCTION)
        if needs <= 0 or needs > len(kept):
            return TRUE_FUNCTION if needs <= 0 else FALSE_FUNCTION
        if len(kept) == 1:
            return kept[0]
        found = self._number(("gate", needs, tuple(kept)))
        if any(reference >> 1 in self._of_x for reference in kept):
            self._of_x.add(found >> 1)
        return found

    def reads_x(self, reference: int) -> bool:
        """Whether a function is written over vertices that depend on x."""
        return reference >> 1 in self._of_x

    def pair(self, before: bool | None, after: int) -> int:
        """A number for what a vertex carries before (None: not constant) and after its round."""
        return self._number(("pair", before, after))

    def literal(
        self,
        reference: int,
        leaf: Callable[[str, int], int],
        gate: Callable[[int, list[int]], int],
        made: dict[int, int],
    ) -> int:
        """The literal of a reference, given those of states and shared vertices.

        Parameters
        ----------
        reference : the function.
        leaf : from a kind and a number to the literal of a bit of the state, or of a vertex that depends on x alone.
        gate : writes a gate that needs so many of some literals.
        made : literals of functions that are known already; what is found is added.
        """
        waiting = [reference >> 1]
        while waiting:
            i = waiting[-1]
            kind, *rest = self.table[i]
            if i in made:
                waiting.pop()
            elif kind != "gate":
                made[i] = leaf(kind, rest[0] if rest else 0)
            else:
                missing = [r >> 1 for r in rest[1] if r >> 1 not in made]
                if missing:
                    waiting += missing
                else:
                    made[i] = gate(rest[0], [made[r >> 1] ^ (r & 1) for r in rest[1]])
        return made[reference >> 1] ^ (reference & 1)
