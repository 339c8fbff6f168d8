"""The three phases of a round, as circuits: what each of its vertices carries before, in and after its step.

Training takes one step for each round. Seen from a round, every step is of one of three kinds, its *phases*: *before*,
its step is still to come; *now*, it is its step; *after*, its step is over. A vertex carries a bit in all of them, but
another one: what it reads has changed meanwhile. :class:`PhaseCircuit` writes the gates of a round as a circuit over
what they read, and this is what they read:

======  =============================================  =====================================================
phase   the digits of the round's copies               a vertex of an earlier round
======  =============================================  =====================================================
before  0: nothing is written                          its constant, if it has one in all steps up to its own;
                                                       else an input that may be anything
now     0: nothing is written                          its function of the machine's state
after   inputs: whatever was written; of the clock's   its function of the machine's state
        at least one is set; of copies that never act
        0
======  =============================================  =====================================================

(Where whole batches are read, a copy that is not written reads the middle of its range, and after the step one of
several copies reads something else.) x, the round's random bits and the bits of the machine's state before the round
are inputs in all three. So what is
shown of the circuit of a phase holds for every x, every random string, every state in which the machine can be, and
whatever the copies may have written.

Why an earlier vertex may be anything *before*: while round t is to come, an earlier round may itself be before, in or
after its step, so its vertices need not carry functions of the state yet. Only a constant can be relied on.
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
    number : t.
    gates : in the order of their numbers.
    live : vertices that are read later.
    read_after_next : those of its gates that are read after round t + 1.
    drivers : for each copy, the clock first, the bit of its vc and the value at which it acts.
    adds : what each copy adds to the output while it acts.
    digits, vc : of each copy.
    controls : those of the round, with the bits that drive them.
    random : the vertices of its random bits.
    last : whether it is the last round.
    clock : of a machine for whole batches, the places of the copies whose records end the round; then ``drivers``,
        ``adds`` and ``vc`` have two entries for each copy, of its plus and of its minus side.
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
    clock: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the proofs of all rounds share.

    Parameters
    ----------
    row : for a gate, how many true literals it needs, and its operands, each with whether it is negated.
    inputs : how many bits x has.
    machine, decoding : the machine, and the decoder by which its answers follow from records.
    bits : how many digits a copy has.
    functions : the table of functions of the machine's state.
    tally : counts the questions to the solver.
    solver : whether it may be asked at all.
    choice : which of several copies that look alike is taken first.
    """

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
    """What was proved of a round: ``held``, the output's pre-activation in its step, the roles of its copies (None: the
    clock, or one that never acts), what its live vertices carry, the machine's state after it (a function for each
    bit), in the last round the final controls, and ``equations``, pairs of functions that are equal after it."""

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

    >>> from dataclasses import replace
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from verify.certifier.rounds.prediction import NO_ROUND
    >>> machine = UnrolledMachine(best_literal_machine(1, fraction=2))
    >>> functions, rows = StateFunctions(), {5: (2, [(1, 0), (3, 1)])}  # gate 5: input 1 and not vertex 3
    >>> rest = {"decoding": Decoding(d=0, multiplier=1, add=0, shift=0), "bits": 1, "tally": SolverTally()}
    >>> context = Context(row=rows.__getitem__, inputs=1, machine=machine, functions=functions, **rest)
    >>> known = {3: (None, functions.state(0))}  # vertex 3 of an earlier round carries bit 0 of the state
    >>> phase = PhaseCircuit(context, replace(NO_ROUND, gates=[5]), known, AFTER)
    >>> phase.literal(3) == phase.function(functions.state(0)) == phase.circuit.named("state 0")
    True
    >>> phase.literal(5) == phase.circuit.both(*phase.x, phase.literal(3) ^ 1)
    True
    >>> before = phase.literal(5)
    >>> phase.evaluate(5)  # written again, it is the same gate
    >>> phase.literal(5) == before
    True
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
        if phase == AFTER and round_.digits and not round_.clock:
            clock = [self.circuit.named(f"digit 0 {i}") for i in range(len(round_.digits[0]))]
            if len(clock) > 1:
                self.circuit.assume_some(clock)
        for c, digits in enumerate(round_.digits):
            names = (
                [self.circuit.named(f"digit {c} {i}") for i in range(len(digits))]
                if phase == AFTER and c not in idle
                else None
            )
            if names and not c and len(names) == 1 and not round_.clock:
                names = [TRUE]
            nothing = [FALSE] * (len(digits) - 1) + [TRUE if round_.clock else FALSE]
            self.digits.append(names or nothing)
            self.at |= dict(zip(digits, self.digits[-1], strict=True))
        if phase == AFTER and round_.clock:
            self.circuit.assume_not_all([self._middle(self.digits[c]) for c in round_.clock])
        self.random = [self.circuit.named(f"random {i}") for i in range(len(round_.random))]
        self.at |= dict(zip(round_.random, self.random, strict=True))
        for v in round_.gates:
            self.evaluate(v)
        for one, other in equations if context.solver else ():
            self.circuit.assume_same(self.function(one), self.function(other))

    def _middle(self, digits: Sequence[int]) -> int:
        """Whether digits read the middle of their range, which is what a copy with two sides reads unwritten."""
        return self.circuit.every([digits[-1], *(digit ^ 1 for digit in digits[:-1])])

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
    """The roles by their literal, those that are never asked left out.

    >>> asked_of({Role(0, 0, False): 4, Role(1, 0, False): 4, Role(2, 0, False): FALSE})
    {4: [Role(query=0, place=0, negative=False), Role(query=1, place=0, negative=False)]}
    """
    found: dict[int, list[Role]] = {}
    for role in sorted(mapping):
        if mapping[role] != FALSE:
            found.setdefault(mapping[role], []).append(role)
    return found
