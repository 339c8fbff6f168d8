"""Which function each live vertex carries after a round.

A gate whose operands have functions is a gate over these functions; another vertex has the function of a bit of the
machine's next state that it is equal to. The first comes first, so that what a network and a machine write over the
state in the same way stays so, whatever else this round makes of it: where the counter is below 2, "bit 0 and not bit
1" is bit 0, and in a later round it is not. A bit of the state that only such a gate carries takes the gate's function.
What is then equal and has two functions is an equation, which the solver may use in the round that follows. A gate that
is always the same here has its function, too, unless it is read later than in the next round, where only constants are
remembered.
"""

from collections.abc import Callable, Sequence

from constructions.computation.builder import FALSE, TRUE
from verify.certifier.refusal import NetworkRefused
from verify.certifier.rounds.phases import Context, Known, NetworkRound, PhaseCircuit
from verify.certifier.rounds.state_functions import FALSE_FUNCTION, TRUE_FUNCTION, Equation

Find = Callable[[int], int | None]
"""A literal to one that has a function and is equal to it, or None."""


class Naming:
    """The functions of a round's live vertices, and after :meth:`functions` the equations.

    >>> from dataclasses import replace
    >>> from constructions.computation.learner_machines import best_literal_machine
    >>> from verify.certifier.rounds.decoding import Decoding
    >>> from verify.certifier.rounds.equal import SolverTally
    >>> from verify.certifier.rounds.phases import AFTER
    >>> from verify.certifier.rounds.prediction import NO_ROUND
    >>> from verify.certifier.rounds.state_functions import StateFunctions
    >>> from verify.certifier.rounds.unrolling import UnrolledMachine
    >>> functions, machine = StateFunctions(), UnrolledMachine(best_literal_machine(1, fraction=2))
    >>> rows = {5: (1, [(3, 1)]), 6: (1, [(5, 1)])}  # gate 5 is "not vertex 3", and gate 6 "not gate 5"
    >>> rest = {"decoding": Decoding(d=0, multiplier=1, add=0, shift=0), "bits": 1, "tally": SolverTally()}
    >>> context = Context(row=rows.__getitem__, inputs=1, machine=machine, functions=functions, **rest)
    >>> round_, state = replace(NO_ROUND, gates=[5, 6]), functions.state(0)
    >>> after = PhaseCircuit(context, round_, {3: (None, state)}, AFTER)
    >>> naming = Naming(context, round_, {3: (None, state)}, after, layer_of=lambda v: 1)
    >>> found = naming.functions({after.literal(3): state}, live=[6])
    >>> found == {6: state}, naming.equations  # vertex 6 carries bit 0 of the state again
    (True, ())
    """

    def __init__(
        self, context: Context, round_: NetworkRound, known: Known, after: PhaseCircuit, layer_of: Callable[[int], int]
    ) -> None:
        self.context, self.round_, self.known, self.after, self.layer_of = context, round_, known, after, layer_of
        self.equations: tuple[Equation, ...] = ()

    def functions(self, of: dict[int, int], live: Sequence[int]) -> dict[int, int]:
        """A function for each live vertex: by structure; if that is not enough, and random words do not contradict,
        with the solver.

        ``of`` has the functions of the literals of the state, and gets those that are found equal.

        Raises
        ------
        NetworkRefused (k) for a live vertex that has none.
        """
        wanted, circuit = set(live), self.after.circuit
        vertices = [*(u for u in self.known if u in wanted), *self.round_.gates]

        def lost(found: dict[int, int]) -> list[int]:
            return [v for v in live if v not in found and v > self.context.inputs and self.layer_of(v) != 0]

        found = self._settle(vertices, of, lambda literal: None)
        missing = lost(found)
        if missing and self.context.solver:
            pool, by_word = list(of), dict[int, int]()

            def alike(literal: int) -> int | None:
                width, (word,) = circuit.width, circuit.words([literal])
                if by_word.get(-1) != width:
                    by_word.clear()
                    by_word.update(zip(circuit.words(pool), pool, strict=True))
                    by_word[-1] = width
                return by_word.get(word)

            def proved(literal: int) -> int | None:
                other = alike(literal)
                return other if other is not None and circuit.same(literal, other) else None

            missing = lost(self._settle(vertices, dict(of), alike))
            if not missing:
                found = self._settle(vertices, of, proved)
                missing = lost(found)
        if missing:
            what = f"is read after round {self.round_.number} and carries no function of the machine's next state"
            raise NetworkRefused("k", f"a vertex that {what}", vertex=missing[0])
        return found

    def _settle(self, vertices: Sequence[int], of: dict[int, int], find: Find) -> dict[int, int]:
        """Functions of as many vertices as get one."""
        found, equations = dict[int, int](), dict[Equation, None]()
        used: set[int] = set()
        for v in vertices:
            literal = self.after.literal(v)
            made = self._gate(v, found) if v not in self.known else None
            if made is None:
                made = self._equal(literal, of, find)
                if made is None:
                    continue
            elif literal in (TRUE, FALSE):
                if made != of[literal]:
                    equations[made, of[literal]] = None
                if v in self.round_.read_after_next:
                    made = of[literal]
            elif literal in of and of[literal] != made:
                if of[literal] >> 1 in used or self.context.functions.reads_x(made):
                    equations[made, of[literal]] = None
                else:
                    _replace(of, literal, made)
            found[v] = made
            used.add(made >> 1)
        self.equations = tuple(equations)
        return found

    def _equal(self, literal: int, of: dict[int, int], find: Find) -> int | None:
        """The function of a literal that is equal to this one; ``of`` gets it."""
        if literal not in of:
            other = find(literal)
            if other is None:
                return None
            of[literal], of[literal ^ 1] = of[other], of[other] ^ 1
        return of[literal]

    def _gate(self, v: int, found: dict[int, int]) -> int | None:
        """The gate over functions that a vertex is, if all its operands have one."""
        needs, row = self.context.row(v)
        parts = [(self._operand(u, found), negated) for u, negated in row]
        if not row or any(part is None for part, _ in parts):
            return None
        return self.context.functions.gate(needs, [part ^ negated for part, negated in parts if part is not None])

    def _operand(self, u: int, found: dict[int, int]) -> int | None:
        if u in found:
            return found[u]
        if u <= self.context.inputs or self.layer_of(u) == 0:
            literal = self.after.literal(u)
            return (
                TRUE_FUNCTION
                if literal == TRUE
                else FALSE_FUNCTION
                if literal == FALSE
                else self.context.functions.shared(u)
            )
        reference = self.known[u][1] if u in self.known else None
        return reference if reference in (TRUE_FUNCTION, FALSE_FUNCTION) else None


def _replace(of: dict[int, int], literal: int, made: int) -> None:
    """Where a literal's function stands, take another one, for the literal is equal to both."""
    old, change = of[literal] & ~1, made ^ (of[literal] & 1)
    for key, function in of.items():
        if function & ~1 == old:
            of[key] = change ^ (function & 1)
