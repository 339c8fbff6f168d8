"""Functions of the machine's state, in which the certificate says what vertices carry from one round to the next.

A literal goes on from those of the machine's text: 0 and 1 are the constants, a latch's literal is a bit of the state,
and above all of the text's literals come the rows of the certificate, "at least k of these literals", each over
earlier rows. A negative literal -2v + s is vertex v of round 0, which depends on x alone. A literal + 1 is the
negation.
"""

from collections.abc import Callable, Mapping
from typing import Any

from verify.recheck.circuit import Circuit
from verify.recheck.machine import Machine
from verify.recheck.proof import FALSE
from verify.recheck.reading import need, whole

MOST_ROWS = 1 << 24


class Functions:
    """The rows of a certificate.

    >>> from types import SimpleNamespace
    >>> from verify.recheck.proof import TRUE
    >>> machine = SimpleNamespace(latches=[(8, 4, 0), (10, 4, 0)], first_free=12)
    >>> functions = Functions(machine, [[2, [8, 11]]])  # both the first bit of the state and not the second
    >>> functions.check(13, "an example"), functions.check(-6, "an example")  # its negation; a vertex of round 0
    (13, -6)
    >>> circuit = Circuit({})
    >>> states = {8: circuit.leaf("s0"), 10: circuit.leaf("s1")}
    >>> functions.value(12, circuit, states, lambda u: TRUE, made={}) == circuit.every([states[8], states[10] ^ 1])
    True
    """

    def __init__(self, machine: Machine, rows: Any) -> None:
        self.latches = [literal for literal, _, _ in machine.latches]
        self.first = machine.first_free
        need(isinstance(rows, list) and len(rows) < MOST_ROWS, "a list of functions")
        self.rows: list[tuple[int, list[int]]] = []
        known = {0, *self.latches}
        for i, row in enumerate(rows):
            need(
                isinstance(row, list) and len(row) == 2 and isinstance(row[1], list),
                f"a function of k and literals, at function {i}",
            )
            needs, literals = whole(row[0], 0, len(row[1]) + 1, f"function {i}"), row[1]
            fits = all(
                type(x) is int and (x < 0 or x & ~1 in known or self.first <= x < self.first + 2 * i) for x in literals
            )
            need(fits, f"a function over the state, round 0 and earlier functions, at function {i}")
            self.rows.append((needs, literals))
        self.known = known

    def check(self, literal: Any, where: str) -> int:
        """The literal, if it is one; RefusedError, with the place ``where``, if not."""
        fits = type(literal) is int and (
            literal < 0 or literal & ~1 in self.known or self.first <= literal < self.first + 2 * len(self.rows)
        )
        need(fits, f"a literal of a function, got {str(literal)[:30]}, at {where}")
        return int(literal)

    def value(
        self,
        literal: int,
        circuit: Circuit,
        states: Mapping[int, int],
        vertex: Callable[[int], int],
        made: dict[int, int],
    ) -> int:
        """The literal of a circuit for a function; ``states`` has those of the latches, ``vertex`` gives those of round
        0. ``made`` has what is written already, and gets what is written now."""
        waiting = [literal & ~1]
        while waiting:
            base = waiting[-1]
            if base in made:
                waiting.pop()
            elif base < self.first:
                made[base] = FALSE if base == 0 else states[base] if base > 0 else vertex(-base >> 1)
            else:
                needs, row = self.rows[(base - self.first) >> 1]
                missing = [x & ~1 for x in row if x & ~1 not in made]
                waiting += missing
                if not missing:
                    made[base] = circuit.at_least(needs, [made[x & ~1] ^ (x & 1) for x in row])
        return made[literal & ~1] ^ (literal & 1)
