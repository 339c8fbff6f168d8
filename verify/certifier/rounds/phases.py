"""The three phases of a round, as circuits: what each of its vertices carries before, in and after its step.

*before*: its digits read 0; what it reads of earlier rounds is a constant if it is one in all their phases up to their
step, else anything. *now*: its digits read 0, earlier rounds are over. *after*: its digits are anything, but the
clock's are not all 0.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from constructions.computation.builder import FALSE, TRUE
from verify.certifier.roles.gates import Table
from verify.certifier.rounds.decoding import Decoding
from verify.certifier.rounds.equal import ComparingBuilder, SolverTally
from verify.certifier.rounds.state_functions import Equation, StateFunctions
from verify.certifier.rounds.unrolling import Role, UnrolledMachine

BEFORE, NOW, AFTER = range(3)
Known = dict[int, tuple[bool | None, int]]
"""What a vertex of an earlier round carries: a constant until its round's step is over (None: something else), and a
function afterwards."""
Row = tuple[int, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A control: its vertex, the operands and values of its table, its weight to the output."""

    vertex: int
    operands: tuple[int, ...]
    table: Table
    weight: Fraction


@dataclass(frozen=True, kw_only=True)
class NetworkRound:
    """One round of the network.

    Parameters
    ----------
    number : t. gates : in the order of their numbers. live : vertices that are read later. read_after_next : those
        of its gates that are read after round t + 1. drivers : for each copy, the clock first, the bit of its vc and
        the value at which it acts. adds : what each adds to the output while it acts. digits, vc : of each copy. random
        : the vertices of its random bits. last : whether it is the last round.
    """

    number: int
    gates: Sequence[int]
    live: Sequence[int]
    read_after_next: Collection[int]
    drivers: Sequence[tuple[int, int]]
    adds: Sequence[Fraction]
    digits: Sequence[Sequence[int]]
    vc: Sequence[int]
    controls: Sequence[Control]
    random: Sequence[int]
    last: bool


@dataclass(frozen=True, kw_only=True)
class Context:
    """What all rounds share: the gates' rows, how many inputs there are, the machine, its decoder, the table of
    functions, the tally of questions, whether questions may go to the solver, and which of several copies that look
    alike is taken first."""

    row: Callable[[int], Row]
    inputs: int
    machine: UnrolledMachine
    decoding: Decoding
    bits: int
    functions: StateFunctions
    tally: SolverTally
    solver: bool = True
    choice: int = 0


@dataclass(frozen=True, kw_only=True)
class Proved:
    """What was proved of a round: the output's pre-activation in its step, the roles of its copies (None: the clock, or
    one that never acts), what its live vertices carry, the machine's state after it (a function for each bit), in the
    last round the final controls, and pairs of functions that are equal after it."""

    held: Fraction
    roles: Sequence[Role | None]
    live: Known
    state: tuple[int, ...]
    final: Sequence[Control] = field(default_factory=tuple)
    equations: tuple[Equation, ...] = ()


class PhaseCircuit:
    """The circuit of a round in one phase.

    Parameters
    ----------
    idle : places of copies whose digits stay 0 (they never act). equations : functions that are equal when the round
        before is over; only the solver uses them, so they are written only if there is one.
    """

    def __init__(
        self,
        context: Context,
        round_: NetworkRound,
        known: Known,
        phase: int,
        *,
        idle: Sequence[int] = (),
        equations: Sequence[Equation] = (),
    ) -> None:
        self.context, self.known, self.phase = context, known, phase
        self.circuit = ComparingBuilder(context.tally, solver=context.solver)
        self.at: dict[int, int] = {}
        self._made: dict[int, int] = {}
        self.digits: list[list[int]] = []
        if phase == AFTER and round_.digits:
            clock = [self.circuit.named(f"digit 0 {i}") for i in range(len(round_.digits[0]))]
            if len(clock) > 1:
                self.circuit.assume_some(clock)
        for c, digits in enumerate(round_.digits):
            names = (
                [self.circuit.named(f"digit {c} {i}") for i in range(len(digits))]
                if phase == AFTER and c not in idle
                else None
            )
            if names and not c and len(names) == 1:
                names = [TRUE]
            self.digits.append(names or [FALSE] * len(digits))
            self.at |= dict(zip(digits, self.digits[-1], strict=True))
        self.random = [self.circuit.named(f"random {i}") for i in range(len(round_.random))]
        self.at |= dict(zip(round_.random, self.random, strict=True))
        for v in round_.gates:
            self.evaluate(v)
        for one, other in equations if context.solver else ():
            self.circuit.assume_same(self.function(one), self.function(other))

    @property
    def x(self) -> list[int]:
        """The bits of x."""
        return [self.circuit.named(f"x {i}") for i in range(1, self.context.inputs + 1)]

    def function(self, reference: int) -> int:
        """The literal of a function."""

        def leaf(kind: str, which: int) -> int:
            return (
                TRUE
                if kind == "true"
                else self.circuit.named(f"state {which}")
                if kind == "state"
                else self.literal(which)
            )

        return self.context.functions.literal(reference, leaf, self.circuit.gate, self._made)

    def literal(self, u: int) -> int:
        """What a vertex carries."""
        if u not in self.at:
            self._find(u)
        return self.at[u]

    def evaluate(self, v: int) -> None:
        """Write a gate whose operands can be found."""
        needs, row = self.context.row(v)
        self.at[v] = self.circuit.gate(needs, [self.literal(u) ^ negated for u, negated in row])

    def _find(self, vertex: int) -> None:
        waiting = [vertex]
        while waiting:
            u = waiting[-1]
            if u in self.at:
                waiting.pop()
            elif u <= self.context.inputs:
                self.at[u] = self.circuit.named(f"x {u}")
            elif u in self.known:
                before, after = self.known[u]
                if self.phase != BEFORE:
                    self.at[u] = self.function(after)
                else:
                    self.at[u] = self.circuit.named(f"any {u}") if before is None else TRUE if before else FALSE
            else:
                needs, row = self.context.row(u)
                missing = [w for w, _ in row if w not in self.at]
                if missing:
                    waiting += missing
                else:
                    self.at[u] = self.circuit.gate(needs, [self.at[w] ^ negated for w, negated in row])


def asked_of(mapping: Mapping[Role, int]) -> dict[int, list[Role]]:
    """The roles by their literal, those that are never asked left out."""
    found: dict[int, list[Role]] = {}
    for role in sorted(mapping):
        if mapping[role] != FALSE:
            found.setdefault(mapping[role], []).append(role)
    return found
