"""One round in one of its phases, as a circuit: what every vertex of it carries.

A round is *before* its step, *now* in it, or *after* it; *end* is after the last step, seen from the machine's last
state.

| phase  | digits of the round                     | what it reads of earlier rounds                                  |
|--------|-----------------------------------------|------------------------------------------------------------------|
| before | 0; for whole batches the middle         | a variable for each vertex, or a constant that it always is then |
| now    | as before                               | its function of the state                                        |
| after  | variables, of the clock one is set (for | its function of the state                                        |
|        | whole batches: one of its copies' is    |                                                                  |
|        | not the middle); of copies that never   |                                                                  |
|        | act 0                                   |                                                                  |

x, the round's random bits and the bits of the state before the round are variables in all of them. So a thing that is
shown of the circuit holds for every x, random string, state, and whatever the copies recorded; and vertices of earlier
rounds are told apart by what they are, not by what they look like: before its step, each has a variable of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from verify.recheck.circuit import Circuit
from verify.recheck.functions import Functions
from verify.recheck.gates import literals_of
from verify.recheck.layout import CONSTANT, GATE, INPUT, Layout, Round
from verify.recheck.machine import Machine
from verify.recheck.memory import Decoder
from verify.recheck.network import Network
from verify.recheck.parts import Parts
from verify.recheck.proof import FALSE, TRUE
from verify.recheck.reading import RefusedError, need
from verify.recheck.readout import Role, Template, asked_template, next_template, predicted_template
from verify.recheck.readout_signed import is_middle, signed_asked, signed_next

Reads = Decoder | tuple[int, ...]
"""How answers follow from records: a decoder, or for whole batches the records at which one more is counted."""
Carried = tuple[int, int | None]
"""What a vertex of an earlier round carries: a function of the state once its round is over, and the constant (0 or 1)
that it carries in all steps before, if it does.
"""


class Known:
    """What is known of vertices of earlier rounds: what was said after the last round, and which older ones are
    constants.

    While a round is to come, the last one is to come or in its step, and the older ones may be over. So of an older
    vertex it is known what it carries before that only if that is the same constant as afterwards. Whatever is no
    constant is forgotten.

    >>> known = Known()
    >>> known.follow([(7, TRUE, None), (8, 12, None)])
    >>> known.get(7) == (TRUE, None), known.get(8)
    (True, (12, None))
    >>> known.follow([(9, 12, None)])  # a round more is over: of the older ones only the constant is known
    >>> known.get(7) == (TRUE, None), known.get(8), known.get(9)
    (True, None, (12, None))
    """

    def __init__(self) -> None:
        self.last: dict[int, Carried] = {}
        self.constants: dict[int, Carried] = {}

    def get(self, u: int) -> Carried | None:
        """What a vertex carries, if that is known."""
        return self.last[u] if u in self.last else self.constants.get(u)

    def follow(self, said: Iterable[tuple[int, int, int | None]]) -> None:
        """A round more is over, and this is said of its vertices."""
        for u, (literal, early) in self.last.items():
            if literal in (FALSE, TRUE):
                self.constants[u] = (literal, early if early == literal else None)
            else:
                self.constants.pop(u, None)
        self.last = {u: (literal, early) for u, literal, early in said}


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """What is certified, all of it read and taken apart. ``needs``: k of each gate.

    Parameters
    ----------
    net, machine, layout, parts : network and machine, which vertex is what, and the parts that were checked.
    functions, decoder : the certificate's functions of the state, and how answers follow from records.
    clock : for whole batches, the queries whose records tell that a step is over.
    """

    net: Network
    machine: Machine
    layout: Layout
    parts: Parts
    needs: npt.NDArray[np.int32]
    functions: Functions
    decoder: Reads
    clock: frozenset[int] = frozenset()

    @cached_property
    def asked(self) -> tuple[Template, list[Role]]:
        """The digits of the machine's queries."""
        if isinstance(self.decoder, tuple):
            return signed_asked(self.machine)
        return asked_template(self.machine, self.decoder)

    @cached_property
    def predicted(self) -> Template:
        """The machine's prediction."""
        return predicted_template(self.machine)

    def following(self, roles: Sequence[Role], bits: int) -> Template:
        """The machine's next state, from the records, of so many bits, of copies of these roles."""
        key = (tuple(sorted(roles)), bits)
        if key not in self._following:
            if isinstance(self.decoder, tuple):
                self._following[key] = signed_next(self.machine, self.decoder, key[0], bits)
            else:
                self._following[key] = next_template(self.machine, self.decoder, key[0], bits)
        return self._following[key]

    @cached_property
    def _following(self) -> dict[tuple[tuple[Role, ...], int], Template]:
        return {}


@dataclass(frozen=True, kw_only=True)
class Past:
    """What is known before a round: of earlier vertices, of the machine's state (a function for each bit), and which
    functions are equal.
    """

    known: Known
    state: tuple[int, ...]
    equal: tuple[tuple[int, int], ...]


class Phase:
    """The circuit of a round in a phase.

    >>> from io import BytesIO
    >>> from verify.attacks.bases import base
    >>> from verify.attacks.certificates import honest
    >>> from verify.certifier.certificate.handing_over import written
    >>> from verify.recheck.check import Check
    >>> name = "conjunction by queries, minimal"
    >>> check = Check(written(honest(name)), BytesIO(base(name).data))
    >>> certified, first = check.verdict().certified, check.subject.layout.rounds[0]
    >>> start = Past(known=Known(), state=tuple(at for _, _, at in check.machine.latches), equal=())
    >>> phase = Phase(check.subject, first, "now", start, check.said_of(first).roles, Circuit({}))
    >>> len(check.subject.asked[1])  # the digit of its query
    1
    >>> u = int(first.gates[0])
    >>> phase.vertex(u) == phase.values[u], [phase.vertex(i) == x for i, x in enumerate(phase.x, 1)]
    (True, [True])
    >>> asked = [role for role in check.said_of(first).roles if role]
    >>> check.subject.following(asked, bits=4) is check.subject.following(asked, bits=4)  # it is written once
    True
    """

    def __init__(
        self, subject: Subject, round_: Round | None, when: str, past: Past, roles: Sequence[Role], circuit: Circuit
    ) -> None:
        self.subject, self.round, self.when, self.past, self.circuit = subject, round_, when, past, circuit
        self.values: dict[int, int] = {}
        self.free = {latch: circuit.leaf(f"s{i}") for i, latch in enumerate(subject.functions.latches)}
        self._made: dict[int, int] = {}
        if when != "before":
            for one, other in past.equal:
                circuit.assume(self.function(one), self.function(other))
        if round_ is not None:
            self.coins = [circuit.leaf(f"r{i}") for i in range(len(round_.coins))]
            self.values |= dict(zip(round_.coins.tolist(), self.coins, strict=True))
            self.digits = [self._record(c, row, roles[c]) for c, row in enumerate(round_.digits.tolist())]
            if subject.machine.points and when == "after":
                wound = [row for row, role in zip(self.digits, roles, strict=True) if role[0] in subject.clock]
                circuit.assume(circuit.some([is_middle(circuit, row) ^ 1 for row in wound]), TRUE)
            for v in round_.gates.tolist():
                self.values[v] = self._gate(v)

    @property
    def x(self) -> list[int]:
        """The bits of x."""
        return [self.vertex(u) for u in range(1, self.subject.net.n + 1)]

    @property
    def state(self) -> list[int]:
        """The machine's state before the round."""
        return [self.function(literal) for literal in self.past.state]

    def function(self, literal: int) -> int:
        """A function of the state before the round."""
        return self.subject.functions.value(literal, self.circuit, self.free, self._of_x, self._made)

    def function_of(self, literal: int, states: Mapping[int, int], made: dict[int, int]) -> int:
        """The literal of a function of the bits of a state, over their literals in ``states``; ``made`` has what is
        written already, and gets what is written now."""
        return self.subject.functions.value(literal, self.circuit, states, self._of_x, made)

    def _record(self, c: int, vertices: Sequence[int], role: Role) -> list[int]:
        """The digits of a copy, the clock's (c = 0) not all 0 after its step."""
        if self.subject.machine.points:
            last = len(vertices) - 1
            found = [TRUE if i == last else FALSE for i in range(len(vertices))]
            if self.when == "after":
                found = [self.circuit.leaf(f"d{c}.{i}") for i in range(len(vertices))]
        elif self.when != "after" or role[0] == -2:
            found = [FALSE] * len(vertices)
        elif c == 0 and len(vertices) == 1:
            found = [TRUE]
        else:
            found = [self.circuit.leaf(f"d{c}.{i}") for i in range(len(vertices))]
            if c == 0:
                self.circuit.assume(self.circuit.some(found), TRUE)
        self.values |= dict(zip(vertices, found, strict=True))
        return found

    def vertex(self, u: int) -> int:
        """What a vertex carries that this round may read: of round 0, of an earlier one of which something is known,
        or its own.

        Raises
        ------
        RefusedError
            For a vertex of a later round, or one of an earlier round of which nothing is known.
        """
        if u not in self.values:
            need(0 < u < self.subject.net.size, f"a vertex of the network, got {u}")
            if self.subject.layout.of[u]:
                self.values[u] = self._earlier(u)
            else:
                self._find(u)
        return self.values[u]

    def _of_x(self, u: int) -> int:
        """What a vertex of round 0 carries, which is the same in all phases; a function may name no other vertex."""
        alone = 0 < u < self.subject.net.size and not self.subject.layout.of[u]
        need(alone, f"a function of the state and of vertices of round 0, got vertex {u}")
        return self.vertex(u)

    def _earlier(self, u: int) -> int:
        carried = self.past.known.get(u)
        if carried is None:
            raise RefusedError(f"(k) an earlier vertex {u} of which it is said what it carries")
        literal, early = carried
        if self.when != "before":
            return self.function(literal)
        return self.circuit.leaf(f"v{u}") if early is None else early

    def _find(self, vertex: int) -> None:
        """What a vertex of round 0 carries: its gates are written when they are asked for."""
        waiting, kind = [vertex], self.subject.layout.kind
        while waiting:
            u = waiting[-1]
            need(
                kind[u] in (INPUT, CONSTANT, GATE) and not self.subject.layout.of[u],
                f"(k) a vertex of round 0, got {u}",
            )
            if u in self.values:
                waiting.pop()
            elif u <= self.subject.net.n:
                self.values[u] = self.circuit.leaf(f"x{u}")
            else:
                missing = [w for w, _ in literals_of(self.subject.net, u) if w not in self.values]
                waiting += missing
                if not missing:
                    self.values[u] = self._gate(u)

    def _gate(self, v: int) -> int:
        row = [self.vertex(u) ^ negated for u, negated in literals_of(self.subject.net, v)]
        return self.circuit.at_least(int(self.subject.needs[v]), row)
