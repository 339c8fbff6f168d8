"""Which form each live vertex carries after a round.

A gate whose operands have forms is a gate over these forms; another vertex has the form of a bit of the machine's next
state that it is equal to. The first comes first, so that what a network and a machine write over the state in the same
way stays so, whatever else this round makes of it: where the counter is below 2, "bit 0 and not bit 1" is bit 0, and in
a later round it is not. A bit of the state that only such a gate carries takes the gate's form. What is then equal and
has two forms is an equation, which the solver may use in the round that follows. A gate that is always the same here
has its form, too, unless it is read later than in the next round, where only constants are remembered.
"""

from collections.abc import Callable, Sequence

from constructions.computation.builder import FALSE, TRUE
from verify.certifier.refusal import Refused
from verify.certifier.rounds.forms import FALSE_FORM, TRUE_FORM, Equation
from verify.certifier.rounds.phases import Block, Context, Known, Phase

Find = Callable[[int], int | None]
"""A literal to one that has a form and is equal to it, or None."""


class Naming:
    """The forms of a round's live vertices, and after :meth:`forms` the equations."""

    def __init__(
        self, context: Context, block: Block, known: Known, after: Phase, layer_of: Callable[[int], int]
    ) -> None:
        self.context, self.block, self.known, self.after, self.layer_of = context, block, known, after, layer_of
        self.equations: tuple[Equation, ...] = ()

    def forms(self, of: dict[int, int], live: Sequence[int]) -> dict[int, int]:
        """A form for each live vertex: by structure; if that is not enough, and random words do not contradict, with
        the solver.

        ``of`` has the forms of the literals of the state, and gets those that are found equal.

        Errors
        ------
        Refused (k) for a live vertex that has none.
        """
        wanted, drawing = set(live), self.after.drawing
        vertices = [*(u for u in self.known if u in wanted), *self.block.gates]

        def lost(found: dict[int, int]) -> list[int]:
            return [v for v in live if v not in found and v > self.context.inputs and self.layer_of(v) != 0]

        found = self._settle(vertices, of, lambda literal: None)
        missing = lost(found)
        if missing and self.context.tally.solver:
            pool, by_word = list(of), dict[int, int]()

            def alike(literal: int) -> int | None:
                width, (word,) = drawing.width, drawing.words([literal])
                if by_word.get(-1) != width:
                    by_word.clear()
                    by_word.update(zip(drawing.words(pool), pool, strict=True))
                    by_word[-1] = width
                return by_word.get(word)

            def proved(literal: int) -> int | None:
                other = alike(literal)
                return other if other is not None and drawing.same(literal, other) else None

            missing = lost(self._settle(vertices, dict(of), alike))
            if not missing:
                found = self._settle(vertices, of, proved)
                missing = lost(found)
        if missing:
            what = f"a vertex that is read after round {self.block.number} and carries no function of the machine's next state"
            raise Refused("k", what, vertex=missing[0])
        return found

    def _settle(self, vertices: Sequence[int], of: dict[int, int], find: Find) -> dict[int, int]:
        """Forms of as many vertices as get one."""
        forms, found, equations = self.context.forms, dict[int, int](), dict[Equation, None]()
        used: set[int] = set()
        for v in vertices:
            literal = self.after.literal(v)
            made = self._gate(v, found) if v not in self.known else None
            if made is not None and literal in (TRUE, FALSE):
                if made != of[literal]:
                    equations[made, of[literal]] = None
                if v in self.block.late:
                    made = of[literal]
            elif made is None:
                other = literal if literal in of else find(literal)
                if other is None:
                    continue
                if literal not in of:
                    of[literal], of[literal ^ 1] = of[other], of[other] ^ 1
                made = of[literal]
            elif literal in of and of[literal] != made:
                if of[literal] >> 1 in used or forms.reads_x(made):
                    equations[made, of[literal]] = None
                else:
                    old = of[literal] & ~1
                    change = made ^ (of[literal] & 1)
                    for key, form in of.items():
                        if form & ~1 == old:
                            of[key] = change ^ (form & 1)
            found[v] = made
            used.add(made >> 1)
        self.equations = tuple(equations)
        return found

    def _gate(self, v: int, found: dict[int, int]) -> int | None:
        """The gate over forms that a vertex is, if all its operands have one."""
        needs, row = self.context.row(v)
        parts = [(self._operand(u, found), negated) for u, negated in row]
        if not row or any(part is None for part, _ in parts):
            return None
        return self.context.forms.gate(needs, [part ^ negated for part, negated in parts if part is not None])

    def _operand(self, u: int, found: dict[int, int]) -> int | None:
        if u in found:
            return found[u]
        if u <= self.context.inputs or self.layer_of(u) == 0:
            literal = self.after.literal(u)
            return TRUE_FORM if literal == TRUE else FALSE_FORM if literal == FALSE else self.context.forms.shared(u)
        reference = self.known[u][1] if u in self.known else None
        return reference if reference in (TRUE_FORM, FALSE_FORM) else None
